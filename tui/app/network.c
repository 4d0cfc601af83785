#include "tui/app/network.h"

#include <string.h>
#include "net/base/str.h"

static const struct {
    const char *name, *rpc, *ws;
    bool is_embedded, has_well_known_keys;
} networks[] = {
    {"demo", "", "", true, true},
    {"localnet", "http://127.0.0.1:3030", "ws://127.0.0.1:3030", false, true},
    {"testnet", "https://test.rpc.fastnear.com", "wss://ws-events-v3-testnet.intear.tech", false,
     false},
    {"mainnet", "https://free.rpc.fastnear.com", "wss://ws-events-v3.intear.tech", false, false},
};

const char *
network_names(void)
{
    return "demo, localnet, testnet, mainnet";
}

static bool
is_loopback(const char *url)
{
    struct str rest = str_from(url), scheme = STR("http://");
    if (!str_starts(rest, scheme))
        return false;
    rest = str_slice(rest, scheme.n, rest.n);
    return str_starts(rest, STR("127.")) || str_starts(rest, STR("localhost")) ||
           str_starts(rest, STR("[::1]"));
}

static enum err
set_url(const char *url, const char *const schemes[2], const char *what, char *out,
        struct diag *d)
{
    struct str text = str_from(url);
    if (!str_starts(text, str_from(schemes[0])) && !str_starts(text, str_from(schemes[1])))
        return diag_set(d, ERR_SYNTAX, "%s: \"%.80s\" should start with %s or %s", what, url,
                        schemes[0], schemes[1]);
    while (text.n && text.p[text.n - 1] == '/')
        text.n--;
    if (!str_copy(text, out, NETWORK_URL_MAX))
        return diag_set(d, ERR_TOO_LARGE, "%s: the address is longer than %d bytes", what,
                        NETWORK_URL_MAX - 1);
    return OK;
}

static enum err
set_urls(const char *rpc, const char *ws, struct network *n, struct diag *d)
{
    static const char *const http[2] = {"http://", "https://"};
    static const char *const feed[2] = {"ws://", "wss://"};
    if (rpc) {
        enum err e = set_url(rpc, http, "--rpc", n->rpc, d);
        if (e)
            return e;
        /* A feed belongs to its endpoint: another endpoint's would tell of another chain. */
        n->ws[0] = '\0';
        n->is_embedded = false;
        n->has_well_known_keys = is_loopback(n->rpc);
    }
    if (ws && strcmp(ws, "off") == 0) {
        n->ws[0] = '\0';
        return OK;
    }
    return ws ? set_url(ws, feed, "--ws", n->ws, d) : OK;
}

enum err
network_choose(const char *name, const char *rpc, const char *ws, struct network *out,
               struct diag *d)
{
    struct network n = {0};
    if (!name)
        name = !rpc ? "demo" : is_loopback(rpc) ? "localnet" : "custom";
    bool is_known = false;
    for (size_t i = 0; i < ARRAY_LEN(networks) && !is_known; i++) {
        is_known = strcmp(name, networks[i].name) == 0;
        if (!is_known)
            continue;
        n.is_embedded = networks[i].is_embedded;
        n.has_well_known_keys = networks[i].has_well_known_keys;
        if (!str_copy(str_from(networks[i].rpc), n.rpc, sizeof(n.rpc)) ||
            !str_copy(str_from(networks[i].ws), n.ws, sizeof(n.ws)))
            return ERR_INTERNAL;
    }
    if (!is_known && !rpc)
        return diag_set(d, ERR_NOT_FOUND, "--network: no network is called \"%.40s\": %s, or give --rpc",
                        name, network_names());
    if (!str_copy(str_from(name), n.name, sizeof(n.name)) || strchr(name, '/'))
        return diag_set(d, ERR_SYNTAX, "--network: \"%.40s\" cannot name a network", name);
    enum err e = set_urls(rpc, ws, &n, d);
    if (!e)
        *out = n;
    return e;
}
