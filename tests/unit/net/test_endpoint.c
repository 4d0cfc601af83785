#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/budget.h"
#include "net/endpoints.h"

#define MS(n) ((int64_t)(n) * NS_PER_MS)
#define SECONDS(n) ((int64_t)(n) * NS_PER_S)

/* --- the budget --------------------------------------------------------------------- */

/* No window of a second, wherever it begins, holds more than was allowed. */
static void
budget__is_kept__in_every_window(void **state)
{
    (void)state;
    enum { MOST = 7, ALL = 200 };
    struct budget b;
    int64_t at[ALL], now = SECONDS(100);
    budget_init(&b, MOST, 0);
    for (int i = 0; i < ALL; i++) {
        /* Bursts and pauses of any kind. */
        if (i % 13 == 0)
            now += MS(i * 7 % 900);
        at[i] = now + budget_wait_ns(&b, now);
        budget_take(&b, at[i]);
        if (i >= MOST)
            assert_true(at[i] - at[i - MOST] >= SECONDS(1));
    }
    budget_release(&b);
}

static void
budget__keeps_both_limits__and_tells_what_is_used(void **state)
{
    (void)state;
    struct budget b;
    int64_t now = 0, last = 0;
    budget_init(&b, 5, 20);
    for (int i = 0; i < 20; i++) {
        last = now + budget_wait_ns(&b, now);
        budget_take(&b, last);
    }
    assert_int_equal(last, SECONDS(3));
    assert_int_equal(budget_used(&b.minute, last), 20);
    assert_int_equal(budget_used(&b.second, last), 5);
    assert_int_equal(budget_wait_ns(&b, last), SECONDS(57));
    assert_int_equal(budget_used(&b.minute, SECONDS(63)), 0);
    assert_true(budget_is_limited(&b));
    budget_release(&b);
}

static void
budget__waits_for_nobody__without_a_limit(void **state)
{
    (void)state;
    struct budget b;
    budget_init(&b, 0, 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(budget_wait_ns(&b, 5), 0);
        budget_take(&b, 5);
    }
    assert_int_equal(budget_used(&b.second, 5), 0);
    assert_false(budget_is_limited(&b));
    budget_release(&b);
}

/* --- health ------------------------------------------------------------------------- */

static void
answered(struct endpoint *e, int64_t now, int64_t took)
{
    endpoint_note(e, &(struct endpoint_note){.result = ENDPOINT_ANSWERED, .now_ns = now,
                                             .took_ns = took, .retry_after_ms = -1});
}

static void
failed(struct endpoint *e, int64_t now, enum endpoint_result result, int64_t retry_after_ms)
{
    endpoint_note(e, &(struct endpoint_note){.result = result, .now_ns = now,
                                             .retry_after_ms = retry_after_ms,
                                             .sentence = "it is in trouble"});
}

static void
endpoint__rests_longer_each_time__and_is_well_after_an_answer(void **state)
{
    (void)state;
    struct endpoint e;
    endpoint_init(&e, &(struct endpoint_config){.url = "https://rpc.example.org/x"});
    assert_string_equal(e.name, "rpc.example.org");
    assert_int_equal(endpoint_score(&e, 0), ENDPOINT_WEIGHT);
    int64_t rest = 0;
    for (int i = 0; i < 10; i++) {
        failed(&e, 0, ENDPOINT_FAILED, -1);
        assert_true(e.rests_until_ns >= rest);
        rest = e.rests_until_ns;
    }
    assert_int_equal(rest, SECONDS(30));
    assert_int_equal(e.state, ENDPOINT_RESTS);
    assert_string_equal(e.reason, "it is in trouble");
    assert_true(endpoint_is_resting(&e, SECONDS(29)));
    assert_false(endpoint_is_resting(&e, SECONDS(30)));
    assert_true(endpoint_score(&e, 0) < 5);
    /* A preference only: it may be asked. */
    assert_int_equal(endpoint_wait_ns(&e, 0), 0);
    answered(&e, SECONDS(1), MS(1));
    assert_int_equal(e.state, ENDPOINT_WORKS);
    assert_string_equal(e.reason, "");
    assert_true(endpoint_score(&e, SECONDS(1)) > 95);
    endpoint_release(&e);
}

static void
endpoint__is_left_alone__as_long_as_it_asked_for(void **state)
{
    (void)state;
    struct endpoint e;
    endpoint_init(&e, &(struct endpoint_config){.url = "https://rpc.example.org"});
    failed(&e, SECONDS(1), ENDPOINT_LIMITED, 7000);
    assert_int_equal(e.state, ENDPOINT_WAITS);
    assert_int_equal(endpoint_wait_ns(&e, SECONDS(1)), SECONDS(7));
    assert_int_equal(endpoint_wait_ns(&e, SECONDS(8)), 0);
    assert_int_equal(e.limited, 1);
    /* Another answer that was under way does not end the wait. */
    answered(&e, SECONDS(2), MS(1));
    assert_int_equal(endpoint_wait_ns(&e, SECONDS(2)), SECONDS(6));
    endpoint_release(&e);
}

static void
endpoint__is_late__after_its_own_95th_percentile(void **state)
{
    (void)state;
    struct endpoint e;
    endpoint_init(&e, &(struct endpoint_config){.url = "https://rpc.example.org"});
    assert_int_equal(endpoint_percentile_ns(&e, 50), -1);
    assert_int_equal(endpoint_late_after_ns(&e), SECONDS(1));
    for (int i = 1; i <= 20; i++)
        answered(&e, 0, MS(21 - i) * 10);
    assert_int_equal(endpoint_percentile_ns(&e, 0), MS(10));
    assert_int_equal(endpoint_percentile_ns(&e, 50), MS(100));
    assert_int_equal(endpoint_late_after_ns(&e), MS(190));
    for (int i = 0; i < ENDPOINT_SAMPLES; i++)
        answered(&e, 0, MS(1));
    assert_int_equal(endpoint_late_after_ns(&e), MS(50));
    endpoint_release(&e);
}

static void
endpoint__stays_behind__though_it_answers(void **state)
{
    (void)state;
    struct endpoint e;
    endpoint_init(&e, &(struct endpoint_config){.url = "https://rpc.example.org"});
    endpoint_note_behind(&e, "other", 0);
    answered(&e, SECONDS(1), MS(1));
    assert_true(endpoint_is_resting(&e, SECONDS(1)));
    assert_string_equal(e.reason, "it is behind: other knew more");
    answered(&e, SECONDS(20), MS(1));
    assert_false(endpoint_is_resting(&e, SECONDS(20)));
    assert_int_equal(e.state, ENDPOINT_WORKS);
    endpoint_release(&e);
}

/* --- which one to ask --------------------------------------------------------------- */

static int
pick(const struct endpoints *set, const struct endpoints_query *query, int64_t now)
{
    int64_t wait = -1;
    return endpoints_pick(set, query, now, &wait);
}

static void
endpoints_pick__follows_weight_health_and_what_was_said(void **state)
{
    (void)state;
    struct endpoints set;
    const struct endpoint_config configs[] = {
        {.url = "https://a.example.org", .weight = 100},
        {.url = "https://b.example.org", .weight = 60},
        {.url = "https://c.example.org", .weight = 10, .is_archival = true}};
    int64_t wait;
    endpoints_init(&set, configs, 3, 0, 0);
    assert_int_equal(endpoints_all(&set), 7);
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 0}, 0), 0);
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 1}, 0), 1);
    assert_int_equal(pick(&set, &(struct endpoints_query){.avoid = 3}, 0), 2);
    assert_int_equal(pick(&set, &(struct endpoints_query){.avoid = 7}, 0), 0);
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 7}, 0), -1);
    assert_int_equal(pick(&set, &(struct endpoints_query){.is_of_the_past = true}, 0), 2);
    /* Slowness counts, up to what the weights say. */
    for (int i = 0; i < 10; i++) {
        answered(&set.at[0], 0, MS(900));
        answered(&set.at[1], 0, MS(5));
    }
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 0}, 0), 1);
    failed(&set.at[1], 0, ENDPOINT_FAILED, -1);
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 0}, 0), 0);
    failed(&set.at[0], 0, ENDPOINT_LIMITED, 5000);
    failed(&set.at[2], 0, ENDPOINT_LIMITED, 3000);
    assert_int_equal(pick(&set, &(struct endpoints_query){.tried = 0}, 0), 1);
    assert_int_equal(pick(&set, &(struct endpoints_query){.is_ready_only = true}, 0), -1);
    /* Of those that must wait, the first that is ready, and how long that is. */
    assert_int_equal(
        endpoints_pick(&set, &(struct endpoints_query){.tried = 2}, 0, &wait), 2);
    assert_int_equal(wait, SECONDS(3));
    endpoints_release(&set);
}

static void
endpoints_pick__spills_over__when_a_budget_is_used_up(void **state)
{
    (void)state;
    struct endpoints set;
    const struct endpoint_config configs[] = {
        {.url = "https://a.example.org", .per_second = 2},
        {.url = "https://b.example.org", .per_second = 2, .weight = 50}};
    int64_t wait;
    int counts[2] = {0};
    endpoints_init(&set, configs, 2, 3, 0);
    for (int i = 0; i < 3; i++) {
        int index = pick(&set, &(struct endpoints_query){.tried = 0}, 0);
        counts[index]++;
        endpoints_take(&set, index, 0);
    }
    assert_int_equal(counts[0], 2);
    assert_int_equal(counts[1], 1);
    /* One has a request left, all together have none. */
    endpoints_pick(&set, &(struct endpoints_query){.tried = 0}, 0, &wait);
    assert_int_equal(wait, SECONDS(1));
    struct endpoint_fact fact;
    endpoint_tell(&set.at[0], 0, 0, &fact);
    assert_int_equal(fact.second_used, 2);
    assert_int_equal(fact.second_most, 2);
    assert_string_equal(fact.host, "a.example.org");
    endpoints_release(&set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budget__is_kept__in_every_window),
        cmocka_unit_test(budget__keeps_both_limits__and_tells_what_is_used),
        cmocka_unit_test(budget__waits_for_nobody__without_a_limit),
        cmocka_unit_test(endpoint__rests_longer_each_time__and_is_well_after_an_answer),
        cmocka_unit_test(endpoint__is_left_alone__as_long_as_it_asked_for),
        cmocka_unit_test(endpoint__is_late__after_its_own_95th_percentile),
        cmocka_unit_test(endpoint__stays_behind__though_it_answers),
        cmocka_unit_test(endpoints_pick__follows_weight_health_and_what_was_said),
        cmocka_unit_test(endpoints_pick__spills_over__when_a_budget_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
