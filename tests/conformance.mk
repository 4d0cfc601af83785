# make conformance: every recorded call again on the embedded chain, compared with what the
# real node did.
CONFORMANCE := $(OBJ)/tests/conformance/conformance
CONFORMANCE_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/conformance/*.c))
LINK_conformance := serve chain host wasm curve net near base
$(CONFORMANCE): $(CONFORMANCE_OBJS) $(BUILTIN_OBJS) $(foreach a,$(LINK_conformance),$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -rdynamic -o $@ $(CONFORMANCE_OBJS) $(BUILTIN_OBJS) \
	    -Wl,--start-group -Wl,--whole-archive $(call archive,host) -Wl,--no-whole-archive \
	    $(foreach a,$(filter-out host,$(LINK_conformance)),$(call archive,$(a))) \
	    -Wl,--end-group $(PKG_LIBS) -ldl -lm

conformance: $(CONFORMANCE)    ## recorded calls again on the embedded chain, case by case
	$(Q)$(CONFORMANCE) tests/data

.PHONY: conformance
-include $(CONFORMANCE_OBJS:.o=.d)
