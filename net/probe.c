#include "net/probe.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/rpc.h"
#include "net/ws.h"

enum {
    OLD_BLOCKS = 500000,        /* nodes that forget keep about five epochs of 43200 */
    OLD_TRIES = 4,              /* a height may have been skipped */
    PARAMS_MAX = 256,
    MESSAGE_MAX = 1024 * 1024
};

enum step { STEP_STATUS, STEP_BLOCK, STEP_TX_STATUS, STEP_OLD_BLOCK };

struct channel {
    struct probe *probe;
    struct ws *ws;
    enum feed_id id;
    bool is_over;
};

struct probe {
    struct loop *loop;
    int64_t begun_ns;
    void *context;
    /* of an endpoint */
    struct rpc *rpc;
    struct rpc_request *request;
    enum step step;
    unsigned old_tries;
    uint64_t old_height;
    struct endpoint_probe endpoint;
    probe_endpoint_fn endpoint_done;
    /* of a feed */
    struct channel channels[PROBE_FEEDS];
    unsigned open_channels;
    struct feed_probe feed;
    probe_feed_fn feed_done;
    struct loop_timer *end;     /* tells off the callbacks' stack */
};

void
probe_cancel(struct probe *take_probe)
{
    struct probe *p = take_probe;
    if (!p)
        return;
    rpc_cancel(p->request);
    rpc_free(p->rpc);
    for (size_t i = 0; i < PROBE_FEEDS; i++)
        ws_close(p->channels[i].ws);
    loop_timer_close(p->end);
    xfree(p);
}

static void
on_end(void *context)
{
    struct probe *p = context;
    if (p->endpoint_done)
        p->endpoint_done(p->context, &p->endpoint);
    else
        p->feed_done(p->context, &p->feed);
    probe_cancel(p);
}

static struct probe *
new_probe(struct loop *loop, void *context)
{
    struct probe *p = xcalloc(1, sizeof(*p));
    p->loop = loop;
    p->context = context;
    p->begun_ns = clock_monotonic_ns();
    p->end = loop_timer_new(loop, on_end, p);
    return p;
}

/* --- an endpoint -------------------------------------------------------------------------- */

static void on_reply(void *context, const struct rpc_reply *reply);

static void
finish(struct probe *p)
{
    struct endpoint_fact fact;
    rpc_endpoint(p->rpc, 0, &fact);
    p->endpoint.took_ns = fact.median_ns;
    p->endpoint.requests = (uint32_t)rpc_request_count(p->rpc);
    p->endpoint.works = p->endpoint.has_head && !p->endpoint.is_syncing;
    loop_timer_start(p->end, 0, 0);
}

static void
fail(struct probe *p, const struct diag *d)
{
    if (!p->endpoint.sentence[0])
        snprintf(p->endpoint.sentence, sizeof(p->endpoint.sentence), "%s", diag_text(d));
}

static void
ask(struct probe *p, enum step step)
{
    static const char *const methods[] = {"status", "block", "EXPERIMENTAL_tx_status", "block"};
    char params[PARAMS_MAX];
    p->step = step;
    switch (step) {
    case STEP_STATUS: snprintf(params, sizeof(params), "[]"); break;
    case STEP_BLOCK: snprintf(params, sizeof(params), "{\"finality\":\"final\"}"); break;
    case STEP_TX_STATUS:
        snprintf(params, sizeof(params), "{\"tx_hash\":\"%s\",\"sender_account_id\":\"near\","
                 "\"wait_until\":\"NONE\"}", "11111111111111111111111111111111");
        break;
    case STEP_OLD_BLOCK:
        snprintf(params, sizeof(params), "{\"block_id\":%llu}",
                 (unsigned long long)p->old_height);
        break;
    }
    p->request = rpc_start(p->rpc, methods[step], str_from(params), 1, on_reply, p);
}

static void
copy_text(const struct json *object, const char *key, char *out, size_t room)
{
    struct str text;
    if (json_get_string(object, key, &text, NULL) == OK)
        snprintf(out, room, "%.*s", STR_ARG(str_slice(text, 0, room - 1)));
}

/* One whose oldest block is not the chain's first has forgotten some. Of a chain that is old enough a
 * block is asked for, which is surer. */
static enum probe_answer
keeps_all(const struct json *status)
{
    struct str genesis, earliest;
    if (json_get_string(status, "genesis_hash", &genesis, NULL) != OK ||
        json_get_string(json_find(status, "sync_info"), "earliest_block_hash", &earliest, NULL) != OK)
        return PROBE_UNKNOWN;
    return str_equal(genesis, earliest) ? PROBE_UNKNOWN : PROBE_NO;
}

static void
read_status(struct probe *p, const struct rpc_reply *reply)
{
    struct endpoint_probe *e = &p->endpoint;
    const struct json *sync = json_find(reply->result, "sync_info");
    if (reply->fault != RPC_FINE) {
        fail(p, &reply->diag);
        return;
    }
    e->has_status = true;
    copy_text(reply->result, "chain_id", e->chain_id, sizeof(e->chain_id));
    e->archival = keeps_all(reply->result);
    copy_text(json_find(reply->result, "version"), "version", e->version, sizeof(e->version));
    if (json_get_u64(reply->result, "protocol_version", &e->protocol_version, NULL))
        e->protocol_version = 0;
    if (json_get_bool(sync, "syncing", &e->is_syncing, NULL) == OK && e->is_syncing)
        snprintf(e->sentence, sizeof(e->sentence), "it has not caught up with the chain yet");
}

static void
read_block(struct probe *p, const struct rpc_reply *reply)
{
    struct endpoint_probe *e = &p->endpoint;
    const struct json *header = json_find(reply->result, "header");
    struct diag d = reply->diag;
    uint64_t time_ns = 0;
    enum err error = reply->fault == RPC_FINE
                         ? json_get_u64(header, "height", &e->head_height, &d) : d.code;
    if (!error)
        error = json_get_u64_text(header, "timestamp_nanosec", &time_ns, &d);
    if (error) {
        fail(p, &d);
        return;
    }
    e->has_head = true;
    e->head_age_ms = (clock_wall_ns() - (int64_t)time_ns) / NS_PER_MS;
}

static void
read_old_block(struct probe *p, const struct rpc_reply *reply)
{
    if (reply->fault == RPC_FINE) {
        p->endpoint.archival = PROBE_YES;
    } else if (reply->fault == RPC_UNKNOWN_BLOCK || reply->fault == RPC_GONE) {
        p->old_height++;
        p->endpoint.archival = ++p->old_tries == OLD_TRIES ? PROBE_NO : PROBE_UNKNOWN;
    } else {
        fail(p, &reply->diag);
        p->old_tries = OLD_TRIES;
    }
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct probe *p = context;
    struct endpoint_probe *e = &p->endpoint;
    p->request = NULL;
    switch (p->step) {
    case STEP_STATUS: read_status(p, reply); break;
    case STEP_BLOCK: read_block(p, reply); break;
    case STEP_TX_STATUS:
        e->tx_status = reply->fault == RPC_BAD_REQUEST || reply->fault == RPC_DENIED ? PROBE_NO
                       : reply->fault == RPC_FINE || reply->fault == RPC_UNKNOWN_TRANSACTION
                           ? PROBE_YES
                           : PROBE_UNKNOWN;
        break;
    case STEP_OLD_BLOCK: read_old_block(p, reply); break;
    }
    bool is_dead = reply->fault == RPC_UNREACHABLE || reply->fault == RPC_DENIED ||
                   reply->fault == RPC_LIMITED || reply->fault == RPC_GARBAGE;
    if (p->step == STEP_STATUS && !is_dead) {
        ask(p, STEP_BLOCK);
    } else if (p->step == STEP_BLOCK && e->has_head) {
        ask(p, STEP_TX_STATUS);
    } else if (p->step == STEP_TX_STATUS && e->head_height > OLD_BLOCKS) {
        p->old_height = e->head_height - OLD_BLOCKS;
        e->archival = PROBE_UNKNOWN;
        ask(p, STEP_OLD_BLOCK);
    } else if (p->step == STEP_OLD_BLOCK && !e->archival && p->old_tries < OLD_TRIES) {
        ask(p, STEP_OLD_BLOCK);
    } else {
        finish(p);
    }
}

struct probe *
probe_endpoint(struct loop *loop, struct http *http, const struct endpoint_config *endpoint,
               uint32_t timeout_ms, probe_endpoint_fn done, void *context)
{
    struct probe *p = new_probe(loop, context);
    p->endpoint_done = done;
    p->endpoint.took_ns = -1;
    p->rpc = rpc_new(loop, http, &(struct rpc_config){
        .endpoints = endpoint, .endpoint_count = 1, .timeout_ms = timeout_ms});
    ask(p, STEP_STATUS);
    return p;
}

/* --- a feed ------------------------------------------------------------------------------- */

static void
end_channel(struct channel *c, enum probe_answer answer)
{
    struct probe *p = c->probe;
    if (c->is_over)
        return;
    c->is_over = true;
    p->feed.offers[c->id] = answer;
    p->feed.works |= answer == PROBE_YES;
    if (--p->open_channels == 0)
        loop_timer_start(p->end, 0, 0);
}

static void
on_opened(void *context)
{
    struct channel *c = context;
    if (c->probe->feed.took_ns < 0)
        c->probe->feed.took_ns = clock_monotonic_ns() - c->probe->begun_ns;
    end_channel(c, PROBE_YES);
}

static void
on_message(void *context, struct str text)
{
    (void)context;
    (void)text;
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct channel *c = context;
    struct feed_probe *f = &c->probe->feed;
    bool is_told = end->http_status == 404;
    if (!c->is_over && !is_told && !f->sentence[0])
        snprintf(f->sentence, sizeof(f->sentence), "%s", diag_text(&end->diag));
    end_channel(c, is_told ? PROBE_NO : PROBE_UNKNOWN);
}

struct probe *
probe_feed(struct loop *loop, const struct feed_address *feed, uint32_t timeout_ms,
           probe_feed_fn done, void *context)
{
    struct probe *p = new_probe(loop, context);
    p->feed_done = done;
    p->feed.took_ns = -1;
    p->open_channels = PROBE_FEEDS;
    for (size_t i = 0; i < PROBE_FEEDS; i++) {
        struct channel *c = &p->channels[i];
        char address[1200];
        struct diag d = {0};
        *c = (struct channel){.probe = p, .id = (enum feed_id)i};
        snprintf(address, sizeof(address), "%s/events/%s", feed->url, feed_name(c->id));
        const struct ws_args args = {
            .url = address, .bearer = feed->bearer, .message_max = MESSAGE_MAX, .open_timeout_ms = timeout_ms,
            .opened = on_opened, .message = on_message, .ended = on_ended, .context = c};
        if (ws_open(loop, &args, &c->ws, &d)) {
            snprintf(p->feed.sentence, sizeof(p->feed.sentence), "%s", diag_text(&d));
            end_channel(c, PROBE_UNKNOWN);
        }
    }
    return p;
}
