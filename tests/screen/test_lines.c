/* The line mode, for who listens: whatever the command, every line is a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "tests/support/json_lines.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"

enum { OUTPUT_MAX = 1 << 20 };

/* Runs argv to its end; what it writes, errors too, is in *out. */
static int
run(const char *const argv[], struct buf *out)
{
    char path[64];
    int status;
    snprintf(path, sizeof(path), "/tmp/neartop-lines-%d.txt", (int)getpid());
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    buf_init(out, OUTPUT_MAX);
    assert_int_equal(file_read(path, out, NULL), OK);
    unlink(path);
    return WEXITSTATUS(status);
}

static void
check_sentences(const struct buf *text)
{
    struct str rest = buf_str(text), line;
    while (str_take_until(&rest, '\n', &line)) {
        bool ends = line.n && strchr(".?!", line.p[line.n - 1]);
        bool has_columns = str_find(line, STR("  ")) >= 0 || str_find(line, STR("\t")) >= 0;
        if (!ends || has_columns)
            fail_msg("no sentence: \"%.*s\"", STR_ARG(line));
        for (size_t i = 0; i < line.n; i++)
            assert_in_range((unsigned char)line.p[i], 0x20, 0x7e);
    }
    assert_int_equal(rest.n, 0);
}

static void
lines__are_sentences__whatever_the_command(void **state)
{
    static const struct {
        const char *words[8];
        int status;
        const char *said;
    } cases[] = {
        {{"demo", "--plain", "--block-time", "60", "--fail", "lending=panic"}, 2,
         "\n1.2, branch 2 of 3: get_position on lending.test.near failed: the contract panicked: pool "
         "is paused. It burnt "},
        {{"call", "xcc.test.near", "multiple_contracts", "--plain", "--block-time", "60"}, 0,
         "The call succeeded.\n"},
        {{"call", "xcc.test.near", "nothing_of_this_name", "--plain", "--block-time", "60"}, 1,
         "The call failed: 1, nothing_of_this_name on xcc.test.near: the contract has no method "
         "nothing_of_this_name."},
        {{"demo", "--plain", "--teach", "--block-time", "60", "--fail", "lending=panic"}, 2,
         " ran at once, each on its own shard. get_position failed: \"pool is paused\". Only that was "
         "rolled back. portfolio_callback has all 3 results and runs next.\n"},
        {{"demo", "--plain", "--block-time", "60", "--fail", "token=garbage"}, 0,
         "\nIn the result balance is null, because what 1.1 returned is no JSON.\n"},
        {{"compare", "--plain", "--block-time", "60", "--rounds", "1"}, 0,
         "\nget_portfolio_sequential: 1 run, of which 0 failed, took 6 blocks, "},
        {{"doctor", "--plain", "--network", "localnet", "--rpc", "http://127.0.0.1:9"}, 3,
         "\nIs \"neartop localnet\" running there?\n"},
        {{"doctor", "--plain"}, 0, "\nCalls can be followed.\n"},
        {{"call", "counter.near", "get_num", "--plain", "--dry-run", "--network", "mainnet", "--as=a.near"},
         0, "a.near would call get_num on counter.near, on the network mainnet.\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *argv[10] = {tested_path()};
        struct buf text;
        for (size_t w = 0; w < 8; w++)
            argv[w + 1] = cases[i].words[w];
        int status = run(argv, &text);
        if (status != cases[i].status || !strstr(buf_c(&text), cases[i].said))
            fail_msg("%s: %d\n%s", cases[i].words[0], status, buf_c(&text));
        check_sentences(&text);
        buf_release(&text);
    }
}

static void
demo__refuses_at_once__what_the_chain_would(void **state)
{
    static const struct {
        const char *option, *value, *said;
    } cases[] = {
        {"--shards", "t0,m0", "neartop: --shards: m0 must come after t0"},
        {"--fault", "foo=1", "neartop: --fault: no fault is called \"foo\""},
        {"--block-time", "5", "neartop: --block-time 5: expected 10 to 60000 milliseconds\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *argv[] = {tested_path(), "demo", "--plain", cases[i].option, cases[i].value, NULL};
        struct buf text;
        assert_int_equal(run(argv, &text), 64);
        if (!strstr(buf_c(&text), cases[i].said))
            fail_msg("no \"%s\" in:\n%s", cases[i].said, buf_c(&text));
        buf_release(&text);
    }
}

/* The lines of a comparison are of the version that the manual tells. */
static void
compare__writes_lines_of_the_schema__as_json(void **state)
{
    const char *argv[] = {tested_path(), "compare", "--json", "--rounds", "1", "--block-time", "60", NULL};
    struct json_lines lines = {.count = 0};
    struct buf text;
    (void)state;
    assert_int_equal(run(argv, &text), 0);
    json_lines_parse(&lines, buf_str(&text));
    assert_int_equal(json_lines_count(&lines, "run"), 3);
    assert_int_equal(json_lines_count(&lines, "comparison"), 1);
    const struct json *last = json_lines_last(&lines, "run", NULL);
    assert_true(str_equal_c(json_lines_text(last, "method"), "batch"));
    assert_int_equal(json_lines_number(last, "run"), 3);
    json_lines_free(&lines);
    buf_release(&text);
}

static void
write_then_end(const char *path, const char *mode)
{
    char command[256], text[64] = "";
    snprintf(command, sizeof(command), "echo \"$NEARTOP_STATUS\" > %s.new; mv %s.new %s", path, path,
             path);
    const char *argv[] = {tested_path(), "demo", mode, "--block-time", "60", "--bell", "0", "--notify",
                          command, NULL};
    struct screen *s = screen_start(120, 60, argv, NULL);
    assert_int_equal(screen_wait_end(s), 0);
    screen_wait_file(s, path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    fclose(file);
    unlink(path);
    assert_string_equal(text, "0\n");
    screen_free(s);
}

/* The command goes on when the program has ended, with a screen or without. */
static void
notify__outlives_the_program(void **state)
{
    char path[64];
    (void)state;
    snprintf(path, sizeof(path), "/tmp/neartop-lines-%d.told", (int)getpid());
    write_then_end(path, "--plain");
    write_then_end(path, "--once");
}

/* Rings on a terminal, and nothing else that a terminal obeys is written there. */
static void
lines__ring_on_a_terminal(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "demo", "--plain", "--block-time", "450", "--bell", "1", NULL};
    struct screen *s = screen_start(120, 60, argv, NULL);
    assert_int_equal(screen_wait_end(s), 0);
    assert_int_equal(screen_bells(s), 1);
    assert_false(screen_was_sent(s, "\033"));
    screen_free(s);
}

/* A name that the terminal has no letters for is still told. */
static void
lines__are_ascii__where_the_locale_is(void **state)
{
    static const char *const by[][2] = {{"LC_ALL=C", "--plain"}, {"LC_ALL=C.UTF-8", "--ascii"}};
    (void)state;
    for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
        const char *argv[] = {"/usr/bin/env", by[i][0], tested_path(), "call", "xcc.test.near",
                              "n\303\251ant", by[i][1], "--block-time", "60", NULL};
        struct buf text;
        assert_int_equal(run(argv, &text), 1);
        assert_non_null(strstr(buf_c(&text), "sends n<U+00E9>ant to xcc.test.near"));
        check_sentences(&text);
        buf_release(&text);
    }
}

/* Nothing is asked of the network before the answer but the price of gas, and nobody is there. */
static void
question__is_a_sentence__and_no_is_the_answer_to_anything_else(void **state)
{
    (void)state;
    const char *argv[] = {tested_path(), "call", "counter.near", "get_num", "--plain", "--network",
                          "mainnet", "--rpc", "http://192.0.2.1:9", "--as", "alice.near",
                          NULL};
    struct screen *s = screen_start(120, 30, argv, NULL);
    screen_wait(s, "Type yes, or anything else for no:");
    assert_true(screen_has(s, "alice.near would call get_num on counter.near, on the network mainnet."));
    screen_press(s, "perhaps\r");
    screen_wait(s, "nothing was signed or sent");
    assert_int_equal(screen_wait_end(s), 3);
    screen_free(s);
}

static void
setting__makes_lines_the_rule(void **state)
{
    char path[64];
    (void)state;
    snprintf(path, sizeof(path), "/tmp/neartop-lines-%d.conf", (int)getpid());
    assert_int_equal(file_write(path, STR("[general]\nplain = yes\n"), 0600, NULL), OK);
    const char *argv[] = {tested_path(), "demo", "--block-time", "60", "--config", path, NULL};
    struct screen *s = screen_start(120, 60, argv, NULL);
    screen_wait(s, "5 refunds are left out.");
    assert_int_equal(screen_wait_end(s), 0);
    assert_false(screen_is_alternate(s));
    screen_free(s);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines__are_sentences__whatever_the_command),
        cmocka_unit_test(lines__are_ascii__where_the_locale_is),
        cmocka_unit_test(demo__refuses_at_once__what_the_chain_would),
        cmocka_unit_test(compare__writes_lines_of_the_schema__as_json),
        cmocka_unit_test(notify__outlives_the_program),
        cmocka_unit_test(lines__ring_on_a_terminal),
        cmocka_unit_test(question__is_a_sentence__and_no_is_the_answer_to_anything_else),
        cmocka_unit_test(setting__makes_lines_the_rule),
    };
    return cmocka_run_group_tests(tests, json_lines_load_schema, json_lines_free_schema);
}
