#include "tui/app/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "net/base/file.h"
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "net/url.h"
#include "tui/model/target.h"

enum {
    KEY_FILE_MAX = 4096,
    KEY_LIKE_LEAST = 20,        /* bytes of what looks like an API key, */
    KEY_LIKE_CHANGES = 3        /* and from letter to digit or back */
};

static bool
is_loopback(const char *text)
{
    struct url url;
    return url_parse(str_from(text), &url, NULL) == OK && url.is_loopback;
}

/* --- addresses of the command line -------------------------------------------------------- */

/* Random letters and digits, as providers make keys: words and versions change less between them. */
static bool
looks_random(struct str part)
{
    unsigned changes = 0;
    bool was_digit = false, was_letter = false;
    for (size_t i = 0; i < part.n; i++) {
        char c = part.p[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_digit && !is_letter && c != '-' && c != '_')
            return false;
        changes += (is_digit && was_letter) || (is_letter && was_digit);
        was_digit = is_digit;
        was_letter = is_letter;
    }
    return part.n >= KEY_LIKE_LEAST && changes >= KEY_LIKE_CHANGES;
}

static bool
is_key_name(struct str name)
{
    static const char *const endings[] = {"key", "token", "auth", "secret"};
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        struct str ending = str_from(endings[i]);
        if (name.n >= ending.n && str_equal_nocase(str_slice(name, name.n - ending.n, name.n), ending))
            return true;
    }
    return false;
}

/* Behind the host: parts of the path, and "name=value" of the query. */
static bool
holds_key(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"));
    struct str rest = str_slice(url, scheme < 0 ? 0 : (size_t)scheme + 3, url.n);
    bool is_query = false, is_host = true;
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && str_find_byte(STR("/?&#"), rest.p[n]) < 0)
            n++;
        struct str part = str_slice(rest, 0, n);
        ptrdiff_t equals = is_query ? str_find_byte(part, '=') : -1;
        struct str name = str_slice(part, 0, equals < 0 ? 0 : (size_t)equals);
        struct str value = str_slice(part, equals < 0 ? 0 : (size_t)equals + 1, part.n);
        if (!is_host && ((equals >= 0 && is_key_name(name)) || looks_random(value)))
            return true;
        is_query |= n < rest.n && rest.p[n] == '?';
        is_host = false;
        rest = str_slice(rest, n + 1, rest.n);
    }
    return false;
}

/* What is on a command line everybody on the machine can read. */
enum err
network_refuse_key(struct str url, const char *what, const char *where, struct diag *d)
{
    if (!holds_key(url))
        return OK;
    return diag_set(d, ERR_SYNTAX, "%s: an API key on the command line can be read by all who list "
                    "processes: %s", what, where);
}

static enum err
set_url(const char *text, bool is_feed, const char *what, char *out, struct diag *d)
{
    struct url url;
    struct str trimmed = str_from(text);
    enum err e = network_refuse_key(trimmed, what, "put the endpoint into neartop.conf, with key_env or "
                                    "key_file", d);
    if (!e && url_parse(trimmed, &url, d) != OK) {
        diag_prefix(d, "%s", what);
        return d->code;
    }
    if (!e && url.is_websocket != is_feed)
        e = diag_set(d, ERR_SYNTAX, "%s: the address should start with %s", what,
                     is_feed ? "ws:// or wss://" : "http:// or https://");
    while (trimmed.n && trimmed.p[trimmed.n - 1] == '/')
        trimmed.n--;
    if (!e && !str_copy(trimmed, out, NETWORK_URL_MAX))
        e = diag_set(d, ERR_TOO_LARGE, "%s: the address is longer than %d bytes", what,
                     NETWORK_URL_MAX - 1);
    return e;
}

static void
drop_feeds(struct network *n)
{
    for (size_t i = 0; i < n->feed_count; i++) {
        secret_text_free(n->feeds[i].url);
        secret_text_free(n->feeds[i].bearer);
    }
    n->feed_count = 0;
    n->ws[0] = '\0';
}

static enum err
set_urls(const char *rpc, const char *ws, struct network *n, struct diag *d)
{
    if (rpc) {
        enum err e = set_url(rpc, false, "--rpc", n->rpc, d);
        if (e)
            return e;
        /* A feed belongs to its endpoint: another endpoint's would tell of another chain. */
        drop_feeds(n);
        n->is_embedded = false;
        n->per_second = n->per_minute = 0;
        n->has_well_known_keys = is_loopback(n->rpc);
    }
    if (ws)
        drop_feeds(n);
    return ws && strcmp(ws, "off") != 0 ? set_url(ws, true, "--ws", n->ws, d) : OK;
}

/* --- API keys ----------------------------------------------------------------------------- */

/* Where the API key of an endpoint or a feed is. */
struct key_place {
    const struct config *config;
    const char *secret, *env, *file;    /* secret: itself, or NULL; the others: empty when not given */
};

static enum err
read_key_file(const struct key_place *at, struct buf *out, struct network *n, struct diag *d)
{
    char path[CONFIG_PATH_MAX];
    struct stat st;
    enum err error = config_beside(at->config, at->file, path, d);
    if (!error)
        error = file_read(path, out, d);
    if (!error && stat(path, &st) == 0 && st.st_mode & 077)
        snprintf(n->warning, sizeof(n->warning), "%.100s: others may read this API key: "
                 "chmod 600 is right", path);
    return error;
}

/* Leaves `out` empty when there is no key. */
static enum err
read_key(const struct key_place *at, struct buf *out, struct network *n, struct diag *d)
{
    enum err error = OK;
    if (at->secret) {
        buf_add_c(out, at->secret);
    } else if (at->env[0]) {
        const char *value = getenv(at->env);
        if (!value || !value[0])
            return diag_set(d, ERR_NOT_FOUND, "the environment variable %s (key_env) is not set",
                            at->env);
        buf_add_c(out, value);
    } else if (at->file[0]) {
        error = read_key_file(at, out, n, d);
    } else {
        return OK;
    }
    struct str key = str_trim(buf_str(out));
    for (size_t i = 0; !error && i < key.n; i++) {
        if (key.p[i] <= 0x20 || key.p[i] > 0x7e)
            error = diag_set(d, ERR_SYNTAX, "its API key is no single line of printable bytes");
    }
    return error ? error : redact_keep(key, d);
}

/* The pattern with the key in each place of {key}; the pattern itself when it has none. */
static char *
fill_in(const char *pattern, struct str key)
{
    struct buf text;
    struct str rest = str_from(pattern);
    ptrdiff_t at;
    buf_init(&text, NETWORK_HEADER_MAX + NETWORK_URL_MAX);
    while ((at = str_find(rest, STR("{key}"))) >= 0) {
        buf_add_str(&text, str_slice(rest, 0, (size_t)at));
        buf_add_str(&text, key);
        rest = str_slice(rest, (size_t)at + 5, rest.n);
    }
    buf_add_str(&text, rest);
    char *filled = xstrdup(buf_c(&text));
    buf_wipe(&text);
    buf_release(&text);
    return filled;
}

static enum err
add_endpoint(const struct config *config, const struct config_endpoint *e, struct network *n,
             struct diag *d)
{
    struct buf bytes;
    buf_init(&bytes, KEY_FILE_MAX);
    const struct key_place at = {config, e->secret, e->key_env.text, e->key_file.text};
    enum err error = read_key(&at, &bytes, n, d);
    struct str key = str_trim(buf_str(&bytes));
    bool has_place = strstr(e->url.text, "{key}") != NULL;
    if (!error && has_place && !key.n)
        error = diag_set(d, ERR_MISSING, "its address has {key} in it, but neither key_env nor "
                         "key_file is there");
    if (!error) {
        struct network_endpoint *to = &n->endpoints[n->endpoint_count++];
        *to = (struct network_endpoint){
            .url = fill_in(e->url.text, key), .weight = e->weight.number,
            .per_second = e->per_second.number, .per_minute = e->per_minute.number,
            .is_archival = e->archival.number};
        snprintf(to->name, sizeof(to->name), "%s", e->name);
        if (key.n && !has_place)
            to->header = fill_in(e->key_header.text, key);
    }
    if (bytes.p)
        buf_wipe(&bytes);
    buf_release(&bytes);
    return error;
}

static enum err
add_feed(const struct config *config, const struct config_feed *f, struct network *n, struct diag *d)
{
    struct buf bytes;
    const struct key_place at = {config, NULL, f->key_env.text, f->key_file.text};
    buf_init(&bytes, KEY_FILE_MAX);
    enum err error = read_key(&at, &bytes, n, d);
    struct str key = str_trim(buf_str(&bytes));
    bool has_place = strstr(f->url.text, "{key}") != NULL;
    if (!error) {
        struct network_feed *to = &n->feeds[n->feed_count++];
        *to = (struct network_feed){.url = fill_in(f->url.text, key)};
        snprintf(to->name, sizeof(to->name), "%s", f->name);
        if (key.n && !has_place)
            to->bearer = xstrndup(key.p, key.n);
    }
    if (bytes.p)
        buf_wipe(&bytes);
    buf_release(&bytes);
    return error;
}

/* --- from the settings -------------------------------------------------------------------- */

static bool
is_own(const struct config *config, const char *network)
{
    for (size_t i = 0; i < config->endpoint_count; i++) {
        if (config->endpoints[i].origin == CONFIG_FILE &&
            strcmp(config->endpoints[i].network.text, network) == 0)
            return true;
    }
    return false;
}

static void
say_where(const struct config *config, const struct config_endpoint *e, struct diag *d)
{
    const char *path = e->origin == CONFIG_FILE ? config->path : config->near_cli_path;
    diag_prefix(d, "[endpoint %s]", e->name);
    if (e->origin != CONFIG_BUILT_IN && path[0])
        diag_prefix(d, "%.100s line %d", path, e->line);
}

/* An endpoint whose key cannot be had is left out, and that is said; without any it is over. */
static enum err
add_endpoints(const struct config *config, struct network *n, struct diag *d)
{
    bool only_own = is_own(config, n->name);
    n->is_sure = n->chain_id[0] != '\0';
    struct diag why = {0};
    for (size_t i = 0; i < config->endpoint_count; i++) {
        const struct config_endpoint *e = &config->endpoints[i];
        if (strcmp(e->network.text, n->name) != 0 || (only_own && e->origin != CONFIG_FILE))
            continue;
        if (n->endpoint_count == ENDPOINTS_MAX)
            return diag_set(d, ERR_SETTINGS, "%s line %d: [endpoint %s]: network %s has more than %d "
                            "endpoints", config->path, e->line, e->name, n->name, ENDPOINTS_MAX);
        bool is_left_out = add_endpoint(config, e, n, &why) != OK;
        n->is_sure = n->is_sure && e->origin == CONFIG_BUILT_IN;
        if (is_left_out) {
            say_where(config, e, &why);
            snprintf(n->warning, sizeof(n->warning), "%s", diag_text(&why));
        } else if (!n->rpc[0]) {
            snprintf(n->rpc, sizeof(n->rpc), "%s", e->url.text);
        }
    }
    if (n->endpoint_count)
        return OK;
    if (why.text[0])
        return diag_set(d, ERR_SETTINGS, "%s", why.text);
    return diag_set(d, ERR_SETTINGS, "the network %s has no endpoint: add an [endpoint NAME] with "
                    "\"network = %s\" and its url", n->name, n->name);
}

/* A feed whose key cannot be had is left out, and that is said. */
static enum err
add_feeds(const struct config *config, const struct config_network *known, struct network *n,
          struct diag *d)
{
    struct diag why = {0};
    bool is_off = known->feed.is_given && strcmp(known->feed.text, "off") == 0 && known->feed.line;
    for (size_t i = 0; i < config->feed_count && !is_off; i++) {
        const struct config_feed *f = &config->feeds[i];
        if (strcmp(f->network.text, n->name) != 0)
            continue;
        if (n->feed_count == FEEDS_MAX)
            return diag_set(d, ERR_SETTINGS, "%s line %d: [feed %s]: network %s has more than %d feeds",
                            config->path, f->line, f->name, n->name, FEEDS_MAX);
        if (add_feed(config, f, n, &why)) {
            diag_prefix(&why, "%.100s line %d: [feed %s]", config->path, f->line, f->name);
            snprintf(n->warning, sizeof(n->warning), "%s", diag_text(&why));
        } else if (n->feed_count == 1) {
            snprintf(n->ws, sizeof(n->ws), "%s", f->url.text);
        }
    }
    return OK;
}

static void
take_settings(const struct config_network *from, struct network *n)
{
    snprintf(n->keys, sizeof(n->keys), "%s", from->keys.text[0] ? from->keys.text : from->name);
    snprintf(n->chain_id, sizeof(n->chain_id), "%s", from->chain_id.text);
    snprintf(n->explorer, sizeof(n->explorer), "%s", from->explorer.text);
    snprintf(n->neardata, sizeof(n->neardata), "%s", from->neardata.text);
    if (strcmp(from->feed.text, "off") != 0)
        snprintf(n->ws, sizeof(n->ws), "%s", from->feed.text);
    n->block_time_ms = from->block_time.is_given ? from->block_time.number : 0;
    n->per_second = from->per_second.number;
    n->per_minute = from->per_minute.number;
    n->is_embedded = strcmp(from->name, "demo") == 0;
    n->has_well_known_keys = n->is_embedded || strcmp(from->name, "localnet") == 0;
}

static enum err
refuse_name(const struct config *config, const char *name, const char *where, struct diag *d)
{
    struct buf names;
    if (config->warning[0])
        return diag_set(d, ERR_NOT_FOUND, "%s: no network is called \"%.40s\"; near-cli's could not be "
                        "read: %s", where, name, config->warning);
    buf_init(&names, DIAG_MAX);
    config_network_names(config, &names);
    (void)!diag_set(d, ERR_NOT_FOUND, "%s: no network is called \"%.40s\": %s, or give --rpc", where, name,
                    buf_c(&names));
    buf_release(&names);
    return ERR_NOT_FOUND;
}

enum err
network_choose(const struct config *config, const char *name, const char *rpc, const char *ws,
               struct network *out, struct diag *d)
{
    struct network n = {.block_time_ms = 0};
    const char *usual = config->general.network.text[0] ? config->general.network.text : "demo";
    const char *where = name || rpc ? "--network" : "network, in [general] of neartop.conf";
    if (!name)
        name = !rpc ? usual : is_loopback(rpc) ? "localnet" : "custom";
    const struct config_network *known = config_network(config, name);
    if (!known && !rpc)
        return refuse_name(config, name, where, d);
    if (!str_copy(str_from(name), n.name, sizeof(n.name)) || strchr(name, '/'))
        return diag_set(d, ERR_SYNTAX, "--network: \"%.40s\" cannot name a network", name);
    snprintf(n.keys, sizeof(n.keys), "%s", name);
    enum err e = OK;
    if (known) {
        take_settings(known, &n);
        e = add_feeds(config, known, &n, d);
    }
    if (rpc)
        n.neardata[0] = '\0';
    if (!e)
        e = set_urls(rpc, ws, &n, d);
    if (!e && !rpc && !n.is_embedded)
        e = add_endpoints(config, &n, d);
    if (e)
        network_release(&n);
    else
        *out = n;
    return e;
}

const char *
network_of_page(const struct config *config, struct str address)
{
    for (size_t i = 0; i < config->network_count; i++) {
        const struct config_network *n = &config->networks[i];
        if (target_is_page_of(str_from(n->explorer.text), address))
            return n->name;
    }
    return NULL;
}

void
network_release(struct network *n)
{
    for (size_t i = 0; i < n->endpoint_count; i++) {
        secret_text_free(n->endpoints[i].url);
        secret_text_free(n->endpoints[i].header);
    }
    n->endpoint_count = 0;
    drop_feeds(n);
}

size_t
network_feeds(const struct network *n, const char *token, struct feed_address out[FEEDS_MAX])
{
    if (!n->feed_count) {
        out[0] = (struct feed_address){.url = n->ws, .bearer = token};
        return n->ws[0] != '\0';
    }
    for (size_t i = 0; i < n->feed_count; i++)
        out[i] = (struct feed_address){.url = n->feeds[i].url, .bearer = n->feeds[i].bearer,
                                       .name = n->feeds[i].name};
    return n->feed_count;
}

size_t
network_endpoints(const struct network *n, struct network_headers *headers,
                  struct endpoint_config out[ENDPOINTS_MAX])
{
    if (!n->endpoint_count) {
        out[0] = (struct endpoint_config){.url = n->rpc};
        return 1;
    }
    for (size_t i = 0; i < n->endpoint_count; i++) {
        const struct network_endpoint *e = &n->endpoints[i];
        headers->list[i][0] = e->header;
        headers->list[i][1] = NULL;
        out[i] = (struct endpoint_config){
            .url = e->url, .name = e->name, .weight = e->weight, .per_second = e->per_second,
            .per_minute = e->per_minute, .is_archival = e->is_archival,
            .headers = e->header ? headers->list[i] : NULL};
    }
    return n->endpoint_count;
}
