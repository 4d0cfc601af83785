/* A contract from a C compiler comes to what the same program comes to natively. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "tests/support/mixed.h"
#include "tests/support/vm_case.h"

static void
contract__computes__what_the_native_program_does(void **state)
{
    const struct module *m = vm_module_file(TEST_MIXED);
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        char expected[MIXED_TEXT];
        struct vm_case c;
        vm_case_init(&c);
        c.context.input = str_of(&seed, sizeof(seed));
        vm_case_run(&c, m, "run");
        vm_case_expect_ok(&c);
        struct str native = str_of(expected, (size_t)mixed_run(expected, seed));
        if (!str_equal(c.out.value, native))
            fail_msg("seed %u: %.*s instead of %.*s", seed, STR_ARG(c.out.value), STR_ARG(native));
        vm_case_release(&c);
    }
}

static void
contract__has_the_nodes_memory__whatever_it_declares(void **state)
{
    struct vm_case c;
    (void)state;
    vm_case_init(&c);
    for (int round = 0; round < 2; round++) {
        vm_case_run(&c, vm_module_file(TEST_MIXED), "grow");
        vm_case_expect_ok(&c);
        assert_true(str_equal_c(c.out.value, "1024 1024 -1 2024 -1 "));
    }
    vm_case_release(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contract__computes__what_the_native_program_does),
        cmocka_unit_test(contract__has_the_nodes_memory__whatever_it_declares),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
