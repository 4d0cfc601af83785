#include "contract/chain/list.h"

#include <stdint.h>
#include "net/base/xalloc.h"

void
list_add(struct list *l, const void *item)
{
    void *items = (void *)(uintptr_t)l->items;
    l->room = xgrow(&items, l->room, l->count + 1, sizeof(*l->items));
    l->items = items;
    l->items[l->count++] = item;
}

void
list_clear(struct list *l)
{
    l->count = 0;
}

void
list_release(struct list *l)
{
    xfree((void *)(uintptr_t)l->items);
    *l = (struct list){0};
}

struct chain_receipt *
list_receipt(const struct list *l, size_t index)
{
    return (struct chain_receipt *)(uintptr_t)l->items[index];
}
