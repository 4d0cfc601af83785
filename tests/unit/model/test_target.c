#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/near/base58.h"
#include "tui/model/target.h"

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
        {"nearblocks.io/txns/" TX, "", "mainnet"},
        {"https://stats.gallery/mainnet/a.near/transactions/" TX, "", "mainnet"},
        {"https://stats.gallery/testnet/a.testnet/transactions/" TX, "", "testnet"},
        {"https://pikespeak.ai/transaction-viewer/" TX "/detailed?network=testnet", "", "testnet"},
        {"https://pikespeak.ai/transaction-viewer/" TX "/testnets", "", "mainnet"},
        {"https://dapp.example/testnet/" TX, "", NULL},
        {"<https://pikespeak.ai/transaction-viewer/" TX "/detailed>.", "", "mainnet"},
        {"https://explorer.near.org/transactions/" TX "#" BLOCK, "", "mainnet"},
        {"https://legacy.explorer.near.org/transactions/" TX "?x=" BLOCK, "", "mainnet"},
        {"https://nearblocks.io/blocks/" BLOCK "/" TX, "", "mainnet"},
        {"https://explorer.of.ours.example/tx/" TX, "", NULL},
        {"https://notnearblocks.io/txns/" TX, "", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct target t;
        struct diag d = {0};
        char text[HASH_TEXT];
        if (target_parse(str_from(cases[i].text), &t, NULL, &d))
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
target__says_what_it_is_not__and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
        size_t column;
    } cases[] = {
        {"", "a hash has 43 or 44 letters and digits, this has 0", 0},
        {"8pZfWkgL", "a hash has 43 or 44 letters and digits, this has 8", 8},
        {"  8pZfWkgL ", "a hash has 43 or 44 letters and digits, this has 8", 10},
        {TX "11", "a hash has 43 or 44 letters and digits, this has 46", 44},
        {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "more than the 32 bytes of a hash", 0},
        {"8p0f", "no hash has a \"0\": digits and letters but 0 I O l", 2},
        {"8p\xc3\xa9", "a hash has digits and letters alone", 2},
        {"alice.near", "an account alone is too little: account:hash", 10},
        {"alice.near:short", "a hash has 43 or 44 letters and digits, this has 5", 16},
        {"alice.near:a-b", "no hash has a \"-\"", 12},
        {"UPPER.near:" TX, "before the colon stands the signer's account", 0},
        {"https://nearblocks.io/blocks/" BLOCK, "that is the page of a block", 73},
        {"https://nearblocks.io/", "no part of the address is a transaction's hash", 22},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct target t;
        struct diag d = {0};
        size_t column = 99;
        assert_int_equal(target_parse(str_from(cases[i].text), &t, &column, &d), ERR_SYNTAX);
        if (!strstr(diag_text(&d), cases[i].words) || column != cases[i].column)
            fail_msg("%s: %s, at %zu", cases[i].text, diag_text(&d), column);
    }
}

static void
target__tells_pages_of_other_networks__from_those_of_this_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *network, *chain_id, *pattern;
        bool is_elsewhere;
    } cases[] = {
        {"https://nearblocks.io/txns/" TX, "mainnet", "mainnet", "https://nearblocks.io/{tx}", false},
        {"https://nearblocks.io/txns/" TX, "testnet", "testnet", "https://t.example/{tx}", true},
        {"https://nearblocks.io/txns/" TX, "mainnet-lava", "mainnet", "", false},
        {"https://nearblocks.io/txns/" TX, "ours", "", "https://nearblocks.io/t/{tx}", false},
        {"https://who.knows.example/" TX, "testnet", NULL, NULL, false},
        {"http://127.0.0.1:90/" TX, "ours", "localnet", NULL, false},
        {"http://127.0.0.1:90/" TX, "mainnet", "mainnet", "https://nearblocks.io/{tx}", true},
        {TX, "testnet", NULL, NULL, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct target t;
        struct str text = str_from(cases[i].text);
        const struct target_place here = {cases[i].network, cases[i].chain_id, cases[i].pattern};
        assert_int_equal(target_parse(text, &t, NULL, NULL), OK);
        if (target_is_elsewhere(&t, text, &here) != cases[i].is_elsewhere)
            fail_msg("%s on %s", cases[i].text, cases[i].network);
    }
}

static void
target__makes_the_address_of_a_page__by_a_pattern(void **state)
{
    struct hash tx;
    struct buf out;
    (void)state;
    assert_int_equal(hash_parse(STR(TX), &tx, NULL), OK);
    buf_init(&out, 256);
    assert_true(target_page(STR("https://e.test/{tx}?tab=x"), &tx, &out));
    assert_string_equal(buf_c(&out), "https://e.test/" TX "?tab=x");
    buf_clear(&out);
    assert_false(target_page(STR(""), &tx, &out));
    assert_false(target_page(STR("https://e.test/"), &tx, &out));
    assert_int_equal(out.n, 0);
    buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target__takes_what_people_paste),
        cmocka_unit_test(target__says_what_it_is_not__and_where),
        cmocka_unit_test(target__tells_pages_of_other_networks__from_those_of_this_one),
        cmocka_unit_test(target__makes_the_address_of_a_page__by_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
