/* Promises that wait to be resumed: what they cost, what comes of them, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/vm_wat.h"

#define N(x) UINT64_C(x)
#define DROP(call) "(drop " call ")"
#define BATCH DROP("(call $promise_batch_create " WAT_ACCOUNT ")")
/* method + args are 8 bytes; the token goes to register 3. */
#define YIELD(weight) "(call $promise_yield_create " WAT_METHOD WAT_ARGS                       \
    "(i64.const 7000) (i64.const " #weight ") (i64.const 3))"
#define RESUME(token, payload) "(call $promise_yield_resume " token payload ")"
#define IN_REGISTER "(i64.const -1) (i64.const 3)"
/* 32 bytes that start with a w, at 512. */
#define EARLIER "(i32.store8 (i32.const 512) (i32.const 119))"
#define EARLIER_TOKEN "(i64.const 32) (i64.const 512)"
#define RETURN_FLAG(call) "(i32.store8 (i32.const 600) " call ")"                              \
    "(call $value_return (i64.const 1) (i64.const 600))"

static void
yield__costs_what_the_protocol_says(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, DROP(YIELD(0)));
    vm_case_expect_ok(&c);
    assert_int_equal(vm_wat_host_gas(&c), N(542916410945) + 8 * N(21681255));
    assert_int_equal(vm_wat_reserved(&c),
                     N(108059500000) + N(780000000000) + 8 * N(2235934) + 7000);
    assert_int_equal(vm_case_cost(&c, "YIELD_CREATE_BASE"), N(153411779276));
    assert_int_equal(vm_case_cost(&c, "YIELD_CREATE_BYTE"), 8 * N(15643988));
    assert_int_equal(vm_case_cost(&c, "NEW_ACTION_RECEIPT"),
                     N(108059500000) + 2 * N(36486732312));
    vm_case_release(&c);
}

static void
resume__costs_what_the_protocol_says__whether_anybody_waits_or_not(void **state)
{
    (void)state;
    for (int waits = 0; waits < 2; waits++) {
        struct vm_case c;
        vm_case_init(&c);
        c.has_yield = waits;
        vm_wat_run(&c, EARLIER DROP(RESUME(EARLIER_TOKEN, WAT_VALUE)));
        vm_case_expect_ok(&c);
        assert_int_equal(vm_wat_host_gas(&c), N(1201233422377) + 5 * N(51485048));
        assert_int_equal(vm_wat_reserved(&c), 0);
        assert_int_equal(c.out.resume_count, waits);
        vm_case_release(&c);
    }
}

static void
yield__is_a_receipt_to_oneself__with_the_next_id_of_data(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, BATCH DROP("(call $promise_batch_then (i64.const 0) " WAT_ACCOUNT ")")
                   DROP(YIELD(0)) "(call $promise_return (i64.const 2))");
    vm_case_expect_ok(&c);
    const struct vm_receipt *r = &c.out.receipts[2];
    assert_string_equal(r->receiver.s, "contract.test.near");
    assert_true(r->is_yield && r->has_own_data);
    assert_int_equal(r->input_count, 0);
    /* The `then` has taken id 0. */
    assert_memory_equal(r->data_id.b, "id\x01", 4);
    assert_int_equal(r->actions[0].gas, 7000);
    assert_true(str_equal_c(r->actions[0].method, "method"));
    assert_int_equal(c.out.returns, VM_RETURN_RECEIPT);
    assert_int_equal(c.out.receipt, 2);
    vm_case_release(&c);
}

static void
resume__tells_whether_anybody_waits(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, EARLIER RETURN_FLAG(RESUME(EARLIER_TOKEN, WAT_VALUE)));
    assert_memory_equal(c.out.value.p, "\0", 1);
    assert_int_equal(c.out.resume_count, 0);
    c.has_yield = true;
    vm_wat_run(&c, EARLIER DROP(RESUME(EARLIER_TOKEN, WAT_ARGS))
                   RETURN_FLAG(RESUME(EARLIER_TOKEN, WAT_VALUE)));
    assert_memory_equal(c.out.value.p, "\1", 1);
    assert_int_equal(c.out.resume_count, 2);
    assert_int_equal(c.out.resumes[1].data_id.b[0], 'w');
    assert_true(str_equal_c(c.out.resumes[1].payload, "value"));
    assert_false(c.out.resumes[1].is_own);
    vm_case_release(&c);
}

static void
resume__of_what_the_same_call_yielded_works_once(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, DROP(YIELD(0)) DROP(RESUME(IN_REGISTER, WAT_VALUE)));
    vm_case_expect_ok(&c);
    assert_false(c.out.receipts[0].is_yield);
    assert_true(c.out.receipts[0].has_own_data);
    assert_int_equal(c.out.resume_count, 1);
    assert_true(c.out.resumes[0].is_own);
    assert_true(hash_equal(&c.out.resumes[0].data_id, &c.out.receipts[0].data_id));
    vm_wat_run(&c, DROP(YIELD(0)) DROP(RESUME(IN_REGISTER, WAT_VALUE))
                   RETURN_FLAG(RESUME(IN_REGISTER, WAT_VALUE)));
    assert_memory_equal(c.out.value.p, "\0", 1);
    assert_int_equal(c.out.resume_count, 1);
    vm_case_release(&c);
}

static void
yield__gets_its_share_of_the_gas(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, DROP(YIELD(1)));
    vm_case_expect_ok(&c);
    assert_int_equal(c.out.gas_used, 300 * TERA_GAS);
    assert_true(c.out.receipts[0].actions[0].gas > 290 * TERA_GAS);
    vm_case_release(&c);
}

#define WEIGHTED(promise, weight) "(call $promise_batch_action_function_call_weight (i64.const "  \
    #promise ") " WAT_METHOD WAT_ARGS WAT_ZERO "(i64.const 0) (i64.const " #weight "))"

static void
gas_share__leaves_the_rest_to_the_call_that_asked_last(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    /* The first receipt asks last; the weights are such that division leaves something. */
    vm_wat_run(&c, BATCH BATCH WEIGHTED(1, 0x7fffffffffffffff) WEIGHTED(1, 3) WEIGHTED(0, 2));
    vm_case_expect_ok(&c);
    const struct vm_receipt *r = c.out.receipts;
    uint64_t big = r[1].actions[0].gas, small = r[1].actions[1].gas, last = r[0].actions[0].gas;
    assert_int_equal(small, 0);
    assert_true(last > 0);
    /* floor(left * (2^63 - 1) / (2^63 + 4)) is just under what was left. */
    assert_true(big > 290 * TERA_GAS && last < 10);
    vm_case_release(&c);
}

static void
failed_call__resumes_nobody(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    c.has_yield = true;
    vm_wat_run(&c, EARLIER DROP(RESUME(EARLIER_TOKEN, WAT_VALUE)) "(call $panic)");
    assert_int_equal(c.out.error, VM_EXECUTION);
    assert_int_equal(c.out.resume_count, 0);
    vm_case_release(&c);
}

static void
yield__refuses_what_cannot_be(void **state)
{
    static const struct {
        const char *body, *sentence;
    } rows[] = {
        {DROP(RESUME("(i64.const 31) (i64.const 512)", WAT_VALUE)),
         "yield resumption token is malformed"},
        {DROP(RESUME(EARLIER_TOKEN, "(i64.const 1025) (i64.const 512)")),
         "Yield resume payload is 1025 bytes which exceeds the 1024 byte limit"},
        {"(call $write_register (i64.const 3) (i64.const 1025) (i64.const 512))"
         DROP(RESUME(EARLIER_TOKEN, IN_REGISTER)),
         "Integer overflow."},
        {DROP("(call $promise_yield_create (i64.const 0) (i64.const 32) " WAT_ARGS
              "(i64.const 1) (i64.const 0) (i64.const 3))"),
         "Tried to call an empty method name."},
        {DROP("(call $promise_yield_create (i64.const 1) (i64.const 96) " WAT_ARGS
              "(i64.const 1) (i64.const 0) (i64.const 3))"),
         "VM Logic returned an invalid method name"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct vm_case c;
        vm_case_init(&c);
        vm_wat_run(&c, rows[i].body);
        vm_case_expect_error(&c, rows[i].sentence);
        vm_case_release(&c);
    }
}

static void
yield__is_not_for_views(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    c.context.is_view = true;
    vm_wat_run(&c, DROP(YIELD(0)));
    vm_case_expect_error(&c, "promise_yield_create is not allowed in view calls");
    vm_wat_run(&c, DROP(RESUME(EARLIER_TOKEN, WAT_VALUE)));
    vm_case_expect_error(&c, "promise_submit_data is not allowed in view calls");
    vm_case_release(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yield__costs_what_the_protocol_says),
        cmocka_unit_test(resume__costs_what_the_protocol_says__whether_anybody_waits_or_not),
        cmocka_unit_test(yield__is_a_receipt_to_oneself__with_the_next_id_of_data),
        cmocka_unit_test(resume__tells_whether_anybody_waits),
        cmocka_unit_test(resume__of_what_the_same_call_yielded_works_once),
        cmocka_unit_test(yield__gets_its_share_of_the_gas),
        cmocka_unit_test(gas_share__leaves_the_rest_to_the_call_that_asked_last),
        cmocka_unit_test(failed_call__resumes_nobody),
        cmocka_unit_test(yield__refuses_what_cannot_be),
        cmocka_unit_test(yield__is_not_for_views),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
