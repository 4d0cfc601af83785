/* What is known of many siblings that are one row: in place of one receipt's details. */
#include "tui/out/text.h"
#include "tui/view/pane.h"

enum { TEXT_MOST = 512 };

void
group_title(struct buf *out, const struct row *row)
{
    buf_addf(out, "%zu more", row->group);
}

static void
sentence(struct cells *c, const struct box *b, int *y, const struct buf *text, enum role role)
{
    int room = b->y + b->height - *y;
    if (room > 0 && text->n)
        *y += cells_wrap(c, b->x, *y, b->width, room, buf_str(text), role);
}

static void
add_key(struct buf *out, const struct cells *c, const struct frame *f, enum action_id action,
        const char *does)
{
    struct str key = keymap_first_key(&f->ui->keymap, action, c->is_ascii);
    if (key.n)
        buf_addf(out, "%s%.*s %s", out->n ? ", " : "", STR_ARG(key), does);
}

static void
fill(struct cells *c, struct box b, const struct frame *f, const struct row *row)
{
    int y = b.y;
    struct buf text;
    buf_init(&text, TEXT_MOST);
    buf_addf(&text, "%zu receipts that ", row->group);
    if (row->node->parent)
        text_what(&text, row->node->parent);
    buf_add_c(&text, " made are one row.");
    sentence(c, &b, &y, &text, ROLE_TEXT);
    buf_clear(&text);
    if (row->group_failed)
        buf_addf(&text, "%zu of them, or of what they made, failed.", row->group_failed);
    sentence(c, &b, &y, &text, ROLE_FAILED);
    buf_clear(&text);
    if (row->group_open)
        buf_addf(&text, "%zu of them, or of what they made, have not run.", row->group_open);
    sentence(c, &b, &y, &text, ROLE_RUNNING);
    buf_clear(&text);
    if (row->group_first)
        buf_addf(&text, row->group_first == row->group_last ? "They ran in block %llu."
                                                            : "They ran in blocks %llu to %llu.",
                 (unsigned long long)row->group_first, (unsigned long long)row->group_last);
    sentence(c, &b, &y, &text, ROLE_TEXT);
    y++;
    buf_clear(&text);
    add_key(&text, c, f, DO_FOLD, "shows them one by one");
    add_key(&text, c, f, DO_SEARCH, "finds one of them");
    if (row->group_failed)
        add_key(&text, c, f, DO_FILTER, "status:failed leaves those that failed");
    sentence(c, &b, &y, &text, ROLE_MUTED);
    buf_release(&text);
}

void
group_paint(struct cells *c, struct box b, const struct frame *f, const struct row *row)
{
    struct box before = cells_clip(c, b);
    fill(c, b, f, row);
    cells_unclip(c, before);
}
