#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/json.h"
#include "tests/support/mock_near.h"

/* The faults that token, lending and staking can be told to show. */
void token_new(void);
void token_ft_balance_of(void);
void token_ft_total_supply(void);
void token_set_fault(void);
void lending_new(void);
void lending_get_position(void);
void lending_set_fault(void);
void staking_new(void);
void staking_get_rewards(void);
void staking_get_staked(void);
void staking_set_fault(void);

static const struct drilled {
    void (*create)(void);
    void (*read)(void);
    void (*set_fault)(void);
    const char *panic, *value;
    double tgas; /* what the portfolio attaches to the read */
} drilled[] = {
    {token_new, token_ft_balance_of, token_set_fault, "balances are frozen", "\"0\"", 5},
    {lending_new, lending_get_position, lending_set_fault, "pool is paused",
     "{\"collateral\":\"0\",\"debt\":\"0\",\"health\":null}", 10},
    {staking_new, staking_get_rewards, staking_set_fault, "rewards are being recalculated",
     "\"0\"", 5},
};
enum { DRILLED = sizeof(drilled) / sizeof(drilled[0]) };

#define READ_ARGS "{\"account_id\":\"alice.near\"}"

static void
begin(const struct drilled *d)
{
    mock_reset();
    assert_does(d->create, "{\"owner_id\":\"owner.near\",\"total_supply\":\"0\"}");
}

static void
set(const struct drilled *d, const char *kind)
{
    char args[100];
    snprintf(args, sizeof(args), "{\"kind\":\"%s\"}", kind);
    mock.predecessor = "owner.near";
    mock.is_view = false;
    assert_does(d->set_fault, args);
    mock.predecessor = "alice.near";
}

static void
drill_act__shows_the_fault_in_the_read(void **state)
{
    (void)state;
    for (const struct drilled *d = drilled; d < drilled + DRILLED; d++) {
        /* As a call, then as a view. */
        for (int view = 0; view < 2; view++) {
            begin(d);
            mock.is_view = view;
            assert_answers(d->read, READ_ARGS, d->value);
            set(d, "panic");
            mock.is_view = view;
            assert_panics(d->read, READ_ARGS, d->panic);
            set(d, "loop");
            mock.is_view = view;
            assert_int_equal(mock_run(d->read, READ_ARGS), MOCK_OUT_OF_GAS);
            set(d, "trap");
            mock.is_view = view;
            assert_int_equal(mock_run(d->read, READ_ARGS), MOCK_TRAP);
            set(d, "none");
            mock.is_view = view;
            assert_answers(d->read, READ_ARGS, d->value);
        }
    }
}

static void
drill_act__answers_no_json__when_the_fault_is_garbage(void **state)
{
    (void)state;
    for (const struct drilled *d = drilled; d < drilled + DRILLED; d++) {
        struct json_value value;
        struct json_error error;
        begin(d);
        set(d, "garbage");
        mock.is_view = true;
        assert_int_equal(mock_run(d->read, READ_ARGS), MOCK_OK);
        assert_true(mock.has_value);
        assert_true(strlen(mock.value) > 0);
        assert_false(json_parse(text_of(mock.value), &value, &error));
    }
}

static void
drill_act__burns_nearly_all_and_answers__when_the_fault_is_slow(void **state)
{
    (void)state;
    for (const struct drilled *d = drilled; d < drilled + DRILLED; d++) {
        begin(d);
        assert_answers(d->read, READ_ARGS, d->value);
        assert_int_equal(mock.hashes, 0);
        set(d, "slow");
        mock.is_view = true;
        assert_answers(d->read, READ_ARGS, d->value);
        /* What the protocol takes for hashing 64 bytes; 0.3 Tgas have to stay for the rest. */
        double burnt = (double)mock.hashes * 0.01192480176;
        assert_true(burnt > 0.9 * d->tgas);
        assert_true(burnt < d->tgas - 0.3);
    }
}

static void
drill_act__leaves_other_reads_alone(void **state)
{
    (void)state;
    begin(&drilled[0]);
    set(&drilled[0], "panic");
    assert_answers(token_ft_total_supply, "", "\"0\"");
    begin(&drilled[2]);
    set(&drilled[2], "trap");
    assert_answers(staking_get_staked, READ_ARGS, "\"0\"");
}

static void
drill_set_fault__is_for_the_owner_and_the_contract(void **state)
{
    (void)state;
    for (const struct drilled *d = drilled; d < drilled + DRILLED; d++) {
        begin(d);
        assert_panics(d->set_fault, "{\"kind\":\"panic\"}",
                      "Method set_fault is for the owner, owner.near, not for alice.near");
        mock.predecessor = "contract.near";
        assert_does(d->set_fault, "{\"kind\":\"panic\"}");
        assert_panics(d->read, READ_ARGS, d->panic);
        mock.predecessor = "owner.near";
        assert_does(d->set_fault, "{\"kind\":\"none\"}");
        assert_answers(d->read, READ_ARGS, d->value);
    }
}

static void
drill_set_fault__names_the_kinds__when_it_is_none_of_them(void **state)
{
    (void)state;
    for (const struct drilled *d = drilled; d < drilled + DRILLED; d++) {
        begin(d);
        mock.predecessor = "owner.near";
        assert_panics(d->set_fault, "{\"kind\":\"Panic\"}",
                      "unknown kind of fault: Panic; "
                      "the kinds are none, panic, loop, trap, garbage, slow");
        assert_panics(d->set_fault, "{\"kind\":\"\"}",
                      "unknown kind of fault: ; "
                      "the kinds are none, panic, loop, trap, garbage, slow");
        assert_panics(d->set_fault, "{}", "missing argument: kind");
        assert_panics(d->set_fault, "{\"kind\":1}", "argument kind must be a string");
        assert_answers(d->read, READ_ARGS, d->value);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drill_act__shows_the_fault_in_the_read),
        cmocka_unit_test(drill_act__answers_no_json__when_the_fault_is_garbage),
        cmocka_unit_test(drill_act__burns_nearly_all_and_answers__when_the_fault_is_slow),
        cmocka_unit_test(drill_act__leaves_other_reads_alone),
        cmocka_unit_test(drill_set_fault__is_for_the_owner_and_the_contract),
        cmocka_unit_test(drill_set_fault__names_the_kinds__when_it_is_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
