/* Bad weather: nodes that know too little, lag, or tell of a block that is replaced.
 * Whatever it is, the same tree in the end, or a word of what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/fork.h"
#include "net/near/base58.h"
#include "net/whom.h"
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

enum { BLOCK_MS = 20 };

/* --- a block that is replaced ------------------------------------------------------- */

/* The first block has the transaction, the third its branches. */
static void
sources__take_back__what_a_replaced_block_told(void **state)
{
    struct net_scene *s = *state;
    struct hash other;
    assert_int_equal(hash_parse(STR(NET_NODE_OTHER_BLOCK), &other, NULL), OK);
    for (int fork_at = 1; fork_at <= 3; fork_at += 2) {
        net_scene_begin(s, &(struct net_node_config){
            .file = PANICS, .block_ms = BLOCK_MS, .awaits_listeners = true, .fork_at = fork_at},
            true);
        net_scene_send(s);
        net_wait_until(s->loop, net_scene_is_final, s);
        net_scene_assert_complete(s);
        assert_true(s->follower.replaced >= 1);
        assert_int_equal(net_node_sent(s->node), 1);
        for (size_t i = 0; i < s->follower.count; i++)
            assert_false(hash_equal(&s->follower.nodes[i].block, &other));
        net_scene_end(s);
    }
}

/* Without a feed: an answer names a block at whose height the final one is another. */
static void
sources__take_back__what_a_status_told_of_a_replaced_block(void **state)
{
    struct net_scene *s = *state;
    net_scene_begin(s, &(struct net_node_config){
        .file = PANICS, .block_ms = BLOCK_MS, .fork_at = 4, .is_fork_polled = true, .stuck_at = 6},
        false);
    net_node_begin(s->node);
    net_scene_watch(s);
    net_wait_count(s->loop, &s->follower.replaced, 1);
}

static int replaced_count;
static struct hash replaced_block;

static void
note_replaced(void *context, const struct event *ev)
{
    (void)context;
    assert_int_equal(ev->kind, EVENT_REPLACED);
    replaced_count++;
    replaced_block = ev->replaced.block;
}

static void
hear(struct fork_watch *w, uint64_t height, const char *name, bool is_final_block)
{
    const struct event ev = {
        .kind = EVENT_BLOCK,
        .block = {.hash = hash_of_bytes(str_from(name)), .height = height,
                  .is_final = is_final_block}};
    fork_heard(w, &ev, note_replaced, NULL);
}

static void
hear_after(struct fork_watch *w, uint64_t height, const char *name, uint64_t prev_height)
{
    const struct event ev = {
        .kind = EVENT_BLOCK,
        .block = {.hash = hash_of_bytes(str_from(name)), .height = height, .is_final = true,
                  .has_prev_height = true, .prev_height = prev_height}};
    fork_heard(w, &ev, note_replaced, NULL);
}

static void
fork_heard__tells__what_a_final_block_leaves_out(void **state)
{
    (void)state;
    static struct fork_watch w;
    struct hash gone = hash_of_bytes(STR("gone"));
    replaced_count = 0;
    hear(&w, 20, "stays", false);
    hear(&w, 21, "gone", false);
    hear_after(&w, 22, "next", 20);
    hear_after(&w, 22, "next", 20);
    assert_int_equal(replaced_count, 1);
    assert_true(hash_equal(&replaced_block, &gone));
    /* The final one first; and nothing is left out between neighbours. */
    hear_after(&w, 25, "later", 23);
    hear(&w, 24, "too", false);
    assert_int_equal(replaced_count, 2);
    hear_after(&w, 23, "between", 22);
    hear(&w, 19, "before", false);
    assert_int_equal(replaced_count, 2);
}

static void
fork_heard__tells_once__in_any_order(void **state)
{
    (void)state;
    static struct fork_watch w;
    struct hash a = hash_of_bytes(STR("a"));
    replaced_count = 0;
    hear(&w, 5, "a", false);
    hear(&w, 5, "b", false);
    assert_int_equal(replaced_count, 0);
    hear(&w, 5, "b", true);
    hear(&w, 5, "b", true);
    hear(&w, 5, "a", false);
    assert_int_equal(replaced_count, 1);
    assert_true(hash_equal(&replaced_block, &a));
    /* The final one first. */
    hear(&w, 6, "c", true);
    hear(&w, 6, "d", false);
    assert_int_equal(replaced_count, 2);
    /* Two final ones: a contradiction that is nobody's to settle here. */
    hear(&w, 6, "e", true);
    assert_int_equal(replaced_count, 2);
    /* Long forgotten. */
    for (uint64_t h = 10; h < 10 + FORK_BLOCKS; h++) {
        char name[24];
        snprintf(name, sizeof(name), "%llu", (unsigned long long)h);
        hear(&w, h, name, false);
    }
    hear(&w, 5, "z", false);
    assert_int_equal(replaced_count, 2);
}

/* --- nodes that know too little ----------------------------------------------------- */

static void
sources__ask_elsewhere__for_what_a_node_does_not_have(void **state)
{
    struct net_scene *s = *state;
    const struct net_node_config poor = {.file = PANICS, .block_ms = BLOCK_MS * 3,
                                         .has_no_receipts = true};
    const struct net_node_config rich = {.file = PANICS, .block_ms = BLOCK_MS * 3};
    net_scene_begin_two(s, &poor, &rich);
    net_node_begin(s->node);
    net_node_begin(s->other);
    net_scene_watch(s);
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_true(net_node_count(s->other, "EXPERIMENTAL_receipt") > 0);
    /* One of them had it: that is no hole. */
    assert_int_equal(s->follower.holes, 0);
}

/* It says so once; it need not be asked at each block. */
static void
sources__remember__who_has_not_the_shard(void **state)
{
    struct net_scene *s = *state;
    enum net_node_fault never[40];
    for (size_t i = 0; i < ARRAY_LEN(never); i++)
        never[i] = NODE_NOT_TRACKED;
    const struct net_node_config narrow = {
        .file = PANICS, .block_ms = BLOCK_MS, .faulty_method = "EXPERIMENTAL_tx_status",
        .faults = never, .fault_count = ARRAY_LEN(never)};
    const struct net_node_config wide = {.file = PANICS, .block_ms = BLOCK_MS};
    net_scene_begin_two(s, &narrow, &wide);
    net_node_begin(s->node);
    net_node_begin(s->other);
    net_scene_watch(s);
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_int_equal(net_node_count(s->node, "EXPERIMENTAL_tx_status"), 1);
    assert_true(net_node_count(s->other, "EXPERIMENTAL_tx_status") > 1);
}

/* Who is asked later knows more since then: that is no fault of who was asked before. */
static void
whom_heard__accuses_nobody__when_endpoints_take_turns(void **state)
{
    struct net_scene *s = *state;
    static const struct {
        int endpoint;
        size_t outcomes;
        bool is_behind[2];      /* from then on */
    } answers[] = {{1, 1, {false, false}}, {0, 3, {false, false}}, {1, 4, {false, false}},
                   {0, 2, {true, false}}};
    const struct endpoint_config endpoints[] = {{.url = "http://a.invalid"},
                                                {.url = "http://b.invalid"}};
    struct http *http = http_new(s->loop);
    struct rpc *rpc = rpc_new(s->loop, http, &(struct rpc_config){
        .endpoints = endpoints, .endpoint_count = 2});
    struct whom w;
    char sentence[DIAG_MAX];
    whom_init(&w, false);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        const struct ask_reply reply = {.fault = RPC_FINE, .endpoint = answers[i].endpoint,
                                        .outcomes = answers[i].outcomes, .news = i + 1};
        assert_false(whom_heard(&w, rpc, &reply, 1, sentence));
        for (uint32_t k = 0; k < 2; k++) {
            struct endpoint_fact fact;
            rpc_endpoint(rpc, k, &fact);
            assert_int_equal(fact.state == ENDPOINT_RESTS, answers[i].is_behind[k]);
        }
    }
    rpc_free(rpc);
    http_free(http);
}

static void
sources__tell_a_hole__when_nobody_has_it(void **state)
{
    struct net_scene *s = *state;
    const struct net_node_config poor = {.file = PANICS, .block_ms = BLOCK_MS * 3,
                                         .has_no_receipts = true};
    net_scene_begin_two(s, &poor, &poor);
    net_node_begin(s->node);
    net_node_begin(s->other);
    net_scene_watch(s);
    net_wait_count(s->loop, &s->follower.holes, 1);
    assert_int_equal(s->follower.hole_asked, 3);
    assert_true(net_node_count(s->node, "EXPERIMENTAL_receipt") > 0);
    assert_true(net_node_count(s->other, "EXPERIMENTAL_receipt") > 0);
}

static void
sources__ask_the_archive__for_a_transaction_that_is_unknown(void **state)
{
    struct net_scene *s = *state;
    const struct net_node_config node = {.file = PANICS, .block_ms = BLOCK_MS};
    net_scene_begin_two(s, &node, &node);
    net_node_begin(s->other);
    net_scene_watch(s);
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_true(s->follower.unknown > 0);
    assert_int_equal(s->follower.unobserved, 0);
}

static void
sources__say_not_observed__when_no_endpoint_knows_it(void **state)
{
    struct net_scene *s = *state;
    const struct net_node_config node = {.file = PANICS, .block_ms = BLOCK_MS};
    net_scene_begin_two(s, &node, &node);
    net_scene_watch(s);
    net_wait_count(s->loop, &s->follower.unobserved, 1);
    assert_int_equal(s->follower.state, TX_UNOBSERVED);
    assert_non_null(strstr(s->follower.reason, "none of 2 endpoints has seen it in "));
    assert_true(net_node_count(s->node, NULL) > 0);
    assert_true(net_node_count(s->other, NULL) > 0);
    /* It comes after all: then it is there. */
    net_node_begin(s->other);
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_int_equal(s->follower.unobserved, 1);
}

static void
sources__leave_a_node__that_has_stopped(void **state)
{
    struct net_scene *s = *state;
    const struct net_node_config stuck = {.file = PANICS, .block_ms = BLOCK_MS, .stuck_at = 3};
    const struct net_node_config fine = {.file = PANICS, .block_ms = BLOCK_MS};
    net_scene_begin_two(s, &stuck, &fine);
    net_node_begin(s->node);
    net_node_begin(s->other);
    net_scene_watch(s);
    net_wait_until(s->loop, net_scene_is_final, s);
    net_scene_assert_complete(s);
    assert_int_equal(s->follower.endpoints, 2);
    assert_int_equal(s->follower.endpoint_state[0], ENDPOINT_RESTS);
    assert_non_null(strstr(s->follower.endpoint_reason[0], "it is behind: 127.0.0.1:"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_scene_set_up, net_scene_tear_down)
        TEST(sources__take_back__what_a_replaced_block_told),
        TEST(sources__take_back__what_a_status_told_of_a_replaced_block),
        cmocka_unit_test(fork_heard__tells_once__in_any_order),
        cmocka_unit_test(fork_heard__tells__what_a_final_block_leaves_out),
        TEST(sources__ask_elsewhere__for_what_a_node_does_not_have),
        TEST(sources__remember__who_has_not_the_shard),
        TEST(whom_heard__accuses_nobody__when_endpoints_take_turns),
        TEST(sources__tell_a_hole__when_nobody_has_it),
        TEST(sources__ask_the_archive__for_a_transaction_that_is_unknown),
        TEST(sources__say_not_observed__when_no_endpoint_knows_it),
        TEST(sources__leave_a_node__that_has_stopped),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
