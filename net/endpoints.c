#include "net/endpoints.h"

#include <assert.h>

void
endpoints_init(struct endpoints *set, const struct endpoint_config *configs, size_t count,
          uint32_t per_second, uint32_t per_minute)
{
    assert(count > 0 && count <= ENDPOINTS_MAX);
    set->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        endpoint_init(&set->at[i], &configs[i]);
    budget_init(&set->total, per_second, per_minute);
}

void
endpoints_release(struct endpoints *set)
{
    for (uint32_t i = 0; i < set->count; i++)
        endpoint_release(&set->at[i]);
    budget_release(&set->total);
}

struct candidate {
    int index;
    int64_t wait_ns;
    bool is_avoided, is_resting, is_archival;
    uint32_t score;
};

/* In the order of what matters: not one that has said no, not one that must wait, not one that
 * rests; then who keeps the past, then the score. Of several that must wait, the first ready. */
static bool
is_better(const struct candidate *a, const struct candidate *b, bool is_of_the_past)
{
    if (b->index < 0)
        return true;
    if (a->is_avoided != b->is_avoided)
        return b->is_avoided;
    if ((a->wait_ns == 0) != (b->wait_ns == 0) || (a->wait_ns && a->wait_ns != b->wait_ns))
        return a->wait_ns < b->wait_ns;
    if (a->is_resting != b->is_resting)
        return b->is_resting;
    if (is_of_the_past && a->is_archival != b->is_archival)
        return a->is_archival;
    return a->score > b->score;
}

int
endpoints_pick(const struct endpoints *set, const struct endpoints_query *query, int64_t now_ns,
          int64_t *wait_ns)
{
    struct candidate best = {.index = -1};
    int64_t total_ns = budget_wait_ns(&set->total, now_ns);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct endpoint *e = &set->at[i];
        int64_t own_ns = endpoint_wait_ns(e, now_ns);
        const struct candidate c = {
            .index = (int)i, .wait_ns = own_ns > total_ns ? own_ns : total_ns,
            .is_avoided = query->avoid >> i & 1, .is_resting = endpoint_is_resting(e, now_ns),
            .is_archival = e->is_archival, .score = endpoint_score(e, now_ns)};
        bool is_ready = c.wait_ns == 0 && !c.is_resting;
        if (query->tried >> i & 1 || (query->is_ready_only && !is_ready))
            continue;
        if (is_better(&c, &best, query->is_of_the_past))
            best = c;
    }
    if (best.index >= 0)
        *wait_ns = best.wait_ns;
    return best.index;
}

void
endpoints_take(struct endpoints *set, int index, int64_t at_ns)
{
    budget_take(&set->at[index].budget, at_ns);
    budget_take(&set->total, at_ns);
}

uint32_t
endpoints_all(const struct endpoints *set)
{
    return (UINT32_C(1) << set->count) - 1;
}

uint32_t
endpoints_late(const struct endpoints *set)
{
    uint32_t late = 0;
    for (uint32_t i = 0; i < set->count; i++)
        late |= set->at[i].late_in_row ? UINT32_C(1) << i : 0;
    return late;
}
