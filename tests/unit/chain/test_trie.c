#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "contract/chain/trie.h"

#define A "a.test.near"
#define B "b.test.near"

/* The state that the trie is asked to look at. */
struct world {
    struct {
        const char *account, *key, *value; /* value NULL: not there */
    } item[8];
    size_t count;
};

static bool
read_world(void *context, struct str account, struct str key, struct str *value)
{
    const struct world *w = context;
    for (size_t i = 0; i < w->count; i++) {
        if (str_equal_c(account, w->item[i].account) && str_equal_c(key, w->item[i].key) &&
            w->item[i].value) {
            *value = str_from(w->item[i].value);
            return true;
        }
    }
    return false;
}

static void
begin(struct trie *t, struct world *w)
{
    for (size_t i = 0; i < w->count; i++)
        trie_note_change(t, str_from(w->item[i].account), str_from(w->item[i].key));
    trie_begin(t, read_world, w);
}

static void
assert_visit(struct trie *t, const char *account, const char *key, uint64_t touched,
             uint64_t cached)
{
    uint64_t new_nodes = 0, old_nodes = 0;
    trie_visit(t, str_from(account), str_from(key), &new_nodes, &old_nodes);
    trie_commit(t);
    assert_int_equal(new_nodes, touched);
    assert_int_equal(old_nodes, cached);
}

static void
trie_visit__finds_two_nodes__when_there_is_no_data(void **state)
{
    (void)state;
    struct trie t;
    struct world nothing = {.count = 0};
    trie_init(&t);
    begin(&t, &nothing);
    assert_visit(&t, A, "STATE", 2, 0);
    assert_visit(&t, A, "STATE", 0, 0);
    trie_release(&t);
}

static void
trie_visit__stops_at_the_leaf__when_there_is_one_key(void **state)
{
    (void)state;
    struct trie t;
    struct world w = {.item = {{A, "STATE", "x"}}, .count = 1};
    trie_init(&t);
    begin(&t, &w);
    assert_visit(&t, A, "STATE", 4, 0);
    assert_visit(&t, A, "p1", 0, 3);
    trie_release(&t);
}

static void
trie_visit__tells_accounts_apart__when_values_differ(void **state)
{
    (void)state;
    struct trie t;
    struct world w = {.item = {{A, "STATE", "x"}, {B, "STATE", "y"}}, .count = 2};
    trie_init(&t);
    begin(&t, &w);
    assert_visit(&t, A, "STATE", 6, 0);
    assert_visit(&t, B, "STATE", 2, 4);
    trie_release(&t);
}

static void
trie_visit__finds_leaf_and_value_cached__when_another_account_has_the_same(void **state)
{
    (void)state;
    struct trie t;
    struct world w = {.item = {{A, "STATE", "x"}, {B, "STATE", "x"}}, .count = 2};
    trie_init(&t);
    begin(&t, &w);
    assert_visit(&t, A, "STATE", 6, 0);
    assert_visit(&t, B, "STATE", 0, 6);
    trie_release(&t);
}

static void
trie_visit__shares_leaves__when_names_differ_in_a_high_nibble(void **state)
{
    (void)state;
    struct trie t;
    /* 'a' is 0x61 and 'q' 0x71: what is left of both is the same. */
    struct world w = {.item = {{"a.test.near", "STATE", "x"}, {"q.test.near", "STATE", "x"}},
                      .count = 2};
    trie_init(&t);
    begin(&t, &w);
    assert_visit(&t, "a.test.near", "STATE", 5, 0);
    assert_visit(&t, "q.test.near", "STATE", 0, 5);
    trie_release(&t);
}

static struct world
four_keys(void)
{
    return (struct world){
        .item = {{A, "STATE", "1"}, {A, "p1", "2"}, {A, "p2", "3"}, {B, "STATE", "4"}},
        .count = 4};
}

static void
trie_visit__counts_extensions_and_branches(void **state)
{
    (void)state;
    struct trie t;
    struct world w = four_keys();
    trie_init(&t);
    begin(&t, &w);
    trie_note_read(&t, STR(A), STR("p1"), STR("2"));
    assert_visit(&t, A, "p1", 9, 1);
    assert_visit(&t, A, "p2", 2, 8);
    assert_visit(&t, A, "p3", 0, 8);
    assert_visit(&t, B, "STATE", 2, 4);
    trie_release(&t);
}

static void
trie_begin__takes_over_what_the_last_chunk_wrote_and_removed(void **state)
{
    (void)state;
    struct trie t;
    struct world w = {.item = {{A, "STATE", "x"}, {B, "STATE", "y"}}, .count = 2};
    trie_init(&t);
    begin(&t, &w);
    assert_visit(&t, B, "STATE", 6, 0);
    w.item[1].value = NULL;
    trie_begin(&t, read_world, &w);
    assert_visit(&t, A, "STATE", 4, 0);
    w.item[1].value = "y";
    trie_note_change(&t, STR(B), STR("STATE"));
    trie_begin(&t, read_world, &w);
    assert_visit(&t, A, "STATE", 6, 0);
    trie_release(&t);
}

static void
trie_roll_back__makes_a_key_be_looked_for_again__but_its_nodes_stay_seen(void **state)
{
    (void)state;
    struct trie t;
    uint64_t touched, cached;
    struct world w = {.item = {{A, "STATE", "x"}}, .count = 1};
    trie_init(&t);
    begin(&t, &w);
    trie_visit(&t, STR(A), STR("STATE"), &touched, &cached);
    assert_int_equal(touched, 4);
    trie_visit(&t, STR(A), STR("STATE"), &touched, &cached);
    assert_int_equal(touched + cached, 0);
    trie_roll_back(&t);
    assert_visit(&t, A, "STATE", 0, 4);
    trie_release(&t);
}

/* Two hundred keys that come, change and go, many at once. */
struct many {
    bool is_there[200];
};

static bool
read_many(void *context, struct str account, struct str key, struct str *value)
{
    const struct many *m = context;
    uint64_t number = 0;
    (void)account;
    assert_true(str_to_u64(key, &number));
    *value = key;
    return m->is_there[number];
}

static void
trie_begin__keeps_the_keys_in_order__when_many_come_and_go(void **state)
{
    (void)state;
    struct many m = {.is_there = {false}};
    struct trie t;
    uint32_t random = 1;
    trie_init(&t);
    for (int round = 0; round < 200; round++) {
        size_t there = 0;
        for (int i = 0; i < 200; i++) {
            char key[8];
            random = random * 1664525 + 1013904223;
            if (random >> 24 >= (uint32_t)round) {
                m.is_there[i] = random >> 10 & 1;
                snprintf(key, sizeof(key), "%d", i);
                trie_note_change(&t, STR(A), str_from(key));
            }
            there += m.is_there[i];
        }
        trie_begin(&t, read_many, &m);
        assert_int_equal(t.count, there);
        for (size_t i = 1; i < t.count; i++)
            assert_true(str_compare(t.keys[i - 1].text, t.keys[i].text) < 0);
    }
    trie_release(&t);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trie_visit__finds_two_nodes__when_there_is_no_data),
        cmocka_unit_test(trie_visit__stops_at_the_leaf__when_there_is_one_key),
        cmocka_unit_test(trie_visit__tells_accounts_apart__when_values_differ),
        cmocka_unit_test(
            trie_visit__finds_leaf_and_value_cached__when_another_account_has_the_same),
        cmocka_unit_test(trie_visit__shares_leaves__when_names_differ_in_a_high_nibble),
        cmocka_unit_test(trie_visit__counts_extensions_and_branches),
        cmocka_unit_test(trie_begin__keeps_the_keys_in_order__when_many_come_and_go),
        cmocka_unit_test(trie_begin__takes_over_what_the_last_chunk_wrote_and_removed),
        cmocka_unit_test(
            trie_roll_back__makes_a_key_be_looked_for_again__but_its_nodes_stay_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
