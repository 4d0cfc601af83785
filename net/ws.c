#include "net/ws.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libwebsockets.h>
#include "net/base/buf.h"
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "net/url.h"

enum {
    QUEUE_MAX = 1024 * 1024,
    PIECE_MAX = 65536,          /* the library hands over at most this at once */
    DESCRIPTORS_MAX = 64,       /* without it the library's tables follow `ulimit -n` */
    SILENT_TURNS_MAX = 3        /* nothing yet, a ping, another one; then the end */
};

/* The library on one loop. It cannot be torn down while the loop goes on (its handles close
 * late), so it is made once and stays until the loop ends. TLS has one of its own, since
 * loading the certificates costs time and memory that the loopback need not pay. */
struct world {
    struct world *next;
    struct loop *loop;
    struct lws_context *context;    /* set to NULL by the library when really freed */
    struct lws_vhost *vhost;
    struct ws *first;               /* all that are not freed yet */
    bool is_secure;
};

struct message {
    struct message *next;
    size_t n;
    unsigned char bytes[];          /* LWS_PRE bytes of room, then the text */
};

struct ws {
    struct world *world;
    struct ws *next, *previous;
    struct ws_args args;
    struct url url;
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

static struct world *worlds;
static char last_line[200];         /* of the library's log: often the only reason it gives */

static int on_event(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
                    size_t n);

static const struct lws_protocols protocols[] = {
    {.name = "neartop", .callback = on_event, .rx_buffer_size = PIECE_MAX},
    {.name = NULL},
};

/* Its own pings are off: see on_silence. */
static const lws_retry_bo_t idle_policy = {
    .secs_since_valid_ping = 36000, .secs_since_valid_hangup = 43200};

static void
on_log(int level, const char *line)
{
    struct str text = str_trim(str_from(line));
    snprintf(last_line, sizeof(last_line), "%.*s", STR_ARG(text));
    log_line(level & LLL_ERR ? LOG_WARNING : LOG_INFO, "ws", "%s", last_line);
}

/* --- the library on a loop ---------------------------------------------------------- */

/* The sockets close only as the loop runs empty; what is ours must be gone before. */
static void
world_leaves(void *context)
{
    struct world *w = context;
    for (struct ws *ws = w->first; ws; ws = ws->next) {
        loop_timer_close(ws->timer);
        ws->timer = NULL;
    }
    if (w->context)
        lws_context_destroy(w->context);
}

static void
world_is_gone(void *context)
{
    struct world *w = context;
    struct world **at = &worlds;
    /* On a foreign loop only a second call, after the loop has run empty, really frees. */
    if (w->context)
        lws_context_destroy(w->context);
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    xfree(w);
}

static enum err
start_library(struct world *w, struct diag *d)
{
    void *loops[1] = {loop_native(w->loop)};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .foreign_loops = loops,
        .pcontext = &w->context,
        .fd_limit_per_thread = DESCRIPTORS_MAX,
        .retry_and_idle_policy = &idle_policy,
        .vhost_name = "client",
    };
    info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8;
    if (w->is_secure) {
        const char *authorities = getenv("SSL_CERT_FILE");
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        if (authorities && authorities[0])
            info.client_ssl_ca_filepath = authorities;
    }
    if (!w->is_secure)
        info.http_proxy_address = "";   /* else $http_proxy is used, for the loopback too */
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    last_line[0] = '\0';
    w->context = lws_create_context(&info);
    if (w->context)
        w->vhost = lws_create_vhost(w->context, &info);
    if (!w->vhost)
        return diag_set(d, ERR_UNSUPPORTED, "the websocket library cannot start (%s); is "
                        "libwebsockets-evlib-uv installed?", last_line);
    return OK;
}

static enum err
world_of(struct loop *loop, bool is_secure, struct world **out, struct diag *d)
{
    for (struct world *w = worlds; w; w = w->next) {
        if (w->loop == loop && w->is_secure == is_secure && w->vhost) {
            *out = w;
            return OK;
        }
    }
    struct world *w = xcalloc(1, sizeof(*w));
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
    xfree(ws);
}

/* The first reason counts: what comes behind it is only its echo. */
static void
set_end(struct ws *ws, enum err error, const char *what)
{
    if (ws->end.diag.text[0])
        return;
    ws->end.error = error;
    diag_set(&ws->end.diag, error, "%s%s: %s", ws->host_text, ws->url.path, what);
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

static void
connect_to(struct ws *ws, const char *address)
{
    char host[URL_HOST_MAX + 8];
    /* The name in `host` is what a certificate is checked against: no port there. */
    snprintf(host, sizeof(host), "%s", ws->url.is_secure ? ws->url.host : ws->host_text);
    struct lws_client_connect_info info = {
        .context = ws->world->context,
        .vhost = ws->world->vhost,
        .address = address,
        .port = ws->url.port,
        .path = ws->url.path,
        .host = host,
        .local_protocol_name = protocols[0].name,
        .ietf_version_or_minus_one = -1,
        .userdata = ws,
        .pwsi = &ws->wsi,
        .alpn = "http/1.1",
        .retry_and_idle_policy = &idle_policy,
        /* Following a redirect leaves a handle of the loop behind for ever. */
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
    };
    if (ws->url.is_secure)
        info.ssl_connection |= LCCSCF_USE_SSL;
    ws->busy++;
    last_line[0] = '\0';
    if (!lws_client_connect_via_info(&info)) {
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
is_numeric(const struct url *url)
{
    return url->is_ipv6 || url->host[strspn(url->host, "0123456789.")] == '\0';
}

static void
begin(struct ws *ws)
{
    loop_timer_start(ws->timer, ws->args.open_timeout_ms, 0);
    if (is_numeric(&ws->url))
        connect_to(ws, ws->url.host);
    else
        ws->resolve = loop_resolve_name(ws->world->loop, ws->url.host, on_resolved, ws);
}

enum err
ws_open(struct loop *loop, const struct ws_args *args, struct ws **out, struct diag *d)
{
    struct url url;
    struct world *world = NULL;
    enum err e = url_parse(str_from(args->url), &url, d);
    if (e)
        return e;
    if (!url.is_websocket)
        return diag_set(d, ERR_SYNTAX, "%.100s: a feed's address starts with ws:// or wss://",
                        args->url);
    if ((e = world_of(loop, url.is_secure, &world, d)))
        return e;
    struct ws *ws = xcalloc(1, sizeof(*ws));
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
    struct str line = str_from(last_line), prefix = STR("SSL error: "), reason;
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
on_refused(struct ws *ws, struct lws *wsi, const char *text, size_t n)
{
    char what[DIAG_MAX];
    ws->end.http_status = (int)lws_http_client_http_response(wsi);
    if (ws->end.http_status == 200 || ws->end.http_status == 101)
        ws->end.http_status = 0;
    if (ws->end.http_status)
        snprintf(what, sizeof(what), "the upgrade was refused with HTTP status %d",
                 ws->end.http_status);
    else if (!ws->url.is_secure || !explain_certificate(what, sizeof(what)))
        snprintf(what, sizeof(what), "cannot be connected to (%.*s%s%s)", (int)n, text,
                 ws->url.is_secure ? "; " : "", ws->url.is_secure ? last_line : "");
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

static int
on_event(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
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
