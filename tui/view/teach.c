#include "tui/view/teach.h"

#include "tui/out/lesson.h"
#include "tui/view/pane.h"

enum { TEXT_MOST = 4096 };

int
teach_rows(const struct frame *f, int height)
{
    if (!f->ui->is_teaching || height < TEACH_FROM)
        return 0;
    return height < TEACH_MORE_FROM ? TEACH_ROWS : TEACH_ROWS + 1;
}

void
teach_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct buf text;
    if (b.height < 1)
        return;
    buf_init(&text, TEXT_MOST);
    if (f->call)
        lesson_say(&text, f->call, f->verdict);
    else
        buf_add_c(&text, "No call was sent yet.");
    rule_paint(c, (struct box){b.x, b.y, b.width, 1}, "what happens");
    cells_wrap(c, b.x + 2, b.y + 1, b.width - 4, b.height - 1, buf_str(&text), ROLE_STRONG);
    buf_release(&text);
}
