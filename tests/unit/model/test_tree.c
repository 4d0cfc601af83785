/* The tree and its joins where recordings do not lead: disorder, lies, depth, long chains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/xalloc.h"
#include "tests/support/model_made.h"
#include "tui/model/want.h"

enum { MANY = 10000 };

/* --- the tree ----------------------------------------------------------------------------- */

static void
tree__children_before_parents(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, 3, 12, 0, 0);
    made_ran(s, 2, 11, 3, 1);
    assert_int_equal(made_call(s)->order_count, 0);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    assert_int_equal(made_call(s)->order_count, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    struct call *c = made_call(s);
    assert_int_equal(c->order_count, 4);
    assert_ptr_equal(made_node(c, 3)->parent, made_node(c, 2));
    assert_int_equal(made_node(c, 3)->depth, 2);
    assert_true(made_node(c, 3)->created_height == 11);
    store_free(s);
}

static void
tree__lies_about_children_do_no_harm(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, MADE_ROOT, 3);      /* itself, 1, 2 */
    made_ran(s, 1, 11, MADE_ROOT, 3);         /* its parent, itself, its sibling */
    made_ran(s, 2, 11, 1, 1);
    struct call *c = made_call(s);
    assert_int_equal(c->order_count, 3);
    assert_null(c->root->parent);
    assert_ptr_equal(made_node(c, 1)->parent, c->root);
    assert_ptr_equal(made_node(c, 2)->parent, c->root);
    store_free(s);
}

static void
tree__circle_of_returns_ends(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_returned(s, MADE_ROOT, 10, 1);
    made_returned(s, 1, 11, MADE_ROOT);
    struct call *c = made_call(s);
    assert_false(c->verdict->has_result);
    assert_int_equal(c->verdict->kind, VERDICT_OK);
    store_free(s);
}

static void
tree__thousands_deep_and_wide(void **state)
{
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 1, MADE_ROOT, 1);
    made_returned(s, MADE_ROOT, 2, 1);
    for (unsigned i = 1; i < MANY; i++)
        made_returned(s, i, 2 + i, i + 1);
    made_ran(s, MANY, 2 + MANY, MANY + 1, MANY);
    struct call *c = made_call(s);
    assert_int_equal(c->order_count, 2 * MANY + 1);
    assert_int_equal(made_node(c, 2 * MANY)->depth, MANY + 1);
    assert_ptr_equal(c->verdict->result, made_node(c, MANY));
    assert_true(c->verdict->blocks == MANY);
    assert_int_equal(c->verdict->critical_count, MANY + 1);
    store_free(s);
}

/* Branches that end in the same block: the same one is on the critical path before their callback has
 * run and when it has. */
static void
path__keeps_its_branch__when_several_came_at_once(void **state)
{
    static const unsigned inputs[] = {90, 91, 92};
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 4);
    for (unsigned i = 0; i < 3; i++) {
        made_exists(s, 1 + i, NULL, 0, 90 + i);
        made_ran(s, 1 + i, 11, 0, 0);
    }
    made_exists(s, 4, inputs, 3, 0);
    struct call *c = made_call(s);
    assert_int_equal(c->verdict->critical_count, 2);
    assert_ptr_equal(c->verdict->critical[1], made_node(c, 1));
    made_ran(s, 4, 12, 0, 0);
    c = made_call(s);
    assert_int_equal(c->verdict->critical_count, 3);
    assert_ptr_equal(c->verdict->critical[1], made_node(c, 1));
    store_free(s);
}

static void
tree__likely_refund_is_not_asked_for(void **state)
{
    struct store *s = store_new();
    struct want wants[8];
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    made_ran(s, 1, 11, 5, 1);
    struct call *c = made_call(s);
    assert_int_equal(made_node(c, 5)->role, RECEIPT_REFUND);
    assert_int_equal(made_node(c, 2)->role, RECEIPT_OTHER);
    /* Status, what 2 is, what 1 was: only they are in doubt. */
    size_t count = want_list(s, c, wants, 0, 8);
    assert_int_equal(count, 3);
    assert_int_equal(wants[0].kind, WANT_STATUS);
    assert_int_equal(wants[1].kind, WANT_RECEIPT);
    assert_true(hash_equal(&wants[1].id, &made_node(c, 1)->id));
    assert_true(hash_equal(&wants[2].id, &made_node(c, 2)->id));
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
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 3);
    made_exists(s, 1, NULL, 0, 90);
    made_exists(s, 2, NULL, 0, 91);
    made_exists(s, 3, inputs, 2, 0);
    made_returned(s, 1, 11, 4);
    made_exists(s, 4, NULL, 0, 90);
    made_ran(s, 2, 11, 0, 0);
    struct call *c = made_call(s);
    const struct node *callback = made_node(c, 3);
    assert_int_equal(callback->input_count, 2);
    assert_ptr_equal(callback->inputs[0], made_node(c, 2));
    assert_ptr_equal(callback->inputs[1], made_node(c, 1));
    assert_int_equal(made_node(c, 1)->index, 1);
    assert_int_equal(made_node(c, 2)->index, 0);
    assert_true(made_node(c, 4)->is_join_known);
    assert_false(made_node(c, 4)->has_index);
    assert_int_equal(made_node(c, 4)->feed_count, 0);
    assert_true(call_input_arrived(c, callback, 0));
    assert_false(call_input_arrived(c, callback, 1));
    assert_int_equal(callback->status, NODE_WAITING);
    made_ran(s, 4, 12, 0, 0);
    c = made_call(s);
    assert_true(call_input_arrived(c, made_node(c, 3), 1));
    assert_int_equal(made_node(c, 3)->status, NODE_IN_FLIGHT);
    made_ran(s, 3, 13, 0, 0);
    c = made_call(s);
    /* 2 was there after a block, 4 after two: it was waited for, and its branch is late. */
    assert_ptr_equal(c->verdict->straggler, made_node(c, 1));
    assert_int_equal(c->verdict->critical_count, 4);
    assert_ptr_equal(c->verdict->critical[2], made_node(c, 4));
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
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 1);
    made_exists(s, 1, inputs, 1, 0);
    struct call *c = made_call(s);
    assert_int_equal(made_node(c, 1)->role, RECEIPT_CALLBACK);
    assert_int_equal(made_node(c, 1)->status, NODE_WAITING);
    assert_null(made_node(c, 1)->inputs[0]);
    store_free(s);
}

/* A branch whose callback is not known yet has no index; nothing is guessed from its place. */
static void
join__index_is_unknown_without_the_callback(void **state)
{
    static const unsigned inputs[] = {90};
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    made_exists(s, 1, NULL, 0, 90);
    struct call *c = made_call(s);
    assert_false(made_node(c, 1)->has_index || made_node(c, 1)->is_join_known);
    made_exists(s, 2, inputs, 1, 0);
    c = made_call(s);
    assert_true(made_node(c, 1)->has_index && made_node(c, 1)->is_join_known);
    assert_ptr_equal(made_node(c, 1)->feeds[0].callback, made_node(c, 2));
    store_free(s);
}

static void
join__thousands_of_branches(void **state)
{
    struct store *s = store_new();
    unsigned *inputs = xcalloc(MANY, sizeof(*inputs));
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, MANY + 1);
    for (unsigned i = 0; i < MANY; i++) {
        inputs[i] = 500000 + i;
        made_exists(s, 1 + i, NULL, 0, inputs[i]);
    }
    made_exists(s, 1 + MANY, inputs, MANY, 0);
    struct call *c = made_call(s);
    assert_int_equal(made_node(c, 1 + MANY)->input_count, MANY);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(made_node(c, 1 + i)->index, i);
    xfree(inputs);
    store_free(s);
}

/* Who tells more receivers of a result saw the receipt later. */
static void
join__late_receivers_are_taken_in(void **state)
{
    static const unsigned inputs[] = {90};
    (void)state;
    for (int late_first = 0; late_first < 2; late_first++) {
        struct store *s = store_new();
        made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
        made_ran(s, MADE_ROOT, 10, 1, 2);
        made_exists(s, 2, inputs, 1, 0);
        made_exists(s, 1, NULL, 0, late_first ? 90 : 0);
        made_exists(s, 1, NULL, 0, late_first ? 0 : 90);
        assert_ptr_equal(made_node(made_call(s), 2)->inputs[0], made_node(made_call(s), 1));
        store_free(s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree__children_before_parents),
        cmocka_unit_test(tree__lies_about_children_do_no_harm),
        cmocka_unit_test(tree__circle_of_returns_ends),
        cmocka_unit_test(tree__thousands_deep_and_wide),
        cmocka_unit_test(path__keeps_its_branch__when_several_came_at_once),
        cmocka_unit_test(tree__likely_refund_is_not_asked_for),
        cmocka_unit_test(join__last_of_a_chain_delivers),
        cmocka_unit_test(join__yield_waits_for_nobody_known),
        cmocka_unit_test(join__index_is_unknown_without_the_callback),
        cmocka_unit_test(join__thousands_of_branches),
        cmocka_unit_test(join__late_receivers_are_taken_in),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
