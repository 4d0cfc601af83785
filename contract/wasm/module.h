/* module: a contract's code, ready to run natively.
 *
 * A wasm file goes through one path, whenever that happens: the metering pass (meter.h) puts
 * gas and stack charges in and takes every name out, wasm2c turns the result into C, a C
 * compiler into machine code. For the contracts of this repository that is done at build time
 * (gcc -O1, linked in); what is deployed while the chain runs is compiled by tcc in a child
 * process and loaded. Either way a module is found by the sha256 of the *original* file, and
 * is kept for the life of the process: it is immutable and has no state of its own.
 *
 * Not here: what a contract may call (contract/host), what it may spend (contract/host/gas). */
#ifndef CONTRACT_WASM_MODULE_H
#define CONTRACT_WASM_MODULE_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/near/crypto.h"

enum { MODULE_MAX_BYTES = 4194304 };

/* Why the node refuses code: the protocol's PrepareError names. */
enum prepare_error {
    PREPARE_OK,
    PREPARE_SERIALIZATION,
    PREPARE_DESERIALIZATION,
    PREPARE_INTERNAL_MEMORY_DECLARED,
    PREPARE_GAS_INSTRUMENTATION,
    PREPARE_STACK_HEIGHT_INSTRUMENTATION,
    PREPARE_INSTANTIATE,
    PREPARE_MEMORY,
    PREPARE_TOO_MANY_FUNCTIONS,
    PREPARE_TOO_MANY_LOCALS
};
const char *prepare_error_name(enum prepare_error e);

struct module;

/* The module of these bytes: built in, prepared before, or prepared now (which may take long
 * for big files: 0.3 s for 500 kB). NULL when the node would refuse the code or a tool failed:
 * *refused then says how and d why. The result is owned by the cache. */
const struct module *module_of_code(struct str wasm, const struct hash *code_hash,
                                    enum prepare_error *refused, struct diag *d);

/* True when module_of_code would answer at once. */
bool module_is_ready(const struct hash *code_hash);

uint64_t module_code_size(const struct module *m);      /* of the original file, in bytes */

/* Frees every module that was loaded at run time. For leak checks at the end. */
void module_forget_all(void);

#endif
