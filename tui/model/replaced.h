/* replaced: blocks that are not on the chain after all, and what was heard of them.
 *
 * What ran in such a block did not run: its outcomes are taken back, and ignored when they come
 * later, so that the order of facts does not matter. The receipts that only those outcomes
 * named have no place in the tree any more; what is known of them stays, for the same receipt
 * may have been made again. With the block of the transaction the word that it is in a block is
 * taken back too, until it is told anew. A block that is known to be final is never replaced. */
#ifndef TUI_MODEL_REPLACED_H
#define TUI_MODEL_REPLACED_H

#include "tui/model/store.h"

/* Takes all outcomes in that block back, in every call. True when it was news. */
bool store_take_replaced(struct store *s, const struct event *ev);
/* An outcome in such a block was told, too late: true when that was news. */
bool store_take_late(struct store *s, const struct event *ev);
bool store_is_replaced(const struct store *s, const struct hash *block);

#endif
