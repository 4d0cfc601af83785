# The tests of the chain run recorded contracts, compiled while they run: that code finds the
# host's functions in the test program itself. The demo's contracts are linked in.
TEST_SUPPORT_chain := $(OBJ)/tests/unit/chain/fixture.o $(OBJ)/tests/unit/chain/script.o $(OBJ)/tests/support/wasm_made.o $(BUILTIN_OBJS)
SOURCES += tests/unit/chain/fixture.c tests/unit/chain/script.c

# A contract that does what its arguments say; the tests deploy it, the program has no part of it.
TEST_PROGRAM := $(BUILD)/contract/program.wasm
$(TEST_PROGRAM): $(WASM_OBJ)/tests/support/program.o
	$(call say,WASMLD,$@)
	$(Q)$(WASM_LD) $(WASM_LDFLAGS) -o $@ $<
	$(Q)$(WASM_VALIDATE) $@
test-unit test-all: $(TEST_PROGRAM)
$(OBJ)/tests/unit/chain/fixture.o: CPPFLAGS_ += -DTEST_PROGRAM='"$(TEST_PROGRAM)"'
-include $(WASM_OBJ)/tests/support/program.d

PROGRAMS ?= 1000
programs: $(OBJ)/tests/unit/chain/test_programs $(TEST_PROGRAM)    ## random programs of promises on the chain, PROGRAMS=1000 of them
	$(Q)NEARTOP_PROGRAMS=$(PROGRAMS) $<
.PHONY: programs
$(OBJ)/tests/unit/chain/%: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
