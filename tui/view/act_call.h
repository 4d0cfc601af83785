/* act_call: what keys and clicks do on the call screen. Keys go to the pane that has the focus:
 * the tree moves its selection, the others scroll. Finding is in act_find.c. */
#ifndef TUI_VIEW_ACT_CALL_H
#define TUI_VIEW_ACT_CALL_H

#include "tui/view/screen.h"

extern const screen_act_fn call_acts[DO_COUNT];
enum ui_effect call_click(struct ui *ui, const struct frame *f, size_t value, bool is_double);
enum ui_effect call_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
                        struct prompt_answer *answer);

/* A receipt is selected, and shown whatever hid it. */
void call_select(struct ui *ui, const struct node *n);
void call_show_all(struct ui *ui);      /* no filter any more */

enum ui_effect call_search(struct ui *ui, const struct frame *f);
enum ui_effect call_next(struct ui *ui, const struct frame *f);
enum ui_effect call_previous(struct ui *ui, const struct frame *f);
enum ui_effect call_filter(struct ui *ui, const struct frame *f);
enum ui_effect call_goto(struct ui *ui, const struct frame *f);

#endif
