#include "net/rpc.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/xalloc.h"
#include "net/endpoints.h"
#include "net/retry.h"

enum {
    TIMEOUT_MS = 15000,
    RETRY_FIRST_MS = 250,
    RETRY_MOST_MS = 10000,
    ID_TEXT = 24,
    REQUEST_MAX = 4 * 1024 * 1024,
    TIMER_LATE_MS = 2,
    SILENCE_MS = 3000,
    RACERS = 2                      /* requests under way for one ask */
};

struct rpc {
    struct loop *loop;              /* borrowed, as http, from the owner until rpc_free */
    struct http *http;
    struct rpc_config config;       /* without the endpoints */
    struct endpoints endpoints;
    uint64_t last_id, count;
    struct rpc_request *first;
};

/* One HTTP request of an ask. */
struct racer {
    struct rpc_request *request;
    struct http_request *http;      /* NULL: none is under way */
    int endpoint;
    int64_t begun_ns;
};

struct rpc_request {
    struct rpc *rpc;
    struct rpc_request *next, *previous;
    struct racer racers[RACERS];
    struct loop_timer *timer;       /* the turn in the budget, or the next round */
    struct loop_timer *late;        /* then a second endpoint is asked */
    struct loop_timer *silence;     /* then it is told that nobody has answered */
    struct retry retry;
    struct buf body;
    char id[ID_TEXT];
    struct rpc_ask ask;
    char method[REQUEST_METHOD_MAX];             /* without the params */
    unsigned rounds;
    uint32_t tried;                 /* in this round */
    uint32_t lacking;               /* in all rounds */
    int chosen;                     /* waits for its turn; -1: none does */
    int64_t turn_ns;                /* then */
    struct rpc_reply held;          /* the best that came in this round, */
    struct json *held_root;         /* and what it borrows from; owned */
    bool has_held;
};

static void start_round(struct rpc_request *r);

struct rpc *
rpc_new(struct loop *loop, struct http *http, const struct rpc_config *config)
{
    struct rpc *rpc = xcalloc(1, sizeof(*rpc));
    const struct endpoint_config single = {.url = config->url};
    rpc->loop = loop;
    rpc->http = http;
    rpc->config = *config;
    if (!config->timeout_ms)
        rpc->config.timeout_ms = TIMEOUT_MS;
    if (!config->retry_first_ms)
        rpc->config.retry_first_ms = RETRY_FIRST_MS;
    if (!config->silence_ms)
        rpc->config.silence_ms = SILENCE_MS;
    endpoints_init(&rpc->endpoints, config->endpoint_count ? config->endpoints : &single,
              config->endpoint_count ? config->endpoint_count : 1, config->per_second,
              config->per_minute);
    rpc->config.url = NULL;
    rpc->config.endpoints = NULL;
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
    for (size_t i = 0; i < RACERS; i++)
        http_cancel(r->racers[i].http);
    loop_timer_close(r->timer);
    loop_timer_close(r->late);
    loop_timer_close(r->silence);
    buf_release(&r->body);
    json_free(r->held_root);
    xfree(r);
}

void
rpc_free(struct rpc *rpc)
{
    if (!rpc)
        return;
    while (rpc->first)
        free_request(rpc->first);
    endpoints_release(&rpc->endpoints);
    xfree(rpc);
}

/* --- what a fault means here -------------------------------------------------------- */

/* Worth another round: it may help, and it can do no harm, since nothing that we ask changes
 * anything when asked twice. */
static bool
is_passing(enum rpc_fault fault)
{
    return fault == RPC_UNREACHABLE || fault == RPC_AMBIGUOUS || fault == RPC_LIMITED ||
           fault == RPC_GARBAGE || fault == RPC_SYNCING;
}

/* Nobody took the request: certain, not likely. */
static bool
was_not_taken(enum rpc_fault fault)
{
    return fault == RPC_UNREACHABLE || fault == RPC_LIMITED || fault == RPC_DENIED ||
           fault == RPC_SYNCING;
}

/* Another endpoint may do better, now. */
static bool
goes_elsewhere(const struct rpc_request *r, enum rpc_fault fault)
{
    if (r->ask.tries == RPC_ONCE)
        return was_not_taken(fault);
    return is_passing(fault) || fault == RPC_DENIED || fault == RPC_NOT_TRACKED ||
           fault == RPC_GONE;
}

/* A node's word is worth more than none, and what it does not know more than what it forgot. */
static int
worth(enum rpc_fault fault)
{
    if (fault == RPC_FINE)
        return 3;
    if (is_passing(fault) || fault == RPC_DENIED)
        return 0;
    return fault == RPC_NOT_TRACKED || fault == RPC_GONE ? 1 : 2;
}

static enum endpoint_result
result_of(const struct http_answer *answer, enum rpc_fault fault)
{
    if (fault == RPC_LIMITED)
        return ENDPOINT_LIMITED;
    if (fault == RPC_DENIED || answer->is_untrusted)
        return ENDPOINT_LOCKED_OUT;
    if (fault == RPC_SYNCING)
        return ENDPOINT_SYNCING;
    /* That a node times out over a transaction (408) is its answer, not its health. */
    if (fault == RPC_AMBIGUOUS && answer->status == 408)
        return ENDPOINT_ANSWERED;
    return is_passing(fault) ? ENDPOINT_FAILED : ENDPOINT_ANSWERED;
}

/* --- health ------------------------------------------------------------------------- */

static void
tell_health(struct rpc *rpc, int index)
{
    struct endpoint_fact fact;
    if (!rpc->config.health)
        return;
    rpc_endpoint(rpc, (uint32_t)index, &fact);
    rpc->config.health(rpc->config.health_context, &fact);
}

static void
note_answer(struct rpc *rpc, int index, const struct http_answer *answer,
            const struct rpc_reply *reply)
{
    struct endpoint *e = &rpc->endpoints.at[index];
    /* What went out unasked counts as well: those that follow wait for it. */
    for (unsigned i = 0; i < answer->repeats; i++)
        endpoints_take(&rpc->endpoints, index, clock_monotonic_ns());
    e->requests += answer->repeats;
    rpc->count += answer->repeats;
    e->bytes_sent += answer->bytes_sent;
    e->bytes_received += answer->bytes_received;
    endpoint_note(e, &(struct endpoint_note){
        .result = result_of(answer, reply->fault), .now_ns = clock_monotonic_ns(),
        .took_ns = answer->took_ns, .retry_after_ms = reply->retry_after_ms,
        .sentence = diag_text(&reply->diag)});
    if (e->failed_in_row)
        log_line(LOG_INFO, "rpc", "endpoint %s: %s", e->name, e->reason);
    tell_health(rpc, index);
}

static void
tell_request(const struct rpc_request *r, int index, const struct http_answer *answer,
             const struct rpc_reply *reply)
{
    struct request_fact fact = {.endpoint = (uint32_t)index, .took_ns = answer->took_ns,
                                .status = answer->status, .bytes_sent = answer->bytes_sent,
                                .bytes_received = answer->bytes_received,
                                .repeats = answer->repeats,
                                .is_fine = reply->fault == RPC_FINE};
    if (!r->rpc->config.request)
        return;
    snprintf(fact.method, sizeof(fact.method), "%s", r->method);
    if (!fact.is_fine)
        snprintf(fact.words, sizeof(fact.words), "%s", diag_text(&reply->diag));
    r->rpc->config.request(r->rpc->config.health_context, &fact);
}

/* --- one request -------------------------------------------------------------------- */

static size_t
under_way(const struct rpc_request *r)
{
    size_t n = 0;
    for (size_t i = 0; i < RACERS; i++)
        n += r->racers[i].http != NULL;
    return n;
}

static void
deliver(struct rpc_request *r)
{
    r->held.tries = r->rounds;
    r->held.lacking = r->lacking;
    r->ask.done(r->ask.context, &r->held);
    free_request(r);
}

/* Takes the reply when it is the best so far. */
static void
hold(struct rpc_request *r, const struct rpc_reply *reply, struct json *take_root)
{
    if (r->has_held && worth(r->held.fault) >= worth(reply->fault)) {
        json_free(take_root);
        return;
    }
    json_free(r->held_root);
    r->held = *reply;
    r->held_root = take_root;
    r->has_held = true;
}

static void
next_step(struct rpc_request *r)
{
    const struct endpoints_query untried = {.tried = r->tried, .is_ready_only = true};
    int64_t wait_ns;
    uint64_t wait_ms;
    enum rpc_fault fault = r->held.fault;
    if (goes_elsewhere(r, fault) &&
        endpoints_pick(&r->rpc->endpoints, &untried, clock_monotonic_ns(), &wait_ns) >= 0) {
        /* What has forgotten the past sends us to those who keep it. */
        r->ask.is_of_the_past |= fault == RPC_GONE;
        start_round(r);
    } else if (is_passing(fault) && retry_next(&r->retry, r->held.retry_after_ms, &wait_ms)) {
        r->tried = 0;
        r->has_held = false;
        loop_timer_start(r->timer, wait_ms, 0);
    } else {
        deliver(r);
    }
}

/* The one that was asked first and has lost the race. */
static void
note_late(struct rpc_request *r, const struct racer *winner)
{
    int64_t now = clock_monotonic_ns();
    for (size_t i = 0; i < RACERS; i++) {
        const struct racer *loser = &r->racers[i];
        if (!loser->http || loser->begun_ns >= winner->begun_ns)
            continue;
        endpoint_note_late(&r->rpc->endpoints.at[loser->endpoint], now - loser->begun_ns, now);
        tell_health(r->rpc, loser->endpoint);
    }
}

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct racer *racer = context;
    struct rpc_request *r = racer->request;
    struct rpc_reply reply;
    struct json *root = NULL;
    int endpoint = racer->endpoint;
    const char *host = r->rpc->endpoints.at[endpoint].host;
    racer->http = NULL;
    loop_timer_stop(r->late);
    rpc_judge(answer, host, r->id, &reply, &root);
    if (reply.is_of_another)
        http_spoil(answer);
    reply.endpoint = endpoint;
    reply.host = host;
    note_answer(r->rpc, endpoint, answer, &reply);
    tell_request(r, endpoint, answer, &reply);
    if (reply.fault == RPC_NOT_TRACKED || reply.fault == RPC_GONE)
        r->lacking |= UINT32_C(1) << endpoint;
    hold(r, &reply, root);
    if (r->held.fault == RPC_FINE) {
        note_late(r, racer);
        deliver(r);
    } else if (under_way(r) == 0) {
        loop_timer_stop(r->silence);
        next_step(r);
    }
}

/* What is heard once is not raced: where somebody else could be asked the wait is shorter. */
static uint32_t
time_out_of(const struct rpc_request *r)
{
    const struct endpoints_query others = {.tried = r->tried, .is_ready_only = true};
    uint32_t whole_ms = r->rpc->config.timeout_ms;
    int64_t wait_ns;
    bool is_alone = r->ask.tries != RPC_ONCE ||
                    endpoints_pick(&r->rpc->endpoints, &others, clock_monotonic_ns(), &wait_ns) < 0;
    return is_alone ? whole_ms : whole_ms / 5 * 2;
}

static void
send_to(struct rpc_request *r, int index)
{
    struct rpc *rpc = r->rpc;
    struct endpoint *e = &rpc->endpoints.at[index];
    struct racer *racer = r->racers[0].http ? &r->racers[1] : &r->racers[0];
    assert(!racer->http);
    *racer = (struct racer){.request = r, .endpoint = index, .begun_ns = clock_monotonic_ns()};
    r->tried |= UINT32_C(1) << index;
    rpc->count++;
    e->requests++;
    racer->http = http_start(rpc->http, &(struct http_args){
        .url = e->url,
        .headers = (const char *const *)e->headers,
        .body = buf_str(&r->body),
        .answer_max = JSON_BYTES_MAX,
        .timeout_ms = time_out_of(r),
        .once = r->ask.tries == RPC_ONCE,
        .done = on_answer,
        .context = racer});
    if (r->ask.tries == RPC_ONCE)
        return;
    if (!loop_timer_is_active(r->silence))
        loop_timer_start(r->silence, rpc->config.silence_ms, 0);
    if (rpc->endpoints.count > 1 && under_way(r) < RACERS) {
        int64_t late_ns = endpoint_late_after_ns(e);
        loop_timer_start(r->late, (uint64_t)(late_ns / NS_PER_MS), 0);
    }
}

/* The answer is late: a second one is asked, if it can be had now and for nothing. */
static void
on_late(void *context)
{
    struct rpc_request *r = context;
    const struct endpoints_query query = {.tried = r->tried, .avoid = r->ask.avoid,
                                     .is_of_the_past = r->ask.is_of_the_past,
                                     .is_ready_only = true};
    int64_t wait_ns, now = clock_monotonic_ns();
    int index = endpoints_pick(&r->rpc->endpoints, &query, now, &wait_ns);
    if (index < 0)
        return;
    endpoints_take(&r->rpc->endpoints, index, now);
    send_to(r, index);
}

static void
on_silence(void *context)
{
    struct rpc_request *r = context;
    const struct rpc_config *config = &r->rpc->config;
    const struct racer *oldest = NULL;
    for (size_t i = 0; i < RACERS; i++) {
        const struct racer *racer = &r->racers[i];
        if (racer->http && (!oldest || racer->begun_ns < oldest->begun_ns))
            oldest = racer;
    }
    if (oldest && config->silence)
        config->silence(config->health_context, r->rpc->endpoints.at[oldest->endpoint].host,
                        clock_monotonic_ns() - oldest->begun_ns);
}

/* --- turns -------------------------------------------------------------------------- */

static void
on_timer(void *context)
{
    struct rpc_request *r = context;
    int index = r->chosen;
    int64_t early_ns = r->turn_ns - clock_monotonic_ns();
    /* The loop's clock has whole milliseconds. */
    if (index >= 0 && early_ns > 0) {
        loop_timer_start(r->timer, (uint64_t)((early_ns + NS_PER_MS - 1) / NS_PER_MS), 0);
        return;
    }
    r->chosen = -1;
    if (index >= 0)
        send_to(r, index);
    else if (r->has_held)
        deliver(r);
    else
        start_round(r);
}

/* Longer than anybody wants to wait: said at once, so that the caller can say so too. */
static void
refuse_wait(struct rpc_request *r, int index, int64_t wait_ns)
{
    const struct endpoint *e = &r->rpc->endpoints.at[index];
    bool is_asked = e->asked_to_wait_until_ns > clock_monotonic_ns();
    struct rpc_reply reply = {.fault = RPC_LIMITED, .endpoint = index, .host = e->host,
                              .retry_after_ms = (wait_ns + NS_PER_MS - 1) / NS_PER_MS};
    diag_set(&reply.diag, ERR_NOT_NOW, "%s: %s, %lld s more", e->host,
             is_asked ? "it asked us to wait (HTTP status 429)"
                      : "the budget of requests is used up",
             (long long)((wait_ns + NS_PER_S - 1) / NS_PER_S));
    hold(r, &reply, NULL);
    loop_timer_start(r->timer, 0, 0);
}

/* The best that has not been tried in this round. What is heard once goes to one that was in time, if
 * it can now: to be late once is better than to be left alone for a minute, or to rest. */
static int
pick(const struct rpc_request *r, int64_t now, int64_t *wait_ns)
{
    const struct endpoints *set = &r->rpc->endpoints;
    struct endpoints_query query = {.tried = r->tried | r->ask.avoid | endpoints_late(set),
                                    .is_of_the_past = r->ask.is_of_the_past, .is_ready_only = true};
    int index = r->ask.tries == RPC_ONCE ? endpoints_pick(set, &query, now, wait_ns) : -1;
    if (index >= 0)
        return index;
    query.tried = r->tried;
    query.avoid = r->ask.avoid;
    query.is_ready_only = false;
    return endpoints_pick(set, &query, now, wait_ns);
}

/* To that one, when it has its turn. */
static void
start_round(struct rpc_request *r)
{
    struct endpoints *set = &r->rpc->endpoints;
    int64_t wait_ns = 0, now = clock_monotonic_ns();
    int index = pick(r, now, &wait_ns);
    assert(index >= 0);
    if (r->tried == 0)
        r->rounds++;
    if (wait_ns > (int64_t)r->rpc->config.timeout_ms * NS_PER_MS) {
        refuse_wait(r, index, wait_ns);
        return;
    }
    /* A timer may be so much late, and the next turn counts from when it was. */
    r->turn_ns = now + wait_ns;
    endpoints_take(set, index, r->turn_ns + (wait_ns ? TIMER_LATE_MS * NS_PER_MS : 0));
    if (wait_ns == 0) {
        send_to(r, index);
        return;
    }
    r->chosen = index;
    loop_timer_start(r->timer, (uint64_t)((wait_ns + NS_PER_MS - 1) / NS_PER_MS), 0);
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
rpc_ask(struct rpc *rpc, const struct rpc_ask *ask)
{
    struct rpc_request *r = xcalloc(1, sizeof(*r));
    unsigned tries = ask->tries;
    r->rpc = rpc;
    r->ask = *ask;
    r->chosen = -1;
    r->timer = loop_timer_new(rpc->loop, on_timer, r);
    r->late = loop_timer_new(rpc->loop, on_late, r);
    r->silence = loop_timer_new(rpc->loop, on_silence, r);
    /* tries_max 0 would mean "without end" there: one try is no retry. */
    retry_init(&r->retry, rpc->config.retry_first_ms, RETRY_MOST_MS, tries > 1 ? tries - 1 : 1);
    if (tries <= 1)
        r->retry.tries = 1;
    snprintf(r->id, sizeof(r->id), "n%llu", (unsigned long long)++rpc->last_id);
    snprintf(r->method, sizeof(r->method), "%s", ask->method);
    write_body(r, ask->method, ask->params);
    r->ask.params = (struct str){0};
    r->next = rpc->first;
    if (r->next)
        r->next->previous = r;
    rpc->first = r;
    start_round(r);
    return r;
}

struct rpc_request *
rpc_start(struct rpc *rpc, const char *method, struct str params, unsigned tries, rpc_fn done,
          void *context)
{
    return rpc_ask(rpc, &(struct rpc_ask){.method = method, .params = params, .tries = tries,
                                          .done = done, .context = context});
}

void
rpc_cancel(struct rpc_request *take_request)
{
    if (take_request)
        free_request(take_request);
}

/* --- for others to see -------------------------------------------------------------- */

uint64_t
rpc_request_count(const struct rpc *rpc)
{
    return rpc->count;
}

uint32_t
rpc_all_endpoints(const struct rpc *rpc)
{
    return endpoints_all(&rpc->endpoints);
}

void
rpc_endpoint(const struct rpc *rpc, uint32_t index, struct endpoint_fact *out)
{
    endpoint_tell(&rpc->endpoints.at[index], index, clock_monotonic_ns(), out);
}

void
rpc_note_behind(struct rpc *rpc, int behind, int ahead)
{
    if (behind == ahead)
        return;
    endpoint_note_behind(&rpc->endpoints.at[behind], rpc->endpoints.at[ahead].name,
                         clock_monotonic_ns());
    tell_health(rpc, behind);
}
