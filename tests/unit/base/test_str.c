#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/str.h"

static void
str_equal__compares_bytes_and_length(void **state)
{
    (void)state;
    assert_true(str_equal(STR(""), (struct str){NULL, 0}));
    assert_true(str_equal(str_from(NULL), STR("")));
    assert_true(str_equal_c(STR("abc"), "abc"));
    assert_false(str_equal(STR("abc"), STR("abd")));
    assert_false(str_equal(STR("abc"), STR("ab")));
    assert_true(str_equal_nocase(STR("Tgas"), STR("TGAS")));
    assert_false(str_equal_nocase(STR("[a"), STR("{a")));
    assert_false(str_equal_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));
}

static void
str_compare__orders_as_unsigned_bytes(void **state)
{
    (void)state;
    const char *const ordered[] = {"", "a", "a.b", "aa", "b", "m0", "m0.x", "z", "\xc3\xa4"};
    for (size_t i = 0; i < ARRAY_LEN(ordered); i++) {
        for (size_t j = 0; j < ARRAY_LEN(ordered); j++) {
            int order = str_compare(str_from(ordered[i]), str_from(ordered[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void
str_find__gives_the_first_place_or_minus_one(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
    assert_int_equal(str_find(STR("abcabc"), STR("cab")), 2);
    assert_int_equal(str_find(STR("abcabc"), STR("abcabcd")), -1);
    assert_int_equal(str_find(STR("abc"), STR("")), 0);
    assert_int_equal(str_find(STR(""), STR("a")), -1);
    assert_int_equal(str_find_byte(STR("a.b.c"), '.'), 1);
    assert_int_equal(str_find_byte((struct str){NULL, 0}, '.'), -1);
    assert_true(str_starts(STR("ws://x"), STR("ws://")));
    assert_false(str_starts(STR("ws"), STR("ws://")));
    assert_true(str_ends(STR("x.near"), STR(".near")));
    assert_false(str_ends(STR("near"), STR(".near")));
    assert_true(str_ends(STR("near"), STR("")));
}

static void
str_trim__takes_blanks_off_both_ends(void **state)
{
    (void)state;
    assert_true(str_equal_c(str_trim(STR(" \t\r\n a b \v\f")), "a b"));
    assert_int_equal(str_trim(STR(" \t ")).n, 0);
    assert_int_equal(str_trim((struct str){NULL, 0}).n, 0);
}

static void
str_slice__is_clipped(void **state)
{
    (void)state;
    assert_true(str_equal_c(str_slice(STR("abcdef"), 2, 4), "cd"));
    assert_true(str_equal_c(str_slice(STR("abcdef"), 4, 99), "ef"));
    assert_int_equal(str_slice(STR("abcdef"), 4, 2).n, 0);
    assert_int_equal(str_slice(STR("abcdef"), 9, 12).n, 0);
}

static void
str_take_until__walks_over_all_parts(void **state)
{
    (void)state;
    struct str rest = STR("a,,bc,"), part;
    const char *const expected[] = {"a", "", "bc"};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        assert_true(str_take_until(&rest, ',', &part));
        assert_true(str_equal_c(part, expected[i]));
    }
    assert_false(str_take_until(&rest, ',', &part));
    rest = STR("last");
    assert_true(str_take_until(&rest, ',', &part));
    assert_true(str_equal_c(part, "last"));
    assert_int_equal(rest.n, 0);
}

static void
str_to_u64__takes_whole_decimal_numbers_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
        uint64_t value;
    } rows[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"000000000000000000001", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t value = 42;
        if (str_to_u64(str_from(rows[i].text), &value) != rows[i].is_good)
            fail_msg("\"%s\"", rows[i].text);
        assert_true(value == (rows[i].is_good ? rows[i].value : 42));
    }
}

static void
str_copy__fails_and_empties__when_it_does_not_fit(void **state)
{
    (void)state;
    char out[4] = "xyz";
    assert_true(str_copy(STR("abc"), out, sizeof(out)));
    assert_string_equal(out, "abc");
    assert_false(str_copy(STR("abcd"), out, sizeof(out)));
    assert_string_equal(out, "");
    assert_false(str_copy(str_of("a\0b", 3), out, sizeof(out)));
    assert_string_equal(out, "");
    assert_true(str_copy((struct str){NULL, 0}, out, sizeof(out)));
    assert_false(str_copy(STR(""), out, 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_equal__compares_bytes_and_length),
        cmocka_unit_test(str_compare__orders_as_unsigned_bytes),
        cmocka_unit_test(str_find__gives_the_first_place_or_minus_one),
        cmocka_unit_test(str_trim__takes_blanks_off_both_ends),
        cmocka_unit_test(str_slice__is_clipped),
        cmocka_unit_test(str_take_until__walks_over_all_parts),
        cmocka_unit_test(str_to_u64__takes_whole_decimal_numbers_only),
        cmocka_unit_test(str_copy__fails_and_empties__when_it_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
