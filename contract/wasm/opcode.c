#include "contract/wasm/opcode.h"

/* One row a range of operators that have the same effect: first, last, pops, pushes, flags. */
enum { MEMARG = 1, BOUNDARY = 2, NAN_CHECK = 4, STAYS = 8 };

static const struct {
    uint16_t first, last;
    uint8_t pops[2], pushes, flags;
} ranges[] = {
    {0x28, 0x28, {4, 0}, 4, MEMARG | BOUNDARY},     /* i32.load */
    {0x29, 0x29, {4, 0}, 8, MEMARG | BOUNDARY},     /* i64.load */
    {0x2A, 0x2A, {4, 0}, 4, MEMARG | BOUNDARY},     /* f32.load */
    {0x2B, 0x2B, {4, 0}, 8, MEMARG | BOUNDARY},     /* f64.load */
    {0x2C, 0x2F, {4, 0}, 4, MEMARG | BOUNDARY},     /* i32.load8_s … load16_u */
    {0x30, 0x35, {4, 0}, 8, MEMARG | BOUNDARY},     /* i64.load8_s … load32_u */
    {0x36, 0x36, {4, 4}, 0, MEMARG | BOUNDARY},     /* i32.store */
    {0x37, 0x37, {4, 8}, 0, MEMARG | BOUNDARY},     /* i64.store */
    {0x38, 0x38, {4, 4}, 0, MEMARG | BOUNDARY},     /* f32.store */
    {0x39, 0x39, {4, 8}, 0, MEMARG | BOUNDARY},     /* f64.store */
    {0x3A, 0x3B, {4, 4}, 0, MEMARG | BOUNDARY},     /* i32.store8, store16 */
    {0x3C, 0x3E, {4, 8}, 0, MEMARG | BOUNDARY},     /* i64.store8 … store32 */
    {0x45, 0x45, {4, 0}, 4, 0},                     /* i32.eqz */
    {0x46, 0x4F, {4, 4}, 4, 0},                     /* i32 comparisons */
    {0x50, 0x50, {8, 0}, 4, 0},                     /* i64.eqz */
    {0x51, 0x5A, {8, 8}, 4, 0},                     /* i64 comparisons */
    {0x5B, 0x60, {4, 4}, 4, 0},                     /* f32 comparisons */
    {0x61, 0x66, {8, 8}, 4, 0},                     /* f64 comparisons */
    {0x67, 0x69, {4, 0}, 4, STAYS},                 /* i32.clz ctz popcnt */
    {0x6A, 0x6C, {4, 4}, 4, STAYS},                 /* i32.add sub mul */
    {0x6D, 0x70, {4, 4}, 4, BOUNDARY | STAYS},      /* i32.div_s … rem_u */
    {0x71, 0x78, {4, 4}, 4, STAYS},                 /* i32.and … rotr */
    {0x79, 0x7B, {8, 0}, 8, STAYS},                 /* i64.clz ctz popcnt */
    {0x7C, 0x7E, {8, 8}, 8, STAYS},                 /* i64.add sub mul */
    {0x7F, 0x82, {8, 8}, 8, BOUNDARY | STAYS},      /* i64.div_s … rem_u */
    {0x83, 0x8A, {8, 8}, 8, STAYS},                 /* i64.and … rotr */
    {0x8B, 0x8C, {4, 0}, 4, STAYS},                 /* f32.abs neg */
    {0x8D, 0x91, {4, 0}, 4, NAN_CHECK | STAYS},     /* f32.ceil floor trunc nearest sqrt */
    {0x92, 0x97, {4, 4}, 4, NAN_CHECK | STAYS},     /* f32.add … max */
    {0x98, 0x98, {4, 4}, 4, STAYS},                 /* f32.copysign */
    {0x99, 0x9A, {8, 0}, 8, STAYS},                 /* f64.abs neg */
    {0x9B, 0x9F, {8, 0}, 8, NAN_CHECK | STAYS},     /* f64.ceil … sqrt */
    {0xA0, 0xA5, {8, 8}, 8, NAN_CHECK | STAYS},     /* f64.add … max */
    {0xA6, 0xA6, {8, 8}, 8, STAYS},                 /* f64.copysign */
    {0xA7, 0xA7, {8, 0}, 4, 0},                     /* i32.wrap_i64 */
    {0xA8, 0xA9, {4, 0}, 4, BOUNDARY},              /* i32.trunc_f32 */
    {0xAA, 0xAB, {8, 0}, 4, BOUNDARY},              /* i32.trunc_f64 */
    {0xAC, 0xAD, {4, 0}, 8, 0},                     /* i64.extend_i32 */
    {0xAE, 0xAF, {4, 0}, 8, BOUNDARY},              /* i64.trunc_f32 */
    {0xB0, 0xB1, {8, 0}, 8, BOUNDARY},              /* i64.trunc_f64 */
    {0xB2, 0xB3, {4, 0}, 4, 0},                     /* f32.convert_i32 */
    {0xB4, 0xB5, {8, 0}, 4, 0},                     /* f32.convert_i64 */
    {0xB6, 0xB6, {8, 0}, 4, NAN_CHECK},             /* f32.demote_f64 */
    {0xB7, 0xB8, {4, 0}, 8, 0},                     /* f64.convert_i32 */
    {0xB9, 0xBA, {8, 0}, 8, 0},                     /* f64.convert_i64 */
    {0xBB, 0xBB, {4, 0}, 8, NAN_CHECK},             /* f64.promote_f32 */
    {0xBC, 0xBC, {4, 0}, 4, 0},                     /* reinterpretations */
    {0xBD, 0xBD, {8, 0}, 8, 0},
    {0xBE, 0xBE, {4, 0}, 4, 0},
    {0xBF, 0xBF, {8, 0}, 8, 0},
    {0xC0, 0xC1, {4, 0}, 4, 0},                     /* i32.extend8_s, extend16_s */
    {0xC2, 0xC4, {8, 0}, 8, 0},                     /* i64.extend8_s … extend32_s */
    {0x100, 0x101, {4, 0}, 4, 0},                   /* i32.trunc_sat_f32 */
    {0x102, 0x103, {8, 0}, 4, 0},                   /* i32.trunc_sat_f64 */
    {0x104, 0x105, {4, 0}, 8, 0},                   /* i64.trunc_sat_f32 */
    {0x106, 0x107, {8, 0}, 8, 0},                   /* i64.trunc_sat_f64 */
};

struct opcode
opcode_of(unsigned code)
{
    for (unsigned i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (code < ranges[i].first || code > ranges[i].last)
            continue;
        return (struct opcode){
            .pops = {ranges[i].pops[0], ranges[i].pops[1]},
            .pushes = ranges[i].pushes,
            .is_known = true,
            .has_memarg = ranges[i].flags & MEMARG,
            .stays = ranges[i].flags & STAYS,
            .is_boundary = ranges[i].flags & BOUNDARY,
            .nan = ranges[i].flags & NAN_CHECK ? ranges[i].pushes : 0,
        };
    }
    return (struct opcode){.is_known = false};
}
