#include "tests/bench/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sample_add(struct sample *s, int64_t ns)
{
    if (s->count < SAMPLE_MAX)
        s->ns[s->count++] = ns;
}

static int
compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

double
sample_median_ns(const struct sample *s)
{
    struct sample sorted = *s;
    size_t middle = s->count / 2;
    if (!s->count)
        return 0;
    qsort(sorted.ns, sorted.count, sizeof(sorted.ns[0]), compare);
    if (s->count % 2)
        return (double)sorted.ns[middle];
    return ((double)sorted.ns[middle - 1] + (double)sorted.ns[middle]) / 2;
}

void
sample_row(const char *what, double value, const char *unit, const char *beside)
{
    printf("  %-46s %10.*f %-9s %s\n", what, value < 100 ? 2 : 0, value, unit, beside);
}
