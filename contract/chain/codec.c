#include "contract/chain/codec.h"

#include <string.h>

struct codec
codec_put(struct buf *out)
{
    return (struct codec){.out = out};
}

struct codec
codec_take(struct str bytes, struct arena *arena)
{
    struct codec k = {.is_taking = true, .arena = arena};
    borsh_reader_init(&k.in, bytes);
    return k;
}

bool
codec_is_done(const struct codec *k)
{
    return !k->in.fault && k->in.rest.n == 0;
}

void
code_u8(struct codec *k, uint8_t *v)
{
    if (k->is_taking)
        *v = borsh_take_u8(&k->in, "a byte");
    else
        borsh_put_u8(k->out, *v);
}

void
code_bool(struct codec *k, bool *v)
{
    uint8_t byte = *v;
    code_u8(k, &byte);
    if (byte > 1)
        k->in.fault = "a truth value";
    *v = byte == 1;
}

void
code_u64(struct codec *k, uint64_t *v)
{
    if (k->is_taking)
        *v = borsh_take_u64(&k->in, "a number");
    else
        borsh_put_u64(k->out, *v);
}

void
code_size(struct codec *k, size_t *v)
{
    uint64_t wide = *v;
    code_u64(k, &wide);
    *v = (size_t)wide;
}

void
code_amount(struct codec *k, struct amount *v)
{
    if (k->is_taking)
        *v = borsh_take_u128(&k->in, "an amount");
    else
        borsh_put_u128(k->out, *v);
}

void
code_hash(struct codec *k, struct hash *v)
{
    if (k->is_taking)
        *v = borsh_take_hash(&k->in, "a hash");
    else
        borsh_put_hash(k->out, v);
}

void
code_public_key(struct codec *k, struct public_key *v)
{
    if (k->is_taking)
        *v = borsh_take_public_key(&k->in, "a key");
    else
        borsh_put_public_key(k->out, v);
}

void
code_account(struct codec *k, struct account_id *v)
{
    if (!k->is_taking) {
        borsh_put_bytes(k->out, account_str(v));
        return;
    }
    if (!str_copy(borsh_take_bytes(&k->in, "a name"), v->s, sizeof(v->s))) {
        k->in.fault = "a name";
        v->s[0] = '\0';
    }
}

void
code_str(struct codec *k, struct str *v)
{
    if (k->is_taking)
        *v = arena_str(k->arena, borsh_take_bytes(&k->in, "text"));
    else
        borsh_put_bytes(k->out, *v);
}

void
code_count(struct codec *k, size_t *v)
{
    code_size(k, v);
    if (k->is_taking && *v > k->in.rest.n) {
        k->in.fault = "a count";
        *v = 0;
    }
}

void *
code_array(struct codec *k, void *items, size_t count, size_t size)
{
    return k->is_taking ? arena_array(k->arena, count, size) : items;
}
