/* budget: no more than so many requests in any second, and in any minute.
 *
 * An exact sliding window: the moments of the last N requests are kept, and the next may go
 * when the oldest of them has left the window. So there is no second, wherever it begins, with
 * more than per_second requests in it, which a bucket that refills while it is emptied would
 * not promise. What has no turn now is told how long to wait, and that turn is taken: turns are
 * given in the order in which they are asked for. Counting only; the timer is the caller's. */
#ifndef NET_BUDGET_H
#define NET_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_MOST = 100000 };      /* of either figure */

struct budget_window {
    int64_t *turns;             /* owned: of the last `most` requests, a ring; NULL: no limit */
    uint32_t most, next;
    int64_t span_ns;
};

struct budget {
    struct budget_window second, minute;
};

/* 0: no limit of that kind. */
void budget_init(struct budget *b, uint32_t per_second, uint32_t per_minute);
void budget_release(struct budget *b);

/* How long a request that came now would have to wait. 0: it may go. */
int64_t budget_wait_ns(const struct budget *b, int64_t now_ns);
/* Takes the turn at `at_ns`, which is now plus that wait, or later. */
void budget_take(struct budget *b, int64_t at_ns);
/* Requests within the last second and minute, turns to come included; 0 without a limit. */
uint32_t budget_used(const struct budget_window *w, int64_t now_ns);
bool budget_is_limited(const struct budget *b);

#endif
