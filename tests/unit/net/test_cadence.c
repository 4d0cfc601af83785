#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "net/cadence.h"

static const int64_t ms = NS_PER_MS;

static uint64_t
at(int number)
{
    return (uint64_t)number * NS_PER_MS;
}

static void
cadence_block__learns_the_pace__at_once_when_it_is_faster(void **state)
{
    struct cadence c;
    (void)state;
    cadence_init(&c, 600);
    cadence_block(&c, 10, at(1000));
    cadence_block(&c, 12, at(1100));
    assert_int_equal(c.block_ns, 50 * ms);
    assert_true(cadence_after_look(&c, true) < 50 * ms);
    /* An older one tells the same, and is not the newest. */
    cadence_block(&c, 11, at(1050));
    assert_int_equal(c.block_ns, 50 * ms);
    assert_int_equal(c.height, 12);
}

/* A producer was away, or the chain was just started: the looks after it are hardly late. */
static void
cadence_block__is_not_misled__by_one_late_block(void **state)
{
    struct cadence c;
    (void)state;
    cadence_init(&c, 600);
    cadence_block(&c, 10, at(1000));
    cadence_block(&c, 11, at(7600));
    assert_int_equal(c.block_ns, 900 * ms);
    cadence_block(&c, 12, at(8200));
    assert_int_equal(c.block_ns, 600 * ms);
}

static void
cadence_block__follows_a_chain__that_is_slower(void **state)
{
    struct cadence c;
    (void)state;
    cadence_init(&c, 600);
    for (int i = 0; i < 6; i++)
        cadence_block(&c, 10 + (uint64_t)i, at(1000 + 3000 * i));
    assert_int_equal(c.block_ns, 3000 * ms);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cadence_block__learns_the_pace__at_once_when_it_is_faster),
        cmocka_unit_test(cadence_block__is_not_misled__by_one_late_block),
        cmocka_unit_test(cadence_block__follows_a_chain__that_is_slower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
