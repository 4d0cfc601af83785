#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <locale.h>
#include "net/base/utf8.h"

static void
utf8_take__gives_replacements__for_what_is_no_character(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t first;
        size_t taken;
    } rows[] = {
        {"a", 'a', 1},
        {"\x7f", 0x7F, 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7FF, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xef\xbf\xbf", 0xFFFF, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10FFFF, 4},
        /* overlong */
        {"\xc0\x80", UTF8_REPLACEMENT, 1},
        {"\xc1\xbf", UTF8_REPLACEMENT, 1},
        {"\xe0\x9f\xbf", UTF8_REPLACEMENT, 1},
        {"\xf0\x8f\xbf\xbf", UTF8_REPLACEMENT, 1},
        /* surrogates, beyond Unicode, bytes that never occur */
        {"\xed\xa0\x80", UTF8_REPLACEMENT, 1},
        {"\xed\xbf\xbf", UTF8_REPLACEMENT, 1},
        {"\xf4\x90\x80\x80", UTF8_REPLACEMENT, 1},
        {"\xf5\x80\x80\x80", UTF8_REPLACEMENT, 1},
        {"\xff", UTF8_REPLACEMENT, 1},
        {"\x80", UTF8_REPLACEMENT, 1},
        /* cut off */
        {"\xc3", UTF8_REPLACEMENT, 1},
        {"\xe2\x82", UTF8_REPLACEMENT, 1},
        {"\xe2\x82" "a", UTF8_REPLACEMENT, 1},
        {"\xf0\x9f\x98", UTF8_REPLACEMENT, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str rest = str_from(rows[i].bytes), whole = rest;
        uint32_t scalar = utf8_take(&rest);
        if (scalar != rows[i].first || whole.n - rest.n != rows[i].taken)
            fail_msg("row %zu: U+%04X from %zu bytes", i, scalar, whole.n - rest.n);
        assert_int_equal(utf8_is_valid(whole), rows[i].first != UTF8_REPLACEMENT);
    }
    struct str nothing = STR("");
    assert_int_equal(utf8_take(&nothing), 0);
    assert_true(utf8_is_valid(STR("\xef\xbf\xbd")));    /* U+FFFD itself is a character */
}

static void
utf8_put__is_undone_by_take__for_every_scalar(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x110010; c++) {
        char bytes[4];
        struct str rest = str_of(bytes, (size_t)utf8_put(bytes, c));
        uint32_t expected = (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF ? UTF8_REPLACEMENT : c;
        if (utf8_take(&rest) != expected || rest.n)
            fail_msg("U+%04X", c);
    }
}

static void
utf8_width__knows_what_must_not_be_shown(void **state)
{
    (void)state;
    static const struct {
        uint32_t scalar;
        int width;
    } rows[] = {
        {0, 0}, {0x1B, 0}, {0x7F, 0}, {0x80, 0}, {0x9B, 0}, {0x9F, 0},
        {'a', 1}, {0xE4, 1}, {0x2502, 1}, {0x2588, 1}, {0x2714, 1},
        {0x4E2D, 2}, {0x1F600, 2}, {0xFF21, 2},
        {0xAD, 0}, {0x300, 0}, {0x200B, 0}, {0x200D, 0}, {0x200E, 0}, {0x061C, 0}, {0x202E, 0},
        {0x2028, 0}, {0x2066, 0}, {0x2069, 0}, {0xFE0F, 0}, {0xFEFF, 0}, {0xE000, 0},
        {0xFFFB, 0}, {0xE0041, 0}, {0x10FFFF, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (utf8_width(rows[i].scalar) != rows[i].width)
            fail_msg("U+%04X: %d", rows[i].scalar, utf8_width(rows[i].scalar));
    }
}

static void
utf8_clean__leaves_nothing_that_a_terminal_obeys(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *clean;
        int width;
    } rows[] = {
        {"plain", "plain", 5},
        {"a\nb\tc\rd", "a b c d", 7},
        {"\x1b[2J", "^[[2J", 5},
        {"\x07\x7f", "^G^?", 4},
        {"\xc2\x9b" "31m", "\xef\xbf\xbd" "31m", 4},         /* C1: a CSI in two bytes */
        {"\x9b" "31m", "\xef\xbf\xbd" "31m", 4},             /* and in one */
        {"\xe2\x80\xae" "abc", "\xef\xbf\xbd" "abc", 4},     /* right-to-left override */
        {"e\xcc\x81", "e\xcc\x81", 1},                       /* combining acute */
        {"e\u0301\u0302\u0303\u0304!", "e\u0301\u0302!", 2},   /* no towers of them */
        {"\u0301e", "e", 1},                                 /* over nothing */
        {" \u0301\n\u0301", "  ", 2},
        {"\x1b\u0301", "^[", 2},
        {"\u0e01\u0e34\u0e48", "\u0e01\u0e34\u0e48", 1},      /* Thai */
        {"\u0915\u094d\u0937", "\u0915\u0937", 2},            /* where shaping changes widths */
        {"\u05d0\u05b8", "\u05d0", 1},                       /* and directions */
        {"\u2764\ufe0f", "\u2764", 1},                       /* an emoji as a sign of text */
        {"\ufe0fx", "\ufffdx", 2},
        {"\U0001f468\u200d\U0001f469", "\U0001f468\U0001f469", 4},
        {"a\u200d" "b", "a\ufffd" "b", 3},                   /* nothing hides between letters */
        {"\u034f", "", 0},
        {"\xe4\xb8\xad", "\xe4\xb8\xad", 2},
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", 2},
        {"", "", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        buf_init(&out, 100);
        utf8_clean(&out, str_from(rows[i].raw));
        assert_string_equal(buf_c(&out), rows[i].clean);
        assert_int_equal(utf8_str_width(str_from(rows[i].raw)), rows[i].width);
        buf_release(&out);
    }
}

static void
utf8_clean__is_harmless_and_stable__for_all_pairs_of_bytes(void **state)
{
    (void)state;
    struct buf once, twice;
    buf_init(&once, 100);
    buf_init(&twice, 100);
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char raw[] = {'<', (char)(pair >> 8), (char)pair, '>'};
        buf_clear(&once);
        buf_clear(&twice);
        utf8_clean(&once, str_of(raw, sizeof(raw)));
        assert_true(utf8_is_valid(buf_str(&once)));
        for (struct str rest = buf_str(&once); rest.n;) {
            uint32_t scalar = utf8_take(&rest);
            if (utf8_width(scalar) == 0 && !utf8_is_mark(scalar))
                fail_msg("bytes %04x", pair);
        }
        assert_int_equal(utf8_str_width(str_of(raw, sizeof(raw))), utf8_str_width(buf_str(&once)));
        utf8_clean(&twice, buf_str(&once));
        assert_string_equal(buf_c(&once), buf_c(&twice));
    }
    buf_release(&once);
    buf_release(&twice);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_take__gives_replacements__for_what_is_no_character),
        cmocka_unit_test(utf8_put__is_undone_by_take__for_every_scalar),
        cmocka_unit_test(utf8_width__knows_what_must_not_be_shown),
        cmocka_unit_test(utf8_clean__leaves_nothing_that_a_terminal_obeys),
        cmocka_unit_test(utf8_clean__is_harmless_and_stable__for_all_pairs_of_bytes),
    };
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
