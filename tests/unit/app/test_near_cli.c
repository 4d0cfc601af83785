/* near-cli-rs's grammar: the lines of its own guide, and what is wrong with others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/arena.h"
#include "net/base/redact.h"
#include "tui/app/opts.h"
#include "tui/app/plan.h"

enum { MAX_WORDS = 40, LINE_MAX = 1024 };

struct line {
    char text[LINE_MAX];
    char *argv[MAX_WORDS + 1];
    int argc;
};

/* Cut at '|', as a shell would have done at its blanks. */
static void
cut(struct line *l, const char *text)
{
    *l = (struct line){.argc = 0};
    assert_true(strlen(text) < LINE_MAX);
    memcpy(l->text, text, strlen(text) + 1);
    for (char *p = l->text; p;) {
        assert_true(l->argc < MAX_WORDS);
        l->argv[l->argc++] = p;
        p = strchr(p, '|');
        if (p)
            *p++ = '\0';
    }
}

static enum err
parse(struct line *l, const char *text, struct opts *o, struct diag *d)
{
    cut(l, text);
    *d = (struct diag){0};
    return opts_parse(l->argc, l->argv, o, d);
}

#define SECRET                                                                               \
    "ed25519:3D4YudUahN1nawWogh8pAKSj92sUNMdbZGjn7kERKzYoTy8tnFQuwoGUC51DowKqorvkr2pytJSnwuSbsNVfqygr"
#define CALL "neartop|contract|call-function|as-transaction|hello.test.near|set_greeting|"
#define READ_ONLY                                                                            \
    "neartop|contract|call-function|as-read-only|a.near|get|json-args|{}|network-config|mainnet|"
#define REST "|prepaid-gas|100.0 Tgas|attached-deposit|0.1 NEAR|sign-as|alice.test.near"         \
             "|network-config|testnet|"

static void
near_cli__is_a_call__when_it_says_as_transaction(void **state)
{
    (void)state;
    struct line l;
    struct opts o;
    struct diag d;
    struct plan p;
    struct arena arena;
    struct network n = {.name = "testnet"};
    assert_int_equal(parse(&l, CALL "json-args|{\"greeting\": \"hi\"}" REST
                                    "sign-with-keychain|send", &o, &d), OK);
    assert_int_equal(o.command, COMMAND_CALL);
    assert_string_equal(o.network.text, "testnet");
    arena_init(&arena);
    assert_int_equal(plan_call(&o, &n, &arena, &p, &d), OK);
    assert_string_equal(p.signer.s, "alice.test.near");
    assert_string_equal(p.receiver.s, "hello.test.near");
    assert_true(str_equal_c(p.action.method, "set_greeting"));
    assert_true(str_equal_c(p.action.args, "{\"greeting\": \"hi\"}"));
    assert_true(p.action.gas == 100 * TERA_GAS);
    char text[AMOUNT_TEXT];
    assert_string_equal(amount_text(p.action.deposit, text), "100000000000000000000000");
    arena_release(&arena);
}

static void
near_cli__takes_each_form_of_arguments(void **state)
{
    (void)state;
    static const struct {
        const char *words, *bytes;
    } cases[] = {{"json-args| {\"a\":1} ", "{\"a\":1}"},
                 {"text-args|not json", "not json"},
                 {"base64-args|aGVsbG8=", "hello"},
                 {"file-args|tests/data/app/args.bin", "raw \x01 bytes\n"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct line l;
        struct opts o;
        struct diag d;
        struct plan p = {0};
        struct arena arena;
        char text[LINE_MAX];
        snprintf(text, sizeof(text), CALL "%s" REST "sign-with-legacy-keychain|send",
                 cases[i].words);
        assert_int_equal(parse(&l, text, &o, &d), OK);
        arena_init(&arena);
        assert_int_equal(plan_method(&o, &arena, &p, &d), OK);
        assert_true(str_equal_c(p.action.args, cases[i].bytes));
        arena_release(&arena);
    }
}

static void
near_cli__follows_to_the_end__whatever_it_was_told_to_wait_for(void **state)
{
    (void)state;
    static const char *const levels[] = {"|none", "|included", "|executed-optimistic", "|included-final",
                                         "|executed", "=final"};
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        struct line l;
        struct opts o;
        struct diag d;
        char text[LINE_MAX];
        snprintf(text, sizeof(text), CALL "json-args|{}" REST "sign-with-keychain|send|--wait-until%s",
                 levels[i]);
        assert_int_equal(parse(&l, text, &o, &d), OK);
        assert_int_equal(o.command, COMMAND_CALL);
    }
}

static void
near_cli__takes_keys__and_wipes_what_stood_in_the_line(void **state)
{
    (void)state;
    struct line l;
    struct opts o;
    struct diag d;
    struct secret_key key;
    const char *secret = SECRET;
    char text[LINE_MAX];
    crypto_start();
    assert_int_equal(parse(&l, CALL "json-args|{}" REST
                                    "sign-with-access-key-file|./key.json|send", &o, &d), OK);
    assert_string_equal(o.key_file.text, "./key.json");
    /* As its first versions had it. */
    assert_int_equal(parse(&l, CALL "json-args|{}" REST "sign-with-plaintext-private-key|"
                               "--signer-public-key|ed25519:B|--signer-private-key=ed25519:C|send",
                           &o, &d), OK);
    assert_string_equal(o.key_text, "ed25519:C");
    assert_string_equal(o.public_key_text, "ed25519:B");
    assert_int_equal(parse(&l, CALL "json-args|{}" REST
                           "sign-with-keychain|--signer-private-key|ed25519:C|send", &o, &d),
                     ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "belongs behind sign-with-plaintext-private-key"));
    snprintf(text, sizeof(text), CALL "json-args|{}" REST
             "sign-with-plaintext-private-key|%s|send", secret);
    assert_int_equal(parse(&l, text, &o, &d), OK);
    assert_string_equal(o.key_text, secret);
    assert_int_equal(plan_key_of_text(o.key_text, &key, &d), OK);
    for (size_t i = 0; i < strlen(secret); i++)
        assert_int_equal(o.key_text[i], 0);
    secret_key_wipe(&key);
    redact_forget();
}

static void
near_cli__is_a_view__when_it_says_as_read_only(void **state)
{
    (void)state;
    struct line l;
    struct opts o;
    struct diag d;
    assert_int_equal(parse(&l, "neartop|--quiet|contract|call-function|as-read-only|a.near|get|"
                               "json-args|{}|network-config|mainnet|now", &o, &d), OK);
    assert_int_equal(o.command, COMMAND_VIEW);
    assert_string_equal(o.arguments[1], "get");
    assert_string_equal(o.network.text, "mainnet");
    assert_null(o.block_text);
    assert_int_equal(parse(&l, READ_ONLY "at-block-height|123", &o, &d), OK);
    assert_string_equal(o.block_text, "123");
    assert_true(o.is_block_height);
    assert_int_equal(parse(&l, READ_ONLY "at-block-hash|11111111111111111111111111111111", &o, &d), OK);
    assert_false(o.is_block_height);
}

static void
near_cli__is_a_watch__when_it_says_view_status(void **state)
{
    (void)state;
    struct line l;
    struct opts o;
    struct diag d;
    assert_int_equal(parse(&l, "neartop|transaction|view-status|--plain|abc|network-config|testnet",
                           &o, &d), OK);
    assert_int_equal(o.command, COMMAND_WATCH);
    assert_true(o.plain.is_given);
    assert_string_equal(o.arguments[0], "abc");
}

static void
near_cli__says_what_is_missing_or_too_much(void **state)
{
    (void)state;
    static const struct {
        const char *line, *part;
    } cases[] = {
        {"neartop|contract", "expected call-function at the end"},
        {"neartop|contract|deploy", "expected call-function, found \"deploy\""},
        {"neartop|contract|call-function|as-transaction", "the contract's account at the end"},
        {CALL "json|{}", "json-args, text-args, base64-args or file-args, found \"json\""},
        {CALL "json-args|{}|attached-deposit", "expected prepaid-gas, found \"attached-deposit\""},
        {CALL "json-args|{}" REST "sign-with-ledger|send", "a ledger cannot be asked"},
        {CALL "json-args|{}" REST "sign-with-seed-phrase|a b c", "seed phrases"},
        {CALL "json-args|{}" REST "sign-with-seed-phrase|a b c|--seed-phrase-hd-path|m/44'|send",
         "sign-with-seed-phrase: keys are not made from seed phrases here"},
        {CALL "json-args|{}" REST "sign-with-keychain|--nonce=7|--block-hash|B|send",
         "--nonce: the chain is asked for it"},
        /* What is in the wrong place is not read out. */
        {CALL "json-args|{}" REST "sign-with-keychain|" SECRET "|send",
         "expected send, found \"ed25519:***"},
        {CALL "json-args|{}" REST "sign-with-keychain|send|" SECRET,
         "is one word too many"},
        {CALL "json-args|{}" REST "sign-with-keychain|display", "--dry-run"},
        {CALL "json-args|{}" REST "sign-with-keychain", "expected send at the end"},
        {CALL "json-args|{}" REST "sign-with-keychain|send|now", "\"now\" is one word too many"},
        {CALL "json-args|{}" REST "sign-with-keychain|send|--colour", "unknown option --colour"},
        {CALL "json-args|{}" REST "sign-with-keychain|send|--wait-until|dawn",
         "--wait-until: expected none, included, executed-optimistic, included-final, executed or "
         "final, found \"dawn\""},
        {CALL "json-args|{}" REST "sign-with-keychain|send|--wait-until",
         "--wait-until: expected none, included, "},
        {READ_ONLY "at-block-height|ten", "at-block-height: expected a whole number, found \"ten\""},
        {READ_ONLY "at-block-hash|ten", "at-block-hash: "},
        {READ_ONLY "at-block-hash", "the block's hash at the end"},
        {READ_ONLY "at-block-height|1|now", "\"now\" is one word too many"},
        {"neartop|transaction|construct-transaction", "expected view-status"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct line l;
        struct opts o;
        struct diag d;
        assert_int_not_equal(parse(&l, cases[i].line, &o, &d), OK);
        if (!strstr(diag_text(&d), cases[i].part))
            fail_msg("\"%s\" does not say \"%s\"", diag_text(&d), cases[i].part);
        assert_null(strstr(diag_text(&d), "3D4YudUa"));
        redact_forget();        /* it is borrowed from the line */
    }
}

static void
call__knows_the_old_names_of_options__and_asks_what_a_bare_deposit_is(void **state)
{
    (void)state;
    struct line l;
    struct opts o;
    struct diag d;
    struct plan p;
    struct arena arena;
    struct network n = {.name = "testnet"};
    arena_init(&arena);
    assert_int_equal(parse(&l, "neartop|call|a.near|m|{}|--accountId|b.near|--networkId|testnet|"
                               "--gas|30000000000000|--deposit|1", &o, &d), OK);
    assert_string_equal(o.as.text, "b.near");
    assert_int_equal(plan_call(&o, &n, &arena, &p, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "'1 NEAR' or '1 yoctoNEAR'"));
    o.deposit.text = "0";
    assert_int_equal(plan_call(&o, &n, &arena, &p, &d), OK);
    assert_true(p.action.gas == 30 * TERA_GAS);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_cli__is_a_call__when_it_says_as_transaction),
        cmocka_unit_test(near_cli__takes_each_form_of_arguments),
        cmocka_unit_test(near_cli__follows_to_the_end__whatever_it_was_told_to_wait_for),
        cmocka_unit_test(near_cli__takes_keys__and_wipes_what_stood_in_the_line),
        cmocka_unit_test(near_cli__is_a_view__when_it_says_as_read_only),
        cmocka_unit_test(near_cli__is_a_watch__when_it_says_view_status),
        cmocka_unit_test(near_cli__says_what_is_missing_or_too_much),
        cmocka_unit_test(call__knows_the_old_names_of_options__and_asks_what_a_bare_deposit_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
