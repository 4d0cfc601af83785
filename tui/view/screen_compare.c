/* Methods side by side: blocks, time and gas of their runs, and which is faster; or, when calls
 * are marked, those. */
#include <stdio.h>
#include "net/near/amount.h"
#include "tui/model/compare.h"
#include "tui/view/calls.h"
#include "tui/view/compare_part.h"

enum { METHOD = 26, METHOD_NARROW = 16, NARROW = 60, NUMBER = 7, BAR_MOST = 50 };

static int
method_width(const struct page *p)
{
    return p->b.width < NARROW ? METHOD_NARROW : METHOD;
}

static void
head(struct page *p, bool is_of_calls)
{
    const char *const heads[] = {"seconds", "faster", "blocks", "Tgas",
                                 is_of_calls ? "receipts" : "runs", "failed"};
    struct page_cells r = page_cells(p);
    page_cell(&r, method_width(p), false, ROLE_MUTED, "method");
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        page_cell(&r, i == 4 && is_of_calls ? NUMBER + 1 : NUMBER, true, ROLE_MUTED, "%s", heads[i]);
}

static void
numbers(struct page_cells *r, const struct compared *m, double faster, size_t receipts)
{
    char gas[GAS_TEXT];
    if (m->timed)
        page_cell(r, NUMBER, true, ROLE_TEXT, "%.2f", m->ms / 1000);
    else
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
    if (faster > 0)
        page_cell(r, NUMBER, true, faster > 1.05 ? ROLE_OK : ROLE_MUTED, "%.1f %s", faster,
                  glyph_text(GLYPH_TIMES, r->p->c && r->p->c->is_ascii));
    else
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
    page_cell(r, NUMBER, true, ROLE_TEXT, "%llu", (unsigned long long)m->blocks);
    page_cell(r, NUMBER, true, ROLE_TEXT, "%s", gas_text_tera(m->gas, gas));
    page_cell(r, receipts ? NUMBER + 1 : NUMBER, true, ROLE_TEXT, "%zu", receipts ? receipts : m->runs);
    page_cell(r, NUMBER, true, m->failed ? ROLE_FAILED : ROLE_MUTED, "%zu", m->failed);
}

/* Time as a bar, and gas as another below it: both of the most there is. */
static void
bars(struct page *p, const struct compared *m, double most_ms, double most_gas)
{
    int width = p->b.width - 12 < BAR_MOST ? p->b.width - 12 : BAR_MOST;
    for (int i = 0; i < 2; i++) {
        int y = page_row(p);
        double part = i ? (most_gas > 0 ? (double)m->gas / most_gas : 0)
                        : (most_ms > 0 ? m->ms / most_ms : 0);
        if (y < 0 || width < 4)
            continue;
        cells_put_c(p->c, p->b.x + 2, y, i ? "gas" : "time", 6, ROLE_MUTED);
        cells_bar(p->c, p->b.x + 8, y, width, part, i ? ROLE_GAS : ROLE_EXECUTED, ROLE_GAS_REST);
    }
    p->line++;
}

/* `receipts`: of each, when they are single calls. */
static void
table(struct page *p, const struct compared *list, size_t count, const size_t *receipts)
{
    double most_ms = 0, most_gas = 0;
    for (size_t i = 0; i < count; i++) {
        most_ms = list[i].ms > most_ms ? list[i].ms : most_ms;
        most_gas = (double)list[i].gas > most_gas ? (double)list[i].gas : most_gas;
    }
    head(p, receipts != NULL);
    p->line++;
    for (size_t i = 0; i < count; i++) {
        const struct action *method = call_method(list[i].sample);
        struct page_cells r = page_cells(p);
        struct str name = method ? str_slice(method->method, 0, 64) : STR("several actions");
        page_cell(&r, method_width(p), false, ROLE_STRONG, "%.*s", STR_ARG(name));
        numbers(&r, &list[i], compare_speed_up(list, count, i), receipts ? receipts[i] : 0);
        bars(p, &list[i], most_ms, most_gas);
    }
}

/* Of `neartop compare`: which run is under way. */
static void
progress(struct page *p, const struct frame *f)
{
    const struct snapshot *s = f->s;
    char words[128];
    if (!s->runs)
        return;
    if (s->runs_over == s->runs)
        snprintf(words, sizeof(words), "All %zu runs are over.", s->runs);
    else
        snprintf(words, sizeof(words), "Run %zu of %zu is under way.", s->runs_over + 1, s->runs);
    page_words(p, words, s->runs_over == s->runs ? ROLE_MUTED : ROLE_RUNNING);
}

static void
nothing(struct page *p, const struct frame *f)
{
    progress(p, f);
    page_words(p, "No run is over yet.", ROLE_STRONG);
    if (f->s->is_embedded)
        page_paragraph(p, "r, s and b run the same reads at once, one after another and as a batch; what "
                       "has run is compared here.", ROLE_MUTED);
    page_paragraph(p, "Methods are compared by their runs, or two calls that are marked with m on the "
                   "screen of all calls.", ROLE_MUTED);
}

static void
calls_text(struct page *p, const struct roster_row *row, size_t count)
{
    struct compared list[COMPARE_MOST];
    size_t receipts[COMPARE_MOST];
    if (count == 2) {
        compare_two(p, &row[0], &row[1]);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct verdict *v = row[i].verdict;
        list[i] = (struct compared){.sample = row[i].call, .runs = 1, .failed = v->failed,
                                    .timed = compare_has_time(v), .blocks = v->blocks,
                                    .gas = v->gas_burnt, .ms = compare_has_time(v) ? v->ms : 0};
        receipts[i] = v->receipts - v->refunds;
    }
    table(p, list, count, receipts);
    page_paragraph(p, "The calls that are marked; faster: than the slowest of them.", ROLE_MUTED);
}

static void
text(struct page *p, const struct frame *f)
{
    const struct calls *s = screen_state_seen(f, UI_CALLS);
    struct compared list[COMPARE_MOST];
    struct roster_row marked[COMPARE_MOST];
    size_t marks = compare_marked(f, marked, COMPARE_MOST);
    if (marks > 1) {
        calls_text(p, marked, marks);
        return;
    }
    size_t count = s ? compare_list(&s->roster, list, COMPARE_MOST) : 0;
    if (!count) {
        nothing(p, f);
        return;
    }
    table(p, list, count, NULL);
    progress(p, f);
    page_paragraph(p, "Medians, from the first receipt's block to that of the last.", ROLE_MUTED);
    page_paragraph(p, marks ? "Faster: than the slowest here. One call is marked: two are compared alone."
                            : "Faster: than the slowest here. Two calls that are marked are compared alone.",
                   ROLE_MUTED);
}

static void
lines(struct cells *c, struct box b, const struct frame *f, int skip)
{
    page_text(c, b, f, skip, text);
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    calls_of(ui, f);
    page_adapt(ui, f, width, height, text);
}

static void
paint(struct cells *c, const struct frame *f)
{
    struct roster_row marked[2];
    bool has_marked = compare_marked(f, marked, 2) > 1;
    page_paint(c, f, has_marked ? "marked calls compared" : "runs compared", screen_compare.footer, text);
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_AGAIN, DO_SEQUENTIAL, DO_BATCH,
                                        DO_SHOW_CALLS, DO_HELP, DO_NOTHING};

const struct screen_ops screen_compare = {.name = "compare",
                                          .footer = footer,
                                          .lists_runs = true,
                                          .text_box = page_box,
                                          .text = lines,
                                          .layout = adapt,
                                          .paint = paint,
                                          .acts = text_acts};
