/* One receipt on the whole screen. */
#include "net/base/buf.h"
#include "tui/view/pane.h"

enum { HEAD_FROM = 10, FOOT = 2, FOOT_FROM = 6 };

static struct box
body_of(const struct frame *f, int width, int height)
{
    int head = height < HEAD_FROM ? 1 : head_has_trouble(f) ? 4 : 3;
    int foot = height < FOOT_FROM ? 0 : FOOT;
    return (struct box){2, head + 1, width - 4, height - head - 1 - foot};
}

/* Counts the lines in cells that nobody sees. */
static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct box b = body_of(f, width, height);
    struct cells none;
    ui->text_over = 0;
    if (f->selected && b.height > 0 && b.width > 0) {
        cells_init(&none, 0, 0, false);
        int lines = receipt_paint(&none, (struct box){b.x, b.y, b.width, 0}, f, f->selected, 0,
                                  true);
        cells_release(&none);
        ui->text_over = lines > b.height ? lines - b.height : 0;
    }
    if (ui->text_top > ui->text_over)
        ui->text_top = ui->text_over;
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
        receipt_paint(c, b, f, f->selected, f->ui->text_top, true);
    else if (b.height > 0)
        cells_put_c(c, b.x, b.y, "There is no receipt here.", b.width, ROLE_MUTED);
    if (c->height < FOOT_FROM)
        return;
    foot_paint(c, (struct box){0, c->height - FOOT, c->width, FOOT}, f, screen_receipt.footer);
    if (f->ui->text_over)
        cells_putf(c, c->width - 22, c->height - 1, 21, ROLE_MUTED, "%10d more lines",
                   f->ui->text_over - f->ui->text_top);
}

static bool
act(struct ui *ui, const struct frame *f, enum action_id action, enum ui_effect *effect)
{
    (void)f;
    (void)effect;
    return screen_scroll(ui, action);
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_AGAIN, DO_PAUSE, DO_HELP, DO_NOTHING};

const struct screen_ops screen_receipt = {
    .name = "receipt", .footer = footer, .layout = adapt, .paint = paint, .act = act};
