/* Each terminal that there is a description of, and what each gets: README, "Terminals". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"
#include "tests/support/text_file.h"

static struct screen *
start(int width, int height, const char *const extra[])
{
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--fail", "lending=panic", NULL};
    return screen_start(width, height, argv, extra);
}

/* Where the descriptions of terminals are on Debian and elsewhere. */
static bool
is_described(const char *name)
{
    static const char *const folders[] = {"/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo",
                                          "/usr/lib/terminfo"};
    char path[256];
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%c/%s", folders[i], name[0], name);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

/* --- descriptions ----------------------------------------------------------------------------- */

static void
terminals__show_the_call__and_are_left_as_they_were(void **state)
{
    static const struct {
        const char *name;
        bool is_xterm, has_second_screen;
    } terminals[] = {{"xterm", true, true},           {"xterm-256color", true, true},
                     {"screen", true, true},          {"screen-256color", true, true},
                     {"tmux", true, true},            {"tmux-256color", true, true},
                     {"rxvt-unicode-256color", true, true},
                     {"xterm-direct", true, true},    {"foot", true, true},
                     {"alacritty", true, true},       {"linux", false, false},
                     {"vt100", false, false},         {"vt220", false, false},
                     {"ansi", false, false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(terminals); i++) {
        char term[64];
        const char *extra[] = {term, NULL};
        if (!is_described(terminals[i].name)) {
            print_message("%s is not described here\n", terminals[i].name);
            continue;
        }
        snprintf(term, sizeof(term), "TERM=%s", terminals[i].name);
        struct screen *s = start(80, 24, extra);
        screen_wait(s, "1 of 3 branches failed");
        screen_wait(s, terminals[i].is_xterm ? "├─✗ [1] get_position" : "|-x [1] get_position");
        screen_check_clean(s);
        assert_int_equal(screen_has_mouse(s), terminals[i].is_xterm);
        assert_int_equal(screen_is_alternate(s), terminals[i].has_second_screen);
        assert_int_equal(screen_was_sent(s, "\033]2;neartop"), terminals[i].is_xterm);
        screen_press(s, "q");
        assert_int_equal(screen_wait_end(s), 2);
        assert_true(screen_is_restored(s));
        assert_true(screen_has(s, "[1] get_position lending  panicked"));
        screen_free(s);
    }
}

#define BASE58 "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

/* Terminals that are no xterm: signs of ASCII, no mouse; colours as far as there are some. */
static void
plain_terminals__get_what_they_have__and_no_more(void **state)
{
    static const struct {
        const char *term;
        int colour;
    } cases[] = {{"TERM=linux", 1}, {"TERM=vt100", -1}, {"TERM=ansi", 1}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *extra[] = {cases[i].term, NULL};
        struct screen *s = start(80, 24, extra);
        screen_wait(s, "|-x [1] get_position");
        screen_wait(s, "1 of 3 branches failed");
        assert_int_equal(screen_colour_of(s, "panicked"), cases[i].colour);
        assert_false(screen_has_mouse(s));
        screen_press(s, "q");
        assert_int_equal(screen_wait_end(s), 2);
        assert_true(screen_has(s, "`- + portfolio_callback"));
        /* There is no second screen: the tree begins in a row of its own. */
        const char *hash = screen_row(s, screen_row_of(s, "transaction ")) + strlen("transaction ");
        assert_int_equal(strspn(hash, BASE58), strlen(hash));
        screen_free(s);
    }
}

/* Lines, and why, unless nothing else was to be expected; where lines make no sense, an end. */
static void
terminals_that_cannot__say_so(void **state)
{
    static const struct {
        const char *term, *said;
    } cases[] = {{"TERM=dumb", NULL},
                 {"TERM=", "neartop: TERM is not set: lines instead of a screen."},
                 {"TERM=nosuch", "neartop: no terminal \"nosuch\" is known here (TERM): lines instead "
                                 "of a screen."}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *extra[] = {cases[i].term, NULL}, *argv[] = {tested_path(), NULL};
        struct screen *s = start(120, 60, extra);
        screen_wait(s, "1.2, branch 2 of 3: get_position on lending.test.near failed");
        assert_int_equal(screen_wait_end(s), 2);
        assert_false(screen_was_sent(s, "\033"));
        assert_true(screen_has(s, "portfolio_callback"));
        assert_int_equal(screen_has(s, "lines instead of a screen"), cases[i].said != NULL);
        assert_true(!cases[i].said || screen_has(s, cases[i].said));
        screen_free(s);
        s = screen_start(120, 10, argv, extra);
        screen_wait(s, "and the list of calls is a screen");
        assert_int_equal(screen_wait_end(s), 78);
        screen_free(s);
    }
}

/* Another locale, colours refused: nothing beyond ASCII, no colour. */
static void
locale__without_utf8__gets_ascii(void **state)
{
    static const char *const extra[] = {"LC_ALL=C", "NO_COLOR=1", NULL};
    (void)state;
    struct screen *s = start(80, 24, extra);
    screen_wait(s, "|-x [1] get_position");
    screen_wait(s, "1 of 3 branches failed");
    for (int y = 0; y < 24; y++) {
        for (int x = 0; x < 80; x++) {
            struct screen_cell c = screen_cell(s, x, y);
            assert_true(c.scalar < 0x7f);
            assert_true(c.foreground == -1 && c.background == -1);
        }
    }
    screen_quit(s, 2);
}

static void
sizes__from_the_smallest__and_back(void **state)
{
    (void)state;
    struct screen *s = start(20, 5, NULL);
    screen_wait(s, "1 of 3 branches");
    screen_resize(s, 1, 1);
    screen_resize(s, 2, 1);
    screen_resize(s, 1, 60);
    screen_resize(s, 200, 1);
    screen_resize(s, 1, 1);
    screen_resize(s, 80, 24);
    screen_wait(s, "the contract panicked: pool is paused");
    screen_check_clean(s);
    screen_quit(s, 2);
}

/* --- the line is cut ---------------------------------------------------------------------------- */

static void
hangup__ends_the_program__and_its_chain(void **state)
{
    (void)state;
    struct screen *s = start(80, 24, NULL);
    screen_wait(s, "1 of 3 branches failed");
    pid_t chain = tested_chain(screen_pid(s));
    assert_int_equal(screen_hang_up(s), 128 + SIGHUP);
    while (kill(chain, 0) == 0)
        usleep(1000);
    screen_free(s);
}

/* --- beside the picture ------------------------------------------------------------------------- */

/* The clipboard's sequence for the words on the screen, as each terminal takes it. */
static void
copy__is_written__as_the_terminal_takes_it(void **state)
{
    static const struct {
        const char *extra[3];
        const char *begin, *end, *said;
    } cases[] = {
        {{NULL}, "\033]52;c;", "\a", "are with the terminal's clipboard"},
        {{"TMUX=/tmp/tmux,1,0", "TERM=tmux-256color"}, "\033Ptmux;\033\033]52;c;", "\a\033\\",
         "are with the terminal's clipboard"},
        {{"STY=1.pts-0.host", "TERM=screen-256color"}, "\033P\033]52;c;", "\a\033\\",
         "are with the terminal's clipboard"},
        {{"TERM=linux"}, NULL, NULL, "not copied: this terminal has no clipboard"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct screen *s = start(120, 40, cases[i].extra);
        screen_wait(s, "all of it is final");
        screen_press(s, "y");
        screen_wait(s, cases[i].said);
        assert_int_equal(screen_was_sent(s, "]52;"), cases[i].begin != NULL);
        if (cases[i].begin) {
            screen_wait_sent(s, cases[i].begin);
            screen_wait_sent(s, cases[i].end);
        }
        screen_quit(s, 2);
    }
}

/* A network's own pages: the hash on the screen leads there, and L copies the address. */
static void
link__leads_to_the_pages_of_the_network__by_its_settings(void **state)
{
    static const char *const extra[] = {"NEARTOP_LINKS=1", NULL};
    char config[64];
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--config", config, NULL};
    (void)state;
    snprintf(config, sizeof(config), "/tmp/neartop-pages-%d.conf", (int)getpid());
    text_file_write(config, "[network demo]\nexplorer = https://pages.test/tx/{tx}\n");
    struct screen *s = screen_start(120, 40, argv, extra);
    screen_wait(s, "all of it is final");
    screen_wait_sent(s, "\033]8;;https://pages.test/tx/");
    screen_press(s, "L");
    screen_wait_sent(s, "\033]52;c;aHR0cHM6Ly9wYWdlcy50ZXN0L3R4");    /* "https://pages.test/tx" */
    screen_quit(s, 0);
    unlink(config);
}

static void
title__tells_how_far_it_is__and_is_given_back(void **state)
{
    (void)state;
    struct screen *s = start(80, 24, NULL);
    screen_wait_sent(s, "\033[22;0t");
    screen_wait_sent(s, "\033]2;neartop: get_portfolio_data branch_failed\a");
    screen_press(s, "q");
    screen_wait_end(s);
    /* For a terminal without a stack of titles it is emptied first. */
    screen_wait_sent(s, "\033]2;\a");
    screen_wait_sent(s, "\033[23;0t");
    screen_free(s);
}

/* A call of a second and more rings once; a short one does not, nor one that nobody asked for. */
static void
bell__rings__when_a_long_call_has_ended(void **state)
{
    static const struct {
        const char *block_time, *bell;
        int rings;
    } cases[] = {{"450", "1", 1}, {"60", "5", 0}, {"60", "0", 0}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *argv[] = {tested_path(), "demo", "--block-time", cases[i].block_time, "--bell",
                              cases[i].bell, NULL};
        struct screen *s = screen_start(120, 40, argv, NULL);
        screen_wait(s, "all of it is final");
        screen_press(s, "q");
        assert_int_equal(screen_wait_end(s), 0);
        assert_int_equal(screen_bells(s), cases[i].rings);
        screen_free(s);
    }
}

/* --- inside another one ------------------------------------------------------------------------- */

static bool
is_installed(const char *name)
{
    char path[256];
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin", "/bin"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0)
            return true;
    }
    print_message("%s is not installed here\n", name);
    return false;
}

/* The real thing around the real program: keys, picture, clipboard, and the tree that stays. */
static void
check_inside(struct screen *s)
{
    screen_wait(s, "succeeded, but 1 of 3 branches failed");
    screen_wait(s, "the contract panicked: pool is paused");
    screen_check_clean(s);
    screen_press(s, "y");
    screen_wait(s, "are with the terminal's clipboard");
    screen_wait_sent(s, "\033]52;");
    screen_press(s, "\r");
    screen_wait(s, "Esc back");
    screen_press(s, "q");
    screen_wait(s, "[1] get_position lending  panicked");
    screen_wait(s, "it ended with 2");
}

static void
tmux__shows_it_all(void **state)
{
    char folder[] = "/tmp/neartop-tmux-XXXXXX", config[64], socket[64], command[512];
    (void)state;
    if (!is_installed("tmux"))
        return;
    assert_non_null(mkdtemp(folder));
    snprintf(config, sizeof(config), "%s/conf", folder);
    snprintf(socket, sizeof(socket), "%s/socket", folder);
    text_file_write(config, "set -g set-clipboard on\nset -g status off\nset -g destroy-unattached on\n");
    char *path = realpath(tested_path(), NULL);
    assert_non_null(path);
    snprintf(command, sizeof(command),
             "%s demo --block-time 60 --fail lending=panic; echo it ended with $?; read x", path);
    free(path);
    const char *argv[] = {"/usr/bin/tmux", "-S", socket, "-f", config, "new-session", command, NULL};
    struct screen *s = screen_start(80, 30, argv, NULL);
    check_inside(s);
    screen_press(s, "\r");
    assert_int_equal(screen_wait_end(s), 0);
    screen_free(s);
    unlink(config);
    unlink(socket);
    rmdir(folder);
}

static void
screen__shows_it_all(void **state)
{
    char folder[] = "/tmp/neartop-screen-XXXXXX", config[64], sockets[64], of_folder[80], command[800];
    (void)state;
    if (!is_installed("screen"))
        return;
    assert_non_null(mkdtemp(folder));
    snprintf(config, sizeof(config), "%s/rc", folder);
    snprintf(sockets, sizeof(sockets), "%s/s", folder);
    snprintf(of_folder, sizeof(of_folder), "SCREENDIR=%s", sockets);
    text_file_write(config, "startup_message off\nautodetach off\n");
    char *path = realpath(tested_path(), NULL);
    assert_non_null(path);
    snprintf(command, sizeof(command),
             "mkdir -m 700 %s; exec screen -U -c %s sh -c '%s demo --block-time 60 --fail lending=panic; "
             "echo it ended with $?; read x'", sockets, config, path);
    free(path);
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    const char *extra[] = {of_folder, NULL};
    struct screen *s = screen_start(80, 30, argv, extra);
    check_inside(s);
    screen_press(s, "\r");
    assert_int_equal(screen_wait_end(s), 0);
    screen_free(s);
    unlink(config);
    rmdir(sockets);
    rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminals__show_the_call__and_are_left_as_they_were),
        cmocka_unit_test(plain_terminals__get_what_they_have__and_no_more),
        cmocka_unit_test(terminals_that_cannot__say_so),
        cmocka_unit_test(locale__without_utf8__gets_ascii),
        cmocka_unit_test(sizes__from_the_smallest__and_back),
        cmocka_unit_test(hangup__ends_the_program__and_its_chain),
        cmocka_unit_test(copy__is_written__as_the_terminal_takes_it),
        cmocka_unit_test(link__leads_to_the_pages_of_the_network__by_its_settings),
        cmocka_unit_test(title__tells_how_far_it_is__and_is_given_back),
        cmocka_unit_test(bell__rings__when_a_long_call_has_ended),
        cmocka_unit_test(tmux__shows_it_all),
        cmocka_unit_test(screen__shows_it_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
