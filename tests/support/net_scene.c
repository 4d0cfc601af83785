#include "tests/support/net_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "net/base/xalloc.h"
#include "tests/support/net_wait.h"

static void
on_event(void *context, const struct event *ev)
{
    struct net_scene *s = context;
    net_follower_event(&s->follower, ev);
}

static size_t
wants(void *context, struct want *out, size_t max)
{
    struct net_scene *s = context;
    return net_follower_wants(&s->follower, out, max);
}

static void
on_signed(void *context, const struct hash *tx)
{
    struct net_scene *s = context;
    s->signed_++;
    s->follower.count = 0;      /* what was heard of another copy is another tree */
    s->follower.tx = *tx;
    s->follower.is_on = true;
    sources_follow(s->sources, tx, &net_node_transaction(s->node)->signer);
}

static void
on_done(void *context, enum err error, const struct hash *tx, const struct diag *d)
{
    struct net_scene *s = context;
    s->done++;
    s->error = error;
    assert_true(error != OK || tx != NULL);
    snprintf(s->sentence, sizeof(s->sentence), "%s", d->text);
}

int
net_scene_set_up(void **state)
{
    struct net_scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    *state = s;
    return 0;
}

void
net_scene_end(struct net_scene *s)
{
    struct loop *loop = s->loop;
    sources_free(s->sources);
    if (s->node)
        net_node_free(s->node);
    if (s->other)
        net_node_free(s->other);
    *s = (struct net_scene){.loop = loop};
}

int
net_scene_tear_down(void **state)
{
    struct net_scene *s = *state;
    net_scene_end(s);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void
begin(struct net_scene *s, const struct net_node_config *config, bool with_ws)
{
    const struct endpoint_config endpoints[] = {
        {.url = net_node_rpc_url(s->node), .weight = 500},
        {.url = s->other ? net_node_rpc_url(s->other) : NULL, .weight = 10, .is_archival = true}};
    const struct feed_address feeds[] = {
        {.url = net_node_ws_url(s->node), .name = "first"},
        {.url = s->other ? net_node_ws_url(s->other) : NULL, .name = "second"}};
    s->sources = sources_new(s->loop, &(struct sources_config){
        .feeds = feeds, .feed_count = s->has_feeds ? 2 : 0,
        .endpoints = endpoints, .endpoint_count = s->other ? 2 : 1,
        .ws_url = with_ws ? net_node_ws_url(s->node) : NULL,
        .ws_retry_first_ms = s->ws_retry_first_ms, .timeout_ms = s->timeout_ms,
        .block_time_ms = config->block_ms,
        .wants = wants}, on_event, s);
}

void
net_scene_begin(struct net_scene *s, const struct net_node_config *config, bool with_ws)
{
    s->node = net_node_new(s->loop, config);
    begin(s, config, with_ws);
}

void
net_scene_begin_two(struct net_scene *s, const struct net_node_config *first,
                    const struct net_node_config *other)
{
    s->node = net_node_new(s->loop, first);
    s->other = net_node_new(s->loop, other);
    begin(s, first, false);
}

void
net_scene_watch(struct net_scene *s)
{
    s->follower.tx = net_node_tx(s->node);
    s->follower.is_on = true;
    sources_follow(s->sources, &s->follower.tx, NULL);
    sources_poke(s->sources);
}

void
net_scene_send(struct net_scene *s)
{
    struct secret_key key;
    const struct transaction *tx = net_node_transaction(s->node);
    struct send_args args = {
        .signer = tx->signer, .receiver = tx->receiver, .key = &key, .actions = tx->actions,
        .action_count = tx->action_count, .signed_ = on_signed, .done = on_done, .context = s,
        .checks_place = s->chain_id != NULL};
    secret_key_from_name(account_str(&tx->signer), &key);
    assert_true(str_copy(str_from(s->chain_id), args.place.chain_id, CHAIN_ID_MAX));
    s->send = send_start(sources_sender(s->sources), &args);
}

bool
net_scene_is_final(const void *context)
{
    const struct net_scene *s = context;
    return net_follower_is_final(&s->follower);
}

void
net_scene_assert_complete(const struct net_scene *s)
{
    /* One node more: the transaction itself. */
    assert_int_equal(s->follower.count, PANICS_RECEIPTS + 1);
    assert_true(net_follower_is_complete(&s->follower));
}

static bool
is_idle(const void *context)
{
    const struct net_scene *s = context;
    return s->follower.source_state[SOURCE_RPC] == SOURCE_LIVE;
}

void
net_scene_finish(struct net_scene *s)
{
    net_wait_until(s->loop, net_scene_is_final, s);
    net_wait_until(s->loop, is_idle, s);
}
