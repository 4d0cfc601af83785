#include "tui/view/ui.h"

#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "tui/view/screen.h"

static const struct screen_ops *const screens[UI_SCREEN_COUNT] = {
#define X(name, operations, action, place) &operations,
#include "tui/view/screen.def"
#undef X
};

const struct screen_ops *
screen_of(enum ui_screen screen)
{
    return screens[screen];
}

void
ui_init(struct ui *ui)
{
    memset(ui, 0, sizeof(*ui));
    keymap_default(&ui->keymap);
    buf_init(&ui->copied, UI_COPY_MAX);
    if (screens[0]->open)
        screens[0]->open(ui);
}

void
ui_release(struct ui *ui)
{
    for (int i = 0; i < UI_SCREEN_COUNT; i++) {
        if (ui->state[i] && screens[i]->release)
            screens[i]->release(ui->state[i]);
        xfree(ui->state[i]);
        ui->state[i] = NULL;
    }
    rows_release(&ui->rows);
    search_release(&ui->search);
    text_search_release(&ui->looked_for);
    prompt_release(&ui->prompt);
    buf_release(&ui->copied);
}

void
ui_forget(struct ui *ui)
{
    memset(&ui->selected, 0, sizeof(ui->selected));
    memset(&ui->looked_at, 0, sizeof(ui->looked_at));
    memset(ui->scroll, 0, sizeof(ui->scroll));
    ui->has_moved = false;
    ui->folds.opened_count = 0;
    folds_to_depth(&ui->folds, ui->folds.depth);
    ui->time_last = 0;
    ui->top = 0;
}

void *
screen_state(struct ui *ui, enum ui_screen screen)
{
    if (!ui->state[screen] && screens[screen]->state_size)
        ui->state[screen] = xcalloc(1, screens[screen]->state_size);
    return ui->state[screen];
}

const void *
screen_state_seen(const struct frame *f, enum ui_screen screen)
{
    return f->ui->state[screen];
}

/* --- frames ----------------------------------------------------------------------------------- */

static struct call *
call_seen(const struct ui *ui, const struct snapshot *s)
{
    struct call *c = hash_is_zero(&ui->looked_at) ? NULL : store_call(s->store, &ui->looked_at);
    return c ? c : s->call;
}

/* Derives what follows from the facts, and finds what is selected: when it is folded away, what
 * it is folded into. */
static struct frame
frame_of(struct ui *ui, const struct snapshot *s)
{
    struct call *call = call_seen(ui, s);
    struct frame f = {.ui = ui, .s = s, .call = call, .rows = &ui->rows, .hits = &ui->hits};
    if (call)
        f.verdict = call_verdict(s->store, call);
    rows_update(&ui->rows, &ui->folds, call);
    search_update(&ui->search, call, ui->folds.shows_refunds);
    if (!ui->rows.count)
        return f;
    const struct node *n = call_node(call, &ui->selected);
    ptrdiff_t at = -1;
    while (n && at < 0) {
        at = rows_find(&ui->rows, &n->id);
        if (at < 0)
            at = rows_find_group(&ui->rows, n);
        n = n->parent;
    }
    f.selected_row = at < 0 ? 0 : (size_t)at;
    f.selected = ui->rows.row[f.selected_row].node;
    return f;
}

static bool
is_blank(const struct cells *c, int x)
{
    const struct cell *at = cells_at(c, x, c->height - 1);
    return !at || at->scalar == ' ';
}

/* Over the end of the last row, until the next key. */
static void
told_paint(struct cells *c, const char *told)
{
    int width = utf8_str_width(str_from(told)), x = c->width - width - 2;
    if (!told[0])
        return;
    x = x < 0 ? 0 : x;
    /* What is there is left out key by key, not in the middle of a word. */
    while (x > 1 && !(is_blank(c, x - 1) && is_blank(c, x - 2)))
        x--;
    cells_blank(c, (struct box){x, c->height - 1, c->width - x, 1});
    x = c->width - width - 1;
    cells_put_c(c, x > 0 ? x : 0, c->height - 1, told, c->width - 1, ROLE_STRONG);
}

void
ui_paint(struct cells *c, struct ui *ui, const struct snapshot *s)
{
    folds_fit(&ui->folds, c->height);
    struct frame f = frame_of(ui, s);
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    cells_clear(c);
    hits_begin(&ui->hits, c->width, c->height);
    if (ops->layout)
        ops->layout(ui, &f, c->width, c->height);
    ui->looked_for.is_ascii = c->is_ascii;
    text_search_update(ui, &f, c->width, c->height);
    ops->paint(c, &f);
    text_search_paint(c, ui, &f);
    told_paint(c, ui->told);
    prompt_paint(c, &ui->prompt);
}

/* --- keys ------------------------------------------------------------------------------------- */

enum ui_effect
screen_act(struct ui *ui, const struct frame *f, enum action_id action)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    screen_act_fn fn = ops->acts ? ops->acts[action] : NULL;
    if (!fn && ops->else_acts)
        fn = ops->else_acts[action];
    enum ui_screen to = screen_by_action(action);
    if (!fn && to != UI_SCREEN_COUNT) {
        ui_go(ui, to);
        return UI_REPAINT;
    }
    if (!fn)
        fn = anywhere_acts[action];
    return fn ? fn(ui, f) : UI_NOTHING;
}

enum ui_effect
ui_act(struct ui *ui, const struct snapshot *s, enum action_id action)
{
    struct frame f = frame_of(ui, s);
    ui->told[0] = '\0';
    return screen_act(ui, &f, action);
}

void
ui_let_go(struct ui *ui)
{
    ui->rows.call = NULL;
    ui->rows.count = ui->rows.moment_count = ui->rows.field_count = 0;
    ui->search.call = NULL;
    ui->search.count = 0;
    for (int i = 0; i < UI_SCREEN_COUNT; i++) {
        if (ui->state[i] && screens[i]->let_go)
            screens[i]->let_go(ui->state[i]);
    }
}

int64_t
ui_youngest_ns(struct ui *ui, const struct snapshot *s)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    struct frame f = frame_of(ui, s);
    int64_t seen_ns = ops->youngest ? ops->youngest(&f) : 0;
    return seen_ns && !ui->is_paused ? s->now_ns - seen_ns : -1;
}

/* --- the prompt ------------------------------------------------------------------------------- */

enum ui_effect
screen_ask(struct ui *ui, const struct frame *f, enum prompt_kind kind, struct str text)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    if (!ops->ask && !(ops->text && kind == PROMPT_SEARCH)) {
        snprintf(ui->told, sizeof(ui->told), "nothing is looked for here");
        return UI_REPAINT;
    }
    prompt_open(&ui->prompt, kind, text);
    if (f->selected)
        ui->origin = f->selected->id;
    ui->looked_for.from_top = ui->text.top;
    return UI_REPAINT;
}

static enum ui_effect
ask(struct ui *ui, const struct frame *f, struct str text, bool is_done)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    struct prompt *p = &ui->prompt;
    if (p->kind == PROMPT_WATCH)
        return watch_ask(ui, f, text, is_done, &p->answer);
    if (ops->ask)
        return ops->ask(ui, f, text, is_done, &p->answer);
    return ops->text ? text_ask(ui, f, text, is_done, &p->answer) : UI_REPAINT;
}

/* While there is a prompt, it gets all keys. */
static enum ui_effect
prompt_key(struct ui *ui, const struct frame *f, const struct key *k)
{
    struct prompt *p = &ui->prompt;
    bool is_done = k->special == KEY_RETURN;
    bool ends = k->special == KEY_ESCAPE || (k->special == KEY_CHARACTER && k->scalar == 3) ||
                (k->special == KEY_ERASE && p->line.length == 0);
    if (!is_done && !ends && !line_key(&p->line, &p->history[p->kind], k))
        return keymap_action(&ui->keymap, k) == DO_REDRAW ? UI_REDRAW : UI_NOTHING;
    if (ends) {
        line_clear(&p->line);
        p->answer = (struct prompt_answer){0};
        ask(ui, f, STR(""), false);
        p->kind = PROMPT_NONE;
        return UI_REPAINT;
    }
    p->answer = (struct prompt_answer){0};
    enum ui_effect effect = ask(ui, f, line_str(&p->line), is_done);
    if (is_done && !p->answer.is_wrong) {
        line_history_add(&p->history[p->kind], line_str(&p->line));
        p->kind = PROMPT_NONE;
    }
    return effect;
}

enum ui_effect
ui_key(struct ui *ui, const struct snapshot *s, const struct key *k)
{
    struct frame f = frame_of(ui, s);
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    enum ui_effect effect = UI_REPAINT;
    if (k->special != KEY_POINTER || k->mouse.what == MOUSE_PRESS)
        ui->told[0] = '\0';
    if (ui->prompt.kind != PROMPT_NONE && k->special != KEY_POINTER)
        return prompt_key(ui, &f, k);
    if (ops->key && ops->key(ui, &f, k, &effect))
        return effect;
    if (k->special == KEY_POINTER)
        return ui_mouse(ui, &f, &k->mouse);
    return screen_act(ui, &f, keymap_action(&ui->keymap, k));
}
