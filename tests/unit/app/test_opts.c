/* The command line: what is said of a word in a wrong place, and the help's columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/utf8.h"
#include "tui/app/opts.h"

enum { MAX_WORDS = 8, HELP_MAX = 64 * 1024, WIDTH = 80 };

static enum err
parse(const char *const words[MAX_WORDS], struct opts *o, struct diag *d)
{
    static char program[] = "neartop";
    char *argv[MAX_WORDS + 2] = {program};
    int argc = 1;
    for (; argc <= MAX_WORDS && words[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    *d = (struct diag){0};
    return opts_parse(argc, argv, o, d);
}

static void
opts_parse__says_what_would_be_right(void **state)
{
    static const struct {
        const char *words[MAX_WORDS], *said;
    } cases[] = {
        {{"--demo"}, "but a command: \"neartop demo\""},
        {{"demo", "--doctor"}, "--doctor is no option of \"neartop demo\", but a command: "
                               "\"neartop doctor\""},
        {{"demo", "--network", "testnet"}, "--network is no option of \"neartop demo\"; \"neartop demo "
                                           "--help\" lists them"},
        {{"demo", "--tech"}, "did you mean --teach"},
        {{"call"}, "call: expected CONTRACT METHOD [ARGS], or @NAME [ARGS]"},
        {{"watch", "a", "b"}, "watch: \"b\" is one argument too many"},
        {{"frobnicate"}, "\"frobnicate\" is no command"},
        {{"help", "frobnicate"}, "\"frobnicate\" is no command"},
        {{"tokens", "a.near"}, "\"contract call-function\" and \"transaction view-status\""},
        {{"demo", "--block-time", "5"}, "--block-time 5: expected 10 to 60000 milliseconds"},
        {{"call", "a.near", "m", "--timeout", "0"}, "--timeout 0: expected 1 to 86400 seconds"},
        {{"doctor", "--timeout=86401"}, "--timeout 86401: expected 1 to 86400 seconds"},
        {{"follow", "a.near", "--calls", "0"}, "--calls 0: expected 1 to 1000000000"},
        {{"localnet", "--block-time", "60001"}, "--block-time 60001: expected 10 to 60000 milliseconds"},
        {{"localnet", "--port", "99999"}, "--port 99999: expected 0 to 65535"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opts o;
        struct diag d;
        assert_int_not_equal(parse(cases[i].words, &o, &d), OK);
        if (!strstr(diag_text(&d), cases[i].said))
            fail_msg("\"%s\" does not say \"%s\"", diag_text(&d), cases[i].said);
        assert_null(strstr(diag_text(&d), "neartop call:"));
    }
}

static void
opts_parse__finds_the_help__of_each_way_to_ask(void **state)
{
    static const struct {
        const char *words[MAX_WORDS];
        enum command of;
    } cases[] = {
        {{"help"}, COMMAND_NONE},
        {{"--help"}, COMMAND_NONE},
        {{"help", "demo"}, COMMAND_DEMO},
        {{"demo", "--help"}, COMMAND_DEMO},
        {{"help", "contract"}, COMMAND_CALL},
        {{"contract", "--help"}, COMMAND_CALL},
        {{"contract", "call-function", "-h"}, COMMAND_CALL},
        {{"help", "transaction"}, COMMAND_WATCH},
        {{"transaction", "--help"}, COMMAND_WATCH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opts o;
        struct diag d;
        if (parse(cases[i].words, &o, &d))
            fail_msg("%s %s: %s", cases[i].words[0], cases[i].words[1], diag_text(&d));
        assert_int_equal(o.command, COMMAND_HELP);
        assert_int_equal(o.help_of, cases[i].of);
    }
}

static void
check_width(enum command command)
{
    struct buf text;
    struct str rest, line;
    buf_init(&text, HELP_MAX);
    opts_help(command, &text);
    rest = buf_str(&text);
    while (str_take_until(&rest, '\n', &line)) {
        if (utf8_str_width(line) > WIDTH)
            fail_msg("more than %d cells: %.*s", WIDTH, STR_ARG(line));
    }
    assert_int_equal(rest.n, 0);
    buf_release(&text);
}

static void
opts_help__fits_into_80_columns(void **state)
{
    (void)state;
    for (int command = COMMAND_NONE; command <= COMMAND_COMPARE; command++)
        check_width((enum command)command);
}

static void
opts_help__names_every_command(void **state)
{
    static const char *const names[] = {
        "calls", "demo", "compare", "call", "view", "watch", "follow", "localnet", "relay", "doctor",
        "fault", "contract call-function", "transaction view-status"};
    struct buf text;
    (void)state;
    buf_init(&text, HELP_MAX);
    opts_help(COMMAND_NONE, &text);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char row[64];
        snprintf(row, sizeof(row), "\n  neartop %s", names[i]);
        if (!strstr(buf_c(&text), row))
            fail_msg("no %s in:\n%s", names[i], buf_c(&text));
    }
    buf_release(&text);
}

/* One row of the table is of several commands. */
static void
opts_help__has_defaults__that_are_those_of_the_command(void **state)
{
    static const enum command without_default[] = {COMMAND_WATCH, COMMAND_FOLLOW, COMMAND_RELAY};
    (void)state;
    for (size_t i = 0; i < sizeof(without_default) / sizeof(without_default[0]); i++) {
        struct buf text;
        buf_init(&text, HELP_MAX);
        opts_help(without_default[i], &text);
        assert_null(strstr(buf_c(&text), "demo (default),"));
        assert_null(strstr(buf_c(&text), "so long (60)"));
        buf_release(&text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opts_parse__says_what_would_be_right),
        cmocka_unit_test(opts_parse__finds_the_help__of_each_way_to_ask),
        cmocka_unit_test(opts_help__fits_into_80_columns),
        cmocka_unit_test(opts_help__names_every_command),
        cmocka_unit_test(opts_help__has_defaults__that_are_those_of_the_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
