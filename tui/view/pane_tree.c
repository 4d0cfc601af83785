/* One row a receipt: its place in the tree, its status, its gas, its time. */
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "tui/out/text.h"
#include "tui/view/screens.h"

enum { STATUS_WIDTH = 13, GAS_WIDTH = 5, OF_WIDTH = 6, PERCENT_WIDTH = 5, NAME_LEAST = 14, NAME_MOST = 56,
       TIME_LEAST = 12, TEXT_MAX = 2048, MAX_GUIDES = 24 };

struct columns {
    int name, status, gas, bar, of, percent, time;      /* widths; 0: not shown */
};

enum role
status_role(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return ROLE_MUTED;
    case NODE_IN_FLIGHT: return ROLE_RUNNING;
    case NODE_WAITING: return ROLE_WAITING;
    case NODE_DONE: return ROLE_OK;
    case NODE_FAILED: return ROLE_FAILED;
    case NODE_HOLE: return ROLE_HOLE;
    }
    return ROLE_TEXT;
}

enum glyph
status_glyph(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return GLYPH_DOT;
    case NODE_IN_FLIGHT: return GLYPH_FLIGHT;
    case NODE_WAITING: return GLYPH_WAITING;
    case NODE_DONE: return n->role == RECEIPT_REFUND ? GLYPH_REFUND : GLYPH_OK;
    case NODE_FAILED: return GLYPH_FAILED;
    case NODE_HOLE: return GLYPH_HOLE;
    }
    return GLYPH_HOLE;
}

/* What fits, dearest first: name and status, then gas, time, the bar, percent, attached. */
static struct columns
plan_columns(int width)
{
    struct columns k = {.status = STATUS_WIDTH};
    int left = width - NAME_LEAST - STATUS_WIDTH - 1;
    if (left >= GAS_WIDTH + 1) {
        k.gas = GAS_WIDTH;
        left -= GAS_WIDTH + 1;
    }
    if (left >= TIME_LEAST + 2) {
        /* A wide screen gives the time what it can use; a narrow one gives it to the names. */
        k.time = width < 100 ? TIME_LEAST + 2 : left / 2;
        k.time = k.time > 72 ? 72 : k.time > left - 2 ? left - 2 : k.time;
        left -= k.time + 2;
    }
    if (left >= PERCENT_WIDTH + 7) {
        k.percent = PERCENT_WIDTH;
        left -= PERCENT_WIDTH;
        k.bar = width < 100 ? 4 : left / 4 > 12 ? 12 : left / 4 < 4 ? 4 : left / 4;
        left -= k.bar + 1;
    }
    if (width >= 100 && left >= OF_WIDTH + 8 && k.percent) {
        k.of = OF_WIDTH;
        left -= OF_WIDTH;
    }
    k.name = NAME_LEAST + (left > 0 ? left : 0);
    if (k.name > NAME_MOST && k.time) {
        /* Names need no more; the timeline can use it. */
        k.time += k.name - NAME_MOST;
        k.name = NAME_MOST;
    }
    return k;
}

/* --- the tree's own strokes --------------------------------------------------------------- */

static bool
has_later_sibling(const struct ui *ui, const struct node *n)
{
    const struct node *p = n->parent;
    bool is_behind = false;
    for (size_t i = 0; p && i < p->child_count; i++) {
        if (is_behind && (p->children[i]->role != RECEIPT_REFUND || ui->shows_refunds))
            return true;
        is_behind = is_behind || p->children[i] == n;
    }
    return false;
}

static int
guides(struct cells *c, int x, int y, const struct ui *ui, const struct node *n, int most)
{
    const struct node *up[MAX_GUIDES];
    int depth = 0;
    for (const struct node *p = n; p->parent && depth < MAX_GUIDES; p = p->parent)
        up[depth++] = p;
    int shown = depth > most ? most : depth;
    for (int i = shown - 1; i >= 0; i--) {
        bool goes_on = has_later_sibling(ui, up[i]);
        if (i > 0)
            cells_glyph(c, x, y, goes_on ? GLYPH_BAR : GLYPH_UNKNOWN, ROLE_RULE);
        else
            cells_glyph(c, x, y, goes_on ? GLYPH_TEE : GLYPH_CORNER, ROLE_RULE);
        if (i > 0 && !goes_on)
            cells_put_c(c, x, y, " ", 1, ROLE_RULE);
        if (i == 0)
            cells_glyph(c, x + 1, y, GLYPH_LINE, ROLE_RULE);
        x += 2;
    }
    return x;
}

static void
name_column(struct cells *c, int x, int y, int width, const struct ui *ui,
            const struct snapshot *s, const struct node *n)
{
    struct buf what;
    int end = x + width;
    x = guides(c, x, y, ui, n, (width - 10) / 2 > 0 ? (width - 10) / 2 : 0);
    x = cells_glyph(c, x, y, status_glyph(n), status_role(n)) + 1;
    if (ui_is_folded(ui, &n->id) && n->child_count)
        x = cells_glyph(c, x, y, GLYPH_FOLDED, ROLE_MUTED) + 1;
    if (n->has_index)
        x = cells_putf(c, x, y, end - x, ROLE_JOIN, "[%zu]", n->index) + 1;
    buf_init(&what, TEXT_MAX);
    text_what(&what, n);
    x = cells_put(c, x, y, buf_str(&what), end - x,
                  n->is_critical && n->role != RECEIPT_REFUND ? ROLE_STRONG : ROLE_TEXT) + 1;
    buf_release(&what);
    if (n->has_receipt && end - x > 3)
        cells_put(c, x, y, text_short_account(s->call, &n->receipt.receiver), end - x,
                  ROLE_MUTED);
}

static void
status_column(struct cells *c, int x, int y, int width, const struct snapshot *s,
              const struct node *n)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (n->status == NODE_WAITING) {
        buf_add_c(&text, "waits");
        for (size_t i = 0; i < n->input_count; i++) {
            if (n->inputs[i] && !n->inputs[i]->has_outcome)
                buf_addf(&text, " [%zu]", i);
        }
    } else if (n->status == NODE_DONE && n->outcome.status == OUTCOME_VALUE &&
               n->outcome.value.n && n->role == RECEIPT_BRANCH) {
        text_value(&text, n->outcome.value, 64);
    } else {
        buf_add_c(&text, text_status(n));
    }
    cells_put(c, x, y, buf_str(&text), width - 1, status_role(n));
    (void)s;
    buf_release(&text);
}

static void
gas_columns(struct cells *c, int x, int y, const struct columns *k, const struct node *n)
{
    char text[GAS_TEXT];
    if (!k->gas)
        return;
    if (n->has_outcome)
        cells_put_right(c, x, y, k->gas, str_from(gas_text_tera(n->outcome.gas_burnt, text)),
                        ROLE_TEXT);
    else
        cells_put_right(c, x, y, k->gas, str_from(glyph_text(GLYPH_UNKNOWN, c->is_ascii)),
                        ROLE_MUTED);
    x += k->gas + 1;
    if (!k->bar || !n->gas_attached)
        return;
    double part = n->has_outcome ? (double)n->outcome.gas_burnt / (double)n->gas_attached : 0;
    cells_bar(c, x, y, k->bar, part, part > 0.9 ? ROLE_GAS_HIGH : ROLE_GAS, ROLE_GAS_REST);
    x += k->bar;
    if (k->of) {
        cells_putf(c, x + 1, y, k->of - 1, ROLE_MUTED, "%llu T",
                   (unsigned long long)(n->gas_attached / TERA_GAS));
        x += k->of;
    }
    if (k->percent && n->has_outcome) {
        char percent[16];
        snprintf(percent, sizeof(percent), "%.0f%%", part * 100);
        cells_put_right(c, x, y, k->percent, str_from(percent),
                        part > 0.9 ? ROLE_WARNING : ROLE_MUTED);
    }
}

/* --- the pane ----------------------------------------------------------------------------- */

static void
head_row(struct cells *c, struct box b, const struct columns *k, const struct timeline *t,
         const struct ui *ui, const struct snapshot *s)
{
    int x = b.x + 2;
    cells_put_c(c, x, b.y, "receipt", k->name - 2, ROLE_MUTED);
    x = b.x + k->name;
    cells_put_c(c, x, b.y, "status", k->status, ROLE_MUTED);
    x += k->status;
    if (k->gas)
        cells_put_c(c, x + k->gas - 4, b.y, k->of ? "Tgas burnt of attached" : "Tgas",
                    k->of ? -1 : 5, ROLE_MUTED);
    if (k->time)
        timeline_ruler(c, (struct box){b.x + b.width - k->time, b.y, k->time, 1}, t, s,
                       ui->shows_ms);
}

static void
paint_row(struct cells *c, struct box b, const struct columns *k, const struct timeline *t,
          const struct ui *ui, const struct snapshot *s, const struct node *n, bool is_selected)
{
    if (is_selected)
        cells_glyph(c, b.x, b.y, GLYPH_SELECTED, ROLE_KEY);
    name_column(c, b.x + 2, b.y, k->name - 3, ui, s, n);
    status_column(c, b.x + k->name, b.y, k->status, s, n);
    gas_columns(c, b.x + k->name + k->status, b.y, k, n);
    if (k->time) {
        int x = b.x + b.width - k->time;
        cells_glyph(c, x - 2, b.y, GLYPH_BAR, ROLE_RULE);
        timeline_row(c, (struct box){x, b.y, k->time, 1}, t, s, n);
    }
    if (is_selected)
        cells_select_row(c, b.x, b.y, b.width);
}

int
tree_height(const struct ui *ui, const struct snapshot *s)
{
    size_t hidden;
    if (!s->call || s->call->order_count == 0)
        return 3;
    const struct node **rows = xcalloc(s->call->order_count, sizeof(*rows));
    size_t count = ui_visible(ui, s->call, rows, s->call->order_count, &hidden);
    xfree(rows);
    return (int)count + 1 + (hidden ? 1 : 0);
}

static void
empty_tree(struct cells *c, struct box b, const struct snapshot *s)
{
    const char *text = s->call ? "no receipt yet: the transaction waits for its block"
                               : "nothing has been sent yet";
    cells_put_c(c, b.x + 2, b.y + 1, text, b.width - 2, ROLE_MUTED);
}

void
tree_paint(struct cells *c, struct box b, const struct ui *ui, const struct snapshot *s)
{
    size_t hidden = 0;
    if (b.height < 1)
        return;
    if (!s->call || s->call->order_count == 0) {
        empty_tree(c, b, s);
        return;
    }
    struct columns k = plan_columns(b.width);
    struct timeline t = timeline_of(s, k.time);
    const struct node **rows = xcalloc(s->call->order_count, sizeof(*rows));
    int count = (int)ui_visible(ui, s->call, rows, s->call->order_count, &hidden), at = 0;
    for (int i = 0; i < count; i++) {
        if (hash_equal(&rows[i]->id, &ui->selected))
            at = i;
    }
    head_row(c, b, &k, &t, ui, s);
    int room = b.height - 1 - (hidden && b.height > 3 ? 1 : 0);
    /* The selected row stays in sight; otherwise the top does. */
    int top = at >= room ? at - room + 1 : 0;
    for (int i = 0; i < room && top + i < count; i++)
        paint_row(c, (struct box){b.x, b.y + 1 + i, b.width, 1}, &k, &t, ui, s, rows[top + i],
                  top + i == at);
    int shown = count - top < room ? count - top : room;
    if (hidden && b.height > 3)
        cells_putf(c, b.x + 4, b.y + 1 + shown, b.width - 4, ROLE_MUTED,
                   "+ %zu refund%s folded%s", hidden, hidden == 1 ? "" : "s",
                   count - top > room ? ", more below" : "");
    xfree(rows);
}
