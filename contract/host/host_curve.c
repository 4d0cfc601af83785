/* Pairing curves: who pays for what, and what is answered. The curves are contract/curve's. */
#include "contract/curve/bls12381.h"
#include "contract/curve/bn254.h"
#include "contract/host/host.h"

/* --- alt_bn128: a bad element ends the call --------------------------------------------------
 */

static struct str
bn254_elements(struct host *h, uint64_t length, uint64_t at, size_t element_bytes,
               enum cost per_element)
{
    struct str elements = guest_bytes(h, length, at);
    if (elements.n % element_bytes)
        host_fail_limit(h, HOST_ALT_BN128_LENGTH, elements.n, element_bytes);
    pay_bytes(h, per_element, elements.n / element_bytes);
    return elements;
}

/* The bytes as the node prints them: hexadecimal numbers in a list, without leading zeros. */
static NORETURN void
bn254_fail(struct host *h, const struct bn254_refusal *why)
{
    struct buf text;
    buf_init(&text, BN254_G2_BYTES * sizeof("FF, ") + 32);
    buf_addf(&text, "invalid %s: [", why->what);
    for (size_t i = 0; i < why->bytes.n; i++)
        buf_addf(&text, "%s%X", i ? ", " : "", (unsigned)(uint8_t)why->bytes.p[i]);
    buf_add_byte(&text, ']');
    const char *message = arena_c(h->arena, buf_str(&text));
    buf_release(&text);
    host_fail_name(h, HOST_ALT_BN128_INPUT, message);
}

void
HOST(alt_bn128_g1_multiexp)(struct Z_env_instance_t *env, uint64_t length, uint64_t at,
                            uint64_t number)
{
    struct host *h = host_of(env);
    struct bn254_refusal why;
    uint8_t result[BN254_G1_BYTES];
    pay(h, COST_ALT_BN128_G1_MULTIEXP_BASE);
    struct str elements =
        bn254_elements(h, length, at, BN254_MULTIEXP_BYTES, COST_ALT_BN128_G1_MULTIEXP_ELEMENT);
    if (!bn254_g1_multiexp(elements, result, &why))
        bn254_fail(h, &why);
    register_set(h, number, str_of(result, sizeof(result)));
}

void
HOST(alt_bn128_g1_sum)(struct Z_env_instance_t *env, uint64_t length, uint64_t at,
                       uint64_t number)
{
    struct host *h = host_of(env);
    struct bn254_refusal why;
    uint8_t result[BN254_G1_BYTES];
    pay(h, COST_ALT_BN128_G1_SUM_BASE);
    struct str elements =
        bn254_elements(h, length, at, BN254_SUM_BYTES, COST_ALT_BN128_G1_SUM_ELEMENT);
    if (!bn254_g1_sum(elements, result, &why))
        bn254_fail(h, &why);
    register_set(h, number, str_of(result, sizeof(result)));
}

uint64_t
HOST(alt_bn128_pairing_check)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    struct bn254_refusal why;
    bool is_one;
    pay(h, COST_ALT_BN128_PAIRING_CHECK_BASE);
    struct str elements = bn254_elements(h, length, at, BN254_PAIRING_BYTES,
                                         COST_ALT_BN128_PAIRING_CHECK_ELEMENT);
    if (!bn254_pairing_check(elements, &is_one, &why))
        bn254_fail(h, &why);
    return is_one;
}

/* --- BLS12-381: a bad element is told by the number returned -------------------------------
 */

static void
bls12381_check_length(struct host *h, const char *label, struct str elements,
                      size_t element_bytes)
{
    if (elements.n % element_bytes)
        host_fail_name(
            h, HOST_BLS12381_INPUT,
            arena_printf(h->arena, "Incorrect input length for %s: %zu is not divisible by %zu",
                         label, elements.n, element_bytes));
}

/* Elements are paid by the length that was passed, before it is known whether that stands for
 * a register: such a call cannot be paid for, on the node neither. */
static uint64_t
bls12381_call(struct host *h, enum bls12381_function f, enum cost base, enum cost per_element,
              const uint64_t arguments[3])
{
    size_t element_bytes = bls12381_element_bytes(f);
    pay(h, base);
    pay_bytes(h, per_element, arguments[0] / element_bytes);
    struct str elements = guest_bytes(h, arguments[0], arguments[1]);
    bls12381_check_length(h, bls12381_label(f), elements, element_bytes);
    size_t n = bls12381_answer_bytes(f, elements.n);
    uint8_t *answer = arena_alloc(h->arena, n + 1);
    if (!bls12381_run(f, elements, answer))
        return 1;
    register_set(h, arguments[2], str_of(answer, n));
    return 0;
}

#define X(id, name, label, degree, operation, element, answer, each)                           \
    uint64_t HOST(name)(struct Z_env_instance_t * env, uint64_t length, uint64_t at,           \
                        uint64_t number)                                                       \
    {                                                                                          \
        return bls12381_call(host_of(env), BLS12381_##id, COST_BLS12381_##id##_BASE,           \
                             COST_BLS12381_##id##_ELEMENT,                                     \
                             (const uint64_t[]){length, at, number});                          \
    }
#include "contract/curve/bls12381.def"
#undef X

uint64_t
HOST(bls12381_pairing_check)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BLS12381_PAIRING_BASE);
    struct str elements = guest_bytes(h, length, at);
    pay_bytes(h, COST_BLS12381_PAIRING_ELEMENT, elements.n / BLS12381_PAIRING_BYTES);
    bls12381_check_length(h, "bls12381_pairing_check", elements, BLS12381_PAIRING_BYTES);
    return bls12381_pairing_check(elements);
}
