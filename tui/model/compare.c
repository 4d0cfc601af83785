#include "tui/model/compare.h"

#include <stdlib.h>
#include "net/base/xalloc.h"

static int
by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* Of an even number the lower one of the two in the middle: a value that was there. */
static double
median(double *values, size_t count)
{
    if (!count)
        return 0;
    qsort(values, count, sizeof(*values), by_size);
    return values[(count - 1) / 2];
}

static bool
is_same(const struct call *a, const struct call *b)
{
    return account_equal(&a->transaction.receiver, &b->transaction.receiver) &&
           str_equal(call_method(a)->method, call_method(b)->method);
}

static void
add_run(struct compared *c, const struct verdict *v)
{
    c->runs++;
    c->failed += v->kind != VERDICT_OK;
    c->timed += v->has_blocks && v->has_ms;
}

/* The three medians of one method; `values` has room for all runs. */
static void
measure(const struct roster *r, struct compared *c, double *values)
{
    for (int what = 0; what < 3; what++) {
        size_t count = 0;
        for (size_t i = 0; i < r->all_count; i++) {
            const struct verdict *v = r->all[i].verdict;
            if (!v->is_complete || !v->has_blocks || !v->has_ms || !call_method(r->all[i].call) ||
                !is_same(r->all[i].call, c->sample))
                continue;
            values[count++] = what == 0 ? (double)v->blocks
                              : what == 1 ? (double)v->gas_burnt : v->ms;
        }
        double middle = median(values, count);
        if (what == 0)
            c->blocks = (uint64_t)middle;
        else if (what == 1)
            c->gas = (uint64_t)middle;
        else
            c->ms = middle;
    }
}

size_t
compare_list(const struct roster *r, struct compared *out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < r->all_count; i++) {
        const struct call *call = r->all[i].call;
        size_t at = 0;
        if (!call_method(call) || !r->all[i].verdict->is_complete)
            continue;
        while (at < count && !is_same(out[at].sample, call))
            at++;
        if (at == max)
            continue;
        if (at == count)
            out[count++] = (struct compared){.sample = call};
        add_run(&out[at], r->all[i].verdict);
    }
    double *values = xcalloc(r->all_count + 1, sizeof(*values));
    for (size_t i = 0; i < count; i++)
        measure(r, &out[i], values);
    xfree(values);
    return count;
}

double
compare_speed_up(const struct compared *list, size_t count, size_t index)
{
    double slowest = 0;
    for (size_t i = 0; i < count; i++)
        slowest = list[i].timed && list[i].ms > slowest ? list[i].ms : slowest;
    return list[index].timed && list[index].ms > 0 ? slowest / list[index].ms : 0;
}
