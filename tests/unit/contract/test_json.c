#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/json.h"

static struct json_value
parse(const char *text)
{
    struct json_value value;
    struct json_error error;
    if (!json_parse(text_of(text), &value, &error))
        fail_msg("%s: %s at byte %zu", text, error.what, error.at);
    return value;
}

static void
assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void
json_parse__accepts__what_the_standard_allows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_type type;
    } good[] = {
        {"null", JSON_NULL},
        {"true", JSON_BOOL},
        {"false", JSON_BOOL},
        {"0", JSON_NUMBER},
        {"-0", JSON_NUMBER},
        {"-12.50e+07", JSON_NUMBER},
        {"1E5", JSON_NUMBER},
        {"0.0e-0", JSON_NUMBER},
        {"340282366920938463463374607431768211456123456789", JSON_NUMBER},
        {"\"\"", JSON_STRING},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00aF\"", JSON_STRING},
        {"\"\\ud83d\\ude00\"", JSON_STRING},
        {"\"\x7f\"", JSON_STRING},
        {"\"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf\"",
         JSON_STRING},
        {"\"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"", JSON_STRING},
        {"[]", JSON_ARRAY},
        {" [ ] ", JSON_ARRAY},
        {"[1,[2,[3]],{\"a\":[]}]", JSON_ARRAY},
        {"{}", JSON_OBJECT},
        {"{\"\":{},\"a\" : [ 1 , 2 ] ,\"a\":null}", JSON_OBJECT},
        {"\t\r\n {\"a\":1}\n", JSON_OBJECT},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(parse(good[i].text).type, good[i].type);
}

static void
json_parse__says_what_and_where__when_text_is_not_json(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
        size_t at;
    } bad[] = {
        {"", "the end where a value should be", 0},
        {"  ", "the end where a value should be", 2},
        {"x", "no value where one should be", 0},
        {"\xef\xbb\xbf{}", "no value where one should be", 0},
        {"<html>", "no value where one should be", 0},
        {"'a'", "no value where one should be", 0},
        {"NaN", "no value where one should be", 0},
        {"+1", "no value where one should be", 0},
        {".5", "no value where one should be", 0},
        {"]", "no value where one should be", 0},
        {"nul", "a word that is not true, false or null", 3},
        {"True", "no value where one should be", 0},
        {"trve", "a word that is not true, false or null", 2},
        {"nullx", "something behind the end", 4},
        {"1 2", "something behind the end", 2},
        {"{} ,", "something behind the end", 3},
        {"[]]", "something behind the end", 2},
        {"01", "a number that begins with 0", 1},
        {"-01", "a number that begins with 0", 2},
        {"-", "a number with a digit missing", 1},
        {"1.", "a number with a digit missing", 2},
        {"1.e5", "a number with a digit missing", 2},
        {"1e", "a number with a digit missing", 2},
        {"1e+", "a number with a digit missing", 3},
        {"0x10", "something behind the end", 1},
        {"1_000", "something behind the end", 1},
        {"\"", "a string without an end", 1},
        {"\"abc", "a string without an end", 4},
        {"\"abc\\", "an escape that JSON does not have", 5},
        {"\"\\x41\"", "an escape that JSON does not have", 2},
        {"\"\\'\"", "an escape that JSON does not have", 2},
        {"\"\\u12\"", "four hexadecimal digits have to follow \\u", 5},
        {"\"\\u12g4\"", "four hexadecimal digits have to follow \\u", 5},
        {"\"\\u+123\"", "four hexadecimal digits have to follow \\u", 3},
        {"\"\\ud800\"", "half of a surrogate pair", 7},
        {"\"\\ud800x\"", "half of a surrogate pair", 7},
        {"\"\\ud800\\n\"", "half of a surrogate pair", 7},
        {"\"\\ud800\\ud800\"", "half of a surrogate pair", 13},
        {"\"\\ud800\\u0041\"", "half of a surrogate pair", 13},
        {"\"\\udc00\"", "half of a surrogate pair", 7},
        {"\"\\udfff\\ud800\"", "half of a surrogate pair", 7},
        {"\"a\nb\"", "a control character inside a string", 2},
        {"\"\x1f\"", "a control character inside a string", 1},
        {"\"\x80\"", "bytes that are not UTF-8", 1},
        {"\"\xc0\x80\"", "bytes that are not UTF-8", 1},
        {"\"\xc1\xbf\"", "bytes that are not UTF-8", 1},
        {"\"\xc3\"", "bytes that are not UTF-8", 1},
        {"\"\xc3", "bytes that are not UTF-8", 1},
        {"\"\xe0\x9f\xbf\"", "bytes that are not UTF-8", 1},
        {"\"\xe2\x82\"", "bytes that are not UTF-8", 1},
        {"\"\xed\xa0\x80\"", "bytes that are not UTF-8", 1},
        {"\"\xf0\x8f\xbf\xbf\"", "bytes that are not UTF-8", 1},
        {"\"\xf0\x9f\x98\"", "bytes that are not UTF-8", 1},
        {"\"\xf4\x90\x80\x80\"", "bytes that are not UTF-8", 1},
        {"\"\xf5\x80\x80\x80\"", "bytes that are not UTF-8", 1},
        {"\"\xff\"", "bytes that are not UTF-8", 1},
        {"[", "the end where a value should be", 1},
        {"[1", "no comma or ] after an element", 2},
        {"[1,", "the end where a value should be", 3},
        {"[1,]", "no value where one should be", 3},
        {"[,1]", "no value where one should be", 1},
        {"[1 2]", "no comma or ] after an element", 3},
        {"[1}", "no comma or ] after an element", 2},
        {"[1:2]", "no comma or ] after an element", 2},
        {"{", "no name where a member should begin", 1},
        {"{]", "no name where a member should begin", 1},
        {"{a:1}", "no name where a member should begin", 1},
        {"{1:1}", "no name where a member should begin", 1},
        {"{\"a\"}", "no colon after a member's name", 4},
        {"{\"a\" 1}", "no colon after a member's name", 5},
        {"{\"a\":}", "no value where one should be", 5},
        {"{\"a\":1", "no comma or } after a member", 6},
        {"{\"a\":1]", "no comma or } after a member", 6},
        {"{\"a\":1,}", "no name where a member should begin", 7},
        {"{\"a\":1 \"b\":2}", "no comma or } after a member", 7},
        {"{\"a\":[1,{\"b\":2]}]}", "no comma or } after a member", 14},
        {"{\"\\q\":1}", "an escape that JSON does not have", 3},
        {"/* */ 1", "no value where one should be", 0},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct json_value value = {.type = JSON_OBJECT};
        struct json_error error = {0};
        if (json_parse(text_of(bad[i].text), &value, &error))
            fail_msg("taken for JSON: %s", bad[i].text);
        if (strcmp(error.what, bad[i].what) != 0 || error.at != bad[i].at)
            fail_msg("%s: %s at %zu, expected %s at %zu", bad[i].text, error.what, error.at,
                     bad[i].what, bad[i].at);
        assert_int_equal(value.type, JSON_OBJECT);
    }
}

static void
json_parse__refuses__a_byte_of_nul(void **state)
{
    (void)state;
    struct json_value value;
    struct json_error error;
    assert_false(json_parse((struct text){"1\0", 2}, &value, &error));
    assert_int_equal(error.at, 1);
    assert_false(json_parse((struct text){"\"\0\"", 3}, &value, &error));
    assert_int_equal(error.at, 1);
}

static void
json_parse__refuses__every_beginning_of_a_text(void **state)
{
    (void)state;
    const char *text = "{\"a\":[1.5e3,true,\"\\ud83d\\ude00\xc3\xa4\",{\"b\":null}],\"c\":{}}";
    struct json_value value;
    struct json_error error;
    for (size_t n = 0; n < strlen(text); n++) {
        /* A copy of just that size: reading beyond it shows under the sanitizer. */
        char *copy = test_malloc(n + 1);
        memcpy(copy, text, n);
        if (json_parse((struct text){copy, n}, &value, &error))
            fail_msg("taken for JSON: %.*s", (int)n, text);
        assert_true(error.at <= n);
        test_free(copy);
    }
    parse(text);
}

static void
json_parse__has_a_ceiling__for_brackets(void **state)
{
    (void)state;
    char text[200];
    struct json_value value;
    struct json_error error;
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    assert_true(json_parse((struct text){text, 2 * JSON_DEPTH_MAX}, &value, &error));
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_false(json_parse((struct text){text, 2 * JSON_DEPTH_MAX + 2}, &value, &error));
    assert_string_equal(error.what, "too many brackets inside each other");
    assert_int_equal(error.at, JSON_DEPTH_MAX);
    /* Beside each other there may be as many as you like. */
    for (int i = 0; i < 60; i++) memcpy(text + 1 + 3 * i, "[],", 3);
    text[180] = ']';
    assert_true(json_parse((struct text){text, 181}, &value, &error));
}

static void
json_parse__gives_the_value__without_the_spaces_around_it(void **state)
{
    (void)state;
    assert_text(parse(" \n[ 1 ]\t").text, "[ 1 ]");
    assert_text(parse("  -0.50 ").text, "-0.50");
}

static void
json_member__finds_by_the_decoded_name(void **state)
{
    (void)state;
    struct json_value object =
        parse("{\"us\":0,\"users\":1,\"x\":{\"user\":2},\"\\u0075ser\" : [3, 4] ,"
              "\"user\":5,\"a\\\"b\":6,\"\":7}");
    struct json_value v;
    assert_true(json_member(object, "user", &v));
    assert_text(v.text, "[3, 4]");
    assert_int_equal(v.type, JSON_ARRAY);
    assert_true(json_member(object, "us", &v));
    assert_text(v.text, "0");
    assert_true(json_member(object, "a\"b", &v));
    assert_text(v.text, "6");
    assert_true(json_member(object, "", &v));
    assert_text(v.text, "7");
    assert_false(json_member(object, "use", &v));
    assert_false(json_member(object, "userss", &v));
    assert_false(json_member(parse("{}"), "user", &v));
    assert_false(json_member(parse("[\"user\",1]"), "user", &v));
    assert_false(json_member(parse("\"user\""), "user", &v));
}

static void
json_next__goes_through_an_array(void **state)
{
    (void)state;
    struct json_cursor c = json_begin(parse("[ 1 ,\"],\", [2,3],{\"a\":[]} , null ]"));
    static const char *const expected[] = {"1", "\"],\"", "[2,3]", "{\"a\":[]}", "null"};
    struct json_value key, value;
    for (int i = 0; i < 5; i++) {
        assert_true(json_next(&c, &key, &value));
        assert_text(value.text, expected[i]);
    }
    assert_false(json_next(&c, &key, &value));
    assert_false(json_next(&c, &key, &value));
    c = json_begin(parse("[ ]"));
    assert_false(json_next(&c, &key, &value));
}

static void
json_decode__undoes_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *json, *text;
        size_t size;
    } cases[] = {
        {"\"\"", "", 0},
        {"\"abc\"", "abc", 3},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
        {"\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\"", "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
         10},
        {"\"\\udbff\\udfff\\uffff\"", "\xf4\x8f\xbf\xbf\xef\xbf\xbf", 7},
        {"\"a\\u0000b\"", "a\0b", 3},
        {"\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80", 4},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[64];
        struct json_value v = parse(cases[i].json);
        assert_int_equal(json_decode(v, room), cases[i].size);
        assert_memory_equal(room, cases[i].text, cases[i].size);
        assert_true(json_says(v, (struct text){cases[i].text, cases[i].size}));
        assert_false(json_says(v, text_of("something else")));
        if (cases[i].size > 0)
            assert_false(json_says(v, (struct text){cases[i].text, cases[i].size - 1}));
    }
}

static void
json_writer__puts_commas_and_escapes(void **state)
{
    (void)state;
    char room[300];
    struct json_writer w = json_writer_over(room, sizeof(room));
    json_open(&w, '{');
    json_key(&w, "te\"xt");
    json_put_text(&w, (struct text){"a\"b\\c\b\f\n\r\t\x01\x7f\0 \xc3\xa4/", 17});
    json_key(&w, "list");
    json_open(&w, '[');
    json_put_null(&w);
    json_put_bool(&w, true);
    json_put_bool(&w, false);
    json_put_u64(&w, UINT64_MAX);
    json_put_i64(&w, INT64_MIN);
    json_put_i64(&w, 0);
    json_open(&w, '[');
    json_close(&w, ']');
    json_open(&w, '{');
    json_close(&w, '}');
    json_close(&w, ']');
    json_key(&w, "raw");
    json_put_raw(&w, text_of("{\"x\":1}"));
    json_key(&w, "amount");
    json_put_u128(&w, (struct u128){UINT64_MAX, UINT64_MAX});
    json_close(&w, '}');
    assert_false(w.to.full);
    const char *expected =
        "{\"te\\\"xt\":\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u007f\\u0000 \xc3\xa4/\","
        "\"list\":[null,true,false,18446744073709551615,-9223372036854775808,0,[],{}],"
        "\"raw\":{\"x\":1},\"amount\":\"340282366920938463463374607431768211455\"}";
    assert_text(writer_text(&w.to), expected);
    struct json_value value;
    struct json_error error;
    assert_true(json_parse(writer_text(&w.to), &value, &error));
}

static void
json_writer__tells__when_room_runs_out(void **state)
{
    (void)state;
    char room[300];
    for (size_t max = 0; max < 20; max++) {
        memset(room, '#', sizeof(room));
        struct json_writer w = json_writer_over(room, max);
        json_open(&w, '[');
        json_put_text(&w, text_of("a\nb"));
        json_put_u64(&w, 12345);
        json_put_null(&w);
        json_close(&w, ']');
        assert_int_equal(w.to.full, max < strlen("[\"a\\nb\",12345,null]"));
        assert_int_equal(room[max], '#');
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_parse__accepts__what_the_standard_allows),
        cmocka_unit_test(json_parse__says_what_and_where__when_text_is_not_json),
        cmocka_unit_test(json_parse__refuses__a_byte_of_nul),
        cmocka_unit_test(json_parse__refuses__every_beginning_of_a_text),
        cmocka_unit_test(json_parse__has_a_ceiling__for_brackets),
        cmocka_unit_test(json_parse__gives_the_value__without_the_spaces_around_it),
        cmocka_unit_test(json_member__finds_by_the_decoded_name),
        cmocka_unit_test(json_next__goes_through_an_array),
        cmocka_unit_test(json_decode__undoes_escapes),
        cmocka_unit_test(json_writer__puts_commas_and_escapes),
        cmocka_unit_test(json_writer__tells__when_room_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
