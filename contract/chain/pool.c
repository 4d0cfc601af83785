/* Transactions that wait: from their arrival to the chunk they are taken into. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/codec.h"
#include "net/base/xalloc.h"

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static enum invalid_tx_kind
admit(const struct chain *c, const struct signed_transaction *t, struct invalid_tx *why)
{
    enum invalid_tx_kind kind = tx_verify(c, t, why);
    if (kind)
        return kind;
    if (c->pool_count < CHAIN_MAX_POOL &&
        c->pool_bytes + t->unsigned_size <= CHAIN_MAX_POOL_BYTES)
        return TX_VALID;
    why->a = chain_shard_id(c, chain_shard_of(c, account_str(&t->tx.signer)));
    why->level = 1.0;
    return why->kind = INVALID_SHARD_CONGESTED;
}

/* Known from now on, and its bytes are counted. */
static void
know(struct chain *c, struct known_tx *known)
{
    map_put(&c->transactions, key_of(&known->signed_tx->hash), known);
    c->pool_count++;
    c->pool_bytes += known->signed_tx->unsigned_size;
}

static void
keep(struct chain *c, struct str bytes)
{
    struct known_tx *known = known_new(bytes);
    assert(known);
    known->number = c->next_number++;
    know(c, known);
    list_add(&c->shards[chain_shard_of(c, account_str(&known->signed_tx->tx.signer))].pool, known);
    keeper_transaction(&c->keeper, known, false);
    chain_expect(&known->signed_tx->tx);
}

struct known_tx *
pool_restore(struct chain *c, struct str record)
{
    struct arena arena;
    struct str bytes = {0};
    uint64_t number = 0;
    struct known_tx *known = NULL;
    arena_init(&arena);
    struct codec k = codec_take(record, &arena);
    code_u64(&k, &number);
    code_str(&k, &bytes);
    if (codec_is_done(&k))
        known = known_new(bytes);
    if (known) {
        known->number = number;
        if (number >= c->next_number)
            c->next_number = number + 1;
        know(c, known);
        chain_expect(&known->signed_tx->tx);
    }
    arena_release(&arena);
    return known;
}

enum invalid_tx_kind
chain_submit(struct chain *c, struct str bytes, struct invalid_tx *why, struct hash *hash,
             enum err *undecodable, struct diag *d)
{
    struct signed_transaction t;
    struct arena scratch;
    enum invalid_tx_kind kind = TX_VALID;
    arena_init(&scratch);
    *undecodable = tx_decode_signed(bytes, &scratch, &t, d);
    if (*undecodable)
        goto out;
    *hash = t.hash;
    if (map_get(&c->transactions, key_of(&t.hash)))
        goto out;
    kind = admit(c, &t, why);
    if (!kind)
        keep(c, bytes);
out:
    arena_release(&scratch);
    return kind;
}

void
pool_take(struct chain *c, const struct known_tx *known)
{
    c->pool_count--;
    c->pool_bytes -= known->signed_tx->unsigned_size;
    keeper_transaction(&c->keeper, known, true);
}

void
pool_forget(struct chain *c, struct known_tx *take_known)
{
    map_remove(&c->transactions, key_of(&take_known->signed_tx->hash));
    list_add(&c->history.forgotten, take_known);
}

/* --- order -------------------------------------------------------------------------------- */

struct place {
    const struct known_tx *known;
    size_t slot;
};

static int
by_signer_key(const struct transaction *a, const struct transaction *b)
{
    int order = strcmp(a->signer.s, b->signer.s);
    if (order == 0)
        order = (a->key.curve > b->key.curve) - (a->key.curve < b->key.curve);
    return order ? order : memcmp(a->key.b, b->key.b, public_key_bytes(&a->key));
}

static int
by_nonce(const void *x, const void *y)
{
    const struct place *p = x, *q = y;
    const struct transaction *a = &p->known->signed_tx->tx, *b = &q->known->signed_tx->tx;
    int order = by_signer_key(a, b);
    if (order == 0)
        order = (a->nonce > b->nonce) - (a->nonce < b->nonce);
    return order ? order : (p->slot > q->slot) - (p->slot < q->slot);
}

static int
by_slot(const void *x, const void *y)
{
    const struct place *p = x, *q = y;
    int order = by_signer_key(&p->known->signed_tx->tx, &q->known->signed_tx->tx);
    return order ? order : (p->slot > q->slot) - (p->slot < q->slot);
}

/* Transactions of one key share among them, in order of their nonces, the places that they
 * have in the order of arrival. */
static void
order_by_nonce(struct list *pool)
{
    if (pool->count < 2)
        return;
    struct place *nonces = xcalloc(pool->count, sizeof(*nonces));
    struct place *slots = xcalloc(pool->count, sizeof(*slots));
    for (size_t i = 0; i < pool->count; i++)
        nonces[i] = slots[i] = (struct place){pool->items[i], i};
    qsort(nonces, pool->count, sizeof(*nonces), by_nonce);
    qsort(slots, pool->count, sizeof(*slots), by_slot);
    for (size_t i = 0; i < pool->count; i++)
        pool->items[slots[i].slot] = nonces[i].known;
    xfree(nonces);
    xfree(slots);
}

/* --- the next block's chunks -------------------------------------------------------------- */

static bool
has_nonce_too_large(const struct chain *c, const struct transaction *tx)
{
    return tx->nonce >= (chain_head(c)->height + 1) * NONCES_PER_BLOCK;
}

/* The last nonce of each key in the chunk that is being filled. */
struct filling {
    struct map last;            /* signer, curve and key -> its transaction */
    struct arena arena;         /* of the map's keys */
};

static struct str
name_of_key(struct arena *arena, const struct transaction *tx)
{
    size_t signer = strlen(tx->signer.s) + 1, n = public_key_bytes(&tx->key);
    char *name = arena_alloc(arena, signer + 1 + n);
    memcpy(name, tx->signer.s, signer);
    name[signer] = (char)tx->key.curve;
    memcpy(name + signer + 1, tx->key.b, n);
    return str_of(name, signer + 1 + n);
}

/* The state has not seen the nonces of this very chunk: of two transactions with the same one, the
 * second is not valid. */
static bool
is_overtaken(struct filling *f, const struct transaction *tx, struct invalid_tx *why)
{
    struct str key = name_of_key(&f->arena, tx);
    const struct transaction *before = map_get(&f->last, key);
    if (!before || tx->nonce > before->nonce) {
        map_put(&f->last, key, (void *)(uintptr_t)tx);
        return false;
    }
    *why = (struct invalid_tx){.kind = INVALID_NONCE, .a = tx->nonce, .b = before->nonce};
    return true;
}

static void
drop(struct chain *c, struct known_tx *take_known, const struct invalid_tx *why)
{
    if (why->kind && c->dropped_count < CHAIN_DROPPED_TOLD) {
        void *dropped = c->dropped;
        c->dropped_room = xgrow(&dropped, c->dropped_room, c->dropped_count + 1,
                                sizeof(*c->dropped));
        c->dropped = dropped;
        c->dropped[c->dropped_count++] =
            (struct dropped_tx){.hash = take_known->signed_tx->hash, .why = *why};
    }
    pool_take(c, take_known);
    pool_forget(c, take_known);
}

enum invalid_tx_kind
chain_dropped(const struct chain *c, const struct hash *tx, struct invalid_tx *why)
{
    *why = (struct invalid_tx){0};
    for (size_t i = 0; i < c->dropped_count && !why->kind; i++) {
        if (hash_equal(&c->dropped[i].hash, tx))
            *why = c->dropped[i].why;
    }
    return why->kind;
}

/* Takes what fits. What is not valid any more is forgotten, the rest waits. */
static void
fill_chunk(struct chain *c, struct shard *s)
{
    uint64_t gas = 0, bytes = 0;
    size_t left = 0;
    struct filling f;
    map_init(&f.last);
    arena_init(&f.arena);
    order_by_nonce(&s->pool);
    for (size_t i = 0; i < s->pool.count; i++) {
        struct known_tx *known = (struct known_tx *)(uintptr_t)s->pool.items[i];
        const struct signed_transaction *t = known->signed_tx;
        struct invalid_tx why;
        struct tx_cost cost;
        if (tx_verify_again(c, t, c->gas_price, &why) != TX_VALID ||
            has_nonce_too_large(c, &t->tx) || !tx_cost_of(&t->tx, c->gas_price, &cost)) {
            drop(c, known, &why);
        } else if (gas >= CHAIN_TX_GAS_LIMIT ||
                   bytes + t->unsigned_size > CHAIN_CHUNK_TX_BYTES) {
            s->pool.items[left++] = known;
        } else if (is_overtaken(&f, &t->tx, &why)) {
            drop(c, known, &why);
        } else {
            gas += cost.gas_burnt;
            bytes += t->unsigned_size;
            known->is_included = true;
            list_add(&s->prepared, known);
        }
    }
    s->pool.count = left;
    map_release(&f.last);
    arena_release(&f.arena);
}

/* A chunk for the next block is put together as soon as a block is there: a transaction that
 * comes later waits one block more. */
void
pool_fill_chunks(struct chain *c)
{
    c->dropped_count = 0;
    for (size_t i = 0; i < c->shard_count; i++) {
        if (!c->shards[i].is_stalled)
            fill_chunk(c, &c->shards[i]);
    }
}

void
pool_empty_chunk(struct chain *c, size_t shard)
{
    struct shard *s = &c->shards[shard];
    struct list pool = {0};
    for (size_t i = 0; i < s->prepared.count; i++) {
        struct known_tx *known = (struct known_tx *)(uintptr_t)s->prepared.items[i];
        known->is_included = false;
        list_add(&pool, known);
    }
    for (size_t i = 0; i < s->pool.count; i++)
        list_add(&pool, s->pool.items[i]);
    list_clear(&s->prepared);
    list_release(&s->pool);
    s->pool = pool;
}
