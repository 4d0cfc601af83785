/* One receipt on the whole screen. */
#include "net/base/buf.h"
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
title(struct buf *out, const struct frame *f)
{
    if (f->selected)
        receipt_title(out, f->selected);
    else
        buf_add_c(out, "receipt");
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_AGAIN, DO_PAUSE, DO_HELP, DO_NOTHING};

const struct screen_ops screen_receipt = {
    .name = "receipt",
    .footer = footer,
    .title = title,
    .layout = adapt,
    .paint = paint,
    .acts = text_acts};
