/* Which signatures hold, where the rules of implementations differ: tests/data/curve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/file.h"
#include "net/near/crypto.h"
#include "tests/support/hex.h"

enum { MAX_FILE = 1 << 20 };

static void
check_row(struct arena *arena, struct str line)
{
    struct str fields[4];
    struct signature s = {.curve = 0};
    struct public_key key = {.curve = 0};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        assert_true(str_take_until(&line, ' ', &fields[i]));
    struct str bytes = hex_bytes(arena, fields[0]);
    assert_int_equal(bytes.n, 64);
    memcpy(s.b, bytes.p, bytes.n);
    bytes = hex_bytes(arena, fields[1]);
    assert_int_equal(bytes.n, 32);
    memcpy(key.b, bytes.p, bytes.n);
    if (signature_verify(&s, &key, hex_bytes(arena, fields[2])) != str_equal_c(fields[3], "=1"))
        fail_msg("%.*s: %.*s expected", STR_ARG(line), STR_ARG(fields[3]));
}

static void
signature_verify__goes_by_the_equation_alone(void **state)
{
    struct buf text;
    struct arena arena;
    struct diag d;
    size_t rows = 0;
    (void)state;
    crypto_start();
    buf_init(&text, MAX_FILE);
    arena_init(&arena);
    assert_int_equal(file_read("tests/data/curve/ed25519.txt", &text, &d), OK);
    struct str rest = buf_str(&text), line;
    for (; str_take_until(&rest, '\n', &line); rows++)
        check_row(&arena, line);
    assert_true(rows > 100);
    arena_release(&arena);
    buf_release(&text);
}

/* go-ethereum, crypto/signature_test.go; and the same with one thing wrong each. */
#define HASH "ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008"
#define R "90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e54998"
#define S "4a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc93"
#define HIGH_S "b596eec652a85c0f46f99c898c55d09ae8b9803508b70667bf337469018864ae"
#define X "e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a"
#define Y "0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652"

static void
signature_verify__knows_both_curves(void **state)
{
    static const struct {
        const char *signature, *key, *message;
        uint8_t signature_curve, key_curve;
        bool is_good;
    } rows[] = {
        {R S "01", X Y, HASH, 1, 1, true},    {R S "00", X Y, HASH, 1, 1, true},
        {R S "04", X Y, HASH, 1, 1, false},   {R HIGH_S "00", X Y, HASH, 1, 1, false},
        {S R "01", X Y, HASH, 1, 1, false},   {R S "01", Y X, HASH, 1, 1, false},
        {R S "01", X Y, R, 1, 1, false},      {R S "01", X Y, HASH "00", 1, 1, false},
        {R S "01", X Y, "", 1, 1, false},     {R S "01", X Y, HASH, 0, 1, false},
        {R S "01", X Y, HASH, 1, 0, false},   {R S "01", X Y, HASH, 0, 0, false},
        {R S "01", X Y, HASH, 2, 2, false},
    };
    struct arena arena;
    (void)state;
    crypto_start();
    arena_init(&arena);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct signature s = {.curve = rows[i].signature_curve};
        struct public_key key = {.curve = rows[i].key_curve};
        memcpy(s.b, hex_bytes(&arena, str_from(rows[i].signature)).p, sizeof(s.b));
        memcpy(key.b, hex_bytes(&arena, str_from(rows[i].key)).p, sizeof(key.b));
        struct str message = hex_bytes(&arena, str_from(rows[i].message));
        if (signature_verify(&s, &key, message) != rows[i].is_good)
            fail_msg("row %zu: %s expected", i, rows[i].is_good ? "good" : "bad");
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_verify__goes_by_the_equation_alone),
        cmocka_unit_test(signature_verify__knows_both_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
