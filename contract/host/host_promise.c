/* Promises: receipts to be. Nothing is sent here; the outcome takes the list to the chain. */
#include <string.h>
#include "contract/host/host.h"

/* A handle for what has been described; the fees are paid by then, on the node too. */
static uint64_t
new_promise(struct host *h, struct promise p)
{
    if (h->promise_count >= HOST_MAX_PROMISES)
        host_fail_limit(h, HOST_TOO_MANY_PROMISES, h->promise_count + 1, HOST_MAX_PROMISES);
    h->promises[h->promise_count] = p;
    return h->promise_count++;
}

static const struct promise *
promise_at(struct host *h, uint64_t index)
{
    if (index >= h->promise_count)
        host_fail_at(h, HOST_INVALID_PROMISE_INDEX, index);
    return &h->promises[index];
}

struct vm_receipt *
receipt_at(struct host *h, uint64_t index)
{
    const struct promise *p = promise_at(h, index);
    if (p->is_joint)
        host_fail(h, HOST_JOINT_PROMISE_ACTION);
    return &h->receipts[p->receipts[0]];
}

bool
receipt_is_to_self(const struct host *h, const struct vm_receipt *r)
{
    return str_equal(r->receiver_text, account_str(&h->in->current));
}

/* Both halves of a data receipt's base are burnt by whoever waits for it, and are paid and
 * booked together with the receipt that waits. */
static void
pay_receipt(struct host *h, struct str receiver, size_t inputs)
{
    bool to_self = str_equal(receiver, account_str(&h->in->current));
    uint64_t data = fee_send(FEE_NEW_DATA_RECEIPT_BASE, to_self) +
                    fee_execution(FEE_NEW_DATA_RECEIPT_BASE);
    pay_fee(h, FEE_NEW_ACTION_RECEIPT,
            fee_send(FEE_NEW_ACTION_RECEIPT, to_self) + inputs * data,
            fee_execution(FEE_NEW_ACTION_RECEIPT));
}

static struct vm_receipt *
new_receipt(struct host *h, struct str receiver, uint64_t *index)
{
    size_t *list = arena_array(h->arena, 1, sizeof(*list));
    *list = h->receipt_count;
    *index = new_promise(h, (struct promise){.receipts = list, .count = 1});
    struct vm_receipt *r = &h->receipts[h->receipt_count++];
    *r = (struct vm_receipt){.receiver_text = receiver};
    /* A name that cannot be is noticed when the receipt is checked, not here. */
    r->has_bad_receiver = account_parse(receiver, &r->receiver, NULL) != OK;
    return r;
}

/* A receipt that waits for those behind `after`; NULL: for none. */
static uint64_t
receipt_after(struct host *h, struct str receiver, const struct promise *after)
{
    size_t inputs = after ? after->count : 0;
    uint64_t index;
    pay_receipt(h, receiver, inputs);
    struct vm_receipt *r = new_receipt(h, receiver, &index);
    h->data_ids += inputs;
    if (after) {
        r->inputs = arena_copy(h->arena, after->receipts, inputs * sizeof(*after->receipts));
        r->input_count = inputs;
    }
    return index;
}

uint64_t
receipt_new_yield(struct host *h)
{
    uint64_t index;
    struct str self = account_str(&h->in->current);
    pay_receipt(h, self, 1);
    struct vm_receipt *r = new_receipt(h, self, &index);
    r->has_own_data = r->is_yield = true;
    r->data_id = h->in->yields->data_id(h->in->yields->context, h->data_ids++);
    return index;
}

static uint64_t
batch_create(struct host *h, uint64_t length, uint64_t at)
{
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_create");
    return receipt_after(h, guest_account(h, length, at), NULL);
}

static uint64_t
batch_then(struct host *h, uint64_t index, uint64_t length, uint64_t at)
{
    pay(h, COST_BASE);
    host_not_in_view(h, "promise_batch_then");
    struct str receiver = guest_account(h, length, at);
    const struct promise after = *promise_at(h, index);
    return receipt_after(h, receiver, &after);
}

uint64_t
HOST(promise_create)(struct Z_env_instance_t *env, uint64_t al, uint64_t ap, uint64_t ml,
                     uint64_t mp, uint64_t kl, uint64_t kp, uint64_t amount_at, uint64_t gas)
{
    struct host *h = host_of(env);
    uint64_t index = batch_create(h, al, ap);
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    receipt_add_call(h, &args);
    return index;
}

uint64_t
HOST(promise_then)(struct Z_env_instance_t *env, uint64_t after, uint64_t al, uint64_t ap,
                   uint64_t ml, uint64_t mp, uint64_t kl, uint64_t kp, uint64_t amount_at,
                   uint64_t gas)
{
    struct host *h = host_of(env);
    uint64_t index = batch_then(h, after, al, ap);
    const struct call_args args = {index, ml, mp, kl, kp, amount_at, gas, 0};
    receipt_add_call(h, &args);
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
        host_fail(h, HOST_INTEGER_OVERFLOW);
    /* The "per promise" price is multiplied by bytes on the node. */
    pay_bytes(h, COST_PROMISE_AND_PER_PROMISE, count * 8);
    struct str indices = guest_memory(h, count * 8, at);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t index;
        memcpy(&index, indices.p + i * 8, sizeof(index));
        const struct promise *p = promise_at(h, index);
        if (n + p->count > HOST_MAX_INPUTS)
            host_fail_limit(h, HOST_TOO_MANY_INPUTS, n + p->count, HOST_MAX_INPUTS);
        memcpy(list + n, p->receipts, p->count * sizeof(*list));
        n += p->count;
    }
    return new_promise(
        h, (struct promise){.is_joint = true,
                            .receipts = arena_copy(h->arena, list, n * sizeof(*list)),
                            .count = n});
}

uint64_t
HOST(promise_batch_create)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    return batch_create(host_of(env), length, at);
}

uint64_t
HOST(promise_batch_then)(struct Z_env_instance_t *env, uint64_t after, uint64_t length,
                         uint64_t at)
{
    return batch_then(host_of(env), after, length, at);
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
        host_fail(h, HOST_JOINT_PROMISE_RETURN);
    h->out->returns = VM_RETURN_RECEIPT;
    h->out->receipt = p->receipts[0];
}

void
promise_distribute_gas(struct host *h)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t left = h->prepaid - h->out->gas_used, given = 0;
    wide total = 0;
    for (size_t i = 0; i < h->share_count; i++)
        total += h->shares[i].weight;
    if (total == 0)
        return;
    for (size_t i = 0; i < h->share_count; i++) {
        const struct gas_share *s = &h->shares[i];
        uint64_t share = (uint64_t)((wide)left * s->weight / total);
        given += share;
        /* The last one that asked gets what division leaves. */
        if (i + 1 == h->share_count)
            share += left - given;
        h->receipts[s->receipt].actions[s->action].gas += share;
    }
    h->out->gas_used = h->prepaid;
}
