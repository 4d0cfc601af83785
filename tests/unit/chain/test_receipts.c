#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/chain/fixture.h"

#define PRICE UINT64_C(100000000)

static void
set_up(struct fixture *f)
{
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, "bob.test.near", NULL);
}

static const struct chain_outcome *
run(struct fixture *f, const char *signer, const char *receiver, struct action *actions,
    size_t count)
{
    struct hash tx = fixture_send(f, signer, receiver, actions, count);
    fixture_settle(f);
    return fixture_first(f, &tx);
}

static const struct chain_outcome *
run_one(struct fixture *f, const char *signer, const char *receiver, struct action action)
{
    return run(f, signer, receiver, &action, 1);
}

static void
assert_failed(const struct chain_outcome *o, enum failure_kind kind, int index)
{
    assert_int_equal(o->status, CHAIN_FAILED);
    assert_int_equal(o->failure.kind, kind);
    assert_int_equal(o->failure.has_index, index >= 0);
    if (index >= 0)
        assert_int_equal(o->failure.index, index);
}

/* --- fees --------------------------------------------------------------------------------- */

static void
receipt__costs_what_the_worked_example_says__up_to_the_contract(void **state)
{
    (void)state;
    struct fixture f;
    char args[65];
    fixture_init(&f);
    fixture_account(&f, "a.test.near", NULL);
    fixture_account(&f, "b.test.near", NULL);
    memset(args, 'x', 64);
    args[64] = '\0';
    struct amount before = fixture_balance(&f, "b.test.near"), debit;
    struct hash tx = fixture_send_one(&f, "b.test.near", "a.test.near",
                                      action_call_of("rebalance", args, 300 * TERA_GAS));
    fixture_blocks(&f, 2);
    const struct chain_outcome *sent = fixture_outcome(&f, &tx);
    assert_int_equal(sent->gas_burnt, 311540411195);
    assert_amount(sent->tokens_burnt, "31154041119500000000");
    assert_true(amount_sub(before, fixture_balance(&f, "b.test.near"), &debit));
    assert_amount(debit, "30119976313437700000000");

    /* Without a contract on it the account burns what comes before the contract. */
    fixture_settle(&f);
    const struct chain_outcome *ran = fixture_first(&f, &tx);
    assert_failed(ran, FAILURE_FUNCTION_CALL, 0);
    assert_int_equal(ran->failure.vm_error, VM_CODE_DOES_NOT_EXIST);
    assert_int_equal(ran->gas_burnt, 888222723182);
    assert_amount(ran->tokens_burnt, "88822272318200000000");
    assert_int_equal(ran->child_count, 1);
    const struct chain_outcome *refund = fixture_child(&f, ran, 0);
    assert_amount_equal(refund->receipt->actions[0].deposit,
                        amount_product(300 * TERA_GAS, PRICE));
    assert_int_equal(refund->gas_burnt, 223182562500);
    assert_true(amount_is_zero(refund->tokens_burnt));
    assert_int_equal(refund->child_count, 0);
    fixture_release(&f);
}

static void
receipt__costs_the_sum_of_its_actions__to_make_an_account(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct str code = fixture_wasm(&f, "leaf");
    struct action actions[4] = {{.kind = ACTION_CREATE_ACCOUNT},
                                action_transfer_of(near(1000)),
                                action_key_of("new.test.near"),
                                {.kind = ACTION_DEPLOY_CONTRACT, .code = code}};
    const struct chain_outcome *o = run(&f, "test.near", "new.test.near", actions, 4);
    uint64_t fixed = 108059500000 + 3850000000000 + 115123062500 + 101765125000 + 184765750000;
    assert_int_equal(fixture_outcome(&f, &o->tx)->gas_burnt, fixed + 47683715 * code.n);
    assert_int_equal(o->gas_burnt, fixed + 64572944 * code.n);
    assert_int_equal(o->child_count, 0);
    struct account_view view;
    assert_true(chain_view_account(f.chain, STR("new.test.near"), &view));
    assert_int_equal(view.storage_usage, 182 + code.n);
    struct hash hash = hash_of_bytes(code);
    assert_true(hash_equal(&view.code_hash, &hash));

    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = code};
    o = run_one(&f, "new.test.near", "new.test.near", deploy);
    assert_int_equal(fixture_outcome(&f, &o->tx)->gas_burnt,
                     108059500000 + 184765750000 + 6812999 * code.n);
    assert_int_equal(o->height, fixture_outcome(&f, &o->tx)->height);
    assert_true(o->receipt->is_local);
    assert_null(chain_receipt_of(f.chain, &o->id));
    fixture_release(&f);
}

/* --- where and when ----------------------------------------------------------------------- */

static void
receipt__runs_in_the_next_block__also_on_the_same_shard(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct amount before = fixture_balance(&f, "bob.test.near"), after;
    struct hash tx =
        fixture_send_one(&f, "alice.test.near", "bob.test.near", action_transfer_of(near(1)));
    fixture_blocks(&f, 2);
    const struct chain_outcome *sent = fixture_outcome(&f, &tx);
    assert_null(chain_outcome_of(f.chain, &sent->children[0]));
    assert_non_null(chain_receipt_of(f.chain, &sent->children[0]));
    fixture_blocks(&f, 1);
    const struct chain_outcome *ran = fixture_first(&f, &tx);
    assert_int_equal(ran->height, sent->height + 1);
    assert_int_equal(ran->gas_burnt, 223182562500);
    assert_int_equal(ran->child_count, 0);
    assert_true(amount_add(before, near(1), &after));
    assert_amount_equal(fixture_balance(&f, "bob.test.near"), after);
    const struct chain_block *b = chain_head(f.chain);
    assert_int_equal(b->chunks[0].receipt_count, 1);
    assert_ptr_equal(b->chunks[0].receipts[0], ran->receipt);
    assert_int_equal(b->chunks[0].gas_used, 223182562500);
    fixture_release(&f);
}

/* --- failures ----------------------------------------------------------------------------- */

static void
receipt__takes_everything_back__when_its_last_action_fails(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct amount before = fixture_balance(&f, "alice.test.near"), rest;
    struct action actions[5] = {{.kind = ACTION_CREATE_ACCOUNT},
                                action_transfer_of(near(7)),
                                action_key_of("new.alice.test.near"),
                                action_call_of("new", "", 10 * TERA_GAS),
                                {.kind = ACTION_DELETE_KEY, .key = fixture_key("nobody")}};
    actions[3].deposit = near(2);
    const struct chain_outcome *o =
        run(&f, "alice.test.near", "new.alice.test.near", actions, 5);
    assert_failed(o, FAILURE_FUNCTION_CALL, 3);
    struct account_view view;
    assert_false(chain_view_account(f.chain, STR("new.alice.test.near"), &view));
    /* The deposit first, to the predecessor, then the gas, to the signer. */
    assert_int_equal(o->child_count, 2);
    const struct chain_receipt *deposit = fixture_child(&f, o, 0)->receipt;
    const struct chain_receipt *gas = fixture_child(&f, o, 1)->receipt;
    assert_amount_equal(deposit->actions[0].deposit, near(9));
    assert_string_equal(deposit->predecessor.s, "system");
    assert_string_equal(deposit->signer.s, "system");
    assert_string_equal(gas->predecessor.s, "system");
    assert_string_equal(gas->signer.s, "alice.test.near");
    assert_true(amount_is_zero(gas->gas_price));
    /* What the fifth action would have cost comes back with the attached gas. */
    assert_amount_equal(gas->actions[0].deposit,
                        amount_product(10 * TERA_GAS + 94946625000, PRICE));
    assert_true(amount_sub(before, fixture_outcome(&f, &o->tx)->tokens_burnt, &rest));
    assert_true(amount_sub(rest, o->tokens_burnt, &rest));
    assert_amount_equal(fixture_balance(&f, "alice.test.near"), rest);
    fixture_release(&f);
}

static void
action__fails_with_its_reason(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct action create = {.kind = ACTION_CREATE_ACCOUNT};
    const struct chain_outcome *o = run_one(&f, "test.near", "alice.test.near", create);
    assert_failed(o, FAILURE_ACCOUNT_ALREADY_EXISTS, 0);
    assert_string_equal(o->failure.account.s, "alice.test.near");
    o = run_one(&f, "alice.test.near", "x.bob.test.near", create);
    assert_failed(o, FAILURE_CREATE_NOT_ALLOWED, 0);
    assert_string_equal(o->failure.predecessor.s, "alice.test.near");
    o = run_one(&f, "alice.test.near", "alice", create);
    assert_failed(o, FAILURE_CREATE_ONLY_BY_REGISTRAR, 0);
    assert_string_equal(o->failure.other.s, "registrar");
    o = run_one(&f, "alice.test.near", "nobody.test.near", action_transfer_of(near(1)));
    assert_failed(o, FAILURE_ACCOUNT_DOES_NOT_EXIST, 0);
    assert_int_equal(o->gas_burnt, 223182562500);
    o = run_one(&f, "alice.test.near", "bob.test.near", action_key_of("alice.test.near"));
    assert_failed(o, FAILURE_ACTOR_NO_PERMISSION, 0);
    assert_string_equal(o->failure.predecessor.s, "alice.test.near");
    o = run_one(&f, "bob.test.near", "bob.test.near", action_key_of("bob.test.near"));
    assert_failed(o, FAILURE_ADD_KEY_ALREADY_EXISTS, 0);
    o = run_one(&f, "bob.test.near", "bob.test.near",
                (struct action){.kind = ACTION_DELETE_KEY, .key = fixture_key("nobody")});
    assert_failed(o, FAILURE_DELETE_KEY_DOES_NOT_EXIST, 0);
    fixture_release(&f);
}

static void
action__stake_is_refused__in_the_order_of_the_reasons(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct action stake = {.kind = ACTION_STAKE, .key = fixture_key("bob.test.near")};
    const struct chain_outcome *o = run_one(&f, "bob.test.near", "bob.test.near", stake);
    assert_failed(o, FAILURE_TRIES_TO_UNSTAKE, 0);
    assert_int_equal(o->gas_burnt, 108059500000 + 102217625000);
    stake.deposit = near(1000);
    o = run_one(&f, "bob.test.near", "bob.test.near", stake);
    assert_failed(o, FAILURE_TRIES_TO_STAKE, 0);
    assert_amount_equal(o->failure.amount, near(1000));
    assert_true(amount_is_zero(o->failure.locked));
    assert_true(amount_compare(o->failure.balance, near(1000)) < 0);
    stake.deposit = near(10);
    o = run_one(&f, "bob.test.near", "bob.test.near", stake);
    assert_failed(o, FAILURE_INSUFFICIENT_STAKE, 0);
    assert_amount_equal(o->failure.balance, chain_genesis(f.chain)->total_supply);
    /* Nothing is locked, and no deposit comes back: there was none. */
    assert_int_equal(o->child_count, 0);
    o = run_one(&f, "alice.test.near", "bob.test.near", stake);
    assert_failed(o, FAILURE_ACTOR_NO_PERMISSION, 0);
    fixture_release(&f);
}

static void
action__accounts_named_after_keys_are_made_by_transfers_alone(void **state)
{
    static const char implicit[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const char ethereum[] = "0x0123456789abcdef0123456789abcdef01234567";
    (void)state;
    struct fixture f;
    struct account_view view;
    set_up(&f);
    struct action two[2] = {{.kind = ACTION_CREATE_ACCOUNT}, action_transfer_of(near(1))};
    const char *const names[] = {implicit, ethereum};
    for (size_t i = 0; i < 2; i++) {
        const struct chain_outcome *o = run(&f, "alice.test.near", names[i], two, 2);
        assert_failed(o, FAILURE_ONLY_IMPLICIT_CREATION, 0);
        /* A transfer with company makes none either. */
        struct action twice[2] = {action_transfer_of(near(1)), action_transfer_of(near(1))};
        o = run(&f, "alice.test.near", names[i], twice, 2);
        assert_failed(o, FAILURE_ACCOUNT_DOES_NOT_EXIST, 0);
    }
    const struct chain_outcome *o = run(&f, "alice.test.near", ethereum, two + 1, 1);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(o->gas_burnt, 223182562500 + 3850000000000);
    assert_true(chain_view_account(f.chain, STR(ethereum), &view));
    assert_amount_equal(view.amount, near(1));
    /* The bytes that stand for the wallet, "near" and a hash, and their record. */
    assert_in_range(view.storage_usage, 100 + 40 + 47, 100 + 40 + 48);
    struct access_key_view *keys;
    assert_int_equal(chain_view_keys(f.chain, STR(ethereum), &f.arena, &keys), 0);
    fixture_release(&f);
}

static void
action__may_follow_the_creation_of_its_account__by_whoever_made_it(void **state)
{
    (void)state;
    struct fixture f;
    struct account_view view;
    set_up(&f);
    struct action actions[5] = {{.kind = ACTION_CREATE_ACCOUNT},
                                action_transfer_of(near(5)),
                                {.kind = ACTION_DEPLOY_CONTRACT, .code = STR("")},
                                action_key_of("x"),
                                {.kind = ACTION_DELETE_ACCOUNT,
                                 .beneficiary = account_of("bob.test.near")}};
    struct amount bob = fixture_balance(&f, "bob.test.near"), after;
    const struct chain_outcome *o = run(&f, "alice.test.near", "x.alice.test.near", actions, 5);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_false(chain_view_account(f.chain, STR("x.alice.test.near"), &view));
    assert_true(amount_add(bob, near(5), &after));
    assert_amount_equal(fixture_balance(&f, "bob.test.near"), after);
    fixture_release(&f);
}

static void
transaction__is_refused__when_its_actions_name_what_cannot_be(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    set_up(&f);
    struct action key = {.kind = ACTION_ADD_KEY,
                         .key = fixture_key("x"),
                         .access = {.receiver = STR("Not An Account")}};
    struct transaction tx = fixture_tx(&f, "bob.test.near", "bob.test.near", &key, 1);
    assert_int_equal(fixture_submit(&f, &tx, "bob.test.near", &why, &hash), INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_INVALID_ACCOUNT);
    assert_string_equal(why.text, "Not An Account");
    struct action stake = {.kind = ACTION_STAKE, .key = {.curve = 0, .b = {2}}};
    tx = fixture_tx(&f, "bob.test.near", "bob.test.near", &stake, 1);
    assert_int_equal(fixture_submit(&f, &tx, "bob.test.near", &why, &hash), INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_STAKING_KEY);
    assert_true(public_key_equal(&why.key, &stake.key));
    fixture_release(&f);
}

static void
receipt__fails_as_a_whole__when_the_balance_does_not_cover_the_storage(void **state)
{
    (void)state;
    struct fixture f;
    struct account_view view;
    fixture_init(&f);
    struct action actions[3] = {
        {.kind = ACTION_CREATE_ACCOUNT},
        action_key_of("small.test.near"),
        {.kind = ACTION_DEPLOY_CONTRACT, .code = fixture_wasm(&f, "leaf")}};
    const struct chain_outcome *o = run(&f, "test.near", "small.test.near", actions, 3);
    assert_failed(o, FAILURE_LACK_BALANCE_FOR_STATE, -1);
    assert_amount_equal(o->failure.amount,
                        amount_product(182 + actions[2].code.n, 10000000000000000000u));
    assert_false(chain_view_account(f.chain, STR("small.test.near"), &view));
    o = run(&f, "test.near", "small.test.near", actions, 2);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_true(chain_view_account(f.chain, STR("small.test.near"), &view));
    assert_int_equal(view.storage_usage, 182);
    fixture_release(&f);
}

/* --- accounts that come and go ------------------------------------------------------------ */

static void
action__gives_new_keys_the_nonce_of_their_block(void **state)
{
    (void)state;
    struct fixture f;
    struct access_key_view view;
    set_up(&f);
    const struct chain_outcome *o =
        run_one(&f, "bob.test.near", "bob.test.near", action_key_of("second"));
    struct public_key key = fixture_key("second");
    assert_true(chain_view_key(f.chain, STR("bob.test.near"), &key, &f.arena, &view));
    assert_int_equal(view.access.nonce, (o->height - 1) * 1000000);
    assert_true(view.access.is_full_access);
    fixture_release(&f);
}

static void
action__transfer_makes_an_implicit_account__with_its_key(void **state)
{
    (void)state;
    struct fixture f;
    struct access_key_view view;
    char name[65];
    set_up(&f);
    struct public_key key = fixture_key("implicit");
    for (int i = 0; i < 32; i++) {
        name[2 * i] = "0123456789abcdef"[key.b[i] >> 4];
        name[2 * i + 1] = "0123456789abcdef"[key.b[i] & 15];
    }
    name[64] = '\0';
    const struct chain_outcome *o =
        run_one(&f, "alice.test.near", name, action_transfer_of(near(3)));
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(o->gas_burnt, 223182562500 + 3951765125000);
    assert_amount_equal(fixture_balance(&f, name), near(3));
    assert_true(chain_view_key(f.chain, str_from(name), &key, &f.arena, &view));
    fixture_release(&f);
}

static void
action__delete_account_sends_the_rest_on__and_later_refunds_are_lost(void **state)
{
    (void)state;
    struct fixture f;
    struct account_view view;
    set_up(&f);
    struct amount alice = fixture_balance(&f, "alice.test.near");
    struct action bye = {.kind = ACTION_DELETE_ACCOUNT,
                         .beneficiary = account_of("alice.test.near")};
    struct hash call = fixture_send_one(&f, "bob.test.near", "alice.test.near",
                                        action_call_of("x", "", 200 * TERA_GAS));
    struct amount supply = chain_head(f.chain)->total_supply;
    const struct chain_outcome *o = run_one(&f, "bob.test.near", "bob.test.near", bye);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_false(chain_view_account(f.chain, STR("bob.test.near"), &view));
    const struct chain_outcome *rest = fixture_child(&f, o, 0);
    assert_true(amount_add(alice, rest->receipt->actions[0].deposit, &alice));
    assert_amount_equal(fixture_balance(&f, "alice.test.near"), alice);
    /* Bob's call ran when Bob was gone: his gas finds nobody. */
    const struct chain_outcome *lost = fixture_child(&f, fixture_first(&f, &call), 0);
    assert_failed(lost, FAILURE_ACCOUNT_DOES_NOT_EXIST, 0);
    assert_int_equal(lost->child_count, 0);
    struct amount left = chain_head(f.chain)->total_supply, burnt;
    assert_true(amount_sub(supply, left, &burnt));
    assert_true(amount_compare(burnt, amount_product(200 * TERA_GAS, PRICE)) > 0);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt__costs_what_the_worked_example_says__up_to_the_contract),
        cmocka_unit_test(receipt__costs_the_sum_of_its_actions__to_make_an_account),
        cmocka_unit_test(receipt__runs_in_the_next_block__also_on_the_same_shard),
        cmocka_unit_test(receipt__takes_everything_back__when_its_last_action_fails),
        cmocka_unit_test(action__fails_with_its_reason),
        cmocka_unit_test(action__stake_is_refused__in_the_order_of_the_reasons),
        cmocka_unit_test(action__accounts_named_after_keys_are_made_by_transfers_alone),
        cmocka_unit_test(action__may_follow_the_creation_of_its_account__by_whoever_made_it),
        cmocka_unit_test(transaction__is_refused__when_its_actions_name_what_cannot_be),
        cmocka_unit_test(
            receipt__fails_as_a_whole__when_the_balance_does_not_cover_the_storage),
        cmocka_unit_test(action__gives_new_keys_the_nonce_of_their_block),
        cmocka_unit_test(action__transfer_makes_an_implicit_account__with_its_key),
        cmocka_unit_test(action__delete_account_sends_the_rest_on__and_later_refunds_are_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
