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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_verify__goes_by_the_equation_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
