# Screen tests: the real binary on a pseudo-terminal, libvterm as the terminal.
SCREEN_SOURCES := $(wildcard tests/screen/test_*.c)
SCREEN_TESTS   := $(patsubst %.c,$(OBJ)/%,$(SCREEN_SOURCES))
SCREEN_SUPPORT := $(OBJ)/tests/support/screen.o

$(OBJ)/tests/screen/test_%: $(OBJ)/tests/screen/test_%.o $(SCREEN_SUPPORT) $(call archive,base)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(PKG_LIBS) -lvterm -lutil -lcmocka

test-screen: $(SCREEN_TESTS) $(BUILD)/neartop    ## the screen tests alone
	$(Q)NEARTOP=$(OBJ)/neartop tests/support/run_units.sh $(SCREEN_TESTS)

.PHONY: test-screen
-include $(SCREEN_SOURCES:%.c=$(OBJ)/%.d) $(OBJ)/tests/support/screen.d
