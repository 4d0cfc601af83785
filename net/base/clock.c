#include "net/base/clock.h"

#include <stdbool.h>
#include <time.h>

static bool is_stopped;
static int64_t stopped_monotonic_ns, stopped_wall_ns;

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
clock_monotonic_ns(void)
{
    return is_stopped ? stopped_monotonic_ns : read_clock(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ns(void)
{
    return is_stopped ? stopped_wall_ns : read_clock(CLOCK_REALTIME);
}

void
clock_stop(int64_t monotonic_ns, int64_t wall_ns)
{
    is_stopped = true;
    stopped_monotonic_ns = monotonic_ns;
    stopped_wall_ns = wall_ns;
}

void
clock_step(int64_t ns)
{
    stopped_monotonic_ns += ns;
    stopped_wall_ns += ns;
}

void
clock_run(void)
{
    is_stopped = false;
}
