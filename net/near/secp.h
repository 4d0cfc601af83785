/* secp: signatures on secp256k1, the curve of Ethereum and Bitcoin, which NEAR's keys may be
 * on too. The only user of libsecp256k1. Verifies, and tells whose key made a signature; no
 * secret passes here, and nothing is set up before the call. */
#ifndef NET_NEAR_SECP_H
#define NET_NEAR_SECP_H

#include <stdbool.h>
#include <stdint.h>

enum { SECP_HASH_BYTES = 32, SECP_SIGNATURE_BYTES = 64, SECP_KEY_BYTES = 64 };

/* `signature` is r then s, big-endian; `id`, 0 to 3, says which of the keys that fit is meant.
 * `reject_high_s` refuses the larger of the two values of s that are worth the same. The key
 * is x then y, big-endian. False when there is no such key, and out is as it was. */
bool secp_recover(const uint8_t hash[SECP_HASH_BYTES],
                  const uint8_t signature[SECP_SIGNATURE_BYTES], int id, bool reject_high_s,
                  uint8_t out[SECP_KEY_BYTES]);

/* Whether the key made the signature: r, s and the id, which must be 0 to 3 and says no more
 * here. The larger s is refused, as on the node. */
bool secp_verify(const uint8_t hash[SECP_HASH_BYTES],
                 const uint8_t signature[SECP_SIGNATURE_BYTES + 1],
                 const uint8_t key[SECP_KEY_BYTES]);

#endif
