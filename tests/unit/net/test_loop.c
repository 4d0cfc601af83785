#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "net/loop.h"

enum { GIVE_UP_MS = 20000 };

struct seen {
    struct loop *loop;
    struct loop_timer *timer;
    struct loop_watch *watch;
    struct loop_child *child;
    int calls, exits, status, signal_number, frames, left, gone;
    unsigned events;
    enum err error;
    char text[256];
    struct buf lines;
    bool is_open_after_run;
};

static void
on_give_up(void *context)
{
    (void)context;
    fail_msg("nothing happened in %d ms", GIVE_UP_MS);
}

/* Turns the loop until *value has reached `least`. */
static void
wait_for(struct loop *loop, const int *value, int least)
{
    struct loop_timer *deadline = loop_timer_new(loop, on_give_up, NULL);
    loop_timer_start(deadline, GIVE_UP_MS, 0);
    while (*value < least)
        loop_turn(loop);
    loop_timer_close(deadline);
}

static void
count(void *context)
{
    struct seen *seen = context;
    seen->calls++;
}

static void
loop_timer__fires_once_or_again(void **state)
{
    (void)state;
    struct seen once = {0}, again = {0};
    struct loop *loop = loop_new();
    struct loop_timer *a = loop_timer_new(loop, count, &once);
    struct loop_timer *b = loop_timer_new(loop, count, &again);
    loop_timer_start(a, 1, 0);
    loop_timer_start(b, 1, 1);
    wait_for(loop, &again.calls, 3);
    assert_int_equal(once.calls, 1);
    assert_false(loop_timer_is_active(a));
    assert_true(loop_timer_is_active(b));
    loop_timer_close(a);
    loop_timer_close(b);
    loop_free(loop);
}

static void
close_own_timer(void *context)
{
    struct seen *seen = context;
    seen->calls++;
    loop_timer_close(seen->timer);
}

/* One that is due when the turn begins: what was waited for is done, and nothing else comes. */
static void
loop_turn__ends__when_a_timer_was_due(void **state)
{
    (void)state;
    struct seen due = {0}, late = {0};
    struct loop *loop = loop_new();
    struct loop_timer *a = loop_timer_new(loop, count, &due);
    struct loop_timer *b = loop_timer_new(loop, count, &late);
    loop_timer_start(b, 2000, 0);
    loop_timer_start(a, 0, 0);
    while (!due.calls)
        loop_turn(loop);
    assert_int_equal(late.calls, 0);
    loop_timer_close(a);
    loop_timer_close(b);
    loop_free(loop);
}

static void
loop_run__ends__when_nothing_is_left(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    seen.timer = loop_timer_new(seen.loop, close_own_timer, &seen);
    loop_timer_start(seen.timer, 0, 1);
    struct loop_signal *s = loop_signal_new(seen.loop, SIGUSR2, NULL, NULL);
    loop_run(seen.loop);
    assert_int_equal(seen.calls, 1);
    loop_signal_close(s);
    loop_free(seen.loop);
}

static void
on_signal(void *context, int number)
{
    struct seen *seen = context;
    seen->calls++;
    seen->signal_number = number;
}

static void
loop_signal__tells_the_number(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    struct loop_signal *s = loop_signal_new(seen.loop, SIGUSR1, on_signal, &seen);
    raise(SIGUSR1);
    wait_for(seen.loop, &seen.calls, 1);
    assert_int_equal(seen.signal_number, SIGUSR1);
    loop_signal_close(s);
    loop_free(seen.loop);
}

static void
on_readable(void *context, unsigned events)
{
    struct seen *seen = context;
    seen->calls++;
    seen->events = events;
    loop_watch_set(seen->watch, 0);
}

static void
loop_watch_fd__tells__when_bytes_are_there(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(loop_watch_fd(seen.loop, ends[0], LOOP_READ, on_readable, &seen,
                                   &seen.watch, NULL), OK);
    assert_int_equal(write(ends[1], "x", 1), 1);
    wait_for(seen.loop, &seen.calls, 1);
    assert_true(seen.events & LOOP_READ);
    loop_watch_close(seen.watch);
    loop_free(seen.loop);
    close(ends[0]);
    close(ends[1]);
}

static void
loop_watch_fd__fails__when_it_is_a_file(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    struct loop_watch *w = NULL;
    struct diag d = {0};
    int fd = open("/dev/null", O_RDONLY);
    assert_int_equal(loop_watch_fd(loop, fd, LOOP_READ, on_readable, NULL, &w, &d),
                     ERR_UNSUPPORTED);
    assert_null(w);
    assert_non_null(strstr(diag_text(&d), "cannot be waited for"));
    close(fd);
    loop_free(loop);
}

static void
draw(void *context)
{
    struct seen *seen = context;
    seen->frames++;
}

static void
loop_before_sleep__runs_once_a_turn(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    loop_before_sleep(seen.loop, draw, &seen);
    loop_run(seen.loop);    /* nothing to wait for: drawing does not keep it */
    struct loop_timer *t = loop_timer_new(seen.loop, count, &seen);
    seen.frames = 0;
    loop_timer_start(t, 5, 0);
    wait_for(seen.loop, &seen.calls, 1);
    int turns = seen.frames;
    assert_in_range(turns, 1, 10);
    loop_before_sleep(seen.loop, NULL, NULL);
    loop_timer_start(t, 0, 0);
    wait_for(seen.loop, &seen.calls, 2);
    assert_int_equal(seen.frames, turns);
    loop_timer_close(t);
    loop_free(seen.loop);
}

static void
guest_leaves(void *context)
{
    struct seen *seen = context;
    seen->left++;
    loop_timer_close(seen->timer);
}

static void
guest_is_gone(void *context)
{
    struct seen *seen = context;
    assert_int_equal(seen->left, 1);
    seen->gone++;
}

static void
loop_free__asks_guests_to_leave_first(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    seen.timer = loop_timer_new(seen.loop, count, &seen);
    loop_timer_start(seen.timer, 100000, 0);
    loop_add_guest(seen.loop, guest_leaves, guest_is_gone, &seen);
    loop_free(seen.loop);
    assert_int_equal(seen.gone, 1);
}

static void
on_line(void *context, struct str line)
{
    struct seen *seen = context;
    buf_addf(&seen->lines, "[%.*s]", STR_ARG(line));
    seen->calls++;
}

static void
on_error_line(void *context, struct str line)
{
    struct seen *seen = context;
    buf_addf(&seen->lines, "<%.*s>", STR_ARG(line));
    seen->calls++;
}

static void
on_exit_of_child(void *context, int status, int signal_number)
{
    struct seen *seen = context;
    seen->exits++;
    seen->status = status;
    seen->signal_number = signal_number;
}

static struct loop_child *
spawn(struct seen *seen, const char *script, size_t line_max, bool hold_input)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    const struct loop_child_args args = {
        .argv = argv, .line_max = line_max, .hold_input = hold_input, .output = on_line,
        .errors = on_error_line, .exited = on_exit_of_child, .context = seen};
    struct diag d = {0};
    buf_init(&seen->lines, 10000);
    assert_int_equal(loop_spawn(seen->loop, &args, &seen->child, &d), OK);
    return seen->child;
}

static void
loop_spawn__gives_lines_then_the_exit_status(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    spawn(&seen, "printf 'one\\n\\n12345678tail'; exit 7", 4, false);
    wait_for(seen.loop, &seen.exits, 1);
    assert_string_equal(buf_c(&seen.lines), "[one][][1234][5678][tail]");
    assert_int_equal(seen.status, 7);
    assert_false(loop_child_is_running(seen.child));
    loop_child_close(seen.child);
    loop_free(seen.loop);
    buf_release(&seen.lines);
}

static void
loop_spawn__gives_lines_of_stderr(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    spawn(&seen, "echo wrong >&2", 0, false);
    wait_for(seen.loop, &seen.exits, 1);
    assert_string_equal(buf_c(&seen.lines), "<wrong>");
    loop_child_close(seen.child);
    loop_free(seen.loop);
    buf_release(&seen.lines);
}

static void
loop_spawn__fails__when_there_is_no_such_program(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    const char *argv[] = {"/nonexistent/program", NULL};
    struct loop_child *child = NULL;
    struct diag d = {0};
    const struct loop_child_args args = {.argv = argv, .output = on_line, .hold_input = true};
    assert_int_equal(loop_spawn(loop, &args, &child, &d), ERR_IO);
    assert_null(child);
    assert_non_null(strstr(diag_text(&d), "/nonexistent/program cannot be started"));
    loop_free(loop);
}

static void
loop_child_kill__ends_it(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    spawn(&seen, "echo ready; exec cat", 0, true);
    wait_for(seen.loop, &seen.calls, 1);
    assert_true(loop_child_is_running(seen.child));
    assert_true(loop_child_pid(seen.child) > 0);
    loop_child_kill(seen.child, SIGTERM);
    wait_for(seen.loop, &seen.exits, 1);
    assert_int_equal(seen.signal_number, SIGTERM);
    loop_child_close(seen.child);
    loop_free(seen.loop);
    buf_release(&seen.lines);
}

static void
loop_child_close__kills_and_reaps__when_it_still_runs(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    spawn(&seen, "echo ready; exec cat", 0, true);
    wait_for(seen.loop, &seen.calls, 1);
    int pid = loop_child_pid(seen.child);
    loop_child_close(seen.child);
    loop_free(seen.loop);
    assert_int_equal(seen.exits, 0);
    assert_int_equal(kill(pid, 0), -1);     /* not even a zombie is left */
    buf_release(&seen.lines);
}

static void
on_address(void *context, enum err error, const char *address, const struct diag *d)
{
    struct seen *seen = context;
    seen->calls++;
    seen->error = error;
    assert_true(str_copy(str_from(error ? diag_text(d) : address), seen->text,
                         sizeof(seen->text)));
}

static void
loop_resolve_name__gives_a_numeric_address(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    assert_non_null(loop_resolve_name(seen.loop, "127.0.0.1", on_address, &seen));
    wait_for(seen.loop, &seen.calls, 1);
    assert_string_equal(seen.text, "127.0.0.1");
    assert_non_null(loop_resolve_name(seen.loop, "::1", on_address, &seen));
    wait_for(seen.loop, &seen.calls, 2);
    assert_string_equal(seen.text, "::1");
    loop_free(seen.loop);
}

static void
loop_resolve_name__says_why__when_there_is_no_such_name(void **state)
{
    (void)state;
    struct seen seen = {.loop = loop_new()};
    char longest[400];
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_non_null(loop_resolve_name(seen.loop, "no such name.invalid", on_address, &seen));
    wait_for(seen.loop, &seen.calls, 1);
    assert_int_equal(seen.error, ERR_NET);
    assert_non_null(strstr(seen.text, "the address of no such name.invalid cannot be found"));
    assert_non_null(loop_resolve_name(seen.loop, longest, on_address, &seen));
    assert_int_equal(seen.calls, 1);
    wait_for(seen.loop, &seen.calls, 2);
    assert_int_equal(seen.error, ERR_NET);
    loop_resolve_close(loop_resolve_name(seen.loop, longest, on_address, &seen));
    loop_resolve_close(loop_resolve_name(seen.loop, "127.0.0.1", on_address, &seen));
    loop_free(seen.loop);
    assert_int_equal(seen.calls, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loop_timer__fires_once_or_again),
        cmocka_unit_test(loop_turn__ends__when_a_timer_was_due),
        cmocka_unit_test(loop_run__ends__when_nothing_is_left),
        cmocka_unit_test(loop_signal__tells_the_number),
        cmocka_unit_test(loop_watch_fd__tells__when_bytes_are_there),
        cmocka_unit_test(loop_watch_fd__fails__when_it_is_a_file),
        cmocka_unit_test(loop_before_sleep__runs_once_a_turn),
        cmocka_unit_test(loop_free__asks_guests_to_leave_first),
        cmocka_unit_test(loop_spawn__gives_lines_then_the_exit_status),
        cmocka_unit_test(loop_spawn__gives_lines_of_stderr),
        cmocka_unit_test(loop_spawn__fails__when_there_is_no_such_program),
        cmocka_unit_test(loop_child_kill__ends_it),
        cmocka_unit_test(loop_child_close__kills_and_reaps__when_it_still_runs),
        cmocka_unit_test(loop_resolve_name__gives_a_numeric_address),
        cmocka_unit_test(loop_resolve_name__says_why__when_there_is_no_such_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
