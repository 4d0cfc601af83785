/* teach: what has just happened, and what comes next, as a plain sentence for people who see a
 * call for the first time. Made of the receipts that are known, their blocks and shards; nothing
 * is said that was not told. */
#ifndef TUI_VIEW_TEACH_H
#define TUI_VIEW_TEACH_H

#include "tui/view/screen.h"

/* Rows with their rule; screens so high have them, and one more. */
enum { TEACH_ROWS = 3, TEACH_FROM = 14, TEACH_MORE_FROM = 24 };

void teach_sentence(struct buf *out, const struct frame *f);
/* How many rows of a screen so high it takes: 0 when it is off. */
int teach_rows(const struct frame *f, int height);
void teach_paint(struct cells *c, struct box b, const struct frame *f);

#endif
