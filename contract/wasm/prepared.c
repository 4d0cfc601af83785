/* What a preparation found, as bytes: from the process that did it to the one that asked, and
 * from one run of the program to the next. */
#include "contract/wasm/prepare.h"

#include <string.h>

static const char head[] = "neartop prepared 1\n";

static void
put_number(struct buf *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        buf_add_byte(out, (char)(value >> (8 * i) & 0xFF));
}

static void
put_text(struct buf *out, struct str text)
{
    put_number(out, text.n);
    buf_add_str(out, text);
}

void
prepared_write(const struct prepared *p, struct buf *out)
{
    buf_add_c(out, head);
    put_number(out, (uint64_t)p->machine);
    put_number(out, (uint64_t)p->refused);
    put_text(out, p->reason);
    put_number(out, p->has_link_error);
    put_text(out, p->link_error);
    put_number(out, p->object_size);
    buf_add(out, p->object_hash.b, sizeof(p->object_hash.b));
    put_number(out, p->method_count);
    for (size_t i = 0; i < p->method_count; i++) {
        put_number(out, p->methods[i].has_bad_signature);
        put_text(out, p->methods[i].name);
    }
}

/* --- reading ------------------------------------------------------------------------------ */

static bool
take(struct str *from, size_t n, struct str *out)
{
    if (from->n < n)
        return false;
    *out = str_slice(*from, 0, n);
    *from = str_slice(*from, n, from->n);
    return true;
}

static bool
take_number(struct str *from, uint64_t most, uint64_t *out)
{
    struct str bytes;
    if (!take(from, 8, &bytes))
        return false;
    *out = 0;
    for (int i = 7; i >= 0; i--)
        *out = *out << 8 | (uint8_t)bytes.p[i];
    return *out <= most;
}

static bool
take_text(struct str *from, struct arena *arena, struct str *out)
{
    uint64_t n;
    struct str bytes;
    if (!take_number(from, from->n, &n) || !take(from, (size_t)n, &bytes))
        return false;
    *out = arena_str(arena, bytes);
    return true;
}

static bool
take_methods(struct str *from, struct arena *arena, struct prepared *out)
{
    uint64_t count, is_bad;
    if (!take_number(from, METER_MAX_EXPORTS, &count))
        return false;
    out->methods = arena_array(arena, (size_t)count, sizeof(*out->methods));
    out->method_count = (size_t)count;
    for (size_t i = 0; i < count; i++) {
        if (!take_number(from, 1, &is_bad) || !take_text(from, arena, &out->methods[i].name))
            return false;
        out->methods[i].has_bad_signature = is_bad;
    }
    return true;
}

bool
prepared_read(struct str bytes, struct arena *arena, struct prepared *out)
{
    uint64_t machine, refused, has_link_error;
    struct str start, hash;
    *out = (struct prepared){0};
    if (!take(&bytes, sizeof(head) - 1, &start) || !str_equal_c(start, head) ||
        !take_number(&bytes, UINT8_MAX, &machine) ||
        !take_number(&bytes, PREPARE_COMPILER, &refused) ||
        !take_text(&bytes, arena, &out->reason) || !take_number(&bytes, 1, &has_link_error) ||
        !take_text(&bytes, arena, &out->link_error) ||
        !take_number(&bytes, PREPARE_MAX_OBJECT, &out->object_size) ||
        !take(&bytes, sizeof(out->object_hash.b), &hash))
        return false;
    out->machine = (enum err)machine;
    out->refused = (enum prepare_error)refused;
    out->has_link_error = has_link_error;
    memcpy(out->object_hash.b, hash.p, hash.n);
    return take_methods(&bytes, arena, out) && bytes.n == 0;
}
