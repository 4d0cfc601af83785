#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tui/app/confirm.h"

static struct plan
plan_of(const char *args, size_t n)
{
    return (struct plan){.signer = account_of("alice.near"),
                         .receiver = account_of("hello.near"),
                         .action = {.kind = ACTION_FUNCTION_CALL,
                                    .method = STR("set"),
                                    .args = str_of(args, n),
                                    .gas = 100 * TERA_GAS}};
}

static void
confirm__says_what_it_is_and_what_it_costs(void **state)
{
    (void)state;
    struct network n = {.name = "mainnet"};
    struct plan p = plan_of("{\"a\":\"\x1b[2J\"}", 12);
    struct amount price = amount_of(200000000);
    struct buf text;
    buf_init(&text, 8192);
    confirm_describe(&p, &n, &price, &text);
    assert_non_null(strstr(buf_c(&text), "signer    alice.near\n"));
    assert_non_null(strstr(buf_c(&text), "gas       100 Tgas\n"));
    assert_non_null(strstr(buf_c(&text), "deposit   0 NEAR\n"));
    assert_non_null(strstr(buf_c(&text), "at most 0.020239 NEAR: 0.020239 NEAR for gas at the present"));
    assert_null(strchr(buf_c(&text), '\x1b'));
    buf_clear(&text);
    p = plan_of("\xff\x00\x01", 3);
    confirm_describe(&p, &n, NULL, &text);
    assert_non_null(strstr(buf_c(&text), "arguments 3 bytes\n"));
    assert_non_null(strstr(buf_c(&text), "at the lowest price"));
    buf_release(&text);
}

static void
confirm__says_it_in_sentences(void **state)
{
    (void)state;
    struct network n = {.name = "mainnet"};
    struct plan p = plan_of("{\"a\":1}", 7);
    struct amount price = amount_of(200000000);
    struct buf text;
    buf_init(&text, 8192);
    confirm_say(&p, &n, &price, &text);
    assert_string_equal(
        buf_c(&text),
        "alice.near would call set on hello.near, on the network mainnet.\n"
        "The arguments are {\"a\":1}.\n"
        "It is given 100 Tgas and a deposit of 0 NEAR.\n"
        "It costs at most 0.020239 NEAR: 0.020239 NEAR for gas at the present price, whose unused "
        "part comes back.\n");
    buf_clear(&text);
    p = plan_of("\xff\x00\x01", 3);
    p.action.deposit = amount_of(1);
    confirm_say(&p, &n, NULL, &text);
    assert_non_null(strstr(buf_c(&text), "The arguments are 3 bytes that are no text.\n"));
    assert_non_null(strstr(buf_c(&text), "NEAR, 1 yoctoNEAR.\n"));
    buf_release(&text);
}

static void
confirm__is_needed__where_tokens_are_real(void **state)
{
    (void)state;
    struct network n;
    struct config config;
    config_init(&config);
    static const struct {
        const char *name, *rpc;
        bool is_needed;
    } cases[] = {{"demo", NULL, false},
                 {"localnet", NULL, false},
                 {"testnet", NULL, false},
                 {"mainnet", "http://127.0.0.1:3030", true},
                 {"mainnet", NULL, true},
                 {NULL, "https://rpc.example.org", true},
                 {NULL, "http://127.0.0.1:3030", false}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(network_choose(&config, cases[i].name, cases[i].rpc, NULL, &n, NULL), OK);
        assert_int_equal(confirm_is_needed(&n), cases[i].is_needed);
        network_release(&n);
    }
    config_release(&config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confirm__says_what_it_is_and_what_it_costs),
        cmocka_unit_test(confirm__says_it_in_sentences),
        cmocka_unit_test(confirm__is_needed__where_tokens_are_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
