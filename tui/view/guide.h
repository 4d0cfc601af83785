/* guide: the lines that make a tree of rows, and a join of branches.
 *
 * First what is meant, as bits; then glyphs. A guide stands before a receipt's name:
 *
 *     ├─ a                  ─╮          the joins stand behind the names: results on their way
 *     │  └─ b                │          from the branches, by the order of their indices, into
 *     └─ callback           ◂╯          the callback that gets them
 */
#ifndef TUI_VIEW_GUIDE_H
#define TUI_VIEW_GUIDE_H

#include "tui/view/cells.h"
#include "tui/view/rows.h"

enum { GUIDE_LEVELS = 32, JOIN_LANES = 3, JOIN_ROWS = 256 };

struct guide {
    int depth;                  /* levels, all of them; 0 for the root */
    int levels;                 /* known here: the deepest GUIDE_LEVELS */
    bool goes_on[GUIDE_LEVELS]; /* outermost known level first: a line to a later sibling */
};

struct guide guide_of(const struct node *n, bool shows_refunds);
/* The same by what is listed alone: when siblings are hidden by a filter. */
struct guide guide_of_row(const struct rows *rows, size_t index);
/* Puts at most `most` levels, two cells each: the deepest. Returns the column after them. */
int guide_paint(struct cells *c, int x, int y, const struct guide *g, int most);

/* What one row has to do with one lane. */
enum join_part {
    JOIN_NOTHING,
    JOIN_PASSES,                /* a line goes by */
    JOIN_LEAVES_FIRST, JOIN_LEAVES, JOIN_LEAVES_LAST,       /* a result leaves the row */
    JOIN_ENTERS_FIRST, JOIN_ENTERS, JOIN_ENTERS_LAST        /* results come into the row */
};

struct joins {
    int lanes;                                  /* used */
    uint8_t part[JOIN_ROWS][JOIN_LANES];        /* enum join_part, by visible row */
};

/* For `count` rows from row[first] on. Joins that find no lane are left out. */
void joins_of(const struct rows *rows, size_t first, size_t count, struct joins *out);
/* Takes 1 + lanes cells. */
void joins_paint(struct cells *c, int x, int y, const struct joins *j, size_t row,
                 const struct node *n);

#endif
