/* What the model says of calls recorded from a real node. The figures were computed from the
 * recordings by other means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/near/base58.h"
#include "tests/support/model_case.h"
#include "tests/support/model_dump.h"
#include "tui/model/verdict.h"
#include "tui/model/want.h"

static const struct truth {
    const char *file;
    enum verdict_kind kind;
    size_t receipts, branches, branches_failed, failed, refunds;
    uint64_t gas;
    const char *tokens;
    uint64_t blocks, one_by_one;
    double ms;
} truths[] = {
    {"portfolio_ok", VERDICT_OK, 10, 3, 0, 0, 5, 6736917667677, "673691766767700000000", 2, 6,
     1210.206},
    {"portfolio_all_branches_fail", VERDICT_BRANCH_FAILED, 10, 3, 3, 3, 5, 6721591385181,
     "672159138518100000000", 2, 6, 1210.109},
    {"portfolio_batch_fails", VERDICT_FAILED, 4, 1, 1, 1, 2, 4706327242599,
     "470632724259900000000", 1, 1, 605.379},
    {"portfolio_call_private_callback", VERDICT_FAILED, 2, 0, 0, 1, 1, 1238015217349,
     "123801521734900000000", 0, 0, 0},
    {"portfolio_congested", VERDICT_OK, 10, 3, 0, 0, 5, 6736917667677, "673691766767700000000",
     8, 12, 4757.101},
    {"portfolio_deposit", VERDICT_FAILED, 3, 0, 0, 1, 2, 1238383674079, "123838367407900000000",
     0, 0, 0},
    {"portfolio_detached", VERDICT_OK, 5, 1, 0, 0, 2, 3058678649285, "305867864928500000000", 1,
     1, 609.181},
    {"portfolio_fan_8", VERDICT_OK, 20, 8, 0, 0, 10, 13988604636923, "1398860463692300000000",
     2, 16, 1215.175},
    {"portfolio_lending_logs", VERDICT_OK, 10, 3, 0, 0, 5, 6798249472546,
     "679824947254600000000", 2, 6, 1211.228},
    {"portfolio_lending_not_json", VERDICT_OK, 10, 3, 0, 0, 5, 6734170833481,
     "673417083348100000000", 2, 6, 1215.954},
    {"portfolio_lending_out_of_gas", VERDICT_BRANCH_FAILED, 9, 3, 1, 1, 4, 16653573751500,
     "1665357375150000000000", 2, 6, 1215.025},
    {"portfolio_lending_panics", VERDICT_BRANCH_FAILED, 10, 3, 1, 1, 5, 6752693922428,
     "675269392242800000000", 2, 6, 1203.879},
    {"portfolio_local_receipt", VERDICT_OK, 10, 3, 0, 0, 5, 6729782366060,
     "672978236606000000000", 2, 6, 1216.297},
    {"portfolio_missing_account", VERDICT_BRANCH_FAILED, 10, 3, 1, 1, 5, 6656602827141,
     "665660282714100000000", 2, 6, 1203.858},
    {"portfolio_missing_argument", VERDICT_FAILED, 2, 0, 0, 1, 1, 1239682101433,
     "123968210143300000000", 0, 0, 0},
    {"portfolio_sequential", VERDICT_OK, 14, 3, 0, 0, 7, 9270367521400, "927036752140000000000",
     6, 6, 3633.156},
    {"portfolio_too_little_gas", VERDICT_FAILED, 2, 0, 0, 1, 1, 2230302771301,
     "223030277130100000000", 0, 0, 0},
    {"yield_resumed", VERDICT_OK, 4, 0, 0, 0, 2, 2788025384520, "278802538452000000000", 7, 7,
     4246.324},
    {"transfer", VERDICT_OK, 1, 0, 0, 0, 0, 446365125000, "44636512500000000000", 0, 0, 0},
};

static void
check_truth(const struct truth *t, const struct verdict *v)
{
    char tokens[AMOUNT_TEXT];
    assert_int_equal(v->kind, t->kind);
    assert_true(v->is_complete && v->is_final && v->has_result && v->has_blocks && v->has_ms);
    assert_int_equal(v->receipts, t->receipts);
    assert_int_equal(v->branches, t->branches);
    assert_int_equal(v->branches_done, t->branches);
    assert_int_equal(v->branches_failed, t->branches_failed);
    assert_int_equal(v->failed, t->failed);
    assert_int_equal(v->refunds, t->refunds);
    assert_true(v->gas_burnt == t->gas);
    assert_string_equal(amount_text(v->tokens_burnt, tokens), t->tokens);
    assert_true(v->blocks == t->blocks);
    assert_true(v->sequential_blocks == t->one_by_one);
    assert_true(v->ms > t->ms - 0.001 && v->ms < t->ms + 0.001);
}

static void
recorded__figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
        struct model_case m;
        model_case_load(&m, truths[i].file);
        struct store *s = model_case_store(&m);
        check_truth(&truths[i], call_verdict(s, model_case_call(&m, s)));
        store_free(s);
        model_case_release(&m);
    }
}

/* At least one receipt, any number of children, exactly one outcome each, every id told has a
 * node and one place, a child ran after its maker, and the parts sum up to the whole. */
static void
check_invariants(const struct call *c, const struct verdict *v)
{
    uint64_t gas = c->transaction_node->outcome.gas_burnt;
    assert_true(c->order_count >= 1);
    assert_int_equal(c->order_count, c->nodes.live);
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        assert_true(n->has_receipt && n->has_outcome && n->is_placed);
        assert_null(n->rivals);
        assert_int_equal(n->child_count, n->outcome.child_count);
        assert_true(n->is_join_known);
        assert_int_equal(n->feed_count, n->role == RECEIPT_BRANCH ? n->receipt.output_count
                                                                   : n->feed_count);
        assert_true(n->height >= n->created_height);
        assert_true(n->parent || n == c->root);
        gas += n->role == RECEIPT_REFUND ? 0 : n->outcome.gas_burnt;
    }
    assert_true(gas == v->gas_burnt);
}

static void
recorded__invariants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
        struct model_case m;
        model_case_load(&m, truths[i].file);
        struct store *s = model_case_store(&m);
        struct call *c = model_case_call(&m, s);
        check_invariants(c, call_verdict(s, c));
        assert_true(want_nothing(s, c));
        store_free(s);
        model_case_release(&m);
    }
}

/* --- one call, look by look --------------------------------------------------------------- */

static void
expect_short(struct model_case *m, struct store *s, const char *expected)
{
    struct buf text;
    buf_init(&text, 65536);
    model_dump_short(&text, s, model_case_call(m, s));
    assert_string_equal(buf_c(&text), expected);
    buf_release(&text);
}

static void
follow(struct model_case *m, struct store *s)
{
    const struct event sent = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = 1,
                               .tx = m->tx, .tx_state = {.state = TX_SENT}};
    store_apply(s, &sent);
}

static void
recorded__tree_grows_look_by_look(void **state)
{
    struct model_case m;
    struct store *s = store_new();
    (void)state;
    model_case_load(&m, "portfolio_lending_panics");
    follow(&m, s);
    model_case_look(&m, s, 0);
    expect_short(&m, s, "");
    model_case_look(&m, s, 2);
    expect_short(&m, s, "0 call get_portfolio_data portfolio.test.near in_flight none\n");
    model_case_look(&m, s, 3);
    expect_short(&m, s, "0 call get_portfolio_data portfolio.test.near done optimistic\n"
                        "1 branch ft_balance_of token.test.near in_flight none\n"
                        "1 branch get_position lending.test.near in_flight none\n"
                        "1 branch get_rewards staking.test.near in_flight none\n"
                        "1 callback portfolio_callback portfolio.test.near waiting none\n"
                        "1 refund - alice.test.near in_flight none\n");
    model_case_look(&m, s, 4);
    expect_short(&m, s, "0 call get_portfolio_data portfolio.test.near done optimistic\n"
                        "1 branch ft_balance_of token.test.near done optimistic\n"
                        "2 refund - - unknown none\n"
                        "1 branch get_position lending.test.near failed optimistic\n"
                        "2 refund - - unknown none\n"
                        "1 branch get_rewards staking.test.near done optimistic\n"
                        "2 refund - - unknown none\n"
                        "1 callback portfolio_callback portfolio.test.near in_flight none\n"
                        "1 refund - alice.test.near done optimistic\n");
    model_case_look(&m, s, 5);
    assert_int_equal(call_verdict(s, model_case_call(&m, s))->kind, VERDICT_RUNNING);
    model_case_look(&m, s, 6);
    assert_int_equal(call_verdict(s, model_case_call(&m, s))->kind, VERDICT_BRANCH_FAILED);
    model_case_look(&m, s, 100);
    assert_true(want_nothing(s, model_case_call(&m, s)));
    expect_short(&m, s, "0 call get_portfolio_data portfolio.test.near done final\n"
                        "1 branch ft_balance_of token.test.near done final\n"
                        "2 refund - alice.test.near done final\n"
                        "1 branch get_position lending.test.near failed final\n"
                        "2 refund - alice.test.near done final\n"
                        "1 branch get_rewards staking.test.near done final\n"
                        "2 refund - alice.test.near done final\n"
                        "1 callback portfolio_callback portfolio.test.near done final\n"
                        "2 refund - alice.test.near done final\n"
                        "1 refund - alice.test.near done final\n");
    store_free(s);
    model_case_release(&m);
}

/* By polling alone, a look a block, with at most this many requests. */
static int
requests_to_the_end(const char *file)
{
    struct model_case m;
    struct store *s = store_new();
    int requests = 0, block = 1;
    model_case_load(&m, file);
    follow(&m, s);
    while (!want_nothing(s, model_case_call(&m, s))) {
        requests += model_case_look(&m, s, block++);
        assert_true(block < 40);
    }
    store_free(s);
    model_case_release(&m);
    return requests;
}

static void
recorded__few_requests(void **state)
{
    (void)state;
    assert_in_range(requests_to_the_end("portfolio_ok"), 10, 24);
    assert_in_range(requests_to_the_end("portfolio_lending_panics"), 10, 24);
    assert_in_range(requests_to_the_end("portfolio_sequential"), 10, 38);
    assert_in_range(requests_to_the_end("portfolio_local_receipt"), 10, 24);
    assert_in_range(requests_to_the_end("yield_resumed"), 6, 30);
}

/* --- joins, path, straggler --------------------------------------------------------------- */

static const struct node *
find_method(const struct call *c, const char *method)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (n->receipt.action_count && str_equal_c(n->receipt.actions[0].method, method))
            return n;
    }
    fail_msg("no receipt calls %s", method);
    return NULL;
}

static void
recorded__straggler_is_on_the_path(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_congested");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    const struct verdict *v = call_verdict(s, c);
    const struct node *late = find_method(c, "get_rewards");
    const struct node *callback = find_method(c, "portfolio_callback");
    assert_ptr_equal(v->straggler, late);
    assert_int_equal(v->critical_count, 3);
    assert_ptr_equal(v->critical[0], c->root);
    assert_ptr_equal(v->critical[1], late);
    assert_ptr_equal(v->critical[2], callback);
    assert_true(late->is_critical && !find_method(c, "ft_balance_of")->is_critical);
    assert_int_equal(callback->input_count, 3);
    assert_ptr_equal(callback->inputs[2], late);
    assert_true(late->has_index);
    assert_int_equal(late->index, 2);
    store_free(s);
    model_case_release(&m);
}

static void
recorded__no_straggler_when_all_come_at_once(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_ok");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    assert_null(call_verdict(s, c)->straggler);
    assert_ptr_equal(call_verdict(s, c)->result, find_method(c, "portfolio_callback"));
    store_free(s);
    model_case_release(&m);
}

static void
recorded__cause_of_a_swallowed_failure(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_lending_panics");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    const struct verdict *v = call_verdict(s, c);
    assert_ptr_equal(v->first_failed, find_method(c, "get_position"));
    assert_int_equal(v->first_failed->index, 1);
    assert_string_equal(account_str(&v->first_failed->receipt.receiver).p, "lending.test.near");
    store_free(s);
    model_case_release(&m);
}

static void
recorded__gas_use(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_lending_out_of_gas");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    assert_int_equal(node_gas_use(find_method(c, "get_position")), GAS_SHORT);
    assert_int_equal(node_gas_use(find_method(c, "ft_balance_of")), GAS_FITS);
    /* The call burnt little, but passed the rest on. */
    assert_int_equal(node_gas_use(c->root), GAS_FITS);
    assert_int_equal(node_gas_use(find_method(c, "portfolio_callback")), GAS_IDLE);
    store_free(s);
    model_case_release(&m);
}

static void
recorded__names_share_their_end(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_ok");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    assert_true(str_equal_c(c->account_end, ".test.near"));
    store_free(s);
    model_case_release(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded__figures),
        cmocka_unit_test(recorded__invariants),
        cmocka_unit_test(recorded__tree_grows_look_by_look),
        cmocka_unit_test(recorded__few_requests),
        cmocka_unit_test(recorded__straggler_is_on_the_path),
        cmocka_unit_test(recorded__no_straggler_when_all_come_at_once),
        cmocka_unit_test(recorded__cause_of_a_swallowed_failure),
        cmocka_unit_test(recorded__gas_use),
        cmocka_unit_test(recorded__names_share_their_end),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
