/* feed_chain: what one block of the embedded chain has to say on the feed. Pure: chain in, text
 * out. */
#ifndef CONTRACT_SERVE_FEED_CHAIN_H
#define CONTRACT_SERVE_FEED_CHAIN_H

#include "contract/chain/chain.h"
#include "net/serve/feed_events.h"

/* A block, and the transactions of which it ran the last receipt. */
struct feed_block {
    const struct chain *chain;
    const struct chain_block *block;
    const struct signed_transaction *const *finished;
    size_t finished_count;
};

/* Appends the block's events of this kind; block is a struct feed_block (hub_events_fn). */
void feed_chain_events(const void *block, enum feed_kind kind, struct feed_events *e);

#endif
