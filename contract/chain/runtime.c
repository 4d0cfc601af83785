/* The application of one chunk: transactions, then local, delayed and incoming receipts. */
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

bool
application_is_full(const struct application *app)
{
    return app->compute_used >= CHAIN_GAS_LIMIT;
}

void
application_send(struct application *app, const struct chain_receipt *receipt)
{
    list_add(&app->chain->shards[app->shard].outgoing, receipt);
}

struct chain_outcome *
application_outcome(struct application *app, const struct hash *id, const struct hash *tx)
{
    struct chain_outcome *o = arena_alloc(&app->chain->arena, sizeof(*o));
    o->id = *id;
    o->tx = *tx;
    o->height = app->block->height;
    o->shard_index = app->shard;
    o->place = app->outcomes.count;
    list_add(&app->outcomes, o);
    map_put(&app->chain->history.outcomes, str_of(o->id.b, sizeof(o->id.b)), o);
    return o;
}

/* --- transactions ------------------------------------------------------------------------- */

static void
charge_signer(struct chain *c, const struct signed_transaction *t, const struct tx_cost *cost)
{
    const struct transaction *tx = &t->tx;
    struct account *signer = state_find(&c->state, account_str(&tx->signer));
    struct key_record *key = account_find_key(signer, &tx->key);
    state_begin(&c->state, signer);
    bool is_paid = amount_sub(signer->amount, cost->total, &signer->amount);
    if (is_paid && !key->is_full_access && key->has_allowance)
        is_paid = amount_sub(key->allowance, cost->total, &key->allowance);
    if (!is_paid)
        fatal("a verified transaction cannot be paid");
    key->nonce = tx->nonce;
    state_commit(&c->state, CAUSE_TRANSACTION, &t->hash);
}

static void
convert(struct application *app, const struct signed_transaction *t, const struct tx_cost *cost)
{
    struct chain *c = app->chain;
    struct chain_outcome *o = application_outcome(app, &t->hash, &t->hash);
    struct chain_receipt *r = arena_alloc(&c->arena, sizeof(*r));
    r->id = id_derive(&t->hash, app->block->height, 0);
    r->predecessor = r->signer = t->tx.signer;
    r->receiver = t->tx.receiver;
    r->signer_key = t->tx.key;
    r->gas_price = amount_of(app->gas_price);
    r->actions = t->tx.actions;
    r->action_count = t->tx.action_count;
    r->parent = r->tx = t->hash;
    r->created_height = app->block->height;
    r->is_local = account_equal(&t->tx.signer, &t->tx.receiver);
    o->is_transaction = true;
    o->transaction = t;
    o->executor = t->tx.signer;
    o->status = CHAIN_RECEIPT;
    o->returns = r->id;
    o->children = arena_copy(&c->arena, &r->id, sizeof(r->id));
    o->child_count = 1;
    o->gas_burnt = cost->gas_burnt;
    o->tokens_burnt = cost->burnt;
    app->gas_used += cost->gas_burnt;
    app->compute_used += cost->gas_burnt;
    if (!amount_add(app->burnt, cost->burnt, &app->burnt))
        fatal("more tokens burnt than there are");
    receipt_made(c, r);
    if (r->is_local)
        list_add(&app->local, r);
    else
        application_send(app, r);
}

/* What was taken into this chunk; what has become invalid meanwhile disappears without a
 * trace, as on the node. */
static void
run_transactions(struct application *app, struct list *included)
{
    struct chain *c = app->chain;
    struct list *prepared = &c->shards[app->shard].prepared;
    for (size_t i = 0; i < prepared->count; i++) {
        struct known_tx *known = (struct known_tx *)(uintptr_t)prepared->items[i];
        const struct signed_transaction *t = known->signed_tx;
        struct invalid_tx why;
        struct tx_cost cost;
        pool_take(c, known);
        if (tx_verify_again(c, t, app->gas_price, &why) != TX_VALID ||
            !tx_cost_of(&t->tx, app->gas_price, &cost)) {
            pool_forget(c, known);
            continue;
        }
        list_add(&c->history.open->included, known);
        charge_signer(c, t, &cost);
        convert(app, t, &cost);
        list_add(included, t);
    }
    list_clear(prepared);
}

/* --- receipts ----------------------------------------------------------------------------- */

void
application_receipt(struct application *app, const struct chain_receipt *receipt)
{
    if (application_is_full(app))
        list_add(&app->chain->shards[app->shard].delayed, receipt);
    else
        receipt_process(app, receipt);
}

static void
run_delayed(struct application *app)
{
    struct list *delayed = &app->chain->shards[app->shard].delayed;
    size_t waiting = delayed->count, taken = 0;
    while (taken < waiting && !application_is_full(app))
        receipt_process(app, delayed->items[taken++]);
    if (taken)
        memmove(delayed->items, delayed->items + taken,
                (delayed->count - taken) * sizeof(*delayed->items));
    delayed->count -= taken;
}

static bool
read_state(void *context, struct str account, struct str key, struct str *value)
{
    const struct account *a = state_find(context, account);
    return a && account_read(a, key, value);
}

static void *
keep_list(struct arena *arena, const struct list *l)
{
    return arena_copy(arena, l->items, l->count * sizeof(*l->items));
}

void
application_run(struct application *app)
{
    struct chain *c = app->chain;
    struct shard *shard = &c->shards[app->shard];
    struct chain_chunk *chunk = &app->block->chunks[app->shard];
    struct list included = {0}, incoming = shard->incoming;
    shard->incoming = (struct list){0};
    app->gas_used = app->compute_used = shard->load_gas;
    trie_begin(&shard->trie, read_state, &c->state);
    run_transactions(app, &included);
    for (size_t i = 0; i < app->local.count; i++)
        application_receipt(app, app->local.items[i]);
    run_delayed(app);
    for (size_t i = 0; i < incoming.count; i++)
        application_receipt(app, incoming.items[i]);
    yield_time_out(app);
    chunk->transactions = keep_list(&c->arena, &included);
    chunk->transaction_count = included.count;
    chunk->outcomes = keep_list(&c->arena, &app->outcomes);
    chunk->outcome_count = app->outcomes.count;
    shard->gas_used = app->gas_used;
    shard->burnt = app->burnt;
    list_release(&included);
    list_release(&incoming);
    list_release(&app->outcomes);
    list_release(&app->local);
}
