#include "tui/app/seen.h"

#include "net/base/xalloc.h"

static struct str
key_of(const struct hash *tx)
{
    return str_of(tx->b, sizeof(tx->b));
}

void
seen_init(struct seen *s)
{
    *s = (struct seen){0};
    map_init(&s->map);
}

void
seen_release(struct seen *s)
{
    for (size_t i = 0; i < s->room && s->ring[i]; i++)
        xfree(s->ring[i]);
    xfree(s->ring);
    map_release(&s->map);
}

bool
seen_has(const struct seen *s, const struct hash *tx)
{
    return map_get(&s->map, key_of(tx)) != NULL;
}

void
seen_add(struct seen *s, const struct hash *tx)
{
    size_t at = s->next++ % SEEN_MOST;
    if (!s->ring) {
        s->room = SEEN_MOST;
        s->ring = xcalloc(s->room, sizeof(struct hash *));
    }
    if (s->ring[at])
        xfree(map_remove(&s->map, key_of(s->ring[at])));
    s->ring[at] = xmemdup(tx, sizeof(*tx));
    map_put(&s->map, key_of(s->ring[at]), s->ring[at]);
}
