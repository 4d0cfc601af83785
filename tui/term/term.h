/* term: the terminal: finished cells go out, keys and what a mouse does come in. The only user
 * of curses.
 *
 * One terminal a process. Cells are compared with what was shown last, so presenting what has
 * not changed writes nothing. term_open leaves everything as it was when it fails. Whatever
 * ends the program, the terminal is restored: term_close in order, a prepared string on a
 * fatal error or a deadly signal.
 *
 * Terminals that are no xterm at heart (linux, vt…) get no mouse, no title, no pasting, no
 * brackets around a frame: they would print them. Nor have their fonts more than a few signs
 * beyond ASCII.
 *
 * For tests: with NEARTOP_TEST_SENTINEL set, each presented frame is followed by "OSC 7777 ;
 * frames ; keys ; width ; height ST", which terminals swallow. */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include <stdbool.h>
#include "net/base/err.h"
#include "tui/input/key.h"
#include "tui/theme/theme.h"
#include "tui/view/cells.h"

enum term_colour { TERM_COLOUR_AUTO, TERM_COLOUR_ALWAYS, TERM_COLOUR_NEVER };

enum { TERM_COPY_MAX = 74994 };         /* bytes of base64 that terminals are known to take */

struct term_options {
    const struct theme *theme;          /* copied */
    enum term_colour colour;
    bool has_mouse;
};

/* ERR_UNSUPPORTED: standard input or output is no terminal, or it cannot place a cursor. */
enum err term_open(const struct term_options *options, struct diag *d) MUST_USE;
void term_close(void);

int term_fd(void);                      /* to be watched for input; not standard input */
void term_size(int *width, int *height);
/* After SIGWINCH: takes the new size; the next frame is painted whole. */
void term_resized(void);
void term_forget(void);                 /* the next frame is painted whole */
void term_set_theme(const struct theme *t);     /* copied; from the next frame on */
/* With the mouse on, a terminal selects text only with Shift held. */
void term_set_mouse(bool is_on);
/* KEY_NONE when nothing is waiting. */
struct key term_key(void);
void term_present(const struct cells *c);
/* Into the clipboard, by OSC 52. False: the terminal has no such thing, or it is too much. */
bool term_copy(struct str base64);
void term_set_title(const char *text);  /* clean text; written when it has changed */
void term_bell(void);
/* To the shell and back: returns when the process is continued. */
void term_suspend(void);
/* After SIGCONT, whoever stopped the process: takes the terminal again. */
void term_resume(void);
/* What terminfo says of $TERM: how many colours; -1 when it does not know it. Not while open. */
int term_count_colours(void);
bool term_is_utf8(void);                /* the locale is, and the terminal has the signs */

#endif
