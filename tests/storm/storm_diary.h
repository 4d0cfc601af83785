/* storm_diary: what a client heard last, a line an event, to be read when its call has failed.
 * The first lines stay, for that is where it went wrong; of the rest the last ones do. */
#ifndef TESTS_STORM_STORM_DIARY_H
#define TESTS_STORM_STORM_DIARY_H

#include "net/base/buf.h"
#include "net/event.h"

enum { DIARY_FIRST = 120, DIARY_LINES = 160, DIARY_LINE = 160 };

struct storm_diary {
    char lines[DIARY_LINES][DIARY_LINE];
    unsigned count;
    int64_t begun_ns;
};

void storm_diary_note(struct storm_diary *d, const struct event *ev);
void storm_diary_say(struct storm_diary *d, const char *what);
void storm_diary_add(const struct storm_diary *d, struct buf *out);

#endif
