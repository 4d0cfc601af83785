#include "tests/support/net_wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { GIVE_UP_MS = 30000 };

static void
on_give_up(void *context)
{
    (void)context;
    fail_msg("what was waited for did not happen in %d ms", GIVE_UP_MS);
}

void
net_wait_until(struct loop *loop, net_condition_fn holds, const void *context)
{
    struct loop_timer *deadline = loop_timer_new(loop, on_give_up, NULL);
    loop_timer_start(deadline, GIVE_UP_MS, 0);
    while (!holds(context))
        loop_turn(loop);
    loop_timer_close(deadline);
}

struct count {
    const int *value;
    int least;
};

static bool
has_reached(const void *context)
{
    const struct count *c = context;
    return *c->value >= c->least;
}

void
net_wait_count(struct loop *loop, const int *value, int least)
{
    net_wait_until(loop, has_reached, &(struct count){value, least});
}
