/* The call: head, tree with its timeline, result beside figures, what is known of the selected
 * receipt, and the story of the call. What keys do here is in act_call.c. */
#include "tui/view/act_call.h"
#include "tui/view/layout.h"
#include "tui/view/pane.h"
#include "tui/view/teach.h"

enum { DETAIL_WHOLE = 14 };         /* rows from which ids and profile are shown, too */

/* Nothing was sent, and nothing is on its way: the whole body says what can be done. */
static bool
is_empty(const struct frame *f)
{
    return !f->call && !f->s->note[0];
}

static struct layout
layout_of(const struct frame *f, int width, int height)
{
    const struct ui *ui = f->ui;
    enum pane focus = ui->focus ? ui->focus : PANE_TREE;
    struct layout_wants wants = {.tree = tree_rows(f),
                                 .result = result_rows(f),
                                 .figures = figures_rows(f),
                                 .story = story_rows(f),
                                 .trouble = head_trouble_rows(f, width, height),
                                 .has_cause = f->selected && (f->selected->status == NODE_FAILED ||
                                                              f->selected->status == NODE_HOLE),
                                 .detail = ui->detail,
                                 .zoomed = ui->is_zoomed ? focus : is_empty(f) ? PANE_TREE : PANE_NONE,
                                 .split = ui->split,
                                 .tree_height = ui->tree_height};
    return layout_call(width, height - teach_rows(f, height), &wants);
}

/* --- texts in panes --------------------------------------------------------------------------- */

/* Without the line at its left, and with a margin. */
static struct box
detail_box(const struct layout *l)
{
    struct box b = l->pane[PANE_DETAIL];
    return (struct box){b.x + 2, b.y, b.width - (b.x ? 3 : 4), b.height};
}

static struct box
story_box(const struct layout *l)
{
    struct box b = l->pane[PANE_STORY];
    return b.x ? (struct box){b.x + 1, b.y, b.width - 1, b.height} : b;
}

/* The row that is selected, when it tells of many siblings; else NULL. */
static const struct row *
group_of(const struct frame *f)
{
    const struct row *row = f->selected ? &f->rows->row[f->selected_row] : NULL;
    return row && row->group ? row : NULL;
}

static void
adapt_scroll(struct ui_scroll *s, int lines, int room)
{
    s->over = room > 0 && lines > room ? lines - room : 0;
    s->top = s->top > s->over ? s->over : s->top;
}

/* Counts lines in cells that nobody sees. */
static void
adapt_panes(struct ui *ui, const struct frame *f, const struct layout *l)
{
    struct cells none;
    struct box b = detail_box(l), story = story_box(l);
    struct ui_scroll *blocks = &ui->scroll[PANE_STORY];
    bool was_at_end = blocks->top == blocks->over;
    cells_init(&none, 0, 0, false);
    if (group_of(f) || !f->selected) {
        ui->scroll[PANE_DETAIL] = (struct ui_scroll){0};
    } else if (b.height > 0 && b.width > 0) {
        int lines = receipt_lines(ui, f, b.width, l->pane[PANE_DETAIL].height >= DETAIL_WHOLE);
        adapt_scroll(&ui->scroll[PANE_DETAIL], lines, l->pane[PANE_DETAIL].height);
    }
    adapt_scroll(&ui->scroll[PANE_RESULT], result_paint(&none, l->pane[PANE_RESULT], f, 0),
                 l->pane[PANE_RESULT].height);
    adapt_scroll(blocks, story_rows(f), story.height);
    if (was_at_end)
        blocks->top = blocks->over;     /* follows what comes */
    cells_release(&none);
}

/* The selected row stays in sight, and the page stays full. */
static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct layout l = layout_of(f, width, height);
    int count = (int)f->rows->count, at = (int)f->selected_row;
    if (ui->focus && !l.pane[ui->focus].height)
        ui->focus = PANE_NONE;
    ui->tree_y = l.pane[PANE_TREE].y;
    ui->is_wide = width >= LAYOUT_WIDE;
    ui->page = tree_page(f, l.pane[PANE_TREE].height);
    int page = ui->page > 0 ? ui->page : 1;
    if (at < ui->top)
        ui->top = at;
    if (at >= ui->top + page)
        ui->top = at - page + 1;
    if (ui->top > count - page)
        ui->top = count - page;
    if (ui->top < 0)
        ui->top = 0;
    ui->time_width = tree_time_width(f, l.pane[PANE_TREE]);
    adapt_panes(ui, f, &l);
}

/* --- rules ------------------------------------------------------------------------------------ */

/* What is looked for, and what alone is shown, with how many there are. */
static void
tree_title(struct buf *out, const struct frame *f)
{
    const struct search *search = &f->ui->search;
    const struct pick *filter = &f->ui->folds.filter;
    buf_add_c(out, "receipts");
    if (filter->count && f->call)
        buf_addf(out, "  filter %s  %zu of %zu", filter->text, f->rows->matched,
                 f->call->order_count - f->rows->refunds_hidden);
    if (!search->filter.count)
        return;
    buf_addf(out, "  /%s ", search->filter.text);
    size_t rank = search_rank(search, f->selected);
    if (rank)
        buf_addf(out, "%zu of ", rank);
    buf_addf(out, "%zu", search->count);
}

static void
pane_title(struct buf *out, const struct frame *f, enum pane pane)
{
    switch (pane) {
    case PANE_TREE: tree_title(out, f); return;
    case PANE_RESULT: buf_add_c(out, result_title(f)); return;
    case PANE_DETAIL:
        if (group_of(f))
            group_title(out, group_of(f));
        else if (f->selected)
            receipt_title(out, f->selected);
        return;
    case PANE_STORY: buf_add_c(out, "block by block"); return;
    case PANE_FIGURES:
        if (f->ui->is_zoomed || f->ui->focus == PANE_FIGURES)
            buf_add_c(out, "figures");
        return;
    case PANE_NONE:
    case PANE_COUNT: return;
    }
}

/* The rule above each pane, and then the lines between those that stand side by side. */
static void
rules_paint(struct cells *c, const struct layout *l, const struct frame *f)
{
    enum pane focus = f->ui->focus ? f->ui->focus : PANE_TREE;
    struct buf title;
    buf_init(&title, 1024);
    for (int i = PANE_TREE; i < PANE_COUNT; i++) {
        struct box b = l->pane[i];
        if (!b.height)
            continue;
        buf_clear(&title);
        pane_title(&title, f, (enum pane)i);
        pane_rule_paint(c, (struct box){b.x, b.y - 1, b.width, 1}, buf_c(&title),
                        (enum pane)i == focus);
        const struct ui_scroll *scroll = &f->ui->scroll[i];
        if (i == PANE_DETAIL || i == PANE_STORY)
            pane_more_paint(c, (struct box){b.x, b.y - 1, b.width, 1}, buf_c(&title),
                            scroll->over - scroll->top);
    }
    buf_release(&title);
    for (int i = PANE_TREE; i < PANE_COUNT; i++) {
        struct box b = l->pane[i];
        if (b.height && b.x)
            divider_paint(c, b.x, b.y, b.height);
    }
    if (!l->is_wide)
        return;
    /* Rules of the left end at the line that they meet. */
    struct box detail = l->pane[PANE_DETAIL];
    for (int i = PANE_RESULT; i < PANE_COUNT; i++) {
        struct box b = l->pane[i];
        if (b.height && b.x + b.width == detail.x)
            cells_glyph(c, detail.x, b.y - 1, GLYPH_TEE_LEFT, ROLE_RULE);
    }
}

/* What can be pointed at; dividers lie on top. */
static void
note_panes(const struct layout *l, const struct frame *f)
{
    for (int i = PANE_TREE; i < PANE_COUNT; i++)
        hits_add(f->hits, l->pane[i], HIT_PANE, (size_t)i);
    if (!l->has_rules || f->ui->is_zoomed)
        return;
    struct box lower = l->pane[PANE_RESULT], detail = l->pane[PANE_DETAIL];
    if (lower.height)
        hits_add(f->hits, (struct box){0, lower.y - 1, l->pane[PANE_TREE].width, 1},
                 HIT_DIVIDER_TREE, 0);
    if (l->is_wide)
        hits_add(f->hits, (struct box){detail.x, detail.y, 1, detail.height},
                 HIT_DIVIDER_DETAIL, 0);
}

/* --- the picture ------------------------------------------------------------------------------ */

static void
paint(struct cells *c, const struct frame *f)
{
    struct layout l = layout_of(f, c->width, c->height);
    struct box figures = l.pane[PANE_FIGURES], detail = detail_box(&l);
    int taught = teach_rows(f, c->height);
    struct box teach = {0, l.foot.y, c->width, taught};
    /* The keys stay in the last row. */
    l.foot.y += taught;
    head_paint(c, l.head, f);
    note_panes(&l, f);
    foot_paint(c, l.foot, f, screen_call.footer);
    tree_paint(c, l.pane[PANE_TREE], f);
    result_paint(c, l.pane[PANE_RESULT], f, f->ui->scroll[PANE_RESULT].top);
    if (figures.height)
        figures_paint(c, (struct box){figures.x + 2, figures.y, figures.width - 3,
                                      figures.height}, f);
    if (detail.height && group_of(f))
        group_paint(c, detail, f, group_of(f));
    else if (detail.height && f->selected)
        receipt_paint(c, detail, f, f->selected, f->ui->scroll[PANE_DETAIL].top,
                      detail.height >= DETAIL_WHOLE);
    if (l.pane[PANE_STORY].height && f->call)
        story_paint(c, story_box(&l), f, f->ui->scroll[PANE_STORY].top);
    if (l.has_rules)
        rules_paint(c, &l, f);
    teach_paint(c, teach, f);
}

static void
title(struct buf *out, const struct frame *f)
{
    const struct transaction *t = f->call ? &f->call->transaction : NULL;
    if (t && t->action_count == 1 && t->actions[0].kind == ACTION_FUNCTION_CALL)
        buf_add_str(out, str_slice(t->actions[0].method, 0, 64));
    else
        buf_add_c(out, "call");
}

static const enum action_id footer[] = {
    DO_QUIT,  DO_INSPECT, DO_CAUSE,     DO_AGAIN,     DO_FAIL,    DO_SEQUENTIAL, DO_PAUSE,
    DO_CLOCK, DO_FOLD,    DO_NEXT_PANE, DO_ZOOM_PANE, DO_REFUNDS, DO_BATCH,      DO_NEW,
    DO_WATCH, DO_HELP,    DO_NOTHING};

const struct screen_ops screen_call = {
    .name = "call",
    .footer = footer,
    .title = title,
    .layout = adapt,
    .paint = paint,
    .acts = call_acts,
    .ask = call_ask,
    .click = call_click};
