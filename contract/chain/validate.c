/* What a list of actions, and a receipt made by a contract, must keep to: the same for both. In
 * the node's order: the first rule that is broken counts. */
#include "contract/chain/chain_private.h"
#include "net/base/buf.h"

enum { MAX_METHOD_NAME = 256, MAX_ARGUMENTS = 4194304, MAX_KEY_METHODS_BYTES = 2000 };

static struct validation
within(enum validation_kind kind, uint64_t number, uint64_t limit)
{
    if (number <= limit)
        return (struct validation){.kind = VALIDATION_OK};
    return (struct validation){.kind = kind, .a = number, .b = limit};
}

static struct validation
validate_account(struct str name)
{
    /* A longer one is cut, as the node does. */
    if (account_is_valid(name))
        return (struct validation){.kind = VALIDATION_OK};
    return (struct validation){.kind = VALIDATION_INVALID_ACCOUNT,
                               .text = str_slice(name, 0, 2 * ACCOUNT_MAX)};
}

static struct validation
validate_key(const struct access_key *access)
{
    uint64_t bytes = 0;
    if (access->is_full_access)
        return (struct validation){.kind = VALIDATION_OK};
    struct validation v = validate_account(access->receiver);
    for (size_t i = 0; i < access->method_count && !v.kind; i++) {
        bytes += access->methods[i].n + 1;
        v = within(VALIDATION_KEY_METHOD_LENGTH, access->methods[i].n, MAX_METHOD_NAME);
    }
    return v.kind ? v : within(VALIDATION_KEY_METHODS_BYTES, bytes, MAX_KEY_METHODS_BYTES);
}

static struct validation
validate_call(const struct action *action)
{
    if (action->gas == 0)
        return (struct validation){.kind = VALIDATION_ZERO_GAS};
    struct validation v =
        within(VALIDATION_METHOD_NAME_LENGTH, action->method.n, MAX_METHOD_NAME);
    return v.kind ? v : within(VALIDATION_ARGUMENTS_LENGTH, action->args.n, MAX_ARGUMENTS);
}

static struct validation
validate_action(const struct action *action)
{
    switch (action->kind) {
    case ACTION_FUNCTION_CALL: return validate_call(action);
    case ACTION_ADD_KEY: return validate_key(&action->access);
    case ACTION_DEPLOY_CONTRACT:
    case ACTION_DEPLOY_GLOBAL_CONTRACT:
        return within(VALIDATION_CONTRACT_SIZE, action->code.n, MODULE_MAX_BYTES);
    case ACTION_STAKE:
        if (!public_key_is_point(&action->key))
            return (struct validation){.kind = VALIDATION_STAKING_KEY, .key = action->key};
        break;
    case ACTION_DELEGATE:
        return actions_validate(action->delegate->actions, action->delegate->action_count);
    case ACTION_CREATE_ACCOUNT:
    case ACTION_TRANSFER:
    case ACTION_DELETE_KEY:
    case ACTION_DELETE_ACCOUNT:
    case ACTION_USE_GLOBAL_CONTRACT:
    case ACTION_OTHER: break;
    }
    return (struct validation){.kind = VALIDATION_OK};
}

struct validation
actions_validate(const struct action *actions, size_t count)
{
    uint64_t gas;
    bool has_delegate = false;
    struct validation v = within(VALIDATION_TOO_MANY_ACTIONS, count, TX_MAX_ACTIONS);
    for (size_t i = 0; i < count && !v.kind; i++) {
        enum action_kind kind = actions[i].kind;
        if (kind == ACTION_DELETE_ACCOUNT && i + 1 != count)
            return (struct validation){.kind = VALIDATION_DELETE_NOT_FINAL};
        if (kind == ACTION_DELEGATE && has_delegate)
            return (struct validation){.kind = VALIDATION_ONLY_ONE_DELEGATE};
        has_delegate = has_delegate || kind == ACTION_DELEGATE;
        v = validate_action(&actions[i]);
    }
    if (v.kind)
        return v;
    if (!actions_attached_gas(actions, count, &gas))
        return (struct validation){.kind = VALIDATION_INTEGER_OVERFLOW};
    return within(VALIDATION_TOTAL_PREPAID_GAS, gas, CHAIN_MAX_PREPAID_GAS);
}

static uint64_t
distribution_bytes(const struct chain_receipt *r)
{
    enum { AROUND = 58, SHARD = 8 };
    uint64_t name = r->global.kind == GLOBAL_BY_HASH ? sizeof(r->global.hash.b)
                                                     : 4 + account_str(&r->global.owner).n;
    uint64_t n = AROUND + account_str(&r->predecessor).n + account_str(&r->receiver).n + name +
                 r->data.n;
    for (uint32_t rest = r->delivered; rest; rest &= rest - 1)
        n += SHARD;
    return n;
}

/* From the bytes of a transaction with the same actions: the two differ by what stands around
 * the actions. */
uint64_t
chain_receipt_bytes(const struct chain_receipt *r)
{
    enum { ID = 32, LENGTH = 4, AROUND = 21, DATA_AROUND = 74 };
    if (r->is_distribution)
        return distribution_bytes(r);
    if (r->is_data)
        return DATA_AROUND + account_str(&r->predecessor).n + account_str(&r->receiver).n +
               (r->has_data ? LENGTH + r->data.n : 0);
    struct buf bytes;
    struct transaction tx = {.signer = r->signer,
                             .receiver = r->receiver,
                             .key = r->signer_key,
                             .actions = r->actions,
                             .action_count = r->action_count};
    buf_init(&bytes, SIZE_MAX / 2);
    tx_encode(&tx, &bytes);
    uint64_t n = bytes.n + AROUND + account_str(&r->predecessor).n + ID * r->input_count;
    buf_release(&bytes);
    for (size_t i = 0; i < r->output_count; i++)
        n += ID + LENGTH + account_str(&r->outputs[i].receiver).n;
    return n;
}

struct validation
receipt_validate(const struct chain_receipt *r, const struct vm_receipt *made)
{
    /* A name that cannot be has no place in the receipt, but counts. */
    uint64_t bytes = chain_receipt_bytes(r) - account_str(&r->receiver).n + made->receiver_text.n;
    struct validation v = within(VALIDATION_RECEIPT_SIZE, bytes, CHAIN_MAX_RECEIPT_BYTES);
    if (v.kind)
        return v;
    if (made->has_bad_receiver)
        return (struct validation){.kind = VALIDATION_INVALID_RECEIVER,
                                   .text = made->receiver_text};
    v = within(VALIDATION_TOO_MANY_INPUTS, r->input_count, CHAIN_MAX_INPUTS);
    return v.kind ? v : actions_validate(r->actions, r->action_count);
}
