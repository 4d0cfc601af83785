/* open_calls: the calls that are not over yet, as the sources have to ask for them.
 *
 * All of them are asked for in turn, so that a call with much to learn does not keep the others
 * waiting. */
#ifndef TUI_APP_OPEN_CALLS_H
#define TUI_APP_OPEN_CALLS_H

#include "tui/model/want.h"

enum { OPEN_CALLS_MOST = 256 };

struct open_calls {
    struct hash tx[OPEN_CALLS_MOST];
    size_t count;
    size_t turn;                    /* whose wants come first at the next look */
};

/* False: there are as many as can be. One that is there already is not there twice. */
bool open_calls_add(struct open_calls *o, const struct hash *tx);
bool open_calls_has(const struct open_calls *o, const struct hash *tx);
void open_calls_remove(struct open_calls *o, const struct hash *tx);

size_t open_calls_wants(struct open_calls *o, struct store *s, struct want *out, size_t max);

/* Takes one of which nothing more can be learnt off the list. False: there is none. */
bool open_calls_take_over(struct open_calls *o, struct store *s, struct hash *tx);

#endif
