/* network: which chain a call goes to, and where its endpoints are.
 *
 * A name stands for a JSON-RPC address and a feed address. "demo" is the embedded chain with
 * the demo's contracts, started as a child for as long as the program runs; "localnet" is one
 * that somebody else runs on this machine. --rpc and --ws replace single addresses. Only on
 * those two may keys be made from account names: they are no secret there. */
#ifndef TUI_APP_NETWORK_H
#define TUI_APP_NETWORK_H

#include <stdbool.h>
#include "net/base/err.h"

enum { NETWORK_URL_MAX = 512 };

struct network {
    char name[64];                  /* names the key folder too */
    char rpc[NETWORK_URL_MAX];      /* empty while the child has not said where it listens */
    char ws[NETWORK_URL_MAX];       /* empty: no feed */
    bool is_embedded;               /* start the embedded chain as a child */
    bool has_well_known_keys;       /* a key may be made from the account's name */
};

/* `name` may be NULL: "demo", or "localnet" when `rpc` is a loopback address, or "custom".
 * `rpc` and `ws` may be NULL; ws "off" means none. */
enum err network_choose(const char *name, const char *rpc, const char *ws, struct network *out,
                        struct diag *d) MUST_USE;

/* For help and error texts: "demo, localnet, testnet, mainnet". */
const char *network_names(void);

#endif
