/* Pairing curves: who pays for what, and what is answered. The curves are contract/curve's. */
#include "contract/curve/bn254.h"
#include "contract/host/host.h"

/* --- alt_bn128: a bad element ends the call -------------------------------------------------- */

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
    struct str elements = bn254_elements(h, length, at, BN254_MULTIEXP_BYTES,
                                         COST_ALT_BN128_G1_MULTIEXP_ELEMENT);
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
