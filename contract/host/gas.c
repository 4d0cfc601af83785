/* The gas counter, as the node's: burnt now, promised to receipts, and a limit that shrinks
 * with what is promised. `env.gas_left` is limit minus burnt, so that generated code can
 * count it down by itself. The wasm charge stops at zero, a host charge only below it. */
#include <stdlib.h>
#include <string.h>
#include "contract/host/host.h"

static const struct {
    const char *name;
    uint64_t gas;
} costs[COST_COUNT] = {
#define X(name, gas) {#name, gas},
#include "contract/host/cost.def"
#undef X
};

static uint64_t
least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void
gas_start(struct host *h)
{
    h->prepaid = h->in->is_view ? UINT64_MAX / 4 : h->in->prepaid_gas;
    h->limit = least(HOST_MAX_BURN, h->prepaid);
    h->env.gas_left = (int64_t)h->limit;
    h->env.stack_left = METER_STACK_BYTES;
}

uint64_t
gas_burnt(const struct host *h)
{
    return h->limit - (uint64_t)h->env.gas_left;
}

static void
set_burnt(struct host *h, uint64_t burnt)
{
    h->env.gas_left = (int64_t)(h->limit - burnt);
}

/* The failed check of the node's counter: what was tried stays burnt, up to what there was. */
static void
note_exceeded(struct host *h, uint64_t new_burnt, uint64_t new_promised)
{
    uint64_t new_used =
        new_burnt > UINT64_MAX - new_promised ? UINT64_MAX : new_burnt + new_promised;
    uint64_t burnt = least(new_burnt, least(h->prepaid, HOST_MAX_BURN));
    uint64_t used = least(h->prepaid, new_used);
    h->promised = used > burnt ? used - burnt : 0;
    h->limit = least(HOST_MAX_BURN, h->prepaid);
    set_burnt(h, burnt);
    host_note(h, new_burnt > HOST_MAX_BURN ? HOST_GAS_LIMIT_EXCEEDED : HOST_GAS_EXCEEDED);
}

void
gas_note_failure(struct host *h)
{
    note_exceeded(h, gas_burnt(h), h->promised);
}

static void
burn(struct host *h, uint64_t gas, uint64_t *entry)
{
    uint64_t before = gas_burnt(h);
    if (gas > UINT64_MAX - before)
        host_fail(h, HOST_INTEGER_OVERFLOW);
    uint64_t after = before + gas;
    if (after <= h->limit) {
        *entry += gas;
        set_burnt(h, after);
        return;
    }
    note_exceeded(h, after, h->promised);
    uint64_t burnt = gas_burnt(h);
    *entry += burnt > before ? burnt - before : 0;
    runtime_stop();
}

void
pay(struct host *h, enum cost cost)
{
    burn(h, costs[cost].gas, &h->costs[cost]);
}

void
pay_bytes(struct host *h, enum cost cost, uint64_t bytes)
{
    if (bytes && costs[cost].gas > UINT64_MAX / bytes)
        host_fail(h, HOST_INTEGER_OVERFLOW);
    burn(h, costs[cost].gas * bytes, &h->costs[cost]);
}

/* Has no entry of its own: what nothing else explains is the instructions'. */
void
pay_operators(struct host *h, uint64_t count)
{
    uint64_t entry = 0;
    burn(h, count * METER_OP_GAS, &entry);
}

/* The node's deduct_gas: part is burnt, the rest reserved, and the limit shrinks with it. */
static void
deduct(struct host *h, uint64_t send, uint64_t reserve, uint64_t *entry)
{
    uint64_t before = gas_burnt(h);
    if (send > UINT64_MAX - before || reserve > UINT64_MAX - h->promised ||
        h->promised + reserve > UINT64_MAX - (before + send))
        host_fail(h, HOST_INTEGER_OVERFLOW);
    uint64_t burnt = before + send, promised = h->promised + reserve;
    if (burnt <= HOST_MAX_BURN && burnt + promised <= h->prepaid) {
        h->promised = promised;
        h->limit = least(HOST_MAX_BURN, h->prepaid - promised);
        set_burnt(h, burnt);
        *entry += send;
        return;
    }
    note_exceeded(h, burnt, promised);
    uint64_t now = gas_burnt(h);
    *entry += now > before ? now - before : 0;
    runtime_stop();
}

void
pay_fee(struct host *h, enum fee fee, uint64_t send, uint64_t execution)
{
    deduct(h, send, execution, &h->fees[fee]);
}

void
pay_gas(struct host *h, uint64_t gas)
{
    uint64_t nothing = 0;
    deduct(h, 0, gas, &nothing);
}

/* The node works it out from the profile, too: what was paid, at another price. */
static uint64_t
compute_of(const struct host *h)
{
    __extension__ typedef unsigned __int128 wide;
    static const uint64_t prices[COST_COUNT] = {
#define X(name, compute) [COST_##name] = compute,
#include "contract/host/compute.def"
#undef X
    };
    uint64_t compute = h->out->gas_burnt;
    for (int i = 0; i < COST_COUNT; i++) {
        if (prices[i] == 0)
            continue;
        compute -= h->costs[i];
        compute += (uint64_t)((wide)h->costs[i] * prices[i] / costs[i].gas);
    }
    return compute;
}

static int
by_name(const void *a, const void *b)
{
    const struct vm_cost *x = a, *y = b;
    int order = strcmp(x->category, y->category);
    return order ? order : strcmp(x->name, y->name);
}

void
gas_profile(struct host *h)
{
    struct vm_outcome *out = h->out;
    uint64_t explained = 0;
    out->profile = arena_array(h->arena, COST_COUNT + FEE_COUNT + 1, sizeof(*out->profile));
    for (int i = 0; i < FEE_COUNT; i++) {
        explained += h->fees[i];
        if (h->fees[i])
            out->profile[out->profile_count++] =
                (struct vm_cost){"ACTION_COST", fee_name((enum fee)i), h->fees[i]};
    }
    for (int i = 0; i < COST_COUNT; i++) {
        explained += h->costs[i];
        if (h->costs[i])
            out->profile[out->profile_count++] =
                (struct vm_cost){"WASM_HOST_COST", costs[i].name, h->costs[i]};
    }
    if (out->gas_burnt > explained)
        out->profile[out->profile_count++] =
            (struct vm_cost){"WASM_HOST_COST", "WASM_INSTRUCTION", out->gas_burnt - explained};
    out->compute = compute_of(h);
    qsort(out->profile, out->profile_count, sizeof(*out->profile), by_name);
}
