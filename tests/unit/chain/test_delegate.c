/* Delegated actions: who pays what, what comes of them, and every reason to refuse one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/chain/fixture.h"

#define PRICE 100000000
#define SENDER "alice.test.near"
#define RELAYER "bob.test.near"
#define AR UINT64_C(108059500000)
#define TRANSFER UINT64_C(115123062500)
#define DELEGATE UINT64_C(200000000000)

struct try {
    struct fixture f;
    struct action inner[2];
    struct delegate d;
    const char *key_of;         /* whose key signs */
    const char *receiver;       /* of the transaction */
};

static void
begin(struct try *t)
{
    fixture_init(&t->f);
    fixture_account(&t->f, SENDER, NULL);
    fixture_account(&t->f, RELAYER, NULL);
    fixture_account(&t->f, "carol.test.near", NULL);
    t->inner[0] = action_transfer_of(near(3));
    t->inner[1] = action_transfer_of(near(4));
    t->key_of = t->receiver = SENDER;
    t->d = (struct delegate){.sender = account_of(SENDER),
                             .receiver = account_of("carol.test.near"),
                             .actions = t->inner,
                             .action_count = 1,
                             .nonce = (chain_head(t->f.chain)->height) * 1000000 + 1,
                             .max_block_height = 1000,
                             .key = fixture_key(SENDER)};
}

static void
end(struct try *t)
{
    fixture_release(&t->f);
}

/* The outcome of the receipt that unpacks it. */
static const struct chain_outcome *
send(struct try *t)
{
    struct secret_key key;
    secret_key_from_name(str_from(t->key_of), &key);
    delegate_sign(&t->d, &key);
    secret_key_wipe(&key);
    struct action action = {.kind = ACTION_DELEGATE, .delegate = &t->d};
    struct hash tx = fixture_send_one(&t->f, RELAYER, t->receiver, action);
    fixture_settle(&t->f);
    return fixture_first(&t->f, &tx);
}

static void
assert_refused(const struct chain_outcome *o, enum failure_kind kind)
{
    assert_int_equal(o->status, CHAIN_FAILED);
    assert_int_equal(o->failure.kind, kind);
    assert_true(o->failure.has_index && o->failure.index == 0);
}

static void
delegate__becomes_a_receipt_from_the_sender__that_the_relayer_pays(void **state)
{
    (void)state;
    struct try t;
    struct access_key_view key;
    begin(&t);
    struct amount sender = fixture_balance(&t.f, SENDER), paid;
    struct amount relayer = fixture_balance(&t.f, RELAYER);
    const struct chain_outcome *o = send(&t);
    assert_int_equal(o->status, CHAIN_VALUE);
    /* Sending the inner action is burnt twice: by the transaction, and when it is unpacked. */
    const struct chain_outcome *tx = fixture_outcome(&t.f, &o->tx);
    assert_int_equal(tx->gas_burnt, AR + DELEGATE + TRANSFER);
    assert_int_equal(o->gas_burnt, AR + DELEGATE + TRANSFER);
    assert_int_equal(o->child_count, 1);
    const struct chain_outcome *inner = fixture_child(&t.f, o, 0);
    assert_int_equal(inner->status, CHAIN_VALUE);
    assert_int_equal(inner->gas_burnt, AR + TRANSFER);
    assert_string_equal(inner->receipt->predecessor.s, SENDER);
    assert_string_equal(inner->receipt->signer.s, RELAYER);
    assert_int_equal(inner->height, o->height + 1);
    assert_int_equal(inner->child_count, 0);
    assert_amount_equal(fixture_balance(&t.f, SENDER), sender);
    assert_amount_equal(fixture_balance(&t.f, "carol.test.near"), near(1003));
    assert_true(amount_sub(relayer, fixture_balance(&t.f, RELAYER), &paid));
    assert_true(amount_sub(paid, near(3), &paid));
    assert_amount_equal(paid, amount_product(3 * AR + 2 * DELEGATE + 3 * TRANSFER, PRICE));
    assert_true(chain_view_key(t.f.chain, STR(SENDER), &t.d.key, &t.f.arena, &key));
    assert_int_equal(key.access.nonce, t.d.nonce);
    end(&t);
}

static void
delegate__gives_back_all_that_was_meant_for_its_actions__when_it_is_refused(void **state)
{
    (void)state;
    struct try t;
    begin(&t);
    t.key_of = RELAYER;
    t.inner[0] = action_call_of("x", "", 20 * TERA_GAS);
    t.inner[0].deposit = near(2);
    const struct chain_outcome *o = send(&t);
    assert_refused(o, FAILURE_DELEGATE_SIGNATURE);
    assert_int_equal(o->gas_burnt, AR + DELEGATE);
    assert_int_equal(o->child_count, 2);
    const struct chain_receipt *deposit = fixture_child(&t.f, o, 0)->receipt;
    const struct chain_receipt *gas = fixture_child(&t.f, o, 1)->receipt;
    assert_string_equal(deposit->receiver.s, RELAYER);
    assert_amount_equal(deposit->actions[0].deposit, near(2));
    /* Sending and running a call of one byte, its receipt, and what was attached. */
    uint64_t send_fee = 200000000000 + 47683715, run_fee = 780000000000 + 2235934;
    assert_amount_equal(gas->actions[0].deposit,
                        amount_product(20 * TERA_GAS + AR + send_fee + run_fee, PRICE));
    end(&t);
}

static void
delegate__refunds_the_deposit_to_the_sender__when_its_actions_fail(void **state)
{
    (void)state;
    struct try t;
    begin(&t);
    t.inner[0] = action_call_of("x", "", 20 * TERA_GAS);
    t.inner[0].deposit = near(2);
    const struct chain_outcome *o = send(&t);
    const struct chain_outcome *inner = fixture_child(&t.f, o, 0);
    assert_int_equal(inner->status, CHAIN_FAILED);
    assert_int_equal(inner->child_count, 2);
    assert_string_equal(fixture_child(&t.f, inner, 0)->receipt->receiver.s, SENDER);
    assert_string_equal(fixture_child(&t.f, inner, 1)->receipt->receiver.s, RELAYER);
    end(&t);
}

static void
delegate__is_refused_after_its_last_block(void **state)
{
    (void)state;
    struct try t;
    begin(&t);
    /* In two blocks at the earliest: the transaction's, and its receipt's. */
    t.d.max_block_height = chain_head(t.f.chain)->height + 2;
    assert_refused(send(&t), FAILURE_DELEGATE_EXPIRED);
    t.d.max_block_height = chain_head(t.f.chain)->height + 3;
    assert_int_equal(send(&t)->status, CHAIN_VALUE);
    end(&t);
}

static void
delegate__is_refused_on_another_account_than_the_senders(void **state)
{
    (void)state;
    struct try t;
    begin(&t);
    t.receiver = "carol.test.near";
    const struct chain_outcome *o = send(&t);
    assert_refused(o, FAILURE_DELEGATE_SENDER);
    assert_string_equal(o->failure.account.s, "carol.test.near");
    assert_string_equal(o->failure.other.s, SENDER);
    t.receiver = "nobody.test.near";
    assert_refused(send(&t), FAILURE_ACCOUNT_DOES_NOT_EXIST);
    end(&t);
}

static void
delegate__keeps_to_the_nonces_of_the_senders_key(void **state)
{
    (void)state;
    struct try t;
    begin(&t);
    assert_int_equal(send(&t)->status, CHAIN_VALUE);
    const struct chain_outcome *o = send(&t);
    assert_refused(o, FAILURE_DELEGATE_NONCE);
    assert_int_equal(o->failure.a, t.d.nonce);
    assert_int_equal(o->failure.b, t.d.nonce);
    t.d.nonce = 900000000;
    o = send(&t);
    assert_refused(o, FAILURE_DELEGATE_NONCE_TOO_LARGE);
    assert_int_equal(o->failure.a, t.d.nonce);
    assert_int_equal(o->failure.b, o->height * 1000000);
    end(&t);
}

static void
refuse_by_key(struct try *t, enum invalid_tx_kind kind)
{
    const struct chain_outcome *o = send(t);
    assert_refused(o, FAILURE_DELEGATE_KEY);
    assert_int_equal(o->failure.access->kind, kind);
    t->d.nonce++;
}

static void
delegate__keeps_to_what_the_senders_key_allows(void **state)
{
    (void)state;
    static struct str methods[] = {{"allowed", 7}};
    struct try t;
    begin(&t);
    t.key_of = "limited";
    t.d.key = fixture_key("limited");
    refuse_by_key(&t, INVALID_KEY_NOT_FOUND);
    struct action add = {.kind = ACTION_ADD_KEY,
                         .key = t.d.key,
                         .access = {.receiver = STR("carol.test.near"),
                                    .methods = methods,
                                    .method_count = 1}};
    fixture_send_one(&t.f, SENDER, SENDER, add);
    fixture_settle(&t.f);
    t.d.nonce = chain_head(t.f.chain)->height * 1000000 + 1;
    refuse_by_key(&t, INVALID_REQUIRES_FULL_ACCESS);
    t.inner[0] = action_call_of("other", "", TERA_GAS);
    refuse_by_key(&t, INVALID_KEY_METHOD);
    t.inner[0] = action_call_of("allowed", "", TERA_GAS);
    t.inner[0].deposit = near(1);
    refuse_by_key(&t, INVALID_KEY_DEPOSIT);
    t.d.receiver = account_of(RELAYER);
    /* The node goes on after the deposit and tells the later reason. */
    refuse_by_key(&t, INVALID_KEY_RECEIVER);
    t.d.receiver = account_of("carol.test.near");
    t.inner[0].deposit = amount_of(0);
    assert_int_equal(send(&t)->status, CHAIN_VALUE);
    end(&t);
}

static enum invalid_tx_kind
submit(struct try *t, struct action *actions, size_t count, struct invalid_tx *why)
{
    struct secret_key key;
    struct hash hash;
    secret_key_from_name(STR(SENDER), &key);
    delegate_sign(&t->d, &key);
    secret_key_wipe(&key);
    struct transaction tx = fixture_tx(&t->f, RELAYER, SENDER, actions, count);
    return fixture_submit(&t->f, &tx, RELAYER, why, &hash);
}

static void
delegate__has_its_actions_checked_with_the_transaction(void **state)
{
    (void)state;
    struct try t;
    struct invalid_tx why;
    begin(&t);
    struct action two[2] = {{.kind = ACTION_DELEGATE, .delegate = &t.d},
                            {.kind = ACTION_DELEGATE, .delegate = &t.d}};
    assert_int_equal(submit(&t, two, 2, &why), INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_ONLY_ONE_DELEGATE);
    t.inner[0] = action_call_of("x", "", 0);
    assert_int_equal(submit(&t, two, 1, &why), INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_ZERO_GAS);
    /* Gas of both counts together. */
    t.inner[0] = action_call_of("x", "", 200 * TERA_GAS);
    two[1] = action_call_of("x", "", 101 * TERA_GAS);
    assert_int_equal(submit(&t, two, 2, &why), INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_TOTAL_PREPAID_GAS);
    assert_int_equal(why.a, 301 * TERA_GAS);
    /* The relayer has to have the deposit. */
    t.inner[0] = action_transfer_of(near(1000));
    assert_int_equal(submit(&t, two, 1, &why), INVALID_NOT_ENOUGH_BALANCE);
    end(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delegate__becomes_a_receipt_from_the_sender__that_the_relayer_pays),
        cmocka_unit_test(
            delegate__gives_back_all_that_was_meant_for_its_actions__when_it_is_refused),
        cmocka_unit_test(delegate__refunds_the_deposit_to_the_sender__when_its_actions_fail),
        cmocka_unit_test(delegate__is_refused_after_its_last_block),
        cmocka_unit_test(delegate__is_refused_on_another_account_than_the_senders),
        cmocka_unit_test(delegate__keeps_to_the_nonces_of_the_senders_key),
        cmocka_unit_test(delegate__keeps_to_what_the_senders_key_allows),
        cmocka_unit_test(delegate__has_its_actions_checked_with_the_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
