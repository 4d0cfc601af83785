/* Blocks and their chunks: one after the other, and what their hashes stand for. */
#include <assert.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/merkle.h"
#include "net/base/xalloc.h"

/* --- hashes ------------------------------------------------------------------------------- */

/* Every hash starts with a word for what it is of, so that no two kinds can be equal. */
static void
digest_begin(struct hasher *h, const char *what)
{
    hasher_init(h);
    hasher_add(h, what, strlen(what));
}

static void
add_hash(struct hasher *h, const struct hash *hash)
{
    hasher_add(h, hash->b, sizeof(hash->b));
}

static void
add_amount(struct hasher *h, struct amount a)
{
    hasher_add_u64(h, a.hi);
    hasher_add_u64(h, a.lo);
}

static struct hash
digest(const char *what, const struct hash *a, uint64_t b)
{
    struct hasher h;
    digest_begin(&h, what);
    add_hash(&h, a);
    hasher_add_u64(&h, b);
    return hasher_end(&h);
}

static struct hash
root_of_transactions(const struct chain_chunk *chunk)
{
    struct hasher h;
    if (chunk->transaction_count == 0)
        return (struct hash){0};
    digest_begin(&h, "transactions");
    for (size_t i = 0; i < chunk->transaction_count; i++)
        add_hash(&h, &chunk->transactions[i]->hash);
    return hasher_end(&h);
}

static struct hash
root_of_receipts(const struct chain_chunk *chunk)
{
    struct hasher h;
    digest_begin(&h, "receipts");
    for (size_t i = 0; i < chunk->receipt_count; i++)
        add_hash(&h, &chunk->receipts[i]->id);
    return hasher_end(&h);
}

struct hash
block_build_tree(struct chain *c, struct chain_chunk *chunk)
{
    size_t count = chunk->outcome_count;
    struct hash *tree = arena_array(&c->arena, merkle_size(count), sizeof(*tree));
    for (size_t i = 0; i < count; i++)
        tree[i] = merkle_leaf(chunk->outcomes[i]);
    merkle_build(tree, count);
    chunk->outcome_tree = tree;
    return merkle_root(tree, count);
}

/* The state follows from what has run, so a chain of that stands for it. */
static struct hash
next_state_root(const struct shard *s)
{
    if (hash_is_zero(&s->outcome_root))
        return s->state_root;
    struct hasher h;
    digest_begin(&h, "state");
    add_hash(&h, &s->state_root);
    add_hash(&h, &s->outcome_root);
    return hasher_end(&h);
}

static struct hash
hash_of_chunk(const struct chain_chunk *chunk)
{
    struct hasher h;
    digest_begin(&h, "chunk");
    add_hash(&h, &chunk->prev_block_hash);
    hasher_add_u64(&h, chunk->shard_id);
    hasher_add_u64(&h, chunk->height);
    hasher_add_u64(&h, chunk->gas_used);
    add_amount(&h, chunk->balance_burnt);
    add_hash(&h, &chunk->prev_state_root);
    add_hash(&h, &chunk->outcome_root);
    add_hash(&h, &chunk->tx_root);
    add_hash(&h, &chunk->receipts_root);
    return hasher_end(&h);
}

struct hash
block_hash(const struct chain_block *b)
{
    struct hasher h;
    digest_begin(&h, "block");
    add_hash(&h, &b->prev_hash);
    hasher_add_u64(&h, b->height);
    hasher_add_u64(&h, b->time_ns);
    add_hash(&h, &b->random_value);
    add_hash(&h, &b->epoch_id);
    add_amount(&h, b->gas_price);
    add_amount(&h, b->total_supply);
    for (size_t i = 0; i < b->chunk_count; i++)
        add_hash(&h, &b->chunks[i].hash);
    return hasher_end(&h);
}

/* --- genesis ------------------------------------------------------------------------------ */

static struct chain_block *
new_block(struct chain *c, uint64_t height, uint64_t time_ns)
{
    struct chain_block *b = arena_alloc(&c->arena, sizeof(*b));
    b->height = height;
    b->ordinal = height + 1;
    b->time_ns = time_ns;
    b->chunks = arena_array(&c->arena, c->shard_count, sizeof(*b->chunks));
    b->chunk_count = c->shard_count;
    history_open(c, b);
    return b;
}

static struct hash
hash_of_config(const struct chain_config *config)
{
    struct hasher h;
    digest_begin(&h, "genesis");
    hasher_add(&h, config->chain_id, strlen(config->chain_id) + 1);
    for (size_t i = 0; i < config->boundary_count; i++)
        hasher_add(&h, config->boundaries[i].s, strlen(config->boundaries[i].s) + 1);
    for (size_t i = 0; i < config->account_count; i++) {
        const struct genesis_account *g = &config->accounts[i];
        hasher_add(&h, g->id.s, strlen(g->id.s) + 1);
        add_amount(&h, g->balance);
        hasher_add(&h, g->key.b, public_key_bytes(&g->key));
    }
    hasher_add_u64(&h, config->genesis_time_ns);
    return hasher_end(&h);
}

void
block_make_genesis(struct chain *c, struct amount supply)
{
    struct chain_block *b = new_block(c, 0, c->config.genesis_time_ns);
    struct hash config = hash_of_config(&c->config);
    b->random_value = digest("random", &config, 0);
    b->gas_price = amount_of(c->gas_price);
    b->total_supply = supply;
    for (size_t i = 0; i < c->shard_count; i++) {
        c->shards[i].state_root = digest("state", &config, i);
        b->chunks[i].shard_id = b->chunks[i].allowed_shard = chain_shard_id(c, i);
        b->chunks[i].segment = c->history.open;
        b->chunks[i].prev_state_root = c->shards[i].state_root;
        b->chunks[i].hash = hash_of_chunk(&b->chunks[i]);
    }
    b->epoch_height = b->epoch_start = 1;
    b->hash = block_hash(b);
    b->next_epoch_id = b->hash;
    history_close(c);
}

/* --- the next block ----------------------------------------------------------------------- */

/* The protocol's rule: the price moves by at most half a percent a block, with the load. */
static uint64_t
next_gas_price(const struct chain *c, const struct chain_block *b)
{
    __extension__ typedef unsigned __int128 wide;
    wide used = 0, limit = 0;
    for (size_t i = 0; i < b->chunk_count; i++) {
        if (!chain_chunk_is_new(b, i))
            continue;
        used += b->chunks[i].gas_used;
        limit += CHAIN_GAS_LIMIT;
    }
    if (limit == 0)
        return c->gas_price;
    wide next = (wide)c->gas_price * (200 * limit + 2 * used - limit) / (200 * limit);
    if (next < CHAIN_MIN_GAS_PRICE)
        next = CHAIN_MIN_GAS_PRICE;
    return next > CHAIN_MAX_GAS_PRICE ? CHAIN_MAX_GAS_PRICE : (uint64_t)next;
}

/* A block is final when two follow it without a gap; with one it is nearly so. */
static void
fill_finality(struct chain_block *b, const struct chain_block *prev)
{
    bool is_next = b->height == prev->height + 1;
    b->last_ds_final = is_next ? prev->hash : prev->last_ds_final;
    b->last_final = prev->last_final;
    if (prev->height == 0)
        b->last_final = b->last_ds_final = prev->hash;
    else if (is_next && hash_equal(&prev->last_ds_final, &prev->prev_hash))
        b->last_final = prev->prev_hash;
}

/* An epoch is named by the last block before the epoch before it. The first two, which nobody
 * has voted for, count as one. */
static void
fill_epoch(struct chain_block *b, const struct chain_block *prev)
{
    b->epoch_id = prev->epoch_id;
    b->next_epoch_id = prev->next_epoch_id;
    b->epoch_height = prev->epoch_height;
    b->epoch_start = prev->epoch_start;
    if (b->height < prev->epoch_start + CHAIN_EPOCH_BLOCKS)
        return;
    b->epoch_height += !hash_is_zero(&prev->epoch_id);
    b->epoch_id = prev->next_epoch_id;
    b->next_epoch_id = prev->hash;
    b->epoch_start = b->height;
}

static void
fill_header(struct chain_block *b, const struct chain_block *prev)
{
    b->prev_hash = prev->hash;
    b->prev_height = prev->height;
    b->random_value = digest("random", &prev->random_value, b->height);
    fill_epoch(b, prev);
    b->ordinal = prev->ordinal + 1;
    fill_finality(b, prev);
    b->total_supply = prev->total_supply;
}

static void
repeat_chunk(struct chain *c, struct chain_chunk *chunk, const struct chain_chunk *last)
{
    *chunk = *last;
    chunk_told(c, chunk);
    chunk->outcomes = NULL;
    chunk->outcome_count = 0;
}

static struct hash
leaf_of_root(const struct hash *root)
{
    return hash_of_bytes(str_of(root->b, sizeof(root->b)));
}

/* It goes round, block by block; after genesis and the first block everybody is at home. */
static uint64_t
allowed_shard(const struct chain *c, uint64_t applied_height, size_t index)
{
    if (applied_height < 2)
        return chain_shard_id(c, index);
    return chain_shard_id(c, (applied_height + index) % c->shard_count);
}

/* A chunk tells of the application before it: gas, burnt tokens, roots. */
static void
fill_chunks(struct chain *c, struct chain_block *b, const struct chain_block *prev)
{
    struct hash roots[2 * CHAIN_MAX_SHARDS + 8];
    for (size_t i = 0; i < c->shard_count; i++) {
        struct chain_chunk *chunk = &b->chunks[i];
        struct shard *s = &c->shards[i];
        if (s->is_stalled) {
            repeat_chunk(c, chunk, &prev->chunks[i]);
            roots[i] = leaf_of_root(&chunk->outcome_root);
            s->missed++;
            continue;
        }
        s->missed = 0;
        s->state_root = next_state_root(s);
        chunk->shard_id = chain_shard_id(c, i);
        chunk->segment = c->history.open;
        chunk->allowed_shard = allowed_shard(c, prev->height, i);
        chunk->height = chunk->height_included = b->height;
        chunk->delayed_gas = congestion_delayed_gas(c, i);
        chunk->prev_block_hash = prev->hash;
        chunk->prev_state_root = s->state_root;
        chunk->outcome_root = s->outcome_root;
        chunk->receipts_root = root_of_receipts(chunk);
        chunk->gas_used = s->gas_used;
        chunk->balance_burnt = s->burnt;
        roots[i] = leaf_of_root(&s->outcome_root);
        if (!amount_sub(b->total_supply, s->burnt, &b->total_supply))
            fatal("more tokens burnt than there are");
    }
    merkle_build(roots, c->shard_count);
    b->outcome_root = merkle_root(roots, c->shard_count);
}

const struct chain_block *
chain_produce_block(struct chain *c, uint64_t time_ns)
{
    const struct chain_block *prev = chain_head(c);
    uint64_t price = c->gas_price;
    struct chain_block *b = new_block(c, prev->height + 1 + c->skipped, time_ns);
    assert(time_ns > prev->time_ns);
    changes_begin_block(&c->changes, b->height);
    c->skipped = 0;
    fill_header(b, prev);
    route_receipts(c, b);
    fill_chunks(c, b, prev);
    patch_apply(c, b);
    c->gas_price = next_gas_price(c, b);
    b->gas_price = amount_of(c->gas_price);
    for (size_t i = 0; i < c->shard_count; i++) {
        struct chain_chunk *chunk = &b->chunks[i];
        if (!chain_chunk_is_new(b, i))
            continue;
        struct application app = {.chain = c, .block = b, .shard = i, .gas_price = price};
        application_run(&app);
        c->shards[i].outcome_root = block_build_tree(c, chunk);
        chunk->tx_root = root_of_transactions(chunk);
        chunk->hash = hash_of_chunk(chunk);
    }
    b->hash = block_hash(b);
    history_close(c);
    pool_fill_chunks(c);
    history_trim(c);
    return b;
}
