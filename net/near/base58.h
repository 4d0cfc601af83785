/* base58: the text form of hashes, keys and signatures (Bitcoin's alphabet, no checksum).
 *
 * Plus the typed forms: "ed25519:…" for keys and signatures. A missing curve prefix means
 * ed25519, its letter case does not matter (as the node's own parser has it). */
#ifndef NET_NEAR_BASE58_H
#define NET_NEAR_BASE58_H

#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/near/crypto.h"

enum {
    BASE58_MAX_BYTES = 128,     /* nothing longer is ever written in base58 here */
    HASH_TEXT = 48,             /* room for the text of a hash, with its NUL */
    KEY_TEXT = 112,             /* room for the text of any key, with its NUL */
    SIGNATURE_TEXT = 112
};

bool base58_encode(struct str bytes, struct buf *out);      /* false beyond BASE58_MAX_BYTES */
enum err base58_decode(struct str text, uint8_t *out, size_t expected, struct diag *d) MUST_USE;

/* Any number of bytes, appended; for what nobody writes any more but the node still reads. Work
 * grows with the square of the length: look at that first. */
enum err base58_decode_any(struct str text, struct buf *out, struct diag *d) MUST_USE;

/* The text goes to out and is returned. */
const char *hash_text(const struct hash *h, char out[HASH_TEXT]);
enum err hash_parse(struct str text, struct hash *out, struct diag *d) MUST_USE;

const char *public_key_text(const struct public_key *key, char out[KEY_TEXT]);
enum err public_key_parse(struct str text, struct public_key *out, struct diag *d) MUST_USE;
const char *signature_text(const struct signature *s, char out[SIGNATURE_TEXT]);
enum err signature_parse(struct str text, struct signature *out, struct diag *d) MUST_USE;
/* 64 bytes: seed, then public key, whose agreement is checked. Diagnostics never quote it. */
enum err secret_key_parse(struct str text, struct secret_key *out, struct diag *d) MUST_USE;

#endif
