#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/near/cost.h"
#include "net/preflight.h"

struct scene {
    struct action action;
    struct transaction tx;
    struct preflight known;
    struct diag d;
    struct str methods[2];
};

static struct amount
yocto(const char *digits)
{
    struct amount a;
    assert_int_equal(amount_parse(str_from(digits), &a, NULL), OK);
    return a;
}

/* A call that the key may make and the account can pay. */
static void
begin(struct scene *s)
{
    *s = (struct scene){.action = {.kind = ACTION_FUNCTION_CALL,
                                   .method = STR("get"),
                                   .args = STR("{}"),
                                   .gas = 100 * TERA_GAS},
                        .methods = {STR("get"), STR("set")}};
    s->tx = (struct transaction){.signer = account_of("alice.near"),
                                 .receiver = account_of("hello.near"),
                                 .actions = &s->action,
                                 .action_count = 1};
    s->known = (struct preflight){.has_key = true,
                                  .key = {.receiver = STR("hello.near"),
                                          .methods = s->methods,
                                          .method_count = 2},
                                  .has_balance = true,
                                  .balance = yocto("1000000000000000000000000"),
                                  .has_price = true,
                                  .gas_price = amount_of(COST_LOWEST_GAS_PRICE)};
    assert_int_equal(preflight_check(&s->tx, &s->known, &s->d), OK);
}

static void
assert_refused(struct scene *s, const char *part)
{
    assert_int_equal(preflight_check(&s->tx, &s->known, &s->d), ERR_REFUSED);
    if (!strstr(diag_text(&s->d), part))
        fail_msg("\"%s\" does not say \"%s\"", diag_text(&s->d), part);
}

/* The cost that a node named when it refused a transfer of 10^9 NEAR; and what the reference
 * works out for a call of nine and sixty-four bytes. */
static void
cost__is_what_the_node_names(void **state)
{
    (void)state;
    char text[AMOUNT_TEXT];
    struct tx_most most;
    struct action action = {.kind = ACTION_TRANSFER,
                            .deposit = yocto("1000000000000000000000000000000000")};
    struct transaction tx = {.actions = &action, .action_count = 1};
    assert_true(tx_cost_most(&tx, amount_of(COST_LOWEST_GAS_PRICE), &most));
    assert_string_equal(amount_text(most.total, text), "1000000000000044636512500000000000");
    char args[64] = {0};
    action = (struct action){.kind = ACTION_FUNCTION_CALL, .method = STR("rebalance"),
                             .args = str_of(args, sizeof(args)), .gas = 300 * TERA_GAS};
    assert_true(tx_cost_most(&tx, amount_of(COST_LOWEST_GAS_PRICE), &most));
    assert_string_equal(amount_text(most.for_gas, text), "30119976313437700000000");
    action = (struct action){.kind = ACTION_STAKE};
    assert_false(tx_cost_most(&tx, amount_of(COST_LOWEST_GAS_PRICE), &most));
    action = (struct action){.kind = ACTION_FUNCTION_CALL, .gas = UINT64_MAX};
    assert_false(tx_cost_most(&tx, amount_of(COST_LOWEST_GAS_PRICE), &most));
}

static void
preflight__refuses__what_a_limited_key_may_not_do(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    s.tx.receiver = account_of("other.near");
    assert_refused(&s, "may call hello.near only, not other.near");
    begin(&s);
    s.action.method = STR("drain");
    assert_refused(&s, "may not call drain; among what it may is get");
    s.known.key.method_count = 0;
    assert_int_equal(preflight_check(&s.tx, &s.known, &s.d), OK);
    begin(&s);
    s.action.deposit = amount_of(1);
    assert_refused(&s, "may not attach tokens");
    s.action = (struct action){.kind = ACTION_TRANSFER};
    assert_refused(&s, "one function call at a time");
    s.known.key = (struct access_key){.is_full_access = true};
    assert_int_equal(preflight_check(&s.tx, &s.known, &s.d), OK);
}

static void
preflight__refuses__what_cannot_be_paid(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    s.known.balance = yocto("3000000000000000000000");
    assert_refused(&s, "alice.near has 0.003 NEAR, and this may cost 0.01012 NEAR at most");
    s.known.has_price = false;
    assert_int_equal(preflight_check(&s.tx, &s.known, &s.d), OK);
    begin(&s);
    s.known.key.has_allowance = true;
    s.known.key.allowance = yocto("5000000000000000000000");
    assert_refused(&s, "this key may still spend 0.005 NEAR");
}

static void
preflight__refuses__another_chain_than_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *meant, *told, *sentence;
        bool is_agreed;
    } cases[] = {
        {"testnet", "testnet", "", false},
        {"testnet", "mainnet", "the node serves the chain mainnet, and this network is testnet", true},
        {"testnet", "", "", false},
        {"", "localnet", "", false},
        {"", "mainnet", "the node serves mainnet, where tokens are worth something", false},
        {"", "mainnet", "", true},
        {"mainnet", "mainnet", "", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct preflight_place place = {.is_mainnet_agreed = cases[i].is_agreed};
        struct preflight known = {.has_key = false};
        struct diag d = {0};
        assert_true(str_copy(str_from(cases[i].meant), place.chain_id, CHAIN_ID_MAX));
        assert_true(str_copy(str_from(cases[i].told), known.chain_id, CHAIN_ID_MAX));
        enum err e = preflight_check_place(&place, &known, &d);
        assert_int_equal(e, cases[i].sentence[0] ? ERR_REFUSED : OK);
        assert_non_null(strstr(diag_text(&d), cases[i].sentence));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost__is_what_the_node_names),
        cmocka_unit_test(preflight__refuses__what_a_limited_key_may_not_do),
        cmocka_unit_test(preflight__refuses__what_cannot_be_paid),
        cmocka_unit_test(preflight__refuses__another_chain_than_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
