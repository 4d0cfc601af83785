/* send_facts: what has to be known before a transaction is signed.
 *
 * The key's nonce and permission with a final block's hash, by one request that must succeed;
 * and, when asked for, the signer's balance and the price of gas, and the name of the chain, by
 * more at the same time that may fail: then they are not known. For send.c alone. */
#ifndef NET_SEND_FACTS_H
#define NET_SEND_FACTS_H

#include "net/base/arena.h"
#include "net/preflight.h"
#include "net/rpc.h"

struct send_facts {
    struct preflight known;     /* key: always; its texts in the arena that was given */
    struct hash block_hash;
};

struct send_facts_request;

struct send_facts_args {
    struct rpc *rpc;
    const struct account_id *signer;    /* copied */
    const struct public_key *key;       /* copied */
    bool with_money;                    /* balance and price too */
    bool with_chain;                    /* what the node calls its chain */
    struct arena *arena;
    /* Once, never from inside send_facts_ask; `facts` when error is OK, else d says why. */
    void (*done)(void *context, enum err error, const struct send_facts *facts,
                 const struct diag *d);
    void *context;
};

struct send_facts_request *send_facts_ask(const struct send_facts_args *args) MUST_USE;
/* No callback any more. Not after `done` has begun. NULL is fine. */
void send_facts_cancel(struct send_facts_request *take_request);

#endif
