/* pairs: the receipts of two calls, side by side: those that do the same at the same account belong
 * together, in their order, and so do the first ones; refunds are left out. */
#ifndef TUI_MODEL_PAIRS_H
#define TUI_MODEL_PAIRS_H

#include "tui/model/tree.h"

struct node_pair {
    const struct node *first, *second;      /* NULL: the call has none like the other's */
};

/* In the first call's order, then what only the second has. Returns how many were put: `max` at
 * most, so that two calls of thousands of receipts are not gone through. */
size_t pairs_list(const struct call *first, const struct call *second, struct node_pair *out,
                  size_t max);

#endif
