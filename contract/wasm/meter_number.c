/* Numbers in the file's own form (LEB128), and a cursor that cannot run over its end. */
#include "contract/wasm/meter_file.h"

struct str
reader_bytes(struct reader *r, size_t n)
{
    if (r->failed || r->rest.n < n) {
        r->failed = true;
        r->rest.n = 0;
        return (struct str){NULL, 0};
    }
    struct str taken = str_slice(r->rest, 0, n);
    r->rest = str_slice(r->rest, n, r->rest.n);
    return taken;
}

uint8_t
reader_u8(struct reader *r)
{
    struct str byte = reader_bytes(r, 1);
    return byte.n ? (uint8_t)byte.p[0] : 0;
}

struct str
reader_leb(struct reader *r, int max_bytes)
{
    struct str all = r->rest;
    int n = 0;
    while (n < max_bytes && (reader_u8(r) & 0x80))
        n++;
    if (n == max_bytes)
        r->failed = true;
    return r->failed ? (struct str){NULL, 0} : str_slice(all, 0, (size_t)n + 1);
}

uint32_t
reader_u32(struct reader *r)
{
    struct str bytes = reader_leb(r, 5);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.n; i++)
        value |= (uint64_t)((uint8_t)bytes.p[i] & 0x7F) << (7 * i);
    if (value > UINT32_MAX)
        r->failed = true;
    return r->failed ? 0 : (uint32_t)value;
}

struct str
reader_name(struct reader *r)
{
    return reader_bytes(r, reader_u32(r));
}

void
put_u32(struct buf *b, uint32_t value)
{
    do {
        uint8_t byte = value & 0x7F;
        value >>= 7;
        buf_add_byte(b, (char)(byte | (value ? 0x80 : 0)));
    } while (value);
}

void
put_s64(struct buf *b, int64_t value)
{
    for (;;) {
        uint8_t byte = (uint8_t)(value & 0x7F);
        /* Arithmetic shift of a negative number, without relying on the compiler's choice. */
        value = value < 0 ? ~(~value >> 7) : value >> 7;
        bool is_last = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
        buf_add_byte(b, (char)(byte | (is_last ? 0 : 0x80)));
        if (is_last)
            return;
    }
}
