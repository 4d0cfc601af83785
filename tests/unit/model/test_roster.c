/* The calls as a list: order, filter, totals, runs of the same method. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_made.h"
#include "tui/model/compare.h"

static struct hash
tx_of(unsigned number)
{
    return made_id(MADE_TX + 1 + number);
}

/* Call `number` of the method, known and nothing else. */
static void
call_made(struct store *s, unsigned number, const char *contract, const char *method)
{
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = str_from(method),
                            .args = STR("{}"), .gas = TERA_GAS};
    struct event ev = made_event(EVENT_TX);
    ev.tx = tx_of(number);
    ev.transaction.view = (struct transaction){.signer = account_of("alice.near"),
                                               .receiver = account_of(contract),
                                               .actions = &action, .action_count = 1};
    store_apply(s, &ev);
}

static void
refused(struct store *s, unsigned number)
{
    struct event ev = made_event(EVENT_TX_STATE);
    ev.tx = tx_of(number);
    ev.tx_state.state = TX_REFUSED;
    ev.tx_state.reason = STR("no");
    store_apply(s, &ev);
}

static void
check_order(const struct roster *r, const unsigned *numbers, size_t count)
{
    assert_int_equal(r->count, count);
    for (size_t i = 0; i < count; i++) {
        struct hash tx = tx_of(numbers[i]);
        assert_true(hash_equal(&r->row[i].call->tx, &tx));
        assert_int_equal(roster_find(r, &tx), i);
    }
}

struct fixture {
    struct store *store;
    struct roster roster;
};

static void
open_three(struct fixture *x)
{
    x->store = store_new();
    roster_init(&x->roster);
    call_made(x->store, 0, "b.near", "go");
    call_made(x->store, 1, "a.near", "run");
    call_made(x->store, 2, "b.near", "go");
    refused(x->store, 1);
    roster_update(&x->roster, x->store);
}

static void
close_all(struct fixture *x)
{
    roster_release(&x->roster);
    store_free(x->store);
}

static void
roster__puts_the_newest_first__and_counts(void **state)
{
    struct fixture x;
    (void)state;
    open_three(&x);
    check_order(&x.roster, (unsigned[]){2, 1, 0}, 3);
    assert_int_equal(x.roster.by_verdict[VERDICT_RUNNING], 2);
    assert_int_equal(x.roster.by_verdict[VERDICT_FAILED], 1);
    call_made(x.store, 3, "c.near", "go");
    roster_update(&x.roster, x.store);
    check_order(&x.roster, (unsigned[]){3, 2, 1, 0}, 4);
    close_all(&x);
}

static void
roster__sorts__by_what_it_was_told(void **state)
{
    static const struct {
        enum roster_sort sort;
        bool is_reversed;
        unsigned order[3];
    } cases[] = {{ROSTER_CONTRACT, false, {1, 2, 0}}, {ROSTER_CONTRACT, true, {0, 2, 1}},
                 {ROSTER_METHOD, false, {2, 0, 1}},   {ROSTER_VERDICT, false, {1, 2, 0}},
                 {ROSTER_AGE, true, {0, 1, 2}}};
    const struct pick all = {.count = 0};
    struct fixture x;
    (void)state;
    open_three(&x);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        roster_set(&x.roster, &all, cases[i].sort, cases[i].is_reversed);
        roster_update(&x.roster, x.store);
        check_order(&x.roster, cases[i].order, 3);
    }
    close_all(&x);
}

static void
roster__hides_what_the_filter_does_not_let_through__and_counts_all(void **state)
{
    struct fixture x;
    struct pick pick;
    size_t column;
    (void)state;
    open_three(&x);
    assert_int_equal(pick_parse(STR("contract:b*"), &pick, &column, NULL), OK);
    roster_set(&x.roster, &pick, ROSTER_AGE, false);
    roster_update(&x.roster, x.store);
    check_order(&x.roster, (unsigned[]){2, 0}, 2);
    assert_int_equal(x.roster.all_count, 3);
    assert_int_equal(x.roster.by_verdict[VERDICT_FAILED], 1);
    close_all(&x);
}

static void
roster__knows_the_run_before__of_the_same_method_and_contract(void **state)
{
    struct fixture x;
    (void)state;
    open_three(&x);
    call_made(x.store, 3, "a.near", "go");
    roster_update(&x.roster, x.store);
    assert_int_equal(x.roster.all[0].previous, -1);
    assert_int_equal(x.roster.all[1].previous, -1);
    assert_int_equal(x.roster.all[2].previous, 0);
    assert_int_equal(x.roster.all[3].previous, -1);
    close_all(&x);
}

static void
store__lets_the_oldest_go__when_it_is_full(void **state)
{
    struct fixture x;
    struct hash first = tx_of(0), last = tx_of(STORE_MAX_CALLS);
    (void)state;
    x.store = store_new();
    roster_init(&x.roster);
    for (unsigned i = 0; i <= STORE_MAX_CALLS; i++)
        call_made(x.store, i, "a.near", "go");
    roster_update(&x.roster, x.store);
    assert_int_equal(x.roster.count, STORE_MAX_CALLS);
    assert_int_equal(x.store->left_count, 1);
    assert_int_equal(roster_find(&x.roster, &first), -1);
    assert_int_equal(roster_find(&x.roster, &last), 0);
    close_all(&x);
}

/* A call of one receipt that ran for so many blocks of a millisecond: the last is a child's. */
static void
ran_for(struct store *s, unsigned number, const char *method, unsigned blocks, uint64_t gas)
{
    struct hash tx = tx_of(number), root = made_id(10 * number), child = made_id(10 * number + 1);
    call_made(s, number, "a.near", method);
    for (int i = 0; i < 3; i++) {
        struct event ev = made_event(EVENT_OUTCOME);
        uint64_t height = i < 2 ? 100 : 100 + blocks;
        ev.tx = tx;
        ev.outcome = (struct outcome_fact){
            .id = i == 0 ? tx : i == 1 ? root : child, .is_transaction = i == 0,
            .status = i < 2 ? OUTCOME_RECEIPT : OUTCOME_VALUE, .returns = i == 0 ? root : child,
            .gas_burnt = i == 2 ? gas : 0, .children = i == 0 ? &root : &child,
            .child_count = i < 2, .block_hash = made_id(MADE_BLOCK + (unsigned)height),
            .has_block_height = true, .block_height = height, .has_block_time = true,
            .block_time_ns = height * 1000000};
        store_apply(s, &ev);
    }
}

static void
compare__takes_medians__and_says_how_much_faster(void **state)
{
    struct compared list[COMPARE_MOST];
    struct fixture x = {.store = store_new()};
    (void)state;
    roster_init(&x.roster);
    ran_for(x.store, 1, "slow", 6, 100);
    ran_for(x.store, 2, "fast", 2, 50);
    ran_for(x.store, 3, "slow", 9, 300);
    ran_for(x.store, 4, "slow", 7, 200);
    call_made(x.store, 5, "a.near", "slow");        /* not over: it does not count */
    roster_update(&x.roster, x.store);
    assert_int_equal(compare_list(&x.roster, list, COMPARE_MOST), 2);
    assert_int_equal(list[0].runs, 3);
    assert_int_equal(list[0].blocks, 7);
    assert_int_equal(list[0].gas, 200);
    assert_true(list[0].ms > 6.99 && list[0].ms < 7.01);
    assert_int_equal(list[1].runs, 1);
    assert_int_equal(list[1].blocks, 2);
    double faster = compare_speed_up(list, 2, 1);
    assert_true(faster > 3.49 && faster < 3.51);
    assert_true(compare_speed_up(list, 2, 0) == 1.0);
    assert_int_equal(compare_list(&x.roster, list, 1), 1);
    close_all(&x);
}

static void
store__keeps_the_last_requests__and_counts_all(void **state)
{
    struct store *s = store_new();
    (void)state;
    for (unsigned i = 0; i < STORE_MAX_REQUESTS + 3; i++) {
        struct event ev = made_event(EVENT_REQUEST);
        ev.request = (struct request_fact){.method = "block", .status = (long)i};
        assert_true(store_apply(s, &ev));
    }
    assert_int_equal(s->request_count, STORE_MAX_REQUESTS + 3);
    assert_int_equal(s->requests[(s->request_count - 1) % STORE_MAX_REQUESTS].fact.status,
                     STORE_MAX_REQUESTS + 2);
    assert_int_equal(s->requests[s->request_count % STORE_MAX_REQUESTS].fact.status, 3);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roster__puts_the_newest_first__and_counts),
        cmocka_unit_test(roster__sorts__by_what_it_was_told),
        cmocka_unit_test(roster__hides_what_the_filter_does_not_let_through__and_counts_all),
        cmocka_unit_test(roster__knows_the_run_before__of_the_same_method_and_contract),
        cmocka_unit_test(store__keeps_the_last_requests__and_counts_all),
        cmocka_unit_test(compare__takes_medians__and_says_how_much_faster),
        cmocka_unit_test(store__lets_the_oldest_go__when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
