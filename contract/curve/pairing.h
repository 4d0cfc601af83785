/* pairing: the optimal ate pairing of a pair of groups, for both families of curves (BN with
 * its two last lines, BLS12 without) and both kinds of twist. Points must be of the prime
 * order and not at infinity; whoever calls sees to that. */
#ifndef CONTRACT_CURVE_PAIRING_H
#define CONTRACT_CURVE_PAIRING_H

#include "contract/curve/group.h"

struct pairing {
    const struct tower *tower;
    struct big loop;            /* BN: 6 x + 2; BLS12: |x| */
    bool is_negative;           /* BLS12, when x is */
    bool is_bn;
    /* The curve over fp2 is that with b xi (w^-2 brings x over), not b / xi (w^2). */
    bool has_multiplied_twist;
    struct big final[4];        /* big_final_exponent */
    struct fp2 psi_x, psi_y;    /* what Frobenius does to points over fp2 */
};

/* The rest of *p is to be set; tower and has_multiplied_twist must be. */
void pairing_init(struct pairing *p, const char *order_hex);

/* Frobenius, carried over to the curve over fp2. */
void pairing_psi(const struct pairing *p, struct affine *r, const struct affine *a);

/* Multiplies *f by the Miller function of the pair. */
void pairing_miller(const struct pairing *p, struct fp12 *f, const struct affine *over_fp,
                    const struct affine *over_fp2);
/* The pairing itself is *f to this power. */
void pairing_final(const struct pairing *p, struct fp12 *f);

#endif
