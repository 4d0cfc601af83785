/* wat: modules for tests, from WebAssembly's text form by wabt's wat2wasm. Failures end the
 * test. */
#ifndef TESTS_SUPPORT_WAT_H
#define TESTS_SUPPORT_WAT_H

#include "net/base/buf.h"

/* Appends the binary form; custom sections (names) are left out. */
void wat_compile(const char *text, struct buf *out);
/* With every proposal that wabt knows, and unchecked: for what is to be refused. */
void wat_compile_any(const char *text, struct buf *out);

/* Appends the whole file. */
void wat_read(const char *path, struct buf *out);

#endif
