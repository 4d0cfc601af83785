#include "contract/chain/chain.h"

#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

/* --- genesis ------------------------------------------------------------------------------ */

void
chain_default_config(struct chain_config *config, uint64_t now_ns)
{
    static struct genesis_account accounts[1];
    static const char *const boundaries[] = {"m0", "r0", "t0"};
    struct secret_key key;
    crypto_start();
    secret_key_from_name(STR("test.near"), &key);
    accounts[0].id = account_of("test.near");
    /* 10^33 yoctoNEAR, a billion NEAR: enough to fund any test. */
    accounts[0].balance =
        amount_product(UINT64_C(1000000000000000000), UINT64_C(1000000000000000));
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

struct chain *
chain_alloc(const struct chain_config *config)
{
    struct chain *c = xcalloc(1, sizeof(*c));
    crypto_start();
    arena_init(&c->arena);
    arena_init(&c->scratch);
    history_init(&c->history, config);
    state_init(&c->state);
    keeper_init(&c->keeper);
    changes_init(&c->changes, 0);
    c->state.changes = &c->changes;
    c->state.keeper = &c->keeper;
    return c;
}

struct chain *
chain_new(const struct chain_config *config)
{
    struct chain *c = chain_alloc(config);
    struct amount supply = amount_of(0);
    c->config = *config;
    c->accounts = xmemdup(config->accounts, config->account_count * sizeof(*config->accounts));
    c->config.accounts = c->accounts;
    c->shard_count = config->boundary_count + 1;
    c->gas_price = CHAIN_MIN_GAS_PRICE;
    for (size_t i = 0; i < c->shard_count; i++)
        trie_init(&c->shards[i].trie);
    make_genesis_accounts(c, &supply);
    block_make_genesis(c, supply);
    return c;
}

static void
release_transactions(struct list *l)
{
    for (size_t i = 0; i < l->count; i++)
        known_free((struct known_tx *)(uintptr_t)l->items[i]);
    list_release(l);
}

void
chain_free(struct chain *take_chain)
{
    struct chain *c = take_chain;
    if (!c)
        return;
    for (size_t i = 0; i < c->shard_count; i++) {
        struct shard *s = &c->shards[i];
        release_transactions(&s->pool);
        release_transactions(&s->prepared);
        list_release(&s->incoming);
        list_release(&s->delayed);
        list_release(&s->outgoing);
        map_release(&s->arrivals);
        map_release(&s->yields);
        map_release(&s->globals);
        list_release(&s->deadlines);
        trie_release(&s->trie);
    }
    for (size_t i = 0; i < c->global_codes.count; i++)
        xfree((void *)(uintptr_t)c->global_codes.items[i]);
    list_release(&c->global_codes);
    history_release(&c->history);
    keeper_release(&c->keeper);
    xfree(c->own_id);
    xfree(c->dropped);
    map_release(&c->transactions);
    state_release(&c->state);
    changes_release(&c->changes);
    patch_release(&c->patch);
    arena_release(&c->arena);
    arena_release(&c->scratch);
    xfree(c->accounts);
    xfree(c);
}

/* --- reading ------------------------------------------------------------------------------ */

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

bool
chain_chunk_is_new(const struct chain_block *b, size_t index)
{
    return b->chunks[index].height_included == b->height;
}

const struct signed_transaction *
chain_transaction(const struct chain *c, const struct hash *h, bool *is_included)
{
    const struct known_tx *known = map_get(&c->transactions, key_of(h));
    if (!known)
        return NULL;
    *is_included = known->is_included;
    return known->signed_tx;
}
