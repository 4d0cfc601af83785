# The tests of the metering pass, the runtime and the host functions. What runs in them is
# compiled while they run, from text or from tests/data/wasm, and finds the host's functions in
# the test program itself. No contract is built in: that path is the chain's to test.
VM_SUPPORT := $(OBJ)/tests/support/wat.o $(OBJ)/tests/support/no_builtin.o
TEST_SUPPORT_wasm := $(VM_SUPPORT) $(addprefix $(OBJ)/tests/support/,wasm_env.o wasm_made.o wasm_random.o)
TEST_SUPPORT_near := $(OBJ)/tests/support/hex.o
TEST_SUPPORT_curve := $(OBJ)/tests/support/hex.o
TEST_SUPPORT_host := $(VM_SUPPORT) $(OBJ)/tests/support/vm_case.o $(OBJ)/tests/support/vm_wat.o $(OBJ)/tests/support/hex.o $(OBJ)/tests/support/mixed.o \
    $(patsubst %.c,$(OBJ)/%.o,$(wildcard net/json*.c))
SOURCES += $(addprefix tests/support/,wat.c no_builtin.c wasm_env.c wasm_made.c wasm_random.c vm_case.c vm_wat.c hex.c mixed.c)

# The same program as a contract: of the compiler's full optimisation, in the protocol's wasm.
TEST_MIXED := $(BUILD)/contract/mixed.wasm
$(TEST_MIXED): tests/support/mixed.c tests/support/mixed.h
	$(call say,WASMCC,$@)
	@mkdir -p $(@D)
	$(Q)clang --target=wasm32 -mcpu=mvp -O2 -std=c17 -I. -nostdlib -Wl,--no-entry \
	    -Wl,--allow-undefined -o $@ $<
test-unit test-all: $(TEST_MIXED)
$(OBJ)/tests/unit/host/test_mixed.o: CPPFLAGS_ += -DTEST_MIXED='"$(TEST_MIXED)"'
