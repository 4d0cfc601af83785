#include "net/source_ws.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "net/retry.h"
#include "net/ws.h"

enum {
    MESSAGE_MAX = 16 * 1024 * 1024,
    FILTER_MAX = 60 * 1024,         /* servers take frames up to 64 KiB */
    FOLLOWED_MAX = 500,             /* so many fit into a filter: of more, the newest */
    OPEN_TIMEOUT_MS = 10000,
    SILENCE_MS = 30000,
    RETRY_FIRST_MS = 500,
    RETRY_MOST_MS = 30000,
    LINGER_MS = 10000,
    OVER_MS = 500
};

/* One socket: the feed has one for each kind of event. */
struct channel {
    struct feed *feed;
    enum feed_id id;
    struct ws *ws;              /* NULL: off, or waiting for another try */
    struct loop_timer *timer;   /* the next try */
    struct retry retry;
    enum source_state state;
    int64_t delay_ns;
    uint64_t opened;            /* times that it was opened: its "requests" */
};

struct feed {
    struct feed_config config;
    struct feeds feeds;         /* its addresses */
    struct channel outcomes, blocks;
    struct loop_timer *linger;
    struct loop_timer *filtering;       /* what has changed goes out once, when all is done */
    struct hash *followed;
    size_t count, capacity;
};

static void open_channel(struct channel *c);

/* --- what it says of itself --------------------------------------------------------- */

/* Pushed outcomes are a source of their own; all that Intear has too is the other. */
static enum source_id
source_of(const struct channel *c)
{
    return c->id == FEED_OUTCOME_OPTIMISTIC ? SOURCE_PUSH : SOURCE_FEED;
}

/* Without push both sockets are one source: that of outcomes speaks for it. */
static bool
is_spokesman(const struct channel *c)
{
    return c == &c->feed->outcomes || c->feed->outcomes.id == FEED_OUTCOME_OPTIMISTIC;
}

static void
tell_state(struct channel *c, enum source_state state, const char *text)
{
    char place[FEEDS_PLACE_MAX] = "";
    int64_t now_ns = clock_monotonic_ns();
    /* A single one needs no name. */
    if (c->feed->feeds.count > 1)
        feeds_place(&c->feed->feeds, now_ns, place);
    const struct event ev = {
        .kind = EVENT_SOURCE, .source = source_of(c), .seen_ns = now_ns,
        .health = {.state = state, .text = str_from(text), .delay_ns = c->delay_ns,
                   .requests = c->opened, .has_push = c->id == FEED_OUTCOME_OPTIMISTIC,
                   .place = str_from(place)}};
    bool was_live = c->state == SOURCE_LIVE, is_live = state == SOURCE_LIVE;
    c->state = state;
    if (is_spokesman(c))
        c->feed->config.emit(c->feed->config.context, &ev);
    bool is_push = c->id == FEED_OUTCOME_OPTIMISTIC;
    if (was_live != is_live && (is_push || c == &c->feed->blocks))
        c->feed->config.live(c->feed->config.context, is_push, is_live);
}

/* --- the filter --------------------------------------------------------------------- */

static void
write_equals(struct json_writer *w, const struct hash *tx)
{
    char text[HASH_TEXT];
    json_write_object(w);
    json_put_c(w, "path", "transaction_id");
    json_put_object(w, "operator");
    json_put_c(w, "Equals", hash_text(tx, text));
    json_write_object_end(w);
    json_write_object_end(w);
}

/* Nothing comes before the filter. An empty Or is false: it lets nothing pass. */
static void
send_filter(struct channel *c)
{
    struct feed *feed = c->feed;
    struct buf text;
    struct json_writer w;
    size_t first = feed->count > FOLLOWED_MAX ? feed->count - FOLLOWED_MAX : 0;
    buf_init(&text, FILTER_MAX);
    json_write_begin(&w, &text);
    json_write_object(&w);
    json_put_array(&w, c == &feed->blocks ? "And" : "Or");
    for (size_t i = first; c != &feed->blocks && i < feed->count; i++)
        write_equals(&w, &feed->followed[i]);
    json_write_array_end(&w);
    json_write_object_end(&w);
    ws_send(c->ws, buf_str(&text));
    buf_release(&text);
}

static void
filter_now(void *context)
{
    struct feed *feed = context;
    loop_timer_stop(feed->filtering);
    if (feed->outcomes.ws && ws_is_open(feed->outcomes.ws))
        send_filter(&feed->outcomes);
}

/* Hundreds may be found in one message; of those that are over, nothing comes any more. */
static void
filter_soon(struct feed *feed, uint64_t ms)
{
    if (ms == 0 || !loop_timer_is_active(feed->filtering))
        loop_timer_start(feed->filtering, ms, 0);
}

/* --- one channel -------------------------------------------------------------------- */

static void
close_channel(struct channel *c)
{
    ws_close(c->ws);
    c->ws = NULL;
    loop_timer_stop(c->timer);
    c->delay_ns = -1;
}

/* Both sockets go to the address that is current now, which may offer more than the last. Why is
 * said once: of the one that failed. */
static void
move(struct channel *failed, uint64_t wait_ms, const char *why)
{
    struct feed *feed = failed->feed;
    struct channel *channels[] = {&feed->outcomes, &feed->blocks};
    for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
        struct channel *c = channels[i];
        close_channel(c);
        retry_succeeded(&c->retry);
        loop_timer_start(c->timer, wait_ms, 0);
        tell_state(c, c == failed ? SOURCE_RETRYING : SOURCE_CONNECTING, c == failed ? why : "");
    }
    feed->outcomes.id = FEED_OUTCOME_OPTIMISTIC;
}

static void
try_later(struct channel *c, enum source_state state, const char *why)
{
    struct feed *feed = c->feed;
    uint64_t wait_ms = 0, other_ms = 0;
    close_channel(c);
    retry_next(&c->retry, -1, &wait_ms);
    if (feeds_failed(&feed->feeds, why, clock_monotonic_ns(), &other_ms)) {
        move(c, other_ms, why);
        return;
    }
    loop_timer_start(c->timer, wait_ms, 0);
    tell_state(c, state, why);
}

static void
on_opened(void *context)
{
    struct channel *c = context;
    send_filter(c);
    tell_state(c, SOURCE_LIVE, "");
}

static void
on_message(void *context, struct str text)
{
    struct channel *c = context;
    struct arena arena;
    struct event_list list;
    struct diag d = {0};
    arena_init(&arena);
    event_list_init(&list, &arena, source_of(c), clock_monotonic_ns());
    enum err e = decode_feed(c->id, text, &list, &d);
    if (!e) {
        retry_succeeded(&c->retry);
        feeds_worked(&c->feed->feeds);
        event_list_emit(&list, c->feed->config.emit, c->feed->config.context);
    }
    event_list_release(&list);
    arena_release(&arena);
    xtrim(text.n);
    /* What could not be read may have been a fact: begin anew, and let the poller look. */
    if (e)
        try_later(c, SOURCE_RETRYING, diag_text(&d));
    c->feed->config.heard(c->feed->config.context);
}

static void
on_round_trip(void *context, int64_t took_ns)
{
    struct channel *c = context;
    c->delay_ns = took_ns;
    tell_state(c, c->state, "");
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct channel *c = context;
    if (end->http_status == 404 && c->id == FEED_OUTCOME_OPTIMISTIC) {
        close_channel(c);
        tell_state(c, SOURCE_OFF, "this server does not push outcomes");
        c->id = FEED_TX_RECEIPT;
        open_channel(c);
        return;
    }
    bool is_refused = end->http_status >= 400 && end->http_status < 500;
    try_later(c, is_refused ? SOURCE_FAILED : SOURCE_RETRYING, diag_text(&end->diag));
}

static void
open_channel(struct channel *c)
{
    char url[1200];
    struct diag d = {0};
    snprintf(url, sizeof(url), "%s/events/%s", feeds_url(&c->feed->feeds), feed_name(c->id));
    c->opened++;
    const struct ws_args args = {
        .url = url, .bearer = feeds_bearer(&c->feed->feeds), .message_max = MESSAGE_MAX,
        .open_timeout_ms = OPEN_TIMEOUT_MS,
        .silence_ms = SILENCE_MS, .opened = on_opened, .message = on_message,
        .round_trip = on_round_trip, .ended = on_ended, .context = c};
    if (ws_open(c->feed->config.loop, &args, &c->ws, &d))
        tell_state(c, SOURCE_FAILED, diag_text(&d));
    else if (c->state != SOURCE_RETRYING)
        tell_state(c, SOURCE_CONNECTING, "");
}

static void
on_try(void *context)
{
    open_channel(context);
}

/* --- the feed ----------------------------------------------------------------------- */

static void
on_linger(void *context)
{
    struct feed *feed = context;
    struct channel *channels[] = {&feed->outcomes, &feed->blocks};
    for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
        close_channel(channels[i]);
        tell_state(channels[i], SOURCE_OFF, "");
    }
}

static void
init_channel(struct feed *feed, struct channel *c, enum feed_id id)
{
    uint32_t first_ms = feed->config.retry_first_ms ? feed->config.retry_first_ms
                                                    : RETRY_FIRST_MS;
    c->feed = feed;
    c->id = id;
    c->delay_ns = -1;
    c->timer = loop_timer_new(feed->config.loop, on_try, c);
    retry_init(&c->retry, first_ms, RETRY_MOST_MS, 0);
}

struct feed *
feed_new(const struct feed_config *config)
{
    struct feed *feed = xcalloc(1, sizeof(*feed));
    feed->config = *config;
    feed->config.addresses = NULL;
    feeds_init(&feed->feeds, config->addresses, config->address_count,
               config->retry_first_ms ? config->retry_first_ms : RETRY_FIRST_MS, RETRY_MOST_MS);
    init_channel(feed, &feed->outcomes, FEED_OUTCOME_OPTIMISTIC);
    init_channel(feed, &feed->blocks, FEED_BLOCK_INFO);
    feed->linger = loop_timer_new(config->loop, on_linger, feed);
    feed->filtering = loop_timer_new(config->loop, filter_now, feed);
    return feed;
}

void
feed_free(struct feed *feed)
{
    if (!feed)
        return;
    close_channel(&feed->outcomes);
    close_channel(&feed->blocks);
    loop_timer_close(feed->outcomes.timer);
    loop_timer_close(feed->blocks.timer);
    loop_timer_close(feed->linger);
    loop_timer_close(feed->filtering);
    xfree(feed->followed);
    feeds_release(&feed->feeds);
    xfree(feed);
}

static bool
find(const struct feed *feed, const struct hash *tx, size_t *at)
{
    for (*at = 0; *at < feed->count; (*at)++) {
        if (hash_equal(&feed->followed[*at], tx))
            return true;
    }
    return false;
}

/* Off the caller's stack: opening tells states, and nothing is told from inside a call. */
static void
wake(struct channel *c)
{
    if (!c->ws && c->state != SOURCE_RETRYING && c->state != SOURCE_FAILED)
        loop_timer_start(c->timer, 0, 0);
}

/* After a pause the preferred one is opened, if it does not rest. */
static void
choose(struct feed *feed)
{
    uint32_t before = feed->feeds.current;
    if (feed->outcomes.ws || feed->blocks.ws || loop_timer_is_active(feed->outcomes.timer) ||
        loop_timer_is_active(feed->blocks.timer))
        return;
    feeds_choose(&feed->feeds, clock_monotonic_ns());
    if (feed->feeds.current != before)
        feed->outcomes.id = FEED_OUTCOME_OPTIMISTIC;
}

void
feed_follow(struct feed *feed, const struct hash *tx, bool at_once)
{
    size_t at;
    if (find(feed, tx, &at))
        return;
    void *array = feed->followed;
    feed->capacity = xgrow(&array, feed->capacity, feed->count + 1, sizeof(*feed->followed));
    feed->followed = array;
    feed->followed[feed->count++] = *tx;
    loop_timer_stop(feed->linger);
    choose(feed);
    wake(&feed->outcomes);
    wake(&feed->blocks);
    if (at_once)
        filter_now(feed);
    else
        filter_soon(feed, 0);
}

void
feed_unfollow(struct feed *feed, const struct hash *tx)
{
    size_t at;
    if (!find(feed, tx, &at))
        return;
    memmove(&feed->followed[at], &feed->followed[at + 1],
            (feed->count - at - 1) * sizeof(*feed->followed));
    feed->count--;
    filter_soon(feed, OVER_MS);
    if (feed->count == 0)
        loop_timer_start(feed->linger,
                         feed->config.linger_ms ? feed->config.linger_ms : LINGER_MS, 0);
}

bool
feed_has_push(const struct feed *feed)
{
    return feed->outcomes.id == FEED_OUTCOME_OPTIMISTIC && feed->outcomes.state == SOURCE_LIVE;
}
