#include "contract/curve/bn254.h"

#include "contract/curve/pairing.h"
#include "net/base/xalloc.h"

#define MODULUS "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
#define ORDER "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"
#define LOOP "19d797039be763ba8" /* 6 x + 2, x = 4965661367192848881 */

static struct curve {
    bool is_ready;
    struct tower tower;
    struct group g1, g2;
    struct pairing pairing;
    struct big order;
} curve;

static const struct curve *
ready(void)
{
    struct tower *t = &curve.tower;
    struct fp2 xi;
    if (curve.is_ready)
        return &curve;
    tower_init(t, MODULUS, 9);
    big_from_hex(&curve.order, ORDER);
    curve.g1 = (struct group){.tower = t, .degree = 1};
    fp_from_u64(&t->fp, &curve.g1.b.c[0], 3);
    curve.g2 = (struct group){.tower = t, .degree = 2};
    fp_from_u64(&t->fp, &xi.c[0], 9);
    xi.c[1] = t->fp.one;
    fp2_inv(t, &xi, &xi);
    fp2_mul(t, &curve.g2.b, &curve.g1.b, &xi);
    curve.pairing = (struct pairing){.tower = t, .is_bn = true};
    big_from_hex(&curve.pairing.loop, LOOP);
    pairing_init(&curve.pairing, ORDER);
    curve.is_ready = true;
    return &curve;
}

/* --- reading: each part notes what is wrong with it ----------------------------------------
 */

static bool
refuse(struct bn254_refusal *why, const char *what, const uint8_t *bytes, size_t n)
{
    *why = (struct bn254_refusal){.what = what, .bytes = str_of(bytes, n)};
    return false;
}

static bool
read_fp(const struct curve *c, struct fp *r, const uint8_t *bytes, struct bn254_refusal *why)
{
    return fp_from_le(&c->tower.fp, r, bytes) || refuse(why, "fq", bytes, BN254_NUMBER_BYTES);
}

static bool
read_g1(const struct curve *c, struct point *r, const uint8_t *bytes, struct bn254_refusal *why)
{
    struct affine a = {.x = {{{{0}}}}};
    if (!read_fp(c, &a.x.c[0], bytes, why) ||
        !read_fp(c, &a.y.c[0], bytes + BN254_NUMBER_BYTES, why))
        return false;
    point_infinity(r);
    if (fp2_is_zero(&a.x) && fp2_is_zero(&a.y))
        return true;
    if (!affine_is_on_curve(&c->g1, &a))
        return refuse(why, "g1", bytes, BN254_G1_BYTES);
    point_of_affine(&c->g1, r, &a);
    return true;
}

/* The group over fp2 is a small part of its curve. */
static bool
read_g2(const struct curve *c, struct point *r, const uint8_t *bytes, struct bn254_refusal *why)
{
    struct affine a;
    struct point multiple;
    for (size_t i = 0; i < 4; i++) {
        struct fp2 *coordinate = i < 2 ? &a.x : &a.y;
        if (!read_fp(c, &coordinate->c[i % 2], bytes + i * BN254_NUMBER_BYTES, why))
            return false;
    }
    point_infinity(r);
    if (fp2_is_zero(&a.x) && fp2_is_zero(&a.y))
        return true;
    if (!affine_is_on_curve(&c->g2, &a))
        return refuse(why, "g2", bytes, BN254_G2_BYTES);
    point_of_affine(&c->g2, r, &a);
    point_multiply(&c->g2, &multiple, r, &c->order);
    return point_is_infinity(&multiple) || refuse(why, "g2", bytes, BN254_G2_BYTES);
}

static bool
big_is_below(const struct big *a, const struct big *b)
{
    for (size_t i = BIG_LIMBS; i-- > 0;) {
        if (a->v[i] != b->v[i])
            return a->v[i] < b->v[i];
    }
    return false;
}

static void
write_g1(const struct curve *c, uint8_t *out, const struct point *a)
{
    struct affine result;
    point_to_affine(&c->g1, &result, a); /* zero at infinity, as it is written */
    fp_to_le(&c->tower.fp, &result.x.c[0], out);
    fp_to_le(&c->tower.fp, &result.y.c[0], out + BN254_NUMBER_BYTES);
}

/* --- what contracts ask for ----------------------------------------------------------------
 */

bool
bn254_g1_sum(struct str elements, uint8_t out[BN254_G1_BYTES], struct bn254_refusal *why)
{
    const struct curve *c = ready();
    struct point sum, a;
    point_infinity(&sum);
    for (size_t at = 0; at < elements.n; at += BN254_SUM_BYTES) {
        const uint8_t *bytes = (const uint8_t *)elements.p + at;
        if (bytes[0] > 1)
            return refuse(why, "bool", bytes, 1);
        if (!read_g1(c, &a, bytes + 1, why))
            return false;
        if (bytes[0])
            point_negate(&c->g1, &a, &a);
        point_add(&c->g1, &sum, &sum, &a);
    }
    write_g1(c, out, &sum);
    return true;
}

bool
bn254_g1_multiexp(struct str elements, uint8_t out[BN254_G1_BYTES], struct bn254_refusal *why)
{
    const struct curve *c = ready();
    size_t count = elements.n / BN254_MULTIEXP_BYTES;
    struct point *points = xcalloc(count + 1, sizeof(*points));
    struct big *factors = xcalloc(count + 1, sizeof(*factors));
    bool is_valid = true;
    for (size_t i = 0; i < count && is_valid; i++) {
        const uint8_t *bytes = (const uint8_t *)elements.p + i * BN254_MULTIEXP_BYTES;
        const uint8_t *factor = bytes + BN254_G1_BYTES;
        is_valid = read_g1(c, &points[i], bytes, why);
        big_from_bytes(&factors[i], factor, BN254_NUMBER_BYTES);
        if (is_valid && !big_is_below(&factors[i], &c->order))
            is_valid = refuse(why, "fr", factor, BN254_NUMBER_BYTES);
    }
    if (is_valid) {
        struct point sum;
        point_sum_of_products(&c->g1, &sum, points, factors, count, big_bits(&c->order));
        write_g1(c, out, &sum);
    }
    xfree(points);
    xfree(factors);
    return is_valid;
}

bool
bn254_pairing_check(struct str elements, bool *is_one, struct bn254_refusal *why)
{
    const struct curve *c = ready();
    struct fp12 product;
    fp12_one(&c->tower, &product);
    for (size_t at = 0; at < elements.n; at += BN254_PAIRING_BYTES) {
        const uint8_t *bytes = (const uint8_t *)elements.p + at;
        struct point p, q;
        struct affine over_fp, over_fp2;
        if (!read_g1(c, &p, bytes, why) || !read_g2(c, &q, bytes + BN254_G1_BYTES, why))
            return false;
        /* A pair with infinity in it is one. */
        if (point_to_affine(&c->g1, &over_fp, &p) && point_to_affine(&c->g2, &over_fp2, &q))
            pairing_miller(&c->pairing, &product, &over_fp, &over_fp2);
    }
    pairing_final(&c->pairing, &product);
    *is_one = fp12_is_one(&c->tower, &product);
    return true;
}
