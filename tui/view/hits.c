#include "tui/view/hits.h"

void
hits_begin(struct hits *h, int width, int height)
{
    h->count = 0;
    h->width = width;
    h->height = height;
}

void
hits_clear(struct hits *h)
{
    h->count = 0;
}

static void
cut(int *at, int *length, int room)
{
    if (*at < 0) {
        *length += *at;
        *at = 0;
    }
    if (*length > room - *at)
        *length = room - *at;
}

void
hits_add(struct hits *h, struct box box, enum hit_kind kind, size_t value)
{
    cut(&box.x, &box.width, h->width);
    cut(&box.y, &box.height, h->height);
    if (h->count < HITS_MAX && box.width > 0 && box.height > 0)
        h->hit[h->count++] = (struct hit){box, kind, value};
}

static bool
holds(struct box b, int x, int y)
{
    return x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height;
}

struct hit
hits_at(const struct hits *h, int x, int y)
{
    for (size_t i = h->count; i-- > 0;) {
        if (holds(h->hit[i].box, x, y))
            return h->hit[i];
    }
    return (struct hit){.kind = HIT_NOTHING};
}

struct hit
hits_of_kind_at(const struct hits *h, enum hit_kind kind, int x, int y)
{
    for (size_t i = h->count; i-- > 0;) {
        if (h->hit[i].kind == kind && holds(h->hit[i].box, x, y))
            return h->hit[i];
    }
    return (struct hit){.kind = HIT_NOTHING};
}
