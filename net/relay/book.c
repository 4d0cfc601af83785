#include "net/relay/book.h"

#include <string.h>
#include "net/base/map.h"
#include "net/base/xalloc.h"

enum { LEARN_BLOCKS = 6 };      /* so far back receipts are looked for that now travel */

/* A transaction that is not through yet. */
struct open_tx {
    struct hash id;
    uint64_t height;            /* of the first block that it was heard of in */
    int64_t pending;            /* receipts made and not run; below 0 while out of order */
    bool has_run;               /* its own outcome was counted */
    bool is_over;
    char *view;                 /* owned; of the transaction */
};

struct kept {
    struct walk_block *block;   /* owned */
    bool is_final;              /* … and told */
};

struct book {
    struct hub *hub;
    struct kept kept[BOOK_BLOCKS];      /* the newest last */
    size_t count;
    struct map open;            /* hash -> struct open_tx, owned */
};

/* --- transactions that are through -------------------------------------------------------- */

static struct open_tx *
open_of(struct book *k, const struct hash *id, uint64_t height)
{
    struct open_tx *t = map_get(&k->open, str_of(id->b, sizeof(id->b)));
    if (t || k->open.live >= BOOK_OPEN)
        return t;
    t = xcalloc(1, sizeof(*t));
    t->id = *id;
    t->height = height;
    map_put(&k->open, str_of(t->id.b, sizeof(t->id.b)), t);
    return t;
}

static void
open_free(struct open_tx *take_t)
{
    xfree(take_t->view);
    xfree(take_t);
}

static void
count_outcome(struct book *k, const struct walk_block *b, const struct walk_outcome *o)
{
    struct open_tx *t = open_of(k, &o->tx, b->height);
    if (!t)
        return;
    t->pending += (int64_t)o->child_count - !o->is_transaction;
    t->has_run |= o->is_transaction;
    if (o->is_transaction && !t->view)
        t->view = xstrndup(o->transaction.p, o->transaction.n);
}

struct keeping {
    uint64_t least_height;
};

static bool
is_kept(void *context, const void *value)
{
    const struct keeping *keeping = context;
    const struct open_tx *t = value;
    if (!t->is_over && t->height >= keeping->least_height)
        return true;
    open_free((struct open_tx *)(uintptr_t)t);
    return false;
}

static void
tell_final(struct book *k, const struct walk_block *b, struct walk_outcome *const *outcomes,
           size_t count, bool is_whole)
{
    struct str *finished = xcalloc(count + 1, sizeof(*finished));
    struct book_news news = {.block = b, .outcomes = outcomes, .outcome_count = count,
                             .is_whole = is_whole, .finished = finished};
    for (size_t i = 0; i < count; i++)
        count_outcome(k, b, outcomes[i]);
    for (size_t i = 0; i < count; i++) {
        struct open_tx *t = map_get(&k->open, str_of(outcomes[i]->tx.b, sizeof(struct hash)));
        if (!t || t->pending != 0 || t->is_over || !t->has_run)
            continue;
        t->is_over = true;
        finished[news.finished_count++] = str_from(t->view);
    }
    hub_tell(k->hub, true, relay_events, &news);
    struct keeping keeping = {b->height > BOOK_OPEN_BLOCKS ? b->height - BOOK_OPEN_BLOCKS : 0};
    if (news.finished_count || (is_whole && b->height % 64 == 0))
        map_keep(&k->open, is_kept, &keeping);
    xfree(finished);
}

/* --- blocks ------------------------------------------------------------------------------- */

static size_t
place_of(const struct book *k, const struct hash *hash)
{
    for (size_t i = k->count; i > 0; i--) {
        if (hash_equal(&k->kept[i - 1].block->hash, hash))
            return i;
    }
    return 0;
}

struct walk_block *
book_find(const struct book *k, const struct hash *hash)
{
    size_t place = place_of(k, hash);
    return place ? k->kept[place - 1].block : NULL;
}

const struct walk_block *
book_tip(const struct book *k)
{
    return k->count ? k->kept[k->count - 1].block : NULL;
}

static void
drop_oldest(struct book *k, size_t n)
{
    for (size_t i = 0; i < n; i++)
        walk_block_free(k->kept[i].block);
    memmove(k->kept, k->kept + n, (k->count - n) * sizeof(k->kept[0]));
    k->count -= n;
}

/* Room for one more: what is final and old goes first. */
static void
make_room(struct book *k)
{
    size_t final = 0;
    while (final < k->count && k->kept[final].is_final)
        final++;
    size_t excess = final > BOOK_FINAL_BLOCKS ? final - BOOK_FINAL_BLOCKS : 0;
    if (k->count - excess == BOOK_BLOCKS)
        excess++;
    drop_oldest(k, excess);
}

/* All that does not lead to this block was replaced, or lies before a gap. */
static void
cut(struct book *k, const struct walk_block *b)
{
    size_t parent = place_of(k, &b->prev_hash);
    while (parent && k->count > parent)
        walk_block_free(k->kept[--k->count].block);
}

static void
tell_finals(struct book *k, const struct hash *final)
{
    size_t upto = place_of(k, final);
    for (size_t i = 0; i < upto; i++) {
        struct kept *kept = &k->kept[i];
        if (kept->is_final)
            continue;
        kept->is_final = true;
        tell_final(k, kept->block, kept->block->outcomes, kept->block->outcome_count, true);
    }
}

static void
tell_seen(struct book *k, const struct walk_block *b, struct walk_outcome *const *outcomes,
          size_t count)
{
    const struct book_news news = {.block = b, .outcomes = outcomes, .outcome_count = count};
    if (count)
        hub_tell(k->hub, false, relay_events, &news);
}

/* --- what receipts made ------------------------------------------------------------------- */

/* The views of receipts that are known from this block: those that travel, those that ran. */
static void
index_receipts(const struct walk_block *b, struct map *views)
{
    for (size_t i = 0; i < b->receipt_count; i++) {
        struct walk_receipt *r = &b->receipts[i];
        map_put(views, str_of(r->id.b, sizeof(r->id.b)), &r->view);
    }
    for (size_t i = 0; i < b->outcome_count; i++) {
        struct walk_outcome *o = b->outcomes[i];
        if (o->receipt.n)
            map_put(views, str_of(o->id.b, sizeof(o->id.b)), &o->receipt);
    }
}

static bool
learn(struct walk_block *b, struct walk_outcome *o, const struct map *views)
{
    bool is_news = false;
    for (size_t i = 0; i < o->child_count; i++) {
        const struct str *view = map_get(views, str_of(o->children[i].b, sizeof(struct hash)));
        if (view)
            is_news |= walk_outcome_learn(o, &b->arena, &o->children[i], *view);
    }
    return is_news;
}

static void
learn_receipts(struct book *k, const struct walk_block *from)
{
    struct map views;
    map_init(&views);
    index_receipts(from, &views);
    size_t first = k->count > LEARN_BLOCKS ? k->count - LEARN_BLOCKS : 0;
    for (size_t i = first; views.live && i < k->count; i++) {
        struct walk_block *b = k->kept[i].block;
        for (size_t j = 0; j < b->outcome_count; j++) {
            struct walk_outcome *o = b->outcomes[j];
            /* Of this very block nothing was told yet. */
            if (o->child_known < o->child_count && learn(b, o, &views) && b != from)
                tell_seen(k, b, &b->outcomes[j], 1);
        }
    }
    map_release(&views);
}

/* --- hearing ------------------------------------------------------------------------------ */

void
book_block(struct book *k, struct walk_block *take_b)
{
    cut(k, take_b);
    make_room(k);
    k->kept[k->count++] = (struct kept){.block = take_b};
    learn_receipts(k, take_b);
    tell_seen(k, take_b, take_b->outcomes, take_b->outcome_count);
    tell_finals(k, &take_b->final_hash);
}

void
book_added(struct book *k, struct walk_block *b, size_t first)
{
    size_t place = place_of(k, &b->hash), count = b->outcome_count - first;
    if (!place || !count)
        return;
    tell_seen(k, b, b->outcomes + first, count);
    if (k->kept[place - 1].is_final)
        tell_final(k, b, b->outcomes + first, count, false);
}

void
book_completed(struct book *k, struct walk_block *b, struct walk_outcome *o)
{
    tell_seen(k, b, &o, 1);
}

/* --- life --------------------------------------------------------------------------------- */

struct book *
book_new(struct hub *hub)
{
    struct book *k = xcalloc(1, sizeof(*k));
    k->hub = hub;
    map_init(&k->open);
    return k;
}

void
book_free(struct book *k)
{
    void *value;
    if (!k)
        return;
    drop_oldest(k, k->count);
    for (size_t i = 0; map_next(&k->open, &i, NULL, &value);)
        open_free(value);
    map_release(&k->open);
    xfree(k);
}
