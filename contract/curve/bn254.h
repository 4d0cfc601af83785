/* bn254: what the alt_bn128 host functions compute, from bytes to bytes. The curve is that of
 * EIP-196 and EIP-197; the encoding is not theirs but the node's: every number is of 32 bytes,
 * little-endian, an element of fp2 has its real part first, and (0, 0) stands for infinity.
 *
 * Inputs are whole numbers of elements; the caller has seen to that. The curve is set up when
 * it is first asked for. Not for secrets. */
#ifndef CONTRACT_CURVE_BN254_H
#define CONTRACT_CURVE_BN254_H

#include "net/base/str.h"

enum {
    BN254_NUMBER_BYTES = 32,
    BN254_G1_BYTES = 64,
    BN254_G2_BYTES = 128,
    BN254_SUM_BYTES = 1 + BN254_G1_BYTES,                           /* sign, point */
    BN254_MULTIEXP_BYTES = BN254_G1_BYTES + BN254_NUMBER_BYTES,     /* point, factor */
    BN254_PAIRING_BYTES = BN254_G1_BYTES + BN254_G2_BYTES
};

/* Why an input was refused: the first thing in it that is not what it should be. */
struct bn254_refusal {
    const char *what;           /* "fq", "fr", "g1", "g2" or "bool" */
    struct str bytes;           /* borrowed from the input */
};

/* False, with *why filled, when something in the input is not valid. */
bool bn254_g1_sum(struct str elements, uint8_t out[BN254_G1_BYTES], struct bn254_refusal *why);
bool bn254_g1_multiexp(struct str elements, uint8_t out[BN254_G1_BYTES],
                       struct bn254_refusal *why);
/* *is_one: whether the product of the pairings is. */
bool bn254_pairing_check(struct str elements, bool *is_one, struct bn254_refusal *why);

#endif
