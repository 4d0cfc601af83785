#include "net/url.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *prefix;
    uint16_t port;
    bool is_secure, is_websocket;
} schemes[] = {
    {"http://", 80, false, false},
    {"https://", 443, true, false},
    {"ws://", 80, false, true},
    {"wss://", 443, true, true},
};

static bool
take_scheme(struct str *rest, struct url *url)
{
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        struct str prefix = str_from(schemes[i].prefix);
        if (rest->n < prefix.n || !str_equal_nocase(str_slice(*rest, 0, prefix.n), prefix))
            continue;
        *rest = str_slice(*rest, prefix.n, rest->n);
        url->port = schemes[i].port;
        url->is_secure = schemes[i].is_secure;
        url->is_websocket = schemes[i].is_websocket;
        return true;
    }
    return false;
}

/* Everything up to the path, split at the colon before the port. */
static bool
split_authority(struct str authority, struct str *host, struct str *port)
{
    *port = (struct str){0};
    if (authority.n && authority.p[0] == '[') {
        ptrdiff_t end = str_find_byte(authority, ']');
        if (end < 0)
            return false;
        *host = str_slice(authority, 1, (size_t)end);
        struct str behind = str_slice(authority, (size_t)end + 1, authority.n);
        if (behind.n && behind.p[0] != ':')
            return false;
        *port = str_slice(behind, 1, behind.n);
        return behind.n != 1;
    }
    ptrdiff_t colon = str_find_byte(authority, ':');
    *host = colon < 0 ? authority : str_slice(authority, 0, (size_t)colon);
    if (colon >= 0)
        *port = str_slice(authority, (size_t)colon + 1, authority.n);
    return colon < 0 || port->n > 0;
}

static bool
is_host(struct str host, bool is_ipv6)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!is_name && !(is_ipv6 && c == ':'))
            return false;
    }
    return host.n > 0;
}

static bool
is_loopback(struct str host)
{
    /* "127.0.0.1.example.org" is somebody else's. */
    bool is_numeric = host.n <= 15;
    for (size_t i = 0; i < host.n; i++)
        is_numeric &= host.p[i] == '.' || (host.p[i] >= '0' && host.p[i] <= '9');
    return str_equal_nocase(host, STR("localhost")) || str_equal(host, STR("::1")) ||
           (is_numeric && str_starts(host, STR("127.")));
}

static bool
is_path(struct str path)
{
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] <= 0x20 || path.p[i] >= 0x7f || path.p[i] == '#')
            return false;
    }
    return true;
}

/* What of a wrong address can be said: who writes a password or an API key into one has it
 * before the '@' or behind the host. */
static struct str
sayable(struct str text)
{
    ptrdiff_t scheme = str_find(text, STR("://"));
    size_t begin = scheme < 0 ? 0 : (size_t)scheme + 3, end = begin;
    while (end < text.n && str_find_byte(STR("/?#"), text.p[end]) < 0)
        end++;
    struct str authority = str_slice(text, begin, end);
    for (size_t at = authority.n; at > 0; at--) {
        if (authority.p[at - 1] == '@')
            return str_slice(authority, at, at + 100);
    }
    return str_slice(text, 0, end < 100 ? end : 100);
}

enum err
url_parse(struct str text, struct url *out, struct diag *d)
{
    struct url url = {.is_secure = false};
    struct str rest = text, shown = sayable(text), host, port;
    uint64_t number = 0;
    if (!take_scheme(&rest, &url))
        return diag_set(d, ERR_SYNTAX, "%.*s: an address starts with http://, https://, ws:// "
                        "or wss://", STR_ARG(shown));
    size_t path_at = 0;
    while (path_at < rest.n && rest.p[path_at] != '/' && rest.p[path_at] != '?')
        path_at++;
    struct str path = str_slice(rest, path_at, rest.n);
    if (str_find_byte(str_slice(rest, 0, path_at), '@') >= 0)
        return diag_set(d, ERR_SYNTAX, "%.*s: no user and no password stand in an address here; an "
                        "API key has its own setting", STR_ARG(shown));
    bool fits = split_authority(str_slice(rest, 0, path_at), &host, &port);
    url.is_ipv6 = fits && str_find_byte(host, ':') >= 0;
    url.has_port = fits && port.n > 0;
    if (!fits || !is_host(host, url.is_ipv6) || !str_copy(host, url.host, sizeof(url.host)))
        return diag_set(d, ERR_SYNTAX, "%.*s: no host that can be connected to",
                        STR_ARG(shown));
    if (url.has_port && (!str_to_u64(port, &number) || number == 0 || number > UINT16_MAX))
        return diag_set(d, ERR_RANGE, "%.*s: a port is a number from 1 to 65535",
                        STR_ARG(shown));
    if (url.has_port)
        url.port = (uint16_t)number;
    bool has_slash = path.n && path.p[0] == '/';
    url.path[0] = '/';
    if (!is_path(path) || !str_copy(path, url.path + !has_slash, sizeof(url.path) - 1))
        return diag_set(d, ERR_SYNTAX, "%.*s: the path has a blank in it, or is too long",
                        STR_ARG(shown));
    url.is_loopback = is_loopback(host);
    *out = url;
    return OK;
}

const char *
url_host_text(const struct url *url, char out[URL_HOST_MAX + 8])
{
    char port[8] = "";
    if (url->has_port)
        snprintf(port, sizeof(port), ":%u", url->port);
    if (url->is_ipv6)
        snprintf(out, URL_HOST_MAX + 8, "[%.*s]%s", URL_HOST_MAX - 3, url->host, port);
    else
        snprintf(out, URL_HOST_MAX + 8, "%s%s", url->host, port);
    return out;
}
