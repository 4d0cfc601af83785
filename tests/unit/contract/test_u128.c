#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/u128.h"

#define MAX_DIGITS "340282366920938463463374607431768211455"

static const struct u128 max = {UINT64_MAX, UINT64_MAX};

static struct u128
of(const char *digits)
{
    struct u128 v;
    if (!u128_parse(text_of(digits), &v))
        fail_msg("%s is no number", digits);
    return v;
}

static void
assert_number(struct u128 v, const char *digits)
{
    char room[50];
    struct writer w = writer_over(room, sizeof(room) - 1);
    write_u128(&w, v);
    room[w.n] = '\0';
    assert_string_equal(room, digits);
}

static void
u128_parse__and_write__give_the_same_digits(void **state)
{
    (void)state;
    static const char *const digits[] = {
        "0",
        "9",
        "10",
        "999999999",
        "1000000000",
        "1000000001",
        "18446744073709551615",
        "18446744073709551616",
        "100000000000000000000000",
        "1000000000000000000000000000",
        "340282366920938463463374607431768211454",
        MAX_DIGITS,
    };
    for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
        assert_number(of(digits[i]), digits[i]);
    assert_number(of("000000000000000000000000000000000000000000007"), "7");
    assert_true(of("18446744073709551616").hi == 1 && of("18446744073709551616").lo == 0);
}

static void
u128_parse__refuses__what_is_no_number_or_too_large(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "1 ",
        " 1",
        "+1",
        "-1",
        "1.0",
        "1e3",
        "0x1",
        "12a",
        "1_000",
        "\xd9\xa1",
        "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999",
        "10000000000000000000000000000000000000000",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct u128 v = {7, 7};
        assert_false(u128_parse(text_of(bad[i]), &v));
        assert_true(v.lo == 7 && v.hi == 7);
    }
}

static void
u128_add__carries_and_stops_at_the_top(void **state)
{
    (void)state;
    struct u128 sum = {7, 7};
    assert_true(u128_add((struct u128){UINT64_MAX, 0}, u128_of(1), &sum));
    assert_number(sum, "18446744073709551616");
    assert_true(u128_add((struct u128){UINT64_MAX - 1, UINT64_MAX}, u128_of(1), &sum));
    assert_number(sum, MAX_DIGITS);
    assert_true(u128_add(max, u128_of(0), &sum));
    sum = u128_of(7);
    assert_false(u128_add(max, u128_of(1), &sum));
    assert_false(u128_add(u128_of(1), max, &sum));
    assert_false(u128_add(max, max, &sum));
    assert_false(u128_add((struct u128){0, UINT64_C(1) << 63},
                          (struct u128){0, UINT64_C(1) << 63}, &sum));
    assert_number(sum, "7");
}

static void
u128_subtract__borrows_and_stops_at_zero(void **state)
{
    (void)state;
    struct u128 d;
    assert_true(u128_subtract(of("18446744073709551616"), u128_of(1), &d));
    assert_number(d, "18446744073709551615");
    assert_true(u128_subtract(max, max, &d));
    assert_true(u128_is_zero(d));
    d = u128_of(7);
    assert_false(u128_subtract(u128_of(1), u128_of(2), &d));
    assert_false(u128_subtract(u128_of(UINT64_MAX), (struct u128){0, 1}, &d));
    assert_number(d, "7");
}

static void
u128_multiply__stops_at_the_top(void **state)
{
    (void)state;
    struct u128 p = u128_of(7);
    assert_true(u128_multiply(of("3402823669209384634633746074317682114"), 100, &p));
    assert_number(p, "340282366920938463463374607431768211400");
    assert_true(u128_multiply(max, 1, &p));
    assert_true(u128_multiply(max, 0, &p));
    assert_true(u128_is_zero(p));
    assert_false(u128_multiply(of("3402823669209384634633746074317682115"), 100, &p));
    assert_false(u128_multiply(max, UINT32_MAX, &p));
    assert_true(u128_is_zero(p));
    assert_true(u128_multiply(u128_of(UINT64_MAX), UINT32_MAX, &p));
    assert_number(p, "79228162495817593515539431425");
}

static void
u128_divide__gives_quotient_and_remainder(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *quotient, *remainder;
    } cases[] = {
        {"0", "1", "0", "0"},
        {"7", "2", "3", "1"},
        {"7", "8", "0", "7"},
        {MAX_DIGITS, "1", MAX_DIGITS, "0"},
        {MAX_DIGITS, MAX_DIGITS, "1", "0"},
        {"340282366920938463463374607431768211454", MAX_DIGITS, "0",
         "340282366920938463463374607431768211454"},
        {MAX_DIGITS, "340282366920938463463374607431768211454", "1", "1"},
        {MAX_DIGITS, "170141183460469231731687303715884105729", "1",
         "170141183460469231731687303715884105726"},
        {MAX_DIGITS, "18446744073709551616", "18446744073709551615", "18446744073709551615"},
        {"100000000000000000000000000000", "333333333", "300000000300000000300", "100"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct u128 q, r;
        u128_divide(of(cases[i].a), of(cases[i].b), &q, &r);
        assert_number(q, cases[i].quotient);
        assert_number(r, cases[i].remainder);
    }
}

static void
u128_compare__looks_at_the_upper_half_first(void **state)
{
    (void)state;
    assert_true(u128_compare((struct u128){0, 1}, (struct u128){UINT64_MAX, 0}) > 0);
    assert_true(u128_compare((struct u128){UINT64_MAX, 0}, (struct u128){0, 1}) < 0);
    assert_true(u128_compare((struct u128){1, 1}, (struct u128){2, 1}) < 0);
    assert_true(u128_compare((struct u128){2, 1}, (struct u128){1, 1}) > 0);
    assert_int_equal(u128_compare(max, max), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(u128_parse__and_write__give_the_same_digits),
        cmocka_unit_test(u128_parse__refuses__what_is_no_number_or_too_large),
        cmocka_unit_test(u128_add__carries_and_stops_at_the_top),
        cmocka_unit_test(u128_subtract__borrows_and_stops_at_zero),
        cmocka_unit_test(u128_multiply__stops_at_the_top),
        cmocka_unit_test(u128_divide__gives_quotient_and_remainder),
        cmocka_unit_test(u128_compare__looks_at_the_upper_half_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
