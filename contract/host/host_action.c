/* Actions of receipts to be, in the order in which the node pays and checks. */
#include <string.h>
#include "contract/host/host.h"
#include "net/base/utf8.h"

void *
room_for_one(struct host *h, void *items, size_t count, size_t size)
{
    if (count & (count - 1))
        return items;
    void *longer = arena_array(h->arena, count ? count * 2 : 1, size);
    if (count)
        memcpy(longer, items, count * size);
    return longer;
}

struct action *
receipt_add(struct host *h, struct vm_receipt *r, enum action_kind kind)
{
    r->actions = room_for_one(h, r->actions, r->action_count, sizeof(*r->actions));
    r->actions[r->action_count] = (struct action){.kind = kind};
    return &r->actions[r->action_count++];
}

void
pay_action_fee(struct host *h, enum fee fee, uint64_t count, bool to_self)
{
    pay_fee(h, fee, fee_send(fee, to_self) * count, fee_execution(fee) * count);
}

static void
take_deposit(struct host *h, struct amount deposit)
{
    struct amount left;
    if (!amount_sub(h->out->balance, deposit, &left))
        host_fail(h, HOST_BALANCE_EXCEEDED);
    h->out->balance = left;
}

void
receipt_put_call(struct host *h, struct vm_receipt *r, struct action call, uint64_t weight)
{
    if (!utf8_is_valid(call.method))
        host_fail(h, HOST_INVALID_METHOD_NAME);
    struct action *action = receipt_add(h, r, ACTION_FUNCTION_CALL);
    *action = call;
    action->kind = ACTION_FUNCTION_CALL;
    if (weight == 0)
        return;
    h->shares = room_for_one(h, h->shares, h->share_count, sizeof(*h->shares));
    h->shares[h->share_count++] =
        (struct gas_share){(size_t)(r - h->receipts), r->action_count - 1, weight};
}

void
receipt_add_call(struct host *h, const struct call_args *a)
{
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_function_call");
    struct amount deposit = guest_u128(h, a->amount_at);
    struct str method = guest_bytes(h, a->method_length, a->method_at);
    if (method.n == 0)
        host_fail(h, HOST_EMPTY_METHOD_NAME);
    method = arena_str(h->arena, method);
    struct str args = arena_str(h->arena, guest_bytes(h, a->args_length, a->args_at));
    struct vm_receipt *r = receipt_at(h, a->index);
    bool to_self = receipt_is_to_self(h, r);
    pay_action_fee(h, FEE_FUNCTION_CALL_BASE, 1, to_self);
    pay_action_fee(h, FEE_FUNCTION_CALL_BYTE, method.n + args.n, to_self);
    pay_gas(h, a->gas);
    take_deposit(h, deposit);
    receipt_put_call(
        h, r,
        (struct action){.method = method, .args = args, .gas = a->gas, .deposit = deposit},
        a->weight);
}

void
HOST(promise_batch_action_function_call)(struct Z_env_instance_t *env, uint64_t index,
                                         uint64_t ml, uint64_t mp, uint64_t kl, uint64_t kp,
                                         uint64_t amount_at, uint64_t gas)
{
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    receipt_add_call(host_of(env), &args);
}

void
HOST(promise_batch_action_function_call_weight)(struct Z_env_instance_t *env, uint64_t index,
                                                uint64_t ml, uint64_t mp, uint64_t kl,
                                                uint64_t kp, uint64_t amount_at, uint64_t gas,
                                                uint64_t weight)
{
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, weight};
    receipt_add_call(host_of(env), &args);
}

void
HOST(promise_batch_action_create_account)(struct Z_env_instance_t *env, uint64_t index)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_create_account");
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_CREATE_ACCOUNT, 1, receipt_is_to_self(h, r));
    receipt_add(h, r, ACTION_CREATE_ACCOUNT);
}

void
HOST(promise_batch_action_deploy_contract)(struct Z_env_instance_t *env, uint64_t index,
                                           uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_deploy_contract");
    struct str code = guest_bytes(h, length, at);
    if (code.n > MODULE_MAX_BYTES)
        host_fail_limit(h, HOST_CONTRACT_SIZE, code.n, MODULE_MAX_BYTES);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DEPLOY_CONTRACT_BASE, 1, receipt_is_to_self(h, r));
    pay_action_fee(h, FEE_DEPLOY_CONTRACT_BYTE, code.n, receipt_is_to_self(h, r));
    receipt_add(h, r, ACTION_DEPLOY_CONTRACT)->code = arena_str(h->arena, code);
}

void
HOST(promise_batch_action_transfer)(struct Z_env_instance_t *env, uint64_t index, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_transfer");
    struct amount deposit = guest_u128(h, at);
    struct vm_receipt *r = receipt_at(h, index);
    /* What making an implicit account costs is booked as transfer too. */
    const struct action transfer = {.kind = ACTION_TRANSFER, .deposit = deposit};
    pay_fee(h, FEE_TRANSFER,
            action_send_fee(&transfer, r->receiver_text, receipt_is_to_self(h, r)),
            action_execution_fee(&transfer, r->receiver_text));
    take_deposit(h, deposit);
    receipt_add(h, r, ACTION_TRANSFER)->deposit = deposit;
}

/* A malformed key is told only after the action's fee: the node decodes late. */
struct key_argument {
    struct public_key key;
    bool is_good;
};

static struct key_argument
guest_key(struct host *h, uint64_t length, uint64_t at)
{
    struct str bytes = guest_bytes(h, length, at);
    struct key_argument k = {.is_good = false};
    if (bytes.n == 0 || (uint8_t)bytes.p[0] > 1)
        return k;
    k.key.curve = (uint8_t)bytes.p[0];
    k.is_good = bytes.n == 1 + public_key_bytes(&k.key);
    if (k.is_good)
        memcpy(k.key.b, bytes.p + 1, bytes.n - 1);
    return k;
}

static struct public_key
decoded(struct host *h, const struct key_argument *k)
{
    if (!k->is_good)
        host_fail(h, HOST_INVALID_PUBLIC_KEY);
    return k->key;
}

void
HOST(promise_batch_action_stake)(struct Z_env_instance_t *env, uint64_t index,
                                 uint64_t amount_at, uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_stake");
    struct amount stake = guest_u128(h, amount_at);
    struct key_argument key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_STAKE, 1, receipt_is_to_self(h, r));
    struct public_key good = decoded(h, &key);
    struct action *action = receipt_add(h, r, ACTION_STAKE);
    action->deposit = stake;
    action->key = good;
}

void
HOST(promise_batch_action_add_key_with_full_access)(struct Z_env_instance_t *env,
                                                    uint64_t index, uint64_t key_length,
                                                    uint64_t key_at, uint64_t nonce)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_add_key_with_full_access");
    struct key_argument key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_ADD_FULL_ACCESS_KEY, 1, receipt_is_to_self(h, r));
    struct public_key good = decoded(h, &key);
    struct action *action = receipt_add(h, r, ACTION_ADD_KEY);
    action->key = good;
    action->access = (struct access_key){.nonce = nonce, .is_full_access = true};
}

/* "a,b,c" to a list; empty parts are errors, as on the node. */
static void
split_methods(struct host *h, struct str names, struct access_key *access)
{
    size_t count = 1;
    for (size_t i = 0; i < names.n; i++)
        count += names.p[i] == ',';
    if (names.n == 0)
        return;
    if (names.p[names.n - 1] == ',')
        host_fail(h, HOST_EMPTY_METHOD_NAME);
    access->methods = arena_array(h->arena, count, sizeof(*access->methods));
    struct str rest = names, name;
    while (str_take_until(&rest, ',', &name)) {
        if (name.n == 0)
            host_fail(h, HOST_EMPTY_METHOD_NAME);
        access->methods[access->method_count++] = name;
    }
}

void
HOST(promise_batch_action_add_key_with_function_call)(
    struct Z_env_instance_t *env, uint64_t index, uint64_t key_length, uint64_t key_at,
    uint64_t nonce, uint64_t allowance_at, uint64_t receiver_length, uint64_t receiver_at,
    uint64_t names_length, uint64_t names_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_add_key_with_function_call");
    struct key_argument key = guest_key(h, key_length, key_at);
    struct amount allowance = guest_u128(h, allowance_at);
    struct access_key access = {.nonce = nonce, .has_allowance = !amount_is_zero(allowance),
                                .allowance = allowance};
    access.receiver = guest_account(h, receiver_length, receiver_at);
    struct str names = arena_str(h->arena, guest_bytes(h, names_length, names_at));
    split_methods(h, names, &access);
    struct vm_receipt *r = receipt_at(h, index);
    uint64_t bytes = 0;
    for (size_t i = 0; i < access.method_count; i++)
        bytes += access.methods[i].n + 1;
    pay_action_fee(h, FEE_ADD_FUNCTION_CALL_KEY_BASE, 1, receipt_is_to_self(h, r));
    pay_action_fee(h, FEE_ADD_FUNCTION_CALL_KEY_BYTE, bytes, receipt_is_to_self(h, r));
    struct public_key good = decoded(h, &key);
    if (!utf8_is_valid(names))
        host_fail(h, HOST_INVALID_METHOD_NAME);
    struct action *action = receipt_add(h, r, ACTION_ADD_KEY);
    action->key = good;
    action->access = access;
}

void
HOST(promise_batch_action_delete_key)(struct Z_env_instance_t *env, uint64_t index,
                                      uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_delete_key");
    struct key_argument key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DELETE_KEY, 1, receipt_is_to_self(h, r));
    struct public_key good = decoded(h, &key);
    receipt_add(h, r, ACTION_DELETE_KEY)->key = good;
}

void
HOST(promise_batch_action_delete_account)(struct Z_env_instance_t *env, uint64_t index,
                                          uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_delete_account");
    struct str name = guest_account(h, length, at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DELETE_ACCOUNT, 1, receipt_is_to_self(h, r));
    struct account_id beneficiary;
    if (account_parse(name, &beneficiary, NULL) != OK)
        host_fail(h, HOST_INVALID_ACCOUNT_ID);
    receipt_add(h, r, ACTION_DELETE_ACCOUNT)->beneficiary = beneficiary;
}
