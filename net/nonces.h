/* nonces: the last nonce that any program of this user took of a key, so that several at once do
 * not take the same one: the chain would run one of their transactions and forget the others.
 *
 * A small file a key in a folder that is the user's own ($XDG_RUNTIME_DIR, or that of caches),
 * locked for the moment: a lock that is not to be had in a tenth of a second is not waited for. A
 * hint, never needed: what stands there counts for a minute and only when it is a
 * little above what the chain says, and where there is no folder, each goes by the chain alone.
 * No secrets: the name is a hash of the chain, the account and the public key. What the chain is
 * called is the caller's affair: one chain that has two names has two counters, two chains that have
 * one share it, which leaves gaps in their nonces and harms nobody. */
#ifndef NET_NONCES_H
#define NET_NONCES_H

#include <stdint.h>
#include "net/near/tx.h"

enum { NONCES_AGE_S = 60, NONCES_AHEAD = 10000 };

/* The next nonce, at least `least`, and takes it. `folder` NULL: there is none. */
uint64_t nonces_take(const char *folder, const char *chain, const struct transaction *tx,
                     uint64_t least);

#endif
