/* Contracts that any account may use without keeping a copy: named by the hash of the code, or
 * by the account that deployed it and may replace it. Each shard has its own store; a new one
 * goes from shard to shard, a block each, as on the node. */
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

/* What a copy of one's own binds. A contract of all costs ten times that, which is gone. */
#define YOCTO_PER_STORED_BYTE UINT64_C(10000000000000000000)

struct global_code {
    struct global_use name;
    struct hash hash;
    struct str code;            /* borrowed from the state's code store */
};

static struct str
key_of(const struct global_use *use)
{
    if (use->kind == GLOBAL_BY_HASH)
        return str_of(use->hash.b, sizeof(use->hash.b));
    /* With its terminator, so that no name of 32 letters is taken for a hash. */
    return str_of(use->owner.s, strlen(use->owner.s) + 1);
}

bool
global_find(const struct chain *c, size_t shard, const struct global_use *use, struct str *code,
            struct hash *hash)
{
    const struct global_code *found = map_get(&c->shards[shard].globals, key_of(use));
    if (!found)
        return false;
    *code = found->code;
    *hash = found->hash;
    return true;
}

bool
chain_view_global_code(const struct chain *c, const struct global_use *use, struct str *code,
                       struct hash *hash)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        if (global_find(c, i, use, code, hash))
            return true;
    }
    return false;
}

void
global_keep(struct chain *c, size_t shard, const struct global_use *name, struct str code)
{
    struct global_code *entry = xcalloc(1, sizeof(*entry));
    list_add(&c->global_codes, entry);
    entry->name = *name;
    entry->code = state_keep_code(&c->state, code, &entry->hash);
    map_put(&c->shards[shard].globals, key_of(&entry->name), entry);
}

const struct global_use *
global_name(const struct global_code *g)
{
    return &g->name;
}

static struct chain_receipt *
new_distribution(struct application *app, const struct account_id *from,
                 const struct global_use *name, struct str code)
{
    struct chain_receipt *r = arena_alloc(&app->chain->arena, sizeof(*r));
    r->predecessor = *from;
    r->receiver = r->signer = account_of("system");
    r->is_distribution = true;
    r->global = *name;
    r->data = code;
    return r;
}

void
global_deliver(struct application *app, const struct chain_receipt *receipt)
{
    struct chain *c = app->chain;
    uint32_t delivered = receipt->delivered | UINT32_C(1) << app->shard;
    size_t target = 0;
    global_keep(c, app->shard, &receipt->global, receipt->data);
    while (target < c->shard_count && (delivered >> target & 1))
        target++;
    if (target == c->shard_count)
        return;
    struct chain_receipt *r =
        new_distribution(app, &receipt->predecessor, &receipt->global, receipt->data);
    r->id = id_derive(&receipt->id, app->block->height, 0);
    r->target = target;
    r->delivered = delivered;
    r->parent = receipt->id;
    r->tx = receipt->tx;
    r->created_height = app->block->height;
    receipt_made(c, r);
    application_send(app, r);
}

bool
global_deploy(struct receipt_run *run, const struct action *action)
{
    struct application *app = run->app;
    struct account *a = run->account;
    struct amount left, cost = amount_product(action->code.n, YOCTO_PER_STORED_BYTE);
    if (!amount_multiply(cost, 10, &cost) || !amount_sub(a->amount, cost, &left)) {
        run->failure.amount = cost;
        return action_fail(run, FAILURE_LACK_BALANCE_FOR_STATE);
    }
    a->amount = left;
    run->lost = cost;
    struct global_use name = {.kind = GLOBAL_BY_ACCOUNT, .owner = a->id};
    if (!action->by_account)
        name = (struct global_use){.kind = GLOBAL_BY_HASH, .hash = hash_of_bytes(action->code)};
    struct hash hash;
    struct str code = state_keep_code(&app->chain->state, action->code, &hash);
    struct chain_receipt *r = new_distribution(app, &a->id, &name, code);
    r->target = app->shard;
    list_add(&run->made, r);
    return true;
}

bool
global_take_up(struct receipt_run *run, const struct action *action)
{
    struct str code;
    struct hash hash;
    struct global_use name = {.kind = GLOBAL_BY_HASH, .hash = action->code_hash};
    if (action->by_account)
        name = (struct global_use){.kind = GLOBAL_BY_ACCOUNT, .owner = action->owner};
    if (!global_find(run->app->chain, run->app->shard, &name, &code, &hash)) {
        run->failure.global = name;
        return action_fail(run, FAILURE_NO_GLOBAL_CONTRACT);
    }
    account_set_global(run->account, &name);
    return true;
}
