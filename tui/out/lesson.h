/* lesson: what has just happened in a call, and what comes next, in a few plain sentences for people
 * who see a call for the first time: below the screen's picture (--teach), or as lines. Made of the
 * receipts that are known, their blocks and shards; nothing is said that was not told. */
#ifndef TUI_OUT_LESSON_H
#define TUI_OUT_LESSON_H

#include "net/base/buf.h"
#include "tui/model/verdict.h"

void lesson_say(struct buf *out, const struct call *c, const struct verdict *v);

#endif
