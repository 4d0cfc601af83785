#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdint.h>
#include <string.h>
#include "net/base/arena.h"

static void
arena_alloc__is_zeroed_aligned_and_apart__at_every_size(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    unsigned char *p[64];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 64; i++) {
            size_t n = i * i * 17;      /* up to several blocks */
            p[i] = arena_alloc(&a, n);
            assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
            for (size_t j = 0; j < n; j++)
                assert_int_equal(p[i][j], 0);
            memset(p[i], (int)i, n);
        }
        for (size_t i = 0; i < 64; i++) {
            for (size_t j = 0; j < i * i * 17; j++)
                assert_int_equal(p[i][j], i);
        }
        arena_reset(&a);
        assert_int_equal(a.used, 0);
    }
    arena_release(&a);
    assert_null(a.first);
}

static void
arena_str__terminates_the_copy(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct str copy = arena_str(&a, str_of("ab\0cd", 5));
    assert_int_equal(copy.n, 5);
    assert_memory_equal(copy.p, "ab\0cd", 6);
    copy = arena_str(&a, (struct str){NULL, 0});
    assert_non_null(copy.p);
    assert_string_equal(copy.p, "");
    assert_string_equal(arena_c(&a, STR("text")), "text");
    int numbers[] = {1, 2, 3};
    assert_memory_equal(arena_copy(&a, numbers, sizeof(numbers)), numbers, sizeof(numbers));
    assert_non_null(arena_copy(&a, NULL, 0));
    arena_release(&a);
}

static void
arena_printf__takes_text_of_any_length(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    assert_string_equal(arena_printf(&a, "%s and %d", "this", 7), "this and 7");
    char *wide = arena_printf(&a, "%40000d", 7);
    assert_int_equal(strlen(wide), 40000);
    assert_string_equal(wide + 39998, " 7");
    arena_release(&a);
}

static void
arena_held__stays_small__while_little_is_in_it(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    assert_int_equal(a.held, 0);
    assert_non_null(arena_alloc(&a, 100));
    assert_true(a.held >= 100 && a.held <= 1024);
    for (int i = 0; i < 1000; i++)
        assert_non_null(arena_alloc(&a, 100));
    assert_true(a.held >= a.used && a.held < a.used + 20 * 1024);
    arena_reset(&a);
    assert_true(a.held <= 16 * 1024);
    arena_release(&a);
    assert_int_equal(a.held, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_alloc__is_zeroed_aligned_and_apart__at_every_size),
        cmocka_unit_test(arena_str__terminates_the_copy),
        cmocka_unit_test(arena_printf__takes_text_of_any_length),
        cmocka_unit_test(arena_held__stays_small__while_little_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
