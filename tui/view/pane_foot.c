/* The last row: keys, those that do something now. */
#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/view/pane.h"

enum { MORE_MAX = 32 };

static bool
is_of_a_call(enum action_id id)
{
    switch ((int)id) {
    case DO_INSPECT:
    case DO_FOLD:
    case DO_CLOCK:
    case DO_NEXT_PANE:
    case DO_ZOOM_PANE:
    case DO_REFUNDS:
    case DO_GAS:
    case DO_PAUSE:
    case DO_EDIT:
    case DO_FILTER:
    case DO_SORT:
    case DO_MARK: return true;
    }
    return false;
}

bool
foot_offers(const struct frame *f, enum action_id id)
{
    if (is_of_a_call(id))
        return f->call || f->s->store->calls.live > 0;
    if (id == DO_FAIL || id == DO_DEMO)
        return f->s->is_embedded;
    if (id == DO_SEQUENTIAL || id == DO_BATCH)
        return f->s->is_embedded || (f->s->can_run && f->s->has_ways);
    if (id == DO_AGAIN)
        return f->s->can_run;
    if (id == DO_EARLIER || id == DO_LATER)
        return f->selected != NULL;
    if (id == DO_CAUSE)
        return f->verdict && f->verdict->first_failed && f->selected != f->verdict->first_failed;
    return true;
}

/* Enter on what has failed is what a newcomer looks for. */
static struct str
footer_text(const struct frame *f, enum action_id id)
{
    bool is_why = id == DO_INSPECT && f->ui->stack[f->ui->depth].screen == UI_CALL && f->selected &&
                  f->selected->status == NODE_FAILED;
    return is_why ? STR("why it failed") : str_from(action_text_of(id)->footer);
}

static void
foot_fill(struct cells *c, struct box b, const struct frame *f, const enum action_id *actions)
{
    int y = b.y + b.height - 1, x = b.x + 1;
    for (; *actions != DO_NOTHING; actions++) {
        struct str does = footer_text(f, *actions);
        struct str key = keymap_first_key(&f->ui->keymap, *actions, c->is_ascii);
        if (!foot_offers(f, *actions) || !key.n)
            continue;
        int needed = utf8_str_width(key) + 1 + utf8_str_width(does);
        if (x + needed >= b.x + b.width)
            continue;
        hits_add(f->hits, (struct box){x, y, needed, 1}, HIT_ACTION, *actions);
        x = cells_put(c, x, y, key, -1, ROLE_KEY);
        x = cells_put(c, x + 1, y, does, -1, ROLE_MUTED) + 3;
    }
}

void
foot_paint(struct cells *c, struct box b, const struct frame *f,
           const enum action_id *actions)
{
    struct box before = cells_clip(c, b);
    if (b.height > 1)
        rule_paint(c, (struct box){b.x, b.y, b.width, 1}, "");
    if (b.height > 0)
        foot_fill(c, b, f, actions);
    cells_unclip(c, before);
}

void
text_foot_paint(struct cells *c, int rows, const struct frame *f,
                const enum action_id *actions)
{
    int left = f->ui->text.over - f->ui->text.top, y = c->height - 1, width = 0;
    char more[MORE_MAX];
    if (left > 0)
        width = snprintf(more, sizeof(more), "%d more line%s", left, left == 1 ? "" : "s") + 2;
    if (rows > 1)
        rule_paint(c, (struct box){0, y - 1, c->width, 1}, "");
    foot_paint(c, (struct box){0, y, c->width - width, 1}, f, actions);
    if (width)
        cells_put_c(c, c->width - width + 1, y, more, width - 1, ROLE_MUTED);
}
