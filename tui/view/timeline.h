/* timeline: blocks from left to right, and what a receipt was doing in them.
 *
 *     1200  1201  1202
 *     ╌╌╌╌╌╌██████
 *           ╌╌╌╌╌╌······►
 *
 * In flight, running and waiting are different strokes; what is still under way ends in a tip,
 * and the critical path is drawn in full.
 *
 * The axis is block heights: a block has the same number of cells wherever it stands. Labels
 * are heights, or milliseconds by the blocks' own timestamps. More blocks than fit are reached
 * by ui.blocks_back. */
#ifndef TUI_VIEW_TIMELINE_H
#define TUI_VIEW_TIMELINE_H

#include "tui/view/screen.h"

struct timeline {
    bool is_known;
    uint64_t first, last;           /* heights shown */
    uint64_t now;                   /* what is under way has come to here; not included */
    int cell_width;                 /* cells a block has */
};

struct timeline timeline_of(const struct frame *f, int width);
void timeline_ruler(struct cells *c, struct box b, const struct timeline *t,
                    const struct frame *f);
void timeline_row(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
                  const struct node *n);
/* The blocks that ran siblings which are one row. */
void timeline_group(struct cells *c, struct box b, const struct timeline *t, const struct row *row);

#endif
