#include "contract/serve/serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "contract/chain/demo.h"
#include "contract/chain/keep.h"
#include "contract/serve/node.h"
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/xalloc.h"
#include "net/serve/hub.h"

static void
on_request(void *context, struct server_request *r, const struct server_call *call)
{
    rpc_handle(context, r, call);
}

static void
on_gone(void *context, struct server_request *r)
{
    rpc_gone(context, r);
}

static bool
on_accepts(void *context, struct str path)
{
    (void)context;
    return hub_accepts(path);
}

static void
on_subscribed(void *context, struct subscriber *s, struct str path)
{
    hub_subscribed(feed_hub(((struct node *)context)->feed), s, path);
}

static void
on_message(void *context, struct subscriber *s, struct str text)
{
    hub_message(feed_hub(((struct node *)context)->feed), s, text);
}

static void
on_unsubscribed(void *context, struct subscriber *s)
{
    hub_unsubscribed(feed_hub(((struct node *)context)->feed), s);
}

/* --- the clock of blocks ------------------------------------------------------------------ */

static void
arm(struct node *n)
{
    int64_t left_ns = n->next_tick_ns - clock_wall_ns();
    uint64_t ms = left_ns <= 0 ? 0 : (uint64_t)(left_ns + NS_PER_MS - 1) / NS_PER_MS;
    loop_timer_start(n->tick, ms ? ms : 1, 0);
}

/* Heights that are passed by in a hurry come many at a time, but not so many that nobody is
 * answered meanwhile. */
void
node_tick(struct node *n)
{
    enum { HURRY_BLOCKS = 64 };
    int64_t now_ns, step_ns = (int64_t)n->block_time_ms * NS_PER_MS;
    int blocks = 0;
    do {
        if (compiling_holds_block(n->compiling))
            return;
        now_ns = clock_wall_ns();
        tick(n, (uint64_t)now_ns);
    } while (n->forward && ++blocks < HURRY_BLOCKS);
    if (n->forward) {
        node_hurry(n);
        return;
    }
    /* On the beat, not a beat after the last: a late block does not shift those that follow.
     * A machine that slept does not catch up block by block. */
    n->next_tick_ns += step_ns;
    if (n->next_tick_ns <= now_ns)
        n->next_tick_ns = now_ns + step_ns;
    arm(n);
}

void
node_hurry(struct node *n)
{
    n->next_tick_ns = clock_wall_ns();
    arm(n);
}

static void
on_tick(void *context)
{
    node_tick(context);
}

/* --- starting ----------------------------------------------------------------------------- */

static enum err
parse_shards(const char *shards, struct chain_config *config, struct diag *d)
{
    struct str rest = str_from(shards), name;
    config->boundary_count = 0;
    while (str_take_until(&rest, ',', &name)) {
        if (config->boundary_count == SERVE_MAX_BOUNDARIES)
            return diag_set(d, ERR_RANGE, "--shards: at most %d boundary accounts",
                            SERVE_MAX_BOUNDARIES);
        struct account_id *id = &config->boundaries[config->boundary_count];
        enum err e = account_parse(name, id, d);
        if (e) {
            diag_prefix(d, "--shards");
            return e;
        }
        if (config->boundary_count && str_compare(account_str(id - 1), name) >= 0)
            return diag_set(d, ERR_SYNTAX,
                            "--shards: %.*s must come after %s: boundaries are in order",
                            STR_ARG(name), (id - 1)->s);
        config->boundary_count++;
    }
    return OK;
}

static enum err
make_chain(struct node *n, const struct serve_config *config, struct diag *d)
{
    struct chain_config chain;
    uint64_t now_ns = (uint64_t)clock_wall_ns();
    uint64_t step_ns = (uint64_t)config->block_time_ms * NS_PER_MS;
    chain_default_config(&chain, now_ns - (DEMO_BLOCKS + 1) * step_ns);
    if (config->shards) {
        enum err e = parse_shards(config->shards, &chain, d);
        if (e)
            return e;
    }
    chain.keep_blocks = config->keep_blocks;
    chain.keep_bytes = config->keep_mib << 20;
    if (config->data) {
        enum err e = data_open(n, config, &chain, d);
        if (e)
            return e;
    }
    bool is_new = n->chain == NULL;
    if (is_new)
        n->chain = chain_new(&chain);
    if (config->data)
        chain_keep(n->chain);
    /* It may have been sent ahead of the clock: it stays there. */
    uint64_t head_ns = chain_head(n->chain)->time_ns;
    n->ahead_ns = head_ns > now_ns ? head_ns - now_ns : 0;
    if (is_new && config->with_demo)
        return demo_build(n->chain, now_ns, step_ns, d);
    return OK;
}

static void
on_signal(void *context, int number)
{
    (void)number;
    loop_stop(((struct node *)context)->loop);
}

static void
on_input(void *context, unsigned events)
{
    char bytes[64];
    (void)events;
    if (read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0)
        loop_stop(((struct node *)context)->loop);
}

static enum err
open_server(struct node *n, const struct serve_config *config, struct diag *d)
{
    const struct server_handlers handlers = {.request = on_request,
                                             .gone = on_gone,
                                             .accepts = on_accepts,
                                             .subscribed = on_subscribed,
                                             .message = on_message,
                                             .unsubscribed = on_unsubscribed,
                                             .context = n};
    enum err e = server_start(n->loop, config->port, &handlers, &n->server, &n->port, d);
    if (e)
        return e;
    if (config->ping_ms)
        server_set_ping(n->server, config->ping_ms);
    if (config->queues_bytes)
        server_set_queues(n->server, config->queues_bytes);
    return OK;
}

/* Only when signals are waited for: whoever reads this may send one at once. */
static void
say_ready(const struct node *n)
{
    printf("{\"event\":\"ready\",\"rpc\":\"http://127.0.0.1:%d\",\"ws\":\"ws://127.0.0.1:%d\"}\n",
           n->port, n->port);
    fflush(stdout);
}

static void
run(struct node *n, bool with_parent)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct loop_signal *signals[ARRAY_LEN(numbers)];
    struct loop_watch *input = NULL;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        signals[i] = loop_signal_new(n->loop, numbers[i], on_signal, n);
    if (with_parent &&
        loop_watch_fd(n->loop, STDIN_FILENO, LOOP_READ, on_input, n, &input, NULL))
        input = NULL;
    n->tick = loop_timer_new(n->loop, on_tick, n);
    n->next_tick_ns = clock_wall_ns() + (int64_t)n->block_time_ms * NS_PER_MS;
    arm(n);
    say_ready(n);
    loop_run(n->loop);
    loop_timer_close(n->tick);
    loop_watch_close(input);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        loop_signal_close(signals[i]);
    server_stop(n->server);
}

void
serve_help_faults(struct buf *out)
{
    faults_help(out);
}

void
serve_faults_table(struct buf *out)
{
    faults_table(out);
}

enum err
serve_localnet(const struct serve_config *config, struct diag *d)
{
    struct node n = {.block_time_ms = config->block_time_ms,
                     .started_ns = clock_monotonic_ns()};
    if (config->block_time_ms < SERVE_MIN_BLOCK_MS ||
        config->block_time_ms > SERVE_MAX_BLOCK_MS)
        return diag_set(d, ERR_RANGE, "--block-time: %u ms is not between %d and %d",
                        config->block_time_ms, SERVE_MIN_BLOCK_MS, SERVE_MAX_BLOCK_MS);
    if (config->keep_blocks && (config->keep_blocks < SERVE_MIN_KEEP_BLOCKS ||
                                config->keep_blocks > SERVE_MAX_KEEP_BLOCKS))
        return diag_set(d, ERR_RANGE, "--keep-blocks: %llu is not between %d and %d",
                        (unsigned long long)config->keep_blocks, SERVE_MIN_KEEP_BLOCKS,
                        SERVE_MAX_KEEP_BLOCKS);
    if (config->keep_mib && config->keep_mib > SERVE_MAX_KEEP_MIB)
        return diag_set(d, ERR_RANGE, "--keep-mb: %zu is not between %d and %d", config->keep_mib,
                        SERVE_MIN_KEEP_MIB, SERVE_MAX_KEEP_MIB);
    signal(SIGPIPE, SIG_IGN);
    struct diag cache = {0};
    if (config->cache && module_use_cache(config->cache, &cache))
        log_line(LOG_WARNING, "serve", "compiled contracts are not kept: %s", diag_text(&cache));
    enum err e = make_chain(&n, config, d);
    if (!e)
        faults_init(&n.faults, config->seed, chain_shard_count(n.chain));
    if (!e && config->fault && (e = tick_set_faults(&n, str_from(config->fault), d)))
        diag_prefix(d, "--fault");
    if (!e) {
        n.loop = loop_new();
        n.feed = feed_open(&n);
        n.compiling = compiling_open(&n, !config->with_parent);
        if (!data_save(&n))
            e = n.stopped;
        else
            e = open_server(&n, config, d);
        if (!e)
            run(&n, config->with_parent);
        rpc_release(&n);
        compiling_shut(n.compiling);
        n.compiling = NULL;
        loop_free(n.loop);
        feed_shut(n.feed);
    }
    tick_release(&n);
    data_close(&n);
    chain_free(n.chain);
    module_forget_all();
    if (n.stopped && d)
        *d = n.stop;
    return n.stopped ? n.stopped : e;
}
