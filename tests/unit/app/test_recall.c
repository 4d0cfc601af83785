/* Calls that were written before: kept once, bounded, without secrets, by several programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/redact.h"
#include "tui/app/recall.h"

enum { FILE_MAX = 1 << 20, PROGRAMS = 4, CALLS = 8 };

static struct recall history;
static char folder[64], path[RECALL_PATH_MAX];

static int
set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/neartop-history-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    setenv("XDG_STATE_HOME", folder, 1);
    recall_init(&history);
    return recall_path(path) ? 0 : -1;
}

static int
tear_down(void **state)
{
    char name[RECALL_PATH_MAX + 8];
    (void)state;
    recall_release(&history);
    redact_forget();
    unlink(path);
    snprintf(name, sizeof(name), "%s.lock", path);
    unlink(name);
    snprintf(name, sizeof(name), "%s/neartop", folder);
    rmdir(name);
    return rmdir(folder);
}

static struct recall_entry
call_of(const char *method, const char *args)
{
    return (struct recall_entry){.network = "testnet", .contract = "a.near", .method = method,
                                  .args = args, .gas = "30 Tgas", .deposit = "0 NEAR",
                                  .signer = "me.near"};
}

static enum err
add(const char *method, const char *args)
{
    struct recall_entry e = call_of(method, args);
    struct diag d = {0};
    return recall_add(&history, path, &e, &d);
}

static void
load(void)
{
    struct diag d = {0};
    if (recall_load(&history, path, &d))
        fail_msg("%s", diag_text(&d));
}

static void
recall__is_there_again__as_it_was_typed(void **state)
{
    struct stat st;
    (void)state;
    load();
    assert_int_equal(history.count, 0);
    assert_int_equal(add("set", "{\n  \"greeting\": \"Grüße \\\"x\\\"\"\n}"), OK);
    load();
    assert_int_equal(history.count, 1);
    assert_string_equal(history.entry[0].args, "{\n  \"greeting\": \"Grüße \\\"x\\\"\"\n}");
    assert_string_equal(history.entry[0].gas, "30 Tgas");
    assert_string_equal(history.entry[0].network, "testnet");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
recall__has_each_call_once__the_last_time_counts(void **state)
{
    (void)state;
    assert_int_equal(add("one", "{}"), OK);
    assert_int_equal(add("two", "{}"), OK);
    assert_int_equal(add("one", "{}"), OK);
    load();
    assert_int_equal(history.count, 2);
    assert_string_equal(history.entry[0].method, "two");
    assert_string_equal(history.entry[1].method, "one");
}

static void
recall__lets_the_oldest_go__at_its_ceiling(void **state)
{
    struct buf text;
    char last[16];
    (void)state;
    assert_int_equal(add("made", "{}"), OK);
    buf_init(&text, FILE_MAX);
    for (int i = 0; i < RECALL_MOST + 5; i++)
        buf_addf(&text, "{\"network\":\"n\",\"contract\":\"c\",\"method\":\"m%d\",\"args\":\"{}\","
                 "\"gas\":\"1 T\",\"deposit\":\"0\",\"signer\":\"s\"}\n", i);
    assert_int_equal(file_write(path, buf_str(&text), 0600, NULL), OK);
    buf_release(&text);
    assert_int_equal(add("newest", "{}"), OK);
    assert_int_equal(history.count, RECALL_MOST);
    assert_string_equal(history.entry[RECALL_MOST - 1].method, "newest");
    snprintf(last, sizeof(last), "m%d", 6);
    assert_string_equal(history.entry[0].method, last);
}

static void
recall__keeps_no_secret(void **state)
{
    static const char key[] = "ed25519:3D4YudUahN1nawWogh8pAKSj92sUNMdbZGjn7kERKzYoTy8tnFQuwoGUC51DowKq"
                              "orvkr2pytJSnwuSbsNVfqygr";
    char args[300];
    struct buf text;
    (void)state;
    snprintf(args, sizeof(args), "{\"x\":\"%s\"}", key);
    assert_int_equal(add("set", args), ERR_REFUSED);
    assert_int_equal(add("set", "{\"Seed_Phrase\":\"a b c\"}"), ERR_REFUSED);
    assert_int_equal(redact_keep(STR("abcdef123456"), NULL), OK);
    assert_int_equal(add("set", "{\"x\":\"abcdef123456\"}"), ERR_REFUSED);
    /* A public key is none. */
    assert_int_equal(add("set", "{\"x\":\"ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp\"}"), OK);
    buf_init(&text, FILE_MAX);
    assert_int_equal(file_read(path, &text, NULL), OK);
    assert_true(str_find(buf_str(&text), STR("3D4Y")) < 0);
    buf_release(&text);
}

static void
recall__passes_over__what_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(add("good", "{}"), OK);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs("{\"network\":\n\n[]\n{\"network\":\"x\"}\n{\"network\":1}\n\x80\xff\n", file);
    fclose(file);
    load();
    assert_int_equal(history.count, 1);
}

static void
recall__holds_what_several_programs_add(void **state)
{
    pid_t pids[PROGRAMS];
    (void)state;
    for (int p = 0; p < PROGRAMS; p++) {
        pids[p] = fork();
        for (int i = 0; pids[p] == 0 && i < CALLS; i++) {
            char name[16];
            snprintf(name, sizeof(name), "m%d_%d", p, i);
            if (add(name, "{}"))
                _exit(1);
        }
        if (pids[p] == 0)
            _exit(0);
    }
    for (int p = 0; p < PROGRAMS; p++) {
        int status;
        assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
        assert_int_equal(status, 0);
    }
    load();
    assert_int_equal(history.count, PROGRAMS * CALLS);
}

static void
recall__does_without__where_nothing_can_be_written(void **state)
{
    struct recall_entry e = call_of("x", "{}");
    struct diag d = {0};
    (void)state;
    const char *nowhere = "/dev/null/home/.local/state/neartop/calls.jsonl";
    assert_int_not_equal(recall_add(&history, nowhere, &e, &d), OK);
    assert_non_null(strstr(diag_text(&d), nowhere));
    setenv("XDG_STATE_HOME", "not/absolute", 1);
    unsetenv("HOME");
    assert_false(recall_path((char[RECALL_PATH_MAX]){""}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(recall__is_there_again__as_it_was_typed),
        TEST(recall__has_each_call_once__the_last_time_counts),
        TEST(recall__lets_the_oldest_go__at_its_ceiling),
        TEST(recall__keeps_no_secret),
        TEST(recall__passes_over__what_cannot_be_read),
        TEST(recall__holds_what_several_programs_add),
        TEST(recall__does_without__where_nothing_can_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
