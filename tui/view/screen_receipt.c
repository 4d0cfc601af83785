/* One receipt on the whole screen. */
#include "net/base/buf.h"
#include "tui/view/act_call.h"
#include "tui/view/pane.h"

enum { HEAD_FROM = 10, WHOLE_FROM = 16, FOOT_FROM = 6 };

/* On a low screen the text is worth more than what is around it. */
static int
foot_of(int height)
{
    return height < FOOT_FROM ? 0 : height < WHOLE_FROM ? 1 : 2;
}

static struct box
body_of(const struct frame *f, int width, int height)
{
    int head = height < HEAD_FROM ? 1 : (height < WHOLE_FROM ? 2 : 3) + head_has_trouble(f);
    int foot = foot_of(height);
    return (struct box){2, head + 1, width - 4, height - head - 1 - foot};
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct box b = body_of(f, width, height);
    bool is_seen = f->selected && b.height > 0 && b.width > 0;
    int lines = is_seen ? receipt_lines(ui, f, b.width, true) : 0;
    text_adapt(ui, lines, b.height > 0 ? b.height : 0);
}

static void
paint(struct cells *c, const struct frame *f)
{
    struct buf title;
    struct box b = body_of(f, c->width, c->height);
    head_paint(c, (struct box){0, 0, c->width, b.y - 1}, f);
    buf_init(&title, 1024);
    if (f->selected)
        receipt_title(&title, f->selected);
    text_search_title(&title, f->ui);
    rule_paint(c, (struct box){0, b.y - 1, c->width, 1}, buf_c(&title));
    buf_release(&title);
    if (f->selected && b.height > 0 && b.width > 0)
        receipt_paint(c, b, f, f->selected, f->ui->text.top, true);
    else if (b.height > 0 && f->call)
        cells_put_c(c, b.x, b.y, "No receipt yet: the transaction waits for its block.", b.width,
                    ROLE_MUTED);
    else if (b.height > 0)
        hint_paint(c, (struct box){0, b.y, c->width, b.height}, f,
                   "No receipt: nothing was sent or watched from here.");
    if (c->height < FOOT_FROM)
        return;
    text_foot_paint(c, foot_of(c->height), f, screen_receipt.footer);
}

static void
lines(struct cells *c, struct box b, const struct frame *f, int skip)
{
    if (f->selected)
        receipt_paint(c, b, f, f->selected, skip, true);
}

static void
title(struct buf *out, const struct frame *f)
{
    if (f->selected)
        receipt_title(out, f->selected);
    else
        buf_add_c(out, "receipt");
}

/* To the row beside it in the tree; over those that are many siblings in one. */
static enum ui_effect
to_receipt(struct ui *ui, const struct frame *f, long step)
{
    long at = (long)f->selected_row + step, count = (long)f->rows->count;
    while (at >= 0 && at < count && f->rows->row[at].group)
        at += step;
    if (!f->selected || at < 0 || at >= count)
        return UI_NOTHING;
    call_select(ui, f->rows->row[at].node);
    ui->text.top = 0;
    return UI_REPAINT;
}

static enum ui_effect
before(struct ui *ui, const struct frame *f)
{
    return to_receipt(ui, f, -1);
}

static enum ui_effect
next(struct ui *ui, const struct frame *f)
{
    return to_receipt(ui, f, 1);
}

static const screen_act_fn acts[DO_COUNT] = {[DO_EARLIER] = before, [DO_LATER] = next};

static const enum action_id footer[] = {DO_BACK,  DO_QUIT,  DO_EARLIER, DO_LATER, DO_SEARCH,
                                        DO_AGAIN, DO_PAUSE, DO_HELP,    DO_NOTHING};

const struct screen_ops screen_receipt = {
    .name = "receipt",
    .footer = footer,
    .title = title,
    .text_box = body_of,
    .text = lines,
    .layout = adapt,
    .paint = paint,
    .acts = acts,
    .else_acts = text_acts};
