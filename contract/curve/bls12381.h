/* bls12381: what the bls12381 host functions compute, from bytes to bytes, as NEP-488 has it.
 *
 * Points are encoded as ZCash does: big-endian, an element of fp2 with the coefficient of u
 * first, and three flags in the highest bits of a point (compressed, infinity, the larger y).
 * Factors are little-endian. Sums and decompression take any point of the curve, except those
 * with x = 0, which the node refuses at protocol version 79; the rest takes points of the
 * groups only. Inputs are whole numbers of elements; the caller has seen to that. The curve is
 * set up when it is first asked for. Not for secrets. */
#ifndef CONTRACT_CURVE_BLS12381_H
#define CONTRACT_CURVE_BLS12381_H

#include <stdbool.h>
#include "net/base/str.h"

enum bls12381_function {
#define X(id, name, label, degree, operation, element, answer, each) BLS12381_##id,
#include "contract/curve/bls12381.def"
#undef X
    BLS12381_FUNCTION_COUNT
};

enum { BLS12381_PAIRING_BYTES = 96 + 192 };

const char *bls12381_name(enum bls12381_function f);
const char *bls12381_label(enum bls12381_function f);   /* in the node's message */
size_t bls12381_element_bytes(enum bls12381_function f);
size_t bls12381_answer_bytes(enum bls12381_function f, size_t input_bytes);

/* `out` has room for the answer. False when something in the input is not valid; out is then
 * undefined. */
bool bls12381_run(enum bls12381_function f, struct str elements, uint8_t *out);

/* Numbers as the host function returns them. */
enum bls12381_check { BLS12381_IS_ONE, BLS12381_REFUSED, BLS12381_IS_NOT_ONE };
enum bls12381_check bls12381_pairing_check(struct str elements);

#endif
