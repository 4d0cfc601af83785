/* Contracts that any account may use: deploying one, and using one, as actions of a receipt. */
#include <string.h>
#include "contract/host/host.h"

static void
deploy(struct host *h, uint64_t index, uint64_t length, uint64_t at, bool by_account,
       const char *name)
{
    pay(h, COST_BASE);
    host_not_in_view(h, name);
    struct str code = guest_bytes(h, length, at);
    if (code.n > MODULE_MAX_BYTES)
        host_fail_limit(h, HOST_CONTRACT_SIZE, code.n, MODULE_MAX_BYTES);
    code = arena_str(h->arena, code);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_DEPLOY_GLOBAL_CONTRACT_BASE, 1, receipt_is_to_self(h, r));
    pay_action_fee(h, FEE_DEPLOY_GLOBAL_CONTRACT_BYTE, code.n, receipt_is_to_self(h, r));
    struct action *action = receipt_add(h, r, ACTION_DEPLOY_GLOBAL_CONTRACT);
    action->code = code;
    action->by_account = by_account;
}

void
HOST(promise_batch_action_deploy_global_contract)(struct Z_env_instance_t *env, uint64_t index,
                                                  uint64_t length, uint64_t at)
{
    deploy(host_of(env), index, length, at, false,
           "promise_batch_action_deploy_global_contract");
}

void
HOST(promise_batch_action_deploy_global_contract_by_account_id)(struct Z_env_instance_t *env,
                                                                uint64_t index, uint64_t length,
                                                                uint64_t at)
{
    deploy(host_of(env), index, length, at, true,
           "promise_batch_action_deploy_global_contract_by_account_id");
}

static struct action *
use(struct host *h, uint64_t index, uint64_t name_bytes)
{
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_USE_GLOBAL_CONTRACT_BASE, 1, receipt_is_to_self(h, r));
    pay_action_fee(h, FEE_USE_GLOBAL_CONTRACT_BYTE, name_bytes, receipt_is_to_self(h, r));
    return receipt_add(h, r, ACTION_USE_GLOBAL_CONTRACT);
}

void
HOST(promise_batch_action_use_global_contract)(struct Z_env_instance_t *env, uint64_t index,
                                               uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    struct hash hash;
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_use_global_contract");
    struct str bytes = guest_bytes(h, length, at);
    if (bytes.n != sizeof(hash.b))
        host_fail(h, HOST_CODE_HASH_MALFORMED);
    memcpy(hash.b, bytes.p, sizeof(hash.b));
    use(h, index, sizeof(hash.b))->code_hash = hash;
}

void
HOST(promise_batch_action_use_global_contract_by_account_id)(struct Z_env_instance_t *env,
                                                             uint64_t index, uint64_t length,
                                                             uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_action_use_global_contract_by_account_id");
    struct str name = guest_account(h, length, at);
    struct action *action = use(h, index, name.n);
    action->by_account = true;
    /* Names are looked at when the receipt is checked; this one has no other check. */
    if (account_parse(name, &action->owner, NULL) != OK)
        host_fail(h, HOST_INVALID_ACCOUNT_ID);
}
