/* module: a contract's code, ready to run natively.
 *
 * A wasm file goes through one path, whenever that happens: the metering pass (meter.h) puts
 * gas and stack charges in and takes every name out, wasm2c turns the result into C, a C
 * compiler into machine code. For the contracts of this repository that is done at build time
 * (gcc -O1, linked in); what is deployed while the chain runs is compiled by tcc in a process
 * of its own (worker.h) and loaded. Either way a module is found by the sha256 of the *original*
 * file. It is immutable and has no state of its own.
 *
 * The time it takes (0.3 s for 500 kB) need not be waited for: module_begin starts it as soon
 * as the code is seen, module_poll takes in what is finished. module_of_code waits for what is
 * not. Loaded modules are kept until they are too many; then those that were not used for
 * longest go, to be prepared again should they be needed.
 *
 * Not here: what a contract may call (contract/host), what it may spend (contract/host/gas). */
#ifndef CONTRACT_WASM_MODULE_H
#define CONTRACT_WASM_MODULE_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/near/crypto.h"

enum {
    MODULE_MAX_BYTES = 4194304,     /* of a wasm file */
    MODULE_MAX_WORKERS = 2,         /* preparations at a time; the others wait */
    MODULE_MAX_QUEUE = 16,          /* preparations under way or waiting for their turn */
    MODULE_MAX_LOADED = 1024,       /* modules */
    MODULE_WHO_MAX = 72             /* room for an account's name */
};
#define MODULE_MAX_LOADED_BYTES (UINT64_C(512) << 20)      /* of their objects */

/* Why code is refused: the protocol's PrepareError names, and one that is none: what the node
 * would take and this chain cannot (its own limits, see meter.h; a tool that gave up or is
 * missing), which is told as the node tells of its compiler's failures. */
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
    PREPARE_TOO_MANY_LOCALS,
    PREPARE_COMPILER
};
const char *prepare_error_name(enum prepare_error e);

struct module;

/* The module of these bytes: built in, prepared before, or prepared now. NULL when the code is
 * refused, or (PREPARE_COMPILER) when this machine failed, which is tried again next time:
 * *refused then says how and d why. Valid until the next call of anything here. */
const struct module *module_of_code(struct str wasm, const struct hash *code_hash,
                                    enum prepare_error *refused, struct diag *d);

/* True when module_of_code would answer at once. */
bool module_is_ready(const struct hash *code_hash);

/* Has it prepared by a process of its own, unless it is ready or on its way; returns at once.
 * `who` is for people: the account that it is for. `urgent`: somebody waits for it, so it goes
 * before all others. True when it is under way; false when it is ready, when too many wait, or
 * when this machine has just failed at it. */
bool module_begin(struct str wasm, const struct hash *code_hash, struct str who, bool urgent);

/* Takes in what has been finished and starts what waits; the number of preparations that are
 * not finished yet. To be called now and then while that is not 0. */
size_t module_poll(void);

/* What is being prepared, by number from 0; false when there are no more. */
struct module_progress {
    struct hash code_hash;
    uint64_t code_size;             /* bytes */
    uint64_t elapsed_ms;            /* since it began; 0 while it waits for its turn */
    bool is_running;
    char who[MODULE_WHO_MAX];
};
bool module_progress(size_t number, struct module_progress *out);

/* Told of each preparation when it has ended, however that went. NULL: nobody. */
struct module_end {
    struct hash code_hash;
    uint64_t code_size, elapsed_ms;
    char who[MODULE_WHO_MAX];
    const char *problem;            /* NULL: it is ready */
};
typedef void (*module_end_fn)(void *context, const struct module_end *end);
void module_on_end(module_end_fn fn, void *context);

/* Keeps compiled code in this folder for later runs; NULL: no longer. See cache.h for what the
 * folder has to be like. */
enum err module_use_cache(const char *folder, struct diag *d) MUST_USE;

uint64_t module_code_size(const struct module *m);      /* of the original file, in bytes */

/* Ends all preparations and frees every module that was loaded at run time. */
void module_forget_all(void);

#endif
