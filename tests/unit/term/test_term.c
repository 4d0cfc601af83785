/* What a terminal sends and gets, apart from curses: reports of a mouse, links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/utf8_locale.h"
#include "tui/term/link.h"
#include "tui/term/report.h"

static void
mouse_report__reads__what_terminals_send(void **state)
{
    static const struct {
        const char *text;
        struct mouse mouse;
    } cases[] = {{"0;1;1M", {MOUSE_PRESS, 0, 0, 0}},
                 {"0;12;5m", {MOUSE_RELEASE, 0, 11, 4}},
                 {"2;300;70M", {MOUSE_PRESS, 2, 299, 69}},
                 {"32;3;4M", {MOUSE_DRAG, 0, 2, 3}},
                 {"4;3;4M", {MOUSE_PRESS, 0, 2, 3}},
                 {"64;3;4M", {MOUSE_WHEEL_UP, 0, 2, 3}},
                 {"65;3;4M", {MOUSE_WHEEL_DOWN, 1, 2, 3}}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mouse m;
        assert_true(mouse_report(str_from(cases[i].text), &m));
        assert_int_equal(m.what, cases[i].mouse.what);
        assert_int_equal(m.button, cases[i].mouse.button);
        assert_int_equal(m.x, cases[i].mouse.x);
        assert_int_equal(m.y, cases[i].mouse.y);
    }
}

static void
mouse_report__refuses__what_they_do_not(void **state)
{
    static const char *const wrong[] = {"", "M", "0;1M", "0;1;1", "0;1;1X", "0;0;1M", "0;1;0M",
                                        "0;1;1;1M", "a;1;1M", "-1;1;1M", "0;99999;1M",
                                        "256;1;1M", "66;1;1M", "0;1;1MM", "0;;1M",
                                        "18446744073709551616;1;1M"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct mouse m;
        if (mouse_report(str_from(wrong[i]), &m))
            fail_msg("%s was taken", wrong[i]);
    }
}

static void
link__goes_around_the_cells__and_leaves_no_trace(void **state)
{
    (void)state;
    struct cells c;
    struct theme t;
    struct buf out;
    theme_default(&t);
    cells_init(&c, 20, 3, false);
    cells_put_c(&c, 4, 1, "8pZf\xe2\x80\xa6Qo", -1, ROLE_MUTED);
    cells_link_to(&c, 4, 1, 7, STR("https://e.test/8"));
    buf_init(&out, 4096);
    link_write(&out, &c, &t, 0);
    assert_string_equal(buf_c(&out), "\0337\033[2;5H\033]8;;https://e.test/8\033\\"
                                     "\033[0m8\033[0mp\033[0mZ\033[0mf\033[0m\xe2\x80\xa6\033[0mQ"
                                     "\033[0mo\033]8;;\033\\\0338");
    buf_clear(&out);
    link_write(&out, &c, &t, 256);
    assert_non_null(strstr(buf_c(&out), "\033[0;38;5;244m8"));
    /* The name of the selected row, without colours. */
    buf_clear(&out);
    cells_put_c(&c, 4, 1, "8", -1, ROLE_STRONG);
    cells_select(&c, 4, 1, 1, SELECTION_NAME);
    link_write(&out, &c, &t, 0);
    assert_non_null(strstr(buf_c(&out), "\033[0;1;7m8\033[0mp"));
    buf_release(&out);
    cells_release(&c);
}

/* An address that could steer a terminal is none. */
static void
link__is_refused__when_it_is_no_plain_address(void **state)
{
    static const char *const wrong[] = {"", "https://a b", "https://a\033\\x", "https://a\x07",
                                        "https://\xc3\xa9"};
    (void)state;
    struct cells c;
    cells_init(&c, 20, 3, false);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        cells_link_to(&c, 0, 0, 5, str_from(wrong[i]));
        assert_int_equal(c.link.width, 0);
    }
    cells_link_to(&c, 18, 0, 5, STR("https://a"));
    assert_int_equal(c.link.width, 0);
    cells_link_to(&c, 0, 0, 5, STR("https://a"));
    assert_int_equal(c.link.width, 5);
    cells_clear(&c);
    assert_int_equal(c.link.width, 0);
    cells_release(&c);
}

static void
link__is_followed__where_it_is_known(void **state)
{
    static const char *const all[] = {"NEARTOP_LINKS", "TMUX", "STY", "VTE_VERSION",
                                      "KONSOLE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE",
                                      "ITERM_SESSION_ID", "WT_SESSION"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        unsetenv(all[i]);
    assert_false(link_is_followed("xterm-256color"));
    assert_true(link_is_followed("foot-extra"));
    setenv("VTE_VERSION", "7000", 1);
    assert_true(link_is_followed("xterm-256color"));
    setenv("TMUX", "/tmp/x", 1);
    assert_false(link_is_followed("tmux-256color"));
    setenv("NEARTOP_LINKS", "1", 1);
    assert_true(link_is_followed("tmux-256color"));
    setenv("NEARTOP_LINKS", "0", 1);
    assert_false(link_is_followed("foot"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mouse_report__reads__what_terminals_send),
        cmocka_unit_test(mouse_report__refuses__what_they_do_not),
        cmocka_unit_test(link__goes_around_the_cells__and_leaves_no_trace),
        cmocka_unit_test(link__is_refused__when_it_is_no_plain_address),
        cmocka_unit_test(link__is_followed__where_it_is_known),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
