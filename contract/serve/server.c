#include "contract/serve/server.h"

#include <assert.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include "contract/serve/outbox.h"
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/xalloc.h"

enum {
    PING_MS = 5000,
    SILENCE_MS = 15000,
    PIECE = 64 * 1024,
    IDLE_S = 60,
    BODY_S = 5,
    PATH_ROOM = 256,
    POLICY_VIOLATION = 1008,
    ANSWER_MAX = 256 * 1024 * 1024,
    WRITE_CLOSE = 4             /* a Close frame: a number that the library keeps private */
};

struct server {
    struct loop *loop;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[2];
    struct server_handlers handlers;
    struct loop_timer *pings;       /* NULL when the loop is ending */
    struct subscriber *subscribers;     /* a list */
};

/* One HTTP connection; the library keeps it between requests, so each one clears it. */
struct server_request {
    struct server *server;      /* NULL: between two requests */
    struct lws *wsi;
    enum server_method method;
    char path[PATH_ROOM], asked_type[64];
    struct buf body, answer;
    char content_type[64], header_name[32], header_value[64];   /* of the answer */
    int status;
    size_t sent;
    bool is_head;               /* the answer's body is not sent */
    bool is_complete;           /* the body is there */
    bool is_handed_over, is_answered, has_headers_out;
    bool is_cut;                /* half of the body, then the connection closes */
    bool is_last;               /* the connection closes behind the answer */
};

struct subscriber {
    struct server *server;
    struct lws *wsi;
    struct subscriber *next;
    struct outbox outbox;
    struct buf incoming;
    int64_t heard_ns;
    int close_code;             /* 0: none to be sent, or sent already */
    char close_reason[124];
    bool wants_ping, is_closing;
    void *data;
};

/* The library keeps one user area a connection: room for whichever it turns out to be. */
union session {
    struct server_request request;
    struct subscriber subscriber;
};

static char last_error[200];

static void
on_log(int level, const char *line)
{
    if (level & LLL_ERR)
        snprintf(last_error, sizeof(last_error), "%.*s", (int)strcspn(line, "\n"), line);
    log_line(level & LLL_ERR ? LOG_ERROR : LOG_WARNING, "serve", "%s", line);
}

static struct server *
server_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

/* --- requests ----------------------------------------------------------------------------- */

static void
request_clear(struct server_request *r)
{
    buf_release(&r->body);
    buf_release(&r->answer);
    *r = (struct server_request){0};
}

/* Without reading the body: so nothing can come behind it on this connection. */
static int
refuse(struct server_request *r, int status, const char *text)
{
    r->is_last = true;
    server_answer(r, status, "text/plain", NULL, str_from(text), ANSWER_NORMAL);
    return 0;
}

/* Curl asks for leave before it sends a large body. */
static int
say_continue(struct lws *wsi)
{
    unsigned char room[LWS_PRE + 32];
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    memcpy(room + LWS_PRE, text, sizeof(text) - 1);
    int n = lws_write(wsi, room + LWS_PRE, sizeof(text) - 1,
                      LWS_WRITE_HTTP_HEADERS_CONTINUATION);
    return n < 0 ? -1 : 0;
}

static void
hand_over(struct server_request *r)
{
    struct str type = str_from(r->asked_type), essence = {0};
    str_take_until(&type, ';', &essence);
    const struct server_call call = {.method = r->method,
                                     .path = str_from(r->path),
                                     .content_type = str_trim(essence),
                                     .body = buf_str(&r->body)};
    r->is_handed_over = true;
    r->server->handlers.request(r->server->handlers.context, r, &call);
}

/* The library does not take chunked bodies apart: a length is needed, and one that we take. */
static int
begin_post(struct lws *wsi, struct server_request *r)
{
    char length[24] = "", expect[32] = "";
    uint64_t n;
    lws_hdr_copy(wsi, r->asked_type, sizeof(r->asked_type), WSI_TOKEN_HTTP_CONTENT_TYPE);
    if (lws_hdr_copy(wsi, length, sizeof(length), WSI_TOKEN_HTTP_CONTENT_LENGTH) <= 0 ||
        !str_to_u64(str_from(length), &n))
        return refuse(r, 411, "a Content-Length is needed\n");
    if (n > SERVER_MAX_BODY)
        return refuse(r, 413, "Payload size exceeds the limit.");
    if (lws_hdr_copy(wsi, expect, sizeof(expect), WSI_TOKEN_HTTP_EXPECT) > 0 &&
        expect[0] == '1')
        return say_continue(wsi);
    return 0;
}

static int
on_request(struct lws *wsi, struct server_request *r, const char *path)
{
    request_clear(r);
    r->server = server_of(wsi);
    r->wsi = wsi;
    buf_init(&r->body, SERVER_MAX_BODY);
    buf_init(&r->answer, ANSWER_MAX);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, BODY_S);
    if (!str_copy(str_from(path), r->path, sizeof(r->path)))
        return refuse(r, 404, "the address is too long\n");
    if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0) {
        r->method = SERVER_POST;
        return begin_post(wsi, r);
    }
    r->is_head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    if (!r->is_head && lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) == 0)
        return refuse(r, 405, "");
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
    hand_over(r);
    return 0;
}

static int
on_body(struct server_request *r, const void *bytes, size_t n)
{
    if (!r->server || r->is_answered)
        return 0;
    return buf_add(&r->body, bytes, n) ? 0 : -1;
}

static int
on_body_end(struct server_request *r)
{
    if (!r->server)
        return -1;
    /* Bytes behind a body that has ended: a pipelining peer. The library would go on for ever
     * and with the wrong bytes; it is dropped. */
    if (r->is_complete)
        return -1;
    r->is_complete = true;
    lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
    if (!r->is_answered)
        hand_over(r);
    return 0;
}

void
server_answer(struct server_request *r, int status, const char *content_type,
              const char *extra_header, struct str body, enum server_answer_kind kind)
{
    assert(!r->is_answered);
    r->is_answered = true;
    r->status = status;
    r->is_cut = kind == ANSWER_CUT;
    snprintf(r->content_type, sizeof(r->content_type), "%s", content_type);
    if (extra_header) {
        const char *colon = strchr(extra_header, ':');
        assert(colon);
        snprintf(r->header_name, sizeof(r->header_name), "%.*s:", (int)(colon - extra_header),
                 extra_header);
        snprintf(r->header_value, sizeof(r->header_value), "%s", colon + 1);
    }
    buf_clear(&r->answer);
    buf_add_str(&r->answer, body);
    /* Answers leave from the writeable callback only: see on_body_end. */
    lws_callback_on_writable(r->wsi);
    lws_cancel_service(r->server->context);
}

static int
write_headers(struct server_request *r)
{
    unsigned char room[LWS_PRE + 1024];
    unsigned char *start = room + LWS_PRE, *p = start, *end = room + sizeof(room) - 1;
    size_t length = r->answer.n;
    if (lws_add_http_header_status(r->wsi, (unsigned)r->status, &p, end) ||
        lws_add_http_header_by_token(r->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE,
                                     (const unsigned char *)r->content_type,
                                     (int)strlen(r->content_type), &p, end) ||
        lws_add_http_header_content_length(r->wsi, length, &p, end))
        return -1;
    if (r->header_name[0] &&
        lws_add_http_header_by_name(r->wsi, (const unsigned char *)r->header_name,
                                    (const unsigned char *)r->header_value,
                                    (int)strlen(r->header_value), &p, end))
        return -1;
    if (lws_finalize_http_header(r->wsi, &p, end))
        return -1;
    r->has_headers_out = true;
    return lws_write(r->wsi, start, (size_t)(p - start), LWS_WRITE_HTTP_HEADERS) < 0 ? -1 : 0;
}

/* As much as the socket takes; -1 when it is broken. */
static int
write_pieces(struct server_request *r, size_t until)
{
    static unsigned char room[LWS_PRE + PIECE];
    while (r->sent < until) {
        size_t n = until - r->sent < PIECE ? until - r->sent : PIECE;
        bool is_last = r->sent + n == r->answer.n;
        memcpy(room + LWS_PRE, r->answer.p + r->sent, n);
        if (lws_write(r->wsi, room + LWS_PRE, n,
                      is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
            return -1;
        r->sent += n;
        if (lws_send_pipe_choked(r->wsi))
            break;
    }
    return 0;
}

static int
on_writeable(struct server_request *r)
{
    if (!r->server || !r->is_answered)
        return 0;
    if (!r->has_headers_out) {
        if (write_headers(r) < 0)
            return -1;
        lws_callback_on_writable(r->wsi);
        return 0;
    }
    size_t until = r->is_head ? 0 : r->is_cut ? r->answer.n / 2 : r->answer.n;
    if (write_pieces(r, until) < 0)
        return -1;
    if (r->sent < until) {
        lws_callback_on_writable(r->wsi);
        return 0;
    }
    if (r->is_cut || r->is_last)
        return -1;
    struct lws *wsi = r->wsi;
    request_clear(r);
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static void
on_request_gone(struct server_request *r)
{
    if (r->server && r->is_handed_over && !r->is_answered)
        r->server->handlers.gone(r->server->handlers.context, r);
    request_clear(r);
}

/* --- subscribers -------------------------------------------------------------------------- */

static void
on_subscribed(struct lws *wsi, struct subscriber *s, const char *path)
{
    struct server *server = server_of(wsi);
    *s = (struct subscriber){.server = server, .wsi = wsi, .next = server->subscribers};
    outbox_init(&s->outbox, SERVER_QUEUE_BYTES, LWS_PRE);
    s->heard_ns = clock_monotonic_ns();
    buf_init(&s->incoming, SERVER_MAX_MESSAGE);
    server->subscribers = s;
    if (!loop_timer_is_active(server->pings))
        loop_timer_start(server->pings, PING_MS, PING_MS);
    server->handlers.subscribed(server->handlers.context, s, str_from(path));
}

static void
on_unsubscribed(struct subscriber *s)
{
    struct server *server = s->server;
    if (!server)
        return;
    struct subscriber **link = &server->subscribers;
    while (*link && *link != s)
        link = &(*link)->next;
    if (*link)
        *link = s->next;
    if (!server->subscribers && server->pings)
        loop_timer_stop(server->pings);
    server->handlers.unsubscribed(server->handlers.context, s);
    outbox_clear(&s->outbox);
    buf_release(&s->incoming);
    s->server = NULL;
}

static int
on_message(struct subscriber *s, const void *bytes, size_t n)
{
    if (!s->server || s->is_closing)
        return 0;
    s->heard_ns = clock_monotonic_ns();
    if (lws_is_first_fragment(s->wsi))
        buf_clear(&s->incoming);
    if (lws_frame_is_binary(s->wsi) || !buf_add(&s->incoming, bytes, n))
        return -1;
    if (lws_is_final_fragment(s->wsi))
        s->server->handlers.message(s->server->handlers.context, s, buf_str(&s->incoming));
    return 0;
}

void
subscriber_send(struct subscriber *s, struct str text)
{
    if (s->is_closing)
        return;
    if (!outbox_add(&s->outbox, text)) {
        outbox_clear(&s->outbox);
        subscriber_close(s, POLICY_VIOLATION, "too slow");
        return;
    }
    lws_callback_on_writable(s->wsi);
}

void
subscriber_close(struct subscriber *s, int code, const char *reason)
{
    s->is_closing = true;
    s->close_code = code;
    snprintf(s->close_reason, sizeof(s->close_reason), "%s", reason);
    lws_callback_on_writable(s->wsi);
}

void
subscriber_drop(struct subscriber *s)
{
    s->is_closing = true;
    s->close_code = 0;
    outbox_clear(&s->outbox);
    lws_callback_on_writable(s->wsi);
}

void
subscriber_set_data(struct subscriber *s, void *data)
{
    s->data = data;
}

void *
subscriber_data(const struct subscriber *s)
{
    return s->data;
}

/* By hand: the Close frame that version 4.1.6 ought to send when this callback says "hang up"
 * with a reason set does not arrive. */
static int
write_close(struct subscriber *s)
{
    unsigned char room[LWS_PRE + 2 + sizeof(s->close_reason)];
    size_t n = strlen(s->close_reason);
    room[LWS_PRE] = (unsigned char)(s->close_code >> 8);
    room[LWS_PRE + 1] = (unsigned char)s->close_code;
    memcpy(room + LWS_PRE + 2, s->close_reason, n);
    s->close_code = 0;
    if (lws_write(s->wsi, room + LWS_PRE, n + 2, (enum lws_write_protocol)WRITE_CLOSE) < 0)
        return -1;
    lws_callback_on_writable(s->wsi);
    return 0;
}

static int
write_message(struct subscriber *s)
{
    size_t n;
    unsigned char *text = outbox_first(&s->outbox, &n);
    int written = lws_write(s->wsi, text, n, LWS_WRITE_TEXT);
    outbox_drop(&s->outbox);
    return written < 0 ? -1 : 0;
}

/* One write a call, as the library wants it. -1: hang up. */
static int
on_subscriber_writeable(struct subscriber *s)
{
    static unsigned char nothing[LWS_PRE + 1];
    if (!s->server)
        return -1;
    if (!outbox_is_empty(&s->outbox)) {
        if (write_message(s) < 0)
            return -1;
    } else if (s->is_closing) {
        return s->close_code ? write_close(s) : -1;
    } else if (s->wants_ping) {
        s->wants_ping = false;
        return lws_write(s->wsi, nothing + LWS_PRE, 0, LWS_WRITE_PING) < 0 ? -1 : 0;
    }
    if (!outbox_is_empty(&s->outbox) || s->is_closing || s->wants_ping)
        lws_callback_on_writable(s->wsi);
    return 0;
}

static void
on_ping_time(void *context)
{
    struct server *server = context;
    int64_t now = clock_monotonic_ns();
    for (struct subscriber *s = server->subscribers, *next; s; s = next) {
        next = s->next;
        if (now - s->heard_ns > (int64_t)SILENCE_MS * NS_PER_MS) {
            /* As the public feed does: no Close frame. Runs the closing callback right here. */
            lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
            continue;
        }
        s->wants_ping = true;
        lws_callback_on_writable(s->wsi);
    }
}

static int
confirm_upgrade(struct lws *wsi, const char *protocol)
{
    struct server *server = server_of(wsi);
    char path[PATH_ROOM] = "";
    if (!protocol || strcmp(protocol, "websocket") != 0)
        return -1;
    if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) > 0 &&
        server->handlers.accepts(server->handlers.context, str_from(path)))
        return 0;
    lws_return_http_status(wsi, 404, NULL);
    return 1;
}

/* --- the library's one callback ----------------------------------------------------------- */

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    union session *session = user;
    char path[PATH_ROOM] = "";
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP: return on_request(wsi, &session->request, in);
    case LWS_CALLBACK_HTTP_BODY: return on_body(&session->request, in, n);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: return on_body_end(&session->request);
    case LWS_CALLBACK_HTTP_WRITEABLE: return on_writeable(&session->request);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (session)
            on_request_gone(&session->request);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirm_upgrade(wsi, in);
    case LWS_CALLBACK_ESTABLISHED:
        lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
        on_subscribed(wsi, &session->subscriber, path);
        return 0;
    case LWS_CALLBACK_RECEIVE: return on_message(&session->subscriber, in, n);
    case LWS_CALLBACK_RECEIVE_PONG:
        session->subscriber.heard_ns = clock_monotonic_ns();
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: return on_subscriber_writeable(&session->subscriber);
    case LWS_CALLBACK_CLOSED: on_unsubscribed(&session->subscriber); return 0;
    }
    return 0;
}

/* --- life --------------------------------------------------------------------------------- */

static void
leave(void *context)
{
    struct server *s = context;
    loop_timer_close(s->pings);
    s->pings = NULL;
    if (s->context)
        lws_context_destroy(s->context);
}

/* The library frees its last part only once its handles on the loop are gone. */
static void
gone(void *context)
{
    struct server *s = context;
    if (s->context)
        lws_context_destroy(s->context);
    xfree(s);
}

static bool
open_vhost(struct server *s, int port)
{
    static const lws_retry_bo_t no_pings = {.secs_since_valid_ping = 3600,
                                            .secs_since_valid_hangup = 7200};
    s->protocols[0] = (struct lws_protocols){.name = "feed",
                                             .callback = on_event,
                                             .per_session_data_size = sizeof(union session),
                                             .rx_buffer_size = PIECE};
    struct lws_context_creation_info info = {0};
    info.port = port;
    info.iface = "127.0.0.1";
    info.protocols = s->protocols;
    info.keepalive_timeout = IDLE_S;
    info.retry_and_idle_policy = &no_pings;
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_VALIDATE_UTF8;
    s->vhost = lws_create_vhost(s->context, &info);
    return s->vhost != NULL;
}

enum err
server_start(struct loop *loop, int port, const struct server_handlers *handlers,
             struct server **out, int *taken, struct diag *d)
{
    struct server *s = xcalloc(1, sizeof(*s));
    void *loops[1] = {loop_native(loop)};
    struct lws_context_creation_info info = {0};
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    s->loop = loop;
    s->handlers = *handlers;
    s->pings = loop_timer_new(loop, on_ping_time, s);
    info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.foreign_loops = loops;
    info.pcontext = &s->context;
    info.user = s;
    info.timeout_secs = BODY_S;
    info.max_http_header_data = 16384;
    info.pt_serv_buf_size = PIECE;
    /* A connection table sized for a thousand consoles, not for a million descriptors. */
    info.fd_limit_per_thread = 2048;
    last_error[0] = '\0';
    s->context = lws_create_context(&info);
    loop_add_guest(loop, leave, gone, s);
    if (!s->context)
        return diag_set(d, ERR_UNSUPPORTED, "cannot start the websocket library (%s); is "
                                            "libwebsockets-evlib-uv installed?", last_error);
    if (!open_vhost(s, port))
        return diag_set(d, ERR_REFUSED,
                        "cannot listen on 127.0.0.1 port %d: another program has it, perhaps "
                        "(%s); choose another with --port, or 0 for any free one",
                        port, last_error);
    *taken = lws_get_vhost_listen_port(s->vhost);
    *out = s;
    return OK;
}

void
server_stop(struct server *take_s)
{
    loop_timer_stop(take_s->pings);
}
