/* A line of text being written. */
#include "tests/support/utf8_locale.h"
#include "tui/input/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/utf8.h"

static void
type(struct line *l, const struct line_history *h, const char *text)
{
    struct str rest = str_from(text);
    while (rest.n) {
        struct key k = {.special = KEY_CHARACTER, .scalar = utf8_take(&rest)};
        assert_true(line_key(l, h, &k));
    }
}

static void
press(struct line *l, const struct line_history *h, enum key_special special)
{
    struct key k = {.special = special};
    assert_true(line_key(l, h, &k));
}

static void
line__is_edited__as_in_a_shell(void **state)
{
    struct line l = {0};
    (void)state;
    type(&l, NULL, "get position");
    type(&l, NULL, "\x17");                     /* ^W */
    assert_string_equal(l.text, "get ");
    type(&l, NULL, "num");
    press(&l, NULL, KEY_TOP);
    type(&l, NULL, "a");
    assert_string_equal(l.text, "aget num");
    press(&l, NULL, KEY_REMOVE);
    assert_string_equal(l.text, "aet num");
    press(&l, NULL, KEY_ARROW_RIGHT);
    press(&l, NULL, KEY_ERASE);
    assert_string_equal(l.text, "at num");
    type(&l, NULL, "\x0b");                     /* ^K */
    assert_string_equal(l.text, "a");
    type(&l, NULL, "b\x15");                    /* ^U */
    assert_string_equal(l.text, "");
    press(&l, NULL, KEY_ERASE);
    assert_int_equal(l.length, 0);
}

static void
line__takes_scalars__not_bytes(void **state)
{
    struct line l = {0};
    (void)state;
    type(&l, NULL, "a\u00e9\u4e16b");
    press(&l, NULL, KEY_ARROW_LEFT);
    press(&l, NULL, KEY_ERASE);
    assert_string_equal(l.text, "a\u00e9b");
    press(&l, NULL, KEY_ARROW_LEFT);
    press(&l, NULL, KEY_REMOVE);
    assert_string_equal(l.text, "ab");
    /* What cannot be seen does not go in; pasted lines become one. */
    type(&l, NULL, "\u202e\u200b");
    assert_string_equal(l.text, "ab");
    struct key newline = {.special = KEY_PASTE, .scalar = '\n'};
    assert_true(line_key(&l, NULL, &newline));
    assert_string_equal(l.text, "a b");
    struct key function = {.special = KEY_FUNCTION_1};
    assert_false(line_key(&l, NULL, &function));
}

static void
line__is_never_longer__than_it_can_be(void **state)
{
    static char text[LINE_MAX_BYTES + 10];
    struct line l = {0};
    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    type(&l, NULL, text);
    assert_int_equal(l.length, LINE_MAX_BYTES);
    assert_false(line_set(&l, str_from(text)));
    assert_int_equal(l.length, LINE_MAX_BYTES);
}

static void
history__comes_back__newest_first(void **state)
{
    struct line l = {0};
    struct line_history h = {0};
    (void)state;
    for (int i = 0; i < 40; i++) {
        char text[8] = {'a', (char)('A' + i % 26), (char)('a' + i / 26), '\0'};
        line_history_add(&h, str_from(text));
    }
    assert_int_equal(h.count, LINE_HISTORY);
    line_history_add(&h, STR("one"));
    line_history_add(&h, STR("two"));
    line_history_add(&h, STR("one"));
    type(&l, &h, "new");
    press(&l, &h, KEY_ARROW_UP);
    assert_string_equal(l.text, "one");
    press(&l, &h, KEY_ARROW_UP);
    assert_string_equal(l.text, "two");
    press(&l, &h, KEY_ARROW_DOWN);
    press(&l, &h, KEY_ARROW_DOWN);
    assert_string_equal(l.text, "new");
    for (int i = 0; i < 50; i++)
        press(&l, &h, KEY_ARROW_UP);
    line_history_release(&h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line__is_edited__as_in_a_shell),
        cmocka_unit_test(line__takes_scalars__not_bytes),
        cmocka_unit_test(line__is_never_longer__than_it_can_be),
        cmocka_unit_test(history__comes_back__newest_first),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
