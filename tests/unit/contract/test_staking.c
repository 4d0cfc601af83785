#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/mock_near.h"

void staking_new(void);
void staking_stake(void);
void staking_unstake(void);
void staking_add_rewards(void);
void staking_get_rewards(void);
void staking_get_staked(void);

#define EVENT "EVENT_JSON:{\"standard\":\"staking\",\"version\":\"1.0.0\",\"event\":"
#define ALICE "{\"account_id\":\"alice.near\"}"
#define MAX "340282366920938463463374607431768211455"

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    assert_does(staking_new, "{\"owner_id\":\"owner.near\"}");
    return 0;
}

static void
staking_methods__panic__before_new(void **state)
{
    (void)state;
    static void (*const methods[])(void) = {staking_stake, staking_unstake, staking_add_rewards,
                                            staking_get_rewards, staking_get_staked};
    mock_reset();
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        assert_panics(methods[i], "{}", "the contract is not initialised: call new first");
    assert_does(staking_new, "{\"owner_id\":\"owner.near\"}");
    assert_panics(staking_new, "{\"owner_id\":\"owner.near\"}",
                  "the contract is initialised already");
}

static void
staking_stake__and_unstake__change_what_is_staked(void **state)
{
    (void)state;
    assert_answers(staking_get_staked, ALICE, "\"0\"");
    assert_does(staking_stake, "{\"amount\":\"10\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"stake\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"10\"}]}");
    assert_does(staking_unstake, "{\"amount\":\"4\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"unstake\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"4\"}]}");
    assert_answers(staking_get_staked, ALICE, "\"6\"");
    assert_panics(staking_unstake, "{\"amount\":7}", "alice.near has staked 6, less than 7");
    assert_panics(staking_stake, "{\"amount\":\"" MAX "\"}",
                  "the stake of one account would pass 2^128 - 1");
    assert_panics(staking_stake, "{\"amount\":\"0\"}", "argument amount must be more than 0");
    assert_answers(staking_get_staked, ALICE, "\"6\"");
    assert_answers(staking_get_rewards, ALICE, "\"0\"");
}

static void
staking_add_rewards__is_for_the_owner(void **state)
{
    (void)state;
    const char *args = "{\"account_id\":\"alice.near\",\"amount\":\"31415926\"}";
    assert_panics(staking_add_rewards, args,
                  "Method add_rewards is for the owner, owner.near, not for alice.near");
    mock.predecessor = "owner.near";
    assert_does(staking_add_rewards, args);
    assert_string_equal(mock.logs[0],
                        EVENT "\"rewards\",\"data\":[{\"account_id\":\"alice.near\","
                              "\"amount\":\"31415926\"}]}");
    assert_panics(staking_add_rewards, "{\"account_id\":\"alice.near\",\"amount\":\"" MAX "\"}",
                  "the rewards of one account would pass 2^128 - 1");
    mock.is_view = true;
    assert_answers(staking_get_rewards, ALICE, "\"31415926\"");
    assert_answers(staking_get_rewards, "{\"account_id\":\"bob.near\"}", "\"0\"");
}

static void
staking_methods__take_no_deposit(void **state)
{
    (void)state;
    mock.deposit_hi = 1;
    mock.predecessor = "owner.near";
    assert_panics(staking_stake, "{\"amount\":1}", "Method stake takes no deposit");
    assert_panics(staking_unstake, "{\"amount\":1}", "Method unstake takes no deposit");
    assert_panics(staking_add_rewards, "{}", "Method add_rewards takes no deposit");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staking_methods__panic__before_new),
        cmocka_unit_test_setup(staking_stake__and_unstake__change_what_is_staked, reset),
        cmocka_unit_test_setup(staking_add_rewards__is_for_the_owner, reset),
        cmocka_unit_test_setup(staking_methods__take_no_deposit, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
