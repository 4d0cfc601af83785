/* target: what a person pastes to name a transaction.
 *
 * A hash, which may be that of one of its receipts; account:hash; or an explorer's address with
 * the hash somewhere in its path, query or fragment, taken as it is, also without "https://", as
 * browsers show it. The address says the network, too: explorers have "testnet" in the name of the
 * host that shows it, one on this machine shows a localnet, and those that are known by name show
 * mainnet. Of any other only the settings can tell, which have a pattern for each network. */
#ifndef TUI_MODEL_TARGET_H
#define TUI_MODEL_TARGET_H

#include <stdbool.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/near/account.h"
#include "net/near/crypto.h"

struct target {
    struct hash tx;
    struct account_id signer;       /* empty when it was not said */
    const char *network;            /* "testnet"; NULL when it was not said */
    bool is_page;                   /* an address */
};

/* ERR_SYNTAX: *column, unless that is NULL, is the byte of the text from which on it is wrong,
 * counted from 0; behind the last one when it only is too short. */
enum err target_parse(struct str text, struct target *out, size_t *column,
                      struct diag *d) MUST_USE;

/* The same, with the text before the words: for who does not see it any more. */
enum err target_read(const char *text, struct target *out, struct diag *d) MUST_USE;

/* The address is on the host of that pattern. */
bool target_is_page_of(struct str pattern, struct str text);

/* A network to compare with; what is not known is empty or NULL. */
struct target_place {
    const char *network, *chain_id, *pattern;
};
/* A page that is known to show another one. */
bool target_is_elsewhere(const struct target *t, struct str text, const struct target_place *here);

/* Appends the address of a transaction's page, by a network's pattern, where {tx} stands for the
 * hash. False: that has none, as where a network has no explorer. */
bool target_page(struct str pattern, const struct hash *tx, struct buf *out);

#endif
