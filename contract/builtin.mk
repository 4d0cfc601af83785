# The contracts of this repository as native code: metered, translated by wasm2c, compiled with
# optimisation whatever the mode of the build (the sanitizers are for our code), and a table
# of them all. Also the text of rt_guest.h, for what is compiled while the chain runs.

CONTRACTS ?= portfolio token lending staking xcc hello counter guestbook
BUILTIN   := $(OBJ)/builtin
BUILTIN_CC ?= gcc
WASM2C_FLAGS := -DNDEBUG -DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0 -DWASM_RT_USE_STACK_DEPTH_COUNT=0

METER := $(BUILD)/tools/meter
METER_SRC := $(wildcard contract/wasm/meter*.c) contract/wasm/opcode.c contract/wasm/wrapper.c \
    $(wildcard net/base/*.c)

$(METER): $(METER_SRC) $(wildcard contract/wasm/*.h) contract/wasm/imports.def
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(BUILTIN_CC) $(CPPFLAGS_) -std=c17 -O1 -o $@ $(METER_SRC) $(PKG_LIBS)

$(BUILTIN)/%.c: $(BUILD)/contract/%.wasm $(METER)
	$(call say,WASM2C,$<)
	@mkdir -p $(@D)
	$(Q)$(METER) $* $< $(BUILTIN)/$*.metered.wasm $(BUILTIN)/$*.wrapper.c
	$(Q)wasm2c --no-debug-names -n $* $(BUILTIN)/$*.metered.wasm -o $@
	$(Q)$(METER) --patch $@

$(BUILTIN)/%.native.o: $(BUILTIN)/%.c contract/wasm/rt_guest.h
	$(call say,CC,$<)
	$(Q)$(BUILTIN_CC) -O1 -w -fPIC $(WASM2C_FLAGS) -Icontract/wasm -I$(BUILTIN) -c -o $@ $(BUILTIN)/$*.wrapper.c

$(BUILTIN)/table.c: $(CONTRACTS:%=$(BUILD)/contract/%.wasm) contract/builtin.mk
	@mkdir -p $(@D)
	$(Q){ echo '#include "contract/wasm/builtin.h"'; \
	for c in $(CONTRACTS); do \
	    echo "static const unsigned char wasm_$$c[] = {"; \
	    od -An -v -tu1 $(BUILD)/contract/$$c.wasm | sed 's/ *\([0-9][0-9]*\)/\1,/g'; echo "};"; \
	    echo "extern const struct native_module native_$$c;"; \
	done; \
	echo 'const struct builtin_contract builtin_contracts[] = {'; \
	for c in $(CONTRACTS); do echo "{\"$$c\", wasm_$$c, sizeof(wasm_$$c), &native_$$c},"; done; \
	echo '};'; echo 'const size_t builtin_contract_count = $(words $(CONTRACTS));'; } > $@

$(BUILTIN)/table.o: $(BUILTIN)/table.c
	$(Q)$(BUILTIN_CC) $(CPPFLAGS_) -std=c17 -O1 -fPIC -w -c -o $@ $<

$(OBJ)/gen/rt_guest_text.c: contract/wasm/rt_guest.h
	@mkdir -p $(@D)
	$(Q){ echo '#include <stddef.h>'; echo 'extern const unsigned char rt_guest_text[]; extern const size_t rt_guest_text_size;'; \
	echo 'const unsigned char rt_guest_text[] = {'; \
	od -An -v -tu1 $< | sed 's/ *\([0-9][0-9]*\)/\1,/g'; echo '};'; \
	echo 'const size_t rt_guest_text_size = sizeof(rt_guest_text);'; } > $@

$(OBJ)/gen/rt_guest_text.o: $(OBJ)/gen/rt_guest_text.c
	$(Q)$(CC) $(CPPFLAGS_) $(CFLAGS_) -c -o $@ $<

# What decides how a contract is compiled, as one hash: compiled code that is kept is only good
# for the same sources.
WASM_SOURCES := $(sort $(wildcard contract/wasm/*.[ch] contract/wasm/*.def))
$(OBJ)/gen/wasm_sources.c: $(WASM_SOURCES)
	@mkdir -p $(@D)
	$(Q)printf 'extern const char wasm_sources_hash[];\nconst char wasm_sources_hash[] = "%s";\n' \
	    "$$(cat $(WASM_SOURCES) | sha256sum | cut -c 1-64)" > $@

$(OBJ)/gen/wasm_sources.o: $(OBJ)/gen/wasm_sources.c
	$(Q)$(CC) $(CPPFLAGS_) $(CFLAGS_) -c -o $@ $<

BUILTIN_OBJS := $(if $(wildcard contract/*/*.c),$(CONTRACTS:%=$(BUILTIN)/%.native.o) $(BUILTIN)/table.o)
