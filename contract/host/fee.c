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

/* An account that is named after an Ethereum address: "0x" and forty hex digits. */
static bool
is_ethereum(struct str receiver)
{
    if (receiver.n != 42 || !str_starts(receiver, STR("0x")))
        return false;
    for (size_t i = 2; i < receiver.n; i++) {
        char c = receiver.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
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
                                       account_is_implicit(receiver) || is_ethereum(receiver),
                                   .creates_key = account_is_implicit(receiver)};
    case ACTION_ADD_KEY: return key_fee(&action->access);
    case ACTION_DELETE_KEY: return (struct action_fee){.base = FEE_DELETE_KEY};
    case ACTION_DELETE_ACCOUNT: return (struct action_fee){.base = FEE_DELETE_ACCOUNT};
    case ACTION_STAKE:
    case ACTION_DELEGATE:
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
    return sum(action_fee_of(action, receiver), false, to_self);
}

uint64_t
action_execution_fee(const struct action *action, struct str receiver)
{
    return sum(action_fee_of(action, receiver), true, false);
}
