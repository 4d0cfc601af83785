/* network: which chain a call goes to, its endpoints, and how they are to be treated.
 *
 * Made of the settings (config.h) and the command line. "demo" is the embedded chain with the
 * demo's contracts, started as a child for as long as the program runs; "localnet" is one that
 * somebody else runs on this machine. --rpc and --ws replace single addresses. Only on those
 * two may keys be made from account names: they are no secret there.
 *
 * API keys are read here, from the environment or a file, are known to redact.h before anything
 * else can see them, and live in `endpoints` alone, in the header or the address. */
#ifndef TUI_APP_NETWORK_H
#define TUI_APP_NETWORK_H

#include <stdbool.h>
#include "net/base/err.h"
#include "net/endpoint.h"
#include "net/feeds.h"
#include "tui/app/config.h"

enum { NETWORK_URL_MAX = 512, NETWORK_HEADER_MAX = 1200 };

struct network_endpoint {
    char name[64];
    char *url, *header;             /* owned, wiped: they may hold the API key; header: NULL */
    uint32_t weight, per_second, per_minute;
    bool is_archival;
};

struct network_feed {
    char name[64];
    char *url, *bearer;             /* owned, wiped: they may hold the API key; bearer: NULL */
};

struct network {
    char name[64];
    char keys[64];                  /* the folder of its keys */
    char chain_id[64];              /* what its nodes say; empty: not known */
    char rpc[NETWORK_URL_MAX];      /* of the first endpoint, without any key, to be shown; empty
                                     * while the child has not said where it listens */
    char ws[NETWORK_URL_MAX];       /* of the preferred feed, without any key, to be shown; empty:
                                     * no feed */
    struct network_feed feeds[FEEDS_MAX];
    size_t feed_count;              /* 0: the address in ws alone, if there is one */
    char neardata[NETWORK_URL_MAX]; /* empty: none, as when an RPC is named */
    char explorer[NETWORK_URL_MAX]; /* {tx} stands for the hash; empty: none */
    struct network_endpoint endpoints[ENDPOINTS_MAX];
    size_t endpoint_count;          /* 0: the child's address alone */
    uint32_t per_second, per_minute, block_time_ms;
    bool is_sure;                   /* its endpoints are built in: they serve chain_id */
    bool is_embedded;               /* start the embedded chain as a child */
    bool has_well_known_keys;       /* a key may be made from the account's name */
    char warning[DIAG_MAX];         /* an endpoint was left out: why; or empty */
};

/* `name` may be NULL: the setting, or "demo", or "localnet" when `rpc` is a loopback address, or
 * "custom". `rpc` and `ws` may be NULL; ws "off" means none. ERR_SETTINGS when it is the settings
 * that are wrong, and not what the command line says. */
enum err network_choose(const struct config *config, const char *name, const char *rpc,
                        const char *ws, struct network *out, struct diag *d) MUST_USE;
/* The network whose explorer shows the page, by the patterns of the settings; NULL: none does. */
const char *network_of_page(const struct config *config, struct str address);
/* ERR_SYNTAX when the address, of a command line, has an API key in it; `where` it belongs. */
enum err network_refuse_key(struct str url, const char *what, const char *where,
                            struct diag *d) MUST_USE;
void network_release(struct network *n);        /* wipes the keys */

/* For rpc.h and sources.h; borrows from n. Returns how many. */
struct network_headers {
    const char *list[ENDPOINTS_MAX][2];
};
size_t network_endpoints(const struct network *n, struct network_headers *headers,
                         struct endpoint_config out[ENDPOINTS_MAX]);

/* The same for the feeds, the preferred first; 0: none. `token`: what --ws wants, or NULL. */
size_t network_feeds(const struct network *n, const char *token, struct feed_address out[FEEDS_MAX]);

#endif
