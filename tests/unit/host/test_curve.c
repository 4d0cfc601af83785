/* The host functions over curves, as a contract sees them: where the input comes from, which
 * register the answer is in, what is left alone when the input is refused. What the functions
 * make of bytes is in tests/unit/curve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/support/hex.h"
#include "tests/support/vm_wat.h"

/* The input is put at 1024; the answer of the call, as one byte, and register 1 are returned
 * (or the number alone, when there is nothing in the register). */
#define AT "1024"
#define RUN(call)                                                                             \
    "(call $input (i64.const 0)) (call $read_register (i64.const 0) (i64.const " AT "))"      \
    "(i64.store8 (i32.const 512) " call ")"                                                   \
    "(if (i64.ne (call $register_len (i64.const 1)) (i64.const -1))"                          \
    " (then (call $read_register (i64.const 1) (i64.const 513)))) "                           \
    "(local.set $i (call $register_len (i64.const 1)))"                                       \
    "(call $value_return (i64.add (i64.const 1) (select (i64.const 0) (local.get $i)"         \
    " (i64.eq (local.get $i) (i64.const -1)))) (i64.const 512))"

static void
expect(const char *input, const char *body, const char *answer)
{
    struct vm_case c;
    vm_case_init(&c);
    c.context.input = hex_bytes(&c.arena, str_from(input));
    vm_wat_run(&c, body);
    vm_case_expect_ok(&c);
    assert_string_equal(hex_text(&c.arena, c.out.value), answer);
    vm_case_release(&c);
}

#define RECOVER(v, flag)                                                                      \
    RUN("(call $ecrecover (i64.const 32) (i64.const 1024) (i64.const 64) (i64.const 1056)"    \
        "(i64.const " #v ") (i64.const " #flag ") (i64.const 1))")
/* go-ethereum, core/vm/testdata/precompiles/ecRecover.json: ValidKey. */
#define SIGNED                                                                                \
    "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c"                        \
    "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"                        \
    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"

static void
ecrecover__gives_a_key_or_nothing(void **state)
{
    (void)state;
    expect(SIGNED, RECOVER(1, 0),
           "01"
           "3a514176466fa815ed481ffad09110a2d344f6c9b78c1d14afc351c3a51be33d"
           "8072e77939dc03ba44790779b7a1025baf3003f6732430e20cd9b76d953391b3");
    /* The larger s, while the smaller is asked for. */
    expect(SIGNED, RECOVER(1, 1), "00");
    expect(SIGNED, RECOVER(3, 0), "00");
}

/* The hash of the key ends in the address that signed. */
static void
ecrecover__with_keccak_gives_the_address(void **state)
{
    (void)state;
    expect(SIGNED,
           "(call $input (i64.const 0)) (call $read_register (i64.const 0) (i64.const 1024))"
           "(drop (call $ecrecover (i64.const 32) (i64.const 1024) (i64.const 64)"
           " (i64.const 1056) (i64.const 1) (i64.const 0) (i64.const 1)))"
           "(call $keccak256 (i64.const -1) (i64.const 1) (i64.const 2))"
           "(call $read_register (i64.const 2) (i64.const 512))"
           "(call $value_return (i64.const 20) (i64.const 524))",
           "a94f5374fce5edbc8e2a8697c15331677e6ebf0b");
}

/* The generator and its double, which are written with small numbers only in part. */
#define ONE "0100000000000000000000000000000000000000000000000000000000000000"
#define TWO "0200000000000000000000000000000000000000000000000000000000000000"
#define GENERATOR ONE TWO
#define DOUBLED                                                                               \
    "d3cf876dc108c2d3a81c8716a91678d9851518685b04859b021a132ee7440603"                        \
    "c4a2185a7abf3effc78f53e349a4a6680a9caeb2965f84e7927c0a0e8c73ed15"
#define INFINITY_G1 ZERO ZERO
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static void
alt_bn128__adds_and_multiplies(void **state)
{
    const char *body = "(call $input (i64.const 0))"
                       "(call $alt_bn128_g1_sum (i64.const -1) (i64.const 0) (i64.const 1))"
                       "(call $value_return (i64.const -1) (i64.const 1))";
    (void)state;
    expect("00" GENERATOR "00" GENERATOR, body, DOUBLED);
    expect("00" GENERATOR "01" GENERATOR, body, INFINITY_G1);
    expect("00" DOUBLED "01" GENERATOR "01" GENERATOR, body, INFINITY_G1);
    expect("", body, INFINITY_G1);
    expect(GENERATOR TWO,
           "(call $input (i64.const 0))"
           "(call $alt_bn128_g1_multiexp (i64.const -1) (i64.const 0) (i64.const 1))"
           "(call $value_return (i64.const -1) (i64.const 1))",
           DOUBLED);
}

/* NEP-488: 0 and the point in the register, or 1 and the register as it was. */
#define X_ONE                                                                                 \
    "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00a" \
    "db22c6bb"
#define Y_ONE                                                                                 \
    "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa2329" \
    "46c5e7e1"
#define X_ONE_COMPRESSED                                                                      \
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00a" \
    "db22c6bb"
#define ZEROS_48 ZERO "00000000000000000000000000000000"
#define INFINITY_BLS "40" ZERO ZERO "00000000000000000000000000000000000000000000000000000000000000"
#define BLS(name, length)                                                                     \
    RUN("(call $bls12381_" name " (i64.const " length ") (i64.const 1024) (i64.const 1))")

static void
bls12381__tells_refusal_by_a_number(void **state)
{
    (void)state;
    expect("00" X_ONE Y_ONE, BLS("p1_sum", "97"), "00" X_ONE Y_ONE);
    expect("00" X_ONE Y_ONE "01" X_ONE Y_ONE, BLS("p1_sum", "194"), "00" INFINITY_BLS);
    expect("", BLS("p1_sum", "0"), "00" INFINITY_BLS);
    expect("02" X_ONE Y_ONE, BLS("p1_sum", "97"), "01");
    expect("00" X_ONE X_ONE, BLS("p1_sum", "97"), "01");
    expect(X_ONE Y_ONE ONE, BLS("g1_multiexp", "128"), "00" X_ONE Y_ONE);
    expect(X_ONE Y_ONE ZERO, BLS("g1_multiexp", "128"), "00" INFINITY_BLS);
    expect(X_ONE_COMPRESSED X_ONE_COMPRESSED, BLS("p1_decompress", "96"),
           "00" X_ONE Y_ONE X_ONE Y_ONE);
    expect(X_ONE, BLS("p1_decompress", "48"), "01");
    /* Zeros are no point of the groups, and nothing at all is one. */
    expect(ZEROS_48 ZEROS_48 ZEROS_48 ZEROS_48 ZEROS_48 ZEROS_48,
           RUN("(call $bls12381_pairing_check (i64.const 288) (i64.const 1024))"), "01");
    expect("", RUN("(call $bls12381_pairing_check (i64.const 0) (i64.const 1024))"), "00");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecrecover__gives_a_key_or_nothing),
        cmocka_unit_test(ecrecover__with_keccak_gives_the_address),
        cmocka_unit_test(alt_bn128__adds_and_multiplies),
        cmocka_unit_test(bls12381__tells_refusal_by_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
