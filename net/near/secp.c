#include "net/near/secp.h"

#include <string.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

static bool
is_high_s(const secp256k1_ecdsa_recoverable_signature *signature)
{
    secp256k1_ecdsa_signature plain, low;
    secp256k1_ecdsa_recoverable_signature_convert(secp256k1_context_static, &plain, signature);
    return secp256k1_ecdsa_signature_normalize(secp256k1_context_static, &low, &plain);
}

bool
secp_recover(const uint8_t hash[SECP_HASH_BYTES],
             const uint8_t signature[SECP_SIGNATURE_BYTES], int id, bool reject_high_s,
             uint8_t out[SECP_KEY_BYTES])
{
    const secp256k1_context *context = secp256k1_context_static;
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    /* Refuses r and s that are not below the order of the group. */
    if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature, id))
        return false;
    if (reject_high_s && is_high_s(&parsed))
        return false;
    if (!secp256k1_ecdsa_recover(context, &key, &parsed, hash))
        return false;
    uint8_t tagged[1 + SECP_KEY_BYTES];
    size_t n = sizeof(tagged);
    secp256k1_ec_pubkey_serialize(context, tagged, &n, &key, SECP256K1_EC_UNCOMPRESSED);
    memcpy(out, tagged + 1, SECP_KEY_BYTES);
    return true;
}

bool
secp_verify(const uint8_t hash[SECP_HASH_BYTES],
            const uint8_t signature[SECP_SIGNATURE_BYTES + 1],
            const uint8_t key[SECP_KEY_BYTES])
{
    const secp256k1_context *context = secp256k1_context_static;
    secp256k1_ecdsa_signature parsed;
    secp256k1_pubkey public;
    uint8_t tagged[1 + SECP_KEY_BYTES] = {SECP256K1_TAG_PUBKEY_UNCOMPRESSED};
    memcpy(tagged + 1, key, SECP_KEY_BYTES);
    return signature[SECP_SIGNATURE_BYTES] < 4 &&
           secp256k1_ec_pubkey_parse(context, &public, tagged, sizeof(tagged)) &&
           secp256k1_ecdsa_signature_parse_compact(context, &parsed, signature) &&
           secp256k1_ecdsa_verify(context, &parsed, hash, &public);
}
