/* Promises: receipts to be. Nothing is sent here; the list goes to the chain with the outcome. */
#include <string.h>
#include "contract/host/host.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

enum { MAX_ACTIONS_KEPT = 1024 };

static uint64_t
new_promise(struct host *h, struct promise p)
{
    if (h->promise_count >= HOST_MAX_PROMISES)
        host_fail(h, "The number of promises within a FunctionCall %d exceeds the limit %d",
                  HOST_MAX_PROMISES + 1, HOST_MAX_PROMISES);
    h->promises[h->promise_count] = p;
    return h->promise_count++;
}

static struct promise *
promise_at(struct host *h, uint64_t index)
{
    if (index >= h->promise_count)
        host_fail(h, "%llu does not correspond to existing promises", (unsigned long long)index);
    return &h->promises[index];
}

static struct vm_receipt *
receipt_at(struct host *h, uint64_t index)
{
    struct promise *p = promise_at(h, index);
    if (p->is_joint)
        host_fail(h, "Actions can only be appended to non-joint promise.");
    return &h->receipts[p->receipts[0]];
}

static uint64_t
new_receipt(struct host *h, struct str receiver, const struct promise *after)
{
    bool to_self = str_equal(receiver, account_str(&h->in->current));
    pay_fee(h, FEE_NEW_ACTION_RECEIPT, fee_send(FEE_NEW_ACTION_RECEIPT, to_self),
            fee_execution(FEE_NEW_ACTION_RECEIPT));
    size_t inputs = after ? after->count : 0;
    /* Both halves of a data receipt's base are burnt by whoever waits for it, and booked
     * together with the receipt. */
    for (size_t i = 0; i < inputs; i++)
        pay_fee(h, FEE_NEW_ACTION_RECEIPT,
                fee_send(FEE_NEW_DATA_RECEIPT_BASE, to_self) +
                    fee_execution(FEE_NEW_DATA_RECEIPT_BASE), 0);
    struct vm_receipt *r = &h->receipts[h->receipt_count];
    *r = (struct vm_receipt){.receiver_text = receiver, .input_count = inputs};
    if (account_parse(receiver, &r->receiver, NULL) != OK)
        r->has_bad_receiver = true;
    if (after)
        r->inputs = arena_copy(h->arena, after->receipts, inputs * sizeof(*after->receipts));
    size_t *list = arena_array(h->arena, 1, sizeof(*list));
    *list = h->receipt_count++;
    return new_promise(h, (struct promise){.receipts = list, .count = 1});
}

/* Room for receipts is as for promises: each receipt has a handle of its own. */
static void
check_room(struct host *h)
{
    if (h->promise_count >= HOST_MAX_PROMISES)
        host_fail(h, "The number of promises within a FunctionCall %d exceeds the limit %d",
                  HOST_MAX_PROMISES + 1, HOST_MAX_PROMISES);
}

static uint64_t
batch_create(struct host *h, const char *name, uint64_t length, uint64_t at)
{
    pay(h, COST_BASE);
    host_not_in_view(h, name);
    struct str receiver = guest_account(h, length, at);
    check_room(h);
    return new_receipt(h, receiver, NULL);
}

static uint64_t
batch_then(struct host *h, const char *name, uint64_t index, uint64_t length, uint64_t at)
{
    pay(h, COST_BASE);
    host_not_in_view(h, name);
    struct str receiver = guest_account(h, length, at);
    const struct promise after = *promise_at(h, index);
    check_room(h);
    return new_receipt(h, receiver, &after);
}

static struct action *
add_action(struct host *h, struct vm_receipt *r, enum action_kind kind)
{
    /* Doubling inside the arena: what is left behind goes with the call. */
    size_t n = r->action_count;
    if ((n & (n - 1)) == 0 || n == 0) {
        size_t room = n ? n * 2 : 1;
        struct action *actions = arena_array(h->arena, room, sizeof(*actions));
        uint64_t *weights = arena_array(h->arena, room, sizeof(*weights));
        if (n) {
            memcpy(actions, r->actions, n * sizeof(*actions));
            memcpy(weights, r->gas_weights, n * sizeof(*weights));
        }
        r->actions = actions;
        r->gas_weights = weights;
    }
    r->actions[n] = (struct action){.kind = kind};
    return &r->actions[r->action_count++];
}

static bool
is_to_self(const struct host *h, const struct vm_receipt *r)
{
    return str_equal(r->receiver_text, account_str(&h->in->current));
}

static void
pay_action_fee(struct host *h, enum fee fee, uint64_t count, bool to_self)
{
    pay_fee(h, fee, fee_send(fee, to_self) * count, fee_execution(fee) * count);
}

static void
take_deposit(struct host *h, struct amount deposit)
{
    struct amount left;
    if (!amount_sub(h->out->balance, deposit, &left))
        host_fail(h, "Exceeded the account balance.");
    h->out->balance = left;
}

struct call_args {
    uint64_t index, method_length, method_at, args_length, args_at, amount_at, gas, weight;
};

static void
add_call(struct host *h, const char *name, const struct call_args *a)
{
    pay(h, COST_BASE);
    host_not_in_view(h, name);
    struct amount deposit = guest_u128(h, a->amount_at);
    struct str method = guest_bytes(h, a->method_length, a->method_at);
    if (method.n == 0)
        host_fail(h, "Tried to call an empty method name.");
    method = arena_str(h->arena, method);
    struct str args = arena_str(h->arena, guest_bytes(h, a->args_length, a->args_at));
    struct vm_receipt *r = receipt_at(h, a->index);
    bool to_self = is_to_self(h, r);
    pay_action_fee(h, FEE_FUNCTION_CALL_BASE, 1, to_self);
    pay_action_fee(h, FEE_FUNCTION_CALL_BYTE, method.n + args.n, to_self);
    pay_gas(h, a->gas);
    take_deposit(h, deposit);
    if (!utf8_is_valid(method))
        host_fail(h, "VM Logic returned an invalid method name");
    struct action *action = add_action(h, r, ACTION_FUNCTION_CALL);
    action->method = method;
    action->args = args;
    action->gas = a->gas;
    action->deposit = deposit;
    r->gas_weights[r->action_count - 1] = a->weight;
}

uint64_t
HOST(promise_create)(struct Z_env_instance_t *env, uint64_t al, uint64_t ap, uint64_t ml,
                     uint64_t mp, uint64_t kl, uint64_t kp, uint64_t amount_at, uint64_t gas)
{
    struct host *h = host_of(env);
    uint64_t index = batch_create(h, "promise_batch_create", al, ap);
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    add_call(h, "promise_batch_action_function_call", &args);
    return index;
}

uint64_t
HOST(promise_then)(struct Z_env_instance_t *env, uint64_t after, uint64_t al, uint64_t ap,
                   uint64_t ml, uint64_t mp, uint64_t kl, uint64_t kp, uint64_t amount_at,
                   uint64_t gas)
{
    struct host *h = host_of(env);
    uint64_t index = batch_then(h, "promise_batch_then", after, al, ap);
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    add_call(h, "promise_batch_action_function_call", &args);
    return index;
}

uint64_t
HOST(promise_and)(struct Z_env_instance_t *env, uint64_t at, uint64_t count)
{
    struct host *h = host_of(env);
    size_t list[HOST_MAX_INPUTS], n = 0;
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_and");
    pay(h, COST_PROMISE_AND_BASE);
    if (count > UINT64_MAX / 8)
        host_fail_overflow(h);
    /* The "per promise" price is multiplied by bytes on the node. */
    pay_bytes(h, COST_PROMISE_AND_PER_PROMISE, count * 8);
    struct str indices = guest_memory(h, count * 8, at);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t index;
        memcpy(&index, indices.p + i * 8, sizeof(index));
        const struct promise *p = promise_at(h, index);
        if (n + p->count > HOST_MAX_INPUTS)
            host_fail(h, "The number of input data dependencies %zu exceeds the limit %d",
                      n + p->count, HOST_MAX_INPUTS);
        memcpy(list + n, p->receipts, p->count * sizeof(*list));
        n += p->count;
    }
    return new_promise(h, (struct promise){
        .is_joint = true, .receipts = arena_copy(h->arena, list, n * sizeof(*list)), .count = n});
}

uint64_t
HOST(promise_batch_create)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    return batch_create(host_of(env), "promise_batch_create", length, at);
}

uint64_t
HOST(promise_batch_then)(struct Z_env_instance_t *env, uint64_t after, uint64_t length,
                         uint64_t at)
{
    return batch_then(host_of(env), "promise_batch_then", after, length, at);
}

void
HOST(promise_batch_action_function_call)(struct Z_env_instance_t *env, uint64_t index,
                                         uint64_t ml, uint64_t mp, uint64_t kl, uint64_t kp,
                                         uint64_t amount_at, uint64_t gas)
{
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    add_call(host_of(env), "promise_batch_action_function_call", &args);
}

void
HOST(promise_batch_action_function_call_weight)(struct Z_env_instance_t *env, uint64_t index,
                                                uint64_t ml, uint64_t mp, uint64_t kl,
                                                uint64_t kp, uint64_t amount_at, uint64_t gas,
                                                uint64_t weight)
{
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, weight};
    add_call(host_of(env), "promise_batch_action_function_call", &args);
}

void
HOST(promise_batch_action_create_account)(struct Z_env_instance_t *env, uint64_t index)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_create_account");
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_CREATE_ACCOUNT, 1, is_to_self(h, r));
    add_action(h, r, ACTION_CREATE_ACCOUNT);
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
        host_fail(h, "The size of a contract code in DeployContract action %zu exceeds the "
                     "limit %d", code.n, MODULE_MAX_BYTES);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DEPLOY_CONTRACT_BASE, 1, is_to_self(h, r));
    pay_action_fee(h, FEE_DEPLOY_CONTRACT_BYTE, code.n, is_to_self(h, r));
    add_action(h, r, ACTION_DEPLOY_CONTRACT)->code = arena_str(h->arena, code);
}

void
HOST(promise_batch_action_transfer)(struct Z_env_instance_t *env, uint64_t index, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_transfer");
    struct amount deposit = guest_u128(h, at);
    struct vm_receipt *r = receipt_at(h, index);
    bool to_self = is_to_self(h, r);
    if (account_is_implicit(r->receiver_text)) {
        pay_action_fee(h, FEE_CREATE_ACCOUNT, 1, to_self);
        pay_action_fee(h, FEE_ADD_FULL_ACCESS_KEY, 1, to_self);
    }
    pay_action_fee(h, FEE_TRANSFER, 1, to_self);
    take_deposit(h, deposit);
    add_action(h, r, ACTION_TRANSFER)->deposit = deposit;
}

static struct public_key
guest_key(struct host *h, uint64_t length, uint64_t at)
{
    struct str bytes = guest_bytes(h, length, at);
    struct public_key key = {0};
    if (bytes.n == 0 || (uint8_t)bytes.p[0] > 1)
        host_fail(h, "VM Logic provided an invalid public key");
    key.curve = (uint8_t)bytes.p[0];
    if (bytes.n != 1 + public_key_bytes(&key))
        host_fail(h, "VM Logic provided an invalid public key");
    memcpy(key.b, bytes.p + 1, bytes.n - 1);
    return key;
}

void
HOST(promise_batch_action_stake)(struct Z_env_instance_t *env, uint64_t index,
                                 uint64_t amount_at, uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_stake");
    struct amount stake = guest_u128(h, amount_at);
    struct public_key key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_STAKE, 1, is_to_self(h, r));
    struct action *action = add_action(h, r, ACTION_STAKE);
    action->deposit = stake;
    action->key = key;
}

void
HOST(promise_batch_action_add_key_with_full_access)(struct Z_env_instance_t *env, uint64_t index,
                                                    uint64_t key_length, uint64_t key_at,
                                                    uint64_t nonce)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_add_key_with_full_access");
    struct public_key key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_ADD_FULL_ACCESS_KEY, 1, is_to_self(h, r));
    struct action *action = add_action(h, r, ACTION_ADD_KEY);
    action->key = key;
    action->access = (struct access_key){.nonce = nonce, .is_full_access = true};
}

/* "a,b,c" to a list; empty parts are errors, as on the node. */
static void
split_methods(struct host *h, struct str names, struct access_key *access)
{
    size_t count = names.n ? 1 : 0;
    for (size_t i = 0; i < names.n; i++)
        count += names.p[i] == ',';
    access->methods = arena_array(h->arena, count, sizeof(*access->methods));
    struct str rest = names, name;
    while (str_take_until(&rest, ',', &name)) {
        if (name.n == 0)
            host_fail(h, "Tried to call an empty method name.");
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
    struct public_key key = guest_key(h, key_length, key_at);
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
    pay_action_fee(h, FEE_ADD_FUNCTION_CALL_KEY_BASE, 1, is_to_self(h, r));
    pay_action_fee(h, FEE_ADD_FUNCTION_CALL_KEY_BYTE, bytes, is_to_self(h, r));
    struct action *action = add_action(h, r, ACTION_ADD_KEY);
    action->key = key;
    action->access = access;
}

void
HOST(promise_batch_action_delete_key)(struct Z_env_instance_t *env, uint64_t index,
                                      uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_delete_key");
    struct public_key key = guest_key(h, key_length, key_at);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DELETE_KEY, 1, is_to_self(h, r));
    add_action(h, r, ACTION_DELETE_KEY)->key = key;
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
    pay_action_fee(h, FEE_DELETE_ACCOUNT, 1, is_to_self(h, r));
    struct account_id beneficiary;
    if (account_parse(name, &beneficiary, NULL) != OK)
        host_fail(h, "VM Logic returned an invalid account id");
    add_action(h, r, ACTION_DELETE_ACCOUNT)->beneficiary = beneficiary;
}

void
HOST(promise_return)(struct Z_env_instance_t *env, uint64_t index)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    pay(h, COST_PROMISE_RETURN);
    host_not_in_view(h, "promise_return");
    const struct promise *p = promise_at(h, index);
    if (p->is_joint)
        host_fail(h, "Returning joint promise is currently prohibited.");
    h->out->returns = VM_RETURN_RECEIPT;
    h->out->receipt = p->receipts[0];
}

void
promise_distribute_gas(struct host *h)
{
    struct vm_outcome *out = h->out;
    uint64_t left = h->prepaid - out->gas_used, total = 0, given = 0;
    uint64_t *last = NULL;
    for (size_t i = 0; i < h->receipt_count; i++) {
        for (size_t j = 0; j < h->receipts[i].action_count; j++)
            total += h->receipts[i].gas_weights[j];
    }
    if (total == 0)
        return;
    for (size_t i = 0; i < h->receipt_count; i++) {
        struct vm_receipt *r = &h->receipts[i];
        for (size_t j = 0; j < r->action_count; j++) {
            if (r->gas_weights[j] == 0)
                continue;
            struct amount product = amount_product(left, r->gas_weights[j]);
            uint64_t share = amount_divide(product, total, NULL).lo;
            r->actions[j].gas += share;
            given += share;
            last = &r->actions[j].gas;
        }
    }
    *last += left - given;
    out->gas_used = h->prepaid;
}
