#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/args.h"
#include "tests/support/mock_near.h"

/* What the methods of a contract would do, one helper each. */
static struct text got;

static void
read_text(void)
{
    struct args a = args_read();
    got = args_text(&a, "name", 10);
}

static void
read_account(void)
{
    struct args a = args_read();
    got = args_account(&a, "name");
}

static void
read_amount(void)
{
    struct args a = args_read();
    answer_u128(args_amount(&a, "name"));
}

static void
read_u128(void)
{
    struct args a = args_read();
    answer_u128(args_u128(&a, "name"));
}

static void
read_flag(void)
{
    struct args a = args_read();
    answer_text(text_of(args_flag(&a, "name", true) ? "yes" : "no"));
}

static void
read_array(void)
{
    struct args a = args_read();
    got = args_array(&a, "name").text;
}

static void
be_private(void)
{
    require_private("be_private");
}

static void
take_too_much(void)
{
    heap_take(HEAP_SIZE);
    heap_take(1);
}

static void
damaged_number(void)
{
    storage_put(text_of("key"), text_of("123"));
    storage_get_u128(text_of("key"));
}

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    return 0;
}

static void
args_read__says_what_is_wrong(void **state)
{
    (void)state;
    assert_panics(read_text, "", "missing argument: name");
    assert_panics(read_text, "{}", "missing argument: name");
    assert_panics(read_text, "{\"Name\":\"x\",\"names\":\"y\"}", "missing argument: name");
    assert_panics(read_text, "{\"name\":null}", "missing argument: name");
    assert_panics(read_text, "{\"x\":{\"name\":\"y\"}}", "missing argument: name");
    assert_panics(read_text, "[\"name\"]",
                  "the arguments must be a JSON object like {\"name\":\"value\"}");
    assert_panics(read_text, "\"name\"",
                  "the arguments must be a JSON object like {\"name\":\"value\"}");
    assert_panics(read_text, "{\"name\":\"x\"",
                  "the arguments are not valid JSON: no comma or } after a member at byte 11");
    assert_panics(
        read_text, " ",
        "the arguments are not valid JSON: the end where a value should be at byte 1");
    assert_panics(read_text, "{\"name\":\"\xff\"}",
                  "the arguments are not valid JSON: bytes that are not UTF-8 at byte 9");
}

static void
args_text__has_a_ceiling_in_bytes(void **state)
{
    (void)state;
    assert_panics(read_text, "{\"name\":7}", "argument name must be a string");
    assert_panics(read_text, "{\"name\":[\"x\"]}", "argument name must be a string");
    assert_panics(read_text, "{\"name\":\"12345678901\"}",
                  "argument name has 11 bytes, at most 10 are allowed");
    assert_panics(read_text, "{\"name\":\"\\u00e4\\u00e4\\u00e4\\u00e4\\u00e4x\"}",
                  "argument name has 11 bytes, at most 10 are allowed");
    assert_int_equal(
        mock_run(read_text, "{\"o\":{},\"name\":\"\\u00e4\\u00e4\\u00e4\\u00e4\\u00e4\"}"),
        MOCK_OK);
    assert_int_equal(got.n, 10);
}

static void
args_account__knows_an_account_id(void **state)
{
    (void)state;
    static const char *const good[] = {
        "aa", "alice.near", "a-b_c.d0.near",
        "0x", "100",        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    };
    static const char *const bad[] = {
        "",           "a",
        "Alice.near", "alice..near",
        ".near",      "near.",
        "a-_b",       "a b",
        "a\\u0000b",  "a/b",
        "\\u00e4b",   "alice.near ",
        "-a",         "a_",
        "a@b",        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
    };
    char args[200];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        snprintf(args, sizeof(args), "{\"name\":\"%s\"}", good[i]);
        assert_int_equal(mock_run(read_account, args), MOCK_OK);
        assert_true(text_is(got, good[i]));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(args, sizeof(args), "{\"name\":\"%s\"}", bad[i]);
        assert_panics(read_account, args,
                      "argument name must be an account id: 2 to 64 of a-z, "
                      "0-9 and, between them, . - _");
    }
    assert_panics(read_account, "{\"name\":5}", "argument name must be a string");
}

static void
args_amount__takes_digits_in_a_string_or_a_number(void **state)
{
    (void)state;
    const char *must = "argument name must be a whole number below 2^128, like \"125\"";
    assert_answers(read_amount, "{\"name\":\"125\"}", "\"125\"");
    assert_answers(read_amount, "{\"name\":125}", "\"125\"");
    assert_answers(read_amount, "{\"name\":\"\\u0031\"}", "\"1\"");
    assert_answers(read_amount, "{\"name\":\"340282366920938463463374607431768211455\"}",
                   "\"340282366920938463463374607431768211455\"");
    assert_panics(read_amount, "{\"name\":340282366920938463463374607431768211456}", must);
    assert_panics(read_amount, "{\"name\":\"-1\"}", must);
    assert_panics(read_amount, "{\"name\":-1}", must);
    assert_panics(read_amount, "{\"name\":1.0}", must);
    assert_panics(read_amount, "{\"name\":1e3}", must);
    assert_panics(read_amount, "{\"name\":\"\"}", must);
    assert_panics(read_amount, "{\"name\":true}", must);
    assert_panics(read_amount, "{\"name\":[1]}", must);
    assert_panics(read_amount, "{\"name\":0}", "argument name must be more than 0");
    assert_panics(read_amount, "{\"name\":\"000\"}", "argument name must be more than 0");
    assert_answers(read_u128, "{\"name\":\"0\"}", "\"0\"");
    assert_panics(read_u128, "{}", "missing argument: name");
}

static void
args_flag__takes_true_and_false_only(void **state)
{
    (void)state;
    assert_answers(read_flag, "{\"name\":true}", "\"yes\"");
    assert_answers(read_flag, "{\"name\":false}", "\"no\"");
    assert_answers(read_flag, "", "\"yes\"");
    assert_answers(read_flag, "{\"name\":null}", "\"yes\"");
    assert_panics(read_flag, "{\"name\":\"true\"}", "argument name must be true or false");
    assert_panics(read_flag, "{\"name\":1}", "argument name must be true or false");
}

static void
args_array__takes_an_array_only(void **state)
{
    (void)state;
    assert_int_equal(mock_run(read_array, "{\"name\": [1] }"), MOCK_OK);
    assert_true(text_is(got, "[1]"));
    assert_panics(read_array, "{\"name\":{}}", "argument name must be an array");
}

static void
require_private__lets_the_contract_itself_in(void **state)
{
    (void)state;
    assert_panics(be_private, "", "Method be_private is private");
    mock.predecessor = "contract.nea";
    assert_panics(be_private, "", "Method be_private is private");
    mock.predecessor = "contract.near";
    assert_does(be_private, "");
}

static void
heap_take__panics__when_all_is_used(void **state)
{
    (void)state;
    assert_panics(take_too_much, "", "the call needs more memory than the contract has");
    static char large[HEAP_SIZE / 2];
    memset(large, ' ', sizeof(large));
    /* Arguments that fit are read, whatever their size. */
    assert_int_equal(mock_run_bytes(read_flag, large, 300000), MOCK_PANIC);
    assert_string_equal(mock.panic, "the arguments are not valid JSON: the end where a value "
                                    "should be at byte 300000");
}

static void
storage_get_u128__panics__when_the_record_has_another_size(void **state)
{
    (void)state;
    assert_panics(damaged_number, "", "the number stored under key is damaged");
    assert_int_equal(mock_storage_count(), 0);
}

static char long_text[500];

static void
panic_with_long_text(void)
{
    panic_about("what is this: ", text_of(long_text), "?");
}

static void
panic_about__cuts_a_long_text_between_characters(void **state)
{
    (void)state;
    for (int i = 0; i < 150; i++) memcpy(long_text + 3 * i, "\xe2\x82\xac", 3);
    assert_int_equal(mock_run(panic_with_long_text, ""), MOCK_PANIC);
    /* 53 characters of three bytes are the most that 160 bytes hold. */
    assert_int_equal(strlen(mock.panic), strlen("what is this: ") + 53 * 3 + strlen("...?"));
    assert_memory_equal(mock.panic + strlen(mock.panic) - 7, "\xe2\x82\xac...?", 7);
}

static void
write_long_event(void)
{
    static char bytes[5000];
    memset(bytes, 'x', sizeof(bytes));
    struct json_writer w = event_begin("test", "long");
    json_key(&w, "text");
    json_put_text(&w, (struct text){bytes, sizeof(bytes)});
    event_end(&w);
}

static void
event_end__panics__when_the_event_is_too_long(void **state)
{
    (void)state;
    assert_panics(write_long_event, "", "the event is longer than this contract can write");
    assert_int_equal(mock.log_count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(args_read__says_what_is_wrong, reset),
        cmocka_unit_test_setup(args_text__has_a_ceiling_in_bytes, reset),
        cmocka_unit_test_setup(args_account__knows_an_account_id, reset),
        cmocka_unit_test_setup(args_amount__takes_digits_in_a_string_or_a_number, reset),
        cmocka_unit_test_setup(args_flag__takes_true_and_false_only, reset),
        cmocka_unit_test_setup(args_array__takes_an_array_only, reset),
        cmocka_unit_test_setup(require_private__lets_the_contract_itself_in, reset),
        cmocka_unit_test_setup(heap_take__panics__when_all_is_used, reset),
        cmocka_unit_test_setup(storage_get_u128__panics__when_the_record_has_another_size,
                               reset),
        cmocka_unit_test_setup(panic_about__cuts_a_long_text_between_characters, reset),
        cmocka_unit_test_setup(event_end__panics__when_the_event_is_too_long, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
