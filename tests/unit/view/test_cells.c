#include "tests/support/utf8_locale.h"
#include "tui/view/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/utf8.h"
#include "tests/support/view_scene.h"
#include "tui/view/pretty.h"

static void
put__cuts_at_the_width__with_an_ellipsis(void **state)
{
    static const struct {
        const char *text, *shown;
        int width;
    } cases[] = {{"portfolio", "portfolio\n", 9}, {"portfolio", "portfol…\n", 8},
                 {"portfolio", "…\n", 1},          {"portfolio", "\n", 0},
                 {"", "\n", 5}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cells c;
        cells_init(&c, 20, 1, false);
        cells_put_c(&c, 0, 0, cases[i].text, cases[i].width, ROLE_TEXT);
        assert_string_equal(cells_text(&c), cases[i].shown);
        cells_release(&c);
    }
}

static void
put__makes_harmless__what_comes_from_strangers(void **state)
{
    (void)state;
    struct cells c;
    cells_init(&c, 20, 3, false);
    cells_put(&c, 0, 0, STR("a\x1b[31mb\xc2\x9b" "c"), -1, ROLE_TEXT);
    cells_put(&c, 0, 1, STR("\xe2\x80\xae" "x\xff\ny"), -1, ROLE_TEXT);
    cells_check(&c);
    assert_string_equal(cells_text(&c), "a^[[31mb\xef\xbf\xbd" "c\n"
                                        "\xef\xbf\xbdx\xef\xbf\xbd y\n\n");
    cells_release(&c);
}

static void
put__never_halves__a_wide_glyph(void **state)
{
    (void)state;
    struct cells c;
    cells_init(&c, 10, 1, false);
    for (int x = -3; x < 12; x++) {
        cells_put(&c, x, 0, STR("\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57"), 5, ROLE_TEXT);
        cells_check(&c);
        cells_put_c(&c, x + 1, 0, "ab", -1, ROLE_TEXT);
        cells_check(&c);
    }
    cells_release(&c);
}

static void
put__keeps_marks__in_the_cell_of_their_letter(void **state)
{
    (void)state;
    struct cells c;
    cells_init(&c, 8, 3, false);
    cells_put(&c, 0, 0, STR("e\u0301a\u0302\u0303z"), -1, ROLE_TEXT);
    assert_int_equal(cells_at(&c, 0, 0)->mark[0], 0x301);
    assert_int_equal(cells_at(&c, 1, 0)->mark[1], 0x303);
    assert_int_equal(cells_at(&c, 2, 0)->scalar, 'z');
    /* They are cut with it, and painted over with it. */
    cells_put(&c, 0, 1, STR("e\u0301a\u0302i\u0303"), 2, ROLE_TEXT);
    cells_put(&c, 0, 0, STR("x"), -1, ROLE_TEXT);
    cells_put_middle(&c, 0, 2, STR("a\u0301b\u0301c\u0301d\u0301e\u0301"), 3, ROLE_TEXT);
    cells_check(&c);
    assert_string_equal(cells_text(&c), "xa\u0302\u0303z\ne\u0301…\na\u0301…e\u0301\n");
    cells_release(&c);
    cells_init(&c, 8, 1, true);
    cells_put(&c, 0, 0, STR("e\u0301\u00e9"), -1, ROLE_TEXT);
    cells_check(&c);
    assert_string_equal(cells_text(&c), "e?\n");
    cells_release(&c);
}

static unsigned
chance(unsigned below)
{
    static uint64_t seed = 11;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

/* Any text: what is counted is what is painted, and nothing is outside the box. */
static void
put__holds_its_box__with_any_text(void **state)
{
    static const uint32_t some[] = {'a', ' ', 0x4E2D, 0x1F468, 0x200D, 0xFE0F, 0x301, 0x302, 0xE34,
                                    0x94D, 0x5B8, 0x202E, 0x1F1E9, 0x1F3FD, 0x9B, 0x1B, 0x0A, 0xAD};
    enum { WIDTH = 24, ROUNDS = 20000 };
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char text[128];
        size_t n = 0;
        while (n < chance(100))
            n += (size_t)utf8_put(text + n, chance(4) ? some[chance(ARRAY_LEN(some))]
                                                      : chance(0x30000));
        struct cells c;
        struct str all = str_of(text, n);
        cells_init(&c, WIDTH, 3, chance(4) == 0);
        int x = (int)chance(WIDTH), room = (int)chance(WIDTH), width = utf8_str_width(all);
        struct box b = {x, 1, room, 1}, before = cells_clip(&c, b);
        int end = cells_put(&c, x, 1, all, room, ROLE_STRONG);
        assert_true(end <= x + room);
        assert_true(c.is_ascii || end <= x + width);
        assert_true(c.is_ascii || width > room || end == x + width);
        if (chance(2))
            cells_put_middle(&c, x, 1, all, room, ROLE_STRONG);
        if (chance(2))
            cells_wrap(&c, x, 1, room, 1, all, ROLE_STRONG);
        cells_unclip(&c, before);
        cells_check(&c);
        for (int i = 0; i < 3 * WIDTH; i++) {
            bool is_inside = i / WIDTH == 1 && i % WIDTH >= x && i % WIDTH < x + room;
            assert_true(is_inside || (c.cell[i].scalar == ' ' && c.cell[i].role == ROLE_TEXT));
        }
        cells_release(&c);
    }
}

static void
put__clips__outside(void **state)
{
    (void)state;
    struct cells c;
    cells_init(&c, 4, 2, false);
    cells_put_c(&c, -2, 0, "abcdefgh", 8, ROLE_TEXT);
    cells_put_c(&c, 0, 2, "below", -1, ROLE_TEXT);
    cells_put_c(&c, 0, -1, "above", -1, ROLE_TEXT);
    assert_string_equal(cells_text(&c), "cdef\n\n");
    cells_release(&c);
}

static void
put_middle__keeps_both_ends__of_an_id(void **state)
{
    (void)state;
    struct cells c;
    cells_init(&c, 20, 2, false);
    cells_put_middle(&c, 0, 0, STR("8pZfWkmnopueZgQo"), 9, ROLE_TEXT);
    cells_put_middle(&c, 0, 1, STR("8pZfWk"), 9, ROLE_TEXT);
    assert_string_equal(cells_text(&c), "8pZf…ZgQo\n8pZfWk\n");
    cells_release(&c);
}

static void
wrap__breaks_at_blanks__and_says_when_it_ends_early(void **state)
{
    static const struct {
        const char *text, *shown;
        int lines, most;
    } cases[] = {{"one two three four", "one two\nthree four\n\n", 2, 3},
                 {"one two three four", "one two t…\n\n\n", 1, 1},
                 {"abcdefghijklmno", "abcdefghij\nklmno\n\n", 2, 3},
                 {"  a  ", "a\n\n\n", 1, 3},
                 {"", "\n\n\n", 0, 3}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cells c;
        cells_init(&c, 10, 3, false);
        int lines = cells_wrap(&c, 0, 0, 10, cases[i].most, str_from(cases[i].text), ROLE_TEXT);
        assert_int_equal(lines, cases[i].lines);
        assert_string_equal(cells_text(&c), cases[i].shown);
        cells_release(&c);
    }
}

static void
bar__fills__by_eighths(void **state)
{
    static const struct {
        double part;
        const char *utf8, *ascii;
    } cases[] = {{0, "····\n", "....\n"},
                 {0.001, "▏···\n", "=...\n"},
                 {0.5, "██··\n", "##..\n"},
                 {0.55, "██▎·\n", "##=.\n"},
                 {1, "████\n", "####\n"},
                 {7, "████\n", "####\n"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (int is_ascii = 0; is_ascii <= 1; is_ascii++) {
            struct cells c;
            cells_init(&c, 4, 1, is_ascii);
            cells_bar(&c, 0, 0, 4, cases[i].part, ROLE_GAS, ROLE_GAS_REST);
            assert_string_equal(cells_text(&c), is_ascii ? cases[i].ascii : cases[i].utf8);
            cells_release(&c);
        }
    }
}

static void
glyphs__are_one_cell_each__in_both_sets(void **state)
{
    (void)state;
    for (int i = 0; i < GLYPH_COUNT; i++) {
        for (int is_ascii = 0; is_ascii <= 1; is_ascii++) {
            struct cells c;
            cells_init(&c, 3, 1, is_ascii);
            assert_int_equal(cells_glyph(&c, 0, 0, (enum glyph)i, ROLE_TEXT), 1);
            cells_check(&c);
            assert_int_equal(cells_at(&c, 0, 0)->width, 1);
            assert_int_not_equal(cells_at(&c, 0, 0)->scalar, ' ');
            cells_release(&c);
        }
    }
}

static void
pretty__opens__what_does_not_fit(void **state)
{
    static const struct {
        const char *text, *lines;
        int width;
    } cases[] = {{"{\"a\":1,\"b\":[1,2]}", "{\"a\":1,\"b\":[1,2]}", 40},
                 {"{\"a\":1,\"b\":[1,2]}", "{\n  \"a\": 1,\n  \"b\": [1,2]\n}", 14},
                 {"{\"a\":{\"b\":\"cdefgh\"}}", "{\n  \"a\": {\n    \"b\": \"cdefgh\"\n  }\n}", 16},
                 {"[12345678901234567890]", "[12345678901234567890]", 40},
                 {"[]", "[]", 1}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf out;
        buf_init(&out, 1000);
        assert_true(pretty_json(&out, str_from(cases[i].text), cases[i].width));
        assert_string_equal(buf_c(&out), cases[i].lines);
        buf_release(&out);
    }
}

static void
pretty__leaves_alone__what_is_no_object_or_array(void **state)
{
    static const char *const texts[] = {"", "7", "\"a\"", "{", "{\"a\":1} x", "\xff"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct buf out;
        buf_init(&out, 1000);
        assert_false(pretty_json(&out, str_from(texts[i]), 40));
        assert_int_equal(out.n, 0);
        buf_release(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put__cuts_at_the_width__with_an_ellipsis),
        cmocka_unit_test(put__makes_harmless__what_comes_from_strangers),
        cmocka_unit_test(put__never_halves__a_wide_glyph),
        cmocka_unit_test(put__keeps_marks__in_the_cell_of_their_letter),
        cmocka_unit_test(put__holds_its_box__with_any_text),
        cmocka_unit_test(put__clips__outside),
        cmocka_unit_test(put_middle__keeps_both_ends__of_an_id),
        cmocka_unit_test(wrap__breaks_at_blanks__and_says_when_it_ends_early),
        cmocka_unit_test(bar__fills__by_eighths),
        cmocka_unit_test(glyphs__are_one_cell_each__in_both_sets),
        cmocka_unit_test(pretty__opens__what_does_not_fit),
        cmocka_unit_test(pretty__leaves_alone__what_is_no_object_or_array),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
