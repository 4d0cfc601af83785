#include "contract/curve/group.h"

#include <string.h>
#include "net/base/xalloc.h"

enum { MAX_WINDOW = 8 };

/* --- coordinates ---------------------------------------------------------------------------
 */

void
coordinate_mul(const struct group *g, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    if (g->degree == 1)
        fp_mul(&g->tower->fp, &r->c[0], &a->c[0], &b->c[0]);
    else
        fp2_mul(g->tower, r, a, b);
}

void
coordinate_sqr(const struct group *g, struct fp2 *r, const struct fp2 *a)
{
    if (g->degree == 1)
        fp_sqr(&g->tower->fp, &r->c[0], &a->c[0]);
    else
        fp2_sqr(g->tower, r, a);
}

void
coordinate_inv(const struct group *g, struct fp2 *r, const struct fp2 *a)
{
    if (g->degree == 1)
        fp_inv(&g->tower->fp, &r->c[0], &a->c[0]);
    else
        fp2_inv(g->tower, r, a);
}

bool
coordinate_sqrt(const struct group *g, struct fp2 *r, const struct fp2 *a)
{
    return g->degree == 1 ? fp_sqrt(&g->tower->fp, &r->c[0], &a->c[0])
                          : fp2_sqrt(g->tower, r, a);
}

static void
add(const struct group *g, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    if (g->degree == 1)
        fp_add(&g->tower->fp, &r->c[0], &a->c[0], &b->c[0]);
    else
        fp2_add(g->tower, r, a, b);
}

static void
subtract(const struct group *g, struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    if (g->degree == 1)
        fp_sub(&g->tower->fp, &r->c[0], &a->c[0], &b->c[0]);
    else
        fp2_sub(g->tower, r, a, b);
}

void
coordinate_right_side(const struct group *g, struct fp2 *r, const struct fp2 *x)
{
    struct fp2 cube = {{{{0}}}};
    coordinate_sqr(g, &cube, x);
    coordinate_mul(g, &cube, &cube, x);
    add(g, &cube, &cube, &g->b);
    *r = cube;
}

/* --- points ----------------------------------------------------------------------------------
 */

void
point_infinity(struct point *r)
{
    memset(r, 0, sizeof(*r));
}

bool
point_is_infinity(const struct point *a)
{
    return fp2_is_zero(&a->z);
}

void
point_of_affine(const struct group *g, struct point *r, const struct affine *a)
{
    *r = (struct point){.x = a->x, .y = a->y, .z = {{g->tower->fp.one}}};
}

bool
point_to_affine(const struct group *g, struct affine *r, const struct point *a)
{
    struct fp2 inverse = {{{{0}}}}, power = {{{{0}}}};
    struct affine result = {.x = {{{{0}}}}};
    bool is_finite = !point_is_infinity(a);
    if (is_finite) {
        coordinate_inv(g, &inverse, &a->z);
        coordinate_sqr(g, &power, &inverse);
        coordinate_mul(g, &result.x, &a->x, &power);
        coordinate_mul(g, &power, &power, &inverse);
        coordinate_mul(g, &result.y, &a->y, &power);
    }
    *r = result;
    return is_finite;
}

bool
point_equal(const struct group *g, const struct point *a, const struct point *b)
{
    struct affine a_affine, b_affine;
    bool a_finite = point_to_affine(g, &a_affine, a),
         b_finite = point_to_affine(g, &b_affine, b);
    return a_finite == b_finite && fp2_equal(&a_affine.x, &b_affine.x) &&
           fp2_equal(&a_affine.y, &b_affine.y);
}

bool
affine_is_on_curve(const struct group *g, const struct affine *a)
{
    struct fp2 left = {{{{0}}}}, right;
    coordinate_sqr(g, &left, &a->y);
    coordinate_right_side(g, &right, &a->x);
    return fp2_equal(&left, &right);
}

void
point_negate(const struct group *g, struct point *r, const struct point *a)
{
    const struct fp2 zero = {{{{0}}}};
    struct point result = *a;
    subtract(g, &result.y, &zero, &a->y);
    *r = result;
}

/* Explicit-Formulas Database, short Weierstrass with a = 0, Jacobian: dbl-2009-l. */
void
point_double(const struct group *g, struct point *r, const struct point *p)
{
    struct point result;
    struct fp2 a = {{{{0}}}}, b = a, c = a, d = a, e = a, f = a;
    memset(&result, 0, sizeof(result));
    coordinate_sqr(g, &a, &p->x);
    coordinate_sqr(g, &b, &p->y);
    coordinate_sqr(g, &c, &b);
    add(g, &d, &p->x, &b);
    coordinate_sqr(g, &d, &d);
    subtract(g, &d, &d, &a);
    subtract(g, &d, &d, &c);
    add(g, &d, &d, &d);
    add(g, &e, &a, &a);
    add(g, &e, &e, &a);
    coordinate_sqr(g, &f, &e);
    subtract(g, &result.x, &f, &d);
    subtract(g, &result.x, &result.x, &d);
    subtract(g, &d, &d, &result.x);
    coordinate_mul(g, &result.y, &e, &d);
    for (int i = 0; i < 3; i++) add(g, &c, &c, &c);
    subtract(g, &result.y, &result.y, &c);
    coordinate_mul(g, &result.z, &p->y, &p->z);
    add(g, &result.z, &result.z, &result.z);
    *r = result;
}

/* The rest of point_add, where x differs: the same database, add-1998-cmo-2. */
static void
add_different(const struct group *g, struct point *r, const struct fp2 *u1,
              const struct fp2 *s1, const struct fp2 *h, const struct fp2 *slope,
              const struct fp2 *z)
{
    struct fp2 h2 = {{{{0}}}}, h3 = h2, v = h2;
    struct point result;
    memset(&result, 0, sizeof(result));
    coordinate_sqr(g, &h2, h);
    coordinate_mul(g, &h3, &h2, h);
    coordinate_mul(g, &v, u1, &h2);
    coordinate_sqr(g, &result.x, slope);
    subtract(g, &result.x, &result.x, &h3);
    subtract(g, &result.x, &result.x, &v);
    subtract(g, &result.x, &result.x, &v);
    subtract(g, &v, &v, &result.x);
    coordinate_mul(g, &result.y, slope, &v);
    coordinate_mul(g, &h3, &h3, s1);
    subtract(g, &result.y, &result.y, &h3);
    coordinate_mul(g, &result.z, z, h);
    *r = result;
}

void
point_add(const struct group *g, struct point *r, const struct point *a, const struct point *b)
{
    struct fp2 z1 = {{{{0}}}}, z2 = z1, u1 = z1, u2 = z1, s1 = z1, s2 = z1;
    if (point_is_infinity(a) || point_is_infinity(b)) {
        *r = point_is_infinity(a) ? *b : *a;
        return;
    }
    coordinate_sqr(g, &z1, &a->z);
    coordinate_sqr(g, &z2, &b->z);
    coordinate_mul(g, &u1, &a->x, &z2);
    coordinate_mul(g, &u2, &b->x, &z1);
    coordinate_mul(g, &s1, &a->y, &z2);
    coordinate_mul(g, &s1, &s1, &b->z);
    coordinate_mul(g, &s2, &b->y, &z1);
    coordinate_mul(g, &s2, &s2, &a->z);
    subtract(g, &u2, &u2, &u1);
    subtract(g, &s2, &s2, &s1);
    if (fp2_is_zero(&u2)) {
        if (fp2_is_zero(&s2))
            point_double(g, r, a);
        else
            point_infinity(r);
        return;
    }
    coordinate_mul(g, &z1, &a->z, &b->z);
    add_different(g, r, &u1, &s1, &u2, &s2, &z1);
}

void
point_multiply(const struct group *g, struct point *r, const struct point *a,
               const struct big *k)
{
    struct point base = *a, result;
    point_infinity(&result);
    for (size_t i = big_bits(k); i-- > 0;) {
        point_double(g, &result, &result);
        if (big_bit(k, i))
            point_add(g, &result, &result, &base);
    }
    *r = result;
}

/* --- many at once --------------------------------------------------------------------------
 */

/* The width for which the additions below are fewest. */
static unsigned
best_window(size_t count, size_t bits)
{
    unsigned best = 1;
    size_t fewest = SIZE_MAX;
    for (unsigned w = 1; w <= MAX_WINDOW; w++) {
        size_t additions = (bits + w - 1) / w * (count + ((size_t)2 << w));
        if (additions < fewest) {
            fewest = additions;
            best = w;
        }
    }
    return best;
}

static unsigned
digit_at(const struct big *k, size_t from, unsigned width)
{
    unsigned digit = 0;
    for (unsigned i = width; i-- > 0;) digit = digit << 1 | big_bit(k, from + i);
    return digit;
}

/* Pippenger's way: points of a window are thrown into a bucket by their digit, and the buckets
 * are summed from the top, so that each counts as often as its digit says. */
void
point_sum_of_products(const struct group *g, struct point *r, const struct point *a,
                      const struct big *k, size_t count, size_t bits)
{
    unsigned width = best_window(count, bits);
    struct point *buckets = xcalloc((size_t)1 << width, sizeof(*buckets));
    struct point result;
    point_infinity(&result);
    for (size_t window = (bits + width - 1) / width; window-- > 0;) {
        struct point running;
        for (unsigned i = 0; i < width; i++) point_double(g, &result, &result);
        memset(buckets, 0, sizeof(*buckets) << width);
        for (size_t i = 0; i < count; i++) {
            unsigned digit = digit_at(&k[i], window * width, width);
            if (digit)
                point_add(g, &buckets[digit], &buckets[digit], &a[i]);
        }
        point_infinity(&running);
        for (unsigned digit = 1U << width; digit-- > 1;) {
            point_add(g, &running, &running, &buckets[digit]);
            point_add(g, &result, &result, &running);
        }
    }
    xfree(buckets);
    *r = result;
}
