#include "net/near/cost.h"

/* Gas for sending to another account and for running there; a byte of method and arguments. */
static const struct {
    uint64_t send, execute;
} receipt_fee = {108059500000, 108059500000}, call_fee = {200000000000, 780000000000},
  call_byte_fee = {47683715, 2235934}, transfer_fee = {115123062500, 115123062500};

static bool
gas_of(const struct action *a, uint64_t *gas)
{
    switch (a->kind) {
    case ACTION_TRANSFER: *gas = transfer_fee.send + transfer_fee.execute; return true;
    case ACTION_FUNCTION_CALL:
        *gas = call_fee.send + call_fee.execute +
               (uint64_t)(a->method.n + a->args.n) * (call_byte_fee.send + call_byte_fee.execute);
        return a->gas <= UINT64_MAX - *gas ? *gas += a->gas, true : false;
    default: return false;
    }
}

bool
tx_cost_most(const struct transaction *tx, struct amount gas_price, struct tx_most *out)
{
    struct tx_most most = {.gas = receipt_fee.send + receipt_fee.execute};
    for (size_t i = 0; i < tx->action_count; i++) {
        uint64_t gas;
        if (!gas_of(&tx->actions[i], &gas) || gas > UINT64_MAX - most.gas ||
            !amount_add(most.deposits, tx->actions[i].deposit, &most.deposits))
            return false;
        most.gas += gas;
    }
    if (!amount_multiply(gas_price, most.gas, &most.for_gas) ||
        !amount_add(most.for_gas, most.deposits, &most.total))
        return false;
    *out = most;
    return true;
}
