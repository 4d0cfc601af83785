/* bench_curve: how long the functions over curves take, for one element and for as many as all
 * the gas of a call pays for. The first row of a curve is its setting up, on the first call. */
#include <stdio.h>
#include <string.h>
#include "contract/curve/bls12381.h"
#include "contract/curve/bn254.h"
#include "net/base/clock.h"
#include "net/base/macros.h"
#include "net/base/xalloc.h"
#include "tests/bench/sample.h"

enum { MAX_INPUT = 1 << 23, ROUNDS = 5, MAX_MAPPED = 64 };

enum price {
#define X(name, gas) name,
#include "contract/host/cost.def"
#undef X
    PRICE_COUNT
};
static const uint64_t prices[PRICE_COUNT] = {
#define X(name, gas) [name] = gas,
#include "contract/host/cost.def"
#undef X
};

static uint8_t input[MAX_INPUT], answer[MAX_INPUT];
/* Points of the groups of BLS12-381, by its own maps. */
static uint8_t g1[MAX_MAPPED][96], g2[MAX_MAPPED][192];

static size_t
affordable(enum price base, enum price element, size_t element_bytes)
{
    uint64_t each = prices[element] + element_bytes * prices[READ_MEMORY_BYTE];
    return (size_t)((UINT64_C(300000000000000) - prices[base]) / each);
}

static void
map_points(void)
{
    uint8_t numbers[MAX_MAPPED * 96] = {0};
    for (size_t i = 0; i < MAX_MAPPED; i++)
        numbers[i * 48 + 47] = numbers[i * 96 + 95] = (uint8_t)(i + 1);
    bls12381_run(BLS12381_MAP_FP_TO_G1, str_of(numbers, MAX_MAPPED * 48), g1[0]);
    bls12381_run(BLS12381_MAP_FP2_TO_G2, str_of(numbers, MAX_MAPPED * 96), g2[0]);
}

/* Element number i of the input of a function. */
static void
fill_element(enum bls12381_function f, uint8_t *p, size_t i)
{
    const uint8_t *one = g1[i % MAX_MAPPED], *two = g2[i % MAX_MAPPED];
    switch (f) {
    case BLS12381_P1_SUM: memcpy(p + 1, one, 96); return;
    case BLS12381_P2_SUM: memcpy(p + 1, two, 192); return;
    case BLS12381_G1_MULTIEXP: memset((uint8_t *)memcpy(p, one, 96) + 96, (int)i, 32); return;
    case BLS12381_G2_MULTIEXP: memset((uint8_t *)memcpy(p, two, 192) + 192, (int)i, 32); return;
    case BLS12381_MAP_FP_TO_G1: memset(p + 1, (int)i, 47); return;
    case BLS12381_MAP_FP2_TO_G2: memset(p + 1, (int)i, 47); return;
    case BLS12381_P1_DECOMPRESS: memcpy(p, one, 48); p[0] |= 0x80; return;
    case BLS12381_P2_DECOMPRESS: memcpy(p, two, 96); p[0] |= 0x80; return;
    case BLS12381_FUNCTION_COUNT: return;
    }
}

static void
tell(const char *name, size_t count, const struct sample *s)
{
    char what[64];
    snprintf(what, sizeof(what), "%s, %zu", name, count);
    sample_row(what, sample_median_ns(s) / NS_PER_MS, "ms", "");
}

static void
time_bls(enum bls12381_function f, size_t count)
{
    struct sample s = {.count = 0};
    size_t bytes = bls12381_element_bytes(f);
    memset(input, 0, count * bytes);
    for (size_t i = 0; i < count; i++)
        fill_element(f, input + i * bytes, i);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t begun_ns = clock_monotonic_ns();
        if (!bls12381_run(f, str_of(input, count * bytes), answer))
            fatal("%s: refused", bls12381_name(f));
        sample_add(&s, clock_monotonic_ns() - begun_ns);
    }
    tell(bls12381_name(f), count, &s);
}

static void
time_bls_pairing(size_t count)
{
    struct sample s = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        memcpy(input + i * BLS12381_PAIRING_BYTES, g1[i % MAX_MAPPED], 96);
        memcpy(input + i * BLS12381_PAIRING_BYTES + 96, g2[i % MAX_MAPPED], 192);
    }
    for (int round = 0; round < ROUNDS; round++) {
        int64_t begun_ns = clock_monotonic_ns();
        if (bls12381_pairing_check(str_of(input, count * BLS12381_PAIRING_BYTES)) ==
            BLS12381_REFUSED)
            fatal("bls12381_pairing_check: refused");
        sample_add(&s, clock_monotonic_ns() - begun_ns);
    }
    tell("bls12381_pairing_check", count, &s);
}

/* Powers of the generator times any factors. */
static void
time_bn254_multiexp(size_t count)
{
    struct sample s = {.count = 0};
    struct bn254_refusal why;
    memset(input, 0, count * BN254_MULTIEXP_BYTES);
    for (size_t i = 0; i < count; i++) {
        uint8_t *p = input + i * BN254_MULTIEXP_BYTES;
        p[0] = 1;
        p[32] = 2;
        memset(p + BN254_G1_BYTES, (int)i, 31);
    }
    for (int round = 0; round < ROUNDS; round++) {
        int64_t begun_ns = clock_monotonic_ns();
        if (!bn254_g1_multiexp(str_of(input, count * BN254_MULTIEXP_BYTES), answer, &why))
            fatal("alt_bn128_g1_multiexp: refused");
        sample_add(&s, clock_monotonic_ns() - begun_ns);
    }
    tell("alt_bn128_g1_multiexp", count, &s);
}

int
main(void)
{
    struct sample s = {.count = 0};
    printf("curves: one element, and what 300 Tgas pay for (median of %d)\n", ROUNDS);
    int64_t begun_ns = clock_monotonic_ns();
    (void)bls12381_pairing_check(str_of("", 0));
    sample_add(&s, clock_monotonic_ns() - begun_ns);
    tell("bls12381, first call", 0, &s);
    map_points();
#define X(id, name, label, degree, operation, element, answer, each)                           \
    time_bls(BLS12381_##id, 1);                                                                \
    time_bls(BLS12381_##id,                                                                    \
             affordable(BLS12381_##id##_BASE, BLS12381_##id##_ELEMENT, element));
#include "contract/curve/bls12381.def"
#undef X
    time_bls_pairing(1);
    time_bls_pairing(
        affordable(BLS12381_PAIRING_BASE, BLS12381_PAIRING_ELEMENT, BLS12381_PAIRING_BYTES));
    time_bn254_multiexp(1);
    time_bn254_multiexp(affordable(ALT_BN128_G1_MULTIEXP_BASE, ALT_BN128_G1_MULTIEXP_ELEMENT,
                                   BN254_MULTIEXP_BYTES));
    return 0;
}
