#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/mock_near.h"

void token_new(void);
void token_mint(void);
void token_ft_transfer(void);
void token_ft_balance_of(void);
void token_ft_total_supply(void);
void token_ft_metadata(void);
void token_set_fault(void);

#define MAX "340282366920938463463374607431768211455"
#define EVENT "EVENT_JSON:{\"standard\":\"nep141\",\"version\":\"1.0.0\",\"event\":"

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    assert_does(token_new, "{\"owner_id\":\"owner.near\",\"total_supply\":\"1000\"}");
    return 0;
}

static int
reset_only(void **state)
{
    (void)state;
    mock_reset();
    return 0;
}

static void
assert_balance(const char *account, const char *value)
{
    char args[100];
    snprintf(args, sizeof(args), "{\"account_id\":\"%s\"}", account);
    assert_answers(token_ft_balance_of, args, value);
}

static void
token_methods__panic__before_new(void **state)
{
    (void)state;
    static void (*const methods[])(void) = {token_mint,          token_ft_transfer,
                                            token_ft_balance_of, token_ft_total_supply,
                                            token_ft_metadata,   token_set_fault};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        assert_panics(methods[i], "{}", "the contract is not initialised: call new first");
}

static void
token_new__gives_the_supply_to_the_owner(void **state)
{
    (void)state;
    assert_does(token_new, "{\"owner_id\":\"owner.near\",\"total_supply\":\"1000\"}");
    assert_int_equal(mock.log_count, 1);
    assert_string_equal(mock.logs[0],
                        EVENT "\"ft_mint\",\"data\":[{\"owner_id\":\"owner.near\","
                              "\"amount\":\"1000\",\"memo\":\"the first supply\"}]}");
    assert_balance("owner.near", "\"1000\"");
    assert_answers(token_ft_total_supply, "", "\"1000\"");
    assert_panics(token_new, "{\"owner_id\":\"owner.near\",\"total_supply\":\"1\"}",
                  "the contract is initialised already");
}

static void
token_new__mints_nothing__when_the_supply_is_zero(void **state)
{
    (void)state;
    assert_does(token_new, "{\"owner_id\":\"owner.near\",\"total_supply\":\"0\"}");
    assert_int_equal(mock.log_count, 0);
    assert_answers(token_ft_total_supply, "", "\"0\"");
}

static void
token_new__leaves_nothing_behind__when_it_panics(void **state)
{
    (void)state;
    assert_panics(token_new, "{\"owner_id\":\"owner.near\"}", "missing argument: total_supply");
    assert_panics(token_new, "{\"total_supply\":\"1\"}", "missing argument: owner_id");
    mock.deposit_lo = 1;
    assert_panics(token_new, "{\"owner_id\":\"owner.near\",\"total_supply\":\"1\"}",
                  "Method new takes no deposit");
    assert_int_equal(mock_storage_count(), 0);
}

static void
token_ft_transfer__moves_tokens_and_says_so(void **state)
{
    (void)state;
    mock.predecessor = "owner.near";
    mock.deposit_lo = 1;
    assert_does(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":\"300\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"ft_transfer\",\"data\":[{\"old_owner_id\":\"owner.near\","
                              "\"new_owner_id\":\"bob.near\",\"amount\":\"300\"}]}");
    assert_does(token_ft_transfer,
                "{\"receiver_id\":\"bob.near\",\"amount\":\"1\",\"memo\":\"a \\\"b\\\"\\n\"}");
    assert_string_equal(mock.logs[0],
                        EVENT "\"ft_transfer\",\"data\":[{\"old_owner_id\":\"owner.near\","
                              "\"new_owner_id\":\"bob.near\",\"amount\":\"1\","
                              "\"memo\":\"a \\\"b\\\"\\n\"}]}");
    assert_balance("owner.near", "\"699\"");
    assert_balance("bob.near", "\"301\"");
    assert_balance("nobody.near", "\"0\"");
    assert_answers(token_ft_total_supply, "", "\"1000\"");
}

static void
token_ft_transfer__keeps_no_record_of_zero(void **state)
{
    (void)state;
    size_t before = mock_storage_count();
    mock.predecessor = "owner.near";
    mock.deposit_lo = 1;
    assert_does(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":\"1000\"}");
    assert_int_equal(mock_storage_count(), before);
    assert_balance("owner.near", "\"0\"");
}

static void
token_ft_transfer__changes_nothing__when_it_panics(void **state)
{
    (void)state;
    mock.predecessor = "owner.near";
    const char *args = "{\"receiver_id\":\"bob.near\",\"amount\":\"1\"}";
    const char *deposit = "ft_transfer needs a deposit of exactly 1 yoctoNEAR";
    assert_panics(token_ft_transfer, args, deposit);
    mock.deposit_lo = 2;
    assert_panics(token_ft_transfer, args, deposit);
    mock.deposit_lo = mock.deposit_hi = 1;
    assert_panics(token_ft_transfer, args, deposit);
    mock.deposit_hi = 0;
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":\"1001\"}",
                  "owner.near owns 1000, less than 1001");
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":\"" MAX "\"}",
                  "owner.near owns 1000, less than " MAX);
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":0}",
                  "argument amount must be more than 0");
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"owner.near\",\"amount\":\"1\"}",
                  "sender and receiver must be different accounts");
    assert_panics(token_ft_transfer, "{\"amount\":\"1\"}", "missing argument: receiver_id");
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"bob.near\"}",
                  "missing argument: amount");
    assert_panics(token_ft_transfer, "{\"receiver_id\":\"bob.near\",\"amount\":1,\"memo\":1}",
                  "argument memo must be a string");
    assert_balance("owner.near", "\"1000\"");
    assert_balance("bob.near", "\"0\"");
}

static void
token_mint__is_for_the_owner_and_the_contract(void **state)
{
    (void)state;
    const char *args = "{\"account_id\":\"alice.near\",\"amount\":1250000000}";
    assert_panics(token_mint, args,
                  "Method mint is for the owner, owner.near, not for alice.near");
    mock.predecessor = "owner.near";
    assert_does(token_mint, args);
    assert_string_equal(mock.logs[0],
                        EVENT "\"ft_mint\",\"data\":[{\"owner_id\":\"alice.near\","
                              "\"amount\":\"1250000000\"}]}");
    mock.predecessor = "contract.near";
    assert_does(token_mint, args);
    assert_balance("alice.near", "\"2500000000\"");
    assert_answers(token_ft_total_supply, "", "\"2500001000\"");
}

static void
token_mint__stops_at_the_top(void **state)
{
    (void)state;
    mock.predecessor = "owner.near";
    assert_panics(token_mint, "{\"account_id\":\"bob.near\",\"amount\":\"" MAX "\"}",
                  "the total supply would pass 2^128 - 1");
    assert_does(token_mint, "{\"account_id\":\"bob.near\","
                            "\"amount\":\"340282366920938463463374607431768210455\"}");
    assert_answers(token_ft_total_supply, "", "\"" MAX "\"");
    assert_panics(token_mint, "{\"account_id\":\"bob.near\",\"amount\":1}",
                  "the total supply would pass 2^128 - 1");
}

static void
token_reads__work_as_views(void **state)
{
    (void)state;
    mock.is_view = true;
    assert_balance("owner.near", "\"1000\"");
    assert_balance("Not An Account", "\"0\"");
    assert_answers(token_ft_total_supply, "", "\"1000\"");
    assert_answers(token_ft_metadata, "",
                   "{\"spec\":\"ft-1.0.0\",\"name\":\"Demo Token\",\"symbol\":\"DEMO\","
                   "\"icon\":null,\"reference\":null,\"reference_hash\":null,\"decimals\":6}");
    assert_panics(token_ft_balance_of, "{}", "missing argument: account_id");
    assert_panics(token_ft_balance_of, "{\"account_id\":7}",
                  "argument account_id must be a string");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(token_methods__panic__before_new, reset_only),
        cmocka_unit_test_setup(token_new__gives_the_supply_to_the_owner, reset_only),
        cmocka_unit_test_setup(token_new__mints_nothing__when_the_supply_is_zero, reset_only),
        cmocka_unit_test_setup(token_new__leaves_nothing_behind__when_it_panics, reset_only),
        cmocka_unit_test_setup(token_ft_transfer__moves_tokens_and_says_so, reset),
        cmocka_unit_test_setup(token_ft_transfer__keeps_no_record_of_zero, reset),
        cmocka_unit_test_setup(token_ft_transfer__changes_nothing__when_it_panics, reset),
        cmocka_unit_test_setup(token_mint__is_for_the_owner_and_the_contract, reset),
        cmocka_unit_test_setup(token_mint__stops_at_the_top, reset),
        cmocka_unit_test_setup(token_reads__work_as_views, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
