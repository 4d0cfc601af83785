/* net_scene: a recorded node or two, the sources that follow its call, and one who sends it.
 *
 * What tests of sources and of sending begin with. Made and freed by cmocka's set-up and
 * tear-down, whose state it is. */
#ifndef TESTS_SUPPORT_NET_SCENE_H
#define TESTS_SUPPORT_NET_SCENE_H

#include "net/sources.h"
#include "tests/support/net_follower.h"
#include "tests/support/net_node.h"

/* The recorded call that most of them follow: one of three branches panics. */
#define PANICS "tests/data/node/portfolio_lending_panics.json"
enum { PANICS_RECEIPTS = 10 };

struct net_scene {
    struct loop *loop;
    struct net_node *node;
    struct net_node *other;     /* asked last, keeps the past; NULL: there is one alone */
    uint32_t ws_retry_first_ms, timeout_ms;     /* as in sources.h; before net_scene_begin */
    bool has_feeds;             /* likewise: of both nodes, that of `node` is preferred */
    struct sources *sources;
    struct net_follower follower;
    struct send *send;
    int signed_, done;          /* times that it was told */
    const char *chain_id;       /* where it shall be sent; NULL: that is not asked */
    enum err error;             /* of the last `done`, and its sentence */
    char sentence[DIAG_MAX];
};

int net_scene_set_up(void **state);
int net_scene_tear_down(void **state);

void net_scene_begin(struct net_scene *s, const struct net_node_config *config, bool with_ws);
/* Without a feed, unless `has_feeds`. */
void net_scene_begin_two(struct net_scene *s, const struct net_node_config *first,
                         const struct net_node_config *other);
/* All of it but the loop is freed: it may begin anew. */
void net_scene_end(struct net_scene *s);
/* Follows the recorded call, which somebody else sends. */
void net_scene_watch(struct net_scene *s);
/* Signs the recorded call and hands it over; what is signed is followed. */
void net_scene_send(struct net_scene *s);
bool net_scene_is_final(const void *scene);     /* a condition for net_wait.h */
/* All receipts of PANICS are known, and what came of each. */
void net_scene_assert_complete(const struct net_scene *s);
void net_scene_finish(struct net_scene *s);     /* waits until it is final and RPC is well */

#endif
