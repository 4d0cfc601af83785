/* pretty: JSON from strangers as lines that can be read.
 *
 * What fits into a line stays on one; what does not is opened, two blanks a level. Numbers keep
 * their digits, strings are escaped so that nothing in them is obeyed by a terminal. */
#ifndef TUI_VIEW_PRETTY_H
#define TUI_VIEW_PRETTY_H

#include <stdbool.h>
#include "net/base/buf.h"

enum { PRETTY_MAX = 16 * 1024 };        /* longer text is not taken apart */

/* Appends lines divided by '\n'. False, and nothing appended, when the text is no JSON object or
 * array, or too long. */
bool pretty_json(struct buf *out, struct str text, int width);

#endif
