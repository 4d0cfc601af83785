/* Who called, where and when; registers; results; the value returned. */
#include <string.h>
#include "contract/host/host.h"

static void
put_text(struct Z_env_instance_t *env, uint64_t number, const struct account_id *id,
         const char *name)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    if (name)
        host_not_in_view(h, name);
    register_set(h, number, account_str(id));
}

void
HOST(input)(struct Z_env_instance_t *env, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    register_set(h, number, h->in->input);
}

void
HOST(read_register)(struct Z_env_instance_t *env, uint64_t number, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    guest_write(h, at, guest_bytes(h, UINT64_MAX, number));
}

uint64_t
HOST(register_len)(struct Z_env_instance_t *env, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    const struct vm_register *r = register_find(h, number);
    return r ? r->value.n : UINT64_MAX;
}

void
HOST(write_register)(struct Z_env_instance_t *env, uint64_t number, uint64_t length,
                     uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    register_set(h, number, guest_memory(h, length, at));
}

void
HOST(current_account_id)(struct Z_env_instance_t *env, uint64_t number)
{
    put_text(env, number, &host_of(env)->in->current, NULL);
}

void
HOST(signer_account_id)(struct Z_env_instance_t *env, uint64_t number)
{
    put_text(env, number, &host_of(env)->in->signer, "signer_account_id");
}

void
HOST(predecessor_account_id)(struct Z_env_instance_t *env, uint64_t number)
{
    put_text(env, number, &host_of(env)->in->predecessor, "predecessor_account_id");
}

void
HOST(signer_account_pk)(struct Z_env_instance_t *env, uint64_t number)
{
    struct host *h = host_of(env);
    char bytes[65];
    pay(h, COST_BASE);
    host_not_in_view(h, "signer_account_pk");
    bytes[0] = (char)h->in->signer_key.curve;
    memcpy(bytes + 1, h->in->signer_key.b, sizeof(h->in->signer_key.b));
    register_set(h, number, str_of(bytes, 1 + public_key_bytes(&h->in->signer_key)));
}

uint64_t
HOST(block_index)(struct Z_env_instance_t *env)
{
    pay(host_of(env), COST_BASE);
    return host_of(env)->in->block_height;
}

uint64_t
HOST(block_timestamp)(struct Z_env_instance_t *env)
{
    pay(host_of(env), COST_BASE);
    return host_of(env)->in->block_time_ns;
}

uint64_t
HOST(epoch_height)(struct Z_env_instance_t *env)
{
    pay(host_of(env), COST_BASE);
    return host_of(env)->in->epoch_height;
}

/* Nobody stakes on the embedded chain: it has one producer and no epochs. */
void
HOST(validator_stake)(struct Z_env_instance_t *env, uint64_t length, uint64_t at,
                      uint64_t stake_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    guest_account(h, length, at);
    pay(h, COST_VALIDATOR_STAKE_BASE);
    guest_put_u128(h, stake_at, amount_of(0));
}

void
HOST(validator_total_stake)(struct Z_env_instance_t *env, uint64_t stake_at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    pay(h, COST_VALIDATOR_TOTAL_STAKE_BASE);
    guest_put_u128(h, stake_at, amount_of(0));
}

uint64_t
HOST(storage_usage)(struct Z_env_instance_t *env)
{
    pay(host_of(env), COST_BASE);
    return host_of(env)->out->storage_usage;
}

void
HOST(account_balance)(struct Z_env_instance_t *env, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    guest_put_u128(h, at, h->out->balance);
}

void
HOST(account_locked_balance)(struct Z_env_instance_t *env, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    guest_put_u128(h, at, h->in->locked_balance);
}

void
HOST(attached_deposit)(struct Z_env_instance_t *env, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    guest_put_u128(h, at, h->in->attached_deposit);
}

uint64_t
HOST(prepaid_gas)(struct Z_env_instance_t *env)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "prepaid_gas");
    return h->prepaid;
}

uint64_t
HOST(used_gas)(struct Z_env_instance_t *env)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "used_gas");
    return gas_burnt(h) + h->promised;
}

void
HOST(random_seed)(struct Z_env_instance_t *env, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    register_set(h, number, str_of(h->in->random_seed.b, sizeof(h->in->random_seed.b)));
}

void
HOST(value_return)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    struct str value = guest_bytes(h, length, at);
    if (value.n > HOST_MAX_VALUE)
        host_fail_limit(h, HOST_RETURNED_LENGTH, value.n, HOST_MAX_VALUE);
    uint64_t fee = 0;
    for (size_t i = 0; i < h->in->output_receiver_count; i++) {
        bool to_self = account_equal(&h->in->output_receivers[i], &h->in->current);
        fee += (fee_send(FEE_NEW_DATA_RECEIPT_BYTE, to_self) +
                fee_execution(FEE_NEW_DATA_RECEIPT_BYTE)) * value.n;
    }
    /* Delivering the value is all paid here and now, sending and execution. */
    pay_fee(h, FEE_NEW_DATA_RECEIPT_BYTE, fee, 0);
    h->out->returns = VM_RETURN_VALUE;
    h->out->value = arena_str(h->arena, value);
}

uint64_t
HOST(promise_results_count)(struct Z_env_instance_t *env)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_results_count");
    return h->in->result_count;
}

uint64_t
HOST(promise_result)(struct Z_env_instance_t *env, uint64_t index, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_result");
    if (index >= h->in->result_count)
        host_fail_at(h, HOST_INVALID_RESULT_INDEX, index);
    if (!h->in->results[index].is_ok)
        return 2;
    register_set(h, number, h->in->results[index].value);
    return 1;
}

/* What an older way of metering called; contracts may still do so themselves. */
void
HOST(gas)(struct Z_env_instance_t *env, uint32_t operators)
{
    pay_operators(host_of(env), operators);
}
