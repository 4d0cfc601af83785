#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/ini.h"

/* Writes every entry as "section.name=value@line;", and a heading as "[section@line]", so that a
 * whole reading is one string. */
static enum err
note(void *context, const char *section, const char *name, const char *value, int line,
     struct diag *d)
{
    struct buf *out = context;
    if (!name) {
        assert_null(value);
        buf_addf(out, "[%s@%d]", section, line);
        return strcmp(section, "bad") == 0 ? diag_set(d, ERR_RANGE, "not that one") : OK;
    }
    if (strcmp(name, "bad") == 0)
        return diag_set(d, ERR_RANGE, "expected a colour");
    buf_addf(out, "%s.%s=%s@%d;", section, name, value, line);
    return OK;
}

static void
assert_reads(const char *text, const char *expected)
{
    struct buf out;
    struct diag d = {0};
    buf_init(&out, 1000);
    if (ini_read_text(str_from(text), "test", note, &out, &d))
        fail_msg("%s", diag_text(&d));
    assert_string_equal(buf_c(&out), expected);
    buf_release(&out);
}

static void
assert_fails(const char *text, enum err code, const char *sentence)
{
    struct buf out;
    struct diag d = {0};
    buf_init(&out, 1000);
    assert_int_equal(ini_read_text(str_from(text), "x.theme", note, &out, &d), code);
    assert_string_equal(diag_text(&d), sentence);
    buf_release(&out);
}

static void
ini_read_text__tells_section_name_value_and_line(void **state)
{
    (void)state;
    assert_reads("", "");
    assert_reads("a = 1\n[s]\nb=two words \n\n; comment\n# comment\nc : 3 ; comment\nd=\n",
                 ".a=1@1;[s@2]s.b=two words@3;s.c=3@7;s.d=@8;");
    assert_reads("[s]\r\na = 1\r\nlast = 2", "[s@1]s.a=1@2;s.last=2@3;");
}

static void
ini_read_text__joins__a_value_that_goes_on_in_the_next_line(void **state)
{
    (void)state;
    assert_reads("[s]\na = {\n  # not this\n\n  \"b\": \"x ; y\"\n }\nc = 2\n",
                 "[s@1]s.a={\n\"b\": \"x ; y\"\n}@2;s.c=2@7;");
    assert_reads("[s]\n  a = 1\n[s]\n  a = 2\n", "[s@1]s.a=1@2;[s@3]s.a=2@4;");
    assert_fails("good = 1\nbad = 2\n  3\n", ERR_RANGE, "x.theme line 2: expected a colour");
}

static void
ini_read_text__says_where__when_a_line_is_wrong(void **state)
{
    (void)state;
    assert_fails("a = 1\nno value here\n", ERR_SYNTAX,
                 "x.theme line 2: expected \"[section]\" or \"name = value\"");
    assert_fails("[open\na = 1\n", ERR_SYNTAX,
                 "x.theme line 1: expected \"[section]\" or \"name = value\"");
}

static void
ini_read_text__tells_a_section__though_nothing_is_in_it(void **state)
{
    (void)state;
    assert_reads("[s]\n[t u]\n", "[s@1][t u@2]");
    assert_reads("\xef\xbb\xbf[s] ; comment\n[t]\na=1\n  [more]\n", "[s@1][t@2]t.a=1\n[more]@3;");
    assert_fails("a=1\nbad=1\n[s]\nb=1\n", ERR_RANGE, "x.theme line 2: expected a colour");
    assert_fails("[s]\n[bad]\n", ERR_RANGE, "x.theme line 2: not that one");
    assert_fails("[a-name-that-goes-on-for-more-than-any-sensible-one-does]\n", ERR_TOO_LARGE,
                 "x.theme line 1: the name of a section has at most 49 bytes");
}

/* Never half a value for a whole one. */
static void
ini_read_text__refuses__a_line_that_would_be_cut(void **state)
{
    (void)state;
    char text[1200];
    struct buf out;
    struct diag d = {0};
    memset(text, 'x', sizeof(text));
    memcpy(text, "a = 1\nb = ", 10);
    buf_init(&out, 4000);
    assert_int_equal(ini_read_text(str_of(text, sizeof(text)), "c", note, &out, &d),
                     ERR_TOO_LARGE);
    assert_non_null(strstr(diag_text(&d), "c line 2: longer than "));
    assert_null(strstr(buf_c(&out), "xx"));
    text[6] = '#';
    buf_clear(&out);
    assert_int_equal(ini_read_text(str_of(text, sizeof(text)), "c", note, &out, &d), OK);
    assert_string_equal(buf_c(&out), ".a=1@1;");
    buf_release(&out);
}

static void
ini_read_text__ends__when_the_entry_is_refused(void **state)
{
    (void)state;
    assert_fails("a = 1\n\nbad = 2\nbad = 3\n", ERR_RANGE, "x.theme line 3: expected a colour");
}

static void
ini_read_text__refuses__when_the_text_is_too_long(void **state)
{
    (void)state;
    static char text[INI_MAX_BYTES + 1];
    memset(text, '\n', sizeof(text));
    struct diag d = {0};
    assert_int_equal(ini_read_text(str_of(text, sizeof(text)), "x", note, NULL, &d),
                     ERR_TOO_LARGE);
    assert_string_equal(diag_text(&d), "x: more than 262144 bytes");
}

static void
ini_read_file__says_which_file_is_missing(void **state)
{
    (void)state;
    struct diag d = {0};
    assert_int_equal(ini_read_file("no/such.theme", note, NULL, &d), ERR_NOT_FOUND);
    assert_string_equal(diag_text(&d),
                        "no/such.theme: cannot be opened: No such file or directory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ini_read_text__tells_section_name_value_and_line),
        cmocka_unit_test(ini_read_text__joins__a_value_that_goes_on_in_the_next_line),
        cmocka_unit_test(ini_read_text__says_where__when_a_line_is_wrong),
        cmocka_unit_test(ini_read_text__tells_a_section__though_nothing_is_in_it),
        cmocka_unit_test(ini_read_text__refuses__a_line_that_would_be_cut),
        cmocka_unit_test(ini_read_text__ends__when_the_entry_is_refused),
        cmocka_unit_test(ini_read_text__refuses__when_the_text_is_too_long),
        cmocka_unit_test(ini_read_file__says_which_file_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
