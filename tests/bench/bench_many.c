/* Hundreds of calls at once, followed by one program: what each costs in memory, requests and bytes,
 * how much processor time all take beside the chain that ran them, and how long after the chain the
 * program knows of the last one. The real programs, a counting wire between them. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/near/tx.h"
#include "net/ws.h"
#include "tests/support/demo_args.h"
#include "tests/support/demo_chain.h"
#include "tests/support/net_wire.h"

enum {
    CALLS = 500, FIRST = 5,     /* of them, before anything is measured */
    AT_A_TIME = 1,              /* in order of their nonces: a block takes no lower one later */
    BLOCK_MS = 600, TEXT_MAX = 64 * 1024 * 1024, LINE_MAX_BYTES = 1024 * 1024
};

struct bench {
    const char *program;
    struct loop *loop;
    struct http *http;
    struct demo_chain chain;
    struct loop_child *follower;
    struct net_wire *wire;
    struct ws *blocks, *outcomes;
    uint64_t nonce;
    struct hash block;
    size_t to_send, under_way, sent;
    size_t begun, ended, well, left;    /* as the follower tells */
    uint64_t last_height, final_height;
    int64_t last_outcome_ns, final_ns, ended_ns;
    int signer_answers;
};

/* --- programs ----------------------------------------------------------------------------- */

static void
on_follower_line(void *context, struct str line)
{
    struct bench *b = context;
    b->begun += str_find(line, STR("\"event\":\"call\"")) >= 0;
    b->left += str_find(line, STR("\"event\":\"left\"")) >= 0;
    if (str_find(line, STR("\"event\":\"error\"")) >= 0)
        printf("  it says: %.*s\n", STR_ARG(line));
    if (str_find(line, STR("\"event\":\"verdict\"")) < 0)
        return;
    b->ended++;
    bool is_well = str_find(line, STR("\"verdict\":\"ok\"")) >= 0;
    b->well += is_well;
    if (!is_well)
        printf("  not well: %.*s\n", STR_ARG(line));
    b->ended_ns = clock_monotonic_ns();
}

/* Pages of memory that are its own, in bytes. */
static uint64_t
memory_of(const struct loop_child *child)
{
    char path[64];
    unsigned long all = 0, resident = 0, shared = 0;
    snprintf(path, sizeof(path), "/proc/%d/statm", loop_child_pid(child));
    FILE *f = fopen(path, "r");
    if (!f || fscanf(f, "%lu %lu %lu", &all, &resident, &shared) != 3)
        fatal("%s cannot be read", path);
    fclose(f);
    return (uint64_t)(resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int64_t
processor_ns(const struct loop_child *child)
{
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof(path), "/proc/%d/schedstat", loop_child_pid(child));
    FILE *f = fopen(path, "r");
    if (!f || fscanf(f, "%llu", &ns) != 1)
        fatal("%s cannot be read", path);
    fclose(f);
    return (int64_t)ns;
}

/* --- the chain's own word ------------------------------------------------------------------ */

/* Of the last event in it; not taken apart, since whoever is slow here is told that it is. */
static uint64_t
height_in(struct str text)
{
    static const char key[] = "\"block_height\":";
    const char *at = text.p + text.n - sizeof(key);
    uint64_t height = 0;
    while (at > text.p && memcmp(at, key, sizeof(key) - 1) != 0)
        at--;
    for (at += sizeof(key) - 1; at > text.p && *at >= '0' && *at <= '9'; at++)
        height = height * 10 + (uint64_t)(*at - '0');
    return height;
}

static void
on_block(void *context, struct str text)
{
    struct bench *b = context;
    uint64_t height = height_in(text);
    if (b->final_height < b->last_height && height >= b->last_height)
        b->final_ns = clock_monotonic_ns();
    b->final_height = height;
}

static void
on_outcome(void *context, struct str text)
{
    struct bench *b = context;
    b->last_height = height_in(text);
    b->last_outcome_ns = clock_monotonic_ns();
}

static void
on_open(void *context)
{
    struct bench *b = context;
    b->signer_answers++;
}

static void
on_over(void *context, const struct ws_end *end)
{
    (void)context;
    fatal("the chain's feed ended: %s", diag_text(&end->diag));
}

static struct ws *
listen_to(struct bench *b, const char *kind, void (*message)(void *, struct str))
{
    char url[80];
    struct ws *ws;
    struct diag d = {0};
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/events/%s", b->chain.port, kind);
    int before = b->signer_answers;
    if (ws_open(b->loop, &(struct ws_args){
            .url = url, .message_max = TEXT_MAX, .open_timeout_ms = 5000, .silence_ms = 60000,
            .opened = on_open, .message = message, .ended = on_over, .context = b}, &ws, &d))
        fatal("%s", diag_text(&d));
    while (b->signer_answers == before)
        loop_turn(b->loop);
    ws_send(ws, STR("{\"And\":[]}"));
    return ws;
}

/* --- sending ------------------------------------------------------------------------------ */

static struct http_request *
post(struct bench *b, const char *method, const char *params, http_fn done)
{
    char url[64];
    struct buf body;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", b->chain.port);
    buf_init(&body, LINE_MAX_BYTES);
    buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"%s\",\"params\":%s}", method, params);
    struct http_request *request = http_start(b->http, &(struct http_args){
        .url = url, .body = buf_str(&body), .answer_max = LINE_MAX_BYTES, .timeout_ms = 20000,
        .done = done, .context = b});
    buf_release(&body);
    return request;
}

static void
on_key(void *context, const struct http_answer *answer)
{
    struct bench *b = context;
    struct json *root = NULL;
    struct str hash;
    if (answer->error || json_parse(answer->body, LINE_MAX_BYTES, &root, NULL))
        fatal("the chain does not answer");
    const struct json *result = json_find(root, "result");
    const struct json *first = json_first(json_find(result, "keys"));
    enum err e = json_get_u64(json_find(first, "access_key"), "nonce", &b->nonce, NULL);
    if (e || json_get_string(result, "block_hash", &hash, NULL) || hash_parse(hash, &b->block, NULL))
        fatal("the chain's answer cannot be read");
    json_free(root);
    b->signer_answers++;
}

static void send_more(struct bench *b);

static void
on_sent(void *context, const struct http_answer *answer)
{
    struct bench *b = context;
    if (answer->error || answer->status != 200 || str_find(answer->body, STR("\"error\"")) >= 0)
        fatal("a call was not taken: %.*s", STR_ARG(answer->body));
    b->under_way--;
    b->sent++;
    send_more(b);
}

static void
send_one(struct bench *b)
{
    struct secret_key key;
    struct buf bytes, params;
    struct hash hash;
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("get_portfolio_data"),
                            .args = STR(DEMO_ARGS), .gas = UINT64_C(100000000000000)};
    secret_key_from_name(STR("alice.test.near"), &key);
    const struct transaction tx = {
        .signer = account_of("alice.test.near"), .receiver = account_of("portfolio.test.near"),
        .key = secret_key_public(&key), .nonce = ++b->nonce, .block_hash = b->block,
        .actions = &action, .action_count = 1};
    buf_init(&bytes, 65536);
    buf_init(&params, 65536);
    tx_sign(&tx, &key, &bytes, &hash);
    buf_add_c(&params, "[\"");
    base64_encode(buf_str(&bytes), &params);
    buf_add_c(&params, "\"]");
    struct http_request *request = post(b, "broadcast_tx_async", buf_c(&params), on_sent);
    (void)request;
    buf_release(&bytes);
    buf_release(&params);
}

static void
send_more(struct bench *b)
{
    while (b->to_send && b->under_way < AT_A_TIME) {
        b->to_send--;
        b->under_way++;
        send_one(b);
    }
}

static void
fire(struct bench *b, size_t calls)
{
    int before = b->signer_answers;
    struct http_request *request =
        post(b, "query", "{\"request_type\":\"view_access_key_list\",\"finality\":\"final\","
                         "\"account_id\":\"alice.test.near\"}", on_key);
    (void)request;
    uint64_t nonce = b->nonce;
    while (b->signer_answers == before)
        loop_turn(b->loop);
    b->nonce = nonce > b->nonce ? nonce : b->nonce;
    b->to_send += calls;
    size_t upto = b->sent + calls;
    send_more(b);
    while (b->sent < upto)
        loop_turn(b->loop);
}

/* --- measuring ---------------------------------------------------------------------------- */

/* The first calls are made until it has told of one: then it listens. */
static void
begin_to_follow(struct bench *b, bool is_pushed)
{
    char rpc[64], ws[64], keep[16];
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", net_wire_port(b->wire));
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", net_wire_port(b->wire));
    snprintf(keep, sizeof(keep), "%d", CALLS);
    b->begun = b->ended = b->well = b->left = 0;
    const char *const argv[] = {b->program, "follow", "portfolio.test.near", "--rpc", rpc, "--ws",
                                is_pushed ? ws : "off", "--json", "--keep", keep, NULL};
    const struct loop_child_args args = {.argv = argv, .line_max = LINE_MAX_BYTES, .hold_input = true,
                                         .output = on_follower_line, .context = b};
    enum err e = loop_spawn(b->loop, &args, &b->follower, NULL);
    assert(e == OK);
    for (int64_t until = 0; !b->begun; loop_turn(b->loop)) {
        if (clock_monotonic_ns() < until)
            continue;
        fire(b, 1);
        until = clock_monotonic_ns() + 3 * (int64_t)NS_PER_S;
    }
    size_t missed = b->begun;
    fire(b, FIRST);
    while (b->ended < missed + FIRST)
        loop_turn(b->loop);
}

static void
measure(struct bench *b, bool is_pushed)
{
    begin_to_follow(b, is_pushed);
    size_t before = b->ended, well = b->well;
    uint64_t memory = memory_of(b->follower);
    int64_t own = processor_ns(b->follower), theirs = processor_ns(b->chain.child);
    net_wire_take(b->wire);
    int64_t start_ns = clock_monotonic_ns();
    fire(b, CALLS);
    int64_t sent_ns = clock_monotonic_ns();
    for (int64_t told = 0; b->ended < before + CALLS; loop_turn(b->loop)) {
        if (clock_monotonic_ns() - told < 5 * (int64_t)NS_PER_S)
            continue;
        told = clock_monotonic_ns();
        if (told - start_ns > 30 * (int64_t)NS_PER_S)
            break;
    }
    struct net_wire_count c = net_wire_take(b->wire);
    double calls = CALLS;
    printf("%d calls at once, %-17s %zu of %d ended well, %zu left; sent in %.2f s, ran in %.2f s, final "
           "%.2f s, known %.2f s after the first\n",
           CALLS, is_pushed ? "outcomes pushed:" : "polling alone:", b->well - well, CALLS, b->left,
           (double)(sent_ns - start_ns) / 1e9, (double)(b->last_outcome_ns - start_ns) / 1e9,
           (double)(b->final_ns - start_ns) / 1e9, (double)(b->ended_ns - start_ns) / 1e9);
    printf("  a call: %.2f requests, %.0f bytes up, %.0f down, %.1f KB of memory; processor time %.2f ms, "
           "%.2f of the chain's\n",
           c.requests / calls, (double)c.bytes_up / calls, (double)c.bytes_down / calls,
           (double)(memory_of(b->follower) - memory) / calls / 1024,
           (double)(processor_ns(b->follower) - own) / calls / 1e6,
           (double)(processor_ns(b->follower) - own) / (double)(processor_ns(b->chain.child) - theirs));
    loop_child_close(b->follower);
}

int
main(int argc, char **argv)
{
    struct bench b = {.program = argc > 1 ? argv[1] : "build/neartop", .loop = loop_new()};
    b.http = http_new(b.loop);
    if (argc > 3) {
        b.chain.port = atoi(argv[2]);
        fire(&b, (size_t)atoi(argv[3]));
        return 0;
    }
    demo_chain_start(&b.chain, b.loop, b.program, BLOCK_MS);
    b.wire = net_wire_new(b.loop, b.chain.port);
    b.blocks = listen_to(&b, "block_info", on_block);
    b.outcomes = listen_to(&b, "outcome_optimistic", on_outcome);
    measure(&b, true);
    measure(&b, false);
    ws_close(b.blocks);
    ws_close(b.outcomes);
    net_wire_free(b.wire);
    demo_chain_stop(&b.chain);
    http_free(b.http);
    loop_free(b.loop);
    return 0;
}
