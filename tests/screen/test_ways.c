/* The same call another way on a network that is not the demo's own: the methods that the settings
 * name, those of the reference call where the contract has them, and nothing where it has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <signal.h>
#include <unistd.h>
#include "tests/support/localnet.h"
#include "tests/support/screen.h"
#include "tests/support/tested.h"
#include "tests/support/text_file.h"

static struct {
    struct localnet net;
    char folder[64], settings[96];
} chain;

static int
set_up(void **state)
{
    (void)state;
    if (!localnet_start(&chain.net, tested_path(), "0", "100"))
        return -1;
    snprintf(chain.folder, sizeof(chain.folder), "/tmp/neartop-ways-XXXXXX");
    if (!mkdtemp(chain.folder))
        return -1;
    snprintf(chain.settings, sizeof(chain.settings), "%s/settings", chain.folder);
    text_file_write(chain.settings, "[call greet]\ncontract = hello.test.near\nmethod = get_greeting\n"
                                    "batch = get_greeting\nargs = {}\nsigner = alice.test.near\n");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    localnet_end(&chain.net, SIGTERM);
    unlink(chain.settings);
    return rmdir(chain.folder);
}

/* `method` NULL: the contract is a call of the settings. */
static struct screen *
call(const char *contract, const char *method)
{
    const char *argv[12] = {tested_path(), "call", "--rpc", chain.net.url, "--as", "alice.test.near",
                            "--config", chain.settings, contract, method, NULL};
    return screen_start(100, 30, argv, NULL);
}

static void
end(struct screen *s)
{
    screen_press(s, "q");
    screen_wait_end(s);
    screen_free(s);
}

static void
reference_call__runs_in_sequence__where_the_contract_has_it(void **state)
{
    (void)state;
    struct screen *s = call("@portfolio", NULL);
    screen_wait(s, "portfolio.test.near › get_portfolio_data");
    screen_wait(s, "succeeded");
    screen_wait(s, "s in sequence");
    screen_press(s, "s");
    screen_wait(s, "portfolio.test.near › get_portfolio_sequential");
    screen_wait(s, "succeeded");
    screen_press(s, "b");
    screen_wait(s, "portfolio.test.near › batch");
    screen_wait(s, "succeeded");
    screen_press(s, "4");
    screen_wait(s, "runs compared");
    assert_true(screen_has(s, "get_portfolio_sequential"));
    end(s);
}

static void
reference_call__is_not_sent__where_the_contract_lacks_it(void **state)
{
    (void)state;
    struct screen *s = call("hello.test.near", "get_portfolio_data");
    screen_wait(s, "no method get_portfolio_data");
    screen_press(s, "s");
    screen_wait(s, "hello.test.near has no method get_portfolio_sequential: nothing was sent");
    screen_press(s, "1");
    screen_wait(s, "1 call ");
    end(s);
}

static void
settings__tell_which_ways_there_are(void **state)
{
    (void)state;
    struct screen *s = call("@greet", NULL);
    screen_wait(s, "hello.test.near › get_greeting");
    screen_wait(s, "succeeded");
    screen_press(s, "s");
    screen_wait(s, "no other way of this call is known: \"sequential = METHOD\"");
    screen_press(s, "b");
    screen_press(s, "1");
    screen_wait(s, "2 calls ");
    end(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_call__runs_in_sequence__where_the_contract_has_it),
        cmocka_unit_test(reference_call__is_not_sent__where_the_contract_lacks_it),
        cmocka_unit_test(settings__tell_which_ways_there_are),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
