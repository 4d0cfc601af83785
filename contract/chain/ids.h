/* ids: how receipts and data get their names. Since protocol version 77 an id is sha256 of a
 * base id, the height of the block that runs the parent, and a salt, all in 48 bytes. */
#ifndef CONTRACT_CHAIN_IDS_H
#define CONTRACT_CHAIN_IDS_H

#include <stdint.h>
#include "net/near/crypto.h"

/* Eight bytes, little-endian. */
void hasher_add_u64(struct hasher *h, uint64_t value);

/* The i-th new receipt of a receipt (all kinds count, refunds and data too), or with the
 * transaction's hash and 0 its first receipt. */
struct hash id_derive(const struct hash *base, uint64_t height, uint64_t salt);

/* Base for data ids made by action j of a receipt; also seeds what the contract sees as
 * random. */
struct hash id_of_action(const struct hash *receipt, uint64_t height, uint64_t action);

#endif
