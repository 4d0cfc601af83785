#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "tests/support/text_file.h"
#include "tui/theme/theme.h"

static void
theme__reads__every_file_in_the_folder(void **state)
{
    (void)state;
    int count = 0;
    DIR *dir = opendir("themes");
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        char path[300];
        struct theme t;
        struct diag d = {0};
        if (!str_ends(str_from(e->d_name), STR(".theme")))
            continue;
        theme_default(&t);
        snprintf(path, sizeof(path), "themes/%s", e->d_name);
        if (theme_read_file(path, &t, &d) != OK)
            fail_msg("%s", diag_text(&d));
        count++;
    }
    closedir(dir);
    assert_true(count >= 5);
}

static void
theme__names_every_role__in_the_template(void **state)
{
    (void)state;
    struct buf text;
    struct diag d = {0};
    buf_init(&text, 1 << 20);
    assert_int_equal(file_read("themes/TEMPLATE.theme", &text, &d), OK);
    for (int i = 0; i < ROLE_COUNT; i++) {
        char line[64];
        snprintf(line, sizeof(line), "\n%s ", role_name((enum role)i));
        if (str_find(buf_str(&text), str_from(line)) < 0)
            fail_msg("%s is missing", role_name((enum role)i));
    }
    buf_release(&text);
}

static void
theme__tells_the_place__of_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {{"[roles]\nstatus.ok = greeen\n", "x line 2: \"greeen\" is no colour"},
                 {"[roles]\n\nstatus.okay = green\n", "x line 3: no role is called"},
                 {"[colours]\nrule = 1\n", "section [colours]: expected [roles]"},
                 {"[roles]\nrule = 256\n", "is no colour"},
                 {"[theme]\ninherit = light\n", "only a theme in a file can"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct theme t, before;
        struct diag d = {0};
        theme_default(&t);
        before = t;
        assert_int_not_equal(theme_parse(str_from(cases[i].text), "x", &t, &d), OK);
        assert_non_null(strstr(diag_text(&d), cases[i].says));
        assert_memory_equal(&t, &before, sizeof(t));
    }
}

static void
theme__takes__colours_backgrounds_and_attributes(void **state)
{
    (void)state;
    struct theme t;
    theme_default(&t);
    assert_int_equal(theme_parse(STR("[roles]\nstatus.ok = bright-red on 236 bold underline\n"), "x",
                                 &t, NULL), OK);
    const struct style *s = &t.styles[ROLE_OK];
    assert_int_equal(s->foreground, 9);
    assert_int_equal(s->background, 236);
    assert_true(s->is_bold && s->is_underlined && !s->is_reversed);
}

static void
theme__inherits__from_its_own_folder(void **state)
{
    (void)state;
    char folder[] = "/tmp/neartop-theme-XXXXXX", path[64], other[64];
    struct theme t;
    struct diag d = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.theme", folder);
    snprintf(other, sizeof(other), "%s/b.theme", folder);
    text_file_write(other, "[roles]\nrule = 1\nkey = 2\n");
    text_file_write(path, "[theme]\ninherit = b\n[roles]\nkey = 3\n");
    theme_default(&t);
    assert_int_equal(theme_read_file(path, &t, &d), OK);
    assert_int_equal(t.styles[ROLE_RULE].foreground, 1);
    assert_int_equal(t.styles[ROLE_KEY].foreground, 3);
    text_file_write(other, "[theme]\ninherit = a\n");
    assert_int_equal(theme_read_file(path, &t, &d), ERR_RANGE);
    assert_non_null(strstr(diag_text(&d), "in a circle"));
    text_file_write(path, "[roles]\nkey = 3\n[theme]\ninherit = b\n");
    assert_int_equal(theme_read_file(path, &t, &d), ERR_SYNTAX);
    text_file_write(path, "[theme]\ninherit = ../b\n");
    assert_int_equal(theme_read_file(path, &t, &d), ERR_SYNTAX);
    unlink(path);
    unlink(other);
    rmdir(folder);
}

static void
style__of_a_selected_cell__is_one_bar(void **state)
{
    (void)state;
    struct theme t;
    struct diag d = {0};
    theme_default(&t);
    assert_int_equal(theme_parse(STR("[roles]\nstatus.ok = green bold\nselection = 231 on 24\n"
                                     "selection.row = default on 236\n"), "x", &t, &d), OK);
    struct style plain = theme_style(&t, ROLE_OK, SELECTION_NONE),
                 row = theme_style(&t, ROLE_OK, SELECTION_ROW),
                 name = theme_style(&t, ROLE_OK, SELECTION_NAME);
    assert_int_equal(plain.foreground, 2);
    assert_int_equal(plain.background, -1);
    assert_int_equal(row.foreground, 2);
    assert_int_equal(row.background, 236);
    assert_int_equal(name.foreground, 231);
    assert_int_equal(name.background, 24);
    assert_true(plain.is_bold && row.is_bold && name.is_bold);
}

static void
on_report(void *context, const char *path, int line, const char *text)
{
    struct buf *out = context;
    buf_addf(out, "%s:%d: %s\n", path, line, text);
}

/* All that are shipped can be read on what they are made for. */
static void
theme_check__finds_nothing__in_those_that_are_shipped(void **state)
{
    struct buf told;
    (void)state;
    DIR *dir = opendir("themes");
    assert_non_null(dir);
    buf_init(&told, 1 << 16);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        char path[300];
        if (!str_ends(str_from(e->d_name), STR(".theme")))
            continue;
        snprintf(path, sizeof(path), "themes/%s", e->d_name);
        theme_check(path, on_report, &told);
    }
    closedir(dir);
    if (told.n)
        fail_msg("%s", buf_c(&told));
    buf_release(&told);
}

static void
theme_check__tells_all__with_their_lines(void **state)
{
    char folder[] = "/tmp/neartop-theme-XXXXXX", path[64], expected[512];
    struct buf told;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.theme", folder);
    text_file_write(path, "[theme]\nbackground = dark\n[roles]\nstatus.okay = green\nkey = pink\n"
                          "text.muted = 236\nselection = 240 on 241\n");
    buf_init(&told, 1 << 16);
    assert_true(theme_check(path, on_report, &told) > 3);
    snprintf(expected, sizeof(expected), "%s:4: no role is called \"status.okay\"", path);
    assert_true(str_find(buf_str(&told), str_from(expected)) == 0);
    snprintf(expected, sizeof(expected), "%s:5: \"pink\" is no colour", path);
    assert_true(str_find(buf_str(&told), str_from(expected)) > 0);
    snprintf(expected, sizeof(expected),
             "%s:6: text.muted: contrast 1.6 to its background, 4.5 is needed", path);
    assert_true(str_find(buf_str(&told), str_from(expected)) > 0);
    snprintf(expected, sizeof(expected), "%s:7: text when selected: contrast 1.", path);
    assert_true(str_find(buf_str(&told), str_from(expected)) > 0);
    buf_clear(&told);
    snprintf(expected, sizeof(expected), "%s/none.theme", folder);
    assert_int_equal(theme_check(expected, on_report, &told), 1);
    buf_release(&told);
    unlink(path);
    rmdir(folder);
}

static void
depth_fit__keeps_the_hue__on_fewer_colours(void **state)
{
    static const struct {
        int colour, of_8, of_16, of_256;
    } cases[] = {{-1, -1, -1, -1},
                 {1, 1, 1, 1},
                 {9, 1, 9, 9},
                 {203, 1, 1, 203},
                 {114, 2, 2, 114},
                 {75, 6, 6, 75},
                 {26, 4, 4, 26},
                 {244, -1, -1, 244},
                 {DEPTH_RGB | 0xFF0000, 1, 1, 196},
                 {DEPTH_RGB | 0x56B4E9, 6, 6, 74},
                 {DEPTH_RGB | 0xE69F00, 3, 3, 178}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int colour = cases[i].colour;
        if (depth_fit(colour, 8) != cases[i].of_8 ||
            depth_fit(colour, 16) != cases[i].of_16 ||
            depth_fit(colour, 256) != cases[i].of_256)
            fail_msg("%d (%x): %d %d %d", colour, (unsigned)colour, depth_fit(colour, 8),
                     depth_fit(colour, 16), depth_fit(colour, 256));
        assert_int_equal(depth_fit(colour, 0), -1);
    }
    assert_int_equal(depth_fit(DEPTH_RGB | 0x123456, 1 << 24), 0x123456);
    assert_int_equal(depth_fit(196, 1 << 24), 0xFF0000);
    assert_int_equal(depth_fit(3, 1 << 24), 3);
    assert_int_equal(depth_fit(DEPTH_RGB | 2, 1 << 24), 8);
}

static void
depth_contrast__is_that_of_wcag(void **state)
{
    (void)state;
    assert_true(depth_contrast(0, 0xFFFFFF) > 20.99 && depth_contrast(0, 0xFFFFFF) < 21.01);
    assert_true(depth_contrast(0x777777, 0xFFFFFF) > 4.47 &&
                depth_contrast(0x777777, 0xFFFFFF) < 4.49);
    assert_true(depth_contrast(0xFF0000, 0xFF0000) == 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(theme__reads__every_file_in_the_folder),
        cmocka_unit_test(theme__names_every_role__in_the_template),
        cmocka_unit_test(theme__tells_the_place__of_what_is_wrong),
        cmocka_unit_test(theme__takes__colours_backgrounds_and_attributes),
        cmocka_unit_test(theme__inherits__from_its_own_folder),
        cmocka_unit_test(theme_check__finds_nothing__in_those_that_are_shipped),
        cmocka_unit_test(theme_check__tells_all__with_their_lines),
        cmocka_unit_test(depth_fit__keeps_the_hue__on_fewer_colours),
        cmocka_unit_test(depth_contrast__is_that_of_wcag),
        cmocka_unit_test(style__of_a_selected_cell__is_one_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
