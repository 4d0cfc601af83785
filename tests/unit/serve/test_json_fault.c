#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/serve/json_fault.h"
#include "net/base/xalloc.h"
#include "net/json.h"

static const struct {
    const char *text, *fault;   /* NULL: none */
} rows[] = {
    /* This one was recorded. */
    {"{\"jsonrpc\":", "EOF while parsing a value at line 1 column 11"},
    {"", "EOF while parsing a value at line 1 column 0"},
    {"{", "EOF while parsing an object at line 1 column 1"},
    {"{\"a\"", "EOF while parsing an object at line 1 column 4"},
    {"{\"a\":1", "EOF while parsing an object at line 1 column 6"},
    {"{\"a\":1,", "EOF while parsing a value at line 1 column 7"},
    {"[1,", "EOF while parsing a value at line 1 column 3"},
    {"[1", "EOF while parsing a list at line 1 column 2"},
    {"[", "EOF while parsing a list at line 1 column 1"},
    {"\"abc", "EOF while parsing a string at line 1 column 4"},
    {"\"\\u12", "EOF while parsing a string at line 1 column 5"},
    {"x", "expected value at line 1 column 1"},
    {"{\"a\":x}", "expected value at line 1 column 6"},
    {"nul!", "expected ident at line 1 column 4"},
    {"[1 2]", "expected `,` or `]` at line 1 column 4"},
    {"{\"a\":1 \"b\":2}", "expected `,` or `}` at line 1 column 8"},
    {"{\"a\" 1}", "expected `:` at line 1 column 6"},
    {"{a:1}", "key must be a string at line 1 column 2"},
    {"[1,]", "trailing comma at line 1 column 4"},
    {"{\"a\":1,}", "trailing comma at line 1 column 8"},
    {"{}{}", "trailing characters at line 1 column 3"},
    {"01", "invalid number at line 1 column 2"},
    {"-", "EOF while parsing a value at line 1 column 1"},
    {"1.x", "invalid number at line 1 column 3"},
    {"\"\\q\"", "invalid escape at line 1 column 3"},
    {"{\n\"a\":\n!}", "expected value at line 3 column 1"},
    {"\"a\nb\"", "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0"},
    {"{\"a\":[1,2.5e-3,null,true,\"\\u00e9\\n\"]}", NULL},
};

static void
json_fault__says_what_the_nodes_parser_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        buf_init(&out, 1000);
        bool is_bad = json_fault(str_from(rows[i].text), &out);
        assert_int_equal(is_bad, rows[i].fault != NULL);
        assert_string_equal(buf_c(&out), rows[i].fault ? rows[i].fault : "");
        /* It finds a fault where there is one. */
        assert_int_equal(is_bad, !json_is_valid(str_from(rows[i].text)));
        buf_release(&out);
    }
}

static void
json_fault__stops__at_any_depth(void **state)
{
    enum { DEPTH = 100000 };
    struct buf text, out;
    (void)state;
    buf_init(&text, DEPTH);
    buf_init(&out, 1000);
    buf_add_repeat(&text, '[', DEPTH);
    assert_true(json_fault(buf_str(&text), &out));
    assert_string_equal(buf_c(&out), "recursion limit exceeded at line 1 column 128");
    buf_release(&text);
    buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_fault__says_what_the_nodes_parser_says),
        cmocka_unit_test(json_fault__stops__at_any_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
