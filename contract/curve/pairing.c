#include "contract/curve/pairing.h"

void
pairing_init(struct pairing *p, const char *order_hex)
{
    const struct tower *t = p->tower;
    struct big order;
    big_from_hex(&order, order_hex);
    big_final_exponent(p->final, &t->fp.modulus, &order);
    p->psi_x = t->twist[2];
    p->psi_y = t->twist[3];
    if (p->has_multiplied_twist) {
        fp2_inv(t, &p->psi_x, &p->psi_x);
        fp2_inv(t, &p->psi_y, &p->psi_y);
    }
}

void
pairing_psi(const struct pairing *p, struct affine *r, const struct affine *a)
{
    fp2_conjugate(p->tower, &r->x, &a->x);
    fp2_conjugate(p->tower, &r->y, &a->y);
    fp2_mul(p->tower, &r->x, &r->x, &p->psi_x);
    fp2_mul(p->tower, &r->y, &r->y, &p->psi_y);
}

/* The line with this slope through `at`, both on the curve over fp2, where it passes the point
 * over fp: y - slope x w^±1 + (slope x_at - y_at) w^±3. With a multiplied twist it is taken
 * w^3 times, which the final exponentiation does not see. */
static void
multiply_by_line(const struct pairing *p, struct fp12 *f, const struct fp2 *slope,
                 const struct affine *at, const struct affine *over_fp)
{
    const struct tower *t = p->tower;
    struct fp12 line = {{{{{{{{0}}}}}}}};
    struct fp2 of_x, rest;
    fp2_mul_fp(t, &of_x, slope, &over_fp->x.c[0]);
    fp2_neg(t, &of_x, &of_x);
    fp2_mul(t, &rest, slope, &at->x);
    fp2_sub(t, &rest, &rest, &at->y);
    if (p->has_multiplied_twist) {
        line.c[0].c[0] = rest;
        line.c[0].c[1] = of_x;
        line.c[1].c[1] = over_fp->y;
    } else {
        line.c[0].c[0] = over_fp->y;
        line.c[1].c[0] = of_x;
        line.c[1].c[1] = rest;
    }
    fp12_mul(t, f, f, &line);
}

/* Where the line through a and with this slope, and of x of another point, meets the curve
 * again, mirrored. */
static void
third_point(const struct tower *t, struct affine *a, const struct fp2 *slope,
            const struct fp2 *other_x)
{
    struct fp2 x, y;
    fp2_sqr(t, &x, slope);
    fp2_sub(t, &x, &x, &a->x);
    fp2_sub(t, &x, &x, other_x);
    fp2_sub(t, &y, &a->x, &x);
    fp2_mul(t, &y, &y, slope);
    fp2_sub(t, &a->y, &y, &a->y);
    a->x = x;
}

static void
double_step(const struct pairing *p, struct fp12 *f, struct affine *at,
            const struct affine *over_fp)
{
    const struct tower *t = p->tower;
    struct fp2 slope, divisor, x = at->x;
    fp2_sqr(t, &slope, &at->x);
    fp2_add(t, &divisor, &slope, &slope);
    fp2_add(t, &slope, &slope, &divisor);
    fp2_add(t, &divisor, &at->y, &at->y);
    fp2_inv(t, &divisor, &divisor);
    fp2_mul(t, &slope, &slope, &divisor);
    multiply_by_line(p, f, &slope, at, over_fp);
    third_point(t, at, &slope, &x);
}

static void
add_step(const struct pairing *p, struct fp12 *f, struct affine *at, const struct affine *other,
         const struct affine *over_fp)
{
    const struct tower *t = p->tower;
    struct fp2 slope, divisor;
    fp2_sub(t, &slope, &other->y, &at->y);
    fp2_sub(t, &divisor, &other->x, &at->x);
    fp2_inv(t, &divisor, &divisor);
    fp2_mul(t, &slope, &slope, &divisor);
    multiply_by_line(p, f, &slope, at, over_fp);
    third_point(t, at, &slope, &other->x);
}

void
pairing_miller(const struct pairing *p, struct fp12 *f, const struct affine *over_fp,
               const struct affine *over_fp2)
{
    const struct tower *t = p->tower;
    struct affine at = *over_fp2, next;
    struct fp12 result;
    fp12_one(t, &result);
    for (size_t i = big_bits(&p->loop) - 1; i-- > 0;) {
        fp12_sqr(t, &result, &result);
        double_step(p, &result, &at, over_fp);
        if (big_bit(&p->loop, i))
            add_step(p, &result, &at, over_fp2, over_fp);
    }
    if (p->is_negative)
        fp12_conjugate(t, &result, &result);
    if (p->is_bn) {
        pairing_psi(p, &next, over_fp2);
        add_step(p, &result, &at, &next, over_fp);
        pairing_psi(p, &next, &next);
        fp2_neg(t, &next.y, &next.y);
        add_step(p, &result, &at, &next, over_fp);
    }
    fp12_mul(t, f, f, &result);
}

/* The products of any of the four powers f, f^p, f^(p^2), f^(p^3): bit i of the index says
 * whether the one with p^i is in. */
static void
products_of_powers(const struct tower *t, struct fp12 products[16], const struct fp12 *f)
{
    fp12_one(t, &products[0]);
    products[1] = *f;
    for (size_t i = 1; i < 4; i++)
        fp12_frobenius(t, &products[(size_t)1 << i], &products[(size_t)1 << (i - 1)]);
    for (size_t i = 3; i < 16; i++) {
        size_t highest = i & 8 ? 8 : i & 4 ? 4 : 2;
        if (i != highest)
            fp12_mul(t, &products[i], &products[highest], &products[i - highest]);
    }
}

/* Frobenius costs next to nothing, so an exponent written to the base of p is raised to digit
 * by digit side by side. */
static void
raise_to_final(const struct pairing *p, struct fp12 *r, const struct fp12 *f)
{
    const struct tower *t = p->tower;
    struct fp12 products[16], result;
    products_of_powers(t, products, f);
    fp12_one(t, &result);
    for (size_t bit = big_bits(&t->fp.modulus); bit-- > 0;) {
        size_t index = 0;
        for (size_t i = 0; i < 4; i++)
            index |= (size_t)big_bit(&p->final[i], bit) << i;
        fp12_sqr(t, &result, &result);
        if (index)
            fp12_mul(t, &result, &result, &products[index]);
    }
    *r = result;
}

void
pairing_final(const struct pairing *p, struct fp12 *f)
{
    const struct tower *t = p->tower;
    struct fp12 power, inverse;
    fp12_conjugate(t, &power, f);
    fp12_inv(t, &inverse, f);
    fp12_mul(t, &power, &power, &inverse); /* p^6 - 1 */
    fp12_frobenius(t, &inverse, &power);
    fp12_frobenius(t, &inverse, &inverse);
    fp12_mul(t, &power, &power, &inverse); /* p^2 + 1 */
    raise_to_final(p, f, &power);
}
