/* cadence: when the next look at a chain is due, learnt from what looks bring.
 *
 * A chain makes a block each so often; a look right after a block is there costs one request
 * a block and tells soon. Two things are learnt: how long a block takes (from heights and
 * timestamps of blocks that were heard of; a single late one makes it half as long again, no more,
 * lest the next ones be missed), and the phase: looks that bring news are put a
 * little earlier each time, until one comes too early, brings nothing, and is soon repeated.
 * Counting only; the clock and the timer are the caller's. */
#ifndef NET_CADENCE_H
#define NET_CADENCE_H

#include <stdbool.h>
#include <stdint.h>

struct cadence {
    int64_t block_ns;               /* how long a block takes, as far as known */
    uint64_t height, time_ns;       /* the newest block heard of */
    unsigned empty_looks;           /* in a row */
};

void cadence_init(struct cadence *c, uint32_t block_time_ms);
void cadence_block(struct cadence *c, uint64_t height, uint64_t time_ns);
/* A look is over: how long until the next, counted from its start. */
int64_t cadence_after_look(struct cadence *c, bool brought_news);

#endif
