/* timeline: blocks from left to right, and what a receipt was doing in them.
 *
 *     1200  1201  1202
 *     ╌╌╌╌╌╌██████
 *           ╌╌╌╌╌╌······►
 *
 * In flight, running and waiting are different strokes; what is still under way ends in a tip,
 * and the critical path is drawn in full.
 *
 * The axis is block heights, and a block has the same number of cells wherever it stands; or
 * milliseconds by the blocks' own timestamps, and a block is as long as it took. What of it is
 * shown: as wide as reads well, and if that is too much, the newest; ui.time_zoom makes it wider
 * or narrower, down to many blocks a cell. Zoomed in, it stays with the receipt that is selected,
 * until a person moves it: then it stays where it was put (ui.time_last), whatever comes. */
#ifndef TUI_VIEW_TIMELINE_H
#define TUI_VIEW_TIMELINE_H

#include "tui/view/screen.h"

enum { TIME_ZOOM_MOST = 4, TIME_ZOOM_LEAST = -10 };

struct timeline {
    bool is_known;
    uint64_t first, last;           /* heights shown */
    uint64_t newest;                /* that could be shown */
    uint64_t now;                   /* what is under way has come to here; not included */
    int width;                      /* cells there are */
    int cell_width;                 /* cells a block has … */
    uint64_t cell_blocks;           /* … or blocks a cell has; one of the two is 1 */
    bool is_ms;
    double first_ms, cells_per_ms;  /* of is_ms */
};

struct timeline timeline_of(const struct frame *f, int width);
/* The column where a block begins; of one that is not shown, below 0 or beyond the width. */
int timeline_x(const struct timeline *t, const struct frame *f, uint64_t height);
void timeline_ruler(struct cells *c, struct box b, const struct timeline *t,
                    const struct frame *f);
void timeline_row(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
                  const struct node *n);
/* The blocks that ran siblings which are one row. */
void timeline_group(struct cells *c, struct box b, const struct timeline *t,
                    const struct frame *f, const struct row *row);

#endif
