#include "tests/support/wasm_random.h"

#include <string.h>
#include "tests/support/wasm_made.h"

enum { I32, I64, F32, F64, NONE };
enum { MAX_DEPTH = 4, MAX_BYTES = 8 << 20, SCRATCH = 40000 };

static const uint8_t type_byte[] = {0x7F, 0x7E, 0x7D, 0x7C};

/* Operators in a row that take and give the same types; canonical: their NaN is made so. */
static const struct range {
    uint8_t first, last, result, left, right;
    bool canonical, has_prefix;
} ranges[] = {
    {0x45, 0x45, I32, I32, NONE, false, false}, {0x46, 0x4F, I32, I32, I32, false, false},
    {0x50, 0x50, I32, I64, NONE, false, false}, {0x51, 0x5A, I32, I64, I64, false, false},
    {0x5B, 0x60, I32, F32, F32, false, false},  {0x61, 0x66, I32, F64, F64, false, false},
    {0x67, 0x69, I32, I32, NONE, false, false}, {0x6A, 0x78, I32, I32, I32, false, false},
    {0x79, 0x7B, I64, I64, NONE, false, false}, {0x7C, 0x8A, I64, I64, I64, false, false},
    {0x8B, 0x8C, F32, F32, NONE, false, false}, {0x8D, 0x91, F32, F32, NONE, true, false},
    {0x92, 0x97, F32, F32, F32, true, false},   {0x98, 0x98, F32, F32, F32, false, false},
    {0x99, 0x9A, F64, F64, NONE, false, false}, {0x9B, 0x9F, F64, F64, NONE, true, false},
    {0xA0, 0xA5, F64, F64, F64, true, false},   {0xA6, 0xA6, F64, F64, F64, false, false},
    {0xA7, 0xA7, I32, I64, NONE, false, false}, {0xA8, 0xA9, I32, F32, NONE, false, false},
    {0xAA, 0xAB, I32, F64, NONE, false, false}, {0xAC, 0xAD, I64, I32, NONE, false, false},
    {0xAE, 0xAF, I64, F32, NONE, false, false}, {0xB0, 0xB1, I64, F64, NONE, false, false},
    {0xB2, 0xB3, F32, I32, NONE, false, false}, {0xB4, 0xB5, F32, I64, NONE, false, false},
    {0xB6, 0xB6, F32, F64, NONE, true, false},  {0xB7, 0xB8, F64, I32, NONE, false, false},
    {0xB9, 0xBA, F64, I64, NONE, false, false}, {0xBB, 0xBB, F64, F32, NONE, true, false},
    {0xBC, 0xBC, I32, F32, NONE, false, false}, {0xBD, 0xBD, I64, F64, NONE, false, false},
    {0xBE, 0xBE, F32, I32, NONE, false, false}, {0xBF, 0xBF, F64, I64, NONE, false, false},
    {0xC0, 0xC1, I32, I32, NONE, false, false}, {0xC2, 0xC4, I64, I64, NONE, false, false},
    {0x00, 0x01, I32, F32, NONE, false, true},  {0x02, 0x03, I32, F64, NONE, false, true},
    {0x04, 0x05, I64, F32, NONE, false, true},  {0x06, 0x07, I64, F64, NONE, false, true},
};

struct generator {
    uint64_t random;
    bool canonical;
    struct buf *out;
};

static uint32_t
pick(struct generator *g, uint32_t below)
{
    g->random = g->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(g->random >> 33) % below;
}

static void
put(struct generator *g, uint8_t byte)
{
    buf_add_byte(g->out, (char)byte);
}

static void
put_signed(struct generator *g, int64_t value)
{
    for (;;) {
        uint8_t byte = value & 0x7F;
        value = value < 0 ? ~(~value >> 7) : value >> 7;
        if ((value == 0 && !(byte & 0x40)) || (value == -1 && byte & 0x40)) {
            put(g, byte);
            return;
        }
        put(g, byte | 0x80);
    }
}

static void
put_bits(struct generator *g, uint64_t bits, int bytes)
{
    for (int i = 0; i < bytes; i++)
        put(g, (uint8_t)(bits >> (8 * i)));
}

/* --- values where they are delicate ------------------------------------------------------- */

static void
constant(struct generator *g, int type)
{
    static const int64_t whole[] = {0, 1, -1, 2, 7, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256,
                                    -128, 32767, -32768, 65535, INT32_MAX, INT32_MIN,
                                    UINT32_MAX, INT64_MAX, INT64_MIN, 0x5555555555555555};
    static const double numbers[] = {0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1, -1, 3.9, -3.9,
                                     2147483647.0, 2147483648.0, -2147483648.0, -2147483649.0,
                                     4294967295.0, 4294967296.0, 9223372036854775807.0,
                                     -9223372036854775808.0, 18446744073709551615.0, 1e30,
                                     4503599627370495.5, 8388607.5, 16777217.0, 1e-310, 1e-40,
                                     3.4e38, 1.7e308};
    static const uint64_t odd[] = {0x7FF8000000000000, 0xFFF8000000000000, 0x7FF0000000000001,
                                   0xFFFFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000};
    static const uint32_t odd32[] = {0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFFFFFFF, 0x7F800000,
                                     0xFF800000};
    bool is_random = pick(g, 4) == 0;
    uint64_t bits = (uint64_t)pick(g, UINT32_MAX) << 32 | pick(g, UINT32_MAX);
    int64_t integer = is_random ? (int64_t)bits : whole[pick(g, sizeof(whole) / sizeof(*whole))];
    double number = numbers[pick(g, sizeof(numbers) / sizeof(*numbers))];
    float single = (float)number;
    uint32_t single_bits;
    memcpy(&single_bits, &single, 4);
    if (type == F64 && !is_random)
        memcpy(&bits, &number, 8);
    if (pick(g, 6) == 0) {
        bits = odd[pick(g, 6)];
        single_bits = odd32[pick(g, 6)];
    }
    put(g, (uint8_t)(0x41 + type));
    switch (type) {
    case I32: put_signed(g, (int32_t)(uint32_t)(uint64_t)integer); return;
    case I64: put_signed(g, integer); return;
    case F32: put_bits(g, is_random ? (uint32_t)bits : single_bits, 4); return;
    default: put_bits(g, bits, 8); return;
    }
}

/* A load of any width from the bytes of the data section. */
static void
load(struct generator *g, int type)
{
    static const uint8_t first[] = {0x2C, 0x30, 0x2A, 0x2B}, last[] = {0x2F, 0x35, 0x2A, 0x2B};
    static const uint8_t whole[] = {0x28, 0x29, 0x2A, 0x2B};
    put(g, 0x41), put_signed(g, (int64_t)pick(g, 200));
    put(g, pick(g, 3) ? (uint8_t)(first[type] + pick(g, (uint32_t)(last[type] - first[type] + 1)))
                      : whole[type]);
    put(g, 0), wasm_u32(g->out, SCRATCH + pick(g, 40));
}

/* --- expressions -------------------------------------------------------------------------- */

static void expression(struct generator *g, int type, int depth);

/* Locals 0 and 1 of each case: f32 and f64. */
static void
make_canonical(struct generator *g, int type)
{
    uint8_t local = type == F32 ? 0 : 1;
    put(g, 0x22), put(g, local), put(g, (uint8_t)(0x41 + type));
    put_bits(g, type == F32 ? 0x7FC00000 : 0x7FF8000000000000, type == F32 ? 4 : 8);
    put(g, 0x20), put(g, local), put(g, 0x20), put(g, local);
    put(g, type == F32 ? 0x5B : 0x61), put(g, 0x1B);
}

static void
operator(struct generator *g, int type, int depth)
{
    const struct range *r;
    do
        r = &ranges[pick(g, sizeof(ranges) / sizeof(*ranges))];
    while (r->result != type);
    uint8_t code = (uint8_t)(r->first + pick(g, (uint32_t)(r->last - r->first + 1)));
    expression(g, r->left, depth + 1);
    if (r->right != NONE)
        expression(g, r->right, depth + 1);
    if (r->has_prefix)
        put(g, 0xFC);
    put(g, code);
    if (r->canonical && g->canonical)
        make_canonical(g, type);
}

static void
expression(struct generator *g, int type, int depth)
{
    uint32_t kind = pick(g, 20);
    if (depth >= MAX_DEPTH || kind < 3) {
        if (pick(g, 6) == 0)
            load(g, type);
        else
            constant(g, type);
    } else if (kind == 3) {         /* select */
        expression(g, type, depth + 1);
        expression(g, type, depth + 1);
        expression(g, I32, depth + 1);
        put(g, 0x1B);
    } else if (kind == 4) {         /* if */
        expression(g, I32, depth + 1);
        put(g, 0x04), put(g, type_byte[type]);
        expression(g, type, depth + 1);
        put(g, 0x05);
        expression(g, type, depth + 1);
        put(g, 0x0B);
    } else if (kind == 5) {         /* a block that may be left early with its value */
        put(g, 0x02), put(g, type_byte[type]);
        expression(g, type, depth + 1);
        expression(g, I32, depth + 1);
        put(g, 0x0D), put(g, 0), put(g, 0x1A);
        expression(g, type, depth + 1);
        put(g, 0x0B);
    } else {
        operator(g, type, depth);
    }
}

static void
store(struct generator *g, int type)
{
    static const uint8_t whole[] = {0x36, 0x37, 0x38, 0x39};
    uint8_t code = whole[type];
    if (type == I32 && pick(g, 4) == 0)
        code = (uint8_t)(0x3A + pick(g, 2));
    if (type == I64 && pick(g, 4) == 0)
        code = (uint8_t)(0x3C + pick(g, 3));
    put(g, code), put(g, 0), put(g, 0);
}

/* --- the module --------------------------------------------------------------------------- */

static void
end_body(struct buf *code, struct buf *body)
{
    buf_add_byte(body, 0x0B);
    wasm_u32(code, (uint32_t)body->n);
    buf_add_str(code, buf_str(body));
    buf_clear(body);
}

static void
put_code(struct generator *g, uint32_t cases, struct buf *code)
{
    struct buf body;
    buf_init(&body, MAX_BYTES);
    g->out = &body;
    wasm_u32(code, cases * 2);
    for (uint32_t i = 0; i < cases; i++) {
        int type = (int)pick(g, 4);
        buf_add(&body, "\x02\x01\x7D\x01\x7C\x41", 6);
        put_signed(g, 8 * (int64_t)i);
        expression(g, type, 0);
        store(g, type);
        end_body(code, &body);
    }
    for (uint32_t i = 0; i < cases; i++) {
        buf_add(&body, "\0\x41", 2);
        put_signed(g, 8 * (int64_t)i);
        buf_add(&body, "\x29\0\0", 3);
        end_body(code, &body);
    }
    buf_release(&body);
}

static void
put_exports(uint32_t cases, struct buf *out)
{
    wasm_u32(out, cases * 2);
    for (uint32_t i = 0; i < cases * 2; i++) {
        struct buf name;
        buf_init(&name, 32);
        buf_addf(&name, "%c%u", i % 2 ? 'r' : 'c', i / 2);
        wasm_u32(out, (uint32_t)name.n);
        buf_add_str(out, buf_str(&name));
        buf_add_byte(out, 0);
        wasm_u32(out, i / 2 + (i % 2 ? cases : 0));
        buf_release(&name);
    }
}

void
wasm_random(uint32_t seed, uint32_t cases, bool canonical, struct buf *out)
{
    struct generator g = {.random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1,
                          .canonical = canonical};
    struct buf s;
    buf_init(&s, MAX_BYTES);
    buf_add(out, "\0asm\1\0\0\0" "\x01\x08\x02\x60\0\0\x60\0\x01\x7E", 18);
    wasm_u32(&s, cases * 2);
    buf_add_repeat(&s, 0, cases);
    buf_add_repeat(&s, 1, cases);
    wasm_section(out, 3, &s);
    buf_add(out, "\x05\x03\x01\0\x01", 5);
    buf_clear(&s);
    put_exports(cases, &s);
    wasm_section(out, 7, &s);
    buf_clear(&s);
    put_code(&g, cases, &s);
    wasm_section(out, 10, &s);
    buf_clear(&s);
    buf_add(&s, "\x01\0\x41", 3);
    g.out = &s;
    put_signed(&g, SCRATCH);
    buf_add_byte(&s, 0x0B);
    wasm_u32(&s, 256);
    for (int i = 0; i < 256; i++)
        put(&g, (uint8_t)(i * 167 + 13));
    wasm_section(out, 11, &s);
    buf_release(&s);
}
