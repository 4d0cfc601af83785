/* Whether the contracts that the next block may call are compiled yet.
 *
 * Compiling takes a while and changes nothing of what a block says, so the block may as well be
 * late. Too much is asked for rather than too little: what is missed here, the block itself
 * waits for. */
#include "contract/chain/chain_private.h"
#include "contract/wasm/module.h"
#include "net/base/xalloc.h"

static bool
has_action(const struct chain_receipt *r, enum action_kind kind)
{
    for (size_t i = 0; !r->is_data && i < r->action_count; i++) {
        if (r->actions[i].kind == kind)
            return true;
    }
    return false;
}

static bool
deploys(const struct action *a)
{
    return a->kind == ACTION_DEPLOY_CONTRACT || a->kind == ACTION_DEPLOY_GLOBAL_CONTRACT;
}

static bool
is_under_way(struct str code, const struct hash *hash, struct str who, bool is_needed)
{
    return module_begin(code, hash, who, is_needed) && is_needed;
}

/* The receipts that the next block may run, one list after the other; those whose last input
 * comes with it stand for that input. A transaction to oneself becomes a receipt and runs in the
 * same block: those are made here, as far as they matter. */
struct upcoming {
    const struct chain *chain;
    struct list receipts;
    struct chain_receipt *own;
    size_t own_count, own_room;
};

static void
add_receipts(struct upcoming *u, const struct list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct chain_receipt *r = l->items[i];
        if (!r->is_data) {
            list_add(&u->receipts, r);
            continue;
        }
        size_t shard = chain_shard_of(u->chain, account_str(&r->receiver));
        const struct arrival *a = map_get(&u->chain->shards[shard].arrivals,
                                          str_of(r->data_id.b, sizeof(r->data_id.b)));
        if (a && a->waiting)
            list_add(&u->receipts, a->waiting->receipt);
    }
}

static void
add_own(struct upcoming *u, const struct list *prepared)
{
    for (size_t i = 0; i < prepared->count; i++) {
        const struct known_tx *known = prepared->items[i];
        const struct transaction *tx = &known->signed_tx->tx;
        if (!account_equal(&tx->signer, &tx->receiver))
            continue;
        void *own = u->own;
        u->own_room = xgrow(&own, u->own_room, u->own_count + 1, sizeof(*u->own));
        u->own = own;
        u->own[u->own_count++] = (struct chain_receipt){.receiver = tx->receiver,
                                                        .actions = tx->actions,
                                                        .action_count = tx->action_count};
    }
}

static bool
is_called(const struct upcoming *u, const struct account_id *account)
{
    for (size_t i = 0; i < u->receipts.count; i++) {
        const struct chain_receipt *r = u->receipts.items[i];
        if (account_equal(&r->receiver, account) && has_action(r, ACTION_FUNCTION_CALL))
            return true;
    }
    return false;
}

static bool
receipt_waits(const struct upcoming *u, const struct chain_receipt *r)
{
    struct str who = account_str(&r->receiver);
    bool waits = false;
    const struct account *a = state_find(&u->chain->state, who);
    if (a && has_action(r, ACTION_FUNCTION_CALL)) {
        struct str code = a->code;
        struct hash hash = a->code_hash;
        if (a->global.kind)
            global_find(u->chain, chain_shard_of(u->chain, who), &a->global, &code, &hash);
        waits = !hash_is_zero(&hash) && is_under_way(code, &hash, who, true);
    }
    for (size_t i = 0; i < r->action_count; i++) {
        if (!deploys(&r->actions[i]))
            continue;
        struct hash hash = hash_of_bytes(r->actions[i].code);
        waits |= is_under_way(r->actions[i].code, &hash, who, is_called(u, &r->receiver));
    }
    return waits;
}

bool
chain_is_ready(const struct chain *c)
{
    struct upcoming u = {.chain = c};
    bool waits = false;
    for (size_t i = 0; i < c->shard_count; i++) {
        add_receipts(&u, &c->shards[i].delayed);
        add_receipts(&u, &c->shards[i].outgoing);
        add_own(&u, &c->shards[i].prepared);
    }
    for (size_t i = 0; i < u.own_count; i++)
        list_add(&u.receipts, &u.own[i]);
    for (size_t i = 0; i < u.receipts.count; i++)
        waits |= receipt_waits(&u, u.receipts.items[i]);
    list_release(&u.receipts);
    xfree(u.own);
    return !waits;
}

void
chain_expect(const struct transaction *tx)
{
    for (size_t i = 0; i < tx->action_count; i++) {
        if (!deploys(&tx->actions[i]))
            continue;
        struct hash hash = hash_of_bytes(tx->actions[i].code);
        module_begin(tx->actions[i].code, &hash, account_str(&tx->receiver), false);
    }
}
