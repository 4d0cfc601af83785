#include "contract/chain/changes.h"

#include <assert.h>
#include <string.h>
#include "contract/chain/state.h"
#include "net/base/xalloc.h"

void
changes_init(struct changes *c, uint64_t height)
{
    *c = (struct changes){.oldest = height + 1, .newest = height};
}

static size_t
size_of(const struct block_changes *b)
{
    return b->arena.used + b->room * sizeof(*b->items);
}

static void
forget(struct block_changes *b)
{
    arena_release(&b->arena);
    xfree(b->items);
    *b = (struct block_changes){0};
}

void
changes_release(struct changes *c)
{
    for (size_t i = 0; i < CHANGES_BLOCKS; i++)
        forget(&c->blocks[i]);
}

static struct block_changes *
slot(struct changes *c, uint64_t height)
{
    return &c->blocks[height % CHANGES_BLOCKS];
}

static void
forget_oldest(struct changes *c)
{
    struct block_changes *b = slot(c, c->oldest);
    if (b->height == c->oldest) {
        c->bytes -= size_of(b);
        forget(b);
    }
    c->oldest++;
}

/* Somebody went back to before this block: it never was. */
static void
forget_replaced(struct changes *c)
{
    struct block_changes *b = slot(c, c->newest);
    if (b->height != c->newest)
        return;
    if (b->is_counted)
        c->bytes -= size_of(b);
    forget(b);
}

void
changes_go_back(struct changes *c, uint64_t height)
{
    for (; c->newest >= c->oldest && c->newest > height; c->newest--)
        forget_replaced(c);
}

/* Heights that were skipped have no block: their places stay empty. */
void
changes_begin_block(struct changes *c, uint64_t height)
{
    changes_go_back(c, height - 1);
    struct block_changes *last = slot(c, c->newest);
    if (c->newest >= c->oldest && !last->is_counted) {
        c->bytes += size_of(last);
        last->is_counted = true;
    }
    while (c->oldest <= c->newest && height - c->oldest >= CHANGES_BLOCKS)
        forget_oldest(c);
    while (c->bytes > CHANGES_MAX_BYTES && height - c->oldest >= CHANGES_MIN_BLOCKS)
        forget_oldest(c);
    if (c->oldest > c->newest)
        c->oldest = height;
    slot(c, height)->height = height;
    c->newest = height;
}

const struct block_changes *
changes_at(const struct changes *c, uint64_t height)
{
    const struct block_changes *b = &c->blocks[height % CHANGES_BLOCKS];
    return height >= c->oldest && height <= c->newest && b->height == height ? b : NULL;
}

bool
changes_reach_back_to(const struct changes *c, uint64_t height)
{
    return height + 1 >= c->oldest;
}

/* --- recording ---------------------------------------------------------------------------- */

struct recorder {
    struct block_changes *block;
    const struct account *account;
    enum change_cause cause;
    struct hash by;
};

static bool
is_same_place(const struct change *a, const struct change *b)
{
    return a->kind == b->kind && a->account == b->account &&
           public_key_equal(&a->public_key, &b->public_key) && str_equal(a->key, b->key);
}

/* The transactions of a chunk come first and stand together. */
static struct change *
of_earlier_transaction(const struct recorder *r, const struct change *like)
{
    for (size_t i = r->block->count; i-- > 0;) {
        struct change *found = &r->block->items[i];
        if (found->cause != CAUSE_TRANSACTION)
            return NULL;
        if (is_same_place(found, like))
            return found;
    }
    return NULL;
}

static void
add(struct recorder *r, struct change change)
{
    struct block_changes *b = r->block;
    struct change *earlier = NULL;
    change.cause = r->cause;
    change.by = r->by;
    change.account = &r->account->id;
    if (r->cause == CAUSE_TRANSACTION)
        earlier = of_earlier_transaction(r, &change);
    if (earlier) {
        change.account_before = earlier->account_before;
        change.key_before = earlier->key_before;
        *earlier = change;
        return;
    }
    void *items = b->items;
    b->room = xgrow(&items, b->room, b->count + 1, sizeof(*b->items));
    b->items = items;
    b->items[b->count++] = change;
}

struct arena *
changes_restore(struct changes *c, uint64_t height, size_t count)
{
    if (height == 0)
        return NULL;
    changes_begin_block(c, height);
    struct block_changes *b = slot(c, height);
    b->items = xcalloc(count, sizeof(*b->items));
    b->room = count;
    return &b->arena;
}

void
changes_add(struct changes *c, const struct change *change)
{
    struct block_changes *b = slot(c, c->newest);
    assert(b->count < b->room);
    b->items[b->count++] = *change;
}

static const struct account_view *
keep_account(struct recorder *r, const struct account *a)
{
    struct account_view v = account_view_of(a);
    return a->exists ? arena_copy(&r->block->arena, &v, sizeof(v)) : NULL;
}

static const struct str *
keep_text(struct recorder *r, struct str text)
{
    struct str kept = arena_str(&r->block->arena, text);
    return arena_copy(&r->block->arena, &kept, sizeof(kept));
}

static const struct access_key_view *
keep_key(struct recorder *r, const struct key_record *k)
{
    struct access_key_view v = key_view(k, &r->block->arena);
    return arena_copy(&r->block->arena, &v, sizeof(v));
}

/* Code lives in the state's store as long as the state does: it is not copied. */
static const struct str *
borrow_code(struct recorder *r, const struct account *a)
{
    if (!a->exists || hash_is_zero(&a->code_hash))
        return NULL;
    return arena_copy(&r->block->arena, &a->code, sizeof(a->code));
}

static void
record_account(struct recorder *r, const struct account *before)
{
    struct change change = {.kind = CHANGE_ACCOUNT,
                            .account_before = keep_account(r, before),
                            .account_after = keep_account(r, r->account)};
    if (change.account_before || change.account_after)
        add(r, change);
    if (hash_equal(&before->code_hash, &r->account->code_hash))
        return;
    change = (struct change){.kind = CHANGE_CODE,
                             .before = borrow_code(r, before),
                             .after = borrow_code(r, r->account)};
    add(r, change);
}

static bool
is_same_key(const struct key_record *a, const struct key_record *b)
{
    return a->nonce == b->nonce && a->is_full_access == b->is_full_access &&
           a->has_allowance == b->has_allowance &&
           amount_compare(a->allowance, b->allowance) == 0;
}

static void
record_keys(struct recorder *r, const struct account *before)
{
    for (size_t i = 0; i < before->key_count; i++) {
        const struct key_record *old = &before->keys[i];
        const struct key_record *now = account_find_key(r->account, &old->key);
        if (now && is_same_key(old, now))
            continue;
        add(r, (struct change){.kind = CHANGE_KEY,
                               .public_key = old->key,
                               .key_before = keep_key(r, old),
                               .key_after = now ? keep_key(r, now) : NULL});
    }
    for (size_t i = 0; i < r->account->key_count; i++) {
        const struct key_record *now = &r->account->keys[i];
        if (!account_find_key(before, &now->key))
            add(r, (struct change){.kind = CHANGE_KEY,
                                   .public_key = now->key,
                                   .key_after = keep_key(r, now)});
    }
}

/* The first time that a key was changed tells what stood there before. */
static void
record_data(struct recorder *r, const struct state *s)
{
    struct map seen;
    map_init(&seen);
    for (size_t i = 0; i < s->undo_count; i++) {
        const struct undo_datum *u = &s->undo[i];
        struct str now;
        if (map_get(&seen, u->key))
            continue;
        map_put(&seen, u->key, &s->undo[i]);
        bool is_there = account_read(r->account, u->key, &now);
        add(r, (struct change){.kind = CHANGE_DATA,
                               .key = *keep_text(r, u->key),
                               .before = u->was_there ? keep_text(r, u->value) : NULL,
                               .after = is_there ? keep_text(r, now) : NULL});
    }
    map_release(&seen);
}

void
changes_record(struct changes *c, const struct state *s, enum change_cause cause,
               const struct hash *by)
{
    if (cause == CAUSE_NONE || c->newest < c->oldest)
        return;
    struct recorder r = {.block = slot(c, c->newest), .account = s->open, .cause = cause, .by = *by};
    record_account(&r, &s->before);
    record_keys(&r, &s->before);
    record_data(&r, s);
}

/* --- order -------------------------------------------------------------------------------- */

int
change_compare(const struct change *a, const struct change *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = strcmp(a->account->s, b->account->s);
    if (order)
        return order;
    if (a->public_key.curve != b->public_key.curve)
        return a->public_key.curve < b->public_key.curve ? -1 : 1;
    order = memcmp(a->public_key.b, b->public_key.b, sizeof(a->public_key.b));
    return order ? order : str_compare(a->key, b->key);
}
