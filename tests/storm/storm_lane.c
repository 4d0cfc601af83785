#include "tests/storm/storm_lane.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/url.h"
#include "tests/storm/storm_client.h"
#include "tests/storm/storm_truth.h"
#include "tui/model/verdict.h"

enum {
    BLOCK_MS = 25,
    /* What a call may take in all: its patience, and all that may bring news before. */
    LONGEST_MS = 150000,
    SETTLE_BLOCKS = 6,
    TICK_MS = 10,
    SLOW_S = 8,
    LATE_MS = 5,                /* a turn, without any stall */
    UNTOLD_MOST = 8             /* requests under way when a call is over */
};

#define PORTFOLIO                                                                            \
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","                  \
    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":\"staking.test.near\"}"

static const struct {
    const char *name, *setting;
    bool may_miss;
} faults[STORM_FAULTS] = {
#define X(fault, set, miss) {#fault, set, miss},
#include "tests/storm/storm.def"
#undef X
};

/* Two of them race for the nonces of one key, as two programs on two machines do. */
static const struct storm_call calls[STORM_CALLS] = {
    {"parallel, pushed", "token.test.near", "portfolio.test.near", "get_portfolio_data",
     PORTFOLIO, true, 1, false},
    {"parallel, polled", "counter.test.near", "portfolio.test.near", "get_portfolio_data",
     PORTFOLIO, false, 2, false},
    {"one by one", "alice.test.near", "portfolio.test.near", "get_portfolio_sequential",
     PORTFOLIO, true, 2, false},
    {"batch", "alice.test.near", "portfolio.test.near", "batch", PORTFOLIO, false, 1, false},
    {"three others", "xcc.test.near", "xcc.test.near", "multiple_contracts", "{}", true, 1, false},
    {"watched", "token.test.near", "portfolio.test.near", NULL, NULL, true, 2, true},
};

struct storm_lane {
    struct loop *loop;
    struct loop_child *chain;
    struct http *http;
    int port;
    struct loop_timer *tick;
    int64_t tick_ns, stall_ns;          /* the longest that this process did not get its turn */
    struct storm_client clients[STORM_CALLS];
    size_t client_count;
    bool is_wordy;
};

const char *
storm_fault_name(int fault)
{
    return faults[fault].name;
}

/* --- the chain, asked without any wire -------------------------------------------------- */

struct clean_ask {
    struct json *root;
    bool is_done;
};

static void
on_clean(void *context, const struct http_answer *answer)
{
    struct clean_ask *ask = context;
    ask->is_done = true;
    if (answer->error || json_parse(answer->body, JSON_BYTES_MAX, &ask->root, NULL))
        ask->root = NULL;
}

/* The whole answer; the caller's. */
static struct json *
ask_chain(struct storm_lane *lane, const char *method, const char *params)
{
    char url[64], body[1024];
    struct clean_ask ask = {NULL, false};
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", lane->port);
    snprintf(body, sizeof(body), "{\"jsonrpc\":\"2.0\",\"id\":\"t\",\"method\":\"%s\",\"params\":%s}",
             method, params);
    struct http_request *request = http_start(lane->http, &(struct http_args){
        .url = url, .body = str_from(body), .answer_max = JSON_BYTES_MAX, .timeout_ms = 15000,
        .done = on_clean, .context = &ask});
    (void)request;
    while (!ask.is_done && loop_turn(lane->loop))
        ;
    return ask.root;
}

static void
set_drills(struct storm_lane *lane, const char *list)
{
    char params[256];
    snprintf(params, sizeof(params), "{\"faults\":\"%s\"}", list);
    struct json *root = ask_chain(lane, "neartop_fault", params);
    if (!json_find(root, "result"))
        fatal("the chain did not take the drills %s", list);
    json_free(root);
}

static uint64_t
height(struct storm_lane *lane)
{
    uint64_t h = 0;
    struct json *root = ask_chain(lane, "block", "{\"finality\":\"final\"}");
    if (json_get_u64(json_find(json_find(root, "result"), "header"), "height", &h, NULL))
        h = 0;
    json_free(root);
    return h;
}

/* NULL: the chain does not know it. Else the whole answer, the caller's, when it is final. */
static struct json *
final_status(struct storm_lane *lane, const struct hash *tx, const char *signer)
{
    char params[512], text[HASH_TEXT];
    const char *level = "NONE";
    for (int i = 0; i < 6; i++) {
        snprintf(params, sizeof(params),
                 "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"%s\"}",
                 hash_text(tx, text), signer, level);
        struct json *root = ask_chain(lane, "EXPERIMENTAL_tx_status", params);
        const struct json *result = json_find(root, "result");
        struct str reached;
        if (result && json_get_string(result, "final_execution_status", &reached, NULL) == OK &&
            str_equal_c(reached, "FINAL"))
            return root;
        json_free(root);
        if (!result && i == 0)
            return NULL;
        level = "FINAL";
    }
    fatal("the chain itself does not end a transaction of %s", signer);
}

/* --- the judgement ---------------------------------------------------------------------- */

static unsigned
executed(struct storm_lane *lane, const struct storm_client *c, struct json **status)
{
    unsigned n = 0;
    *status = NULL;
    for (int i = 0; i < c->call->endpoints; i++) {
        const struct rough_count *count = net_rough_count(c->wires[i]);
        for (unsigned k = 0; k < count->tx_count; k++) {
            struct json *root = final_status(lane, &count->tx[k], c->call->signer);
            bool is_second_wire = i && *status && hash_equal(&count->tx[k], &c->tx);
            n += root && !is_second_wire;
            if (hash_equal(&count->tx[k], &c->tx) && !*status)
                *status = root;
            else
                json_free(root);
        }
    }
    return n;
}

static void
check_weight(const struct storm_lane *lane, struct storm_client *c, struct storm_result *out,
             struct buf *why)
{
    unsigned most = c->meter.most_in_second;
    out->requests += c->meter.requests;
    for (int i = 0; i < c->call->endpoints; i++)
        out->faults += net_rough_count(c->wires[i])->faults;
    /* Turns are a second apart, and one that came while this process did not run was taken late: by as
     * much as the ticks were, and as one tick more. What the HTTP library repeats, when a kept
     * connection dies under a request, is counted, and those that follow wait for it; but it has gone
     * out by then. */
    int64_t late_ns = lane->stall_ns + (TICK_MS + LATE_MS) * NS_PER_MS;
    unsigned within = storm_client_most(c, late_ns < NS_PER_S / 2 ? NS_PER_S - late_ns
                                                                  : NS_PER_S / 2);
    uint64_t counted = rpc_request_count(sources_rpc(c->sources));
    if (within > STORM_PER_SECOND + c->repeats.most_in_second)
        buf_addf(why, "%u requests within a second less %.0f ms, %u allowed; ", within,
                 (double)late_ns / NS_PER_MS, STORM_PER_SECOND);
    /* Of those that were under way in the end, a repeat is not told any more. */
    if (c->meter.requests > counted + UNTOLD_MOST)
        buf_addf(why, "%u requests were made, %llu counted; ", c->meter.requests,
                 (unsigned long long)counted);
    out->most_in_second = most > out->most_in_second ? most : out->most_in_second;
    double seconds = (double)((c->is_over ? c->over_ns : clock_monotonic_ns()) - c->begun_ns) / 1e9;
    out->seconds = seconds > out->seconds ? seconds : out->seconds;
    if (!c->is_over)
        buf_addf(why, "it hangs; ");
}

static bool
may_miss(const struct storm_result *r)
{
    return faults[r->a].may_miss || (r->b >= 0 && faults[r->b].may_miss);
}

/* Of what has run: a node that says of a receipt that it is unknown is believed, and one that never
 * answers is given up in the end. */
static bool
may_have_holes(const struct storm_client *c, const struct storm_result *r)
{
    bool is_given_up = c->has_no_patience_left && c->store->sources[SOURCE_RPC].text[0];
    return may_miss(r) || is_given_up || r->a == STORM_unknownreceipt || r->b == STORM_unknownreceipt;
}

/* Appends what is wrong to `why`. True: it is complete. */
static bool
check_tree(const struct storm_client *c, const struct json *status, const struct storm_result *r,
           struct buf *why)
{
    struct call *call = storm_client_call(c);
    const struct json *result = json_find(status, "result");
    struct buf said;
    unsigned holes = 0;
    buf_init(&said, 65536);
    storm_client_say(c, &said);
    if (storm_client_is_complete(c)) {
        if (!result)
            buf_addf(why, "complete, but the chain has no such transaction; ");
        else
            storm_truth_equals(result, c->store, call, may_have_holes(c, r) ? &holes : NULL, why);
        if (holes && !said.n)
            buf_addf(why, "%u things are missing, and not a word of it; ", holes);
        buf_release(&said);
        return holes == 0;
    }
    if (call && result)
        storm_truth_allows(result, c->store, call, why);
    if (call && result && call->state == TX_REFUSED)
        buf_addf(why, "it ran, and was said to be refused; ");
    /* What was never signed was not sent, and what was said to be refused did not run. */
    bool is_refused = !result && call && call->state == TX_REFUSED;
    if (!said.n)
        buf_addf(why, "not complete, and not a word of it (told %d, %s, verdict %d); ",
                 call ? (int)call->told_state : -1,
                 call && call->refused_reason ? call->refused_reason : "not refused",
                 call ? (int)call_verdict(c->store, call)->kind : -1);
    else if (!may_miss(r) && !is_refused && c->signatures + c->call->is_watch > 0)
        buf_addf(why, "not complete, and the chain %s (%s); ",
                 result ? "has it" : "has no such transaction", buf_c(&said));
    buf_release(&said);
    return false;
}

/* In one piece: other lanes tell, too. */
static void
tell_call(const struct storm_client *c, const struct storm_result *r, const char *what,
          const struct buf *why)
{
    char tx[HASH_TEXT];
    struct buf text;
    buf_init(&text, 65536);
    buf_addf(&text, "%s %s%s%s, %s (%s): %s\n", what, storm_fault_name(r->a),
             r->b >= 0 ? " + " : "", r->b >= 0 ? storm_fault_name(r->b) : "", c->call->name,
             hash_text(&c->tx, tx), buf_c(why));
    storm_diary_add(&c->diary, &text);
    fputs(buf_c(&text), stderr);
    buf_release(&text);
}

static void
judge(struct storm_lane *lane, struct storm_client *c, struct storm_result *r)
{
    struct buf why;
    struct json *status;
    buf_init(&why, 65536);
    unsigned ran = 0;
    if (c->call->is_watch)
        status = final_status(lane, &c->tx, c->call->signer);
    else
        ran = executed(lane, c, &status);
    if (ran > 1)
        buf_addf(&why, "%u transactions of one call ran; ", ran);
    if (ran == 1 && !status)
        buf_addf(&why, "another signature ran than the one that is followed; ");
    for (int i = 0; i < c->call->endpoints; i++) {
        if (net_rough_count(c->wires[i])->tx_count == ROUGH_TX_MAX)
            buf_addf(&why, "signed more often than can be told; ");
    }
    bool is_complete = check_tree(c, status, r, &why);
    if (is_complete && c->has_no_patience_left)
        buf_addf(&why, "complete, and went on asking; ");
    check_weight(lane, c, r, &why);
    bool is_slow = lane->is_wordy && c->over_ns - c->begun_ns > SLOW_S * (int64_t)NS_PER_S;
    if (why.n || is_slow)
        tell_call(c, r, why.n ? "FAILED" : "SLOW", &why);
    if (why.n) {
        r->failed++;
    } else if (is_complete) {
        r->complete++;
    } else {
        r->told++;
        if (lane->is_wordy && !is_slow) {
            storm_client_say(c, &why);
            tell_call(c, r, "TOLD", &why);
        }
    }
    json_free(status);
    buf_release(&why);
}

/* --- a scenario ------------------------------------------------------------------------- */

static void
before_sleep(void *context)
{
    struct storm_lane *lane = context;
    for (size_t i = 0; i < lane->client_count; i++)
        storm_client_update(&lane->clients[i]);
}

static void
on_deadline(void *context)
{
    *(bool *)context = true;
}

/* The one that watches begins when there is something to be watched. */
static bool
all_are_over(struct storm_lane *lane)
{
    struct storm_client *first = &lane->clients[0];
    bool is_all = true;
    for (size_t i = 0; i < lane->client_count; i++) {
        struct storm_client *c = &lane->clients[i];
        const struct account_id signer = account_of(c->call->signer);
        if (c->call->is_watch && !c->is_begun && first->is_sent && !first->error)
            storm_client_watch(c, &first->tx, &signer);
        bool is_idle = c->call->is_watch && !c->is_begun && first->is_over;
        is_all &= c->is_over || is_idle;
    }
    return is_all;
}

static void
on_tick(void *context)
{
    struct storm_lane *lane = context;
    int64_t now = clock_monotonic_ns(), stall = now - lane->tick_ns - TICK_MS * NS_PER_MS;
    lane->stall_ns = stall > lane->stall_ns ? stall : lane->stall_ns;
    lane->tick_ns = now;
}

static void
run_clients(struct storm_lane *lane)
{
    bool is_too_late = false;
    struct loop_timer *deadline = loop_timer_new(lane->loop, on_deadline, &is_too_late);
    loop_timer_start(deadline, LONGEST_MS, 0);
    lane->stall_ns = 0;
    lane->tick_ns = clock_monotonic_ns();
    loop_timer_start(lane->tick, TICK_MS, TICK_MS);
    for (size_t i = 0; i < lane->client_count; i++) {
        if (!lane->clients[i].call->is_watch)
            storm_client_send(&lane->clients[i]);
    }
    while (!all_are_over(lane) && !is_too_late && loop_turn(lane->loop))
        ;
    loop_timer_close(deadline);
    loop_timer_stop(lane->tick);
}

/* Of a and b. */
static uint32_t
wire_faults(int a, int b)
{
    uint32_t bits = 0;
    for (int i = 0; i < ROUGH_COUNT; i++) {
        bool is_a = strcmp(rough_fault_name((enum rough_fault)i), faults[a].name) == 0;
        bool is_b = b >= 0 && strcmp(rough_fault_name((enum rough_fault)i), faults[b].name) == 0;
        bits |= is_a || is_b ? UINT32_C(1) << i : 0;
    }
    return bits;
}

static void
begin_weather(struct storm_lane *lane, int a, int b)
{
    char list[128];
    const char *one = faults[a].setting, *other = b >= 0 ? faults[b].setting : NULL;
    snprintf(list, sizeof(list), "none%s%s%s%s", one ? "," : "", one ? one : "", other ? "," : "",
             other ? other : "");
    set_drills(lane, list);
}

void
storm_lane_run(struct storm_lane *lane, int a, int b, struct storm_result *out)
{
    *out = (struct storm_result){.a = a, .b = b};
    for (size_t i = 0; i < STORM_CALLS; i++) {
        uint64_t seed = ((uint64_t)a * 64 + (uint64_t)(b + 1)) * STORM_CALLS + i;
        storm_client_init(&lane->clients[i], lane->loop, &calls[i]);
        storm_client_connect(&lane->clients[i], lane->port, wire_faults(a, b), seed);
    }
    lane->client_count = STORM_CALLS;
    begin_weather(lane, a, b);
    run_clients(lane);
    set_drills(lane, "none");
    for (uint64_t from = height(lane); height(lane) < from + SETTLE_BLOCKS;)
        ;
    for (size_t i = 0; i < STORM_CALLS; i++) {
        if (lane->clients[i].is_begun)
            judge(lane, &lane->clients[i], out);
    }
    lane->client_count = 0;
    for (size_t i = 0; i < STORM_CALLS; i++)
        storm_client_release(&lane->clients[i]);
}

/* --- the lane --------------------------------------------------------------------------- */

static void
on_line(void *context, struct str line)
{
    struct storm_lane *lane = context;
    struct json *root = NULL;
    struct str text;
    struct url url;
    if (json_parse(line, 4096, &root, NULL) == OK &&
        json_get_string(root, "rpc", &text, NULL) == OK && url_parse(text, &url, NULL) == OK)
        lane->port = url.port;
    json_free(root);
}

static void
make_lending_panic(struct storm_lane *lane)
{
    static const struct storm_call set = {"fault", "lending.test.near", "lending.test.near",
                                          "set_fault", "{\"kind\":\"panic\"}", true, 1, false};
    storm_client_init(&lane->clients[0], lane->loop, &set);
    storm_client_connect(&lane->clients[0], lane->port, 0, 0);
    lane->client_count = 1;
    run_clients(lane);
    if (!storm_client_is_complete(&lane->clients[0]))
        fatal("lending could not be made to panic");
    lane->client_count = 0;
    storm_client_release(&lane->clients[0]);
}

struct storm_lane *
storm_lane_new(const char *program, unsigned number, bool is_wordy)
{
    struct storm_lane *lane = xcalloc(1, sizeof(*lane));
    char block_ms[16], seed[16];
    snprintf(block_ms, sizeof(block_ms), "%d", BLOCK_MS);
    snprintf(seed, sizeof(seed), "%u", number + 1);
    const char *const argv[] = {program, "localnet", "--demo", "--port", "0", "--with-parent",
                                "--block-time", block_ms, "--seed", seed,
                                "--keep-blocks", "20000", NULL};
    lane->is_wordy = is_wordy;
    lane->loop = loop_new();
    const struct loop_child_args args = {.argv = argv, .line_max = 4096, .hold_input = true,
                                         .output = on_line, .context = lane};
    enum err e = loop_spawn(lane->loop, &args, &lane->chain, NULL);
    assert(e == OK);
    while (!lane->port && loop_turn(lane->loop))
        ;
    if (!lane->port)
        fatal("the embedded chain did not start");
    lane->http = http_new(lane->loop);
    lane->tick = loop_timer_new(lane->loop, on_tick, lane);
    loop_before_sleep(lane->loop, before_sleep, lane);
    if (number % 2)
        make_lending_panic(lane);
    return lane;
}

void
storm_lane_free(struct storm_lane *lane)
{
    loop_before_sleep(lane->loop, NULL, NULL);
    loop_timer_close(lane->tick);
    http_free(lane->http);
    loop_child_close(lane->chain);
    loop_free(lane->loop);
    xfree(lane);
}
