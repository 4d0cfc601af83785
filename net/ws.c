#include "net/ws.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/clock.h"
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "net/proxy.h"
#include "net/url.h"
#include "net/ws_world.h"

enum {
    QUEUE_MAX = 1024 * 1024,
    UNAUTHORIZED = 401, TOO_MANY = 429,
    SILENT_TURNS_MAX = 3        /* nothing yet, a ping, another one; then the end */
};

struct message {
    struct message *next;
    size_t n;
    unsigned char bytes[];          /* LWS_PRE bytes of room, then the text */
};

struct ws {
    struct ws_world *world;
    struct ws *next, *previous;
    struct ws_args args;
    struct url url;
    const char *proxy_variable;     /* it goes by the proxy that this one names; NULL: by none */
    struct proxy proxy;             /* its login is wiped */
    char host_text[URL_HOST_MAX + 8];
    char *bearer;                   /* owned, wiped; NULL: none */
    struct lws *wsi;                /* NULL: not connecting yet, or gone */
    struct loop_resolve *resolve;
    struct loop_timer *timer;       /* first to begin, then the deadline, then the silence;
                                     * NULL when the loop is ending */
    struct buf text;                /* of the message that is coming in */
    struct message *queue, **queue_end;
    size_t queued;
    int64_t pinged_ns;
    unsigned silent_turns;          /* of the silence timer since anything was heard */
    int leave_code;                 /* not 0: close with it at the next chance to write */
    struct ws_end end;
    bool is_open, has_ended, is_closed, wants_ping;
    unsigned busy;                  /* inside callbacks: not to be freed */
};

/* --- one connection ----------------------------------------------------------------- */

static void
free_if_over(struct ws *ws)
{
    if (!ws->is_closed || ws->wsi || ws->busy)
        return;
    if (ws->previous)
        ws->previous->next = ws->next;
    else
        ws->world->first = ws->next;
    if (ws->next)
        ws->next->previous = ws->previous;
    loop_timer_close(ws->timer);
    loop_resolve_close(ws->resolve);
    while (ws->queue) {
        struct message *m = ws->queue;
        ws->queue = m->next;
        xfree(m);
    }
    buf_release(&ws->text);
    secret_text_free(ws->bearer);
    wipe(ws->proxy.login, sizeof(ws->proxy.login));
    xfree(ws);
}

/* What was asked for, "/events/name". What stands before it may be an API key that somebody put
 * into an address without saying so. */
static const char *
sayable_path(const char *path)
{
    const char *events = "", *next = path;
    while ((next = strstr(next, "/events/"))) {
        events = next;
        next++;
    }
    return events;
}

/* The first reason counts: what comes behind it is only its echo. */
static void
set_end(struct ws *ws, enum err error, const char *what)
{
    if (ws->end.diag.text[0])
        return;
    ws->end.error = error;
    diag_set(&ws->end.diag, error, "%s%s: %s", ws->host_text, sayable_path(ws->url.path), what);
}

static void
finish(struct ws *ws)
{
    if (ws->has_ended)
        return;
    ws->has_ended = true;
    ws->is_open = false;
    if (ws->timer)
        loop_timer_stop(ws->timer);
    set_end(ws, ERR_NET, "the connection broke");
    if (!ws->is_closed)
        ws->args.ended(ws->args.context, &ws->end);
}

/* Cuts the socket, from a callback of the loop, never from one of the library. */
static void
cut(struct ws *ws)
{
    ws->busy++;
    if (ws->wsi)
        lws_set_timeout(ws->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    finish(ws);
    ws->busy--;
    free_if_over(ws);
}

/* The library arms its own timers only inside its callbacks; from outside it must be woken. */
static void
ask_to_write(struct ws *ws)
{
    lws_callback_on_writable(ws->wsi);
    lws_cancel_service(ws->world->context);
}

static void
leave(struct ws *ws, int code)
{
    if (!ws->leave_code)
        ws->leave_code = code;
    ask_to_write(ws);
}

/* Turns are counted, not time: after the program itself was held up (a stop, a laptop's lid)
 * the clock has run while nobody could hear. Each turn leaves the loop a while to read what
 * has come, and two pings are asked before the peer is given up. */
static void
on_silence(struct ws *ws)
{
    if (ws->silent_turns == SILENT_TURNS_MAX) {
        set_end(ws, ERR_TIMEOUT, "silent, and no answer to a ping");
        cut(ws);
        return;
    }
    if (ws->silent_turns++) {
        ws->wants_ping = true;
        ask_to_write(ws);
    }
}

static void begin(struct ws *ws);

static void
on_timer(void *context)
{
    struct ws *ws = context;
    if (ws->is_closed) {
        cut(ws);
    } else if (ws->is_open) {
        on_silence(ws);
    } else if (!ws->wsi && !ws->resolve) {
        begin(ws);
    } else {
        loop_resolve_close(ws->resolve);
        ws->resolve = NULL;
        set_end(ws, ERR_TIMEOUT, "the connection was not opened in time");
        cut(ws);
    }
}

/* The name in `host` is what a certificate is checked against: no port there. To a proxy the name
 * is said as it is, since there may be no other way to find out where it is. */
static struct lws *
connect_library(struct ws *ws, const char *address)
{
    char host[URL_HOST_MAX + 8], target[URL_HOST_MAX + 8];
    bool has_brackets = ws->proxy_variable && ws->url.is_ipv6;
    snprintf(host, sizeof(host), "%s", ws->url.is_secure ? ws->url.host : ws->host_text);
    snprintf(target, sizeof(target), "%s%s%s", has_brackets ? "[" : "",
             ws->proxy_variable ? ws->url.host : address, has_brackets ? "]" : "");
    struct lws_client_connect_info info = {
        .context = ws->world->context,
        .vhost = ws->proxy_variable ? ws->world->proxied : ws->world->vhost,
        .address = target,
        .port = ws->url.port,
        .path = ws->url.path,
        .host = host,
        .local_protocol_name = ws_protocols[0].name,
        .ietf_version_or_minus_one = -1,
        .userdata = ws,
        .pwsi = &ws->wsi,
        .alpn = "http/1.1",
        .retry_and_idle_policy = &ws_idle_policy,
        /* Following a redirect leaves a handle of the loop behind for ever. */
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
    };
    if (ws->url.is_secure)
        info.ssl_connection |= LCCSCF_USE_SSL;
    ws_world_hush();
    return lws_client_connect_via_info(&info);
}

/* `address`: numeric, of the host or of the proxy that leads there. */
static void
connect_to(struct ws *ws, const char *address)
{
    struct diag d = {0};
    ws->busy++;
    enum err e = ws->proxy_variable
                     ? ws_world_go_through(ws->world, &ws->proxy, address, &d)
                     : OK;
    if (e)
        set_end(ws, e, diag_text(&d));
    if (e || !connect_library(ws, address)) {
        ws->wsi = NULL;
        finish(ws);
    } else {
        lws_cancel_service(ws->world->context);
    }
    ws->busy--;
    free_if_over(ws);
}

static void
on_resolved(void *context, enum err error, const char *address, const struct diag *d)
{
    struct ws *ws = context;
    ws->resolve = NULL;
    if (error == OK) {
        connect_to(ws, address);
        return;
    }
    ws->end.error = error;
    ws->end.diag = *d;
    cut(ws);
}

static bool
is_numeric(const char *host)
{
    return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

static void
begin(struct ws *ws)
{
    const char *host = ws->proxy_variable ? ws->proxy.host : ws->url.host;
    loop_timer_start(ws->timer, ws->args.open_timeout_ms, 0);
    if (is_numeric(host))
        connect_to(ws, host);
    else
        ws->resolve = loop_resolve_name(ws->world->loop, host, on_resolved, ws);
}

enum err
ws_open(struct loop *loop, const struct ws_args *args, struct ws **out, struct diag *d)
{
    struct url url;
    struct proxy proxy = {.login = ""};
    struct ws_world *world = NULL;
    enum err e = url_parse(str_from(args->url), &url, d);
    if (e)
        return e;
    if (!url.is_websocket)
        return diag_set(d, ERR_SYNTAX, "%.100s: a feed's address starts with ws:// or wss://",
                        args->url);
    const char *variable = url.is_secure ? proxy_variable(&url) : NULL;
    if (variable && (e = proxy_read(variable, &proxy, d)))
        return e;
    if ((e = ws_world_of(loop, url.is_secure, &world, d))) {
        wipe(proxy.login, sizeof(proxy.login));
        return e;
    }
    struct ws *ws = xcalloc(1, sizeof(*ws));
    ws->proxy_variable = variable;
    ws->proxy = proxy;
    wipe(proxy.login, sizeof(proxy.login));
    ws->world = world;
    ws->args = *args;
    ws->args.url = NULL;
    if (args->bearer)
        ws->bearer = xstrdup(args->bearer);
    ws->url = url;
    url_host_text(&url, ws->host_text);
    buf_init(&ws->text, args->message_max);
    ws->queue_end = &ws->queue;
    ws->next = world->first;
    if (ws->next)
        ws->next->previous = ws;
    world->first = ws;
    ws->timer = loop_timer_new(loop, on_timer, ws);
    /* From the loop's next turn on, so that nothing calls back from in here. */
    loop_timer_start(ws->timer, 0, 0);
    *out = ws;
    return OK;
}

void
ws_drop_timer(struct ws *ws)
{
    loop_timer_close(ws->timer);
    ws->timer = NULL;
}

struct ws *
ws_next(const struct ws *ws)
{
    return ws->next;
}

bool
ws_is_open(const struct ws *ws)
{
    return ws->is_open;
}

bool
ws_send(struct ws *ws, struct str text)
{
    if (ws->has_ended || ws->is_closed || text.n > QUEUE_MAX - ws->queued)
        return false;
    struct message *m = xmalloc(sizeof(*m) + LWS_PRE + text.n);
    m->next = NULL;
    m->n = text.n;
    if (text.n)
        memcpy(m->bytes + LWS_PRE, text.p, text.n);
    *ws->queue_end = m;
    ws->queue_end = &m->next;
    ws->queued += text.n;
    if (ws->is_open)
        ask_to_write(ws);
    return true;
}

void
ws_close(struct ws *take_ws)
{
    struct ws *ws = take_ws;
    if (!ws)
        return;
    ws->is_closed = true;
    /* Perhaps from inside a callback of the library, where a socket must not be cut. */
    if (ws->wsi && ws->timer)
        loop_timer_start(ws->timer, 0, 0);
    free_if_over(ws);
}

/* --- what the library tells --------------------------------------------------------- */

static int
add_bearer(const struct ws *ws, struct lws *wsi, unsigned char **at, size_t room)
{
    char text[1024];
    int n = snprintf(text, sizeof(text), "Bearer %s", ws->bearer ? ws->bearer : "");
    int failed = ws->bearer && lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                                                            (unsigned char *)text, n, at, *at + room);
    wipe(text, sizeof(text));
    return failed;
}

static void
on_opened(struct ws *ws)
{
    uint32_t turn_ms = ws->args.silence_ms / (SILENT_TURNS_MAX + 1) + 1;
    ws->is_open = true;
    ws->silent_turns = 0;
    if (ws->is_closed)
        return;
    if (ws->args.silence_ms)
        loop_timer_start(ws->timer, turn_ms, turn_ms);
    else
        loop_timer_stop(ws->timer);
    ws->wants_ping = ws->args.round_trip != NULL;
    if (ws->args.opened)
        ws->args.opened(ws->args.context);
    ask_to_write(ws);
}

/* The library tells why a certificate is refused in its log alone: "SSL error: reason (…)". */
static bool
explain_certificate(char *out, size_t room)
{
    struct str line = str_from(ws_world_said()), prefix = STR("SSL error: "), reason;
    if (!str_starts(line, prefix))
        return false;
    line = str_slice(line, prefix.n, line.n);
    if (!str_take_until(&line, '(', &reason))
        return false;
    snprintf(out, room, "cannot be trusted, nothing was sent: its certificate is refused: %.*s",
             STR_ARG(str_trim(reason)));
    return true;
}

static void
say_unreachable(const struct ws *ws, struct str why, char *out, size_t room)
{
    bool has_more = ws->url.is_secure && ws_world_said()[0];
    const char *variable = ws->proxy_variable;
    snprintf(out, room, "cannot be connected to (%.*s%s%s)%s%s%s", STR_ARG(why), has_more ? "; " : "",
             has_more ? ws_world_said() : "",
             variable ? "; the way there goes through the proxy of the environment (" : "",
             variable ? variable : "", variable ? ")" : "");
}

static void
on_refused(struct ws *ws, struct lws *wsi, const char *text, size_t n)
{
    char what[DIAG_MAX];
    ws->end.http_status = (int)lws_http_client_http_response(wsi);
    if (ws->end.http_status == 200 || ws->end.http_status == 101)
        ws->end.http_status = 0;
    int status = ws->end.http_status;
    if (status)
        snprintf(what, sizeof(what), "the upgrade was refused with HTTP status %d%s", status,
                 status == TOO_MANY       ? ": it has too much from this address"
                 : status == UNAUTHORIZED ? ": it wants a token or an API key, or another one"
                                          : "");
    else if (!ws->url.is_secure || !explain_certificate(what, sizeof(what)))
        say_unreachable(ws, str_of(text, n), what, sizeof(what));
    set_end(ws, ws->end.http_status ? ERR_HTTP : ERR_NET, what);
}

/* Never ends the connection from in here: behind a full buffer the library would go on writing
 * past it. A fault is noted and acted upon when the socket can be written. */
static void
on_piece(struct ws *ws, struct lws *wsi, const void *piece, size_t n)
{
    ws->silent_turns = 0;
    if (ws->leave_code || ws->is_closed)
        return;
    if (lws_is_first_fragment(wsi))
        buf_clear(&ws->text);
    if (lws_frame_is_binary(wsi)) {
        set_end(ws, ERR_TYPE, "a message that is not text");
        leave(ws, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
        return;
    }
    if (!buf_add(&ws->text, piece, n)) {
        char what[100];
        snprintf(what, sizeof(what), "a message of more than %zu bytes", ws->text.max);
        set_end(ws, ERR_TOO_LARGE, what);
        leave(ws, WS_CLOSE_TOO_BIG);
        return;
    }
    if (!lws_is_final_fragment(wsi))
        return;
    redact_bytes(ws->text.p, ws->text.n);
    ws->args.message(ws->args.context, buf_str(&ws->text));
}

/* One write a call, as the library wants it. -1: hang up. */
static int
on_writable(struct ws *ws)
{
    unsigned char ping[LWS_PRE + 1];
    if (ws->leave_code) {
        /* The client half of 4.1.6 hangs up without sending it; newer ones say it. */
        lws_close_reason(ws->wsi, (enum lws_close_status)ws->leave_code, NULL, 0);
        return -1;
    }
    if (ws->wants_ping) {
        ws->wants_ping = false;
        ws->pinged_ns = clock_monotonic_ns();
        if (lws_write(ws->wsi, ping + LWS_PRE, 0, LWS_WRITE_PING) < 0)
            return -1;
    } else if (ws->queue) {
        struct message *m = ws->queue;
        int written = lws_write(ws->wsi, m->bytes + LWS_PRE, m->n, LWS_WRITE_TEXT);
        ws->queue = m->next;
        if (!ws->queue)
            ws->queue_end = &ws->queue;
        ws->queued -= m->n;
        xfree(m);
        if (written < 0)
            return -1;
    }
    if (ws->wants_ping || ws->queue)
        lws_callback_on_writable(ws->wsi);
    return 0;
}

static void
on_pong(struct ws *ws)
{
    ws->silent_turns = 0;
    if (ws->pinged_ns && ws->args.round_trip && !ws->is_closed)
        ws->args.round_trip(ws->args.context, clock_monotonic_ns() - ws->pinged_ns);
    ws->pinged_ns = 0;
}

static void
on_close_frame(struct ws *ws, const unsigned char *payload, size_t n)
{
    char what[DIAG_MAX];
    int code = n >= 2 ? payload[0] << 8 | payload[1] : 0;
    snprintf(what, sizeof(what), "closed by the peer (%d%s%.*s)", code, n > 2 ? ", " : "",
             n > 2 ? (int)n - 2 : 0, n > 2 ? (const char *)payload + 2 : "");
    set_end(ws, code == 0 || code == WS_CLOSE_NORMAL ? OK : ERR_NET, what);
    ws->end.close_code = code;
}

static int
on_event_of(struct ws *ws, struct lws *wsi, enum lws_callback_reasons why, void *in, size_t n)
{
    /* The library has reasons by the hundred and adds some with each version. */
    switch ((int)why) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: return add_bearer(ws, wsi, in, n);
    case LWS_CALLBACK_CLIENT_ESTABLISHED: on_opened(ws); break;
    case LWS_CALLBACK_CLIENT_RECEIVE: on_piece(ws, wsi, in, n); break;
    case LWS_CALLBACK_CLIENT_WRITEABLE: return on_writable(ws);
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG: on_pong(ws); break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: on_close_frame(ws, in, n); break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_refused(ws, wsi, in ? in : "no reason given", in ? n : 15);
        break;
    case LWS_CALLBACK_WSI_DESTROY:
        ws->wsi = NULL;
        finish(ws);
        break;
    default: break;
    }
    return 0;
}

int
ws_on_event(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
{
    struct ws *ws = user;
    /* Some calls are about the vhost, or have something of OpenSSL's in the place of ours. */
    if (!ws || !wsi || lws_wsi_user(wsi) != user || ws->wsi != wsi)
        return 0;
    ws->busy++;
    int result = on_event_of(ws, wsi, why, in, n);
    ws->busy--;
    free_if_over(ws);
    return result;
}
