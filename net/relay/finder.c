#include "net/relay/finder.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "net/relay/touch.h"
#include "net/relay/walk.h"
#include "net/ws.h"

enum {
    MESSAGE_MAX = 16 * 1024 * 1024,
    OPEN_TIMEOUT_MS = 10000,
    SILENCE_MS = 30000,
    RETRY_FIRST_MS = 500,
    RETRY_MOST_MS = 30000,
    BLOCK_TIME_MS = 600,
    /* A feed may be so far behind the chain when it is lost: pushed outcomes, final receipts. */
    BEHIND_BLOCKS_PUSH = 3,
    BEHIND_BLOCKS_FINAL = 12,
    OVERLAP_BLOCKS = 2,         /* looked at after it is there again */
    ASKS_MAX = 16,              /* candidates that are asked for at a time: more are passed over */
    TRIES = 2
};

/* A transaction that may be the one of a receipt. */
struct candidate {
    struct finder *finder;
    struct hash tx, receipt;
    struct account_id signer;
    struct rpc_request *request;        /* NULL: free */
};

struct finder {
    struct finder_config config;
    struct feeds feeds;                 /* none: no feed */
    struct account_id accounts[FINDER_ACCOUNTS_MAX];
    enum feed_id feed;
    struct ws *ws;
    struct loop_timer *timer;           /* the next try */
    struct touch touch;
    struct walk *walk;
    struct candidate candidates[ASKS_MAX];
    const char *where;                  /* told last; NULL: nothing yet */
    int64_t alive_ns, alive_wall_ns;    /* the feed's last sign of life; 0: it never was there */
    int64_t opened_ns;                  /* when it was there again */
    bool is_walking;
    unsigned overlap;                   /* blocks to be looked at until the walk may end */
    struct map told;                    /* transactions, owned: the newest FINDER_REMEMBERS, … */
    struct hash *ring;                  /* … in order */
    size_t ring_next;
};

static void open_feed(struct finder *f);

static void
tell_where(struct finder *f, const char *where, const char *why)
{
    if (f->where == where)
        return;
    f->where = where;
    f->config.looks(f->config.context, where, why);
}

/* Once each. */
static void
tell_found(struct finder *f, const struct hash *tx, const struct account_id *signer)
{
    struct hash *place = &f->ring[f->ring_next];
    const struct str key = str_of(tx->b, sizeof(tx->b));
    if (map_get(&f->told, key))
        return;
    if (f->told.live == FINDER_REMEMBERS)
        map_remove(&f->told, str_of(place->b, sizeof(place->b)));
    *place = *tx;
    map_put(&f->told, str_of(place->b, sizeof(place->b)), place);
    f->ring_next = (f->ring_next + 1) % FINDER_REMEMBERS;
    f->config.found(f->config.context, tx, signer);
}

/* --- blocks and chunks -------------------------------------------------------------------- */

static bool
has_id(const struct json *ids, const char *wanted)
{
    struct str text;
    for (const struct json *v = json_first(ids); v; v = json_next(v)) {
        if (json_string(v, &text, NULL) == OK && str_equal_c(text, wanted))
            return true;
    }
    return false;
}

static bool
made_receipt(const struct json *status, const struct hash *receipt)
{
    char id[HASH_TEXT];
    const struct json *own = json_find(json_find(status, "transaction_outcome"), "outcome");
    hash_text(receipt, id);
    bool is_found = has_id(json_find(own, "receipt_ids"), id);
    for (const struct json *v = json_first(json_find(status, "receipts_outcome")); v && !is_found;
         v = json_next(v))
        is_found = has_id(json_find(json_find(v, "outcome"), "receipt_ids"), id);
    return is_found;
}

static void
on_status(void *context, const struct rpc_reply *reply)
{
    struct candidate *c = context;
    c->request = NULL;
    if (reply->fault == RPC_FINE && made_receipt(reply->result, &c->receipt))
        tell_found(c->finder, &c->tx, &c->signer);
}

static void
ask_whose(struct finder *f, const struct hash *tx, const struct account_id *signer,
          const struct hash *receipt)
{
    char params[256], text[HASH_TEXT];
    struct candidate *free_one = NULL;
    if (f->config.knows && f->config.knows(f->config.context, tx))
        return;
    for (size_t i = 0; i < ASKS_MAX; i++) {
        struct candidate *c = &f->candidates[i];
        if (c->request && hash_equal(&c->tx, tx) && hash_equal(&c->receipt, receipt))
            return;
        free_one = c->request ? free_one : c;
    }
    if (!free_one)
        return;
    *free_one = (struct candidate){.finder = f, .tx = *tx, .receipt = *receipt, .signer = *signer};
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"NONE\"}",
             hash_text(tx, text), signer->s);
    free_one->request = rpc_start(f->config.rpc, "tx", str_from(params), TRIES, on_status, free_one);
}

static void
on_touched(void *context, const struct hash *tx, const struct account_id *signer,
           const struct hash *receipt)
{
    struct finder *f = context;
    if (receipt)
        ask_whose(f, tx, signer, receipt);
    else
        tell_found(f, tx, signer);
}

static void
on_block(void *context, struct walk_block *take_block)
{
    struct finder *f = context;
    touch_block(&f->touch, take_block, on_touched, f);
    walk_block_free(take_block);
    /* The feed tells what came after it was opened, and the walk is past that. */
    if (f->overlap && walk_is_at_top(f->walk, f->opened_ns) && --f->overlap == 0) {
        f->is_walking = false;
        walk_set_on(f->walk, false);
    }
}

static bool
on_wants_chunks(void *context)
{
    (void)context;
    return true;
}

static void
on_trouble(void *context, const char *sentence)
{
    struct finder *f = context;
    /* The feed may be there again before the blocks are that were missed. */
    bool is_over = !*sentence && f->where;
    f->config.looks(f->config.context, is_over ? f->where : "blocks and chunks", sentence);
}

static void
be_alive(struct finder *f, int64_t ago_ns)
{
    f->alive_ns = clock_monotonic_ns() - ago_ns;
    f->alive_wall_ns = clock_wall_ns() - ago_ns;
}

/* One clock stands still while a machine sleeps, the other may be set: the longer counts. */
static int64_t
silent_for_ns(const struct finder *f)
{
    int64_t by_time = clock_monotonic_ns() - f->alive_ns;
    int64_t by_wall = clock_wall_ns() - f->alive_wall_ns;
    return by_wall > by_time ? by_wall : by_time;
}

static void
look_at_blocks(struct finder *f, const char *why)
{
    uint32_t block_ms = f->config.block_time_ms ? f->config.block_time_ms : BLOCK_TIME_MS;
    int64_t behind_ns = (int64_t)block_ms * NS_PER_MS *
                        (f->feed == FEED_OUTCOME_OPTIMISTIC ? BEHIND_BLOCKS_PUSH : BEHIND_BLOCKS_FINAL);
    tell_where(f, "blocks and chunks", why);
    f->overlap = 0;
    walk_set_on(f->walk, true);
    if (!f->is_walking && f->alive_ns)
        walk_go_back(f->walk, silent_for_ns(f) + behind_ns);
    f->is_walking = true;
}

/* --- the feed ----------------------------------------------------------------------------- */

static void
write_equals(struct json_writer *w, const char *path, const struct account_id *a)
{
    json_write_object(w);
    json_put_c(w, "path", path);
    json_put_object(w, "operator");
    json_put_c(w, "Equals", a->s);
    json_write_object_end(w);
    json_write_object_end(w);
}

/* Whoever calls another has run before, so that who runs is enough; on tx_receipt the signer is
 * seen as the first receipt's predecessor alone. */
static void
send_filter(struct finder *f)
{
    struct buf text;
    struct json_writer w;
    bool is_push = f->feed == FEED_OUTCOME_OPTIMISTIC;
    buf_init(&text, 60 * 1024);
    json_write_begin(&w, &text);
    json_write_object(&w);
    json_put_array(&w, "Or");
    for (size_t i = 0; i < f->config.account_count; i++) {
        write_equals(&w, is_push ? "outcome.outcome.executor_id" : "executor_id", &f->accounts[i]);
        if (!is_push)
            write_equals(&w, "predecessor_id", &f->accounts[i]);
    }
    json_write_array_end(&w);
    json_write_object_end(&w);
    ws_send(f->ws, buf_str(&text));
    buf_release(&text);
}

static void
on_opened(void *context)
{
    struct finder *f = context;
    send_filter(f);
    tell_where(f, "the feed", "");
    be_alive(f, 0);
    f->opened_ns = f->alive_ns;
    f->overlap = f->is_walking ? OVERLAP_BLOCKS : 0;
}

static void
on_round_trip(void *context, int64_t took_ns)
{
    struct finder *f = context;
    be_alive(f, took_ns);
}

static void
on_event(void *context, const struct event *ev)
{
    struct finder *f = context;
    static const struct hash none;
    if (!hash_equal(&ev->tx, &none))
        tell_found(f, &ev->tx, ev->kind == EVENT_TX ? &ev->transaction.view.signer : NULL);
}

static void
try_later(struct finder *f, const char *why)
{
    uint64_t wait_ms = RETRY_MOST_MS;
    ws_close(f->ws);
    f->ws = NULL;
    bool is_another = feeds_failed(&f->feeds, why, clock_monotonic_ns(), &wait_ms);
    loop_timer_start(f->timer, wait_ms, 0);
    /* Nothing was missed yet, and another one is tried at once. */
    if (f->alive_ns || f->is_walking || !is_another || wait_ms)
        look_at_blocks(f, why);
    /* It may offer more than the last. */
    if (is_another)
        f->feed = FEED_OUTCOME_OPTIMISTIC;
}

static void
on_message(void *context, struct str text)
{
    struct finder *f = context;
    struct arena arena;
    struct event_list list;
    struct diag d = {0};
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_FEED, clock_monotonic_ns());
    enum err e = decode_feed(f->feed, text, &list, &d);
    if (!e) {
        feeds_worked(&f->feeds);
        be_alive(f, 0);
        event_list_emit(&list, on_event, f);
    }
    event_list_release(&list);
    arena_release(&arena);
    xtrim(text.n);
    if (e)
        try_later(f, diag_text(&d));
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct finder *f = context;
    if (end->http_status != 404 || f->feed != FEED_OUTCOME_OPTIMISTIC) {
        try_later(f, diag_text(&end->diag));
        return;
    }
    ws_close(f->ws);
    f->ws = NULL;
    f->feed = FEED_TX_RECEIPT;
    loop_timer_start(f->timer, 0, 0);
}

static void
open_feed(struct finder *f)
{
    char url[1200];
    struct diag d = {0};
    snprintf(url, sizeof(url), "%s/events/%s", feeds_url(&f->feeds), feed_name(f->feed));
    if (ws_open(f->config.loop, &(struct ws_args){
            .url = url, .bearer = feeds_bearer(&f->feeds), .message_max = MESSAGE_MAX,
            .open_timeout_ms = OPEN_TIMEOUT_MS, .silence_ms = SILENCE_MS, .opened = on_opened,
            .message = on_message, .round_trip = on_round_trip, .ended = on_ended, .context = f}, &f->ws, &d))
        look_at_blocks(f, diag_text(&d));
}

/* --- life --------------------------------------------------------------------------------- */

static void
begin(void *context)
{
    struct finder *f = context;
    if (f->feeds.count)
        open_feed(f);
    else
        look_at_blocks(f, "");
}

struct finder *
finder_new(const struct finder_config *config)
{
    struct finder *f = xcalloc(1, sizeof(*f));
    f->config = *config;
    f->config.feeds = NULL;
    if (config->feed_count)
        feeds_init(&f->feeds, config->feeds, config->feed_count, RETRY_FIRST_MS, RETRY_MOST_MS);
    f->feed = FEED_OUTCOME_OPTIMISTIC;
    if (f->config.account_count > FINDER_ACCOUNTS_MAX)
        f->config.account_count = FINDER_ACCOUNTS_MAX;
    f->ring = xcalloc(FINDER_REMEMBERS, sizeof(*f->ring));
    touch_init(&f->touch);
    for (size_t i = 0; i < f->config.account_count; i++) {
        f->accounts[i] = config->accounts[i];
        touch_add(&f->touch, account_str(&f->accounts[i]));
    }
    f->walk = walk_new_rpc(&(struct walk_config){
        .loop = config->loop, .block_time_ms = config->block_time_ms,
        .wants_chunks = on_wants_chunks, .block = on_block, .trouble = on_trouble, .context = f},
        config->rpc);
    f->timer = loop_timer_new(config->loop, begin, f);
    loop_timer_start(f->timer, 0, 0);
    return f;
}

void
finder_free(struct finder *f)
{
    if (!f)
        return;
    ws_close(f->ws);
    loop_timer_close(f->timer);
    walk_free(f->walk);
    for (size_t i = 0; i < ASKS_MAX; i++)
        rpc_cancel(f->candidates[i].request);
    touch_release(&f->touch);
    map_release(&f->told);
    xfree(f->ring);
    feeds_release(&f->feeds);
    xfree(f);
}
