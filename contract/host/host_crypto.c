/* Hashes and signatures. */
#include <string.h>
#include "contract/host/digest.h"
#include "contract/host/host.h"
#include "net/near/secp.h"

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
        host_fail_name(h, HOST_ED25519_INPUT, "invalid signature length");
    /* A number this large is no signature; the node sees that before it reads on. */
    if ((uint8_t)bytes.p[63] & 0xE0)
        return 0;
    memcpy(signature.b, bytes.p, 64);
    struct str message = guest_bytes(h, message_length, message_at);
    message = arena_str(h->arena, message);
    pay_bytes(h, COST_ED25519_VERIFY_BYTE, message.n);
    bytes = guest_bytes(h, key_length, key_at);
    if (bytes.n != 32)
        host_fail_name(h, HOST_ED25519_INPUT, "invalid public key length");
    memcpy(key.b, bytes.p, 32);
    return signature_verify(&signature, &key, message);
}

static void
keccak(struct host *h, enum cost per_byte, struct str message, uint64_t number,
       size_t out_bytes)
{
    uint8_t digest[64];
    pay_bytes(h, per_byte, message.n);
    digest_keccak(message, digest, out_bytes);
    register_set(h, number, str_of(digest, out_bytes));
}

void
HOST(keccak256)(struct Z_env_instance_t *env, uint64_t length, uint64_t at, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_KECCAK256_BASE);
    keccak(h, COST_KECCAK256_BYTE, guest_bytes(h, length, at), number, 32);
}

void
HOST(keccak512)(struct Z_env_instance_t *env, uint64_t length, uint64_t at, uint64_t number)
{
    struct host *h = host_of(env);
    pay(h, COST_KECCAK512_BASE);
    keccak(h, COST_KECCAK512_BYTE, guest_bytes(h, length, at), number, 64);
}

void
HOST(ripemd160)(struct Z_env_instance_t *env, uint64_t length, uint64_t at, uint64_t number)
{
    struct host *h = host_of(env);
    uint8_t digest[DIGEST_RIPEMD160_BYTES];
    pay(h, COST_RIPEMD160_BASE);
    struct str message = guest_bytes(h, length, at);
    pay_bytes(h, COST_RIPEMD160_BLOCK, (message.n + 8) / 64 + 1);
    digest_ripemd160(message, digest);
    register_set(h, number, str_of(digest, sizeof(digest)));
}

uint64_t
HOST(ecrecover)(struct Z_env_instance_t *env, uint64_t hash_length, uint64_t hash_at,
                uint64_t signature_length, uint64_t signature_at, uint64_t v,
                uint64_t malleability, uint64_t number)
{
    struct host *h = host_of(env);
    uint8_t signature[SECP_SIGNATURE_BYTES], key[SECP_KEY_BYTES];
    pay(h, COST_ECRECOVER_BASE);
    struct str bytes = guest_bytes(h, signature_length, signature_at);
    if (bytes.n != sizeof(signature))
        host_fail_at(h, HOST_ECRECOVER_SIGNATURE, bytes.n);
    memcpy(signature, bytes.p, sizeof(signature));
    if (v > 3)
        host_fail_at(h, HOST_ECRECOVER_V, v);
    struct str hash = guest_bytes(h, hash_length, hash_at);
    if (hash.n != SECP_HASH_BYTES)
        host_fail_at(h, HOST_ECRECOVER_HASH, hash.n);
    if (malleability > 1)
        host_fail_at(h, HOST_ECRECOVER_FLAG, malleability);
    if (!secp_recover((const uint8_t *)hash.p, signature, (int)v, malleability == 1, key))
        return 0;
    register_set(h, number, str_of(key, sizeof(key)));
    return 1;
}
