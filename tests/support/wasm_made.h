/* wasm_made: modules of a wanted size, of the operators that compilers like to emit: locals,
 * loads and stores, integers and floats, blocks, loops, branch tables, calls direct and through
 * the table. Valid, the same for the same size, and their methods run to their ends. */
#ifndef TESTS_SUPPORT_WASM_MADE_H
#define TESTS_SUPPORT_WASM_MADE_H

#include "net/base/buf.h"

/* Appends a module of about `bytes` (from 10 000 on), never more. Exports "main", which runs a
 * few of its functions, and "noop". `salt` makes modules of one size differ. */
void wasm_made(size_t bytes, uint32_t salt, struct buf *out);

/* Appends one section, and a number in the file's form. */
void wasm_section(struct buf *out, uint8_t id, const struct buf *body);
void wasm_u32(struct buf *out, uint32_t value);

#endif
