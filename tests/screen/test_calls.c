/* The screen of all calls, driven like a person would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "tests/support/screen.h"
#include "tests/support/tested.h"

static struct screen *
start(int width, int height, const char *more)
{
    const char *argv[] = {tested_path(), "--block-time", "100", more, NULL};
    return screen_start(width, height, argv, NULL);
}

static void
end(struct screen *s, int status)
{
    screen_check_clean(s);
    screen_quit(s, status);
}

static void
calls__say_what_to_press__when_there_are_none(void **state)
{
    (void)state;
    struct screen *s = start(80, 24, NULL);
    screen_wait(s, "No calls yet");
    assert_true(screen_has(s, "D   the demo"));
    assert_true(screen_has(s, "w   watch a transaction"));
    end(s, 0);
}

static void
calls__get_a_row__for_each_run(void **state)
{
    (void)state;
    struct screen *s = start(120, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "D");
    screen_wait(s, "succeeded");
    screen_press(s, "1");
    screen_wait(s, "1 call   1 ok");
    screen_press(s, "r");
    screen_wait(s, "2 calls   2 ok");
    screen_press(s, "b");
    screen_wait(s, "3 calls   3 ok");
    int batch = screen_row_of(s, "batch"), other = screen_row_of(s, "get_portfolio_data");
    assert_true(batch >= 0 && batch < other);
    assert_non_null(strstr(screen_row(s, other), "✓✓✓"));
    end(s, 0);
}

/* Setting the fault is the drill's own affair, no call of anybody's. */
static void
calls__do_not_show__what_sets_a_fault(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--block-time", "100", "--fail",
                          "lending=panic", NULL};
    struct screen *s = screen_start(120, 30, argv, NULL);
    screen_wait(s, "1 of 3 branches failed");
    screen_press(s, "1");
    screen_wait(s, "1 call ");
    assert_false(screen_has(s, "set_fault"));
    assert_false(screen_has(s, "running"));
    end(s, 2);
}

static void
calls__open_the_one_that_is_selected__and_come_back(void **state)
{
    (void)state;
    struct screen *s = start(100, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "D");
    screen_wait(s, "succeeded");
    screen_press(s, "1");
    screen_wait(s, "1 call   1 ok");
    screen_press(s, "b");
    screen_wait(s, "2 calls   2 ok");
    /* The older one is below. */
    screen_press(s, "j");
    screen_press(s, "\r");
    screen_wait(s, "calls › get_portfolio_data");
    screen_wait(s, "[1] get_position");
    screen_press(s, "\x1b");
    screen_wait(s, "2 calls   2 ok");
    end(s, 0);
}

static void
calls__are_filtered__as_it_is_typed(void **state)
{
    (void)state;
    struct screen *s = start(100, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "D");
    screen_wait(s, "succeeded");
    screen_press(s, "1b");
    screen_wait(s, "2 calls   2 ok");
    screen_press(s, "\\method:batch");
    screen_wait(s, "1 of 2");
    assert_int_equal(screen_row_of(s, "get_portfolio_data"), -1);
    screen_press(s, "\x1b");
    screen_wait(s, "o order");
    screen_wait(s, "get_portfolio_data");
    screen_press(s, "\\nonsense:x");
    screen_wait(s, "nonsense");
    screen_press(s, "\x1b");
    screen_wait(s, "o order");
    end(s, 0);
}

static void
sources__tell_who_was_first__and_requests_what_was_asked(void **state)
{
    (void)state;
    struct screen *s = start(120, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "D");
    screen_wait(s, "succeeded");
    screen_press(s, "5");
    screen_wait(s, "all sources agree");
    assert_non_null(strstr(screen_row(s, screen_row_of(s, "push         live")), "10       10"));
    screen_press(s, "6");
    screen_wait(s, "send_tx");
    screen_wait(s, "EXPERIMENTAL_tx_status");
    end(s, 0);
}

static void
form__sends_a_call__and_edits_it(void **state)
{
    (void)state;
    struct screen *s = start(100, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "a");
    screen_wait(s, "a new call");
    screen_press(s, "counter.test.near\tget_num");
    screen_wait(s, "get_num");
    screen_wait_gone(s, "not yet");
    screen_press(s, "\x1bOQ");
    screen_wait(s, "counter.test.near › get_num");
    screen_wait(s, "succeeded");
    screen_press(s, "e");
    screen_wait(s, "[ send ]");
    assert_true(screen_has(s, "contract    counter.test.near"));
    screen_press(s, "\x1b");
    screen_wait(s, "succeeded");
    end(s, 0);
}

/* Begins with a call of the settings; the next run begins with that. */
static void
form__begins_with_what_is_known__and_remembers_it(void **state)
{
    (void)state;
    char folder[] = "/tmp/neartop-calls-XXXXXX", variable[64], file[64];
    assert_non_null(mkdtemp(folder));
    snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", folder);
    const char *extra[] = {variable, NULL};
    const char *argv[] = {tested_path(), "--block-time", "100", NULL};
    struct screen *s = screen_start(80, 24, argv, extra);
    screen_wait(s, "No calls yet");
    screen_press(s, "a");
    screen_wait(s, "a new call");
    screen_press(s, "half.typed\x1bOR");
    screen_wait(s, "@portfolio");
    screen_press(s, "guestbook");
    screen_wait_gone(s, "@portfolio");
    screen_press(s, "\r");
    screen_wait(s, "multiple_contracts");
    screen_wait(s, "at the node's 0.0001 NEAR");
    screen_press(s, "\r");
    screen_wait(s, "xcc.test.near › multiple_contracts");
    screen_wait(s, "succeeded");
    screen_press(s, "a\x1b[6~");
    screen_wait(s, "half.typed");
    screen_press(s, "\x1b");
    screen_wait(s, "succeeded");
    end(s, 0);
    s = screen_start(80, 24, argv, extra);
    screen_wait(s, "No calls yet");
    screen_press(s, "a\x1b[5~");
    screen_wait(s, "multiple_contracts");
    screen_wait(s, "signer      alice.test.near");
    screen_press(s, "\x1b");
    screen_wait(s, "No calls yet");
    end(s, 0);
    snprintf(file, sizeof(file), "%s/neartop/calls.jsonl", folder);
    assert_int_equal(unlink(file), 0);
    snprintf(file, sizeof(file), "%s/neartop/calls.jsonl.lock", folder);
    assert_int_equal(unlink(file), 0);
    snprintf(file, sizeof(file), "%s/neartop", folder);
    assert_int_equal(rmdir(file), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void
compare__runs_each_method__and_compares(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "compare", "--block-time", "600", "--rounds",
                          "1", NULL};
    struct screen *s = screen_start(100, 30, argv, NULL);
    screen_wait(s, "runs compared");
    screen_wait(s, "Run 3 of 3 is under way.");
    screen_wait(s, "  batch     ");
    /* Three reads one after another take three times the blocks of three at once; in time also, as
     * nearly as blocks come when they are due. */
    int slow = screen_row_of(s, "get_portfolio_sequential");
    int fast = screen_row_of(s, "get_portfolio_data");
    assert_non_null(strstr(screen_row(s, slow), "       6 "));
    assert_non_null(strstr(screen_row(s, fast), "       2 "));
    assert_non_null(strstr(screen_row(s, fast), "3.0 × "));
    screen_wait(s, "All 3 runs are over.");
    end(s, 0);
}

/* Two that are marked are compared alone, also when others have run. */
static void
compare__shows_two_calls__that_are_marked(void **state)
{
    (void)state;
    struct screen *s = start(100, 40, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "D");
    screen_wait(s, "succeeded");
    screen_press(s, "1b");
    screen_wait(s, "2 calls   2 ok");
    screen_press(s, "s");
    screen_wait(s, "3 calls   3 ok");
    screen_press(s, "m");
    screen_wait(s, "1 marked");
    screen_press(s, "jjm");
    screen_wait(s, "2 marked: 4 compares them");
    screen_press(s, "c");
    screen_wait(s, "marked calls compared");
    int method = screen_row_of(s, "  method ");
    assert_non_null(strstr(screen_row(s, method), "get_portfolio_data   get_portfolio_sequential"));
    int blocks = screen_row_of(s, "  blocks ");
    assert_non_null(strstr(screen_row(s, blocks), " 2 "));
    assert_non_null(strstr(screen_row(s, blocks), " 6 "));
    assert_non_null(strstr(screen_row(s, blocks), "+4"));
    assert_false(screen_has(s, "batch of 3"));
    end(s, 0);
}

static void
teaching__tells_what_happens__and_how_it_ended(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--teach", "--block-time", "250",
                          NULL};
    struct screen *s = screen_start(200, 30, argv, NULL);
    screen_wait(s, "what happens");
    screen_wait(s, "portfolio_callback waits for 3 results.");
    screen_wait(s, "ran at once, each on its own shard");
    screen_wait(s, "It took 2 blocks; one after another its calls would take about 6. All of it is final.");
    screen_press(s, "T");
    screen_wait_gone(s, "what happens");
    end(s, 0);
}

static void
form__asks__where_tokens_are_real(void **state)
{
    (void)state;
    /* An address where nobody answers: nothing is asked of it before the answer. */
    const char *argv[] = {tested_path(), "--network", "mainnet", "--rpc",
                          "http://192.0.2.1:9", "--ws", "off", "--as", "alice.near", "--key-dir",
                          "/nowhere", NULL};
    struct screen *s = screen_start(100, 30, argv, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "a");
    screen_wait(s, "a new call");
    screen_press(s, "counter.near\tget_num\x1bOQ");
    screen_wait(s, "is this to be sent?");
    assert_true(screen_has(s, "network   mainnet"));
    assert_true(screen_has(s, "costs     at most"));
    screen_press(s, "n");
    screen_wait(s, "nothing was signed or sent");
    screen_press(s, "\x1bOQ");
    screen_wait(s, "is this to be sent?");
    screen_press(s, "y");
    screen_wait(s, "no key of alice.near");
    /* And the form is still there. */
    assert_true(screen_has(s, "[ send ]"));
    screen_press(s, "\x1b");
    screen_wait(s, "No calls yet");
    end(s, 0);
}

static void
watch__says_what_is_wrong__with_what_was_pasted(void **state)
{
    (void)state;
    struct screen *s = start(100, 30, NULL);
    screen_wait(s, "No calls yet");
    screen_press(s, "w");
    screen_wait(s, "hash, account:hash, receipt id, explorer address");
    screen_press(s, "hello\r");
    screen_wait(s, "no hash has a \"l\"");
    screen_press(s, "\x1b");
    screen_wait(s, "q quit");
    end(s, 0);
}

static void
neartop__prints_help__when_nobody_sees_a_screen(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof(command), "%s </dev/null | grep -q 'neartop demo'", tested_path());
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    assert_int_equal(screen_wait_end(s), 0);
    screen_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls__say_what_to_press__when_there_are_none),
        cmocka_unit_test(calls__get_a_row__for_each_run),
        cmocka_unit_test(calls__do_not_show__what_sets_a_fault),
        cmocka_unit_test(calls__open_the_one_that_is_selected__and_come_back),
        cmocka_unit_test(calls__are_filtered__as_it_is_typed),
        cmocka_unit_test(sources__tell_who_was_first__and_requests_what_was_asked),
        cmocka_unit_test(form__sends_a_call__and_edits_it),
        cmocka_unit_test(form__begins_with_what_is_known__and_remembers_it),
        cmocka_unit_test(compare__runs_each_method__and_compares),
        cmocka_unit_test(compare__shows_two_calls__that_are_marked),
        cmocka_unit_test(teaching__tells_what_happens__and_how_it_ended),
        cmocka_unit_test(form__asks__where_tokens_are_real),
        cmocka_unit_test(watch__says_what_is_wrong__with_what_was_pasted),
        cmocka_unit_test(neartop__prints_help__when_nobody_sees_a_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
