/* sample: times of the same thing done again and again, told as their median, which one
 * disturbed round does not move. */
#ifndef TESTS_BENCH_SAMPLE_H
#define TESTS_BENCH_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum { SAMPLE_MAX = 64 };

struct sample {
    int64_t ns[SAMPLE_MAX];
    size_t count;
};

/* Later ones than SAMPLE_MAX are dropped. */
void sample_add(struct sample *s, int64_t ns);
double sample_median_ns(const struct sample *s);        /* 0 of none */

/* A row of the table: what, a figure and its unit, what to compare it with ("" is fine). */
void sample_row(const char *what, double value, const char *unit, const char *beside);

#endif
