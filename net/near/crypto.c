#include "net/near/crypto.h"

#include <assert.h>
#include <string.h>
#include <sodium.h>
#include "net/base/xalloc.h"
#include "net/near/secp.h"

static_assert(sizeof(((struct hasher *)NULL)->state) >= sizeof(crypto_hash_sha256_state),
              "the hasher holds the library's state");

void
crypto_start(void)
{
    if (sodium_init() < 0)
        fatal("the cryptography library cannot start");
}

static crypto_hash_sha256_state *
state_of(struct hasher *h)
{
    return (crypto_hash_sha256_state *)(void *)h->state;
}

void
hasher_init(struct hasher *h)
{
    crypto_hash_sha256_init(state_of(h));
}

void
hasher_add(struct hasher *h, const void *p, size_t n)
{
    if (n)
        crypto_hash_sha256_update(state_of(h), p, n);
}

struct hash
hasher_end(struct hasher *h)
{
    struct hash out;
    crypto_hash_sha256_final(state_of(h), out.b);
    return out;
}

struct hash
hash_of_bytes(struct str bytes)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes.p, bytes.n);
    return hasher_end(&h);
}

bool
hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool
hash_is_zero(const struct hash *h)
{
    static const struct hash zero;
    return hash_equal(h, &zero);
}

void
secret_key_from_seed(const uint8_t seed[32], struct secret_key *out)
{
    unsigned char public_half[crypto_sign_PUBLICKEYBYTES];
    crypto_sign_seed_keypair(public_half, out->seed_and_public, seed);
}

void
secret_key_from_name(struct str name, struct secret_key *out)
{
    struct hash seed = hash_of_bytes(name);
    secret_key_from_seed(seed.b, out);
    wipe(&seed, sizeof(seed));
}

struct public_key
secret_key_public(const struct secret_key *key)
{
    struct public_key out = {.curve = 0};
    memcpy(out.b, key->seed_and_public + 32, 32);
    return out;
}

struct signature
secret_key_sign(const struct secret_key *key, struct str message)
{
    struct signature out = {.curve = 0};
    crypto_sign_detached(out.b, NULL, (const unsigned char *)message.p, message.n,
                         key->seed_and_public);
    return out;
}

void
secret_key_wipe(struct secret_key *key)
{
    wipe(key, sizeof(*key));
}

struct secret_key *
secret_key_keep(const struct secret_key *key)
{
    struct secret_key *kept = sodium_malloc(sizeof(*kept));
    if (!kept)
        fatal("no memory for a key");
    *kept = *key;
    return kept;
}

void
secret_key_drop(struct secret_key *take_key)
{
    sodium_free(take_key);      /* wipes */
}

enum { POINT = crypto_core_ed25519_BYTES, SCALAR = crypto_core_ed25519_SCALARBYTES };
static const unsigned char neutral[POINT] = {1};

/* k times a, for a of any order: the library multiplies only in the group of prime order, so
 * it gets eight times a and an eighth of k, and the rest is added. False: a is no point. */
static bool
multiply_any(unsigned char r[POINT], const unsigned char k[SCALAR], const unsigned char a[POINT])
{
    unsigned char eight[POINT], eighth[SCALAR], part[POINT];
    memcpy(r, neutral, POINT);
    memcpy(eight, a, POINT);
    for (unsigned i = 0; i < (k[0] & 7); i++) {
        if (crypto_core_ed25519_add(r, r, a))
            return false;
    }
    for (int i = 0; i < 3; i++) {
        if (crypto_core_ed25519_add(eight, eight, eight))
            return false;
    }
    for (size_t i = 0; i < SCALAR; i++)
        eighth[i] = (unsigned char)(k[i] >> 3 | (i + 1 < SCALAR ? k[i + 1] << 5 : 0));
    if (memcmp(eight, neutral, POINT) == 0 || sodium_is_zero(eighth, SCALAR))
        return true;
    return crypto_scalarmult_ed25519_noclamp(part, eighth, eight) == 0 &&
           crypto_core_ed25519_add(r, r, part) == 0;
}

/* Whether r = s B - k a, with k the hash of all, byte for byte. */
static bool
equation_holds(const unsigned char signature[POINT + SCALAR], const unsigned char key[POINT],
               struct str message)
{
    unsigned char wide[2 * SCALAR] = {0}, k[SCALAR], s[SCALAR], right[POINT], times_key[POINT];
    crypto_hash_sha512_state hash;
    memcpy(wide, signature + POINT, SCALAR);
    crypto_core_ed25519_scalar_reduce(s, wide);
    if (memcmp(s, signature + POINT, SCALAR) != 0)
        return false;
    crypto_hash_sha512_init(&hash);
    crypto_hash_sha512_update(&hash, signature, POINT);
    crypto_hash_sha512_update(&hash, key, POINT);
    crypto_hash_sha512_update(&hash, (const unsigned char *)message.p, message.n);
    crypto_hash_sha512_final(&hash, wide);
    crypto_core_ed25519_scalar_reduce(k, wide);
    memcpy(right, neutral, POINT);
    if (!sodium_is_zero(s, SCALAR) && crypto_scalarmult_ed25519_base_noclamp(right, s))
        return false;
    return multiply_any(times_key, k, key) &&
           crypto_core_ed25519_sub(right, right, times_key) == 0 &&
           memcmp(right, signature, POINT) == 0;
}

/* The library refuses more than the equation does, so its no is looked at again. */
bool
signature_verify(const struct signature *s, const struct public_key *key, struct str message)
{
    if (s->curve != key->curve)
        return false;
    if (s->curve != 0)
        return s->curve == 1 && message.n == SECP_HASH_BYTES &&
               secp_verify((const uint8_t *)message.p, s->b, key->b);
    return crypto_sign_verify_detached(s->b, (const unsigned char *)message.p, message.n,
                                       key->b) == 0 ||
           equation_holds(s->b, key->b, message);
}

bool
public_key_is_point(const struct public_key *key)
{
    return key->curve == 0 && crypto_core_ed25519_is_valid_point(key->b) == 1;
}

size_t
public_key_bytes(const struct public_key *key)
{
    return key->curve == 0 ? 32 : 64;
}

bool
public_key_equal(const struct public_key *a, const struct public_key *b)
{
    return a->curve == b->curve && memcmp(a->b, b->b, public_key_bytes(a)) == 0;
}

void
base64_encode(struct str bytes, struct buf *out)
{
    size_t room = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
    char *at = buf_reserve(out, room);
    if (!at)
        return;
    sodium_bin2base64(at, room, (const unsigned char *)bytes.p, bytes.n,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_grew(out, room - 1);
}

enum err
base64_decode(struct str text, struct buf *out, struct diag *d)
{
    size_t room = text.n / 4 * 3 + 3, used = 0;
    char *at = buf_reserve(out, room);
    if (!at)
        return diag_set(d, ERR_TOO_LARGE, "base64: more than %zu bytes", out->max);
    const char *end = NULL;
    if (text.n % 4 != 0 ||
        sodium_base642bin((unsigned char *)at, room, text.p ? text.p : "", text.n, NULL, &used,
                          &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != (text.p ? text.p + text.n : end))
        return diag_set(d, ERR_SYNTAX, "base64: not in the standard form with padding");
    buf_grew(out, used);
    return OK;
}

void
wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

void
secret_text_free(char *take_text)
{
    if (take_text)
        wipe(take_text, strlen(take_text));
    xfree(take_text);
}

bool
bytes_equal_secretly(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void
random_bytes(void *p, size_t n)
{
    randombytes_buf(p, n);
}
