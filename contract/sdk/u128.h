/* u128: unsigned 128-bit whole numbers, as balances are on NEAR.
 *
 * Laid out as the node wants them in memory: 16 bytes, little-endian. Nothing wraps round:
 * what does not fit returns false and leaves the output alone. */
#ifndef CONTRACT_SDK_U128_H
#define CONTRACT_SDK_U128_H

#include <stdbool.h>
#include <stdint.h>
#include "contract/sdk/text.h"

#define U128_DIGITS_MAX 39              /* 2^128 - 1 has so many */

struct u128 {
    uint64_t lo, hi;
};

struct u128 u128_of(uint64_t value);
bool u128_is_zero(struct u128 a);
int u128_compare(struct u128 a, struct u128 b);         /* < 0, 0, > 0 */
bool u128_add(struct u128 a, struct u128 b, struct u128 *sum);
bool u128_subtract(struct u128 a, struct u128 b, struct u128 *difference);
bool u128_multiply(struct u128 a, uint32_t factor, struct u128 *product);
/* The divisor must not be zero. */
void u128_divide(struct u128 a, struct u128 divisor, struct u128 *quotient,
                 struct u128 *remainder);

/* Digits only: no sign, no spaces, no exponent; not empty. */
bool u128_parse(struct text digits, struct u128 *value);
void write_u128(struct writer *w, struct u128 value);

#endif
