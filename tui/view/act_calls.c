/* What keys do on the screen of all calls. */
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "tui/view/calls.h"
#include "tui/view/form.h"

struct calls *
calls_of(struct ui *ui, const struct frame *f)
{
    struct calls *s = screen_state(ui, UI_CALLS);
    if (!s->is_ready)
        roster_init(&s->roster);
    s->is_ready = true;
    roster_update(&s->roster, f->s->store);
    return s;
}

ptrdiff_t
calls_selected(const struct calls *s)
{
    ptrdiff_t at = s->has_chosen ? roster_find(&s->roster, &s->selected) : 0;
    if (!s->roster.count)
        return -1;
    return at < 0 ? 0 : at;
}

bool
calls_is_marked(const struct calls *s, const struct hash *tx)
{
    for (size_t i = 0; i < s->mark_count; i++) {
        if (hash_equal(&s->marked[i], tx))
            return true;
    }
    return false;
}

/* --- moving ----------------------------------------------------------------------------------- */

static void
look_at(struct ui *ui, const struct hash *tx)
{
    if (hash_equal(&ui->looked_at, tx))
        return;
    ui_forget(ui);
    ui->looked_at = *tx;
}

/* On the first row of the newest calls one stays there when more come. */
static enum ui_effect
move_to(struct ui *ui, struct calls *s, ptrdiff_t at)
{
    ptrdiff_t last = (ptrdiff_t)s->roster.count - 1;
    if (last < 0)
        return UI_NOTHING;
    at = at < 0 ? 0 : at > last ? last : at;
    s->selected = s->roster.row[at].call->tx;
    s->has_chosen = at > 0 || s->roster.sort != ROSTER_AGE || s->roster.is_reversed;
    look_at(ui, &s->selected);
    return UI_REPAINT;
}

static enum ui_effect
move_by(struct ui *ui, const struct frame *f, ptrdiff_t by)
{
    struct calls *s = calls_of(ui, f);
    return move_to(ui, s, calls_selected(s) + by);
}

static ptrdiff_t
page_of(struct ui *ui, const struct frame *f)
{
    int page = calls_of(ui, f)->page;
    return page > 1 ? page - 1 : 1;
}

static enum ui_effect
up(struct ui *ui, const struct frame *f)
{
    return move_by(ui, f, -1);
}

static enum ui_effect
down(struct ui *ui, const struct frame *f)
{
    return move_by(ui, f, 1);
}

static enum ui_effect
page_up(struct ui *ui, const struct frame *f)
{
    return move_by(ui, f, -page_of(ui, f));
}

static enum ui_effect
page_down(struct ui *ui, const struct frame *f)
{
    return move_by(ui, f, page_of(ui, f));
}

static enum ui_effect
first(struct ui *ui, const struct frame *f)
{
    return move_to(ui, calls_of(ui, f), 0);
}

static enum ui_effect
last(struct ui *ui, const struct frame *f)
{
    return move_to(ui, calls_of(ui, f), PTRDIFF_MAX / 2);
}

/* To the next one below that failed, or has a failed branch; then from the top again. */
static enum ui_effect
failure(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    ptrdiff_t from = calls_selected(s), count = (ptrdiff_t)s->roster.count;
    for (ptrdiff_t i = 1; i <= count; i++) {
        ptrdiff_t at = (from + i) % count;
        enum verdict_kind kind = s->roster.row[at].verdict->kind;
        if (kind == VERDICT_FAILED || kind == VERDICT_BRANCH_FAILED)
            return move_to(ui, s, at);
    }
    snprintf(ui->told, sizeof(ui->told), "no call has failed");
    return UI_REPAINT;
}

static void
look_at_selected(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    ptrdiff_t at = calls_selected(s);
    if (at >= 0)
        look_at(ui, &s->roster.row[at].call->tx);
}

/* Where the eye should fall, unless a person has chosen already. */
static void
select_failure(struct ui *ui, const struct frame *f)
{
    struct call *c = store_call(f->s->store, &ui->looked_at);
    const struct verdict *v = c ? call_verdict(f->s->store, c) : NULL;
    if (v && v->first_failed && !ui->has_moved)
        ui->selected = v->first_failed->id;
}

static enum ui_effect
show(struct ui *ui, const struct frame *f, enum ui_screen screen)
{
    look_at_selected(ui, f);
    select_failure(ui, f);
    ui_go(ui, screen);
    return UI_REPAINT;
}

static enum ui_effect
show_call(struct ui *ui, const struct frame *f)
{
    return show(ui, f, UI_CALL);
}

static enum ui_effect
show_receipt(struct ui *ui, const struct frame *f)
{
    return show(ui, f, UI_RECEIPT);
}

static enum ui_effect
enter(struct ui *ui, const struct frame *f)
{
    return calls_of(ui, f)->roster.count ? show_call(ui, f) : UI_NOTHING;
}

/* Esc leaves what was entered last: here that can be the filter alone. */
static enum ui_effect
back(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    if (s->roster.filter.count)
        roster_set(&s->roster, &(struct pick){0}, s->roster.sort, s->roster.is_reversed);
    else
        ui_back(ui);
    return UI_REPAINT;
}

/* --- running ------------------------------------------------------------------------------------ */

static enum ui_effect
edit(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    ptrdiff_t at = calls_selected(s);
    if (at >= 0 && form_fill(form_of(ui, f->s), s->roster.row[at].call))
        ui_go(ui, UI_FORM);
    else
        snprintf(ui->told, sizeof(ui->told), "only a single function call can be edited");
    return UI_REPAINT;
}

/* What runs from here becomes a row here. */
static enum ui_effect
again(struct ui *ui, const struct frame *f)
{
    look_at_selected(ui, f);
    return UI_AGAIN;
}

static enum ui_effect
sequential(struct ui *ui, const struct frame *f)
{
    look_at_selected(ui, f);
    return UI_SEQUENTIAL;
}

static enum ui_effect
batch(struct ui *ui, const struct frame *f)
{
    look_at_selected(ui, f);
    return UI_BATCH;
}

/* --- copying ------------------------------------------------------------------------------------ */

static struct call *
selected_call(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    ptrdiff_t at = calls_selected(s);
    return at < 0 ? NULL : s->roster.row[at].call;
}

/* Of a call its hash: of receipts there are none here. */
static enum ui_effect
copy(struct ui *ui, const struct frame *f)
{
    const struct call *c = selected_call(ui, f);
    char hash[HASH_TEXT];
    if (!c)
        return UI_NOTHING;
    buf_clear(&ui->copied);
    buf_add_c(&ui->copied, hash_text(&c->tx, hash));
    return UI_COPY;
}

static enum ui_effect
copy_tree(struct ui *ui, const struct frame *f)
{
    struct call *c = selected_call(ui, f);
    return c ? screen_copy_tree(ui, f, c) : UI_NOTHING;
}

static enum ui_effect
copy_link(struct ui *ui, const struct frame *f)
{
    const struct call *c = selected_call(ui, f);
    return c ? screen_copy_link(ui, f, c) : UI_NOTHING;
}

/* --- order, marks, the filter ------------------------------------------------------------------- */

static enum ui_effect
order(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    enum roster_sort next = (enum roster_sort)((s->roster.sort + 1) % ROSTER_SORTS);
    roster_set(&s->roster, &s->roster.filter, next, false);
    return UI_REPAINT;
}

static enum ui_effect
order_back(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    roster_set(&s->roster, &s->roster.filter, s->roster.sort, !s->roster.is_reversed);
    return UI_REPAINT;
}

enum ui_effect
calls_column(struct ui *ui, const struct frame *f, size_t sort)
{
    struct calls *s = calls_of(ui, f);
    bool is_same = s->roster.sort == (enum roster_sort)sort;
    roster_set(&s->roster, &s->roster.filter, (enum roster_sort)sort,
               is_same && !s->roster.is_reversed);
    return UI_REPAINT;
}

static enum ui_effect
mark(struct ui *ui, const struct frame *f)
{
    struct calls *s = calls_of(ui, f);
    ptrdiff_t at = calls_selected(s);
    if (at < 0)
        return UI_NOTHING;
    const struct hash *tx = &s->roster.row[at].call->tx;
    for (size_t i = 0; i < s->mark_count; i++) {
        if (hash_equal(&s->marked[i], tx)) {
            s->marked[i] = s->marked[--s->mark_count];
            return UI_REPAINT;
        }
    }
    struct str key = keymap_first_key(&ui->keymap, DO_SHOW_COMPARE, true);
    if (s->mark_count < CALLS_MARKS_MOST) {
        s->marked[s->mark_count++] = *tx;
        if (s->mark_count > 1 && key.n)
            snprintf(ui->told, sizeof(ui->told), "%zu marked: %.*s compares them", s->mark_count,
                     STR_ARG(key));
    } else
        snprintf(ui->told, sizeof(ui->told), "%d calls are marked, and that is the most",
                 CALLS_MARKS_MOST);
    return UI_REPAINT;
}

static enum ui_effect
filter(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_FILTER, str_from(calls_of(ui, f)->roster.filter.text));
}

enum ui_effect
calls_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
          struct prompt_answer *answer)
{
    struct calls *s = calls_of(ui, f);
    struct pick pick = {0};
    struct diag d = {0};
    (void)is_done;
    /* What cannot be read hides nothing. */
    if (pick_parse(text, &pick, &answer->column, &d)) {
        answer->is_wrong = true;
        snprintf(answer->text, sizeof(answer->text), "%s", diag_text(&d));
    }
    roster_set(&s->roster, &pick, s->roster.sort, s->roster.is_reversed);
    roster_update(&s->roster, f->s->store);
    if (!answer->is_wrong && pick.count)
        snprintf(answer->text, sizeof(answer->text), "%zu of %zu", s->roster.count,
                 s->roster.all_count);
    return UI_REPAINT;
}

enum ui_effect
calls_click(struct ui *ui, const struct frame *f, size_t value, bool is_double)
{
    move_to(ui, calls_of(ui, f), (ptrdiff_t)value);
    return is_double ? enter(ui, f) : UI_REPAINT;
}

const screen_act_fn calls_acts[DO_COUNT] = {
    [DO_UP] = up,                 [DO_DOWN] = down,           [DO_PAGE_UP] = page_up,
    [DO_PAGE_DOWN] = page_down,   [DO_TOP] = first,           [DO_BOTTOM] = last,
    [DO_CAUSE] = failure,         [DO_INSPECT] = enter,         [DO_AGAIN] = again,         [DO_BACK] = back,
    [DO_SEQUENTIAL] = sequential, [DO_BATCH] = batch,
    [DO_SORT] = order,            [DO_SORT_BACK] = order_back, [DO_MARK] = mark,
    [DO_FILTER] = filter,         [DO_SEARCH] = filter,       [DO_EDIT] = edit,
    [DO_SHOW_CALL] = show_call,   [DO_SHOW_RECEIPT] = show_receipt,
    [DO_COPY] = copy,             [DO_COPY_TREE] = copy_tree, [DO_COPY_LINK] = copy_link,
};
