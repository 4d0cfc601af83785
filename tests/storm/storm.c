/* storm: every fault alone, and every two together, against followed calls.
 *
 *     storm PROGRAM [alone | all | NAME [NAME]] [words] [LANES] [SECONDSs]
 *
 * The scenarios are shared out to processes, each with an embedded chain of its own: most of
 * the time is waiting. Prints a line a fault, over all scenarios that it is part of. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "tests/storm/storm_lane.h"

enum { LANES = 6, LANES_MAX = 32 };

struct sum {
    unsigned scenarios, complete, told, failed, requests, most_in_second, faults;
    double seconds;
};

struct wanted {
    int a, b;           /* -1: any */
    bool has_pairs, has_alone;
    bool is_wordy;      /* see storm_lane.h */
    int64_t until_ns;   /* no scenario begins after that */
};

static int
fault_named(const char *name)
{
    for (int i = 0; i < STORM_FAULTS; i++) {
        if (strcmp(name, storm_fault_name(i)) == 0)
            return i;
    }
    return -1;
}

static bool
is_wanted(const struct wanted *w, int a, int b)
{
    if (b < 0 ? !w->has_alone : !w->has_pairs)
        return false;
    return (w->a < 0 || w->a == a || w->a == b) && (w->b < 0 || w->b == a || w->b == b);
}

/* What comes up the pipe: a scenario begins in a lane, or it is over. Small enough for one piece. */
struct word {
    unsigned lane;
    bool is_over;
    struct storm_result result;
};

static void
say(int out, const struct word *word)
{
    if (write(out, word, sizeof(*word)) != (ssize_t)sizeof(*word))
        fatal("the table cannot be told: %s", strerror(errno));
}

/* Every lanes-th scenario, beginning with number. */
static void
run_lane(const char *program, const struct wanted *w, unsigned number, unsigned lanes, int out)
{
    struct storm_lane *lane = storm_lane_new(program, number, w->is_wordy);
    unsigned n = 0;
    for (int a = 0; a < STORM_FAULTS; a++) {
        for (int b = -1; b < a; b++) {
            struct word word = {.lane = number, .result = {.a = a, .b = b}};
            if (!is_wanted(w, a, b) || n++ % lanes != number || clock_monotonic_ns() > w->until_ns)
                continue;
            say(out, &word);
            storm_lane_run(lane, a, b, &word.result);
            word.is_over = true;
            say(out, &word);
        }
    }
    storm_lane_free(lane);
}

static void
add(struct sum *s, const struct storm_result *r)
{
    s->scenarios++;
    s->complete += r->complete;
    s->told += r->told;
    s->failed += r->failed;
    s->requests += r->requests;
    s->faults += r->faults;
    s->most_in_second = r->most_in_second > s->most_in_second ? r->most_in_second
                                                              : s->most_in_second;
    s->seconds = r->seconds > s->seconds ? r->seconds : s->seconds;
}

static void
print_line(const char *name, const struct sum *s)
{
    unsigned of_calls = s->complete + s->told + s->failed;
    printf("%-15s %9u %7u %9u %6u %7u %9.1f %7u %8.1f\n", name, s->scenarios, of_calls, s->complete,
           s->told, s->failed, of_calls ? (double)s->requests / of_calls : 0.0, s->most_in_second,
           s->seconds);
}

static int
print_table(const struct sum sums[STORM_FAULTS], const struct sum *all, int crashed)
{
    printf("%-15s %9s %7s %9s %6s %7s %9s %7s %8s\n", "fault", "scenarios", "calls", "complete",
           "told", "failed", "requests", "in 1 s", "longest");
    for (int i = 0; i < STORM_FAULTS; i++) {
        if (sums[i].scenarios)
            print_line(storm_fault_name(i), &sums[i]);
    }
    print_line("all", all);
    printf("complete: equal to the truth; told: said what is missing and why, where it had to be; "
           "requests: the mean of a call;\nin 1 s: the most within any second; longest: seconds "
           "of a call\n");
    printf("%u faults x calls survived in %u scenarios\n", all->complete + all->told,
           all->scenarios);
    if (crashed)
        printf("%d lanes did not come to their end\n", crashed);
    printf("%u passed, %u failed\n", all->complete + all->told, all->failed + (unsigned)crashed);
    return all->failed || crashed || !all->scenarios;
}

static bool
hear(int fd, struct word *word)
{
    ssize_t n;
    do
        n = read(fd, word, sizeof(*word));
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof(*word);
}

/* Those that did not come to their end, and where they were. */
static int
bury(unsigned lanes, const pid_t children[LANES_MAX], const struct word last[LANES_MAX])
{
    int crashed = 0, status = 0;
    for (unsigned i = 0; i < lanes; i++) {
        waitpid(children[i], &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            continue;
        const struct storm_result *r = &last[i].result;
        crashed++;
        fprintf(stderr, "FAILED lane %u ended with %s %d in %s%s%s\n", i,
                WIFSIGNALED(status) ? "signal" : "status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                storm_fault_name(r->a), r->b >= 0 ? " + " : "",
                r->b >= 0 ? storm_fault_name(r->b) : "");
    }
    return crashed;
}

static int
run(const char *program, const struct wanted *w, unsigned lanes)
{
    static struct sum sums[STORM_FAULTS];
    static struct word last[LANES_MAX];
    struct sum all = {0};
    struct word word;
    pid_t children[LANES_MAX];
    int ends[2];
    if (pipe(ends))
        fatal("pipe: %s", strerror(errno));
    for (unsigned i = 0; i < lanes; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            close(ends[0]);
            run_lane(program, w, i, lanes, ends[1]);
            exit(0);
        }
    }
    close(ends[1]);
    while (hear(ends[0], &word)) {
        const struct storm_result *r = &word.result;
        last[word.lane] = word;
        if (!word.is_over)
            continue;
        add(&sums[r->a], r);
        if (r->b >= 0)
            add(&sums[r->b], r);
        add(&all, r);
    }
    return print_table(sums, &all, bury(lanes, children, last));
}

int
main(int argc, char **argv)
{
    struct wanted w = {-1, -1, true, true, false, INT64_MAX};
    unsigned lanes = LANES;
    crypto_start();
    for (int i = 2; i < argc; i++) {
        int fault = fault_named(argv[i]), number = (int)strtol(argv[i], NULL, 10);
        if (strcmp(argv[i], "alone") == 0)
            w.has_pairs = false;
        else if (strcmp(argv[i], "words") == 0)
            w.is_wordy = true;
        else if (number > 0 && argv[i][strlen(argv[i]) - 1] == 's')
            w.until_ns = clock_monotonic_ns() + number * (int64_t)NS_PER_S;
        else if (number > 0 && number <= LANES_MAX)
            lanes = (unsigned)number;
        else if (fault >= 0 && w.a < 0)
            w.a = fault;
        else if (fault >= 0)
            w.b = fault;
        else if (strcmp(argv[i], "all") != 0)
            fatal("%s: expected alone, all, a fault's name, words, a number of lanes or of seconds", argv[i]);
    }
    return run(argc > 1 ? argv[1] : "build/neartop", &w, lanes);
}
