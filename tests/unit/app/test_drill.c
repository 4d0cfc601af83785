#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/json.h"
#include "tui/app/drill.h"

#define USER "{\"user\":\"alice.test.near\","
#define TOKEN "\"token_contract\":\"token.test.near\","
#define STAKING "\"staking_contract\":\"staking.test.near\""

static struct opts
opts_of(const char *fail, enum plan_mode mode)
{
    struct opts o = {.command = COMMAND_DEMO};
    if (fail)
        o.fail = (struct option_value){.is_given = true, .text = fail};
    o.sequential.is_given = mode == PLAN_SEQUENTIAL;
    o.batch.is_given = mode == PLAN_BATCH;
    return o;
}

static void
drill_plan__puts_the_failure_where_it_belongs(void **state)
{
    static const struct {
        const char *fail;
        enum plan_mode mode;
        const char *told;               /* the contract that is told before; NULL: none */
        const char *method, *args;
    } cases[] = {
        {NULL, PLAN_PARALLEL, NULL, "get_portfolio_data",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING "}"},
        {"lending=panic", PLAN_PARALLEL, "lending.test.near", "get_portfolio_data",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING "}"},
        {"1=none", PLAN_SEQUENTIAL, "lending.test.near", "get_portfolio_sequential",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING "}"},
        {"lending=no-account", PLAN_PARALLEL, NULL, "get_portfolio_data",
         USER TOKEN "\"lending_contract\":\"nobody.test.near\"," STAKING "}"},
        {"lending=no-method", PLAN_SEQUENTIAL, NULL, "get_portfolio_sequential",
         USER TOKEN "\"lending_contract\":\"hello.test.near\"," STAKING "}"},
        {"callback=loop", PLAN_PARALLEL, NULL, "get_portfolio_drill",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING ",\"fail\":\"loop\"}"},
        {"callback=none", PLAN_PARALLEL, NULL, "get_portfolio_data",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING "}"},
        {"token=panic", PLAN_BATCH, NULL, "batch",
         USER TOKEN "\"lending_contract\":\"lending.test.near\"," STAKING ",\"fail\":true}"},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opts o = opts_of(cases[i].fail, cases[i].mode);
        struct plan call, fault = {.action = {.gas = 0}};
        struct drill drill;
        enum plan_mode mode;
        assert_int_equal(drill_of_opts(&o, &mode, &drill, NULL), OK);
        assert_int_equal(mode, cases[i].mode);
        assert_int_equal(drill_plan(&drill, mode, &arena, &call, &fault), cases[i].told != NULL);
        if (cases[i].told)
            assert_string_equal(fault.receiver.s, cases[i].told);
        assert_true(str_equal_c(call.action.method, cases[i].method));
        assert_true(str_equal_c(call.action.args, cases[i].args));
        assert_int_equal(json_check(call.action.args, NULL), OK);
    }
    arena_release(&arena);
}

static void
drill_of_opts__says_what_is_wrong(void **state)
{
    static const struct {
        const char *fail;
        enum plan_mode mode;
        const char *said;
    } cases[] = {
        {"lending", PLAN_PARALLEL, "--fail: \"lending\": expected WHO=HOW, as lending=panic"},
        {"bank=panic", PLAN_PARALLEL,
         "--fail: \"bank\" cannot fail: token, lending, staking and callback can"},
        {"3=panic", PLAN_PARALLEL,
         "--fail: \"3\" cannot fail: token, lending, staking and callback can"},
        {"token=fire", PLAN_PARALLEL,
         "--fail: no fault is called \"fire\": there are panic, loop, trap, garbage, slow, "
         "no-method, no-contract, no-account, none"},
        {"callback=slow", PLAN_PARALLEL,
         "--fail: slow is for branches: the callback can panic, loop or trap"},
        {"callback=panic", PLAN_SEQUENTIAL,
         "--fail: the callback fails in the call that asks all at once alone"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opts o = opts_of(cases[i].fail, cases[i].mode);
        struct drill drill;
        struct diag d = {0};
        enum plan_mode mode;
        assert_int_not_equal(drill_of_opts(&o, &mode, &drill, &d), OK);
        assert_string_equal(diag_text(&d), cases[i].said);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drill_plan__puts_the_failure_where_it_belongs),
        cmocka_unit_test(drill_of_opts__says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
