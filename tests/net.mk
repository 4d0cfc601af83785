# The scripted peers that the tests of net talk to.
NET_SUPPORT := net_peer net_wait net_record net_node net_node_feed net_follower net_scene net_teller json_file
TEST_SUPPORT_app := $(foreach o,net_peer net_wait net_teller settings_home,$(OBJ)/tests/support/$(o).o)
TEST_SUPPORT_net := $(NET_SUPPORT:%=$(OBJ)/tests/support/%.o)
SOURCES += $(NET_SUPPORT:%=tests/support/%.c) tests/support/settings_home.c
