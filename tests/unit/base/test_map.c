#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include "net/base/map.h"

enum { COUNT = 3000 };

struct item {
    char name[16];
    int number;
};

static void
fill(struct item items[COUNT])
{
    for (int i = 0; i < COUNT; i++) {
        snprintf(items[i].name, sizeof(items[i].name), "key %d", i);
        items[i].number = i;
    }
}

static void
map_get__finds_every_key__when_the_table_has_grown(void **state)
{
    (void)state;
    static struct item items[COUNT];
    struct map m;
    map_init(&m);
    fill(items);
    assert_null(map_get(&m, STR("key 1")));
    for (int i = 0; i < COUNT; i++)
        assert_null(map_put(&m, str_from(items[i].name), &items[i]));
    assert_int_equal(m.live, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_ptr_equal(map_get(&m, str_from(items[i].name)), &items[i]);
    assert_null(map_get(&m, STR("key 3000")));
    assert_null(map_get(&m, STR("")));
    map_release(&m);
}

static void
map_put__replaces_value_and_key_view(void **state)
{
    (void)state;
    struct map m;
    map_init(&m);
    char first_key[] = "same", second_key[] = "same";
    int first = 1, second = 2;
    assert_null(map_put(&m, str_from(first_key), &first));
    assert_ptr_equal(map_put(&m, str_from(second_key), &second), &first);
    first_key[0] = 'X';     /* the old view is no longer looked at */
    assert_ptr_equal(map_get(&m, STR("same")), &second);
    assert_int_equal(m.live, 1);
    map_release(&m);
}

static void
map_put__tells_keys_apart__when_they_hold_nul_bytes_or_nothing(void **state)
{
    (void)state;
    struct map m;
    map_init(&m);
    int a = 1, b = 2, c = 3;
    map_put(&m, str_of("x\0y", 3), &a);
    map_put(&m, str_of("x\0z", 3), &b);
    map_put(&m, STR(""), &c);
    assert_ptr_equal(map_get(&m, str_of("x\0y", 3)), &a);
    assert_ptr_equal(map_get(&m, str_of("x\0z", 3)), &b);
    assert_ptr_equal(map_get(&m, str_of(NULL, 0)), &c);
    assert_null(map_get(&m, STR("x")));
    map_release(&m);
}

static void
map_remove__forgets_the_key_at_once(void **state)
{
    (void)state;
    struct map m;
    map_init(&m);
    char key[] = "going";
    int going = 1, staying = 2;
    assert_null(map_remove(&m, STR("going")));
    map_put(&m, str_from(key), &going);
    map_put(&m, STR("staying"), &staying);
    assert_ptr_equal(map_remove(&m, STR("going")), &going);
    key[0] = 'X';           /* its memory is the caller's again */
    assert_null(map_get(&m, STR("going")));
    assert_null(map_remove(&m, STR("going")));
    assert_ptr_equal(map_get(&m, STR("staying")), &staying);
    assert_int_equal(m.live, 1);
    map_release(&m);
}

static void
map_next__visits_in_order_of_insertion__past_removed_entries(void **state)
{
    (void)state;
    static struct item items[COUNT];
    struct map m;
    map_init(&m);
    fill(items);
    for (int i = 0; i < 100; i++)
        map_put(&m, str_from(items[i].name), &items[i]);
    for (int i = 0; i < 100; i += 2)
        map_remove(&m, str_from(items[i].name));
    map_put(&m, str_from(items[0].name), &items[0]);
    int expected = 1, visited = 0;
    struct str key;
    void *value;
    for (size_t i = 0; map_next(&m, &i, &key, &value);) {
        const struct item *item = value;
        assert_int_equal(item->number, expected == 101 ? 0 : expected);
        assert_true(str_equal_c(key, item->name));
        expected += 2;
        visited++;
    }
    assert_int_equal(visited, 51);
    map_clear(&m);
    for (size_t i = 0; map_next(&m, &i, NULL, &value);)
        fail();
    map_release(&m);
}

static bool
is_below(void *context, const void *value)
{
    return ((const struct item *)value)->number < *(const int *)context;
}

static void
map_keep__forgets_the_others__and_no_more(void **state)
{
    (void)state;
    static struct item items[COUNT];
    struct map m;
    int limit = 1000;
    map_init(&m);
    map_keep(&m, is_below, &limit);
    fill(items);
    for (int i = 0; i < COUNT; i++)
        map_put(&m, str_from(items[i].name), &items[i]);
    map_keep(&m, is_below, &limit);
    assert_int_equal(m.live, limit);
    for (int i = 0; i < COUNT; i++)
        assert_ptr_equal(map_get(&m, str_from(items[i].name)), i < limit ? &items[i] : NULL);
    map_put(&m, str_from(items[limit].name), &items[limit]);
    assert_ptr_equal(map_get(&m, str_from(items[limit].name)), &items[limit]);
    map_release(&m);
}

/* Against a plain array, with few enough keys that slots collide and tables shrink and grow. */
static void
map__agrees_with_an_array__whatever_is_put_and_removed(void **state)
{
    (void)state;
    static struct item items[COUNT];
    static bool is_there[COUNT];
    struct map m;
    unsigned long long seed = 7;
    size_t live = 0;
    map_init(&m);
    fill(items);
    for (int step = 0; step < 200000; step++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t range = step % 20000 < 10000 ? COUNT : 40, i = (size_t)(seed >> 33) % range;
        struct str key = str_from(items[i].name);
        void *expected = is_there[i] ? &items[i] : NULL;
        if (seed >> 63) {
            assert_ptr_equal(map_put(&m, key, &items[i]), expected);
            live += !is_there[i];
        } else {
            assert_ptr_equal(map_remove(&m, key), expected);
            live -= is_there[i];
        }
        is_there[i] = seed >> 63;
        assert_int_equal(m.live, live);
    }
    for (size_t i = 0; i < COUNT; i++)
        assert_ptr_equal(map_get(&m, str_from(items[i].name)), is_there[i] ? &items[i] : NULL);
    map_release(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_get__finds_every_key__when_the_table_has_grown),
        cmocka_unit_test(map_put__replaces_value_and_key_view),
        cmocka_unit_test(map_put__tells_keys_apart__when_they_hold_nul_bytes_or_nothing),
        cmocka_unit_test(map_remove__forgets_the_key_at_once),
        cmocka_unit_test(map_next__visits_in_order_of_insertion__past_removed_entries),
        cmocka_unit_test(map_keep__forgets_the_others__and_no_more),
        cmocka_unit_test(map__agrees_with_an_array__whatever_is_put_and_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
