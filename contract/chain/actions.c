/* What each action does to the receiver's account. */
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { TOP_LEVEL_FREE = 65 };

bool
action_fail(struct receipt_run *run, enum failure_kind kind)
{
    run->failure.kind = kind;
    run->failure.account = run->account->id;
    run->failure.predecessor = run->receipt->predecessor;
    return false;
}

static bool
create_account(struct receipt_run *run)
{
    struct str id = account_str(&run->account->id);
    bool is_top = str_find_byte(id, '.') < 0;
    struct account_id registrar = account_of("registrar");
    if (is_top && id.n < TOP_LEVEL_FREE &&
        !account_equal(&run->receipt->predecessor, &registrar)) {
        run->failure.other = registrar;
        return action_fail(run, FAILURE_CREATE_ONLY_BY_REGISTRAR);
    }
    if (!is_top && !account_is_sub_of(id, account_str(&run->receipt->predecessor)))
        return action_fail(run, FAILURE_CREATE_NOT_ALLOWED);
    account_create(run->account);
    run->actor = run->account->id;
    return true;
}

/* A name that is an Ethereum address: the node gives the account the contract of a wallet that
 * is part of itself. That contract is not here; the bytes that stand for it are, so that the
 * account costs what it costs there. */
static void
create_ethereum(struct receipt_run *run)
{
    char text[HASH_TEXT + 4] = "near";
    struct hash wallet = hash_of_bytes(STR("the wallet of the embedded chain"));
    hash_text(&wallet, text + 4);
    account_create(run->account);
    account_set_code(&run->app->chain->state, run->account, str_from(text));
    run->account->storage_usage += RECORD_BYTES;
}

/* A name of 64 hex digits is a public key: the account comes into being with that key. */
static void
create_implicit(struct receipt_run *run)
{
    struct public_key key = {.curve = 0};
    const char *hex = run->account->id.s;
    for (int i = 0; i < 32; i++) {
        for (int j = 0; j < 2; j++) {
            char c = hex[2 * i + j];
            key.b[i] = (uint8_t)(key.b[i] << 4 | (c <= '9' ? c - '0' : c - 'a' + 10));
        }
    }
    account_create(run->account);
    account_add_key(run->account, &key, &(struct access_key){.is_full_access = true},
                    (run->app->block->height - 1) * NONCES_PER_BLOCK);
}

/* A gas refund gives back to the limited key, too, what its call did not use. */
static void
restore_allowance(struct receipt_run *run, struct amount deposit)
{
    const struct chain_receipt *r = run->receipt;
    if (!account_is_system(&r->predecessor) || !account_equal(&r->signer, &r->receiver))
        return;
    struct key_record *key = account_find_key(run->account, &r->signer_key);
    if (key && !key->is_full_access && key->has_allowance &&
        !amount_add(key->allowance, deposit, &key->allowance))
        key->allowance = (struct amount){UINT64_MAX, UINT64_MAX};
}

static bool
transfer(struct receipt_run *run, const struct action *action)
{
    account_pay(run->account, action->deposit);
    restore_allowance(run, action->deposit);
    return true;
}

static bool
add_key(struct receipt_run *run, const struct action *action)
{
    if (account_find_key(run->account, &action->key)) {
        run->failure.key = action->key;
        return action_fail(run, FAILURE_ADD_KEY_ALREADY_EXISTS);
    }
    account_add_key(run->account, &action->key, &action->access,
                    (run->app->block->height - 1) * NONCES_PER_BLOCK);
    return true;
}

static bool
delete_key(struct receipt_run *run, const struct action *action)
{
    if (!account_find_key(run->account, &action->key)) {
        run->failure.key = action->key;
        return action_fail(run, FAILURE_DELETE_KEY_DOES_NOT_EXIST);
    }
    account_delete_key(run->account, &action->key);
    return true;
}

/* The trie has to know of every key that goes with the account. */
static void
note_all_changed(struct receipt_run *run)
{
    struct trie *trie = &run->app->chain->shards[run->app->shard].trie;
    void *value;
    for (size_t i = 0; map_next(&run->account->data, &i, NULL, &value);)
        trie_note_change(trie, account_str(&run->account->id), ((struct datum *)value)->key);
}

static bool
delete_account(struct receipt_run *run, const struct action *action)
{
    enum { LARGE_STATE = 10000 };
    struct chain *c = run->app->chain;
    struct account *a = run->account;
    if (a->storage_usage - (hash_is_zero(&a->code_hash) ? 0 : a->code.n) > LARGE_STATE)
        return action_fail(run, FAILURE_DELETE_ACCOUNT_LARGE_STATE);
    if (!amount_is_zero(a->amount)) {
        struct chain_receipt *rest = arena_alloc(&c->arena, sizeof(*rest));
        rest->predecessor = account_of("system");
        rest->signer = rest->predecessor;
        rest->receiver = action->beneficiary;
        rest->actions = arena_alloc(&c->arena, sizeof(*rest->actions));
        rest->actions[0] = (struct action){.kind = ACTION_TRANSFER, .deposit = a->amount};
        rest->action_count = 1;
        list_add(&run->made, rest);
    }
    note_all_changed(run);
    account_delete(&c->state, a);
    run->actor = run->receipt->predecessor;
    return true;
}

/* There is one validator and no seat to win: whoever could pay for a stake still has too
 * little. The order of the reasons is the node's. */
static bool
stake(struct receipt_run *run, const struct action *action)
{
    const struct account *a = run->account;
    struct amount more = amount_of(0), left;
    if (!amount_sub(action->deposit, a->locked, &more))
        more = amount_of(0);
    run->failure.amount = action->deposit;
    run->failure.balance = a->amount;
    run->failure.locked = a->locked;
    if (!amount_sub(a->amount, more, &left))
        return action_fail(run, FAILURE_TRIES_TO_STAKE);
    if (amount_is_zero(a->locked) && amount_is_zero(action->deposit))
        return action_fail(run, FAILURE_TRIES_TO_UNSTAKE);
    run->failure.balance = chain_genesis(run->app->chain)->total_supply;
    return action_fail(run, FAILURE_INSUFFICIENT_STAKE);
}

static bool
is_made_by_transfer(struct str name)
{
    return account_is_implicit(name) || account_is_ethereum(name);
}

/* The account must be there, unless this action makes it. */
static bool
check_existence(struct receipt_run *run, const struct action *action)
{
    struct str name = account_str(&run->account->id);
    if (action->kind == ACTION_CREATE_ACCOUNT) {
        if (run->account->exists)
            return action_fail(run, FAILURE_ACCOUNT_ALREADY_EXISTS);
        /* With another action beside it anybody could put a key onto somebody's account. */
        if (is_made_by_transfer(name))
            return action_fail(run, FAILURE_ONLY_IMPLICIT_CREATION);
        return true;
    }
    if (run->account->exists)
        return true;
    if (action->kind == ACTION_TRANSFER && run->receipt->action_count == 1 &&
        !account_is_system(&run->receipt->predecessor) && is_made_by_transfer(name)) {
        if (account_is_implicit(name))
            create_implicit(run);
        else
            create_ethereum(run);
        run->actor = run->account->id;
        return true;
    }
    return action_fail(run, FAILURE_ACCOUNT_DOES_NOT_EXIST);
}

static bool
check_permission(struct receipt_run *run, const struct action *action)
{
    switch (action->kind) {
    case ACTION_DEPLOY_CONTRACT:
    case ACTION_STAKE:
    case ACTION_ADD_KEY:
    case ACTION_DELETE_KEY:
    case ACTION_DELETE_ACCOUNT:
    case ACTION_DEPLOY_GLOBAL_CONTRACT:
    case ACTION_USE_GLOBAL_CONTRACT: break;
    case ACTION_CREATE_ACCOUNT:
    case ACTION_FUNCTION_CALL:
    case ACTION_TRANSFER:
    case ACTION_DELEGATE:
    case ACTION_OTHER: return true;
    }
    if (!account_equal(&run->actor, &run->account->id)) {
        action_fail(run, FAILURE_ACTOR_NO_PERMISSION);
        run->failure.predecessor = run->actor;
        return false;
    }
    if (action->kind == ACTION_DELETE_ACCOUNT && !amount_is_zero(run->account->locked))
        return action_fail(run, FAILURE_DELETE_ACCOUNT_STAKING);
    return true;
}

bool
action_apply(struct receipt_run *run, size_t index)
{
    const struct action *action = &run->receipt->actions[index];
    run->action_index = index;
    if (!check_existence(run, action) || !check_permission(run, action))
        return false;
    run->value = (struct str){0};
    run->returned = NULL;
    switch (action->kind) {
    case ACTION_CREATE_ACCOUNT: return create_account(run);
    case ACTION_DEPLOY_CONTRACT:
        account_set_code(&run->app->chain->state, run->account, action->code);
        return true;
    case ACTION_FUNCTION_CALL:
        return action_call(run, action, index + 1 == run->receipt->action_count);
    case ACTION_TRANSFER: return transfer(run, action);
    case ACTION_ADD_KEY: return add_key(run, action);
    case ACTION_DELETE_KEY: return delete_key(run, action);
    case ACTION_DELETE_ACCOUNT: return delete_account(run, action);
    case ACTION_STAKE: return stake(run, action);
    case ACTION_DELEGATE: return action_delegate(run, action->delegate);
    case ACTION_DEPLOY_GLOBAL_CONTRACT: return global_deploy(run, action);
    case ACTION_USE_GLOBAL_CONTRACT: return global_take_up(run, action);
    case ACTION_OTHER: break;
    }
    /* Nothing that is decoded is of this kind. */
    fatal("an action of unknown kind has got into a receipt");
}
