/* The call: head, tree with its timeline, result beside figures, and on a tall screen what there
 * is about the selected receipt. */
#include "tui/out/text.h"
#include "tui/view/screens.h"

enum { LEAST_FOR_RULES = 12, DETAIL_LEAST = 3, FIGURES_WIDTH = 44, WIDE = 100 };

static const struct node *
selected_node(const struct ui *ui, const struct snapshot *s)
{
    const struct node *n = s->call ? call_node(s->call, &ui->selected) : NULL;
    return n ? n : s->call ? s->call->root : NULL;
}

static void
paint_lower(struct cells *c, struct box b, const struct snapshot *s)
{
    bool has_figures = b.width >= 70;
    int figures = has_figures ? (b.width >= WIDE ? FIGURES_WIDTH : 34) : 0;
    int left = b.width - figures;
    const struct verdict *v = s->call ? call_verdict(s->store, s->call) : NULL;
    rule_paint(c, (struct box){b.x, b.y, b.width, 1},
               v && v->has_result ? "result" : "what the callback will get");
    result_paint(c, (struct box){b.x + 2, b.y + 1, left - 4, b.height - 1}, s);
    if (!has_figures)
        return;
    cells_glyph(c, b.x + left, b.y, GLYPH_DOWN, ROLE_RULE);
    for (int y = b.y + 1; y < b.y + b.height; y++)
        cells_glyph(c, b.x + left, y, GLYPH_BAR, ROLE_RULE);
    figures_paint(c, (struct box){b.x + left + 2, b.y + 1, figures - 3, b.height - 1}, s);
}

static void
paint_detail(struct cells *c, struct box b, const struct ui *ui, const struct snapshot *s)
{
    const struct node *n = selected_node(ui, s);
    struct buf title;
    if (!n || b.height < DETAIL_LEAST)
        return;
    buf_init(&title, 1024);
    if (n->has_index)
        buf_addf(&title, "[%zu] ", n->index);
    text_what(&title, n);
    rule_paint(c, (struct box){b.x, b.y, b.width, 1}, buf_c(&title));
    buf_release(&title);
    receipt_paint(c, (struct box){b.x + 2, b.y + 1, b.width - 4, b.height - 1}, s, n, 0, false);
}

void
screen_call_paint(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    int y = head_paint(c, ui, s, c->height);
    int bottom = c->height;
    if (c->height >= LEAST_FOR_RULES)
        bottom = c->height - 2;
    if (y >= bottom)
        return;
    if (c->height < LEAST_FOR_RULES) {
        tree_paint(c, (struct box){0, y, c->width, bottom - y}, ui, s);
        return;
    }
    rule_paint(c, (struct box){0, y, c->width, 1}, "receipts");
    y++;
    int room = bottom - y, lower = result_height(s) + 1, tree = tree_height(ui, s);
    if (lower < 7)
        lower = 7;
    if (lower > room * 3 / 5)
        lower = room * 3 / 5;
    if (tree > room - lower)
        tree = room - lower;
    tree_paint(c, (struct box){0, y, c->width, tree}, ui, s);
    y += tree;
    int detail = bottom - y - lower;
    if (detail < DETAIL_LEAST) {
        lower += detail;
        detail = 0;
    }
    paint_lower(c, (struct box){0, y, c->width, lower}, s);
    if (detail)
        paint_detail(c, (struct box){0, y + lower, c->width, detail}, ui, s);
    cells_repeat(c, 0, c->height - 2, c->width, GLYPH_LINE, ROLE_RULE);
    foot_paint(c, ui, s);
}
