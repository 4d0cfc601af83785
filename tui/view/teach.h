/* teach: the strip below a call that tells what happens: lesson.h has the words. */
#ifndef TUI_VIEW_TEACH_H
#define TUI_VIEW_TEACH_H

#include "tui/view/screen.h"

/* Rows with their rule; screens so high have them, and one more. */
enum { TEACH_ROWS = 3, TEACH_FROM = 14, TEACH_MORE_FROM = 24 };

/* How many rows of a screen so high it takes: 0 when it is off. */
int teach_rows(const struct frame *f, int height);
void teach_paint(struct cells *c, struct box b, const struct frame *f);

#endif
