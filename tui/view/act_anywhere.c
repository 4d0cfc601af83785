/* What a key does anywhere, unless the screen that is seen does something else with it. */
#include <stdio.h>
#include "net/near/base58.h"
#include "tui/model/target.h"
#include "tui/out/text.h"
#include "tui/view/form.h"
#include "tui/view/screen.h"

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
        ui_go(ui, UI_HELP);
    return UI_REPAINT;
}

static enum ui_effect
pause(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui->is_paused = !ui->is_paused;
    return UI_HOLD;
}

/* A run is followed on the call's screen, but where it becomes a row of what is seen. */
static enum ui_effect
run(struct ui *ui, enum ui_effect what)
{
    if (!screen_of(ui->stack[ui->depth].screen)->lists_runs)
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
    ui_go(ui, UI_FAULT);
    return UI_REPAINT;
}

static enum ui_effect
demo(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui_go(ui, UI_CALL);
    return UI_DEMO;
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
    prompt_open(&ui->prompt, PROMPT_WATCH, STR(""));
    return watch_ask(ui, f, STR(""), false, &ui->prompt.answer);
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

enum ui_effect
screen_copy_tree(struct ui *ui, const struct frame *f, struct call *call)
{
    buf_clear(&ui->copied);
    text_tree(&ui->copied, f->s->store, call, false, 0);
    return UI_COPY;
}

static enum ui_effect
copy_tree(struct ui *ui, const struct frame *f)
{
    struct call *call = f->call ? store_call(f->s->store, &f->call->tx) : NULL;
    return call ? screen_copy_tree(ui, f, call) : UI_NOTHING;
}

enum ui_effect
screen_copy_link(struct ui *ui, const struct frame *f, const struct call *call)
{
    buf_clear(&ui->copied);
    if (target_page(str_from(f->s->explorer), &call->tx, &ui->copied))
        return UI_COPY;
    snprintf(ui->told, sizeof(ui->told), "no explorer of %s is known: man neartop.conf",
             f->s->network);
    return UI_REPAINT;
}

static enum ui_effect
copy_link(struct ui *ui, const struct frame *f)
{
    return f->call ? screen_copy_link(ui, f, f->call) : UI_NOTHING;
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
    /* Of a page that is read, fingers expect that it closes the page. */
    return ui->stack[ui->depth].screen == UI_HELP ? go_back(ui, f) : UI_QUIT;
}

static enum ui_effect
search(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_SEARCH, STR(""));
}

/* Where a screen has several panes it goes through those by itself. */
static enum ui_effect
next(struct ui *ui, const struct frame *f)
{
    return screen_act(ui, f, screen_beside(ui, 1));
}

static enum ui_effect
previous(struct ui *ui, const struct frame *f)
{
    return screen_act(ui, f, screen_beside(ui, -1));
}

const screen_act_fn anywhere_acts[DO_COUNT] = {
    [DO_BACK] = go_back, [DO_HELP] = help,
    [DO_PAUSE] = pause,  [DO_AGAIN] = again,
    [DO_FAIL] = fail,    [DO_SEQUENTIAL] = sequential,
    [DO_BATCH] = batch,  [DO_REDRAW] = redraw,
    [DO_QUIT] = quit,    [DO_SUSPEND] = suspend,
    [DO_COPY] = copy,    [DO_COPY_TREE] = copy_tree,
    [DO_MOUSE] = mouse,  [DO_SEARCH] = search,
    [DO_DEMO] = demo,    [DO_WATCH] = watch,
    [DO_EDIT] = edit,    [DO_TEACH] = teach,
    [DO_COPY_LINK] = copy_link,
    [DO_NEXT_PANE] = next, [DO_PREVIOUS_PANE] = previous,
};
