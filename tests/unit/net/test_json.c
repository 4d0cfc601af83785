#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/base/macros.h"
#include "net/json.h"

static struct json *
parse(const char *text)
{
    struct json *root = NULL;
    struct diag d = {0};
    if (json_parse(str_from(text), JSON_BYTES_MAX, &root, &d))
        fail_msg("%s: %s", text, diag_text(&d));
    return root;
}

static void
assert_prints(const char *text, const char *expected)
{
    struct json *root = parse(text);
    struct buf out;
    buf_init(&out, 1000);
    json_print(root, &out);
    assert_string_equal(buf_c(&out), expected);
    buf_release(&out);
    json_free(root);
}

static void
json_print__gives_back_what_was_read__when_numbers_exceed_a_double(void **state)
{
    (void)state;
    assert_prints("[18446744073709551615, 9007199254740993,0.10,-0, 1E+30]",
                  "[18446744073709551615,9007199254740993,0.10,-0,1E+30]");
    assert_prints(" {\"a\" : {} , \"b\":[ ],\"c\":null,\"d\":true,\"\":false} ",
                  "{\"a\":{},\"b\":[],\"c\":null,\"d\":true,\"\":false}");
    assert_prints("\"7\"", "\"7\"");
    assert_prints("7", "7");
    assert_prints("\"\\u00e4\\ud83d\\ude00\\/\\\"\\\\ \\u0007\"", "\"ä😀/\\\"\\\\ \\u0007\"");
}

static void
json_string__keeps_a_nul__when_it_is_written_as_an_escape(void **state)
{
    (void)state;
    struct json *root = parse("[\"a\\u0000b\\u0000\", 1]");
    struct str s;
    assert_int_equal(json_string(json_at(root, 0), &s, NULL), OK);
    assert_int_equal(s.n, 4);
    assert_memory_equal(s.p, "a\0b\0", 4);
    json_free(root);
    assert_prints("\"a\\u0000b\"", "\"a\\u0000b\"");
}

static void
json_get_u64__is_exact_to_the_last_bit(void **state)
{
    (void)state;
    struct json *root = parse("{\"max\":18446744073709551615,\"more\":18446744073709551616,"
                              "\"minus\":-1,\"frac\":1.0,\"exp\":1e3,\"text\":\"5\",\"t\":\"\"}");
    uint64_t n = 7;
    struct diag d = {0};
    assert_int_equal(json_get_u64(root, "max", &n, &d), OK);
    assert_true(n == UINT64_MAX);
    assert_int_equal(json_get_u64(root, "more", &n, &d), ERR_RANGE);
    assert_string_equal(diag_text(&d),
                        "more: expected a whole number below 2^64, found 18446744073709551616");
    assert_int_equal(json_get_u64(root, "minus", &n, &d), ERR_RANGE);
    assert_int_equal(json_get_u64(root, "frac", &n, &d), ERR_RANGE);
    assert_int_equal(json_get_u64(root, "exp", &n, &d), ERR_RANGE);
    assert_int_equal(json_get_u64(root, "text", &n, &d), ERR_TYPE);
    assert_string_equal(diag_text(&d), "text: expected a number, found a string");
    assert_int_equal(json_get_u64(root, "none", &n, &d), ERR_MISSING);
    assert_string_equal(diag_text(&d), "none: missing");
    assert_true(n == UINT64_MAX);
    assert_int_equal(json_get_u64_text(root, "text", &n, &d), OK);
    assert_int_equal(n, 5);
    assert_int_equal(json_get_u64_text(root, "max", &n, &d), ERR_TYPE);
    assert_int_equal(json_get_u64_text(root, "t", &n, &d), ERR_RANGE);
    json_free(root);
}

static void
json_get__names_the_type__when_it_is_another(void **state)
{
    (void)state;
    struct json *root = parse("{\"a\":[1],\"o\":{\"k\":true},\"n\":null}");
    struct diag d = {0};
    const struct json *v = NULL;
    bool truth = false;
    assert_int_equal(json_get_array(root, "o", &v, &d), ERR_TYPE);
    assert_string_equal(diag_text(&d), "o: expected an array, found an object");
    assert_int_equal(json_get_object(root, "n", &v, &d), ERR_TYPE);
    assert_string_equal(diag_text(&d), "n: expected an object, found null");
    assert_int_equal(json_get_object(root, "o", &v, &d), OK);
    assert_int_equal(json_get_bool(v, "k", &truth, &d), OK);
    assert_true(truth);
    assert_true(str_equal_c(json_key(json_first(v)), "k"));
    assert_int_equal(json_get(json_find(root, "a"), "x", &v, &d), ERR_TYPE);
    assert_int_equal(json_count(root), 3);
    assert_null(json_find(root, "zz"));
    assert_null(json_at(json_find(root, "a"), 1));
    assert_true(json_is_null(json_find(root, "n")));
    json_free(root);
}

static const struct {
    const char *text;
    enum err error;
    const char *sentence;
} bad[] = {
    {"", ERR_SYNTAX, "at byte 0: the text ends, expected a value"},
    {"{\"a\":1", ERR_SYNTAX, "at byte 6: the text ends, expected ',' or '}'"},
    {"{\"a\" 1}", ERR_SYNTAX, "at byte 5: expected ':', found '1'"},
    {"{a:1}", ERR_SYNTAX, "at byte 1: expected a key in quotes, found 'a'"},
    {"[1,]", ERR_SYNTAX, "at byte 3: expected a value, found ']'"},
    {"{\"a\":1,}", ERR_SYNTAX, "at byte 7: expected a key in quotes, found '}'"},
    {"[1] 2", ERR_SYNTAX, "at byte 4: expected nothing behind the value, found '2'"},
    {"01", ERR_SYNTAX, "at byte 0: a number with a leading zero"},
    {"-01", ERR_SYNTAX, "at byte 0: a number with a leading zero"},
    {"1.", ERR_SYNTAX, "at byte 2: the text ends, expected a digit"},
    {".5", ERR_SYNTAX, "at byte 0: expected a value, found '.'"},
    {"-", ERR_SYNTAX, "at byte 1: the text ends, expected a digit"},
    {"1e", ERR_SYNTAX, NULL},
    {"tru", ERR_SYNTAX, NULL},
    {"nulL", ERR_SYNTAX, NULL},
    {"'a'", ERR_SYNTAX, NULL},
    {"\"a", ERR_SYNTAX, "at byte 2: the text ends, expected the closing quote of a string"},
    {"\"\\x\"", ERR_SYNTAX, NULL},
    {"\"\\u12g4\"", ERR_SYNTAX, NULL},
    {"\"\\ud800\"", ERR_SYNTAX, "at byte 1: half of a surrogate pair"},
    {"\"\\ud800\\u0041\"", ERR_SYNTAX, NULL},
    {"\"\\udc00\"", ERR_SYNTAX, NULL},
    {"\"\n\"", ERR_SYNTAX, "at byte 1: expected no bare control byte in a string, found byte 0a"},
    {"\"\xff\"", ERR_SYNTAX, "at byte 1: expected valid UTF-8, found byte ff"},
    {"\"\xc0\x80\"", ERR_SYNTAX, NULL},
    {"\"\xed\xa0\x80\"", ERR_SYNTAX, NULL},
    {"\"\xe2\x82\"", ERR_SYNTAX, NULL},
    {"\xff", ERR_SYNTAX, NULL},
    {"{\"a\\u0000b\":1}", ERR_UNSUPPORTED, "at byte 3: a key with a NUL in it"},
    {"[}", ERR_SYNTAX, NULL},
    {"{]", ERR_SYNTAX, NULL},
    {"]", ERR_SYNTAX, NULL},
    {"NaN", ERR_SYNTAX, NULL},
    {"<html>", ERR_SYNTAX, "at byte 0: expected a value, found '<'"},
};

static void
json_parse__tells_the_place__when_the_text_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct json *root = NULL;
        struct diag d = {0};
        struct str text = str_from(bad[i].text);
        if (json_parse(text, 1000, &root, &d) != bad[i].error)
            fail_msg("%s: %s", bad[i].text, diag_text(&d));
        assert_null(root);
        if (bad[i].sentence)
            assert_string_equal(diag_text(&d), bad[i].sentence);
        if (bad[i].error == ERR_SYNTAX)
            assert_false(json_is_valid(text));
    }
}

static void
json_check_typed__tells_line_and_column(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *sentence;
    } cases[] = {
        {"{user:1}", 1, "line 1, column 2: expected a key in quotes, found 'u'"},
        {"{\"a\":\n \"\u00e4\" x}", 12, "line 2, column 6: expected ',' or '}', found 'x'"},
        {"", 0, "line 1, column 1: the text ends, expected a value"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diag d = {0};
        size_t at = SIZE_MAX;
        assert_int_equal(json_check_typed(str_from(cases[i].text), &at, &d), ERR_SYNTAX);
        assert_string_equal(diag_text(&d), cases[i].sentence);
        assert_int_equal(at, cases[i].at);
    }
}

static void
json_parse__refuses__nothing_at_all(void **state)
{
    struct json *root = NULL;
    struct diag d = {0};
    (void)state;
    /* An empty body is a view that points nowhere. */
    assert_int_equal(json_parse((struct str){0}, 10, &root, &d), ERR_SYNTAX);
    assert_null(root);
    assert_int_equal(json_check((struct str){0}, &d), ERR_SYNTAX);
}

static void
json_parse__refuses__when_too_long_or_too_deep(void **state)
{
    (void)state;
    struct json *root = NULL;
    char text[2 * (JSON_DEPTH_MAX + 1)];
    assert_int_equal(json_parse(STR("[1,2]"), 4, &root, NULL), ERR_TOO_LARGE);
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_int_equal(json_parse(str_of(text, sizeof(text)), 1000, &root, NULL), ERR_RANGE);
    assert_null(root);
    struct str inner = str_of(text + 1, sizeof(text) - 2);
    assert_int_equal(json_parse(inner, 1000, &root, NULL), OK);
    struct buf out;
    buf_init(&out, 1000);
    json_print(root, &out);
    assert_true(str_equal(buf_str(&out), inner));
    buf_release(&out);
    json_free(root);
    struct buf many;
    buf_init(&many, JSON_BYTES_MAX);
    buf_add_byte(&many, '[');
    for (int i = 0; i < JSON_VALUES_MAX; i++)
        buf_add_c(&many, "0,");
    buf_add_c(&many, "0]");
    assert_int_equal(json_check(buf_str(&many), NULL), ERR_TOO_LARGE);
    buf_release(&many);
}

/* Every prefix and every single-byte change of a text is refused or read, never more. */
static void
json_parse__survives__when_bytes_change(void **state)
{
    (void)state;
    const char text[] = "{\"a\":[1.5e3,\"x\\u0000\\n\",true,{\"k\":-7}],\"\xc3\xa4\":null}";
    for (size_t cut = 0; cut < sizeof(text) - 1; cut++) {
        struct json *root = NULL;
        assert_int_not_equal(json_parse(str_of(text, cut), 1000, &root, NULL), OK);
        for (unsigned byte = 0; byte < 256; byte++) {
            char changed[sizeof(text)];
            memcpy(changed, text, sizeof(text));
            changed[cut] = (char)byte;
            root = NULL;
            if (json_parse(str_of(changed, sizeof(text) - 1), 1000, &root, NULL) == OK)
                assert_true(json_is_valid(str_of(changed, sizeof(text) - 1)));
            json_free(root);
        }
    }
}

static void
json_equal__compares_in_depth(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"[1,2]", "[1,2,3]", false},
        {"[1,2,3]", "[1,2]", false},
        {"[1,2]", "[2,1]", false},
        {"[]", "{}", false},
        {"[]", "[]", true},
        {"1", "1.0", false},
        {"1.50", "1.5", true},
        {"9007199254740993", "9007199254740992", false},
        {"\"1\"", "1", false},
        {"\"a\\u0000b\"", "\"a\\u0000c\"", false},
        {"true", "false", false},
        {"null", "null", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json *a = parse(cases[i].a), *b = parse(cases[i].b);
        if (json_equal(a, b) != cases[i].equal)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        json_free(a);
        json_free(b);
    }
}

static void
json_write__puts_commas_and_escapes(void **state)
{
    (void)state;
    struct buf out;
    struct json_writer w;
    struct json *read = NULL;
    assert_int_equal(json_parse(STR("{\"v\":[1,null]}"), 100, &read, NULL), OK);
    buf_init(&out, 1000);
    json_write_begin(&w, &out);
    json_write_object(&w);
    json_put_u64(&w, "n", UINT64_MAX);
    json_put_decimal(&w, "d", 5);
    json_put_array(&w, "a");
    json_write_i64(&w, -3);
    json_write_object(&w);
    json_write_object_end(&w);
    json_write_raw(&w, STR("[0]"));
    json_write_array_end(&w);
    json_put_c(&w, "none", NULL);
    json_put_bool(&w, "b", false);
    json_put_value(&w, "v", json_find(read, "v"));
    json_put_value(&w, "w", json_find(read, "w"));
    json_put_string(&w, "s", STR("\"\\\n\x1b[2J\x7f\xc2\x9b\xe2\x80\xae\xff ä"));
    json_write_object_end(&w);
    assert_string_equal(buf_c(&out),
        "{\"n\":18446744073709551615,\"d\":\"5\",\"a\":[-3,{},[0]],\"none\":null,\"b\":false,"
        "\"v\":[1,null],\"w\":null,"
        "\"s\":\"\\\"\\\\\\n\\u001b[2J\\u007f\\u009b\\u202e\xef\xbf\xbd ä\"}");
    assert_true(json_is_valid(buf_str(&out)));
    buf_release(&out);
    json_free(read);
}

static void
json_parse__reads_what_a_node_wrote(void **state)
{
    (void)state;
    struct buf text, once;
    buf_init(&text, JSON_BYTES_MAX);
    buf_init(&once, JSON_BYTES_MAX);
    struct diag d = {0};
    assert_int_equal(file_read("tests/data/node/rpc_answers.json", &text, &d), OK);
    struct json *root = NULL, *again = NULL;
    assert_int_equal(json_parse(buf_str(&text), JSON_BYTES_MAX, &root, &d), OK);
    json_print(root, &once);
    assert_int_equal(json_parse(buf_str(&once), JSON_BYTES_MAX, &again, &d), OK);
    assert_true(json_equal(root, again));
    json_free(root);
    json_free(again);
    buf_release(&text);
    buf_release(&once);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_print__gives_back_what_was_read__when_numbers_exceed_a_double),
        cmocka_unit_test(json_string__keeps_a_nul__when_it_is_written_as_an_escape),
        cmocka_unit_test(json_get_u64__is_exact_to_the_last_bit),
        cmocka_unit_test(json_get__names_the_type__when_it_is_another),
        cmocka_unit_test(json_parse__tells_the_place__when_the_text_is_wrong),
        cmocka_unit_test(json_check_typed__tells_line_and_column),
        cmocka_unit_test(json_parse__refuses__nothing_at_all),
        cmocka_unit_test(json_parse__refuses__when_too_long_or_too_deep),
        cmocka_unit_test(json_parse__survives__when_bytes_change),
        cmocka_unit_test(json_equal__compares_in_depth),
        cmocka_unit_test(json_write__puts_commas_and_escapes),
        cmocka_unit_test(json_parse__reads_what_a_node_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
