# The contracts, C to wasm32 MVP: what is in $(BUILD)/contract/*.wasm is what deploys to a real
# network. No path and no date goes into the files: the same compiler makes the same bytes.
# And the same sources once more for the host, for the unit tests.

WASM_CC ?= clang
WASM_LD ?= wasm-ld
WASM_OBJ := $(BUILD)/contract/obj

# The headers that clang brings itself are all there is: no C library. The node knows the MVP
# and little that came after. Small comes before fast: every byte is stored for money and
# loaded for gas, and of what a call costs, computing is a few hundredths.
WASM_CFLAGS := --target=wasm32-unknown-unknown -mcpu=mvp -std=c17 -Oz -flto -ffreestanding -nostdlib \
    -fno-ident -fvisibility=hidden -ffunction-sections -fdata-sections -Wall -Wextra -Wpedantic \
    -Wshadow -Wconversion -Wno-sign-conversion -Wmissing-prototypes $(if $(filter 1,$(WERROR)),-Werror) -I.
# The stack lies first, so that running over its end is a trap and not a change of data.
WASM_LDFLAGS := --no-entry --strip-all --gc-sections --compress-relocations --stack-first -z stack-size=32768
WASM_VALIDATE := wasm-validate --disable-multi-value --disable-bulk-memory --disable-reference-types \
    --disable-simd --disable-sign-extension --disable-saturating-float-to-int

SDK_SOURCES := $(sort $(wildcard contract/sdk/*.c))
SDK_WASM_OBJS := $(SDK_SOURCES:%.c=$(WASM_OBJ)/%.o)
CONTRACT_SOURCES := $(foreach c,$(CONTRACTS),$(sort $(wildcard contract/$(c)/*.c)))

contracts: $(CONTRACTS:%=$(BUILD)/contract/%.wasm)   ## build the contracts: build/contract/*.wasm

$(WASM_OBJ)/%.o: %.c contract/contracts.mk
	$(call say,WASMCC,$<)
	@mkdir -p $(@D)
	$(Q)$(WASM_CC) $(WASM_CFLAGS) -MMD -MP -c -o $@ $<

define contract_rule
$$(BUILD)/contract/$(1).wasm: $$(patsubst %.c,$$(WASM_OBJ)/%.o,$$(sort $$(wildcard contract/$(1)/*.c))) $$(SDK_WASM_OBJS) contract/contracts.mk
	$$(call say,WASMLD,$$@)
	$$(Q)$$(WASM_LD) $$(WASM_LDFLAGS) -o $$@ $$(filter %.o,$$^)
	$$(Q)$$(WASM_VALIDATE) $$@
endef
$(foreach c,$(CONTRACTS),$(eval $(call contract_rule,$(c))))

# --- the same for the host: methods are named <contract>_<method> ----------------------------
CONTRACT_TEST_DIR := $(OBJ)/contract-test
CONTRACT_TEST_OBJS := $(CONTRACT_SOURCES:%.c=$(CONTRACT_TEST_DIR)/%.o) $(SDK_SOURCES:%.c=$(OBJ)/%.o) \
    $(OBJ)/tests/support/mock_near.o
TEST_SUPPORT_contract := $(CONTRACT_TEST_OBJS)
SOURCES += $(SDK_SOURCES) tests/support/mock_near.c

$(CONTRACT_TEST_DIR)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_) -DNEAR_METHOD_PREFIX=$(notdir $(patsubst %/,%,$(dir $*)))_ $(CFLAGS_) -MMD -MP -c -o $@ $<

.PHONY: contracts
-include $(wildcard $(SDK_WASM_OBJS:.o=.d) $(CONTRACT_SOURCES:%.c=$(WASM_OBJ)/%.d) \
    $(CONTRACT_SOURCES:%.c=$(CONTRACT_TEST_DIR)/%.d))
