#include "tui/view/ui.h"

#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tui/out/text.h"
#include "tui/view/form.h"
#include "tui/view/screen.h"

enum { PAGE = 10 };

static const struct screen_ops *const screens[UI_SCREEN_COUNT] = {
#define X(name, operations, action) &operations,
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
ui_begin(struct ui *ui, enum ui_screen screen)
{
    ui->depth = 0;
    ui->stack[0] = (struct ui_place){.screen = screen};
    if (screens[screen]->open)
        screens[screen]->open(ui);
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
    ui->blocks_back = 0;
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

/* --- the stack -------------------------------------------------------------------------------- */

void
ui_open(struct ui *ui, enum ui_screen screen)
{
    if (ui->depth + 1 == UI_MAX_DEEP || ui->stack[ui->depth].screen == screen)
        return;
    ui->stack[ui->depth].text_top = ui->text.top;
    ui->stack[++ui->depth] = (struct ui_place){.screen = screen};
    ui->text = (struct ui_scroll){0};
    if (screens[screen]->open)
        screens[screen]->open(ui);
}

/* What lies above this place is gone. */
static void
back_to(struct ui *ui, int depth)
{
    if (depth >= ui->depth)
        return;
    ui->depth = depth;
    /* How far it goes is known when it is laid out. */
    ui->text = (struct ui_scroll){.top = ui->stack[depth].text_top};
}

void
ui_back(struct ui *ui)
{
    if (ui->depth > 0)
        back_to(ui, ui->depth - 1);
}

void
ui_go(struct ui *ui, enum ui_screen screen)
{
    for (int i = ui->depth; i >= 0; i--) {
        if (ui->stack[i].screen == screen) {
            back_to(ui, i);
            return;
        }
    }
    ui_open(ui, screen);
}

/* --- texts ------------------------------------------------------------------------------------ */

bool
text_scroll(struct ui_scroll *scroll, enum action_id action, int page)
{
    int all = scroll->over;
    page = page > 1 ? page - 1 : PAGE;
    const struct {
        enum action_id action;
        int by;
    } steps[] = {{DO_UP, -1},         {DO_DOWN, 1},   {DO_PAGE_UP, -page},
                 {DO_PAGE_DOWN, page}, {DO_TOP, -all}, {DO_BOTTOM, all}};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (steps[i].action != action)
            continue;
        int to = scroll->top + steps[i].by;
        scroll->top = to < 0 ? 0 : to > all ? all : to;
        return true;
    }
    return false;
}

static enum ui_effect
text_move(struct ui *ui, enum action_id action)
{
    return text_scroll(&ui->text, action, ui->page) ? UI_REPAINT : UI_NOTHING;
}

static enum ui_effect
text_up(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_UP);
}

static enum ui_effect
text_down(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_DOWN);
}

static enum ui_effect
text_page_up(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_PAGE_UP);
}

static enum ui_effect
text_page_down(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_PAGE_DOWN);
}

static enum ui_effect
text_first(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_TOP);
}

static enum ui_effect
text_last(struct ui *ui, const struct frame *f)
{
    (void)f;
    return text_move(ui, DO_BOTTOM);
}

const screen_act_fn text_acts[DO_COUNT] = {
    [DO_UP] = text_up,           [DO_DOWN] = text_down,
    [DO_PAGE_UP] = text_page_up, [DO_PAGE_DOWN] = text_page_down,
    [DO_TOP] = text_first,       [DO_BOTTOM] = text_last,
};

void
text_adapt(struct ui *ui, int lines, int room)
{
    ui->page = room;
    ui->text.over = lines > room ? lines - room : 0;
    if (ui->text.top > ui->text.over)
        ui->text.top = ui->text.over;
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

/* Over the end of the last row, until the next key. */
static void
told_paint(struct cells *c, const char *told)
{
    int width = utf8_str_width(str_from(told)), x = c->width - width - 2;
    if (!told[0])
        return;
    x = x < 0 ? 0 : x;
    cells_blank(c, (struct box){x, c->height - 1, c->width - x, 1});
    cells_put_c(c, x + 1, c->height - 1, told, c->width - x - 2, ROLE_STRONG);
}

void
ui_paint(struct cells *c, struct ui *ui, const struct snapshot *s)
{
    struct frame f = frame_of(ui, s);
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    cells_clear(c);
    hits_clear(&ui->hits);
    if (ops->layout)
        ops->layout(ui, &f, c->width, c->height);
    ops->paint(c, &f);
    told_paint(c, ui->told);
    prompt_paint(c, &ui->prompt);
}

/* --- what a key does anywhere --------------------------------------------------------------- */

static enum ui_effect
go_back(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui_back(ui);
    return UI_REPAINT;
}

static enum ui_effect
help(struct ui *ui, const struct frame *f)
{
    (void)f;
    if (ui->stack[ui->depth].screen == UI_HELP)
        ui_back(ui);
    else
        ui_open(ui, UI_HELP);
    return UI_REPAINT;
}

static enum ui_effect
pause(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->is_paused = !ui->is_paused;
    return UI_REPAINT;
}

static enum ui_effect
run(struct ui *ui, enum ui_effect what)
{
    ui_go(ui, UI_CALL);
    return what;
}

static enum ui_effect
again(struct ui *ui, const struct frame *f)
{
    (void)f;
    return run(ui, UI_AGAIN);
}

static enum ui_effect
sequential(struct ui *ui, const struct frame *f)
{
    (void)f;
    return run(ui, UI_SEQUENTIAL);
}

static enum ui_effect
batch(struct ui *ui, const struct frame *f)
{
    (void)f;
    return run(ui, UI_BATCH);
}

static enum ui_effect
fail(struct ui *ui, const struct frame *f)
{
    /* Where faults cannot be set, the front says so. */
    if (!f->s->is_embedded || !f->s->branch_count || !f->s->fault_count)
        return UI_FAIL_BRANCH;
    ui_go(ui, UI_CALL);
    ui_open(ui, UI_FAULT);
    return UI_REPAINT;
}

static enum ui_effect
demo(struct ui *ui, const struct frame *f)
{
    (void)f;
    return run(ui, UI_DEMO);
}

static enum ui_effect
edit(struct ui *ui, const struct frame *f)
{
    if (!f->call || !form_fill(form_of(ui, f->s), f->call)) {
        snprintf(ui->told, sizeof(ui->told), "only a single function call can be edited");
        return UI_REPAINT;
    }
    ui_go(ui, UI_FORM);
    return UI_REPAINT;
}

static enum ui_effect
watch(struct ui *ui, const struct frame *f)
{
    (void)f;
    prompt_open(&ui->prompt, PROMPT_WATCH, STR(""));
    snprintf(ui->prompt.answer.text, sizeof(ui->prompt.answer.text),
             "a hash, account:hash, or an explorer's address");
    return UI_REPAINT;
}

static enum ui_effect
copy(struct ui *ui, const struct frame *f)
{
    char id[HASH_TEXT];
    if (!f->selected)
        return UI_NOTHING;
    buf_clear(&ui->copied);
    buf_add_c(&ui->copied, hash_text(&f->selected->id, id));
    return UI_COPY;
}

static enum ui_effect
copy_tree(struct ui *ui, const struct frame *f)
{
    struct call *call = f->call ? store_call(f->s->store, &f->call->tx) : NULL;
    if (!call)
        return UI_NOTHING;
    buf_clear(&ui->copied);
    text_tree(&ui->copied, f->s->store, call, false, 0);
    return UI_COPY;
}

static enum ui_effect
teach(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->is_teaching = !ui->is_teaching;
    return UI_REPAINT;
}

static enum ui_effect
mouse(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->has_no_mouse = !ui->has_no_mouse;
    return UI_MOUSE;
}

static enum ui_effect
redraw(struct ui *ui, const struct frame *f)
{
    (void)ui;
    (void)f;
    return UI_REDRAW;
}

static enum ui_effect
suspend(struct ui *ui, const struct frame *f)
{
    (void)ui;
    (void)f;
    return UI_SUSPEND;
}

static enum ui_effect
quit(struct ui *ui, const struct frame *f)
{
    (void)ui;
    (void)f;
    return UI_QUIT;
}

static enum ui_effect
search(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_SEARCH, STR(""));
}

static const screen_act_fn anywhere[DO_COUNT] = {
    [DO_BACK] = go_back, [DO_HELP] = help,
    [DO_PAUSE] = pause,  [DO_AGAIN] = again,
    [DO_FAIL] = fail,    [DO_SEQUENTIAL] = sequential,
    [DO_BATCH] = batch,  [DO_REDRAW] = redraw,
    [DO_QUIT] = quit,    [DO_SUSPEND] = suspend,
    [DO_COPY] = copy,    [DO_COPY_TREE] = copy_tree,
    [DO_MOUSE] = mouse,  [DO_SEARCH] = search,
    [DO_DEMO] = demo,    [DO_WATCH] = watch,
    [DO_EDIT] = edit,    [DO_TEACH] = teach,
};

/* The screen that an action leads to, or UI_SCREEN_COUNT. */
static enum ui_screen
screen_by_action(enum action_id action)
{
    static const enum action_id leads[UI_SCREEN_COUNT] = {
#define X(name, operations, action) action,
#include "tui/view/screen.def"
#undef X
    };
    for (int i = 0; i < UI_SCREEN_COUNT; i++) {
        if (leads[i] != DO_NOTHING && leads[i] == action)
            return (enum ui_screen)i;
    }
    return UI_SCREEN_COUNT;
}

static enum ui_effect
act(struct ui *ui, const struct frame *f, enum action_id action)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    screen_act_fn fn = ops->acts ? ops->acts[action] : NULL;
    enum ui_screen to = screen_by_action(action);
    if (!fn && to != UI_SCREEN_COUNT) {
        ui_go(ui, to);
        return UI_REPAINT;
    }
    if (!fn)
        fn = anywhere[action];
    return fn ? fn(ui, f) : UI_NOTHING;
}

enum ui_effect
ui_act(struct ui *ui, const struct snapshot *s, enum action_id action)
{
    struct frame f = frame_of(ui, s);
    return act(ui, &f, action);
}

/* --- the prompt ------------------------------------------------------------------------------- */

enum ui_effect
screen_ask(struct ui *ui, const struct frame *f, enum prompt_kind kind, struct str text)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    if (!ops->ask)
        return UI_NOTHING;
    prompt_open(&ui->prompt, kind, text);
    if (f->selected)
        ui->origin = f->selected->id;
    return UI_REPAINT;
}

/* What is asked on any screen: the front judges it. */
static enum ui_effect
ask_anywhere(struct ui *ui, struct str text, bool is_done, struct prompt_answer *answer)
{
    if (!is_done || !text.n)
        return UI_REPAINT;
    if (text.n >= sizeof(ui->asked)) {
        answer->is_wrong = true;
        snprintf(answer->text, sizeof(answer->text), "that is longer than any address");
        return UI_REPAINT;
    }
    snprintf(ui->asked, sizeof(ui->asked), "%.*s", STR_ARG(text));
    return UI_WATCH;
}

static enum ui_effect
ask(struct ui *ui, const struct frame *f, struct str text, bool is_done)
{
    const struct screen_ops *ops = screens[ui->stack[ui->depth].screen];
    struct prompt *p = &ui->prompt;
    if (p->kind == PROMPT_WATCH)
        return ask_anywhere(ui, text, is_done, &p->answer);
    return ops->ask ? ops->ask(ui, f, text, is_done, &p->answer) : UI_REPAINT;
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
        return UI_NOTHING;
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
    return act(ui, &f, keymap_action(&ui->keymap, k));
}
