/* origin: which transaction a hash means that no node knows as one, and who signed it.
 *
 * It may be a receipt: then a node tells what it is, and, if its version can, its transaction
 * (EXPERIMENTAL_receipt_to_tx). Else the transactions that its signer put on the signer's shard in
 * the last ORIGIN_BLOCKS blocks are asked, the newest first, whether they made it. Or it is a
 * transaction on a shard that the node does not look in without being told: then one account of
 * each shard, taken from the layout's boundaries, stands in for the sender. One request at a time;
 * what is not found is said with what was tried and what would help. */
#ifndef NET_RELAY_ORIGIN_H
#define NET_RELAY_ORIGIN_H

#include "net/loop.h"
#include "net/near/account.h"
#include "net/near/crypto.h"
#include "net/rpc.h"

enum { ORIGIN_BLOCKS = 60, ORIGIN_SHARDS = 64 };

struct origin;

struct origin_config {
    struct rpc *rpc;                /* borrowed */
    struct hash hash;
    /* Once one of the two, then nothing more. */
    void (*found)(void *context, const struct hash *tx, const struct account_id *signer);
    /* is_receipt: the node knows it as one; what is known of it is in the sentences. */
    void (*lost)(void *context, bool is_receipt, const char *sentence);
    void *context;
};

struct origin *origin_start(const struct origin_config *config) MUST_USE;
void origin_free(struct origin *take_o);        /* NULL is fine */

#endif
