/* Actions in borsh: there and back, bytes that are none, and what is signed for others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/near/tx.h"

enum { ROOM = 1 << 20 };

static struct public_key
key_of(const char *name)
{
    struct secret_key key;
    crypto_start();
    secret_key_from_name(str_from(name), &key);
    struct public_key public = secret_key_public(&key);
    secret_key_wipe(&key);
    return public;
}

static void
encode_list(const struct action *actions, size_t count, struct buf *out)
{
    buf_init(out, ROOM);
    borsh_put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        action_encode(&actions[i], out);
}

/* Every kind, with something in every field that it has. */
static size_t
one_of_each(struct action *out)
{
    static struct str methods[] = {{"one", 3}, {"two", 3}};
    static struct action inner[2];
    static struct delegate delegate;
    struct public_key key = key_of("alice.test.near");
    inner[0] = (struct action){.kind = ACTION_CREATE_ACCOUNT};
    inner[1] = (struct action){.kind = ACTION_TRANSFER, .deposit = amount_of(5)};
    delegate = (struct delegate){.sender = account_of("alice.test.near"),
                                 .receiver = account_of("bob.test.near"),
                                 .actions = inner,
                                 .action_count = 2,
                                 .nonce = 7,
                                 .max_block_height = 9,
                                 .key = key};
    const struct action all[] = {
        {.kind = ACTION_CREATE_ACCOUNT},
        {.kind = ACTION_DEPLOY_CONTRACT, .code = STR("code")},
        {.kind = ACTION_FUNCTION_CALL,
         .method = STR("m"),
         .args = STR("{}"),
         .gas = 3,
         .deposit = amount_of(4)},
        {.kind = ACTION_TRANSFER, .deposit = amount_of(5)},
        {.kind = ACTION_STAKE, .deposit = amount_of(6), .key = key},
        {.kind = ACTION_ADD_KEY, .key = key, .access = {.nonce = 1, .is_full_access = true}},
        {.kind = ACTION_ADD_KEY,
         .key = key,
         .access = {.has_allowance = true,
                    .allowance = amount_of(8),
                    .receiver = STR("bob.test.near"),
                    .methods = methods,
                    .method_count = 2}},
        {.kind = ACTION_DELETE_KEY, .key = key},
        {.kind = ACTION_DELEGATE, .delegate = &delegate},
        {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = STR("code")},
        {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = STR("code"), .by_account = true},
        {.kind = ACTION_USE_GLOBAL_CONTRACT, .code_hash = {{1, 2, 3}}},
        {.kind = ACTION_USE_GLOBAL_CONTRACT,
         .by_account = true,
         .owner = account_of("bob.test.near")},
        {.kind = ACTION_DELETE_ACCOUNT, .beneficiary = account_of("bob.test.near")},
    };
    memcpy(out, all, sizeof(all));
    return ARRAY_LEN(all);
}

static void
actions__come_back_as_they_went(void **state)
{
    (void)state;
    struct action all[16], *back;
    size_t count = one_of_each(all), back_count;
    struct buf bytes, again;
    struct arena arena;
    struct borsh_reader r;
    struct diag d = {0};
    arena_init(&arena);
    encode_list(all, count, &bytes);
    borsh_reader_init(&r, buf_str(&bytes));
    assert_int_equal(actions_decode(&r, &arena, &back, &back_count, &d), OK);
    assert_null(r.fault);
    assert_int_equal(r.rest.n, 0);
    assert_int_equal(back_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(back[i].kind, all[i].kind);
    assert_string_equal(back[8].delegate->sender.s, "alice.test.near");
    assert_int_equal(back[8].delegate->actions[1].deposit.lo, 5);
    assert_true(back[10].by_account && !back[9].by_account);
    assert_string_equal(back[12].owner.s, "bob.test.near");
    encode_list(back, back_count, &again);
    assert_true(str_equal(buf_str(&bytes), buf_str(&again)));
    buf_release(&again);
    buf_release(&bytes);
    arena_release(&arena);
}

static void
actions__are_refused__wherever_their_bytes_end(void **state)
{
    (void)state;
    struct action all[16], *back;
    size_t count = one_of_each(all), back_count;
    struct buf bytes;
    encode_list(all, count, &bytes);
    for (size_t n = 0; n < bytes.n; n++) {
        struct arena arena;
        struct borsh_reader r;
        arena_init(&arena);
        borsh_reader_init(&r, str_slice(buf_str(&bytes), 0, n));
        enum err e = actions_decode(&r, &arena, &back, &back_count, NULL);
        assert_true(e != OK || r.fault != NULL);
        arena_release(&arena);
    }
    buf_release(&bytes);
}

static enum err
decode_tag(uint8_t tag, struct diag *d)
{
    struct buf bytes;
    struct arena arena;
    struct borsh_reader r;
    struct action *back;
    size_t count;
    buf_init(&bytes, ROOM);
    arena_init(&arena);
    borsh_put_u32(&bytes, 1);
    borsh_put_u8(&bytes, tag);
    borsh_reader_init(&r, buf_str(&bytes));
    enum err e = actions_decode(&r, &arena, &back, &count, d);
    arena_release(&arena);
    buf_release(&bytes);
    return e;
}

static void
action__of_later_versions_is_told_from_one_that_never_was(void **state)
{
    (void)state;
    struct diag d = {0};
    assert_int_equal(decode_tag(11, &d), ERR_UNSUPPORTED);
    assert_non_null(strstr(diag_text(&d), "DeterministicStateInit"));
    assert_int_equal(decode_tag(12, &d), ERR_SYNTAX);
    assert_int_equal(decode_tag(255, &d), ERR_SYNTAX);
}

static void
delegate__in_a_delegate_is_refused(void **state)
{
    (void)state;
    struct action all[16], *back;
    one_of_each(all);
    struct action nested = all[8];
    struct delegate outer = *all[8].delegate;
    struct action outside = {.kind = ACTION_DELEGATE, .delegate = &outer};
    struct buf bytes;
    struct arena arena;
    struct borsh_reader r;
    struct diag d = {0};
    size_t count;
    outer.actions = &nested;
    outer.action_count = 1;
    encode_list(&outside, 1, &bytes);
    arena_init(&arena);
    borsh_reader_init(&r, buf_str(&bytes));
    assert_int_equal(actions_decode(&r, &arena, &back, &count, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "delegate again"));
    arena_release(&arena);
    buf_release(&bytes);
}

static void
delegate__is_signed_by_the_key_that_it_names(void **state)
{
    (void)state;
    struct action all[16];
    struct secret_key key;
    one_of_each(all);
    struct delegate d = *all[8].delegate;
    secret_key_from_name(STR("alice.test.near"), &key);
    delegate_sign(&d, &key);
    assert_true(delegate_is_signed(&d));
    d.nonce++;
    assert_false(delegate_is_signed(&d));
    d.nonce--;
    d.key = key_of("bob.test.near");
    assert_false(delegate_is_signed(&d));
    secret_key_wipe(&key);
}

static void
delegate__is_no_transaction__by_the_number_in_front(void **state)
{
    (void)state;
    struct action all[16];
    one_of_each(all);
    struct delegate *d = all[8].delegate;
    struct buf bytes;
    buf_init(&bytes, ROOM);
    /* 2^30 + 366, little-endian, then the delegate as it stands in the action, unsigned. */
    buf_add(&bytes, "\x6e\x01\x00\x40", 4);
    size_t start = bytes.n;
    action_encode(&all[8], &bytes);
    memmove(bytes.p + start, bytes.p + start + 1, bytes.n - start - 1);
    struct hash expected = hash_of_bytes(str_of(bytes.p, bytes.n - 1 - 65));
    struct hash hash = delegate_hash(d);
    assert_true(hash_equal(&hash, &expected));
    buf_release(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions__come_back_as_they_went),
        cmocka_unit_test(actions__are_refused__wherever_their_bytes_end),
        cmocka_unit_test(action__of_later_versions_is_told_from_one_that_never_was),
        cmocka_unit_test(delegate__in_a_delegate_is_refused),
        cmocka_unit_test(delegate__is_signed_by_the_key_that_it_names),
        cmocka_unit_test(delegate__is_no_transaction__by_the_number_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
