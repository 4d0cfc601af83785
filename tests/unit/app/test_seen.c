#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tui/app/seen.h"

static struct hash
hash_of(int number)
{
    struct hash h = {{0}};
    memcpy(h.b, &number, sizeof(number));
    return h;
}

static void
seen_add__remembers_the_last__and_forgets_the_oldest(void **state)
{
    struct seen s;
    (void)state;
    seen_init(&s);
    for (int i = 0; i < SEEN_MOST + 3; i++) {
        struct hash h = hash_of(i);
        assert_false(seen_has(&s, &h));
        seen_add(&s, &h);
        assert_true(seen_has(&s, &h));
    }
    for (int i = 0; i < SEEN_MOST + 3; i++) {
        struct hash h = hash_of(i);
        assert_int_equal(seen_has(&s, &h), i >= 3);
    }
    assert_int_equal(s.map.live, SEEN_MOST);
    seen_release(&s);
}

static void
seen_has__is_false__of_nothing(void **state)
{
    struct seen s;
    struct hash h = hash_of(1);
    (void)state;
    seen_init(&s);
    assert_false(seen_has(&s, &h));
    seen_release(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seen_add__remembers_the_last__and_forgets_the_oldest),
        cmocka_unit_test(seen_has__is_false__of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
