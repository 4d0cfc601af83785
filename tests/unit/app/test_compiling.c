/* What the embedded chain says of contracts that it compiles, and nodes that know nothing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "net/base/macros.h"
#include "tests/support/net_teller.h"
#include "tests/support/net_wait.h"
#include "tui/app/compiling.h"
#include "tui/app/session.h"

struct scene {
    struct net_teller node;
    struct compiling_watch watch;
    char answer[300];
    int changes;
};

static const char *
answer(void *context, struct str method, const struct json *params)
{
    struct scene *s = context;
    (void)params;
    assert_true(str_equal_c(method, "neartop_compiling"));
    return s->answer;
}

static void
on_changed(void *context)
{
    ((struct scene *)context)->changes++;
}

static void
open(struct scene *s)
{
    *s = (struct scene){.watch = {.changed = on_changed, .context = s}};
    net_teller_open(&s->node, answer, s);
}

static void
close_all(struct scene *s)
{
    compiling_stop(&s->watch);
    net_teller_close(&s->node);
}

static bool
has_reply(const void *context)
{
    return ((const struct scene *)context)->watch.request == NULL;
}

/* A result, or NULL: there is no such method. */
static const char *
ask(struct scene *s, const char *result)
{
    if (result)
        snprintf(s->answer, sizeof(s->answer), "\"result\":%s", result);
    else
        snprintf(s->answer, sizeof(s->answer), "%s",
                 "\"error\":{\"name\":\"REQUEST_VALIDATION_ERROR\",\"cause\":{\"name\":"
                 "\"METHOD_NOT_FOUND\"},\"code\":-32601,\"message\":\"Method not found\"}");
    compiling_ask(&s->watch, s->node.rpc);
    compiling_ask(&s->watch, s->node.rpc);      /* no second one meanwhile */
    net_wait_until(s->node.loop, has_reply, s);
    return s->watch.text;
}

static void
compiling__tells__what_holds_up_the_chain(void **state)
{
    (void)state;
    struct scene s;
    open(&s);
    assert_string_equal(ask(&s, "[]"), "");
    assert_int_equal(s.changes, 0);
    assert_string_equal(ask(&s, "[{\"account_id\":\"bob.near\",\"code_size\":412345,"
                                "\"elapsed_ms\":1260,\"stage\":\"compiling\"}]"),
                        "compiling bob.near since 1.3 s: the chain waits for its 412 kB");
    assert_string_equal(ask(&s, "[{\"account_id\":\"a\",\"code_size\":1000,\"elapsed_ms\":0},{},{}]"),
                        "compiling a since 0.0 s, and 2 more: the chain waits for its 1 kB");
    assert_string_equal(ask(&s, "[{\"account_id\":7}]"), "");
    assert_string_equal(ask(&s, "{}"), "");
    assert_int_equal(s.changes, 3);
    assert_int_equal(s.node.served, 5);
    close_all(&s);
}

static void
compiling__asks_no_more__where_nobody_knows(void **state)
{
    (void)state;
    struct scene s;
    open(&s);
    assert_string_equal(ask(&s, NULL), "");
    assert_string_equal(ask(&s, "[]"), "");
    assert_int_equal(s.node.served, 1);
    assert_int_equal(s.changes, 0);
    close_all(&s);
}

/* A chain may be silent for as long as nobody waits for it. */
static void
compiling__is_asked__when_something_waits_for_a_silent_chain(void **state)
{
    const int64_t late = 60 * (int64_t)NS_PER_S;
    struct session s = {.store = store_new(), .network = {.block_time_ms = 600}};
    (void)state;
    assert_false(compiling_is_due(&s, late));
    s.open.count = 1;
    assert_true(compiling_is_due(&s, late));
    s.store->head_seen_ns = late - NS_PER_S;
    assert_false(compiling_is_due(&s, late));
    s.store->head_seen_ns = 0;
    s.open.count = 0;
    s.is_waiting = true;
    assert_true(compiling_is_due(&s, late));
    s.is_over = true;
    assert_false(compiling_is_due(&s, late));
    store_free(s.store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiling__tells__what_holds_up_the_chain),
        cmocka_unit_test(compiling__asks_no_more__where_nobody_knows),
        cmocka_unit_test(compiling__is_asked__when_something_waits_for_a_silent_chain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
