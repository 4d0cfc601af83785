/* relay_scene: a relay in front of the embedded chain, and consoles that listen to it, for the tests
 * of the relay. The chain is a child process, the relay and the consoles share the test's loop. */
#ifndef TESTS_SUPPORT_RELAY_SCENE_H
#define TESTS_SUPPORT_RELAY_SCENE_H

#include "net/relay/relay.h"
#include "net/ws.h"
#include "tests/support/net_peer.h"
#include "tests/support/serve_client.h"

enum { BLOCK_MS = 60, OUTCOMES_MAX = 64, CONSOLES = 8, TEXT_MAX = 4 * 1024 * 1024 };
enum { CALL_OUTCOMES = 11 };    /* of the portfolio's call, its refunds and its own included */

extern struct serve_child relay_chain;

struct told {
    struct hash id;
    size_t children, new_receipts;
};

/* One subscription, and what it has heard. */
struct console {
    struct ws *ws;
    char filter[300];
    int opened, messages, ended, http_status;
    struct told told[OUTCOMES_MAX];
    int outcomes;
    char last[4096];
};

struct relay_scene {
    struct loop *loop;
    struct relay *relay;
    struct net_peer *peer;      /* NULL: the chain itself */
    struct console consoles[CONSOLES];
    size_t count;
    int wanted;                 /* outcomes of the call */
    char trouble[DIAG_MAX];
};

/* bearer: the token, or NULL. */
void console_open(struct loop *loop, struct console *c, int port, const char *kind, const char *bearer);
/* To be sent when it is open. */
void console_filter_by(struct console *c, const char *path, const char *value);

/* The relay asks the chain by RPC. */
void relay_scene_begin(struct relay_scene *s);
void relay_scene_end(struct relay_scene *s);
void relay_scene_trouble(void *context, const char *sentence);
/* For net_wait_until: all have opened; all have heard of all outcomes, with all receipts that
 * these made; the first has heard anything. */
bool relay_scene_have_opened(const void *context);
bool relay_scene_have_heard(const void *context);
bool relay_scene_has_heard(const void *context);

/* The portfolio's call, signed; then sent. */
void relay_scene_sign(struct buf *base64, struct hash *hash);
void relay_scene_send(struct buf *take_base64);
/* Every console was told every outcome that the chain knows of it. */
void relay_scene_assert_truth(const struct relay_scene *s, const struct hash *tx);
uint64_t relay_scene_head(void);

/* For cmocka: the chain. */
int relay_chain_start(void **state);
int relay_chain_stop(void **state);

#endif
