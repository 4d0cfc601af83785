/* attention: a call that took long has ended, and somebody may have looked away: the terminal
 * rings (--bell), a command runs (--notify). Once a call, with a screen or without one. The
 * command is nobody's child: it goes on when the program ends. */
#ifndef TUI_APP_ATTENTION_H
#define TUI_APP_ATTENTION_H

#include "tui/app/session.h"

enum { ATTENTION_AFTER_S = 10 };        /* of a command, when --bell says nothing else */

struct attention {
    bool is_told;
};

void attention_begun(struct attention *a);      /* another call */
/* c has ended; NULL is none. */
void attention_over(struct attention *a, struct session *s, struct call *c);

#endif
