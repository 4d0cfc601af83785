/* Calls of the settings on the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/file.h"
#include "tui/app/preset.h"

static struct config config;
static char folder[64], path[128];

static const char settings[] = "[call balance]\ncontract = token.near\nmethod = ft_balance_of\n"
                               "args = {\"account_id\": \"a.near\"}\ngas = 5 Tgas\n"
                               "deposit = 1 yoctoNEAR\nsigner = me.near\n"
                               "[call reads]\nnetwork = testnet mainnet\ncontract = p.near\n"
                               "method = at_once\nsequential = in_turn\nmode = sequential\n"
                               "args = @reads.json\n";

static int
set_up(void **state)
{
    struct diag d = {0};
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/neartop-preset-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/reads.json", folder);
    config_init(&config);
    snprintf(config.path, sizeof(config.path), "%s/neartop.conf", folder);
    return config_read_text(&config, str_from(settings), "c", &d) ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    config_release(&config);
    unlink(path);
    return rmdir(folder);
}

/* The options of "neartop WORDS"; words are cut at blanks. */
static enum err
expand(const char *words, struct opts *o, struct diag *d)
{
    static char copy[400];
    char *argv[16] = {(char[]){"neartop"}}, *rest = copy;
    int argc = 1;
    snprintf(copy, sizeof(copy), "%s", words);
    while ((argv[argc] = strtok_r(rest, " ", &rest)))
        argc++;
    *d = (struct diag){0};
    enum err e = opts_parse(argc, argv, o, d);
    return e ? e : preset_expand(o, &config, d);
}

static void
assert_refuses(const char *words, const char *sentence)
{
    struct opts o;
    struct diag d;
    assert_int_not_equal(expand(words, &o, &d), OK);
    if (!strstr(diag_text(&d), sentence))
        fail_msg("%s: %s", words, diag_text(&d));
}

static void
preset__stands_for_contract_method_and_arguments(void **state)
{
    struct opts o;
    struct diag d;
    (void)state;
    assert_int_equal(expand("call @balance", &o, &d), OK);
    assert_int_equal(o.argument_count, 3);
    assert_string_equal(o.arguments[0], "token.near");
    assert_string_equal(o.arguments[1], "ft_balance_of");
    assert_string_equal(o.arguments[2], "{\"account_id\": \"a.near\"}");
    assert_string_equal(o.gas.text, "5 Tgas");
    assert_string_equal(o.deposit.text, "1 yoctoNEAR");
    assert_string_equal(o.as.text, "me.near");
    assert_false(o.network.is_given);
}

static void
command_line__counts_more__than_the_preset(void **state)
{
    struct opts o;
    struct diag d;
    (void)state;
    assert_int_equal(expand("call @balance {} --gas 7T --as you.near --network mainnet", &o, &d), OK);
    assert_string_equal(o.arguments[2], "{}");
    assert_string_equal(o.gas.text, "7T");
    assert_string_equal(o.as.text, "you.near");
    assert_string_equal(o.network.text, "mainnet");
    assert_int_equal(expand("view @balance --base64", &o, &d), OK);
    assert_int_equal(o.args_form, ARGS_JSON);
    assert_int_equal(expand("call @balance AAA= --base64", &o, &d), OK);
    assert_int_equal(o.args_form, ARGS_BASE64);
}

static void
preset__takes_its_arguments_from_a_file__beside_the_settings(void **state)
{
    struct opts o;
    struct diag d;
    (void)state;
    assert_refuses("call @reads", "[call reads] args: ");
    assert_int_equal(expand("call @reads", &o, &d), ERR_SETTINGS);
    assert_int_equal(file_write(path, STR("{\"x\":"), 0600, NULL), OK);
    assert_refuses("call @reads", "[call reads] args: reads.json is not JSON: line 1, column 6");
    assert_int_equal(expand("call @reads", &o, &d), ERR_SETTINGS);
    assert_int_equal(file_write(path, STR(" {\"x\": 1}\n"), 0600, NULL), OK);
    assert_int_equal(expand("call @reads", &o, &d), OK);
    assert_string_equal(o.arguments[2], "{\"x\": 1}");
    assert_int_equal(file_write(path, STR("@/etc/passwd"), 0600, NULL), OK);
    assert_refuses("call @reads", "[call reads] args: reads.json is not JSON: line 1, column 1");
}

static void
mode__chooses_the_method(void **state)
{
    struct opts o;
    struct diag d;
    (void)state;
    assert_int_equal(expand("call @reads {}", &o, &d), OK);
    assert_string_equal(o.arguments[1], "in_turn");
    assert_string_equal(o.network.text, "testnet");
    assert_refuses("call @reads {} --batch", "expected \"batch = METHOD\" in [call reads]");
    assert_int_equal(expand("compare @reads {}", &o, &d), OK);
    assert_string_equal(o.arguments[1], "at_once,in_turn");
    assert_int_equal(expand("compare @portfolio", &o, &d), OK);
    assert_string_equal(o.arguments[1], "get_portfolio_data,get_portfolio_sequential,batch");
    assert_refuses("call a.near b --batch", "neartop call @NAME");
}

static void
preset__is_refused__where_it_is_not_for(void **state)
{
    (void)state;
    assert_refuses("call @reads {} --network demo", "@reads is for testnet mainnet, not for demo");
    assert_refuses("call @nothing", "there is no [call nothing] in the settings: @portfolio, @xcc, "
                                    "@balance, @reads");
    assert_refuses("call @balance 1 2", "one argument too many");
}

/* The reference call of the demo is told in two places: they say the same. */
static void
portfolio__is_the_call_of_the_demo(void **state)
{
    struct arena arena;
    struct plan plan;
    struct buf plain;
    (void)state;
    const struct config_call *p = preset_find(&config, STR("portfolio"));
    assert_non_null(p);
    arena_init(&arena);
    buf_init(&plain, 1000);
    for (int mode = 0; mode < 3; mode++) {
        plan_demo((enum plan_mode)mode, &arena, &plan);
        assert_true(str_equal_c(plan.action.method, preset_method(p, (enum plan_mode)mode)));
        assert_string_equal(plan.receiver.s, p->contract.text);
        assert_string_equal(plan.signer.s, p->signer.text);
    }
    assert_int_equal(preset_args(p, &config, &plain, NULL), OK);
    plan_demo(PLAN_PARALLEL, &arena, &plan);
    assert_true(str_equal(plan.action.args, buf_str(&plain)));
    assert_ptr_equal(preset_of(&config, "demo", STR("portfolio.test.near"), STR("batch")), p);
    assert_null(preset_of(&config, "testnet", STR("portfolio.test.near"), STR("batch")));
    buf_release(&plain);
    arena_release(&arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(preset__stands_for_contract_method_and_arguments),
        TEST(command_line__counts_more__than_the_preset),
        TEST(preset__takes_its_arguments_from_a_file__beside_the_settings),
        TEST(mode__chooses_the_method),
        TEST(preset__is_refused__where_it_is_not_for),
        TEST(portfolio__is_the_call_of_the_demo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
