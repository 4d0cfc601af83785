/* list: a growing array of borrowed pointers. Private to contract/chain. */
#ifndef CONTRACT_CHAIN_LIST_H
#define CONTRACT_CHAIN_LIST_H

#include <stddef.h>

struct chain_receipt;

struct list {
    const void **items;     /* owned array */
    size_t count, room;
};

void list_add(struct list *l, const void *item);
void list_clear(struct list *l);        /* keeps the room */
void list_release(struct list *l);
/* For lists of receipts that are still being made. */
struct chain_receipt *list_receipt(const struct list *l, size_t index);

#endif
