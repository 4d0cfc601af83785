/* Blocks that are replaced, and sources that contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/model/replaced.h"
#include "tui/model/want.h"

enum { BRANCH = 1, CHILD = 2 };

static void
replace_block(struct store *s, unsigned height)
{
    struct event ev = made_event(EVENT_REPLACED);
    ev.replaced.block = made_id(MADE_BLOCK + height);
    ev.replaced.height = height;
    store_apply(s, &ev);
}

/* The transaction in block 10, its first receipt in 11, a branch in 12. */
static struct store *
made_store(void)
{
    struct store *s = store_new();
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 11, BRANCH, 1);
    return s;
}

static void
assert_not_run(struct store *s)
{
    struct call *c = made_call(s);
    struct node *n = made_node(c, BRANCH);
    assert_false(n->has_outcome);
    assert_int_not_equal(n->status, NODE_DONE);
    assert_int_equal(n->child_count, 0);
    assert_false(c->verdict->is_complete);
    assert_int_equal(c->verdict->known, 1);
}

static void
store_apply__takes_back__what_ran_in_a_replaced_block(void **state)
{
    (void)state;
    struct store *s = made_store();
    made_ran(s, BRANCH, 12, CHILD, 1);
    made_ran(s, CHILD, 13, 0, 0);
    assert_int_equal(made_call(s)->verdict->known, 3);
    replace_block(s, 12);
    assert_not_run(s);
    assert_int_equal(made_call(s)->taken_back, 1);
    /* It runs again, in another block. */
    made_ran(s, BRANCH, 14, 0, 0);
    struct call *c = made_call(s);
    assert_true(made_node(c, BRANCH)->has_outcome);
    assert_int_equal(made_node(c, BRANCH)->height, 14);
    assert_true(c->verdict->is_complete);
    store_free(s);
}

/* At a time of its own: what was told later counts. */
static void
say_state(struct store *s, enum tx_state state, int64_t seen_ns)
{
    struct event ev = made_event(EVENT_TX_STATE);
    ev.seen_ns = seen_ns;
    ev.tx_state.state = state;
    ev.tx_state.reason = STR("a reason");
    store_apply(s, &ev);
}

static void
replace_later(struct store *s, unsigned height, int64_t seen_ns)
{
    struct event ev = made_event(EVENT_REPLACED);
    ev.seen_ns = seen_ns;
    ev.replaced.block = made_id(MADE_BLOCK + height);
    ev.replaced.height = height;
    store_apply(s, &ev);
}

static void
store_apply__takes_the_inclusion_back__with_the_block_of_the_transaction(void **state)
{
    (void)state;
    struct store *s = store_new();
    say_state(s, TX_SENT, 1);
    say_state(s, TX_INCLUDED, 10);
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    replace_later(s, 10, 20);
    struct call *c = made_call(s);
    assert_int_equal(c->state, TX_SENT);
    assert_int_equal(c->taken_back, 1);
    assert_int_equal(c->taken_back_what, TAKEN_BACK_TRANSACTION);
    assert_false(c->verdict->is_complete);
    /* What was heard before counts for nothing, however late it comes. */
    say_state(s, TX_INCLUDED, 15);
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    assert_int_equal(made_call(s)->state, TX_SENT);
    /* A node has it again; then it runs. */
    say_state(s, TX_INCLUDED, 30);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    replace_later(s, 10, 40);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    made_ran(s, MADE_TX, 12, MADE_ROOT, 1);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    assert_int_equal(made_call(s)->taken_back, 1);
    store_free(s);
}

static void
store_apply__takes_the_inclusion_back__though_the_block_is_heard_of_later(void **state)
{
    (void)state;
    struct store *s = store_new();
    replace_later(s, 10, 20);
    /* One answer, of a node that is behind. */
    say_state(s, TX_INCLUDED, 25);
    struct event ev = made_event(EVENT_OUTCOME);
    ev.seen_ns = 25;
    ev.outcome = (struct outcome_fact){.id = made_id(MADE_TX), .is_transaction = true,
                                       .block_hash = made_id(MADE_BLOCK + 10)};
    store_apply(s, &ev);
    assert_int_equal(made_call(s)->state, TX_SENT);
    say_state(s, TX_INCLUDED, 30);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    store_free(s);
}

/* --- a node that does not know any more what has run ---------------------------------------- */

static void
tell_block(struct store *s, unsigned height, unsigned prev, bool is_final)
{
    struct event ev = made_event(EVENT_BLOCK);
    ev.block = (struct block_fact){.hash = made_id(MADE_BLOCK + height), .height = height,
                                   .is_final = is_final, .has_prev = prev != 0,
                                   .prev = made_id(MADE_BLOCK + prev),
                                   .has_prev_height = prev != 0, .prev_height = prev};
    store_apply(s, &ev);
}

static void
assert_wants(struct store *s, enum want_kind kind, unsigned block)
{
    struct want wants[8];
    size_t n = want_list(s, made_call(s), wants, 0, ARRAY_LEN(wants));
    bool is_there = false;
    struct hash id = made_id(MADE_BLOCK + block);
    for (size_t i = 0; i < n; i++)
        is_there |= wants[i].kind == kind && (!block || hash_equal(&wants[i].id, &id));
    assert_true(is_there);
}

static bool
wants_only_status(struct store *s)
{
    struct want wants[8];
    size_t n = want_list(s, made_call(s), wants, 0, ARRAY_LEN(wants));
    return n > 0 && wants[0].kind == WANT_STATUS && (n == 1 || wants[1].kind == WANT_RECEIPT);
}

/* The transaction ran in block 10; then a node has never heard of it. */
static struct store *
made_doubt(void)
{
    struct store *s = store_new();
    say_state(s, TX_INCLUDED, 3);
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    assert_true(wants_only_status(s));
    say_state(s, TX_UNKNOWN, 7);
    assert_wants(s, WANT_FINALITY, 0);
    /* Not high enough yet to say anything of block 10. */
    tell_block(s, 9, 8, true);
    assert_wants(s, WANT_FINALITY, 0);
    tell_block(s, 14, 13, true);
    assert_wants(s, WANT_BLOCK, 13);
    return s;
}

static void
want_list__asks_for_the_blocks_under_a_final_one__when_what_ran_is_unknown(void **state)
{
    (void)state;
    struct store *s = made_doubt();
    /* The chain grows; the way down does not. A source that does not say what is under a block is no
     * answer. */
    tell_block(s, 15, 14, true);
    assert_wants(s, WANT_BLOCK, 13);
    tell_block(s, 13, 0, false);
    assert_wants(s, WANT_BLOCK, 13);
    tell_block(s, 13, 11, false);
    assert_wants(s, WANT_BLOCK, 11);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    tell_block(s, 11, 9, false);
    /* 9 is under it: 10 is on no chain. */
    assert_true(wants_only_status(s));
    assert_int_equal(made_call(s)->state, TX_SENT);
    assert_int_equal(made_call(s)->taken_back, 1);
    assert_false(made_call(s)->transaction_node->has_outcome);
    /* And a refusal is believed. */
    say_state(s, TX_REFUSED, 9);
    assert_int_equal(made_call(s)->state, TX_REFUSED);
    assert_true(want_nothing(s, made_call(s)));
    store_free(s);
}

static void
want_list__finds_the_block_final__when_it_is_under_a_final_one(void **state)
{
    (void)state;
    struct store *s = made_doubt();
    tell_block(s, 10, 9, false);
    tell_block(s, 13, 11, false);
    assert_int_equal(made_call(s)->transaction_node->certainty, CERTAINTY_OPTIMISTIC);
    tell_block(s, 11, 10, false);
    assert_true(wants_only_status(s));
    assert_int_equal(made_call(s)->transaction_node->certainty, CERTAINTY_FINAL);
    assert_int_equal(made_call(s)->taken_back, 0);
    store_free(s);
}

static void
want_list__asks_for_no_more_blocks__when_the_node_knows_it_again(void **state)
{
    (void)state;
    struct store *s = store_new();
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    say_state(s, TX_UNKNOWN, 7);
    tell_block(s, 14, 13, true);
    assert_wants(s, WANT_BLOCK, 13);
    struct event ev = made_event(EVENT_OUTCOME);
    ev.seen_ns = 9;
    ev.outcome = made_call(s)->transaction_node->outcome;
    store_apply(s, &ev);
    assert_true(wants_only_status(s));
    store_free(s);
}

/* Nothing says at which height it was, and nobody has it. */
static void
store_apply__believes_a_refusal__of_what_ran_in_a_block_that_nobody_has(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct event ev = made_event(EVENT_OUTCOME), hole = made_event(EVENT_HOLE);
    struct hash root = made_id(MADE_ROOT);
    say_state(s, TX_INCLUDED, 3);
    ev.outcome = (struct outcome_fact){
        .id = made_id(MADE_TX), .is_transaction = true, .status = OUTCOME_RECEIPT, .returns = root,
        .children = &root, .child_count = 1, .block_hash = made_id(MADE_BLOCK + 10)};
    store_apply(s, &ev);
    say_state(s, TX_REFUSED, 8);
    /* The same bytes came twice, and have run. */
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    hole.seen_ns = 9;
    hole.hole.id = made_id(MADE_BLOCK + 10);
    hole.hole.reason = STR("unknown block");
    store_apply(s, &hole);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    say_state(s, TX_UNKNOWN, 10);
    assert_int_equal(made_call(s)->state, TX_REFUSED);
    assert_true(want_nothing(s, made_call(s)));
    /* A node has it after all. */
    ev.seen_ns = 12;
    store_apply(s, &ev);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    store_free(s);
}

static void
run_somewhere(struct store *s, unsigned number, unsigned child)
{
    struct event ev = made_event(EVENT_OUTCOME);
    struct hash id = made_id(child);
    ev.outcome = (struct outcome_fact){
        .id = made_id(number), .is_transaction = number == MADE_TX,
        .status = child ? OUTCOME_RECEIPT : OUTCOME_VALUE, .returns = id, .children = &id,
        .child_count = child != 0, .block_hash = made_id(MADE_BLOCK + 10)};
    store_apply(s, &ev);
}

/* A status told of a block that was gone before anybody could say when it was; then push told what
 * counts. */
static void
want_nothing__waits_for_no_block__of_what_has_no_place_in_the_tree(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX);
    store_apply(s, &tx);
    run_somewhere(s, MADE_TX, CHILD);
    run_somewhere(s, CHILD, 0);
    made_ran(s, MADE_TX, 11, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 12, 0, 0);
    assert_wants(s, WANT_BLOCK, 10);
    assert_false(want_nothing(s, made_call(s)));
    tell_block(s, 11, 9, true);
    tell_block(s, 12, 11, true);
    assert_true(want_nothing(s, made_call(s)));
    assert_int_equal(made_call(s)->order_count, 1);
    store_free(s);
}

/* The block at the next height takes its place: nobody tells that it was replaced. */
static void
store_apply__says_that_it_moved__when_it_runs_in_another_block(void **state)
{
    (void)state;
    struct store *s = made_store();
    assert_int_equal(made_call(s)->taken_back, 0);
    made_ran(s, MADE_TX, 11, MADE_ROOT, 1);
    struct call *c = made_call(s);
    assert_int_equal(c->taken_back, 1);
    assert_int_equal(c->taken_back_what, TAKEN_BACK_MOVED);
    assert_int_equal(c->transaction_node->height, 11);
    /* When it is told in the end, it is no news. */
    replace_block(s, 10);
    assert_int_equal(made_call(s)->taken_back, 1);
    store_free(s);
}

/* Nobody has it, and then a node has it again: it was handed over once more. */
static void
store_apply__includes_again__what_nobody_had(void **state)
{
    (void)state;
    struct store *s = store_new();
    say_state(s, TX_INCLUDED, 10);
    say_state(s, TX_UNOBSERVED, 20);
    assert_int_equal(made_call(s)->state, TX_UNOBSERVED);
    say_state(s, TX_INCLUDED, 30);
    assert_int_equal(made_call(s)->state, TX_INCLUDED);
    store_free(s);
}

static void
store_apply__agrees__whichever_comes_first(void **state)
{
    (void)state;
    struct store *s = made_store();
    replace_block(s, 12);
    made_ran(s, BRANCH, 12, CHILD, 1);
    assert_not_run(s);
    /* Twice, and with the true one before and after. */
    made_ran(s, BRANCH, 14, 0, 0);
    made_ran(s, BRANCH, 12, CHILD, 1);
    replace_block(s, 12);
    assert_int_equal(made_node(made_call(s), BRANCH)->height, 14);
    store_free(s);
    s = made_store();
    made_ran(s, BRANCH, 14, 0, 0);
    made_ran(s, BRANCH, 12, CHILD, 1);
    made_ran(s, BRANCH, 16, CHILD, 1);
    replace_block(s, 12);
    replace_block(s, 16);
    struct call *c = made_call(s);
    assert_int_equal(made_node(c, BRANCH)->height, 14);
    assert_int_equal(made_node(c, BRANCH)->child_count, 0);
    struct hash block = made_id(MADE_BLOCK + 16);
    assert_true(store_is_replaced(s, &block));
    store_free(s);
}

static void
store_apply__keeps__what_is_in_a_final_block(void **state)
{
    (void)state;
    struct store *s = made_store();
    made_ran(s, BRANCH, 12, 0, 0);
    struct event ev = made_event(EVENT_BLOCK);
    ev.block = (struct block_fact){.hash = made_id(MADE_BLOCK + 12), .height = 12, .is_final = true};
    store_apply(s, &ev);
    replace_block(s, 12);
    assert_true(made_node(made_call(s), BRANCH)->has_outcome);
    store_free(s);
}

static void
tell(struct store *s, enum source_id source, uint64_t gas, enum outcome_status status)
{
    struct event ev = made_event(EVENT_OUTCOME);
    ev.source = source;
    ev.outcome = (struct outcome_fact){
        .id = made_id(BRANCH), .status = status, .gas_burnt = gas,
        .block_hash = made_id(MADE_BLOCK + 12), .has_block_height = true, .block_height = 12};
    store_apply(s, &ev);
}

static void
store_apply__keeps_a_contradiction__and_the_first_word(void **state)
{
    (void)state;
    struct store *s = made_store();
    tell(s, SOURCE_PUSH, 100, OUTCOME_VALUE);
    tell(s, SOURCE_RPC, 100, OUTCOME_VALUE);
    struct call *c = made_call(s);
    assert_null(c->contradictions);
    tell(s, SOURCE_FEED, 101, OUTCOME_VALUE);
    tell(s, SOURCE_FEED, 101, OUTCOME_VALUE);
    c = made_call(s);
    struct hash id = made_id(BRANCH);
    assert_non_null(c->contradictions);
    assert_null(c->contradictions->next);
    assert_string_equal(c->contradictions->what, "gas");
    assert_int_equal(c->contradictions->other, SOURCE_FEED);
    assert_true(hash_equal(&c->contradictions->id, &id));
    assert_int_equal(made_node(c, BRANCH)->outcome.gas_burnt, 100);
    tell(s, SOURCE_RPC, 100, OUTCOME_FAILURE);
    c = made_call(s);
    assert_string_equal(c->contradictions->what, "status");
    assert_int_equal(made_node(c, BRANCH)->status, NODE_DONE);
    store_free(s);
    /* Two endpoints. */
    s = made_store();
    tell(s, SOURCE_RPC, 100, OUTCOME_VALUE);
    tell(s, SOURCE_RPC, 101, OUTCOME_VALUE);
    c = made_call(s);
    assert_non_null(c->contradictions);
    assert_int_equal(c->contradictions->other, SOURCE_RPC);
    assert_int_equal(made_node(c, BRANCH)->outcome.gas_burnt, 100);
    store_free(s);
}

/* The same call by two sources, as a real node told it: they agree. */
static void
store_apply__finds_no_contradiction__in_what_was_recorded(void **state)
{
    (void)state;
    struct model_case m;
    model_case_load(&m, "portfolio_lending_panics");
    struct store *s = model_case_store(&m);
    for (size_t i = 0; i < m.facts.count; i++) {
        struct event ev = m.facts.events[i];
        ev.source = SOURCE_PUSH;
        store_apply(s, &ev);
    }
    assert_null(model_case_call(&m, s)->contradictions);
    store_free(s);
    model_case_release(&m);
}

static void
store_apply__keeps_how_endpoints_are_doing(void **state)
{
    (void)state;
    struct store *s = store_new();
    char name[] = "first", host[] = "a.example.org", reason[] = "it is behind";
    struct event ev = made_event(EVENT_ENDPOINT);
    ev.endpoint = (struct endpoint_fact){.index = 1, .name = name, .host = host, .reason = reason,
                                         .state = ENDPOINT_RESTS, .requests = 7};
    store_apply(s, &ev);
    /* What it pointed at is gone. */
    name[0] = host[0] = reason[0] = 'x';
    assert_int_equal(s->endpoint_count, 2);
    assert_string_equal(s->endpoints[1].fact.name, "first");
    assert_string_equal(s->endpoints[1].fact.reason, "it is behind");
    assert_int_equal(s->endpoints[1].fact.requests, 7);
    ev.endpoint.index = STORE_MAX_ENDPOINTS;
    store_apply(s, &ev);
    assert_int_equal(s->endpoint_count, 2);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(store_apply__takes_back__what_ran_in_a_replaced_block),
        cmocka_unit_test(want_list__asks_for_the_blocks_under_a_final_one__when_what_ran_is_unknown),
        cmocka_unit_test(want_list__finds_the_block_final__when_it_is_under_a_final_one),
        cmocka_unit_test(want_nothing__waits_for_no_block__of_what_has_no_place_in_the_tree),
        cmocka_unit_test(want_list__asks_for_no_more_blocks__when_the_node_knows_it_again),
        cmocka_unit_test(store_apply__believes_a_refusal__of_what_ran_in_a_block_that_nobody_has),
        cmocka_unit_test(store_apply__takes_the_inclusion_back__with_the_block_of_the_transaction),
        cmocka_unit_test(store_apply__takes_the_inclusion_back__though_the_block_is_heard_of_later),
        cmocka_unit_test(store_apply__says_that_it_moved__when_it_runs_in_another_block),
        cmocka_unit_test(store_apply__includes_again__what_nobody_had),
        cmocka_unit_test(store_apply__agrees__whichever_comes_first),
        cmocka_unit_test(store_apply__keeps__what_is_in_a_final_block),
        cmocka_unit_test(store_apply__keeps_a_contradiction__and_the_first_word),
        cmocka_unit_test(store_apply__finds_no_contradiction__in_what_was_recorded),
        cmocka_unit_test(store_apply__keeps_how_endpoints_are_doing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
