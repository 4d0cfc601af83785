#include "tests/support/wasm_made.h"

#include <string.h>

enum { BODY_BLOCKS = 24, MOST = 8 << 20 };

void
wasm_u32(struct buf *out, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        buf_add_byte(out, (char)(value | 0x80));
    buf_add_byte(out, (char)value);
}

void
wasm_section(struct buf *out, uint8_t id, const struct buf *body)
{
    buf_add_byte(out, (char)id);
    wasm_u32(out, (uint32_t)body->n);
    buf_add_str(out, buf_str(body));
}

static uint32_t
next(uint32_t *random)
{
    return *random = *random * 1664525 + 1013904223;
}

static void
add(struct buf *b, const char *bytes, size_t n)
{
    buf_add(b, bytes, n);
}
#define ADD(b, literal) add((b), (literal), sizeof(literal) - 1)

/* Types: 0 () -> (), 1 (i32) -> i32. Locals of a body: 0 the argument, 1 i32, 2 i64, 3 f64. */
static void
add_block(struct buf *b, uint32_t *random, uint32_t callee)
{
    uint32_t constant = next(random) >> 12 | 64;
    switch (next(random) >> 28) {
    case 0: case 1: case 2:         /* l0 = (l0 ^ c) * 33 + load(l0 & 0xFFF0) */
        ADD(b, "\x20\x00\x41"), wasm_u32(b, constant & 0x3FFF);
        ADD(b, "\x73\x41\x21\x6C\x20\x00\x41\xF0\x1F\x71\x28\x02\x10\x6A\x21\x00");
        break;
    case 3: case 4:                 /* store l1 at (l0 & 0xFF0) + offset; l1 = l1 + 7 */
        ADD(b, "\x20\x00\x41\xF0\x1F\x71\x20\x01\x36\x02"), wasm_u32(b, constant & 0xFFFF);
        ADD(b, "\x20\x01\x41\x07\x6A\x21\x01");
        break;
    case 5: case 6:                 /* l2 = l2 * 5 + extend(l0); l0 = wrap(l2 >> 3) */
        ADD(b, "\x20\x02\x42\x05\x7E\x20\x00\xAD\x7C\x22\x02\x42\x03\x88\xA7\x21\x00");
        break;
    case 7:                         /* l3 = sqrt(abs(l3 + l0)); */
        ADD(b, "\x20\x03\x20\x00\xB7\xA0\x99\x9F\x21\x03");
        break;
    case 8: case 9:                 /* if (l0 & 1) l1 = l0 else l0 = l0 >> 1 */
        ADD(b, "\x20\x00\x41\x01\x71\x04\x40\x20\x00\x21\x01\x05\x20\x00\x41\x01\x76\x21\x00\x0B");
        break;
    case 10:                        /* l1 = l0 & 7; loop { l1 -= 1; br_if l1 > 0 } */
        ADD(b, "\x20\x00\x41\x07\x71\x21\x01\x03\x40\x20\x01\x41\x01\x6B\x22\x01\x41\x00\x4A\x0D\x00\x0B");
        break;
    case 11:                        /* a branch table of four */
        ADD(b, "\x02\x40\x02\x40\x02\x40\x20\x00\x41\x03\x71\x0E\x03\x00\x01\x02\x02\x0B"
               "\x20\x00\x41\x11\x6A\x21\x00\x0B\x20\x00\x41\x13\x6A\x21\x00\x0B");
        break;
    case 12: case 13:               /* l0 = callee(l0), which is an earlier function */
        ADD(b, "\x20\x00\x10"), wasm_u32(b, callee), ADD(b, "\x21\x00");
        break;
    case 14:                        /* the same through the table */
        ADD(b, "\x20\x00\x20\x00\x41\x01\x71\x11\x01\x00\x21\x00");
        break;
    default:                        /* l0 = l0 / 7 + l0 % 5 */
        ADD(b, "\x20\x00\x41\x07\x6D\x20\x00\x41\x05\x70\x6A\x21\x00");
        break;
    }
}

/* Calls go to the first two functions only, which call nothing: whatever the size, it ends. */
static void
add_body(struct buf *code, uint32_t *random, bool is_leaf)
{
    struct buf body;
    buf_init(&body, 1 << 16);
    ADD(&body, "\x03\x01\x7F\x01\x7E\x01\x7C");
    for (int i = 0; i < BODY_BLOCKS && !is_leaf; i++)
        add_block(&body, random, next(random) >> 31);
    ADD(&body, "\x20\x00\x20\x01\x6A\x0B");
    wasm_u32(code, (uint32_t)body.n);
    buf_add_str(code, buf_str(&body));
    buf_release(&body);
}

static void
add_main(struct buf *code, uint32_t functions)
{
    struct buf body;
    buf_init(&body, 1 << 16);
    buf_add_byte(&body, 0);
    for (uint32_t i = 0; i < functions; i += functions / 8 + 1) {
        ADD(&body, "\x41\x2A\x10"), wasm_u32(&body, i), ADD(&body, "\x1A");
    }
    buf_add_byte(&body, 0x0B);
    wasm_u32(code, (uint32_t)body.n);
    buf_add_str(code, buf_str(&body));
    buf_release(&body);
}

static void
add_sections(struct buf *out, uint32_t functions, const struct buf *bodies)
{
    struct buf s;
    buf_init(&s, MOST);
    ADD(out, "\0asm\1\0\0\0" "\x01\x09\x02\x60\x00\x00\x60\x01\x7F\x01\x7F");
    wasm_u32(&s, functions + 2);
    buf_add_repeat(&s, 1, functions);
    buf_add_repeat(&s, 0, 2);
    wasm_section(out, 3, &s);
    ADD(out, "\x04\x04\x01\x70\x00\x02" "\x05\x03\x01\x00\x01");
    buf_clear(&s);
    ADD(&s, "\x02\x04main\x00"), wasm_u32(&s, functions);
    ADD(&s, "\x04noop\x00"), wasm_u32(&s, functions + 1);
    wasm_section(out, 7, &s);
    ADD(out, "\x09\x08\x01\x00\x41\x00\x0B\x02\x00\x01");
    buf_clear(&s);
    wasm_u32(&s, functions + 2);
    buf_add_str(&s, buf_str(bodies));
    add_main(&s, functions);
    ADD(&s, "\x02\x00\x0B");
    wasm_section(out, 10, &s);
    buf_release(&s);
}

void
wasm_made(size_t bytes, uint32_t salt, struct buf *out)
{
    uint32_t functions = 0, random = salt + 1;
    struct buf bodies;
    buf_init(&bodies, MOST);
    while (bodies.n + functions + 1200 < bytes || functions < 2)
        add_body(&bodies, &random, functions++ < 2);
    add_sections(out, functions, &bodies);
    buf_release(&bodies);
}
