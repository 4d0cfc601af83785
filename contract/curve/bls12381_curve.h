/* bls12381_curve: private to contract/curve. The groups of BLS12-381: their numbers, how their
 * points are written, which points belong to them. */
#ifndef CONTRACT_CURVE_BLS12381_CURVE_H
#define CONTRACT_CURVE_BLS12381_CURVE_H

#include "contract/curve/pairing.h"

enum { BLS_FP_BYTES = 48, BLS_FACTOR_BYTES = 32, BLS_FACTOR_BITS = 256 };

struct bls {
    struct tower tower;
    struct group groups[2];     /* over fp, over fp2 */
    struct pairing pairing;
    struct big x;   /* the parameter of the curve, without its sign: it is negative */
    struct fp beta; /* a third root of one */
};

/* Set up by the first call; valid for the life of the process. */
const struct bls *bls_ready(void);

/* An element of fp or fp2, by the degree of the group: 48 or 96 bytes. */
size_t bls_coordinate_bytes(const struct group *g);
bool bls_read_coordinate(const struct group *g, struct fp2 *r, const uint8_t *bytes);

/* Two coordinates, or infinity. False when that is no point of the curve, or one with x = 0. */
bool bls_read_point(const struct group *g, struct point *r, const uint8_t *bytes);
/* x and the sign of y. */
bool bls_read_compressed(const struct group *g, struct point *r, const uint8_t *bytes);
void bls_write_point(const struct group *g, uint8_t *out, const struct point *a);

/* Whether a point of the curve is one of the group of prime order. */
bool bls_is_in_group(const struct bls *c, const struct group *g, const struct point *a);
/* Into that group, by a multiple that RFC 9380 gives (h_eff). */
void bls_clear_cofactor(const struct bls *c, const struct group *g, struct point *r,
                        const struct point *a);

/* RFC 9380's map_to_curve of the suites BLS12381G1 and G2, cofactor not yet cleared
 * (bls12381_map.c). */
void bls_map(const struct group *g, struct point *r, const struct fp2 *u);

#endif
