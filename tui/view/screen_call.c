/* The call: head, tree with its timeline, result beside figures, and where there is room, what
 * is known of the selected receipt and the story of the call. */
#include "net/base/buf.h"
#include "tui/view/layout.h"
#include "tui/view/pane.h"

enum { DETAIL_WHOLE = 14 };         /* rows from which ids and profile are shown, too */

static struct layout
layout_of(const struct frame *f, int width, int height)
{
    struct layout_wants wants = {.tree = tree_rows(f),
                                 .result = result_rows(f),
                                 .figures = figures_rows(f),
                                 .story = story_rows(f),
                                 .has_trouble = head_has_trouble(f)};
    return layout_call(width, height, &wants);
}

/* The selected row stays in sight, and the page stays full. */
static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct layout l = layout_of(f, width, height);
    int count = (int)f->rows->count, at = (int)f->selected_row;
    ui->page = tree_page(f, l.tree.height);
    int page = ui->page > 0 ? ui->page : 1;
    if (at < ui->top)
        ui->top = at;
    if (at >= ui->top + page)
        ui->top = at - page + 1;
    if (ui->top > count - page)
        ui->top = count - page;
    if (ui->top < 0)
        ui->top = 0;
}

/* A rule over two panes that a line divides. */
static void
divided_rule(struct cells *c, struct box left, struct box right, const char *title,
             const char *right_title, bool has_line_above)
{
    int y = left.y - 1, x = right.x;
    rule_paint(c, (struct box){left.x, y, left.width + right.width, 1}, title);
    if (!right.height) {
        if (has_line_above)
            cells_glyph(c, right.x, y, GLYPH_UP, ROLE_RULE);
        return;
    }
    if (*right_title)
        rule_paint(c, (struct box){x, y, right.width, 1}, right_title);
    cells_glyph(c, x, y, has_line_above ? GLYPH_CROSS : GLYPH_DOWN, ROLE_RULE);
    for (int row = right.y; row < right.y + right.height; row++)
        cells_glyph(c, x, row, GLYPH_BAR, ROLE_RULE);
}

static void
detail_paint(struct cells *c, const struct layout *l, const struct frame *f)
{
    struct buf title;
    struct box b = l->detail, right = l->story;
    if (!b.height)
        return;
    right.x = l->figures.height ? l->figures.x : right.x;
    buf_init(&title, 1024);
    if (f->selected)
        receipt_title(&title, f->selected);
    divided_rule(c, b, right, buf_c(&title), "block by block", l->figures.height > 0);
    buf_release(&title);
    if (f->selected)
        receipt_paint(c, (struct box){b.x + 2, b.y, b.width - 4, b.height}, f, f->selected, 0,
                      b.height >= DETAIL_WHOLE);
    if (right.height)
        story_paint(c, (struct box){right.x + 1, right.y, right.width - 1, right.height}, f);
}

static void
paint(struct cells *c, const struct frame *f)
{
    struct layout l = layout_of(f, c->width, c->height);
    head_paint(c, l.head, f);
    if (l.has_rules)
        rule_paint(c, (struct box){0, l.tree.y - 1, c->width, 1}, "receipts");
    tree_paint(c, l.tree, f);
    if (l.result.height) {
        divided_rule(c, l.result, l.figures, result_title(f), "", false);
        result_paint(c, l.result, f);
    }
    if (l.figures.height)
        figures_paint(c, (struct box){l.figures.x + 2, l.figures.y, l.figures.width - 3,
                                      l.figures.height}, f);
    detail_paint(c, &l, f);
    foot_paint(c, l.foot, f, screen_call.footer);
    if (l.foot.height > 1 && !l.detail.height && l.figures.height)
        cells_glyph(c, l.figures.x, l.foot.y, GLYPH_UP, ROLE_RULE);
    if (l.foot.height > 1 && l.story.height)
        cells_glyph(c, l.story.x, l.foot.y, GLYPH_UP, ROLE_RULE);
}

/* --- keys -------------------------------------------------------------------------------------- */

static void
move(struct ui *ui, const struct frame *f, long by)
{
    long last = (long)f->rows->count - 1, at = (long)f->selected_row + by;
    if (last < 0)
        return;
    at = at < 0 ? 0 : at > last ? last : at;
    ui->selected = f->rows->row[at].node->id;
    ui->has_moved = true;
}

static void
go_to_cause(struct ui *ui, const struct frame *f)
{
    if (!f->verdict || !f->verdict->first_failed)
        return;
    ui->selected = f->verdict->first_failed->id;
    ui->has_moved = true;
    for (const struct node *n = f->verdict->first_failed->parent; n; n = n->parent) {
        if (folds_has(&ui->folds, &n->id))
            folds_toggle(&ui->folds, &n->id);
    }
}

static void
show_refunds(struct ui *ui)
{
    ui->folds.shows_refunds = !ui->folds.shows_refunds;
    ui->folds.changes++;
}

static bool
act(struct ui *ui, const struct frame *f, enum action_id action, enum ui_effect *effect)
{
    long page = ui->page > 1 ? ui->page - 1 : 1;
    (void)effect;
    switch (action) {
    case DO_UP: move(ui, f, -1); return true;
    case DO_DOWN: move(ui, f, 1); return true;
    case DO_PAGE_UP: move(ui, f, -page); return true;
    case DO_PAGE_DOWN: move(ui, f, page); return true;
    case DO_TOP: move(ui, f, -(long)f->rows->count); return true;
    case DO_BOTTOM: move(ui, f, (long)f->rows->count); return true;
    case DO_CAUSE: go_to_cause(ui, f); return true;
    case DO_FOLD:
        if (f->selected && f->selected->child_count)
            folds_toggle(&ui->folds, &f->selected->id);
        return true;
    case DO_REFUNDS: show_refunds(ui); return true;
    case DO_CLOCK: ui->shows_ms = !ui->shows_ms; return true;
    case DO_EARLIER: ui->blocks_back++; return true;
    case DO_LATER: ui->blocks_back -= ui->blocks_back ? 1 : 0; return true;
    case DO_INSPECT:
        if (f->selected) {
            ui->selected = f->selected->id;
            ui_open(ui, UI_RECEIPT);
        }
        return true;
    case DO_NOTHING: case DO_COUNT: case DO_BACK: case DO_PAUSE: case DO_AGAIN:
    case DO_SEQUENTIAL: case DO_BATCH: case DO_FAIL: case DO_HELP: case DO_REDRAW:
    case DO_SUSPEND: case DO_QUIT: return false;
    }
    return false;
}

static const enum action_id footer[] = {
    DO_QUIT,  DO_INSPECT, DO_AGAIN, DO_FAIL,    DO_SEQUENTIAL, DO_CAUSE,
    DO_PAUSE, DO_CLOCK,   DO_FOLD,  DO_REFUNDS, DO_BATCH,      DO_NOTHING};

const struct screen_ops screen_call = {
    .name = "call", .footer = footer, .layout = adapt, .paint = paint, .act = act};
