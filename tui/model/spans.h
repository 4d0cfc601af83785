/* spans: what a receipt was doing in which blocks, for a timeline.
 *
 * On the axis of block heights. A receipt is on its way from the block that made it; it cannot
 * run there, unless it is local (then it has no way). A callback that has arrived, one block
 * later, waits until the block after the one that delivered its last input. From then on it is
 * in flight again if its shard keeps it in a queue; so is every other receipt that is late. */
#ifndef TUI_MODEL_SPANS_H
#define TUI_MODEL_SPANS_H

#include "tui/model/tree.h"

enum span_kind { SPAN_FLIGHT, SPAN_WAIT, SPAN_RUN };

struct span {
    enum span_kind kind;
    uint64_t from, to;          /* heights; `to` is not part of it */
};

enum { SPANS_MAX = 4 };

/* In order, without gaps. What has not ended yet lasts up to `now`, not included. None when it
 * is not known when the receipt was made, and it has not run. */
size_t node_spans(const struct call *c, const struct node *n, uint64_t now,
                  struct span out[SPANS_MAX]);

#endif
