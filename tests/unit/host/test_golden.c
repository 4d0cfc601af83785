/* The node's own expectations for small modules: what each burns and how it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "tests/support/vm_case.h"

#define OP UINT64_C(822756)
#define BASE UINT64_C(264768111)
#define LOADING_BASE UINT64_C(35445963)
#define LOADING_BYTE UINT64_C(1089295)
#define METHOD "(func (export \"main\") "

struct golden {
    const char *wat;
    uint64_t operators, host;
    const char *error;      /* NULL: ends well */
};

static const struct golden rows[] = {
    {"(module " METHOD "))", 8, 0, NULL},
    {"(module " METHOD "unreachable))", 9, 0,
     "WebAssembly trap: An `unreachable` opcode was executed."},
    {"(module " METHOD "(drop (i32.div_s (i32.const 1) (i32.const 1)))))", 12, 0, NULL},
    {"(module " METHOD "(drop (i32.div_s (i32.const 1) (i32.const 0)))))", 11, 0,
     "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    {"(module " METHOD "(drop (i32.rem_s (i32.const 0x80000000) (i32.const -1)))))", 12, 0,
     NULL},
    {"(module " METHOD "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))))", 11, 0,
     "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    {"(module " METHOD "(drop (i32.trunc_f64_s (f64.const 0x1p1023)))))", 10, 0,
     "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    {"(module (memory 1) " METHOD "(drop (i32.load offset=4294967295 (i32.const 1)))))", 10, 0,
     "WebAssembly trap: Memory out of bounds trap."},
    {"(module (memory 1) " METHOD "(drop (i32.load (i32.const 67108860)))))", 11, 0, NULL},
    {"(module (memory 1) " METHOD "(drop (i32.load (i32.const 67108861)))))", 10, 0,
     "WebAssembly trap: Memory out of bounds trap."},
    {"(module (func $f (export \"main\") call $f))", 4096 * 9, 0,
     "WebAssembly trap: Stack overflow."},
    {"(module (func $f (export \"main\") (local i32) call $f))", 3855 * 10, 0,
     "WebAssembly trap: Stack overflow."},
    {"(module (func $f (export \"main\") (local i32 i32 i32 i32) call $f))", 3276 * 11, 0,
     "WebAssembly trap: Stack overflow."},
    /* To the node's analysis the index of a call_indirect stays on the stack until the block
     * ends: 64 + 2 * 4 bytes a frame; in blocks of their own 64 + 4; and what an operator takes
     * from above it are other values than its own: 64 + 8 and three times 8. */
    {"(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f (export \"main\")"
     "(call_indirect (type $t) (i32.const 0)) (call_indirect (type $t) (i32.const 0))))",
     3640 * 10, 0, "WebAssembly trap: Stack overflow."},
    {"(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f (export \"main\")"
     "(block (call_indirect (type $t) (i32.const 0)))"
     "(block (call_indirect (type $t) (i32.const 0)))))",
     3855 * 10, 0, "WebAssembly trap: Stack overflow."},
    {"(module (type $t (func (param i64) (result i64))) (table 1 funcref) (elem (i32.const 0) $f)"
     "(func $f (param i64) (result i64)"
     "(call_indirect (type $t) (i64.const 1) (i32.const 0)) (i64.add (i64.const 1))"
     "(call_indirect (type $t) (i32.const 0)))"
     "(func (export \"main\") (drop (call $f (i64.const 0)))))",
     2729 * 12 + 10, 0, "WebAssembly trap: Stack overflow."},
    /* What is never reached needs no stack: 64 bytes a frame. */
    {"(module (func $f (export \"main\") call $f unreachable (drop (block (result i64) "
     "unreachable))))",
     4096 * 9, 0, "WebAssembly trap: Stack overflow."},
    {"(module (import \"env\" \"panic\" (func $p)) " METHOD "call $p))", 9, BASE,
     "Smart contract panicked: explicit guest panic"},
    {"(module (import \"env\" \"panic\" (func $p)) (export \"main\" (func $p)))", 0, BASE,
     "Smart contract panicked: explicit guest panic"},
    {"(module (import \"env\" \"prepaid_gas\" (func $g (result i64))) " METHOD
     "(drop (call $g))))",
     10, BASE, NULL},
    {"(module (import \"env\" \"prepaid_gas\" (func $g (result i64))) (type $t (func (result "
     "i64)))"
     "(table 1 funcref) (elem (i32.const 0) $g) " METHOD
     "(drop (call_indirect (type $t) (i32.const 0)))))",
     11, BASE, NULL},
    {"(module (func $s unreachable) (start $s) " METHOD "))", 9, 0,
     "WebAssembly trap: An `unreachable` opcode was executed."},
    {"(module (import \"env\" \"wtf\" (func)) " METHOD "))", 0, 0,
     "Link Error: Error while importing \"env\".\"wtf\": unknown import. "
     "Expected Function(FunctionType { params: [], results: [] })"},
    {"(module (import \"env\" \"input\" (func (param i32))) " METHOD "))", 0, 0,
     "Link Error: Error while importing \"env\".\"input\": incompatible import type. "
     "Expected Function(FunctionType { params: [I32], results: [] })"},
    {"(module (type $t (func)) (table 2 funcref) " METHOD
     "(call_indirect (type $t) (i32.const 5))))",
     10, 0, "WebAssembly trap: Memory out of bounds trap."},
    {"(module (type $t (func)) (table 2 funcref) " METHOD
     "(call_indirect (type $t) (i32.const 1))))",
     10, 0, "WebAssembly trap: Indirect call to null."},
    {"(module (type $t (func)) (table 2 funcref) (elem (i32.const 0) $f) " METHOD
     "(call_indirect (type $t) (i32.const 0))) (func $f (param i64)))",
     10, 0, "WebAssembly trap: Call indirect incorrect signature trap."},
    /* Data that does not fit: before the first operator. */
    {"(module (memory 1025) (data (i32.const 67108863) \"ab\") " METHOD "))", 0, 0,
     "WebAssembly trap: Memory out of bounds trap."},
};

static uint64_t
loading(const struct module *m)
{
    return LOADING_BASE + LOADING_BYTE * module_code_size(m);
}

static void
vm_run__burns_what_the_node_burns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct golden *g = &rows[i];
        struct vm_case c;
        vm_case_init(&c);
        const struct module *m = vm_module_wat(g->wat);
        vm_case_run(&c, m, "main");
        if (g->error)
            vm_case_expect_error(&c, g->error);
        else
            vm_case_expect_ok(&c);
        uint64_t expected = loading(m) + g->operators * OP + g->host;
        if (c.out.gas_burnt != expected)
            fail_msg("%s: burnt %llu instead of %llu", g->wat,
                     (unsigned long long)c.out.gas_burnt, (unsigned long long)expected);
        vm_case_release(&c);
    }
}

static void
vm_run__burns_nothing__when_there_is_no_such_method(void **state)
{
    static const struct {
        const char *wat, *method;
        enum vm_error error;
    } cases[] = {
        {"(module " METHOD "))", "other", VM_METHOD_NOT_FOUND},
        {"(module " METHOD "))", "", VM_METHOD_EMPTY_NAME},
        {"(module (func (export \"main\") (param i32)))", "main", VM_METHOD_INVALID_SIGNATURE},
        {"(module (func (export \"main\") (result i32) i32.const 1))", "main",
         VM_METHOD_INVALID_SIGNATURE},
        {"(module (memory (export \"main\") 1))", "main", VM_METHOD_NOT_FOUND},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vm_case c;
        vm_case_init(&c);
        vm_case_run(&c, vm_module_wat(cases[i].wat), cases[i].method);
        assert_int_equal(c.out.error, cases[i].error);
        assert_int_equal(c.out.gas_burnt, 0);
        assert_int_equal(c.out.profile_count, 0);
        vm_case_release(&c);
    }
}

static void
expect_out_of_gas(const char *wat, uint64_t prepaid, uint64_t burnt)
{
    struct vm_case c;
    vm_case_init(&c);
    c.context.prepaid_gas = prepaid;
    vm_case_run(&c, vm_module_wat(wat), "main");
    vm_case_expect_error(&c, prepaid == 300 * TERA_GAS
        ? "Exceeded the maximum amount of gas allowed to burn per contract."
        : "Exceeded the prepaid gas.");
    assert_int_equal(c.out.gas_burnt, burnt);
    assert_int_equal(c.out.gas_used, burnt);
    vm_case_release(&c);
}

static void
vm_run__burns_all_that_was_prepaid__when_gas_runs_out(void **state)
{
    static const char empty[] = "(module " METHOD "))";
    static const char endless[] = "(module " METHOD "(loop $l br $l)))";
    static const char at_start[] = "(module (func $s (loop $l br $l)) (start $s) " METHOD "))";
    (void)state;
    uint64_t need = loading(vm_module_wat(empty));
    expect_out_of_gas(empty, 1, 1);
    expect_out_of_gas(empty, need - 1, need - 1);
    expect_out_of_gas(empty, need + OP, need + OP);
    /* What an operator needs must be less than what is left, not just as much. */
    expect_out_of_gas(empty, need + 8 * OP, need + 8 * OP);
    expect_out_of_gas(endless, 10 * TERA_GAS, 10 * TERA_GAS);
    expect_out_of_gas(endless, 300 * TERA_GAS, 300 * TERA_GAS);
    expect_out_of_gas(at_start, 10000000000, 10000000000);
}

static void
vm_run__succeeds__with_one_gas_more_than_it_burns(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    const struct module *m = vm_module_wat("(module " METHOD "))");
    c.context.prepaid_gas = loading(m) + 8 * OP + 1;
    vm_case_run(&c, m, "main");
    vm_case_expect_ok(&c);
    assert_int_equal(vm_case_cost(&c, "WASM_INSTRUCTION"), 8 * OP);
    assert_int_equal(vm_case_cost(&c, "CONTRACT_LOADING_BASE"), LOADING_BASE);
    vm_case_release(&c);
}

/* A branch that is never reached ends a segment where it leads, too. When gas runs out with a
 * promise pending, what was tried counts as burnt: the segment before that end, not all. */
static void
vm_run__tries_one_segment__that_ends_where_a_dead_branch_leads(void **state)
{
    static const char wat[] =
        "(module (import \"env\" \"promise_batch_create\" (func $p (param i64 i64) (result i64)))"
        "(memory 1) (data (i32.const 0) \"a.near\") (func (export \"main\")"
        "(drop (call $p (i64.const 6) (i64.const 0)))"
        "(block $b (block (br 0) (br $b)) nop nop) nop nop nop))";
    enum { TRIED = 2, BEHIND = 3 };
    struct vm_case c;
    (void)state;
    vm_case_init(&c);
    vm_case_run(&c, vm_module_wat(wat), "main");
    vm_case_expect_ok(&c);
    uint64_t all = c.out.gas_burnt, reserved = c.out.gas_used - all;
    vm_case_release(&c);
    vm_case_init(&c);
    c.context.prepaid_gas = all - (BEHIND + TRIED) * OP + OP + reserved;
    vm_case_run(&c, vm_module_wat(wat), "main");
    vm_case_expect_error(&c, "Exceeded the prepaid gas.");
    assert_int_equal(c.out.gas_burnt, all - BEHIND * OP);
    vm_case_release(&c);
}

/* Operators are counted as they run: on each turn, in the branch that is taken, not beyond. */
static void
vm_run__counts_what_runs(void **state)
{
    static const struct {
        const char *body;
        uint64_t operators;     /* without the entry */
    } cases[] = {
        {"nop nop", 2},
        {"block nop end", 1},
        {"block br 0 nop nop end", 1},
        {"i32.const 1 if nop else nop nop end", 3},
        {"i32.const 0 if nop else nop nop end", 4},
        {"i32.const 0 if nop end", 2},
        {"return nop nop", 1},
        {"loop nop end", 2},
        /* Five turns: each pays the header and the body. */
        {"i32.const 5 local.set 0 (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"
         "(br_if $l (local.get 0)))", 2 + 5 * 7},
        {"block block block i32.const 1 br_table 0 1 2 end nop end nop end nop", 2 + 1 + 1},
        {"i32.const 7 memory.grow drop memory.size drop", 5},
        {"i32.const 1 i32.const 2 i32.const 3 select drop", 5},
        {"f64.const 1 f64.const 0 f64.div f64.neg drop", 5},
        {"loop block br 0 end end", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char wat[512];
        snprintf(wat, sizeof(wat),
                 "(module (memory 1) (func (export \"main\") (local i32) %s))", cases[i].body);
        struct vm_case c;
        vm_case_init(&c);
        vm_case_run(&c, vm_module_wat(wat), "main");
        vm_case_expect_ok(&c);
        uint64_t counted = vm_case_cost(&c, "WASM_INSTRUCTION") / OP;
        if (counted != 9 + cases[i].operators)
            fail_msg("%s: %llu operators", cases[i].body, (unsigned long long)counted);
        vm_case_release(&c);
    }
}

/* Memory, globals, tables and registers are new on every call. */
static void
vm_run__starts_afresh(void **state)
{
    static const char wat[] =
        "(module (memory 1) (global $g (mut i32) (i32.const 3)) (data (i32.const 8) "
        "\"x\") " METHOD "(if (i32.ne (global.get $g) (i32.const 3)) (then unreachable))"
        "(if (i32.ne (i32.load8_u (i32.const 8)) (i32.const 120)) (then unreachable))"
        "(if (i32.load (i32.const 67108000)) (then unreachable))"
        "(if (i32.ne (memory.grow (i32.const 1024)) (i32.const 1024)) (then unreachable))"
        "(if (i32.load (i32.const 134217000)) (then unreachable))"
        "(i32.store (i32.const 67108000) (i32.const 1))"
        "(i32.store (i32.const 134217000) (i32.const 1))"
        "(i32.store8 (i32.const 8) (i32.const 1))"
        "(if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))"
        "(global.set $g (i32.const 4))))";
    (void)state;
    uint64_t burnt = 0;
    for (int i = 0; i < 3; i++) {
        struct vm_case c;
        vm_case_init(&c);
        vm_case_run(&c, vm_module_wat(wat), "main");
        vm_case_expect_ok(&c);
        assert_true(i == 0 || c.out.gas_burnt == burnt);
        burnt = c.out.gas_burnt;
        vm_case_release(&c);
    }
}

/* NaNs have one form, whatever the processor makes of them. */
static void
vm_run__makes_nan_canonical(void **state)
{
    static const char *const checks[] = {
        "(i32.eq (i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))"
        " (i32.const 0x7fc00000))",
        "(i64.eq (i64.reinterpret_f64 (f64.sqrt (f64.const -1))) (i64.const "
        "0x7ff8000000000000))",
        "(i64.eq (i64.reinterpret_f64 (f64.promote_f32 (f32.const nan:0x200001)))"
        " (i64.const 0x7ff8000000000000))",
        "(i32.eq (i32.reinterpret_f32 (f32.neg (f32.const nan))) (i32.const 0xffc00000))",
        "(i64.eq (i64.reinterpret_f64 (f64.neg (f64.const 0))) (i64.const 0x8000000000000000))",
        "(i32.eq (i32.reinterpret_f32 (f32.min (f32.const -0) (f32.const 0)))"
        " (i32.const 0x80000000))",
        "(f32.eq (f32.nearest (f32.const 2.5)) (f32.const 2))",
        "(i32.eq (i32.trunc_sat_f64_s (f64.const 1e300)) (i32.const 0x7fffffff))",
        "(i32.eqz (i32.trunc_sat_f32_u (f32.const nan)))",
        "(i64.eq (i64.extend32_s (i64.const 0x80000000)) (i64.const -2147483648))",
        "(i32.eq (i32.clz (i32.const 0)) (i32.const 32))",
        "(i64.eq (i64.ctz (i64.const 0)) (i64.const 64))",
        "(i32.eq (i32.rotl (i32.const 0x80000001) (i32.const 33)) (i32.const 3))",
        "(i64.eq (i64.popcnt (i64.const -1)) (i64.const 64))",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        char wat[512];
        snprintf(wat, sizeof(wat), "(module " METHOD "(if (i32.eqz %s) (then unreachable))))",
                 checks[i]);
        struct vm_case c;
        vm_case_init(&c);
        vm_case_run(&c, vm_module_wat(wat), "main");
        if (c.out.error != VM_OK)
            fail_msg("%s does not hold", checks[i]);
        vm_case_release(&c);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vm_run__burns_what_the_node_burns),
        cmocka_unit_test(vm_run__burns_nothing__when_there_is_no_such_method),
        cmocka_unit_test(vm_run__burns_all_that_was_prepaid__when_gas_runs_out),
        cmocka_unit_test(vm_run__succeeds__with_one_gas_more_than_it_burns),
        cmocka_unit_test(vm_run__tries_one_segment__that_ends_where_a_dead_branch_leads),
        cmocka_unit_test(vm_run__counts_what_runs),
        cmocka_unit_test(vm_run__starts_afresh),
        cmocka_unit_test(vm_run__makes_nan_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
