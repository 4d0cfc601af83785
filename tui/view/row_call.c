/* One call as one line. */
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tui/model/target.h"
#include "tui/out/text.h"
#include "tui/view/calls.h"
#include "tui/view/pane.h"
#include "tui/view/row_branch.h"

enum { RUNS = 8, MARGIN = 2, TEXT_MOST = 128, SCAN_MOST = 4096 };

/* In order from left to right: how wide at least, at most, and how dear: the lowest stays
 * longest. */
static const struct {
    const char *title;
    int least, most, rank;
    bool is_right;              /* a number */
    int sort;                   /* enum roster_sort, or -1 */
} columns[COLUMN_COUNT] = {
    [COLUMN_AGE] = {"age", 5, 5, 4, true, ROSTER_AGE},
    [COLUMN_CONTRACT] = {"contract", 13, 30, 5, false, ROSTER_CONTRACT},
    [COLUMN_METHOD] = {"method", 13, 32, 1, false, ROSTER_METHOD},
    [COLUMN_BRANCHES] = {"branches", 8, 32, 2, false, -1},
    [COLUMN_VERDICT] = {"verdict", 11, 11, 0, false, ROSTER_VERDICT},
    [COLUMN_GAS] = {"Tgas", 6, 7, 6, true, ROSTER_GAS},
    [COLUMN_TIME] = {"time", 7, 8, 3, true, ROSTER_TIME},
    [COLUMN_RUNS] = {"runs", RUNS, RUNS, 7, false, -1},
    [COLUMN_NETWORK] = {"network", 8, 12, 8, false, -1},
};

static const struct {
    enum call_column column;
    int usual;
} names[] = {{COLUMN_METHOD, 24}, {COLUMN_CONTRACT, 20}};

struct call_columns
call_columns_of(int width)
{
    struct call_columns of = {{0}};
    int left = width - MARGIN;
    for (int rank = 0; rank < COLUMN_COUNT; rank++) {
        for (int i = 0; i < COLUMN_COUNT; i++) {
            if (columns[i].rank != rank || left < columns[i].least + 1)
                continue;
            of.width[i] = columns[i].least;
            left -= columns[i].least + 1;
        }
    }
    /* Names first, as far as most of them are long. */
    for (size_t k = 0; k < ARRAY_LEN(names); k++) {
        int more = of.width[names[k].column] ? names[k].usual - of.width[names[k].column] : 0;
        more = more < left ? more : left;
        of.width[names[k].column] += more > 0 ? more : 0;
        left -= more > 0 ? more : 0;
    }
    for (bool grew = true; grew && left > 0;) {
        grew = false;
        for (int i = 0; i < COLUMN_COUNT && left > 0; i++) {
            if (!of.width[i] || of.width[i] == columns[i].most)
                continue;
            of.width[i]++;
            left--;
            grew = true;
        }
    }
    return of;
}

void
call_head_paint(struct cells *c, int y, const struct call_columns *of, const struct frame *f,
                const struct roster *r)
{
    for (int i = 0, x = MARGIN; i < COLUMN_COUNT; i++) {
        bool is_sorted = columns[i].sort == (int)r->sort;
        enum role role = is_sorted ? ROLE_TITLE : ROLE_MUTED;
        int width = of->width[i], length = (int)strlen(columns[i].title);
        if (!width)
            continue;
        int begin = columns[i].is_right ? x + width - length : x;
        cells_put_c(c, begin, y, columns[i].title, width, role);
        if (is_sorted)
            cells_glyph(c, columns[i].is_right ? begin - 2 : begin + length + 1, y,
                        r->is_reversed ? GLYPH_ORDER_BACK : GLYPH_ORDER, role);
        if (columns[i].sort >= 0)
            hits_add(f->hits, (struct box){x, y, width, 1}, HIT_COLUMN, (size_t)columns[i].sort);
        x += width + 1;
    }
}

/* --- texts ------------------------------------------------------------------------------------ */

static void
add_age(struct buf *out, int64_t ns)
{
    long long s = ns / NS_PER_S;
    if (s < 0)
        s = 0;
    if (s < 100)
        buf_addf(out, "%lld s", s);
    else if (s < 100 * 60)
        buf_addf(out, "%lld m", s / 60);
    else if (s < 100LL * 3600)
        buf_addf(out, "%lld h", s / 3600);
    else
        buf_addf(out, "%lld d", s / 86400);
}

static void
add_verdict(struct buf *out, const struct verdict *v)
{
    switch (v->kind) {
    case VERDICT_RUNNING:
        if (v->branches)
            buf_addf(out, "%zu of %zu", v->branches_done, v->branches);
        else
            buf_add_c(out, "running");
        return;
    case VERDICT_OK: buf_add_c(out, "ok"); return;
    case VERDICT_BRANCH_FAILED: buf_addf(out, "%zu failed", v->failed); return;
    case VERDICT_FAILED: buf_add_c(out, "failed"); return;
    case VERDICT_UNKNOWN: buf_add_c(out, "unknown"); return;
    }
}

/* Of one that runs, how long it has; its age is told beside it. */
static void
add_time(struct buf *out, const struct verdict *v)
{
    if (v->kind == VERDICT_RUNNING || !v->has_ms || !v->has_blocks || !v->blocks)
        return;
    if (v->ms < 10000)
        buf_addf(out, "%.2f s", v->ms / 1000);
    else
        buf_addf(out, "%.1f s", v->ms / 1000);
}

static void
add_method(struct buf *out, const struct call *c)
{
    const struct action *method = call_method(c);
    if (method)
        buf_add_str(out, str_slice(method->method, 0, TEXT_MOST / 2));
    else if (c->has_transaction && c->transaction.action_count == 1)
        buf_add_c(out, action_kind_name(c->transaction.actions[0].kind));
    else if (c->has_transaction)
        buf_addf(out, "%zu actions", c->transaction.action_count);
}

/* --- what is drawn ---------------------------------------------------------------------------- */

/* A mark a branch, in order; the failed ones that find no room are still counted beside. */
static void
branches_paint(struct cells *c, int x, int y, int width, const struct call *call)
{
    int at = x;
    size_t most = call->order_count < SCAN_MOST ? call->order_count : SCAN_MOST;
    for (size_t i = 0; i < most; i++) {
        const struct node *n = call->order[i];
        if (n->role != RECEIPT_BRANCH)
            continue;
        if (at == x + width) {
            cells_glyph(c, at - 1, y, GLYPH_ELLIPSIS, ROLE_MUTED);
            return;
        }
        at = cells_glyph(c, at, y, status_glyph(n), status_role(n));
    }
    if (at == x)
        cells_glyph(c, x, y, GLYPH_UNKNOWN, ROLE_MUTED);
}

static double
took(const struct verdict *v)
{
    return v->kind != VERDICT_RUNNING && v->has_ms ? v->ms : 0;
}

/* The last runs of the same method, the oldest at the left, the longest the highest. */
static void
runs_paint(struct cells *c, int x, int y, const struct roster *r, const struct roster_row *row)
{
    const struct roster_row *runs[RUNS];
    int count = 0;
    double most = 0;
    for (ptrdiff_t at = (ptrdiff_t)row->arrival; at >= 0 && count < RUNS; at = r->all[at].previous) {
        double ms = took(r->all[at].verdict);
        runs[count++] = &r->all[at];
        most = ms > most ? ms : most;
    }
    while (count > 0) {
        const struct verdict *v = runs[--count]->verdict;
        double part = most > 0 ? took(v) / most : 0;
        int step = (int)(part * 8 + 0.5);
        step = step < 1 ? 1 : step > 8 ? 8 : step;
        if (v->kind == VERDICT_RUNNING)
            x = cells_glyph(c, x, y, GLYPH_NAMED, ROLE_RUNNING);
        else
            x = cells_glyph(c, x, y, (enum glyph)(GLYPH_RUN_1 + step - 1), verdict_role(v->kind));
    }
}

static void
verdict_paint(struct cells *c, int x, int y, int width, const struct verdict *v, struct buf *text)
{
    int end = cells_glyph(c, x, y, verdict_glyph(v->kind), verdict_role(v->kind)) + 1;
    add_verdict(text, v);
    cells_put(c, end, y, buf_str(text), width - (end - x),
              v->kind == VERDICT_BRANCH_FAILED ? ROLE_SHOUT : verdict_role(v->kind));
}

static void
column_paint(struct cells *c, int x, int y, enum call_column column, int width,
             const struct frame *f, const struct roster *r, const struct roster_row *row)
{
    const struct call *call = row->call;
    struct buf text;
    char gas[GAS_TEXT];
    enum role role = ROLE_TEXT;
    buf_init(&text, TEXT_MOST);
    switch (column) {
    case COLUMN_AGE:
        add_age(&text, f->s->now_ns - call->begun_ns);
        role = ROLE_MUTED;
        break;
    case COLUMN_CONTRACT:
        buf_add_c(&text, call->has_transaction ? call->transaction.receiver.s : "");
        break;
    case COLUMN_METHOD:
        add_method(&text, call);
        if (!text.n)
            text_short_hash(&text, &call->tx);
        role = ROLE_STRONG;
        break;
    case COLUMN_BRANCHES: branches_paint(c, x, y, width, call); break;
    case COLUMN_VERDICT: verdict_paint(c, x, y, width, row->verdict, &text); break;
    case COLUMN_GAS:
        if (row->verdict->gas_burnt)
            buf_add_c(&text, gas_text_tera(row->verdict->gas_burnt, gas));
        break;
    case COLUMN_TIME: add_time(&text, row->verdict); break;
    case COLUMN_RUNS: runs_paint(c, x, y, r, row); break;
    case COLUMN_NETWORK:
        buf_add_c(&text, f->s->network);
        role = ROLE_MUTED;
        break;
    case COLUMN_COUNT: break;
    }
    if (columns[column].is_right && text.n)
        cells_put_right(c, x, y, width, buf_str(&text), role);
    else if (columns[column].is_right)
        cells_glyph(c, x + width - 1, y, GLYPH_UNKNOWN, ROLE_MUTED);
    else if (column != COLUMN_VERDICT)
        cells_put(c, x, y, buf_str(&text), width, role);
    buf_release(&text);
}

/* The method of the selected row leads to the call's page. */
static void
link_to_page(struct cells *c, int y, const struct call_columns *of, const struct frame *f,
             const struct call *call)
{
    struct buf url, method;
    int x = MARGIN;
    for (int i = 0; i < COLUMN_METHOD; i++)
        x += of->width[i] ? of->width[i] + 1 : 0;
    buf_init(&url, CELLS_URL_MAX);
    buf_init(&method, TEXT_MOST);
    add_method(&method, call);
    int width = utf8_str_width(buf_str(&method));
    width = width < of->width[COLUMN_METHOD] ? width : of->width[COLUMN_METHOD];
    if (width > 0 && target_page(str_from(f->s->explorer), &call->tx, &url))
        cells_link_to(c, x, y, width, buf_str(&url));
    buf_release(&method);
    buf_release(&url);
}

void
call_row_paint(struct cells *c, int y, const struct call_columns *of, const struct frame *f,
               const struct calls *s, size_t index)
{
    const struct roster_row *row = &s->roster.row[index];
    bool is_selected = (ptrdiff_t)index == calls_selected(s);
    if (is_selected) {
        cells_select(c, 0, y, c->width, SELECTION_ROW);
        cells_glyph(c, 0, y, GLYPH_SELECTED, ROLE_KEY);
    }
    if (calls_is_marked(s, &row->call->tx))
        cells_glyph(c, 1, y, GLYPH_MARKED, ROLE_KEY);
    for (int i = 0, x = MARGIN; i < COLUMN_COUNT; i++) {
        if (!of->width[i])
            continue;
        column_paint(c, x, y, (enum call_column)i, of->width[i], f, &s->roster, row);
        if (is_selected && i == COLUMN_METHOD)
            cells_select(c, x, y, of->width[i], SELECTION_NAME);
        x += of->width[i] + 1;
    }
    if (is_selected)
        link_to_page(c, y, of, f, row->call);
}
