/* runtime: the ground under a running contract: its memory, its stack, and the way out.
 *
 * A contract runs on a stack of its own, large enough for anything that the protocol's stack
 * accounting lets through, and in one memory that is reserved once and given back to the
 * system page by page after each call. Whatever stops it, it stops by a jump out of the
 * native code: nothing of the guest needs cleaning. One contract runs at a time.
 *
 * Memory accesses are checked in the generated code, so a contract cannot reach outside its
 * memory; the host checks the ranges that a contract hands to it (runtime_range). Below the
 * stack lies a guard; the handler of SIGSEGV ends a contract that runs into it and passes every
 * other fault on to whoever had the signal before. */
#ifndef CONTRACT_WASM_RUNTIME_H
#define CONTRACT_WASM_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/macros.h"

enum runtime_end {
    END_RETURNED,
    END_GAS,                /* the charge hook found nothing left */
    END_UNREACHABLE,
    END_MEMORY,             /* load, store, or table index out of range */
    END_NULL_CALL,
    END_SIGNATURE,
    END_ARITHMETIC,
    END_STACK,
    END_STOPPED             /* runtime_stop was called by the host */
};

typedef void (*runtime_fn)(void *argument);

/* Runs fn(argument) on the contract's stack. */
enum runtime_end runtime_run(runtime_fn fn, void *argument);

/* Leaves the contract at once; only from within runtime_run. */
NORETURN void runtime_stop(void);

/* A range of the running contract's memory, or NULL when it reaches outside. A range of no
 * bytes is good up to the very end. */
uint8_t *runtime_range(uint64_t offset, uint64_t length);

/* To be called when the contract's instance has been released: everything reads as zero at the
 * next call. */
void runtime_clear_memory(void);

#endif
