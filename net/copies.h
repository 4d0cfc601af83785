/* copies: the signed copies of one transaction that is being sent, and which of them may run.
 *
 * A copy is signed anew when a node finds the block hash of the one before too old, or when its
 * nonce is certainly another's. After a block hash the nonce is kept: of all copies with one nonce
 * the chain runs one at most, whichever node took whichever of them, and however often; so it is
 * enough to ask for all of them by hash to know which.
 *
 * Remembering only: send.c signs, send_over.c hands over, send_lost.c asks. */
#ifndef NET_COPIES_H
#define NET_COPIES_H

#include "net/near/tx.h"

enum { COPIES_MAX = 6 };

struct copy {
    struct hash hash, block_hash;
    uint64_t nonce;
    struct buf bytes;           /* signed: what is handed over, again and again */
    uint32_t unknown_by;        /* endpoints that were asked for it and do not know it */
};

struct copies {
    struct copy list[COPIES_MAX];
    unsigned count;
    unsigned current;           /* the one that is sent, or was found to be in a block */
    unsigned asking;            /* the one that is asked for by hash */
};

void copies_release(struct copies *c);
/* Signs tx: the current copy from now on. Not when `count` is COPIES_MAX. */
void copies_sign(struct copies *c, const struct transaction *tx, const struct secret_key *key);

const struct copy *copies_current(const struct copies *c);      /* count > 0 */
/* The index of the copy of that hash, or -1. */
int copies_find(const struct copies *c, const struct hash *tx);

/* Asking for all with the nonce of the current one, one after the other. */
void copies_begin_asking(struct copies *c);
const struct copy *copies_to_ask(const struct copies *c);
/* That endpoint (-1: none) does not know it. True when all have been asked for: from the first
 * again. */
bool copies_unknown(struct copies *c, int endpoint);
/* Each of these endpoints (a bit each) has said that of each of them. */
bool copies_are_unknown_by(const struct copies *c, uint32_t endpoints);

#endif
