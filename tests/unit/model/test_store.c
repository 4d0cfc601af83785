/* Rules that no recording shows: made-up facts, a few at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tui/model/verdict.h"
#include "tui/model/want.h"

enum { MANY = 10000 };

/* An id is a number, so that tests can be read. */
static struct hash
id(unsigned number)
{
    struct hash h = {{0}};
    memcpy(h.b, &number, sizeof(number));
    h.b[31] = 1;
    return h;
}

static const unsigned TX = 1000000, ROOT = 0;

static struct event
event(enum event_kind kind)
{
    return (struct event){.kind = kind, .source = SOURCE_RPC, .seen_ns = 5, .tx = id(TX)};
}

/* Receipt `number` ran in the block of this height and made `count` receipts from `first` on. */
static void
ran(struct store *s, unsigned number, uint64_t height, unsigned first, unsigned count)
{
    struct event ev = event(EVENT_OUTCOME);
    struct hash *children = xcalloc(count + 1, sizeof(*children));
    for (unsigned i = 0; i < count; i++)
        children[i] = id(first + i);
    ev.outcome = (struct outcome_fact){.id = id(number),
                                       .is_transaction = number == TX,
                                       .status = OUTCOME_VALUE,
                                       .gas_burnt = 1,
                                       .children = children,
                                       .child_count = count,
                                       .block_hash = id(2000000 + (unsigned)height),
                                       .has_block_height = true,
                                       .block_height = height,
                                       .has_block_time = true,
                                       .block_time_ns = height * 1000};
    if (number == TX || (number == ROOT && count))
        ev.outcome.status = OUTCOME_RECEIPT, ev.outcome.returns = children[count - 1];
    store_apply(s, &ev);
    xfree(children);
}

static void
returned(struct store *s, unsigned number, uint64_t height, unsigned child)
{
    struct event ev = event(EVENT_OUTCOME);
    struct hash children[1] = {id(child)};
    ev.outcome = (struct outcome_fact){.id = id(number), .status = OUTCOME_RECEIPT,
                                       .returns = id(child), .children = children,
                                       .child_count = 1, .block_hash = id((unsigned)height),
                                       .has_block_height = true, .block_height = height};
    store_apply(s, &ev);
}

static void
failed(struct store *s, unsigned number, uint64_t height)
{
    struct event ev = event(EVENT_OUTCOME);
    ev.outcome = (struct outcome_fact){.id = id(number), .is_transaction = number == TX,
                                       .status = OUTCOME_FAILURE,
                                       .failure = {STR("{\"ActionError\":{}}")},
                                       .block_hash = id(2000000 + (unsigned)height),
                                       .has_block_height = true, .block_height = height,
                                       .has_block_time = true, .block_time_ns = height * 1000};
    store_apply(s, &ev);
}

/* A function call that waits for data `inputs` and sends its result to data `output` (0: none). */
static void
exists(struct store *s, unsigned number, const unsigned *inputs, unsigned input_count,
       unsigned output)
{
    struct event ev = event(EVENT_RECEIPT);
    struct hash *ids = xcalloc(input_count + 1, sizeof(*ids));
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("go"), .gas = 10};
    struct data_receiver receiver = {.data_id = id(output), .receiver = account_of("a.near")};
    for (unsigned i = 0; i < input_count; i++)
        ids[i] = id(inputs[i]);
    ev.receipt = (struct receipt_fact){.id = id(number), .predecessor = account_of("a.near"),
                                       .receiver = account_of("b.near"), .actions = &action,
                                       .action_count = 1, .inputs = ids,
                                       .input_count = input_count, .outputs = &receiver,
                                       .output_count = output ? 1 : 0};
    store_apply(s, &ev);
    xfree(ids);
}

static void
in_state(struct store *s, enum tx_state state)
{
    struct event ev = event(EVENT_TX_STATE);
    ev.tx_state.state = state;
    ev.tx_state.reason = STR("a reason");
    store_apply(s, &ev);
}

static struct call *
updated(struct store *s)
{
    struct hash tx = id(TX);
    struct call *c = store_call(s, &tx);
    assert_non_null(c);
    call_update(s, c);
    return c;
}

static struct node *
node(struct call *c, unsigned number)
{
    struct hash h = id(number);
    struct node *n = call_node(c, &h);
    assert_non_null(n);
    return n;
}

/* --- the transaction ---------------------------------------------------------------------- */

static void
store_apply__transaction_that_failed_alone(void **state)
{
    struct store *s = store_new();
    (void)state;
    failed(s, TX, 10);
    struct call *c = updated(s);
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
    in_state(s, TX_SENT);
    in_state(s, TX_REFUSED);
    in_state(s, TX_UNKNOWN);
    struct call *c = updated(s);
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
    in_state(s, TX_REFUSED);
    ran(s, TX, 10, ROOT, 1);
    struct call *c = updated(s);
    assert_int_equal(c->state, TX_INCLUDED);
    assert_int_equal(c->verdict->kind, VERDICT_RUNNING);
    assert_false(want_nothing(s, c));
    store_free(s);
}

/* --- the tree ----------------------------------------------------------------------------- */

static void
tree__children_before_parents(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, 3, 12, 0, 0);
    ran(s, 2, 11, 3, 1);
    assert_int_equal(updated(s)->order_count, 0);
    ran(s, TX, 9, ROOT, 1);
    assert_int_equal(updated(s)->order_count, 1);
    ran(s, ROOT, 10, 1, 2);
    struct call *c = updated(s);
    assert_int_equal(c->order_count, 4);
    assert_ptr_equal(node(c, 3)->parent, node(c, 2));
    assert_int_equal(node(c, 3)->depth, 2);
    assert_true(node(c, 3)->created_height == 11);
    store_free(s);
}

static void
tree__lies_about_children_do_no_harm(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, ROOT, 3);      /* itself, 1, 2 */
    ran(s, 1, 11, ROOT, 3);         /* its parent, itself, its sibling */
    ran(s, 2, 11, 1, 1);
    struct call *c = updated(s);
    assert_int_equal(c->order_count, 3);
    assert_null(c->root->parent);
    assert_ptr_equal(node(c, 1)->parent, c->root);
    assert_ptr_equal(node(c, 2)->parent, c->root);
    store_free(s);
}

static void
tree__circle_of_returns_ends(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    returned(s, ROOT, 10, 1);
    returned(s, 1, 11, ROOT);
    struct call *c = updated(s);
    assert_false(c->verdict->has_result);
    assert_int_equal(c->verdict->kind, VERDICT_OK);
    store_free(s);
}

static void
tree__thousands_deep_and_wide(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 1, ROOT, 1);
    returned(s, ROOT, 2, 1);
    for (unsigned i = 1; i < MANY; i++)
        returned(s, i, 2 + i, i + 1);
    ran(s, MANY, 2 + MANY, MANY + 1, MANY);
    struct call *c = updated(s);
    assert_int_equal(c->order_count, 2 * MANY + 1);
    assert_int_equal(node(c, 2 * MANY)->depth, MANY + 1);
    assert_ptr_equal(c->verdict->result, node(c, MANY));
    assert_true(c->verdict->blocks == MANY);
    assert_int_equal(c->verdict->critical_count, MANY + 1);
    store_free(s);
}

static void
tree__likely_refund_is_not_asked_for(void **state)
{
    struct store *s = store_new();
    struct want wants[8];
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, 2);
    ran(s, 1, 11, 5, 1);
    struct call *c = updated(s);
    assert_int_equal(node(c, 5)->role, RECEIPT_REFUND);
    assert_int_equal(node(c, 2)->role, RECEIPT_OTHER);
    /* Status, what 2 is, what 1 was: only they are in doubt. */
    size_t count = want_list(s, c, wants, 0, 8);
    assert_int_equal(count, 3);
    assert_int_equal(wants[0].kind, WANT_STATUS);
    assert_int_equal(wants[1].kind, WANT_RECEIPT);
    assert_true(hash_equal(&wants[1].id, &node(c, 1)->id));
    assert_true(hash_equal(&wants[2].id, &node(c, 2)->id));
    assert_int_equal(want_list(s, c, wants, 0, 2), 2);
    store_free(s);
}

/* --- joins -------------------------------------------------------------------------------- */

/* Two branches, made in the other order than they are joined in; the first returns a third
 * receipt, which inherits its duty to deliver. */
static void
join__last_of_a_chain_delivers(void **state)
{
    static const unsigned inputs[] = {91, 90};
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, 3);
    exists(s, 1, NULL, 0, 90);
    exists(s, 2, NULL, 0, 91);
    exists(s, 3, inputs, 2, 0);
    returned(s, 1, 11, 4);
    exists(s, 4, NULL, 0, 90);
    ran(s, 2, 11, 0, 0);
    struct call *c = updated(s);
    const struct node *callback = node(c, 3);
    assert_int_equal(callback->input_count, 2);
    assert_ptr_equal(callback->inputs[0], node(c, 2));
    assert_ptr_equal(callback->inputs[1], node(c, 1));
    assert_int_equal(node(c, 1)->index, 1);
    assert_int_equal(node(c, 2)->index, 0);
    assert_true(node(c, 4)->is_join_known);
    assert_false(node(c, 4)->has_index);
    assert_int_equal(node(c, 4)->feed_count, 0);
    assert_true(call_input_arrived(c, callback, 0));
    assert_false(call_input_arrived(c, callback, 1));
    assert_int_equal(callback->status, NODE_WAITING);
    ran(s, 4, 12, 0, 0);
    c = updated(s);
    assert_true(call_input_arrived(c, node(c, 3), 1));
    assert_int_equal(node(c, 3)->status, NODE_IN_FLIGHT);
    ran(s, 3, 13, 0, 0);
    c = updated(s);
    /* 2 was there after a block, 4 after two: it was waited for, and its branch is late. */
    assert_ptr_equal(c->verdict->straggler, node(c, 1));
    assert_int_equal(c->verdict->critical_count, 4);
    assert_ptr_equal(c->verdict->critical[2], node(c, 4));
    assert_true(c->verdict->blocks == 3);
    assert_true(c->verdict->sequential_blocks == (2 + 1) + (1 + 1));
    store_free(s);
}

static void
join__yield_waits_for_nobody_known(void **state)
{
    static const unsigned inputs[] = {90};
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, 1);
    exists(s, 1, inputs, 1, 0);
    struct call *c = updated(s);
    assert_int_equal(node(c, 1)->role, RECEIPT_CALLBACK);
    assert_int_equal(node(c, 1)->status, NODE_WAITING);
    assert_null(node(c, 1)->inputs[0]);
    store_free(s);
}

/* A branch whose callback is not known yet has no index; nothing is guessed from its place. */
static void
join__index_is_unknown_without_the_callback(void **state)
{
    static const unsigned inputs[] = {90};
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, 2);
    exists(s, 1, NULL, 0, 90);
    struct call *c = updated(s);
    assert_false(node(c, 1)->has_index || node(c, 1)->is_join_known);
    exists(s, 2, inputs, 1, 0);
    c = updated(s);
    assert_true(node(c, 1)->has_index && node(c, 1)->is_join_known);
    assert_ptr_equal(node(c, 1)->feeds[0].callback, node(c, 2));
    store_free(s);
}

static void
join__thousands_of_branches(void **state)
{
    struct store *s = store_new();
    unsigned *inputs = xcalloc(MANY, sizeof(*inputs));
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, MANY + 1);
    for (unsigned i = 0; i < MANY; i++) {
        inputs[i] = 500000 + i;
        exists(s, 1 + i, NULL, 0, inputs[i]);
    }
    exists(s, 1 + MANY, inputs, MANY, 0);
    struct call *c = updated(s);
    assert_int_equal(node(c, 1 + MANY)->input_count, MANY);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(node(c, 1 + i)->index, i);
    xfree(inputs);
    store_free(s);
}

/* --- what cannot be had ------------------------------------------------------------------- */

static void
hole(struct store *s, unsigned number)
{
    struct event ev = event(EVENT_HOLE);
    ev.hole.id = id(number);
    ev.hole.reason = STR("pruned");
    store_apply(s, &ev);
}

static void
hole__counts_only_when_all_is_over(void **state)
{
    struct store *s = store_new();
    struct event tx = event(EVENT_TX);
    (void)state;
    store_apply(s, &tx);
    ran(s, TX, 9, ROOT, 1);
    ran(s, ROOT, 10, 1, 2);
    exists(s, 2, NULL, 0, 0);
    ran(s, 2, 11, 0, 0);
    hole(s, 1);
    struct call *c = updated(s);
    assert_int_equal(node(c, 1)->status, NODE_UNKNOWN);
    assert_false(want_nothing(s, c));
    in_state(s, TX_FINAL);
    c = updated(s);
    assert_int_equal(node(c, 1)->status, NODE_HOLE);
    assert_string_equal(node(c, 1)->hole_reason, "pruned");
    assert_int_equal(c->verdict->kind, VERDICT_UNKNOWN);
    assert_true(want_nothing(s, c));
    /* Another source has it after all. */
    ran(s, 1, 11, 0, 0);
    exists(s, 1, NULL, 0, 0);
    assert_int_equal(updated(s)->verdict->kind, VERDICT_OK);
    store_free(s);
}

static void
hole__of_a_block_is_no_receipt(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    hole(s, 2000009);
    assert_int_equal(updated(s)->nodes.live, 1);
    store_free(s);
}

/* --- the feed's word ---------------------------------------------------------------------- */

static void
executed__places_and_confirms(void **state)
{
    struct store *s = store_new();
    struct event ev = event(EVENT_EXECUTED);
    (void)state;
    ev.source = SOURCE_FEED;
    ev.executed.receipt = id(ROOT);
    ev.executed.block_height = 10;
    ran(s, TX, 9, ROOT, 1);
    store_apply(s, &ev);
    struct call *c = updated(s);
    assert_int_equal(c->root->status, NODE_IN_FLIGHT);
    assert_true(c->root->has_height && c->root->height == 10);
    assert_int_equal(c->root->certainty, CERTAINTY_NONE);
    ran(s, ROOT, 10, 0, 0);
    c = updated(s);
    assert_int_equal(c->root->certainty, CERTAINTY_FINAL);
    assert_int_equal(c->root->told_by, 1u << SOURCE_FEED | 1u << SOURCE_RPC);
    store_free(s);
}

static void
sight__earliest_source_stays(void **state)
{
    struct store *s = store_new();
    struct event ev = event(EVENT_OUTCOME);
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ev.outcome = (struct outcome_fact){.id = id(ROOT), .block_hash = id(7)};
    ev.source = SOURCE_RPC;
    ev.seen_ns = 200;
    assert_true(store_apply(s, &ev));
    ev.source = SOURCE_PUSH;
    ev.seen_ns = 100;
    assert_true(store_apply(s, &ev));
    ev.seen_ns = 300;
    assert_false(store_apply(s, &ev));
    const struct node *n = updated(s)->root;
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
    struct event ev = event(EVENT_TX_STATE);
    struct hash first = id(1), second = id(2), third = id(3);
    (void)state;
    for (unsigned i = 1; i <= STORE_MAX_CALLS; i++) {
        ev.tx = id(i);
        ev.tx_state.state = i == 2 ? TX_FINAL : TX_SENT;
        store_apply(s, &ev);
    }
    ev.tx = id(STORE_MAX_CALLS + 1);
    store_apply(s, &ev);
    assert_int_equal(s->recent_count, STORE_MAX_CALLS);
    assert_non_null(store_call(s, &first));
    assert_null(store_call(s, &second));
    /* None is over any more: the oldest goes. */
    ev.tx = id(STORE_MAX_CALLS + 2);
    store_apply(s, &ev);
    assert_null(store_call(s, &first));
    assert_non_null(store_call(s, &third));
    store_free(s);
}

static void
block_at(struct store *s, uint64_t height)
{
    struct event ev = event(EVENT_BLOCK);
    static const uint64_t shards[] = {0, 1, 2};
    ev.tx = (struct hash){{0}};
    ev.block = (struct block_fact){.hash = id(2000000 + (unsigned)height), .height = height,
                                   .time_ns = height * 7, .has_shards = true,
                                   .shard_ids = shards, .shard_count = 3};
    store_apply(s, &ev);
}

static void
ceiling__forgotten_blocks_leave_their_heights(void **state)
{
    struct store *s = store_new();
    struct event ev = event(EVENT_OUTCOME);
    struct hash early = id(2000009);
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    ev.outcome = (struct outcome_fact){.id = id(ROOT), .block_hash = early};
    store_apply(s, &ev);
    block_at(s, 9);
    assert_non_null(store_block(s, &early));
    assert_true(updated(s)->root->height == 9);
    for (unsigned h = 10; h < 10 + STORE_MAX_BLOCKS; h++)
        block_at(s, h);
    assert_null(store_block(s, &early));
    assert_true(s->blocks.live <= STORE_MAX_BLOCKS);
    const struct node *root = updated(s)->root;
    assert_true(root->has_height && root->height == 9 && root->time_ns == 63);
    store_free(s);
}

static void
ceiling__versions_of_one_outcome(void **state)
{
    struct store *s = store_new();
    (void)state;
    ran(s, TX, 9, ROOT, 1);
    for (unsigned h = 10; h < 10 + 2 * STORE_MAX_VERSIONS; h++)
        ran(s, ROOT, h, 0, 0);
    struct call *c = updated(s);
    assert_true(c->root->height == 9 + STORE_MAX_VERSIONS);
    assert_int_equal(c->dropped, STORE_MAX_VERSIONS);
    store_free(s);
}

/* --- sources ------------------------------------------------------------------------------ */

static void
source__says_how_it_does(void **state)
{
    struct store *s = store_new();
    struct event ev = event(EVENT_SOURCE);
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
        cmocka_unit_test(tree__children_before_parents),
        cmocka_unit_test(tree__lies_about_children_do_no_harm),
        cmocka_unit_test(tree__circle_of_returns_ends),
        cmocka_unit_test(tree__thousands_deep_and_wide),
        cmocka_unit_test(tree__likely_refund_is_not_asked_for),
        cmocka_unit_test(join__last_of_a_chain_delivers),
        cmocka_unit_test(join__yield_waits_for_nobody_known),
        cmocka_unit_test(join__index_is_unknown_without_the_callback),
        cmocka_unit_test(join__thousands_of_branches),
        cmocka_unit_test(hole__counts_only_when_all_is_over),
        cmocka_unit_test(hole__of_a_block_is_no_receipt),
        cmocka_unit_test(executed__places_and_confirms),
        cmocka_unit_test(sight__earliest_source_stays),
        cmocka_unit_test(ceiling__oldest_call_that_is_over_leaves),
        cmocka_unit_test(ceiling__forgotten_blocks_leave_their_heights),
        cmocka_unit_test(ceiling__versions_of_one_outcome),
        cmocka_unit_test(source__says_how_it_does),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
