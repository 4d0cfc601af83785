#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/xalloc.h"

static int hook_pipe[2];

static void
tell_hook(void)
{
    ssize_t n = write(hook_pipe[1], "hook", 4);
    (void)n;
}

/* What a child says, and how it ends, when it asks for an array that cannot exist. */
static void
fatal__runs_the_hook_then_tells_then_aborts(void **state)
{
    (void)state;
    char told[200];
    assert_int_equal(pipe(hook_pipe), 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);       /* cmocka would turn it into a failed test */
        dup2(hook_pipe[1], STDERR_FILENO);
        fatal_set_hook(tell_hook);
        void *p = xrealloc(NULL, SIZE_MAX / 4, 8);
        (void)p;
        _exit(0);
    }
    close(hook_pipe[1]);
    size_t n = 0;
    for (ssize_t got; n < sizeof(told) - 1 &&
                      (got = read(hook_pipe[0], told + n, sizeof(told) - 1 - n)) > 0;)
        n += (size_t)got;
    told[n] = '\0';
    close(hook_pipe[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(told, "hookneartop: an array of 4611686018427387903 times 8 bytes "
                              "cannot exist\n");
}

static void
xgrow__doubles_and_keeps_the_elements(void **state)
{
    (void)state;
    int *numbers = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        void *p = numbers;
        capacity = xgrow(&p, capacity, i + 1, sizeof(*numbers));
        numbers = p;
        assert_true(capacity > i && capacity <= 2 * i + 8);
        numbers[i] = (int)i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    xfree(numbers);
}

static void
xstrndup__stops_at_the_length_or_the_end(void **state)
{
    (void)state;
    char *a = xstrndup("abcdef", 3), *b = xstrndup("ab", 10), *c = xstrdup(""), *d = xmemdup("x", 0);
    assert_string_equal(a, "abc");
    assert_string_equal(b, "ab");
    assert_string_equal(c, "");
    assert_non_null(d);
    xfree(a);
    xfree(b);
    xfree(c);
    xfree(d);
    xfree(NULL);
    char *zero = xcalloc(0, 8);
    assert_non_null(zero);
    xfree(zero);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fatal__runs_the_hook_then_tells_then_aborts),
        cmocka_unit_test(xgrow__doubles_and_keeps_the_elements),
        cmocka_unit_test(xstrndup__stops_at_the_length_or_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
