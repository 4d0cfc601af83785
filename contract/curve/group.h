/* group: the points of y^2 = x^3 + b, over fp or over fp2.
 *
 * One code for both: coordinates are elements of fp2, and where `degree` is 1 only their real
 * part is looked at and the other is zero. Points are kept with a common denominator
 * (Jacobian: x / z^2, y / z^3); z = 0 is the point at infinity. A result may be an operand. */
#ifndef CONTRACT_CURVE_GROUP_H
#define CONTRACT_CURVE_GROUP_H

#include "contract/curve/tower.h"

struct group {
    const struct tower *tower;
    int degree;                 /* 1: over fp; 2: over fp2 */
    struct fp2 b;
};

struct point {
    struct fp2 x, y, z;
};

/* x and y of a point that is not at infinity. */
struct affine {
    struct fp2 x, y;
};

void point_infinity(struct point *r);
bool point_is_infinity(const struct point *a);
void point_of_affine(const struct group *g, struct point *r, const struct affine *a);
/* False at infinity; *r is then zero. */
bool point_to_affine(const struct group *g, struct affine *r, const struct point *a);
bool point_equal(const struct group *g, const struct point *a, const struct point *b);

bool affine_is_on_curve(const struct group *g, const struct affine *a);

void point_double(const struct group *g, struct point *r, const struct point *a);
void point_add(const struct group *g, struct point *r, const struct point *a,
               const struct point *b);
void point_negate(const struct group *g, struct point *r, const struct point *a);
void point_multiply(const struct group *g, struct point *r, const struct point *a,
                    const struct big *k);
/* k[0] a[0] + k[1] a[1] + …, `count` of them, numbers of up to `bits` bits. */
void point_sum_of_products(const struct group *g, struct point *r, const struct point *a,
                           const struct big *k, size_t count, size_t bits);

/* Coordinates, by the degree of the group. */
void coordinate_mul(const struct group *g, struct fp2 *r, const struct fp2 *a,
                    const struct fp2 *b);
void coordinate_sqr(const struct group *g, struct fp2 *r, const struct fp2 *a);
void coordinate_inv(const struct group *g, struct fp2 *r, const struct fp2 *a);
bool coordinate_sqrt(const struct group *g, struct fp2 *r, const struct fp2 *a);
/* x^3 + b */
void coordinate_right_side(const struct group *g, struct fp2 *r, const struct fp2 *x);

#endif
