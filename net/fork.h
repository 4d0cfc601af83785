/* fork: notices when a block that was told of is not on the chain after all.
 *
 * Of two blocks at one height only one can be final. A block that is told at a height whose final
 * block is another one, or was told there before, has been replaced: what ran in it did not. So
 * has one at a height that a final block leaves out, since its parent stands below. Blocks of the
 * last heights are remembered, no more; what is older was final before. */
#ifndef NET_FORK_H
#define NET_FORK_H

#include "net/event.h"

enum { FORK_BLOCKS = 256 };

struct fork_watch {
    struct {
        struct hash hash;
        uint64_t height;
        uint64_t prev_height;       /* of a final one: heights above it are left out; 0: not told */
        bool is_there, is_final, is_replaced;
    } blocks[FORK_BLOCKS];          /* a ring */
    uint32_t next;
};

/* For each block that is found to be replaced by what `ev` (EVENT_BLOCK) tells, `emit` gets an
 * EVENT_REPLACED, once. Other kinds of events are let pass. */
void fork_heard(struct fork_watch *w, const struct event *ev, event_fn emit, void *context);

#endif
