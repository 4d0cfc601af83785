/* The filter language: what it takes, what it refuses and where, and what it finds. */
#include "tests/support/chance.h"
#include "tui/model/pick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_case.h"

static struct pick
parsed(const char *text)
{
    struct pick f = {0};
    struct diag d = {0};
    size_t column;
    if (pick_parse(str_from(text), &f, &column, &d))
        fail_msg("%s: %s", text, diag_text(&d));
    return f;
}

static void
pick_parse__points_at__what_is_wrong(void **state)
{
    static const struct {
        const char *text;
        enum err e;
        size_t column;
        const char *says;
    } cases[] = {
        {"statu:failed", ERR_NOT_FOUND, 0, "column 1: \"statu\" is no field"},
        {"gas>5T conract:x", ERR_NOT_FOUND, 7, "column 8: \"conract\" is no field"},
        {"status:fialed", ERR_NOT_FOUND, 7, "column 8: \"fialed\" is no status"},
        {"status:done|gone", ERR_NOT_FOUND, 12, "column 13: \"gone\" is no status"},
        {"role:leaf", ERR_NOT_FOUND, 5, "is no role"},
        {"gas>x", ERR_SYNTAX, 4, "column 5: \"x\" is no amount of gas"},
        {"deposit>1Q", ERR_SYNTAX, 8, "is no amount, as 0.1N and 2 are"},
        {"block=-1", ERR_SYNTAX, 6, "is no whole number"},
        {"method>3", ERR_SYNTAX, 0, "is no number: use : or ="},
        {"gas>", ERR_SYNTAX, 4, "has nothing behind it"},
        {"log:\"no end", ERR_SYNTAX, 4, "has no quote at its end"},
        {"a b c d e f g h i j k l m n o p q", ERR_TOO_LARGE, 32, "one term too many"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pick f = {.count = 7};
        struct diag d = {0};
        size_t column;
        assert_int_equal(pick_parse(str_from(cases[i].text), &f, &column, &d), cases[i].e);
        assert_int_equal(column, cases[i].column);
        if (!strstr(diag_text(&d), cases[i].says))
            fail_msg("%s: %s", cases[i].text, diag_text(&d));
        assert_int_equal(f.count, 7);
    }
}

static size_t
found(struct call *c, const char *text)
{
    struct pick f = parsed(text);
    size_t count = 0;
    for (size_t i = 0; i < c->order_count; i++)
        count += pick_node(&f, c, c->order[i]);
    return count;
}

static void
pick_node__finds__what_a_recorded_call_has(void **state)
{
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {{"", 10},
                 {"status:failed", 1},
                 {"-status:failed", 9},
                 {"STATUS:FAILED", 1},
                 {"status:failed contract:lend*", 1},
                 {"status:failed contract:token", 0},
                 {"method:get_*", 3},
                 {"method:get_position", 1},
                 {"method:position", 1},
                 {"method=position", 0},
                 {"method:get_position|get_rewards", 2},
                 {"role:branch", 3},
                 {"role:callback", 1},
                 {"role:refund", 5},
                 {"role:branch gas>1T", 1},
                 {"role:branch gas>=0.98T gas<1100G", 2},
                 {"used>20 role:branch", 1},
                 {"attached=5T", 2},
                 {"index:1", 1},
                 {"index!=1 role:branch", 2},
                 {"depth:0", 1},
                 {"\"pool is paused\"", 1},
                 {"error:paused", 1},
                 {"pool paused", 1},
                 {"portfolio -role:refund", 2},
                 {"id:nosuch", 0},
                 {"blocks:1 role:branch", 3},
                 {"deposit>0.1N", 0}};
    (void)state;
    struct model_case m;
    model_case_load(&m, "portfolio_lending_panics");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (found(c, cases[i].text) != cases[i].count)
            fail_msg("%s: %zu", cases[i].text, found(c, cases[i].text));
    }
    store_free(s);
    model_case_release(&m);
}

static void
pick_call__tells_calls_apart__by_verdict_and_cost(void **state)
{
    static const struct {
        const char *text;
        bool is;
    } cases[] = {{"status:partly", true},    {"status:ok", false},       {"status:ok|partly", true},
                 {"method:get_p*", true},    {"contract:portfolio", true}, {"from:alice", true},
                 {"gas>6T", true},           {"gas>7T", false},          {"blocks:2", true},
                 {"error:paused", true},     {"lending", true},          {"nosuchword", false},
                 {"-lending", false},        {"deposit=0", true}};
    (void)state;
    struct model_case m;
    model_case_load(&m, "portfolio_lending_panics");
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pick f = parsed(cases[i].text);
        if (pick_call(&f, s, c) != cases[i].is)
            fail_msg("%s: %d", cases[i].text, !cases[i].is);
    }
    store_free(s);
    model_case_release(&m);
}

/* Whatever is typed, it is taken or refused, and the place is in the text. */
static void
pick_parse__holds__whatever_is_typed(void **state)
{
    static const char letters[] = "sgatus:><=!-\"|* 59TN[]\\ca\xff";
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[40];
        size_t n = chance_next(&seed) % sizeof(text), column = 0;
        struct pick f;
        struct diag d = {0};
        for (size_t k = 0; k < n; k++)
            text[k] = letters[chance_next(&seed) % (sizeof(letters) - 1)];
        if (pick_parse(str_of(text, n), &f, &column, &d))
            assert_true(column <= n && diag_text(&d)[0]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pick_parse__points_at__what_is_wrong),
        cmocka_unit_test(pick_node__finds__what_a_recorded_call_has),
        cmocka_unit_test(pick_call__tells_calls_apart__by_verdict_and_cost),
        cmocka_unit_test(pick_parse__holds__whatever_is_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
