/* net_scene: a recorded node, the sources that follow its call, and one who sends it.
 *
 * What tests of sources and of sending begin with. Made and freed by cmocka's set-up and
 * tear-down, whose state it is. */
#ifndef TESTS_SUPPORT_NET_SCENE_H
#define TESTS_SUPPORT_NET_SCENE_H

#include "net/sources.h"
#include "tests/support/net_follower.h"
#include "tests/support/net_node.h"

struct net_scene {
    struct loop *loop;
    struct net_node *node;
    struct sources *sources;
    struct net_follower follower;
    struct send *send;
    int signed_, done;          /* times that it was told */
    enum err error;             /* of the last `done`, and its sentence */
    char sentence[DIAG_MAX];
};

int net_scene_set_up(void **state);
int net_scene_tear_down(void **state);

void net_scene_begin(struct net_scene *s, const struct net_node_config *config, bool with_ws);
/* Signs the recorded call and hands it over; what is signed is followed. */
void net_scene_send(struct net_scene *s);
bool net_scene_is_final(const void *scene);     /* a condition for net_wait.h */

#endif
