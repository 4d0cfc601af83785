#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/chain/demo.h"
#include "tests/support/demo_args.h"
#include "tests/unit/chain/fixture.h"

#define BLOCK_NS UINT64_C(600000000)

static void
set_up(struct fixture *f)
{
    struct chain_config config;
    struct diag d = {0};
    uint64_t now = UINT64_C(1700000000000000000);
    *f = (struct fixture){.time_ns = now};
    arena_init(&f->arena);
    chain_default_config(&config, now - (DEMO_BLOCKS + 1) * BLOCK_NS);
    f->chain = chain_new(&config);
    if (demo_build(f->chain, now, BLOCK_NS, &d))
        fail_msg("%s", diag_text(&d));
    assert_true(chain_head(f->chain)->time_ns <= now);
}

static const struct chain_outcome *
call_portfolio(struct fixture *f, const char *method)
{
    struct hash tx =
        fixture_call(f, "alice.test.near", "portfolio.test.near", method,
                     DEMO_ARGS);
    fixture_settle(f);
    const struct chain_outcome *o = fixture_first(f, &tx);
    while (o->status == CHAIN_RECEIPT)
        o = fixture_outcome(f, &o->returns);
    assert_int_equal(o->status, CHAIN_VALUE);
    return o;
}

static void
assert_says(struct str value, const char *part)
{
    if (str_find(value, str_from(part)) < 0)
        fail_msg("%s is not in %.*s", part, STR_ARG(value));
}

static void
demo_build__gives_alice_something_in_every_contract(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct str value = call_portfolio(&f, "get_portfolio_data")->value;
    assert_says(value, "\"balance\":\"1250000000\"");
    assert_says(value, "\"staking\":\"31415926\"");
    assert_true(str_find(value, STR("null")) < 0);
    value = call_portfolio(&f, "get_portfolio_sequential")->value;
    assert_says(value, "\"balance\":\"1250000000\"");
    fixture_release(&f);
}

static void
demo_build__lets_each_contract_s_own_key_set_its_fault(void **state)
{
    (void)state;
    static const char *const contracts[] = {"token.test.near", "lending.test.near",
                                            "staking.test.near"};
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < ARRAY_LEN(contracts); i++) {
        struct hash tx =
            fixture_call(&f, contracts[i], contracts[i], "set_fault", "{\"kind\":\"panic\"}");
        fixture_settle(&f);
        assert_int_equal(fixture_first(&f, &tx)->status, CHAIN_VALUE);
    }
    struct str value = call_portfolio(&f, "get_portfolio_data")->value;
    assert_says(value, "\"balance\":null");
    assert_says(value, "\"lending\":null");
    assert_says(value, "\"staking\":null");
    fixture_release(&f);
}

static void
demo_build__makes_the_three_contracts_of_the_other_example(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct hash tx =
        fixture_call(&f, "alice.test.near", "xcc.test.near", "multiple_contracts", "{}");
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    assert_int_equal(o->status, CHAIN_RECEIPT);
    o = fixture_outcome(&f, &o->returns);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_says(o->value, "[\"Hello, NEAR\",1,[{");
    assert_says(o->value, "Three calls, one answer");
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demo_build__gives_alice_something_in_every_contract),
        cmocka_unit_test(demo_build__lets_each_contract_s_own_key_set_its_fault),
        cmocka_unit_test(demo_build__makes_the_three_contracts_of_the_other_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
