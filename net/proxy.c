#include "net/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/macros.h"
#include "net/near/crypto.h"

enum { ADDRESS_TEXT = 64, ADDRESS_BYTES = 16, PORT_OF_PROXIES = 1080 };

/* --- who is passed by ----------------------------------------------------------------- */

/* Its numeric form: 4 or 16 bytes; 0: it is a name. */
static size_t
address_of(struct str text, unsigned char out[ADDRESS_BYTES])
{
    char copy[ADDRESS_TEXT];
    if (!str_copy(text, copy, sizeof(copy)))
        return 0;
    if (inet_pton(AF_INET, copy, out) == 1)
        return 4;
    return inet_pton(AF_INET6, copy, out) == 1 ? ADDRESS_BYTES : 0;
}

static bool
is_in_network(const unsigned char *address, const unsigned char *network, size_t bits)
{
    unsigned char rest = (unsigned char)(0xff00 >> bits % 8);
    return memcmp(address, network, bits / 8) == 0 &&
           ((address[bits / 8] ^ network[bits / 8]) & rest) == 0;
}

/* "10.1.2.3", "10.0.0.0/8". */
static bool
is_address(struct str entry, struct str host)
{
    unsigned char address[ADDRESS_BYTES + 1] = {0}, network[ADDRESS_BYTES + 1] = {0};
    ptrdiff_t slash = str_find_byte(entry, '/');
    struct str base = slash < 0 ? entry : str_slice(entry, 0, (size_t)slash);
    size_t n = address_of(host, address);
    uint64_t bits = n * 8;
    if (!n || address_of(base, network) != n)
        return false;
    if (slash >= 0 && (!str_to_u64(str_slice(entry, (size_t)slash + 1, entry.n), &bits) || bits > n * 8))
        return false;
    return is_in_network(address, network, (size_t)bits);
}

static struct str
without_last_dot(struct str name)
{
    return str_ends(name, STR(".")) ? str_slice(name, 0, name.n - 1) : name;
}

/* "example.org" and ".example.org" are that host and all below it. */
static bool
is_name(struct str entry, struct str host)
{
    host = without_last_dot(host);
    entry = without_last_dot(entry);
    if (str_starts(entry, STR(".")))
        entry = str_slice(entry, 1, entry.n);
    if (!entry.n || entry.n > host.n)
        return false;
    struct str end = str_slice(host, host.n - entry.n, host.n);
    return str_equal_nocase(end, entry) &&
           (entry.n == host.n || host.p[host.n - entry.n - 1] == '.');
}

/* "host:443", "[::1]:443", "[::1]": what stands before the port, if that is the url's. */
static bool
take_port(struct str *entry, const struct url *url)
{
    struct str text = *entry;
    bool has_brackets = str_starts(text, STR("["));
    ptrdiff_t end = str_find_byte(text, has_brackets ? ']' : ':');
    uint64_t port = url->port;
    if (end < 0)
        return !has_brackets;
    struct str behind = str_slice(text, (size_t)end + has_brackets, text.n);
    if (!has_brackets && str_find_byte(str_slice(behind, 1, behind.n), ':') >= 0)
        return true;        /* an IPv6 address as it is */
    *entry = str_slice(text, has_brackets, (size_t)end);
    if (!behind.n)
        return true;
    return behind.p[0] == ':' && str_to_u64(str_slice(behind, 1, behind.n), &port) && port == url->port;
}

static bool
is_meant(struct str entry, const struct url *url)
{
    unsigned char address[ADDRESS_BYTES];
    struct str host = str_from(url->host);
    if (!take_port(&entry, url))
        return false;
    return address_of(host, address) ? is_address(entry, host) : is_name(entry, host);
}

bool
proxy_is_passed_by(struct str list, const struct url *url)
{
    if (str_equal(str_trim(list), STR("*")))
        return true;
    for (size_t at = 0, end; at < list.n; at = end + 1) {
        end = at;
        while (end < list.n && str_find_byte(STR(", \t"), list.p[end]) < 0)
            end++;
        if (end > at && is_meant(str_slice(list, at, end), url))
            return true;
    }
    return false;
}

/* --- which one ------------------------------------------------------------------------ */

/* Empty is as good as not there. */
static const char *
value_of(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0] ? value : NULL;
}

const char *
proxy_variable(const struct url *url)
{
    /* HTTP_PROXY is none: a web server's programs get what a visitor wrote under that name. */
    static const char *const secure[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    static const char *const plain[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    const char *const *names = url->is_secure ? secure : plain;
    size_t count = url->is_secure ? ARRAY_LEN(secure) : ARRAY_LEN(plain);
    const char *list = value_of("no_proxy") ? value_of("no_proxy") : value_of("NO_PROXY");
    if (url->is_loopback || (list && proxy_is_passed_by(str_from(list), url)))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (value_of(names[i]))
            return names[i];
    }
    return NULL;
}

static int
hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* "me%40home:secret" is me@home's. */
static bool
take_login(struct str text, char out[PROXY_LOGIN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        int high = text.p[i] == '%' && i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;
        char c = low >= 0 ? (char)(high << 4 | low) : text.p[i];
        if (low >= 0)
            i += 2;
        if (n + 1 >= PROXY_LOGIN_MAX || c == '\0')
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static ptrdiff_t
last_at_sign(struct str text)
{
    ptrdiff_t at = (ptrdiff_t)text.n - 1;
    while (at >= 0 && text.p[at] != '@')
        at--;
    return at;
}

enum err
proxy_read(const char *variable, struct proxy *out, struct diag *d)
{
    char address[URL_HOST_MAX + 32];
    struct proxy proxy = {.login = ""};
    struct url url;
    const char *value = value_of(variable);
    struct str rest = str_from(value ? value : ""), front = STR("http://");
    ptrdiff_t scheme = str_find(rest, STR("://"));
    if (scheme >= 0 && !str_equal_nocase(str_slice(rest, 0, (size_t)scheme + 3), front))
        return diag_set(d, ERR_UNSUPPORTED, "the proxy of the environment (%s) is none of http://, and "
                        "no other kind is known here", variable);
    if (scheme >= 0)
        rest = str_slice(rest, front.n, rest.n);
    ptrdiff_t at = last_at_sign(rest);
    if (at >= 0 && !take_login(str_slice(rest, 0, (size_t)at), proxy.login)) {
        wipe(proxy.login, sizeof(proxy.login));
        return diag_set(d, ERR_TOO_LARGE, "the proxy of the environment (%s) has a user and a password "
                        "of more than %d bytes, or with a NUL", variable, PROXY_LOGIN_MAX - 1);
    }
    rest = str_slice(rest, (size_t)(at + 1), rest.n);
    int n = snprintf(address, sizeof(address), "http://%.*s", STR_ARG(rest));
    if (n < 0 || (size_t)n >= sizeof(address) || url_parse(str_from(address), &url, NULL) != OK) {
        wipe(proxy.login, sizeof(proxy.login));
        return diag_set(d, ERR_SYNTAX, "the proxy of the environment (%s): \"http://host:port\" would be "
                        "right", variable);
    }
    memcpy(proxy.host, url.host, sizeof(proxy.host));
    proxy.port = url.has_port ? url.port : PORT_OF_PROXIES;
    proxy.is_ipv6 = url.is_ipv6;
    *out = proxy;
    wipe(proxy.login, sizeof(proxy.login));
    return OK;
}
