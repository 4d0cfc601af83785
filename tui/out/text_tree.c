/* The tree as text: what stays on the normal screen. */
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/model/roster.h"
#include "tui/out/text.h"

enum { DEPTH_MAX = 32, LINE_MAX_BYTES = 64 * 1024, VALUE_MAX = 120, METHOD_MOST = 64 };

/* The next sibling that is shown follows somewhere below. */
static bool
is_last_shown(const struct node *n)
{
    const struct node *p = n->parent;
    for (size_t i = p->child_count; i-- > 0;) {
        if (p->children[i]->role != RECEIPT_REFUND)
            return p->children[i] == n;
    }
    return true;
}

/* Deeper ones are not indented further; their depth is told instead. */
static void
add_guides(struct buf *out, const struct node *n, bool is_ascii)
{
    const struct node *up[DEPTH_MAX];
    int depth = 0;
    for (const struct node *p = n; p->parent && depth < DEPTH_MAX; p = p->parent)
        up[depth++] = p;
    if (n->depth > DEPTH_MAX)
        buf_addf(out, "(%d) ", n->depth);
    while (depth-- > 0) {
        bool is_last = is_last_shown(up[depth]);
        if (depth > 0)
            buf_add_c(out, is_last ? "   " : is_ascii ? "|  " : "│  ");
        else
            buf_add_c(out, is_last ? (is_ascii ? "`- " : "└─ ") : is_ascii ? "|- " : "├─ ");
    }
}

static const char *
mark_of(const struct node *n, bool is_ascii)
{
    switch (n->status) {
    case NODE_UNKNOWN:
    case NODE_IN_FLIGHT: return is_ascii ? ">" : "►";
    case NODE_WAITING: return is_ascii ? "o" : "◌";
    case NODE_DONE: return is_ascii ? "+" : "✓";
    case NODE_FAILED: return is_ascii ? "x" : "✗";
    case NODE_HOLE: return "?";
    }
    return "?";
}

static void
add_figures(struct buf *out, const struct node *n, bool is_ascii)
{
    char gas[GAS_TEXT];
    if (n->has_outcome)
        buf_addf(out, "  %s Tgas", gas_text_tera(n->outcome.gas_burnt, gas));
    else if (n->gas_attached)
        buf_add_c(out, is_ascii ? "  -" : "  –");
    if (n->gas_attached)
        buf_addf(out, " of %s", gas_text_tera(n->gas_attached, gas));
    if (n->has_height)
        buf_addf(out, "  block %llu", (unsigned long long)n->height);
}

static void
add_line(struct buf *out, const struct call *c, const struct node *n, bool is_ascii)
{
    add_guides(out, n, is_ascii);
    buf_addf(out, "%s ", mark_of(n, is_ascii));
    if (n->has_index)
        buf_addf(out, "[%zu] ", n->index);
    text_what(out, n);
    if (n->has_receipt) {
        buf_add_byte(out, ' ');
        utf8_clean(out, text_short_account(c, &n->receipt.receiver));
    }
    buf_addf(out, "  %s", text_status(n));
    add_figures(out, n, is_ascii);
    if (n->status == NODE_FAILED || n->status == NODE_HOLE) {
        buf_add_c(out, "  ");
        text_reason(out, n);
    } else if (n->has_outcome && n->outcome.status == OUTCOME_VALUE && n->outcome.value.n) {
        buf_add_c(out, "  ");
        text_value(out, n->outcome.value, VALUE_MAX);
    }
}

/* Moves a line over, cut to `width` cells; 0: all of it. */
static void
end_line(struct buf *out, struct buf *line, int width, bool is_ascii)
{
    struct str rest = buf_str(line);
    if (width > 0 && utf8_str_width(rest) > width) {
        int room = width - (is_ascii ? 3 : 1);
        while (rest.n) {
            struct str whole = rest;
            room -= utf8_width(utf8_take(&rest));
            if (room < 0)
                break;
            buf_add_str(out, str_slice(whole, 0, whole.n - rest.n));
        }
        buf_add_c(out, is_ascii ? "..." : "…");
    } else {
        buf_add_str(out, rest);
    }
    buf_add_byte(out, '\n');
    buf_clear(line);
}

void
text_tree(struct buf *out, struct store *s, struct call *c, bool is_ascii, int width)
{
    const struct verdict *v = call_verdict(s, c);
    char hash[HASH_TEXT];
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    buf_addf(out, "transaction %s\n", hash_text(&c->tx, hash));
    text_headline(&line, c, v);
    if (v->has_blocks)
        buf_addf(&line, "  %llu block%s", (unsigned long long)v->blocks,
                 v->blocks == 1 ? "" : "s");
    if (v->has_ms)
        buf_addf(&line, "  %.2f s", v->ms / 1000);
    end_line(out, &line, width, is_ascii);
    for (size_t i = 0; i < c->order_count; i++) {
        if (c->order[i]->role == RECEIPT_REFUND)
            continue;
        add_line(&line, c, c->order[i], is_ascii);
        end_line(out, &line, width, is_ascii);
    }
    if (v->refunds)
        buf_addf(out, "+ %zu refund%s\n", v->refunds, v->refunds == 1 ? "" : "s");
    if (v->untold)
        buf_addf(out, "what %zu receipt%s can be had nowhere\n", v->untold,
                 v->untold == 1 ? " is" : "s are");
    if (v->untimed)
        buf_addf(out, "when %zu receipt%s ran can be had nowhere\n", v->untimed,
                 v->untimed == 1 ? "" : "s");
    if (c->dropped)
        buf_addf(out, "! %llu more facts than fit: this is not all\n",
                 (unsigned long long)c->dropped);
    buf_release(&line);
}

static void
add_call(struct buf *out, struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    const struct action *method = call_method(c);
    char hash[HASH_TEXT];
    buf_addf(out, "%s  ", hash_text(&c->tx, hash));
    if (method)
        utf8_clean(out, str_slice(method->method, 0, METHOD_MOST));
    else if (c->has_transaction)
        buf_addf(out, "%zu actions", c->transaction.action_count);
    if (c->has_transaction)
        buf_addf(out, " %s  ", c->transaction.receiver.s);
    text_headline(out, c, v);
    if (v->kind != VERDICT_RUNNING && v->has_ms && v->blocks)
        buf_addf(out, "  %.2f s", v->ms / 1000);
    buf_add_byte(out, '\n');
}

void
text_list(struct buf *out, struct store *s)
{
    size_t first = s->recent_count > TEXT_LIST_MOST ? s->recent_count - TEXT_LIST_MOST : 0;
    if (first)
        buf_addf(out, "%zu earlier call%s, then these:\n", first, first == 1 ? "" : "s");
    for (size_t i = first; i < s->recent_count; i++)
        add_call(out, s, s->recent[i]);
}
