#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/macros.h"
#include "net/base/utf8.h"
#include "net/reason.h"

#define CALL(inner) "{\"ActionError\":{\"index\":0,\"kind\":{\"FunctionCallError\":" inner "}}}"
#define TX(inner) "{\"TxExecutionError\":{\"InvalidTxError\":" inner "}}"

static const struct {
    const char *failure, *sentence, *advice;
} cases[] = {
    {CALL("{\"ExecutionError\":\"Smart contract panicked: pool is paused\"}"),
     "the contract panicked: pool is paused", ""},
    {CALL("{\"ExecutionError\":\"Smart contract panicked: panicked at src/lib.rs:12:9:\\nThe "
          "contract is not initialized\"}"),
     "the contract panicked: The contract is not initialized (at src/lib.rs:12:9)",
     "call the contract's init method first"},
    {CALL("{\"ExecutionError\":\"Smart contract panicked: explicit guest panic\"}"),
     "the contract panicked without a message", ""},
    {CALL("{\"ExecutionError\":\"Exceeded the prepaid gas.\"}"), "the attached gas ran out",
     "attach more gas; which branch got too little?"},
    {CALL("{\"ExecutionError\":\"WebAssembly trap: Indirect call to null.\"}"),
     "the contract crashed: Indirect call to null.", "a bug in the contract"},
    {CALL("{\"ExecutionError\":\"Accessed invalid register id: 9\"}"),
     "the contract read register 9, which is empty", "a bug in the contract"},
    {CALL("{\"ExecutionError\":\"something new\"}"), "something new", ""},
    {CALL("{\"MethodResolveError\":\"MethodNotFound\"}"), "the contract has no such method",
     "check the method's name and the contract's version"},
    {CALL("{\"CompilationError\":{\"CodeDoesNotExist\":{\"account_id\":\"b.test\"}}}"),
     "there is no contract on b.test", "check the account; was the contract deployed?"},
    {CALL("{\"CompilationError\":{\"PrepareError\":\"Memory\"}}"),
     "the contract's wasm was refused (Memory)",
     "how was it built? newer wasm features are not supported"},
    {"{\"ActionError\":{\"index\":0,\"kind\":{\"AccountDoesNotExist\":{\"account_id\":\"c.test\"}}}}",
     "the account c.test does not exist",
     "check the spelling and the suffix (.near, .testnet); was it deleted?"},
    {"{\"ActionError\":{\"index\":null,\"kind\":{\"LackBalanceForState\":{\"account_id\":\"c.test\","
     "\"amount\":\"1500000000000000000000000\"}}}}",
     "c.test lacks 1.5 NEAR to pay for its storage", "fund that account"},
    {"{\"ActionError\":{\"index\":0,\"kind\":{\"NewReceiptValidationError\":{\"InvalidReceiverId\":"
     "{\"account_id\":\"Not Valid!\"}}}}}",
     "the contract made a receipt that is not allowed: Not Valid! is no account name",
     "check the names that the contract was given"},
    {"{\"ActionError\":{\"index\":0,\"kind\":{\"DelegateActionAccessKeyError\":"
     "\"RequiresFullAccess\"}}}",
     "in the delegated action, the key is limited to function calls, this needs full access",
     "use a full-access key"},
    {TX("{\"InvalidNonce\":{\"tx_nonce\":7,\"ak_nonce\":9}}"),
     "the nonce 7 is not above the key's 9",
     "another program uses this key, or this very transaction has run already"},
    {TX("{\"NotEnoughBalance\":{\"signer_id\":\"a.test\",\"balance\":\"5000000000000000000\","
        "\"cost\":\"10119671803578800000001\"}}"),
     "a.test has 0.00001 NEAR, 0.01012 NEAR is needed",
     "add funds, or attach less gas or a smaller deposit"},
    {TX("{\"ActionsValidation\":{\"TotalPrepaidGasExceeded\":{\"total_prepaid_gas\":"
        "301000000000000,\"limit\":300000000000000}}}"),
     "301 Tgas of gas is attached, 300 Tgas is the limit", "attach less"},
    {TX("\"Expired\""), "the block it refers to is too old, or unknown to the node",
     "sign again; is the node behind, or of another network?"},
    {TX("{\"InvalidAccessKeyError\":{\"AccessKeyNotFound\":{\"account_id\":\"a\",\"public_key\":"
        "\"ed25519:x\"}}}"),
     "the key ed25519:x is not on the account a",
     "is the key file for this account and this network? was the key deleted?"},
    {TX("{\"BrandNewError\":{\"a\":[1,18446744073709551615]}}"),
     "{\"BrandNewError\":{\"a\":[1,18446744073709551615]}}", ""},
    {"{\"ActionError\":{\"index\":0}}", "{\"ActionError\":{\"index\":0}}", ""},
    {TX("{\"InvalidNonce\":{}}"), "the nonce ? is not above the key's ?", NULL},
    {"not json", "not json", ""},
    {"7", "7", ""},
    {"{}", "{}", ""},
};

static void
reason_of_failure__says_it_plainly(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf sentence, advice;
        buf_init(&sentence, REASON_MAX);
        buf_init(&advice, REASON_MAX);
        reason_of_failure(str_from(cases[i].failure), &sentence, &advice);
        assert_string_equal(buf_c(&sentence), cases[i].sentence);
        if (cases[i].advice)
            assert_string_equal(buf_c(&advice), cases[i].advice);
        buf_release(&sentence);
        buf_release(&advice);
        reason_of_failure(str_from(cases[i].failure), NULL, NULL);
    }
}

static void
reason_of_execution__reads_what_view_calls_say(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } views[] = {
        {"wasm execution failed with error: HostError(GuestPanic { panic_msg: \"boom\" })",
         "the contract panicked: boom"},
        {"wasm execution failed with error: MethodResolveError(MethodNotFound)",
         "the contract has no such method"},
        {"wasm execution failed with error: HostError(ProhibitedInView { method_name: \"x\" })",
         "this method changes state and cannot be viewed"},
        {"HostError(GuestPanic { panic_msg: \" })", "HostError(GuestPanic { panic_msg: \" })"},
    };
    for (size_t i = 0; i < ARRAY_LEN(views); i++) {
        struct buf sentence;
        buf_init(&sentence, REASON_MAX);
        reason_of_execution(str_from(views[i].text), &sentence, NULL);
        assert_string_equal(buf_c(&sentence), views[i].sentence);
        buf_release(&sentence);
    }
}

static void
reason_of_execution__stays_short_and_whole__when_the_text_is_long(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 100000);
    buf_add_c(&text, "Smart contract panicked: ");
    for (int i = 0; i < 5000; i++)
        buf_add_c(&text, "€");
    for (size_t max = 0; max < 300; max++) {
        struct buf sentence;
        buf_init(&sentence, max);
        reason_of_execution(buf_str(&text), &sentence, NULL);
        assert_true(sentence.n <= max);
        assert_true(utf8_is_valid(buf_str(&sentence)));
        assert_false(sentence.overflowed);
        buf_release(&sentence);
    }
    buf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reason_of_failure__says_it_plainly),
        cmocka_unit_test(reason_of_execution__reads_what_view_calls_say),
        cmocka_unit_test(reason_of_execution__stays_short_and_whole__when_the_text_is_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
