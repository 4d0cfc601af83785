/* Going back to a chain as it was: what is copied, what is taken out of the indices again, and
 * what becomes of the transactions. Receipts, outcomes and blocks are never changed once made,
 * so that only the places that point to them have to be remembered. */
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/drill.h"
#include "net/base/xalloc.h"

/* What changes in an arrival, and in the receipt that waits for it. */
struct kept_arrival {
    struct arrival *arrival;
    struct arrival value;
    size_t missing;
};

struct kept_shard {
    struct shard shard;             /* lists and trie are copies; of arrivals see below */
    struct kept_arrival *arrivals;
    size_t arrival_count;
};

struct chain_mark {
    struct map accounts;
    struct kept_shard shards[CHAIN_MAX_SHARDS];
    struct chain *chain;            /* borrowed, until the mark is freed */
    struct recent_blocks recent;
    uint64_t head_height, gas_price, skipped;
    size_t pool_count, pool_bytes;
};

/* --- remembering -------------------------------------------------------------------------- */

static struct list
copy_list(const struct list *l)
{
    struct list copy = {.count = l->count, .room = l->count};
    copy.items = xmemdup(l->items, l->count * sizeof(*l->items));
    return copy;
}

static void
keep_arrivals(const struct map *arrivals, struct kept_shard *k)
{
    void *value;
    k->arrivals = xcalloc(arrivals->live, sizeof(*k->arrivals));
    for (size_t i = 0; map_next(arrivals, &i, NULL, &value);) {
        struct arrival *a = value;
        k->arrivals[k->arrival_count++] =
            (struct kept_arrival){a, *a, a->waiting ? a->waiting->missing : 0};
    }
}

/* Of values that do not change. */
static struct map
copy_map(const struct map *m)
{
    struct map copy;
    struct str key;
    void *value;
    map_init(&copy);
    for (size_t i = 0; map_next(m, &i, &key, &value);)
        map_put(&copy, key, value);
    return copy;
}

static void
keep_shard(const struct shard *s, struct kept_shard *k)
{
    k->shard = *s;
    k->shard.pool = copy_list(&s->pool);
    k->shard.prepared = copy_list(&s->prepared);
    k->shard.incoming = copy_list(&s->incoming);
    k->shard.delayed = copy_list(&s->delayed);
    k->shard.outgoing = copy_list(&s->outgoing);
    k->shard.yields = copy_map(&s->yields);
    k->shard.globals = copy_map(&s->globals);
    k->shard.deadlines = copy_list(&s->deadlines);
    trie_copy(&s->trie, &k->shard.trie);
    keep_arrivals(&s->arrivals, k);
}

struct chain_mark *
chain_mark_new(struct chain *c)
{
    struct chain_mark *m = xcalloc(1, sizeof(*m));
    state_copy_accounts(&c->state, &m->accounts);
    for (size_t i = 0; i < c->shard_count; i++)
        keep_shard(&c->shards[i], &m->shards[i]);
    m->chain = c;
    c->history.marks++;
    m->head_height = chain_head(c)->height;
    m->recent = c->history.recent;
    m->gas_price = c->gas_price;
    m->skipped = c->skipped;
    m->pool_count = c->pool_count;
    m->pool_bytes = c->pool_bytes;
    return m;
}

static void
release_shard(struct shard *s)
{
    list_release(&s->pool);
    list_release(&s->prepared);
    list_release(&s->incoming);
    list_release(&s->delayed);
    list_release(&s->outgoing);
    map_release(&s->yields);
    map_release(&s->globals);
    list_release(&s->deadlines);
    trie_release(&s->trie);
}

void
chain_mark_free(struct chain_mark *take_mark)
{
    struct chain_mark *m = take_mark;
    if (!m)
        return;
    m->chain->history.marks--;
    accounts_release(&m->accounts);
    for (size_t i = 0; i < CHAIN_MAX_SHARDS; i++) {
        release_shard(&m->shards[i].shard);
        xfree(m->shards[i].arrivals);
    }
    xfree(m);
}

/* --- transactions ------------------------------------------------------------------------- */

static struct known_tx *
known_at(const struct list *l, size_t index)
{
    return (struct known_tx *)(uintptr_t)l->items[index];
}

static struct str
key_of(const struct known_tx *known)
{
    return str_of(known->signed_tx->hash.b, sizeof(known->signed_tx->hash.b));
}

/* All that waited then: known again, even if it was refused since. */
static void
know_again(struct chain *c, const struct list *l, bool is_included, struct map *waited)
{
    for (size_t i = 0; i < l->count; i++) {
        struct known_tx *known = known_at(l, i);
        known->is_included = is_included;
        map_put(&c->transactions, key_of(known), known);
        keeper_transaction(&c->keeper, known, false);
        map_put(waited, key_of(known), known);
    }
}

/* What has come since waits behind what waited then. */
static void
take_over(struct chain *c, const struct list *now, const struct map *waited, struct list *pool)
{
    for (size_t i = 0; i < now->count; i++) {
        struct known_tx *known = known_at(now, i);
        if (map_get(waited, key_of(known)))
            continue;
        known->is_included = false;
        list_add(pool, known);
        keeper_transaction(&c->keeper, known, false);
        c->pool_count++;
        c->pool_bytes += known->signed_tx->unsigned_size;
    }
}

/* What came since and has run in a block that is gone. */
static void
take_over_run(struct chain *c, struct chain_mark *m, const struct map *waited)
{
    for (uint64_t h = m->head_height + 1; h <= chain_head(c)->height; h++) {
        const struct segment *s = history_at(&c->history, h);
        for (size_t i = 0; s && i < s->included.count; i++) {
            struct list one = {.items = &s->included.items[i], .count = 1};
            const struct account_id *signer = &known_at(&s->included, i)->signed_tx->tx.signer;
            size_t shard = chain_shard_of(c, account_str(signer));
            take_over(c, &one, waited, &m->shards[shard].shard.pool);
        }
    }
}

/* What was refused since and waits again is not to be freed. */
static void
keep_waited(struct list *forgotten, const struct map *waited)
{
    size_t left = 0;
    for (size_t i = 0; i < forgotten->count; i++) {
        if (!map_get(waited, key_of(known_at(forgotten, i))))
            forgotten->items[left++] = forgotten->items[i];
    }
    forgotten->count = left;
}

static void
merge_pools(struct chain *c, struct chain_mark *m)
{
    struct map waited;
    map_init(&waited);
    c->pool_count = m->pool_count;
    c->pool_bytes = m->pool_bytes;
    for (size_t i = 0; i < c->shard_count; i++) {
        know_again(c, &m->shards[i].shard.prepared, true, &waited);
        know_again(c, &m->shards[i].shard.pool, false, &waited);
    }
    for (size_t i = 0; i < c->shard_count; i++) {
        take_over(c, &c->shards[i].prepared, &waited, &m->shards[i].shard.pool);
        take_over(c, &c->shards[i].pool, &waited, &m->shards[i].shard.pool);
    }
    take_over_run(c, m, &waited);
    keep_waited(&c->history.forgotten, &waited);
    map_release(&waited);
}

/* --- going back --------------------------------------------------------------------------- */

static void
bring_back(struct shard *s, struct kept_shard *k)
{
    struct map arrivals = s->arrivals;
    uint64_t load_gas = s->load_gas, load_delayed_gas = s->load_delayed_gas;
    release_shard(s);
    *s = k->shard;
    k->shard = (struct shard){0};
    s->arrivals = arrivals;
    s->load_gas = load_gas;
    s->load_delayed_gas = load_delayed_gas;
    map_clear(&s->arrivals);
    for (size_t i = 0; i < k->arrival_count; i++) {
        struct kept_arrival *a = &k->arrivals[i];
        *a->arrival = a->value;
        if (a->arrival->waiting)
            a->arrival->waiting->missing = a->missing;
        map_put(&s->arrivals, str_of(a->arrival->data_id.b, sizeof(a->arrival->data_id.b)),
                a->arrival);
    }
}

void
chain_go_back(struct chain *c, struct chain_mark *take_mark)
{
    struct chain_mark *m = take_mark;
    merge_pools(c, m);
    history_go_back(c, m->head_height, &m->recent);
    changes_go_back(&c->changes, m->head_height);
    patch_go_back(&c->patch, m->head_height);
    state_take_accounts(&c->state, &m->accounts);
    m->accounts = (struct map){0};
    for (size_t i = 0; i < c->shard_count; i++) {
        /* What is drilled now goes on: it is no part of what is gone back to. */
        bool is_stalled = c->shards[i].is_stalled;
        bring_back(&c->shards[i], &m->shards[i]);
        chain_stall(c, i, is_stalled);
    }
    c->gas_price = m->gas_price;
    c->skipped = m->skipped;
    chain_mark_free(m);
}
