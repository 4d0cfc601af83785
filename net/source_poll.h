/* source_poll: asks a node for what is wanted, once each time a block is due.
 *
 * A look asks everything wanted that may have changed; what a look uncovers (a receipt's id, a
 * block's hash) is asked at once, what a node did not know is asked again only in a later look.
 * Where outcomes are pushed, the status of a transaction is left alone as long as push speaks,
 * and finality as long as blocks are told. Nothing is asked, and no timer runs, while nothing
 * is wanted. */
#ifndef NET_SOURCE_POLL_H
#define NET_SOURCE_POLL_H

#include "net/event.h"
#include "net/loop.h"
#include "net/rpc.h"
#include "net/sources.h"

struct poller;

struct poller_config {
    struct loop *loop;
    struct rpc *rpc;
    uint32_t block_time_ms;     /* first guess; 0: 600 */
    sources_wants_fn wants;
    event_fn emit;
    void *context;              /* of both */
};

struct poller *poller_new(const struct poller_config *config) MUST_USE;
void poller_free(struct poller *poller);        /* NULL is fine */

struct poller_follow_args {
    struct hash tx;
    const struct account_id *signer;    /* for wants that do not say it; may be NULL */
    bool is_pushed;                     /* push was listening before anything could happen */
    bool is_being_sent;                 /* the node cannot know of it yet */
};

void poller_follow(struct poller *poller, const struct poller_follow_args *args);
void poller_unfollow(struct poller *poller, const struct hash *tx);
/* What is wanted may have changed. */
void poller_poke(struct poller *poller);
/* Outcomes are pushed from now on, or no longer; likewise final blocks. */
void poller_set_push(struct poller *poller, bool has_push);
void poller_set_blocks(struct poller *poller, bool has_blocks);
/* An event of another source, before the application gets it. */
void poller_heard(struct poller *poller, const struct event *ev);

#endif
