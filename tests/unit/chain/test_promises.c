#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/support/demo_args.h"
#include "tests/unit/chain/fixture.h"

static void
set_up(struct fixture *f)
{
    static const char *const leaves[] = {"token.test.near", "lending.test.near",
                                         "staking.test.near"};
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, "portfolio.test.near", "portfolio");
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        fixture_account(f, leaves[i], "leaf");
        fixture_call(f, leaves[i], leaves[i], "mint",
                     "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
    }
    fixture_settle(f);
}

static const struct chain_outcome *
call_portfolio(struct fixture *f, const char *method)
{
    struct hash tx =
        fixture_call(f, "alice.test.near", "portfolio.test.near", method,
                     DEMO_ARGS);
    fixture_settle(f);
    return fixture_first(f, &tx);
}

static void
join__gives_a_callback_one_input_for_each_branch__in_the_order_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = call_portfolio(&f, "get_portfolio_data");
    assert_int_equal(o->status, CHAIN_RECEIPT);
    assert_int_equal(o->child_count, 5);
    assert_true(hash_equal(&o->returns, &o->children[3]));
    const struct chain_outcome *callback = fixture_child(&f, o, 3);
    assert_int_equal(callback->receipt->input_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct chain_outcome *branch = fixture_child(&f, o, i);
        assert_int_equal(branch->receipt->output_count, 1);
        assert_true(
            hash_equal(&branch->receipt->outputs[0].data_id, &callback->receipt->inputs[i]));
        assert_string_equal(branch->receipt->outputs[0].receiver.s, "portfolio.test.near");
        assert_string_equal(branch->receipt->predecessor.s, "portfolio.test.near");
        assert_string_equal(branch->receipt->signer.s, "alice.test.near");
        assert_int_equal(branch->height, o->height + 1);
    }
    assert_int_equal(callback->height, o->height + 2);
    assert_int_equal(callback->status, CHAIN_VALUE);
    const struct chain_outcome *refund = fixture_child(&f, o, 4);
    assert_string_equal(refund->receipt->predecessor.s, "system");
    assert_int_equal(refund->height, o->height + 1);
    fixture_release(&f);
}

static void
join__waits_for_the_shards__however_many_there_are(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = call_portfolio(&f, "get_portfolio_data");
    const struct chain_block *b = chain_block_at(f.chain, o->height + 1);
    /* lending, nobody, staking, token: three chunks have one branch each. */
    assert_string_equal(b->chunks[0].outcomes[0]->executor.s, "lending.test.near");
    assert_string_equal(b->chunks[2].outcomes[0]->executor.s, "staking.test.near");
    assert_string_equal(b->chunks[3].outcomes[0]->executor.s, "token.test.near");
    /* Data travels in the chunks too. */
    const struct chain_block *next = chain_block_at(f.chain, o->height + 2);
    size_t data = 0;
    for (size_t i = 0; i < next->chunk_count; i++) {
        for (size_t j = 0; j < next->chunks[i].receipt_count; j++)
            data += next->chunks[i].receipts[j]->is_data;
    }
    assert_int_equal(data, 3);
    fixture_release(&f);
}

static void
branch__fails_alone__and_the_callback_is_told(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    fixture_call(&f, "lending.test.near", "lending.test.near", "set_mode",
                 "{\"mode\":\"panic\"}");
    fixture_settle(&f);
    const struct chain_outcome *o = call_portfolio(&f, "get_portfolio_data");
    const struct chain_outcome *failed = fixture_child(&f, o, 1);
    assert_int_equal(failed->status, CHAIN_FAILED);
    assert_int_equal(failed->failure.kind, FAILURE_FUNCTION_CALL);
    assert_int_equal(failed->failure.vm_error, VM_EXECUTION);
    assert_true(str_starts(failed->failure.text, STR("Smart contract panicked: ")));
    assert_int_equal(fixture_child(&f, o, 0)->status, CHAIN_VALUE);
    assert_int_equal(fixture_child(&f, o, 2)->status, CHAIN_VALUE);
    const struct chain_outcome *callback = fixture_child(&f, o, 3);
    assert_int_equal(callback->status, CHAIN_VALUE);
    assert_true(str_find(callback->value, STR("\"lending\":null")) >= 0);
    fixture_release(&f);
}

static void
returned_promise__passes_its_receivers_on(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *first = call_portfolio(&f, "get_portfolio_sequential");
    const struct chain_outcome *o = first;
    int steps = 0;
    /* Each step returns the next: the last value is the call's. */
    while (o->status == CHAIN_RECEIPT && steps < 10) {
        o = fixture_outcome(&f, &o->returns);
        steps++;
    }
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(steps, 3);
    assert_int_equal(o->height, first->height + 6);
    /* One sign for each step that succeeded. */
    assert_true(str_equal_c(o->value, "\"+++\""));
    fixture_release(&f);
}

static void
contract__is_rewarded_with_30_percent_of_what_it_burnt(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct amount before = fixture_balance(&f, "token.test.near"), reward;
    struct hash tx = fixture_call(&f, "alice.test.near", "token.test.near", "ft_balance_of",
                                  "{\"account_id\":\"alice.test.near\"}");
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    uint64_t profiled = 0;
    for (size_t i = 0; i < o->profile_count; i++)
        profiled += o->profile[i].gas;
    assert_true(profiled > 0);
    assert_true(amount_sub(fixture_balance(&f, "token.test.near"), before, &reward));
    assert_amount_equal(reward, amount_product(profiled * 3 / 10, 100000000));
    fixture_release(&f);
}

static void
state_of_a_failed_call__is_as_before__and_its_logs_stay(void **state)
{
    (void)state;
    struct fixture f;
    struct state_item *before, *after;
    set_up(&f);
    fixture_account(&f, "probe.test.near", "probe");
    size_t count =
        chain_view_state(f.chain, STR("probe.test.near"), STR(""), &f.arena, &before);
    struct hash tx =
        fixture_send_one(&f, "alice.test.near", "probe.test.near",
                         action_call_of("write_many", "{\"n\":\"10\"}", 30 * TERA_GAS));
    fixture_settle(&f);
    assert_int_equal(fixture_first(&f, &tx)->status, CHAIN_VALUE);
    size_t written =
        chain_view_state(f.chain, STR("probe.test.near"), STR(""), &f.arena, &after);
    assert_true(written > count);
    struct account_view small, now;

    /* The same in one receipt with an action that fails: nothing of it stays. */
    fixture_account(&f, "prober.test.near", "probe");
    assert_true(chain_view_account(f.chain, STR("prober.test.near"), &small));
    struct action actions[2] = {action_call_of("write_many", "{\"n\":\"10\"}", 30 * TERA_GAS),
                                action_call_of("many_logs", "", 30 * TERA_GAS)};
    tx = fixture_send(&f, "alice.test.near", "prober.test.near", actions, 2);
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    assert_int_equal(o->status, CHAIN_FAILED);
    assert_int_equal(o->failure.index, 1);
    assert_int_equal(o->log_count, 100);
    assert_int_equal(
        chain_view_state(f.chain, STR("prober.test.near"), STR(""), &f.arena, &after), 0);
    assert_true(chain_view_account(f.chain, STR("prober.test.near"), &now));
    assert_int_equal(now.storage_usage, small.storage_usage);
    fixture_release(&f);
}

static void
view_call__sees_the_head__and_may_not_write(void **state)
{
    (void)state;
    struct fixture f;
    struct vm_outcome out;
    set_up(&f);
    assert_true(chain_view_call(f.chain, STR("token.test.near"), STR("ft_balance_of"),
                                STR("{\"account_id\":\"alice.test.near\"}"), &f.arena, &out));
    assert_int_equal(out.error, VM_OK);
    assert_true(str_equal_c(out.value, "\"1250000000\""));
    assert_true(chain_view_call(f.chain, STR("token.test.near"), STR("mint"),
                                STR("{\"account_id\":\"alice.test.near\",\"amount\":1}"),
                                &f.arena, &out));
    assert_true(str_equal_c(out.view_error,
                            "HostError(ProhibitedInView { method_name: \"storage_write\" })"));
    assert_true(
        chain_view_call(f.chain, STR("alice.test.near"), STR("x"), STR(""), &f.arena, &out));
    assert_true(str_equal_c(out.view_error, "CompilationError(CodeDoesNotExist { account_id: "
                                            "\"alice.test.near\" })"));
    assert_true(
        chain_view_call(f.chain, STR("token.test.near"), STR("x"), STR(""), &f.arena, &out));
    assert_true(str_equal_c(out.view_error, "MethodResolveError(MethodNotFound)"));
    assert_false(
        chain_view_call(f.chain, STR("nobody.near"), STR("x"), STR(""), &f.arena, &out));
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            join__gives_a_callback_one_input_for_each_branch__in_the_order_asked_for),
        cmocka_unit_test(join__waits_for_the_shards__however_many_there_are),
        cmocka_unit_test(branch__fails_alone__and_the_callback_is_told),
        cmocka_unit_test(returned_promise__passes_its_receivers_on),
        cmocka_unit_test(contract__is_rewarded_with_30_percent_of_what_it_burnt),
        cmocka_unit_test(state_of_a_failed_call__is_as_before__and_its_logs_stay),
        cmocka_unit_test(view_call__sees_the_head__and_may_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
