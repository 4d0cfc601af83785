/* prepare: from a metered wasm file to a shared object, by tools in child processes.
 *
 * wasm-validate, wasm2c and tcc run one after the other in a folder of their own, each with
 * limits on time, memory and file size and with an empty environment. A tool that fails or
 * dies means that the code is refused; a tool that is not installed is told as such. */
#ifndef CONTRACT_WASM_PREPARE_H
#define CONTRACT_WASM_PREPARE_H

#include <stddef.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "contract/wasm/meter.h"

enum { PREPARE_PATH_MAX = 512 };

/* ERR_REFUSED: not valid for this protocol. ERR_NOT_FOUND: the tool is missing. */
enum err prepare_validate(struct str wasm, struct diag *d) MUST_USE;

/* Compiles and leaves "<folder>/c.so"; the caller loads it and calls prepare_discard. */
enum err prepare_compile(const struct metered *m, char folder[PREPARE_PATH_MAX], struct diag *d)
    MUST_USE;
void prepare_discard(const char *folder);

#endif
