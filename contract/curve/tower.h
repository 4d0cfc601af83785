/* tower: the extensions of a field in which pairings live.
 *
 *     fp2 = fp[u] / (u^2 + 1)      fp6 = fp2[v] / (v^3 - xi)      fp12 = fp6[w] / (w^2 - v)
 *
 * with xi = k + u, where k is 9 for alt_bn128 and 1 for BLS12-381. So w^6 = xi, and an element
 * of fp12 is six coefficients in fp2, of 1, w … w^5. As in field.h, a result may be an operand,
 * and nothing here takes care of secrets. */
#ifndef CONTRACT_CURVE_TOWER_H
#define CONTRACT_CURVE_TOWER_H

#include "contract/curve/field.h"

struct fp2 {
    struct fp c[2];             /* c[0] + c[1] u */
};

struct fp6 {
    struct fp2 c[3];            /* c[0] + c[1] v + c[2] v^2 */
};

struct fp12 {
    struct fp6 c[2];            /* c[0] + c[1] w: the coefficient of w^i is c[i % 2].c[i / 2] */
};

struct tower {
    struct field fp;
    unsigned xi_real;           /* k */
    struct fp2 twist[6];        /* xi^(i (p - 1) / 6): what Frobenius does to w^i */
};

void tower_init(struct tower *t, const char *modulus_hex, unsigned xi_real);

void fp2_add(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b);
void fp2_sub(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b);
void fp2_neg(const struct tower *t, struct fp2 *r, const struct fp2 *a);
void fp2_conjugate(const struct tower *t, struct fp2 *r, const struct fp2 *a);
void fp2_mul(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp2 *b);
void fp2_mul_fp(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct fp *b);
void fp2_mul_xi(const struct tower *t, struct fp2 *r, const struct fp2 *a);
void fp2_sqr(const struct tower *t, struct fp2 *r, const struct fp2 *a);
void fp2_inv(const struct tower *t, struct fp2 *r, const struct fp2 *a); /* nought of nought */
void fp2_pow(const struct tower *t, struct fp2 *r, const struct fp2 *a, const struct big *e);
/* False when a is no square; *r is then undefined. */
bool fp2_sqrt(const struct tower *t, struct fp2 *r, const struct fp2 *a);
bool fp2_is_zero(const struct fp2 *a);
bool fp2_equal(const struct fp2 *a, const struct fp2 *b);

void fp12_one(const struct tower *t, struct fp12 *r);
void fp12_mul(const struct tower *t, struct fp12 *r, const struct fp12 *a,
              const struct fp12 *b);
void fp12_sqr(const struct tower *t, struct fp12 *r, const struct fp12 *a);
void fp12_inv(const struct tower *t, struct fp12 *r, const struct fp12 *a);
/* To the power of p^6, which is the inverse for what has gone through p^6 - 1. */
void fp12_conjugate(const struct tower *t, struct fp12 *r, const struct fp12 *a);
void fp12_frobenius(const struct tower *t, struct fp12 *r, const struct fp12 *a);   /* a^p */
void fp12_pow(const struct tower *t, struct fp12 *r, const struct fp12 *a, const struct big *e);
bool fp12_is_one(const struct tower *t, const struct fp12 *a);
bool fp12_equal(const struct fp12 *a, const struct fp12 *b);

#endif
