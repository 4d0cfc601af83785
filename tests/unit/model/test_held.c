/* A store that is held: equal when it is made, untouched by what comes, and on its own feet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_case.h"
#include "tests/support/model_dump.h"
#include "tests/support/model_made.h"
#include "tui/model/held.h"

static const char *const files[] = {"portfolio_ok", "portfolio_lending_panics", "portfolio_fan_8",
                                    "portfolio_detached", "portfolio_missing_account"};

static void
dump(struct buf *out, struct store *s, const struct hash *tx)
{
    struct call *c = store_call(s, tx);
    buf_init(out, 1 << 20);
    if (c)
        model_dump(out, s, c);
}

static void
expect_same(const struct buf *a, const struct buf *b)
{
    assert_true(str_equal(buf_str(a), buf_str(b)));
}

/* At every fact of a call: what is held then is the same when the call is over, and after it. */
static void
store_held__stays_as_it_was__whatever_comes(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        struct model_case m;
        model_case_load(&m, files[f]);
        for (size_t at = 0; at <= m.facts.count; at += 1 + m.facts.count / 12) {
            struct store *s = store_new();
            struct buf before, after;
            for (size_t i = 0; i < at; i++)
                store_apply(s, &m.facts.events[i]);
            dump(&before, s, &m.tx);
            struct store *held = store_held(s);
            for (size_t i = at; i < m.facts.count; i++)
                store_apply(s, &m.facts.events[i]);
            call_verdict(s, model_case_call(&m, s));
            store_free(s);
            dump(&after, held, &m.tx);
            expect_same(&before, &after);
            buf_release(&before);
            buf_release(&after);
            store_free(held);
        }
        model_case_release(&m);
    }
}

/* It is a store like any other: told the rest, it comes to the same end. */
static void
store_held__goes_on__with_the_same_facts(void **state)
{
    struct model_case m;
    struct buf own, others;
    (void)state;
    model_case_load(&m, "portfolio_lending_panics");
    struct store *s = store_new();
    for (size_t i = 0; i < m.facts.count / 2; i++)
        store_apply(s, &m.facts.events[i]);
    struct store *held = store_held(s);
    for (size_t i = m.facts.count / 2; i < m.facts.count; i++) {
        store_apply(s, &m.facts.events[i]);
        store_apply(held, &m.facts.events[i]);
    }
    dump(&own, s, &m.tx);
    dump(&others, held, &m.tx);
    store_free(s);
    expect_same(&own, &others);
    buf_release(&own);
    buf_release(&others);
    store_free(held);
    model_case_release(&m);
}

/* Rivals of one receipt, a hole, a refusal, an endpoint, a request. */
static void
store_held__keeps__what_is_rare(void **state)
{
    (void)state;
    struct buf before, after;
    struct store *s = store_new();
    made_ran(s, MADE_TX, 10, MADE_ROOT, 1);
    made_exists(s, MADE_ROOT, NULL, 0, 0);
    made_ran(s, MADE_ROOT, 11, 1, 2);
    made_failed(s, 1, 12);
    made_ran(s, 1, 13, 5, 1);
    made_state(s, TX_REFUSED);
    struct event hole = made_event(EVENT_HOLE);
    hole.hole.id = made_id(2);
    hole.hole.reason = STR("the node has collected it as garbage");
    store_apply(s, &hole);
    struct event endpoint = made_event(EVENT_ENDPOINT);
    endpoint.endpoint = (struct endpoint_fact){.name = "one", .host = "node.test", .reason = "slow"};
    store_apply(s, &endpoint);
    struct event request = made_event(EVENT_REQUEST);
    strcpy(request.request.method, "status");
    store_apply(s, &request);
    struct hash tx = made_id(MADE_TX);
    dump(&before, s, &tx);
    struct store *held = store_held(s);
    store_free(s);
    dump(&after, held, &tx);
    expect_same(&before, &after);
    assert_string_equal(held->endpoints[0].fact.host, "node.test");
    assert_ptr_equal(held->endpoints[0].fact.host, held->endpoints[0].host);
    assert_string_equal(held->requests[0].fact.method, "status");
    buf_release(&before);
    buf_release(&after);
    store_free(held);
}

/* A block that nobody has: what the held one is told of it later, the other one is not. */
static void
store_held__has_its_own__blocks_that_are_gone(void **state)
{
    struct store *s = store_new();
    struct event ran = made_event(EVENT_OUTCOME), gone = made_event(EVENT_HOLE);
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    ran.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .status = OUTCOME_VALUE,
                                        .block_hash = made_id(MADE_BLOCK + 10)};
    store_apply(s, &ran);
    gone.hole.id = made_id(MADE_BLOCK + 10);
    gone.hole.reason = STR("pruned");
    store_apply(s, &gone);
    made_state(s, TX_FINAL);
    struct store *held = store_held(s);
    gone.seen_ns = INT64_MAX;
    assert_true(store_apply(held, &gone));
    assert_null(made_node(made_call(s), MADE_ROOT)->block_gone);
    store_free(s);
    assert_string_equal(made_node(made_call(held), MADE_ROOT)->block_gone, "pruned");
    store_free(held);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(store_held__stays_as_it_was__whatever_comes),
        cmocka_unit_test(store_held__goes_on__with_the_same_facts),
        cmocka_unit_test(store_held__keeps__what_is_rare),
        cmocka_unit_test(store_held__has_its_own__blocks_that_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
