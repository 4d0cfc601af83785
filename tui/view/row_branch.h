/* row_branch: one receipt as one row: its place in the tree, its status, its gas, its time.
 *
 *     ├─✗ [1] get_position lending ─┤ panicked  0.98 ▏··  10 T  10% │   ╌╌╌███
 *
 * The look of a row is here, its lines in guide.c, its strokes in timeline.c. */
#ifndef TUI_VIEW_ROW_BRANCH_H
#define TUI_VIEW_ROW_BRANCH_H

#include "net/base/buf.h"
#include "net/near/amount.h"
#include "tui/view/guide.h"
#include "tui/view/screen.h"
#include "tui/view/timeline.h"

/* Widths; 0: not shown. */
struct columns {
    int name, join, status, gas, bar, of, percent, time;
};

/* What fits, dearest first. Together with the marker, `width` cells at most. With the detail beside it
 * time is dearer than bars of gas: how much was used stands there as a figure, too. */
struct columns columns_of(int width, int lanes, bool is_beside);

struct row_style {
    struct columns columns;
    struct timeline timeline;
    struct joins joins;
};

void row_head_paint(struct cells *c, struct box b, const struct row_style *style,
                    const struct frame *f);
/* Row `index` of all, at place `seen` of the visible ones. */
void row_paint(struct cells *c, struct box b, const struct row_style *style,
               const struct frame *f, size_t index, size_t seen);

/* Of a receipt, wherever it is mentioned. */
enum role status_role(const struct node *n);
enum glyph status_glyph(const struct node *n);
/* "[1] get_position" and its account: returns the column after it. */
int receipt_name_paint(struct cells *c, int x, int y, int width, const struct frame *f,
                       const struct node *n, enum role role);

/* "waits [0 2]", and when there are many, how many. */
void waits_text(struct buf *out, const struct frame *f, const struct node *n);
/* What was attached, in Tgas: "5", not "5.00"; and what part of it was burnt. */
const char *gas_attached_text(uint64_t gas, char out[GAS_TEXT]);
/* "21%", "<1%". */
void percent_text(double part, char out[GAS_TEXT]);
double gas_part(const struct node *n);

#endif
