#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tui/app/oddity.h"

static void
oddity_of_call__says_each_once(void **state)
{
    (void)state;
    struct oddity o = {.taken_back = 0};
    struct oddity_word word;
    struct call c = {.taken_back = 0};
    struct contradiction k = {.what = "gas", .first = SOURCE_PUSH, .other = SOURCE_RPC};
    assert_false(oddity_of_call(&o, &c, &word));
    c.contradictions = &k;
    c.taken_back = 1;
    assert_true(oddity_of_call(&o, &c, &word));
    assert_string_equal(word.code, "contradiction");
    assert_int_equal(word.kind, TROUBLE_ONCE);
    assert_string_equal(word.text, "rpc tells another gas of 11111111111111111111111111111111 than "
                                   "push did; the first word stands");
    assert_true(oddity_of_call(&o, &c, &word));
    assert_string_equal(word.code, "block_replaced");
    assert_int_equal(word.kind, TROUBLE_ONCE);
    assert_false(oddity_of_call(&o, &c, &word));
}

static void
note(struct store *s, uint32_t index, enum endpoint_state state)
{
    const struct event ev = {
        .kind = EVENT_ENDPOINT,
        .endpoint = {.index = index, .name = index ? "second" : "first", .host = "h",
                     .reason = "it is in trouble", .state = state}};
    store_apply(s, &ev);
}

static void
oddity_of_endpoint__speaks__when_there_are_others(void **state)
{
    (void)state;
    struct oddity o = {.taken_back = 0};
    struct oddity_word word;
    struct store *s = store_new();
    note(s, 0, ENDPOINT_RESTS);
    assert_false(oddity_of_endpoint(&o, s, 0, &word));
    note(s, 1, ENDPOINT_WORKS);
    note(s, 0, ENDPOINT_WORKS);
    assert_false(oddity_of_endpoint(&o, s, 0, &word));
    note(s, 0, ENDPOINT_WAITS);
    assert_true(oddity_of_endpoint(&o, s, 0, &word));
    assert_string_equal(word.where, "first");
    assert_int_equal(word.kind, TROUBLE_ONCE);
    assert_string_equal(word.text, "passed over for a while: it is in trouble");
    assert_false(oddity_of_endpoint(&o, s, 0, &word));
    store_free(s);
}

static bool
hear_source(struct oddity *o, enum source_id id, enum source_state state, const char *text,
            struct oddity_word *word)
{
    const struct event ev = {.kind = EVENT_SOURCE, .source = id,
                             .health = {.state = state, .text = str_from(text)}};
    return oddity_of_source(o, &ev, word);
}

/* What is in the store for as long as it lasts is of a kind of its own, whatever its code. */
static void
oddity_of_source__speaks_once__each_time_it_gets_into_trouble(void **state)
{
    (void)state;
    struct oddity o = {.taken_back = 0};
    struct oddity_word word;
    assert_false(hear_source(&o, SOURCE_RPC, SOURCE_CONNECTING, "", &word));
    assert_true(hear_source(&o, SOURCE_RPC, SOURCE_RETRYING, "it hung up", &word));
    assert_int_equal(word.kind, TROUBLE_SOURCE);
    assert_string_equal(word.code, "source_retrying");
    assert_string_equal(word.where, "rpc");
    assert_string_equal(word.text, "it hung up");
    assert_false(hear_source(&o, SOURCE_RPC, SOURCE_RETRYING, "it refuses", &word));
    assert_true(hear_source(&o, SOURCE_PUSH, SOURCE_FAILED, "no such page", &word));
    assert_int_equal(word.kind, TROUBLE_SOURCE);
    assert_string_equal(word.code, "source_failed");
    assert_string_equal(word.where, "websocket");
    assert_false(hear_source(&o, SOURCE_RPC, SOURCE_LIVE, "", &word));
    assert_true(hear_source(&o, SOURCE_RPC, SOURCE_RETRYING, "again", &word));
    assert_false(hear_source(&o, SOURCE_FEED, SOURCE_FAILED, "", &word));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oddity_of_call__says_each_once),
        cmocka_unit_test(oddity_of_endpoint__speaks__when_there_are_others),
        cmocka_unit_test(oddity_of_source__speaks_once__each_time_it_gets_into_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
