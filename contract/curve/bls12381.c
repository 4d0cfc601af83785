#include "contract/curve/bls12381.h"

#include "contract/curve/bls12381_curve.h"
#include "net/base/macros.h"
#include "net/base/xalloc.h"

typedef bool (*operation_fn)(const struct bls *c, const struct group *g, struct str elements,
                             uint8_t *out);

static const uint8_t *
bytes_at(struct str elements, size_t at)
{
    return (const uint8_t *)elements.p + at;
}

/* Elements are a sign, 0 or 1, and a point. */
static bool
sum(const struct bls *c, const struct group *g, struct str elements, uint8_t *out)
{
    size_t size = 1 + 2 * bls_coordinate_bytes(g);
    struct point total, a;
    (void)c;
    point_infinity(&total);
    for (size_t at = 0; at < elements.n; at += size) {
        uint8_t sign = *bytes_at(elements, at);
        if (sign > 1 || !bls_read_point(g, &a, bytes_at(elements, at + 1)))
            return false;
        if (sign)
            point_negate(g, &a, &a);
        point_add(g, &total, &total, &a);
    }
    bls_write_point(g, out, &total);
    return true;
}

/* Elements are a point and a factor, which may be any number of 256 bits. */
static bool
multiexp(const struct bls *c, const struct group *g, struct str elements, uint8_t *out)
{
    size_t point_bytes = 2 * bls_coordinate_bytes(g), size = point_bytes + BLS_FACTOR_BYTES;
    size_t count = elements.n / size;
    struct point *points = xcalloc(count + 1, sizeof(*points));
    struct big *factors = xcalloc(count + 1, sizeof(*factors));
    bool is_valid = true;
    for (size_t i = 0; i < count && is_valid; i++) {
        const uint8_t *bytes = bytes_at(elements, i * size);
        is_valid = bls_read_point(g, &points[i], bytes) && bls_is_in_group(c, g, &points[i]);
        big_from_bytes(&factors[i], bytes + point_bytes, BLS_FACTOR_BYTES);
    }
    if (is_valid) {
        struct point total;
        point_sum_of_products(g, &total, points, factors, count, BLS_FACTOR_BITS);
        bls_write_point(g, out, &total);
    }
    xfree(points);
    xfree(factors);
    return is_valid;
}

static bool
map(const struct bls *c, const struct group *g, struct str elements, uint8_t *out)
{
    size_t size = bls_coordinate_bytes(g);
    struct point a;
    struct fp2 u;
    for (size_t at = 0; at < elements.n; at += size) {
        if (!bls_read_coordinate(g, &u, bytes_at(elements, at)))
            return false;
        bls_map(g, &a, &u);
        bls_clear_cofactor(c, g, &a, &a);
        bls_write_point(g, out + 2 * at, &a);
    }
    return true;
}

static bool
decompress(const struct bls *c, const struct group *g, struct str elements, uint8_t *out)
{
    size_t size = bls_coordinate_bytes(g);
    struct point a;
    (void)c;
    for (size_t at = 0; at < elements.n; at += size) {
        if (!bls_read_compressed(g, &a, bytes_at(elements, at)))
            return false;
        bls_write_point(g, out + 2 * at, &a);
    }
    return true;
}

static const struct {
    const char *name, *label;
    int degree;
    operation_fn operation;
    size_t element_bytes, answer_bytes;
    bool is_for_each;
} functions[BLS12381_FUNCTION_COUNT] = {
#define X(id, name, label, degree, operation, element, answer, each)                           \
    {#name, label, degree, operation, element, answer, each},
#include "contract/curve/bls12381.def"
#undef X
};

const char *
bls12381_name(enum bls12381_function f)
{
    return functions[f].name;
}

const char *
bls12381_label(enum bls12381_function f)
{
    return functions[f].label;
}

size_t
bls12381_element_bytes(enum bls12381_function f)
{
    return functions[f].element_bytes;
}

size_t
bls12381_answer_bytes(enum bls12381_function f, size_t input_bytes)
{
    size_t answers = functions[f].is_for_each ? input_bytes / functions[f].element_bytes : 1;
    return answers * functions[f].answer_bytes;
}

bool
bls12381_run(enum bls12381_function f, struct str elements, uint8_t *out)
{
    const struct bls *c = bls_ready();
    return functions[f].operation(c, &c->groups[functions[f].degree - 1], elements, out);
}

/* --- pairings ---------------------------------------------------------------------------- */

static bool
read_member(const struct bls *c, const struct group *g, struct point *r, const uint8_t *bytes)
{
    return bls_read_point(g, r, bytes) && bls_is_in_group(c, g, r);
}

enum bls12381_check
bls12381_pairing_check(struct str elements)
{
    const struct bls *c = bls_ready();
    const struct group *g1 = &c->groups[0], *g2 = &c->groups[1];
    size_t g1_bytes = 2 * bls_coordinate_bytes(g1);
    struct fp12 product;
    fp12_one(&c->tower, &product);
    for (size_t at = 0; at < elements.n; at += BLS12381_PAIRING_BYTES) {
        struct point p, q;
        struct affine over_fp, over_fp2;
        if (!read_member(c, g1, &p, bytes_at(elements, at)) ||
            !read_member(c, g2, &q, bytes_at(elements, at + g1_bytes)))
            return BLS12381_REFUSED;
        /* A pair with infinity in it is one. */
        if (point_to_affine(g1, &over_fp, &p) && point_to_affine(g2, &over_fp2, &q))
            pairing_miller(&c->pairing, &product, &over_fp, &over_fp2);
    }
    pairing_final(&c->pairing, &product);
    return fp12_is_one(&c->tower, &product) ? BLS12381_IS_ONE : BLS12381_IS_NOT_ONE;
}
