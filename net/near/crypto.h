/* crypto: sha256, ed25519, base64 and wiping. The only user of libsodium.
 *
 * A secret key lives in `struct secret_key` only, is never printed, logged or copied around,
 * and is wiped by secret_key_wipe; one that lives longer than a function is a kept one.
 * crypto_start() must have run once in the process. */
#ifndef NET_NEAR_CRYPTO_H
#define NET_NEAR_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/base/str.h"

struct hash {
    uint8_t b[32];      /* sha256 of something; all zero where the protocol says "none" */
};

struct public_key {
    uint8_t curve;      /* 0 ed25519, 1 secp256k1 */
    uint8_t b[64];      /* ed25519 uses the first 32 */
};

struct signature {
    uint8_t curve;
    uint8_t b[65];      /* ed25519 uses the first 64 */
};

struct secret_key {
    uint8_t seed_and_public[64];    /* ed25519: seed, then public key; wiped after use */
};

/* Aborts when the library cannot start. Any number of calls. */
void crypto_start(void);

struct hash hash_of_bytes(struct str bytes);
bool hash_equal(const struct hash *a, const struct hash *b);
bool hash_is_zero(const struct hash *h);

/* For hashing in pieces. */
struct hasher {
    _Alignas(16) unsigned char state[128];
};
void hasher_init(struct hasher *h);
void hasher_add(struct hasher *h, const void *p, size_t n);
struct hash hasher_end(struct hasher *h);

/* The key whose ed25519 seed is given. */
void secret_key_from_seed(const uint8_t seed[32], struct secret_key *out);
/* The seed is sha256 of the name: the keys of the demo's and the tests' accounts, no secret. */
void secret_key_from_name(struct str name, struct secret_key *out);
struct public_key secret_key_public(const struct secret_key *key);
struct signature secret_key_sign(const struct secret_key *key, struct str message);
void secret_key_wipe(struct secret_key *key);
/* A copy for keeping: in pages of its own that are never swapped out nor dumped, as far as the
 * system lets us. Wiped and given back by secret_key_drop; NULL is fine there. */
struct secret_key *secret_key_keep(const struct secret_key *key) MUST_USE;
void secret_key_drop(struct secret_key *take_key);
/* Of either curve, as the node does. On ed25519 by the equation alone, and s below the order of
 * the group: keys of small order are not refused, nor those that are not written in the one
 * canonical way. On secp256k1 the message must be a hash of 32 bytes, and s the smaller one. */
bool signature_verify(const struct signature *s, const struct public_key *key, struct str message);
bool public_key_equal(const struct public_key *a, const struct public_key *b);
/* A point of ed25519's main group, as every well-made key is; not so any other curve's. */
bool public_key_is_point(const struct public_key *key);
size_t public_key_bytes(const struct public_key *key);      /* 32 or 64, by curve */

/* Standard base64 with padding. Decoding is strict and bounded by out's ceiling. */
void base64_encode(struct str bytes, struct buf *out);
enum err base64_decode(struct str text, struct buf *out, struct diag *d) MUST_USE;

void wipe(void *p, size_t n);       /* not removed by the compiler */
void secret_text_free(char *take_text);     /* wipes it first; NULL is fine */
/* In a time that does not tell where they differ. */
bool bytes_equal_secretly(const void *a, const void *b, size_t n);
void random_bytes(void *p, size_t n);

#endif
