/* Points and numbers as contracts hand them over: the first byte says for which function, what
 * follows is cut to a few whole elements. What is taken must be written as it was read, and
 * every point in an answer must be taken again. */
#include <string.h>
#include "contract/curve/bls12381.h"
#include "contract/curve/bn254.h"
#include "net/base/macros.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_ELEMENTS = 3, POINT_1 = 96, POINT_2 = 192, MAX_ANSWER = MOST_ELEMENTS * POINT_2 };
enum { BN254_SUM = BLS12381_FUNCTION_COUNT, BN254_MULTIEXP, BN254_CHECK, BLS12381_CHECK, KINDS };

static struct str
elements_of(struct str input, size_t element_bytes)
{
    size_t count = input.n / element_bytes;
    return str_slice(input, 0, (count < MOST_ELEMENTS ? count : MOST_ELEMENTS) * element_bytes);
}

static void
try_bls(enum bls12381_function f, struct str input)
{
    uint8_t answer[MAX_ANSWER], again[POINT_2], element[1 + POINT_2] = {0};
    struct str elements = elements_of(input, bls12381_element_bytes(f));
    size_t n = bls12381_answer_bytes(f, elements.n);
    bool is_over_fp = f == BLS12381_P1_SUM || f == BLS12381_G1_MULTIEXP ||
                      f == BLS12381_MAP_FP_TO_G1 || f == BLS12381_P1_DECOMPRESS;
    size_t point = is_over_fp ? POINT_1 : POINT_2;
    MUST(n <= sizeof(answer) && n % point == 0);
    if (!bls12381_run(f, elements, answer))
        return;
    for (size_t at = 0; at < n; at += point) {
        static const uint8_t zeros[POINT_2 / 2];
        memcpy(element + 1, answer + at, point);
        /* A sum may be one of the points with x = 0, which are not taken. */
        if (memcmp(answer + at, zeros, point / 2) == 0)
            continue;
        MUST(bls12381_run(is_over_fp ? BLS12381_P1_SUM : BLS12381_P2_SUM,
                          str_of(element, 1 + point), again));
        MUST(memcmp(again, answer + at, point) == 0);
    }
    if ((f == BLS12381_P1_SUM || f == BLS12381_P2_SUM) && elements.n == 1 + point &&
        elements.p[0] == 0)
        MUST(memcmp(answer, elements.p + 1, point) == 0);
}

static void
try_bn254(int kind, struct str input)
{
    static const size_t bytes[] = {BN254_SUM_BYTES, BN254_MULTIEXP_BYTES, BN254_PAIRING_BYTES};
    struct str elements = elements_of(input, bytes[kind - BN254_SUM]);
    struct bn254_refusal why = {.what = NULL};
    uint8_t answer[BN254_G1_BYTES], element[BN254_SUM_BYTES] = {0};
    bool is_one, is_taken;
    if (kind == BN254_CHECK)
        is_taken = bn254_pairing_check(elements, &is_one, &why);
    else
        is_taken = (kind == BN254_SUM ? bn254_g1_sum : bn254_g1_multiexp)(elements, answer, &why);
    if (!is_taken) {
        MUST(why.what && why.bytes.p >= elements.p &&
             why.bytes.p + why.bytes.n <= elements.p + elements.n);
    } else if (kind != BN254_CHECK) {
        memcpy(element + 1, answer, sizeof(answer));
        MUST(bn254_g1_sum(str_of(element, sizeof(element)), answer, &why));
        MUST(memcmp(answer, element + 1, sizeof(answer)) == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    int kind = data[0] % KINDS;
    struct str rest = str_of(data + 1, size - 1);
    if (kind < BLS12381_FUNCTION_COUNT)
        try_bls((enum bls12381_function)kind, rest);
    else if (kind == BLS12381_CHECK)
        MUST(bls12381_pairing_check(elements_of(rest, BLS12381_PAIRING_BYTES)) <=
             BLS12381_IS_NOT_ONE);
    else
        try_bn254(kind, rest);
    return 0;
}
