#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/toml.h"

static enum err
note(void *context, const struct toml_entry *entry, struct diag *d)
{
    static const char letters[] = "snb";
    if (strcmp(entry->key, "bad") == 0)
        return diag_set(d, ERR_RANGE, "bad: expected something good");
    buf_addf(context, "%s|%s=%s:%c@%d;", entry->table, entry->key, entry->value,
             letters[entry->kind], entry->line);
    return OK;
}

static void
assert_reads(const char *text, const char *expected)
{
    struct buf out;
    struct diag d = {0};
    buf_init(&out, 4096);
    assert_int_equal(toml_read_text(str_from(text), "x.toml", note, &out, &d), OK);
    assert_string_equal(buf_c(&out), expected);
    buf_release(&out);
}

static void
toml_read_text__tells_table_key_value_and_line(void **state)
{
    (void)state;
    assert_reads("", "");
    assert_reads("# comment\nversion = \"3\"\n\n[a.b]\nx = 1 # one\ny=true\n",
                 "|version=3:s@2;a.b|x=1:n@5;a.b|y=true:b@6;");
    assert_reads("[a.\"b c\"]\r\n'k.1' = 'C:\\x' \r\n", "a.b c|k.1=C:\\x:s@2;");
    assert_reads("s = \"a\\\"b\\\\c\\n\\u00e9\\U0001F600 # no comment\" # one\n",
                 "|s=a\"b\\c\n\xc3\xa9\xf0\x9f\x98\x80 # no comment:s@1;");
    assert_reads("[[list]]\na = -5\n", "list|a=-5:n@2;");
    /* Of other kinds, in one line: passed over. */
    assert_reads("a = [1, 2]\nb = {x = 1}\nc = 1.5\nd = 2024-01-01\ne = \"x\"\n", "|e=x:s@5;");
}

static void
toml_read_text__says_where_and_what__when_a_line_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        {"a = 1\nb\n", "x.toml line 2: expected \"=\""},
        {"a =\n", "x.toml line 1: expected a value behind \"=\""},
        {"= 1\n", "x.toml line 1: expected a name"},
        {"[a\n", "x.toml line 1: expected \"]\""},
        {"[a] b\n", "x.toml line 1: expected nothing more behind \"]\""},
        {"a = \"x\n", "x.toml line 1: expected a closing \""},
        {"a = \"x\" y\n", "x.toml line 1: expected nothing more behind the value"},
        {"a = \"\\q\"\n", "x.toml line 1: an unknown escape in a text"},
        {"a = \"\\ud800\"\n", "x.toml line 1: an unknown escape in a text"},
        {"a = yes\n", "x.toml line 1: expected a text in quotes, a number, true or false"},
        {"a = [1,\n2]\n", "x.toml line 1: a list over several lines is not read here"},
        {"a = \"\"\"x\n\"\"\"\n", "x.toml line 1: a text over several lines is not read here"},
        {"\nbad = 1\n", "x.toml line 2: bad: expected something good"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct buf out;
        struct diag d = {0};
        buf_init(&out, 4096);
        assert_int_not_equal(toml_read_text(str_from(wrong[i].text), "x.toml", note, &out, &d), OK);
        assert_string_equal(diag_text(&d), wrong[i].sentence);
        buf_release(&out);
    }
}

static void
toml_read_text__stays_within__whatever_the_bytes(void **state)
{
    (void)state;
    static char text[4000];
    struct buf out;
    uint32_t random = 7;
    static const char alphabet[] = "[]=\"'\\.#{}\n\t abu019-\xc3\x01";
    for (int turn = 0; turn < 3000; turn++) {
        size_t n = (size_t)turn % 200;
        for (size_t i = 0; i < n; i++) {
            random = random * 1664525u + 1013904223u;
            text[i] = alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
        }
        buf_init(&out, 100000);
        (void)!toml_read_text(str_of(text, n), "x", note, &out, NULL);
        buf_release(&out);
    }
    /* Names and texts at and over their ceilings. */
    memset(text, 'k', sizeof(text));
    text[TOML_NAME_MAX] = '=';
    assert_int_equal(toml_read_text(str_of(text, 200), "x", note, &out, NULL), ERR_SYNTAX);
    text[0] = '"';
    assert_int_equal(toml_read_text(str_of(text, 4000), "x", note, &out, NULL), ERR_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(toml_read_text__tells_table_key_value_and_line),
        cmocka_unit_test(toml_read_text__says_where_and_what__when_a_line_is_wrong),
        cmocka_unit_test(toml_read_text__stays_within__whatever_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
