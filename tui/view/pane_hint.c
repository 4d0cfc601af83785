/* Why there is nothing to be seen, and what to press. */
#include "net/base/macros.h"
#include "net/base/utf8.h"
#include "tui/view/pane.h"

enum { WIDEST = 66, TALL = 12, ROOMY = 9, WHY_ROWS = 3, KEY_COLUMN = 2, TEXT_COLUMN = 6 };

void
hint_paint(struct cells *c, struct box b, const struct frame *f, const char *why)
{
    static const struct {
        enum action_id action;
        const char *text;
    } lines[] = {{DO_DEMO, "the demo: one call, three branches on three shards"},
                 {DO_NEW, "a new call: contract, method, arguments"},
                 {DO_WATCH, "watch a transaction: its hash, or an explorer's address"},
                 {DO_HELP, "all keys"},
                 {DO_QUIT, "leave"}};
    int x = b.x + 2, y = b.y + (b.height > TALL ? 2 : 0), width = b.width - 4;
    struct box before = cells_clip(c, b);
    y += cells_wrap(c, x, y, width < WIDEST ? width : WIDEST, WHY_ROWS, str_from(why), ROLE_STRONG);
    y += b.height > ROOMY;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct str key = keymap_first_key(&f->ui->keymap, lines[i].action, c->is_ascii);
        if (!key.n || !foot_offers(f, lines[i].action))
            continue;
        if (width > 0 && y < b.y + b.height)
            hits_add(f->hits, (struct box){x, y, width, 1}, HIT_ACTION, lines[i].action);
        cells_put(c, x + KEY_COLUMN, y, key, -1, ROLE_KEY);
        cells_put_c(c, x + TEXT_COLUMN, y++, lines[i].text, width - TEXT_COLUMN, ROLE_TEXT);
    }
    cells_unclip(c, before);
}
