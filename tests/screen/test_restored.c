/* However the program ends or is stopped, the terminal is as it was before, and the tree is on it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/support/screen.h"
#include "tests/support/tested.h"

/* One that has its own report to make of a fault. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER
#endif
#endif

static struct screen *
start(const char *block_time, const char *more, const char *value)
{
    const char *argv[] = {tested_path(), "demo", "--block-time", block_time, more, value, NULL};
    return screen_start(80, 24, argv, NULL);
}

static void
quit__leaves_the_tree__on_the_normal_screen(void **state)
{
    (void)state;
    struct screen *s = start("100", "--fail", "token=panic");
    screen_wait(s, "1 of 3 branches failed");
    assert_true(screen_is_alternate(s));
    screen_press(s, "q");
    assert_int_equal(screen_wait_end(s), 2);
    assert_true(screen_is_restored(s));
    assert_true(screen_has(s, "├─ ✗ [0] ft_balance_of token"));
    assert_true(screen_has(s, "└─ ✓ portfolio_callback"));
    screen_free(s);
}

/* Who looks at all calls leaves with all of them, the newest where the prompt is. */
static void
quit__leaves_a_line_a_call__from_the_list(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--block-time", "100", "--fail", "token=panic", NULL};
    struct screen *s = screen_start(140, 40, argv, NULL);
    screen_wait(s, "all of it is final");
    screen_press(s, "r");
    screen_wait_gone(s, "all of it is final");
    screen_wait(s, "all of it is final");
    screen_press(s, "s");
    screen_wait(s, "calls › get_portfolio_sequential");
    screen_wait(s, "all of it is final");
    screen_press(s, "1");
    screen_wait(s, "3 calls");
    screen_press(s, "q");
    screen_wait_end(s);
    assert_true(screen_is_restored(s));
    assert_false(screen_has(s, "ft_balance_of"));
    int last = screen_row_of(s, "  get_portfolio_sequential portfolio.test.near  ");
    assert_true(last > screen_row_of(s, "  get_portfolio_data portfolio.test.near  "));
    assert_true(screen_has(s, "1 of 3 branches failed"));
    screen_free(s);
}

static void
terminal__is_restored__after_a_signal(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    (void)state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct screen *s = start("100", NULL, NULL);
        screen_wait(s, "Tgas  final");
        screen_kill(s, signals[i]);
        assert_int_equal(screen_wait_end(s), 128 + signals[i]);
        assert_true(screen_is_restored(s));
        /* … and the tree stays behind. */
        assert_true(screen_has(s, "└─ ✓ portfolio_callback"));
        screen_free(s);
    }
}

static void
terminal__is_restored__after_a_crash(void **state)
{
    static const int signals[] = {SIGABRT, SIGQUIT, SIGUSR1, SIGALRM,
#ifndef HAS_SANITIZER
                                  SIGSEGV, SIGBUS, SIGFPE, SIGILL
#endif
    };
    (void)state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct screen *s = start("60", NULL, NULL);
        screen_wait(s, "Tgas  final");
        screen_kill(s, signals[i]);
        assert_int_equal(screen_wait_end(s), 128 + signals[i]);
        assert_true(screen_is_restored(s));
        /* What was seen is still to be seen, as text on the normal screen. */
        assert_true(screen_has(s, "└─✓ portfolio_callback"));
        assert_true(screen_has(s, "\"staking\": \"31415926\""));
        screen_free(s);
    }
}

/* ^Z, what a shell does meanwhile, and back. */
static void
suspend__gives_the_terminal_back__and_takes_it_again(void **state)
{
    (void)state;
    struct screen *s = start("60", NULL, NULL);
    screen_wait(s, "final");
    screen_press(s, "\032");
    screen_wait_stopped(s);
    assert_true(screen_is_restored(s));
    screen_resize(s, 100, 30);
    screen_kill(s, SIGCONT);
    screen_wait(s, "by alice.test.near");
    assert_true(screen_is_alternate(s));
    screen_press(s, "?");
    screen_wait(s, "keys and marks");
    screen_press(s, "?");
    screen_wait_gone(s, "keys and marks");
    screen_quit(s, 0);
}

/* A stop that cannot be caught; the shell has left the terminal as it likes it. */
static void
stop__leaves_no_trace__when_it_is_continued(void **state)
{
    (void)state;
    struct screen *s = start("60", NULL, NULL);
    screen_wait(s, "final");
    screen_kill(s, SIGSTOP);
    screen_wait_stopped(s);
    screen_make_cooked(s);
    screen_kill(s, SIGCONT);
    screen_resize(s, 100, 30);
    screen_wait(s, "by alice.test.near");
    /* Keys come one by one again, without Return. */
    screen_press(s, "?");
    screen_wait(s, "keys and marks");
    screen_press(s, "?");
    screen_wait_gone(s, "keys and marks");
    screen_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quit__leaves_the_tree__on_the_normal_screen),
        cmocka_unit_test(quit__leaves_a_line_a_call__from_the_list),
        cmocka_unit_test(terminal__is_restored__after_a_signal),
        cmocka_unit_test(terminal__is_restored__after_a_crash),
        cmocka_unit_test(suspend__gives_the_terminal_back__and_takes_it_again),
        cmocka_unit_test(stop__leaves_no_trace__when_it_is_continued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
