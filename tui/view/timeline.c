#include "tui/view/timeline.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "tui/model/spans.h"

enum { LABEL_MAX = 32, BLOCKS_LEAST = 4 };

/* As wide as fits, but not wider than reads well. */
static int
cell_width_for(uint64_t blocks, int width)
{
    static const int widths[] = {16, 12, 10, 8, 7, 6, 5, 4, 3, 2};
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        if (blocks * (uint64_t)widths[i] <= (uint64_t)width)
            return widths[i];
    }
    return 1;
}

struct timeline
timeline_of(const struct frame *f, int width)
{
    const struct rows *r = f->rows;
    const struct store *store = f->s->store;
    struct timeline t = {.is_known = r->has_axis && width > 0, .first = r->first, .last = r->last};
    if (!t.is_known)
        return t;
    /* What has not run yet will, in a block to come at the earliest. */
    t.now = t.last + 1;
    if (r->is_open && store->has_head && store->head_height >= t.last)
        t.now = store->head_height + 1;
    if (r->is_open)
        t.last = t.now;
    uint64_t blocks = t.last - t.first + 1, room;
    t.cell_width = cell_width_for(blocks < BLOCKS_LEAST ? BLOCKS_LEAST : blocks, width);
    room = (uint64_t)(width / t.cell_width);
    if (blocks > room) {
        uint64_t back = f->ui->blocks_back, most = blocks - room;
        t.last -= back < most ? back : most;
        t.first = t.last - room + 1;
    }
    return t;
}

/* --- labels ----------------------------------------------------------------------------------- */

static bool
time_of(const struct rows *r, uint64_t height, uint64_t *time_ns)
{
    for (size_t i = 0; i < r->moment_count; i++) {
        if (r->moment[i].height == height && r->moment[i].has_time) {
            *time_ns = r->moment[i].time_ns;
            return true;
        }
    }
    return false;
}

/* Empty when it is not known. */
static void
ms_label(const struct rows *r, uint64_t height, char out[LABEL_MAX])
{
    uint64_t start, at;
    out[0] = '\0';
    if (time_of(r, r->first, &start) && time_of(r, height, &at) && at >= start)
        snprintf(out, LABEL_MAX, "+%llu", (unsigned long long)((at - start) / NS_PER_MS));
}

/* Where there is no room for all of it, its last digits: the title has a whole one. */
static void
height_label(uint64_t height, int cell_width, char out[LABEL_MAX])
{
    char digits[LABEL_MAX];
    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)height);
    size_t n = strlen(digits), room = cell_width > 2 ? (size_t)cell_width - 1 : 2;
    size_t skip = n > room ? n - room : 0;
    snprintf(out, LABEL_MAX, "%s", digits + skip);
}

void
timeline_ruler(struct cells *c, struct box b, const struct timeline *t, const struct frame *f)
{
    int next_free = 0;
    if (!t->is_known)
        return;
    for (uint64_t h = t->first; h <= t->last; h++) {
        char label[LABEL_MAX];
        int x = (int)(h - t->first) * t->cell_width;
        if (f->ui->shows_ms)
            ms_label(f->rows, h, label);
        else
            height_label(h, t->cell_width, label);
        int length = (int)strlen(label);
        if (x < next_free || x + length > b.width)
            continue;
        cells_put_c(c, b.x + x, b.y, label, -1, ROLE_MUTED);
        next_free = length ? x + length + 1 : next_free;
    }
}

/* --- strokes ---------------------------------------------------------------------------------- */

static void
stroke(struct cells *c, struct box b, const struct timeline *t, const struct span *span,
       enum glyph glyph, enum role role)
{
    uint64_t from = span->from < t->first ? t->first : span->from;
    uint64_t to = span->to > t->last + 1 ? t->last + 1 : span->to;
    if (to <= from)
        return;
    int x = (int)(from - t->first) * t->cell_width;
    int end = (int)(to - t->first) * t->cell_width;
    end = end > b.width ? b.width : end;
    cells_repeat(c, b.x + x, b.y, end - x, glyph, role);
}

void
timeline_row(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
             const struct node *n)
{
    struct span spans[SPANS_MAX];
    if (!t->is_known)
        return;
    size_t count = node_spans(f->call, n, t->now, spans);
    for (size_t i = 0; i < count; i++) {
        switch (spans[i].kind) {
        case SPAN_FLIGHT: stroke(c, b, t, &spans[i], GLYPH_TIME_FLIGHT, ROLE_FLIGHT); break;
        case SPAN_WAIT: stroke(c, b, t, &spans[i], GLYPH_TIME_WAIT, ROLE_PATIENCE); break;
        case SPAN_RUN:
            if (n->status == NODE_FAILED)
                stroke(c, b, t, &spans[i], GLYPH_TIME_FAILED, ROLE_BROKEN);
            else if (n->is_critical)
                stroke(c, b, t, &spans[i], GLYPH_TIME_CRITICAL, ROLE_CRITICAL);
            else
                stroke(c, b, t, &spans[i], GLYPH_TIME_RUN, ROLE_EXECUTED);
            break;
        }
    }
    if (n->has_height || !count || t->now > t->last || n->status == NODE_HOLE)
        return;
    enum role role = spans[count - 1].kind == SPAN_WAIT ? ROLE_WAITING : ROLE_FLIGHT;
    int x = (int)(t->now - t->first) * t->cell_width;
    if (t->now >= t->first && x < b.width)
        cells_glyph(c, b.x + x, b.y, GLYPH_TIME_TIP, role);
}

void
timeline_group(struct cells *c, struct box b, const struct timeline *t, const struct row *row)
{
    struct span span = {SPAN_RUN, row->group_first, row->group_last + 1};
    if (!t->is_known || !row->group_first)
        return;
    if (row->group_failed)
        stroke(c, b, t, &span, GLYPH_TIME_FAILED, ROLE_BROKEN);
    else
        stroke(c, b, t, &span, GLYPH_TIME_RUN, ROLE_EXECUTED);
}
