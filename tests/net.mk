# The scripted peer that the tests of net talk to.
TEST_SUPPORT_net := $(OBJ)/tests/support/net_peer.o $(OBJ)/tests/support/net_wait.o
SOURCES += tests/support/net_peer.c tests/support/net_wait.c
