#include "tui/view/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "tui/model/spans.h"

enum { LABEL_MAX = 32, BLOCKS_LEAST = 4, BLOCK_MS = 600, MS_PER_S = 1000 };

/* From wide to narrow: cells a block, then blocks a cell. */
static const struct {
    int cells;
    uint64_t blocks;
} scales[] = {{48, 1}, {32, 1}, {24, 1}, {20, 1}, {16, 1}, {12, 1}, {10, 1}, {8, 1},
              {7, 1},  {6, 1},  {5, 1},  {4, 1},  {3, 1},  {2, 1},  {1, 1},  {1, 2},
              {1, 5},  {1, 10}, {1, 20}, {1, 50}, {1, 100}, {1, 200}, {1, 500}, {1, 1000}};
enum { SCALE_WIDEST = 4, SCALE_ONE = 14 };      /* that are chosen without being asked for */

static size_t
scale_for(uint64_t blocks, int width, int zoom)
{
    int at = SCALE_WIDEST;
    while (at < SCALE_ONE && blocks * (uint64_t)scales[at].cells > (uint64_t)width)
        at++;
    at -= zoom;
    int most = (int)ARRAY_LEN(scales) - 1;
    return (size_t)(at < 0 ? 0 : at > most ? most : at);
}

/* Which of the blocks are shown, when not all fit. */
static void
choose_window(struct timeline *t, const struct frame *f, uint64_t room)
{
    uint64_t blocks = t->last - t->first + 1, begin = t->first;
    if (blocks <= room)
        return;
    uint64_t last = t->last, moved = f->ui->time_last;
    const struct node *n = f->selected;
    if (moved)
        last = moved;
    else if (f->ui->time_zoom > 0 && n && n->has_height && n->height >= begin)
        last = n->height + room - room / 2 - 1;
    last = last < begin + room - 1 ? begin + room - 1 : last;
    t->last = last < t->last ? last : t->last;
    t->first = t->last - room + 1;
}

/* --- milliseconds ----------------------------------------------------------------------------- */

/* Since the first block of the call, between blocks whose time is known in a straight line. */
static double
ms_at(const struct frame *f, uint64_t height)
{
    const struct rows *r = f->rows;
    const struct moment *low = NULL, *high = NULL, *start = NULL, *end = NULL;
    for (size_t i = 0; i < r->moment_count; i++) {
        const struct moment *m = &r->moment[i];
        if (!m->has_time)
            continue;
        start = start ? start : m;
        end = m;
        if (m->height <= height)
            low = m;
        else if (!high)
            high = m;
    }
    if (!start)
        return (double)(height - r->first) * BLOCK_MS;
    double block = end->height > start->height
        ? (double)(end->time_ns - start->time_ns) / NS_PER_MS / (double)(end->height - start->height)
        : BLOCK_MS;
    if (!low)
        return -(double)(start->height - height) * block;
    double at = (double)(low->time_ns - start->time_ns) / NS_PER_MS;
    if (!high)
        return at + (double)(height - low->height) * block;
    double length = (double)(high->time_ns - low->time_ns) / NS_PER_MS;
    return at + length * (double)(height - low->height) / (double)(high->height - low->height);
}

static bool
knows_ms(const struct rows *r)
{
    for (size_t i = 0; i < r->moment_count; i++) {
        if (r->moment[i].has_time)
            return true;
    }
    return false;
}

/* --- the axis --------------------------------------------------------------------------------- */

struct timeline
timeline_of(const struct frame *f, int width)
{
    const struct rows *r = f->rows;
    const struct store *store = f->s->store;
    struct timeline t = {.is_known = r->has_axis && width > 0,
                         .first = r->first,
                         .last = r->last,
                         .width = width};
    if (!t.is_known)
        return t;
    /* What has not run yet will, in a block to come at the earliest. */
    t.now = t.last + 1;
    if (r->is_open && store->has_head && store->head_height >= t.last)
        t.now = store->head_height + 1;
    if (r->is_open)
        t.last = t.now;
    t.newest = t.last;
    uint64_t blocks = t.last - t.first + 1;
    size_t scale = scale_for(blocks < BLOCKS_LEAST ? BLOCKS_LEAST : blocks, width,
                             f->ui->time_zoom);
    t.cell_width = scales[scale].cells;
    t.cell_blocks = scales[scale].blocks;
    uint64_t room = (uint64_t)(width / t.cell_width) * t.cell_blocks;
    choose_window(&t, f, room ? room : 1);
    if (!f->ui->shows_ms || !knows_ms(r))
        return t;
    double length = ms_at(f, t.last + 1) - (t.first_ms = ms_at(f, t.first));
    double cells = (double)(t.last - t.first + 1) * t.cell_width / (double)t.cell_blocks;
    t.is_ms = length > 0;
    t.cells_per_ms = t.is_ms ? cells / length : 0;
    return t;
}

int
timeline_x(const struct timeline *t, const struct frame *f, uint64_t height)
{
    if (height < t->first)
        return -1;
    if (height > t->last + 1)
        return t->width;
    if (t->is_ms)
        return (int)lround((ms_at(f, height) - t->first_ms) * t->cells_per_ms);
    return (int)((height - t->first) / t->cell_blocks) * t->cell_width;
}

/* --- labels ----------------------------------------------------------------------------------- */

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

static void
blocks_ruler(struct cells *c, struct box b, const struct timeline *t)
{
    int next_free = 0;
    for (uint64_t h = t->first; h <= t->last; h += t->cell_blocks) {
        char label[LABEL_MAX];
        int x = (int)((h - t->first) / t->cell_blocks) * t->cell_width;
        height_label(h, t->cell_blocks > 1 ? LABEL_MAX : t->cell_width, label);
        int length = (int)strlen(label);
        if (x < next_free || x + length > b.width)
            continue;
        cells_put_c(c, b.x + x, b.y, label, -1, ROLE_MUTED);
        next_free = x + length + 1;
    }
}

/* A number that people count by, so that its labels have room. */
static double
tick_of(double cells_per_ms, int cells)
{
    double least = cells / cells_per_ms, tick = 1;
    while (tick < least) {
        static const double steps[] = {2, 5, 10};
        for (int i = 0; i < 3; i++) {
            if (tick * steps[i] >= least)
                return tick * steps[i];
        }
        tick *= 10;
    }
    return tick;
}

static void
ms_ruler(struct cells *c, struct box b, const struct timeline *t)
{
    enum { LABEL_CELLS = 9, SECONDS_CELLS = 5 };
    double tick = tick_of(t->cells_per_ms, SECONDS_CELLS);
    if (fmod(tick, MS_PER_S) != 0)
        tick = tick_of(t->cells_per_ms, LABEL_CELLS);
    double end = t->first_ms + b.width / t->cells_per_ms;
    int next_free = 0;
    for (double ms = ceil(t->first_ms / tick) * tick; ms < end; ms += tick) {
        char label[LABEL_MAX];
        int x = (int)lround((ms - t->first_ms) * t->cells_per_ms);
        if (fmod(tick, MS_PER_S) == 0)
            snprintf(label, sizeof(label), "+%.0f s", ms / MS_PER_S);
        else
            snprintf(label, sizeof(label), "+%.0f ms", ms);
        int length = (int)strlen(label);
        if (x < next_free || x + length >= b.width)
            continue;
        cells_put_c(c, b.x + x, b.y, label, -1, ROLE_MUTED);
        next_free = x + length + 1;
    }
}

void
timeline_ruler(struct cells *c, struct box b, const struct timeline *t, const struct frame *f)
{
    (void)f;
    if (!t->is_known)
        return;
    if (t->is_ms)
        ms_ruler(c, b, t);
    else
        blocks_ruler(c, b, t);
}

/* --- strokes ---------------------------------------------------------------------------------- */

static void
stroke(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
       const struct span *span, enum glyph glyph, enum role role)
{
    uint64_t from = span->from < t->first ? t->first : span->from;
    uint64_t to = span->to > t->last + 1 ? t->last + 1 : span->to;
    if (to <= from)
        return;
    int x = timeline_x(t, f, from), end = timeline_x(t, f, to);
    /* What happened is seen, however many blocks a cell has. */
    end = end <= x ? x + 1 : end;
    end = end > b.width ? b.width : end;
    cells_repeat(c, b.x + x, b.y, end - x, glyph, role);
}

static void
span_paint(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
           const struct node *n, const struct span *span)
{
    switch (span->kind) {
    case SPAN_FLIGHT: stroke(c, b, t, f, span, GLYPH_TIME_FLIGHT, ROLE_FLIGHT); break;
    case SPAN_WAIT: stroke(c, b, t, f, span, GLYPH_TIME_WAIT, ROLE_PATIENCE); break;
    case SPAN_RUN:
        if (n->status == NODE_FAILED)
            stroke(c, b, t, f, span, GLYPH_TIME_FAILED, ROLE_BROKEN);
        else if (n->is_critical)
            stroke(c, b, t, f, span, GLYPH_TIME_CRITICAL, ROLE_CRITICAL);
        else
            stroke(c, b, t, f, span, GLYPH_TIME_RUN, ROLE_EXECUTED);
        break;
    }
}

void
timeline_row(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
             const struct node *n)
{
    struct span spans[SPANS_MAX];
    if (!t->is_known)
        return;
    size_t count = node_spans(f->call, n, t->now, spans);
    for (size_t i = 0; i < count; i++)
        span_paint(c, b, t, f, n, &spans[i]);
    if (n->has_height || !count || t->now > t->last || n->status == NODE_HOLE)
        return;
    enum role role = spans[count - 1].kind == SPAN_WAIT ? ROLE_WAITING : ROLE_FLIGHT;
    int x = timeline_x(t, f, t->now);
    if (x >= 0 && x < b.width)
        cells_glyph(c, b.x + x, b.y, GLYPH_TIME_TIP, role);
}

void
timeline_group(struct cells *c, struct box b, const struct timeline *t, const struct frame *f,
               const struct row *row)
{
    struct span span = {SPAN_RUN, row->group_first, row->group_last + 1};
    int x = t->is_known ? timeline_x(t, f, t->now) : -1;
    if (row->group_open && t->now <= t->last && x >= 0 && x < b.width)
        cells_glyph(c, b.x + x, b.y, GLYPH_TIME_TIP, ROLE_FLIGHT);
    if (!t->is_known || !row->group_first)
        return;
    if (row->group_failed)
        stroke(c, b, t, f, &span, GLYPH_TIME_FAILED, ROLE_BROKEN);
    else
        stroke(c, b, t, f, &span, GLYPH_TIME_RUN, ROLE_EXECUTED);
}
