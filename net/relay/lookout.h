/* lookout: learns the outcomes of transactions from a node's RPC, once for all subscribers.
 *
 * Followed are the transactions that a filter names (transaction_id Equals …), and, where filters
 * name accounts or take everything, those that blocks bring: signed by or sent to such an account,
 * or by whoever signed what made a receipt for it. Each is asked for once a block,
 * EXPERIMENTAL_tx_status, until all of it has run: LOOKOUT_ASKS of them a block at most, in turn.
 * Receipts that were made and have not run are asked for singly, once known to all. */
#ifndef NET_RELAY_LOOKOUT_H
#define NET_RELAY_LOOKOUT_H

#include "net/relay/book.h"
#include "net/rpc.h"

enum {
    LOOKOUT_ASKS = 64,          /* statuses, and as many receipts, a block */
    LOOKOUT_FOLLOWED = 2000     /* transactions at a time */
};

struct lookout;

/* Hub, book and RPC are borrowed. */
struct lookout *lookout_new(struct hub *hub, struct book *book, struct rpc *rpc) MUST_USE;
void lookout_free(struct lookout *take_l);      /* NULL is fine */

/* Filters have changed. */
void lookout_changed(struct lookout *l);
/* Whether transactions and receipts of blocks have to be seen. */
bool lookout_wants_chunks(const struct lookout *l);
/* A block has come, and is in the book. */
void lookout_block(struct lookout *l, const struct walk_block *b);

#endif
