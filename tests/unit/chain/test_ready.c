/* Which blocks have to wait for a contract that is being compiled. Compiling 300 kB takes long
 * against what is done here between two looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <unistd.h>
#include "contract/wasm/module.h"
#include "tests/support/wasm_made.h"
#include "tests/unit/chain/fixture.h"

enum { LARGE = 300000 };

static struct fixture f;

static struct str
large(uint32_t salt)
{
    struct buf wasm;
    buf_init(&wasm, MODULE_MAX_BYTES);
    wasm_made(LARGE, salt, &wasm);
    struct str kept = arena_str(&f.arena, buf_str(&wasm));
    buf_release(&wasm);
    return kept;
}

static size_t
under_way(void)
{
    return module_poll();
}

static void
await_compiled(void)
{
    while (module_poll())
        usleep(1000);
}

static int
set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    fixture_account(&f, "a.test.near", NULL);
    fixture_account(&f, "b.test.near", NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    fixture_release(&f);
    module_forget_all();
    return 0;
}

static void
assert_ran(const struct hash *tx)
{
    fixture_settle(&f);
    assert_int_equal(fixture_first(&f, tx)->status, CHAIN_VALUE);
}

static void
chain_is_ready__says_no__while_what_is_called_is_compiled(void **state)
{
    struct action actions[] = {{.kind = ACTION_DEPLOY_CONTRACT, .code = large(1)},
                               action_call_of("main", "", 100 * TERA_GAS)};
    (void)state;
    assert_true(chain_is_ready(f.chain));
    /* To oneself: it runs in the block that takes it. */
    struct hash tx = fixture_send(&f, "a.test.near", "a.test.near", actions, 2);
    assert_int_equal(under_way(), 1);
    fixture_blocks(&f, 1);
    assert_false(chain_is_ready(f.chain));
    await_compiled();
    assert_true(chain_is_ready(f.chain));
    assert_ran(&tx);
}

static void
chain_is_ready__says_no__when_the_call_comes_later(void **state)
{
    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = large(2)};
    (void)state;
    fixture_send_one(&f, "a.test.near", "a.test.near", deploy);
    fixture_blocks(&f, 1);
    assert_int_equal(under_way(), 1);
    assert_true(chain_is_ready(f.chain));           /* deploying alone needs nothing */
    struct hash tx = fixture_send_one(&f, "b.test.near", "a.test.near",
                                      action_call_of("main", "", 100 * TERA_GAS));
    fixture_blocks(&f, 2);                          /* the transaction; then its receipt is next */
    assert_int_equal(under_way(), 1);
    assert_false(chain_is_ready(f.chain));
    await_compiled();
    assert_true(chain_is_ready(f.chain));
    assert_ran(&tx);
}

/* Nobody has to ask: the block waits by itself. */
static void
chain_produce_block__waits__when_it_was_not_asked(void **state)
{
    struct action actions[] = {{.kind = ACTION_DEPLOY_CONTRACT, .code = large(3)},
                               action_call_of("main", "", 100 * TERA_GAS)};
    (void)state;
    struct hash tx = fixture_send(&f, "a.test.near", "a.test.near", actions, 2);
    assert_int_equal(under_way(), 1);
    assert_ran(&tx);
    assert_int_equal(under_way(), 0);
}

static void
chain_view_is_ready__says_no__until_it_is(void **state)
{
    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = large(4)};
    struct vm_outcome out;
    (void)state;
    assert_true(chain_view_is_ready_at(f.chain, chain_head(f.chain), STR("a.test.near")));
    assert_true(chain_view_is_ready_at(f.chain, chain_head(f.chain), STR("nobody.test.near")));
    struct hash tx = fixture_send_one(&f, "a.test.near", "a.test.near", deploy);
    assert_ran(&tx);
    assert_false(chain_view_is_ready_at(f.chain, chain_head(f.chain), STR("a.test.near")));
    await_compiled();
    assert_true(chain_view_is_ready_at(f.chain, chain_head(f.chain), STR("a.test.near")));
    assert_true(chain_view_call(f.chain, STR("a.test.near"), STR("noop"), STR(""), &f.arena,
                                &out));
    assert_int_equal(out.error, VM_OK);
}

/* A contract of all: deployed by one, used by another. */
static void
chain_is_ready__knows_contracts_of_all(void **state)
{
    struct action deploy = {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = large(5)};
    struct action use = {.kind = ACTION_USE_GLOBAL_CONTRACT};
    (void)state;
    use.code_hash = hash_of_bytes(deploy.code);
    struct hash tx = fixture_send_one(&f, "a.test.near", "a.test.near", deploy);
    assert_int_equal(under_way(), 1);
    assert_ran(&tx);
    tx = fixture_send_one(&f, "b.test.near", "b.test.near", use);
    assert_ran(&tx);
    module_forget_all();
    tx = fixture_send_one(&f, "a.test.near", "b.test.near",
                          action_call_of("main", "", 100 * TERA_GAS));
    fixture_blocks(&f, 2);
    assert_false(chain_is_ready(f.chain));
    assert_false(chain_view_is_ready_at(f.chain, chain_head(f.chain), STR("b.test.near")));
    await_compiled();
    assert_true(chain_is_ready(f.chain));
    assert_ran(&tx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chain_is_ready__says_no__while_what_is_called_is_compiled,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(chain_is_ready__says_no__when_the_call_comes_later, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chain_produce_block__waits__when_it_was_not_asked, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chain_view_is_ready__says_no__until_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chain_is_ready__knows_contracts_of_all, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
