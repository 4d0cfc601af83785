/* neartop fault, on a neartop localnet that runs: what it prints, and how it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "tests/support/tested.h"

enum { OUTPUT_MAX = 65536, ARGUMENTS_MAX = 8 };

static struct {
    pid_t pid;
    int input, output;
    char port[8];
} localnet;

/* Runs the program; *output is what it writes to both ends, `input` what it reads. */
static pid_t
run(const char *const arguments[], int input, int *output)
{
    const char *argv[ARGUMENTS_MAX + 2] = {tested_path()};
    int ends[2];
    for (size_t i = 0; arguments[i]; i++)
        argv[i + 1] = arguments[i];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (input >= 0)
            dup2(input, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    *output = ends[0];
    return pid;
}

static int
status_of(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
start(void **state)
{
    static const char *const arguments[] = {"localnet", "--port", "0", "--with-parent", "--fault",
                                            "late=1", NULL};
    int ends[2];
    char line[256] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    localnet.input = ends[1];
    localnet.pid = run(arguments, ends[0], &localnet.output);
    close(ends[0]);
    for (size_t n = 0; n + 1 < sizeof(line); n++) {
        if (read(localnet.output, line + n, 1) != 1 || line[n] == '\n')
            break;
    }
    const char *port = strstr(line, "127.0.0.1:");
    assert_non_null(port);
    snprintf(localnet.port, sizeof(localnet.port), "%d", (int)strtol(port + 10, NULL, 10));
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    kill(localnet.pid, SIGTERM);
    close(localnet.input);
    close(localnet.output);
    return status_of(localnet.pid);
}

/* The exit status of "neartop fault LIST --port N"; list NULL: without one. */
static int
fault(const char *list, const char *port, struct buf *out)
{
    const char *const with[] = {"fault", list, "--port", port, NULL};
    const char *const without[] = {"fault", "--port", port, NULL};
    char bytes[1024];
    int output;
    pid_t pid = run(list ? with : without, -1, &output);
    buf_clear(out);
    for (ssize_t n; (n = read(output, bytes, sizeof(bytes))) > 0;)
        buf_add(out, bytes, (size_t)n);
    close(output);
    return status_of(pid);
}

static void
fault__sets_and_tells__what_is_on(void **state)
{
    static const struct {
        const char *list, *said;
        int status;
    } steps[] = {
        {NULL, "late=1\n", 0},
        {"http429=3@50%,stall=2:1000", "late=1,http429=3@50%,stall=2:1000\n", 0},
        {"late=off,stall=off", "http429=3@50%\n", 0},
        {"none", "none\n", 0},
        {"flood=1", "neartop: fault: no fault is called \"flood\": late, jitter, ", 64},
        {"stall=7", "neartop: fault: stall=7: there are 4 shards, 0 to 3\n", 64},
        {"cut=many", "neartop: fault: cut=many: expected a number such as 3, a chance", 64},
        {NULL, "none\n", 0},
    };
    struct buf out;
    (void)state;
    buf_init(&out, OUTPUT_MAX);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        int status = fault(steps[i].list, localnet.port, &out);
        if (status != steps[i].status || !str_starts(buf_str(&out), str_from(steps[i].said)))
            fail_msg("step %zu ended with %d: %s", i, status, buf_c(&out));
    }
    buf_release(&out);
}

static void
fault__says_so__when_nobody_listens(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, OUTPUT_MAX);
    assert_int_equal(fault("late=1", "1", &out), 3);
    assert_non_null(strstr(buf_c(&out), "is \"neartop localnet\" running there?"));
    buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault__sets_and_tells__what_is_on),
        cmocka_unit_test(fault__says_so__when_nobody_listens),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start, stop);
}
