/* want: what is still to be learnt of a call, for the sources to ask.
 *
 * Least first: how the transaction stands, until every receipt has an outcome; then how far
 * blocks are final; what a receipt is that its parent named and that has not run, so that a
 * branch is seen before it runs; the block in which something ran. What is most likely a refund
 * (RECEIPT_REFUND) is not asked for: the next status tells it, one block later. Only when all
 * is over and it was not told, it is. Where a node has never heard of what was told to have run, blocks
 * that say whether its block stands (doubt.h). Sources ask a want once a look, so that a list may be
 * made anew as often as one likes. */
#ifndef TUI_MODEL_WANT_H
#define TUI_MODEL_WANT_H

#include "tui/model/store.h"

/* Appends to out[count…] up to max; returns the new count. */
size_t want_list(struct store *s, struct call *c, struct want *out, size_t count, size_t max);

/* Nothing is open: the call was refused, or is over with every outcome known, final and placed
 * in its block, and every receipt known; or it is over and what is missing, be it a block, cannot
 * be had. */
bool want_nothing(struct store *s, struct call *c);

#endif
