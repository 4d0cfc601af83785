#include "net/relay/relay.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "net/relay/book.h"
#include "net/relay/lookout.h"
#include "net/relay/walk.h"

struct relay {
    struct relay_config config;
    struct server *server;
    struct hub *hub;
    struct http *http;
    struct rpc *rpc;
    struct book *book;
    struct lookout *lookout;        /* NULL: the source tells outcomes itself */
    struct walk *walk;
    struct hash token;              /* its sha256 */
    int port;
};

/* --- blocks ------------------------------------------------------------------------------- */

static void
on_block(void *context, struct walk_block *take_block)
{
    struct relay *r = context;
    book_block(r->book, take_block);
    if (r->lookout)
        lookout_block(r->lookout, take_block);
}

static bool
on_wants_chunks(void *context)
{
    struct relay *r = context;
    return r->lookout && lookout_wants_chunks(r->lookout);
}

static void
on_trouble(void *context, const char *sentence)
{
    struct relay *r = context;
    r->config.trouble(r->config.context, sentence);
}

static void
on_changed(void *context)
{
    struct relay *r = context;
    bool is_wanted = false;
    for (int kind = 0; kind < FEED_COUNT; kind++)
        is_wanted |= hub_has_listeners(r->hub, (enum feed_kind)kind);
    if (r->lookout)
        lookout_changed(r->lookout);
    if (r->walk)
        walk_set_on(r->walk, is_wanted);
}

/* --- the server --------------------------------------------------------------------------- */

static void
on_request(void *context, struct server_request *request, const struct server_call *call)
{
    (void)context;
    bool is_health = str_equal(call->path, STR("/health"));
    server_answer(request, is_health ? 200 : hub_accepts(call->path) ? 400 : 404, "text/plain",
                  NULL, is_health ? STR("ok\n") : STR("this is a relay: it speaks the websocket "
                                                      "feed at /events/… alone\n"),
                  ANSWER_NORMAL);
}

static void
on_gone(void *context, struct server_request *request)
{
    (void)context;
    (void)request;
}

static struct hash
hash_of(struct str text)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text.p, text.n);
    return hasher_end(&h);
}

static bool
on_may_enter(void *context, struct str authorization)
{
    struct relay *r = context;
    const struct str scheme = STR("Bearer ");
    if (!r->config.token)
        return true;
    if (!str_starts(authorization, scheme))
        return false;
    struct hash given = hash_of(str_slice(authorization, scheme.n, authorization.n));
    return bytes_equal_secretly(given.b, r->token.b, sizeof(given.b));
}

static bool
on_accepts(void *context, struct str path)
{
    (void)context;
    return hub_accepts(path);
}

static void
on_subscribed(void *context, struct subscriber *s, struct str path)
{
    hub_subscribed(((struct relay *)context)->hub, s, path);
}

static void
on_message(void *context, struct subscriber *s, struct str text)
{
    hub_message(((struct relay *)context)->hub, s, text);
}

static void
on_unsubscribed(void *context, struct subscriber *s)
{
    hub_unsubscribed(((struct relay *)context)->hub, s);
}

/* --- where to listen ---------------------------------------------------------------------- */

bool
relay_is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0;
}

static bool
is_address(struct str text)
{
    struct str part;
    int parts = 0;
    while (str_take_until(&text, '.', &part)) {
        uint64_t n;
        if (++parts > 4 || !str_to_u64(part, &n) || n > 255 || part.n > 3)
            return false;
    }
    return parts == 4;
}

enum err
relay_parse_listen(struct str text, char address[RELAY_ADDRESS_MAX], int *port, struct diag *d)
{
    ptrdiff_t colon = str_find_byte(text, ':');
    struct str host = colon >= 0 ? str_slice(text, 0, (size_t)colon) : text;
    struct str number = colon >= 0 ? str_slice(text, (size_t)colon + 1, text.n) : STR("");
    uint64_t n = RELAY_PORT;
    if (colon < 0 && str_find_byte(text, '.') < 0 && !str_equal(text, STR("localhost"))) {
        number = text;
        host = STR("");
    }
    if (!host.n || str_equal(host, STR("localhost")))
        host = STR("127.0.0.1");
    bool is_good = is_address(host) && (!number.n || (str_to_u64(number, &n) && n <= 65535));
    if (!is_good || !str_copy(host, address, RELAY_ADDRESS_MAX))
        return diag_set(d, ERR_SYNTAX,
                        "--listen %.*s: expected a numeric IPv4 address, a port from 0 to 65535, "
                        "or both, such as 127.0.0.1:%d", STR_ARG(str_slice(text, 0, 60)),
                        RELAY_PORT);
    *port = (int)n;
    return OK;
}

static enum err
check_token(const struct relay_config *c, struct diag *d)
{
    if (!c->token)
        return relay_is_loopback(c->address)
                   ? OK
                   : diag_set(d, ERR_SYNTAX,
                              "on %s other machines reach it: that needs a token of at least %d "
                              "characters, in $NEARTOP_RELAY_TOKEN or in --token-file FILE",
                              c->address, RELAY_TOKEN_MIN);
    if (strlen(c->token) < RELAY_TOKEN_MIN)
        return diag_set(d, ERR_SYNTAX, "the token is too short: at least %d characters",
                        RELAY_TOKEN_MIN);
    return OK;
}

/* --- life --------------------------------------------------------------------------------- */

static void
open_source(struct relay *r, struct loop *loop)
{
    const struct relay_config *c = &r->config;
    const struct walk_config walk = {.loop = loop, .block_time_ms = c->block_time_ms,
                                     .wants_chunks = on_wants_chunks, .block = on_block,
                                     .trouble = on_trouble, .context = r};
    r->http = http_new(loop);
    if (c->neardata) {
        r->walk = walk_new_neardata(&walk, r->http, c->neardata, c->neardata_key);
        return;
    }
    r->rpc = rpc_new(loop, r->http, &(struct rpc_config){
        .endpoints = c->endpoints, .endpoint_count = c->endpoint_count,
        .per_second = c->per_second, .per_minute = c->per_minute});
    r->lookout = lookout_new(r->hub, r->book, r->rpc);
    r->walk = walk_new_rpc(&walk, r->rpc);
}

enum err
relay_start(struct loop *loop, const struct relay_config *config, struct relay **out,
            struct diag *d)
{
    enum err e = check_token(config, d);
    if (e)
        return e;
    struct relay *r = xcalloc(1, sizeof(*r));
    r->config = *config;
    if (config->token)
        r->token = hash_of(str_from(config->token));
    r->hub = hub_new(&(struct hub_config){.changed = on_changed, .context = r});
    r->book = book_new(r->hub);
    const struct server_handlers handlers = {
        .request = on_request, .gone = on_gone, .may_enter = on_may_enter, .accepts = on_accepts,
        .subscribed = on_subscribed, .message = on_message, .unsubscribed = on_unsubscribed,
        .context = r};
    *out = r;
    e = server_start_at(loop, config->address, config->port, &handlers, &r->server, &r->port, d);
    if (!e) {
        server_share_out(r->server);
        open_source(r, loop);
    }
    return e;
}

int
relay_port(const struct relay *r)
{
    return r->port;
}

uint64_t
relay_requests(const struct relay *r)
{
    return r->rpc ? rpc_request_count(r->rpc) : 0;
}

void
relay_stop(struct relay *r)
{
    if (r->server)
        server_stop(r->server);
    walk_free(r->walk);
    r->walk = NULL;
    lookout_free(r->lookout);
    r->lookout = NULL;
    rpc_free(r->rpc);
    http_free(r->http);
}

void
relay_free(struct relay *r)
{
    if (!r)
        return;
    hub_free(r->hub);
    book_free(r->book);
    wipe(&r->token, sizeof(r->token));
    xfree(r);
}
