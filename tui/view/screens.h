/* screens: the pictures, and the panes they are made of. All paint into a rectangle of cells,
 * whatever its size, and change nothing. */
#ifndef TUI_VIEW_SCREENS_H
#define TUI_VIEW_SCREENS_H

#include "tui/view/ui.h"

struct box {
    int x, y, width, height;
};

void screen_call_paint(struct cells *c, const struct ui *ui, const struct snapshot *s);
void screen_receipt_paint(struct cells *c, const struct ui *ui, const struct snapshot *s);
void screen_help_paint(struct cells *c, const struct ui *ui, const struct snapshot *s);

/* pane_head.c: where we are and how it went. Returns the rows used. */
int head_paint(struct cells *c, const struct ui *ui, const struct snapshot *s, int height);
void foot_paint(struct cells *c, const struct ui *ui, const struct snapshot *s);
/* A rule with a title in it. */
void rule_paint(struct cells *c, struct box b, const char *title);

/* pane_tree.c: receipts, gas and time share the rows. */
void tree_paint(struct cells *c, struct box b, const struct ui *ui, const struct snapshot *s);
/* How many rows it would like. */
int tree_height(const struct ui *ui, const struct snapshot *s);

/* timeline.c: the strokes of one row, and the ruler above them. */
struct timeline {
    uint64_t first, last;           /* heights shown */
    int cell_width;                 /* columns a block has */
    bool is_known;
};
struct timeline timeline_of(const struct snapshot *s, int width);
void timeline_ruler(struct cells *c, struct box b, const struct timeline *t,
                    const struct snapshot *s, bool in_ms);
void timeline_row(struct cells *c, struct box b, const struct timeline *t,
                  const struct snapshot *s, const struct node *n);

/* pane_result.c: what the callback put together, and the figures beside it. */
void result_paint(struct cells *c, struct box b, const struct snapshot *s);
void figures_paint(struct cells *c, struct box b, const struct snapshot *s);
int result_height(const struct snapshot *s);

/* pane_receipt.c: lines about one receipt, from line `skip` on. Returns how many there are. */
int receipt_paint(struct cells *c, struct box b, const struct snapshot *s, const struct node *n,
                  int skip, bool is_whole);

enum role status_role(const struct node *n);
enum glyph status_glyph(const struct node *n);

#endif
