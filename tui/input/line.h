/* line: one line of text being written, with a cursor and what was written before.
 *
 * Bytes are UTF-8, at most LINE_MAX_BYTES; the cursor stands before a scalar. No screen here:
 * a prompt or a form paints it. Keys as in a shell: arrows, Home and End, ^A ^E ^B ^F, ^U ^K ^W
 * ^H ^D, up and down through the history. */
#ifndef TUI_INPUT_LINE_H
#define TUI_INPUT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/str.h"
#include "tui/input/key.h"

enum { LINE_MAX_BYTES = 1024, LINE_HISTORY = 32 };

/* Newest last; of two that are the same only the newer. */
struct line_history {
    char *text[LINE_HISTORY];       /* owned */
    size_t count;
};

struct line {
    char text[LINE_MAX_BYTES + 1];
    size_t length, cursor;          /* bytes */
    size_t back;                    /* how far up in the history; 0: what is being written */
    char written[LINE_MAX_BYTES + 1];
};

void line_clear(struct line *l);
/* False, and nothing changed, when it is longer than a line can be. */
bool line_set(struct line *l, struct str text);
struct str line_str(const struct line *l);
/* True when the key was one for a line. `h` may be NULL. */
bool line_key(struct line *l, const struct line_history *h, const struct key *k);

void line_history_add(struct line_history *h, struct str text);
void line_history_release(struct line_history *h);

#endif
