/* worker: a process that prepares one contract, so that nobody has to wait for it.
 *
 * It runs the metering pass too, which reads what a stranger wrote: should a hostile file bring
 * that down, only this process goes. It holds none of its parent's descriptors, and goes away
 * with its tools and its files when the parent has died. */
#ifndef CONTRACT_WASM_WORKER_H
#define CONTRACT_WASM_WORKER_H

#include <sys/types.h>
#include "contract/wasm/prepare.h"

struct worker {
    pid_t pid;                          /* 0: has ended */
    int status;                         /* of waitpid, once it has ended */
    char folder[PREPARE_PATH_MAX];      /* where the object and the result will be */
};

/* In a new folder below `base`. The bytes are needed during the call only. */
enum err worker_start(struct worker *w, const char *base, struct str wasm, struct diag *d)
    MUST_USE;
/* True when it has ended; `waits` makes that so. */
bool worker_has_ended(struct worker *w, bool waits);
/* What it found, once it has ended. */
void worker_result(const struct worker *w, struct arena *arena, struct prepared *out);
/* Ends it if need be and takes its folder away. */
void worker_discard(struct worker *w);

#endif
