#include "net/sources.h"

#include <stdio.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/fork.h"
#include "net/http.h"
#include "net/send_part.h"
#include "net/source_poll.h"
#include "net/source_ws.h"

struct sources {
    struct http *http;
    struct rpc *rpc;
    struct poller *poller;
    struct feed *feed;          /* NULL: without websocket */
    struct sender *sender;
    struct fork_watch forks;
    bool has_told_endpoints;
    bool is_silent;             /* it was told that no endpoint answers */
    struct hash *followed;
    size_t count, capacity;
    sources_wants_fn wants;
    event_fn emit;
    void *context;              /* of both */
};

static size_t
ask_wants(void *context, struct want *out, size_t max)
{
    struct sources *s = context;
    return s->wants(s->context, out, max);
}

static void
on_replaced(void *context, const struct event *ev)
{
    struct sources *s = context;
    poller_heard(s->poller, ev);
    s->emit(s->context, ev);
}

/* Of the feed and of the sender: the poller hears it, then the application. */
static void
on_event(void *context, const struct event *ev)
{
    struct sources *s = context;
    fork_heard(&s->forks, ev, on_replaced, s);
    poller_heard(s->poller, ev);
    if (ev->source != SOURCE_RPC)
        sender_heard(s->sender, ev);
    s->emit(s->context, ev);
}

static void
on_polled_event(void *context, const struct event *ev)
{
    struct sources *s = context;
    fork_heard(&s->forks, ev, on_replaced, s);
    sender_heard(s->sender, ev);
    s->emit(s->context, ev);
}

static void
on_live(void *context, bool is_push, bool is_live)
{
    struct sources *s = context;
    if (is_push)
        poller_set_push(s->poller, is_live);
    else
        poller_set_blocks(s->poller, is_live);
}

static void
on_heard(void *context)
{
    struct sources *s = context;
    poller_poke(s->poller);
}

static void
tell_endpoint(struct sources *s, const struct endpoint_fact *fact)
{
    const struct event ev = {.kind = EVENT_ENDPOINT, .source = SOURCE_RPC,
                             .seen_ns = clock_monotonic_ns(), .endpoint = *fact};
    s->emit(s->context, &ev);
}

/* Somebody waits, and shall know for what. It is over with the next answer of any endpoint;
 * until then what came of it instead is told. */
static void
tell_silence(struct sources *s, enum source_state state, const char *text, int64_t delay_ns)
{
    const struct event ev = {
        .kind = EVENT_SOURCE, .source = SOURCE_RPC, .seen_ns = clock_monotonic_ns(),
        .health = {.state = state, .text = str_from(text), .delay_ns = delay_ns,
                   .requests = rpc_request_count(s->rpc)}};
    s->is_silent = state == SOURCE_RETRYING;
    s->emit(s->context, &ev);
}

/* With the first word of one, those that have not been asked are told of too. */
static void
on_health(void *context, const struct endpoint_fact *fact)
{
    struct sources *s = context;
    struct endpoint_fact other;
    uint32_t all = rpc_all_endpoints(s->rpc);
    for (uint32_t i = 0; !s->has_told_endpoints && all >> i; i++) {
        rpc_endpoint(s->rpc, i, &other);
        tell_endpoint(s, &other);
    }
    s->has_told_endpoints = true;
    tell_endpoint(s, fact);
    if (s->is_silent && fact->state == ENDPOINT_WORKS)
        tell_silence(s, SOURCE_LIVE, "", fact->median_ns);
    else if (s->is_silent)
        tell_silence(s, SOURCE_RETRYING, fact->reason, 0);
}

static void
on_silence(void *context, const char *host, int64_t waited_ns)
{
    struct sources *s = context;
    char text[DIAG_MAX];
    if (s->is_silent)
        return;
    snprintf(text, sizeof(text), "%.150s has not answered for %lld s; it is waited for", host,
             (long long)((waited_ns + NS_PER_S / 2) / NS_PER_S));
    tell_silence(s, SOURCE_RETRYING, text, 0);
}

static void
on_request(void *context, const struct request_fact *fact)
{
    struct sources *s = context;
    const struct event ev = {.kind = EVENT_REQUEST, .source = SOURCE_RPC,
                             .seen_ns = clock_monotonic_ns(), .request = *fact};
    s->emit(s->context, &ev);
}

struct sources *
sources_new(struct loop *loop, const struct sources_config *config, event_fn emit,
            void *context)
{
    struct sources *s = xcalloc(1, sizeof(*s));
    s->wants = config->wants;
    s->emit = emit;
    s->context = context;
    s->http = http_new(loop);
    s->rpc = rpc_new(loop, s->http, &(struct rpc_config){
        .url = config->rpc_url, .endpoints = config->endpoints,
        .endpoint_count = config->endpoint_count, .per_second = config->per_second,
        .per_minute = config->per_minute, .timeout_ms = config->timeout_ms, .health = on_health,
        .silence_ms = config->silence_ms, .silence = on_silence,
        .request = on_request, .health_context = s});
    s->sender = sender_new(loop, s->rpc, on_event, s);
    if (config->block_time_ms)
        sender_set_block_time(s->sender, config->block_time_ms);
    s->poller = poller_new(&(struct poller_config){
        .loop = loop, .rpc = s->rpc, .block_time_ms = config->block_time_ms,
        .wants = ask_wants, .emit = on_polled_event, .context = s});
    const struct feed_address only = {.url = config->ws_url};
    if (config->feed_count || config->ws_url)
        s->feed = feed_new(&(struct feed_config){
            .loop = loop, .addresses = config->feed_count ? config->feeds : &only,
            .address_count = config->feed_count ? config->feed_count : 1,
            .retry_first_ms = config->ws_retry_first_ms, .emit = on_event, .live = on_live,
            .heard = on_heard, .context = s});
    return s;
}

void
sources_free(struct sources *s)
{
    if (!s)
        return;
    feed_free(s->feed);
    poller_free(s->poller);
    sender_free(s->sender);
    rpc_free(s->rpc);
    http_free(s->http);
    xfree(s->followed);
    xfree(s);
}

static bool
find(const struct sources *s, const struct hash *tx, size_t *at)
{
    for (*at = 0; *at < s->count; (*at)++) {
        if (hash_equal(&s->followed[*at], tx))
            return true;
    }
    return false;
}

void
sources_follow(struct sources *s, const struct hash *tx, const struct account_id *signer)
{
    size_t at;
    if (find(s, tx, &at))
        return;
    void *array = s->followed;
    s->capacity = xgrow(&array, s->capacity, s->count + 1, sizeof(*s->followed));
    s->followed = array;
    s->followed[s->count++] = *tx;
    bool is_being_sent = sender_is_sending(s->sender, tx);
    /* The filter leaves before the transaction does. */
    bool is_pushed = s->feed && feed_has_push(s->feed) && is_being_sent;
    poller_follow(s->poller, &(struct poller_follow_args){
        .tx = *tx, .signer = signer, .is_pushed = is_pushed, .is_being_sent = is_being_sent});
    if (s->feed)
        feed_follow(s->feed, tx, is_being_sent);
}

void
sources_unfollow(struct sources *s, const struct hash *tx)
{
    size_t at;
    if (!find(s, tx, &at))
        return;
    s->followed[at] = s->followed[--s->count];
    poller_unfollow(s->poller, tx);
    sender_forget(s->sender, tx);
    if (s->feed)
        feed_unfollow(s->feed, tx);
}

bool
sources_is_following(const struct sources *s, const struct hash *tx)
{
    size_t at;
    return find(s, tx, &at);
}

void
sources_poke(struct sources *s)
{
    poller_poke(s->poller);
}

struct sender *
sources_sender(struct sources *s)
{
    return s->sender;
}

struct rpc *
sources_rpc(struct sources *s)
{
    return s->rpc;
}
