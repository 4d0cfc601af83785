#include "contract/curve/field.h"

#include <string.h>
#include <gmp.h>

_Static_assert(sizeof(unsigned long) == 8 && GMP_NUMB_BITS == 64, "limbs of 64 bits");

/* --- natural numbers ------------------------------------------------------------------- */

/* Borrowed from a until the end of its life; never cleared. */
static mpz_srcptr
view_of(mpz_t view, const struct big *a)
{
    return mpz_roinit_n(view, a->v, (mp_size_t)a->n);
}

static void
store(struct big *out, const mpz_t a)
{
    memset(out, 0, sizeof(*out));
    if (mpz_size(a) <= BIG_LIMBS) {
        out->n = mpz_size(a);
        memcpy(out->v, mpz_limbs_read(a), out->n * sizeof(out->v[0]));
    }
}

void
big_from_hex(struct big *out, const char *digits)
{
    mpz_t a;
    mpz_init_set_str(a, digits, 16);
    store(out, a);
    mpz_clear(a);
}

void
big_from_bytes(struct big *out, const uint8_t *little_endian, size_t n)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < n && i < sizeof(out->v); i++)
        out->v[i / 8] |= (unsigned long)little_endian[i] << (i % 8 * 8);
    out->n = (n + 7) / 8;
    while (out->n && !out->v[out->n - 1]) out->n--;
}

size_t
big_bits(const struct big *a)
{
    return a->n ? mpn_sizeinbase(a->v, (mp_size_t)a->n, 2) : 0;
}

bool
big_bit(const struct big *a, size_t index)
{
    return index / 64 < a->n && (a->v[index / 64] >> (index % 64) & 1);
}

void
big_affine(struct big *out, const struct big *a, long plus, unsigned long divisor)
{
    mpz_t view, result;
    mpz_init(result);
    if (plus < 0)
        mpz_sub_ui(result, view_of(view, a), (unsigned long)-plus);
    else
        mpz_add_ui(result, view_of(view, a), (unsigned long)plus);
    mpz_fdiv_q_ui(result, result, divisor);
    store(out, result);
    mpz_clear(result);
}

void
big_final_exponent(struct big digits[4], const struct big *p, const struct big *r)
{
    mpz_t p_view, r_view, square, result, digit;
    mpz_inits(square, result, digit, NULL);
    mpz_mul(square, view_of(p_view, p), p_view);
    mpz_mul(result, square, square);
    mpz_sub(result, result, square);
    mpz_add_ui(result, result, 1);
    mpz_divexact(result, result, view_of(r_view, r));
    for (int i = 0; i < 4; i++) {
        mpz_fdiv_qr(result, digit, result, p_view);
        store(&digits[i], digit);
    }
    mpz_clears(square, result, digit, NULL);
}

/* --- a field --------------------------------------------------------------------------- */

static void
reduce_power(const struct field *f, struct fp *out, size_t bits)
{
    mpz_t view, power;
    struct big rest;
    mpz_init(power);
    mpz_setbit(power, bits);
    mpz_mod(power, power, view_of(view, &f->modulus));
    store(&rest, power);
    memcpy(out->v, rest.v, sizeof(out->v));
    mpz_clear(power);
}

void
field_init(struct field *f, const char *modulus_hex)
{
    memset(f, 0, sizeof(*f));
    big_from_hex(&f->modulus, modulus_hex);
    f->n = f->modulus.n;
    f->bytes = f->n * 8;
    big_affine(&f->root, &f->modulus, 1, 4);
    big_affine(&f->half, &f->modulus, -1, 2);
    /* Newton's step doubles the number of bits that are right; an odd number is its own
     * inverse modulo 8. */
    unsigned long inverse = f->modulus.v[0];
    for (int bits = 3; bits < 64; bits *= 2) inverse *= 2 - f->modulus.v[0] * inverse;
    f->inverse = 0 - inverse;
    reduce_power(f, &f->one, 64 * f->n);
    reduce_power(f, &f->square, 128 * f->n);
}

static void
subtract_modulus(const struct field *f, struct fp *r)
{
    if (mpn_cmp(r->v, f->modulus.v, (mp_size_t)f->n) >= 0)
        mpn_sub_n(r->v, r->v, f->modulus.v, (mp_size_t)f->n);
}

/* Montgomery's: t / R modulo p, of 2n limbs, which are used up. */
static void
reduce(const struct field *f, struct fp *r, unsigned long *t)
{
    mp_size_t n = (mp_size_t)f->n;
    for (mp_size_t i = 0; i < n; i++)
        t[i] = mpn_addmul_1(t + i, f->modulus.v, n, t[i] * f->inverse);
    mpn_add_n(r->v, t + n, t, n);
    for (size_t i = f->n; i < FIELD_LIMBS; i++) r->v[i] = 0;
    subtract_modulus(f, r);
}

void
fp_mul(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b)
{
    unsigned long t[2 * FIELD_LIMBS];
    mpn_mul_n(t, a->v, b->v, (mp_size_t)f->n);
    reduce(f, r, t);
}

void
fp_sqr(const struct field *f, struct fp *r, const struct fp *a)
{
    unsigned long t[2 * FIELD_LIMBS];
    mpn_sqr(t, a->v, (mp_size_t)f->n);
    reduce(f, r, t);
}

void
fp_add(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b)
{
    struct fp sum = {{0}};
    mpn_add_n(sum.v, a->v, b->v, (mp_size_t)f->n);
    subtract_modulus(f, &sum);
    *r = sum;
}

void
fp_sub(const struct field *f, struct fp *r, const struct fp *a, const struct fp *b)
{
    struct fp rest = {{0}};
    if (mpn_sub_n(rest.v, a->v, b->v, (mp_size_t)f->n))
        mpn_add_n(rest.v, rest.v, f->modulus.v, (mp_size_t)f->n);
    *r = rest;
}

void
fp_neg(const struct field *f, struct fp *r, const struct fp *a)
{
    const struct fp zero = {{0}};
    fp_sub(f, r, &zero, a);
}

void
fp_half(const struct field *f, struct fp *r, const struct fp *a)
{
    struct fp sum = *a;
    if (sum.v[0] & 1)
        mpn_add_n(sum.v, sum.v, f->modulus.v, (mp_size_t)f->n);
    mpn_rshift(sum.v, sum.v, (mp_size_t)f->n, 1);
    *r = sum;
}

void
fp_inv(const struct field *f, struct fp *r, const struct fp *a)
{
    struct big number = {.n = f->n}, inverse;
    struct fp result;
    mpz_t view, modulus, x;
    memcpy(number.v, a->v, sizeof(a->v));
    mpz_init(x);
    if (!mpz_invert(x, view_of(view, &number), view_of(modulus, &f->modulus)))
        mpz_set_ui(x, 0);
    store(&inverse, x);
    mpz_clear(x);
    memcpy(result.v, inverse.v, sizeof(result.v));
    /* From 1/(aR) to R/a takes a factor of R twice. */
    fp_mul(f, &result, &result, &f->square);
    fp_mul(f, r, &result, &f->square);
}

/* Four bits of the exponent at a time. */
void
fp_pow(const struct field *f, struct fp *r, const struct fp *a, const struct big *e)
{
    struct fp powers[16] = {f->one}, result = f->one;
    for (int i = 1; i < 16; i++) fp_mul(f, &powers[i], &powers[i - 1], a);
    for (size_t i = (big_bits(e) + 3) / 4; i-- > 0;) {
        unsigned digit = (unsigned)(e->v[i / 16] >> (i % 16 * 4) & 15);
        for (int k = 0; k < 4; k++) fp_sqr(f, &result, &result);
        if (digit)
            fp_mul(f, &result, &result, &powers[digit]);
    }
    *r = result;
}

bool
fp_sqrt(const struct field *f, struct fp *r, const struct fp *a)
{
    struct fp root, square;
    fp_pow(f, &root, a, &f->root);
    fp_sqr(f, &square, &root);
    bool is_root = fp_equal(&square, a);
    *r = root;
    return is_root;
}

/* --- in and out of Montgomery's form ----------------------------------------------------- */

static struct fp
plain(const struct field *f, const struct fp *a)
{
    unsigned long t[2 * FIELD_LIMBS] = {0};
    struct fp result;
    memcpy(t, a->v, f->n * sizeof(t[0]));
    reduce(f, &result, t);
    return result;
}

void
fp_from_u64(const struct field *f, struct fp *r, uint64_t value)
{
    const struct fp number = {{value}};
    fp_mul(f, r, &number, &f->square);
}

void
fp_from_hex(const struct field *f, struct fp *r, const char *digits)
{
    struct big number;
    struct fp low;
    big_from_hex(&number, digits);
    memcpy(low.v, number.v, sizeof(low.v));
    fp_mul(f, r, &low, &f->square);
}

bool
fp_from_le(const struct field *f, struct fp *r, const uint8_t *bytes)
{
    struct fp number = {{0}};
    for (size_t i = 0; i < f->bytes; i++)
        number.v[i / 8] |= (unsigned long)bytes[i] << (i % 8 * 8);
    if (mpn_cmp(number.v, f->modulus.v, (mp_size_t)f->n) >= 0)
        return false;
    fp_mul(f, r, &number, &f->square);
    return true;
}

bool
fp_from_be(const struct field *f, struct fp *r, const uint8_t *bytes)
{
    uint8_t reversed[FIELD_LIMBS * 8];
    for (size_t i = 0; i < f->bytes; i++) reversed[i] = bytes[f->bytes - 1 - i];
    return fp_from_le(f, r, reversed);
}

void
fp_to_le(const struct field *f, const struct fp *a, uint8_t *bytes)
{
    struct fp number = plain(f, a);
    for (size_t i = 0; i < f->bytes; i++) bytes[i] = (uint8_t)(number.v[i / 8] >> (i % 8 * 8));
}

void
fp_to_be(const struct field *f, const struct fp *a, uint8_t *bytes)
{
    struct fp number = plain(f, a);
    for (size_t i = 0; i < f->bytes; i++)
        bytes[f->bytes - 1 - i] = (uint8_t)(number.v[i / 8] >> (i % 8 * 8));
}

bool
fp_is_zero(const struct fp *a)
{
    unsigned long any = 0;
    for (size_t i = 0; i < FIELD_LIMBS; i++) any |= a->v[i];
    return any == 0;
}

bool
fp_equal(const struct fp *a, const struct fp *b)
{
    return memcmp(a->v, b->v, sizeof(a->v)) == 0;
}

bool
fp_is_odd(const struct field *f, const struct fp *a)
{
    return plain(f, a).v[0] & 1;
}

bool
fp_is_upper(const struct field *f, const struct fp *a)
{
    struct fp number = plain(f, a);
    return mpn_cmp(number.v, f->half.v, (mp_size_t)f->n) > 0;
}
