/* recover: whose key made a signature on secp256k1, what Ethereum calls ecrecover. The only
 * user of libsecp256k1. Nothing secret passes here, and nothing is set up before the call. */
#ifndef CONTRACT_CURVE_RECOVER_H
#define CONTRACT_CURVE_RECOVER_H

#include <stdbool.h>
#include <stdint.h>

enum { RECOVER_HASH_BYTES = 32, RECOVER_SIGNATURE_BYTES = 64, RECOVER_KEY_BYTES = 64 };

/* `signature` is r then s, big-endian; `id`, 0 to 3, says which of the keys that fit is meant.
 * `reject_high_s` refuses the larger of the two values of s that are worth the same. The key
 * is x then y, big-endian. False when there is no such key, and out is as it was. */
bool recover_key(const uint8_t hash[RECOVER_HASH_BYTES],
                 const uint8_t signature[RECOVER_SIGNATURE_BYTES], int id, bool reject_high_s,
                 uint8_t out[RECOVER_KEY_BYTES]);

#endif
