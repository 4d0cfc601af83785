#include "net/cadence.h"

#include "net/base/clock.h"

enum {
    BLOCK_MIN_MS = 10,
    BLOCK_MAX_MS = 10000,
    HEIGHTS_MAX = 1000,         /* blocks further apart tell nothing of today's pace */
    SEVERAL = 4,                /* so many cannot all be late by chance */
    IMPATIENT_LOOKS = 3,        /* early repeats before this block is taken to have no news */
    PATIENT_LOOKS = 32,         /* from here on something long is waited for, as a yield */
    SLOWEST = 16                /* blocks between looks, then */
};

void
cadence_init(struct cadence *c, uint32_t block_time_ms)
{
    *c = (struct cadence){.block_ns = (int64_t)block_time_ms * NS_PER_MS};
}

void
cadence_block(struct cadence *c, uint64_t height, uint64_t time_ns)
{
    if (c->height && height != c->height) {
        bool is_newer = height > c->height;
        uint64_t blocks = is_newer ? height - c->height : c->height - height;
        uint64_t took = is_newer ? time_ns - c->time_ns : c->time_ns - time_ns;
        bool is_forward = is_newer ? time_ns > c->time_ns : c->time_ns > time_ns;
        int64_t most_ns = c->block_ns + c->block_ns / 2;
        int64_t each = is_forward ? (int64_t)(took / blocks) : 0;
        if (blocks <= HEIGHTS_MAX && each >= (int64_t)BLOCK_MIN_MS * NS_PER_MS / 2 &&
            each <= (int64_t)BLOCK_MAX_MS * NS_PER_MS)
            c->block_ns = blocks < SEVERAL && each > most_ns ? most_ns : each;
    }
    if (height >= c->height) {
        c->height = height;
        c->time_ns = time_ns;
    }
}

int64_t
cadence_after_look(struct cadence *c, bool brought_news)
{
    if (brought_news) {
        c->empty_looks = 0;
        return c->block_ns - c->block_ns / 16;
    }
    c->empty_looks++;
    if (c->empty_looks <= IMPATIENT_LOOKS)
        return c->block_ns / 4;
    int64_t wait = c->block_ns;
    for (unsigned n = PATIENT_LOOKS; n < c->empty_looks && wait < SLOWEST * c->block_ns; n *= 2)
        wait *= 2;
    return wait;
}
