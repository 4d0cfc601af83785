#include "contract/chain/trie.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"

enum { MAX_TEXT = 64 + 1 + 2048 };

/* Node kinds, as first byte of an identity. */
enum {
    NODE_ROOT = 'r',
    NODE_COLUMN = 'c',
    NODE_EXTENSION = 'e',
    NODE_BRANCH = 'b',
    NODE_LEAF = 'l',
    NODE_VALUE = 'v'
};

static void
free_values(struct map *m)
{
    void *value;
    for (size_t i = 0; map_next(m, &i, NULL, &value);)
        xfree(value);
    map_clear(m);
}

void
trie_init(struct trie *t)
{
    *t = (struct trie){0};
    map_init(&t->seen);
    map_init(&t->changed);
    map_init(&t->pending);
}

void
trie_release(struct trie *t)
{
    for (size_t i = 0; i < t->count; i++)
        xfree((void *)(uintptr_t)t->keys[i].text.p);
    xfree(t->keys);
    free_values(&t->seen);
    free_values(&t->changed);
    free_values(&t->pending);
    map_release(&t->seen);
    map_release(&t->changed);
    map_release(&t->pending);
}

/* The values of these maps are what their keys point to. */
static void
copy_set(const struct map *from, struct map *to)
{
    struct str key;
    void *value;
    map_init(to);
    for (size_t i = 0; map_next(from, &i, &key, &value);) {
        char *kept = xmemdup(key.p, key.n);
        map_put(to, str_of(kept, key.n), kept);
    }
}

void
trie_copy(const struct trie *from, struct trie *to)
{
    *to = (struct trie){.count = from->count, .room = from->count};
    to->keys = xmemdup(from->keys, from->count * sizeof(*from->keys));
    for (size_t i = 0; i < to->count; i++) {
        struct str text = from->keys[i].text;
        to->keys[i].text = str_of(xmemdup(text.p, text.n), text.n);
    }
    copy_set(&from->seen, &to->seen);
    copy_set(&from->changed, &to->changed);
    copy_set(&from->pending, &to->pending);
}

/* --- the keys as the chunk began ---------------------------------------------------------- */

/* Where the key stands, or would stand. */
static size_t
find_key(const struct trie *t, struct str text, bool *is_there)
{
    size_t lo = 0, hi = t->count;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        int order = str_compare(t->keys[middle].text, text);
        if (order == 0) {
            *is_there = true;
            return middle;
        }
        if (order < 0)
            lo = middle + 1;
        else
            hi = middle;
    }
    *is_there = false;
    return lo;
}

static int
by_text(const void *a, const void *b)
{
    return str_compare(((const struct trie_key *)a)->text, ((const struct trie_key *)b)->text);
}

static int
by_place(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The last first, so that every other key moves once, however many are new. */
static void
insert_keys(struct trie *t, struct trie_key *added, size_t count)
{
    size_t total = t->count + count;
    void *keys = t->keys;
    bool is_there;
    t->room = xgrow(&keys, t->room, total, sizeof(*t->keys));
    t->keys = keys;
    qsort(added, count, sizeof(*added), by_text);
    for (size_t left = count; left > 0; left--) {
        size_t at = find_key(t, added[left - 1].text, &is_there);
        memmove(t->keys + at + left, t->keys + at, (t->count - at) * sizeof(*t->keys));
        t->keys[at + left - 1] = added[left - 1];
        t->count = at;
    }
    t->count = total;
}

static void
drop_keys(struct trie *t, size_t *places, size_t count)
{
    qsort(places, count, sizeof(*places), by_place);
    size_t to = places[0];
    for (size_t i = 0; i < count; i++) {
        size_t from = places[i] + 1, end = i + 1 < count ? places[i + 1] : t->count;
        xfree((void *)(uintptr_t)t->keys[places[i]].text.p);
        memmove(t->keys + to, t->keys + from, (end - from) * sizeof(*t->keys));
        to += end - from;
    }
    t->count = to;
}

/* What the last chunk changed, read again. */
static void
take_changes(struct trie *t, trie_read_fn read, void *context)
{
    struct trie_key *added = xcalloc(t->changed.live, sizeof(*added));
    size_t *gone = xcalloc(t->changed.live, sizeof(*gone)), added_count = 0, gone_count = 0;
    struct str text, value;
    void *owned;
    for (size_t i = 0; map_next(&t->changed, &i, &text, &owned);) {
        /* No account's name has a comma in it. */
        size_t comma = (size_t)str_find_byte(text, ',');
        bool is_there, is_left = read(context, str_slice(text, 0, comma),
                                      str_slice(text, comma + 1, text.n), &value);
        size_t at = find_key(t, text, &is_there);
        if (is_there && is_left)
            t->keys[at].value = hash_of_bytes(value);
        else if (is_there)
            gone[gone_count++] = at;
        else if (is_left)
            added[added_count++] = (struct trie_key){
                .text = str_of(xmemdup(text.p, text.n), text.n), .value = hash_of_bytes(value)};
    }
    if (gone_count)
        drop_keys(t, gone, gone_count);
    if (added_count)
        insert_keys(t, added, added_count);
    xfree(added);
    xfree(gone);
}

void
trie_begin(struct trie *t, trie_read_fn read, void *context)
{
    trie_commit(t);
    if (t->changed.live)
        take_changes(t, read, context);
    free_values(&t->changed);
    free_values(&t->seen);
}

/* --- what a chunk changes ----------------------------------------------------------------- */

static struct str
join(struct str account, struct str key, char out[MAX_TEXT])
{
    size_t n = 0;
    assert(account.n + 1 + key.n <= MAX_TEXT);
    memcpy(out, account.p, account.n);
    n += account.n;
    out[n++] = ',';
    if (key.n)
        memcpy(out + n, key.p, key.n);
    return str_of(out, n + key.n);
}

static bool
is_changed(const struct trie *t, struct str text)
{
    return map_get(&t->changed, text) || map_get(&t->pending, text);
}

static void
note(struct map *set, struct str text)
{
    if (map_get(set, text))
        return;
    char *kept = xmemdup(text.p, text.n);
    map_put(set, str_of(kept, text.n), kept);
}

void
trie_note_change(struct trie *t, struct str account, struct str key)
{
    char text[MAX_TEXT];
    note(&t->pending, join(account, key, text));
}

void
trie_commit(struct trie *t)
{
    struct str text;
    void *owned;
    for (size_t i = 0; map_next(&t->pending, &i, &text, &owned);)
        note(&t->changed, text);
    free_values(&t->pending);
}

void
trie_roll_back(struct trie *t)
{
    free_values(&t->pending);
}

/* --- the way to a key --------------------------------------------------------------------- */

/* Remembers an identity; true when it was there. */
static bool
see(struct map *set, struct str identity)
{
    struct hash h = hash_of_bytes(identity);
    if (map_get(set, str_of(h.b, sizeof(h.b))))
        return true;
    struct hash *kept = xmemdup(&h, sizeof(h));
    map_put(set, str_of(kept->b, sizeof(kept->b)), kept);
    return false;
}

static unsigned
nibble(struct str text, size_t at)
{
    unsigned byte = (unsigned char)text.p[at / 2];
    return at % 2 ? byte & 15 : byte >> 4;
}

struct visit {
    struct trie *t;
    uint64_t *touched, *cached;
};

static void
touch(struct visit *v, char kind, struct str content, size_t nibbles, const struct hash *value)
{
    char bytes[MAX_TEXT + 64];
    size_t n = 0;
    bytes[n++] = kind;
    bytes[n++] = (char)(nibbles & 0xFF);
    bytes[n++] = (char)(nibbles >> 8);
    memcpy(bytes + n, content.p, content.n);
    n += content.n;
    if (value) {
        memcpy(bytes + n, value->b, sizeof(value->b));
        n += sizeof(value->b);
    }
    if (see(&v->t->seen, str_of(bytes, n)))
        (*v->cached)++;
    else
        (*v->touched)++;
}

static void
touch_value(struct visit *v, const struct hash *value)
{
    touch(v, NODE_VALUE, STR(""), 0, value);
}

static void
touch_inner(struct visit *v, char kind, struct str path, size_t depth)
{
    touch(v, kind, str_slice(path, 0, (depth + 1) / 2), depth, NULL);
}

/* A leaf is its remaining nibbles and its value, wherever it hangs. */
static void
touch_leaf(struct visit *v, const struct trie_key *key, size_t depth)
{
    char rest[MAX_TEXT];
    struct str left = str_slice(key->text, depth / 2, key->text.n);
    if (left.n)
        memcpy(rest, left.p, left.n);
    if (depth % 2 && left.n)
        rest[0] &= 15;
    touch(v, NODE_LEAF, str_of(rest, left.n), depth % 2, &key->value);
}

static size_t
common_nibbles(struct str a, struct str b, size_t from)
{
    size_t most = (a.n < b.n ? a.n : b.n) * 2, at = from;
    while (at < most && nibble(a, at) == nibble(b, at))
        at++;
    return at - from;
}

static void
walk(struct visit *v, struct str key)
{
    const struct trie_key *keys = v->t->keys;
    size_t lo = 0, hi = v->t->count, depth = 0;
    while (lo < hi) {
        if (hi - lo == 1) {
            touch_leaf(v, &keys[lo], depth);
            if (str_equal(keys[lo].text, key))
                touch_value(v, &keys[lo].value);
            return;
        }
        size_t common = common_nibbles(keys[lo].text, keys[hi - 1].text, depth);
        if (common) {
            touch_inner(v, NODE_EXTENSION, keys[lo].text, depth);
            if (common_nibbles(keys[lo].text, key, depth) < common)
                return;
            depth += common;
        }
        touch_inner(v, NODE_BRANCH, keys[lo].text, depth);
        if (key.n * 2 == depth) {
            if (keys[lo].text.n * 2 == depth)
                touch_value(v, &keys[lo].value);
            return;
        }
        unsigned next = nibble(key, depth);
        while (lo < hi && (keys[lo].text.n * 2 == depth || nibble(keys[lo].text, depth) < next))
            lo++;
        size_t end = lo;
        while (end < hi && nibble(keys[end].text, depth) == next)
            end++;
        hi = end;
        depth++;
    }
}

void
trie_visit(struct trie *t, struct str account, struct str key, uint64_t *touched,
           uint64_t *cached)
{
    char text[MAX_TEXT];
    struct str joined = join(account, key, text);
    *touched = *cached = 0;
    if (is_changed(t, joined))
        return;
    struct visit v = {t, touched, cached};
    touch(&v, NODE_ROOT, STR(""), 0, NULL);
    touch(&v, NODE_COLUMN, STR(""), 0, NULL);
    walk(&v, joined);
    note(&t->pending, joined);
}

void
trie_note_read(struct trie *t, struct str account, struct str key, struct str value)
{
    char text[MAX_TEXT];
    struct hash content = hash_of_bytes(value);
    uint64_t ignored = 0;
    struct visit v = {t, &ignored, &ignored};
    if (!is_changed(t, join(account, key, text)))
        touch_value(&v, &content);
}
