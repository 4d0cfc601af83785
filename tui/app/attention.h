/* attention: a call that took long has ended, and somebody may have looked away: the terminal
 * rings (--bell), a command runs (--notify). Once a call. */
#ifndef TUI_APP_ATTENTION_H
#define TUI_APP_ATTENTION_H

#include "tui/app/session.h"

enum { ATTENTION_AFTER_S = 10 };        /* of a command, when --bell says nothing else */

struct attention {
    bool is_told;
    struct loop_child *command;         /* owned */
};

void attention_begun(struct attention *a);      /* another call */
void attention_over(struct attention *a, struct session *s);
void attention_release(struct attention *a);

#endif
