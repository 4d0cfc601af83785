#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "net/serve/filter.h"
#include "net/base/macros.h"

static const char event_text[] =
    "{\"block_height\":101,\"block_timestamp_nanosec\":\"1752000060634567890\",\"data\":"
    "{\"list\":[{\"n\":1},{\"n\":2}],\"none\":null},\"executor_id\":\"router.test\","
    "\"predecessor_id\":\"alice.test\",\"success\":true,\"transaction_id\":\"DGR2\"}";

static struct json *
event(void)
{
    struct json *root = NULL;
    assert_int_equal(json_parse(str_from(event_text), 10000, &root, NULL), OK);
    return root;
}

static void
filter_check__takes_or_leaves__by_operator(void **state)
{
    static const struct {
        const char *operator;
        bool takes;
    } rows[] = {
        {"{\"And\":[]}", true},
        {"{\"Or\":[]}", false},
        {"{\"And\":[{\"path\":\"transaction_id\",\"operator\":{\"Equals\":\"DGR2\"}}]}", true},
        {"{\"And\":[{\"path\":\"transaction_id\",\"operator\":{\"NotEqual\":\"DGR2\"}}]}", false},
        {"{\"Or\":[{\"path\":\"executor_id\",\"operator\":{\"Equals\":\"x\"}},"
         "{\"path\":\"predecessor_id\",\"operator\":{\"EndsWith\":\".test\"}}]}", true},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"GreaterOrEqual\":101}},"
         "{\"path\":\"success\",\"operator\":{\"Equals\":false}}]}", false},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"GreaterThan\":101}}]}", false},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"LessThan\":101.5}}]}", true},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"LessOrEqual\":100}}]}", false},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"Equals\":\"101\"}}]}", false},
        {"{\"And\":[{\"path\":\"executor_id\",\"operator\":{\"StartsWith\":\"router\"}}]}", true},
        {"{\"And\":[{\"path\":\"executor_id\",\"operator\":{\"Contains\":\"ter.t\"}}]}", true},
        {"{\"And\":[{\"path\":\"executor_id\",\"operator\":{\"Contains\":\"nowhere\"}}]}", false},
        {"{\"And\":[{\"path\":\"data.list[1].n\",\"operator\":{\"Equals\":2}}]}", true},
        {"{\"And\":[{\"path\":\"data.list\",\"operator\":{\"ArrayContains\":{\"n\":1}}}]}", true},
        {"{\"And\":[{\"path\":\"data.list\",\"operator\":{\"ArrayContains\":{\"n\":3}}}]}", false},
        {"{\"And\":[{\"path\":\"data\",\"operator\":{\"HasKey\":\"none\"}}]}", true},
        {"{\"And\":[{\"path\":\".\",\"operator\":{\"HasKey\":\"nope\"}}]}", false},
        {"{\"HasKey\":\"success\"}", true},
        {"{\"And\":[{\"path\":\"data\",\"operator\":{\"Or\":[{\"path\":\"list[0].n\",\"operator\":"
         "{\"Equals\":1}}]}}]}", true},
        {"{\"And\":[{\"path\":\"data.none\",\"operator\":{\"Equals\":null}}]}", true},
    };
    (void)state;
    struct json *root = event();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct filter *f = NULL;
        struct diag d = {0};
        bool takes = !rows[i].takes;
        if (filter_parse(str_from(rows[i].operator), &f, &d) || filter_check(f, root, &takes, &d))
            fail_msg("%s: %s", rows[i].operator, diag_text(&d));
        if (takes != rows[i].takes)
            fail_msg("%s should %s the event", rows[i].operator, takes ? "leave" : "take");
        filter_free(f);
    }
    json_free(root);
}

static void
filter_check__fails_in_the_feeds_words__when_a_part_cannot_be_evaluated(void **state)
{
    static const struct {
        const char *operator, *words;
    } rows[] = {
        {"{\"And\":[{\"path\":\"x\",\"operator\":{\"Equals\":1}}]}", "Path not found: x"},
        {"{\"And\":[{\"path\":\"data.x.y\",\"operator\":{\"Equals\":1}}]}",
         "Path not found: x"},
        {"{\"And\":[{\"path\":\"block_timestamp_nanosec\",\"operator\":{\"GreaterThan\":1}}]}",
         "Type mismatch: expected number, got String(\"1752000060634567890\")"},
        {"{\"And\":[{\"path\":\"block_height\",\"operator\":{\"StartsWith\":\"1\"}}]}",
         "Type mismatch: expected string, got Number(101)"},
        {"{\"And\":[{\"path\":\"success\",\"operator\":{\"ArrayContains\":1}}]}",
         "Type mismatch: expected array, got Bool(true)"},
        {"{\"And\":[{\"path\":\"data.none\",\"operator\":{\"HasKey\":\"x\"}}]}",
         "Type mismatch: expected object, got Null"},
        {"{\"And\":[{\"path\":\"data.list\",\"operator\":{\"HasKey\":\"x\"}}]}",
         "Type mismatch: expected object, got Array [Object {\"n\": Number(1)}, Object {\"n\": "
         "Number(2)}]"},
        {"{\"And\":[{\"path\":\"success[0]\",\"operator\":{\"Equals\":1}}]}",
         "Type mismatch: expected array, got Bool(true)"},
        /* One index a part; what is no index is a key; empty parts are keys too. */
        {"{\"And\":[{\"path\":\"data.list[0][1]\",\"operator\":{\"Equals\":1}}]}",
         "Invalid array index in path: 0][1"},
        {"{\"And\":[{\"path\":\"data.list[0\",\"operator\":{\"Equals\":1}}]}",
         "Path not found: list[0"},
        {"{\"And\":[{\"path\":\"\",\"operator\":{\"Equals\":1}}]}", "Path not found: "},
        {"{\"And\":[{\"path\":\"data.\",\"operator\":{\"Equals\":1}}]}", "Path not found: "},
        {"{\"And\":[{\"path\":\"data..none\",\"operator\":{\"Equals\":1}}]}", "Path not found: "},
        {"{\"And\":[{\"path\":\"data.list.0\",\"operator\":{\"Equals\":1}}]}", "Path not found: 0"},
        {"{\"And\":[{\"path\":\"data.list[-1]\",\"operator\":{\"Equals\":1}}]}",
         "Invalid array index in path: -1"},
        {"{\"And\":[{\"path\":\"data.list[3]\",\"operator\":{\"Equals\":1}}]}",
         "Invalid array index in path: 3"},
        {"{\"And\":[{\"path\":\"data.list[a]\",\"operator\":{\"Equals\":1}}]}",
         "Invalid array index in path: a"},
        /* No short cut: the first part already decides, and the second still fails. */
        {"{\"Or\":[{\"path\":\"success\",\"operator\":{\"Equals\":true}},"
         "{\"path\":\"x\",\"operator\":{\"Equals\":1}}]}", "Path not found: x"},
    };
    (void)state;
    struct json *root = event();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct filter *f = NULL;
        struct diag d = {0};
        bool takes = false;
        assert_int_equal(filter_parse(str_from(rows[i].operator), &f, &d), OK);
        assert_int_not_equal(filter_check(f, root, &takes, &d), OK);
        assert_string_equal(diag_text(&d), rows[i].words);
        filter_free(f);
    }
    json_free(root);
}

static void
filter_debug_error__names_the_error__as_the_close_frame_does(void **state)
{
    static const struct {
        enum err e;
        const char *text, *debug;
    } rows[] = {
        {ERR_NOT_FOUND, "Path not found: a\"b", "PathNotFound(\"a\\\"b\")"},
        {ERR_RANGE, "Invalid array index in path: 3", "InvalidArrayIndex(\"3\")"},
        {ERR_TYPE, "Type mismatch: expected string, got String(\"x\")",
         "TypeMismatch { expected: \"string\", got: \"String(\\\"x\\\")\" }"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        buf_init(&out, 1000);
        filter_debug_error(rows[i].e, str_from(rows[i].text), &out);
        assert_string_equal(buf_c(&out), rows[i].debug);
        buf_release(&out);
    }
}

static void
filter_parse__refuses__what_is_no_operator(void **state)
{
    static const char *const texts[] = {
        "", "{}", "[]", "null", "\"And\"", "{\"And\":[]", "{\"Nand\":[]}", "{\"And\":{}}",
        "{\"And\":[],\"Or\":[]}", "{\"And\":[1]}", "{\"And\":[{\"path\":\"x\"}]}",
        "{\"And\":[{\"operator\":{\"And\":[]}}]}", "{\"StartsWith\":1}", "{\"GreaterThan\":\"1\"}",
        "{\"And\":[{\"path\":1,\"operator\":{\"And\":[]}}]}",
        "{\"And\":[{\"path\":\"x\",\"operator\":{\"Equal\":1}}]}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct filter *f = NULL;
        struct diag d = {0};
        if (filter_parse(str_from(texts[i]), &f, &d) == OK)
            fail_msg("%s was taken as a filter", texts[i]);
        assert_true(diag_text(&d)[0] != '\0');
    }
}

static void
filter_parse__names_the_operators__when_one_is_unknown(void **state)
{
    struct filter *f = NULL;
    struct diag d = {0};
    (void)state;
    assert_int_not_equal(filter_parse(STR("{\"Like\":\"x\"}"), &f, &d), OK);
    assert_true(str_starts(str_from(diag_text(&d)),
                           STR("unknown variant `Like`, expected one of `GreaterThan`")));
}

static void
filter_takes_all__holds__for_an_empty_and_only(void **state)
{
    struct filter *f = NULL;
    (void)state;
    assert_int_equal(filter_parse(STR("{\"And\":[]}"), &f, NULL), OK);
    assert_true(filter_takes_all(f));
    filter_free(f);
    assert_int_equal(filter_parse(STR("{\"Or\":[]}"), &f, NULL), OK);
    assert_false(filter_takes_all(f));
    filter_free(f);
}

static void
note_name(void *context, struct str text)
{
    struct buf *names = context;
    buf_addf(names, "%.*s ", STR_ARG(text));
}

static void
filter_named__tells_what_a_path_must_equal__and_whether_that_is_all(void **state)
{
#define IS(path, value) "{\"path\":\"" path "\",\"operator\":{\"Equals\":" value "}}"
    static const struct {
        const char *filter, *names;
        bool is_bound;
    } rows[] = {
        {"{\"And\":[]}", "", false},
        {"{\"Or\":[]}", "", true},
        {"{\"Or\":[" IS("id", "\"a\"") "," IS("id", "\"b\"") "]}", "a b ", true},
        {"{\"Or\":[" IS("id", "\"a\"") "," IS("x", "\"b\"") "]}", "a ", false},
        {"{\"And\":[" IS("id", "\"a\"") "," IS("x", "\"b\"") "]}", "a ", true},
        {"{\"And\":[" IS("id", "7") "]}", "", false},
        {"{\"And\":[{\"path\":\".\",\"operator\":{\"Or\":[" IS("id", "\"c\"") "]}}]}", "c ", true},
        {"{\"And\":[{\"path\":\"id\",\"operator\":{\"NotEqual\":\"a\"}}]}", "", false},
        {"{\"Equals\":\"a\"}", "", false},
    };
#undef IS
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct filter *filter = NULL;
        struct buf names;
        buf_init(&names, 1000);
        assert_int_equal(filter_parse(str_from(rows[i].filter), &filter, NULL), OK);
        assert_int_equal(filter_named(filter, "id", note_name, &names), rows[i].is_bound);
        assert_string_equal(buf_c(&names), rows[i].names);
        buf_release(&names);
        filter_free(filter);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filter_named__tells_what_a_path_must_equal__and_whether_that_is_all),
        cmocka_unit_test(filter_check__takes_or_leaves__by_operator),
        cmocka_unit_test(filter_check__fails_in_the_feeds_words__when_a_part_cannot_be_evaluated),
        cmocka_unit_test(filter_debug_error__names_the_error__as_the_close_frame_does),
        cmocka_unit_test(filter_parse__refuses__what_is_no_operator),
        cmocka_unit_test(filter_parse__names_the_operators__when_one_is_unknown),
        cmocka_unit_test(filter_takes_all__holds__for_an_empty_and_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
