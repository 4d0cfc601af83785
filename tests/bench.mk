# make bench: how long things take, each as a ratio against something run beside it.
BENCH := $(OBJ)/tests/bench/bench
BENCH_OBJS := $(OBJ)/tests/bench/bench.o $(OBJ)/tests/support/model_case.o $(OBJ)/tests/support/net_record.o
LINK_bench := model net near base
$(BENCH): $(BENCH_OBJS) $(foreach a,$(LINK_bench),$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $(BENCH_OBJS) -Wl,--start-group \
	    $(foreach a,$(LINK_bench),$(call archive,$(a))) -Wl,--end-group $(PKG_LIBS) -lcmocka -lm

bench: $(BENCH)       ## how long things take, as ratios; judges nothing
	$(Q)$(BENCH)

.PHONY: bench
-include $(OBJ)/tests/bench/bench.d
