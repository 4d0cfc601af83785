#include "contract/curve/recover.h"

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
recover_key(const uint8_t hash[RECOVER_HASH_BYTES],
            const uint8_t signature[RECOVER_SIGNATURE_BYTES], int id, bool reject_high_s,
            uint8_t out[RECOVER_KEY_BYTES])
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
    uint8_t tagged[1 + RECOVER_KEY_BYTES];
    size_t n = sizeof(tagged);
    secp256k1_ec_pubkey_serialize(context, tagged, &n, &key, SECP256K1_EC_UNCOMPRESSED);
    memcpy(out, tagged + 1, RECOVER_KEY_BYTES);
    return true;
}
