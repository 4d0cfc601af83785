#include "net/serve/server.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include "net/serve/server_private.h"
#include "net/base/log.h"
#include "net/base/xalloc.h"

enum {
    PING_MS = 5000,
    IDLE_S = 60,
    BODY_S = 5,
    SPARE_FILES = 48,           /* for what is no connection: compilers, files, the loop */
    PATH_ROOM = 256,
    HEADER_ROOM = 1024,
    SPARE_WORDS = 16,           /* connections beyond an address's share that are told why */
    SHARE = 4,                  /* an address has one part in so many */
    SENTENCE_ROOM = 160,
    ANSWER_MAX = 256 * 1024 * 1024
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
    bool has_origin;            /* a page in a browser asks */
    bool is_preflight;
    bool is_complete;           /* the body is there */
    bool is_handed_over, is_answered, has_headers_out;
    bool is_cut;                /* half of the body, then the connection closes */
    bool is_last;               /* the connection closes behind the answer */
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

/* --- how many ----------------------------------------------------------------------------- */

static uint32_t
address_of(int fd)
{
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof(peer);
    if (getpeername(fd, (struct sockaddr *)&peer, &length) || peer.sin_family != AF_INET)
        return 0;
    return peer.sin_addr.s_addr;
}

/* The library would stop accepting at its own limit and turn in a circle: a connection too many
 * is closed at once. So is one of an address that has its share, and is told so SPARE_WORDS times. */
static int
may_connect(const struct server *s, int fd)
{
    bool has_room = s->connections < s->connections_max &&
                    visitors_count(&s->visitors, address_of(fd)) < s->share + SPARE_WORDS;
    return has_room ? 0 : -1;
}

/* The library's other handles, such as the listening socket, are not counted. */
static void
count_in(struct server *s, struct lws *wsi)
{
    lws_set_opaque_user_data(wsi, visitors_in(&s->visitors, address_of(lws_get_socket_fd(wsi))));
    s->connections++;
}

static void
count_out(struct server *s, struct lws *wsi)
{
    struct visit *visit = lws_get_opaque_user_data(wsi);
    lws_set_opaque_user_data(wsi, NULL);
    if (!visit)
        return;
    visitors_out(&s->visitors, visit);
    s->connections--;
}

/* "": this connection is within its address's share; else what it is told. */
static const char *
too_many(const struct server *s, struct lws *wsi, char out[SENTENCE_ROOM])
{
    const struct visit *visit = lws_get_opaque_user_data(wsi);
    if (!visit || !visit_is_beyond(visit, s->share))
        return "";
    snprintf(out, SENTENCE_ROOM, "this address has %zu connections here, which is all that one may have: "
             "the others are for others\n", s->share);
    return out;
}

/* As many as there may be open files, if the system has them. */
static size_t
most_connections(void)
{
    struct rlimit files;
    rlim_t wanted = SERVER_MAX_CONNECTIONS + SPARE_FILES;
    if (getrlimit(RLIMIT_NOFILE, &files))
        return SPARE_FILES;
    if (files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &files) || getrlimit(RLIMIT_NOFILE, &files))
            return SPARE_FILES;
    }
    return files.rlim_cur < wanted ? (size_t)files.rlim_cur / 2 : SERVER_MAX_CONNECTIONS;
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

/* A browser asks whether a page may ask: any may, as on the node. */
static int
answer_preflight(struct server_request *r)
{
    r->is_preflight = true;
    server_answer(r, 200, "text/plain", NULL, STR(""), ANSWER_NORMAL);
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
    r->has_origin = lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, BODY_S);
    char sentence[SENTENCE_ROOM];
    if (*too_many(r->server, wsi, sentence))
        return refuse(r, 429, sentence);
    if (!str_copy(str_from(path), r->path, sizeof(r->path)))
        return refuse(r, 404, "the address is too long\n");
    if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0) {
        r->method = SERVER_POST;
        return begin_post(wsi, r);
    }
    r->is_head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    if (r->has_origin && lws_hdr_total_length(wsi, WSI_TOKEN_OPTIONS_URI) > 0)
        return answer_preflight(r);
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

/* What a browser wants to see before it shows an answer to a page of another origin. */
static int
write_leave(struct server_request *r, unsigned char **p, unsigned char *end)
{
    static const struct {
        const char *name, *value;
        bool is_preflight;
    } rows[] = {{"access-control-allow-origin:", "*", false},
                {"access-control-allow-methods:", "GET, POST", true},
                {"access-control-allow-headers:", "authorization, accept, content-type", true},
                {"access-control-max-age:", "3600", true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if ((rows[i].is_preflight ? r->is_preflight : r->has_origin) &&
            lws_add_http_header_by_name(r->wsi, (const unsigned char *)rows[i].name,
                                        (const unsigned char *)rows[i].value,
                                        (int)strlen(rows[i].value), p, end))
            return -1;
    }
    return 0;
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
    if (write_leave(r, &p, end) || lws_finalize_http_header(r->wsi, &p, end))
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

/* --- websockets --------------------------------------------------------------------------- */

/* By hand: the library would say HTTP/1.0, which some clients take for no answer at all. */
static int
refuse_upgrade(struct lws *wsi, const char *status, const char *text)
{
    unsigned char room[LWS_PRE + 160 + SENTENCE_ROOM];
    int length = snprintf((char *)room + LWS_PRE, sizeof(room) - LWS_PRE,
                          "HTTP/1.1 %s\r\ncontent-length: %zu\r\nconnection: close\r\n\r\n%s", status,
                          strlen(text), text);
    int n = lws_write(wsi, room + LWS_PRE, (size_t)length, LWS_WRITE_HTTP_HEADERS);
    return n < 0 ? -1 : 1;
}

static bool
may_enter(const struct server *server, struct lws *wsi)
{
    char header[HEADER_ROOM] = "";
    if (!server->handlers.may_enter)
        return true;
    lws_hdr_copy(wsi, header, sizeof(header), WSI_TOKEN_HTTP_AUTHORIZATION);
    return server->handlers.may_enter(server->handlers.context, str_from(header));
}

static int
confirm_upgrade(struct lws *wsi, const char *protocol)
{
    struct server *server = server_of(wsi);
    char path[PATH_ROOM] = "", sentence[SENTENCE_ROOM];
    if (!protocol || strcmp(protocol, "websocket") != 0)
        return -1;
    if (*too_many(server, wsi, sentence))
        return refuse_upgrade(wsi, "429 Too Many Requests\r\ncontent-type: text/plain", sentence);
    if (!may_enter(server, wsi))
        return refuse_upgrade(wsi, "401 Unauthorized\r\nwww-authenticate: Bearer", "");
    if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) > 0 &&
        server->handlers.accepts(server->handlers.context, str_from(path)))
        return 0;
    return refuse_upgrade(wsi, "404 Not Found", "");
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
        subscriber_began(server_of(wsi), wsi, &session->subscriber, path);
        return 0;
    case LWS_CALLBACK_RECEIVE: return subscriber_heard(&session->subscriber, in, n);
    case LWS_CALLBACK_RECEIVE_PONG: subscriber_lives(&session->subscriber); return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: return subscriber_write(&session->subscriber);
    /* As the public feed does: gone without an answer. */
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return -1;
    case LWS_CALLBACK_CLOSED: subscriber_ended(&session->subscriber); return 0;
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: return may_connect(server_of(wsi), (int)(intptr_t)in);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED: count_in(server_of(wsi), wsi); return 0;
    case LWS_CALLBACK_WSI_DESTROY: count_out(server_of(wsi), wsi); return 0;
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
open_vhost(struct server *s, const char *address, int port)
{
    static const lws_retry_bo_t no_pings = {.secs_since_valid_ping = 3600,
                                            .secs_since_valid_hangup = 7200};
    s->protocols[0] = (struct lws_protocols){.name = "feed",
                                             .callback = on_event,
                                             .per_session_data_size = sizeof(union session),
                                             .rx_buffer_size = PIECE};
    struct lws_context_creation_info info = {0};
    info.port = port;
    info.iface = strcmp(address, "0.0.0.0") == 0 ? NULL : address;
    info.protocols = s->protocols;
    info.keepalive_timeout = IDLE_S;
    info.timeout_secs_ah_idle = BODY_S;
    info.retry_and_idle_policy = &no_pings;
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                   LWS_SERVER_OPTION_DISABLE_IPV6;
    s->vhost = lws_create_vhost(s->context, &info);
    return s->vhost != NULL;
}

enum err
server_start(struct loop *loop, int port, const struct server_handlers *handlers,
             struct server **out, int *taken, struct diag *d)
{
    return server_start_at(loop, "127.0.0.1", port, handlers, out, taken, d);
}

enum err
server_start_at(struct loop *loop, const char *address, int port,
                const struct server_handlers *handlers, struct server **out, int *taken,
                struct diag *d)
{
    struct server *s = xcalloc(1, sizeof(*s));
    void *loops[1] = {loop_native(loop)};
    struct lws_context_creation_info info = {0};
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    s->loop = loop;
    s->handlers = *handlers;
    s->ping_ms = PING_MS;
    s->queues_bytes = SERVER_QUEUES_BYTES;
    s->pings = loop_timer_new(loop, subscribers_ping, s);
    info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.foreign_loops = loops;
    info.pcontext = &s->context;
    info.user = s;
    info.timeout_secs = BODY_S;
    info.max_http_header_data = 16384;
    info.pt_serv_buf_size = PIECE;
    s->connections_max = s->share = most_connections();
    /* Two files a connection in the worst of cases, and its own. */
    info.fd_limit_per_thread = 2048;
    last_error[0] = '\0';
    s->context = lws_create_context(&info);
    loop_add_guest(loop, leave, gone, s);
    if (!s->context)
        return diag_set(d, ERR_UNSUPPORTED, "cannot start the websocket library (%s); is "
                                            "libwebsockets-evlib-uv installed?", last_error);
    if (!open_vhost(s, address, port))
        return diag_set(d, ERR_EXISTS,
                        "cannot listen on %s port %d: another program has it, perhaps "
                        "(%s); choose another with --%s, or 0 for any free one",
                        address, port, last_error, handlers->may_enter ? "listen" : "port");
    *taken = lws_get_vhost_listen_port(s->vhost);
    *out = s;
    return OK;
}

void
server_set_ping(struct server *s, unsigned ms)
{
    s->ping_ms = ms;
}

void
server_set_queues(struct server *s, size_t bytes)
{
    s->queues_bytes = bytes;
}

void
server_share_out(struct server *s)
{
    s->share = s->connections_max / SHARE;
}

void
server_stop(struct server *take_s)
{
    loop_timer_stop(take_s->pings);
}
