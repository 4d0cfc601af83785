/* retry: how long to wait before trying again.
 *
 * Waiting doubles from `first_ms` to `most_ms`, each time a random half of it is taken off, so
 * that clients that failed together do not come back together. What the server asked for
 * (Retry-After) is the least. Counting only: the timer is the caller's. */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

struct retry {
    uint32_t first_ms, most_ms;
    unsigned tries;         /* failures since the last success */
    unsigned tries_max;     /* 0: without end */
    uint64_t random;        /* state of the jitter */
};

void retry_init(struct retry *r, uint32_t first_ms, uint32_t most_ms, unsigned tries_max);
/* Counts a failure. False: enough. asked_ms < 0: the server asked for nothing. */
bool retry_next(struct retry *r, int64_t asked_ms, uint64_t *wait_ms);
void retry_succeeded(struct retry *r);

#endif
