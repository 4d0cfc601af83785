#include "tui/view/ui.h"

#include <string.h>
#include "net/base/xalloc.h"
#include "tui/view/screens.h"

enum { PAGE = 10 };

void
ui_init(struct ui *ui)
{
    *ui = (struct ui){.screen = UI_CALL};
}

bool
ui_is_folded(const struct ui *ui, const struct hash *id)
{
    for (size_t i = 0; i < ui->folded_count; i++) {
        if (hash_equal(&ui->folded[i], id))
            return true;
    }
    return false;
}

static void
toggle_fold(struct ui *ui, const struct hash *id)
{
    for (size_t i = 0; i < ui->folded_count; i++) {
        if (hash_equal(&ui->folded[i], id)) {
            ui->folded[i] = ui->folded[--ui->folded_count];
            return;
        }
    }
    if (ui->folded_count < UI_MAX_FOLDED)
        ui->folded[ui->folded_count++] = *id;
}

size_t
ui_visible(const struct ui *ui, const struct call *c, const struct node **out, size_t max,
           size_t *refunds_hidden)
{
    size_t count = 0;
    int folded_at = -1;         /* depth of the folded receipt we are below */
    *refunds_hidden = 0;
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (folded_at >= 0 && n->depth > folded_at)
            continue;
        folded_at = -1;
        if (n->role == RECEIPT_REFUND && !ui->shows_refunds) {
            (*refunds_hidden)++;
            continue;
        }
        if (count < max)
            out[count++] = n;
        if (n->child_count && ui_is_folded(ui, &n->id))
            folded_at = n->depth;
    }
    return count;
}

/* --- moving ------------------------------------------------------------------------------- */

static void
move(struct ui *ui, const struct snapshot *s, int by)
{
    size_t hidden, count;
    if (ui->screen != UI_CALL) {
        ui->text_scroll = ui->text_scroll + by < 0 ? 0 : ui->text_scroll + by;
        return;
    }
    if (!s->call || s->call->order_count == 0)
        return;
    const struct node **rows = xcalloc(s->call->order_count, sizeof(*rows));
    count = ui_visible(ui, s->call, rows, s->call->order_count, &hidden);
    long at = 0;
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&rows[i]->id, &ui->selected))
            at = (long)i;
    }
    at += by;
    at = at < 0 ? 0 : at >= (long)count ? (long)count - 1 : at;
    if (count)
        ui->selected = rows[at]->id;
    ui->has_moved = true;
    xfree(rows);
}

static void
go_to_cause(struct ui *ui, const struct snapshot *s)
{
    const struct verdict *v = s->call ? call_verdict(s->store, s->call) : NULL;
    if (!v || !v->first_failed)
        return;
    ui->selected = v->first_failed->id;
    ui->has_moved = true;
    for (const struct node *n = v->first_failed->parent; n; n = n->parent) {
        if (ui_is_folded(ui, &n->id))
            toggle_fold(ui, &n->id);
    }
}

static void
open_screen(struct ui *ui, enum ui_screen screen)
{
    ui->screen = screen;
    ui->text_scroll = 0;
}

static const struct hash *
selected_id(const struct ui *ui, const struct snapshot *s)
{
    static const struct hash none;
    if (!s->call)
        return &none;
    if (call_node(s->call, &ui->selected))
        return &ui->selected;
    return &s->call->root_id;
}

enum ui_effect
ui_act(struct ui *ui, const struct snapshot *s, enum action_id action)
{
    switch (action) {
    case DO_NOTHING:
    case DO_COUNT: return UI_NOTHING;
    case DO_UP: move(ui, s, -1); return UI_REPAINT;
    case DO_DOWN: move(ui, s, 1); return UI_REPAINT;
    case DO_PAGE_UP: move(ui, s, -PAGE); return UI_REPAINT;
    case DO_PAGE_DOWN: move(ui, s, PAGE); return UI_REPAINT;
    case DO_TOP: move(ui, s, -1000000); return UI_REPAINT;
    case DO_BOTTOM: move(ui, s, 1000000); return UI_REPAINT;
    case DO_INSPECT:
        if (ui->screen == UI_CALL && s->call && s->call->order_count) {
            ui->selected = *selected_id(ui, s);
            open_screen(ui, UI_RECEIPT);
        } else {
            open_screen(ui, UI_CALL);
        }
        return UI_REPAINT;
    case DO_BACK: open_screen(ui, UI_CALL); return UI_REPAINT;
    case DO_CAUSE: go_to_cause(ui, s); return UI_REPAINT;
    case DO_FOLD:
        if (ui->screen == UI_CALL && s->call)
            toggle_fold(ui, selected_id(ui, s));
        return UI_REPAINT;
    case DO_REFUNDS: ui->shows_refunds = !ui->shows_refunds; return UI_REPAINT;
    case DO_PAUSE: ui->is_paused = !ui->is_paused; return UI_REPAINT;
    case DO_CLOCK: ui->shows_ms = !ui->shows_ms; return UI_REPAINT;
    case DO_HELP: open_screen(ui, ui->screen == UI_HELP ? UI_CALL : UI_HELP); return UI_REPAINT;
    case DO_AGAIN: open_screen(ui, UI_CALL); return UI_AGAIN;
    case DO_SEQUENTIAL: open_screen(ui, UI_CALL); return UI_SEQUENTIAL;
    case DO_BATCH: open_screen(ui, UI_CALL); return UI_BATCH;
    case DO_FAIL: open_screen(ui, UI_CALL); return UI_FAIL_BRANCH;
    case DO_REDRAW: return UI_REDRAW;
    case DO_SUSPEND: return UI_SUSPEND;
    case DO_QUIT: return UI_QUIT;
    }
    return UI_NOTHING;
}

void
ui_paint(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    if (s->call)
        call_update(s->store, s->call);
    cells_clear(c);
    switch (ui->screen) {
    case UI_CALL: screen_call_paint(c, ui, s); return;
    case UI_RECEIPT: screen_receipt_paint(c, ui, s); return;
    case UI_HELP: screen_help_paint(c, ui, s); return;
    }
}
