#include "tui/view/act_call.h"

#include <stdio.h>
#include "tui/view/timeline.h"

static void
select_node(struct ui *ui, const struct node *n)
{
    if (!hash_equal(&ui->selected, &n->id)) {
        ui->scroll[PANE_DETAIL].top = 0;
        if (ui->time_zoom > 0)
            ui->time_last = 0;
    }
    ui->selected = n->id;
    ui->has_moved = true;
}

void
call_select(struct ui *ui, const struct node *n)
{
    /* What is seen already has nothing that hides it: many siblings stay one row. */
    if (rows_find(&ui->rows, &n->id) < 0)
        folds_reveal(&ui->folds, n);
    select_node(ui, n);
}

/* --- moving ----------------------------------------------------------------------------------- */

static enum ui_effect
move(struct ui *ui, const struct frame *f, enum action_id action, long by)
{
    long last = (long)f->rows->count - 1, at = (long)f->selected_row + by;
    if (ui->focus > PANE_TREE) {
        text_scroll(&ui->scroll[ui->focus], action, 0);
        return UI_REPAINT;
    }
    if (last < 0)
        return UI_REPAINT;
    at = at < 0 ? 0 : at > last ? last : at;
    select_node(ui, f->rows->row[at].node);
    return UI_REPAINT;
}

static long
page_of(const struct ui *ui)
{
    return ui->page > 1 ? ui->page - 1 : 1;
}

static enum ui_effect
up(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_UP, -1);
}

static enum ui_effect
down(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_DOWN, 1);
}

static enum ui_effect
page_up(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_PAGE_UP, -page_of(ui));
}

static enum ui_effect
page_down(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_PAGE_DOWN, page_of(ui));
}

static enum ui_effect
first(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_TOP, -(long)f->rows->count);
}

static enum ui_effect
last(struct ui *ui, const struct frame *f)
{
    return move(ui, f, DO_BOTTOM, (long)f->rows->count);
}

static enum ui_effect
cause(struct ui *ui, const struct frame *f)
{
    if (f->verdict && f->verdict->first_failed)
        call_select(ui, f->verdict->first_failed);
    else
        snprintf(ui->told, sizeof(ui->told), "nothing has failed");
    return UI_REPAINT;
}

/* Many siblings in one row are shown one by one. */
static bool
open_group(struct ui *ui, const struct frame *f)
{
    const struct row *row = f->selected ? &f->rows->row[f->selected_row] : NULL;
    if (!row || !row->group)
        return false;
    ui->selected = row->node->id;
    folds_open(&ui->folds, &row->node->parent->id);
    return true;
}

static enum ui_effect
inspect(struct ui *ui, const struct frame *f)
{
    if (open_group(ui, f))
        return UI_REPAINT;
    if (f->selected) {
        ui->selected = f->selected->id;
        ui_go(ui, UI_RECEIPT);
    }
    return UI_REPAINT;
}

/* --- what is seen ----------------------------------------------------------------------------- */

static enum ui_effect
fold(struct ui *ui, const struct frame *f)
{
    if (!open_group(ui, f) && f->selected && f->selected->child_count)
        folds_toggle(&ui->folds, &f->selected->id);
    return UI_REPAINT;
}

static int
deepest(const struct frame *f)
{
    int depth = 0;
    for (size_t i = 0; f->call && i < f->call->order_count; i++) {
        const struct node *n = f->call->order[i];
        depth = n->child_count && n->depth > depth ? n->depth : depth;
    }
    return depth;
}

static enum ui_effect
fold_more(struct ui *ui, const struct frame *f)
{
    int most = deepest(f), depth = ui->folds.depth && ui->folds.depth <= most
        ? ui->folds.depth - 1 : most;
    folds_to_depth(&ui->folds, depth > 1 ? depth : 1);
    ui->folds.opens_all = false;
    ui->folds.opened_count = 0;
    return UI_REPAINT;
}

static enum ui_effect
fold_less(struct ui *ui, const struct frame *f)
{
    int depth = ui->folds.depth ? ui->folds.depth + 1 : 0;
    folds_to_depth(&ui->folds, depth > deepest(f) ? 0 : depth);
    return UI_REPAINT;
}

static enum ui_effect
unfold(struct ui *ui, const struct frame *f)
{
    (void)f;
    folds_to_depth(&ui->folds, 0);
    ui->folds.opens_all = true;
    return UI_REPAINT;
}

static enum ui_effect
refunds(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->folds.shows_refunds = !ui->folds.shows_refunds;
    ui->folds.changes++;
    return UI_REPAINT;
}

static enum ui_effect
detail(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->detail = (enum detail_place)((ui->detail + 1) % DETAIL_PLACES);
    /* Beside and below are the same on a narrow screen. */
    if (!ui->is_wide && ui->detail == DETAIL_BELOW)
        ui->detail = DETAIL_HIDDEN;
    return UI_REPAINT;
}

static enum ui_effect
zoom_pane(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->is_zoomed = !ui->is_zoomed;
    return UI_REPAINT;
}

/* Esc leaves what was entered last: the zoom, the pane, the search, the filter, the screen. */
static enum ui_effect
back(struct ui *ui, const struct frame *f)
{
    (void)f;
    if (ui->is_zoomed)
        ui->is_zoomed = false;
    else if (ui->focus > PANE_TREE)
        ui->focus = PANE_NONE;
    else if (ui->search.filter.count)
        search_set(&ui->search, &(struct pick){0});
    else if (ui->folds.filter.count)
        call_show_all(ui);
    else
        ui_back(ui);
    return UI_REPAINT;
}

/* Whether a pane has room is known when it was laid out: what was seen can be pointed at. */
static bool
is_seen(const struct ui *ui, enum pane pane)
{
    for (size_t i = 0; i < ui->hits.count; i++) {
        if (ui->hits.hit[i].kind == HIT_PANE && ui->hits.hit[i].value == (size_t)pane)
            return true;
    }
    return false;
}

/* Where there is no other pane, Tab goes on to another screen. */
static enum ui_effect
to_pane(struct ui *ui, const struct frame *f, int step)
{
    int at = ui->focus ? (int)ui->focus : PANE_TREE, from = at;
    for (int i = 1; i < PANE_COUNT; i++) {
        at += step;
        at = at >= PANE_COUNT ? PANE_TREE : at < PANE_TREE ? PANE_COUNT - 1 : at;
        if (at != from && (ui->is_zoomed || is_seen(ui, (enum pane)at))) {
            ui->focus = (enum pane)at;
            return UI_REPAINT;
        }
    }
    return screen_act(ui, f, screen_beside(ui, step));
}

static enum ui_effect
next_pane(struct ui *ui, const struct frame *f)
{
    return to_pane(ui, f, 1);
}

static enum ui_effect
previous_pane(struct ui *ui, const struct frame *f)
{
    return to_pane(ui, f, -1);
}

/* --- time ------------------------------------------------------------------------------------- */

static enum ui_effect
clock(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->shows_ms = !ui->shows_ms;
    return UI_REPAINT;
}

static enum ui_effect
earlier(struct ui *ui, const struct frame *f)
{
    struct timeline t = timeline_of(f, ui->time_width);
    if (t.is_known && t.first > f->rows->first)
        ui->time_last = t.last - t.cell_blocks;
    return UI_REPAINT;
}

static enum ui_effect
later(struct ui *ui, const struct frame *f)
{
    struct timeline t = timeline_of(f, ui->time_width);
    if (!t.is_known || !t.newest)
        return UI_REPAINT;
    /* At its end it goes on with what comes. */
    ui->time_last = t.last + t.cell_blocks < t.newest ? t.last + t.cell_blocks : TIME_NEWEST;
    return UI_REPAINT;
}

static enum ui_effect
zoom_in(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->time_zoom += ui->time_zoom < TIME_ZOOM_MOST;
    return UI_REPAINT;
}

static enum ui_effect
zoom_out(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->time_zoom -= ui->time_zoom > TIME_ZOOM_LEAST;
    return UI_REPAINT;
}

static enum ui_effect
fit(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->time_zoom = 0;
    ui->time_last = 0;
    return UI_REPAINT;
}

static enum ui_effect
gas(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->gas = (enum ui_gas)((ui->gas + 1) % UI_GAS_COUNT);
    return UI_REPAINT;
}

/* --- the tables ------------------------------------------------------------------------------- */

const screen_act_fn call_acts[DO_COUNT] = {
    [DO_UP] = up,
    [DO_DOWN] = down,
    [DO_PAGE_UP] = page_up,
    [DO_PAGE_DOWN] = page_down,
    [DO_TOP] = first,
    [DO_BOTTOM] = last,
    [DO_CAUSE] = cause,
    [DO_INSPECT] = inspect,
    [DO_SEARCH] = call_search,
    [DO_NEXT] = call_next,
    [DO_PREVIOUS] = call_previous,
    [DO_FILTER] = call_filter,
    [DO_GOTO] = call_goto,
    [DO_FOLD] = fold,
    [DO_FOLD_MORE] = fold_more,
    [DO_FOLD_LESS] = fold_less,
    [DO_UNFOLD] = unfold,
    [DO_REFUNDS] = refunds,
    [DO_DETAIL] = detail,
    [DO_ZOOM_PANE] = zoom_pane,
    [DO_NEXT_PANE] = next_pane,
    [DO_PREVIOUS_PANE] = previous_pane,
    [DO_BACK] = back,
    [DO_CLOCK] = clock,
    [DO_EARLIER] = earlier,
    [DO_LATER] = later,
    [DO_ZOOM_IN] = zoom_in,
    [DO_ZOOM_OUT] = zoom_out,
    [DO_FIT] = fit,
    [DO_GAS] = gas,
};

enum ui_effect
call_click(struct ui *ui, const struct frame *f, size_t value, bool is_double)
{
    if (value >= f->rows->count)
        return UI_NOTHING;
    const struct row *row = &f->rows->row[value];
    select_node(ui, row->node);
    if (is_double && row->group)
        folds_open(&ui->folds, &row->node->parent->id);
    else if (is_double)
        ui_go(ui, UI_RECEIPT);
    return UI_REPAINT;
}
