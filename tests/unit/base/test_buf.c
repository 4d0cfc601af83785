#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/xalloc.h"

static void
buf_add__refuses_and_remembers__when_the_ceiling_is_crossed(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    assert_true(buf_add_c(&b, "abc"));
    assert_false(buf_add_c(&b, "def"));
    assert_true(b.overflowed);
    assert_string_equal(buf_c(&b), "abc");
    /* What fits is still taken, but the fault is not forgotten. */
    assert_true(buf_add_c(&b, "de"));
    assert_true(b.overflowed);
    assert_string_equal(buf_c(&b), "abcde");
    assert_false(buf_add_byte(&b, 'f'));
    buf_clear(&b);
    assert_false(b.overflowed);
    assert_string_equal(buf_c(&b), "");
    buf_release(&b);
}

static void
buf_add__refuses__when_sizes_would_wrap_around(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, SIZE_MAX - 10);
    assert_true(buf_add_c(&b, "1234567890"));
    assert_null(buf_reserve(&b, SIZE_MAX - 10));
    assert_null(buf_reserve(&b, SIZE_MAX));
    assert_true(b.overflowed);
    assert_int_equal(b.n, 10);
    buf_release(&b);
}

static void
buf_add__stays_terminated__at_every_length(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 200);
    for (size_t n = 0; n < 200; n++) {
        assert_int_equal(strlen(buf_c(&b)), n);
        assert_true(buf_add_byte(&b, 'x'));
    }
    assert_false(buf_add_byte(&b, 'x'));
    buf_release(&b);
}

static void
buf_addf__appends_text_and_numbers(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_addf(&b, "%s=%d", "a", 7);
    buf_add_byte(&b, ' ');
    buf_add_u64(&b, UINT64_MAX);
    buf_add_repeat(&b, '-', 3);
    buf_add_str(&b, STR("end"));
    buf_add_str(&b, (struct str){NULL, 0});
    assert_string_equal(buf_c(&b), "a=7 18446744073709551615---end");
    assert_false(buf_addf(&b, "%0100d", 1));
    assert_int_equal(b.n, 30);
    buf_release(&b);
}

static void
buf_drop__takes_from_the_front(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_drop(&b, 0);
    buf_add_c(&b, "abcdef");
    buf_drop(&b, 2);
    assert_string_equal(buf_c(&b), "cdef");
    buf_drop(&b, 4);
    assert_int_equal(b.n, 0);
    assert_string_equal(buf_c(&b), "");
    buf_release(&b);
}

static void
buf_wipe__zeroes_all_that_was_ever_used(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_add_c(&b, "the key that nobody may see");
    buf_drop(&b, 20);
    buf_wipe(&b);
    assert_int_equal(b.n, 0);
    for (size_t i = 0; i < b.capacity; i++)
        assert_int_equal(b.p[i], 0);
    buf_release(&b);
}

static void
buf_take__hands_over_the_bytes(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    char *empty = buf_take(&b);
    assert_string_equal(empty, "");
    buf_add_c(&b, "mine");
    char *p = buf_take(&b);
    assert_string_equal(p, "mine");
    assert_null(b.p);
    assert_int_equal(b.max, 100);
    assert_int_equal(buf_str(&b).n, 0);
    xfree(empty);
    xfree(p);
}

static void
buf_reserve__lets_bytes_be_written_in_place(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 40);
    memcpy(buf_reserve(&b, 40), "0123456789", 10);
    buf_grew(&b, 10);
    assert_string_equal(buf_c(&b), "0123456789");
    assert_null(buf_reserve(&b, 31));
    assert_non_null(buf_reserve(&b, 0));
    buf_release(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_add__refuses_and_remembers__when_the_ceiling_is_crossed),
        cmocka_unit_test(buf_add__refuses__when_sizes_would_wrap_around),
        cmocka_unit_test(buf_add__stays_terminated__at_every_length),
        cmocka_unit_test(buf_addf__appends_text_and_numbers),
        cmocka_unit_test(buf_drop__takes_from_the_front),
        cmocka_unit_test(buf_wipe__zeroes_all_that_was_ever_used),
        cmocka_unit_test(buf_take__hands_over_the_bytes),
        cmocka_unit_test(buf_reserve__lets_bytes_be_written_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
