/* fee: the protocol's price list for actions and receipts, and sums over it.
 *
 * Sending is paid by whoever describes the action, execution by the receipt when it runs.
 * "To oneself" means: the new receipt's receiver is its sender. All in gas. */
#ifndef CONTRACT_HOST_FEE_H
#define CONTRACT_HOST_FEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/near/tx.h"

enum fee {
#define X(name, self, other, execution) FEE_##name,
#include "contract/host/fee.def"
#undef X
    FEE_COUNT
};

const char *fee_name(enum fee fee);
uint64_t fee_send(enum fee fee, bool to_self);
uint64_t fee_execution(enum fee fee);

/* The fixed and the per-byte part of one action; the second has no fee when it has no bytes
 * that are paid for. A transfer to an implicit account also makes it, and its key when it is
 * named after one. */
struct action_fee {
    enum fee base, per_byte;
    uint64_t bytes;                     /* 0: no per-byte part */
    bool creates_account, creates_key;
};
struct action_fee action_fee_of(const struct action *action, struct str receiver);

/* One action, everything together; attached gas is not in it. Sending delegated actions is
 * paid at once, running them when they are unpacked. */
uint64_t action_send_fee(const struct action *action, struct str receiver, bool to_self);
uint64_t action_execution_fee(const struct action *action, struct str receiver);

/* What unpacking delegated actions burns (their sending, this time from sender to receiver) and
 * reserves (their receipt and its actions). */
uint64_t delegate_send_fee(const struct delegate *d);
uint64_t delegate_execution_fee(const struct delegate *d);
/* Both, for a delegate; 0 for any other action. */
uint64_t action_prepaid_fees(const struct action *action);

/* Sums over actions and those that they delegate. False: more than the type can hold. */
bool actions_attached_gas(const struct action *actions, size_t count, uint64_t *gas);
bool actions_deposit(const struct action *actions, size_t count, struct amount *deposit);

#endif
