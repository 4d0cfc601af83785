#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "net/base/clock.h"
#include "net/base/file.h"
#include "net/base/log.h"

static char path[sizeof("/tmp/neartop-log-XXXXXX")];

static int
open_log(void **state)
{
    (void)state;
    snprintf(path, sizeof(path), "/tmp/neartop-log-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    close(fd);
    unlink(path);
    clock_stop(0, INT64_C(1763937000) * NS_PER_S + 42 * NS_PER_MS);
    return log_open(path, LOG_INFO) ? 0 : -1;
}

static int
close_log(void **state)
{
    (void)state;
    log_close();
    clock_run();
    return unlink(path);
}

static void
assert_logged(const char *expected)
{
    struct buf text;
    buf_init(&text, 10000);
    assert_int_equal(file_read(path, &text, NULL), OK);
    assert_string_equal(buf_c(&text), expected);
    buf_release(&text);
}

static void
log_line__writes_time_level_and_area(void **state)
{
    (void)state;
    struct stat st;
    log_line(LOG_WARNING, "net", "try %d", 2);
    log_line(LOG_DEBUG, "net", "not asked for");
    assert_logged("2025-11-23T22:30:00.042Z warning net: try 2\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
log_line__escapes__what_a_terminal_would_obey(void **state)
{
    (void)state;
    log_line(LOG_ERROR, "net", "%s", "a\x1b[2J\nb\x9b\xc3\xa4");
    assert_logged("2025-11-23T22:30:00.042Z error net: a\\x1b[2J\\x0ab\\x9b\\xc3\\xa4\n");
}

static void
log_line__appends__when_the_file_is_opened_again(void **state)
{
    (void)state;
    log_line(LOG_INFO, "a", "one");
    log_close();
    log_line(LOG_ERROR, "a", "goes nowhere");
    assert_true(log_open(path, LOG_DEBUG));
    log_line(LOG_DEBUG, "a", "two");
    assert_logged("2025-11-23T22:30:00.042Z info a: one\n"
                  "2025-11-23T22:30:00.042Z debug a: two\n");
}

static void
log_open__keeps_the_old_file__when_the_new_one_cannot_be_opened(void **state)
{
    (void)state;
    assert_false(log_open("/no/such/folder/log", LOG_INFO));
    assert_int_equal(errno, ENOENT);
    log_line(LOG_INFO, "a", "still here");
    assert_logged("2025-11-23T22:30:00.042Z info a: still here\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(log_line__writes_time_level_and_area, open_log, close_log),
        cmocka_unit_test_setup_teardown(log_line__escapes__what_a_terminal_would_obey, open_log,
                                        close_log),
        cmocka_unit_test_setup_teardown(log_line__appends__when_the_file_is_opened_again,
                                        open_log, close_log),
        cmocka_unit_test_setup_teardown(
            log_open__keeps_the_old_file__when_the_new_one_cannot_be_opened, open_log, close_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
