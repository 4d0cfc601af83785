#include "tui/view/ui.h"

#include <string.h>
#include "tui/view/screen.h"

enum { PAGE = 10 };

static const struct screen_ops *const screens[UI_SCREEN_COUNT] = {
    [UI_CALL] = &screen_call,
    [UI_RECEIPT] = &screen_receipt,
    [UI_HELP] = &screen_help,
    [UI_FAULT] = &screen_fault,
};

void
ui_init(struct ui *ui)
{
    *ui = (struct ui){.stack = {UI_CALL}};
}

void
ui_release(struct ui *ui)
{
    rows_release(&ui->rows);
}

void
ui_forget(struct ui *ui)
{
    memset(&ui->selected, 0, sizeof(ui->selected));
    ui->has_moved = false;
    ui->folds.count = 0;
    ui->folds.changes++;
    ui->blocks_back = 0;
    ui->top = 0;
}

void
ui_open(struct ui *ui, enum ui_screen screen)
{
    if (ui->depth + 1 == UI_MAX_DEEP || ui->stack[ui->depth] == screen)
        return;
    ui->stack[++ui->depth] = screen;
    ui->text_top = 0;
}

void
ui_back(struct ui *ui)
{
    ui->depth -= ui->depth > 0;
    ui->text_top = 0;
}

static void
go_home(struct ui *ui)
{
    ui->depth = 0;
}

bool
screen_scroll(struct ui *ui, enum action_id action)
{
    int page = ui->page > 1 ? ui->page : PAGE, all = ui->text_over;
    const struct {
        enum action_id action;
        int by;
    } steps[] = {{DO_UP, -1},         {DO_DOWN, 1},   {DO_PAGE_UP, -page},
                 {DO_PAGE_DOWN, page}, {DO_TOP, -all}, {DO_BOTTOM, all}};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (steps[i].action != action)
            continue;
        int to = ui->text_top + steps[i].by;
        ui->text_top = to < 0 ? 0 : to > all ? all : to;
        return true;
    }
    return false;
}

/* --- frames ----------------------------------------------------------------------------------- */

/* Derives what follows from the facts, and finds what is selected: when it is folded away, what
 * it is folded into. */
static struct frame
frame_of(struct ui *ui, const struct snapshot *s)
{
    struct frame f = {.ui = ui, .s = s, .call = s->call, .rows = &ui->rows};
    if (s->call)
        f.verdict = call_verdict(s->store, s->call);
    rows_update(&ui->rows, &ui->folds, s->call);
    if (!ui->rows.count)
        return f;
    const struct node *n = call_node(s->call, &ui->selected);
    ptrdiff_t at = -1;
    while (n && at < 0) {
        at = rows_find(&ui->rows, &n->id);
        n = n->parent;
    }
    f.selected_row = at < 0 ? 0 : (size_t)at;
    f.selected = ui->rows.row[f.selected_row].node;
    return f;
}

void
ui_paint(struct cells *c, struct ui *ui, const struct snapshot *s)
{
    struct frame f = frame_of(ui, s);
    const struct screen_ops *ops = screens[ui->stack[ui->depth]];
    cells_clear(c);
    if (ops->layout)
        ops->layout(ui, &f, c->width, c->height);
    ops->paint(c, &f);
}

/* --- keys -------------------------------------------------------------------------------------- */

/* What a key does wherever one is. */
static enum ui_effect
act_anywhere(struct ui *ui, enum action_id action)
{
    switch (action) {
    case DO_BACK: ui_back(ui); return UI_REPAINT;
    case DO_HELP:
        if (ui->stack[ui->depth] == UI_HELP)
            ui_back(ui);
        else
            ui_open(ui, UI_HELP);
        return UI_REPAINT;
    case DO_PAUSE: ui->is_paused = !ui->is_paused; return UI_REPAINT;
    case DO_AGAIN: go_home(ui); return UI_AGAIN;
    case DO_SEQUENTIAL: go_home(ui); return UI_SEQUENTIAL;
    case DO_BATCH: go_home(ui); return UI_BATCH;
    case DO_REDRAW: return UI_REDRAW;
    case DO_SUSPEND: return UI_SUSPEND;
    case DO_QUIT: return UI_QUIT;
    case DO_NOTHING: case DO_COUNT: case DO_UP: case DO_DOWN: case DO_PAGE_UP: case DO_PAGE_DOWN:
    case DO_TOP: case DO_BOTTOM: case DO_CAUSE: case DO_INSPECT: case DO_FOLD: case DO_REFUNDS:
    case DO_CLOCK: case DO_EARLIER: case DO_LATER: case DO_FAIL: return UI_NOTHING;
    }
    return UI_NOTHING;
}

enum ui_effect
ui_act(struct ui *ui, const struct snapshot *s, enum action_id action)
{
    struct frame f = frame_of(ui, s);
    enum ui_effect effect = UI_REPAINT;
    if (screens[ui->stack[ui->depth]]->act(ui, &f, action, &effect))
        return effect;
    if (action == DO_FAIL) {
        /* Where faults cannot be set, the front says so. */
        if (!s->is_embedded || !s->branch_count || !s->fault_count)
            return UI_FAIL_BRANCH;
        go_home(ui);
        ui_open(ui, UI_FAULT);
        return UI_REPAINT;
    }
    return act_anywhere(ui, action);
}
