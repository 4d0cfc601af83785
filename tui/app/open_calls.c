#include "tui/app/open_calls.h"

#include <string.h>

static size_t
find(const struct open_calls *o, const struct hash *tx)
{
    size_t at = 0;
    while (at < o->count && !hash_equal(&o->tx[at], tx))
        at++;
    return at;
}

bool
open_calls_has(const struct open_calls *o, const struct hash *tx)
{
    return find(o, tx) < o->count;
}

bool
open_calls_add(struct open_calls *o, const struct hash *tx)
{
    if (open_calls_has(o, tx))
        return true;
    if (o->count == OPEN_CALLS_MOST)
        return false;
    o->tx[o->count++] = *tx;
    return true;
}

void
open_calls_remove(struct open_calls *o, const struct hash *tx)
{
    size_t at = find(o, tx);
    if (at == o->count)
        return;
    o->count--;
    memmove(o->tx + at, o->tx + at + 1, (o->count - at) * sizeof(*o->tx));
}

size_t
open_calls_wants(struct open_calls *o, struct store *s, struct want *out, size_t max)
{
    size_t count = 0, begin = o->count ? o->turn++ % o->count : 0;
    for (size_t i = 0; i < o->count && count < max; i++) {
        struct call *c = store_call(s, &o->tx[(begin + i) % o->count]);
        if (c)
            count = want_list(s, c, out, count, max);
    }
    return count;
}

bool
open_calls_take_over(struct open_calls *o, struct store *s, struct hash *tx)
{
    for (size_t i = 0; i < o->count; i++) {
        struct call *c = store_call(s, &o->tx[i]);
        /* One that has left the store is not asked for any more. */
        if (c && !want_nothing(s, c))
            continue;
        *tx = o->tx[i];
        open_calls_remove(o, tx);
        return true;
    }
    return false;
}
