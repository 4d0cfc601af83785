#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <secp256k1_recovery.h>
#include <string.h>
#include "tests/unit/chain/fixture.h"

/* alice.test.near with 1000 NEAR, a full key, and a limited key: that of "limited", for
 * app.test.near's methods read and list, with an allowance of 0.1 NEAR. */
static void
set_up(struct fixture *f)
{
    static struct str methods[] = {{"read", 4}, {"list", 4}};
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    struct action add = {.kind = ACTION_ADD_KEY,
                         .key = fixture_key("limited"),
                         .access = {.has_allowance = true,
                                    .receiver = STR("app.test.near"),
                                    .methods = methods,
                                    .method_count = 2}};
    assert_int_equal(amount_parse_units(STR("0.1 NEAR"), &add.access.allowance, NULL), OK);
    fixture_send_one(f, "alice.test.near", "alice.test.near", add);
    fixture_settle(f);
}

static void
assert_refused(struct fixture *f, const struct transaction *tx, const char *key_of,
               enum invalid_tx_kind expected, struct invalid_tx *why)
{
    struct hash hash;
    bool is_included;
    assert_int_equal(fixture_submit(f, tx, key_of, why, &hash), expected);
    assert_int_equal(why->kind, expected);
    assert_null(chain_transaction(f->chain, &hash, &is_included));
}

static void
chain_submit__refuses__what_is_too_old_or_from_elsewhere(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    tx.block_hash = hash_of_bytes(STR("another chain"));
    assert_refused(&f, &tx, "alice.test.near", INVALID_EXPIRED, &why);
    tx.block_hash = chain_head(f.chain)->hash;
    fixture_blocks(&f, CHAIN_VALIDITY_BLOCKS + 1);
    assert_refused(&f, &tx, "alice.test.near", INVALID_EXPIRED, &why);
    tx.block_hash = chain_block_at(f.chain, chain_head(f.chain)->height - 100)->hash;
    struct hash hash;
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_release(&f);
}

static char long_name[300], long_list_name[201];
static struct str many_methods[12], one_long_method[1];

static void
name_things(void)
{
    memset(long_name, 'x', sizeof(long_name) - 1);
    memset(long_list_name, 'y', sizeof(long_list_name) - 1);
    for (size_t i = 0; i < ARRAY_LEN(many_methods); i++)
        many_methods[i] = str_from(long_list_name);
    one_long_method[0] = str_from(long_name);
}

static void
assert_action_refused(struct fixture *f, struct action *actions, size_t count,
                      enum validation_kind kind, uint64_t a, uint64_t b)
{
    struct invalid_tx why;
    struct transaction tx = fixture_tx(f, "alice.test.near", "test.near", actions, count);
    assert_refused(f, &tx, "alice.test.near", INVALID_ACTIONS, &why);
    assert_int_equal(why.validation, kind);
    if (a) {
        assert_int_equal(why.a, a);
        assert_int_equal(why.b, b);
    }
}

static void
chain_submit__refuses__actions_beyond_the_limits(void **state)
{
    (void)state;
    struct fixture f;
    struct action two[2] = {action_call_of("f", "", 200 * TERA_GAS),
                            action_call_of("f", "", 100 * TERA_GAS + 1)};
    struct action *many = NULL;
    set_up(&f);
    name_things();
    assert_action_refused(&f, two, 2, VALIDATION_TOTAL_PREPAID_GAS, 300 * TERA_GAS + 1,
                          300 * TERA_GAS);
    two[0].gas = two[1].gas = UINT64_MAX;
    assert_action_refused(&f, two, 2, VALIDATION_INTEGER_OVERFLOW, 0, 0);
    two[0].gas = 0;
    assert_action_refused(&f, two, 1, VALIDATION_ZERO_GAS, 0, 0);
    two[0] = action_call_of(long_name, "", TERA_GAS);
    assert_action_refused(&f, two, 1, VALIDATION_METHOD_NAME_LENGTH, 299, 256);
    two[0] =
        (struct action){.kind = ACTION_DELETE_ACCOUNT, .beneficiary = account_of("test.near")};
    assert_action_refused(&f, two, 2, VALIDATION_DELETE_NOT_FINAL, 0, 0);
    two[0] = (struct action){.kind = ACTION_ADD_KEY,
                             .access = {.receiver = STR("app.test.near"),
                                        .methods = one_long_method,
                                        .method_count = 1}};
    assert_action_refused(&f, two, 1, VALIDATION_KEY_METHOD_LENGTH, 299, 256);
    two[0].access.methods = many_methods;
    two[0].access.method_count = 12;
    assert_action_refused(&f, two, 1, VALIDATION_KEY_METHODS_BYTES, 12 * 201, 2000);
    many = arena_array(&f.arena, 101, sizeof(*many));
    for (int i = 0; i < 101; i++)
        many[i] = action_transfer_of(amount_of(1));
    assert_action_refused(&f, many, 101, VALIDATION_TOO_MANY_ACTIONS, 101, 100);
    fixture_release(&f);
}

static void
chain_submit__refuses__a_transaction_that_is_too_large(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    set_up(&f);
    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT};
    deploy.code = str_of(arena_alloc(&f.arena, TX_MAX_BYTES), TX_MAX_BYTES);
    struct transaction tx = fixture_tx(&f, "alice.test.near", "alice.test.near", &deploy, 1);
    assert_refused(&f, &tx, "alice.test.near", INVALID_SIZE, &why);
    assert_int_equal(why.b, TX_MAX_BYTES);
    assert_true(why.a > TX_MAX_BYTES);
    fixture_release(&f);
}

static void
chain_submit__refuses__a_signature_before_it_looks_at_the_state(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(&f, "nobody.test.near", "test.near", &pay, 1);
    assert_refused(&f, &tx, "alice.test.near", INVALID_SIGNATURE, &why);
    assert_refused(&f, &tx, "nobody.test.near", INVALID_SIGNER_DOES_NOT_EXIST, &why);
    assert_string_equal(why.account.s, "nobody.test.near");
    tx.signer = account_of("alice.test.near");
    assert_refused(&f, &tx, "nobody.test.near", INVALID_KEY_NOT_FOUND, &why);
    assert_true(public_key_equal(&why.key, &tx.key));
    fixture_release(&f);
}

static void
chain_submit__refuses__a_nonce_that_was_used(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    fixture_send_one(&f, "alice.test.near", "test.near", pay);
    uint64_t used = f.nonce;
    fixture_settle(&f);
    assert_refused(&f, &tx, "alice.test.near", INVALID_NONCE, &why);
    assert_int_equal(why.a, used - 1);
    assert_int_equal(why.b, used);
    fixture_release(&f);
}

static void
chain_submit__refuses__what_cannot_be_paid(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    set_up(&f);
    struct amount balance = fixture_balance(&f, "alice.test.near"), cost;
    struct action pay = action_transfer_of(balance);
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    assert_refused(&f, &tx, "alice.test.near", INVALID_NOT_ENOUGH_BALANCE, &why);
    assert_amount_equal(why.balance, balance);
    /* Two times 223 182 562 500 gas at 10^8. */
    assert_true(amount_add(balance, amount_product(446365125000, 100000000), &cost));
    assert_amount_equal(why.cost, cost);
    struct action two[2] = {pay, pay};
    two[0].deposit = two[1].deposit = (struct amount){UINT64_MAX, UINT64_MAX};
    tx = fixture_tx(&f, "alice.test.near", "test.near", two, 2);
    assert_refused(&f, &tx, "alice.test.near", INVALID_COST_OVERFLOW, &why);
    fixture_release(&f);
}

static void
chain_submit__refuses__what_leaves_too_little_for_storage(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct account_view view;
    set_up(&f);
    fixture_account(&f, "app.test.near", "leaf");
    assert_true(chain_view_account(f.chain, STR("app.test.near"), &view));
    /* All but one yoctoNEAR less than the storage needs. */
    struct amount rest = amount_product(view.storage_usage, 10000000000000000000u),
                  pay = view.amount;
    assert_true(amount_sub(pay, rest, &pay));
    assert_true(amount_sub(pay, amount_product(446365125000, 100000000), &pay));
    struct action action = action_transfer_of(pay);
    struct hash hash;
    struct transaction tx = fixture_tx(&f, "app.test.near", "test.near", &action, 1);
    assert_true(amount_add(pay, amount_of(1), &action.deposit));
    assert_refused(&f, &tx, "app.test.near", INVALID_LACK_BALANCE_FOR_STATE, &why);
    assert_amount(why.cost, "1");
    action.deposit = pay;
    assert_int_equal(fixture_submit(&f, &tx, "app.test.near", &why, &hash), TX_VALID);
    fixture_release(&f);
}

static struct transaction
limited(struct fixture *f, const char *receiver, struct action *actions, size_t count)
{
    struct transaction tx = fixture_tx(f, "alice.test.near", receiver, actions, count);
    tx.key = fixture_key("limited");
    return tx;
}

static void
chain_submit__refuses__what_a_limited_key_may_not_do(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    set_up(&f);
    struct action pay = action_transfer_of(amount_of(1));
    struct action call = action_call_of("read", "", 5 * TERA_GAS);
    struct action two[2] = {call, call};
    struct transaction tx = limited(&f, "app.test.near", &pay, 1);
    assert_refused(&f, &tx, "limited", INVALID_REQUIRES_FULL_ACCESS, &why);
    tx = limited(&f, "app.test.near", two, 2);
    assert_refused(&f, &tx, "limited", INVALID_REQUIRES_FULL_ACCESS, &why);
    call.deposit = amount_of(1);
    tx = limited(&f, "other.test.near", &call, 1);
    assert_refused(&f, &tx, "limited", INVALID_KEY_DEPOSIT, &why);
    call.deposit = amount_of(0);
    assert_refused(&f, &tx, "limited", INVALID_KEY_RECEIVER, &why);
    assert_string_equal(why.text, "other.test.near");
    assert_string_equal(why.other, "app.test.near");
    call.method = STR("write");
    tx = limited(&f, "app.test.near", &call, 1);
    assert_refused(&f, &tx, "limited", INVALID_KEY_METHOD, &why);
    assert_string_equal(why.text, "write");
    call.method = STR("list");
    call.gas = 300 * TERA_GAS;
    fixture_blocks(&f, 1);
    tx = limited(&f, "app.test.near", &call, 1);
    assert_int_equal(fixture_submit(&f, &tx, "limited", &why, &hash), TX_VALID);
    fixture_release(&f);
}

static void
chain_submit__refuses__what_exceeds_the_allowance__which_refunds_fill_again(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    struct access_key_view view;
    set_up(&f);
    fixture_account(&f, "app.test.near", "leaf");
    struct public_key key = fixture_key("limited");
    struct action call = action_call_of("read", "", 300 * TERA_GAS);
    /* Each takes 0.0301 NEAR off the allowance until its refund is there. */
    for (int i = 0; i < 3; i++) {
        struct transaction tx = limited(&f, "app.test.near", &call, 1);
        assert_int_equal(fixture_submit(&f, &tx, "limited", &why, &hash), TX_VALID);
    }
    fixture_settle(&f);
    assert_true(chain_view_key(f.chain, STR("alice.test.near"), &key, &f.arena, &view));
    const struct chain_outcome *o = fixture_first(&f, &hash);
    assert_int_equal(o->failure.vm_error, VM_METHOD_NOT_FOUND);
    struct amount spent, one;
    assert_true(amount_add(fixture_outcome(&f, &hash)->tokens_burnt, o->tokens_burnt, &one));
    assert_true(amount_multiply(one, 3, &spent));
    struct amount allowance;
    assert_int_equal(amount_parse_units(STR("0.1 NEAR"), &allowance, NULL), OK);
    assert_true(amount_sub(allowance, spent, &allowance));
    assert_amount_equal(view.access.allowance, allowance);

    /* A fourth finds too little while three are under way. */
    for (int i = 0; i < 3; i++) {
        struct transaction tx = limited(&f, "app.test.near", &call, 1);
        assert_int_equal(fixture_submit(&f, &tx, "limited", &why, &hash), TX_VALID);
    }
    fixture_blocks(&f, 2);
    struct transaction tx = limited(&f, "app.test.near", &call, 1);
    assert_refused(&f, &tx, "limited", INVALID_NOT_ENOUGH_ALLOWANCE, &why);
    assert_true(amount_compare(why.balance, why.cost) < 0);
    fixture_release(&f);
}

/* --- the pool ----------------------------------------------------------------------------- */

static void
chain_submit__is_fine__with_what_it_knows(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    bool is_included = true;
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    assert_non_null(chain_transaction(f.chain, &hash, &is_included));
    assert_false(is_included);
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_blocks(&f, 1);
    assert_non_null(chain_transaction(f.chain, &hash, &is_included));
    assert_true(is_included);
    assert_null(chain_outcome_of(f.chain, &hash));
    fixture_blocks(&f, 1);
    assert_int_equal(fixture_outcome(&f, &hash)->height, chain_head(f.chain)->height);
    assert_int_equal(chain_head(f.chain)->chunks[0].transaction_count, 1);
    fixture_settle(&f);
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_release(&f);
}

static void
chain_submit__runs_a_key_s_transactions_by_nonce__however_they_come(void **state)
{
    (void)state;
    enum { COUNT = 5 };
    static const int order[COUNT] = {3, 0, 4, 1, 2};
    struct fixture f;
    struct invalid_tx why;
    struct transaction tx[COUNT];
    struct hash hash[COUNT];
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    for (int i = 0; i < COUNT; i++)
        tx[i] = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(
            fixture_submit(&f, &tx[order[i]], "alice.test.near", &why, &hash[order[i]]),
            TX_VALID);
    fixture_blocks(&f, 2);
    const struct chain_chunk *chunk = &chain_head(f.chain)->chunks[0];
    assert_int_equal(chunk->transaction_count, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_true(hash_equal(&chunk->transactions[i]->hash, &hash[i]));
    fixture_release(&f);
}

/* The state has not seen the first one's nonce yet when the second is looked at. */
static void
chain_submit__drops_the_later_one__when_two_have_one_nonce(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash[3];
    bool is_included;
    set_up(&f);
    struct action pay[] = {action_transfer_of(near(1)), action_transfer_of(near(2)),
                           action_transfer_of(near(3))};
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay[0], 1);
    for (int i = 0; i < 3; i++) {
        tx.actions = &pay[i];
        tx.nonce += i == 2;
        assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash[i]), TX_VALID);
    }
    fixture_blocks(&f, 1);
    assert_null(chain_transaction(f.chain, &hash[1], &is_included));
    assert_int_equal(chain_dropped(f.chain, &hash[0], &why), TX_VALID);
    assert_int_equal(chain_dropped(f.chain, &hash[1], &why), INVALID_NONCE);
    assert_int_equal(why.a, tx.nonce - 1);
    assert_int_equal(why.b, tx.nonce - 1);
    fixture_blocks(&f, 1);
    assert_int_equal(chain_dropped(f.chain, &hash[1], &why), TX_VALID);
    assert_int_equal(chain_head(f.chain)->chunks[0].transaction_count, 2);
    fixture_settle(&f);
    assert_int_equal(fixture_outcome(&f, &hash[0])->status, CHAIN_RECEIPT);
    assert_null(chain_outcome_of(f.chain, &hash[1]));
    assert_int_equal(fixture_outcome(&f, &hash[2])->status, CHAIN_RECEIPT);
    fixture_release(&f);
}

static void
chain_submit__accepts_a_nonce_that_is_too_large__and_the_block_drops_it(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    bool is_included;
    set_up(&f);
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
    tx.nonce = (chain_head(f.chain)->height + 2) * 1000000;
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_settle(&f);
    assert_null(chain_outcome_of(f.chain, &hash));
    assert_null(chain_transaction(f.chain, &hash, &is_included));
    tx.nonce = (chain_head(f.chain)->height + 2) * 1000000 - 1;
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_settle(&f);
    assert_int_equal(fixture_outcome(&f, &hash)->status, CHAIN_RECEIPT);
    fixture_release(&f);
}

static void
chain_submit__lets_the_second_vanish__when_only_one_can_be_paid(void **state)
{
    (void)state;
    struct fixture f;
    struct hash hash[2];
    set_up(&f);
    struct action pay = action_transfer_of(near(600));
    for (int i = 0; i < 2; i++)
        hash[i] = fixture_send_one(&f, "alice.test.near", "test.near", pay);
    fixture_settle(&f);
    assert_non_null(chain_outcome_of(f.chain, &hash[0]));
    assert_null(chain_outcome_of(f.chain, &hash[1]));
    fixture_release(&f);
}

static void
chain_submit__spreads_transactions_over_blocks__when_their_gas_is_too_much(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct fixture f;
    struct hash hash[COUNT];
    set_up(&f);
    for (int i = 0; i < COUNT; i++)
        hash[i] = fixture_send_one(&f, "alice.test.near", "x.alice.test.near",
                                   (struct action){.kind = ACTION_CREATE_ACCOUNT});
    fixture_blocks(&f, 2);
    size_t first = chain_head(f.chain)->chunks[0].transaction_count;
    /* The one that crosses 500 Tgas is still taken: 3 958 059 500 000 gas each. */
    assert_int_equal(first, 127);
    fixture_blocks(&f, 1);
    assert_int_equal(chain_head(f.chain)->chunks[0].transaction_count, COUNT - 127);
    assert_non_null(chain_outcome_of(f.chain, &hash[COUNT - 1]));
    fixture_release(&f);
}

static void
chain_submit__says_what_is_wrong__with_bytes_that_are_no_transaction(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    enum err bad = OK;
    struct diag d = {0};
    fixture_init(&f);
    assert_int_equal(chain_submit(f.chain, STR("no transaction"), &why, &hash, &bad, &d),
                     TX_VALID);
    assert_int_not_equal(bad, OK);
    fixture_release(&f);
}

/* The key of a secret of all sevens, and its signature of a hash. */
static struct public_key
sevens(const struct hash *hash, struct signature *out)
{
    struct public_key key = {.curve = 1};
    secp256k1_context *c = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    secp256k1_ecdsa_recoverable_signature made;
    secp256k1_pubkey public;
    unsigned char secret[32], tagged[65];
    size_t n = sizeof(tagged);
    int id;
    memset(secret, 7, sizeof(secret));
    assert_true(secp256k1_ec_pubkey_create(c, &public, secret));
    secp256k1_ec_pubkey_serialize(c, tagged, &n, &public, SECP256K1_EC_UNCOMPRESSED);
    memcpy(key.b, tagged + 1, sizeof(key.b));
    assert_true(secp256k1_ecdsa_sign_recoverable(c, &made, hash->b, secret, NULL, NULL));
    *out = (struct signature){.curve = 1};
    secp256k1_ecdsa_recoverable_signature_serialize_compact(c, out->b, &id, &made);
    out->b[64] = (uint8_t)id;
    secp256k1_context_destroy(c);
    return key;
}

static void
chain_submit__takes__what_is_signed_on_secp256k1(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash = {{0}};
    struct signature signature;
    struct secret_key any;
    struct buf bytes;
    struct diag d = {0};
    enum err bad;
    set_up(&f);
    struct action add = action_key_of("alice.test.near");
    add.key = sevens(&hash, &signature);
    fixture_send_one(&f, "alice.test.near", "alice.test.near", add);
    fixture_settle(&f);
    struct action pay = action_transfer_of(near(1));
    for (int is_spoilt = 1; is_spoilt >= 0; is_spoilt--) {
        struct transaction tx = fixture_tx(&f, "alice.test.near", "test.near", &pay, 1);
        tx.key = add.key;
        buf_init(&bytes, SIZE_MAX / 2);
        secret_key_from_name(STR("alice.test.near"), &any);
        tx_sign(&tx, &any, &bytes, &hash);
        secret_key_wipe(&any);
        sevens(&hash, &signature);
        signature.b[5] ^= (uint8_t)is_spoilt;
        /* In place of the other signature: a tag, r, s and the id. */
        struct str body = str_slice(buf_str(&bytes), 0, bytes.n - 65);
        char *message = arena_alloc(&f.arena, body.n + 66);
        memcpy(message, body.p, body.n);
        message[body.n] = 1;
        memcpy(message + body.n + 1, signature.b, 65);
        buf_release(&bytes);
        assert_int_equal(
            chain_submit(f.chain, str_of(message, body.n + 66), &why, &hash, &bad, &d),
            is_spoilt ? INVALID_SIGNATURE : TX_VALID);
    }
    fixture_settle(&f);
    assert_int_equal(fixture_outcome(&f, &hash)->status, CHAIN_RECEIPT);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_submit__refuses__what_is_too_old_or_from_elsewhere),
        cmocka_unit_test(chain_submit__refuses__actions_beyond_the_limits),
        cmocka_unit_test(chain_submit__refuses__a_transaction_that_is_too_large),
        cmocka_unit_test(chain_submit__refuses__a_signature_before_it_looks_at_the_state),
        cmocka_unit_test(chain_submit__refuses__a_nonce_that_was_used),
        cmocka_unit_test(chain_submit__refuses__what_cannot_be_paid),
        cmocka_unit_test(chain_submit__refuses__what_leaves_too_little_for_storage),
        cmocka_unit_test(chain_submit__refuses__what_a_limited_key_may_not_do),
        cmocka_unit_test(
            chain_submit__refuses__what_exceeds_the_allowance__which_refunds_fill_again),
        cmocka_unit_test(chain_submit__is_fine__with_what_it_knows),
        cmocka_unit_test(chain_submit__runs_a_key_s_transactions_by_nonce__however_they_come),
        cmocka_unit_test(chain_submit__drops_the_later_one__when_two_have_one_nonce),
        cmocka_unit_test(
            chain_submit__accepts_a_nonce_that_is_too_large__and_the_block_drops_it),
        cmocka_unit_test(chain_submit__lets_the_second_vanish__when_only_one_can_be_paid),
        cmocka_unit_test(
            chain_submit__spreads_transactions_over_blocks__when_their_gas_is_too_much),
        cmocka_unit_test(chain_submit__says_what_is_wrong__with_bytes_that_are_no_transaction),
        cmocka_unit_test(chain_submit__takes__what_is_signed_on_secp256k1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
