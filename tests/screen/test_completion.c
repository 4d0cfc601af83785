/* The completions that were made: every option is in them, the shells take them, and bash and
 * fish offer what they should. A shell that is not installed is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/tested.h"

#define BASH TEST_COMPLETIONS "/neartop.bash"
#define ZSH TEST_COMPLETIONS "/_neartop"
#define FISH TEST_COMPLETIONS "/neartop.fish"

enum { OUTPUT_MAX = 64 * 1024 };

/* What a command prints, its lines joined by blanks; false when it fails. */
static bool
run(const char *command, char out[OUTPUT_MAX])
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[n] = '\0';
    for (char *p = out; *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    while (n && out[n - 1] == ' ')
        out[--n] = '\0';
    return pclose(pipe) == 0;
}

static bool
is_installed(const char *shell)
{
    char command[64], out[OUTPUT_MAX];
    snprintf(command, sizeof(command), "command -v %s", shell);
    return run(command, out);
}

static void
read_file(const char *path, char out[OUTPUT_MAX])
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s is not there: make completions", path);
    size_t n = fread(out, 1, OUTPUT_MAX - 1, file);
    out[n] = '\0';
    fclose(file);
}

static const char *const options[] = {
#define X(field, name, takes, commands, argument, help) name,
#include "tui/app/opts.def"
#undef X
};

static void
completions__have_every_option__in_each_shell(void **state)
{
    (void)state;
    static const struct {
        const char *path, *before, *after;
        int skip;
    } shells[] = {{BASH, "", " ", 0}, {ZSH, "'", "", 0}, {FISH, " -l ", " ", 2}};
    static char text[OUTPUT_MAX];
    for (size_t s = 0; s < sizeof(shells) / sizeof(shells[0]); s++) {
        read_file(shells[s].path, text);
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
            char want[64];
            snprintf(want, sizeof(want), "%s%s%s", shells[s].before, options[i] + shells[s].skip,
                     shells[s].after);
            if (!strstr(text, want))
                fail_msg("%s: no \"%s\"", shells[s].path, want);
        }
    }
}

static void
completions__have_every_command__in_each_shell(void **state)
{
    (void)state;
    static const char *const paths[] = {BASH, ZSH, FISH};
    static char text[OUTPUT_MAX], names[OUTPUT_MAX];
    assert_true(run("sed -n 's/^command\t\\([a-z]*\\).*/\\1/p' " TEST_COMPLETIONS "/tables", names));
    assert_non_null(strstr(names, "localnet"));
    for (size_t s = 0; s < sizeof(paths) / sizeof(paths[0]); s++) {
        char copy[OUTPUT_MAX], *rest = copy, *name;
        read_file(paths[s], text);
        memcpy(copy, names, sizeof(copy));
        while ((name = strtok_r(rest, " ", &rest))) {
            if (!strstr(text, name))
                fail_msg("%s: no %s", paths[s], name);
        }
    }
}

static void
completions__are_taken__by_the_shells_that_are_here(void **state)
{
    (void)state;
    static const struct {
        const char *shell, *path;
    } shells[] = {{"bash", BASH}, {"zsh", ZSH}, {"fish", FISH}};
    static char out[OUTPUT_MAX];
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        char command[256];
        snprintf(command, sizeof(command), "%s -n %s 2>&1", shells[i].shell, shells[i].path);
        if (is_installed(shells[i].shell) && (!run(command, out) || out[0]))
            fail_msg("%s: %s", command, out);
    }
}

static const struct {
    const char *line, *bash, *fish;     /* fish: what must be among its lines */
} lines[] = {
    {"neartop dem", "demo", "demo"},
    {"neartop --check", "--check-theme", "--check-theme"},
    {"neartop help loc", "localnet", "localnet"},
    {"neartop demo --fai", "--fail", "--fail"},
    {"neartop demo --fail lending=", "panic loop trap garbage slow no-method no-contract no-account none",
     "lending=trap"},
    {"neartop demo --fail callback=", "panic loop trap none", "callback=loop"},
    {"neartop demo --fail=staking=pa", "panic", "staking=panic"},
    {"neartop call a.near get --netw", "--network", "--network"},
    {"neartop call --network te", "testnet", "testnet"},
    {"neartop watch --network=mai", "mainnet", "mainnet"},
    {"neartop demo --color n", "never", "never"},
    {"neartop demo --theme proj", "projector", "projector"},
    {"neartop fault http4", "http429=", "http429="},
    {"neartop fault late=1,http4", "1,http429=", "late=1,http429="},
    {"neartop localnet --fault fork", "fork= forksame=", "forksame="},
    {"neartop --rea", "--read-only", "--read-only"},
    {"neartop --network te", "testnet", "testnet"},
    {"neartop --network=te", "testnet", "testnet"},
    {"neartop --ascii --colo", "--color", "--color"},
    {"neartop view --them", "", NULL},
    {"neartop demo --port 3", "", NULL},
};

static void
bash__offers_what_can_stand_there(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    if (!is_installed("bash"))
        skip();
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char command[512];
        snprintf(command, sizeof(command),
                 "bash --norc -c '. " BASH "; COMP_LINE=\"%s\"; COMP_POINT=${#COMP_LINE}; _neartop; "
                 "echo \"${COMPREPLY[*]}\"'", lines[i].line);
        assert_true(run(command, out));
        if (strcmp(out, lines[i].bash) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", lines[i].line, out, lines[i].bash);
    }
}

static void
fish__offers_what_can_stand_there(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    if (!is_installed("fish"))
        skip();
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char command[512];
        snprintf(command, sizeof(command),
                 "HOME=/nonexistent fish -N -c 'source " FISH "; complete -C \"%s\"' 2>/dev/null",
                 lines[i].line);
        run(command, out);
        if (lines[i].fish ? !strstr(out, lines[i].fish) : strstr(out, "--theme") != NULL)
            fail_msg("%s: \"%s\" has no \"%s\"", lines[i].line, out, lines[i].fish);
    }
}

/* What the settings add is asked of the program itself. */
static void
calls_of_the_settings__are_offered__where_a_contract_can_stand(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX], command[1024];
    if (is_installed("bash")) {
        snprintf(command, sizeof(command),
                 "XDG_CONFIG_HOME=/dev/null bash --norc -c '. " BASH "; COMP_LINE=\"%s call @p\"; "
                 "COMP_POINT=${#COMP_LINE}; _neartop; echo \"${COMPREPLY[*]}\"'", tested_path());
        assert_true(run(command, out));
        assert_string_equal(out, "@portfolio");
    }
    if (is_installed("fish")) {
        snprintf(command, sizeof(command),
                 "f=$(mktemp -d); ln -s $PWD/%s $f/neartop; XDG_CONFIG_HOME=/dev/null HOME=/dev/null "
                 "PATH=$f:$PATH fish -N -c 'source " FISH "; complete -C \"neartop view @\"' 2>/dev/null; "
                 "rm -r $f", tested_path());
        run(command, out);
        assert_non_null(strstr(out, "@portfolio\tthe demo"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completions__have_every_option__in_each_shell),
        cmocka_unit_test(completions__have_every_command__in_each_shell),
        cmocka_unit_test(completions__are_taken__by_the_shells_that_are_here),
        cmocka_unit_test(bash__offers_what_can_stand_there),
        cmocka_unit_test(fish__offers_what_can_stand_there),
        cmocka_unit_test(calls_of_the_settings__are_offered__where_a_contract_can_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
