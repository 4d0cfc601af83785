/* storm_client: one call followed through bad weather: the program's own sender, sources and
 * store, joined as tui/app/session.c joins them, without a front.
 *
 * It is over when the model wants nothing any more, or when nothing new came for as long as
 * the program waits for: then it says what it has learnt and what not. */
#ifndef TESTS_STORM_CLIENT_H
#define TESTS_STORM_CLIENT_H

#include "net/sources.h"
#include "tests/storm/storm_diary.h"
#include "tests/support/net_rough.h"
#include "tui/model/store.h"

enum {
    STORM_PATIENCE_MS = 60000,      /* without anything new: as neartop call --plain has it */
    STORM_TIMEOUT_MS = 1100,        /* of a request: what Retry-After: 1 asks for is within it */
    STORM_PER_SECOND = 20,          /* the budget of requests: half of what they would make */
    STORM_ENDPOINTS = 2,
    STORM_REQUESTS = 4096           /* of one call: when they left is kept of so many */
};

struct storm_call {
    const char *name, *signer, *receiver, *method, *args;
    bool has_feed;
    int endpoints;
    bool is_watch;                  /* of the transaction of the first client */
};

struct storm_client {
    const struct storm_call *call;
    struct loop *loop;
    struct net_rough *wires[STORM_ENDPOINTS];       /* owned */
    struct rough_meter meter, repeats;              /* as the wires saw it; as the program says */
    int64_t left_ns[STORM_REQUESTS];                /* when requests left, in no order */
    unsigned left_count;
    struct store *store;
    struct sources *sources;
    struct send *sending;
    struct loop_timer *patience;
    struct hash tx;                 /* zero: nothing is followed yet */
    int signatures;
    bool is_begun, is_dirty, is_over, is_sent, has_no_patience_left;
    enum err error;                 /* of sending */
    struct diag diag;
    struct storm_diary diary;
    int64_t begun_ns, over_ns;
};

/* Through wires to 127.0.0.1:port; `faults` of net_rough.h. */
void storm_client_init(struct storm_client *c, struct loop *loop, const struct storm_call *call);
void storm_client_connect(struct storm_client *c, int port, uint32_t faults, uint64_t seed);
void storm_client_send(struct storm_client *c);
void storm_client_watch(struct storm_client *c, const struct hash *tx,
                        const struct account_id *signer);
/* Before the loop sleeps. */
void storm_client_update(struct storm_client *c);
void storm_client_release(struct storm_client *c);

struct call *storm_client_call(const struct storm_client *c);       /* or NULL */
/* It knows everything, and all of it is final. */
bool storm_client_is_complete(const struct storm_client *c);
/* The most requests that left within any time that is so long. */
unsigned storm_client_most(struct storm_client *c, int64_t within_ns);
/* What is missing and why, as the program would say; empty when it would say nothing. */
void storm_client_say(const struct storm_client *c, struct buf *out);

#endif
