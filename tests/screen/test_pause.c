/* A picture that is held, on a call that goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/support/screen.h"
#include "tests/support/tested.h"

/* The picture stays as it was while keys go through it, and what comes is counted. */
static void
pause__holds_the_picture__whatever_is_pressed(void **state)
{
    (void)state;
    const char *const argv[] = {tested_path(), "demo", "--block-time", "150", NULL};
    struct screen *s = screen_start(100, 30, argv, NULL);
    screen_wait(s, "0 of 3 branches are back");
    screen_press(s, "p");
    screen_wait(s, " paused");
    screen_wait(s, "new ");
    screen_press(s, "j");
    screen_wait(s, "▌ ├─► [0] ft_balance_of");
    screen_press(s, "\r");
    screen_wait(s, "On its way to its shard");
    screen_press(s, "\033");
    screen_wait(s, "0 of 3 branches are back");
    /* So much has come in the meantime that the call is over. */
    screen_wait(s, "paused, 2");
    screen_press(s, "p");
    screen_wait(s, "succeeded");
    assert_false(screen_has(s, "paused"));
    screen_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pause__holds_the_picture__whatever_is_pressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
