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

struct visitor *
visitors_in(struct visitors *v, uint32_t address)
{
    struct visitor *visitor = find(v, address);
    if (!visitor) {
        visitor = xcalloc(1, sizeof(*visitor));
        visitor->address = address;
        visitor->next = v->first;
        v->first = visitor;
    }
    visitor->connections++;
    return visitor;
}

void
visitors_out(struct visitors *v, struct visitor *visitor)
{
    struct visitor **link = &v->first;
    if (--visitor->connections)
        return;
    while (*link != visitor)
        link = &(*link)->next;
    *link = visitor->next;
    xfree(visitor);
}
