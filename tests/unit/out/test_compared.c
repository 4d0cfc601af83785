/* Runs side by side, in words and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/out/compared.h"

static struct store *
store_with_a_call(void)
{
    struct store *s = store_new();
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("get")};
    struct event tx = made_event(EVENT_TX);
    tx.transaction.view.signer = tx.transaction.view.receiver = account_of("a.near");
    tx.transaction.view.actions = &action;
    tx.transaction.view.action_count = 1;
    store_apply(s, &tx);
    return s;
}

static void
compared__says_what_runs_took__and_where_that_is_not_known(void **state)
{
    (void)state;
    struct store *s = store_with_a_call();
    const struct call *c = made_call(s);
    const struct compared list[] = {
        {.sample = c, .runs = 3, .failed = 1, .timed = 2, .blocks = 2, .gas = 7000000000000, .ms = 1200},
        {.sample = c, .runs = 1, .failed = 0, .timed = 0},
        {.sample = c, .runs = 3, .failed = 0, .timed = 3, .blocks = 6, .gas = 9000000000000, .ms = 3600}};
    struct buf out;
    struct json_writer w;
    buf_init(&out, 4096);
    compared_text(&out, list, 3);
    assert_string_equal(buf_c(&out),
        "These are the medians of all runs.\n"
        "get: 3 runs, of which 1 failed, took 2 blocks, 1.20 s and 7.00 Tgas, which is 3.0 times as fast "
        "as the slowest.\n"
        "get: 1 run, of which 0 failed, and what it took could not be learnt.\n"
        "get: 3 runs, of which 0 failed, took 6 blocks, 3.60 s and 9.00 Tgas.\n");
    buf_clear(&out);
    json_write_begin(&w, &out);
    json_write_object(&w);
    compared_json(&w, list, 2);
    json_write_object_end(&w);
    assert_string_equal(buf_c(&out),
        "{\"methods\":[{\"method\":\"get\",\"runs\":3,\"failed\":1,\"blocks\":2,\"ms\":1200,"
        "\"gas_burnt\":\"7000000000000\",\"faster\":1.00},{\"method\":\"get\",\"runs\":1,\"failed\":0,"
        "\"blocks\":null,\"ms\":null,\"gas_burnt\":null,\"faster\":null}]}");
    buf_release(&out);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compared__says_what_runs_took__and_where_that_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
