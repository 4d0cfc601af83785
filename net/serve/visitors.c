#include "net/serve/visitors.h"

#include "net/base/xalloc.h"

static struct visitor *
find(const struct visitors *v, uint32_t address)
{
    struct visitor *visitor = v->first;
    while (visitor && visitor->address != address)
        visitor = visitor->next;
    return visitor;
}

size_t
visitors_count(const struct visitors *v, uint32_t address)
{
    const struct visitor *visitor = find(v, address);
    return visitor ? visitor->connections : 0;
}

struct visit *
visitors_in(struct visitors *v, uint32_t address)
{
    struct visit *visit = xcalloc(1, sizeof(*visit));
    struct visitor *visitor = find(v, address);
    if (!visitor) {
        visitor = xcalloc(1, sizeof(*visitor));
        visitor->address = address;
        visitor->next = v->first;
        v->first = visitor;
    }
    *visit = (struct visit){.visitor = visitor, .before = visitor->connections++};
    return visit;
}

void
visitors_out(struct visitors *v, struct visit *take_visit)
{
    struct visitor *visitor = take_visit->visitor, **link = &v->first;
    xfree(take_visit);
    if (--visitor->connections)
        return;
    while (*link != visitor)
        link = &(*link)->next;
    *link = visitor->next;
    xfree(visitor);
}

bool
visit_is_beyond(const struct visit *visit, size_t share)
{
    return visit->before >= share && visit->visitor->connections > share;
}
