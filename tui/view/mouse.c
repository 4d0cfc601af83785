/* The mouse: it means what the picture shows under it. */
#include <stdlib.h>
#include "net/base/clock.h"
#include "tui/view/screen.h"

enum { WHEEL_ROWS = 3, DOUBLE_MS = 400 };

static enum ui_effect
wheel(struct ui *ui, const struct frame *f, const struct mouse *m)
{
    enum action_id action = m->what == MOUSE_WHEEL_UP ? DO_UP : DO_DOWN;
    struct hit pane = hits_of_kind_at(&ui->hits, HIT_PANE, m->x, m->y);
    enum ui_effect effect = UI_NOTHING;
    ui->clicked_ns = 0;
    for (int i = 0; i < WHEEL_ROWS; i++) {
        if (pane.kind == HIT_PANE && pane.value != PANE_TREE) {
            text_scroll(&ui->scroll[pane.value], action, 0);
            effect = UI_REPAINT;
        } else if (pane.kind == HIT_PANE) {
            enum pane focus = ui->focus;
            ui->focus = PANE_TREE;
            effect = ui_act(ui, f->s, action);
            ui->focus = focus;
        } else {
            effect = ui_act(ui, f->s, action);
        }
    }
    return effect;
}

static bool
is_double(struct ui *ui, const struct frame *f, const struct mouse *m)
{
    int64_t since = f->s->clock_ns - ui->clicked_ns;
    bool is = ui->clicked_ns && since < DOUBLE_MS * (int64_t)NS_PER_MS &&
              abs(m->x - ui->clicked_x) <= 1 && m->y == ui->clicked_y;
    /* A third one is a first one. */
    ui->clicked_ns = is ? 0 : f->s->clock_ns;
    ui->clicked_x = m->x;
    ui->clicked_y = m->y;
    return is;
}

static enum ui_effect
press(struct ui *ui, const struct frame *f, const struct mouse *m)
{
    const struct screen_ops *ops = screen_of(ui->stack[ui->depth].screen);
    struct hit hit = hits_at(&ui->hits, m->x, m->y);
    struct hit pane = hits_of_kind_at(&ui->hits, HIT_PANE, m->x, m->y);
    bool is_second = is_double(ui, f, m);
    if (m->button != 0)
        return UI_NOTHING;
    if (pane.kind == HIT_PANE)
        ui->focus = (enum pane)pane.value;
    switch (hit.kind) {
    case HIT_NOTHING: return UI_NOTHING;
    case HIT_PANE: break;
    case HIT_ROW: return ops->click ? ops->click(ui, f, hit.value, is_second) : UI_REPAINT;
    case HIT_COLUMN: return ops->column ? ops->column(ui, f, hit.value) : UI_REPAINT;
    case HIT_ACTION: return ui_act(ui, f->s, (enum action_id)hit.value);
    case HIT_PLACE:
        while (ui->depth > (int)hit.value)
            ui_back(ui);
        break;
    case HIT_DIVIDER_DETAIL:
    case HIT_DIVIDER_TREE: ui->dragged = hit.kind; break;
    }
    return UI_REPAINT;
}

static enum ui_effect
drag(struct ui *ui, const struct mouse *m)
{
    if (ui->dragged == HIT_DIVIDER_DETAIL) {
        ui->split = m->x > 0 ? m->x : 1;
        return UI_REPAINT;
    }
    if (ui->dragged == HIT_DIVIDER_TREE) {
        int height = m->y - ui->tree_y;
        ui->tree_height = height > 0 ? height : 1;
        return UI_REPAINT;
    }
    return UI_NOTHING;
}

enum ui_effect
ui_mouse(struct ui *ui, const struct frame *f, const struct mouse *m)
{
    switch (m->what) {
    case MOUSE_PRESS: return press(ui, f, m);
    case MOUSE_DRAG: return drag(ui, m);
    case MOUSE_RELEASE: ui->dragged = HIT_NOTHING; return UI_NOTHING;
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN: return wheel(ui, f, m);
    }
    return UI_NOTHING;
}
