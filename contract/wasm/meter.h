/* meter: one pass over a wasm file that makes it safe and countable.
 *
 * Into the code go: a charge before every gas segment, a stack and entry charge in every
 * function with a single place that gives the stack back, and canonical NaNs. Out of the file
 * go: every name that its author chose (an export name would end up in a comment of the C
 * file and could end the comment), custom sections, the start section (exported instead), and
 * its own idea of a memory. What comes out has the same meaning and is fit for wasm2c.
 *
 * Refuses what the node refuses, in the order in which the node finds it. What the node would
 * take and the tools behind cannot is refused with PREPARE_COMPILER: the limits below.
 *
 * Source of the rules: the finite-wasm analysis that the node runs (protocol version 79), and
 * what wasm2c 1.0.32 turned out to need. The file must have passed wasm-validate before. */
#ifndef CONTRACT_WASM_METER_H
#define CONTRACT_WASM_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "contract/wasm/module.h"
#include "net/base/arena.h"
#include "net/base/buf.h"

#define METER_OP_GAS UINT64_C(822756)       /* one metered operator */

enum {
    METER_MAX_OUTPUT = 64 * 1024 * 1024,
    METER_STACK_BYTES = 262144,             /* what frames may add up to */
    METER_MEMORY_PAGES = 1024,              /* at entry, whatever the file says */
    METER_MEMORY_MAX_PAGES = 2048,
    /* The node's own. */
    METER_MAX_FUNCTIONS = 10000,
    METER_MAX_LOCALS = 1000000,             /* declared, in all bodies */
    METER_MAX_FUNCTION_LOCALS = 50000,      /* of one function, with its parameters */
    METER_MAX_EXPORTS = 100000,
    METER_MAX_DATA_SEGMENTS = 100000,
    /* Stricter than the node, because the tools behind cannot take more. Code that goes over
     * one of these is told as what the compiler cannot take (PREPARE_COMPILER). */
    METER_MAX_NESTING = 1000,               /* blocks within blocks; the node: none */
    METER_MAX_TYPES = 10000,                /* the node: 1 000 000 */
    METER_MAX_PARAMETERS = 100,             /* of one function; the node: 1 000 */
    METER_MAX_GLOBALS = 10000,              /* the node: 1 000 000 */
    METER_MAX_ELEMENT_SEGMENTS = 10000,     /* the node: 100 000 */
    METER_MAX_TABLE = 100000                /* elements at the start; the node: 10 000 000 */
};

/* An exported function, in order of the file; its export is now called "m<index>". */
struct meter_method {
    struct str name;            /* borrowed from the input */
    bool has_bad_signature;     /* takes or returns something: cannot be called */
};

struct metered {
    struct buf wasm;            /* the new file */
    struct meter_method *methods;
    size_t method_count;
    bool has_start;
    bool has_link_error;        /* imports what does not exist: wasm is empty */
    struct str link_error;      /* the node's text, behind "Link Error: " */
};

/* Memory of *out other than .wasm is in the arena; release out->wasm by buf_release whatever
 * the result. The error says why the node would refuse the file, d what was found. */
enum prepare_error meter_run(struct str wasm, struct arena *arena, struct metered *out,
                             struct diag *d);

#endif
