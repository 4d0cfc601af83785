/* page: a screen that is one text under a title: where its lines go.
 *
 * The text is put down line by line; lines that are not in sight have no row. The same function
 * counts the lines (with cells NULL) and paints them. */
#ifndef TUI_VIEW_PAGE_H
#define TUI_VIEW_PAGE_H

#include "tui/view/pane.h"

struct page {
    struct cells *c;                    /* NULL: lines are only counted */
    struct box b;
    int line, skip;
};

typedef void (*page_fn)(struct page *p, const struct frame *f);

/* The row of the next line, or -1. */
int page_row(struct page *p);
void page_title(struct page *p, const char *text);      /* a blank line before it, but the first */
void page_words(struct page *p, const char *text, enum role role);
void page_paragraph(struct page *p, const char *text, enum role role);  /* in as many lines as it takes */

/* Where the text stands; its lines into another box, to be searched (screen.h). */
struct box page_box(const struct frame *f, int width, int height);
void page_text(struct cells *c, struct box b, const struct frame *f, int skip, page_fn text);

void page_adapt(struct ui *ui, const struct frame *f, int width, int height, page_fn text);
void page_paint(struct cells *c, const struct frame *f, const char *title,
                const enum action_id *footer, page_fn text);

/* A table of a page: columns from the left, as wide as told; those that do not fit stay away. */
struct page_cells {
    struct page *p;
    int x, y;                           /* y -1: the line is not in sight */
};
struct page_cells page_cells(struct page *p);
void page_cell(struct page_cells *r, int width, bool is_right, enum role role,
               const char *format, ...) PRINTF_LIKE(5, 6);

#endif
