/* text: several lines being written, with a cursor. For the arguments of a call.
 *
 * Bytes are UTF-8, at most TEXT_MAX_BYTES; the cursor stands before a scalar. Enter breaks the
 * line; arrows, Home and End move in it. No screen here. */
#ifndef TUI_INPUT_TEXT_H
#define TUI_INPUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/str.h"
#include "tui/input/key.h"

enum { TEXT_MAX_BYTES = 16 * 1024 };

struct text {
    char bytes[TEXT_MAX_BYTES + 1];
    size_t length, cursor;
};

/* False, and nothing changed, when it is longer than a text can be. */
bool text_set(struct text *t, struct str bytes);
struct str text_str(const struct text *t);
/* True when the key was one for a text: not up in the first line, nor down in the last. */
bool text_key(struct text *t, const struct key *k);

#endif
