/* What must hold whatever the numbers are: fields, groups, pairings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/curve/bls12381_curve.h"
#include "contract/curve/bn254.h"
#include "net/base/macros.h"

#define ORDER "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"
enum { G1, G2 };

/* Numbers without a pattern, the same in every run. */
static uint64_t
next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 11 ^ *state << 32;
}

static struct fp2
number_of(const struct group *g, uint64_t *state)
{
    struct fp2 a = {{{{0}}}};
    for (int i = 0; i < g->degree; i++) {
        fp_from_u64(&g->tower->fp, &a.c[i], next_number(state));
        for (int k = 0; k < 5; k++)
            fp_sqr(&g->tower->fp, &a.c[i], &a.c[i]);
    }
    return a;
}

static struct big
factor_of(uint64_t *state)
{
    struct big k = {.n = 4};
    for (size_t i = 0; i < k.n; i++)
        k.v[i] = next_number(state);
    return k;
}

/* A point of the group, and one of the curve that is not in it. */
static struct point
member_of(const struct bls *c, const struct group *g, uint64_t seed)
{
    struct point a;
    struct fp2 u = number_of(g, &seed);
    bls_map(g, &a, &u);
    bls_clear_cofactor(c, g, &a, &a);
    return a;
}

static struct point
stranger_of(const struct group *g, uint64_t seed)
{
    struct point a;
    struct fp2 u = number_of(g, &seed);
    bls_map(g, &a, &u);
    return a;
}

static void
fields__invert_and_take_roots(void **state)
{
    const struct bls *c = bls_ready();
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        for (int degree = G1; degree <= G2; degree++) {
            const struct group *g = &c->groups[degree];
            uint64_t numbers = seed;
            struct fp2 a = number_of(g, &numbers), b = {{{{0}}}}, root = b, one = b;
            one.c[0] = c->tower.fp.one;
            coordinate_inv(g, &b, &a);
            coordinate_mul(g, &b, &b, &a);
            assert_true(fp2_equal(&b, &one));
            coordinate_sqr(g, &b, &a);
            root = b;
            assert_true(coordinate_sqrt(g, &root, &root));      /* onto itself */
            coordinate_sqr(g, &root, &root);
            assert_true(fp2_equal(&b, &root));
            /* -1 is no square in fp, and xi none in fp2. */
            if (g->degree == 1)
                fp_neg(&c->tower.fp, &b.c[0], &b.c[0]);
            else
                fp2_mul_xi(&c->tower, &b, &b);
            assert_false(coordinate_sqrt(g, &root, &b));
        }
    }
}

static void
fields__are_quiet_about_nought(void **state)
{
    const struct bls *c = bls_ready();
    struct fp2 a = {{{{0}}}};
    uint8_t bytes[48];
    (void)state;
    fp2_inv(&c->tower, &a, &a);
    assert_true(fp2_is_zero(&a));
    assert_true(fp2_sqrt(&c->tower, &a, &a));
    assert_true(fp2_is_zero(&a));
    fp_neg(&c->tower.fp, &a.c[0], &a.c[0]);
    assert_true(fp_is_zero(&a.c[0]));
    /* The modulus is no element, what is below it is. */
    memset(bytes, 0xFF, sizeof(bytes));
    assert_false(fp_from_be(&c->tower.fp, &a.c[0], bytes));
    fp_neg(&c->tower.fp, &a.c[0], &c->tower.fp.one);
    fp_to_be(&c->tower.fp, &a.c[0], bytes);
    assert_true(fp_from_be(&c->tower.fp, &a.c[1], bytes));
    assert_true(fp_equal(&a.c[0], &a.c[1]));
    bytes[47]++;
    assert_false(fp_from_be(&c->tower.fp, &a.c[0], bytes));
}

static void
tower__has_frobenius_and_inverses(void **state)
{
    const struct bls *c = bls_ready();
    const struct tower *t = &c->tower;
    uint64_t numbers = 5;
    struct fp12 a, b, d;
    (void)state;
    for (int i = 0; i < 6; i++)
        a.c[i % 2].c[i / 2] = number_of(&c->groups[G2], &numbers);
    fp12_inv(t, &b, &a);
    fp12_mul(t, &b, &b, &a);
    assert_true(fp12_is_one(t, &b));
    fp12_sqr(t, &b, &a);
    fp12_mul(t, &d, &a, &a);
    assert_true(fp12_equal(&b, &d));
    fp12_pow(t, &b, &a, &t->fp.modulus);
    fp12_frobenius(t, &d, &a);
    assert_true(fp12_equal(&b, &d));
    for (int i = 1; i < 6; i++)
        fp12_frobenius(t, &d, &d);
    fp12_conjugate(t, &b, &a);
    assert_true(fp12_equal(&b, &d));
}

static void
groups__have_their_order(void **state)
{
    const struct bls *c = bls_ready();
    struct big order;
    (void)state;
    big_from_hex(&order, ORDER);
    for (uint64_t seed = 0; seed < 6; seed++) {
        for (int degree = G1; degree <= G2; degree++) {
            const struct group *g = &c->groups[degree];
            struct point in = member_of(c, g, seed), out = stranger_of(g, seed), multiple;
            struct affine a;
            assert_true(point_to_affine(g, &a, &in) && affine_is_on_curve(g, &a));
            assert_true(point_to_affine(g, &a, &out) && affine_is_on_curve(g, &a));
            point_multiply(g, &multiple, &in, &order);
            assert_true(point_is_infinity(&multiple));
            assert_true(bls_is_in_group(c, g, &in));
            point_multiply(g, &multiple, &out, &order);
            assert_false(point_is_infinity(&multiple));
            assert_false(bls_is_in_group(c, g, &out));
            /* That stranger, times the order, is one of nothing but the rest of the curve. */
            assert_false(bls_is_in_group(c, g, &multiple));
        }
    }
}

static void
groups__add_whatever_is_added(void **state)
{
    const struct bls *c = bls_ready();
    (void)state;
    for (int degree = G1; degree <= G2; degree++) {
        const struct group *g = &c->groups[degree];
        struct point a = member_of(c, g, 1), b = stranger_of(g, 2), left, right, none;
        point_infinity(&none);
        point_add(g, &left, &a, &b);
        point_add(g, &right, &b, &a);
        assert_true(point_equal(g, &left, &right));
        point_add(g, &left, &left, &left);          /* itself, and onto itself */
        point_double(g, &right, &right);
        assert_true(point_equal(g, &left, &right));
        point_negate(g, &right, &right);
        point_add(g, &left, &left, &right);
        assert_true(point_is_infinity(&left));
        point_add(g, &left, &none, &a);
        assert_true(point_equal(g, &left, &a));
        point_add(g, &left, &none, &none);
        point_double(g, &left, &left);
        assert_true(point_is_infinity(&left));
    }
}

static void
sum_of_products__is_the_sum__for_any_count(void **state)
{
    enum { MOST = 40 };
    const struct bls *c = bls_ready();
    const struct group *g = &c->groups[G1];
    struct point points[MOST], sum, naive, term;
    struct big factors[MOST];
    uint64_t numbers = 77;
    (void)state;
    point_infinity(&naive);
    for (size_t n = 0; n < MOST; n++) {
        point_sum_of_products(g, &sum, points, factors, n, BLS_FACTOR_BITS);
        assert_true(point_equal(g, &sum, &naive));
        points[n] = member_of(c, g, n % 7);         /* some of them more than once */
        factors[n] = factor_of(&numbers);
        if (n % 5 == 4)
            factors[n] = (struct big){.v = {n % 2}, .n = n % 2};
        point_multiply(g, &term, &points[n], &factors[n]);
        point_add(g, &naive, &naive, &term);
    }
}

static void
pair(const struct bls *c, struct fp12 *r, const struct point *p, const struct point *q)
{
    struct affine over_fp, over_fp2;
    assert_true(point_to_affine(&c->groups[G1], &over_fp, p));
    assert_true(point_to_affine(&c->groups[G2], &over_fp2, q));
    fp12_one(&c->tower, r);
    pairing_miller(&c->pairing, r, &over_fp, &over_fp2);
    pairing_final(&c->pairing, r);
}

static void
pairing__is_linear_on_both_sides(void **state)
{
    const struct bls *c = bls_ready();
    const struct tower *t = &c->tower;
    struct point p = member_of(c, &c->groups[G1], 3), q = member_of(c, &c->groups[G2], 4), times;
    struct fp12 plain, left, right, power;
    struct big order;
    uint64_t numbers = 9;
    (void)state;
    big_from_hex(&order, ORDER);
    pair(c, &plain, &p, &q);
    assert_false(fp12_is_one(t, &plain));
    fp12_pow(t, &power, &plain, &order);
    assert_true(fp12_is_one(t, &power));
    for (int i = 0; i < 3; i++) {
        struct big k = factor_of(&numbers);
        point_multiply(&c->groups[G1], &times, &p, &k);
        pair(c, &left, &times, &q);
        point_multiply(&c->groups[G2], &times, &q, &k);
        pair(c, &right, &p, &times);
        fp12_pow(t, &power, &plain, &k);
        assert_true(fp12_equal(&left, &right));
        assert_true(fp12_equal(&left, &power));
    }
}

/* The generators of EIP-197, in the node's order of bytes. */
static const uint8_t bn254_generators[BN254_PAIRING_BYTES] = {
    1, [32] = 2, [64] = 0xed, 0xf6, 0x92, 0xd9, 0x5c, 0xbd, 0xde, 0x46, 0xdd, 0xda, 0x5e,
    0xf7, 0xd4, 0x22, 0x43, 0x67, 0x79, 0x44, 0x5c, 0x5e, 0x66, 0x00, 0x6a, 0x42, 0x76, 0x1e,
    0x1f, 0x12, 0xef, 0xde, 0x00, 0x18, 0xc2, 0x12, 0xf3, 0xae, 0xb7, 0x85, 0xe4, 0x97, 0x12,
    0xe7, 0xa9, 0x35, 0x33, 0x49, 0xaa, 0xf1, 0x25, 0x5d, 0xfb, 0x31, 0xb7, 0xbf, 0x60, 0x72,
    0x3a, 0x48, 0x0d, 0x92, 0x93, 0x93, 0x8e, 0x19, 0xaa, 0x7d, 0xfa, 0x66, 0x01, 0xcc, 0xe6,
    0x4c, 0x7b, 0xd3, 0x43, 0x0c, 0x69, 0xe7, 0xd1, 0xe3, 0x8f, 0x40, 0xcb, 0x8d, 0x80, 0x71,
    0xab, 0x4a, 0xeb, 0x6d, 0x8c, 0xdb, 0xa5, 0x5e, 0xc8, 0x12, 0x5b, 0x97, 0x22, 0xd1, 0xdc,
    0xda, 0xac, 0x55, 0xf3, 0x8e, 0xb3, 0x70, 0x33, 0x31, 0x4b, 0xbc, 0x95, 0x33, 0x0c, 0x69,
    0xad, 0x99, 0x9e, 0xec, 0x75, 0xf0, 0x5f, 0x58, 0xd0, 0x89, 0x06, 0x09};

/* a times the generator over fp, by the public function. */
static void
bn254_times(uint8_t out[BN254_G1_BYTES], uint64_t a)
{
    uint8_t element[BN254_MULTIEXP_BYTES] = {0};
    struct bn254_refusal why;
    memcpy(element, bn254_generators, BN254_G1_BYTES);
    memcpy(element + BN254_G1_BYTES, &a, sizeof(a));
    assert_true(bn254_g1_multiexp(str_of(element, sizeof(element)), out, &why));
}

static void
bn254__pairing_is_linear_and_not_trivial(void **state)
{
    uint8_t pairs[3][BN254_PAIRING_BYTES], sum[2][BN254_SUM_BYTES] = {{1}, {1}};
    struct bn254_refusal why;
    bool is_one = true;
    (void)state;
    for (uint64_t i = 0; i < 2; i++) {
        memcpy(pairs[i], bn254_generators, sizeof(pairs[i]));
        bn254_times(pairs[i], 1234567 + i * 7654321);
        memcpy(sum[i] + 1, pairs[i], BN254_G1_BYTES);
    }
    memcpy(pairs[2], bn254_generators, sizeof(pairs[2]));
    assert_true(bn254_pairing_check(str_of(pairs, sizeof(pairs)), &is_one, &why));
    assert_false(is_one);
    /* The third is minus the sum of the first two. */
    assert_true(bn254_g1_sum(str_of(sum, sizeof(sum)), pairs[2], &why));
    assert_true(bn254_pairing_check(str_of(pairs, sizeof(pairs)), &is_one, &why));
    assert_true(is_one);
}

/* What is refused is named, with its bytes. */
static void
bn254__names_what_it_refuses(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        const char *what;
        size_t from, bytes;
    } cases[] = {
        {0, 2, "g1", 0, 64},     {31, 0xFF, "fq", 0, 32},   {63, 0xFF, "fq", 32, 32},
        {64, 0, "g2", 64, 128},  {95, 0xFF, "fq", 64, 32},  {127, 0xFF, "fq", 96, 32},
        {191, 0xFF, "fq", 160, 32},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t element[BN254_PAIRING_BYTES];
        struct bn254_refusal why;
        bool is_one;
        memcpy(element, bn254_generators, sizeof(element));
        element[cases[i].at] = cases[i].value;
        assert_false(bn254_pairing_check(str_of(element, sizeof(element)), &is_one, &why));
        assert_string_equal(why.what, cases[i].what);
        assert_int_equal(why.bytes.n, cases[i].bytes);
        assert_ptr_equal(why.bytes.p, element + cases[i].from);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields__invert_and_take_roots),
        cmocka_unit_test(fields__are_quiet_about_nought),
        cmocka_unit_test(tower__has_frobenius_and_inverses),
        cmocka_unit_test(groups__have_their_order),
        cmocka_unit_test(groups__add_whatever_is_added),
        cmocka_unit_test(sum_of_products__is_the_sum__for_any_count),
        cmocka_unit_test(pairing__is_linear_on_both_sides),
        cmocka_unit_test(bn254__pairing_is_linear_and_not_trivial),
        cmocka_unit_test(bn254__names_what_it_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
