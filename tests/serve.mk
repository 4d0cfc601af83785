# The tests of the server run it as a child process, with contracts that are deployed while it
# runs: the compiled code finds the host's functions in the test program itself.
TEST_SUPPORT_serve := $(OBJ)/tests/support/serve_client.o $(OBJ)/tests/support/drill_case.o \
    $(OBJ)/tests/support/wasm_made.o $(BUILTIN_OBJS)
SOURCES += tests/support/serve_client.c tests/support/drill_case.c
$(OBJ)/tests/unit/serve/%: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
