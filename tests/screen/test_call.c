/* The call screen, driven like a person would: the demo on a pseudo-terminal. */
#include <setjmp.h>
#include <signal.h>
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
#include "tests/support/text_file.h"

static struct screen *
start_demo(int width, int height, const char *block_time, const char *more, const char *value)
{
    const char *argv[] = {tested_path(), "demo", "--block-time", block_time, more, value, NULL};
    return screen_start(width, height, argv, NULL);
}

static void
call__shows_a_branch_before_it_has_run__and_changes_as_it_runs(void **state)
{
    (void)state;
    struct screen *s = start_demo(100, 30, "250", NULL, NULL);
    screen_wait(s, "[1] get_position");
    /* The branch is there, and has not run: no gas, on its way. */
    int row = screen_row_of(s, "[1] get_position");
    assert_non_null(strstr(screen_row(s, row), "in flight"));
    assert_true(screen_has(s, "waits [0 1 2]"));
    assert_true(screen_has(s, "0 of 3 branches are back"));
    screen_wait(s, "collateral");
    assert_null(strstr(screen_row(s, screen_row_of(s, "[1] get_position")), "in flight"));
    screen_wait(s, "succeeded");
    screen_wait(s, "final");
    assert_true(screen_has(s, "\"balance\": \"1250000000\""));
    assert_true(screen_has(s, "about 6 blocks"));
    assert_true(screen_has(s, "3.0 ×"));
    screen_check_clean(s);
    screen_quit(s, 0);
}

/* The last occurrence: what stands behind the divider of the timeline. */
static const char *
last_of(const char *text, const char *part)
{
    const char *found = NULL;
    for (const char *p = text; (p = strstr(p, part)); p += strlen(part))
        found = p;
    return found;
}

static int
strokes(const struct screen *s, const char *receipt, const char *stroke)
{
    int count = 0;
    const char *row = screen_row(s, screen_row_of(s, receipt));
    for (const char *p = last_of(row, "│"); p && (p = strstr(p, stroke)); p += strlen(stroke))
        count++;
    return count;
}

/* On the critical path or off it. */
static int
executed(const struct screen *s, const char *receipt)
{
    return strokes(s, receipt, "█") + strokes(s, receipt, "▓");
}

static void
timeline__moves__with_the_blocks(void **state)
{
    (void)state;
    struct screen *s = start_demo(110, 40, "250", NULL, NULL);
    screen_wait(s, "[0] ft_balance_of");
    assert_true(strokes(s, "[0] ft_balance_of", "╌") > 0);
    assert_int_equal(executed(s, "[0] ft_balance_of"), 0);
    assert_true(strokes(s, "[0] ft_balance_of", "►") > 0);
    assert_true(strokes(s, "portfolio_callback", "►") > 0);
    screen_wait(s, "succeeded");
    assert_true(strokes(s, "portfolio_callback", "·") > 0);
    assert_true(executed(s, "[0] ft_balance_of") > 0);
    assert_int_equal(strokes(s, "[0] ft_balance_of", "►"), 0);
    assert_true(executed(s, "portfolio_callback") > 0);
    screen_press(s, "t");
    screen_wait(s, "+0");
    screen_quit(s, 0);
}

static void
call__shouts__when_a_failure_was_swallowed(void **state)
{
    (void)state;
    struct screen *s = start_demo(80, 24, "100", "--fail", "lending=panic");
    screen_wait(s, "succeeded, but 1 of 3 branches failed: [1] lending: \"pool is paused\"");
    screen_wait(s, "\"lending\": null");
    assert_non_null(strstr(screen_row(s, screen_row_of(s, "\"lending\": null")), "[1] lending"));
    assert_non_null(strstr(screen_row(s, screen_row_of(s, "[1] get_position")), "panicked"));
    assert_int_equal(screen_colour_of(s, "panicked"), 1);
    screen_quit(s, 2);
}

static void
receipt__opens_and_closes__with_enter_and_escape(void **state)
{
    (void)state;
    struct screen *s = start_demo(100, 46, "100", "--fail", "lending=panic");
    screen_wait(s, "1 of 3 branches failed");
    screen_press(s, "!");
    screen_press(s, "\r");
    screen_wait(s, "› [1] get_position");
    screen_wait(s, "node says");
    assert_true(screen_has(s, "the contract panicked: pool is paused"));
    assert_true(screen_has(s, "lending.test.near"));
    assert_true(screen_has(s, "CONTRACT_LOADING_BYTES"));
    screen_press(s, "\033");
    screen_wait(s, "\"lending\": null");
    screen_press(s, "?");
    screen_wait(s, "to what failed, or the next");
    screen_press(s, "q");
    screen_wait_gone(s, "to what failed, or the next");
    screen_quit(s, 2);
}

static void
keys__run_again_one_by_one_and_with_a_failure(void **state)
{
    (void)state;
    struct screen *s = start_demo(120, 40, "60", NULL, NULL);
    screen_wait(s, "Tgas  final");
    screen_press(s, "s");
    screen_wait(s, "get_portfolio_sequential");
    screen_wait(s, "6 blocks");
    screen_wait(s, " final");
    screen_press(s, "f");
    screen_wait(s, "make it fail");
    screen_press(s, "j");       /* lending */
    screen_press(s, "\r");
    screen_wait(s, "1 of 3 branches failed: [1] lending");
    screen_press(s, "r");
    screen_wait(s, "running");
    screen_wait(s, "1 of 3 branches failed");
    screen_quit(s, 2);
}

static void
resize__keeps_the_verdict__down_to_the_smallest(void **state)
{
    static const int sizes[][2] = {{120, 40}, {200, 60}, {60, 15}, {40, 10}, {30, 6}, {20, 5}};
    (void)state;
    struct screen *s = start_demo(80, 24, "60", NULL, NULL);
    screen_wait(s, "final");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        screen_resize(s, sizes[i][0], sizes[i][1]);
        screen_wait(s, "✓ succeeded");
        screen_check_clean(s);
    }
    screen_resize(s, 3, 1);
    screen_resize(s, 80, 24);
    screen_wait(s, "\"staking\": \"31415926\"");
    screen_quit(s, 0);
}

static void
call__says_so__when_the_chain_is_killed_in_between(void **state)
{
    (void)state;
    struct screen *s = start_demo(100, 30, "400", NULL, NULL);
    screen_wait(s, "[1] get_position");
    kill(tested_chain(screen_pid(s)), SIGKILL);
    screen_wait(s, "the embedded chain was ended by signal 9");
    /* Nothing is lost: the tree is still there. */
    assert_true(screen_has(s, "[1] get_position"));
    screen_press(s, "q");
    assert_int_equal(screen_wait_end(s), 3);
    assert_true(screen_is_restored(s));
    screen_free(s);
}

/* Sequences that this program does not know are no keys: none of their letters does a thing. */
static void
keys__of_no_meaning__do_nothing(void **state)
{
    static const char *const sequences[] = {"\033[99~", "\033[I", "\033[1;5C", "\033q", "\007"};
    (void)state;
    struct screen *s = start_demo(80, 24, "60", NULL, NULL);
    screen_wait(s, "final");
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        screen_press(s, sequences[i]);
        /* Escape and a letter in one breath are Alt; the next key is a key again. */
        screen_press(s, "?");
        screen_wait(s, "keys and marks");
        screen_press(s, "?");
        screen_wait(s, "\"staking\"");
    }
    screen_press(s, "\033[B\033OB");
    screen_wait(s, "▌ ├─✓ [1]");
    screen_quit(s, 0);
}

/* Reports of a mouse, several in one breath and one in pieces. */
static void
mouse__selects_and_opens__what_is_clicked(void **state)
{
    char report[64];
    (void)state;
    struct screen *s = start_demo(80, 24, "60", NULL, NULL);
    screen_wait(s, "Tgas  final");
    int row = screen_row_of(s, "[1] get_position") + 1;
    snprintf(report, sizeof(report), "\033[<0;12;%dM\033[<0;12;%dm", row, row);
    screen_press(s, report);
    screen_wait(s, "▌ ├─✓ [1] get_position");
    screen_press(s, "\033[<65;12;7M");          /* the wheel: three rows down */
    screen_wait(s, "▌ └─✓ portfolio_callback");
    snprintf(report, sizeof(report), "0;12;%dM", row);
    screen_press(s, "\033[<");
    screen_press(s, report);
    screen_wait(s, "▌ ├─✓ [1] get_position");
    /* What is no report does nothing, and no letter of it is a key. */
    screen_press(s, "\033[<0;q;1M\033[<99999999999999999999;1;1M?");
    screen_wait(s, "keys and marks");
    screen_press(s, "?M");
    screen_wait(s, "the mouse is the terminal's");
    screen_press(s, "q");
    assert_int_equal(screen_wait_end(s), 0);
    assert_true(screen_is_restored(s));
    screen_free(s);
}

/* Pasted text is text, whatever stands in it. */
static void
paste__goes_into_the_line__and_does_nothing_else(void **state)
{
    (void)state;
    struct screen *s = start_demo(80, 24, "60", NULL, NULL);
    screen_wait(s, "Tgas  final");
    screen_press(s, "\033[200~q?\n\033[201~/\033[200~rewa\nq\033[201~");
    screen_wait(s, "/rewa q");
    screen_press(s, "\177\177");
    screen_wait(s, "1 of 1");
    screen_press(s, "\r");
    screen_wait(s, "▌ ├─✓ [2] get_rewards");
    screen_quit(s, 0);
}

/* The file of a theme is written while it is shown. */
static void
theme__is_read_again__when_its_file_changes(void **state)
{
    char folder[] = "/tmp/neartop-screen-XXXXXX", path[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/mine.theme", folder);
    text_file_write(path, "[roles]\nstatus.ok = 114\n");
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--theme", path, NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    screen_wait(s, "Tgas  final");
    assert_int_equal(screen_colour_of(s, "succeeded"), 114);
    text_file_write(path, "[roles]\nstatus.ok = 75\n");
    screen_wait_colour(s, "succeeded", 75);
    /* A mistake is told, and changes nothing. */
    text_file_write(path, "[roles]\nstatus.ok = pink\n");
    screen_wait(s, "\"pink\" is no colour");
    assert_int_equal(screen_colour_of(s, "succeeded"), 75);
    screen_quit(s, 0);
    unlink(path);
    rmdir(folder);
}

/* A command hears how it ended; the words of strangers come in its environment, not its text. */
static void
notify__runs_a_command__when_a_call_has_ended(void **state)
{
    char folder[] = "/tmp/neartop-screen-XXXXXX", command[512], path[64], text[256] = "";
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/told", folder);
    snprintf(command, sizeof(command), "echo \"$NEARTOP_STATUS $NEARTOP_VERDICT\" > %s.new; "
                                       "mv %s.new %s", path, path, path);
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--fail", "lending=panic",
                          "--bell", "0", "--notify", command, NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    screen_wait(s, "1 of 3 branches failed");
    screen_wait_file(s, path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    fclose(file);
    assert_string_equal(text, "2 branch_failed\n");
    screen_quit(s, 2);
    unlink(path);
    rmdir(folder);
}

static void
ascii__has_no_character_beyond__it(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--ascii", NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    screen_wait(s, "+ succeeded");
    for (int y = 0; y < 24; y++) {
        for (const char *p = screen_row(s, y); *p; p++)
            assert_true((unsigned char)*p < 0x7F);
    }
    screen_quit(s, 0);
}

static void
result__points_at_a_branch__that_returned_no_json(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--fail", "lending=garbage", NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    screen_wait(s, "[1] lending !");
    const char *row = screen_row(s, screen_row_of(s, "[1] lending !"));
    assert_non_null(strstr(row, "\"lending\": null"));
    assert_false(screen_has(s, "failed"));
    screen_resize(s, 200, 50);
    screen_wait(s, "[1] lending ! no JSON");
    screen_wait(s, "Tgas  final");
    screen_quit(s, 0);
}

static void
mono__uses_no_colour__when_asked(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--fail", "lending=trap", NULL};
    const char *extra[] = {"NO_COLOR=1", NULL};
    struct screen *s = screen_start(80, 24, argv, extra);
    screen_wait(s, "1 of 3 branches failed");
    assert_int_equal(screen_colour_of(s, "trapped"), -1);
    screen_quit(s, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call__shows_a_branch_before_it_has_run__and_changes_as_it_runs),
        cmocka_unit_test(timeline__moves__with_the_blocks),
        cmocka_unit_test(call__shouts__when_a_failure_was_swallowed),
        cmocka_unit_test(receipt__opens_and_closes__with_enter_and_escape),
        cmocka_unit_test(keys__run_again_one_by_one_and_with_a_failure),
        cmocka_unit_test(resize__keeps_the_verdict__down_to_the_smallest),
        cmocka_unit_test(call__says_so__when_the_chain_is_killed_in_between),
        cmocka_unit_test(keys__of_no_meaning__do_nothing),
        cmocka_unit_test(mouse__selects_and_opens__what_is_clicked),
        cmocka_unit_test(paste__goes_into_the_line__and_does_nothing_else),
        cmocka_unit_test(theme__is_read_again__when_its_file_changes),
        cmocka_unit_test(notify__runs_a_command__when_a_call_has_ended),
        cmocka_unit_test(ascii__has_no_character_beyond__it),
        cmocka_unit_test(result__points_at_a_branch__that_returned_no_json),
        cmocka_unit_test(mono__uses_no_colour__when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
