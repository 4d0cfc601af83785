/* Hashes and signatures. What no library here offers yet answers that clearly. */
#include <string.h>
#include "contract/host/host.h"

void
HOST(sha256)(struct Z_env_instance_t *env, uint64_t length, uint64_t at, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_SHA256_BASE);
    struct str bytes = guest_bytes(h, length, at);
    pay_bytes(h, COST_SHA256_BYTE, bytes.n);
    struct hash hash = hash_of_bytes(bytes);
    register_set(h, number, str_of(hash.b, sizeof(hash.b)));
}

uint64_t
HOST(ed25519_verify)(struct Z_env_instance_t *env, uint64_t signature_length,
                     uint64_t signature_at, uint64_t message_length, uint64_t message_at,
                     uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    struct signature signature = {.curve = 0};
    struct public_key key = {.curve = 0};
    pay(h, COST_ED25519_VERIFY_BASE);
    struct str bytes = guest_bytes(h, signature_length, signature_at);
    if (bytes.n != 64)
        host_fail(h, "ED25519 signature verification error: invalid signature length");
    memcpy(signature.b, bytes.p, 64);
    struct str message = guest_bytes(h, message_length, message_at);
    message = arena_str(h->arena, message);
    pay_bytes(h, COST_ED25519_VERIFY_BYTE, message.n);
    bytes = guest_bytes(h, key_length, key_at);
    if (bytes.n != 32)
        host_fail(h, "ED25519 signature verification error: invalid public key length");
    memcpy(key.b, bytes.p, 32);
    return signature_verify(&signature, &key, message);
}

static void
not_here(struct Z_env_instance_t *env, const char *name)
{
    host_fail(host_of(env), "The host function %s is not available on this chain", name);
}

#define NOT_HERE_VOID_3(name)                                                                \
    void HOST(name)(struct Z_env_instance_t * env, uint64_t a, uint64_t b, uint64_t c)       \
    {                                                                                        \
        (void)a, (void)b, (void)c;                                                           \
        not_here(env, #name);                                                                \
    }
NOT_HERE_VOID_3(keccak256)
NOT_HERE_VOID_3(keccak512)
NOT_HERE_VOID_3(ripemd160)
NOT_HERE_VOID_3(alt_bn128_g1_multiexp)
NOT_HERE_VOID_3(alt_bn128_g1_sum)
NOT_HERE_VOID_3(validator_stake)

uint64_t
HOST(ecrecover)(struct Z_env_instance_t *env, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                uint64_t e, uint64_t f, uint64_t g)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    not_here(env, "ecrecover");
    return 0;
}

uint64_t
HOST(alt_bn128_pairing_check)(struct Z_env_instance_t *env, uint64_t a, uint64_t b)
{
    (void)a, (void)b;
    not_here(env, "alt_bn128_pairing_check");
    return 0;
}

void
HOST(validator_total_stake)(struct Z_env_instance_t *env, uint64_t a)
{
    (void)a;
    not_here(env, "validator_total_stake");
}

uint64_t
HOST(promise_yield_create)(struct Z_env_instance_t *env, uint64_t a, uint64_t b, uint64_t c,
                           uint64_t d, uint64_t e, uint64_t f, uint64_t g)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    not_here(env, "promise_yield_create");
    return 0;
}

uint32_t
HOST(promise_yield_resume)(struct Z_env_instance_t *env, uint64_t a, uint64_t b, uint64_t c,
                           uint64_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    not_here(env, "promise_yield_resume");
    return 0;
}

void
HOST(gas)(struct Z_env_instance_t *env, uint32_t operators)
{
    struct host *h = host_of(env);
    rt_charge(&h->env, operators * METER_OP_GAS);
}
