# The tests of the chain run recorded contracts, compiled while they run: that code finds the
# host's functions in the test program itself. The demo's contracts are linked in.
TEST_SUPPORT_chain := $(OBJ)/tests/unit/chain/fixture.o $(BUILTIN_OBJS)
SOURCES += tests/unit/chain/fixture.c
$(OBJ)/tests/unit/chain/%: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
