/* request: what the model still has to learn, said without saying how.
 *
 * The model lists its wants; sources fulfil them with whatever they speak. A want is a value
 * that can be compared and de-duplicated, never a promise: fulfilment comes back as events. */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include "net/near/account.h"
#include "net/near/crypto.h"

enum want_kind {
    WANT_STATUS,        /* how the transaction stands: EXPERIMENTAL_tx_status */
    WANT_RECEIPT,       /* what receipt `id` is: EXPERIMENTAL_receipt */
    WANT_BLOCK,         /* height and time of block `id`, and which block is under it */
    WANT_FINALITY       /* up to which height blocks are final */
};

struct want {
    enum want_kind kind;
    struct hash tx;
    struct hash id;             /* receipt or block; zero for the others */
    struct account_id signer;   /* status: selects the shard to look in */
};

#endif
