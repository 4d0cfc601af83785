/* compared: what several runs of methods took, side by side, in words and as JSON.
 *
 * Where of no run of a method the blocks are known, nothing is said of what it took: null in JSON. */
#ifndef TUI_OUT_COMPARED_H
#define TUI_OUT_COMPARED_H

#include "net/base/buf.h"
#include "net/json.h"
#include "tui/model/compare.h"

/* A line for what they are, and one for each. */
void compared_text(struct buf *out, const struct compared *list, size_t count);
/* The member "methods" of the object that is open. */
void compared_json(struct json_writer *w, const struct compared *list, size_t count);

#endif
