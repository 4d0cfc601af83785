/* builtin: the contracts of this repository, compiled into the program.
 *
 * The table is generated at build time (contract/builtin.mk): for each contract its name, the
 * wasm file as it would be deployed to a real network, and its native code. Programs that are
 * linked without it (small tests) have an empty table. */
#ifndef CONTRACT_WASM_BUILTIN_H
#define CONTRACT_WASM_BUILTIN_H

#include <stddef.h>
#include "contract/wasm/rt_guest.h"
#include "net/base/str.h"

struct builtin_contract {
    const char *name;                       /* "portfolio" */
    const unsigned char *wasm;
    size_t wasm_size;                       /* bytes */
    const struct native_module *native;
};

extern const struct builtin_contract builtin_contracts[];
extern const size_t builtin_contract_count;

/* NULL when there is none of that name. */
const struct builtin_contract *builtin_find(const char *name);

#endif
