/* xterm: what terminals like xterm are told beside the frames: modes of mouse and pasting, the
 * title, the clipboard. Written at once, so never while a frame is on its way. */
#ifndef TUI_TERM_XTERM_H
#define TUI_TERM_XTERM_H

#include <stdbool.h>
#include "net/base/str.h"

/* By the value of TERM; others would print all this. */
bool xterm_is_like(const char *terminal);

/* The title that was there is kept by the terminal until xterm_leaving. */
void xterm_enter(bool has_mouse);
/* All modes off, and the title as it was; harmless when they are. */
extern const char xterm_leaving[];

bool xterm_copy(struct str base64);             /* OSC 52; through tmux, too */
void xterm_title(const char *text);             /* clean text */
void xterm_put(const char *bytes);

#endif
