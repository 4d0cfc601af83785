/* prepare: from a wasm file to a shared object, by tools in child processes.
 *
 * wasm-validate, the metering pass, wasm2c and tcc run one after the other in a folder of their
 * own, each tool with limits on time, memory and file size and with an empty environment. This
 * is the way from one end to the other; it takes its time and runs in a process of its own
 * (worker.h). What it found is written beside the object and read back by the chain.
 *
 * Three kinds of ends: the code is good; it is refused, by a rule of the node or because a tool
 * here cannot take it; or this machine failed (a tool is missing, the disk is full), which says
 * nothing about the code. */
#ifndef CONTRACT_WASM_PREPARE_H
#define CONTRACT_WASM_PREPARE_H

#include <stddef.h>
#include "contract/wasm/meter.h"
#include "net/base/err.h"
#include "net/base/str.h"

enum {
    PREPARE_PATH_MAX = 512,
    PREPARE_MAX_RESULT = 16 << 20,      /* bytes of prepared_write: names, mostly */
    PREPARE_MAX_OBJECT = 128 << 20      /* bytes of a shared object */
};

struct prepared {
    enum err machine;                   /* not OK: `reason` is about this machine */
    enum prepare_error refused;         /* not PREPARE_OK: `reason` says why */
    struct str reason;
    struct meter_method *methods;
    size_t method_count;
    bool has_link_error;                /* then there is no object */
    struct str link_error;
    uint64_t object_size;               /* of c.so, 0 when there is none */
    struct hash object_hash;
};

/* Leaves "<folder>/c.so" when the code is good. Everything of *out is in the arena. */
void prepare_run(const char *folder, struct str wasm, struct arena *arena, struct prepared *out);

void prepared_write(const struct prepared *p, struct buf *out);
/* False: these bytes were not written by prepared_write, or not to their end. */
bool prepared_read(struct str bytes, struct arena *arena, struct prepared *out) MUST_USE;

/* A new folder below `base`, for this user alone. */
enum err prepare_make_folder(const char *base, char folder[PREPARE_PATH_MAX], struct diag *d)
    MUST_USE;
/* Takes it away with all that a preparation may have left in it. "" is fine. */
void prepare_discard(const char *folder);
/* Takes away what only the tools needed; the object and the result stay. */
void prepare_tidy(const char *folder);

#endif
