/* url: the parts of an address that we connect to. http, https, ws and wss only; no user, no
 * fragment. Not for showing: it keeps what was written. */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"

enum { URL_HOST_MAX = 256, URL_PATH_MAX = 1024 };

struct url {
    bool is_secure;                 /* https, wss */
    bool is_websocket;              /* ws, wss */
    bool is_loopback;               /* 127.x.x.x, ::1, localhost */
    bool is_ipv6;                   /* host is numeric and has no brackets */
    bool has_port;                  /* it was written */
    char host[URL_HOST_MAX];
    uint16_t port;                  /* written, or the scheme's own */
    char path[URL_PATH_MAX];        /* with its query; at least "/" */
};

enum err url_parse(struct str text, struct url *out, struct diag *d) MUST_USE;

/* "localhost:3030", "rpc.testnet.near.org": for sentences. */
const char *url_host_text(const struct url *url, char out[URL_HOST_MAX + 8]);

#endif
