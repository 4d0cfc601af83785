/* wrapper: the C text around wasm2c's output of one metered module.
 *
 * Used at build time for the contracts of this repository and at run time for what is
 * deployed, so that both have the same shape. */
#ifndef CONTRACT_WASM_WRAPPER_H
#define CONTRACT_WASM_WRAPPER_H

#include "contract/wasm/meter.h"

/* Appends the wrapper for a module that wasm2c got as `-n name`; it includes "rt_guest.h",
 * "<stem>.h" and "<stem>.c" and defines `const struct native_module <symbol>`. */
void wrapper_write(const struct metered *m, const char *name, const char *stem,
                   const char *symbol, struct buf *out);

/* Renames the macro that rt_guest.h replaces, in place: same length. False when it is not
 * there exactly once. */
bool wrapper_patch(struct buf *generated);

#endif
