#include "net/ws_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/log.h"
#include "net/base/str.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"

enum { DESCRIPTORS_MAX = 64 };  /* without it the library's tables follow `ulimit -n` */

static struct ws_world *worlds;
static char last_line[200];

const struct lws_protocols ws_protocols[] = {
    {.name = "neartop", .callback = ws_on_event, .rx_buffer_size = WS_PIECE_MAX},
    {.name = NULL},
};

const lws_retry_bo_t ws_idle_policy = {
    .secs_since_valid_ping = 36000, .secs_since_valid_hangup = 43200};

static void
on_log(int level, const char *line)
{
    struct str text = str_trim(str_from(line));
    snprintf(last_line, sizeof(last_line), "%.*s", STR_ARG(text));
    log_line(level & LLL_ERR ? LOG_WARNING : LOG_INFO, "ws", "%s", last_line);
}

const char *
ws_world_said(void)
{
    return last_line;
}

void
ws_world_hush(void)
{
    last_line[0] = '\0';
}

/* The sockets close only as the loop runs empty; what is ours must be gone before. */
static void
world_leaves(void *context)
{
    struct ws_world *w = context;
    for (struct ws *ws = w->first; ws; ws = ws_next(ws))
        ws_drop_timer(ws);
    if (w->context)
        lws_context_destroy(w->context);
}

static void
world_is_gone(void *context)
{
    struct ws_world *w = context;
    struct ws_world **at = &worlds;
    /* On a foreign loop only a second call, after the loop has run empty, really frees. */
    if (w->context)
        lws_context_destroy(w->context);
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    xfree(w);
}

static struct lws_context_creation_info
info_of(struct ws_world *w, const char *name)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = ws_protocols,
        .pcontext = &w->context,
        .fd_limit_per_thread = DESCRIPTORS_MAX,
        .retry_and_idle_policy = &ws_idle_policy,
        .vhost_name = name,
        .http_proxy_address = ":0", /* none; else $http_proxy is used, whatever $no_proxy says */
    };
    info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8;
    if (w->is_secure) {
        const char *authorities = getenv("SSL_CERT_FILE");
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        if (authorities && authorities[0])
            info.client_ssl_ca_filepath = authorities;
    }
    return info;
}

static enum err
start_library(struct ws_world *w, struct diag *d)
{
    void *loops[1] = {loop_native(w->loop)};
    struct lws_context_creation_info info = info_of(w, "client");
    info.foreign_loops = loops;
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    ws_world_hush();
    w->context = lws_create_context(&info);
    if (w->context)
        w->vhost = lws_create_vhost(w->context, &info);
    if (!w->vhost)
        return diag_set(d, ERR_UNSUPPORTED, "the websocket library cannot start (%s); is "
                        "libwebsockets-evlib-uv installed?", last_line);
    return OK;
}

enum err
ws_world_of(struct loop *loop, bool is_secure, struct ws_world **out, struct diag *d)
{
    for (struct ws_world *w = worlds; w; w = w->next) {
        if (w->loop == loop && w->is_secure == is_secure && w->vhost) {
            *out = w;
            return OK;
        }
    }
    struct ws_world *w = xcalloc(1, sizeof(*w));
    w->loop = loop;
    w->is_secure = is_secure;
    enum err e = start_library(w, d);
    if (e && !w->context) {
        xfree(w);
        return e;
    }
    w->next = worlds;
    worlds = w;
    loop_add_guest(loop, world_leaves, world_is_gone, w);
    *out = w;
    return e;
}

enum err
ws_world_go_through(struct ws_world *w, const struct proxy *proxy, const char *address,
                    struct diag *d)
{
    char text[PROXY_LOGIN_MAX + URL_HOST_MAX + 16];
    bool is_ipv6 = strchr(address, ':') != NULL;
    snprintf(text, sizeof(text), "%s%s%s%s%s:%u", proxy->login, proxy->login[0] ? "@" : "",
             is_ipv6 ? "[" : "", address, is_ipv6 ? "]" : "", proxy->port);
    if (!w->proxied) {
        struct lws_context_creation_info info = info_of(w, "proxied");
        w->proxied = lws_create_vhost(w->context, &info);
    }
    int failed = !w->proxied || lws_set_proxy(w->proxied, text);
    wipe(text, sizeof(text));
    return failed ? diag_set(d, ERR_UNSUPPORTED, "the proxy of the environment cannot be used (%s)",
                             last_line) : OK;
}
