/* What the command line says a call is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/near/crypto.h"
#include "tui/app/plan.h"

static char folder[64], path[128], at_path[140];

static int
set_up(void **state)
{
    (void)state;
    crypto_start();
    snprintf(folder, sizeof(folder), "/tmp/neartop-plan-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/args", folder);
    snprintf(at_path, sizeof(at_path), "@%s", path);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

/* What `text` becomes, when `written` is in the file. */
static enum err
arguments(char *text, enum args_form form, const char *written, struct buf *out, struct diag *d)
{
    struct arena arena;
    struct plan p = {0};
    struct opts o = {.arguments = {(char[]){"a.near"}, (char[]){"m"}, text}, .argument_count = 3,
                     .args_form = form};
    if (written)
        assert_int_equal(file_write(path, str_from(written), 0600, NULL), OK);
    arena_init(&arena);
    enum err e = plan_method(&o, &arena, &p, d);
    buf_clear(out);
    if (!e)
        buf_add_str(out, p.action.args);
    arena_release(&arena);
    return e;
}

static void
plan_method__reads_arguments__from_where_they_are(void **state)
{
    (void)state;
    struct {
        char *text;
        enum args_form form;
        const char *written, *bytes;
    } cases[] = {
        {(char[]){"{\"a\":1}"}, ARGS_JSON, NULL, "{\"a\":1}"},
        {at_path, ARGS_JSON, " {\"a\":2}\n", "{\"a\":2}"},
        {(char[]){"aGVsbG8="}, ARGS_BASE64, NULL, "hello"},
        /* Lines of 76 signs are what base64(1) writes. */
        {(char[]){"aGVs\nbG8=\n"}, ARGS_BASE64, NULL, "hello"},
        {at_path, ARGS_BASE64, "aGVs\r\n bG8=\r\n", "hello"},
        {path, ARGS_FILE, "as it is\n", "as it is\n"},
        {at_path, ARGS_TEXT, NULL, at_path},
    };
    struct buf out;
    buf_init(&out, 1000);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diag d = {0};
        if (arguments(cases[i].text, cases[i].form, cases[i].written, &out, &d))
            fail_msg("%s: %s", cases[i].text, diag_text(&d));
        assert_string_equal(buf_c(&out), cases[i].bytes);
    }
    buf_release(&out);
}

static void
plan_method__says_where_arguments_are_wrong(void **state)
{
    (void)state;
    struct {
        char *text;
        enum args_form form;
        const char *written, *part;
    } cases[] = {
        {(char[]){"{"}, ARGS_JSON, NULL, "ARGS is not JSON: line 1, column 2: "},
        {at_path, ARGS_JSON, "{", "/args is not JSON: line 1, column 2: "},
        {(char[]){"@"}, ARGS_JSON, NULL, "ARGS: \"@\" stands before the name of a file"},
        {(char[]){"@"}, ARGS_BASE64, NULL, "ARGS: \"@\" stands before the name of a file"},
        {(char[]){"aG!"}, ARGS_BASE64, NULL, "ARGS is not base64: "},
        {at_path, ARGS_BASE64, "aG!", "/args is not base64: "},
    };
    struct buf out;
    buf_init(&out, 1000);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diag d = {0};
        assert_int_not_equal(arguments(cases[i].text, cases[i].form, cases[i].written, &out, &d), OK);
        if (!strstr(diag_text(&d), cases[i].part))
            fail_msg("\"%s\" does not say \"%s\"", diag_text(&d), cases[i].part);
    }
    buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plan_method__reads_arguments__from_where_they_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(plan_method__says_where_arguments_are_wrong, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
