# The relay stands in front of the embedded chain, which runs as a child process.
RELAY_SUPPORT := relay_scene serve_client drill_case net_wait net_peer net_teller
TEST_SUPPORT_relay := $(RELAY_SUPPORT:%=$(OBJ)/tests/support/%.o) $(BUILTIN_OBJS)
$(OBJ)/tests/unit/relay/%: LDFLAGS_ += -Wl,--whole-archive $(OBJ)/libhost.a -Wl,--no-whole-archive
SOURCES += tests/support/relay_scene.c
