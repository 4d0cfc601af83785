/* The ground under a contract: in, out, and what it cannot leave behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract/wasm/meter.h"
#include "contract/wasm/rt_guest.h"
#include "contract/wasm/runtime.h"

static int calls;
static wasm_rt_memory_t memory;

static void
do_nothing(void *argument)
{
    calls += *(int *)argument;
}

static void
do_stop(void *argument)
{
    do_nothing(argument);
    runtime_stop();
}

static void
do_trap(void *argument)
{
    wasm_rt_trap((wasm_rt_trap_t)*(int *)argument);
}

static void
allocate(void *argument)
{
    (void)argument;
    wasm_rt_allocate_memory(&memory, METER_MEMORY_PAGES, METER_MEMORY_MAX_PAGES);
}

/* Not for the compiler to see through: every frame counts. */
static int
sink(volatile const char *p, int depth)
{
    return p[0] + depth;
}

static int (*volatile recurse)(int depth);

static int
recurse_without_end(int depth)
{
    volatile char frame[4096];
    frame[0] = (char)depth;
    return recurse(depth + 1) + sink(frame, depth);
}

static void
exhaust_stack(void *argument)
{
    calls = recurse(*(int *)argument);
}

static void
runtime_run__returns__whatever_ended_the_contract(void **state)
{
    static const struct {
        int code;
        enum runtime_end end;
    } traps[] = {
        {RT_TRAP_GAS, END_GAS}, {RT_TRAP_STACK, END_STACK},
        {RT_TRAP_TABLE_RANGE, END_MEMORY}, {RT_TRAP_NULL_CALL, END_NULL_CALL},
        {RT_TRAP_SIGNATURE, END_SIGNATURE}, {WASM_RT_TRAP_OOB, END_MEMORY},
        {WASM_RT_TRAP_INT_OVERFLOW, END_ARITHMETIC}, {WASM_RT_TRAP_DIV_BY_ZERO, END_ARITHMETIC},
        {WASM_RT_TRAP_INVALID_CONVERSION, END_ARITHMETIC},
        {WASM_RT_TRAP_UNREACHABLE, END_UNREACHABLE}, {WASM_RT_TRAP_EXHAUSTION, END_STACK},
    };
    (void)state;
    int one = 1;
    calls = 0;
    assert_int_equal(runtime_run(do_nothing, &one), END_RETURNED);
    assert_int_equal(runtime_run(do_stop, &one), END_STOPPED);
    assert_int_equal(calls, 2);
    for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
        int code = traps[i].code;
        assert_int_equal(runtime_run(do_trap, &code), traps[i].end);
    }
    assert_int_equal(runtime_run(do_nothing, &one), END_RETURNED);
}

/* Runs before cmocka puts a handler of its own over the runtime's. */
static int
exhaust_twice(void)
{
    int zero = 0;
    recurse = recurse_without_end;
    for (int i = 0; i < 2; i++) {
        if (runtime_run(exhaust_stack, &zero) != END_STACK)
            return 1;
        runtime_clear_memory();
    }
    return 0;
}

static void
runtime_range__ends_where_memory_ends(void **state)
{
    (void)state;
    assert_int_equal(runtime_run(allocate, NULL), END_RETURNED);
    uint64_t size = (uint64_t)METER_MEMORY_PAGES * 65536;
    assert_non_null(runtime_range(0, size));
    assert_non_null(runtime_range(size, 0));
    assert_null(runtime_range(size + 1, 0));
    assert_null(runtime_range(size - 1, 2));
    assert_null(runtime_range(UINT64_MAX, 2));
    assert_null(runtime_range(2, UINT64_MAX));
    runtime_clear_memory();
    assert_null(runtime_range(0, 1));
}

static void
memory__grows_to_its_limit__and_is_zero_again(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        runtime_run(allocate, NULL);
        assert_int_equal(wasm_rt_grow_memory(&memory, 0), METER_MEMORY_PAGES);
        assert_int_equal(wasm_rt_grow_memory(&memory, 1024), METER_MEMORY_PAGES);
        assert_int_equal(wasm_rt_grow_memory(&memory, 1), UINT32_MAX);
        assert_int_equal(wasm_rt_grow_memory(&memory, UINT32_MAX), UINT32_MAX);
        uint64_t last = (uint64_t)METER_MEMORY_MAX_PAGES * 65536 - 1;
        assert_int_equal(*runtime_range(0, 1), 0);
        assert_int_equal(*runtime_range(last, 1), 0);
        *runtime_range(0, 1) = 1;
        *runtime_range(last, 1) = 1;
        wasm_rt_free_memory(&memory);
        runtime_clear_memory();
    }
}

static void
func_types__are_equal__when_they_look_alike(void **state)
{
    (void)state;
    uint32_t a = wasm_rt_register_func_type(2, 1, WASM_RT_I32, WASM_RT_I64, WASM_RT_I32);
    uint32_t b = wasm_rt_register_func_type(1, 1, WASM_RT_I32, WASM_RT_I64);
    uint32_t c = wasm_rt_register_func_type(3, 0, WASM_RT_I32, WASM_RT_I64, WASM_RT_I32);
    assert_true(a != b && b != c && a != c && a && b && c);
    assert_int_equal(wasm_rt_register_func_type(2, 1, WASM_RT_I32, WASM_RT_I64, WASM_RT_I32),
                     a);
    assert_int_equal(wasm_rt_register_func_type(3, 0, WASM_RT_I32, WASM_RT_I64, WASM_RT_I32),
                     c);
}

static int exhausted, fault_status;

static void
fault_as_host(void *argument)
{
    *(volatile int *)argument = 1;
}

/* As above, before the test library has handlers. How a process ends whose host code writes
 * where nothing is, while a contract runs: the guard's handler must not make a trap of it. */
static int
fault_in_a_child(void)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(0);
        runtime_run(fault_as_host, (void *)(uintptr_t)64);
        _exit(0);       /* it was taken for a contract's trap */
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : 0;
}

static void
runtime_run__takes_no_fault_of_the_host__for_the_contracts(void **state)
{
    (void)state;
    assert_int_not_equal(fault_status, 0);
}

static void
runtime_run__ends__when_the_native_stack_is_exhausted(void **state)
{
    (void)state;
    assert_int_equal(exhausted, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runtime_run__ends__when_the_native_stack_is_exhausted),
        cmocka_unit_test(runtime_run__takes_no_fault_of_the_host__for_the_contracts),
        cmocka_unit_test(runtime_run__returns__whatever_ended_the_contract),
        cmocka_unit_test(runtime_range__ends_where_memory_ends),
        cmocka_unit_test(memory__grows_to_its_limit__and_is_zero_again),
        cmocka_unit_test(func_types__are_equal__when_they_look_alike),
    };
    exhausted = exhaust_twice();
    fault_status = fault_in_a_child();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
