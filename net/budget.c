#include "net/budget.h"

#include <assert.h>
#include <stddef.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"

static void
init_window(struct budget_window *w, uint32_t most, int64_t span_ns)
{
    assert(most <= BUDGET_MOST);
    *w = (struct budget_window){.most = most, .span_ns = span_ns};
    if (most)
        w->turns = xcalloc(most, sizeof(*w->turns));
    for (uint32_t i = 0; i < most; i++)
        w->turns[i] = INT64_MIN / 2;
}

void
budget_init(struct budget *b, uint32_t per_second, uint32_t per_minute)
{
    init_window(&b->second, per_second, NS_PER_S);
    init_window(&b->minute, per_minute, 60 * (int64_t)NS_PER_S);
}

void
budget_release(struct budget *b)
{
    xfree(b->second.turns);
    xfree(b->minute.turns);
    *b = (struct budget){.second = {.turns = NULL}};
}

static int64_t
free_at(const struct budget_window *w)
{
    return w->most ? w->turns[w->next] + w->span_ns : INT64_MIN / 2;
}

int64_t
budget_wait_ns(const struct budget *b, int64_t now_ns)
{
    int64_t second = free_at(&b->second), minute = free_at(&b->minute);
    int64_t at = second > minute ? second : minute;
    return at > now_ns ? at - now_ns : 0;
}

static void
take(struct budget_window *w, int64_t at_ns)
{
    if (!w->most)
        return;
    w->turns[w->next] = at_ns;
    w->next = (w->next + 1) % w->most;
}

void
budget_take(struct budget *b, int64_t at_ns)
{
    take(&b->second, at_ns);
    take(&b->minute, at_ns);
}

uint32_t
budget_used(const struct budget_window *w, int64_t now_ns)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < w->most; i++)
        used += w->turns[i] > now_ns - w->span_ns;
    return used;
}

bool
budget_is_limited(const struct budget *b)
{
    return b->second.most || b->minute.most;
}
