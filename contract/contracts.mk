# The contracts: C to wasm32, with nothing beyond the MVP, reproducible for one compiler. The
# same files deploy to a real network.

WASM_CC ?= clang
WASM_CFLAGS := --target=wasm32 -mcpu=mvp -std=c17 -Oz -ffreestanding -fno-builtin -nostdlib -I. \
    -Wall -Wextra -Werror
WASM_LDFLAGS := -Wl,--no-entry -Wl,--strip-all -Wl,--gc-sections -Wl,-z,stack-size=16384
SDK_SRC := $(wildcard contract/sdk/*.c)

$(BUILD)/contract/%.wasm: contract/%/ $(SDK_SRC) $(wildcard contract/sdk/*.h)
	$(call say,WASM,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_CC) $(WASM_CFLAGS) $(WASM_LDFLAGS) -o $@ $(wildcard contract/$*/*.c) $(SDK_SRC)
	$(Q)wasm-validate --disable-multi-value --disable-bulk-memory --disable-reference-types \
	    --disable-simd --disable-sign-extension --disable-saturating-float-to-int $@

$(foreach c,$(CONTRACTS),$(eval $(BUILD)/contract/$(c).wasm: $(wildcard contract/$(c)/*.c)))

contracts: $(CONTRACTS:%=$(BUILD)/contract/%.wasm)    ## the contracts as wasm files
.PHONY: contracts
