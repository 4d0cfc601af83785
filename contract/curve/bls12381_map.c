/* Elements of fp and fp2 to points of BLS12-381: RFC 9380, "simplified SWU for A B = 0", that
 * is, onto a curve with an isogeny to the one that is meant, and along it. */
#include <string.h>
#include "contract/curve/bls12381_curve.h"
#include "net/base/macros.h"

enum polynomial { XN, XD, YN, YD, POLYNOMIAL_COUNT };
enum { MAX_TERMS = 16 };

struct map {
    struct fp2 a, b, z; /* y^2 = x^3 + a x + b; z is no square */
    struct fp2 terms[POLYNOMIAL_COUNT][MAX_TERMS];
    size_t counts[POLYNOMIAL_COUNT];
};

static const struct {
    enum polynomial polynomial;
    const char *digits[2];
} over_fp[] =
    {
#define FP(polynomial, c0) {polynomial, {c0, "0"}},
#define FP2(polynomial, c0, c1)
#include "contract/curve/bls12381_isogeny.def"
#undef FP
#undef FP2
},
  over_fp2[] = {
#define FP(polynomial, c0)
#define FP2(polynomial, c0, c1) {polynomial, {c0, c1}},
#include "contract/curve/bls12381_isogeny.def"
#undef FP
#undef FP2
};

/* RFC 9380, 8.8.1 and 8.8.2. */
#define A1                                                                                     \
    "144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d" \
    "584c1d"
#define B1                                                                                     \
    "12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e9" \
    "8e172be0"
enum { Z1 = 11, A2 = 240, B2 = 1012, MINUS_Z2 = 2 };

static void
set_up(const struct field *f, struct map *over_1, struct map *over_2)
{
    fp_from_hex(f, &over_1->a.c[0], A1);
    fp_from_hex(f, &over_1->b.c[0], B1);
    fp_from_u64(f, &over_1->z.c[0], Z1);
    fp_from_u64(f, &over_2->a.c[1], A2);
    fp_from_u64(f, &over_2->b.c[0], B2);
    over_2->b.c[1] = over_2->b.c[0];
    fp_from_u64(f, &over_2->z.c[0], MINUS_Z2);
    fp_neg(f, &over_2->z.c[0], &over_2->z.c[0]);
    fp_neg(f, &over_2->z.c[1], &f->one);
    for (size_t i = 0; i < ARRAY_LEN(over_fp); i++) {
        enum polynomial p = over_fp[i].polynomial;
        fp_from_hex(f, &over_1->terms[p][over_1->counts[p]++].c[0], over_fp[i].digits[0]);
    }
    for (size_t i = 0; i < ARRAY_LEN(over_fp2); i++) {
        enum polynomial p = over_fp2[i].polynomial;
        struct fp2 *term = &over_2->terms[p][over_2->counts[p]++];
        fp_from_hex(f, &term->c[0], over_fp2[i].digits[0]);
        fp_from_hex(f, &term->c[1], over_fp2[i].digits[1]);
    }
}

static const struct map *
map_of(const struct group *g)
{
    static struct map maps[2];
    static bool is_ready;
    if (!is_ready)
        set_up(&g->tower->fp, &maps[0], &maps[1]);
    is_ready = true;
    return &maps[g->degree - 1];
}

/* x^3 + a x + b */
static void
right_side(const struct group *g, const struct map *m, struct fp2 *r, const struct fp2 *x)
{
    struct fp2 square = {{{{0}}}};
    coordinate_sqr(g, &square, x);
    fp2_add(g->tower, &square, &square, &m->a);
    coordinate_mul(g, &square, &square, x);
    fp2_add(g->tower, r, &square, &m->b);
}

/* RFC 9380's sgn0. */
static bool
is_odd(const struct group *g, const struct fp2 *a)
{
    const struct field *f = &g->tower->fp;
    return fp_is_zero(&a->c[0]) ? fp_is_odd(f, &a->c[1]) : fp_is_odd(f, &a->c[0]);
}

/* The candidate for x: -b (1 + 1 / (z^2 u^4 + z u^2)) / a, or b / (z a) where that has a hole;
 * *zu2 is z u^2, by which it is to be multiplied when it fails. */
static void
first_x(const struct group *g, const struct map *m, struct fp2 *x, struct fp2 *zu2,
        const struct fp2 *u)
{
    const struct tower *t = g->tower;
    struct fp2 sum = {{{{0}}}}, divisor = sum;
    memset(zu2, 0, sizeof(*zu2));
    memset(x, 0, sizeof(*x));
    coordinate_sqr(g, zu2, u);
    coordinate_mul(g, zu2, zu2, &m->z);
    coordinate_sqr(g, &sum, zu2);
    fp2_add(t, &sum, &sum, zu2);
    if (fp2_is_zero(&sum)) {
        coordinate_mul(g, &divisor, &m->z, &m->a);
        coordinate_inv(g, x, &divisor);
    } else {
        coordinate_inv(g, &sum, &sum);
        fp_add(&t->fp, &sum.c[0], &sum.c[0], &t->fp.one);
        coordinate_inv(g, &divisor, &m->a);
        coordinate_mul(g, x, &sum, &divisor);
        fp2_neg(t, x, x);
    }
    coordinate_mul(g, x, x, &m->b);
}

static void
simplified_swu(const struct group *g, const struct map *m, struct affine *r,
               const struct fp2 *u)
{
    struct fp2 square, zu2;
    memset(&r->y, 0, sizeof(r->y));
    first_x(g, m, &r->x, &zu2, u);
    right_side(g, m, &square, &r->x);
    if (!coordinate_sqrt(g, &r->y, &square)) {
        coordinate_mul(g, &r->x, &r->x, &zu2);
        right_side(g, m, &square, &r->x);
        coordinate_sqrt(g, &r->y, &square); /* one of the two is a square */
    }
    if (is_odd(g, u) != is_odd(g, &r->y))
        fp2_neg(g->tower, &r->y, &r->y);
}

static void
evaluate(const struct group *g, const struct map *m, enum polynomial p, struct fp2 *r,
         const struct fp2 *x)
{
    struct fp2 value = {{{{0}}}};
    for (size_t i = m->counts[p]; i-- > 0;) {
        coordinate_mul(g, &value, &value, x);
        fp2_add(g->tower, &value, &value, &m->terms[p][i]);
    }
    *r = value;
}

void
bls_map(const struct group *g, struct point *r, const struct fp2 *u)
{
    const struct map *m = map_of(g);
    struct affine on_other, result;
    struct fp2 values[POLYNOMIAL_COUNT], divisor = {{{{0}}}};
    simplified_swu(g, m, &on_other, u);
    for (int p = 0; p < POLYNOMIAL_COUNT; p++)
        evaluate(g, m, (enum polynomial)p, &values[p], &on_other.x);
    coordinate_mul(g, &divisor, &values[XD], &values[YD]);
    point_infinity(r);
    if (fp2_is_zero(&divisor)) /* the kernel of the isogeny */
        return;
    coordinate_inv(g, &divisor, &divisor);
    memset(&result, 0, sizeof(result));
    coordinate_mul(g, &result.x, &values[XN], &values[YD]);
    coordinate_mul(g, &result.x, &result.x, &divisor);
    coordinate_mul(g, &result.y, &values[YN], &values[XD]);
    coordinate_mul(g, &result.y, &result.y, &divisor);
    coordinate_mul(g, &result.y, &result.y, &on_other.y);
    point_of_affine(g, r, &result);
}
