/* Against the proofs of a recorded transaction's outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/chain/merkle.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

static struct hash
hash_from(const char *text)
{
    struct hash h;
    assert_int_equal(hash_parse(str_from(text), &h, NULL), OK);
    return h;
}

static void
assert_hash(const struct hash *h, const char *text)
{
    char own[HASH_TEXT];
    assert_string_equal(hash_text(h, own), text);
}

/* A gas refund to alice, of which the chunk had three. */
static struct chain_outcome
refund(const char *id)
{
    return (struct chain_outcome){.id = hash_from(id),
                                  .executor = account_of("alice.test.near"),
                                  .status = CHAIN_VALUE,
                                  .gas_burnt = 223182562500};
}

static void
merkle_leaf__is_the_recorded_one(void **state)
{
    struct hash child = hash_from("AFdyc1T9njPBey1PLi6ZR1a3GyEV6qb26q9uGPmjxwPw");
    struct chain_outcome lending = {
        .id = hash_from("458fyrgusRjJB65CGoK9SwjFnLmAHGBhYzdQfuDrpVGa"),
        .executor = account_of("lending.test.near"),
        .status = CHAIN_VALUE,
        .value = STR("{\"collateral\":\"2500\",\"debt\":\"900\",\"health\":2.77}"),
        .children = &child,
        .child_count = 1,
        .gas_burnt = 976249202449};
    (void)state;
    assert_int_equal(amount_parse(STR("97624920244900000000"), &lending.tokens_burnt, NULL), OK);
    struct hash leaf = merkle_leaf(&lending);
    assert_hash(&leaf, "HotRNUJTZteqea5VAAgSTdf6oAUkHDk3jT9zmMtrLTrn");
    struct chain_outcome o = refund("6Xs57fpNpbFiLs529sptkrjnngPdJqW33AdBcRRwYZZ9");
    leaf = merkle_leaf(&o);
    assert_hash(&leaf, "5yzd5RrUMaYUFuvuSe34zLUDxZg8UMR2FfRUaaitso9g");
}

static void
merkle_path__is_the_recorded_one__of_three(void **state)
{
    static const char *const ids[] = {"AFdyc1T9njPBey1PLi6ZR1a3GyEV6qb26q9uGPmjxwPw",
                                      "2aAzsGe2ErEHDjYxHtBNwkTqQMSdowMH2zWCnphBoYza",
                                      "98L1pDEEVqtUJUbW5M6xhKhhzRHm13dmVhJL5GBuNj6z"};
    struct merkle_step steps[MERKLE_MAX_STEPS];
    struct hash tree[6];
    (void)state;
    assert_int_equal(merkle_size(3), ARRAY_LEN(tree));
    for (size_t i = 0; i < 3; i++) {
        struct chain_outcome o = refund(ids[i]);
        tree[i] = merkle_leaf(&o);
    }
    merkle_build(tree, 3);
    assert_int_equal(merkle_path(tree, 3, 0, steps), 2);
    assert_true(steps[0].is_right && steps[1].is_right);
    assert_hash(&steps[0].hash, "4dxsWm2YcS6kLTcKrtCMiDL8LNP76LhZ76zMPUJA5j8b");
    assert_hash(&steps[1].hash, "E2efvoqKpqt9EDicrFCcugafE6YzntPKuYQzbnVJC2Rx");
    assert_int_equal(merkle_path(tree, 3, 1, steps), 2);
    assert_true(!steps[0].is_right && steps[1].is_right);
    assert_hash(&steps[0].hash, "Hh1ttgf1GDysXQd2whC1mzq9dVvH687gV89fPjadDcN2");
    assert_int_equal(merkle_path(tree, 3, 2, steps), 1);
    assert_false(steps[0].is_right);
    assert_hash(&steps[0].hash, "2tBzHJVW9Ybf3Mw7fomV9JDx3G7BtU8WboBpLGyBGkHd");
}

/* What the recorded blocks without any outcome have as their outcome root. */
static void
merkle_root__of_four_empty_shards__is_the_recorded_one(void **state)
{
    static const struct hash zero;
    struct hash tree[7];
    (void)state;
    for (size_t i = 0; i < 4; i++)
        tree[i] = hash_of_bytes(str_of(zero.b, sizeof(zero.b)));
    merkle_build(tree, 4);
    struct hash root = merkle_root(tree, 4);
    assert_hash(&root, "2DoUX6XsDr5BxRN821ZxTLYYcQBzSSxPMTqMU4TLfu35");
    root = merkle_root(tree, 0);
    assert_true(hash_is_zero(&root));
}

/* Whatever the number of leaves, every path leads to the root. */
static void
merkle_path__leads_to_the_root__from_every_leaf(void **state)
{
    struct hash tree[80];
    (void)state;
    for (size_t n = 1; n <= 33; n++) {
        assert_true(merkle_size(n) <= ARRAY_LEN(tree));
        for (size_t i = 0; i < n; i++)
            tree[i] = hash_of_bytes(str_of(&i, sizeof(i)));
        merkle_build(tree, n);
        struct hash root = merkle_root(tree, n);
        for (size_t i = 0; i < n; i++) {
            struct merkle_step steps[MERKLE_MAX_STEPS];
            size_t count = merkle_path(tree, n, i, steps);
            struct hash now = tree[i];
            for (size_t j = 0; j < count; j++) {
                struct hash two[2] = {steps[j].is_right ? now : steps[j].hash,
                                      steps[j].is_right ? steps[j].hash : now};
                now = hash_of_bytes(str_of(two, sizeof(two)));
            }
            assert_true(hash_equal(&now, &root));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merkle_leaf__is_the_recorded_one),
        cmocka_unit_test(merkle_path__is_the_recorded_one__of_three),
        cmocka_unit_test(merkle_root__of_four_empty_shards__is_the_recorded_one),
        cmocka_unit_test(merkle_path__leads_to_the_root__from_every_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
