/* restore: the terminal made usable again whatever ends the program: a string and the modes of
 * the line, both prepared in good time, written by a fatal error or a deadly signal; then the
 * picture that was last seen, as text, so that what was on the screen is not lost with it. After
 * that the program ends by that same signal. Does nothing while it is not armed. */
#ifndef TUI_TERM_RESTORE_H
#define TUI_TERM_RESTORE_H

#include <termios.h>
#include "tui/view/cells.h"

void restore_clear(void);
void restore_add(const char *text);
int restore_add_byte(int byte);             /* returns it: for tputs */
/* `seen` is borrowed until restore_disarm, and may change meanwhile. */
void restore_arm(const struct termios *line, const struct cells *seen);
void restore_disarm(void);

#endif
