# The storm suite: every fault of the embedded chain and of a rough wire in front of it, alone
# and in pairs, against followed calls.
STORM_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/storm/*.c)) $(OBJ)/tests/support/net_rough.o \
    $(OBJ)/tests/support/net_peer.o
STORM := $(OBJ)/tests/storm/storm
# It waits more than it works: more lanes than processors.
STORM_LANES ?= 24
STORM_QUICK_LANES ?= 8
STORM_FAULTS ?= all

$(STORM): $(STORM_OBJS) $(foreach a,model net near base,$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -rdynamic -o $@ $(STORM_OBJS) \
	    -Wl,--start-group $(foreach a,model net near base,$(call archive,$(a))) \
	    -Wl,--end-group $(PKG_LIBS) -ldl -lm

storm: $(STORM) $(BUILD)/neartop    ## every fault, alone and in pairs, against followed calls
	$(Q)$(STORM) $(OBJ)/neartop $(STORM_FAULTS) $(STORM_LANES)

storm-quick: $(STORM) $(BUILD)/neartop    ## every fault alone
	$(Q)$(STORM) $(OBJ)/neartop alone $(STORM_QUICK_LANES)

.PHONY: storm storm-quick
SOURCES += $(wildcard tests/storm/*.c) tests/support/net_rough.c
