#include "net/near/base58.h"

#include <assert.h>
#include <string.h>
#include "net/base/xalloc.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

enum { DIGITS_MAX = BASE58_MAX_BYTES * 138 / 100 + 2 };

bool
base58_encode(struct str bytes, struct buf *out)
{
    uint8_t digits[DIGITS_MAX];
    size_t used = 0, zeros = 0;
    if (bytes.n > BASE58_MAX_BYTES)
        return false;
    while (zeros < bytes.n && bytes.p[zeros] == 0)
        zeros++;
    for (size_t i = zeros; i < bytes.n; i++) {
        unsigned carry = (unsigned char)bytes.p[i];
        for (size_t j = 0; j < used; j++) {
            carry += (unsigned)digits[j] << 8;
            digits[j] = (uint8_t)(carry % 58);
            carry /= 58;
        }
        for (; carry; carry /= 58)
            digits[used++] = (uint8_t)(carry % 58);
    }
    buf_add_repeat(out, '1', zeros);
    while (used)
        buf_add_byte(out, alphabet[digits[--used]]);
    return !out->overflowed;
}

/* Little-endian base 256 in `bytes`; false when it would not fit. */
static bool
push_digit(uint8_t *bytes, size_t *used, size_t room, unsigned digit)
{
    for (size_t j = 0; j < *used; j++) {
        digit += bytes[j] * 58u;
        bytes[j] = (uint8_t)digit;
        digit >>= 8;
    }
    for (; digit; digit >>= 8) {
        if (*used == room)
            return false;
        bytes[(*used)++] = (uint8_t)digit;
    }
    return true;
}

static enum err
decode_into(struct str text, uint8_t *out, size_t expected, uint8_t bytes[BASE58_MAX_BYTES],
            struct diag *d)
{
    size_t used = 0, zeros = 0;
    while (zeros < text.n && text.p[zeros] == '1')
        zeros++;
    for (size_t i = zeros; i < text.n; i++) {
        const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
        if (!at)
            return diag_set(d, ERR_SYNTAX, "base58: character %zu is not in the alphabet", i + 1);
        if (!push_digit(bytes, &used, expected, (unsigned)(at - alphabet)))
            return diag_set(d, ERR_SYNTAX, "base58: more than %zu bytes", expected);
    }
    if (zeros + used != expected)
        return diag_set(d, ERR_SYNTAX, "base58: %zu bytes where %zu are expected", zeros + used,
                        expected);
    memset(out, 0, zeros);
    for (size_t i = 0; i < used; i++)
        out[zeros + i] = bytes[used - 1 - i];
    return OK;
}

enum err
base58_decode(struct str text, uint8_t *out, size_t expected, struct diag *d)
{
    uint8_t bytes[BASE58_MAX_BYTES];
    assert(expected <= BASE58_MAX_BYTES);
    enum err e = decode_into(text, out, expected, bytes, d);
    wipe(bytes, sizeof(bytes));     /* it may have been a key, or most of one */
    return e;
}

enum err
base58_decode_any(struct str text, struct buf *out, struct diag *d)
{
    uint8_t *bytes = xmalloc(text.n + 1);
    size_t used = 0, zeros = 0;
    enum err e = OK;
    while (zeros < text.n && text.p[zeros] == '1')
        zeros++;
    for (size_t i = zeros; i < text.n && !e; i++) {
        const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
        if (!at || !push_digit(bytes, &used, text.n, (unsigned)(at - alphabet)))
            e = diag_set(d, ERR_SYNTAX, "base58: character %zu is not in the alphabet", i + 1);
    }
    if (!e) {
        buf_add_repeat(out, '\0', zeros);
        while (used)
            buf_add_byte(out, (char)bytes[--used]);
    }
    xfree(bytes);
    return e;
}

static const char *
write_text(const char *prefix, const void *bytes, size_t n, char *out, size_t room)
{
    struct buf text;
    buf_init(&text, room - 1);
    buf_add_c(&text, prefix);
    bool is_written = base58_encode(str_of(bytes, n), &text);
    assert(is_written);
    (void)is_written;
    memcpy(out, buf_c(&text), text.n + 1);
    buf_release(&text);
    return out;
}

const char *
hash_text(const struct hash *h, char out[HASH_TEXT])
{
    return write_text("", h->b, sizeof(h->b), out, HASH_TEXT);
}

enum err
hash_parse(struct str text, struct hash *out, struct diag *d)
{
    enum err e = base58_decode(text, out->b, sizeof(out->b), d);
    if (e)
        diag_prefix(d, "hash");
    return e;
}

/* Takes "ed25519:" or "secp256k1:" off the front; no colon means ed25519. */
static enum err
take_curve(struct str *text, uint8_t *curve, struct diag *d)
{
    ptrdiff_t colon = str_find_byte(*text, ':');
    struct str name = colon < 0 ? STR("ed25519") : str_slice(*text, 0, (size_t)colon);
    *text = str_slice(*text, (size_t)(colon + 1), text->n);
    if (str_equal_nocase(name, STR("ed25519"))) {
        *curve = 0;
        return OK;
    }
    if (str_equal_nocase(name, STR("secp256k1"))) {
        *curve = 1;
        return OK;
    }
    return diag_set(d, ERR_SYNTAX, "unknown key type: expected ed25519: or secp256k1:");
}

static const char *
curve_prefix(uint8_t curve)
{
    return curve == 0 ? "ed25519:" : "secp256k1:";
}

const char *
public_key_text(const struct public_key *key, char out[KEY_TEXT])
{
    return write_text(curve_prefix(key->curve), key->b, public_key_bytes(key), out, KEY_TEXT);
}

enum err
public_key_parse(struct str text, struct public_key *out, struct diag *d)
{
    struct public_key key = {0};
    enum err e = take_curve(&text, &key.curve, d);
    if (!e)
        e = base58_decode(text, key.b, public_key_bytes(&key), d);
    if (!e)
        *out = key;
    else
        diag_prefix(d, "public key");
    return e;
}

const char *
signature_text(const struct signature *s, char out[SIGNATURE_TEXT])
{
    return write_text(curve_prefix(s->curve), s->b, s->curve == 0 ? 64 : 65, out,
                      SIGNATURE_TEXT);
}

enum err
signature_parse(struct str text, struct signature *out, struct diag *d)
{
    struct signature s = {0};
    enum err e = take_curve(&text, &s.curve, d);
    if (!e)
        e = base58_decode(text, s.b, s.curve == 0 ? 64 : 65, d);
    if (!e)
        *out = s;
    else
        diag_prefix(d, "signature");
    return e;
}

enum err
secret_key_parse(struct str text, struct secret_key *out, struct diag *d)
{
    uint8_t curve, bytes[64];
    if (take_curve(&text, &curve, NULL) != OK || curve != 0)
        return diag_set(d, ERR_UNSUPPORTED, "secret key: only ed25519 keys can sign here");
    if (base58_decode(text, bytes, sizeof(bytes), NULL) != OK)
        return diag_set(d, ERR_SYNTAX, "secret key: expected ed25519: and 64 bytes in base58");
    struct secret_key key;
    secret_key_from_seed(bytes, &key);
    bool agrees = memcmp(key.seed_and_public, bytes, sizeof(bytes)) == 0;
    wipe(bytes, sizeof(bytes));
    if (agrees)
        *out = key;
    secret_key_wipe(&key);
    return agrees ? OK
                  : diag_set(d, ERR_CRYPTO, "secret key: its two halves do not belong together");
}
