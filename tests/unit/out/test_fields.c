/* Which branch a field came from: what can be told, and what must not be guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/out/fields.h"

/* "balance<0 lending<1 user" */
static void
fields_as_text(const struct call *c, char *out, size_t room)
{
    struct arena arena;
    struct field *fields;
    arena_init(&arena);
    size_t count = fields_of_result(c, c->verdict, &arena, &fields), used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(out + used, room - used, "%s%.*s", i ? " " : "",
                                 STR_ARG(fields[i].path));
        if (!fields[i].branch)
            continue;
        assert_true(fields[i].branch->has_index);
        assert_int_equal(fields[i].branch->index, fields[i].index);
        used += (size_t)snprintf(out + used, room - used, "<%zu", fields[i].index);
    }
    arena_release(&arena);
}

static void
check_recorded(const char *file, const char *expected)
{
    struct model_case m;
    char text[512];
    model_case_load(&m, file);
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    fields_as_text(c, text, sizeof(text));
    assert_string_equal(text, expected);
    store_free(s);
    model_case_release(&m);
}

static void
fields__recorded(void **state)
{
    (void)state;
    check_recorded("portfolio_ok", "user balance<0 lending<1 staking<2");
    check_recorded("portfolio_lending_panics", "user balance<0 lending<1 staking<2");
    check_recorded("portfolio_missing_account", "user balance<0 lending<1 staking<2");
    check_recorded("portfolio_all_branches_fail", "user balance<0 lending<1 staking<2");
    check_recorded("portfolio_too_little_gas", "");
    check_recorded("portfolio_fan_8", "ok of");
    check_recorded("transfer", "");
}

/* Branches 1… return `values` (NULL: fail), the callback returns `result`. */
static void
check_made(const char *const *values, unsigned count, const char *result, const char *expected)
{
    struct store *s = store_new();
    struct event ev = made_event(EVENT_OUTCOME);
    unsigned inputs[8];
    char text[512];
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, count + 1);
    for (unsigned i = 0; i < count; i++) {
        inputs[i] = 90 + i;
        made_exists(s, 1 + i, NULL, 0, inputs[i]);
        if (!values[i]) {
            made_failed(s, 1 + i, 11);
            continue;
        }
        ev.outcome = (struct outcome_fact){.id = made_id(1 + i), .status = OUTCOME_VALUE,
                                           .value = str_from(values[i]),
                                           .block_hash = made_id(MADE_BLOCK + 11)};
        store_apply(s, &ev);
    }
    made_exists(s, count + 1, inputs, count, 0);
    ev.outcome = (struct outcome_fact){.id = made_id(count + 1), .status = OUTCOME_VALUE,
                                       .value = str_from(result),
                                       .block_hash = made_id(MADE_BLOCK + 12)};
    store_apply(s, &ev);
    fields_as_text(made_call(s), text, sizeof(text));
    assert_string_equal(text, expected);
    store_free(s);
}

#define CHECK(result, expected, ...)                                                            \
    do {                                                                                        \
        static const char *const values[] = {__VA_ARGS__};                                      \
        check_made(values, sizeof(values) / sizeof(values[0]), result, expected);               \
    } while (0)

static void
fields__array(void **state)
{
    (void)state;
    CHECK("[\"hi\", 3, [{\"a\":1}]]", "[0]<0 [1]<1 [2]<2", "\"hi\"", "3", "[ {\"a\" : 1} ]");
    CHECK("[\"hi\", null, []]", "[0]<0 [1]<1 [2]<2", "\"hi\"", NULL, "[]");
}

static void
fields__order_of_keys_does_not_matter(void **state)
{
    (void)state;
    CHECK("{\"b\":2,\"a\":1}", "b<1 a<0", "1", "2");
    CHECK("{\"x\":{\"p\":1,\"q\":2}}", "x<0", "{\"q\":2,\"p\":1}");
}

static void
fields__equal_values_go_by_order(void **state)
{
    (void)state;
    CHECK("{\"a\":0,\"b\":0}", "a<0 b<1", "0", "0");
}

static void
fields__numbers_are_not_strings(void **state)
{
    (void)state;
    CHECK("{\"a\":\"1\"}", "a", "1");
    CHECK("{\"a\":12345678901234567890123}", "a", "12345678901234567890124");
}

static void
fields__null_without_a_failure_is_not_tied(void **state)
{
    (void)state;
    CHECK("{\"a\":1,\"note\":null}", "a<0 note", "1");
    /* One failed, two are null: which one is its? */
    CHECK("{\"a\":1,\"b\":null,\"c\":null}", "a<0 b c", "1", NULL);
}

static void
fields__several_nulls_only_in_order(void **state)
{
    (void)state;
    CHECK("{\"a\":null,\"b\":2,\"c\":null}", "a<0 b<1 c<2", NULL, "2", NULL);
    /* The field of branch 2 stands first: the order of fields is not that of branches. */
    CHECK("{\"c\":2,\"a\":null,\"b\":null}", "c<2 a b", NULL, NULL, "2");
    /* One null and one failure need no order. */
    CHECK("{\"b\":2,\"a\":null}", "b<1 a<0", NULL, "2");
}

static void
fields__what_the_callback_could_not_use(void **state)
{
    (void)state;
    CHECK("{\"a\":1,\"b\":null}", "a<0 b<1", "1", "garbage");
}

static void
fields__no_object_no_fields(void **state)
{
    (void)state;
    CHECK("1", "", "1");
    CHECK("nonsense", "", "1");
    CHECK("", "", "1");
    CHECK("{}", "", "1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields__recorded),
        cmocka_unit_test(fields__array),
        cmocka_unit_test(fields__order_of_keys_does_not_matter),
        cmocka_unit_test(fields__equal_values_go_by_order),
        cmocka_unit_test(fields__numbers_are_not_strings),
        cmocka_unit_test(fields__null_without_a_failure_is_not_tied),
        cmocka_unit_test(fields__several_nulls_only_in_order),
        cmocka_unit_test(fields__what_the_callback_could_not_use),
        cmocka_unit_test(fields__no_object_no_fields),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
