/* The envelope: requests in, answers and errors out, in the node's own shapes and statuses. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "contract/serve/json_fault.h"
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/serve/hub.h"

enum { ANSWER_MAX = 128 * 1024 * 1024, WAIT_MS = 10000 };

static const struct {
    const char *name;
    rpc_fn function;
} methods[] = {
#define X(method, function) {method, function},
#include "contract/serve/rpc.def"
#undef X
};

/* --- errors ------------------------------------------------------------------------------- */

const char *
rpc_quote(struct rpc_call *c, struct str s)
{
    struct buf text;
    buf_init(&text, s.n * 6 + 8);
    json_quote(s, &text);
    const char *kept = arena_c(c->arena, buf_str(&text));
    buf_release(&text);
    return kept;
}

void
rpc_error(struct rpc_call *c, int http_status, const char *name, const char *cause,
          const char *info, int code, const char *message, const char *data)
{
    struct json_writer w;
    if (c->is_error)
        return;
    c->is_error = true;
    c->http_status = http_status;
    buf_clear(c->error);
    json_write_begin(&w, c->error);
    json_write_object(&w);
    json_put_c(&w, "name", name);
    json_put_object(&w, "cause");
    if (info)
        json_put_raw(&w, "info", str_from(info));
    json_put_c(&w, "name", cause);
    json_write_object_end(&w);
    json_write_key(&w, "code");
    json_write_i64(&w, code);
    json_put_c(&w, "message", message);
    json_put_raw(&w, "data", str_from(data));
    json_write_object_end(&w);
}

void
rpc_handler_error(struct rpc_call *c, const char *cause, const char *info, const char *data)
{
    rpc_error(c, 200, "HANDLER_ERROR", cause, info, -32000, "Server error", data);
}

void
rpc_parse_error(struct rpc_call *c, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const char *quoted = rpc_quote(c, str_from(text));
    rpc_error(c, 400, "REQUEST_VALIDATION_ERROR", "PARSE_ERROR",
              arena_printf(c->arena, "{\"error_message\":%s}", quoted), -32700, "Parse error",
              quoted);
}

const char *
rpc_base64_fault(struct rpc_call *c, struct str text, const struct diag *d)
{
    const struct str alphabet =
        STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
    size_t at = 0;
    while (at < text.n && str_find_byte(alphabet, text.p[at]) >= 0)
        at++;
    if (at == text.n)
        return diag_text(d);
    return arena_printf(c->arena, "Invalid byte %d, offset %zu.", (unsigned char)text.p[at], at);
}

/* --- answers ------------------------------------------------------------------------------ */

static void
late_free(struct late *l)
{
    loop_timer_close(l->timer);
    buf_release(&l->body);
    xfree(l);
}

static void
unlink_late(struct node *n, struct late *l)
{
    struct late **link = &n->late;
    while (*link != l)
        link = &(*link)->next;
    *link = l->next;
}

static void
on_late(void *context)
{
    struct late *l = context;
    unlink_late(l->node, l);
    if (l->request)
        server_answer(l->request, l->status, l->content_type, NULL, buf_str(&l->body),
                      ANSWER_NORMAL);
    late_free(l);
}

static void
answer_late(struct node *n, struct server_request *r, int status, const char *content_type,
            struct str body, uint64_t delay_ms)
{
    struct late *l = xcalloc(1, sizeof(*l));
    l->next = n->late;
    n->late = l;
    l->node = n;
    l->request = r;
    l->status = status;
    snprintf(l->content_type, sizeof(l->content_type), "%s", content_type);
    buf_init(&l->body, ANSWER_MAX);
    buf_add_str(&l->body, body);
    l->timer = loop_timer_new(n->loop, on_late, l);
    loop_timer_start(l->timer, delay_ms, 0);
}

/* Where a drill may spoil what would have been said. */
static void
reply(struct node *n, struct server_request *r, int status, const char *content_type,
      struct str body)
{
    struct faults *f = &n->faults;
    uint64_t delay_ms = fault_value(f, FAULT_late) +
                        fault_random(f, FAULT_jitter, fault_value(f, FAULT_jitter));
    if (fault_take(f, FAULT_http429))
        server_answer(r, 429, "text/plain", "retry-after:1", STR("slow down\n"), ANSWER_NORMAL);
    else if (fault_take(f, FAULT_http500))
        server_answer(r, 500, "text/html", NULL, STR("<html>broken</html>\n"), ANSWER_NORMAL);
    else if (fault_take(f, FAULT_cut))
        server_answer(r, status, content_type, NULL, body, ANSWER_CUT);
    else if (fault_take(f, FAULT_badjson))
        server_answer(r, 200, content_type, NULL, STR("{\"jsonrpc\":\"2.0\",\"resu"),
                      ANSWER_NORMAL);
    else if (delay_ms)
        answer_late(n, r, status, content_type, body, delay_ms);
    else
        server_answer(r, status, content_type, NULL, body, ANSWER_NORMAL);
}

static void
reply_envelope(struct node *n, struct server_request *r, int status, bool is_spared,
               const char *key, struct str value, struct str id)
{
    struct buf body;
    struct json_writer w;
    buf_init(&body, ANSWER_MAX);
    json_write_begin(&w, &body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_raw(&w, key, value);
    json_put_raw(&w, "id", id);
    json_write_object_end(&w);
    if (is_spared)
        server_answer(r, status, "application/json", NULL, buf_str(&body), ANSWER_NORMAL);
    else
        reply(n, r, status, "application/json", buf_str(&body));
    buf_release(&body);
}

/* --- requests that wait ------------------------------------------------------------------- */

static void
waiting_free(struct waiting *w)
{
    buf_release(&w->id);
    xfree(w);
}

/* The node looks at what it was given again with each block, and says what has become wrong. */
static bool
answer_dropped(const struct waiting *w)
{
    struct invalid_tx why;
    struct buf error;
    struct json_writer out;
    if (!w->is_signed || !chain_dropped(w->node->chain, &w->tx, &why))
        return false;
    buf_init(&error, ANSWER_MAX);
    json_write_begin(&out, &error);
    json_write_object(&out);
    json_put_c(&out, "name", "HANDLER_ERROR");
    json_put_raw(&out, "cause", STR("{\"info\":{},\"name\":\"INVALID_TRANSACTION\"}"));
    json_put_raw(&out, "code", STR("-32000"));
    json_put_c(&out, "message", "Server error");
    json_write_key(&out, "data");
    view_invalid_tx(&out, &why);
    json_write_object_end(&out);
    reply_envelope(w->node, w->request, 200, false, "error", buf_str(&error), buf_str(&w->id));
    buf_release(&error);
    return true;
}

static void
answer_waiting(struct waiting *w, bool is_timeout)
{
    struct node *n = w->node;
    if (is_timeout) {
        reply_envelope(n, w->request, 408, false, "error",
                       STR("{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"TIMEOUT_ERROR\"},"
                           "\"code\":-32000,\"message\":\"Server error\",\"data\":\"Timeout\"}"),
                       buf_str(&w->id));
        return;
    }
    struct buf result;
    struct json_writer out;
    buf_init(&result, ANSWER_MAX);
    json_write_begin(&out, &result);
    tx_status_write(n, &w->tx, w->with_receipts, &out);
    reply_envelope(n, w->request, 200, false, "result", buf_str(&result), buf_str(&w->id));
    buf_release(&result);
}

static void
answer_awaiting(struct node *n)
{
    struct awaiting **link = &n->awaiting;
    while (*link) {
        struct awaiting *a = *link;
        if (a->request && (n->forward || chain_head(n->chain)->height < a->height)) {
            link = &a->next;
            continue;
        }
        *link = a->next;
        if (a->request)
            reply_envelope(n, a->request, 200, false, "result", STR("{}"), buf_str(&a->id));
        buf_release(&a->id);
        xfree(a);
    }
}

void
rpc_wait_for_block(struct rpc_call *c, uint64_t height)
{
    struct awaiting *a = xcalloc(1, sizeof(*a));
    a->next = c->node->awaiting;
    c->node->awaiting = a;
    a->request = c->request;
    a->height = height;
    buf_init(&a->id, SERVER_MAX_BODY);
    json_print(c->id, &a->id);
    c->is_later = true;
}

void
rpc_after_block(struct node *n)
{
    answer_awaiting(n);
    struct waiting **link = &n->waiting;
    while (*link) {
        struct waiting *w = *link;
        bool is_known = false;
        enum wait_level level = tx_level(n, &w->tx, &is_known);
        bool is_reached = is_known && tx_level_satisfies(level, w->level);
        bool is_timeout = clock_monotonic_ns() >= w->deadline_ns;
        bool is_told = w->request && !is_known && answer_dropped(w);
        if (!is_reached && !is_timeout && w->request && !is_told) {
            link = &w->next;
            continue;
        }
        *link = w->next;
        if (w->request && !is_told)
            answer_waiting(w, !is_reached);
        waiting_free(w);
    }
}

/* All wait equally long, so the oldest tells when to look again. */
static void
arm_deadline(struct node *n)
{
    struct waiting *oldest = n->waiting;
    while (oldest && oldest->next)
        oldest = oldest->next;
    if (!oldest)
        return;
    int64_t left_ns = oldest->deadline_ns - clock_monotonic_ns();
    loop_timer_start(n->deadline, left_ns > 0 ? (uint64_t)left_ns / NS_PER_MS + 1 : 0, 0);
}

static void
on_deadline(void *context)
{
    rpc_after_block(context);
    arm_deadline(context);
}

struct waiting *
rpc_wait(struct rpc_call *c, const struct hash *tx, enum wait_level level, bool with_receipts)
{
    struct node *n = c->node;
    struct waiting *w = xcalloc(1, sizeof(*w));
    w->next = n->waiting;
    n->waiting = w;
    w->node = n;
    w->request = c->request;
    buf_init(&w->id, SERVER_MAX_BODY);
    json_print(c->id, &w->id);
    w->tx = *tx;
    w->level = level;
    w->with_receipts = with_receipts;
    w->deadline_ns = clock_monotonic_ns() + (int64_t)WAIT_MS * NS_PER_MS;
    c->is_later = true;
    if (!n->deadline)
        n->deadline = loop_timer_new(n->loop, on_deadline, n);
    if (!loop_timer_is_active(n->deadline))
        arm_deadline(n);
    return w;
}

void
rpc_gone(struct node *n, struct server_request *r)
{
    for (struct waiting *w = n->waiting; w; w = w->next) {
        if (w->request == r)
            w->request = NULL;
    }
    for (struct awaiting *a = n->awaiting; a; a = a->next) {
        if (a->request == r)
            a->request = NULL;
    }
    for (struct late *l = n->late; l; l = l->next) {
        if (l->request == r)
            l->request = NULL;
    }
    compiling_gone(n->compiling, r);
}

void
rpc_release(struct node *n)
{
    while (n->waiting) {
        struct waiting *next = n->waiting->next;
        waiting_free(n->waiting);
        n->waiting = next;
    }
    while (n->awaiting) {
        struct awaiting *next = n->awaiting->next;
        buf_release(&n->awaiting->id);
        xfree(n->awaiting);
        n->awaiting = next;
    }
    while (n->late) {
        struct late *next = n->late->next;
        late_free(n->late);
        n->late = next;
    }
    loop_timer_close(n->deadline);
    n->deadline = NULL;
}

/* --- the envelope ------------------------------------------------------------------------- */

static void
dispatch(struct rpc_call *c)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (str_equal_c(c->method, methods[i].name)) {
            if (!trouble_answers(c))
                methods[i].function(c);
            return;
        }
    }
    const char *name = rpc_quote(c, c->method);
    rpc_error(c, 400, "REQUEST_VALIDATION_ERROR", "METHOD_NOT_FOUND",
              arena_printf(c->arena, "{\"method_name\":%s}", name), -32601, "Method not found",
              name);
}

/* Exactly these keys, "2.0", a method name and some id: else it is no request at all. */
static bool
read_envelope(const struct json *root, struct rpc_call *c)
{
    struct str version;
    if (!json_is_object(root) || json_get_string(root, "jsonrpc", &version, NULL) ||
        !str_equal(version, STR("2.0")) || json_get_string(root, "method", &c->method, NULL))
        return false;
    c->params = json_find(root, "params");
    c->id = json_find(root, "id");
    for (const struct json *v = json_first(root); v; v = json_next(v)) {
        struct str key = json_key(v);
        if (!str_equal(key, STR("jsonrpc")) && !str_equal(key, STR("method")) &&
            !str_equal(key, STR("params")) && !str_equal(key, STR("id")))
            return false;
    }
    return c->id != NULL;
}

static void
run_call(struct node *n, struct server_request *r, const struct json *root, bool is_again)
{
    struct arena arena;
    struct buf result, error, id;
    struct json_writer w;
    arena_init(&arena);
    buf_init(&result, ANSWER_MAX);
    buf_init(&error, ANSWER_MAX);
    buf_init(&id, SERVER_MAX_BODY);
    struct rpc_call c = {.node = n,
                         .request = r,
                         .root = root,
                         .is_again = is_again,
                         .w = &w,
                         .arena = &arena,
                         .error = &error,
                         .http_status = 200};
    json_write_begin(&w, &result);
    if (read_envelope(root, &c)) {
        json_print(c.id, &id);
        dispatch(&c);
    } else {
        buf_add_c(&id, "null");
        rpc_parse_error(&c, "JSON RPC Request format was expected");
    }
    if (c.is_error)
        reply_envelope(n, r, c.http_status, c.is_drill, "error", buf_str(&error), buf_str(&id));
    else if (!c.is_later)
        reply_envelope(n, r, 200, c.is_drill, "result", buf_str(&result), buf_str(&id));
    buf_release(&result);
    buf_release(&error);
    buf_release(&id);
    arena_release(&arena);
}

/* A little of what a node tells Prometheus. */
static void
answer_metrics(struct node *n, struct server_request *r)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_addf(&text,
             "# HELP near_block_height_head Height of the current head of the blockchain\n"
             "# TYPE near_block_height_head gauge\nnear_block_height_head %llu\n"
             "# HELP near_final_block_height Height of the last final block\n"
             "# TYPE near_final_block_height gauge\nnear_final_block_height %llu\n",
             (unsigned long long)chain_head(n->chain)->height,
             (unsigned long long)chain_final(n->chain)->height);
    reply(n, r, 200, "text/plain; version=0.0.4", buf_str(&text));
    buf_release(&text);
}

/* Some methods have an address of their own, which answers the bare result. */
static const struct {
    const char *path;
    rpc_fn function;
} pages[] = {
    {"/status", rpc_status}, {"/health", rpc_health}, {"/network_info", rpc_network_info}};

static void
answer_page(struct node *n, struct server_request *r, rpc_fn function)
{
    struct arena arena;
    struct buf result, error;
    struct json_writer w;
    arena_init(&arena);
    buf_init(&result, ANSWER_MAX);
    buf_init(&error, ANSWER_MAX);
    struct rpc_call c = {.node = n, .request = r, .w = &w, .arena = &arena, .error = &error};
    json_write_begin(&w, &result);
    function(&c);
    reply(n, r, 200, "application/json", buf_str(&result));
    buf_release(&result);
    buf_release(&error);
    arena_release(&arena);
}

static void
answer_get(struct node *n, struct server_request *r, struct str path)
{
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (str_equal_c(path, pages[i].path)) {
            answer_page(n, r, pages[i].function);
            return;
        }
    }
    if (str_equal(path, STR("/metrics"))) {
        answer_metrics(n, r);
        return;
    }
    /* A feed's address without the upgrade is a bad request. */
    int status = str_equal(path, STR("/")) ? 405 : hub_accepts(path) ? 400 : 404;
    server_answer(r, status, "text/plain", NULL, STR(""), ANSWER_NORMAL);
}

/* In the node's words; where it would have understood, in ours. */
static void
not_json(struct node *n, struct server_request *r, struct str body, const struct diag *d)
{
    struct buf text;
    buf_init(&text, DIAG_MAX + 256);
    buf_add_c(&text, "Json deserialize error: ");
    if (!json_fault(body, &text))
        buf_add_c(&text, diag_text(d));
    reply(n, r, 400, "text/plain", buf_str(&text));
    buf_release(&text);
}

void
rpc_handle(struct node *n, struct server_request *r, const struct server_call *call)
{
    struct json *root = NULL;
    struct diag d = {0};
    if (call->method == SERVER_GET) {
        answer_get(n, r, call->path);
        return;
    }
    if (!str_equal(call->path, STR("/"))) {
        server_answer(r, 404, "text/plain", NULL, STR(""), ANSWER_NORMAL);
        return;
    }
    if (!str_equal_nocase(call->content_type, STR("application/json"))) {
        server_answer(r, 400, "text/plain", NULL, STR("Content type error"), ANSWER_NORMAL);
        return;
    }
    if (json_parse(call->body, SERVER_MAX_BODY, &root, &d)) {
        not_json(n, r, call->body, &d);
        return;
    }
    run_call(n, r, root, false);
    json_free(root);
    compiling_watch(n->compiling);
}

void
rpc_ask_again(struct node *n, struct server_request *r, struct str body)
{
    struct json *root = NULL;
    if (json_parse(body, SERVER_MAX_BODY * 2, &root, NULL))
        return;
    run_call(n, r, root, true);
    json_free(root);
}
