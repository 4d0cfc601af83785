/* Several lines being written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tui/input/text.h"

static struct text t;

static bool
press(enum key_special special)
{
    const struct key k = {.special = special};
    return text_key(&t, &k);
}

static void
type(const char *text)
{
    for (; *text; text++) {
        const struct key k = {.special = KEY_CHARACTER, .scalar = (unsigned char)*text};
        assert_true(text_key(&t, &k));
    }
}

static void
text__breaks_lines__and_moves_between_them(void **state)
{
    (void)state;
    assert_true(text_set(&t, STR("")));
    type("abc");
    press(KEY_RETURN);
    type("d");
    assert_string_equal(t.bytes, "abc\nd");
    assert_true(press(KEY_ARROW_UP));
    assert_int_equal(t.cursor, 1);
    assert_false(press(KEY_ARROW_UP));
    press(KEY_BOTTOM);
    assert_int_equal(t.cursor, 3);
    assert_true(press(KEY_ARROW_DOWN));
    assert_int_equal(t.cursor, 5);
    assert_false(press(KEY_ARROW_DOWN));
    press(KEY_TOP);
    press(KEY_ERASE);
    assert_string_equal(t.bytes, "abcd");
}

static void
text__moves_by_scalars__not_by_bytes(void **state)
{
    (void)state;
    assert_true(text_set(&t, STR("\xc3\xa4\xe2\x82\xac")));
    press(KEY_ARROW_LEFT);
    assert_int_equal(t.cursor, 2);
    press(KEY_ERASE);
    assert_string_equal(t.bytes, "\xe2\x82\xac");
    press(KEY_REMOVE);
    assert_string_equal(t.bytes, "");
    press(KEY_REMOVE);
    press(KEY_ERASE);
    assert_int_equal(t.length, 0);
}

static void
text__leaves_out__what_finds_no_room(void **state)
{
    static char full[TEXT_MAX_BYTES + 2];
    (void)state;
    memset(full, 'x', sizeof(full) - 1);
    assert_false(text_set(&t, str_of(full, TEXT_MAX_BYTES + 1)));
    assert_true(text_set(&t, str_of(full, TEXT_MAX_BYTES)));
    type("y");
    assert_int_equal(t.length, TEXT_MAX_BYTES);
}

static void
text__takes_pasted_lines__and_no_control(void **state)
{
    struct key k = {.special = KEY_PASTE, .scalar = '\n'};
    (void)state;
    assert_true(text_set(&t, STR("")));
    assert_true(text_key(&t, &k));
    k.scalar = 27;
    assert_false(text_key(&t, &k));
    assert_string_equal(t.bytes, "\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__breaks_lines__and_moves_between_them),
        cmocka_unit_test(text__moves_by_scalars__not_by_bytes),
        cmocka_unit_test(text__leaves_out__what_finds_no_room),
        cmocka_unit_test(text__takes_pasted_lines__and_no_control),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
