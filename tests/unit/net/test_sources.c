#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/sources.h"
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

#define SEQUENTIAL "tests/data/node/portfolio_sequential.json"

static void
sources__follow_within_40_requests__by_polling_alone(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 100}, false);
    net_scene_send(s);
    net_scene_finish(s);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    net_scene_assert_complete(s);
    assert_true(net_node_count(s->node, NULL) <= 40);
    /* Three branches and the callback are known before they have run. */
    assert_true(net_node_count(s->node, "EXPERIMENTAL_receipt") >= 4);
    assert_int_equal(s->follower.by_source[SOURCE_PUSH], 0);
    print_message("polling alone: %d requests, %llu bytes sent, %llu received\n",
                  net_node_count(s->node, NULL), (unsigned long long)s->follower.bytes_sent,
                  (unsigned long long)s->follower.bytes_received);
}

static void
sources__follow_within_8_requests__when_outcomes_are_pushed(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 100}, true);
    net_scene_send(s);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_true(s->follower.by_source[SOURCE_PUSH] > 0);
    assert_true(net_node_count(s->node, NULL) <= 8);
    assert_int_equal(net_node_count(s->node, "EXPERIMENTAL_receipt"), 0);
    print_message("pushed outcomes: %d requests, %llu bytes sent, %llu received, and %llu of the "
                  "feed\n", net_node_count(s->node, NULL),
                  (unsigned long long)s->follower.bytes_sent,
                  (unsigned long long)s->follower.bytes_received,
                  (unsigned long long)net_node_feed_bytes(s->node));
}

static void
sources__fall_back__when_the_feed_does_not_push(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 60, .feed = NODE_FEED_INTEAR}, true);
    net_scene_send(s);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_int_equal(s->follower.source_state[SOURCE_PUSH], SOURCE_OFF);
    assert_string_equal(s->follower.source_text[SOURCE_PUSH],
                        "this server does not push outcomes");
    assert_int_equal(s->follower.source_state[SOURCE_FEED], SOURCE_LIVE);
    assert_true(net_node_count(s->node, NULL) <= 40);
}

static void
sources__poll__when_there_is_no_feed_at_all(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 60, .feed = NODE_FEED_NONE}, true);
    net_scene_send(s);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_int_equal(s->follower.source_state[SOURCE_FEED], SOURCE_FAILED);
    assert_non_null(strstr(s->follower.source_text[SOURCE_FEED],
                           "the upgrade was refused with HTTP status 404"));
}

static bool
has_outcomes(const void *context)
{
    const struct net_scene *s = context;
    int outcomes = 0;
    for (size_t i = 0; i < s->follower.count; i++)
        outcomes += s->follower.nodes[i].has_outcome;
    return outcomes >= 3;
}

static void
sources__lose_nothing__when_the_feed_breaks(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 60}, true);
    net_scene_send(s);
    net_wait_until(s->loop, has_outcomes, s);
    net_node_cut_feed(s->node);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_true(s->follower.had_trouble[SOURCE_PUSH]);
}

static void
sources__lose_nothing__when_the_feed_babbles(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 60}, true);
    net_scene_send(s);
    net_wait_until(s->loop, has_outcomes, s);
    net_node_babble(s->node);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_non_null(strstr(s->follower.source_text[SOURCE_PUSH], "outcome_optimistic: [0]: "));
}

static bool
node_is_over(const void *context)
{
    const struct net_scene *s = context;
    return net_node_is_over(s->node);
}

static void
sources__read_the_past__when_a_call_is_over(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = SEQUENTIAL, .block_ms = 10}, true);
    net_node_begin(s->node);
    net_wait_until(s->loop, node_is_over, s);
    net_scene_watch(s);
    net_scene_finish(s);
    assert_true(net_follower_is_complete(&s->follower));
    assert_true(s->follower.count > 10);
    /* One answer tells all; then the blocks of what ran, and which are final. */
    assert_int_equal(net_node_count(s->node, "EXPERIMENTAL_tx_status"), 1);
    assert_int_equal(net_node_count(s->node, "EXPERIMENTAL_receipt"), 0);
}

static void
sources__follow_a_call__that_is_sent_by_others(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 60}, false);
    net_scene_watch(s);
    net_wait_count(s->loop, &s->follower.unknown, 2);
    net_node_begin(s->node);
    net_scene_finish(s);
    net_scene_assert_complete(s);
}

static void
count_turn(void *context)
{
    (*(int *)context)++;
}

static void
sources__rest__when_nothing_is_wanted(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 30}, false);
    net_scene_send(s);
    net_scene_finish(s);
    sources_unfollow(s->sources, &s->follower.tx);
    assert_false(sources_is_following(s->sources, &s->follower.tx));
    int before = net_node_count(s->node, NULL), ticks = 0;
    /* Many blocks later nothing has been asked. */
    struct loop_timer *t = loop_timer_new(s->loop, count_turn, &ticks);
    loop_timer_start(t, 30, 30);
    net_wait_count(s->loop, &ticks, 10);
    sources_poke(s->sources);
    net_wait_count(s->loop, &ticks, 12);
    loop_timer_close(t);
    assert_int_equal(net_node_count(s->node, NULL), before);
}

/* --- a node in trouble -------------------------------------------------------------- */

static void
sources__go_on__when_the_node_is_in_trouble(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {
        NODE_429, NODE_FINE, NODE_502, NODE_HALF, NODE_FINE, NODE_GARBAGE, NODE_HANGS_UP};
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 60, .faulty_method = "EXPERIMENTAL_tx_status",
        .faults = faults, .fault_count = ARRAY_LEN(faults)}, false);
    net_scene_send(s);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_true(s->follower.had_trouble[SOURCE_RPC]);
}

static void
sources__go_on__when_a_receipt_and_a_block_are_refused(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_502, NODE_GARBAGE};
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 60, .faulty_method = "block", .faults = faults,
        .fault_count = ARRAY_LEN(faults)}, false);
    net_scene_send(s);
    net_scene_finish(s);
    net_scene_assert_complete(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_scene_set_up, net_scene_tear_down)
        TEST(sources__follow_within_40_requests__by_polling_alone),
        TEST(sources__follow_within_8_requests__when_outcomes_are_pushed),
        TEST(sources__fall_back__when_the_feed_does_not_push),
        TEST(sources__poll__when_there_is_no_feed_at_all),
        TEST(sources__lose_nothing__when_the_feed_breaks),
        TEST(sources__lose_nothing__when_the_feed_babbles),
        TEST(sources__read_the_past__when_a_call_is_over),
        TEST(sources__follow_a_call__that_is_sent_by_others),
        TEST(sources__rest__when_nothing_is_wanted),
        TEST(sources__go_on__when_the_node_is_in_trouble),
        TEST(sources__go_on__when_a_receipt_and_a_block_are_refused),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
