#include "contract/host/fee.h"

#include "net/near/account.h"

static const struct {
    const char *name;
    uint64_t self, other, execution;
} fees[FEE_COUNT] = {
#define X(name, self, other, execution) {#name, self, other, execution},
#include "contract/host/fee.def"
#undef X
};

const char *
fee_name(enum fee fee)
{
    return fees[fee].name;
}

uint64_t
fee_send(enum fee fee, bool to_self)
{
    return to_self ? fees[fee].self : fees[fee].other;
}

uint64_t
fee_execution(enum fee fee)
{
    return fees[fee].execution;
}

static struct action_fee
key_fee(const struct access_key *access)
{
    struct action_fee f = {.base = FEE_ADD_FULL_ACCESS_KEY};
    if (access->is_full_access)
        return f;
    f.base = FEE_ADD_FUNCTION_CALL_KEY_BASE;
    f.per_byte = FEE_ADD_FUNCTION_CALL_KEY_BYTE;
    for (size_t i = 0; i < access->method_count; i++)
        f.bytes += access->methods[i].n + 1;
    return f;
}

struct action_fee
action_fee_of(const struct action *action, struct str receiver)
{
    switch (action->kind) {
    case ACTION_CREATE_ACCOUNT: return (struct action_fee){.base = FEE_CREATE_ACCOUNT};
    case ACTION_DEPLOY_CONTRACT:
        return (struct action_fee){.base = FEE_DEPLOY_CONTRACT_BASE,
                                   .per_byte = FEE_DEPLOY_CONTRACT_BYTE,
                                   .bytes = action->code.n};
    case ACTION_FUNCTION_CALL:
        return (struct action_fee){.base = FEE_FUNCTION_CALL_BASE,
                                   .per_byte = FEE_FUNCTION_CALL_BYTE,
                                   .bytes = action->method.n + action->args.n};
    case ACTION_TRANSFER:
        return (struct action_fee){.base = FEE_TRANSFER,
                                   .creates_account =
                                       account_is_implicit(receiver) || account_is_ethereum(receiver),
                                   .creates_key = account_is_implicit(receiver)};
    case ACTION_ADD_KEY: return key_fee(&action->access);
    case ACTION_DELETE_KEY: return (struct action_fee){.base = FEE_DELETE_KEY};
    case ACTION_DELETE_ACCOUNT: return (struct action_fee){.base = FEE_DELETE_ACCOUNT};
    case ACTION_DELEGATE: return (struct action_fee){.base = FEE_DELEGATE};
    case ACTION_DEPLOY_GLOBAL_CONTRACT:
        return (struct action_fee){.base = FEE_DEPLOY_GLOBAL_CONTRACT_BASE,
                                   .per_byte = FEE_DEPLOY_GLOBAL_CONTRACT_BYTE,
                                   .bytes = action->code.n};
    case ACTION_USE_GLOBAL_CONTRACT:
        return (struct action_fee){.base = FEE_USE_GLOBAL_CONTRACT_BASE,
                                   .per_byte = FEE_USE_GLOBAL_CONTRACT_BYTE,
                                   .bytes = action->by_account
                                                ? account_str(&action->owner).n
                                                : sizeof(action->code_hash.b)};
    case ACTION_STAKE:
    case ACTION_OTHER: break;
    }
    return (struct action_fee){.base = FEE_STAKE};
}

static uint64_t
sum(struct action_fee f, bool execution, bool to_self)
{
    uint64_t base = execution ? fee_execution(f.base) : fee_send(f.base, to_self);
    uint64_t byte = execution ? fee_execution(f.per_byte) : fee_send(f.per_byte, to_self);
    if (f.creates_account)
        base += execution ? fee_execution(FEE_CREATE_ACCOUNT)
                          : fee_send(FEE_CREATE_ACCOUNT, to_self);
    if (f.creates_key)
        base += execution ? fee_execution(FEE_ADD_FULL_ACCESS_KEY)
                          : fee_send(FEE_ADD_FULL_ACCESS_KEY, to_self);
    return base + (f.bytes ? f.bytes * byte : 0);
}

uint64_t
action_send_fee(const struct action *action, struct str receiver, bool to_self)
{
    uint64_t fee = sum(action_fee_of(action, receiver), false, to_self);
    const struct delegate *d = action->kind == ACTION_DELEGATE ? action->delegate : NULL;
    for (size_t i = 0; d && i < d->action_count; i++)
        fee += action_send_fee(&d->actions[i], account_str(&d->receiver), to_self);
    return fee;
}

uint64_t
action_execution_fee(const struct action *action, struct str receiver)
{
    return sum(action_fee_of(action, receiver), true, false);
}

uint64_t
delegate_send_fee(const struct delegate *d)
{
    uint64_t fee = 0;
    bool to_self = account_equal(&d->sender, &d->receiver);
    for (size_t i = 0; i < d->action_count; i++)
        fee += action_send_fee(&d->actions[i], account_str(&d->receiver), to_self);
    return fee;
}

uint64_t
delegate_execution_fee(const struct delegate *d)
{
    uint64_t fee = fee_execution(FEE_NEW_ACTION_RECEIPT);
    for (size_t i = 0; i < d->action_count; i++)
        fee += action_execution_fee(&d->actions[i], account_str(&d->receiver));
    return fee;
}

uint64_t
action_prepaid_fees(const struct action *action)
{
    const struct delegate *d = action->kind == ACTION_DELEGATE ? action->delegate : NULL;
    return d ? delegate_send_fee(d) + delegate_execution_fee(d) : 0;
}

bool
actions_attached_gas(const struct action *actions, size_t count, uint64_t *gas)
{
    uint64_t more, total = 0;
    for (size_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        more = a->kind == ACTION_FUNCTION_CALL ? a->gas : 0;
        if (a->kind == ACTION_DELEGATE &&
            !actions_attached_gas(a->delegate->actions, a->delegate->action_count, &more))
            return false;
        if (more > UINT64_MAX - total)
            return false;
        total += more;
    }
    *gas = total;
    return true;
}

bool
actions_deposit(const struct action *actions, size_t count, struct amount *deposit)
{
    struct amount more, total = amount_of(0);
    for (size_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        bool has_deposit = a->kind == ACTION_FUNCTION_CALL || a->kind == ACTION_TRANSFER;
        more = has_deposit ? a->deposit : amount_of(0);
        if (a->kind == ACTION_DELEGATE &&
            !actions_deposit(a->delegate->actions, a->delegate->action_count, &more))
            return false;
        if (!amount_add(total, more, &total))
            return false;
    }
    *deposit = total;
    return true;
}
