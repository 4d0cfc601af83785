/* Methods side by side: blocks, time and gas of their runs, and which is faster. */
#include <stdio.h>
#include "net/near/amount.h"
#include "tui/model/compare.h"
#include "tui/view/calls.h"
#include "tui/view/page.h"

enum { METHOD = 26, METHOD_NARROW = 16, NARROW = 60, NUMBER = 7, BAR_MOST = 50 };

static int
method_width(const struct page *p)
{
    return p->b.width < NARROW ? METHOD_NARROW : METHOD;
}

static void
head(struct page *p)
{
    static const char *const heads[] = {"seconds", "faster", "blocks", "Tgas", "runs", "failed"};
    struct page_cells r = page_cells(p);
    page_cell(&r, method_width(p), false, ROLE_MUTED, "method");
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        page_cell(&r, NUMBER, true, ROLE_MUTED, "%s", heads[i]);
}

static void
numbers(struct page_cells *r, const struct compared *m, double faster)
{
    char gas[GAS_TEXT];
    if (m->timed)
        page_cell(r, NUMBER, true, ROLE_TEXT, "%.2f", m->ms / 1000);
    else
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
    if (faster > 0)
        page_cell(r, NUMBER, true, faster > 1.05 ? ROLE_OK : ROLE_MUTED, "%.1f x", faster);
    else
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
    page_cell(r, NUMBER, true, ROLE_TEXT, "%llu", (unsigned long long)m->blocks);
    page_cell(r, NUMBER, true, ROLE_TEXT, "%s", gas_text_tera(m->gas, gas));
    page_cell(r, NUMBER, true, ROLE_TEXT, "%zu", m->runs);
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

static void
text(struct page *p, const struct frame *f)
{
    const struct calls *s = screen_state_seen(f, UI_CALLS);
    struct compared list[COMPARE_MOST];
    size_t count = s ? compare_list(&s->roster, list, COMPARE_MOST) : 0;
    double most_ms = 0, most_gas = 0;
    for (size_t i = 0; i < count; i++) {
        most_ms = list[i].ms > most_ms ? list[i].ms : most_ms;
        most_gas = (double)list[i].gas > most_gas ? (double)list[i].gas : most_gas;
    }
    if (!count) {
        page_words(p, "No run is over yet. In the demo r, s and b run the same reads at once, one",
                   ROLE_MUTED);
        page_words(p, "after another and as a batch; what has run is compared here.", ROLE_MUTED);
        return;
    }
    head(p);
    p->line++;
    for (size_t i = 0; i < count; i++) {
        const struct action *method = call_method(list[i].sample);
        struct page_cells r = page_cells(p);
        page_cell(&r, method_width(p), false, ROLE_STRONG, "%.*s", STR_ARG(str_slice(method->method, 0, 64)));
        numbers(&r, &list[i], compare_speed_up(list, count, i));
        bars(p, &list[i], most_ms, most_gas);
    }
    page_words(p, "Medians, from the first receipt's block to that of the last.", ROLE_MUTED);
    page_words(p, "Faster: than the slowest here.", ROLE_MUTED);
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
    page_paint(c, f, "runs compared", screen_compare.footer, text);
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_AGAIN, DO_SEQUENTIAL, DO_BATCH,
                                        DO_SHOW_CALLS, DO_HELP, DO_NOTHING};

const struct screen_ops screen_compare = {.name = "compare",
                                          .footer = footer,
                                          .lists_runs = true,
                                          .layout = adapt,
                                          .paint = paint,
                                          .acts = text_acts};
