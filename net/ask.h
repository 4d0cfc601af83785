/* ask: a want becomes a request, its reply becomes events.
 *
 * Never two requests in flight for one want. What fails is reported, not repeated: when to ask
 * again is for the poller (source_poll.h) to say. */
#ifndef NET_ASK_H
#define NET_ASK_H

#include "net/event.h"
#include "net/request.h"
#include "net/rpc.h"

struct asker;

struct ask_reply {
    struct want want;
    enum rpc_fault fault;       /* RPC_FINE: understood, and its events are out */
    struct diag diag;
    uint64_t news;              /* of a status: differs when anything in the answer differs */
    size_t outcomes;            /* … and how many it told: who tells more is ahead */
    uint64_t final_height;      /* of finality: how far it is; else 0 */
    int endpoint;               /* who answered; -1: nobody was asked */
    uint32_t refused_by;        /* endpoints that do not have it, this one included; a bit each */
    uint32_t lacking;           /* endpoints that have not that shard, or not that past */
    int64_t took_ns, retry_after_ms;
    bool lacks_receipts;        /* this node fails on receipts: ask plainly from now on */
};

/* Comes after the events of the reply. */
typedef void (*ask_fn)(void *context, const struct ask_reply *reply);

/* `emit` and `done` share the context. */
struct asker *asker_new(struct rpc *rpc, event_fn emit, ask_fn done, void *context) MUST_USE;
void asker_free(struct asker *asker);       /* no callbacks any more; NULL is fine */

bool asker_is_asking(const struct asker *asker, const struct want *want);
size_t asker_in_flight(const struct asker *asker);

struct ask_how {
    bool plainly;               /* status by `tx`, without receipts */
    bool is_of_the_past;        /* rather of an endpoint that keeps all of it */
    uint32_t refused_by;        /* endpoints that do not have it: ask others */
};

/* False: that want is being asked already. That it cannot be had (EVENT_HOLE) is told when no
 * endpoint is left that has not said so. */
bool asker_ask(struct asker *asker, const struct want *want, const struct ask_how *how);

bool want_equal(const struct want *a, const struct want *b);

#endif
