#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/file.h"

static char folder[] = "/tmp/neartop-file-XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/a", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);       /* fails when a temporary file was left behind */
}

static void
file_write__replaces_the_whole_file(void **state)
{
    (void)state;
    struct buf in;
    struct stat st;
    buf_init(&in, 100);
    assert_int_equal(file_write(path, STR("a longer text than the next"), 0644, NULL), OK);
    assert_int_equal(file_write(path, str_of("x\0y\n", 4), 0600, NULL), OK);
    assert_int_equal(file_read(path, &in, NULL), OK);
    assert_int_equal(in.n, 4);
    assert_memory_equal(in.p, "x\0y\n", 4);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    buf_release(&in);
}

static void
file_write__leaves_no_half__when_the_place_cannot_be_written(void **state)
{
    (void)state;
    struct diag d = {0};
    char wrong[100];
    snprintf(wrong, sizeof(wrong), "%s/none/a", folder);
    assert_int_equal(file_write(wrong, STR("x"), 0600, &d), ERR_NOT_FOUND);
    assert_non_null(d.text[0] ? d.text : NULL);
    assert_true(d.origin != 0);
    /* A folder cannot be replaced by a file; the temporary file is taken away again. */
    assert_int_equal(file_write(folder, STR("x"), 0600, &d), ERR_IO);
    snprintf(wrong, sizeof(wrong), "%s.tmp.%ld", folder, (long)getpid());
    assert_int_equal(access(wrong, F_OK), -1);
}

static void
file_read__refuses__when_the_file_is_larger_than_the_ceiling(void **state)
{
    (void)state;
    struct buf in;
    struct diag d = {0};
    buf_init(&in, 5);
    assert_int_equal(file_write(path, STR("123456"), 0600, NULL), OK);
    assert_int_equal(file_read(path, &in, &d), ERR_TOO_LARGE);
    assert_non_null(d.text[0] ? d.text : NULL);
    buf_release(&in);
}

static void
file_read__says_what_is_wrong(void **state)
{
    (void)state;
    struct buf in;
    struct diag d = {0};
    buf_init(&in, 5);
    assert_int_equal(file_read("/no/such/file", &in, &d), ERR_NOT_FOUND);
    assert_string_equal(diag_text(&d),
                        "/no/such/file: cannot be opened: No such file or directory");
    assert_int_equal(file_read("/dev/null/file", &in, &d), ERR_NOT_FOUND);
    assert_int_equal(file_read(folder, &in, &d), ERR_IO);
    assert_int_equal(in.n, 0);
    buf_release(&in);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_write__replaces_the_whole_file),
        cmocka_unit_test(file_write__leaves_no_half__when_the_place_cannot_be_written),
        cmocka_unit_test(file_read__refuses__when_the_file_is_larger_than_the_ceiling),
        cmocka_unit_test(file_read__says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
