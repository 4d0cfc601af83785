#include "net/near/borsh.h"

#include <assert.h>
#include <string.h>

static void
put_little_endian(struct buf *b, uint64_t value, size_t bytes)
{
    char out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (char)(value >> (8 * i) & 0xFF);
    buf_add(b, out, bytes);
}

void
borsh_put_u8(struct buf *b, uint8_t value)
{
    put_little_endian(b, value, 1);
}

void
borsh_put_u16(struct buf *b, uint16_t value)
{
    put_little_endian(b, value, 2);
}

void
borsh_put_u32(struct buf *b, uint32_t value)
{
    put_little_endian(b, value, 4);
}

void
borsh_put_u64(struct buf *b, uint64_t value)
{
    put_little_endian(b, value, 8);
}

void
borsh_put_u128(struct buf *b, struct amount value)
{
    borsh_put_u64(b, value.lo);
    borsh_put_u64(b, value.hi);
}

void
borsh_put_bytes(struct buf *b, struct str bytes)
{
    assert(bytes.n <= UINT32_MAX);
    borsh_put_u32(b, (uint32_t)bytes.n);
    buf_add_str(b, bytes);
}

void
borsh_put_hash(struct buf *b, const struct hash *h)
{
    buf_add(b, h->b, sizeof(h->b));
}

void
borsh_put_public_key(struct buf *b, const struct public_key *key)
{
    borsh_put_u8(b, key->curve);
    buf_add(b, key->b, public_key_bytes(key));
}

void
borsh_put_signature(struct buf *b, const struct signature *s)
{
    borsh_put_u8(b, s->curve);
    buf_add(b, s->b, s->curve == 0 ? 64 : 65);
}

void
borsh_reader_init(struct borsh_reader *r, struct str bytes)
{
    *r = (struct borsh_reader){.rest = bytes};
}

/* A view of the next n bytes; an empty one, and the fault noted, when they are not there. */
static struct str
take(struct borsh_reader *r, size_t n, const char *what)
{
    if (r->fault || r->rest.n < n) {
        if (!r->fault)
            r->fault = what;
        return (struct str){NULL, 0};
    }
    struct str taken = str_slice(r->rest, 0, n);
    r->rest = str_slice(r->rest, n, r->rest.n);
    return taken;
}

static uint64_t
take_little_endian(struct borsh_reader *r, size_t bytes, const char *what)
{
    struct str taken = take(r, bytes, what);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.n; i++)
        value |= (uint64_t)(unsigned char)taken.p[i] << (8 * i);
    return value;
}

uint8_t
borsh_take_u8(struct borsh_reader *r, const char *what)
{
    return (uint8_t)take_little_endian(r, 1, what);
}

uint32_t
borsh_take_u32(struct borsh_reader *r, const char *what)
{
    return (uint32_t)take_little_endian(r, 4, what);
}

uint64_t
borsh_take_u64(struct borsh_reader *r, const char *what)
{
    return take_little_endian(r, 8, what);
}

struct amount
borsh_take_u128(struct borsh_reader *r, const char *what)
{
    struct amount value;
    value.lo = borsh_take_u64(r, what);
    value.hi = borsh_take_u64(r, what);
    return value;
}

struct str
borsh_take_bytes(struct borsh_reader *r, const char *what)
{
    return take(r, borsh_take_u32(r, what), what);
}

struct hash
borsh_take_hash(struct borsh_reader *r, const char *what)
{
    struct hash h = {0};
    struct str bytes = take(r, sizeof(h.b), what);
    if (bytes.n)
        memcpy(h.b, bytes.p, bytes.n);
    return h;
}

/* Curve tag, then as many bytes as the curve has; a tag that is neither is a fault. */
static uint8_t
take_curved(struct borsh_reader *r, const size_t sizes[2], uint8_t *out, const char *what)
{
    uint8_t curve = borsh_take_u8(r, what);
    if (curve > 1 && !r->fault) {
        r->has_unknown_curve = true;
        r->curve = curve;
        r->fault = what;
    }
    struct str bytes = take(r, sizes[curve & 1], what);
    if (bytes.n)
        memcpy(out, bytes.p, bytes.n);
    return r->fault ? 0 : curve;
}

struct public_key
borsh_take_public_key(struct borsh_reader *r, const char *what)
{
    static const size_t sizes[2] = {32, 64};
    struct public_key key = {0};
    key.curve = take_curved(r, sizes, key.b, what);
    return key;
}

struct signature
borsh_take_signature(struct borsh_reader *r, const char *what)
{
    static const size_t sizes[2] = {64, 65};
    struct signature s = {0};
    s.curve = take_curved(r, sizes, s.b, what);
    return s;
}

enum err
borsh_take_account(struct borsh_reader *r, const char *what, struct account_id *out, struct diag *d)
{
    struct str text = borsh_take_bytes(r, what);
    if (r->fault)
        return OK;
    char why[ACCOUNT_FAULT_TEXT];
    if (!account_is_valid(text))
        return diag_set(d, ERR_SYNTAX, "%s", account_fault(text, why));
    return account_parse(text, out, d);
}
