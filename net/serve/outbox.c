#include "net/serve/outbox.h"

#include <string.h>
#include "net/base/xalloc.h"

struct outgoing {
    struct outgoing *next;
    size_t n;
    unsigned char bytes[];      /* the room, then n bytes */
};

void
outbox_init(struct outbox *o, size_t max, size_t front)
{
    *o = (struct outbox){.max = max, .front = front};
    o->last = &o->first;
}

void
outbox_clear(struct outbox *o)
{
    while (o->first)
        outbox_drop(o);
}

bool
outbox_is_empty(const struct outbox *o)
{
    return o->first == NULL;
}

bool
outbox_add(struct outbox *o, struct str text)
{
    if (text.n > o->max - o->bytes)
        return false;
    struct outgoing *m = xmalloc(sizeof(*m) + o->front + text.n);
    m->next = NULL;
    m->n = text.n;
    if (text.n)
        memcpy(m->bytes + o->front, text.p, text.n);
    *o->last = m;
    o->last = &m->next;
    o->bytes += text.n;
    return true;
}

unsigned char *
outbox_first(const struct outbox *o, size_t *n)
{
    *n = o->first->n;
    return o->first->bytes + o->front;
}

void
outbox_drop(struct outbox *o)
{
    struct outgoing *m = o->first;
    o->first = m->next;
    if (!o->first)
        o->last = &o->first;
    o->bytes -= m->n;
    xfree(m);
}
