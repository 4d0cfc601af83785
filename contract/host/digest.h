/* digest: the hashes that contracts may ask for and that libsodium has not: Keccak as Ethereum
 * uses it (the padding of the competition, not that of SHA-3) and RIPEMD-160. Whole messages
 * only; sha256 is in net/near/crypto.h. */
#ifndef CONTRACT_HOST_DIGEST_H
#define CONTRACT_HOST_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include "net/base/str.h"

enum { DIGEST_RIPEMD160_BYTES = 20 };

/* out_bytes is 32 (keccak256) or 64 (keccak512). */
void digest_keccak(struct str message, uint8_t *out, size_t out_bytes);
void digest_ripemd160(struct str message, uint8_t out[DIGEST_RIPEMD160_BYTES]);

#endif
