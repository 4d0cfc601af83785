#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/near/base58.h"
#include "tui/app/target.h"

#define TX "8pZfWkgLmH6XsJtMNmdLQ4HxSbrpB9QTqxJ3ueZgQo1x"
#define BLOCK "2qo2mC7GvBBEPZTmZeYXsc5KhzboKSen6DekBytar1fy"

static void
target__takes_what_people_paste(void **state)
{
    (void)state;
    static const struct {
        const char *text, *signer, *network;
    } cases[] = {
        {TX, "", NULL},
        {"  " TX "\n", "", NULL},
        {"alice.near:" TX, "alice.near", NULL},
        {"https://nearblocks.io/txns/" TX, "", "mainnet"},
        {"https://testnet.nearblocks.io/txns/" TX "?tab=execution#x", "", "testnet"},
        {"https://explorer.testnet.near.org/transactions/" TX, "", "testnet"},
        {"https://explorer.near.org/transactions/" TX "/", "", "mainnet"},
        {"https://nearblocks.io/hash?block=" BLOCK "&tx=" TX, "", "mainnet"},
        {"http://localhost:8080/tx/" TX, "", "localnet"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct target t;
        struct diag d = {0};
        char text[HASH_TEXT];
        if (target_parse(str_from(cases[i].text), &t, &d))
            fail_msg("%s: %s", cases[i].text, diag_text(&d));
        assert_string_equal(hash_text(&t.tx, text), TX);
        assert_string_equal(t.signer.s, cases[i].signer);
        if (cases[i].network)
            assert_string_equal(t.network, cases[i].network);
        else
            assert_null(t.network);
    }
}

static void
target__says_what_it_is_not(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "0OIl", "https://nearblocks.io/", ("UPPER.near:" TX),
                                        "alice.near:short"};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct target t;
        struct diag d = {0};
        assert_int_not_equal(target_parse(str_from(cases[i]), &t, &d), OK);
        assert_true(strlen(diag_text(&d)) > 10);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target__takes_what_people_paste),
        cmocka_unit_test(target__says_what_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
