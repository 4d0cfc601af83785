#include "contract/chain/chain.h"

#include <assert.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

static struct hash
hash_of_parts(const char *what, const struct hash *a, uint64_t b)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, what, strlen(what));
    hasher_add(&h, a->b, sizeof(a->b));
    for (int i = 0; i < 8; i++) {
        uint8_t byte = (uint8_t)(b >> (8 * i));
        hasher_add(&h, &byte, 1);
    }
    return hasher_end(&h);
}

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

/* --- genesis ---------------------------------------------------------------------------------------- */

void
chain_default_config(struct chain_config *config, uint64_t now_ns)
{
    static struct genesis_account accounts[1];
    static const char *const boundaries[] = {"m0", "r0", "t0"};
    struct secret_key key;
    crypto_start();
    secret_key_from_name(STR("test.near"), &key);
    accounts[0].id = account_of("test.near");
    /* 10^33 yoctoNEAR, a milliard NEAR: enough to fund any test. */
    accounts[0].balance = amount_product(UINT64_C(1000000000000000000), UINT64_C(1000000000000000));
    accounts[0].key = secret_key_public(&key);
    secret_key_wipe(&key);
    *config = (struct chain_config){.chain_id = "localnet",
                                    .boundary_count = ARRAY_LEN(boundaries),
                                    .genesis_time_ns = now_ns,
                                    .accounts = accounts,
                                    .account_count = ARRAY_LEN(accounts)};
    for (size_t i = 0; i < ARRAY_LEN(boundaries); i++)
        config->boundaries[i] = account_of(boundaries[i]);
}

static void
make_genesis_accounts(struct chain *c, struct amount *supply)
{
    for (size_t i = 0; i < c->config.account_count; i++) {
        const struct genesis_account *g = &c->config.accounts[i];
        struct account *a = state_record(&c->state, account_str(&g->id));
        account_create(a);
        account_add_key(a, &g->key, &(struct access_key){.is_full_access = true}, 0);
        a->amount = g->balance;
        if (!amount_add(*supply, g->balance, supply))
            fatal("the genesis balances add up to more than 128 bits");
    }
}

static struct chain_block *
new_block(struct chain *c, uint64_t height, uint64_t time_ns)
{
    struct chain_block *b = arena_alloc(&c->arena, sizeof(*b));
    b->height = height;
    b->ordinal = height + 1;
    b->time_ns = time_ns;
    b->chunks = arena_array(&c->arena, c->shard_count, sizeof(*b->chunks));
    b->chunk_count = c->shard_count;
    return b;
}

static void
index_block(struct chain *c, struct chain_block *b)
{
    list_add(&c->blocks, b);
    map_put(&c->blocks_by_hash, key_of(&b->hash), b);
    for (size_t i = 0; i < b->chunk_count; i++)
        map_put(&c->chunks_by_hash, key_of(&b->chunks[i].hash), &b->chunks[i]);
}

static void
make_genesis_block(struct chain *c, struct amount supply)
{
    struct chain_block *b = new_block(c, 0, c->config.genesis_time_ns);
    struct hash zero = {0};
    b->hash = hash_of_parts("genesis", &zero, b->time_ns);
    b->random_value = hash_of_parts("random", &b->hash, 0);
    b->next_epoch_id = b->hash;
    b->gas_price = amount_of(c->gas_price);
    b->total_supply = supply;
    for (size_t i = 0; i < c->shard_count; i++) {
        b->chunks[i].shard_id = chain_shard_id(c, i);
        b->chunks[i].hash = hash_of_parts("chunk", &b->hash, i);
    }
    index_block(c, b);
}

struct chain *
chain_new(const struct chain_config *config)
{
    struct chain *c = xcalloc(1, sizeof(*c));
    struct amount supply = amount_of(0);
    crypto_start();
    c->config = *config;
    c->accounts = xmemdup(config->accounts, config->account_count * sizeof(*config->accounts));
    c->config.accounts = c->accounts;
    c->shard_count = config->boundary_count + 1;
    c->gas_price = CHAIN_MIN_GAS_PRICE;
    arena_init(&c->arena);
    state_init(&c->state);
    for (size_t i = 0; i < c->shard_count; i++)
        trie_init(&c->shards[i].trie);
    make_genesis_accounts(c, &supply);
    make_genesis_block(c, supply);
    return c;
}

void
chain_free(struct chain *take_chain)
{
    struct chain *c = take_chain;
    if (!c)
        return;
    for (size_t i = 0; i < c->shard_count; i++) {
        struct shard *s = &c->shards[i];
        list_release(&s->pool);
        list_release(&s->prepared);
        list_release(&s->incoming);
        list_release(&s->delayed);
        list_release(&s->outgoing);
        map_release(&s->arrivals);
        trie_release(&s->trie);
    }
    list_release(&c->blocks);
    map_release(&c->blocks_by_hash);
    map_release(&c->chunks_by_hash);
    map_release(&c->outcomes);
    map_release(&c->receipts);
    map_release(&c->transactions);
    state_release(&c->state);
    arena_release(&c->arena);
    xfree(c->accounts);
    xfree(c);
}

/* --- transactions -------------------------------------------------------------------------------------- */

enum invalid_tx_kind
chain_submit(struct chain *c, struct str bytes, struct invalid_tx *why, struct hash *hash,
             enum err *undecodable, struct diag *d)
{
    struct signed_transaction t;
    struct arena scratch;
    arena_init(&scratch);
    *undecodable = tx_decode_signed(bytes, &scratch, &t, d);
    if (*undecodable) {
        arena_release(&scratch);
        return TX_VALID;
    }
    *hash = t.hash;
    enum invalid_tx_kind kind = TX_VALID;
    if (!map_get(&c->transactions, key_of(&t.hash))) {
        kind = tx_verify(c, &t, why);
        if (!kind && c->pool_count >= CHAIN_MAX_POOL) {
            why->a = chain_shard_id(c, chain_shard_of(c, account_str(&t.tx.signer)));
            kind = why->kind = INVALID_SHARD_CONGESTED;
        }
    } else {
        arena_release(&scratch);
        return TX_VALID;
    }
    arena_release(&scratch);
    if (kind)
        return kind;
    struct known_tx *known = arena_alloc(&c->arena, sizeof(*known));
    known->signed_tx = arena_alloc(&c->arena, sizeof(*known->signed_tx));
    struct str kept = arena_str(&c->arena, bytes);
    enum err e = tx_decode_signed(kept, &c->arena, known->signed_tx, NULL);
    assert(e == OK);
    (void)e;
    map_put(&c->transactions, key_of(&known->signed_tx->hash), known);
    list_add(&c->shards[chain_shard_of(c, account_str(&known->signed_tx->tx.signer))].pool, known);
    c->pool_count++;
    return TX_VALID;
}

/* --- blocks ----------------------------------------------------------------------------------------------- */

/* What every shard made in the last block goes on its way: into the chunks of this block, and
 * to the shards of the receivers, by source shard. */
static void
route_receipts(struct chain *c, struct chain_block *b)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        struct shard *from = &c->shards[i];
        struct chain_chunk *chunk = &b->chunks[i];
        chunk->receipts = arena_copy(&c->arena, from->outgoing.items,
                                     from->outgoing.count * sizeof(*from->outgoing.items));
        chunk->receipt_count = from->outgoing.count;
        for (size_t j = 0; j < from->outgoing.count; j++) {
            struct chain_receipt *r = (struct chain_receipt *)(uintptr_t)from->outgoing.items[j];
            list_add(&c->shards[chain_shard_of(c, account_str(&r->receiver))].incoming, r);
        }
        list_clear(&from->outgoing);
    }
}

/* The protocol's rule: the price moves by at most one percent a block, with the load. */
static uint64_t
next_gas_price(const struct chain *c, const struct chain_block *b)
{
    __extension__ typedef unsigned __int128 wide;
    wide used = 0, limit = (wide)CHAIN_GAS_LIMIT * c->shard_count;
    for (size_t i = 0; i < b->chunk_count; i++)
        used += b->chunks[i].gas_used;
    wide next = (wide)c->gas_price * (200 * limit + 2 * used - limit) / (200 * limit);
    if (next < CHAIN_MIN_GAS_PRICE)
        next = CHAIN_MIN_GAS_PRICE;
    return next > CHAIN_MAX_GAS_PRICE ? CHAIN_MAX_GAS_PRICE : (uint64_t)next;
}

static void
fill_header(struct chain *c, struct chain_block *b, const struct chain_block *prev)
{
    uint64_t epoch = b->height / CHAIN_EPOCH_BLOCKS;
    const struct chain_block *genesis = chain_genesis(c);
    b->prev_hash = prev->hash;
    b->prev_height = prev->height;
    b->hash = hash_of_parts("block", &prev->hash, b->time_ns);
    b->random_value = hash_of_parts("random", &prev->random_value, b->height);
    b->epoch_id = epoch ? hash_of_parts("epoch", &genesis->hash, epoch) : (struct hash){0};
    b->next_epoch_id = hash_of_parts("epoch", &genesis->hash, epoch + 1);
    b->last_ds_final = prev->hash;
    b->last_final = prev->height ? prev->prev_hash : prev->hash;
    b->total_supply = prev->total_supply;
}

static void
fill_chunks(struct chain *c, struct chain_block *b, const struct chain_block *prev)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        struct chain_chunk *chunk = &b->chunks[i];
        const struct shard *s = &c->shards[i];
        chunk->shard_id = chain_shard_id(c, i);
        chunk->height = b->height;
        chunk->prev_block_hash = prev->hash;
        chunk->hash = hash_of_parts("chunk", &b->hash, i);
        chunk->prev_state_root = hash_of_parts("state", &prev->hash, i);
        chunk->outcome_root = prev->chunks[i].outcome_count
            ? hash_of_parts("outcomes", &prev->hash, i) : (struct hash){0};
        chunk->receipts_root = hash_of_parts("receipts", &b->hash, i);
        chunk->gas_used = s->gas_used;
        chunk->balance_burnt = s->burnt;
        if (!amount_sub(b->total_supply, s->burnt, &b->total_supply))
            fatal("more tokens burnt than there are");
    }
    b->outcome_root = hash_of_parts("outcomes", &prev->hash, c->shard_count);
}

/* A chunk for the next block is put together as soon as a block is there: a transaction that
 * comes later waits one block more. */
static void
prepare_transactions(struct chain *c)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        struct shard *s = &c->shards[i];
        for (size_t j = 0; j < s->pool.count; j++) {
            struct known_tx *known = (struct known_tx *)(uintptr_t)s->pool.items[j];
            known->is_included = true;
            list_add(&s->prepared, known);
        }
        list_clear(&s->pool);
    }
}

const struct chain_block *
chain_produce_block(struct chain *c, uint64_t time_ns)
{
    const struct chain_block *prev = chain_head(c);
    uint64_t price = c->gas_price;
    struct chain_block *b = new_block(c, prev->height + 1, time_ns);
    assert(time_ns > prev->time_ns);
    fill_header(c, b, prev);
    fill_chunks(c, b, prev);
    route_receipts(c, b);
    c->gas_price = next_gas_price(c, b);
    b->gas_price = amount_of(c->gas_price);
    for (size_t i = 0; i < c->shard_count; i++) {
        struct application app = {.chain = c, .block = b, .shard = i, .gas_price = price};
        application_run(&app);
        if (b->chunks[i].transaction_count)
            b->chunks[i].tx_root = hash_of_parts("transactions", &b->hash, i);
    }
    index_block(c, b);
    prepare_transactions(c);
    return b;
}

/* --- reading --------------------------------------------------------------------------------------------- */

const struct chain_config *
chain_config_of(const struct chain *c)
{
    return &c->config;
}

size_t
chain_shard_count(const struct chain *c)
{
    return c->shard_count;
}

size_t
chain_shard_of(const struct chain *c, struct str account)
{
    return account_shard_index(account, c->config.boundaries, c->config.boundary_count);
}

uint64_t
chain_shard_id(const struct chain *c, size_t index)
{
    (void)c;
    return index;
}

const struct chain_block *
chain_head(const struct chain *c)
{
    return c->blocks.items[c->blocks.count - 1];
}

const struct chain_block *
chain_final(const struct chain *c)
{
    return c->blocks.items[c->blocks.count > 3 ? c->blocks.count - 3 : 0];
}

const struct chain_block *
chain_genesis(const struct chain *c)
{
    return c->blocks.items[0];
}

const struct chain_block *
chain_block_at(const struct chain *c, uint64_t height)
{
    return height < c->blocks.count ? c->blocks.items[height] : NULL;
}

const struct chain_block *
chain_block_by_hash(const struct chain *c, const struct hash *h)
{
    return map_get(&c->blocks_by_hash, key_of(h));
}

const struct chain_chunk *
chain_chunk_by_hash(const struct chain *c, const struct hash *h)
{
    return map_get(&c->chunks_by_hash, key_of(h));
}

const struct chain_outcome *
chain_outcome_of(const struct chain *c, const struct hash *id)
{
    return map_get(&c->outcomes, key_of(id));
}

const struct chain_receipt *
chain_receipt_of(const struct chain *c, const struct hash *id)
{
    return map_get(&c->receipts, key_of(id));
}

const struct signed_transaction *
chain_transaction(const struct chain *c, const struct hash *h,
                  bool *is_included)
{
    const struct known_tx *known = map_get(&c->transactions, key_of(h));
    if (!known)
        return NULL;
    *is_included = known->is_included;
    return known->signed_tx;
}
