/* screen: the pictures, and what each of them is made of.
 *
 * A screen is a table of operations; the list is in ui.c. All paint into cells, whatever their
 * size, from a frame alone, and change nothing. To add a screen: a file screen_x.c with its
 * operations, a name in enum ui_screen, a line in that list. */
#ifndef TUI_VIEW_SCREEN_H
#define TUI_VIEW_SCREEN_H

#include "tui/view/ui.h"

/* Everything that a picture is painted from. Lives as long as the painting. */
struct frame {
    const struct ui *ui;
    const struct snapshot *s;
    const struct call *call;            /* NULL: none yet */
    const struct verdict *verdict;      /* NULL only without a call */
    const struct rows *rows;
    const struct node *selected;        /* NULL: there is no receipt yet */
    size_t selected_row;                /* its place in rows, or that of the nearest above it */
};

struct screen_ops {
    const char *name;
    const enum action_id *footer;       /* in order of importance; ends with DO_NOTHING */
    /* Adapts what is scrolled to the size; may be NULL. */
    void (*layout)(struct ui *ui, const struct frame *f, int width, int height);
    void (*paint)(struct cells *c, const struct frame *f);
    /* True when it has done something, or has set *effect. */
    bool (*act)(struct ui *ui, const struct frame *f, enum action_id action,
                enum ui_effect *effect);
};

extern const struct screen_ops screen_call, screen_receipt, screen_help, screen_fault;

/* For act of screens that are a text: moves by lines. */
bool screen_scroll(struct ui *ui, enum action_id action);

#endif
