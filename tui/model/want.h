/* want: what is still to be learnt of a call, for the sources to ask.
 *
 * Least first: how the transaction stands, until every receipt has an outcome and all is final;
 * what a receipt is that its parent named and that has not run; the height of a block in which
 * something ran. The last child of a receipt that has made nothing else is a refund almost
 * always: it is not asked for, since it is told with its outcome one block later. */
#ifndef TUI_MODEL_WANT_H
#define TUI_MODEL_WANT_H

#include "tui/model/store.h"

/* Appends to out[count…] up to max; returns the new count. */
size_t want_list(struct store *s, struct call *c, struct want *out, size_t count, size_t max);

/* Nothing is open: the call is over, known and final, or refused. */
bool want_nothing(struct store *s, struct call *c);

#endif
