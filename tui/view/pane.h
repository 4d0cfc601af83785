/* pane: the parts that screens are put together from. Each paints into its box and nowhere
 * else, and can say how many rows it would like. */
#ifndef TUI_VIEW_PANE_H
#define TUI_VIEW_PANE_H

#include "tui/view/screen.h"

/* pane_head.c: where we are (the title), what runs, how it went. The fewer rows, the more only the
 * last. */
void head_paint(struct cells *c, struct box b, const struct frame *f);
bool head_has_trouble(const struct frame *f);
/* How many rows of a screen of that size its words take; 0: none. */
int head_trouble_rows(const struct frame *f, int width, int height);
/* For screens without a call: what goes wrong. */
void trouble_paint(struct cells *c, int y, int rows, const struct frame *f);
enum role verdict_role(enum verdict_kind kind);
enum glyph verdict_glyph(enum verdict_kind kind);

/* pane_title.c: the first row of every screen: the screens below, the newest block, sources, help. */
void title_paint(struct cells *c, int y, const struct frame *f);
enum role source_role(enum source_state state);

/* pane_rule.c: a rule with a title in it. */
void rule_paint(struct cells *c, struct box b, const char *title);
/* The rule above a pane of the call screen: that one is told apart where keys go. */
void pane_rule_paint(struct cells *c, struct box b, const char *title, bool has_focus);
/* At the right end of such a rule: so many lines are below what the pane shows. */
void pane_more_paint(struct cells *c, struct box b, const char *title, int more);
/* A line downwards from (x, y), joined to the rules that it meets above and below. */
void divider_paint(struct cells *c, int x, int y, int height);

/* pane_foot.c: keys of the screen, with the rule above it when the box has two rows. */
void foot_paint(struct cells *c, struct box b, const struct frame *f,
                const enum action_id *actions);
/* That of a screen that is one text: at its right, how many lines are below what is seen. */
void text_foot_paint(struct cells *c, int rows, const struct frame *f, const enum action_id *actions);
bool foot_offers(const struct frame *f, enum action_id id);     /* it can be done now */

/* pane_hint.c: why there is nothing, and the keys that would change it. */
void hint_paint(struct cells *c, struct box b, const struct frame *f, const char *why);

/* pane_tree.c: receipts, gas and time share the rows. */
void tree_paint(struct cells *c, struct box b, const struct frame *f);
int tree_rows(const struct frame *f);
/* How many receipts a box of this height shows. */
int tree_page(const struct frame *f, int height);
/* Columns that its timeline has; 0: none. */
int tree_time_width(const struct frame *f, struct box b);

/* pane_result.c: what the callback put together, or will get; from line `skip` on.
 * Returns how many lines there are. */
int result_paint(struct cells *c, struct box b, const struct frame *f, int skip);
int result_rows(const struct frame *f);
const char *result_title(const struct frame *f);

/* pane_figures.c: time, speed-up, critical path, gas, tokens. */
void figures_paint(struct cells *c, struct box b, const struct frame *f);
int figures_rows(const struct frame *f);

/* pane_story.c: block by block, what ran, from the moment `skip` on. */
void story_paint(struct cells *c, struct box b, const struct frame *f, int skip);
int story_rows(const struct frame *f);

/* pane_receipt.c: lines about one receipt, from line `skip` on; `is_whole`: with ids, the
 * node's own words and the profile of gas. Returns how many lines there are. */
int receipt_paint(struct cells *c, struct box b, const struct frame *f, const struct node *n,
                  int skip, bool is_whole);
/* How many lines there are of the selected one. */
int receipt_lines(struct ui *ui, const struct frame *f, int width, bool is_whole);
/* pane_group.c: many siblings in one row, in place of a receipt. */
void group_paint(struct cells *c, struct box b, const struct frame *f, const struct row *row);
void group_title(struct buf *out, const struct row *row);
/* "[1] get_position" for a title. */
void receipt_title(struct buf *out, const struct node *n);

#endif
