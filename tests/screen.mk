# Screen tests: the real binary on a pseudo-terminal, libvterm as the terminal.
SCREEN_SOURCES := $(wildcard tests/screen/test_*.c)
SCREEN_TESTS   := $(patsubst %.c,$(OBJ)/%,$(SCREEN_SOURCES))
SCREEN_SUPPORT := $(foreach o,screen screen_wait screen_look tested text_file,$(OBJ)/tests/support/$(o).o)

$(OBJ)/tests/screen/test_%: $(OBJ)/tests/screen/test_%.o $(SCREEN_SUPPORT) $(call archive,base)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lvterm -lutil -lcmocka

# Beside a chain that is a process of its own.
$(OBJ)/tests/screen/test_ways $(OBJ)/tests/screen/test_trouble: $(OBJ)/tests/support/localnet.o

# Reads JSON that was written.
LINES_SUPPORT := $(foreach o,json_schema json_lines json_file,$(OBJ)/tests/support/$(o).o)
$(OBJ)/tests/screen/test_lines: $(OBJ)/tests/screen/test_lines.o $(SCREEN_SUPPORT) $(LINES_SUPPORT) \
    $(foreach a,net near base,$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lvterm -lutil -lcmocka

# Without a terminal, but with a server of the test's own.
SECRETS_SUPPORT := $(foreach o,net_peer net_wait demo_chain tested,$(OBJ)/tests/support/$(o).o)
$(OBJ)/tests/screen/test_secrets $(OBJ)/tests/screen/test_race $(OBJ)/tests/screen/test_view: $(OBJ)/tests/screen/%: \
    $(OBJ)/tests/screen/%.o $(SECRETS_SUPPORT) $(foreach a,net near base,$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lcmocka

$(OBJ)/tests/screen/test_follow: $(OBJ)/tests/screen/test_follow.o \
    $(foreach o,net_wait tested,$(OBJ)/tests/support/$(o).o) $(foreach a,net near base,$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lcmocka

# Completions as they were made, in the shells that are here.
$(OBJ)/tests/screen/test_completion.o: CPPFLAGS_ += -DTEST_COMPLETIONS='"$(OBJ)/share"'
test-screen test-all: completions

# With a node of the test's own, and the names of all roles.
PICTURES_SUPPORT := $(OBJ)/tests/support/picture.o \
    $(foreach o,golden net_peer net_wait net_record net_node net_node_feed,$(OBJ)/tests/support/$(o).o)
$(OBJ)/tests/screen/test_pictures: $(OBJ)/tests/screen/test_pictures.o $(SCREEN_SUPPORT) \
    $(PICTURES_SUPPORT) $(foreach a,theme model net near base,$(call archive,$(a)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	    -Wl,--end-group $(PKG_LIBS) -lvterm -lutil -lcmocka -lm

test-screen: $(SCREEN_TESTS) $(BUILD)/neartop    ## the screen tests alone
	$(Q)NEARTOP=$(OBJ)/neartop tests/support/run_units.sh $(SCREEN_TESTS)

.PHONY: test-screen
-include $(SCREEN_SOURCES:%.c=$(OBJ)/%.d) $(SCREEN_SUPPORT:.o=.d) $(OBJ)/tests/support/picture.d \
    $(OBJ)/tests/support/localnet.d

# The README's pictures, of the program as it is. Look at them before they are committed.
PICTURES_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/pictures/*.c))
$(OBJ)/tests/pictures/pictures: $(PICTURES_OBJS) $(SCREEN_SUPPORT) $(call archive,theme) $(call archive,base)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lvterm -lutil -lcmocka -lm

pictures: $(OBJ)/tests/pictures/pictures $(BUILD)/neartop    ## the README's pictures anew
	$(Q)$(OBJ)/tests/pictures/pictures $(BUILD)/neartop tests/data/pictures

.PHONY: pictures
-include $(PICTURES_OBJS:.o=.d)
