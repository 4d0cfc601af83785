/* layout: how the call screen shares its room among its panes.
 *
 *     head                    title, call, verdict, trouble: the verdict is dearest
 *     ── receipts ────────
 *     tree
 *     ── result ────┬─────
 *     result        │ figures
 *     ── [1] … ─────┼─────
 *     detail        │ story
 *     ────────────────────
 *     foot
 *
 * Numbers in, boxes out: nothing is painted here. A pane that got no room has height 0. Rules
 * stand in the row above a box; a low screen has none. */
#ifndef TUI_VIEW_LAYOUT_H
#define TUI_VIEW_LAYOUT_H

#include <stdbool.h>
#include "tui/view/cells.h"

/* How many rows each would like. */
struct layout_wants {
    int tree, result, figures, detail, story;
    bool has_trouble;
};

struct layout {
    struct box head, tree, result, figures, detail, story, foot;
    bool has_rules;
};

struct layout layout_call(int width, int height, const struct layout_wants *wants);

#endif
