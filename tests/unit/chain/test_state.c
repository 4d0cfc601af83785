#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/chain/state.h"
#include "tests/unit/chain/fixture.h"

static struct account *
make(struct state *s, const char *name)
{
    struct account *a = state_record(s, str_from(name));
    account_create(a);
    return a;
}

static void
assert_value(const struct account *a, const char *key, const char *value)
{
    struct str found;
    assert_true(account_read(a, str_from(key), &found));
    assert_true(str_equal_c(found, value));
}

static void
put(struct state *s, struct account *a, const char *key, const char *value)
{
    struct str old;
    account_write(s, a, str_from(key), str_from(value), &old);
}

static void
state_find__knows_only_accounts_that_exist(void **state)
{
    (void)state;
    struct state s;
    state_init(&s);
    assert_null(state_find(&s, STR("alice.near")));
    struct account *a = state_record(&s, STR("alice.near"));
    assert_null(state_find(&s, STR("alice.near")));
    account_create(a);
    assert_ptr_equal(state_find(&s, STR("alice.near")), a);
    account_delete(&s, a);
    assert_null(state_find(&s, STR("alice.near")));
    state_release(&s);
}

static void
state_roll_back__restores_everything(void **state)
{
    (void)state;
    struct state s;
    struct public_key first = fixture_key("first"), second = fixture_key("second");
    struct access_key full = {.is_full_access = true};
    state_init(&s);
    struct account *a = make(&s, "alice.near");
    a->amount = amount_of(7);
    account_add_key(a, &first, &full, 3);
    put(&s, a, "kept", "1");
    put(&s, a, "changed", "1");
    uint64_t usage = a->storage_usage;

    state_begin(&s, a);
    a->amount = amount_of(9);
    account_delete_key(a, &first);
    account_add_key(a, &second, &full, 0);
    account_set_code(&s, a, STR("code"));
    put(&s, a, "changed", "2");
    put(&s, a, "changed", "3");
    put(&s, a, "new", "1");
    struct str old;
    assert_true(account_erase(&s, a, STR("kept"), &old));
    assert_true(str_equal_c(old, "1"));
    assert_false(account_erase(&s, a, STR("kept"), &old));
    state_roll_back(&s);

    assert_int_equal(a->amount.lo, 7);
    assert_int_equal(a->storage_usage, usage);
    assert_true(hash_is_zero(&a->code_hash));
    assert_null(account_find_key(a, &second));
    assert_int_equal(account_find_key(a, &first)->nonce, 3);
    assert_value(a, "kept", "1");
    assert_value(a, "changed", "1");
    assert_false(account_read(a, STR("new"), &old));
    state_release(&s);
}

static void
state_roll_back__brings_a_deleted_account_back(void **state)
{
    (void)state;
    struct state s;
    struct public_key key = fixture_key("first");
    struct access_key limited = {
        .receiver = STR("app.near"), .methods = &STR("read"), .method_count = 1};
    state_init(&s);
    struct account *a = make(&s, "alice.near");
    a->amount = amount_of(5);
    account_add_key(a, &key, &limited, 0);
    put(&s, a, "k", "v");
    state_begin(&s, a);
    account_delete(&s, a);
    assert_int_equal(a->data.live, 0);
    state_roll_back(&s);
    assert_ptr_equal(state_find(&s, STR("alice.near")), a);
    assert_int_equal(a->amount.lo, 5);
    assert_value(a, "k", "v");
    assert_string_equal(account_find_key(a, &key)->receiver, "app.near");
    state_release(&s);
}

static void
account_write__tells_what_stood_there__until_the_receipt_ends(void **state)
{
    (void)state;
    struct state s;
    struct str old;
    state_init(&s);
    struct account *a = make(&s, "alice.near");
    state_begin(&s, a);
    assert_false(account_write(&s, a, STR("k"), STR("one"), &old));
    assert_int_equal(old.n, 0);
    assert_true(account_write(&s, a, STR("k"), STR("two"), &old));
    assert_true(str_equal_c(old, "one"));
    state_commit(&s, CAUSE_NONE, NULL);
    assert_value(a, "k", "two");
    state_release(&s);
}

static void
account_add_key__counts_the_bytes_of_its_record(void **state)
{
    (void)state;
    static const struct {
        struct access_key access;
        uint64_t bytes;
    } cases[] = {
        {{.is_full_access = true}, 82},
        /* 40 + 33 + 8 + 1 + 1 + (4 + 8) + 4 */
        {{.receiver = {"app.near", 8}}, 99},
        {{.receiver = {"app.near", 8}, .has_allowance = true, .allowance = {0, 1}}, 115},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct state s;
        struct public_key key = fixture_key("key");
        state_init(&s);
        struct account *a = make(&s, "alice.near");
        assert_int_equal(a->storage_usage, 100);
        account_add_key(a, &key, &cases[i].access, 0);
        assert_int_equal(a->storage_usage, 100 + cases[i].bytes);
        account_delete_key(a, &key);
        assert_int_equal(a->storage_usage, 100);
        state_release(&s);
    }
}

static void
account_set_code__replaces_the_bytes_of_the_old_code(void **state)
{
    (void)state;
    struct state s;
    state_init(&s);
    struct account *a = make(&s, "alice.near");
    account_set_code(&s, a, STR("0123456789"));
    assert_int_equal(a->storage_usage, 110);
    account_set_code(&s, a, STR("012"));
    assert_int_equal(a->storage_usage, 103);
    state_release(&s);
}

static void
storage_shortfall__asks_for_nothing__up_to_770_bytes(void **state)
{
    (void)state;
    struct account a = {.exists = true, .storage_usage = 770};
    assert_true(amount_is_zero(storage_shortfall(&a)));
    a.storage_usage = 771;
    assert_amount(storage_shortfall(&a), "7710000000000000000000");
    a.amount = storage_stake(770 + 1);
    assert_true(amount_is_zero(storage_shortfall(&a)));
    a.storage_usage = 100000;
    a.amount = near(1);
    assert_true(amount_is_zero(storage_shortfall(&a)));
    a.storage_usage++;
    assert_amount(storage_shortfall(&a), "10000000000000000000");
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_find__knows_only_accounts_that_exist),
        cmocka_unit_test(state_roll_back__restores_everything),
        cmocka_unit_test(state_roll_back__brings_a_deleted_account_back),
        cmocka_unit_test(account_write__tells_what_stood_there__until_the_receipt_ends),
        cmocka_unit_test(account_add_key__counts_the_bytes_of_its_record),
        cmocka_unit_test(account_set_code__replaces_the_bytes_of_the_old_code),
        cmocka_unit_test(storage_shortfall__asks_for_nothing__up_to_770_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
