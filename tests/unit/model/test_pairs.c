/* The receipts of two recorded calls, side by side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_case.h"
#include "tui/model/pairs.h"

enum { MOST = 32 };

struct recorded {
    struct model_case of;
    struct store *store;
    struct call *call;
};

static void
load(struct recorded *r, const char *file)
{
    model_case_load(&r->of, file);
    r->store = model_case_store(&r->of);
    r->call = model_case_call(&r->of, r->store);
    call_update(r->store, r->call);
}

static void
release(struct recorded *r)
{
    store_free(r->store);
    model_case_release(&r->of);
}

static size_t
pairs_of(const char *first, const char *second, struct node_pair out[MOST], struct recorded of[2])
{
    load(&of[0], first);
    load(&of[1], second);
    return pairs_list(of[0].call, of[1].call, out, MOST);
}

static bool
calls(const struct node *n, const char *method)
{
    return n && n->receipt.action_count == 1 && str_equal_c(n->receipt.actions[0].method, method);
}

static void
pairs__put_together__what_does_the_same(void **state)
{
    struct recorded of[2];
    struct node_pair pair[MOST];
    size_t both = 0, first = 0, second = 0;
    (void)state;
    size_t count = pairs_of("portfolio_ok", "portfolio_sequential", pair, of);
    for (size_t i = 0; i < count; i++) {
        const struct node *a = pair[i].first, *b = pair[i].second;
        both += a && b;
        first += !b;
        second += !a;
        assert_true(!a || a->role != RECEIPT_REFUND);
        assert_true(!b || b->role != RECEIPT_REFUND);
        if (i > 0 && a && b)
            assert_true(account_equal(&a->receipt.receiver, &b->receipt.receiver));
    }
    /* The calls themselves, and the three reads; its callback here, the steps of the chain there. */
    assert_ptr_equal(pair[0].first, of[0].call->root);
    assert_ptr_equal(pair[0].second, of[1].call->root);
    assert_true(calls(pair[1].first, "ft_balance_of") && calls(pair[1].second, "ft_balance_of"));
    assert_int_equal(both, 4);
    assert_int_equal(first, 1);
    assert_int_equal(second, 3);
    release(&of[0]);
    release(&of[1]);
}

static void
pairs__of_the_same_call_twice__are_all_whole(void **state)
{
    struct recorded of[2];
    struct node_pair pair[MOST];
    (void)state;
    size_t count = pairs_of("portfolio_fan_8", "portfolio_fan_8", pair, of);
    assert_int_equal(count, 10);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(&pair[i].first->id, &pair[i].second->id, sizeof(struct hash));
    assert_int_equal(pairs_list(of[0].call, of[1].call, pair, 3), 3);
    assert_int_equal(pairs_list(of[0].call, of[1].call, pair, 0), 0);
    release(&of[0]);
    release(&of[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs__put_together__what_does_the_same),
        cmocka_unit_test(pairs__of_the_same_call_twice__are_all_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
