/* The transaction's own fate, what cannot be had, who told, ceilings, sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/support/model_made.h"
#include "tui/model/want.h"

/* --- the transaction ---------------------------------------------------------------------- */

static void
store_apply__transaction_that_failed_alone(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_failed(s, MADE_TX, 10);
    struct call *c = made_call(s);
    assert_int_equal(c->verdict->kind, VERDICT_FAILED);
    assert_true(c->verdict->is_complete && !c->verdict->is_final);
    assert_ptr_equal(c->verdict->result, c->transaction_node);
    assert_int_equal(c->transaction_node->status, NODE_FAILED);
    store_free(s);
}

static void
store_apply__refused_and_nothing_more(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_state(s, TX_SENT);
    made_state(s, TX_REFUSED);
    made_state(s, TX_UNKNOWN);
    struct call *c = made_call(s);
    assert_int_equal(c->state, TX_REFUSED);
    assert_int_equal(c->verdict->kind, VERDICT_FAILED);
    assert_string_equal(c->refused_reason, "a reason");
    assert_true(want_nothing(s, c));
    store_free(s);
}

/* The copy that was sent again is refused for its nonce; the first one runs. */
static void
store_apply__refused_but_it_ran(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_state(s, TX_REFUSED);
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    struct call *c = made_call(s);
    assert_int_equal(c->state, TX_INCLUDED);
    assert_int_equal(c->verdict->kind, VERDICT_RUNNING);
    assert_false(want_nothing(s, c));
    store_free(s);
}

/* "Included" is said of a chunk that is only being made, and may be lost with it. */
static void
store_apply__included_but_nobody_has_it(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_state(s, TX_INCLUDED);
    made_state(s, TX_UNKNOWN);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    made_state(s, TX_UNOBSERVED);
    struct call *c = made_call(s);
    assert_int_equal(c->state, TX_UNOBSERVED);
    assert_string_equal(c->unobserved_reason, "a reason");
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    store_free(s);
}

static enum want_kind
first_want(struct store *s)
{
    struct want want;
    assert_int_equal(want_list(s, made_call(s), &want, 0, 1), 1);
    return want.kind;
}

/* A block may be final at that height, and not be the one. */
static void
want_list__asks_how_it_stands__when_blocks_are_final_over_it(void **state)
{
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX), final = made_event(EVENT_FINAL);
    (void)state;
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 0, 0);
    assert_int_equal(first_want(s), WANT_FINALITY);
    final.final.height = 9;
    store_apply(s, &final);
    assert_int_equal(first_want(s), WANT_FINALITY);
    final.final.height = 12;
    store_apply(s, &final);
    assert_int_equal(first_want(s), WANT_STATUS);
    assert_false(call_verdict(s, made_call(s))->is_final);
    made_state(s, TX_FINAL);
    assert_true(call_verdict(s, made_call(s))->is_final);
    store_free(s);
}

/* --- what cannot be had ------------------------------------------------------------------- */

static void
hole(struct store *s, unsigned number)
{
    struct event ev = made_event(EVENT_HOLE);
    ev.hole.id = made_id(number);
    ev.hole.reason = STR("pruned");
    store_apply(s, &ev);
}

static void
hole__counts_only_when_all_is_over(void **state)
{
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX);
    (void)state;
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    made_exists(s, 2, NULL, 0, 0);
    made_ran(s, 2, 11, 0, 0);
    hole(s, 1);
    struct call *c = made_call(s);
    assert_int_equal(made_node(c, 1)->status, NODE_UNKNOWN);
    assert_false(want_nothing(s, c));
    made_state(s, TX_FINAL);
    c = made_call(s);
    assert_int_equal(made_node(c, 1)->status, NODE_HOLE);
    assert_string_equal(made_node(c, 1)->hole_reason, "pruned");
    assert_int_equal(c->verdict->kind, VERDICT_UNKNOWN);
    assert_true(want_nothing(s, c));
    /* Another source has it after all. */
    made_ran(s, 1, 11, 0, 0);
    made_exists(s, 1, NULL, 0, 0);
    assert_int_equal(made_call(s)->verdict->kind, VERDICT_OK);
    store_free(s);
}

/* Before the end a node may only be behind: it is asked again. What nobody has then is given up, and
 * is taken all the same when it comes. */
static void
hole__of_a_block_counts_only_after_the_end(void **state)
{
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX), ran = made_event(EVENT_OUTCOME),
                 block = made_event(EVENT_HOLE);
    struct want wants[8];
    (void)state;
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    ran.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .status = OUTCOME_VALUE,
                                        .executor = account_of("contract.test"),
                                        .block_hash = made_id(MADE_BLOCK + 10)};
    store_apply(s, &ran);
    block.hole.id = made_id(MADE_BLOCK + 10);
    block.hole.reason = STR("pruned");
    store_apply(s, &block);
    made_state(s, TX_FINAL);
    struct call *c = made_call(s);
    assert_false(want_nothing(s, c));
    assert_int_equal(want_list(s, c, wants, 0, ARRAY_LEN(wants)), 1);
    assert_int_equal(wants[0].kind, WANT_BLOCK);
    block.seen_ns = INT64_MAX;
    store_apply(s, &block);
    c = made_call(s);
    assert_true(want_nothing(s, c));
    assert_string_equal(made_node(c, MADE_ROOT)->block_gone, "pruned");
    assert_int_equal(c->verdict->untimed, 1);
    struct event late = made_event(EVENT_BLOCK);
    late.block = (struct block_fact){.hash = made_id(MADE_BLOCK + 10), .height = 10, .time_ns = 5};
    store_apply(s, &late);
    assert_true(made_node(made_call(s), MADE_ROOT)->has_height);
    store_free(s);
}

/* Its outcome is known, what it is is not: said, and no gas is counted that nobody paid for. */
static void
hole__of_what_has_run_is_told_and_does_not_count_a_refund(void **state)
{
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX);
    (void)state;
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    made_exists(s, 2, NULL, 0, 0);
    made_ran(s, 1, 11, 0, 0);
    made_ran(s, 2, 11, 0, 0);
    hole(s, 1);
    made_state(s, TX_FINAL);
    struct call *c = made_call(s);
    assert_int_equal(c->verdict->kind, VERDICT_OK);
    assert_int_equal(c->verdict->untold, 1);
    assert_int_equal(c->verdict->gas_burnt, 3);
    assert_true(want_nothing(s, c));
    made_exists(s, 1, NULL, 0, 0);
    c = made_call(s);
    assert_int_equal(c->verdict->untold, 0);
    assert_int_equal(c->verdict->gas_burnt, 4);
    store_free(s);
}

static void
hole__of_a_block_is_no_receipt(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    hole(s, MADE_BLOCK + 9);
    assert_int_equal(made_call(s)->nodes.live, 1);
    store_free(s);
}

/* --- the feed's word ---------------------------------------------------------------------- */

static void
executed__places_and_confirms(void **state)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_EXECUTED);
    (void)state;
    ev.source = SOURCE_FEED;
    ev.executed.receipt = made_id(MADE_ROOT);
    ev.executed.block_height = 10;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    store_apply(s, &ev);
    struct call *c = made_call(s);
    assert_int_equal(c->root->status, NODE_IN_FLIGHT);
    assert_true(c->root->has_height && c->root->height == 10);
    assert_int_equal(c->root->certainty, CERTAINTY_NONE);
    made_ran(s, MADE_ROOT, 10, 0, 0);
    c = made_call(s);
    assert_int_equal(c->root->certainty, CERTAINTY_FINAL);
    assert_int_equal(c->root->told_by, 1u << SOURCE_FEED | 1u << SOURCE_RPC);
    store_free(s);
}

static void
sight__earliest_source_stays(void **state)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_OUTCOME);
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    ev.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .block_hash = made_id(7)};
    ev.source = SOURCE_RPC;
    ev.seen_ns = 200;
    assert_true(store_apply(s, &ev));
    ev.source = SOURCE_PUSH;
    ev.seen_ns = 100;
    assert_true(store_apply(s, &ev));
    ev.seen_ns = 300;
    assert_false(store_apply(s, &ev));
    const struct node *n = made_call(s)->root;
    assert_int_equal(n->first_source, SOURCE_PUSH);
    assert_true(n->outcome_seen_ns == 100 && n->first_seen_ns == 100);
    assert_true(n->told_ns[SOURCE_RPC] == 200 && n->told_ns[SOURCE_PUSH] == 100);
    store_free(s);
}

/* --- ceilings ----------------------------------------------------------------------------- */

static void
ceiling__oldest_call_that_is_over_leaves(void **state)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_TX_STATE);
    struct hash first = made_id(1), second = made_id(2), third = made_id(3);
    (void)state;
    for (unsigned i = 1; i <= STORE_MAX_CALLS; i++) {
        ev.tx = made_id(i);
        ev.tx_state.state = i == 2 ? TX_FINAL : TX_SENT;
        store_apply(s, &ev);
    }
    ev.tx = made_id(STORE_MAX_CALLS + 1);
    store_apply(s, &ev);
    assert_int_equal(s->recent_count, STORE_MAX_CALLS);
    assert_non_null(store_call(s, &first));
    assert_null(store_call(s, &second));
    /* None is over any more: the oldest goes. */
    ev.tx = made_id(STORE_MAX_CALLS + 2);
    store_apply(s, &ev);
    assert_null(store_call(s, &first));
    assert_non_null(store_call(s, &third));
    store_free(s);
}

static void
block_at(struct store *s, uint64_t height)
{
    struct event ev = made_event(EVENT_BLOCK);
    static const uint64_t shards[] = {0, 1, 2};
    ev.tx = (struct hash){{0}};
    ev.block = (struct block_fact){.hash = made_id(MADE_BLOCK + (unsigned)height),
                                   .height = height, .time_ns = height * 7, .has_shards = true,
                                   .shard_ids = shards, .shard_count = 3};
    store_apply(s, &ev);
}

static void
ceiling__forgotten_blocks_leave_their_heights(void **state)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_OUTCOME);
    struct hash early = made_id(MADE_BLOCK + 9);
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    ev.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .block_hash = early};
    store_apply(s, &ev);
    block_at(s, 9);
    assert_non_null(store_block(s, &early));
    assert_true(made_call(s)->root->height == 9);
    for (unsigned h = 10; h < 10 + STORE_MAX_BLOCKS; h++)
        block_at(s, h);
    assert_null(store_block(s, &early));
    assert_true(s->blocks.live <= STORE_MAX_BLOCKS);
    const struct node *root = made_call(s)->root;
    assert_true(root->has_height && root->height == 9 && root->time_ns == 63);
    store_free(s);
}

static void
ceiling__versions_of_one_outcome(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    for (unsigned h = 10; h < 10 + 2 * STORE_MAX_VERSIONS; h++)
        made_ran(s, MADE_ROOT, h, 0, 0);
    struct call *c = made_call(s);
    assert_true(c->root->height == 9 + STORE_MAX_VERSIONS);
    assert_int_equal(c->dropped, STORE_MAX_VERSIONS);
    store_free(s);
}

/* It is asked for again, and what is known already takes no room. */
static void
ceiling__a_hole_that_is_known_is_no_lost_fact(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 1);
    hole(s, 1);
    struct call *c = made_call(s);
    c->arena.used += STORE_MAX_CALL_BYTES;
    hole(s, 1);
    assert_int_equal(c->dropped, 0);
    hole(s, MADE_ROOT);
    assert_int_equal(c->dropped, 1);
    c->arena.used -= STORE_MAX_CALL_BYTES;
    store_free(s);
}

/* --- sources ------------------------------------------------------------------------------ */

static void
source__says_how_it_does(void **state)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_SOURCE);
    (void)state;
    ev.source = SOURCE_PUSH;
    ev.health.state = SOURCE_RETRYING;
    ev.health.text = STR("the node hung up");
    ev.health.delay_ns = -1;
    assert_true(store_apply(s, &ev));
    assert_false(store_apply(s, &ev));
    assert_string_equal(s->sources[SOURCE_PUSH].text, "the node hung up");
    assert_int_equal(s->sources[SOURCE_PUSH].state, SOURCE_RETRYING);
    assert_int_equal(s->recent_count, 0);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(store_apply__transaction_that_failed_alone),
        cmocka_unit_test(store_apply__refused_and_nothing_more),
        cmocka_unit_test(store_apply__refused_but_it_ran),
        cmocka_unit_test(store_apply__included_but_nobody_has_it),
        cmocka_unit_test(want_list__asks_how_it_stands__when_blocks_are_final_over_it),
        cmocka_unit_test(hole__counts_only_when_all_is_over),
        cmocka_unit_test(hole__of_a_block_counts_only_after_the_end),
        cmocka_unit_test(hole__of_what_has_run_is_told_and_does_not_count_a_refund),
        cmocka_unit_test(hole__of_a_block_is_no_receipt),
        cmocka_unit_test(executed__places_and_confirms),
        cmocka_unit_test(sight__earliest_source_stays),
        cmocka_unit_test(ceiling__oldest_call_that_is_over_leaves),
        cmocka_unit_test(ceiling__forgotten_blocks_leave_their_heights),
        cmocka_unit_test(ceiling__versions_of_one_outcome),
        cmocka_unit_test(ceiling__a_hole_that_is_known_is_no_lost_fact),
        cmocka_unit_test(source__says_how_it_does),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
