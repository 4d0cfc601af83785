#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/clock.h"

static void
clock_monotonic_ns__never_goes_back(void **state)
{
    (void)state;
    int64_t last = clock_monotonic_ns();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_ns();
        assert_true(now >= last);
        last = now;
    }
    /* Wall time is after this was written. */
    assert_true(clock_wall_ns() > INT64_C(1700000000) * NS_PER_S);
}

static void
clock_step__moves_both__when_they_are_stopped(void **state)
{
    (void)state;
    clock_stop(5, 1000);
    assert_int_equal(clock_monotonic_ns(), 5);
    assert_int_equal(clock_wall_ns(), 1000);
    clock_step(600 * NS_PER_MS);
    assert_int_equal(clock_monotonic_ns(), 600000005);
    assert_int_equal(clock_wall_ns(), 600001000);
    clock_run();
    assert_true(clock_wall_ns() > 600001000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_monotonic_ns__never_goes_back),
        cmocka_unit_test(clock_step__moves_both__when_they_are_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
