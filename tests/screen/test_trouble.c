/* Trouble on the way to a node is on the screen for as long as it lasts, other trouble until it is
 * read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <signal.h>
#include "tests/support/localnet.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"
#include "tests/support/text_file.h"

static void
trouble__is_told_as_it_is__and_goes_when_the_node_is_back(void **state)
{
    struct localnet chain;
    char url[sizeof(chain.url)];
    (void)state;
    assert_true(localnet_start(&chain, tested_path(), "0", "1000"));
    for (size_t i = 0; i < sizeof(url); i++)
        url[i] = chain.url[i];
    const char *argv[] = {tested_path(), "call", "--rpc", url, "--ws", "off", "--as", "alice.test.near",
                          "@portfolio", NULL};
    struct screen *s = screen_start(100, 30, argv, NULL);
    screen_wait(s, "running");
    localnet_end(&chain, SIGKILL);
    /* Whatever was told of the connection that broke, this is how it is now. */
    screen_wait(s, "cannot be connected to: Connection refused");
    assert_true(localnet_start(&chain, tested_path(), localnet_port(&chain), "100"));
    screen_wait_gone(s, "cannot be connected to");
    assert_false(screen_has(s, "hung up"));
    screen_press(s, "q");
    screen_wait_end(s);
    screen_free(s);
    localnet_end(&chain, SIGTERM);
}

/* What is told once, of whatever else, is there until a key is pressed. */
static void
trouble__of_the_settings__stays_until_a_key(void **state)
{
    struct localnet chain;
    char folder[] = "/tmp/neartop-trouble-XXXXXX", of_folder[64], path[64], file[80];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(of_folder, sizeof(of_folder), "XDG_CONFIG_HOME=%s", folder);
    snprintf(path, sizeof(path), "%s/near-cli", folder);
    snprintf(file, sizeof(file), "%s/config.toml", path);
    assert_int_equal(mkdir(path, 0700), 0);
    text_file_write(file, "nothing that is meant\n");
    assert_true(localnet_start(&chain, tested_path(), "0", "100"));
    const char *argv[] = {tested_path(), "call", "--rpc", chain.url, "--ws", "off", "--as",
                          "alice.test.near", "@portfolio", NULL};
    const char *extra[] = {of_folder, NULL};
    struct screen *s = screen_start(100, 30, argv, extra);
    screen_wait(s, "all of it is final");
    assert_true(screen_has(s, "settings: "));
    screen_press(s, "j");
    screen_wait_gone(s, "settings: ");
    screen_quit(s, 0);
    localnet_end(&chain, SIGTERM);
    unlink(file);
    rmdir(path);
    rmdir(folder);
}

/* Who follows accounts sees whose calls are looked for, and where, before there is one. */
static void
trouble__of_what_is_followed__is_told_while_it_lasts(void **state)
{
    struct localnet chain;
    char url[sizeof(chain.url)], ws[sizeof(chain.url) + 8];
    (void)state;
    assert_true(localnet_start(&chain, tested_path(), "0", "100"));
    snprintf(url, sizeof(url), "%s", chain.url);
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%s", localnet_port(&chain));
    const char *argv[] = {tested_path(), "follow", "--rpc", url, "--ws", ws, "bob.test.near",
                          "token.test.near", NULL};
    struct screen *s = screen_start(80, 24, argv, NULL);
    screen_wait(s, "No calls of bob.test.near or token.test.near yet: they are looked");
    assert_true(screen_has(s, "● feed"));
    localnet_end(&chain, SIGKILL);
    screen_wait(s, "cannot be connected to: Connection refused");
    assert_true(screen_has(s, "○ blocks"));
    assert_true(localnet_start(&chain, tested_path(), localnet_port(&chain), "100"));
    screen_wait_gone(s, "cannot be connected to");
    screen_wait(s, "● feed");
    assert_false(screen_has(s, " ! "));
    screen_quit(s, 0);
    localnet_end(&chain, SIGTERM);
}

/* Nothing can come any more of a call that nobody took: it is said, and not waited for. */
static void
call__is_over__when_no_node_is_there(void **state)
{
    const char *plain[] = {tested_path(), "call", "--rpc", "http://127.0.0.1:9", "--as", "alice.test.near",
                           "--plain", "--timeout", "600", "@portfolio", NULL};
    const char *argv[] = {tested_path(), "call", "--rpc", "http://127.0.0.1:9", "--as", "alice.test.near",
                          "@portfolio", NULL};
    (void)state;
    struct screen *s = screen_start(200, 24, plain, NULL);
    screen_wait(s, "; nothing was sent; is \"neartop localnet\" running there?");
    assert_int_equal(screen_wait_end(s), 3);
    screen_free(s);
    s = screen_start(200, 30, argv, NULL);
    screen_wait(s, "✗ nothing was sent");
    assert_true(screen_has(s, "is \"neartop localnet\" running there?"));
    assert_false(screen_has(s, "asking the node"));
    screen_press(s, "q");
    assert_int_equal(screen_wait_end(s), 3);
    screen_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trouble__is_told_as_it_is__and_goes_when_the_node_is_back),
        cmocka_unit_test(trouble__of_the_settings__stays_until_a_key),
        cmocka_unit_test(trouble__of_what_is_followed__is_told_while_it_lasts),
        cmocka_unit_test(call__is_over__when_no_node_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
