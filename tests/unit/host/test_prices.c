/* What each host function costs, by the closed formulas of the protocol: burnt, and reserved
 * for receipts. Written as sums, so that they do not repeat how the code adds them up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/support/vm_wat.h"

#define N(x) UINT64_C(x)
#define DROP(call) "(drop " call ")"
/* What else the rows need: a register with something in it, a promise to add to, a value. */
#define INPUT "(call $input (i64.const 0))"
#define BATCH DROP("(call $promise_batch_create " WAT_ACCOUNT ")")
#define BATCH_GAS (N(114045910372) + 13 * N(295381812))
#define SELF_BATCH DROP("(call $promise_batch_create " WAT_SELF ")")
#define SELF_BATCH_GAS (N(114045910372) + 18 * N(295381812))
#define AR N(108059500000)
#define WRITE DROP("(call $storage_write " WAT_KEY WAT_VALUE "(i64.const 1))")
#define WRITE_GAS (N(69681230511) + 3 * N(74284200) + 5 * N(34819872))
#define CALL_FEE (N(208155179039) + 8 * N(51485048))
#define CALL_RESERVED (N(780000000000) + 8 * N(2235934))

#define RECOVER "(i64.const 32) (i64.const 512) (i64.const 64) (i64.const 544)"

static const struct {
    const char *body;
    uint64_t burnt, reserved;
} rows[] = {
    /* Contracts of all: deployed in two ways, used in two ways. */
    {BATCH "(call $promise_batch_action_deploy_global_contract (i64.const 0) " WAT_VALUE ")",
     BATCH_GAS + N(264768111) + N(2609863200) + N(184765750000) + 5 * (N(3801333) + N(47683715)),
     AR + N(184765750000) + 5 * N(70000000)},
    {SELF_BATCH
     "(call $promise_batch_action_deploy_global_contract_by_account_id (i64.const 0) " WAT_VALUE
     ")",
     SELF_BATCH_GAS + N(264768111) + N(2609863200) + N(184765750000) +
         5 * (N(3801333) + N(6812999)),
     AR + N(184765750000) + 5 * N(70000000)},
    {BATCH "(call $promise_batch_action_use_global_contract (i64.const 0) (i64.const 32) "
     "(i64.const 512))",
     BATCH_GAS + N(264768111) + N(2609863200) + N(184765750000) +
         32 * (N(3801333) + N(47683715)),
     AR + N(184765750000) + 32 * N(64572944)},
    {BATCH "(call $promise_batch_action_use_global_contract_by_account_id (i64.const 0) "
     WAT_ACCOUNT ")",
     BATCH_GAS + N(264768111) + N(2609863200) + N(3111779061) + N(184765750000) +
         13 * (N(3801333) + N(291580479) + N(47683715)),
     AR + N(184765750000) + 13 * N(64572944)},
    /* Context: the input is 7 bytes. */
    {INPUT, N(3130290597) + 7 * N(3801564), 0},
    {INPUT "(call $read_register (i64.const 0) (i64.const 512))",
     N(3130290597) + 7 * N(3801564) + N(5585728158) + 7 * N(2822334), 0},
    {DROP("(call $register_len (i64.const 3))"), N(264768111), 0},
    {"(call $write_register (i64.const 1) " WAT_VALUE ")", N(5740153797) + 5 * N(7602897), 0},
    {"(call $current_account_id (i64.const 1))", N(3130290597) + 18 * N(3801564), 0},
    {"(call $signer_account_id (i64.const 1))", N(3130290597) + 15 * N(3801564), 0},
    {"(call $predecessor_account_id (i64.const 1))", N(3130290597) + 15 * N(3801564), 0},
    {"(call $signer_account_pk (i64.const 1))", N(3255742209), 0},
    {DROP("(call $block_index)"), N(264768111), 0},
    {DROP("(call $block_timestamp)"), N(264768111), 0},
    {DROP("(call $epoch_height)"), N(264768111), 0},
    {DROP("(call $storage_usage)"), N(264768111), 0},
    {"(call $account_balance (i64.const 512))", N(3112143324), 0},
    {"(call $account_locked_balance (i64.const 512))", N(3112143324), 0},
    {"(call $attached_deposit (i64.const 512))", N(3112143324), 0},
    {DROP("(call $prepaid_gas)"), N(264768111), 0},
    {DROP("(call $used_gas)"), N(264768111), 0},
    {"(call $random_seed (i64.const 1))", N(3251940645), 0},
    {"(call $validator_total_stake (i64.const 512))", N(3112143324) + N(911834726400), 0},
    {"(call $validator_stake " WAT_ACCOUNT "(i64.const 512))",
     N(3112143324) + N(911834726400) + N(2609863200) + N(3111779061) +
         13 * (N(291580479) + N(3801333)),
     0},
    /* Hashes and signatures. */
    {"(call $sha256 " WAT_VALUE "(i64.const 1))", N(10138005984) + 5 * N(27918684), 0},
    {"(call $keccak256 " WAT_VALUE "(i64.const 1))", N(11476527009) + 5 * N(25272438), 0},
    {"(call $keccak512 " WAT_VALUE "(i64.const 1))",
     N(5811388236) + N(2609863200) + 5 * (N(3801333) + N(36649701)) + N(2865522486) +
         64 * N(3801564),
     0},
    {"(call $ripemd160 (i64.const 56) (i64.const 0) (i64.const 1))",
     N(853675086) + 2 * N(680107584) + N(2609863200) + 56 * N(3801333) + N(2865522486) +
         20 * N(3801564),
     0},
    {DROP("(call $ed25519_verify (i64.const 64) (i64.const 512) " WAT_VALUE
          "(i64.const 32) (i64.const 193))"),
     N(218194517568) + 5 * N(12801333), 0},
    {DROP("(call $ecrecover " RECOVER "(i64.const 0) (i64.const 0) (i64.const 1))"),
     N(278821988457) + 2 * N(2609863200) + 96 * N(3801333), 0},
    /* Pairing curves; (0, 0) is a point, and nothing is an empty sum. */
    {"(call $alt_bn128_g1_sum (i64.const 130) (i64.const 1024) (i64.const 1))",
     N(3000000000) + 2 * N(5000000000) + N(2609863200) + 130 * N(3801333) + N(2865522486) +
         64 * N(3801564),
     0},
    {"(call $alt_bn128_g1_multiexp (i64.const 288) (i64.const 1024) (i64.const 1))",
     N(713000000000) + 3 * N(320000000000) + N(2609863200) + 288 * N(3801333) +
         N(2865522486) + 64 * N(3801564),
     0},
    {DROP("(call $alt_bn128_pairing_check (i64.const 384) (i64.const 1024))"),
     N(9686000000000) + 2 * N(5102000000000) + N(2609863200) + 384 * N(3801333), 0},
    {DROP("(call $alt_bn128_pairing_check (i64.const 0) (i64.const 1024))"),
     N(9686000000000) + N(2609863200), 0},
    {"(call $write_register (i64.const 2) (i64.const 65) (i64.const 1024))"
     "(call $alt_bn128_g1_sum (i64.const -1) (i64.const 2) (i64.const 1))",
     N(264768111) + N(2609863200) + 65 * N(3801333) + N(2865522486) + 65 * N(3801564) +
         N(3000000000) + N(5000000000) + N(2517165186) + 65 * N(98562) + N(2865522486) +
         64 * N(3801564),
     0},
    /* No elements: a sum is infinity, which is written; of the others nothing is. */
    {DROP("(call $bls12381_p1_sum (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(16500000000) + N(2609863200) + N(2865522486) + 96 * N(3801564), 0},
    {DROP("(call $bls12381_p2_sum (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(18600000000) + N(2609863200) + N(2865522486) + 192 * N(3801564), 0},
    {DROP("(call $bls12381_g1_multiexp (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(16500000000) + N(2609863200) + N(2865522486) + 96 * N(3801564), 0},
    {DROP("(call $bls12381_g2_multiexp (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(18600000000) + N(2609863200) + N(2865522486) + 192 * N(3801564), 0},
    {DROP("(call $bls12381_map_fp_to_g1 (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(1500000000) + N(2609863200) + N(2865522486), 0},
    {DROP("(call $bls12381_map_fp2_to_g2 (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(1500000000) + N(2609863200) + N(2865522486), 0},
    {DROP("(call $bls12381_p1_decompress (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(15000000000) + N(2609863200) + N(2865522486), 0},
    {DROP("(call $bls12381_p2_decompress (i64.const 0) (i64.const 1024) (i64.const 1))"),
     N(15000000000) + N(2609863200) + N(2865522486), 0},
    /* Two elements of zeros: elements of fp, but no points, for which no register is written. */
    {DROP("(call $bls12381_p1_sum (i64.const 194) (i64.const 1024) (i64.const 1))"),
     N(16500000000) + 2 * N(6000000000) + N(2609863200) + 194 * N(3801333), 0},
    {DROP("(call $bls12381_p2_sum (i64.const 386) (i64.const 1024) (i64.const 1))"),
     N(18600000000) + 2 * N(15000000000) + N(2609863200) + 386 * N(3801333), 0},
    {DROP("(call $bls12381_g1_multiexp (i64.const 256) (i64.const 1024) (i64.const 1))"),
     N(16500000000) + 2 * N(930000000000) + N(2609863200) + 256 * N(3801333), 0},
    {DROP("(call $bls12381_g2_multiexp (i64.const 448) (i64.const 1024) (i64.const 1))"),
     N(18600000000) + 2 * N(1995000000000) + N(2609863200) + 448 * N(3801333), 0},
    {DROP("(call $bls12381_map_fp_to_g1 (i64.const 96) (i64.const 1024) (i64.const 1))"),
     N(1500000000) + 2 * N(252000000000) + N(2609863200) + 96 * N(3801333) +
         N(2865522486) + 192 * N(3801564), 0},
    {DROP("(call $bls12381_map_fp2_to_g2 (i64.const 192) (i64.const 1024) (i64.const 1))"),
     N(1500000000) + 2 * N(900000000000) + N(2609863200) + 192 * N(3801333) +
         N(2865522486) + 384 * N(3801564), 0},
    {DROP("(call $bls12381_p1_decompress (i64.const 96) (i64.const 1024) (i64.const 1))"),
     N(15000000000) + 2 * N(81000000000) + N(2609863200) + 96 * N(3801333), 0},
    {DROP("(call $bls12381_p2_decompress (i64.const 192) (i64.const 1024) (i64.const 1))"),
     N(15000000000) + 2 * N(165000000000) + N(2609863200) + 192 * N(3801333), 0},
    {DROP("(call $bls12381_pairing_check (i64.const 576) (i64.const 1024))"),
     3 * N(2130000000000) + N(2609863200) + 576 * N(3801333), 0},
    {"(call $write_register (i64.const 2) (i64.const 288) (i64.const 1024))"
     DROP("(call $bls12381_pairing_check (i64.const -1) (i64.const 2))"),
     N(264768111) + N(2609863200) + 288 * N(3801333) + N(2865522486) + 288 * N(3801564) +
         2 * N(2130000000000) + N(2517165186) + 288 * N(98562),
     0},
    /* Text. */
    {"(call $log_utf8 " WAT_VALUE ")", N(9529723422) + 5 * N(308580603), 0},
    {"(call $log_utf8 (i64.const -1) (i64.const 160))",
     N(264768111) + N(3111779061) + 6 * (N(2609863200) + N(3801333)) + 5 * N(291580479) +
         N(3543313050) + 5 * N(13198791),
     0},
    {"(call $log_utf16 (i64.const 4) (i64.const 160))",
     N(264768111) + N(3543313050) + N(2609863200) + 4 * (N(3801333) + N(163577493)) +
         N(3543313050) + 6 * N(13198791),
     0},
    {"(call $value_return " WAT_VALUE ")", N(2874631311) + 5 * N(3801333), 0},
    /* Storage; trie nodes are 4 new and 3 seen before. */
    {WRITE, WRITE_GAS + 4 * N(16101955926) + 3 * N(2280000000), 0},
    {WRITE WRITE,
     2 * WRITE_GAS + 4 * N(16101955926) + 3 * N(2280000000) + N(2865522486) + 5 * N(35918871),
     0},
    {DROP("(call $storage_read " WAT_KEY "(i64.const 1))"), N(59231477060) + 3 * N(34753866),
     0},
    {WRITE DROP("(call $storage_read " WAT_KEY "(i64.const 1))"),
     WRITE_GAS + 4 * N(16101955926) + 3 * N(2280000000) + N(59231477060) + 3 * N(34753866) +
         N(2865522486) + 5 * N(9412568),
     0},
    {DROP("(call $storage_has_key " WAT_KEY ")"), N(56914527936) + 3 * N(34592178), 0},
    {DROP("(call $storage_remove " WAT_KEY "(i64.const 1))"),
     N(56347661811) + 3 * N(42021717) + 4 * N(16101955926) + 3 * N(2280000000), 0},
    {WRITE DROP("(call $storage_remove " WAT_KEY "(i64.const 1))"),
     WRITE_GAS + 4 * N(16101955926) + 3 * N(2280000000) + N(56347661811) + 3 * N(42021717) +
         N(2865522486) + 5 * N(15333120),
     0},
    /* A value of more than 4000 bytes has a price of its own to read: one, and one a byte. */
    {DROP("(call $storage_write " WAT_KEY "(i64.const 4001) (i64.const 1024) (i64.const 1))")
         DROP("(call $storage_read " WAT_KEY "(i64.const 1))"),
     N(69681230511) + 3 * N(74284200) + 4001 * N(34819872) + 4 * N(16101955926) +
         3 * N(2280000000) + N(59231477060) + 3 * N(34753866) + N(2865522486) +
         4001 * N(9412568) + 1 + 4001,
     0},
    /* Promises. */
    {BATCH, BATCH_GAS, AR},
    {SELF_BATCH, SELF_BATCH_GAS, AR},
    {BATCH DROP("(call $promise_batch_then (i64.const 0) " WAT_ACCOUNT ")"),
     2 * BATCH_GAS + N(72973464624), 2 * AR},
    {DROP("(call $promise_create " WAT_ACCOUNT WAT_METHOD WAT_ARGS WAT_ZERO "(i64.const 77))"),
     N(322201089411) + 13 * N(295381812) + 8 * N(51485048),
     N(888059500000) + 8 * N(2235934) + 77},
    {DROP("(call $promise_create " WAT_SELF WAT_METHOD WAT_ARGS WAT_ZERO "(i64.const 77))"),
     N(322201089411) + 18 * N(295381812) + 8 * N(6037267),
     N(888059500000) + 8 * N(2235934) + 77},
    {BATCH BATCH "(i64.store (i32.const 520) (i64.const 1))" DROP(
         "(call $promise_and (i64.const 512) (i64.const 2))")
         DROP("(call $promise_then (i64.const 2) " WAT_SELF WAT_METHOD WAT_ARGS WAT_ZERO
              "(i64.const 9))"),
     2 * BATCH_GAS + N(4339644711) + 2 * N(74028072) + N(322201089411) + 18 * N(295381812) +
         8 * N(6037267) + 2 * N(72973464624),
     2 * AR + N(888059500000) + 8 * N(2235934) + 9},
    {BATCH "(call $promise_batch_action_create_account (i64.const 0))",
     BATCH_GAS + N(264768111) + N(3850000000000), AR + N(3850000000000)},
    {BATCH "(call $promise_batch_action_deploy_contract (i64.const 0) " WAT_VALUE ")",
     BATCH_GAS + N(2874631311) + N(184765750000) + 5 * (N(3801333) + N(47683715)),
     AR + N(184765750000) + 5 * N(64572944)},
    {BATCH
     "(call $promise_batch_action_function_call (i64.const 0) " WAT_METHOD WAT_ARGS WAT_ZERO
     "(i64.const 5))",
     BATCH_GAS + CALL_FEE, AR + CALL_RESERVED + 5},
    {BATCH "(call $promise_batch_action_transfer (i64.const 0) (i64.const 80))",
     BATCH_GAS + N(118058515139), AR + N(115123062500)},
    {BATCH "(call $promise_batch_action_stake (i64.const 0) (i64.const 64) " WAT_PUBLIC_KEY ")",
     BATCH_GAS + N(264768111) + 2 * N(2609863200) + 49 * N(3801333) + N(141715687500),
     AR + N(102217625000)},
    {BATCH "(call $promise_batch_action_add_key_with_full_access (i64.const 0) " WAT_PUBLIC_KEY
           "(i64.const 0))",
     BATCH_GAS + N(2874631311) + 33 * N(3801333) + N(101765125000), AR + N(101765125000)},
    {BATCH
     "(call $promise_batch_action_add_key_with_function_call (i64.const 0) " WAT_PUBLIC_KEY
     "(i64.const 0) (i64.const 64) " WAT_ACCOUNT WAT_METHOD ")",
     BATCH_GAS + N(264768111) + 4 * N(2609863200) + (33 + 16 + 13 + 6) * N(3801333) +
         N(3111779061) + 13 * N(291580479) + N(102217625000) + 7 * N(47683715),
     AR + N(102217625000) + 7 * N(1925331)},
    {BATCH "(call $promise_batch_action_delete_key (i64.const 0) " WAT_PUBLIC_KEY ")",
     BATCH_GAS + N(2874631311) + 33 * N(3801333) + N(94946625000), AR + N(94946625000)},
    {BATCH "(call $promise_batch_action_delete_account (i64.const 0) " WAT_ACCOUNT ")",
     BATCH_GAS + N(2874631311) + 13 * N(3801333) + N(3111779061) + 13 * N(291580479) +
         N(147489000000),
     AR + N(147489000000)},
    {BATCH "(call $promise_return (i64.const 0))", BATCH_GAS + N(824920497), AR},
    {DROP("(call $promise_results_count)"), N(264768111), 0},
};

static void
host_functions__cost_what_the_protocol_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vm_case c;
        vm_case_init(&c);
        c.context.input = STR("{\"a\":1}");
        c.touched = 4;
        c.cached = 3;
        vm_wat_run(&c, rows[i].body);
        vm_case_expect_ok(&c);
        if (vm_wat_host_gas(&c) != rows[i].burnt || vm_wat_reserved(&c) != rows[i].reserved)
            fail_msg("%s: burnt %llu, reserved %llu; %llu and %llu expected", rows[i].body,
                     (unsigned long long)vm_wat_host_gas(&c),
                     (unsigned long long)vm_wat_reserved(&c), (unsigned long long)rows[i].burnt,
                     (unsigned long long)rows[i].reserved);
        vm_case_release(&c);
    }
}

/* What a chunk counts is the gas, but for a few prices. */
static void
compute__is_the_gas_but_for_the_state(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, "(call $sha256 " WAT_VALUE "(i64.const 1))");
    assert_int_equal(c.out.compute, c.out.gas_burnt);
    c.touched = 4;
    c.cached = 3;
    vm_wat_run(&c, WRITE);
    assert_int_equal(c.out.compute - c.out.gas_burnt,
                     N(200000000000) - N(64196736000) +
                         4 * (N(20000000000) - N(16101955926)));
    vm_wat_run(&c, DROP("(call $storage_read " WAT_KEY "(i64.const 1))"));
    /* Bytes count for less than they cost. */
    assert_int_equal(c.out.gas_burnt + N(159000000000) - N(56356845749) - c.out.compute,
                     3 * (N(30952533) - N(10000000)) + 5 * (N(5611004) - N(2500000)));
    vm_case_release(&c);
}

/* Delivering a value is paid by its bytes, once for each that waits. */
static void
value_return__costs_more__when_others_wait(void **state)
{
    (void)state;
    const struct account_id waiting[] = {account_of("bob.test.near"),
                                         account_of("contract.test.near")};
    struct vm_case c;
    vm_case_init(&c);
    c.context.output_receivers = waiting;
    c.context.output_receiver_count = 2;
    vm_wat_run(&c, "(call $value_return " WAT_VALUE ")");
    vm_case_expect_ok(&c);
    assert_int_equal(vm_case_cost(&c, "NEW_DATA_RECEIPT_BYTE"),
                     5 * (N(64895726) + N(34424022)));
    assert_int_equal(vm_wat_host_gas(&c),
                     N(2874631311) + 5 * N(3801333) + 5 * (N(64895726) + N(34424022)));
    vm_case_release(&c);
}

/* Whoever the money goes to need not exist when the name says what it is. */
static void
transfer__pays_for_the_account__when_it_is_implicit(void **state)
{
    static const struct {
        const char *account;
        uint64_t more;
    } cases[] = {
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         N(3850000000000) + N(101765125000)},
        {"0x0123456789abcdef0123456789abcdef01234567", N(3850000000000)},
        {"0x0123456789abcdef0123456789abcdef0123456z", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vm_case c;
        vm_case_init(&c);
        c.context.input = str_from(cases[i].account);
        vm_wat_run(&c, INPUT DROP("(call $promise_batch_create (i64.const -1) (i64.const 0))")
                       "(call $promise_batch_action_transfer (i64.const 0) (i64.const 80))");
        vm_case_expect_ok(&c);
        assert_int_equal(vm_case_cost(&c, "TRANSFER"), N(115123062500) + cases[i].more);
        assert_int_equal(vm_case_cost(&c, "CREATE_ACCOUNT"), 0);
        assert_int_equal(vm_wat_reserved(&c), AR + N(115123062500) + cases[i].more);
        vm_case_release(&c);
    }
}

/* The order of the parts shows when gas ends between them: earlier ones stay burnt. */
static void
storage_write__keeps_what_was_paid__when_gas_ends_inside(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, WRITE);
    uint64_t before = vm_case_cost(&c, "CONTRACT_LOADING_BASE") +
                      vm_case_cost(&c, "CONTRACT_LOADING_BYTES") +
                      vm_case_cost(&c, "WASM_INSTRUCTION");
    /* Enough for the bases and both reads, not for the bytes of the key. */
    c.context.prepaid_gas =
        before + N(264768111) + N(64196736000) + 2 * N(2609863200) + 8 * N(3801333) + 5;
    vm_wat_run(&c, WRITE);
    vm_case_expect_error(&c, "Exceeded the prepaid gas.");
    assert_int_equal(c.out.gas_burnt, c.context.prepaid_gas);
    assert_int_equal(vm_case_cost(&c, "STORAGE_WRITE_BASE"), N(64196736000));
    /* The drop behind the call was in the first count and has not run now. */
    assert_int_equal(vm_case_cost(&c, "STORAGE_WRITE_KEY_BYTE"), 5 + N(822756));
    assert_int_equal(vm_case_cost(&c, "STORAGE_WRITE_VALUE_BYTE"), 0);
    vm_case_release(&c);
}

/* The bytes of a value come before what a large one costs on top. */
static void
storage_read__keeps_what_was_paid__when_gas_ends_inside(void **state)
{
    const char *body =
        DROP("(call $storage_write " WAT_KEY "(i64.const 4001) (i64.const 1024) (i64.const 1))")
            DROP("(call $storage_read " WAT_KEY "(i64.const 1))");
    struct vm_case c;
    (void)state;
    vm_case_init(&c);
    vm_case_begin(&c);
    vm_wat_run(&c, body);
    vm_case_expect_ok(&c);
    /* All of it but the register, the two prices of large values and one of the value's gas;
     * the drop behind the call does not run then. */
    c.context.prepaid_gas = c.out.gas_burnt - N(822756) - N(2865522486) - 4001 * N(3801564) -
                            4001 - 1 - 1;
    vm_case_roll_back(&c);
    vm_wat_run(&c, body);
    vm_case_expect_error(&c, "Exceeded the prepaid gas.");
    assert_int_equal(vm_case_cost(&c, "STORAGE_READ_VALUE_BYTE"), 4001 * N(5611004) - 1);
    assert_int_equal(vm_case_cost(&c, "STORAGE_LARGE_READ_OVERHEAD_BASE"), 0);
    vm_case_release(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compute__is_the_gas_but_for_the_state),
        cmocka_unit_test(host_functions__cost_what_the_protocol_says),
        cmocka_unit_test(value_return__costs_more__when_others_wait),
        cmocka_unit_test(transfer__pays_for_the_account__when_it_is_implicit),
        cmocka_unit_test(storage_write__keeps_what_was_paid__when_gas_ends_inside),
        cmocka_unit_test(storage_read__keeps_what_was_paid__when_gas_ends_inside),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
