/* storm_lane: an embedded chain in a process of its own, and scenarios on it, one after another:
 * faults, the calls of storm.def followed through them, and the judgement of each call.
 *
 * A call has survived when its tree is complete and equal to the truth, or when it says what is
 * missing and why, where something had to go missing; no request beyond the budget, no end later
 * than the patience, and at most one transaction of it on the chain. */
#ifndef TESTS_STORM_STORM_LANE_H
#define TESTS_STORM_STORM_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
#define X(fault, setting, may_miss) STORM_##fault,
#include "tests/storm/storm.def"
#undef X
    STORM_FAULTS
};

enum { STORM_CALLS = 6 };

const char *storm_fault_name(int fault);

struct storm_lane;

struct storm_result {
    int a, b;                   /* faults; b is -1 when a was alone */
    unsigned complete, told, failed;    /* calls */
    unsigned requests, most_in_second, faults;
    double seconds;             /* of the longest call */
};

/* Every call of odd lanes has a lending contract that panics. is_wordy: also tells what calls
 * heard that took long, and what those said that are not complete. */
struct storm_lane *storm_lane_new(const char *program, unsigned number, bool is_wordy);
void storm_lane_free(struct storm_lane *lane);

/* Says on standard error what a call that failed did wrong. */
void storm_lane_run(struct storm_lane *lane, int a, int b, struct storm_result *out);

#endif
