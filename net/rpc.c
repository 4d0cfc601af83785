#include "net/rpc.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/retry.h"
#include "net/url.h"

enum {
    TIMEOUT_MS = 15000,
    RETRY_FIRST_MS = 250,
    RETRY_MOST_MS = 10000,
    HEADERS_MAX = 8,
    ID_TEXT = 24,
    REQUEST_MAX = 4 * 1024 * 1024
};

struct rpc {
    struct loop *loop;              /* borrowed, as http, from the owner until rpc_free */
    struct http *http;
    char *url;
    char *headers[HEADERS_MAX + 1];
    char host[URL_HOST_MAX + 8];
    uint32_t timeout_ms, retry_first_ms;
    uint64_t last_id, count;
    struct rpc_request *first;
};

struct rpc_request {
    struct rpc *rpc;
    struct rpc_request *next, *previous;
    struct http_request *http;      /* NULL: waiting for the next try */
    struct loop_timer *timer;
    struct retry retry;
    struct buf body;
    char id[ID_TEXT];
    unsigned tries;
    bool once;
    rpc_fn done;
    void *context;
};

struct rpc *
rpc_new(struct loop *loop, struct http *http, const struct rpc_config *config)
{
    struct rpc *rpc = xcalloc(1, sizeof(*rpc));
    struct url url;
    rpc->loop = loop;
    rpc->http = http;
    rpc->url = xstrdup(config->url);
    rpc->timeout_ms = config->timeout_ms ? config->timeout_ms : TIMEOUT_MS;
    rpc->retry_first_ms = config->retry_first_ms ? config->retry_first_ms : RETRY_FIRST_MS;
    for (size_t i = 0; i < HEADERS_MAX && config->headers && config->headers[i]; i++)
        rpc->headers[i] = xstrdup(config->headers[i]);
    if (url_parse(str_from(config->url), &url, NULL) == OK)
        url_host_text(&url, rpc->host);
    else
        snprintf(rpc->host, sizeof(rpc->host), "%.100s", config->url);
    return rpc;
}

static void
free_request(struct rpc_request *r)
{
    if (r->previous)
        r->previous->next = r->next;
    else
        r->rpc->first = r->next;
    if (r->next)
        r->next->previous = r->previous;
    http_cancel(r->http);
    loop_timer_close(r->timer);
    buf_release(&r->body);
    xfree(r);
}

void
rpc_free(struct rpc *rpc)
{
    if (!rpc)
        return;
    while (rpc->first)
        free_request(rpc->first);
    for (size_t i = 0; i < HEADERS_MAX; i++)
        xfree(rpc->headers[i]);
    xfree(rpc->url);
    xfree(rpc);
}

/* Worth another try: it may help, and it can do no harm, since nothing that we ask changes
 * anything when asked twice. */
static bool
is_passing(enum rpc_fault fault)
{
    return fault == RPC_UNREACHABLE || fault == RPC_AMBIGUOUS || fault == RPC_LIMITED ||
           fault == RPC_GARBAGE;
}

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct rpc_request *r = context;
    struct rpc_reply reply;
    struct json *root = NULL;
    uint64_t wait_ms;
    r->http = NULL;
    rpc_judge(answer, r->rpc->host, r->id, &reply, &root);
    if (is_passing(reply.fault) && retry_next(&r->retry, reply.retry_after_ms, &wait_ms)) {
        loop_timer_start(r->timer, wait_ms, 0);
    } else {
        reply.tries = r->tries;
        r->done(r->context, &reply);
        free_request(r);
    }
    json_free(root);
}

static void
try_now(void *context)
{
    struct rpc_request *r = context;
    r->tries++;
    r->rpc->count++;
    r->http = http_start(r->rpc->http, &(struct http_args){
        .url = r->rpc->url,
        .headers = (const char *const *)r->rpc->headers,
        .body = buf_str(&r->body),
        .answer_max = JSON_BYTES_MAX,
        .timeout_ms = r->rpc->timeout_ms,
        .once = r->once,
        .done = on_answer,
        .context = r});
}

static void
write_body(struct rpc_request *r, const char *method, struct str params)
{
    struct json_writer w;
    buf_init(&r->body, REQUEST_MAX);
    json_write_begin(&w, &r->body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_c(&w, "id", r->id);
    json_put_c(&w, "method", method);
    json_put_raw(&w, "params", params);
    json_write_object_end(&w);
}

struct rpc_request *
rpc_start(struct rpc *rpc, const char *method, struct str params, unsigned tries, rpc_fn done,
          void *context)
{
    struct rpc_request *r = xcalloc(1, sizeof(*r));
    r->rpc = rpc;
    r->once = tries == RPC_ONCE;
    r->done = done;
    r->context = context;
    r->timer = loop_timer_new(rpc->loop, try_now, r);
    /* tries_max 0 would mean "without end" there: one try is no retry. */
    retry_init(&r->retry, rpc->retry_first_ms, RETRY_MOST_MS, tries > 1 ? tries - 1 : 1);
    if (tries <= 1)
        r->retry.tries = 1;
    snprintf(r->id, sizeof(r->id), "n%llu", (unsigned long long)++rpc->last_id);
    write_body(r, method, params);
    r->next = rpc->first;
    if (r->next)
        r->next->previous = r;
    rpc->first = r;
    try_now(r);
    return r;
}

void
rpc_cancel(struct rpc_request *take_request)
{
    if (take_request)
        free_request(take_request);
}

uint64_t
rpc_request_count(const struct rpc *rpc)
{
    return rpc->count;
}

const char *
rpc_host(const struct rpc *rpc)
{
    return rpc->host;
}
