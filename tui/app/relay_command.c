#include "tui/app/relay_command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/log.h"
#include "net/base/redact.h"
#include "net/relay/relay.h"
#include "net/url.h"
#include "tui/app/network.h"
#include "tui/app/token.h"

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78, EXIT_CANNOT = 1, TOKEN_ROOM = 1024 };

struct relaying {
    const struct opts *opts;
    struct network network;
    struct loop *loop;
    struct relay *relay;
    char address[RELAY_ADDRESS_MAX];
    struct buf token;               /* wiped at the end */
};

static void
on_trouble(void *context, const char *sentence)
{
    (void)context;
    const char *text = *sentence ? sentence : "the source is well again";
    log_line(LOG_WARNING, "relay", "%s", text);
    fprintf(stderr, "neartop relay: %s\n", text);
}

static void
on_signal(void *context, int number)
{
    (void)number;
    loop_stop(((struct relaying *)context)->loop);
}

static const char *
neardata_of(const struct relaying *c)
{
    const struct opts *o = c->opts;
    if (o->neardata.is_given)
        return strcmp(o->neardata.text, "off") == 0 ? NULL : o->neardata.text;
    return c->network.neardata[0] ? c->network.neardata : NULL;
}

static enum err
check_neardata(struct str address, struct diag *d)
{
    struct url url;
    enum err e = network_refuse_key(address, "--neardata", "it belongs into NEARTOP_NEARDATA_KEY", d);
    if (e)
        return e;
    e = url_parse(address, &url, d);
    if (e)
        diag_prefix(d, "--neardata");
    else if (url.is_websocket)
        e = diag_set(d, ERR_SYNTAX, "--neardata: the address should start with http:// or https://");
    return e;
}

static enum err
check(struct relaying *c, const struct config *config, int *port, struct diag *d)
{
    const struct opts *o = c->opts;
    char warning[DIAG_MAX];
    const char *name = o->network.is_given ? o->network.text : NULL;
    if (!name && !o->rpc.is_given && !o->neardata.is_given && !config->general.network.text[0])
        return diag_set(d, ERR_SYNTAX, "of which network? --network testnet, mainnet or localnet "
                                       "says it, or --rpc URL, or --neardata URL");
    enum err e = relay_parse_listen(str_from(o->listen.is_given ? o->listen.text : ""), c->address,
                                    port, d);
    if (!e)
        e = token_read(o->token_file.is_given ? o->token_file.text : NULL, &c->token, warning, d);
    if (!e && warning[0])
        fprintf(stderr, "neartop relay: %s\n", warning);
    if (!e)
        e = network_choose(config, name ? name : o->rpc.is_given ? NULL : "localnet",
                           o->rpc.is_given ? o->rpc.text : NULL, "off", &c->network, d);
    const char *neardata = e ? NULL : neardata_of(c);
    if (neardata)
        e = check_neardata(str_from(neardata), d);
    if (!e && c->network.is_embedded)
        e = diag_set(d, ERR_SYNTAX, "--network %s: the demo's chain serves the feed itself; start "
                                    "\"neartop localnet\" to have one to relay", name);
    return e;
}

/* The key of a neardata server, which is asked for less often with one. */
static enum err
neardata_key(const char **out, struct diag *d)
{
    const char *key = getenv("NEARTOP_NEARDATA_KEY");
    *out = key && key[0] ? key : NULL;
    return *out ? redact_keep(str_from(*out), d) : OK;
}

static enum err
start(struct relaying *c, int port, struct diag *d)
{
    struct network_headers headers;
    struct endpoint_config endpoints[ENDPOINTS_MAX];
    const char *key = NULL;
    enum err e = neardata_key(&key, d);
    if (e)
        return e;
    const struct relay_config config = {
        .address = c->address, .port = port, .token = c->token.n ? buf_c(&c->token) : NULL,
        .endpoints = endpoints,
        .endpoint_count = network_endpoints(&c->network, &headers, endpoints),
        .per_second = c->network.per_second, .per_minute = c->network.per_minute,
        .block_time_ms = c->network.block_time_ms,
        .neardata = neardata_of(c),
        .neardata_key = key, .trouble = on_trouble, .context = c};
    return relay_start(c->loop, &config, &c->relay, d);
}

static void
run(struct relaying *c)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct loop_signal *signals[ARRAY_LEN(numbers)];
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        signals[i] = loop_signal_new(c->loop, numbers[i], on_signal, c);
    printf("{\"event\":\"ready\",\"ws\":\"ws://%s:%d\"}\n", c->address, relay_port(c->relay));
    fflush(stdout);
    loop_run(c->loop);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        loop_signal_close(signals[i]);
}

int
relay_run(const struct opts *o, const struct config *config)
{
    struct relaying c = {.opts = o};
    struct diag d = {0};
    int port = 0, status = 0;
    buf_init(&c.token, TOKEN_ROOM);
    enum err e = check(&c, config, &port, &d);
    if (!e) {
        c.loop = loop_new();
        e = start(&c, port, &d);
        if (!e)
            run(&c);
        if (c.relay)
            relay_stop(c.relay);
        loop_free(c.loop);
        relay_free(c.relay);
    }
    if (e) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
        bool is_usage = e == ERR_SYNTAX || e == ERR_NOT_FOUND || e == ERR_RANGE;
        status = e == ERR_SETTINGS ? EXIT_CONFIG : is_usage ? EXIT_USAGE : EXIT_CANNOT;
    }
    if (c.token.n)
        wipe(c.token.p, c.token.n);
    buf_release(&c.token);
    network_release(&c.network);
    return status;
}
