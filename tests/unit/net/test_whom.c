/* Which endpoint is asked how far finality is, when the one that was asked stands still, falls
 * behind or does not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/xalloc.h"
#include "net/whom.h"

enum { LOOKS = 5, FIRST = 0, SECOND = 1 };

struct scene {
    struct loop *loop;
    struct http *http;
    struct rpc *rpc;
    struct whom_final whom;
};

static int
set_up(void **state)
{
    static const struct endpoint_config configs[] = {{.url = "http://127.0.0.1:1", .name = "first"},
                                                     {.url = "http://127.0.0.1:2", .name = "second"}};
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    s->rpc = rpc_new(s->loop, s->http, &(struct rpc_config){.endpoints = configs,
                                                            .endpoint_count = ARRAY_LEN(configs)});
    whom_final_init(&s->whom);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    rpc_free(s->rpc);
    http_free(s->http);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void
hear(struct scene *s, int endpoint, enum rpc_fault fault, uint64_t height)
{
    const struct ask_reply reply = {.fault = fault, .endpoint = endpoint, .final_height = height};
    whom_final_heard(&s->whom, s->rpc, &reply);
}

static uint32_t
avoided(const struct scene *s)
{
    return whom_final_to_ask(&s->whom).refused_by;
}

static enum endpoint_state
state_of(const struct scene *s, uint32_t index)
{
    struct endpoint_fact fact;
    rpc_endpoint(s->rpc, index, &fact);
    return fact.state;
}

static void
whom_final__asks_another__when_one_stands_still(void **state)
{
    struct scene *s = *state;
    hear(s, FIRST, RPC_FINE, 7);
    for (int i = 0; i < LOOKS; i++) {
        assert_int_equal(avoided(s), 0);
        hear(s, FIRST, RPC_FINE, 7);
    }
    assert_int_equal(avoided(s), 1 << FIRST);
    hear(s, SECOND, RPC_FINE, 9);
    assert_int_equal(avoided(s), 0);
    assert_int_equal(state_of(s, FIRST), ENDPOINT_RESTS);
}

static void
whom_final__asks_another__when_one_knows_no_final_block(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < LOOKS; i++) {
        assert_int_equal(avoided(s), 0);
        hear(s, FIRST, RPC_UNKNOWN_BLOCK, 0);
    }
    assert_int_equal(avoided(s), 1 << FIRST);
    hear(s, SECOND, RPC_FINE, 9);
    assert_int_equal(avoided(s), 0);
    assert_int_equal(state_of(s, FIRST), ENDPOINT_RESTS);
}

/* It goes on, and would come to the end in half a minute. */
static void
whom_final__asks_another__when_one_is_far_behind_the_blocks_that_ran(void **state)
{
    struct scene *s = *state;
    uint64_t height = 50;
    whom_final_saw(&s->whom, 100);
    for (int i = 0; i < LOOKS; i++) {
        assert_int_equal(avoided(s), 0);
        hear(s, FIRST, RPC_FINE, height++);
    }
    assert_int_equal(avoided(s), 1 << FIRST);
    hear(s, SECOND, RPC_FINE, 99);
    assert_int_equal(avoided(s), 0);
    assert_int_equal(state_of(s, FIRST), ENDPOINT_RESTS);
    /* As usual: two or three blocks. */
    for (int i = 0; i < 2 * LOOKS; i++) {
        hear(s, SECOND, RPC_FINE, 100 + (uint64_t)i);
        whom_final_saw(&s->whom, 103 + (uint64_t)i);
        assert_int_equal(avoided(s), 0);
    }
    assert_int_not_equal(state_of(s, SECOND), ENDPOINT_RESTS);
}

static void
whom_final__goes_back__when_the_other_knows_no_more(void **state)
{
    struct scene *s = *state;
    hear(s, FIRST, RPC_FINE, 7);
    for (int i = 0; i < LOOKS; i++)
        hear(s, FIRST, RPC_FINE, 7);
    hear(s, SECOND, RPC_UNKNOWN_BLOCK, 0);
    assert_int_equal(avoided(s), 0);
    assert_int_not_equal(state_of(s, FIRST), ENDPOINT_RESTS);
    hear(s, FIRST, RPC_FINE, 8);
    assert_int_equal(avoided(s), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whom_final__asks_another__when_one_stands_still),
        TEST(whom_final__asks_another__when_one_knows_no_final_block),
        TEST(whom_final__asks_another__when_one_is_far_behind_the_blocks_that_ran),
        TEST(whom_final__goes_back__when_the_other_knows_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
