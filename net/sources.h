/* sources: everything that is heard of the chain, behind one door for the application.
 *
 * Joins the RPC poller (source_poll.h) and the websocket feed (source_ws.h). Facts come out as
 * events; what is still missing is asked of the application (`wants`), never remembered here.
 * With pushed outcomes the poller only confirms; when push fails it takes over by itself.
 * Nothing is asked and no socket is open while nothing is followed.
 *
 * Everything happens from the loop; `emit` is never called from inside a call made here. */
#ifndef NET_SOURCES_H
#define NET_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/event.h"
#include "net/feeds.h"
#include "net/loop.h"
#include "net/request.h"
#include "net/rpc.h"
#include "net/send.h"

struct sources;

/* Writes up to max things still to be learnt and returns how many. */
typedef size_t (*sources_wants_fn)(void *context, struct want *out, size_t max);

struct sources_config {
    const char *rpc_url;            /* "http://127.0.0.1:3030": the only endpoint, */
    const struct endpoint_config *endpoints;    /* or several; copied */
    size_t endpoint_count;
    uint32_t per_second, per_minute;            /* requests to all of them; 0: no limit */
    uint32_t timeout_ms;            /* of one request; 0: that of rpc.h */
    uint32_t silence_ms;            /* of all endpoints, until it is told; 0: that of rpc.h */
    const char *ws_url;             /* "ws://127.0.0.1:3030": the only feed, */
    const struct feed_address *feeds;           /* or several, the preferred first; copied */
    size_t feed_count;              /* without either there is none */
    uint32_t ws_retry_first_ms;     /* wait before it is opened again; 0: that of source_ws.h */
    uint32_t block_time_ms;         /* a first guess of the cadence; 0: 600 */
    sources_wants_fn wants;         /* its context is that of `emit` */
};

struct sources *sources_new(struct loop *loop, const struct sources_config *config,
                            event_fn emit, void *context) MUST_USE;
void sources_free(struct sources *sources);     /* not from inside `emit`; NULL is fine */

/* Listens for a transaction; call it as soon as the hash is known: for one that is being sent,
 * from inside `signed_` (send.h). The signer selects the shard to look in when a want does not
 * say it; may be NULL. */
void sources_follow(struct sources *sources, const struct hash *tx,
                    const struct account_id *signer);
/* It is over, or nobody looks any more. */
void sources_unfollow(struct sources *sources, const struct hash *tx);
bool sources_is_following(const struct sources *sources, const struct hash *tx);

/* The wants have changed: what is new is asked now, what was asked before is asked again only
 * when its next look is due. Cheap; call it after every batch of events. */
void sources_poke(struct sources *sources);

/* For sending, with the same connections, counters and events. */
struct sender *sources_sender(struct sources *sources);
struct rpc *sources_rpc(struct sources *sources);

#endif
