/* calls: what a person has done on the screen of all calls. Shared by screen_calls.c (the
 * picture), row_call.c (one line of it) and act_calls.c (what keys do). */
#ifndef TUI_VIEW_CALLS_H
#define TUI_VIEW_CALLS_H

#include "tui/model/roster.h"
#include "tui/view/screen.h"

enum { CALLS_MARKS_MOST = 64 };

struct calls {
    struct roster roster;
    bool is_ready;                      /* the roster was begun */
    struct hash selected;
    bool has_chosen;                    /* else the first row is selected, whatever comes */
    int top, page;
    struct hash marked[CALLS_MARKS_MOST];
    size_t mark_count;
};

/* The state, with its roster up to date and the selected row, or -1. */
struct calls *calls_of(struct ui *ui, const struct frame *f);
ptrdiff_t calls_selected(const struct calls *s);
bool calls_is_marked(const struct calls *s, const struct hash *tx);

extern const screen_act_fn calls_acts[DO_COUNT];
enum ui_effect calls_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
                         struct prompt_answer *answer);
enum ui_effect calls_click(struct ui *ui, const struct frame *f, size_t value, bool is_double);
/* By that column; by the same one again: the other way round. */
enum ui_effect calls_column(struct ui *ui, const struct frame *f, size_t sort);

/* row_call.c: the columns that fit, and a line of them. A width of 0: not shown. */
enum call_column { COLUMN_AGE, COLUMN_CONTRACT, COLUMN_METHOD, COLUMN_BRANCHES, COLUMN_VERDICT,
                   COLUMN_GAS, COLUMN_TIME, COLUMN_RUNS, COLUMN_NETWORK, COLUMN_COUNT };
struct call_columns {
    int width[COLUMN_COUNT];
};
struct call_columns call_columns_of(int width);
void call_head_paint(struct cells *c, int y, const struct call_columns *columns,
                     const struct frame *f, const struct roster *r);
void call_row_paint(struct cells *c, int y, const struct call_columns *columns,
                    const struct frame *f, const struct calls *s, size_t index);

#endif
