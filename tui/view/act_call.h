/* act_call: what keys and clicks do on the call screen. Keys go to the pane that has the focus:
 * the tree moves its selection, the others scroll. */
#ifndef TUI_VIEW_ACT_CALL_H
#define TUI_VIEW_ACT_CALL_H

#include "tui/view/screen.h"

extern const screen_act_fn call_acts[DO_COUNT];
enum ui_effect call_click(struct ui *ui, const struct frame *f, size_t value, bool is_double);

#endif
