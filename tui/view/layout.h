/* layout: how the call screen shares its room among its panes.
 *
 *     head                          title, call, verdict, trouble: the verdict is dearest
 *     -- receipts --------
 *     tree                          narrow: all are stacked
 *     -- result ----+-----
 *     result        | figures
 *     -- [1] … -----+-----
 *     detail        | story
 *     --------------------
 *     foot                          keys
 *
 *     head
 *     -- receipts --------+- [1] … -----
 *     tree                | detail      wide: the detail stands beside all others
 *     -- result -+--------|
 *     result     | figures|
 *     -- block by block --|
 *     story               |
 *     --------------------+-------------
 *     foot
 *
 * Numbers in, boxes out: nothing is painted here. A pane that got no room has height 0. Rules
 * stand in the row above a box; a low screen has none, and nothing but the tree, unless that leaves
 * room for why the selected receipt failed. A pane that stands right of another has
 * its dividing line in the first column of its box. */
#ifndef TUI_VIEW_LAYOUT_H
#define TUI_VIEW_LAYOUT_H

#include <stdbool.h>
#include "tui/view/cells.h"

enum { LAYOUT_WIDE = 120 };         /* columns from which the detail stands beside the tree */

/* In the order in which Tab goes through them. */
enum pane {
    PANE_NONE,
    PANE_TREE, PANE_DETAIL, PANE_RESULT, PANE_FIGURES, PANE_STORY,
    PANE_COUNT
};

/* Where a person wants the detail; beside the tree only on a wide screen. */
enum detail_place { DETAIL_BESIDE, DETAIL_BELOW, DETAIL_HIDDEN, DETAIL_PLACES };

struct layout_wants {
    int tree, result, figures, story;   /* how many rows each would like */
    int trouble;                        /* rows of the head for what is wrong */
    bool has_cause;                     /* what is selected has failed: the detail says why */
    enum detail_place detail;
    enum pane zoomed;                   /* has all the room there is; PANE_NONE: no pane has */
    int split;                          /* column of the line before the detail; 0: as it fits */
    int tree_height;                    /* as a person dragged it; 0: as it fits */
};

struct layout {
    struct box head, foot;
    struct box pane[PANE_COUNT];
    bool has_rules;
    bool is_wide;                       /* the detail stands beside the others */
};

int layout_foot(int height);            /* rows of the footer, at that height of the screen */
struct layout layout_call(int width, int height, const struct layout_wants *wants);

#endif
