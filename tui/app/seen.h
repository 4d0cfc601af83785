/* seen: transactions that have been met, the last SEEN_MOST of them, so that none of them is taken
 * for a new one when it is told of again, however long it has been gone. */
#ifndef TUI_APP_SEEN_H
#define TUI_APP_SEEN_H

#include "net/base/map.h"
#include "net/near/crypto.h"

enum { SEEN_MOST = 10000 };

struct seen {
    struct map map;             /* hash -> itself, here */
    struct hash **ring;         /* owned, as each of them */
    size_t next, room;
};

void seen_init(struct seen *s);
void seen_release(struct seen *s);
bool seen_has(const struct seen *s, const struct hash *tx);
/* Met from now on; the oldest goes when there are too many. Not one that was met. */
void seen_add(struct seen *s, const struct hash *tx);

#endif
