# make bench: how long things take, as ratios and medians; judges nothing, no part of the tests.
BENCH_DIR := $(OBJ)/tests/bench
BENCHES   := bench bench_model bench_chain bench_data bench_wasm bench_curve bench_follow bench_many bench_term bench_screen first_frame

BENCH_SUPPORT := $(OBJ)/tests/support/model_case.o $(OBJ)/tests/support/net_record.o
BENCH_OBJS_bench       := $(BENCH_SUPPORT)
BENCH_OBJS_bench_model := $(BENCH_SUPPORT) $(OBJ)/tests/support/model_made.o $(BENCH_DIR)/sample.o
BENCH_OBJS_bench_chain := $(BENCH_DIR)/sample.o $(BENCH_DIR)/demo_inside.o $(BUILTIN_OBJS)
BENCH_OBJS_bench_data  := $(BENCH_DIR)/sample.o $(BENCH_DIR)/demo_inside.o $(BUILTIN_OBJS)
BENCH_OBJS_bench_wasm  := $(OBJ)/tests/support/wasm_made.o $(OBJ)/tests/support/no_builtin.o
BENCH_OBJS_bench_curve := $(BENCH_DIR)/sample.o
BENCH_OBJS_bench_follow := $(OBJ)/tests/support/demo_chain.o $(OBJ)/tests/support/net_wire.o
BENCH_OBJS_bench_many := $(OBJ)/tests/support/demo_chain.o $(OBJ)/tests/support/net_wire.o
BENCH_OBJS_bench_term := $(OBJ)/tests/support/model_made.o $(BENCH_DIR)/sample.o
BENCH_OBJS_bench_screen := $(foreach o,demo_chain screen screen_wait screen_look,$(OBJ)/tests/support/$(o).o)
BENCH_OBJS_first_frame :=
BENCH_LINK_bench       := model net near base
BENCH_LINK_bench_model := $(LINK_view)
BENCH_LINK_bench_chain := $(LINK_chain)
BENCH_LINK_bench_data  := $(LINK_serve)
BENCH_LINK_bench_wasm  := host wasm curve near base
BENCH_LINK_bench_curve := curve base
BENCH_LINK_bench_follow := net near base
BENCH_LINK_bench_many := net near base
BENCH_LINK_bench_term := term $(LINK_view)
BENCH_LINK_bench_screen := net near base
BENCH_LINK_first_frame := base

define bench_rule
$(BENCH_DIR)/$(1): $(BENCH_DIR)/$(1).o $$(BENCH_OBJS_$(1)) \
    $$(foreach a,$$(BENCH_LINK_$(1)),$$(call archive,$$(a)))
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS_) -rdynamic -o $$@ $(BENCH_DIR)/$(1).o $$(BENCH_OBJS_$(1)) \
	    -Wl,--start-group $$(foreach a,$$(BENCH_LINK_$(1)),$$(call archive,$$(a))) \
	    -Wl,--end-group $$(PKG_LIBS) -ldl -lm
endef
$(BENCH_DIR)/bench_wasm $(BENCH_DIR)/bench_data: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
$(BENCH_DIR)/bench_screen: PKG_LIBS += -lvterm -lutil -lcmocka
$(foreach b,$(BENCHES),$(eval $(call bench_rule,$(b))))

bench: $(BENCHES:%=$(BENCH_DIR)/%) $(BUILD)/neartop    ## how long things take, as ratios and medians
	$(Q)$(BENCH_DIR)/bench
	$(Q)$(BENCH_DIR)/bench_model
	$(Q)$(BENCH_DIR)/bench_chain
	$(Q)$(BENCH_DIR)/bench_data
	$(Q)$(BENCH_DIR)/bench_wasm
	$(Q)$(BENCH_DIR)/bench_curve
	$(Q)$(BENCH_DIR)/bench_follow $(BUILD)/neartop
	$(Q)$(BENCH_DIR)/bench_many $(BUILD)/neartop
	$(Q)$(BENCH_DIR)/bench_term
	$(Q)$(BENCH_DIR)/bench_screen $(BUILD)/neartop
	$(Q)tests/bench/bench_start.sh $(BUILD)/neartop $(BENCH_DIR)/first_frame

SOURCES += $(BENCHES:%=tests/bench/%.c) tests/bench/sample.c tests/bench/demo_inside.c tests/support/demo_chain.c \
    tests/support/net_wire.c
.PHONY: bench
