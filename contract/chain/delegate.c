/* Delegated actions: signed by their sender, paid for by whoever sent the transaction, unpacked
 * on the sender's account into a receipt of its own. Checks in the node's order. */
#include "contract/chain/chain_private.h"

static bool
fail_numbers(struct receipt_run *run, enum failure_kind kind, uint64_t a, uint64_t b)
{
    run->failure.a = a;
    run->failure.b = b;
    return action_fail(run, kind);
}

static bool
fail_access(struct receipt_run *run, const struct invalid_tx *why)
{
    run->failure.access = arena_copy(&run->app->chain->arena, why, sizeof(*why));
    return action_fail(run, FAILURE_DELEGATE_KEY);
}

/* The node goes on after a deposit that the key does not allow, and tells what it finds then. */
static enum invalid_tx_kind
check_permission(const struct key_record *key, const struct delegate *d, struct invalid_tx *why)
{
    enum invalid_tx_kind kind =
        key_check_permission(key, &d->receiver, d->actions, d->action_count, why);
    if (kind != INVALID_KEY_DEPOSIT)
        return kind;
    struct action without = d->actions[0];
    without.deposit = amount_of(0);
    enum invalid_tx_kind later = key_check_permission(key, &d->receiver, &without, 1, why);
    return later ? later : kind;
}

static bool
use_key(struct receipt_run *run, const struct delegate *d)
{
    struct invalid_tx why = {.account = d->sender, .key = d->key};
    uint64_t bound = run->app->block->height * NONCES_PER_BLOCK;
    struct key_record *key = account_find_key(run->account, &d->key);
    if (!key) {
        why.kind = INVALID_KEY_NOT_FOUND;
        return fail_access(run, &why);
    }
    if (d->nonce <= key->nonce)
        return fail_numbers(run, FAILURE_DELEGATE_NONCE, d->nonce, key->nonce);
    if (d->nonce >= bound)
        return fail_numbers(run, FAILURE_DELEGATE_NONCE_TOO_LARGE, d->nonce, bound);
    why.kind = check_permission(key, d, &why);
    if (why.kind)
        return fail_access(run, &why);
    key->nonce = d->nonce;
    return true;
}

static void
unpack(struct receipt_run *run, const struct delegate *d)
{
    struct chain_receipt *r = arena_alloc(&run->app->chain->arena, sizeof(*r));
    uint64_t gas = 0, send = delegate_send_fee(d);
    r->predecessor = d->sender;
    r->receiver = d->receiver;
    r->signer = run->receipt->signer;
    r->signer_key = run->receipt->signer_key;
    r->gas_price = run->receipt->gas_price;
    r->actions = actions_keep(&run->app->chain->arena, d->actions, d->action_count);
    r->action_count = d->action_count;
    list_add(&run->made, r);
    /* Checked when the transaction came in. */
    if (!actions_attached_gas(d->actions, d->action_count, &gas))
        gas = 0;
    run->gas_burnt += send;
    run->gas_used += send + delegate_execution_fee(d) + gas;
}

bool
action_delegate(struct receipt_run *run, const struct delegate *d)
{
    if (!delegate_is_signed(d))
        return action_fail(run, FAILURE_DELEGATE_SIGNATURE);
    if (run->app->block->height > d->max_block_height)
        return action_fail(run, FAILURE_DELEGATE_EXPIRED);
    if (!account_equal(&d->sender, &run->account->id)) {
        run->failure.other = d->sender;
        return action_fail(run, FAILURE_DELEGATE_SENDER);
    }
    if (!use_key(run, d))
        return false;
    unpack(run, d);
    return true;
}
