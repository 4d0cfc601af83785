/* What each action does to the receiver's account. */
#include <string.h>
#include "contract/chain/chain_private.h"

enum {
    MAX_METHOD_NAME = 256,
    MAX_ARGUMENTS = 4194304,
    MAX_KEY_METHODS_BYTES = 2000,
    TOP_LEVEL_FREE = 65
};

static enum validation_kind
validate_key(const struct access_key *access, uint64_t *a, uint64_t *b)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < access->method_count; i++) {
        bytes += access->methods[i].n + 1;
        *a = access->methods[i].n;
        *b = MAX_METHOD_NAME;
        if (*a > *b)
            return VALIDATION_KEY_METHOD_LENGTH;
    }
    *a = bytes;
    *b = MAX_KEY_METHODS_BYTES;
    return bytes > MAX_KEY_METHODS_BYTES ? VALIDATION_KEY_METHODS_BYTES : VALIDATION_OK;
}

static enum validation_kind
validate_call(const struct action *action, uint64_t *a, uint64_t *b)
{
    if (action->gas == 0)
        return VALIDATION_ZERO_GAS;
    *a = action->method.n;
    *b = MAX_METHOD_NAME;
    if (*a > *b)
        return VALIDATION_METHOD_NAME_LENGTH;
    *a = action->args.n;
    *b = MAX_ARGUMENTS;
    return *a > *b ? VALIDATION_ARGUMENTS_LENGTH : VALIDATION_OK;
}

enum validation_kind
actions_validate(const struct action *actions, size_t count, uint64_t *a, uint64_t *b)
{
    uint64_t gas = 0;
    *a = count;
    *b = TX_MAX_ACTIONS;
    if (count > TX_MAX_ACTIONS)
        return VALIDATION_TOO_MANY_ACTIONS;
    for (size_t i = 0; i < count; i++) {
        const struct action *action = &actions[i];
        enum validation_kind kind = VALIDATION_OK;
        if (action->kind == ACTION_DELETE_ACCOUNT && i + 1 != count)
            return VALIDATION_DELETE_NOT_FINAL;
        if (action->kind == ACTION_FUNCTION_CALL) {
            kind = validate_call(action, a, b);
            if (action->gas > UINT64_MAX - gas)
                return VALIDATION_INTEGER_OVERFLOW;
            gas += action->gas;
        } else if (action->kind == ACTION_ADD_KEY) {
            kind = validate_key(&action->access, a, b);
        } else if (action->kind == ACTION_DEPLOY_CONTRACT) {
            *a = action->code.n;
            *b = MODULE_MAX_BYTES;
            kind = *a > *b ? VALIDATION_CONTRACT_SIZE : VALIDATION_OK;
        }
        if (kind)
            return kind;
    }
    *a = gas;
    *b = CHAIN_MAX_PREPAID_GAS;
    return gas > CHAIN_MAX_PREPAID_GAS ? VALIDATION_TOTAL_PREPAID_GAS : VALIDATION_OK;
}

static bool
fail(struct receipt_run *run, enum failure_kind kind)
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
    if (run->account->exists)
        return fail(run, FAILURE_ACCOUNT_ALREADY_EXISTS);
    bool is_top = str_find_byte(id, '.') < 0;
    struct account_id registrar = account_of("registrar");
    if (is_top && id.n < TOP_LEVEL_FREE &&
        !account_equal(&run->receipt->predecessor, &registrar)) {
        run->failure.other = registrar;
        return fail(run, FAILURE_CREATE_ONLY_BY_REGISTRAR);
    }
    if (!is_top && !account_is_sub_of(id, account_str(&run->receipt->predecessor)))
        return fail(run, FAILURE_CREATE_NOT_ALLOWED);
    account_create(run->account);
    run->actor = run->account->id;
    return true;
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
        return fail(run, FAILURE_ADD_KEY_ALREADY_EXISTS);
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
        return fail(run, FAILURE_DELETE_KEY_DOES_NOT_EXIST);
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
        return fail(run, FAILURE_DELETE_ACCOUNT_LARGE_STATE);
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
    return true;
}

/* The account must be there, unless this action makes it. */
static bool
check_existence(struct receipt_run *run, const struct action *action)
{
    if (run->account->exists || action->kind == ACTION_CREATE_ACCOUNT)
        return true;
    if (action->kind == ACTION_TRANSFER && run->receipt->action_count == 1 &&
        !account_is_system(&run->receipt->predecessor) &&
        account_is_implicit(account_str(&run->account->id))) {
        create_implicit(run);
        return true;
    }
    return fail(run, FAILURE_ACCOUNT_DOES_NOT_EXIST);
}

static bool
check_permission(struct receipt_run *run, const struct action *action)
{
    bool is_own_affair = action->kind == ACTION_DEPLOY_CONTRACT ||
                         action->kind == ACTION_STAKE || action->kind == ACTION_ADD_KEY ||
                         action->kind == ACTION_DELETE_KEY ||
                         action->kind == ACTION_DELETE_ACCOUNT;
    if (!is_own_affair || account_equal(&run->actor, &run->account->id))
        return true;
    fail(run, FAILURE_ACTOR_NO_PERMISSION);
    run->failure.predecessor = run->actor;
    return false;
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
    case ACTION_STAKE:
    case ACTION_DELEGATE:
    case ACTION_OTHER: break;
    }
    run->failure.text = STR("this chain has no staking: its one validator is fixed");
    return fail(run, FAILURE_UNSUPPORTED);
}
