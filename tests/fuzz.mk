# make fuzz: what strangers send, and more of it. The targets are tests/fuzz/*.c; with
# `make CC=clang MODE=fuzz fuzz` each runs under libFuzzer for FUZZ_SECONDS and leaves what it
# found in build/; else each replays its inputs (tests/fuzz/NAME/), as `make test` does.
FUZZ_SECONDS ?= 8
FUZZ_TARGETS ?= borsh meter prepared filter decode text theme keymap rpc curve
FUZZ_DIR     := $(OBJ)/tests/fuzz
FUZZ_DRIVER  := $(if $(filter fuzz,$(MODE)),,$(FUZZ_DIR)/replay.o)
FUZZ_TESTS   := $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%)

FUZZ_LINK_borsh    := near base
FUZZ_LINK_meter    := wasm near base
FUZZ_LINK_prepared := wasm near base
FUZZ_LINK_filter   := $(LINK_serve)
FUZZ_LINK_decode   := net near base
FUZZ_LINK_text     := near base
FUZZ_LINK_theme    := theme near base
FUZZ_LINK_keymap   := input near base
FUZZ_LINK_curve    := curve near base
FUZZ_LINK_rpc      := $(LINK_serve)
FUZZ_OBJS_rpc      := $(BUILTIN_OBJS)

define fuzz_rule
$(FUZZ_DIR)/$(1): $(FUZZ_DIR)/$(1).o $$(FUZZ_DRIVER) $$(FUZZ_OBJS_$(1)) \
    $$(foreach a,$$(FUZZ_LINK_$(1)),$$(call archive,$$(a)))
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS_) $$(if $$(FUZZ_DRIVER),,-fsanitize=fuzzer) -rdynamic -o $$@ \
	    $(FUZZ_DIR)/$(1).o $$(FUZZ_DRIVER) $$(FUZZ_OBJS_$(1)) \
	    -Wl,--start-group $$(foreach a,$$(FUZZ_LINK_$(1)),$$(call archive,$$(a))) \
	    -Wl,--end-group $$(PKG_LIBS) -ldl -lm
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call fuzz_rule,$(t))))

fuzz: $(FUZZ_TESTS)    ## what strangers send; with CC=clang MODE=fuzz under libFuzzer
	$(Q)tests/fuzz/run.sh $(if $(FUZZ_DRIVER),replay,$(FUZZ_SECONDS)) $(FUZZ_TESTS)

SOURCES += $(FUZZ_TARGETS:%=tests/fuzz/%.c) tests/fuzz/replay.c
.PHONY: fuzz
