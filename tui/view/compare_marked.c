/* Calls that were marked, side by side: two of them figure by figure and receipt by receipt, more
 * of them as a table. */
#include <stdio.h>
#include "net/near/amount.h"
#include "tui/model/pairs.h"
#include "tui/out/text.h"
#include "tui/view/calls.h"
#include "tui/view/compare_part.h"

enum { LABEL = 12, LABEL_NARROW = 9, NARROW = 60, VALUE_LEAST = 9, VALUE_MOST = 26, APART = 8,
       PAIRS_MOST = 200, NEAR_DECIMALS = 5, CELL = 80 };

size_t
compare_marked(const struct frame *f, struct roster_row *out, size_t max)
{
    const struct calls *s = screen_state_seen(f, UI_CALLS);
    size_t count = 0;
    for (size_t i = 0; s && i < s->roster.all_count && count < max; i++) {
        if (calls_is_marked(s, &s->roster.all[i].call->tx))
            out[count++] = s->roster.all[i];
    }
    return count;
}

/* --- two ------------------------------------------------------------------------------------------ */

struct table {
    struct page *p;
    int label, value;
    bool is_over;               /* neither still runs: what is between them is known */
};

static struct table
table_of(struct page *p)
{
    struct table t = {.p = p, .label = p->b.width < NARROW ? LABEL_NARROW : LABEL};
    t.value = (p->b.width - t.label - APART - 3) / 2;
    t.value = t.value < VALUE_LEAST ? VALUE_LEAST : t.value > VALUE_MOST ? VALUE_MOST : t.value;
    return t;
}

static void
row(const struct table *t, const char *label, const char *first, const char *second,
    const char *difference)
{
    struct page_cells r = page_cells(t->p);
    page_cell(&r, t->label, false, ROLE_MUTED, "%s", label);
    page_cell(&r, t->value, true, ROLE_TEXT, "%s", first);
    page_cell(&r, t->value, true, ROLE_TEXT, "%s", second);
    page_cell(&r, APART, true, ROLE_STRONG, "%s", t->is_over ? difference : "");
}

/* "3.0 ×" what the first one has; "same" within a hundredth. */
static void
times(const struct page *p, char out[CELL], double first, double second)
{
    const char *sign = glyph_text(GLYPH_TIMES, p->c && p->c->is_ascii);
    double by = first > 0 ? second / first : 0;
    if (first <= 0)
        snprintf(out, CELL, "%s", second > 0 ? "" : "same");
    else if (by > 0.99 && by < 1.01)
        snprintf(out, CELL, "same");
    else
        snprintf(out, CELL, by < 10 ? "%.2f %s" : "%.0f %s", by, sign);
}

static void
count_row(const struct table *t, const char *label, size_t first, size_t second)
{
    char one[CELL], other[CELL], apart[CELL] = "same";
    snprintf(one, sizeof(one), "%zu", first);
    snprintf(other, sizeof(other), "%zu", second);
    if (first != second)
        snprintf(apart, sizeof(apart), "%+lld", (long long)second - (long long)first);
    row(t, label, one, other, apart);
}

static void
gas_cell(char out[CELL], uint64_t gas)
{
    char text[GAS_TEXT];
    snprintf(out, CELL, "%s", gas_text_tera(gas, text));
}

bool
compare_has_time(const struct verdict *v)
{
    return v->kind != VERDICT_RUNNING && v->has_ms && v->has_blocks && v->blocks;
}

static void
time_rows(const struct table *t, const struct verdict *a, const struct verdict *b)
{
    char one[CELL] = "-", other[CELL] = "-", apart[CELL] = "";
    bool has_first = compare_has_time(a), has_second = compare_has_time(b);
    if (has_first)
        snprintf(one, sizeof(one), "%.2f", a->ms / 1000);
    if (has_second)
        snprintf(other, sizeof(other), "%.2f", b->ms / 1000);
    if (has_first && has_second)
        times(t->p, apart, a->ms, b->ms);
    row(t, "seconds", one, other, apart);
    if (has_first && has_second) {
        count_row(t, "blocks", (size_t)a->blocks, (size_t)b->blocks);
        return;
    }
    if (has_first)
        snprintf(one, sizeof(one), "%llu", (unsigned long long)a->blocks);
    if (has_second)
        snprintf(other, sizeof(other), "%llu", (unsigned long long)b->blocks);
    row(t, "blocks", one, other, "");
}

static void
cost_rows(const struct table *t, const struct verdict *a, const struct verdict *b)
{
    char one[CELL], other[CELL], apart[CELL], near[AMOUNT_NEAR_TEXT];
    gas_cell(one, a->gas_burnt);
    gas_cell(other, b->gas_burnt);
    times(t->p, apart, (double)a->gas_burnt, (double)b->gas_burnt);
    row(t, "Tgas", one, other, apart);
    snprintf(one, sizeof(one), "%s", amount_near_text(a->tokens_burnt, NEAR_DECIMALS, near));
    snprintf(other, sizeof(other), "%s", amount_near_text(b->tokens_burnt, NEAR_DECIMALS, near));
    row(t, "burnt", one, other, "");
}

static void
method_cell(char out[CELL], const struct call *c)
{
    const struct action *method = call_method(c);
    if (method)
        snprintf(out, CELL, "%.*s", STR_ARG(str_slice(method->method, 0, CELL - 1)));
    else
        snprintf(out, CELL, "%s", c->has_transaction && c->transaction.action_count == 1
                                      ? action_kind_name(c->transaction.actions[0].kind)
                                      : "several actions");
}

static const char *
verdict_word(const struct verdict *v)
{
    return v->kind == VERDICT_OK ? "ok" : v->kind == VERDICT_BRANCH_FAILED ? "branch failed"
                                                                          : text_verdict(v->kind);
}

static void
figures(const struct table *t, const struct roster_row *a, const struct roster_row *b)
{
    char one[CELL], other[CELL];
    const struct verdict *x = a->verdict, *y = b->verdict;
    struct page_cells head = page_cells(t->p);
    page_cell(&head, t->label, false, ROLE_MUTED, "%s", "");
    page_cell(&head, t->value, true, ROLE_MUTED, "first");
    page_cell(&head, t->value, true, ROLE_MUTED, "second");
    page_cell(&head, APART, true, ROLE_MUTED, "is");
    method_cell(one, a->call);
    method_cell(other, b->call);
    row(t, "method", one, other, "");
    row(t, "contract", a->call->transaction.receiver.s, b->call->transaction.receiver.s, "");
    row(t, "verdict", verdict_word(x), verdict_word(y), "");
    time_rows(t, x, y);
    cost_rows(t, x, y);
    count_row(t, "receipts", x->receipts - x->refunds, y->receipts - y->refunds);
    count_row(t, "branches", x->branches, y->branches);
    count_row(t, "failed", x->failed, y->failed);
}

/* --- receipt by receipt --------------------------------------------------------------------------- */

static void
node_cell(struct page_cells *r, int width, const struct node *n)
{
    char gas[CELL] = "";
    if (n && n->has_outcome)
        gas_cell(gas, n->outcome.gas_burnt);
    page_cell(r, width, true, n && n->status == NODE_FAILED ? ROLE_FAILED : ROLE_TEXT, "%s%s",
              n && n->status == NODE_FAILED ? "failed " : "", n && !gas[0] ? "-" : gas);
}

static void
pair_row(struct page *p, int name, int value, const struct node_pair *pair, const struct call *a,
         const struct call *b)
{
    const struct node *n = pair->first ? pair->first : pair->second;
    struct page_cells r = page_cells(p);
    struct buf what;
    char apart[CELL] = "";
    buf_init(&what, 256);
    if (pair->first && pair->first == a->root && pair->second) {
        buf_add_c(&what, "the call itself");
    } else {
        text_what(&what, n);
        if (n->has_receipt)
            buf_addf(&what, " %.*s", STR_ARG(text_short_account(pair->first ? a : b,
                                                                &n->receipt.receiver)));
    }
    page_cell(&r, name, false, ROLE_STRONG, "%s", buf_c(&what));
    node_cell(&r, value, pair->first);
    node_cell(&r, value, pair->second);
    if (pair->first && pair->second && pair->first->has_outcome && pair->second->has_outcome)
        times(p, apart, (double)pair->first->outcome.gas_burnt, (double)pair->second->outcome.gas_burnt);
    page_cell(&r, APART, true, ROLE_MUTED, "%s", apart);
    buf_release(&what);
}

static void
receipts(struct page *p, const struct call *a, const struct call *b)
{
    struct node_pair pairs[PAIRS_MOST];
    size_t count = pairs_list(a, b, pairs, PAIRS_MOST);
    int value = p->b.width < NARROW ? VALUE_LEAST - 1 : VALUE_LEAST + 5;
    int name = p->b.width - 2 * value - APART - 3;
    name = name > 48 ? 48 : name;
    page_title(p, "Tgas of each receipt, refunds apart");
    for (size_t i = 0; i < count; i++)
        pair_row(p, name, value, &pairs[i], a, b);
    if (count == PAIRS_MOST)
        page_words(p, "and more of them", ROLE_MUTED);
}

void
compare_two(struct page *p, const struct roster_row *a, const struct roster_row *b)
{
    struct table t = table_of(p);
    t.is_over = a->verdict->kind != VERDICT_RUNNING && b->verdict->kind != VERDICT_RUNNING;
    figures(&t, a, b);
    receipts(p, a->call, b->call);
}
