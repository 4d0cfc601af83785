/* Trouble on the way to a node is on the screen for as long as it lasts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include "tests/support/localnet.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trouble__is_told_as_it_is__and_goes_when_the_node_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
