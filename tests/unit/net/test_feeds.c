/* Several addresses of one feed: which is opened, and that nothing is lost on the way to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/feeds.h"
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

enum { BLOCK_MS = 30, RETRY_MS = 4, FIRST_MS = 100, MOST_MS = 1000 };

static const struct feed_address three[] = {
    {.url = "ws://a.example/"}, {.url = "wss://b.example/secret", .bearer = "t", .name = "ours"},
    {.url = "ws://c.example"}};

static int64_t
at_ms(int64_t ms)
{
    return ms * NS_PER_MS;
}

static void
feeds_choose__takes_the_preferred__that_does_not_rest(void **state)
{
    struct feeds f;
    uint64_t wait_ms = 7;
    (void)state;
    feeds_init(&f, three, ARRAY_LEN(three), FIRST_MS, MOST_MS);
    assert_string_equal(feeds_url(&f), "ws://a.example");
    assert_null(feeds_bearer(&f));
    assert_true(feeds_failed(&f, "it broke", at_ms(0), &wait_ms));
    assert_int_equal(wait_ms, 0);
    assert_string_equal(feeds_url(&f), "wss://b.example/secret");
    assert_string_equal(feeds_bearer(&f), "t");
    /* The second works and is kept; when it fails the first has rested enough. */
    feeds_worked(&f);
    assert_true(feeds_failed(&f, "no", at_ms(5000), &wait_ms));
    assert_int_equal(wait_ms, 0);
    assert_int_equal(f.current, 0);
    feeds_choose(&f, at_ms(20000));
    assert_int_equal(f.current, 0);
    feeds_release(&f);
}

static void
feeds_failed__waits_for_the_first_that_is_ready__when_all_rest(void **state)
{
    struct feeds f;
    uint64_t wait_ms = 0;
    (void)state;
    feeds_init(&f, three, ARRAY_LEN(three), FIRST_MS, MOST_MS);
    assert_true(feeds_failed(&f, "x", at_ms(0), &wait_ms));
    assert_true(feeds_failed(&f, "x", at_ms(1), &wait_ms));
    (void)feeds_failed(&f, "x", at_ms(2), &wait_ms);
    assert_in_range(wait_ms, FIRST_MS / 2 - 2, FIRST_MS + 1);
    /* Each time longer, up to the most. */
    for (int64_t now = 10; now < 20; now++)
        (void)feeds_failed(&f, "x", at_ms(now), &wait_ms);
    assert_in_range(wait_ms, FIRST_MS, MOST_MS + 1);
    feeds_release(&f);
    feeds_init(&f, three, 1, FIRST_MS, MOST_MS);
    assert_false(feeds_failed(&f, "x", at_ms(0), &wait_ms));
    assert_true(wait_ms > 0);
    feeds_release(&f);
}

static void
feeds_place__names_them__without_an_address(void **state)
{
    struct feeds f;
    char text[FEEDS_PLACE_MAX];
    uint64_t wait_ms;
    (void)state;
    feeds_init(&f, three, 2, FIRST_MS, MOST_MS);
    assert_string_equal(feeds_place(&f, at_ms(0), text), "a.example, the 1st of 2");
    (void)feeds_failed(&f, "it broke", at_ms(0), &wait_ms);
    assert_string_equal(feeds_place(&f, at_ms(1), text),
                        "ours, the 2nd of 2; a.example rests: it broke");
    assert_string_equal(feeds_place(&f, at_ms(5000), text), "ours, the 2nd of 2; a.example: it broke");
    feeds_release(&f);
}

/* --- with real ones ----------------------------------------------------------------------- */

static void
assert_truth(struct net_scene *s)
{
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_int_equal(net_node_sent(s->node), 1);
}

static bool
is_second_live(const void *context)
{
    const struct net_scene *s = context;
    return s->follower.source_state[SOURCE_PUSH] == SOURCE_LIVE &&
           strstr(s->follower.source_place[SOURCE_PUSH], "second, the 2nd of 2; first");
}

/* Its sockets end, and it lets nobody in any more: the other one goes on pushing. */
static void
sources__go_to_another_feed__when_the_first_dies(void **state)
{
    struct net_scene *s = *state;
    s->has_feeds = true;
    s->ws_retry_first_ms = RETRY_MS;
    net_scene_begin_two(s, &(struct net_node_config){
        .file = PANICS, .block_ms = BLOCK_MS, .awaits_listeners = true, .cut_after = 2,
        .dies_when_cut = true}, &(struct net_node_config){.file = PANICS, .block_ms = BLOCK_MS,
                                                          .awaits_listeners = true});
    net_scene_send(s);
    net_node_begin(s->other);
    assert_truth(s);
    net_wait_until(s->loop, is_second_live, s);
    assert_true(net_node_messages(s->other) > 0);
    assert_int_equal(net_node_messages(s->node), 2);
}

/* The first has no feed at all; the second pushes nothing, and tells what is final. */
static void
sources__go_to_another_feed__that_offers_less(void **state)
{
    struct net_scene *s = *state;
    s->has_feeds = true;
    s->ws_retry_first_ms = RETRY_MS;
    net_scene_begin_two(s, &(struct net_node_config){
        .file = PANICS, .block_ms = BLOCK_MS, .feed = NODE_FEED_NONE},
        &(struct net_node_config){.file = PANICS, .block_ms = BLOCK_MS, .feed = NODE_FEED_INTEAR});
    net_scene_send(s);
    net_node_begin(s->other);
    assert_truth(s);
    assert_true(s->follower.by_source[SOURCE_FEED] > 0);
    assert_true(net_node_messages(s->other) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_scene_set_up, net_scene_tear_down)
        cmocka_unit_test(feeds_choose__takes_the_preferred__that_does_not_rest),
        cmocka_unit_test(feeds_failed__waits_for_the_first_that_is_ready__when_all_rest),
        cmocka_unit_test(feeds_place__names_them__without_an_address),
        TEST(sources__go_to_another_feed__when_the_first_dies),
        TEST(sources__go_to_another_feed__that_offers_less),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
