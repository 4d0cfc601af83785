#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/model/spans.h"

/* "flight 550-551 run 551-552", heights counted from `base`. */
static void
check(const struct call *c, const struct node *n, uint64_t base, uint64_t now,
      const char *expected)
{
    static const char *const names[] = {"flight", "wait", "run"};
    struct span spans[SPANS_MAX];
    char text[256] = "";
    size_t count = node_spans(c, n, base + now, spans), used = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || spans[i].from == spans[i - 1].to);
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %d-%d", i ? " " : "",
                                 names[spans[i].kind], (int)(spans[i].from - base),
                                 (int)(spans[i].to - base));
    }
    assert_string_equal(text, expected);
}

static void
check_recorded(const char *file, const char *const *expected)
{
    struct model_case m;
    model_case_load(&m, file);
    struct store *s = model_case_store(&m);
    struct call *c = model_case_call(&m, s);
    call_update(s, c);
    for (size_t i = 0, row = 0; i < c->order_count; i++) {
        if (c->order[i]->role != RECEIPT_REFUND)
            check(c, c->order[i], c->root->height, 100, expected[row++]);
    }
    store_free(s);
    model_case_release(&m);
}

static void
spans__recorded(void **state)
{
    static const char *const ok[] = {"flight -1-0 run 0-1", "flight 0-1 run 1-2",
                                     "flight 0-1 run 1-2", "flight 0-1 run 1-2",
                                     "flight 0-1 wait 1-2 run 2-3"};
    static const char *const congested[] = {"flight -1-0 run 0-1", "flight 0-1 run 1-2",
                                            "flight 0-1 run 1-2", "flight 0-7 run 7-8",
                                            "flight 0-1 wait 1-8 run 8-9"};
    static const char *const local[] = {"run 0-1", "flight 0-1 run 1-2", "flight 0-1 run 1-2",
                                        "flight 0-1 run 1-2", "flight 0-1 wait 1-2 run 2-3"};
    (void)state;
    check_recorded("portfolio_ok", ok);
    check_recorded("portfolio_congested", congested);
    check_recorded("portfolio_local_receipt", local);
}

static void
spans__while_it_runs(void **state)
{
    static const unsigned inputs[] = {90};
    struct store *s = store_new();
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 2);
    made_exists(s, 1, NULL, 0, 90);
    made_exists(s, 2, inputs, 1, 0);
    struct call *c = made_call(s);
    check(c, made_node(c, 1), 10, 3, "flight 0-3");
    check(c, made_node(c, 2), 10, 1, "flight 0-1");
    check(c, made_node(c, 2), 10, 3, "flight 0-1 wait 1-3");
    /* Its input is there, but its shard is busy. */
    made_ran(s, 1, 12, 0, 0);
    c = made_call(s);
    check(c, made_node(c, 2), 10, 5, "flight 0-1 wait 1-3 flight 3-5");
    made_ran(s, 2, 15, 0, 0);
    c = made_call(s);
    check(c, made_node(c, 2), 10, 9, "flight 0-1 wait 1-3 flight 3-5 run 5-6");
    store_free(s);
}

static void
spans__nothing_known(void **state)
{
    struct store *s = store_new();
    struct span spans[SPANS_MAX];
    (void)state;
    made_exists(s, 1, NULL, 0, 0);
    struct call *c = made_call(s);
    assert_int_equal(node_spans(c, made_node(c, 1), 10, spans), 0);
    made_ran(s, 1, 12, 0, 0);
    c = made_call(s);
    check(c, made_node(c, 1), 10, 9, "run 2-3");
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans__recorded),
        cmocka_unit_test(spans__while_it_runs),
        cmocka_unit_test(spans__nothing_known),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
