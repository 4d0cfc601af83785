/* cost: what a transaction can cost its signer at most.
 *
 * All its gas is paid in advance at the price of the block that takes it, and the deposits with
 * it; what is not burnt comes back by refunds a block later. Fees are those of protocol version
 * 79 for the actions that this program sends (function calls, transfers); of others the cost is
 * not known here. Source: the runtime's tx_cost. */
#ifndef NET_NEAR_COST_H
#define NET_NEAR_COST_H

#include "net/near/tx.h"

/* yoctoNEAR for a unit of gas when the chain is not busy: the lowest price there is. */
#define COST_LOWEST_GAS_PRICE UINT64_C(100000000)

struct tx_most {
    uint64_t gas;               /* fees, and what is attached */
    struct amount for_gas;      /* of it at the price */
    struct amount deposits;
    struct amount total;
};

/* False: an action whose fees are not known here, or more tokens than there can be. */
bool tx_cost_most(const struct transaction *tx, struct amount gas_price, struct tx_most *out)
    MUST_USE;

#endif
