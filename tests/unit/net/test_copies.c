/* The copies of a transaction that are signed, sent and sent again: never two that run. What was
 * refused for its block hash, what was sent twice, what was answered by nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

enum { TIMEOUT_MS = 60 };

static void
send_with(struct net_scene *s, unsigned stale_keys, const enum net_node_fault *faults, size_t count)
{
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 20, .stale_keys = stale_keys, .faulty_method = "send_tx",
        .faults = faults, .fault_count = count}, false);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
    assert_int_equal(s->error, OK);
}

/* The recorded call is the one that is followed, it ran, and once. */
static void
assert_ran(struct net_scene *s)
{
    struct hash tx = net_node_tx(s->node);
    assert_true(hash_equal(&s->follower.tx, &tx));
    sources_poke(s->sources);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_int_equal(s->done, 1);
}

static bool
is_same(struct net_scene *s, int a, int b)
{
    struct hash first = net_node_handed(s->node, a), second = net_node_handed(s->node, b);
    assert_int_equal(net_node_handed_nonce(s->node, a), net_node_handed_nonce(s->node, b));
    return hash_equal(&first, &second);
}

/* --- a block hash that is too old --------------------------------------------------------- */

static void
send_start__keeps_the_nonce__when_the_block_hash_is_too_old(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EXPIRED};
    send_with(s, 1, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 2);
    assert_false(is_same(s, 0, 1));
    assert_int_equal(s->signed_, 2);
    assert_int_equal(s->follower.refused, 1);
    assert_non_null(strstr(s->follower.reason, "signed anew with the same nonce"));
    /* One that it cannot take the place of is not asked for. */
    assert_int_equal(net_node_count(s->node, "tx"), 0);
    assert_ran(s);
}

static void
send_start__hands_over_the_same_bytes__when_there_is_no_newer_block(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EXPIRED, NODE_EXPIRED};
    send_with(s, 3, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 3);
    assert_true(is_same(s, 0, 1));
    assert_false(is_same(s, 1, 2));
    assert_int_equal(s->signed_, 2);
    assert_ran(s);
}

/* Nobody tells of a newer block, for as long as that is asked: the call is not given up for that. */
static void
send_start__hands_over_the_same_bytes__when_nobody_tells_of_the_key(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EXPIRED, NODE_EXPIRED};
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 20, .stale_keys = 1, .faulty_method = "send_tx",
        .faults = faults, .fault_count = ARRAY_LEN(faults), .deaf_method = "query",
        .deaf_bits = 0x1e}, false);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
    assert_int_equal(s->error, OK);
    assert_int_equal(net_node_handed_count(s->node), 3);
    assert_true(is_same(s, 0, 1));
    assert_false(is_same(s, 1, 2));
    assert_int_equal(net_node_count(s->node, "query"), 6);
    assert_ran(s);
}

/* A gateway handed it to two nodes, and only one of them refused it. */
static void
send_start__follows_the_first_copy__when_that_is_the_one_that_ran(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EXPIRED_AFTER, NODE_NONCE_TAKEN};
    send_with(s, ~1u, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 2);
    assert_false(is_same(s, 0, 1));
    /* The first, the second, and the first again. */
    assert_int_equal(s->signed_, 3);
    assert_non_null(strstr(s->follower.reason, "signed before with the same nonce"));
    assert_ran(s);
}

static void
send_start__keeps_the_nonce__when_a_lost_copy_is_too_old(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_HANGS_UP, NODE_EXPIRED};
    send_with(s, 1, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 3);
    assert_true(is_same(s, 0, 1));
    assert_false(is_same(s, 1, 2));
    assert_ran(s);
}

static void
send_start__follows_the_first_copy__when_it_was_taken_and_then_too_old(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EATS_IT, NODE_EXPIRED, NODE_NONCE_TAKEN};
    send_with(s, ~1u, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 3);
    assert_true(is_same(s, 0, 1));
    assert_false(is_same(s, 1, 2));
    assert_ran(s);
}

static void
send_start__signs_nothing__when_a_copy_that_is_too_old_has_its_nonce(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EXPIRED_USED};
    send_with(s, ~1u, faults, ARRAY_LEN(faults));
    assert_int_equal(net_node_handed_count(s->node), 1);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->follower.refused, 0);
    assert_ran(s);
}

/* --- the same bytes twice ----------------------------------------------------------------- */

static void
send_start__says_so__when_its_bytes_were_in_a_block_already(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_USED_AFTER};
    send_with(s, 0, faults, ARRAY_LEN(faults));
    assert_int_equal(s->signed_, 1);
    assert_int_equal(net_node_handed_count(s->node), 1);
    assert_non_null(strstr(s->sentence, "these very bytes were in a block already"));
    assert_int_equal(s->follower.refused, 0);
    assert_ran(s);
}

static void
send_start__sends_the_same_bytes__after_any_ambiguous_answer(void **state)
{
    static const enum net_node_fault all[] = {
        NODE_SILENT_AFTER, NODE_EATS_IT, NODE_500_AFTER, NODE_408_AFTER, NODE_HALF_AFTER,
        NODE_GARBAGE, NODE_HANGS_UP, NODE_502};
    struct net_scene *s = *state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        s->timeout_ms = TIMEOUT_MS;
        send_with(s, 0, &all[i], 1);
        assert_int_equal(net_node_handed_count(s->node), 2);
        assert_true(is_same(s, 0, 1));
        assert_int_equal(s->signed_, 1);
        assert_int_equal(s->follower.refused, 0);
        assert_string_equal(s->sentence, "");
        assert_ran(s);
        net_scene_end(s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_scene_set_up, net_scene_tear_down)
        TEST(send_start__keeps_the_nonce__when_the_block_hash_is_too_old),
        TEST(send_start__hands_over_the_same_bytes__when_there_is_no_newer_block),
        TEST(send_start__hands_over_the_same_bytes__when_nobody_tells_of_the_key),
        TEST(send_start__follows_the_first_copy__when_that_is_the_one_that_ran),
        TEST(send_start__keeps_the_nonce__when_a_lost_copy_is_too_old),
        TEST(send_start__follows_the_first_copy__when_it_was_taken_and_then_too_old),
        TEST(send_start__says_so__when_its_bytes_were_in_a_block_already),
        TEST(send_start__signs_nothing__when_a_copy_that_is_too_old_has_its_nonce),
        TEST(send_start__sends_the_same_bytes__after_any_ambiguous_answer),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
