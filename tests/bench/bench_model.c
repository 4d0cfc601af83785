/* bench_model: facts per second from a recorded call, and what trees of 10 000 receipts cost:
 * deriving them when a block has come, and painting them on 200x60 cells.
 *
 * Three shapes, since each is the worst for another part: all branches in one join, branches
 * with branches below them, and one receipt below the other. Medians; judges nothing. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "net/base/clock.h"
#include "net/base/macros.h"
#include "net/base/xalloc.h"
#include "tests/bench/sample.h"
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/view/ui.h"

enum {
    RECEIPTS = 10000,
    BRANCHES = 100,             /* of the tree of branches with branches */
    DECODES = 300,
    FRAMES = 21,
    WIDTH = 200,
    HEIGHT = 60,
    FIRST_HEIGHT = 100,
    NEXT_HEIGHT = 200000,       /* blocks after all that has run */
    DATA = 500000               /* ids of data, above those of receipts */
};

static void
must(enum err e, const struct diag *d)
{
    if (e) {
        fprintf(stderr, "bench: %s\n", diag_text(d));
        exit(EXIT_FAILURE);
    }
}

/* --- facts per second --------------------------------------------------------------------- */

static size_t
decode_and_apply(const struct model_case *m, const struct json *answer, struct store *s)
{
    struct diag d = {0};
    struct arena arena;
    struct event_list list;
    size_t count;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 1);
    must(decode_tx_status(answer, &m->tx, &list, &d), &d);
    for (size_t i = 0; i < list.count; i++)
        store_apply(s, &list.events[i]);
    count = list.count;
    event_list_release(&list);
    arena_release(&arena);
    return count;
}

static void
bench_facts(const char *name)
{
    struct model_case m;
    struct sample sample = {.count = 0};
    size_t facts = 0;
    char what[64];
    model_case_load(&m, name);
    const struct json *answer = json_find(net_record_at(&m.record, INT_MAX), "result");
    for (int i = 0; i < DECODES; i++) {
        struct store *s = store_new();
        int64_t start = clock_monotonic_ns();
        facts = decode_and_apply(&m, answer, s);
        sample_add(&sample, clock_monotonic_ns() - start);
        store_free(s);
    }
    snprintf(what, sizeof(what), "%s: decode and apply", name);
    sample_row(what, (double)facts * 1e9 / sample_median_ns(&sample), "facts/s", "JSON parsed before");
    model_case_release(&m);
}

/* --- trees --------------------------------------------------------------------------------- */

/* Receipts first to last exist and have run, but for the last one of all: the call goes on. */
static void
run_all(struct store *s, unsigned first, unsigned last, uint64_t height)
{
    for (unsigned i = first; i <= last; i++) {
        made_exists(s, i, NULL, 0, 0);
        if (i != RECEIPTS - 1)
            made_ran(s, i, height, 0, 0);
    }
}

static void
make_fan(struct store *s)
{
    unsigned *data = xcalloc(RECEIPTS, sizeof(*data));
    unsigned callback = RECEIPTS - 1;
    made_ran(s, MADE_ROOT, FIRST_HEIGHT, 1, RECEIPTS - 1);
    for (unsigned i = 1; i < callback; i++) {
        data[i - 1] = DATA + i;
        made_exists(s, i, NULL, 0, DATA + i);
        made_ran(s, i, FIRST_HEIGHT + 1 + i % 7, 0, 0);
    }
    made_exists(s, callback, data, callback - 1, 0);
    xfree(data);
}

static void
make_branches(struct store *s)
{
    unsigned below = RECEIPTS / BRANCHES - 1, next = BRANCHES + 1;
    made_ran(s, MADE_ROOT, FIRST_HEIGHT, 1, BRANCHES);
    for (unsigned i = 1; i <= BRANCHES; i++) {
        unsigned count = next + below <= RECEIPTS ? below : RECEIPTS - next;
        made_exists(s, i, NULL, 0, 0);
        made_ran(s, i, FIRST_HEIGHT + 1, next, count);
        run_all(s, next, next + count - 1, FIRST_HEIGHT + 2);
        next += count;
    }
}

static void
make_chain(struct store *s)
{
    for (unsigned i = 0; i + 1 < RECEIPTS; i++) {
        made_exists(s, i + 1, NULL, 0, 0);
        made_returned(s, i, FIRST_HEIGHT + i, i + 1);
    }
}

static void
tell_block(struct store *s, unsigned number)
{
    struct event ev = made_event(EVENT_BLOCK);
    ev.block = (struct block_fact){.hash = made_id(MADE_BLOCK + NEXT_HEIGHT + number),
                                   .height = NEXT_HEIGHT + number,
                                   .time_ns = (NEXT_HEIGHT + (uint64_t)number) * 1000};
    store_apply(s, &ev);
}

struct picture {
    struct cells cells;
    struct ui ui;
    struct snapshot snapshot;
    struct sample update, fresh, same, last;
};

static void
press_and_paint(struct picture *p, enum action_id action, struct sample *sample)
{
    int64_t start = clock_monotonic_ns();
    ui_act(&p->ui, &p->snapshot, action);
    ui_paint(&p->cells, &p->ui, &p->snapshot);
    sample_add(sample, clock_monotonic_ns() - start);
}

/* What a block costs: deriving, the first frame after it, and frames when keys are pressed. */
static void
measure_block(struct picture *p, struct store *s, struct call *c, unsigned number)
{
    int64_t start, derived, painted;
    tell_block(s, number);
    start = clock_monotonic_ns();
    call_update(s, c);
    derived = clock_monotonic_ns();
    ui_paint(&p->cells, &p->ui, &p->snapshot);
    painted = clock_monotonic_ns();
    sample_add(&p->fresh, painted - derived);
    sample_add(&p->update, derived - start);
    press_and_paint(p, DO_DOWN, &p->same);
    press_and_paint(p, DO_BOTTOM, &p->last);
    ui_act(&p->ui, &p->snapshot, DO_TOP);
}

static void
bench_tree(const char *name, void (*make)(struct store *s))
{
    struct picture p = {.update = {.count = 0}};
    struct store *s = store_new();
    char what[64], told[64];
    made_ran(s, MADE_TX, FIRST_HEIGHT - 1, MADE_ROOT, 1);
    made_exists(s, MADE_ROOT, NULL, 0, 0);
    make(s);
    struct call *c = made_call(s);
    ui_init(&p.ui);
    ui_begin(&p.ui, UI_CALL);
    cells_init(&p.cells, WIDTH, HEIGHT, false);
    p.snapshot = (struct snapshot){.store = s, .call = c, .network = "bench", .now_ns = 10,
                                   .trouble = "", .note = ""};
    for (unsigned i = 0; i < FRAMES; i++)
        measure_block(&p, s, c, i);
    snprintf(told, sizeof(told), "%zu receipts", c->order_count);
    snprintf(what, sizeof(what), "%s: derive after a block", name);
    sample_row(what, sample_median_ns(&p.update) / 1e6, "ms", told);
    snprintf(what, sizeof(what), "%s: first frame after it", name);
    sample_row(what, sample_median_ns(&p.fresh) / 1e6, "ms", "200x60 cells");
    snprintf(what, sizeof(what), "%s: frame after a key", name);
    sample_row(what, sample_median_ns(&p.same) / 1e6, "ms", "200x60 cells");
    snprintf(what, sizeof(what), "%s: to the last receipt", name);
    sample_row(what, sample_median_ns(&p.last) / 1e6, "ms", "200x60 cells");
    cells_release(&p.cells);
    ui_release(&p.ui);
    store_free(s);
}

/* --- many calls ---------------------------------------------------------------------------- */

/* The recorded call under another hash. */
static void
apply_as(struct store *s, const struct event_list *list, unsigned number)
{
    struct hash tx = made_id(NEXT_HEIGHT + number);
    for (size_t i = 0; i < list->count; i++) {
        struct event ev = list->events[i];
        ev.tx = tx;
        if (ev.kind == EVENT_OUTCOME && ev.outcome.is_transaction)
            ev.outcome.id = tx;
        store_apply(s, &ev);
    }
}

static void
tell_known_block(struct store *s, const struct hash *hash, uint64_t height)
{
    struct event ev = made_event(EVENT_BLOCK);
    ev.block = (struct block_fact){.hash = *hash, .height = height, .time_ns = height * 1000,
                                   .is_final = true};
    store_apply(s, &ev);
}

static void
fill_with_calls(struct store *s)
{
    struct model_case m;
    struct arena arena;
    struct event_list list;
    struct diag d = {0};
    model_case_load(&m, "portfolio_ok");
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 1);
    must(decode_tx_status(json_find(net_record_at(&m.record, INT_MAX), "result"), &m.tx, &list, &d),
         &d);
    for (size_t i = 0; i < list.count; i++) {
        if (list.events[i].kind == EVENT_OUTCOME)
            tell_known_block(s, &list.events[i].outcome.block_hash, FIRST_HEIGHT + i);
    }
    for (unsigned i = 0; i < STORE_MAX_CALLS; i++)
        apply_as(s, &list, i);
    event_list_release(&list);
    arena_release(&arena);
    model_case_release(&m);
}

/* A block has come, which may change all of them, and a key that changes none. */
static void
bench_calls(void)
{
    struct picture p = {.update = {.count = 0}};
    struct store *s = store_new();
    char told[64];
    fill_with_calls(s);
    ui_init(&p.ui);
    cells_init(&p.cells, WIDTH, HEIGHT, false);
    p.snapshot = (struct snapshot){.store = s, .network = "bench", .now_ns = 10,
                                   .trouble = "", .note = "", .explorer = ""};
    ui_paint(&p.cells, &p.ui, &p.snapshot);
    for (unsigned i = 0; i < FRAMES; i++) {
        tell_block(s, i);
        int64_t start = clock_monotonic_ns();
        ui_paint(&p.cells, &p.ui, &p.snapshot);
        sample_add(&p.fresh, clock_monotonic_ns() - start);
        press_and_paint(&p, DO_DOWN, &p.same);
    }
    snprintf(told, sizeof(told), "200x60 cells, wanted: under 2");
    sample_row("1000 calls: frame after a block", sample_median_ns(&p.fresh) / 1e6, "ms", told);
    sample_row("1000 calls: frame after a key", sample_median_ns(&p.same) / 1e6, "ms", told);
    cells_release(&p.cells);
    ui_release(&p.ui);
    store_free(s);
}

int
main(void)
{
    puts("model and picture, medians");
    bench_facts("portfolio_ok");
    bench_facts("portfolio_fan_8");
    bench_tree("one join", make_fan);
    bench_tree("branches of branches", make_branches);
    bench_tree("one below the other", make_chain);
    bench_calls();
    return EXIT_SUCCESS;
}
