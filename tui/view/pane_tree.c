#include "tui/view/pane.h"

#include "tui/out/stage.h"
#include "tui/view/row_branch.h"

enum { STAGE_WORDS_MOST = 2048, HEAD_FROM = 5, NOTE_FROM = 6 };      /* rows a box has at least for them */

/* Names of the columns, when no receipt has to make room for them. */
static bool
has_head(const struct frame *f, int height)
{
    return height >= HEAD_FROM || height > (int)f->rows->count;
}

/* Refunds that are folded, and which rows of how many these are: when there is such a thing. */
static bool
has_note(const struct frame *f, int height)
{
    int needed = (int)f->rows->count + 1;
    if (height < NOTE_FROM && height <= needed)
        return false;
    return f->rows->refunds_hidden || height < needed;
}

int
tree_rows(const struct frame *f)
{
    if (!f->rows->count)
        return 3;
    return (int)f->rows->count + 1 + (f->rows->refunds_hidden ? 1 : 0);
}

int
tree_page(const struct frame *f, int height)
{
    int rows = height - (has_head(f, height) ? 1 : 0) - (has_note(f, height) ? 1 : 0);
    return rows > 0 ? rows : 0;
}

/* Why there is nothing, and what to press. */
static void
empty_paint(struct cells *c, struct box b, const struct frame *f)
{
    int x = b.x + 2, y = b.y + (b.height >= HEAD_FROM ? 1 : 0), width = b.width - 2;
    const struct keymap *map = &f->ui->keymap;
    if (f->ui->folds.filter.count && f->call && f->call->order_count) {
        struct str key = keymap_first_key(map, DO_BACK, c->is_ascii);
        cells_putf(c, x, y, width, ROLE_MUTED, "No receipt is like that. %.*s shows all again.",
                   STR_ARG(key));
        return;
    }
    if (f->call) {
        struct buf text;
        enum stage stage = stage_of(f->call, f->verdict);
        buf_init(&text, STAGE_WORDS_MOST);
        stage_sentence(&text, f->call, stage);
        const char *advice = stage_advice(stage);
        buf_addf(&text, ". What to do: %s%s", advice, str_ends(str_from(advice), STR("?")) ? "" : ".");
        cells_wrap(c, x, y, width, b.height - (y - b.y), buf_str(&text), ROLE_MUTED);
        buf_release(&text);
        return;
    }
    if (f->s->note[0])
        cells_put_c(c, x, y, "Nothing has been sent yet.", width, ROLE_MUTED);
    else
        hint_paint(c, b, f, "No call yet: nothing was sent or watched from here.");
}

static void
note_paint(struct cells *c, struct box b, int y, const struct frame *f, size_t shown)
{
    size_t hidden = f->rows->refunds_hidden, top = (size_t)f->ui->top;
    int x = b.x + 4, end = b.x + b.width;
    if (shown < f->rows->count)
        x = cells_putf(c, x, y, end - x, ROLE_MUTED, "%zu to %zu of %zu rows", top + 1,
                       top + shown, f->rows->count);
    if (hidden)
        cells_putf(c, x, y, end - x, ROLE_MUTED, "%s+ %zu refund%s folded",
                   shown < f->rows->count ? "  " : "", hidden, hidden == 1 ? "" : "s");
}

/* Returns how many rows are seen. */
static size_t
lay_out(const struct frame *f, struct box b, struct row_style *style)
{
    size_t count = f->rows->count, top = (size_t)f->ui->top;
    size_t page = (size_t)tree_page(f, b.height);
    size_t shown = count - top < page ? count - top : page;
    joins_of(f->rows, top, shown, &style->joins);
    style->columns = columns_of(b.width, style->joins.lanes, b.width < f->hits->width);
    return shown;
}

int
tree_time_width(const struct frame *f, struct box b)
{
    struct row_style style;
    if (b.height < 1 || (size_t)f->ui->top >= f->rows->count)
        return 0;
    lay_out(f, b, &style);
    return style.columns.time;
}

static void
tree_fill(struct cells *c, struct box b, const struct frame *f)
{
    struct row_style style;
    size_t count = f->rows->count, top = (size_t)f->ui->top;
    if (b.height < 1)
        return;
    if (!count || top >= count) {
        empty_paint(c, b, f);
        return;
    }
    size_t shown = lay_out(f, b, &style);
    style.timeline = timeline_of(f, style.columns.time);
    int y = b.y;
    if (has_head(f, b.height))
        row_head_paint(c, (struct box){b.x, y++, b.width, 1}, &style, f);
    for (size_t i = 0; i < shown; i++) {
        hits_add(f->hits, (struct box){b.x, y, b.width, 1}, HIT_ROW, top + i);
        row_paint(c, (struct box){b.x, y++, b.width, 1}, &style, f, top + i, i);
    }
    if (has_note(f, b.height))
        note_paint(c, b, y, f, shown);
}

void
tree_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct box before = cells_clip(c, b);
    tree_fill(c, b, f);
    cells_unclip(c, before);
}
