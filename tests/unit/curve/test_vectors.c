/* Every row of tests/data/curve, where the origins are told: what a function makes of bytes. */
#include "contract/curve/bls12381.h"
#include "contract/curve/bn254.h"
#include "net/base/file.h"
#include "net/near/secp.h"
#include "tests/support/hex.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ANSWER = 4096, MAX_FILE = 1 << 20 };

/* The answer's bytes at out and their number, or REFUSED; a check's own answer is its number
 * on top of CHECKED. */
enum { REFUSED = -1, CHECKED = MAX_ANSWER };
typedef int (*vector_fn)(struct str input, uint8_t *out);

static int
do_recover(struct str input, uint8_t *out)
{
    const uint8_t *p = (const uint8_t *)input.p;
    assert_int_equal(input.n, 98);
    return secp_recover(p, p + 32, p[96], p[97] == 1, out) ? SECP_KEY_BYTES : REFUSED;
}

static int
do_bn254_sum(struct str input, uint8_t *out)
{
    struct bn254_refusal why;
    return bn254_g1_sum(input, out, &why) ? BN254_G1_BYTES : REFUSED;
}

static int
do_bn254_multiexp(struct str input, uint8_t *out)
{
    struct bn254_refusal why;
    return bn254_g1_multiexp(input, out, &why) ? BN254_G1_BYTES : REFUSED;
}

static int
do_bn254_pairing(struct str input, uint8_t *out)
{
    struct bn254_refusal why;
    bool is_one;
    (void)out;
    return bn254_pairing_check(input, &is_one, &why) ? CHECKED + is_one : REFUSED;
}

/* Every row of bls12381.def has a runner of its own name. */
#define X(id, name, label, degree, operation, element, answer, each)                           \
    static int do_##name(struct str input, uint8_t *out)                                       \
    {                                                                                          \
        assert_int_equal(input.n % element, 0);                                                \
        return bls12381_run(BLS12381_##id, input, out)                                         \
                   ? (int)bls12381_answer_bytes(BLS12381_##id, input.n)                        \
                   : REFUSED;                                                                  \
    }
#include "contract/curve/bls12381.def"
#undef X

static int
do_bls12381_pairing(struct str input, uint8_t *out)
{
    (void)out;
    return CHECKED + (int)bls12381_pairing_check(input);
}

static const struct {
    const char *name;
    vector_fn run;
} functions[] = {
    {"recover", do_recover},
    {"alt_bn128_g1_sum", do_bn254_sum},
    {"alt_bn128_g1_multiexp", do_bn254_multiexp},
    {"alt_bn128_pairing_check", do_bn254_pairing},
#define X(id, name, label, degree, operation, element, answer, each) {#name, do_##name},
#include "contract/curve/bls12381.def"
#undef X
    {"bls12381_pairing_check", do_bls12381_pairing},
};

static vector_fn
function_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        if (str_equal_c(name, functions[i].name))
            return functions[i].run;
    }
    fail_msg("no function %.*s", STR_ARG(name));
    abort();
}

static void
check_row(struct arena *arena, struct str line)
{
    static uint8_t out[MAX_ANSWER];
    struct str function, input, answer, name;
    assert_true(str_take_until(&line, ' ', &function));
    assert_true(str_take_until(&line, ' ', &input));
    assert_true(str_take_until(&line, ' ', &answer));
    assert_true(str_take_until(&line, '\n', &name));
    int n = function_of(function)(hex_bytes(arena, input), out);
    const char *got = n == REFUSED   ? "-"
                      : n >= CHECKED ? arena_printf(arena, "=%d", n - CHECKED)
                                     : hex_text(arena, str_of(out, (size_t)n));
    if (!str_equal_c(answer, got))
        fail_msg("%.*s %.*s: %s instead of %.*s", STR_ARG(function), STR_ARG(name), got,
                 STR_ARG(answer));
}

static void
check_file(const char *path, size_t least)
{
    struct buf text;
    struct arena arena;
    struct diag d;
    size_t rows = 0;
    buf_init(&text, MAX_FILE);
    arena_init(&arena);
    assert_int_equal(file_read(path, &text, &d), OK);
    struct str rest = buf_str(&text), line;
    while (str_take_until(&rest, '\n', &line)) {
        check_row(&arena, line);
        arena_reset(&arena);
        rows++;
    }
    assert_true(rows >= least);
    arena_release(&arena);
    buf_release(&text);
}

static void
secp256k1__answers_as_published(void **state)
{
    (void)state;
    check_file("tests/data/curve/secp256k1.txt", 22);
}

static void
alt_bn128__answers_as_published(void **state)
{
    (void)state;
    check_file("tests/data/curve/alt_bn128.txt", 72);
}

static void
bls12381__answers_as_published(void **state)
{
    (void)state;
    check_file("tests/data/curve/bls12381.txt", 166);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secp256k1__answers_as_published),
        cmocka_unit_test(alt_bn128__answers_as_published),
        cmocka_unit_test(bls12381__answers_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
