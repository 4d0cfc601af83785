/* source_ws: the websocket feed: what is pushed about the transactions that are followed, and
 * which blocks are final.
 *
 * Two sockets: outcome_optimistic (on a server that does not have it, which says 404:
 * tx_receipt), filtered by transaction, and block_info. They are open while something is
 * followed and a little longer, and opened again, more and more rarely, when they break, or at
 * another address of the network's (feeds.h). The
 * feed does not repeat what was missed: the poller is told when push was away. */
#ifndef NET_SOURCE_WS_H
#define NET_SOURCE_WS_H

#include <stdbool.h>
#include <stdint.h>
#include "net/event.h"
#include "net/feeds.h"
#include "net/loop.h"

struct feed;

struct feed_config {
    struct loop *loop;
    const struct feed_address *addresses;       /* in order of preference (feeds.h); copied */
    size_t address_count;       /* > 0 */
    uint32_t retry_first_ms;    /* 0: 500 */
    uint32_t linger_ms;         /* sockets stay so long when nothing is followed; 0: 10 s */
    event_fn emit;
    /* After each message, and when push began or ended (is_push: outcomes; else: blocks). */
    void (*live)(void *context, bool is_push, bool is_live);
    void (*heard)(void *context);
    void *context;
};

struct feed *feed_new(const struct feed_config *config) MUST_USE;
void feed_free(struct feed *feed);      /* NULL is fine */

/* at_once: the filter leaves before this returns, since the transaction will; else with those of
 * others that are found in the same moment. */
void feed_follow(struct feed *feed, const struct hash *tx, bool at_once);
void feed_unfollow(struct feed *feed, const struct hash *tx);
/* Outcomes of what is followed from now on are pushed. */
bool feed_has_push(const struct feed *feed);

#endif
