#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "net/base/log.h"
#include "net/base/redact.h"

static int
forget(void **state)
{
    (void)state;
    redact_forget();
    return 0;
}

static void
redact_bytes__blots_out_every_occurrence(void **state)
{
    (void)state;
    char text[] = "a key-12345678 b key-12345678key-12345678 key-1234567";
    assert_int_equal(redact_keep(STR("key-12345678"), NULL), OK);
    assert_int_equal(redact_keep(STR("key-12345678"), NULL), OK);
    redact_bytes(text, strlen(text));
    assert_string_equal(text, "a ************ b ************************ key-1234567");
    redact_bytes(NULL, 0);
}

static void
redact_watch__blots_out_what_was_cut__and_keeps_nothing(void **state)
{
    (void)state;
    char secret[] = "0123456789abcdef";
    char text[] = "x 0123456789abcdef y 456789ab z 89abcdef! 1234567 0123456";
    char wiped[] = "x 0123456789abcdef";
    redact_watch(str_from(secret));
    redact_bytes(text, strlen(text));
    assert_string_equal(text, "x **************** y ******** z ********! 1234567 0123456");
    memset(secret, 0, sizeof(secret));
    redact_bytes(wiped, sizeof(wiped));
    assert_string_equal(wiped, "x 0123456789abcdef");
}

static void
redact_keep__refuses__what_would_stand_in_other_text(void **state)
{
    (void)state;
    struct diag d = {0};
    static char longest[REDACT_LONGEST + 1];
    memset(longest, 'x', sizeof(longest));
    assert_int_equal(redact_keep(STR("near"), &d), ERR_RANGE);
    assert_string_equal(d.text, "an API key has 8 to 1024 bytes; this one has 4");
    assert_int_equal(redact_keep(str_of(longest, sizeof(longest)), NULL), ERR_RANGE);
    for (int i = 0; i < REDACT_KEYS_MAX; i++) {
        char key[16];
        snprintf(key, sizeof(key), "key-number-%02d", i);
        assert_int_equal(redact_keep(str_from(key), NULL), OK);
    }
    assert_int_equal(redact_keep(STR("one key too many"), NULL), ERR_RANGE);
}

static void
diag_set__and_log_line__never_hold_a_key(void **state)
{
    (void)state;
    struct diag d = {0};
    struct buf text;
    char path[] = "build/redact-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(redact_keep(STR("s3cr3t-t0ken"), NULL), OK);
    (void)!diag_set(&d, ERR_NET, "it said %s", "bad key s3cr3t-t0ken");
    assert_string_equal(d.text, "it said bad key ************");
    diag_prefix(&d, "http://x/%s", "s3cr3t-t0ken");
    assert_string_equal(d.text, "http://x/************: it said bad key ************");
    assert_true(log_open(path, LOG_DEBUG));
    log_line(LOG_INFO, "test", "header: Bearer %s", "s3cr3t-t0ken");
    log_close();
    buf_init(&text, 4096);
    assert_int_equal(file_read(path, &text, NULL), OK);
    assert_non_null(strstr(buf_c(&text), "Bearer ************"));
    assert_null(strstr(buf_c(&text), "s3cr3t"));
    buf_release(&text);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(redact_bytes__blots_out_every_occurrence, forget),
        cmocka_unit_test_teardown(redact_watch__blots_out_what_was_cut__and_keeps_nothing, forget),
        cmocka_unit_test_teardown(redact_keep__refuses__what_would_stand_in_other_text, forget),
        cmocka_unit_test_teardown(diag_set__and_log_line__never_hold_a_key, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
