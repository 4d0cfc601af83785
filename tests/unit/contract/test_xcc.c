#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/sdk.h"
#include "tests/support/mock_near.h"

void xcc_new(void);
void xcc_multiple_contracts(void);
void xcc_multiple_contracts_callback(void);

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    mock.current = "xcc.near";
    return 0;
}

static void
assert_asks(const char *hello, const char *counter, const char *guestbook)
{
    static const struct {
        const char *method, *args;
        unsigned tgas;
    } expected[] = {
        {"get_greeting", "{}", 5},
        {"get_num", "{}", 5},
        {"get_messages", "{\"from_index\":0,\"limit\":10}", 10},
    };
    const char *account[] = {hello, counter, guestbook};
    const struct mock_promise *p = mock.promises;
    assert_int_equal(mock_run(xcc_multiple_contracts, "{}"), MOCK_OK);
    assert_int_equal(mock.promise_count, 5);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(p[i].account, account[i]);
        assert_int_equal(p[i].action_count, 1);
        assert_string_equal(p[i].actions[0].method, expected[i].method);
        assert_string_equal(p[i].actions[0].args, expected[i].args);
        assert_true(p[i].actions[0].gas == expected[i].tgas * TGAS);
    }
    assert_true(p[3].is_joint);
    assert_int_equal(p[3].input_count, 3);
    assert_string_equal(p[4].account, "xcc.near");
    assert_string_equal(p[4].actions[0].method, "multiple_contracts_callback");
    assert_int_equal(p[4].inputs[0], 3);
    assert_int_equal(mock.returned, 4);
}

static void
xcc_multiple_contracts__asks_the_demo__before_new(void **state)
{
    (void)state;
    assert_asks("hello.test.near", "counter.test.near", "guestbook.test.near");
}

static void
xcc_multiple_contracts__asks_whom_new_named(void **state)
{
    (void)state;
    const char *args = "{\"hello_account\":\"h.near\",\"counter_account\":\"c.near\","
                       "\"guestbook_account\":\"g.near\"}";
    assert_panics(xcc_new, args, "Method new is private");
    mock.predecessor = "xcc.near";
    assert_panics(xcc_new, "{\"hello_account\":\"h.near\",\"counter_account\":\"c.near\"}",
                  "missing argument: guestbook_account");
    assert_int_equal(mock_storage_count(), 0);
    assert_does(xcc_new, args);
    assert_panics(xcc_new, args, "the contract is initialised already");
    mock.predecessor = "alice.near";
    assert_asks("h.near", "c.near", "g.near");
}

static void
xcc_multiple_contracts_callback__gives_the_three_results(void **state)
{
    (void)state;
    static const struct {
        struct mock_result results[3];
        const char *value;
        size_t logs;
    } cases[] = {
        {{{"\"Hello\""}, {"-3"}, {"[{\"text\":\"a,b\"}]"}},
         "[\"Hello\",-3,[{\"text\":\"a,b\"}]]",
         0},
        {{{NULL}, {"0"}, {"[]"}}, "[null,0,[]]", 1},
        {{{"\"Hello"}, {NULL}, {"[]]"}}, "[null,null,null]", 3},
    };
    assert_panics(xcc_multiple_contracts_callback, "{}",
                  "Method multiple_contracts_callback is private");
    mock.predecessor = "xcc.near";
    assert_panics(
        xcc_multiple_contracts_callback, "{}",
        "Method multiple_contracts_callback is a callback and got no results to work on");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        mock.results = cases[i].results;
        mock.result_count = 3;
        assert_answers(xcc_multiple_contracts_callback, "{}", cases[i].value);
        assert_int_equal(mock.log_count, cases[i].logs);
    }
    assert_string_equal(mock.logs[0],
                        "greeting: the result is not valid JSON (a string without "
                        "an end at byte 6), null stands for it");
    assert_string_equal(mock.logs[1], "number: the call failed, null stands for it");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(xcc_multiple_contracts__asks_the_demo__before_new, reset),
        cmocka_unit_test_setup(xcc_multiple_contracts__asks_whom_new_named, reset),
        cmocka_unit_test_setup(xcc_multiple_contracts_callback__gives_the_three_results, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
