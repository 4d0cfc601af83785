/* form_part: what the files of the form share (form.h). Nobody else includes it. */
#ifndef TUI_VIEW_FORM_PART_H
#define TUI_VIEW_FORM_PART_H

#include "tui/view/form.h"
#include "tui/view/pane.h"

/* What lies where, as values of HIT_ROW; below it, enum form_field. */
enum { FORM_HIT_YES = 50, FORM_HIT_NO, FORM_HIT_FOOT = 100, FORM_HIT_LIST = 200,
       FORM_HIT_TAKE = 300, FORM_HIT_LEAVE, FORM_HIT_ITEM = 1000 };

/* Where its parts are, by the size alone and what is in it. */
struct form_parts {
    int head, foot;                 /* rows of them */
    struct box fields;              /* all fields, with the button and the cost */
    struct box help;                /* the words about the field that has the focus */
    struct box list;                /* of calls; height 0: it is not seen */
    bool is_beside;                 /* the list is beside the fields, whether it has keys or not */
    int args_rows;
    int cost_rows;
    int gap;                        /* rows between the fields and the button */
    int label;                      /* column where values begin */
};
struct form_parts form_parts_of(const struct form *form, const struct frame *f, int width,
                                int height);

/* What the keys of the form do, in the order of the footer. */
enum form_key { FORM_KEY_SEND, FORM_KEY_CALLS, FORM_KEY_NEXT, FORM_KEY_BACK, FORM_KEY_EARLIER,
                FORM_KEY_LAY_OUT, FORM_KEY_COUNT };
extern const struct form_key_text {
    const char *key, *word;
} form_keys[FORM_KEY_COUNT];

/* form_args.c: the arguments in rows of `width` cells. How many, `most` at most; where the cursor
 * is; where it goes when that place is pointed at; a row up or down, or false at the end. */
int form_args_rows(const struct form *form, int width, int most);
void form_args_cursor(const struct form *form, int width, int *row, int *column);
void form_args_point(struct form *form, int width, int row, int column);
bool form_args_move(struct form *form, int width, int by);
/* `wrong`: the byte from which on it is no JSON, or SIZE_MAX. */
void form_args_paint(struct cells *c, struct box b, const struct form *form, size_t wrong,
                     bool has_keys);

/* form_list.c */
void form_list_open(struct form *form, enum form_list list);
void form_list_paint(struct cells *c, struct box b, const struct form *form, const struct frame *f);
/* The row of the rule in it, or -1. */
int form_list_rule(const struct form *form, struct box b);
/* Keeps what is chosen in sight. */
void form_list_adapt(struct form *form, const struct frame *f, int height);
/* True when the list took the key. */
bool form_list_key(struct ui *ui, struct form *form, const struct frame *f, const struct key *k);
void form_list_move(struct form *form, const struct frame *f, int by);
/* An item was pointed at. */
void form_list_click(struct ui *ui, struct form *form, const struct frame *f, size_t item);

/* act_form.c */
bool form_key(struct ui *ui, const struct frame *f, const struct key *k, enum ui_effect *effect);
enum ui_effect form_click(struct ui *ui, const struct frame *f, size_t value, bool is_double);
extern const screen_act_fn form_acts[DO_COUNT];

#endif
