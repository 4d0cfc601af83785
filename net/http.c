#include "net/http.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "net/base/buf.h"
#include "net/base/clock.h"
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/curl.h"
#include "net/proxy.h"
#include "net/url.h"

enum {
    SPOIL_READS = 256,              /* of 4 KB each */
    CONNECT_TIMEOUT_MS = 10000,
    CONNECTIONS_PER_HOST = 6,       /* one may hang in send_tx while others ask */
    RETRY_AFTER_MAX_S = 3600
};

struct http {
    struct loop *loop;              /* borrowed from the owner, who frees it after us */
    CURLM *multi;                   /* NULL until the first request */
    struct loop_timer *timer;       /* curl's only one */
    struct http_request *first;     /* all that are under way */
};

struct http_request {
    struct http *http;
    struct http_request *next, *previous;
    CURL *easy;                     /* NULL: it could not even begin */
    struct curl_slist *headers;
    struct loop_timer *refusal;     /* tells so a turn later */
    struct buf body;
    char *sent_body;
    struct url url;
    int64_t started_ns;
    unsigned times;                 /* its header went over the wire */
    http_fn done;
    void *context;
    struct diag diag;
    char curl_text[CURL_ERROR_SIZE];
};

/* One socket of curl's. Freed by the loop. */
struct socket_watch {
    struct http *http;
    struct loop_watch *watch;
    curl_socket_t fd;
};

static void drain(struct http *http);

static void
on_timer(void *context)
{
    struct http *http = context;
    int running;
    curl.multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    drain(http);
}

static void
on_socket(void *context, unsigned events)
{
    struct socket_watch *s = context;
    struct http *http = s->http;
    int flags = 0, running;
    if (events & LOOP_READ)
        flags |= CURL_CSELECT_IN;
    if (events & LOOP_WRITE)
        flags |= CURL_CSELECT_OUT;
    if (events & LOOP_ERROR)
        flags |= CURL_CSELECT_ERR;
    /* This may end the watch: s is not touched behind it. */
    curl.multi_socket_action(http->multi, s->fd, flags, &running);
    drain(http);
}

/* curl says when it wants to be called. Calling it from in here would be recursion, hence
 * "at once" is a timer of 0 ms, which runs on the loop's next turn. */
static int
set_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct http *http = context;
    (void)multi;
    if (timeout_ms < 0)
        loop_timer_stop(http->timer);
    else
        loop_timer_start(http->timer, (uint64_t)timeout_ms, 0);
    return 0;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *socket_context)
{
    struct http *http = context;
    struct socket_watch *s = socket_context;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (s) {
            loop_watch_close(s->watch);
            curl.multi_assign(http->multi, fd, NULL);
            xfree(s);
        }
        return 0;
    }
    unsigned events =
        (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);
    if (s) {
        loop_watch_set(s->watch, events);
        return 0;
    }
    s = xcalloc(1, sizeof(*s));
    s->http = http;
    s->fd = fd;
    if (loop_watch_fd(http->loop, fd, events, on_socket, s, &s->watch, NULL)) {
        xfree(s);
        return -1;
    }
    curl.multi_assign(http->multi, fd, s);
    return 0;
}

struct http *
http_new(struct loop *loop)
{
    struct http *http = xcalloc(1, sizeof(*http));
    http->loop = loop;
    return http;
}

static void
start_curl(struct http *http)
{
    if (http->multi)
        return;
    curl_open();
    if (curl.global_init(CURL_GLOBAL_DEFAULT) || !(http->multi = curl.multi_init()))
        fatal("the HTTP library cannot start");
    http->timer = loop_timer_new(http->loop, on_timer, http);
    curl.multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    curl.multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    curl.multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl.multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    curl.multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_PER_HOST);
}

void
http_free(struct http *http)
{
    if (!http)
        return;
    while (http->first)
        http_cancel(http->first);
    if (http->multi) {
        curl.multi_cleanup(http->multi);
        loop_timer_close(http->timer);
        curl.global_cleanup();
    }
    xfree(http);
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct http_request *r = context;
    return buf_add(&r->body, bytes, size * count) ? size * count : 0;
}

/* Of all that curl would tell, only this is taken: nothing of it is written anywhere. */
static int
count_header(CURL *easy, curl_infotype type, char *bytes, size_t n, void *context)
{
    struct http_request *r = context;
    (void)easy;
    (void)bytes;
    (void)n;
    r->times += type == CURLINFO_HEADER_OUT;
    return 0;
}

static void
add_headers(struct http_request *r, const struct http_args *args)
{
    if (args->body.p)
        r->headers = curl.slist_append(r->headers, "Content-Type: application/json");
    /* Bodies over 1 MB would otherwise wait a second for a "100 Continue" that few send. */
    r->headers = curl.slist_append(r->headers, "Expect:");
    for (size_t i = 0; args->headers && args->headers[i]; i++)
        r->headers = curl.slist_append(r->headers, args->headers[i]);
    curl.easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

static void
set_options(struct http_request *r, const struct http_args *args)
{
    CURL *easy = r->easy;
    long connect_ms = args->timeout_ms < CONNECT_TIMEOUT_MS ? (long)args->timeout_ms
                                                            : CONNECT_TIMEOUT_MS;
    curl.easy_setopt(easy, CURLOPT_URL, args->url);
    curl.easy_setopt(easy, CURLOPT_PRIVATE, r);
    curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, r->curl_text);
    curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl.easy_setopt(easy, CURLOPT_DEBUGFUNCTION, count_header);
    curl.easy_setopt(easy, CURLOPT_DEBUGDATA, r);
    curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)args->timeout_ms);
    curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl.easy_setopt(easy, CURLOPT_WRITEDATA, r);
    curl.easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)args->answer_max);
    curl.easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl.easy_setopt(easy, CURLOPT_USERAGENT, "neartop/" NEARTOP_VERSION);
    /* libcurl itself does not heed it, unlike the tool and unlike OpenSSL. */
    const char *authorities = getenv("SSL_CERT_FILE");
    if (authorities && authorities[0])
        curl.easy_setopt(easy, CURLOPT_CAINFO, authorities);
    if (args->once)
        curl.easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    /* Nor are its rules all of ours: proxy.h. */
    if (!proxy_variable(&r->url))
        curl.easy_setopt(easy, CURLOPT_PROXY, "");
    if (args->body.p) {
        r->sent_body = xmemdup(args->body.p, args->body.n);
        curl.easy_setopt(easy, CURLOPT_POST, 1L);
        curl.easy_setopt(easy, CURLOPT_POSTFIELDS, r->sent_body);
        curl.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)args->body.n);
    }
    add_headers(r, args);
}

static void
unlink_request(struct http_request *r)
{
    if (r->previous)
        r->previous->next = r->next;
    else
        r->http->first = r->next;
    if (r->next)
        r->next->previous = r->previous;
}

static void
free_request(struct http_request *r)
{
    if (r->easy) {
        curl.multi_remove_handle(r->http->multi, r->easy);
        curl.easy_cleanup(r->easy);
    }
    curl.slist_free_all(r->headers);
    loop_timer_close(r->refusal);
    buf_release(&r->body);
    xfree(r->sent_body);
    xfree(r);
}

static void
on_refusal(void *context)
{
    struct http_request *r = context;
    const struct http_answer answer = {
        .error = r->diag.code, .diag = r->diag, .retry_after_ms = -1};
    unlink_request(r);
    r->done(r->context, &answer);
    free_request(r);
}

struct http_request *
http_start(struct http *http, const struct http_args *args)
{
    struct http_request *r = xcalloc(1, sizeof(*r));
    r->http = http;
    r->done = args->done;
    r->context = args->context;
    r->started_ns = clock_monotonic_ns();
    buf_init(&r->body, args->answer_max);
    r->next = http->first;
    if (r->next)
        r->next->previous = r;
    http->first = r;
    if (url_parse(str_from(args->url), &r->url, &r->diag)) {
        r->refusal = loop_timer_new(http->loop, on_refusal, r);
        loop_timer_start(r->refusal, 0, 0);
        return r;
    }
    start_curl(http);
    r->easy = curl.easy_init();
    if (!r->easy)
        fatal("the HTTP library cannot make a request");
    set_options(r, args);
    curl.multi_add_handle(http->multi, r->easy);
    return r;
}

void
http_cancel(struct http_request *take_request)
{
    if (!take_request)
        return;
    unlink_request(take_request);
    free_request(take_request);
}

static const char *
certificate_trouble(struct http_request *r)
{
    long code = 0;
    curl.easy_getinfo(r->easy, CURLINFO_SSL_VERIFYRESULT, &code);
    return code == 18 || code == 19 ? "it is self-signed" :
           code == 20 || code == 21 ? "nobody that this machine trusts has signed it" :
           code == 10               ? "it has expired" :
           code == 9                ? "it is not valid yet" :
                                      NULL;
}

/* The numbers are X.509's own (X509_V_ERR_…), which curl hands through. */
static enum err
explain_certificate(struct http_request *r, const char *host, struct diag *d)
{
    const char *trouble = certificate_trouble(r);
    /* Not a number of X.509: the certificate is fine, and somebody else's. */
    if (!trouble && strstr(r->curl_text, "subject name"))
        trouble = "it was not made for this host";
    return diag_set(d, ERR_NET, "%s cannot be trusted, nothing was sent: its certificate is "
                    "refused: %s", host, trouble ? trouble : r->curl_text);
}

static enum err
explain_connecting(struct http_request *r, const char *host, struct diag *d)
{
    const char *proxy = proxy_variable(&r->url);
    long os_error = 0;
    curl.easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &os_error);
    if (!proxy)
        return diag_set(d, ERR_NET, "%s cannot be connected to: %s", host,
                        os_error ? strerror((int)os_error) : r->curl_text);
    return diag_set(d, ERR_NET, "%s cannot be connected to: %s; the way there goes through the proxy of "
                    "the environment (%s)", host,
                    os_error ? strerror((int)os_error) : "no proxy that is known", proxy);
}

static enum err
explain_tls(struct http_request *r, CURLcode code, const char *host, struct diag *d)
{
    if (strstr(r->curl_text, "wrong version number"))
        return diag_set(d, ERR_NET, "%s: no TLS connection: what answers there speaks no TLS; does the "
                        "address begin with http:// or ws://?", host);
    return diag_set(d, ERR_NET, "%s: no TLS connection: %s", host,
                    r->curl_text[0] ? r->curl_text : curl.easy_strerror(code));
}

/* curl's verdict as a sentence: what was wrong, with whom, what would be right. */
static enum err
explain(struct http_request *r, CURLcode code, struct diag *d)
{
    char host[URL_HOST_MAX + 8];
    url_host_text(&r->url, host);
    switch ((int)code) {
    case CURLE_OK: return OK;
    case CURLE_COULDNT_RESOLVE_HOST:
        return diag_set(d, ERR_NET, "the address of %s cannot be found", host);
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return explain_connecting(r, host, d);
    case CURLE_OPERATION_TIMEDOUT:
        return diag_set(d, ERR_TIMEOUT, "%s gave no answer in %lld ms", host,
                        (long long)((clock_monotonic_ns() - r->started_ns) / NS_PER_MS));
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
        return diag_set(d, ERR_TOO_LARGE, "%s answered with more than %zu bytes", host,
                        r->body.max);
    case CURLE_GOT_NOTHING:
        return diag_set(d, ERR_NET, "%s hung up without an answer", host);
    case CURLE_SSL_CACERT_BADFILE:
        return diag_set(d, ERR_NET, "%s cannot be trusted, nothing was sent: this machine has no list of "
                        "authorities: install ca-certificates, or name one in SSL_CERT_FILE", host);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR: return explain_certificate(r, host, d);
    case CURLE_SSL_CONNECT_ERROR: return explain_tls(r, code, host, d);
    case CURLE_SEND_ERROR:
        return diag_set(d, ERR_NET, "%s hung up before it had the whole request%s", host,
                        r->url.is_secure ? "" : ": does its address begin with https:// or wss://?");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
        return diag_set(d, ERR_NET, "%s broke off in the middle of its answer", host);
    default:
        return diag_set(d, ERR_NET, "%s: %s", host,
                        r->curl_text[0] ? r->curl_text : curl.easy_strerror(code));
    }
}

static int64_t
retry_after_ms(CURL *easy)
{
    curl_off_t seconds = 0;
    curl.easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds <= 0)
        return -1;
    return (int64_t)(seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000;
}

static void
count_bytes(struct http_request *r, long sent, struct http_answer *answer)
{
    long headers = 0;
    curl_off_t up = 0, down = 0;
    curl.easy_getinfo(r->easy, CURLINFO_HEADER_SIZE, &headers);
    curl.easy_getinfo(r->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    curl.easy_getinfo(r->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    answer->bytes_sent = (uint64_t)sent + (uint64_t)up;
    answer->repeats = r->times > 1 ? r->times - 1 : 0;
    answer->bytes_received = (uint64_t)headers + (uint64_t)down;
}

/* HTTP/2 answers are told apart by the protocol, and share a connection. */
static int
connection_of(CURL *easy)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    long version = 0;
    curl.easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    curl.easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd);
    bool is_alone = version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1;
    return is_alone && fd != CURL_SOCKET_BAD ? fd : -1;
}

/* curl takes a kept connection for a good one as long as there are bytes to be read: they go first,
 * so that it finds its end. */
void
http_spoil(const struct http_answer *answer)
{
    char bytes[4096];
    if (answer->connection < 0)
        return;
    for (int i = 0; i < SPOIL_READS &&
                    recv(answer->connection, bytes, sizeof(bytes), MSG_DONTWAIT) > 0; i++)
        ;
    shutdown(answer->connection, SHUT_RDWR);
}

static void
tell_redirect(struct http_request *r, struct http_answer *answer)
{
    const char *target = NULL;
    struct url url;
    curl.easy_getinfo(r->easy, CURLINFO_REDIRECT_URL, &target);
    if (target && url_parse(str_from(target), &url, NULL) == OK) {
        url_host_text(&url, answer->redirect);
        if (!str_copy(str_from(url.path), answer->redirect_path, sizeof(answer->redirect_path)))
            answer->redirect_path[0] = '\0';
    }
}

static void
finish(struct http_request *r, CURLcode code)
{
    struct http_answer answer = {.took_ns = clock_monotonic_ns() - r->started_ns};
    long sent = 0;
    answer.error = explain(r, code, &answer.diag);
    answer.diag.origin = code;
    answer.retry_after_ms = retry_after_ms(r->easy);
    curl.easy_getinfo(r->easy, CURLINFO_REQUEST_SIZE, &sent);
    answer.was_heard = sent > 0;
    answer.is_untrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    count_bytes(r, sent, &answer);
    answer.connection = connection_of(r->easy);
    tell_redirect(r, &answer);
    /* A server may repeat what it was sent. */
    redact_bytes(r->body.p, r->body.n);
    if (answer.error == OK) {
        curl.easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &answer.status);
        answer.body = buf_str(&r->body);
    }
    unlink_request(r);
    r->done(r->context, &answer);
    free_request(r);
}

static void
drain(struct http *http)
{
    CURLMsg *message;
    int left;
    while ((message = curl.multi_info_read(http->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *private = NULL;
        CURLcode code = message->data.result;
        curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        finish((struct http_request *)(void *)private, code);
    }
}
