/* target: what a person pastes to name a transaction.
 *
 * A hash; account:hash; or an explorer's address with the hash somewhere in its path, query or
 * fragment, taken as it is. The address says the network, too: explorers have "testnet" in the
 * name of the host that shows it, one on this machine shows a localnet, others mainnet. */
#ifndef TUI_APP_TARGET_H
#define TUI_APP_TARGET_H

#include "net/base/err.h"
#include "net/base/str.h"
#include "net/near/account.h"
#include "net/near/crypto.h"

struct target {
    struct hash tx;
    struct account_id signer;       /* empty when it was not said */
    const char *network;            /* "testnet"; NULL when it was not said */
};

enum err target_parse(struct str text, struct target *out, struct diag *d) MUST_USE;

#endif
