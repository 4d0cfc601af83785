#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/nonces.h"

struct scene {
    char folder[40];
    struct transaction tx;
};

static struct scene scene;

static int
set_up(void **state)
{
    struct secret_key key;
    snprintf(scene.folder, sizeof(scene.folder), "/tmp/neartop-nonces-XXXXXX");
    if (!mkdtemp(scene.folder))
        return -1;
    secret_key_from_name(STR("alice.test.near"), &key);
    scene.tx = (struct transaction){.signer = account_of("alice.test.near"),
                                    .key = secret_key_public(&key)};
    *state = &scene;
    return 0;
}

static int
tear_down(void **state)
{
    char path[400];
    struct dirent *entry;
    (void)state;
    clock_run();
    snprintf(path, sizeof(path), "%s/neartop", scene.folder);
    DIR *d = opendir(path);
    while (d && (entry = readdir(d))) {
        snprintf(path, sizeof(path), "%s/neartop/%.255s", scene.folder, entry->d_name);
        unlink(path);
    }
    if (d)
        closedir(d);
    snprintf(path, sizeof(path), "%s/neartop", scene.folder);
    rmdir(path);
    return rmdir(scene.folder);
}

static uint64_t
take(const char *chain, uint64_t least)
{
    return nonces_take(scene.folder, chain, &scene.tx, least);
}

static void
nonces_take__gives_each_another__when_all_ask_for_the_same(void **state)
{
    (void)state;
    assert_int_equal(take("testnet", 7), 7);
    assert_int_equal(take("testnet", 7), 8);
    assert_int_equal(take("testnet", 7), 9);
    assert_int_equal(take("testnet", 20), 20);
    /* Each chain, account and key for itself. */
    assert_int_equal(take("mainnet", 7), 7);
    scene.tx.signer = account_of("bob.test.near");
    assert_int_equal(take("testnet", 7), 7);
}

static void
nonces_take__goes_by_the_chain__when_what_stands_there_cannot_be(void **state)
{
    (void)state;
    /* Of a chain that was there before, under the same name. */
    assert_int_equal(take("localnet", 5000000), 5000000);
    assert_int_equal(take("localnet", 7), 7);
    /* Long ago: whoever took it has sent it, or never will. */
    assert_int_equal(take("localnet", 7), 8);
    clock_stop(clock_monotonic_ns(), clock_wall_ns() + (NONCES_AGE_S + 2) * (int64_t)NS_PER_S);
    assert_int_equal(take("localnet", 7), 7);
}

static void
nonces_take__goes_by_the_chain__without_a_folder(void **state)
{
    (void)state;
    assert_int_equal(nonces_take(NULL, "testnet", &scene.tx, 7), 7);
    assert_int_equal(nonces_take("/dev/null", "testnet", &scene.tx, 7), 7);
}

/* Who is killed lets go of the lock; who is stopped does not, and is not waited for. */
static void
nonces_take__goes_by_the_chain__when_another_one_holds_the_lock(void **state)
{
    char folder[64], path[400] = "";
    struct dirent *entry;
    (void)state;
    assert_int_equal(take("testnet", 7), 7);
    snprintf(folder, sizeof(folder), "%s/neartop", scene.folder);
    DIR *d = opendir(folder);
    while ((entry = readdir(d))) {
        if (entry->d_name[0] != '.')
            snprintf(path, sizeof(path), "%s/%.255s", folder, entry->d_name);
    }
    closedir(d);
    int fd = open(path, O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(take("testnet", 7), 7);
    close(fd);
    assert_int_equal(take("testnet", 7), 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(nonces_take__gives_each_another__when_all_ask_for_the_same),
        TEST(nonces_take__goes_by_the_chain__when_what_stands_there_cannot_be),
        TEST(nonces_take__goes_by_the_chain__without_a_folder),
        TEST(nonces_take__goes_by_the_chain__when_another_one_holds_the_lock),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
