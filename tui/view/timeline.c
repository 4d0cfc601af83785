/* Blocks from left to right: in flight, executing, waiting are different strokes. */
#include <stdio.h>
#include "net/base/clock.h"
#include "tui/view/screens.h"

enum { WIDEST_BLOCK = 12 };

static void
widen(struct timeline *t, uint64_t height)
{
    if (!t->is_known) {
        t->first = t->last = height;
        t->is_known = true;
    }
    if (height < t->first)
        t->first = height;
    if (height > t->last)
        t->last = height;
}

struct timeline
timeline_of(const struct snapshot *s, int width)
{
    struct timeline t = {.cell_width = 1};
    const struct call *c = s->call;
    bool is_open = false;
    if (!c || width < 1)
        return t;
    if (c->transaction_node && c->transaction_node->has_height)
        widen(&t, c->transaction_node->height);
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (n->role == RECEIPT_REFUND)
            continue;
        if (n->has_height)
            widen(&t, n->height);
        else
            is_open = true;
        if (n->has_created)
            widen(&t, n->created_height);
    }
    if (t.is_known && is_open && s->store->has_head && s->store->head_height >= t.last)
        widen(&t, s->store->head_height + 1);
    uint64_t count = t.last - t.first + 1;
    if (t.is_known && count > (uint64_t)width) {
        /* More blocks than columns: the newest are shown. */
        t.first = t.last - (uint64_t)width + 1;
        count = (uint64_t)width;
    }
    int each = (int)((uint64_t)width / count);
    t.cell_width = each > WIDEST_BLOCK ? WIDEST_BLOCK : each < 1 ? 1 : each;
    return t;
}

/* The time of a block that something of this call ran in. */
static bool
time_of(const struct snapshot *s, uint64_t height, uint64_t *time_ns)
{
    const struct call *c = s->call;
    const struct node *top = c->transaction_node;
    if (top && top->has_time && top->height == height) {
        *time_ns = top->time_ns;
        return true;
    }
    for (size_t i = 0; i < c->order_count; i++) {
        if (c->order[i]->has_time && c->order[i]->height == height) {
            *time_ns = c->order[i]->time_ns;
            return true;
        }
    }
    return false;
}

static void
label_of(const struct snapshot *s, const struct timeline *t, uint64_t height, bool in_ms, int room,
         char out[32])
{
    uint64_t start, at;
    if (in_ms) {
        out[0] = '\0';
        if (time_of(s, t->first, &start) && time_of(s, height, &at) && at >= start)
            snprintf(out, 32, "+%llu", (unsigned long long)((at - start) / NS_PER_MS));
        return;
    }
    snprintf(out, 32, "%llu", (unsigned long long)height);
    /* Too narrow for the whole number: its end tells blocks apart. */
    size_t n = 0;
    while (out[n])
        n++;
    if ((int)n > room && room > 0)
        snprintf(out, 32, "%0*llu", room,
                 (unsigned long long)(height % (room == 1 ? 10 : room == 2 ? 100 : 1000)));
}

void
timeline_ruler(struct cells *c, struct box b, const struct timeline *t, const struct snapshot *s,
               bool in_ms)
{
    int next_free = 0;
    if (!t->is_known)
        return;
    for (uint64_t h = t->first; h <= t->last; h++) {
        char label[32];
        int x = (int)(h - t->first) * t->cell_width, length = 0;
        if (x >= b.width)
            break;
        label_of(s, t, h, in_ms, t->cell_width > 3 ? 20 : 3, label);
        while (label[length])
            length++;
        if (x < next_free || x + length > b.width)
            continue;
        cells_put_c(c, b.x + x, b.y, label, -1, ROLE_MUTED);
        next_free = x + length + 1;
    }
}

static void
stroke(struct cells *c, struct box b, const struct timeline *t, uint64_t from, uint64_t to,
       enum glyph glyph, enum role role)
{
    if (to < t->first || from > t->last)
        return;
    from = from < t->first ? t->first : from;
    to = to > t->last + 1 ? t->last + 1 : to;
    int x = (int)(from - t->first) * t->cell_width;
    int end = (int)(to - t->first) * t->cell_width;
    end = end > b.width ? b.width : end;
    if (end > x)
        cells_repeat(c, b.x + x, b.y, end - x, glyph, role);
}

void
timeline_row(struct cells *c, struct box b, const struct timeline *t, const struct snapshot *s,
             const struct node *n)
{
    if (!t->is_known)
        return;
    uint64_t until = n->has_height ? n->height : t->last + 1;
    bool is_waiting = n->input_count > 0;
    /* On its way from the block after the one that made it; a callback waits as well. */
    if (n->has_created && !(n->has_height && n->height <= n->created_height))
        stroke(c, b, t, n->created_height, until,
               is_waiting ? GLYPH_TIME_WAIT : GLYPH_TIME_FLIGHT,
               is_waiting ? ROLE_PATIENCE : ROLE_FLIGHT);
    if (n->has_height)
        stroke(c, b, t, n->height, n->height + 1, GLYPH_TIME_RUN,
               n->status == NODE_FAILED ? ROLE_BROKEN
               : n->is_critical         ? ROLE_CRITICAL
                                        : ROLE_EXECUTED);
    (void)s;
}
