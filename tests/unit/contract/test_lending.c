#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/mock_near.h"

void lending_new(void);
void lending_deposit(void);
void lending_borrow(void);
void lending_repay(void);
void lending_get_position(void);

#define EVENT "EVENT_JSON:{\"standard\":\"lending\",\"version\":\"1.0.0\",\"event\":"
#define ALICE "{\"account_id\":\"alice.near\"}"

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    assert_does(lending_new, "{\"owner_id\":\"owner.near\"}");
    return 0;
}

static void
lending_methods__panic__before_new(void **state)
{
    (void)state;
    static void (*const methods[])(void) = {lending_deposit, lending_borrow, lending_repay,
                                            lending_get_position};
    mock_reset();
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        assert_panics(methods[i], "{}", "the contract is not initialised: call new first");
    assert_panics(lending_new, "{}", "missing argument: owner_id");
    assert_does(lending_new, "{\"owner_id\":\"owner.near\"}");
    assert_panics(lending_new, "{\"owner_id\":\"owner.near\"}",
                  "the contract is initialised already");
}

static void
lending_get_position__is_empty__for_a_stranger(void **state)
{
    (void)state;
    mock.is_view = true;
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"0\",\"debt\":\"0\",\"health\":null}");
}

static void
lending_position__follows_deposit_borrow_repay(void **state)
{
    (void)state;
    assert_does(lending_deposit, "{\"amount\":\"2500\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"deposit\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"2500\"}]}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"2500\",\"debt\":\"0\",\"health\":null}");
    assert_does(lending_borrow, "{\"amount\":900}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"borrow\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"900\"}]}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"2500\",\"debt\":\"900\",\"health\":\"2.77\"}");
    assert_does(lending_repay, "{\"amount\":\"400\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"repay\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"400\"}]}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"2500\",\"debt\":\"500\",\"health\":\"5.00\"}");
    assert_does(lending_repay, "{\"amount\":\"500\"}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"2500\",\"debt\":\"0\",\"health\":null}");
}

static void
lending_deposit__may_be_for_somebody_else(void **state)
{
    (void)state;
    mock.predecessor = "bob.near";
    assert_does(lending_deposit, "{\"account_id\":\"alice.near\",\"amount\":\"7\"}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"7\",\"debt\":\"0\",\"health\":null}");
    assert_answers(lending_get_position, "{\"account_id\":\"bob.near\"}",
                   "{\"collateral\":\"0\",\"debt\":\"0\",\"health\":null}");
}

static void
lending_borrow__stops_at_the_least_health(void **state)
{
    (void)state;
    assert_panics(lending_borrow, "{\"amount\":1}",
                  "borrowing 1 would bring the health of the position down to 0.00, "
                  "at least 1.50 is needed");
    assert_does(lending_deposit, "{\"amount\":\"1500\"}");
    assert_panics(lending_borrow, "{\"amount\":1001}",
                  "borrowing 1001 would bring the health of the position down to 1.49, "
                  "at least 1.50 is needed");
    assert_does(lending_borrow, "{\"amount\":1000}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"1500\",\"debt\":\"1000\",\"health\":\"1.50\"}");
    assert_panics(lending_borrow, "{\"amount\":\"340282366920938463463374607431768211455\"}",
                  "the debt of one account would pass 2^128 - 1");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"1500\",\"debt\":\"1000\",\"health\":\"1.50\"}");
}

static void
lending_deposit__stops_where_health_could_not_be_told(void **state)
{
    (void)state;
    const char *most = "{\"amount\":\"3402823669209384634633746074317682114\"}";
    assert_does(lending_deposit, most);
    assert_does(lending_borrow, "{\"amount\":1}");
    assert_answers(lending_get_position, ALICE,
                   "{\"collateral\":\"3402823669209384634633746074317682114\",\"debt\":\"1\","
                   "\"health\":\"3402823669209384634633746074317682114.00\"}");
    assert_panics(lending_deposit, "{\"amount\":1}",
                  "the collateral of one account would pass 2^128 / 100");
    assert_panics(lending_deposit, "{\"amount\":\"340282366920938463463374607431768211455\"}",
                  "the collateral of one account would pass 2^128 / 100");
}

static void
lending_repay__stops_at_the_debt(void **state)
{
    (void)state;
    assert_panics(lending_repay, "{\"amount\":1}", "alice.near owes 0, less than 1");
    assert_panics(lending_repay, "{\"amount\":0}", "argument amount must be more than 0");
    assert_panics(lending_repay, "{}", "missing argument: amount");
    mock.deposit_lo = 1;
    assert_panics(lending_repay, "{\"amount\":1}", "Method repay takes no deposit");
    assert_panics(lending_borrow, "{\"amount\":1}", "Method borrow takes no deposit");
    assert_panics(lending_deposit, "{\"amount\":1}", "Method deposit takes no deposit");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lending_methods__panic__before_new),
        cmocka_unit_test_setup(lending_get_position__is_empty__for_a_stranger, reset),
        cmocka_unit_test_setup(lending_position__follows_deposit_borrow_repay, reset),
        cmocka_unit_test_setup(lending_deposit__may_be_for_somebody_else, reset),
        cmocka_unit_test_setup(lending_borrow__stops_at_the_least_health, reset),
        cmocka_unit_test_setup(lending_deposit__stops_where_health_could_not_be_told, reset),
        cmocka_unit_test_setup(lending_repay__stops_at_the_debt, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
