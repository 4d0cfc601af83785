/* A transaction handed to a node that is in trouble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/sources.h"
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

static void
send_with(struct net_scene *s, const char *method, const enum net_node_fault *faults, size_t count)
{
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 20, .faulty_method = method, .faults = faults,
        .fault_count = count}, false);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
}

static void
send_start__hands_over_the_same_bytes_again__when_the_answer_is_lost(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EATS_IT, NODE_TIMEOUT_408, NODE_HALF};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    struct hash tx = net_node_tx(s->node);
    assert_true(hash_equal(&s->follower.tx, &tx));
    net_scene_finish(s);
    net_scene_assert_complete(s);
}

/* As far as a final block and all nodes know, it has not run, and so it never will. */
static void
send_start__signs_anew__when_the_nonce_is_taken(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_NONCE_TAKEN};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 2);
    assert_int_equal(s->follower.refused, 1);
    assert_int_equal(net_node_count(s->node, "query"), 3);
    assert_int_equal(net_node_count(s->node, "tx"), 3);
    struct hash first = net_node_tx(s->node);
    assert_false(hash_equal(&s->follower.tx, &first));
}

/* One node's word is of a block that may be replaced; the key says nothing of it. */
static void
send_start__hands_over_the_same_bytes_again__when_a_refusal_is_not_final(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_STALE_NONCE, NODE_STALE_NONCE};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->follower.refused, 0);
    assert_int_equal(net_node_count(s->node, "send_tx"), 3);
}

static const enum net_node_fault always_408[] = {
    NODE_TIMEOUT_408, NODE_TIMEOUT_408, NODE_TIMEOUT_408, NODE_TIMEOUT_408, NODE_TIMEOUT_408};
static const enum net_node_fault never_tracked[] = {
    NODE_NOT_TRACKED, NODE_NOT_TRACKED, NODE_NOT_TRACKED, NODE_NOT_TRACKED, NODE_NOT_TRACKED};

/* What is swallowed once may be swallowed always. */
static void
send_start__goes_to_another_endpoint__when_one_keeps_silent_or_has_not_the_shard(void **state)
{
    struct net_scene *s = *state;
    const enum net_node_fault *const faults[] = {always_408, never_tracked};
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        const struct net_node_config first = {
            .file = PANICS, .block_ms = 20, .faulty_method = "send_tx", .faults = faults[i],
            .fault_count = 5};
        net_scene_begin_two(s, &first, &(struct net_node_config){.file = PANICS, .block_ms = 20});
        net_scene_send(s);
        net_wait_count(s->loop, &s->done, 1);
        assert_int_equal(s->error, OK);
        assert_int_equal(s->signed_, 1);
        assert_int_equal(net_node_count(s->node, "send_tx"), 1);
        assert_int_equal(net_node_sent(s->other), 1);
        net_scene_end(s);
    }
}

static void
send_start__is_refused__when_no_endpoint_has_the_shard(void **state)
{
    struct net_scene *s = *state;
    send_with(s, "send_tx", never_tracked, ARRAY_LEN(never_tracked));
    assert_int_equal(s->error, ERR_REFUSED);
    assert_int_equal(net_node_count(s->node, "send_tx"), 1);
}

static void
send_start__looks_for_the_first_copy__when_the_second_is_refused(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_EATS_IT, NODE_STALE_NONCE};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->follower.refused, 0);
}

/* Each time it went in; each time the answer says nothing of it; then the nonce is used up. */
static void
send_start__never_signs_anew__when_the_answer_was_ambiguous(void **state)
{
    static const enum net_node_fault all[][2] = {
        {NODE_EATS_IT, NODE_STALE_NONCE}, {NODE_500_AFTER, NODE_STALE_NONCE},
        {NODE_408_AFTER, NODE_STALE_NONCE}, {NODE_HALF_AFTER, NODE_STALE_NONCE}};
    struct net_scene *s = *state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        send_with(s, "send_tx", all[i], ARRAY_LEN(all[i]));
        assert_int_equal(s->error, OK);
        assert_int_equal(s->signed_, 1);
        assert_int_equal(s->follower.refused, 0);
        sources_poke(s->sources);
        net_scene_finish(s);
        net_scene_assert_complete(s);
        net_scene_end(s);
    }
}

/* A node may have had the first copy: its nonce has to be taken, and nobody has to know it. */
static void
send_start__signs_anew__when_the_first_copy_is_certainly_lost(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_HANGS_UP, NODE_NONCE_TAKEN};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 2);
    assert_int_equal(net_node_count(s->node, "tx"), 8);
    assert_int_equal(net_node_count(s->node, "send_tx"), 3);
}

/* What was said before a question went unanswered is still true after it. */
static void
send_start__goes_on_with_its_doubt__when_every_other_question_fails(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_HANGS_UP, NODE_NONCE_TAKEN};
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 20, .faulty_method = "send_tx", .faults = faults,
        .fault_count = ARRAY_LEN(faults), .deaf_method = "tx", .deaf_bits = 0x2aaa}, false);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 2);
    assert_int_equal(net_node_count(s->node, "tx"), 8 + 7);
    assert_int_equal(net_node_count(s->node, "send_tx"), 3);
}

/* The question for the key is answered late, and says that the refusal is not final: until then
 * nothing else is asked, and nothing is decided. */
static void
send_start__asks_one_thing_at_a_time__when_in_doubt(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_STALE_NONCE};
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = 20, .faulty_method = "send_tx", .faults = faults,
        .fault_count = ARRAY_LEN(faults), .deaf_method = "query", .deaf_bits = 0xe}, false);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->follower.refused, 0);
    assert_int_equal(net_node_count(s->node, "tx"), 0);
}

/* Nothing is certain of it, since it may be paid for later: it is not signed again. */
static void
send_start__is_refused__when_the_first_copy_stays_unknown(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_HANGS_UP, NODE_BROKE};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, ERR_REFUSED);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(net_node_count(s->node, "tx"), 8);
    assert_int_equal(s->follower.state, TX_REFUSED);
}

/* Nobody answers the sending, and another program takes the nonce meanwhile. */
static void
send_start__signs_anew__when_nobody_speaks_of_it_and_the_nonce_is_taken(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_SILENT_TAKEN};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 2);
    assert_int_equal(net_node_count(s->node, "tx"), 8);
    assert_int_equal(net_node_count(s->node, "send_tx"), 2);
}

static void
send_start__hands_over_again__when_an_inclusion_is_forgotten(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_LOSES_IT, NODE_LOSES_IT};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(net_node_sent(s->node), 0);
    sources_poke(s->sources);
    net_scene_finish(s);
    net_scene_assert_complete(s);
    assert_int_equal(net_node_count(s->node, "send_tx"), 3);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->done, 1);
}

/* The key went when it was included: it cannot be signed anew. */
static void
send_start__is_refused__when_an_inclusion_is_forgotten_and_the_nonce_is_taken(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_LOSES_IT, NODE_NONCE_TAKEN};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    sources_poke(s->sources);
    net_wait_count(s->loop, &s->follower.refused, 1);
    assert_non_null(strstr(s->follower.reason, "the block that had it is gone, and then"));
    assert_int_equal(net_node_sent(s->node), 0);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->done, 1);
}

static void
send_start__goes_on__when_a_gateway_denies_once(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_403, NODE_403, NODE_FINE, NODE_403};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(s->signed_, 1);
    assert_int_equal(s->follower.refused, 0);
}

static void
send_start__tells_the_reason__when_it_is_refused(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_BROKE};
    send_with(s, "send_tx", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, ERR_REFUSED);
    assert_non_null(strstr(s->sentence, "1 NEAR is needed"));
    assert_int_equal(s->follower.state, TX_REFUSED);
    assert_non_null(strstr(s->follower.reason, "1 NEAR is needed"));
    assert_int_equal(net_node_sent(s->node), 0);
}

static void
send_start__asks_for_the_key_again__when_the_node_is_in_trouble(void **state)
{
    struct net_scene *s = *state;
    static const enum net_node_fault faults[] = {NODE_502, NODE_429};
    send_with(s, "query", faults, ARRAY_LEN(faults));
    assert_int_equal(s->error, OK);
    assert_int_equal(net_node_count(s->node, "query"), 3);
}

static void
send_start__uses_a_nonce_each__when_several_are_under_way(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 20}, false);
    net_scene_send(s);
    net_scene_send(s);
    net_scene_send(s);
    net_wait_count(s->loop, &s->signed_, 3);
    /* The same nonce would make the same transaction, and the same hash, three times. */
    net_wait_count(s->loop, &s->done, 3);
    struct hash recorded = net_node_tx(s->node);
    assert_false(hash_equal(&s->follower.tx, &recorded));
    assert_int_equal(net_node_sent(s->node), 3);
}

/* Another machine might make the same call with the same key now. */
static void
send_start__takes_a_nonce_by_chance__when_they_are_spread(void **state)
{
    struct net_scene *s = *state;
    bool has_gap = false;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 20}, false);
    sender_spread_nonces(sources_sender(s->sources));
    for (int i = 0; i < 20; i++)
        net_scene_send(s);
    net_wait_count(s->loop, &s->done, 20);
    assert_int_equal(net_node_handed_count(s->node), 20);
    for (int i = 1; i < 20; i++) {
        uint64_t last = net_node_handed_nonce(s->node, i - 1), nonce = net_node_handed_nonce(s->node, i);
        assert_true(nonce != last);
        has_gap |= nonce > last + 1;
    }
    assert_true(has_gap);
}

static void
send_start__signs_nothing__on_another_chain_than_was_meant(void **state)
{
    struct net_scene *s = *state;
    static const struct {
        const char *chain_id;
        enum err error;
    } cases[] = {{"testnet", ERR_REFUSED}, {"recorded", OK}, {"", OK}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        s->chain_id = cases[i].chain_id;
        send_with(s, NULL, NULL, 0);
        assert_int_equal(s->error, cases[i].error);
        assert_int_equal(s->signed_, cases[i].error == OK);
        assert_int_equal(net_node_count(s->node, "status"), 1);
        assert_int_equal(net_node_count(s->node, "send_tx"), cases[i].error == OK);
        net_scene_end(s);
    }
}

static void
send_cancel__calls_nobody(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){.file = PANICS, .block_ms = 20}, false);
    net_scene_send(s);
    send_cancel(s->send);
    net_scene_send(s);
    net_wait_count(s->loop, &s->done, 1);
    assert_int_equal(s->signed_, 1);
    /* One is left under way for tear_down. */
    net_scene_send(s);
    net_wait_count(s->loop, &s->signed_, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_scene_set_up, net_scene_tear_down)
        TEST(send_start__hands_over_the_same_bytes_again__when_the_answer_is_lost),
        TEST(send_start__signs_anew__when_the_nonce_is_taken),
        TEST(send_start__looks_for_the_first_copy__when_the_second_is_refused),
        TEST(send_start__never_signs_anew__when_the_answer_was_ambiguous),
        TEST(send_start__hands_over_the_same_bytes_again__when_a_refusal_is_not_final),
        TEST(send_start__signs_anew__when_the_first_copy_is_certainly_lost),
        TEST(send_start__goes_on_with_its_doubt__when_every_other_question_fails),
        TEST(send_start__asks_one_thing_at_a_time__when_in_doubt),
        TEST(send_start__signs_anew__when_nobody_speaks_of_it_and_the_nonce_is_taken),
        TEST(send_start__is_refused__when_the_first_copy_stays_unknown),
        TEST(send_start__hands_over_again__when_an_inclusion_is_forgotten),
        TEST(send_start__is_refused__when_an_inclusion_is_forgotten_and_the_nonce_is_taken),
        TEST(send_start__goes_on__when_a_gateway_denies_once),
        TEST(send_start__tells_the_reason__when_it_is_refused),
        TEST(send_start__asks_for_the_key_again__when_the_node_is_in_trouble),
        TEST(send_start__uses_a_nonce_each__when_several_are_under_way),
        TEST(send_start__takes_a_nonce_by_chance__when_they_are_spread),
        TEST(send_start__signs_nothing__on_another_chain_than_was_meant),
        TEST(send_start__goes_to_another_endpoint__when_one_keeps_silent_or_has_not_the_shard),
        TEST(send_start__is_refused__when_no_endpoint_has_the_shard),
        TEST(send_cancel__calls_nobody),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
