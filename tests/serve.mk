# The tests of the server run it as a child process, with contracts that are deployed while it
# runs: the compiled code finds the host's functions in the test program itself.
SERVE_SUPPORT := serve_client drill_case answer_rules json_file
TEST_SUPPORT_serve := $(SERVE_SUPPORT:%=$(OBJ)/tests/support/%.o) $(OBJ)/tests/support/wasm_made.o $(BUILTIN_OBJS)
SOURCES += $(SERVE_SUPPORT:%=tests/support/%.c)
$(OBJ)/tests/unit/serve/%: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
