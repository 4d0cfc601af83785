/* Keys, mouse and sizes at random, on the real program while calls run: it does not crash, does
 * not hang, paints nothing that a terminal would obey, and q still quits. KEYS=N in the
 * environment presses so many; the same ones on every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/chance.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"

enum { KEYS = 1500, BATCH = 25,
       WIDTH_LEAST = 2     /* the library that is the terminal here dies of a wide glyph on one */
};

static uint64_t seed = 6;

static unsigned
chance(unsigned below)
{
    return (unsigned)(chance_next(&seed) >> 33) % below;
}

/* Without those that end or stop the program: they have tests of their own. */
static void
press_some(struct screen *s, int width, int height)
{
    static const char *const keys[] = {
        "j", "k", "g", "G", "h", "l", "[", "]", "!", "/", "n", "N", "\\", ":", "<", ">", "*", "R",
        "u", "d", "z", "m", "t", "p", "Z", "r", "s", "b", "f", "1", "2", "3",
        "5", "6", "D", "w", "o", "?", "0", "+", "-", "=", " ",
        "y", "Y", "M", "\r", "\t", "\033[Z", "\033[A", "\033OB", "\033[C", "\033[D",
        "\033[5~", "\033[6~", "\033[H", "\033[F", "\177", "\002", "\006", "\014", "\025",
        "\027", "\013", "gas>1T", "status:", "\xe4\xb8\x96", "\xff", "\033[99~", "\033[<0;1",
        "\033[200~paste\033[201~", "\033[1;5C"};
    for (int i = 0; i < BATCH; i++) {
        char report[48];
        if (chance(5)) {
            screen_press(s, keys[chance(sizeof(keys) / sizeof(keys[0]))]);
            continue;
        }
        snprintf(report, sizeof(report), "\033[<%u;%u;%u%c", chance(4) ? chance(3) : 64 + chance(2),
                 1 + chance((unsigned)width + 5), 1 + chance((unsigned)height + 5),
                 chance(3) ? 'M' : 'm');
        screen_press(s, report);
    }
}

static struct screen *
start(int width, int height)
{
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", NULL};
    static const char *const extra[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    struct screen *s = screen_start(width, height, argv, extra);
    screen_wait_frame(s, 0);
    return s;
}

static void
end(struct screen *s)
{
    int status = screen_wait_end(s);
    if (status > 3)
        fail_msg("it ended with %d", status);
    assert_true(screen_is_restored(s));
    screen_free(s);
}

static void
keys__do_no_harm__to_the_program_while_calls_run(void **state)
{
    const char *given = getenv("KEYS");
    long keys = given ? strtol(given, NULL, 10) : KEYS;
    int width = 80, height = 24;
    (void)state;
    struct screen *s = start(width, height);
    for (long i = 0; i < keys; i += BATCH) {
        press_some(s, width, height);
        if (chance(8) == 0) {
            width = WIDTH_LEAST + (int)chance(chance(2) ? 40 : 200);
            height = 1 + (int)chance(chance(2) ? 12 : 60);
            screen_resize(s, width, height);
        }
        if (screen_settle(s)) {
            screen_check_clean(s);
            continue;
        }
        /* A click met "quit" in the footer. */
        end(s);
        s = start(width, height);
    }
    /* The first ^C ends what is half a report of the mouse, the second one a prompt. */
    screen_press(s, "\003\003q");
    end(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__do_no_harm__to_the_program_while_calls_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
