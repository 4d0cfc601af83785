/* Somebody who knows htop and NEAR, and has never seen neartop, asks why a call failed.
 *
 * Nothing is known to them but what the screen says: they look, then they press the key that the
 * last row offers first, Enter, and when the page says that there are more lines, the arrow down.
 * The keys until the whole sentence of why is to be seen are counted, for each kind of failure
 * and at each size; the README has the figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"

enum { SIZES = 4, WORDS = 8, KEYS_MOST = 4 };

static const int sizes[SIZES][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

static const struct drill {
    const char *words[WORDS];
    const char *row;                /* what the row that failed begins with */
    const char *why;                /* the whole sentence */
    int keys[SIZES];                /* at most so many */
    int status;
} drills[] = {
    {{"demo", "--fail", "lending=panic"}, "[1] get_",
     "the contract panicked: pool is paused", {1, 0, 0, 0}, 2},
    {{"demo", "--fail", "lending=loop"}, "[1] get_", "the attached gas ran out", {1, 0, 0, 0}, 2},
    {{"demo", "--fail", "token=no-method"}, "[0] ft_b",
     "the contract has no method ft_balance_of", {1, 0, 0, 0}, 2},
    {{"demo", "--fail", "lending=no-contract"}, "[1] get_",
     "there is no contract on alice.test.near", {1, 0, 0, 0}, 2},
    {{"demo", "--fail", "staking=no-account"}, "[2] get_",
     "the account nobody.test.near does not exist", {1, 0, 0, 0}, 2},
    {{"demo", "--fail", "callback=panic"}, "portfolio_dri",
     "the contract panicked: the answers do not fit together", {1, 0, 0, 0}, 1},
    {{"demo", "--fail", "callback=loop"}, "portfolio_dri", "the attached gas ran out",
     {1, 0, 0, 0}, 1},
    {{"demo", "--sequential", "--fail", "staking=panic"}, "[0] get_",
     "the contract panicked: rewards are being recalculated", {1, 0, 0, 0}, 2},
    {{"demo", "--batch", "--fail", "token=panic"}, "batch of 3",
     "the contract panicked: portfolio.test.near owns 999986, less than "
     "340282366920938463463374607431768211455", {1, 0, 0, 0}, 1},
    {{"call", "portfolio.test.near", "get_portfolio"}, "get_portf",
     "the contract has no method get_portfolio", {0, 0, 0, 0}, 1},
    {{"call", "portfolio.test.near", "get_portfolio_data"}, "get_portf",
     "the contract panicked: missing argument: user", {0, 0, 0, 0}, 1},
};

/* --- looking ---------------------------------------------------------------------------------- */

static uint32_t
scalar_at(const struct screen *s, int x, int y)
{
    return screen_cell(s, x, y).scalar;
}

/* How much of `text` stands at (x, y), as far as it goes. */
static size_t
matched(const struct screen *s, int x, int y, const char *text)
{
    size_t n = 0;
    int width, height;
    screen_size(s, &width, &height);
    while (text[n] && x + (int)n < width && scalar_at(s, x + (int)n, y) == (uint32_t)text[n])
        n++;
    return n;
}

/* The sentence begins here, and goes on below itself where it is broken. */
static bool
stands_at(const struct screen *s, int x, int y, const char *text)
{
    int width, height;
    screen_size(s, &width, &height);
    for (; y < height; y++) {
        size_t n = matched(s, x, y, text);
        if (n == 0)
            return false;
        text += n;
        if (*text == ' ')
            text++;
        if (!*text)
            return true;
    }
    return false;
}

static bool
is_to_be_seen(const struct screen *s, const char *text)
{
    int width, height;
    screen_size(s, &width, &height);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            if (stands_at(s, x, y, text))
                return true;
        }
    }
    return false;
}

/* Where the eye goes first: the row that is marked is the one that failed. */
static void
check_marked(const struct screen *s, const struct drill *d)
{
    int width, height;
    screen_size(s, &width, &height);
    for (int y = 0; y < height; y++) {
        const char *row = screen_row(s, y);
        if (strncmp(row, "▌", strlen("▌")) != 0)
            continue;
        if (!strstr(row, d->row) || !strstr(row, "✗"))
            fail_msg("%s %s: not the row that failed: %s", d->words[0], d->words[2], row);
        return;
    }
    fail_msg("no row is marked");
}

/* --- pressing --------------------------------------------------------------------------------- */

static void
press(struct screen *s, const char *key, unsigned long *pressed)
{
    screen_press(s, key);
    screen_wait_frame(s, ++*pressed);
}

static int
keys_until_seen(struct screen *s, const struct drill *d, unsigned long *pressed)
{
    int count = 0;
    while (!is_to_be_seen(s, d->why) && count <= KEYS_MOST) {
        if (count == 0)
            assert_true(screen_has(s, "Enter why it failed"));
        press(s, count == 0 ? "\r" : "\033[B", pressed);
        count++;
    }
    return count;
}

static void
check_drill(const struct drill *d)
{
    const char *argv[WORDS + 4] = {tested_path()};
    const char *extra[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    unsigned long pressed = 0;
    size_t n = 1;
    while (d->words[n - 1]) {
        argv[n] = d->words[n - 1];
        n++;
    }
    argv[n++] = "--block-time";
    argv[n] = "60";
    struct screen *s = screen_start(120, 40, argv, extra);
    screen_wait(s, "all of it is final");
    for (int i = 0; i < SIZES; i++) {
        screen_resize(s, sizes[i][0], sizes[i][1]);
        screen_wait_frame(s, pressed);
        check_marked(s, d);
        int keys = keys_until_seen(s, d, &pressed);
        print_message("%-9s %-24s %3d x %-2d %d\n", d->words[0],
                      d->words[3] ? d->words[3] : d->words[2], sizes[i][0], sizes[i][1], keys);
        assert_in_range(keys, 0, d->keys[i]);
        if (keys)
            press(s, "2", &pressed);
    }
    screen_press(s, "q");
    assert_int_equal(screen_wait_end(s), d->status);
    screen_free(s);
}

static void
newcomer__finds_why_a_call_failed__in_less_than_five_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(drills); i++)
        check_drill(&drills[i]);
}

/* Who has gone elsewhere is led back by what the last row offers. */
static void
newcomer__is_led_back_to_the_cause(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--sequential", "--fail",
                          "staking=panic", "--block-time", "60", NULL};
    const char *extra[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    unsigned long pressed = 0;
    struct screen *s = screen_start(120, 40, argv, extra);
    screen_wait(s, "all of it is final");
    for (int i = 0; i < SIZES; i++) {
        screen_resize(s, sizes[i][0], sizes[i][1]);
        press(s, "g", &pressed);
        assert_true(screen_has(s, "! cause"));
        press(s, "!", &pressed);
        if (!is_to_be_seen(s, drills[7].why)) {
            assert_true(screen_has(s, "Enter why it failed"));
            press(s, "\r", &pressed);
        }
        assert_true(is_to_be_seen(s, drills[7].why));
        press(s, "2", &pressed);
    }
    screen_quit(s, 2);
}

/* Among other calls, the one that is selected says why it failed, without being opened. */
static void
newcomer__sees_why_in_the_list_of_calls(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--fail", "lending=panic",
                          "--block-time", "60", NULL};
    const char *extra[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    unsigned long pressed = 0;
    struct screen *s = screen_start(120, 40, argv, extra);
    screen_wait(s, "all of it is final");
    press(s, "1", &pressed);
    for (int i = 0; i < SIZES; i++) {
        screen_resize(s, sizes[i][0], sizes[i][1]);
        screen_wait_frame(s, pressed);
        assert_true(is_to_be_seen(s, "succeeded, but 1 of 3 branches failed: [1] lending: \"pool is "
                                     "paused\""));
    }
    screen_quit(s, 2);
}

/* What was never sent has no receipt that could say why. */
static void
newcomer__sees_why_nothing_was_sent(void **state)
{
    static const char key[] =
        "bob.test.near does not exist, or does not have the key "
        "ed25519:6weVZg2ghUQAkVdHEB6D8q7kHXJXSA5EPwHSWsoZF59o: is it the right network?";
    (void)state;
    const char *argv[] = {tested_path(), "call", "xcc.test.near", "multiple_contracts",
                          "--as", "bob.test.near", "--block-time", "60", NULL};
    const char *extra[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    struct screen *s = screen_start(200, 60, argv, extra);
    screen_wait(s, key);
    screen_wait_gone(s, "asking the node");
    for (int i = 0; i < SIZES; i++) {
        screen_resize(s, sizes[i][0], sizes[i][1]);
        screen_wait_frame(s, 0);
        /* From its first word to the last. */
        assert_true(screen_has(s, "network?"));
        assert_true(screen_has(s, "bob.test.near does not"));
    }
    screen_quit(s, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newcomer__finds_why_a_call_failed__in_less_than_five_keys),
        cmocka_unit_test(newcomer__is_led_back_to_the_cause),
        cmocka_unit_test(newcomer__sees_why_in_the_list_of_calls),
        cmocka_unit_test(newcomer__sees_why_nothing_was_sent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
