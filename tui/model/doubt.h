/* doubt: whether the block stands in which a transaction ran that a node has never heard of since.
 *
 * It may be a node that is behind, or the block was replaced, and the transaction lost with it. Without a
 * feed nobody tells: it is asked how the transaction stands, and the answer is that there is none. So
 * the blocks under a final one are asked for, one by one, down to the height in question: under a
 * final block all are final. If it is among them, it is final itself; if not, it is taken back, as
 * when a source had told that it was replaced (replaced.h).
 *
 * The final block to begin with is the lowest one that was told and is high enough; it is kept, so
 * that the way down has an end while the chain grows. Private to tui/model. */
#ifndef TUI_MODEL_DOUBT_H
#define TUI_MODEL_DOUBT_H

#include "tui/model/store.h"

/* After a block, or word of a call: what follows from it for all calls, or for that one. True when that
 * ended a doubt. */
bool doubts_heard_block(struct store *s, const struct event *ev);
bool doubt_settle(struct store *s, struct call *c, const struct event *ev);

/* What is to be asked: a block, or, where *block is zero, which one is final. False: nothing. */
bool doubt_wants(const struct store *s, const struct call *c, struct hash *block);

#endif
