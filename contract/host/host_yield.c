/* Promises that wait for somebody to resume them, or for their time to run out. */
#include <string.h>
#include "contract/host/host.h"

uint64_t
HOST(promise_yield_create)(struct Z_env_instance_t *env, uint64_t method_length,
                           uint64_t method_at, uint64_t args_length, uint64_t args_at,
                           uint64_t gas, uint64_t weight, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_yield_create");
    pay(h, COST_YIELD_CREATE_BASE);
    struct str method = guest_bytes(h, method_length, method_at);
    if (method.n == 0)
        host_fail(h, HOST_EMPTY_METHOD_NAME);
    method = arena_str(h->arena, method);
    struct str args = arena_str(h->arena, guest_bytes(h, args_length, args_at));
    pay_bytes(h, COST_YIELD_CREATE_BYTE, method.n + args.n);
    pay_gas(h, gas);
    uint64_t index = receipt_new_yield(h);
    struct vm_receipt *r = receipt_at(h, index);
    pay_action_fee(h, FEE_FUNCTION_CALL_BASE, 1, true);
    pay_action_fee(h, FEE_FUNCTION_CALL_BYTE, method.n + args.n, true);
    receipt_put_call(h, r, (struct action){.method = method, .args = args, .gas = gas}, weight);
    register_set(h, number, str_of(r->data_id.b, sizeof(r->data_id.b)));
    return index;
}

static void
add_resume(struct host *h, const struct hash *data_id, struct str payload, bool is_own)
{
    struct vm_outcome *out = h->out;
    out->resumes = room_for_one(h, out->resumes, out->resume_count, sizeof(*out->resumes));
    out->resumes[out->resume_count++] =
        (struct vm_resume){*data_id, arena_str(h->arena, payload), is_own};
}

/* Resumed by the call that yielded it: it becomes a receipt like any other, whose data is on
 * its way. */
static bool
resume_own(struct host *h, const struct hash *data_id)
{
    for (size_t i = 0; i < h->receipt_count; i++) {
        struct vm_receipt *r = &h->receipts[i];
        if (r->is_yield && hash_equal(&r->data_id, data_id)) {
            r->is_yield = false;
            return true;
        }
    }
    return false;
}

uint32_t
HOST(promise_yield_resume)(struct Z_env_instance_t *env, uint64_t token_length,
                           uint64_t token_at, uint64_t payload_length, uint64_t payload_at)
{
    struct host *h = host_of(env);
    struct hash data_id;
    pay(h, COST_BASE);
    /* The node's older name for it. */
    host_not_in_view(h, "promise_submit_data");
    pay(h, COST_YIELD_RESUME_BASE);
    pay_bytes(h, COST_YIELD_RESUME_BYTE, payload_length);
    struct str token = guest_bytes(h, token_length, token_at);
    struct str payload = guest_bytes(h, payload_length, payload_at);
    if (payload.n > HOST_MAX_YIELD_PAYLOAD)
        host_fail_limit(h, HOST_YIELD_PAYLOAD_LENGTH, payload.n, HOST_MAX_YIELD_PAYLOAD);
    if (token.n != sizeof(data_id.b))
        host_fail(h, HOST_DATA_ID_MALFORMED);
    memcpy(data_id.b, token.p, sizeof(data_id.b));
    bool is_waiting = h->in->yields->is_waiting(h->in->yields->context, &data_id);
    if (!is_waiting && !resume_own(h, &data_id))
        return 0;
    add_resume(h, &data_id, payload, !is_waiting);
    return 1;
}
