/* field: arithmetic modulo a prime of up to 384 bits, over GMP's number functions. The only
 * user of GMP.
 *
 * Only for public data: the time that a function takes depends on what it is given. Elements
 * are kept in Montgomery's form and always below the modulus, so that equal elements are equal
 * bytes. A result may be one of the operands. Moduli must leave a remainder of 3 by 4 (for
 * square roots) and have the top bit of their highest limb clear. */
#ifndef CONTRACT_CURVE_FIELD_H
#define CONTRACT_CURVE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_LIMBS = 6, BIG_LIMBS = 8 };

/* A natural number: `n` limbs of 64 bits, the lowest first, the highest not zero. */
struct big {
    unsigned long v[BIG_LIMBS];
    size_t n;
};

void big_from_hex(struct big *out, const char *digits);     /* of this project's own */
void big_from_bytes(struct big *out, const uint8_t *little_endian, size_t n);
size_t big_bits(const struct big *a);   /* 0 for nought */
bool big_bit(const struct big *a, size_t index);
/* (a + plus) / divisor, rounded down; `plus` may be negative. */
void big_affine(struct big *out, const struct big *a, long plus, unsigned long divisor);
/* (p^4 - p^2 + 1) / r, what is left of the final exponentiation of a pairing: its four digits
 * to the base of p, the lowest first. */
void big_final_exponent(struct big digits[4], const struct big *p, const struct big *r);

struct fp {
    unsigned long v[FIELD_LIMBS];   /* limbs beyond the field's are zero */
};

struct field {
    size_t n;                   /* limbs */
    size_t bytes;               /* of an element as it is written: 8 n */
    struct big modulus;
    struct big root;            /* (p + 1) / 4 */
    struct big half;            /* (p - 1) / 2 */
    unsigned long inverse;      /* -1 / p modulo 2^64 */
    struct fp one, square;      /* R and R^2 modulo p, where R = 2^(64 n) */
};

void field_init(struct field *f, const char *modulus_hex);

void fp_from_u64(const struct field *f, struct fp *r, uint64_t value);
void fp_from_hex(const struct field *f, struct fp *r, const char *digits);
/* f->bytes of them. False when the number is not below the modulus; *r is as it was. */
bool fp_from_be(const struct field *f, struct fp *r, const uint8_t *bytes);
bool fp_from_le(const struct field *f, struct fp *r, const uint8_t *bytes);
void fp_to_be(const struct field *f, const struct fp *a, uint8_t *bytes);
void fp_to_le(const struct field *f, const struct fp *a, uint8_t *bytes);

void fp_add(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b);
void fp_sub(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b);
void fp_neg(const struct field *f, struct fp *r, const struct fp *a);
void fp_mul(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b);
void fp_sqr(const struct field *f, struct fp *r, const struct fp *a);
void fp_inv(const struct field *f, struct fp *r, const struct fp *a);   /* nought of nought */
void fp_half(const struct field *f, struct fp *r, const struct fp *a);
void fp_pow(const struct field *f, struct fp *r, const struct fp *a, const struct big *e);
/* False when a is no square; *r is then undefined. */
bool fp_sqrt(const struct field *f, struct fp *r, const struct fp *a);

bool fp_is_zero(const struct fp *a);
bool fp_equal(const struct fp *a, const struct fp *b);
bool fp_is_odd(const struct field *f, const struct fp *a);
bool fp_is_upper(const struct field *f, const struct fp *a);    /* above (p - 1) / 2 */

#endif
