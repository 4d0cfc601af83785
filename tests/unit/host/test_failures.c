/* How calls fail: the sentence of the outcome, and what a view call answers with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "tests/support/vm_wat.h"

#define DROP(call) "(drop " call ")"
#define BATCH DROP("(call $promise_batch_create " WAT_ACCOUNT ")")
#define JOINT BATCH DROP("(call $promise_and (i64.const 512) (i64.const 1))")
#define REPEAT(times, body)                                                                  \
    "(loop $l " body "(br_if $l (i64.lt_u (local.tee $i (i64.add (local.get $i) (i64.const 1)))" \
    "(i64.const " #times "))))"
#define FAR "(i64.const 134217728)"

static const struct {
    const char *body, *sentence;
} rows[] = {
    {"(call $read_register (i64.const 9) (i64.const 0))", "Accessed invalid register id: 9"},
    {"(call $input (i64.const 1)) (call $read_register (i64.const 1) (i64.const 67108864))",
     "Accessed memory outside the bounds."},
    {"(call $log_utf8 (i64.const 4) " FAR ")", "Accessed memory outside the bounds."},
    {"(call $value_return (i64.const 0) (i64.const 67108865))",
     "Accessed memory outside the bounds."},
    {"(call $value_return (i64.const 1) (i64.const -1))",
     "Accessed memory outside the bounds."},
    {"(call $value_return (i64.const -2) (i64.const 0))", "Integer overflow."},
    {"(call $value_return (i64.const -1) (i64.const 5))", "Accessed invalid register id: 5"},
    {"(call $value_return (i64.const 4194305) (i64.const 0))",
     "The length of a returned value 4194305 exceeds the limit 4194304"},
    {REPEAT(101, "(call $write_register (local.get $i) " WAT_VALUE ")"),
     "Accessed memory outside the bounds."},
    /* Text. */
    {"(i32.store8 (i32.const 512) (i32.const 255)) (call $log_utf8 (i64.const 1) (i64.const "
     "512))",
     "String encoding is bad UTF-8 sequence."},
    {"(call $log_utf16 (i64.const 3) (i64.const 160))",
     "String encoding is bad UTF-16 sequence."},
    {"(i32.store16 (i32.const 512) (i32.const 0xD800)) (call $log_utf16 (i64.const 2) "
     "(i64.const 512))",
     "String encoding is bad UTF-16 sequence."},
    {"(call $log_utf8 (i64.const 16385) (i64.const 0))",
     "The length of a log message 16385 exceeds the limit 16384"},
    {"(call $log_utf8 " WAT_VALUE ") (call $log_utf8 (i64.const 16380) (i64.const 0))",
     "The length of a log message 16385 exceeds the limit 16384"},
    {"(call $log_utf8 " WAT_VALUE ") (call $panic_utf8 (i64.const 16380) (i64.const 0))",
     "The length of a log message 16385 exceeds the limit 16384"},
    /* What grew on its way from UTF-16 is counted twice in the node's sentence. */
    {REPEAT(6000, "(i32.store16 (i32.wrap_i64 (i64.add (i64.const 1024) (i64.shl (local.get $i)"
                  " (i64.const 1)))) (i32.const 0x0800))")
         "(call $log_utf16 (i64.const 12000) (i64.const 1024))",
     "The length of a log message 36000 exceeds the limit 16384"},
    {"(call $log_utf8 " WAT_VALUE ")" REPEAT(
         6000, "(i32.store16 (i32.wrap_i64 (i64.add (i64.const 1024) (i64.shl (local.get $i)"
               " (i64.const 1)))) (i32.const 0x0800))")
         "(call $log_utf16 (i64.const 12000) (i64.const 1024))",
     "The length of a log message 36005 exceeds the limit 16384"},
    {REPEAT(101, "(call $log_utf8 (i64.const 0) (i64.const 0))"),
     "The number of logs will exceed the limit 100"},
    {"(call $panic)", "Smart contract panicked: explicit guest panic"},
    {"(call $panic_utf8 " WAT_VALUE ")", "Smart contract panicked: value"},
    {"(call $panic_utf8 (i64.const -1) (i64.const 160))", "Smart contract panicked: value"},
    {"(call $abort (i32.const 3) (i32.const 9) (i32.const 1) (i32.const 1))",
     "String encoding is bad UTF-16 sequence."},
    {"(i32.store (i32.const 512) (i32.const 2)) (i32.store (i32.const 516) (i32.const 0x78))"
     "(call $abort (i32.const 516) (i32.const 516) (i32.const 3) (i32.const 7))",
     "Smart contract panicked: x, filename: \"x\" line: 3 col: 7"},
    /* Storage. */
    {DROP("(call $storage_read (i64.const 2049) (i64.const 0) (i64.const 0))"),
     "The length of a storage key 2049 exceeds the limit 2048"},
    {DROP("(call $storage_write " WAT_KEY "(i64.const 4194305) (i64.const 0) (i64.const 0))"),
     "The length of a storage value 4194305 exceeds the limit 4194304"},
    {DROP("(call $storage_iter_prefix " WAT_KEY ")"),
     "Attempted to call deprecated host function storage_iter_prefix"},
    {DROP("(call $storage_iter_next (i64.const 0) (i64.const 0) (i64.const 0))"),
     "Attempted to call deprecated host function storage_iter_next"},
    /* Promises. */
    {"(call $promise_return (i64.const 0))", "0 does not correspond to existing promises"},
    {BATCH "(call $promise_batch_action_create_account (i64.const 7))",
     "7 does not correspond to existing promises"},
    {JOINT "(call $promise_batch_action_create_account (i64.const 1))",
     "Actions can only be appended to non-joint promise."},
    {JOINT "(call $promise_return (i64.const 1))",
     "Returning joint promise is currently prohibited."},
    {BATCH "(call $promise_batch_action_function_call (i64.const 0) (i64.const 0) (i64.const "
           "0) " WAT_ARGS WAT_ZERO "(i64.const 5))",
     "Tried to call an empty method name."},
    {BATCH "(i32.store8 (i32.const 512) (i32.const 255))"
           "(call $promise_batch_action_function_call (i64.const 0) (i64.const 1) (i64.const "
           "512) " WAT_ARGS WAT_ZERO "(i64.const 5))",
     "VM Logic returned an invalid method name"},
    {BATCH "(call $promise_batch_action_transfer (i64.const 0) (i64.const 96))",
     "Exceeded the account balance."},
    {BATCH
     "(call $promise_batch_action_delete_key (i64.const 0) (i64.const 32) (i64.const 193))",
     "VM Logic provided an invalid public key"},
    {BATCH
     "(i32.store8 (i32.const 512) (i32.const 44))"
     "(call $promise_batch_action_add_key_with_function_call (i64.const 0) " WAT_PUBLIC_KEY
     "(i64.const 0) (i64.const 64) " WAT_ACCOUNT "(i64.const 1) (i64.const 512))",
     "Tried to call an empty method name."},
    {"(i32.store8 (i32.const 512) (i32.const 255))" DROP(
         "(call $promise_batch_create (i64.const 1) (i64.const 512))"),
     "String encoding is bad UTF-8 sequence."},
    {DROP("(call $promise_result (i64.const 0) (i64.const 0))"),
     "Accessed invalid promise result index: 0"},
    {REPEAT(1025, DROP("(call $promise_and (i64.const 0) (i64.const 0))")),
     "The number of promises within a FunctionCall 1025 exceeds the limit 1024"},
    {BATCH DROP("(call $promise_and (i64.const 512) (i64.const 129))"),
     "The number of input data dependencies 129 exceeds the limit 128"},
    {DROP("(call $promise_and (i64.const 0) (i64.const 0x2000000000000001))"),
     "Integer overflow."},
    {DROP("(call $promise_create " WAT_ACCOUNT WAT_METHOD WAT_ARGS WAT_ZERO
          "(i64.const 300000000000000))"),
     "Exceeded the prepaid gas."},
    {DROP("(call $promise_create " WAT_ACCOUNT WAT_METHOD WAT_ARGS WAT_ZERO
          "(i64.const 0x7000000000000000))"),
     "Exceeded the prepaid gas."},
    {DROP("(call $promise_create " WAT_ACCOUNT WAT_METHOD WAT_ARGS WAT_ZERO "(i64.const -1))"),
     "Integer overflow."},
    /* Signatures, and what is not here. */
    {DROP("(call $ed25519_verify (i64.const 63) (i64.const 0) " WAT_VALUE
          "(i64.const 32) (i64.const 0))"),
     "ED25519 signature verification error: invalid signature length"},
    {DROP("(call $ed25519_verify (i64.const 64) (i64.const 512) " WAT_VALUE
          "(i64.const 31) (i64.const 0))"),
     "ED25519 signature verification error: invalid public key length"},
    {DROP("(call $ecrecover (i64.const 32) (i64.const 0) (i64.const 65) (i64.const 0)"
          "(i64.const 4) (i64.const 2) (i64.const 1))"),
     "ECDSA recover error: The length of the signature: 65, exceeds the limit of 64 bytes"},
    {DROP("(call $ecrecover (i64.const 33) (i64.const 0) (i64.const 64) (i64.const 0)"
          "(i64.const 4) (i64.const 2) (i64.const 1))"),
     "ECDSA recover error: V recovery byte 0 through 3 are valid but was provided 4"},
    {DROP("(call $ecrecover (i64.const 33) (i64.const 0) (i64.const 64) (i64.const 0)"
          "(i64.const 3) (i64.const 2) (i64.const 1))"),
     "ECDSA recover error: The length of the hash: 33, exceeds the limit of 32 bytes"},
    {DROP("(call $ecrecover (i64.const 32) (i64.const 0) (i64.const 64) (i64.const 0)"
          "(i64.const 3) (i64.const 2) (i64.const 1))"),
     "ECDSA recover error: Malleability flag needs to be 0 or 1, but is instead 2"},
    {"(call $alt_bn128_g1_sum (i64.const 66) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: slice of size 66 cannot be precisely split into chunks of size "
     "65"},
    {"(call $alt_bn128_g1_multiexp (i64.const 95) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: slice of size 95 cannot be precisely split into chunks of size "
     "96"},
    {DROP("(call $alt_bn128_pairing_check (i64.const 191) (i64.const 1024))"),
     "AltBn128 invalid input: slice of size 191 cannot be precisely split into chunks of size "
     "192"},
    {"(i32.store8 (i32.const 1024) (i32.const 2))"
     "(call $alt_bn128_g1_sum (i64.const 65) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: invalid bool: [2]"},
    {"(i64.store (i32.const 1081) (i64.const -241)) (i32.store8 (i32.const 1025) (i32.const 5))"
     "(call $alt_bn128_g1_sum (i64.const 65) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: invalid fq: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
     "0, 0, 0, 0, 0, 0, F, FF, FF, FF, FF, FF, FF, FF]"},
    {"(i32.store8 (i32.const 1024) (i32.const 10))"
     "(call $alt_bn128_g1_multiexp (i64.const 96) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: invalid g1: [A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
     "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
     "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"},
    {"(i64.store (i32.const 1112) (i64.const -1))"
     "(call $alt_bn128_g1_multiexp (i64.const 96) (i64.const 1024) (i64.const 1))",
     "AltBn128 invalid input: invalid fr: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
     "0, 0, 0, 0, 0, 0, 0, FF, FF, FF, FF, FF, FF, FF, FF]"},
    /* The elements are paid before they are looked at, and there is not enough for these. */
    {DROP("(call $alt_bn128_pairing_check (i64.const 11136) (i64.const 1024))"),
     "Exceeded the maximum amount of gas allowed to burn per contract."},
    {DROP("(call $alt_bn128_pairing_check (i64.const -2) (i64.const 1024))"),
     "Integer overflow."},
    {DROP("(call $alt_bn128_pairing_check (i64.const 19200000000) (i64.const 1024))"),
     "Exceeded the maximum amount of gas allowed to burn per contract."},
    {DROP("(call $alt_bn128_pairing_check (i64.const 192) " FAR ")"),
     "Accessed memory outside the bounds."},
    {DROP("(call $bls12381_p1_sum (i64.const 98) (i64.const 1024) (i64.const 1))"),
     "BLS12-381 invalid input: Incorrect input length for bls12381_p1_sum: 98 is not divisible by "
     "97"},
    {DROP("(call $bls12381_g2_multiexp (i64.const 1) (i64.const 1024) (i64.const 1))"),
     "BLS12-381 invalid input: Incorrect input length for bls12381_p2_multiexp: 1 is not divisible "
     "by 224"},
    {DROP("(call $bls12381_map_fp2_to_g2 (i64.const 95) (i64.const 1024) (i64.const 1))"),
     "BLS12-381 invalid input: Incorrect input length for bls12381_map_fp2_to_g2: 95 is not "
     "divisible by 96"},
    {DROP("(call $bls12381_p2_decompress (i64.const 97) (i64.const 1024) (i64.const 1))"),
     "BLS12-381 invalid input: Incorrect input length for bls12381_p2_decompress: 97 is not "
     "divisible by 96"},
    {DROP("(call $bls12381_pairing_check " WAT_VALUE ")"),
     "BLS12-381 invalid input: Incorrect input length for bls12381_pairing_check: 5 is not "
     "divisible by 288"},
    /* Elements are counted from the length as it was passed, which no register has. */
    {"(call $write_register (i64.const 2) (i64.const 97) (i64.const 1024))"
     DROP("(call $bls12381_p1_sum (i64.const -1) (i64.const 2) (i64.const 1))"),
     "Integer overflow."},
    {DROP("(call $bls12381_p1_decompress (i64.const 0x100000000) (i64.const 0) (i64.const 1))"),
     "Exceeded the maximum amount of gas allowed to burn per contract."},
    {DROP("(call $bls12381_map_fp_to_g1 (i64.const 0x7fffffffffffffff) (i64.const 0) "
          "(i64.const 1))"),
     "Integer overflow."},
    {DROP("(call $bls12381_g1_multiexp (i64.const 128) " FAR "(i64.const 1))"),
     "Accessed memory outside the bounds."},
    {DROP("(call $bls12381_pairing_check (i64.const -1) (i64.const 7))"),
     "Accessed invalid register id: 7"},
};

static void
host_functions__fail_in_the_nodes_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vm_case c;
        vm_case_init(&c);
        c.context.input = STR("{}");
        vm_wat_run(&c, rows[i].body);
        if (c.out.error != VM_EXECUTION)
            fail_msg("%s does not fail", rows[i].body);
        vm_case_expect_error(&c, rows[i].sentence);
        assert_int_equal(c.out.receipt_count, 0);
        assert_int_equal(c.out.returns, VM_RETURN_NOTHING);
        vm_case_release(&c);
    }
}

static void
run_view(struct vm_case *c, const char *body)
{
    vm_case_init(c);
    c->context.is_view = true;
    c->context.prepaid_gas = 0;
    vm_wat_run(c, body);
}

static void
views__may_not__change_or_ask(void **state)
{
    static const struct {
        const char *call, *name;
    } calls[] = {
        {DROP("(call $storage_write " WAT_KEY WAT_VALUE "(i64.const 0))"), "storage_write"},
        {DROP("(call $storage_remove " WAT_KEY "(i64.const 0))"), "storage_remove"},
        {"(call $signer_account_id (i64.const 0))", "signer_account_id"},
        {"(call $signer_account_pk (i64.const 0))", "signer_account_pk"},
        {"(call $predecessor_account_id (i64.const 0))", "predecessor_account_id"},
        {DROP("(call $prepaid_gas)"), "prepaid_gas"},
        {DROP("(call $used_gas)"), "used_gas"},
        {BATCH, "promise_batch_create"},
        {DROP("(call $promise_create " WAT_ACCOUNT WAT_METHOD WAT_ARGS WAT_ZERO
              "(i64.const 1))"),
         "promise_batch_create"},
        {"(call $promise_batch_action_function_call_weight (i64.const 0) " WAT_METHOD WAT_ARGS
             WAT_ZERO "(i64.const 1) (i64.const 1))",
         "promise_batch_action_function_call"},
        {DROP("(call $promise_and (i64.const 0) (i64.const 0))"), "promise_and"},
        {"(call $promise_return (i64.const 0))", "promise_return"},
        {DROP("(call $promise_results_count)"), "promise_results_count"},
        {DROP("(call $promise_result (i64.const 0) (i64.const 0))"), "promise_result"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        char sentence[128], debug[128];
        struct vm_case c;
        run_view(&c, calls[i].call);
        snprintf(sentence, sizeof(sentence), "%s is not allowed in view calls", calls[i].name);
        snprintf(debug, sizeof(debug), "HostError(ProhibitedInView { method_name: \"%s\" })",
                 calls[i].name);
        vm_case_expect_error(&c, sentence);
        assert_true(str_equal_c(c.out.view_error, debug));
        vm_case_release(&c);
    }
}

static void
views__answer_with_the_debug_print(void **state)
{
    static const struct {
        const char *body, *debug;
    } cases[] = {
        {"unreachable", "WasmTrap(Unreachable)"},
        {"(drop (i32.load "
         "(i32.const -1)))",
         "WasmTrap(MemoryOutOfBounds)"},
        {"(drop (i32.div_u (i32.const 1) (i32.const 0)))", "WasmTrap(IllegalArithmetic)"},
        {"(call $panic_utf8 " WAT_VALUE ")", "HostError(GuestPanic { panic_msg: \"value\" })"},
        {"(i32.store (i32.const 160) (i32.const 0x0a5c0022)) (i32.store8 (i32.const 164) "
         "(i32.const 27))"
         "(call $panic_utf8 " WAT_VALUE ")",
         "HostError(GuestPanic { panic_msg: \"\\\"\\0\\\\\\n\\u{1b}\" })"},
        {"(call $read_register (i64.const 9) (i64.const 0))",
         "HostError(InvalidRegisterId { register_id: 9 })"},
        {"(loop $l br $l)", "HostError(GasLimitExceeded)"},
        {DROP("(call $storage_read (i64.const 2049) (i64.const 0) (i64.const 0))"),
         "HostError(KeyLengthExceeded { length: 2049, limit: 2048 })"},
        {DROP("(call $ecrecover (i64.const 1) (i64.const 0) (i64.const 64) (i64.const 0)"
              "(i64.const 3) (i64.const 1) (i64.const 1))"),
         "HostError(ECRecoverError { msg: \"The length of the hash: 1, exceeds the limit of 32 "
         "bytes\" })"},
        {"(call $alt_bn128_g1_sum (i64.const 1) (i64.const 0) (i64.const 1))",
         "HostError(AltBn128InvalidInput { msg: \"slice of size 1 cannot be precisely split into "
         "chunks of size 65\" })"},
        {DROP("(call $bls12381_pairing_check (i64.const 1) (i64.const 0))"),
         "HostError(BLS12381InvalidInput { msg: \"Incorrect input length for "
         "bls12381_pairing_check: 1 is not divisible by 288\" })"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vm_case c;
        run_view(&c, cases[i].body);
        if (!str_equal_c(c.out.view_error, cases[i].debug))
            fail_msg("%.*s instead of %s", STR_ARG(c.out.view_error), cases[i].debug);
        vm_case_release(&c);
    }
}

/* Too many promises fails after the receipt has been paid, as on the node. */
static void
promise_create__is_paid__when_there_are_too_many(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, REPEAT(1024, DROP("(call $promise_and (i64.const 0) (i64.const 0))")) BATCH);
    vm_case_expect_error(
        &c, "The number of promises within a FunctionCall 1025 exceeds the limit 1024");
    assert_int_equal(vm_case_cost(&c, "NEW_ACTION_RECEIPT"), UINT64_C(108059500000));
    vm_case_release(&c);
}

/* Logs written before the failure stay in the outcome; what was returned does not. */
static void
vm_run__keeps_logs__when_the_call_fails(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, "(call $log_utf8 " WAT_VALUE ") (call $value_return " WAT_VALUE
                   ")" BATCH DROP("(call $storage_write " WAT_KEY WAT_VALUE
                                  "(i64.const 0))") "(call $panic)");
    vm_case_expect_error(&c, "Smart contract panicked: explicit guest panic");
    assert_int_equal(c.out.log_count, 1);
    assert_true(str_equal_c(c.out.logs[0], "value"));
    assert_int_equal(c.out.value.n, 0);
    assert_int_equal(c.out.receipt_count, 0);
    assert_int_equal(c.out.storage_usage, 1000);
    vm_case_release(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_functions__fail_in_the_nodes_words),
        cmocka_unit_test(views__may_not__change_or_ask),
        cmocka_unit_test(views__answer_with_the_debug_print),
        cmocka_unit_test(promise_create__is_paid__when_there_are_too_many),
        cmocka_unit_test(vm_run__keeps_logs__when_the_call_fails),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
