#include "contract/curve/tower.h"

#include <string.h>

void
tower_init(struct tower *t, const char *modulus_hex, unsigned xi_real)
{
    struct fp2 xi;
    struct big sixth;
    memset(t, 0, sizeof(*t));
    field_init(&t->fp, modulus_hex);
    t->xi_real = xi_real;
    fp_from_u64(&t->fp, &xi.c[0], xi_real);
    xi.c[1] = t->fp.one;
    big_affine(&sixth, &t->fp.modulus, -1, 6);
    t->twist[0].c[0] = t->fp.one;
    fp2_pow(t, &t->twist[1], &xi, &sixth);
    for (int i = 2; i < 6; i++) fp2_mul(t, &t->twist[i], &t->twist[i - 1], &t->twist[1]);
}

/* --- fp2 ------------------------------------------------------------------------------- */

void
fp2_add(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    fp_add(&t->fp, &r->c[0], &a->c[0], &b->c[0]);
    fp_add(&t->fp, &r->c[1], &a->c[1], &b->c[1]);
}

void
fp2_sub(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    fp_sub(&t->fp, &r->c[0], &a->c[0], &b->c[0]);
    fp_sub(&t->fp, &r->c[1], &a->c[1], &b->c[1]);
}

void
fp2_neg(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    fp_neg(&t->fp, &r->c[0], &a->c[0]);
    fp_neg(&t->fp, &r->c[1], &a->c[1]);
}

void
fp2_conjugate(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    r->c[0] = a->c[0];
    fp_neg(&t->fp, &r->c[1], &a->c[1]);
}

/* Karatsuba's three products. */
void
fp2_mul(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    const struct field *f = &t->fp;
    struct fp low, high, a_sum, b_sum, cross;
    fp_add(f, &a_sum, &a->c[0], &a->c[1]);
    fp_add(f, &b_sum, &b->c[0], &b->c[1]);
    fp_mul(f, &low, &a->c[0], &b->c[0]);
    fp_mul(f, &high, &a->c[1], &b->c[1]);
    fp_mul(f, &cross, &a_sum, &b_sum);
    fp_sub(f, &r->c[0], &low, &high);
    fp_sub(f, &cross, &cross, &low);
    fp_sub(f, &r->c[1], &cross, &high);
}

void
fp2_mul_fp(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp *b)
{
    struct fp factor = *b;
    fp_mul(&t->fp, &r->c[0], &a->c[0], &factor);
    fp_mul(&t->fp, &r->c[1], &a->c[1], &factor);
}

/* (a + b u)(k + u) = (k a - b) + (k b + a) u. */
void
fp2_mul_xi(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    const struct field *f = &t->fp;
    struct fp2 times = *a, old = *a;
    for (unsigned bit = 4; bit; bit /= 2) {
        if (bit > t->xi_real / 2) /* at or above the highest bit of k */
            continue;
        fp2_add(t, &times, &times, &times);
        if (t->xi_real & bit)
            fp2_add(t, &times, &times, &old);
    }
    fp_sub(f, &r->c[0], &times.c[0], &old.c[1]);
    fp_add(f, &r->c[1], &times.c[1], &old.c[0]);
}

void
fp2_sqr(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    const struct field *f = &t->fp;
    struct fp sum, difference, product;
    fp_add(f, &sum, &a->c[0], &a->c[1]);
    fp_sub(f, &difference, &a->c[0], &a->c[1]);
    fp_mul(f, &product, &a->c[0], &a->c[1]);
    fp_mul(f, &r->c[0], &sum, &difference);
    fp_add(f, &r->c[1], &product, &product);
}

static void
fp2_norm(const struct tower *t, struct fp *r, const struct fp2 *a)
{
    struct fp real, imaginary;
    fp_sqr(&t->fp, &real, &a->c[0]);
    fp_sqr(&t->fp, &imaginary, &a->c[1]);
    fp_add(&t->fp, r, &real, &imaginary);
}

void
fp2_inv(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    struct fp norm;
    fp2_norm(t, &norm, a);
    fp_inv(&t->fp, &norm, &norm);
    fp2_conjugate(t, r, a);
    fp2_mul_fp(t, r, r, &norm);
}

void
fp2_pow(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct big *e)
{
    struct fp2 base = *a, result = {{t->fp.one}};
    for (size_t i = big_bits(e); i-- > 0;) {
        fp2_sqr(t, &result, &result);
        if (big_bit(e, i))
            fp2_mul(t, &result, &result, &base);
    }
    *r = result;
}

/* The root of a real number is real or purely imaginary. */
static bool
sqrt_of_real(const struct tower *t, struct fp2 *r, const struct fp *a)
{
    struct fp2 result = {{{{0}}}};
    struct fp negative;
    fp_neg(&t->fp, &negative, a);
    bool is_root = fp_sqrt(&t->fp, &result.c[0], a);
    if (!is_root) {
        memset(&result, 0, sizeof(result));
        is_root = fp_sqrt(&t->fp, &result.c[1], &negative);
    }
    *r = result;
    return is_root;
}

/* With s the root of the norm, x^2 = (a + s) / 2 or (a - s) / 2, whichever is a square, gives
 * the real part x, and b / 2x the imaginary one. */
bool
fp2_sqrt(const struct tower *t, struct fp2 *r, const struct fp2 *a)
{
    const struct field *f = &t->fp;
    struct fp2 input = *a, root, square;
    struct fp norm, half;
    if (fp_is_zero(&a->c[1]))
        return sqrt_of_real(t, r, &input.c[0]);
    fp2_norm(t, &norm, a);
    if (!fp_sqrt(f, &norm, &norm))
        return false;
    fp_add(f, &half, &a->c[0], &norm);
    fp_half(f, &half, &half);
    if (!fp_sqrt(f, &root.c[0], &half)) {
        fp_sub(f, &half, &half, &norm);
        if (!fp_sqrt(f, &root.c[0], &half))
            return false;
    }
    fp_add(f, &half, &root.c[0], &root.c[0]);
    fp_inv(f, &half, &half);
    fp_mul(f, &root.c[1], &input.c[1], &half);
    fp2_sqr(t, &square, &root);
    *r = root;
    return fp2_equal(&square, &input);
}

bool
fp2_is_zero(const struct fp2 *a)
{
    return fp_is_zero(&a->c[0]) && fp_is_zero(&a->c[1]);
}

bool
fp2_equal(const struct fp2 *a, const struct fp2 *b)
{
    return fp_equal(&a->c[0], &b->c[0]) && fp_equal(&a->c[1], &b->c[1]);
}

/* --- fp6 ------------------------------------------------------------------------------- */

static void
fp6_add(const struct tower *t, struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    for (int i = 0; i < 3; i++) fp2_add(t, &r->c[i], &a->c[i], &b->c[i]);
}

static void
fp6_sub(const struct tower *t, struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    for (int i = 0; i < 3; i++) fp2_sub(t, &r->c[i], &a->c[i], &b->c[i]);
}

/* (a_i + a_j)(b_i + b_j) - products[i] - products[j] */
static void
cross_product(const struct tower *t, struct fp2 *r, const struct fp6 *a, const struct fp6 *b,
              const struct fp2 products[3], int i, int j)
{
    struct fp2 a_sum, b_sum;
    fp2_add(t, &a_sum, &a->c[i], &a->c[j]);
    fp2_add(t, &b_sum, &b->c[i], &b->c[j]);
    fp2_mul(t, r, &a_sum, &b_sum);
    fp2_sub(t, r, r, &products[i]);
    fp2_sub(t, r, r, &products[j]);
}

static void
fp6_mul(const struct tower *t, struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    struct fp2 products[3], low, middle, high;
    for (int i = 0; i < 3; i++) fp2_mul(t, &products[i], &a->c[i], &b->c[i]);
    cross_product(t, &low, a, b, products, 1, 2);
    cross_product(t, &middle, a, b, products, 0, 1);
    cross_product(t, &high, a, b, products, 0, 2);
    fp2_mul_xi(t, &low, &low);
    fp2_add(t, &r->c[0], &low, &products[0]);
    fp2_mul_xi(t, &low, &products[2]);
    fp2_add(t, &r->c[1], &middle, &low);
    fp2_add(t, &r->c[2], &high, &products[1]);
}

static void
fp6_mul_v(const struct tower *t, struct fp6 *r, const struct fp6 *a)
{
    struct fp6 old = *a;
    fp2_mul_xi(t, &r->c[0], &old.c[2]);
    r->c[1] = old.c[0];
    r->c[2] = old.c[1];
}

/* a b - c d. */
static void
product_difference(const struct tower *t, struct fp2 *r, const struct fp2 *a,
                   const struct fp2 *b, const struct fp2 *c, const struct fp2 *d)
{
    struct fp2 second;
    fp2_mul(t, &second, c, d);
    fp2_mul(t, r, a, b);
    fp2_sub(t, r, r, &second);
}

/* By the adjugate of the matrix of multiplication. */
static void
fp6_inv(const struct tower *t, struct fp6 *r, const struct fp6 *a)
{
    const struct fp2 *c = a->c;
    struct fp2 xi_c2, adjugate[3], norm, term;
    fp2_mul_xi(t, &xi_c2, &c[2]);
    product_difference(t, &adjugate[0], &c[0], &c[0], &c[1], &xi_c2);
    product_difference(t, &adjugate[1], &xi_c2, &c[2], &c[0], &c[1]);
    product_difference(t, &adjugate[2], &c[1], &c[1], &c[0], &c[2]);
    fp2_mul(t, &norm, &c[2], &adjugate[1]);
    fp2_mul(t, &term, &c[1], &adjugate[2]);
    fp2_add(t, &norm, &norm, &term);
    fp2_mul_xi(t, &norm, &norm);
    fp2_mul(t, &term, &c[0], &adjugate[0]);
    fp2_add(t, &norm, &norm, &term);
    fp2_inv(t, &norm, &norm);
    for (int i = 0; i < 3; i++) fp2_mul(t, &r->c[i], &adjugate[i], &norm);
}

/* --- fp12 ------------------------------------------------------------------------------ */

void
fp12_one(const struct tower *t, struct fp12 *r)
{
    memset(r, 0, sizeof(*r));
    r->c[0].c[0].c[0] = t->fp.one;
}

void
fp12_mul(const struct tower *t, struct fp12 *r, const struct fp12 *a, const struct fp12 *b)
{
    struct fp6 low, high, a_sum, b_sum, cross;
    fp6_add(t, &a_sum, &a->c[0], &a->c[1]);
    fp6_add(t, &b_sum, &b->c[0], &b->c[1]);
    fp6_mul(t, &low, &a->c[0], &b->c[0]);
    fp6_mul(t, &high, &a->c[1], &b->c[1]);
    fp6_mul(t, &cross, &a_sum, &b_sum);
    fp6_sub(t, &cross, &cross, &low);
    fp6_sub(t, &r->c[1], &cross, &high);
    fp6_mul_v(t, &high, &high);
    fp6_add(t, &r->c[0], &low, &high);
}

/* (a + b w)^2 = (a + b)(a + b v) - a b - a b v + 2 a b w. */
void
fp12_sqr(const struct tower *t, struct fp12 *r, const struct fp12 *a)
{
    struct fp6 product, shifted, sum, other;
    fp6_mul(t, &product, &a->c[0], &a->c[1]);
    fp6_mul_v(t, &shifted, &a->c[1]);
    fp6_add(t, &other, &a->c[0], &shifted);
    fp6_add(t, &sum, &a->c[0], &a->c[1]);
    fp6_mul(t, &sum, &sum, &other);
    fp6_mul_v(t, &shifted, &product);
    fp6_sub(t, &sum, &sum, &product);
    fp6_sub(t, &r->c[0], &sum, &shifted);
    fp6_add(t, &r->c[1], &product, &product);
}

void
fp12_conjugate(const struct tower *t, struct fp12 *r, const struct fp12 *a)
{
    const struct fp6 zero = {{{{{{0}}}}}};
    r->c[0] = a->c[0];
    fp6_sub(t, &r->c[1], &zero, &a->c[1]);
}

void
fp12_inv(const struct tower *t, struct fp12 *r, const struct fp12 *a)
{
    struct fp12 conjugate;
    struct fp6 norm, square;
    fp12_conjugate(t, &conjugate, a);
    fp6_mul(t, &norm, &a->c[0], &a->c[0]);
    fp6_mul(t, &square, &a->c[1], &a->c[1]);
    fp6_mul_v(t, &square, &square);
    fp6_sub(t, &norm, &norm, &square);
    fp6_inv(t, &norm, &norm);
    fp6_mul(t, &r->c[0], &conjugate.c[0], &norm);
    fp6_mul(t, &r->c[1], &conjugate.c[1], &norm);
}

void
fp12_frobenius(const struct tower *t, struct fp12 *r, const struct fp12 *a)
{
    for (int i = 0; i < 6; i++) {
        struct fp2 *c = &r->c[i % 2].c[i / 2];
        fp2_conjugate(t, c, &a->c[i % 2].c[i / 2]);
        fp2_mul(t, c, c, &t->twist[i]);
    }
}

void
fp12_pow(const struct tower *t, struct fp12 *r, const struct fp12 *a, const struct big *e)
{
    struct fp12 base = *a, result;
    fp12_one(t, &result);
    for (size_t i = big_bits(e); i-- > 0;) {
        fp12_sqr(t, &result, &result);
        if (big_bit(e, i))
            fp12_mul(t, &result, &result, &base);
    }
    *r = result;
}

bool
fp12_equal(const struct fp12 *a, const struct fp12 *b)
{
    for (int i = 0; i < 6; i++) {
        if (!fp2_equal(&a->c[i % 2].c[i / 2], &b->c[i % 2].c[i / 2]))
            return false;
    }
    return true;
}

bool
fp12_is_one(const struct tower *t, const struct fp12 *a)
{
    struct fp12 one;
    fp12_one(t, &one);
    return fp12_equal(a, &one);
}
