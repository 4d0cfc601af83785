#include "contract/curve/bls12381_curve.h"

#include <string.h>

#define MODULUS                                                                                \
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffff" \
    "ffffaaab"
#define ORDER "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"
#define PARAMETER "d201000000010000"
#define BETA "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe"

enum { IS_COMPRESSED = 0x80, IS_INFINITY = 0x40, IS_UPPER = 0x20, FLAGS = 0xE0 };

const struct bls *
bls_ready(void)
{
    static struct bls curve;
    static bool is_ready;
    struct tower *t = &curve.tower;
    if (is_ready)
        return &curve;
    tower_init(t, MODULUS, 1);
    big_from_hex(&curve.x, PARAMETER);
    fp_from_hex(&t->fp, &curve.beta, BETA);
    curve.groups[0] = (struct group){.tower = t, .degree = 1};
    curve.groups[1] = (struct group){.tower = t, .degree = 2};
    fp_from_u64(&t->fp, &curve.groups[0].b.c[0], 4);
    fp2_mul_xi(t, &curve.groups[1].b, &curve.groups[0].b);
    curve.pairing = (struct pairing){
        .tower = t, .loop = curve.x, .is_negative = true, .has_multiplied_twist = true};
    pairing_init(&curve.pairing, ORDER);
    is_ready = true;
    return &curve;
}

/* --- reading and writing ----------------------------------------------------------------- */

size_t
bls_coordinate_bytes(const struct group *g)
{
    return BLS_FP_BYTES * (size_t)g->degree;
}

bool
bls_read_coordinate(const struct group *g, struct fp2 *r, const uint8_t *bytes)
{
    const struct field *f = &g->tower->fp;
    struct fp2 result = {{{{0}}}};
    bool is_valid = g->degree == 1 ? fp_from_be(f, &result.c[0], bytes)
                                   : fp_from_be(f, &result.c[1], bytes) &&
                                         fp_from_be(f, &result.c[0], bytes + BLS_FP_BYTES);
    if (is_valid)
        *r = result;
    return is_valid;
}

static void
write_coordinate(const struct group *g, uint8_t *out, const struct fp2 *a)
{
    const struct field *f = &g->tower->fp;
    if (g->degree == 2) {
        fp_to_be(f, &a->c[1], out);
        out += BLS_FP_BYTES;
    }
    fp_to_be(f, &a->c[0], out);
}

static bool
is_zero_but_for_flag(const uint8_t *bytes, size_t n, uint8_t flag)
{
    uint8_t any = bytes[0] ^ flag;
    for (size_t i = 1; i < n; i++) any |= bytes[i];
    return any == 0;
}

bool
bls_read_point(const struct group *g, struct point *r, const uint8_t *bytes)
{
    size_t n = bls_coordinate_bytes(g);
    struct affine a;
    if (bytes[0] & FLAGS) {
        point_infinity(r);
        return is_zero_but_for_flag(bytes, 2 * n, IS_INFINITY);
    }
    if (!bls_read_coordinate(g, &a.x, bytes) || !bls_read_coordinate(g, &a.y, bytes + n))
        return false;
    if (fp2_is_zero(&a.x) || !affine_is_on_curve(g, &a))
        return false;
    point_of_affine(g, r, &a);
    return true;
}

/* Of the two roots, the one with the larger coefficient of u, or the larger real part. */
static bool
is_upper(const struct group *g, const struct fp2 *y)
{
    const struct field *f = &g->tower->fp;
    return fp_is_zero(&y->c[1]) ? fp_is_upper(f, &y->c[0]) : fp_is_upper(f, &y->c[1]);
}

bool
bls_read_compressed(const struct group *g, struct point *r, const uint8_t *bytes)
{
    size_t n = bls_coordinate_bytes(g);
    uint8_t number[2 * BLS_FP_BYTES];
    struct affine a = {.x = {{{{0}}}}};
    struct fp2 square;
    if (!(bytes[0] & IS_COMPRESSED))
        return false;
    if (bytes[0] & IS_INFINITY) {
        point_infinity(r);
        return is_zero_but_for_flag(bytes, n, IS_COMPRESSED | IS_INFINITY);
    }
    memcpy(number, bytes, n);
    number[0] &= (uint8_t)~FLAGS;
    if (!bls_read_coordinate(g, &a.x, number) || fp2_is_zero(&a.x))
        return false;
    coordinate_right_side(g, &square, &a.x);
    if (!coordinate_sqrt(g, &a.y, &square))
        return false;
    if (is_upper(g, &a.y) != !!(bytes[0] & IS_UPPER))
        fp2_neg(g->tower, &a.y, &a.y);
    point_of_affine(g, r, &a);
    return true;
}

void
bls_write_point(const struct group *g, uint8_t *out, const struct point *a)
{
    size_t n = bls_coordinate_bytes(g);
    struct affine result;
    bool is_finite = point_to_affine(g, &result, a);
    write_coordinate(g, out, &result.x);
    write_coordinate(g, out + n, &result.y);
    if (!is_finite)
        out[0] = IS_INFINITY;
}

/* --- the groups of prime order ---------------------------------------------------------------
 */

/* (x, y) to (beta x, y), which multiplies points of the group over fp by -x^2. */
static void
phi(const struct bls *c, struct point *r, const struct point *a)
{
    *r = *a;
    fp_mul(&c->tower.fp, &r->x.c[0], &r->x.c[0], &c->beta);
}

/* Multiplies points of the group over fp2 by x. */
static void
psi(const struct bls *c, const struct group *g, struct point *r, const struct point *a)
{
    struct affine affine;
    bool is_finite = point_to_affine(g, &affine, a);
    point_infinity(r);
    if (is_finite) {
        pairing_psi(&c->pairing, &affine, &affine);
        point_of_affine(g, r, &affine);
    }
}

/* By the parameter of the curve, with its sign. */
static void
multiply_by_x(const struct bls *c, const struct group *g, struct point *r,
              const struct point *a)
{
    point_multiply(g, r, a, &c->x);
    point_negate(g, r, r);
}

/* M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly
 * curves", 2021: it is enough to see what phi and psi do. */
bool
bls_is_in_group(const struct bls *c, const struct group *g, const struct point *a)
{
    struct point image, multiple;
    multiply_by_x(c, g, &multiple, a);
    if (g->degree == 1) {
        multiply_by_x(c, g, &multiple, &multiple);
        point_negate(g, &multiple, &multiple);
        phi(c, &image, a);
    } else {
        psi(c, g, &image, a);
    }
    return point_equal(g, &image, &multiple);
}

/* The factor is 1 - x over fp. Over fp2 it is what Budroni and Pintore ("Efficient hash maps
 * to G2 on BLS curves") split into (x^2 - x - 1) + (x - 1) psi + 2 psi^2. */
void
bls_clear_cofactor(const struct bls *c, const struct group *g, struct point *r,
                   const struct point *a)
{
    struct point times_x, image, result, sum;
    multiply_by_x(c, g, &times_x, a);
    point_negate(g, &times_x, &times_x);
    if (g->degree == 1) {
        point_add(g, r, a, &times_x);
        return;
    }
    point_double(g, &result, a);
    psi(c, g, &result, &result);
    psi(c, g, &result, &result);
    psi(c, g, &image, a);
    point_negate(g, &image, &image);
    point_add(g, &sum, &times_x, &image); /* -x - psi */
    point_add(g, &result, &result, &sum);
    point_negate(g, &sum, &sum);
    multiply_by_x(c, g, &sum, &sum); /* x^2 + x psi */
    point_add(g, &result, &result, &sum);
    point_negate(g, &sum, a);
    point_add(g, r, &result, &sum);
}
