#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/macros.h"
#include "net/credentials.h"
#include "net/near/base58.h"

/* The pair of the protocol's documented example: seed 00 01 … 1f. */
#define SECRET                                                                              \
    "ed25519:1GMkH3brNXiNNs1tiFZHu4yZSRrzJwxi5wB9bHFtMikjwp"                                \
    "AW9DMZzU2Pqakc5it8X3N5vPmqdN7KF4CCUpmKhq"
#define PUBLIC "ed25519:FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF"

static char home[64];

static int
set_up(void **state)
{
    (void)state;
    char path[200];
    snprintf(home, sizeof(home), "/tmp/neartop-keys-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    snprintf(path, sizeof(path), "%s/testnet", home);
    return mkdir(path, 0700);
}

static int
tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {
        "testnet/alice.test.json", "testnet/alice.test/ed25519_B.json",
        "testnet/alice.test/ed25519_A.json", "testnet/alice.test/notes.txt",
        "testnet/alice.test", "testnet/pipe", "testnet", "."};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[200];
        snprintf(path, sizeof(path), "%s/%s", home, names[i]);
        if (unlink(path) != 0)
            rmdir(i + 1 == ARRAY_LEN(names) ? home : path);
    }
    return 0;
}

static void
write_key_file(const char *name, const char *text, unsigned mode)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/%s", home, name);
    assert_int_equal(file_write(path, str_from(text), mode, NULL), OK);
    assert_int_equal(chmod(path, mode), 0);
}

static enum err
load(struct credentials *c, struct diag *d)
{
    struct account_id alice = account_of("alice.test");
    return credentials_load(home, "testnet", &alice, c, d);
}

static void
assert_is_example(const struct credentials *c)
{
    char text[KEY_TEXT];
    assert_string_equal(public_key_text(&c->public_key, text), PUBLIC);
    struct public_key own = secret_key_public(&c->key);
    assert_true(public_key_equal(&own, &c->public_key));
}

static void
credentials_load__reads_the_file_of_near_cli(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    write_key_file("testnet/alice.test.json", "{\"account_id\":\"alice.test\",\"public_key\":\""
                   PUBLIC "\",\"private_key\":\"" SECRET "\"}", 0600);
    assert_int_equal(load(&c, &d), OK);
    assert_is_example(&c);
    assert_string_equal(c.warning, "");
    assert_non_null(strstr(c.path, "testnet/alice.test.json"));
    credentials_wipe(&c);
    assert_int_equal(c.key.seed_and_public[5], 0);
}

static void
credentials_load__reads_the_directory_of_near_cli_rs(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200];
    snprintf(path, sizeof(path), "%s/testnet/alice.test", home);
    assert_int_equal(mkdir(path, 0700), 0);
    write_key_file("testnet/alice.test/notes.txt", "not a key", 0600);
    write_key_file("testnet/alice.test/ed25519_B.json", "broken", 0600);
    write_key_file("testnet/alice.test/ed25519_A.json",
        "{\"seed_phrase_hd_path\":\"m/44'/397'/0'\",\"public_key\":\"" PUBLIC "\","
        "\"private_key\":\"" SECRET "\"}", 0600);
    if (load(&c, &d))
        fail_msg("%s", diag_text(&d));
    assert_is_example(&c);
    assert_non_null(strstr(c.path, "ed25519_A.json"));
    credentials_wipe(&c);
}

/* near-cli-rs writes both, and one more for each key of the account. */
static void
credentials_load_next__goes_through_all_of_an_account(void **state)
{
    static const char *const expected[] = {"alice.test.json", "ed25519_A.json", "ed25519_B.json"};
    (void)state;
    struct credentials c;
    struct diag d = {0};
    const struct account_id alice = account_of("alice.test");
    char path[200], after[CREDENTIALS_PATH_MAX] = "";
    snprintf(path, sizeof(path), "%s/testnet/alice.test", home);
    assert_int_equal(mkdir(path, 0700), 0);
    write_key_file("testnet/alice.test/ed25519_B.json", "{\"private_key\":\"" SECRET "\"}", 0600);
    write_key_file("testnet/alice.test/ed25519_A.json", "{\"private_key\":\"" SECRET "\"}", 0600);
    write_key_file("testnet/alice.test.json", "{\"private_key\":\"" SECRET "\"}", 0600);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        if (credentials_load_next(home, "testnet", &alice, after, &c, &d))
            fail_msg("%s", diag_text(&d));
        assert_non_null(strstr(c.path, expected[i]));
        snprintf(after, sizeof(after), "%s", c.path);
        credentials_wipe(&c);
    }
    assert_int_equal(credentials_load_next(home, "testnet", &alice, after, &c, &d), ERR_NOT_FOUND);
}

static void
credentials_load__reads_a_node_file_with_comments(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    write_key_file("testnet/alice.test.json", "// a comment\n{\n  // \"another\": {\n"
                   "  \"secret_key\": \"" SECRET "\" }\n", 0600);
    if (load(&c, &d))
        fail_msg("%s", diag_text(&d));
    assert_is_example(&c);
    credentials_wipe(&c);
}

static void
credentials_load__warns__when_others_may_read_the_file(void **state)
{
    (void)state;
    struct credentials c;
    write_key_file("testnet/alice.test.json", "{\"private_key\":\"" SECRET "\"}", 0644);
    assert_int_equal(load(&c, NULL), OK);
    assert_non_null(strstr(c.warning, "chmod 600"));
    credentials_wipe(&c);
}

static void
credentials_load__says_where_it_looked__when_there_is_none(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    assert_int_equal(load(&c, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(diag_text(&d), "no key of alice.test: neither "));
    assert_non_null(strstr(diag_text(&d), "/testnet/alice.test.json"));
}

static void
credentials_load__never_quotes_a_key__when_the_file_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
        enum err error;
    } cases[] = {
        {"", "it is not JSON", ERR_SYNTAX},
        {SECRET, "it is not JSON", ERR_SYNTAX},
        {"{\"public_key\":\"" PUBLIC "\"}", "no private_key and no secret_key", ERR_MISSING},
        {"{\"private_key\":\"" SECRET "X\"}", "not of the form", ERR_CRYPTO},
        {"{\"private_key\":\"" PUBLIC "\"}", "not of the form", ERR_CRYPTO},
        {"{\"private_key\":\"" SECRET "\",\"public_key\":\"ed25519:11111111111111111111111111111111\"}",
         "does not belong", ERR_CRYPTO},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct credentials c;
        struct diag d = {0};
        write_key_file("testnet/alice.test.json", cases[i].text, 0600);
        assert_int_equal(load(&c, &d), cases[i].error);
        if (!strstr(diag_text(&d), cases[i].part))
            fail_msg("%s", diag_text(&d));
        assert_null(strstr(diag_text(&d), "1GMkH3"));
    }
}

/* --- pipes ---------------------------------------------------------------------------- */

#define FIFO "testnet/pipe"

/* A pipe that a child writes `text` into, `times` over; forgotten when it is read no more. */
static pid_t
write_into_pipe(char path[200], const char *text, int times)
{
    snprintf(path, 200, "%s/" FIFO, home);
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    signal(SIGPIPE, SIG_DFL);
    int fd = open(path, O_WRONLY);
    for (int i = 0; i < times; i++) {
        if (write(fd, text, strlen(text)) < 0)
            break;
    }
    _exit(0);
}

static void
credentials_load_pipe__reads_what_comes_until_it_is_closed(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200];
    pid_t child = write_into_pipe(path, "{\"private_key\":\"" SECRET "\"}", 1);
    assert_true(credentials_is_pipe(path));
    assert_int_equal(credentials_load_pipe(path, 20000, &c, &d), OK);
    assert_is_example(&c);
    assert_string_equal(c.warning, "");
    credentials_wipe(&c);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
credentials_load_pipe__gives_up__when_nobody_writes(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200], expected[400];
    snprintf(path, sizeof(path), "%s/" FIFO, home);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(credentials_load_pipe(path, 20, &c, &d), ERR_TIMEOUT);
    snprintf(expected, sizeof(expected), "%s: no key came out of this pipe in 1 seconds: who writes "
             "it has to close it", path);
    assert_string_equal(diag_text(&d), expected);
    /* Nor is half a key one: who writes has it open and says no more. */
    int fd = open(path, O_RDWR);
    assert_int_equal(write(fd, "{\"private_key\":", 15), 15);
    assert_int_equal(credentials_load_pipe(path, 20, &c, &d), ERR_TIMEOUT);
    close(fd);
}

static void
credentials_load_pipe__says_so__when_it_is_empty(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200];
    pid_t child = write_into_pipe(path, "", 1);
    assert_int_equal(credentials_load_pipe(path, 20000, &c, &d), ERR_MISSING);
    assert_non_null(strstr(diag_text(&d), "testnet/pipe: nothing came out of this pipe"));
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
credentials_load_pipe__stops__when_it_does_not_end(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200];
    pid_t child = write_into_pipe(path, "// yes, yes, yes\n", 1000 * 1000);
    assert_int_equal(credentials_load_pipe(path, 20000, &c, &d), ERR_TOO_LARGE);
    assert_non_null(strstr(diag_text(&d), "too large for a key file"));
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
credentials_load_file__refuses_at_once__what_is_no_plain_file(void **state)
{
    (void)state;
    struct credentials c;
    struct diag d = {0};
    char path[200];
    snprintf(path, sizeof(path), "%s/" FIFO, home);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(credentials_load_file(path, &c, &d), ERR_UNSUPPORTED);
    assert_non_null(strstr(diag_text(&d), "testnet/pipe: a pipe, where a key file is kept"));
    assert_int_equal(credentials_load_file("/dev/zero", &c, &d), ERR_UNSUPPORTED);
    assert_string_equal(diag_text(&d), "/dev/zero: a device or a socket, not a key file: a plain file "
                                       "or a pipe would be right");
    assert_int_equal(credentials_load_file(home, &c, &d), ERR_UNSUPPORTED);
    assert_non_null(strstr(diag_text(&d), ": a folder, not a key file"));
    assert_false(credentials_is_pipe("/dev/zero"));
    assert_int_equal(credentials_load_pipe("/dev/zero", 20000, &c, &d), ERR_UNSUPPORTED);
}

static void
credentials_home__follows_the_environment(void **state)
{
    (void)state;
    char path[CREDENTIALS_PATH_MAX];
    setenv("HOME", home, 1);
    assert_int_equal(credentials_home(path, NULL), OK);
    assert_true(str_ends(str_from(path), STR("/.near-credentials")));
    unsetenv("HOME");
    assert_int_equal(credentials_home(path, NULL), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(credentials_load__reads_the_file_of_near_cli),
        TEST(credentials_load__reads_the_directory_of_near_cli_rs),
        TEST(credentials_load_next__goes_through_all_of_an_account),
        TEST(credentials_load__reads_a_node_file_with_comments),
        TEST(credentials_load__warns__when_others_may_read_the_file),
        TEST(credentials_load__says_where_it_looked__when_there_is_none),
        TEST(credentials_load__never_quotes_a_key__when_the_file_is_wrong),
        TEST(credentials_load_pipe__reads_what_comes_until_it_is_closed),
        TEST(credentials_load_pipe__gives_up__when_nobody_writes),
        TEST(credentials_load_pipe__says_so__when_it_is_empty),
        TEST(credentials_load_pipe__stops__when_it_does_not_end),
        TEST(credentials_load_file__refuses_at_once__what_is_no_plain_file),
        TEST(credentials_home__follows_the_environment),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
