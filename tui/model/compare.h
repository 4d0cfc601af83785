/* compare: runs of methods side by side: how many, and the medians of what they took.
 *
 * Only runs whose every outcome is known count. Blocks and milliseconds are the verdict's
 * (verdict.h): by the blocks' own heights and timestamps. */
#ifndef TUI_MODEL_COMPARE_H
#define TUI_MODEL_COMPARE_H

#include "tui/model/roster.h"

enum { COMPARE_MOST = 16 };

struct compared {
    const struct call *sample;          /* one of the runs: names contract and method */
    size_t runs, failed;                /* failed: the call or a branch of it */
    size_t timed;                       /* runs whose blocks are known; with 0 no medians */
    uint64_t blocks, gas;               /* medians */
    double ms;
};

/* In order of their first run. Returns how many; methods beyond `max` are left out. */
size_t compare_list(const struct roster *r, struct compared *out, size_t max);

/* How much faster than the slowest by the medians of time; 0: cannot be said. */
double compare_speed_up(const struct compared *list, size_t count, size_t index);

#endif
