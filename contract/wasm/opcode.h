/* opcode: what each WebAssembly operator of the accepted set does to the operand stack.
 *
 * The set is the MVP with sign extension and saturating conversions: what the protocol takes.
 * Values are known only by their size in bytes (i32 and f32 4, i64 and f64 8), since that is
 * all that stack metering asks for.
 *
 * The node's analysis (finite-wasm 0.5.0) differs from the language in one place: it leaves the
 * index of a call_indirect on the stack until the block ends. Behind it, an operator may find
 * values that are not its own, and then it counts whether the result is put there or the operand
 * is taken to be the result. */
#ifndef CONTRACT_WASM_OPCODE_H
#define CONTRACT_WASM_OPCODE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    OP_UNREACHABLE = 0x00,
    OP_NOP = 0x01,
    OP_BLOCK = 0x02,
    OP_LOOP = 0x03,
    OP_IF = 0x04,
    OP_ELSE = 0x05,
    OP_END = 0x0B,
    OP_BR = 0x0C,
    OP_BR_IF = 0x0D,
    OP_BR_TABLE = 0x0E,
    OP_RETURN = 0x0F,
    OP_CALL = 0x10,
    OP_CALL_INDIRECT = 0x11,
    OP_DROP = 0x1A,
    OP_SELECT = 0x1B,
    OP_LOCAL_GET = 0x20,
    OP_LOCAL_SET = 0x21,
    OP_LOCAL_TEE = 0x22,
    OP_GLOBAL_GET = 0x23,
    OP_GLOBAL_SET = 0x24,
    OP_MEMORY_SIZE = 0x3F,
    OP_MEMORY_GROW = 0x40,
    OP_I32_CONST = 0x41,
    OP_I64_CONST = 0x42,
    OP_F32_CONST = 0x43,
    OP_F64_CONST = 0x44,
    OP_I32_XOR = 0x73,
    OP_I64_XOR = 0x85,
    OP_F32_NEG = 0x8C,
    OP_F64_NEG = 0x9A,
    OP_I32_REINTERPRET = 0xBC,
    OP_I64_REINTERPRET = 0xBD,
    OP_F32_REINTERPRET = 0xBE,
    OP_F64_REINTERPRET = 0xBF,
    OP_PREFIX_FC = 0xFC
};

/* Loads, stores, constants, arithmetic, conversions: everything whose effect is fixed. */
struct opcode {
    uint8_t pops[2];        /* sizes, the deeper first; 0 = none */
    uint8_t pushes;         /* size; 0 = nothing */
    bool stays;             /* the deeper operand stays as it is and counts as the result */
    bool is_known;
    bool has_memarg;        /* alignment and offset follow */
    bool is_boundary;       /* may trap or be seen from outside: closes a gas segment */
    uint8_t nan;            /* 4 or 8: a float of that size whose NaN must be made canonical */
};

/* `code` is the byte, or 0x100 + the second byte of a 0xFC operator (at most 7). */
struct opcode opcode_of(unsigned code);

#endif
