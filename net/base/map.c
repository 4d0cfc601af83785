#include "net/base/map.h"

#include <assert.h>
#include <stdint.h>
#include "net/base/xalloc.h"

void
map_init(struct map *m)
{
    *m = (struct map){0};
}

void
map_release(struct map *m)
{
    xfree(m->entries);
    xfree(m->slots);
    *m = (struct map){0};
}

void
map_clear(struct map *m)
{
    map_release(m);
}

/* FNV-1a. The keys are ids, which are hashes already, or short names; nobody who could
 * choose colliding keys gains more than a slow lookup among a bounded number of entries. */
static size_t
hash_of(struct str key)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot that holds key, or the free one where it would go. */
static size_t
find_slot(const struct map *m, struct str key, size_t hash)
{
    size_t mask = m->slot_count - 1, at = hash & mask;
    while (m->slots[at]) {
        const struct map_entry *entry = &m->entries[m->slots[at] - 1];
        if (entry->hash == hash && str_equal(entry->key, key))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static void
put_slot(struct map *m, size_t index)
{
    size_t mask = m->slot_count - 1, at = m->entries[index].hash & mask;
    while (m->slots[at])
        at = (at + 1) & mask;
    m->slots[at] = index + 1;
}

/* Drops removed entries and rebuilds the slots, twice as many as there are entries. */
static void
rebuild(struct map *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->used; i++) {
        if (m->entries[i].value)
            m->entries[kept++] = m->entries[i];
    }
    m->used = kept;
    size_t count = 16;
    while (count < (kept + 1) * 3)
        count *= 2;
    xfree(m->slots);
    m->slots = xcalloc(count, sizeof(*m->slots));
    m->slot_count = count;
    for (size_t i = 0; i < kept; i++)
        put_slot(m, i);
}

void *
map_get(const struct map *m, struct str key)
{
    if (m->live == 0)
        return NULL;
    size_t slot = m->slots[find_slot(m, key, hash_of(key))];
    return slot ? m->entries[slot - 1].value : NULL;
}

void *
map_put(struct map *m, struct str key, void *value)
{
    assert(value);
    if ((m->used + 1) * 2 > m->slot_count)
        rebuild(m);
    size_t hash = hash_of(key), slot = find_slot(m, key, hash);
    if (m->slots[slot]) {
        struct map_entry *entry = &m->entries[m->slots[slot] - 1];
        void *old = entry->value;
        *entry = (struct map_entry){key, value, hash};
        return old;
    }
    void *entries = m->entries;
    m->capacity = xgrow(&entries, m->capacity, m->used + 1, sizeof(*m->entries));
    m->entries = entries;
    m->entries[m->used] = (struct map_entry){key, value, hash};
    m->slots[slot] = ++m->used;
    m->live++;
    return NULL;
}

/* Frees a slot and moves up those behind it that had to give way to it, so that no search ends
 * at the hole (Knuth 6.4, algorithm R). */
static void
free_slot(struct map *m, size_t hole)
{
    size_t mask = m->slot_count - 1;
    for (size_t at = (hole + 1) & mask; m->slots[at]; at = (at + 1) & mask) {
        size_t home = m->entries[m->slots[at] - 1].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        m->slots[hole] = m->slots[at];
        hole = at;
    }
    m->slots[hole] = 0;
}

void *
map_remove(struct map *m, struct str key)
{
    if (m->live == 0)
        return NULL;
    size_t slot = find_slot(m, key, hash_of(key));
    if (!m->slots[slot])
        return NULL;
    struct map_entry *entry = &m->entries[m->slots[slot] - 1];
    void *old = entry->value;
    *entry = (struct map_entry){.value = NULL};
    free_slot(m, slot);
    m->live--;
    return old;
}

void
map_keep(struct map *m, map_keep_fn keep, void *context)
{
    size_t before = m->live;
    for (size_t i = 0; i < m->used; i++) {
        struct map_entry *entry = &m->entries[i];
        if (entry->value && !keep(context, entry->value)) {
            entry->value = NULL;
            m->live--;
        }
    }
    if (m->live != before)
        rebuild(m);
}

bool
map_next(const struct map *m, size_t *i, struct str *key, void **value)
{
    while (*i < m->used && !m->entries[*i].value)
        (*i)++;
    if (*i >= m->used)
        return false;
    if (key)
        *key = m->entries[*i].key;
    *value = m->entries[*i].value;
    (*i)++;
    return true;
}
