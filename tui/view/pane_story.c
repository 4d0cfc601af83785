/* Block by block, what ran: the same facts as in the tree, told in the order of time. */
#include <stdio.h>
#include "net/base/clock.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"
#include "tui/view/row_branch.h"

enum { NAME_WIDTH = 16 };       /* with less for each, indices have to do */

/* Where the columns are: as wide as what stands in them. */
struct clock {
    int height, ms;
};

static int
digits_of(uint64_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

static struct clock
clock_of(const struct rows *r)
{
    const struct moment *first = &r->moment[0], *last = &r->moment[r->moment_count - 1];
    uint64_t ms = last->time_ns > first->time_ns ? (last->time_ns - first->time_ns) / NS_PER_MS : 0;
    return (struct clock){digits_of(last->height), digits_of(ms) + 4};
}

int
story_rows(const struct frame *f)
{
    return f->call ? (int)f->rows->moment_count + (f->verdict->is_final ? 1 : 0) : 0;
}

static void
when_paint(struct cells *c, struct box b, int y, const struct frame *f, const struct moment *m,
           struct clock k)
{
    const struct moment *start = &f->rows->moment[0];
    char text[32];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)m->height);
    cells_put_right(c, b.x, y, k.height, str_from(text), ROLE_MUTED);
    if (!m->has_time || !start->has_time || m->time_ns < start->time_ns)
        return;
    snprintf(text, sizeof(text), "+%llu ms",
             (unsigned long long)((m->time_ns - start->time_ns) / NS_PER_MS));
    cells_put_right(c, b.x + k.height + 2, y, k.ms, str_from(text), ROLE_MUTED);
}

/* "✓ [0] token  ✗ [1] lending": short names, as many as fit. */
static void
what_paint(struct cells *c, int x, int y, int end, const struct frame *f, const struct moment *m)
{
    struct buf name;
    size_t told = 0;
    bool is_short = end - x < (int)m->count * NAME_WIDTH;
    for (; told < m->listed && end - x > 6; told++) {
        const struct node *n = m->node[told];
        if (n == f->call->transaction_node) {
            x = cells_glyph(c, x, y, status_glyph(n), status_role(n)) + 1;
            x = cells_put_c(c, x, y, "the transaction", end - x, ROLE_MUTED) + 2;
            continue;
        }
        x = cells_glyph(c, x, y, status_glyph(n), status_role(n)) + 1;
        if (m->count == 1) {
            x = receipt_name_paint(c, x, y, end - x, f, n, ROLE_TEXT) + 2;
            continue;
        }
        buf_init(&name, 1024);
        if (n->has_index)
            buf_addf(&name, is_short ? "[%zu]" : "[%zu] ", n->index);
        if (n->has_receipt && !is_short)
            buf_add_str(&name, text_short_account(f->call, &n->receipt.receiver));
        else if (!n->has_index)
            text_what(&name, n);
        x = cells_put(c, x, y, buf_str(&name), end - x, ROLE_TEXT) + 2;
        buf_release(&name);
    }
    size_t more = m->count - told;
    if (more && end - x > 8)
        x = cells_putf(c, x, y, end - x, ROLE_MUTED, "and %zu more", more) + 2;
    if (m->refunds && end - x > 10)
        cells_putf(c, x, y, end - x, ROLE_MUTED, "%s %zu refund%s",
                   glyph_text(GLYPH_REFUND, c->is_ascii), m->refunds, m->refunds == 1 ? "" : "s");
}

static void
story_fill(struct cells *c, struct box b, const struct frame *f, int skip)
{
    int count = (int)f->rows->moment_count, y = b.y, end = b.y + b.height;
    if (!count)
        return;
    b = (struct box){b.x + 1, b.y, b.width - 2, b.height};
    struct clock k = clock_of(f->rows);
    int column = b.x + k.height + k.ms + 4;
    for (int i = skip; i < count && y < end; i++, y++) {
        const struct moment *m = &f->rows->moment[i];
        when_paint(c, b, y, f, m, k);
        what_paint(c, column, y, b.x + b.width, f, m);
    }
    if (f->verdict->is_final && y < end)
        cells_put_c(c, column, y, "all of it is final", b.x + b.width - column, ROLE_OK);
}

void
story_paint(struct cells *c, struct box b, const struct frame *f, int skip)
{
    struct box before = cells_clip(c, b);
    story_fill(c, b, f, skip);
    cells_unclip(c, before);
}
