#include "tui/app/view_call.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/arena.h"
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/http.h"
#include "net/json.h"
#include "net/near/crypto.h"
#include "net/rpc.h"
#include "tui/app/child.h"
#include "tui/app/network.h"
#include "tui/app/plan.h"

enum { TRIES = 3, HOST_MOST = 300, PARAMS_MAX = 2 * TX_MAX_BYTES, EXIT_FAILED = 1, EXIT_NOT_LEARNT = 3,
       EXIT_USAGE = 64, EXIT_CONFIG = 78 };

struct view_call {
    const struct opts *opts;
    struct network network;
    struct plan plan;
    struct loop *loop;
    struct http *http;
    struct rpc *rpc;
    struct child *child;
    struct rpc_request *request;
    struct buf params;
    uint32_t lacking;           /* endpoints that have not the block that is asked for, a bit each */
    bool is_done;
    int exit_status;
};

static void
end(struct view_call *v, int exit_status)
{
    v->is_done = true;
    v->exit_status = exit_status;
    loop_stop(v->loop);
}

static void
complain(struct view_call *v, const char *sentence, int exit_status)
{
    fprintf(stderr, "neartop: %s\n", sentence);
    end(v, exit_status);
}

static void ask(struct view_call *v);

/* --- the answer --------------------------------------------------------------------------- */

/* Bytes come as an array of numbers. */
static enum err
read_bytes(const struct json *array, struct buf *out, struct diag *d)
{
    for (const struct json *v = json_first(array); v; v = json_next(v)) {
        uint64_t byte;
        enum err e = json_u64(v, &byte, d);
        if (e)
            return e;
        if (byte > 255 || !buf_add(out, &(uint8_t){(uint8_t)byte}, 1))
            return diag_set(d, ERR_RANGE, "the result is not bytes, or too many");
    }
    return OK;
}

/* For people what a terminal might obey is made harmless; a pipe gets what the chain said. */
static void
print_text(struct str text, FILE *to)
{
    struct buf clean;
    buf_init(&clean, SIZE_MAX / 2);
    if (isatty(fileno(to)))
        utf8_clean(&clean, text);
    else
        buf_add(&clean, text.p, text.n);
    fwrite(buf_c(&clean), 1, clean.n, to);
    fputc('\n', to);
    buf_release(&clean);
}

/* JSON is written anew: compact, with everything odd in it escaped. */
static void
print_value(struct str bytes)
{
    struct json *root = NULL;
    struct buf text;
    buf_init(&text, SIZE_MAX / 2);
    if (json_parse(bytes, JSON_BYTES_MAX, &root, NULL) == OK) {
        json_print(root, &text);
        puts(buf_c(&text));
    } else if (utf8_is_valid(bytes)) {
        print_text(bytes, stdout);
    } else {
        base64_encode(bytes, &text);
        printf("base64:%s\n", buf_c(&text));
    }
    json_free(root);
    buf_release(&text);
}

static void
print_logs(const struct view_call *v, const struct json *result)
{
    for (const struct json *log = json_first(json_find(result, "logs")); log;
         log = json_next(log)) {
        struct str text;
        if (json_string(log, &text, NULL) == OK) {
            fprintf(stderr, "log [%s] ", v->plan.receiver.s);
            print_text(text, stderr);
        }
    }
}

static unsigned
count_of(uint32_t bits)
{
    unsigned n = 0;
    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

/* Endpoints differ in how much of the past they keep, and in how far they are. Who has said no is asked
 * once more only where those that are left give no answer: then it is over. */
static void
on_missing_block(struct view_call *v, const struct rpc_reply *reply)
{
    struct diag d = {0};
    char who[100];
    uint32_t all = rpc_all_endpoints(v->rpc), bit = UINT32_C(1) << reply->endpoint;
    bool is_last = (v->lacking & bit) || ((v->lacking | bit) & all) == all;
    v->lacking |= bit;
    if (!is_last) {
        ask(v);
        return;
    }
    unsigned asked = count_of(v->lacking & all);
    if (asked == 1)
        snprintf(who, sizeof(who), "%.80s has no", reply->host);
    else
        snprintf(who, sizeof(who), "none of %u endpoints has", asked);
    diag_set(&d, ERR_NOT_FOUND, "%s block %.50s%s: the chain skipped it, it is not there yet, or it is so "
             "old that an archival endpoint is needed", who, v->opts->block_text,
             asked < count_of(all) ? ", and the others did not answer" : "");
    complain(v, diag_text(&d), EXIT_NOT_LEARNT);
}

/* What the node answered, in the words of the question: whose endpoint said it does not matter. */
static void
complain_of_answer(struct view_call *v, const struct rpc_reply *reply)
{
    char text[DIAG_MAX], host[HOST_MOST];
    struct str said = str_from(diag_text(&reply->diag));
    int n = snprintf(host, sizeof(host), "%s: ", reply->host);
    if (n > 0 && n < HOST_MOST && str_starts(said, str_from(host)))
        said = str_slice(said, (size_t)n, said.n);
    snprintf(text, sizeof(text), "%.*s", STR_ARG(said));
    if (str_equal_c(said, "the contract has no such method"))
        snprintf(text, sizeof(text), "%s has no method %.*s", v->plan.receiver.s,
                 STR_ARG(v->plan.action.method));
    else if (str_equal_c(said, "there is no contract on that account"))
        snprintf(text, sizeof(text), "there is no contract on %s", v->plan.receiver.s);
    else if (reply->fault == RPC_UNKNOWN_ACCOUNT)
        snprintf(text, sizeof(text), "the account %s does not exist", v->plan.receiver.s);
    complain(v, text, EXIT_FAILED);
}

static void
complain_of_localnet(struct view_call *v, const struct rpc_reply *reply)
{
    char text[2 * DIAG_MAX];
    snprintf(text, sizeof(text), "%s; is \"neartop localnet\" running there?", diag_text(&reply->diag));
    complain(v, text, EXIT_NOT_LEARNT);
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct view_call *v = context;
    struct diag d = {0};
    struct str error;
    struct buf bytes;
    v->request = NULL;
    if (reply->fault == RPC_UNKNOWN_BLOCK && v->opts->block_text && reply->endpoint >= 0) {
        on_missing_block(v, reply);
        return;
    }
    if (reply->fault != RPC_FINE) {
        /* The contract's own failure stands inside of a result, and is no cause of a node's. */
        bool is_answer = reply->fault == RPC_OTHER || reply->fault == RPC_UNKNOWN_ACCOUNT ||
                         reply->fault == RPC_BAD_REQUEST;
        bool is_here = v->network.has_well_known_keys && !v->network.is_embedded;
        if (is_answer)
            complain_of_answer(v, reply);
        else if (reply->fault == RPC_UNREACHABLE && is_here)
            complain_of_localnet(v, reply);
        else
            complain(v, diag_text(&reply->diag), EXIT_NOT_LEARNT);
        return;
    }
    print_logs(v, reply->result);
    if (json_get_string(reply->result, "error", &error, NULL) == OK) {
        fputs("neartop: ", stderr);
        print_text(error, stderr);
        end(v, EXIT_FAILED);
        return;
    }
    buf_init(&bytes, JSON_BYTES_MAX);
    if (read_bytes(json_find(reply->result, "result"), &bytes, &d)) {
        complain(v, diag_text(&d), EXIT_NOT_LEARNT);
    } else {
        print_value(buf_str(&bytes));
        end(v, 0);
    }
    buf_release(&bytes);
}

/* --- the question ------------------------------------------------------------------------- */

static void
on_silence(void *context, const char *host, int64_t waited_ns)
{
    (void)context;
    fprintf(stderr, "neartop: %s has not answered for %lld s; it is waited for\n", host,
            (long long)((waited_ns + NS_PER_S / 2) / NS_PER_S));
}

static void
write_params(struct view_call *v)
{
    struct buf base64;
    struct json_writer w;
    uint64_t height = 0;
    buf_init(&base64, PARAMS_MAX);
    base64_encode(v->plan.action.args, &base64);
    json_write_begin(&w, &v->params);
    json_write_object(&w);
    json_put_c(&w, "request_type", "call_function");
    if (!v->opts->block_text)
        json_put_c(&w, "finality", "optimistic");
    else if (v->opts->is_block_height && str_to_u64(str_from(v->opts->block_text), &height))
        json_put_u64(&w, "block_id", height);
    else
        json_put_c(&w, "block_id", v->opts->block_text);
    json_put_c(&w, "account_id", v->plan.receiver.s);
    json_put_string(&w, "method_name", v->plan.action.method);
    json_put_string(&w, "args_base64", buf_str(&base64));
    json_write_object_end(&w);
    buf_release(&base64);
}

static void
ask(struct view_call *v)
{
    v->request = rpc_ask(v->rpc, &(struct rpc_ask){
        .method = "query", .params = buf_str(&v->params), .tries = TRIES, .avoid = v->lacking,
        .is_of_the_past = v->opts->block_text != NULL, .done = on_reply, .context = v});
}

static void
start_asking(struct view_call *v)
{
    struct network_headers headers;
    struct endpoint_config endpoints[ENDPOINTS_MAX];
    const struct rpc_config config = {
        .endpoints = endpoints,
        .endpoint_count = network_endpoints(&v->network, &headers, endpoints),
        .per_second = v->network.per_second, .per_minute = v->network.per_minute,
        .silence = on_silence};
    v->http = http_new(v->loop);
    v->rpc = rpc_new(v->loop, v->http, &config);
    write_params(v);
    ask(v);
}

static void
on_ready(void *context, const char *rpc, const char *ws)
{
    struct view_call *v = context;
    (void)ws;
    snprintf(v->network.rpc, sizeof(v->network.rpc), "%s", rpc);
    start_asking(v);
}

static void
on_ended(void *context, const char *sentence)
{
    struct view_call *v = context;
    if (!v->is_done)
        complain(v, sentence, EXIT_NOT_LEARNT);
}

static enum err
begin(struct view_call *v, struct diag *d)
{
    const struct child_handlers handlers = {.ready = on_ready, .ended = on_ended, .context = v};
    if (v->network.is_embedded)
        return child_start(v->loop, v->opts, &handlers, &v->child, d);
    start_asking(v);
    return OK;
}

int
view_call_run(const struct opts *o, const struct config *config)
{
    struct view_call v = {.opts = o};
    struct arena arena;
    struct diag d = {0};
    crypto_start();
    arena_init(&arena);
    enum err e = network_choose(config, o->network.is_given ? o->network.text : NULL,
                                o->rpc.is_given ? o->rpc.text : NULL, NULL, &v.network, &d);
    if (!e)
        e = plan_method(o, &arena, &v.plan, &d);
    if (e) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
        arena_release(&arena);
        network_release(&v.network);
        return e == ERR_SETTINGS ? EXIT_CONFIG : EXIT_USAGE;
    }
    v.loop = loop_new();
    buf_init(&v.params, PARAMS_MAX);
    e = begin(&v, &d);
    if (e)
        complain(&v, diag_text(&d), EXIT_NOT_LEARNT);
    else
        loop_run(v.loop);
    rpc_cancel(v.request);
    rpc_free(v.rpc);
    http_free(v.http);
    child_stop(v.child);
    loop_free(v.loop);
    buf_release(&v.params);
    arena_release(&arena);
    network_release(&v.network);
    return v.exit_status;
}
