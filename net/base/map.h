/* map: from bytes to a pointer. A hash table with open addressing.
 *
 * Keys are borrowed: they must live, unchanged, as long as their entry, usually inside the
 * value. Values belong to the caller and are not NULL. Iteration is in order of insertion.
 * Getting, putting and removing take the same short time, however many entries there are. */
#ifndef NET_BASE_MAP_H
#define NET_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/macros.h"
#include "net/base/str.h"

struct map_entry {
    struct str key;         /* borrowed from the value, or from whoever inserted it */
    void *value;            /* NULL: this entry was removed, and no slot leads to it */
    size_t hash;            /* of the key */
};

struct map {
    struct map_entry *entries;      /* owned, in order of insertion */
    size_t used, capacity;          /* of entries; used counts removed ones too */
    size_t live;                    /* entries that are there */
    size_t *slots;                  /* owned; index + 1 into entries, 0 = free */
    size_t slot_count;              /* a power of two, or 0 */
};

void map_init(struct map *m);
void map_release(struct map *m);            /* the values are the caller's to free first */
void map_clear(struct map *m);

void *map_get(const struct map *m, struct str key);
/* Returns the value that stood there before, or NULL. An old key view is replaced. */
void *map_put(struct map *m, struct str key, void *value);
/* Returns the value that was removed, or NULL. */
void *map_remove(struct map *m, struct str key);

/* Keeps the entries of which this is true, and forgets the others in one go. */
typedef bool (*map_keep_fn)(void *context, const void *value);
void map_keep(struct map *m, map_keep_fn keep, void *context);

/* for (size_t i = 0; map_next(m, &i, &key, &value);) visits every live entry. Nothing may be
 * removed while visiting. key may be NULL. */
bool map_next(const struct map *m, size_t *i, struct str *key, void **value);

#endif
