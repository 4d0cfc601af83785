/* compare: the same calls again and again, one after the other, to be compared: round by round,
 * each method once. The next one is sent when every outcome of the one before is known. */
#ifndef TUI_APP_COMPARE_H
#define TUI_APP_COMPARE_H

#include "tui/app/plan.h"

enum { COMPARE_PLANS = 8, COMPARE_ROUNDS = 3, COMPARE_ROUNDS_MOST = 100 };

struct session;

struct comparison {
    struct plan plan[COMPARE_PLANS];
    size_t count;
    size_t runs, begun;         /* in all; sent so far */
};

/* Of the command line: CONTRACT METHOD,METHOD… [ARGS], or the demo's three without any. */
enum err comparison_plan(const struct opts *o, const struct network *n, struct arena *arena,
                         struct comparison *out, struct diag *d) MUST_USE;
/* Sends the next one if it is time for it. */
void comparison_step(struct session *s);
size_t comparison_runs_over(struct session *s);
/* All have run, or the last one that could has. */
bool comparison_is_done(struct session *s);

#endif
