/* preflight: what is known to be refused is not sent.
 *
 * A judge, no asker: whoever sends (send.c) tells what the chain said of the key, the account
 * and the price of gas, each of them or not. Only what is certain stops a transaction; the
 * node judges the rest. Rules: the node's own checks on admission (InvalidAccessKeyError,
 * NotEnoughBalance), in sentences that name what to do. */
#ifndef NET_PREFLIGHT_H
#define NET_PREFLIGHT_H

#include "net/near/tx.h"

enum { CHAIN_ID_MAX = 64 };

/* Where a transaction shall go. */
struct preflight_place {
    char chain_id[CHAIN_ID_MAX];        /* what the nodes call the chain; empty: anything, but */
    bool is_mainnet_agreed;             /* … mainnet only when a person knows that it is that */
};

struct preflight {
    char chain_id[CHAIN_ID_MAX];        /* what the node said; empty: nothing */
    bool has_key;
    struct access_key key;
    bool has_balance;
    struct amount balance;      /* of the signer */
    bool has_price;
    struct amount gas_price;    /* yoctoNEAR for a unit of gas */
};

/* ERR_REFUSED and why, or OK. */
enum err preflight_check_place(const struct preflight_place *place, const struct preflight *known,
                               struct diag *d) MUST_USE;
enum err preflight_check(const struct transaction *tx, const struct preflight *known,
                         struct diag *d) MUST_USE;

#endif
