/* One receipt on the whole screen, and the list of keys. */
#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/out/text.h"
#include "tui/view/screens.h"

static void
back_line(struct cells *c)
{
    int y = c->height - 1;
    if (c->height < 4)
        return;
    cells_repeat(c, 0, y - 1, c->width, GLYPH_LINE, ROLE_RULE);
    int x = cells_put_c(c, 1, y, "Esc", -1, ROLE_KEY);
    x = cells_put_c(c, x + 1, y, "back", -1, ROLE_MUTED);
    x = cells_put_c(c, x + 3, y, c->is_ascii ? "j k" : "↑↓", -1, ROLE_KEY);
    cells_put_c(c, x + 1, y, "scroll", -1, ROLE_MUTED);
}

void
screen_receipt_paint(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    const struct node *n = s->call ? call_node(s->call, &ui->selected) : NULL;
    struct buf title;
    int y = head_paint(c, ui, s, c->height);
    if (!n) {
        cells_put_c(c, 1, y, "this receipt is not part of the call any more", -1, ROLE_WARNING);
        return;
    }
    buf_init(&title, 1024);
    if (n->has_index)
        buf_addf(&title, "[%zu] ", n->index);
    text_what(&title, n);
    rule_paint(c, (struct box){0, y, c->width, 1}, buf_c(&title));
    buf_release(&title);
    int bottom = c->height >= 4 ? c->height - 2 : c->height;
    struct box b = {2, y + 1, c->width - 4, bottom - y - 1};
    if (b.height > 0 && b.width > 0)
        receipt_paint(c, b, s, n, ui->text_scroll, true);
    back_line(c);
}

void
screen_help_paint(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    static const struct {
        enum glyph glyph;
        enum role role;
        const char *text;
    } marks[] = {{GLYPH_FLIGHT, ROLE_RUNNING, "in flight to its shard"},
                 {GLYPH_WAITING, ROLE_WAITING, "waits for the results of others"},
                 {GLYPH_OK, ROLE_OK, "ran, and succeeded"},
                 {GLYPH_FAILED, ROLE_FAILED, "ran, and failed: only it was rolled back"},
                 {GLYPH_REFUND, ROLE_OK, "a refund: shows gas, costs nothing"},
                 {GLYPH_HOLE, ROLE_HOLE, "named by its parent, not to be had"},
                 {GLYPH_TIME_FLIGHT, ROLE_FLIGHT, "timeline: on its way"},
                 {GLYPH_TIME_RUN, ROLE_EXECUTED, "timeline: the block that ran it"},
                 {GLYPH_TIME_WAIT, ROLE_PATIENCE, "timeline: waiting for data"}};
    int y = -ui->text_scroll + 2, x = c->width >= 96 ? c->width / 2 : 2;
    (void)s;
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++, y++) {
        const struct action_text *t = action_text_of((enum action_id)id);
        if (y < 2 || y >= c->height - 2)
            continue;
        cells_put_c(c, 2, y, t->keys, 12, ROLE_KEY);
        cells_put_c(c, 15, y, t->help, (c->width >= 96 ? c->width / 2 : c->width) - 17, ROLE_TEXT);
    }
    y = c->width >= 96 ? -ui->text_scroll + 2 : y + 1;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++, y++) {
        if (y < 2 || y >= c->height - 2)
            continue;
        cells_glyph(c, x, y, marks[i].glyph, marks[i].role);
        cells_put_c(c, x + 3, y, marks[i].text, c->width - x - 4, ROLE_TEXT);
    }
    cells_put_c(c, 1, 0, "keys and marks", -1, ROLE_TITLE);
    back_line(c);
}
