/* clock: the only source of time.
 *
 * Two clocks that are never mixed: the monotonic one orders what this program saw and times
 * it; the wall clock is only for people and for block timestamps. A test may stop both and
 * step them. Everything is nanoseconds. */
#ifndef NET_BASE_CLOCK_H
#define NET_BASE_CLOCK_H

#include <stdint.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

int64_t clock_monotonic_ns(void);       /* since some moment before the program started */
int64_t clock_wall_ns(void);            /* since 1970-01-01 UTC */

/* Stops both clocks at these readings; clock_step moves both. */
void clock_stop(int64_t monotonic_ns, int64_t wall_ns);
void clock_step(int64_t ns);
void clock_run(void);                   /* back to real time */

#endif
