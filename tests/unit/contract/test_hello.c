#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/mock_near.h"

/* hello, counter and guestbook: the three that xcc asks. */
void hello_get_greeting(void);
void hello_set_greeting(void);
void counter_get_num(void);
void counter_increment(void);
void counter_decrement(void);
void counter_reset(void);
void guestbook_add_message(void);
void guestbook_get_messages(void);
void guestbook_total_messages(void);

static int
reset(void **state)
{
    (void)state;
    mock_reset();
    return 0;
}

static void
hello_get_greeting__is_hello__when_nobody_set_one(void **state)
{
    (void)state;
    mock.is_view = true;
    assert_answers(hello_get_greeting, "", "\"Hello\"");
}

static void
hello_set_greeting__keeps_every_character(void **state)
{
    (void)state;
    assert_does(hello_set_greeting, "{\"greeting\":\"a\\\"b\\\\c\\n\\u0001 \\u00e4 "
                                    "\\ud83d\\ude00 \\/\"}");
    assert_string_equal(mock.logs[0],
                        "Saving greeting: a\"b\\c\n\x01 \xc3\xa4 \xf0\x9f\x98\x80 /");
    mock.is_view = true;
    assert_answers(hello_get_greeting, "{}",
                   "\"a\\\"b\\\\c\\n\\u0001 \xc3\xa4 \xf0\x9f\x98\x80 /\"");
}

static void
hello_set_greeting__takes_an_empty_one(void **state)
{
    (void)state;
    assert_does(hello_set_greeting, "{\"greeting\":\"\"}");
    assert_answers(hello_get_greeting, "", "\"\"");
}

static void
hello_set_greeting__says_what_is_wrong(void **state)
{
    (void)state;
    char args[700];
    assert_panics(hello_set_greeting, "", "missing argument: greeting");
    assert_panics(hello_set_greeting, "{\"greeting\":null}", "missing argument: greeting");
    assert_panics(hello_set_greeting, "{\"greeting\":7}", "argument greeting must be a string");
    snprintf(args, sizeof(args), "{\"greeting\":\"%0501d\"}", 0);
    assert_panics(hello_set_greeting, args,
                  "argument greeting has 501 bytes, at most 500 are allowed");
    mock.deposit_lo = 1;
    assert_panics(hello_set_greeting, "{\"greeting\":\"x\"}",
                  "Method set_greeting takes no deposit");
    assert_int_equal(mock_storage_count(), 0);
}

static void
counter_get_num__follows_the_steps(void **state)
{
    (void)state;
    assert_answers(counter_get_num, "", "0");
    assert_does(counter_increment, "{}");
    assert_string_equal(mock.logs[0], "Increased number to 1");
    assert_does(counter_increment, "");
    assert_answers(counter_get_num, "{}", "2");
    for (int i = 0; i < 5; i++) assert_does(counter_decrement, "");
    assert_string_equal(mock.logs[0], "Decreased number to -3");
    assert_answers(counter_get_num, "", "-3");
    assert_does(counter_reset, "");
    assert_string_equal(mock.logs[0], "Reset number to 0");
    mock.is_view = true;
    assert_answers(counter_get_num, "", "0");
}

static void
counter_increment__takes_no_deposit(void **state)
{
    (void)state;
    mock.deposit_hi = 1;
    assert_panics(counter_increment, "", "Method increment takes no deposit");
    assert_panics(counter_decrement, "", "Method decrement takes no deposit");
    assert_panics(counter_reset, "", "Method reset takes no deposit");
}

static void
guestbook_get_messages__gives_them_in_order(void **state)
{
    (void)state;
    assert_answers(guestbook_get_messages, "", "[]");
    assert_does(guestbook_add_message, "{\"text\":\"first\"}");
    mock.predecessor = "bob.near";
    mock.deposit_lo = UINT64_C(200376420520689664);     /* 0.1 NEAR */
    mock.deposit_hi = 5421;
    assert_does(guestbook_add_message, "{\"text\":\"say \\\"hi\\\"\"}");
    mock.deposit_lo--;
    assert_does(guestbook_add_message, "{\"text\":\"\"}");
    mock.is_view = true;
    assert_answers(guestbook_total_messages, "", "3");
    assert_answers(guestbook_get_messages, "{}",
                   "[{\"premium\":false,\"sender\":\"alice.near\",\"text\":\"first\"},"
                   "{\"premium\":true,\"sender\":\"bob.near\",\"text\":\"say \\\"hi\\\"\"},"
                   "{\"premium\":false,\"sender\":\"bob.near\",\"text\":\"\"}]");
    assert_answers(guestbook_get_messages, "{\"from_index\":1,\"limit\":1}",
                   "[{\"premium\":true,\"sender\":\"bob.near\",\"text\":\"say \\\"hi\\\"\"}]");
    assert_answers(guestbook_get_messages, "{\"from_index\":\"2\",\"limit\":\"7\"}",
                   "[{\"premium\":false,\"sender\":\"bob.near\",\"text\":\"\"}]");
    assert_answers(guestbook_get_messages, "{\"from_index\":3}", "[]");
    assert_answers(guestbook_get_messages, "{\"from_index\":18446744073709551615}", "[]");
    assert_answers(guestbook_get_messages, "{\"limit\":0}", "[]");
}

static void
guestbook_get_messages__gives_ten__when_no_limit_is_given(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) assert_does(guestbook_add_message, "{\"text\":\"x\"}");
    assert_int_equal(mock_run(guestbook_get_messages, ""), MOCK_OK);
    size_t count = 0;
    for (const char *p = mock.value; (p = strstr(p, "\"text\"")); p++) count++;
    assert_int_equal(count, 10);
}

static void
guestbook_get_messages__fits__when_all_is_as_long_as_it_gets(void **state)
{
    (void)state;
    char args[4000] = "{\"text\":\"";
    for (int i = 0; i < 500; i++) memcpy(args + 9 + 6 * i, "\\u0001", 6);
    memcpy(args + 9 + 3000, "\"}", 3);
    mock.predecessor = "0123456789012345678901234567890123456789012345678901234567890123";
    for (int i = 0; i < 100; i++) assert_does(guestbook_add_message, args);
    assert_int_equal(mock_run(guestbook_get_messages, "{\"limit\":100}"), MOCK_OK);
    assert_true(strlen(mock.value) > 100 * 3000);
}

static void
guestbook__says_what_is_wrong(void **state)
{
    (void)state;
    char args[700];
    assert_panics(guestbook_add_message, "{}", "missing argument: text");
    snprintf(args, sizeof(args), "{\"text\":\"%0501d\"}", 0);
    assert_panics(guestbook_add_message, args,
                  "argument text has 501 bytes, at most 500 are allowed");
    assert_panics(guestbook_get_messages, "{\"limit\":101}",
                  "argument limit must be at most 100");
    assert_panics(guestbook_get_messages, "{\"limit\":-1}",
                  "argument limit must be a whole number below 2^64");
    assert_panics(guestbook_get_messages, "{\"from_index\":18446744073709551616}",
                  "argument from_index must be a whole number below 2^64");
    assert_panics(guestbook_get_messages, "{\"from_index\":true}",
                  "argument from_index must be a whole number below 2^64");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(hello_get_greeting__is_hello__when_nobody_set_one, reset),
        cmocka_unit_test_setup(hello_set_greeting__keeps_every_character, reset),
        cmocka_unit_test_setup(hello_set_greeting__takes_an_empty_one, reset),
        cmocka_unit_test_setup(hello_set_greeting__says_what_is_wrong, reset),
        cmocka_unit_test_setup(counter_get_num__follows_the_steps, reset),
        cmocka_unit_test_setup(counter_increment__takes_no_deposit, reset),
        cmocka_unit_test_setup(guestbook_get_messages__gives_them_in_order, reset),
        cmocka_unit_test_setup(guestbook_get_messages__gives_ten__when_no_limit_is_given, reset),
        cmocka_unit_test_setup(guestbook_get_messages__fits__when_all_is_as_long_as_it_gets,
                               reset),
        cmocka_unit_test_setup(guestbook__says_what_is_wrong, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
