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
    assert_string_equal(word.text, "rpc tells another gas of 11111111111111111111111111111111 than "
                                   "push did; the first word stands");
    assert_true(oddity_of_call(&o, &c, &word));
    assert_string_equal(word.code, "block_replaced");
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
    assert_string_equal(word.text, "passed over for a while: it is in trouble");
    assert_false(oddity_of_endpoint(&o, s, 0, &word));
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oddity_of_call__says_each_once),
        cmocka_unit_test(oddity_of_endpoint__speaks__when_there_are_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
