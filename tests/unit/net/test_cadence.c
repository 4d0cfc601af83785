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

static void
cadence__learns_how_long_a_block_takes(void **state)
{
    (void)state;
    struct cadence c;
    cadence_init(&c, 600);
    cadence_block(&c, 100, UINT64_C(1700000000000000000));
    assert_int_equal(c.block_ns, 600 * (int64_t)NS_PER_MS);
    cadence_block(&c, 110, UINT64_C(1700000012000000000));
    assert_int_equal(c.block_ns, 1200 * (int64_t)NS_PER_MS);
    cadence_block(&c, 109, UINT64_C(1700000011000000000));
    assert_int_equal(c.block_ns, 1000 * (int64_t)NS_PER_MS);
    /* Nonsense is not learnt: time that stands still, or runs backwards, or leaps. */
    cadence_block(&c, 111, UINT64_C(1700000012000000000));
    cadence_block(&c, 112, UINT64_C(1600000000000000000));
    cadence_block(&c, 113, UINT64_C(1700000000000000000));
    assert_int_equal(c.block_ns, 1000 * (int64_t)NS_PER_MS);
}

/* A chain whose blocks come at an unknown phase: looks settle to one a block, soon after it. */
static void
cadence__finds_the_phase(void **state)
{
    (void)state;
    for (int64_t phase = 0; phase < 600; phase += 7) {
        struct cadence c;
        int64_t now = 0, seen = -1, late = 0;
        int looks = 0, blocks = 0;
        cadence_init(&c, 600);
        while (blocks < 100) {
            int64_t head = (now / (int64_t)NS_PER_MS + phase) / 600;
            bool has_news = head != seen;
            if (has_news)
                late = now / (int64_t)NS_PER_MS - (head * 600 - phase);
            blocks += has_news;
            seen = head;
            looks++;
            now += cadence_after_look(&c, has_news);
        }
        assert_true(looks < 130);
        assert_in_range(late, 0, 300);
    }
}

static void
cadence__grows_patient__when_nothing_happens(void **state)
{
    (void)state;
    struct cadence c;
    int64_t block = 600 * (int64_t)NS_PER_MS, last = 0;
    cadence_init(&c, 600);
    for (int i = 0; i < 5; i++)
        last = cadence_after_look(&c, false);
    assert_int_equal(last, block);
    for (int i = 0; i < 5000; i++)
        last = cadence_after_look(&c, false);
    assert_int_equal(last, 16 * block);
    assert_true(cadence_after_look(&c, true) < block);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cadence_block__learns_the_pace__at_once_when_it_is_faster),
        cmocka_unit_test(cadence_block__is_not_misled__by_one_late_block),
        cmocka_unit_test(cadence_block__follows_a_chain__that_is_slower),
        cmocka_unit_test(cadence__learns_how_long_a_block_takes),
        cmocka_unit_test(cadence__finds_the_phase),
        cmocka_unit_test(cadence__grows_patient__when_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
