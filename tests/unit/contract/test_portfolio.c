#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/branch.h"
#include "tests/support/mock_near.h"

void portfolio_get_portfolio_data(void);
void portfolio_portfolio_callback(void);
void portfolio_get_portfolio_or_defaults(void);
void portfolio_portfolio_or_defaults_callback(void);
void portfolio_get_portfolio_drill(void);
void portfolio_portfolio_drill_callback(void);
void portfolio_get_portfolio_sequential(void);
void portfolio_sequential_step(void);
void portfolio_batch(void);

#define CONTRACTS                                                                              \
    "\"token_contract\":\"token.near\",\"lending_contract\":\"lending.near\","                 \
    "\"staking_contract\":\"staking.near\""
#define ARGS "{\"user\":\"alice.near\"," CONTRACTS "}"
#define POSITION "{\"collateral\":\"2500\",\"debt\":\"900\",\"health\":\"2.77\"}"

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    mock.current = "portfolio.near";
    return 0;
}

static void
assert_call(const struct mock_promise *p, size_t action, const char *method, const char *args,
            unsigned tgas)
{
    assert_true(action < p->action_count);
    const struct mock_action *a = &p->actions[action];
    assert_string_equal(a->method, method);
    assert_string_equal(a->args, args);
    assert_true(a->gas == tgas * TGAS);
}

/* As the contract calls itself back with these results. */
static void
call_back(void (*method)(void), const char *args, const struct mock_result *results,
          size_t count)
{
    mock.predecessor = mock.current;
    mock.results = results;
    mock.result_count = count;
    assert_int_equal(mock_run(method, args), MOCK_OK);
}

/* --- in parallel ------------------------------------------------------------------------- */

static void
assert_joined(const char *callback)
{
    const struct mock_promise *p = mock.promises;
    assert_int_equal(mock.promise_count, 5);
    assert_string_equal(p[0].account, "token.near");
    assert_call(&p[0], 0, "ft_balance_of", "{\"account_id\":\"alice.near\"}", 5);
    assert_string_equal(p[1].account, "lending.near");
    assert_call(&p[1], 0, "get_position", "{\"account_id\":\"alice.near\"}", 10);
    assert_string_equal(p[2].account, "staking.near");
    assert_call(&p[2], 0, "get_rewards", "{\"account_id\":\"alice.near\"}", 5);
    assert_true(p[3].is_joint);
    assert_int_equal(p[3].input_count, 3);
    for (uint64_t i = 0; i < 3; i++) assert_int_equal(p[3].inputs[i], i);
    assert_string_equal(p[4].account, "portfolio.near");
    assert_int_equal(p[4].input_count, 1);
    assert_int_equal(p[4].inputs[0], 3);
    assert_call(&p[4], 0, callback, "{\"user\":\"alice.near\"}", 15);
    for (int i = 0; i < 5; i++) assert_true(p[i].action_count == (i != 3));
    assert_true(mock.has_return);
    assert_int_equal(mock.returned, 4);
}

static void
portfolio_get_portfolio_data__asks_all_three_at_once(void **state)
{
    (void)state;
    assert_int_equal(mock_run(portfolio_get_portfolio_data, ARGS), MOCK_OK);
    assert_joined("portfolio_callback");
    assert_int_equal(mock_run(portfolio_get_portfolio_or_defaults, ARGS), MOCK_OK);
    assert_joined("portfolio_or_defaults_callback");
    assert_int_equal(mock.writes, 0);
}

static void
portfolio_get_portfolio_data__passes_the_user_on_escaped(void **state)
{
    (void)state;
    assert_int_equal(mock_run(portfolio_get_portfolio_data,
                              "{\"user\":\"a\\\"}\\u0001\\n\\u00e4\"," CONTRACTS "}"),
                     MOCK_OK);
    assert_string_equal(mock.promises[0].actions[0].args,
                        "{\"account_id\":\"a\\\"}\\u0001\\n\xc3\xa4\"}");
    assert_string_equal(mock.promises[4].actions[0].args,
                        "{\"user\":\"a\\\"}\\u0001\\n\xc3\xa4\"}");
}

static void
portfolio_methods__say_what_is_missing__before_any_promise(void **state)
{
    (void)state;
    static void (*const methods[])(void) = {portfolio_get_portfolio_data,
                                            portfolio_get_portfolio_or_defaults,
                                            portfolio_get_portfolio_sequential};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        assert_panics(methods[i], "", "missing argument: user");
        assert_panics(methods[i], "{\"user\":7," CONTRACTS "}",
                      "argument user must be a string");
        assert_panics(methods[i], "{\"user\":\"alice.near\"}",
                      "missing argument: token_contract");
        assert_panics(methods[i], "{\"user\":\"alice.near\",\"token_contract\":\"t.near\"}",
                      "missing argument: lending_contract");
        assert_panics(methods[i],
                      "{\"user\":\"alice.near\",\"token_contract\":\"t.near\","
                      "\"lending_contract\":\"l.near\"}",
                      "missing argument: staking_contract");
        assert_panics(methods[i], "{\"user\":\"alice.near\",\"token_contract\":\"Token\"}",
                      "argument token_contract must be an account id: 2 to 64 of a-z, 0-9 and, "
                      "between them, . - _");
    }
    assert_panics(portfolio_batch, "{}", "missing argument: token_contract");
    assert_panics(portfolio_batch, "{\"token_contract\":\"token.near\"}",
                  "missing argument: user");
}

static void
portfolio_callback__joins_what_came(void **state)
{
    (void)state;
    static const struct {
        struct mock_result results[3];
        const char *value, *with_defaults;
        size_t logs;
    } cases[] = {
        {{{"\"1250000000\""}, {POSITION}, {"\"31415926\""}},
         "{\"user\":\"alice.near\",\"balance\":\"1250000000\",\"lending\":" POSITION
         ",\"staking\":\"31415926\"}",
         NULL,
         0},
        {{{"\"1\""}, {NULL}, {"\"2\""}},
         "{\"user\":\"alice.near\",\"balance\":\"1\",\"lending\":null,\"staking\":\"2\"}",
         NULL,
         1},
        {{{NULL}, {NULL}, {NULL}},
         "{\"user\":\"alice.near\",\"balance\":null,\"lending\":null,\"staking\":null}",
         "{\"user\":\"alice.near\",\"balance\":\"0\",\"lending\":null,\"staking\":\"0\"}",
         3},
        {{{"not json at all {"}, {"{\"a\":1"}, {""}},
         "{\"user\":\"alice.near\",\"balance\":null,\"lending\":null,\"staking\":null}",
         "{\"user\":\"alice.near\",\"balance\":\"0\",\"lending\":null,\"staking\":\"0\"}",
         3},
        /* Would be JSON, were it pasted in unseen. */
        {{{"1,\"lending\":2"}, {"{}}"}, {"\"\xff\""}},
         "{\"user\":\"alice.near\",\"balance\":null,\"lending\":null,\"staking\":null}",
         "{\"user\":\"alice.near\",\"balance\":\"0\",\"lending\":null,\"staking\":\"0\"}",
         3},
        {{{" 7\n"}, {"\t[ 1, 2 ] "}, {"null"}},
         "{\"user\":\"alice.near\",\"balance\":7,\"lending\":[ 1, 2 ],\"staking\":null}",
         NULL,
         0},
    };
    const char *args = "{\"user\":\"alice.near\"}";
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        call_back(portfolio_portfolio_callback, args, cases[i].results, 3);
        assert_string_equal(mock.value, cases[i].value);
        assert_int_equal(mock.log_count, cases[i].logs);
        call_back(portfolio_portfolio_or_defaults_callback, args, cases[i].results, 3);
        assert_string_equal(mock.value,
                            cases[i].with_defaults ? cases[i].with_defaults : cases[i].value);
        assert_int_equal(mock.log_count, cases[i].logs);
    }
}

static void
portfolio_callback__logs_why_there_is_no_value(void **state)
{
    (void)state;
    static char long_result[BRANCH_RESULT_MAX + 2];
    memset(long_result, '1', BRANCH_RESULT_MAX + 1);
    const struct mock_result results[3] = {{NULL}, {"<html>"}, {long_result}};
    call_back(portfolio_portfolio_callback, "{\"user\":\"alice.near\"}", results, 3);
    assert_string_equal(mock.logs[0], "balance: the call failed, null stands for it");
    assert_string_equal(mock.logs[1],
                        "lending: the result is not valid JSON (no value where one "
                        "should be at byte 0), null stands for it");
    assert_string_equal(mock.logs[2], "staking: the result is too long, null stands for it");
    call_back(portfolio_portfolio_or_defaults_callback, "{\"user\":\"alice.near\"}", results,
              3);
    assert_string_equal(mock.logs[0], "balance: the call failed, \"0\" stands for it");
}

static void
portfolio_callback__takes_three_results_of_full_length(void **state)
{
    (void)state;
    static char full[BRANCH_RESULT_MAX + 1];
    memset(full, '1', BRANCH_RESULT_MAX);
    const struct mock_result results[3] = {{full}, {full}, {full}};
    call_back(portfolio_portfolio_callback, "{\"user\":\"alice.near\"}", results, 3);
    assert_int_equal(mock.log_count, 0);
    assert_true(strlen(mock.value) > 3 * BRANCH_RESULT_MAX);
}

static void
portfolio_callback__is_private(void **state)
{
    (void)state;
    static const struct {
        void (*method)(void);
        const char *sentence;
    } cases[] = {
        {portfolio_portfolio_callback, "Method portfolio_callback is private"},
        {portfolio_portfolio_or_defaults_callback,
         "Method portfolio_or_defaults_callback is private"},
        {portfolio_sequential_step, "Method sequential_step is private"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_panics(cases[i].method, ARGS, cases[i].sentence);
    /* The contract's own key may call it, but there is nothing to join. */
    mock.predecessor = mock.current;
    assert_panics(portfolio_portfolio_callback, "{\"user\":\"x\"}",
                  "Method portfolio_callback is a callback and got no results to work on");
}

/* --- one after another ------------------------------------------------------------------- */

/* Plays the node: gives each promised step its one result. Returns the gas of all calls that
 * the first one has to pay for. */
static uint64_t
play_sequence(const struct mock_result results[3])
{
    static const char *const methods[] = {"ft_balance_of", "get_position", "get_rewards"};
    static const char *const accounts[] = {"token.near", "lending.near", "staking.near"};
    uint64_t gas = 0;
    assert_int_equal(mock_run(portfolio_get_portfolio_sequential, ARGS), MOCK_OK);
    for (int i = 0; i < 3; i++) {
        char args[sizeof(mock.promises[0].actions[0].args)];
        assert_int_equal(mock.promise_count, 2);
        assert_string_equal(mock.promises[0].account, accounts[i]);
        assert_string_equal(mock.promises[0].actions[0].method, methods[i]);
        assert_string_equal(mock.promises[1].account, "portfolio.near");
        assert_string_equal(mock.promises[1].actions[0].method, "sequential_step");
        assert_int_equal(mock.promises[1].input_count, 1);
        assert_int_equal(mock.promises[1].inputs[0], 0);
        assert_int_equal(mock.returned, 1);
        if (i == 0)
            gas = mock.promises[0].actions[0].gas + mock.promises[1].actions[0].gas;
        memcpy(args, mock.promises[1].actions[0].args, sizeof(args));
        call_back(portfolio_sequential_step, args, &results[i], 1);
    }
    return gas;
}

static void
portfolio_get_portfolio_sequential__gives_the_same_object(void **state)
{
    (void)state;
    const struct mock_result all[3] = {{"\"1250000000\""}, {POSITION}, {"\"31415926\""}};
    uint64_t gas = play_sequence(all);
    assert_string_equal(
        mock.value, "{\"user\":\"alice.near\",\"balance\":\"1250000000\",\"lending\":" POSITION
                    ",\"staking\":\"31415926\"}");
    assert_false(mock.has_return);
    /* Of 100 Tgas enough is left for the first call itself and the fees. */
    assert_true(gas <= 90 * TGAS);
}

static void
portfolio_get_portfolio_sequential__goes_on__when_a_branch_fails(void **state)
{
    (void)state;
    const struct mock_result some[3] = {{NULL}, {"garbage"}, {"[\"\\\"\",{}]"}};
    mock.predecessor = "alice.near";
    play_sequence(some);
    assert_string_equal(mock.value,
                        "{\"user\":\"alice.near\",\"balance\":null,\"lending\":null,"
                        "\"staking\":[\"\\\"\",{}]}");
}

static void
portfolio_sequential_step__carries_the_story_in_its_arguments(void **state)
{
    (void)state;
    const struct mock_result result = {" {\"a\":[1]} "};
    call_back(portfolio_sequential_step,
              "{\"step\":0,\"user\":\"alice.near\"," CONTRACTS ",\"results\":[]}", &result, 1);
    assert_call(&mock.promises[0], 0, "get_position", "{\"account_id\":\"alice.near\"}", 10);
    assert_string_equal(mock.promises[1].actions[0].args,
                        "{\"step\":1,\"user\":\"alice.near\"," CONTRACTS
                        ",\"results\":[{\"a\":[1]}]}");
    mock.results = &result;
    assert_panics(portfolio_sequential_step,
                  "{\"step\":3,\"user\":\"alice.near\"," CONTRACTS ",\"results\":[]}",
                  "argument step must be 0, 1 or 2");
    assert_panics(portfolio_sequential_step,
                  "{\"step\":2,\"user\":\"alice.near\"," CONTRACTS ",\"results\":[1]}",
                  "argument results must have one value for each step before this one");
    assert_panics(portfolio_sequential_step,
                  "{\"step\":0,\"user\":\"alice.near\"," CONTRACTS "}",
                  "missing argument: results");
}

/* --- all or nothing ---------------------------------------------------------------------- */

static void
portfolio_batch__is_one_promise_of_three_transfers(void **state)
{
    (void)state;
    const char *seven = "{\"receiver_id\":\"alice.near\",\"amount\":\"7\"}";
    const char *names[] = {"token_contract", "contract"};
    for (int fail = 0; fail < 2; fail++) {
        for (int n = 0; n < 2; n++) {
            char args[200];
            snprintf(args, sizeof(args), "{\"%s\":\"token.near\",\"user\":\"alice.near\"%s}",
                     names[n], fail ? ",\"fail\":true" : "");
            assert_int_equal(mock_run(portfolio_batch, args), MOCK_OK);
            assert_int_equal(mock.promise_count, 1);
            assert_string_equal(mock.promises[0].account, "token.near");
            assert_int_equal(mock.promises[0].action_count, 3);
            assert_call(&mock.promises[0], 0, "ft_transfer", seven, 5);
            assert_call(&mock.promises[0], 1, "ft_transfer", seven, 5);
            assert_call(&mock.promises[0], 2, "ft_transfer",
                        fail ? "{\"receiver_id\":\"alice.near\","
                               "\"amount\":\"340282366920938463463374607431768211455\"}"
                             : seven,
                        5);
            for (int i = 0; i < 3; i++) {
                assert_true(mock.promises[0].actions[i].deposit_lo == 1);
                assert_true(mock.promises[0].actions[i].deposit_hi == 0);
            }
            assert_true(mock.has_return);
            assert_int_equal(mock.returned, 0);
        }
    }
    assert_panics(
        portfolio_batch,
        "{\"token_contract\":\"token.near\",\"user\":\"alice.near\",\"fail\":\"yes\"}",
        "argument fail must be true or false");
}

static void
portfolio_drill__fails_in_its_callback(void **state)
{
    static const struct mock_result results[] = {{"\"1\""}, {POSITION}, {"\"2\""}};
    (void)state;
    assert_int_equal(mock_run(portfolio_get_portfolio_drill,
                              "{\"user\":\"alice.near\",\"fail\":\"trap\"," CONTRACTS "}"),
                     MOCK_OK);
    assert_int_equal(mock.promise_count, 5);
    assert_call(&mock.promises[4], 0, "portfolio_drill_callback", "{\"fail\":\"trap\"}", 15);
    assert_panics(portfolio_get_portfolio_drill, ARGS, "missing argument: fail");
    assert_panics(portfolio_portfolio_drill_callback, "{\"fail\":\"panic\"}",
                  "Method portfolio_drill_callback is private");
    mock.predecessor = mock.current;
    mock.results = results;
    mock.result_count = 3;
    assert_panics(portfolio_portfolio_drill_callback, "{\"fail\":\"panic\"}",
                  "the answers do not fit together");
    assert_panics(portfolio_portfolio_drill_callback, "{\"fail\":\"x\"}",
                  "unknown kind of failure: x; the kinds are panic, loop, trap");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(portfolio_get_portfolio_data__asks_all_three_at_once, reset),
        cmocka_unit_test_setup(portfolio_get_portfolio_data__passes_the_user_on_escaped, reset),
        cmocka_unit_test_setup(portfolio_methods__say_what_is_missing__before_any_promise,
                               reset),
        cmocka_unit_test_setup(portfolio_callback__joins_what_came, reset),
        cmocka_unit_test_setup(portfolio_callback__logs_why_there_is_no_value, reset),
        cmocka_unit_test_setup(portfolio_callback__takes_three_results_of_full_length, reset),
        cmocka_unit_test_setup(portfolio_callback__is_private, reset),
        cmocka_unit_test_setup(portfolio_drill__fails_in_its_callback, reset),
        cmocka_unit_test_setup(portfolio_get_portfolio_sequential__gives_the_same_object,
                               reset),
        cmocka_unit_test_setup(portfolio_get_portfolio_sequential__goes_on__when_a_branch_fails,
                               reset),
        cmocka_unit_test_setup(portfolio_sequential_step__carries_the_story_in_its_arguments,
                               reset),
        cmocka_unit_test_setup(portfolio_batch__is_one_promise_of_three_transfers, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
