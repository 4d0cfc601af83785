/* proxy: by which proxy the environment says that a host is reached, if by any.
 *
 * As libcurl has it, so that requests and feeds go the same way: https_proxy or HTTPS_PROXY for what
 * is encrypted, http_proxy for what is not, else all_proxy or ALL_PROXY; none for this machine, nor
 * for what no_proxy or NO_PROXY names. That is "*" for everything, or a list with commas or blanks
 * of hosts (with all that ends in ".host"), addresses and networks ("10.0.0.0/8", "fd00::/8").
 * More than libcurl: a name or an address may have a port, and means that port alone.
 *
 * What stands in such a variable may hold a password: it is never said, its name is. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/url.h"

enum { PROXY_LOGIN_MAX = 92 };  /* what libwebsockets has room for */

/* One that a websocket can go through. */
struct proxy {
    char host[URL_HOST_MAX];    /* numeric without brackets when is_ipv6 */
    char login[PROXY_LOGIN_MAX];        /* "user:password", or empty; to be wiped */
    uint16_t port;
    bool is_ipv6;
};

/* The list's own rule; `list` as in no_proxy. */
bool proxy_is_passed_by(struct str list, const struct url *url);
/* The variable that names the proxy by which the url is reached; NULL: none. */
const char *proxy_variable(const struct url *url);
/* What that variable says. ERR_UNSUPPORTED: a proxy of another kind than http://; ERR_SYNTAX: none
 * at all. */
enum err proxy_read(const char *variable, struct proxy *out, struct diag *d) MUST_USE;

#endif
