/* Finding receipts on the call screen: searching, filtering, going to one by its name. */
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "tui/view/act_call.h"
#include "tui/view/pane.h"

/* --- searching -------------------------------------------------------------------------------- */

enum ui_effect
call_search(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_SEARCH, STR(""));
}

static enum ui_effect
go_on(struct ui *ui, const struct frame *f, int step)
{
    const struct node *n = search_next(&ui->search, f->selected, step);
    if (n)
        call_select(ui, n);
    return UI_REPAINT;
}

enum ui_effect
call_next(struct ui *ui, const struct frame *f)
{
    return go_on(ui, f, 1);
}

enum ui_effect
call_previous(struct ui *ui, const struct frame *f)
{
    return go_on(ui, f, -1);
}

static bool
parse(struct str text, struct pick *out, struct prompt_answer *answer)
{
    struct diag d = {0};
    if (pick_parse(text, out, &answer->column, &d) == OK)
        return true;
    answer->is_wrong = true;
    snprintf(answer->text, sizeof(answer->text), "%s", diag_text(&d));
    return false;
}

/* What was found, or what was selected when the prompt opened. */
static void
select_or_return(struct ui *ui, const struct node *found, const struct node *origin)
{
    if (found)
        call_select(ui, found);
    else if (origin)
        ui->selected = origin->id;
}

/* While it is typed, the first match is shown already; without one, where it began. */
static void
search_for(struct ui *ui, const struct frame *f, struct str text, bool is_done,
           struct prompt_answer *answer)
{
    struct pick filter = {0};
    const struct node *from = f->call ? call_node(f->call, &ui->origin) : NULL;
    if (!parse(text, &filter, answer))
        return;
    search_set(&ui->search, &filter);
    search_update(&ui->search, f->call, ui->folds.shows_refunds);
    const struct node *n = search_next(&ui->search, from, 0);
    select_or_return(ui, n, from);
    if (!text.n)
        return;
    answer->is_wrong = is_done && !n;
    if (n)
        snprintf(answer->text, sizeof(answer->text), "%zu of %zu", search_rank(&ui->search, n),
                 ui->search.count);
    else
        snprintf(answer->text, sizeof(answer->text), "nothing is like that");
}

/* --- filtering -------------------------------------------------------------------------------- */

void
call_show_all(struct ui *ui)
{
    ui->folds.filter = (struct pick){0};
    ui->folds.changes++;
}

enum ui_effect
call_filter(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_FILTER, str_from(ui->folds.filter.text));
}

static void
filter_by(struct ui *ui, const struct frame *f, struct str text, struct prompt_answer *answer)
{
    struct pick filter = {0};
    /* What cannot be read hides nothing. */
    bool is_fine = parse(text, &filter, answer);
    ui->folds.filter = filter;
    ui->folds.changes++;
    if (!is_fine || !filter.count)
        return;
    rows_update(&ui->rows, &ui->folds, f->call);
    if (f->call)
        snprintf(answer->text, sizeof(answer->text), "%zu of %zu", ui->rows.matched,
                 f->call->order_count - ui->rows.refunds_hidden);
}

/* --- going ------------------------------------------------------------------------------------ */

enum ui_effect
call_goto(struct ui *ui, const struct frame *f)
{
    return screen_ask(ui, f, PROMPT_GOTO, STR(""));
}

static const struct node *
by_index(const struct frame *f, struct str text)
{
    uint64_t index;
    if (text.n < 3 || text.p[0] != '[' || text.p[text.n - 1] != ']' ||
        !str_to_u64(str_slice(text, 1, text.n - 1), &index))
        return NULL;
    for (size_t i = 0; i < f->call->order_count; i++) {
        const struct node *n = f->call->order[i];
        if (n->has_index && n->index == index)
            return n;
    }
    return NULL;
}

static const struct node *
by_name(const struct frame *f, struct str text)
{
    for (int way = 0; way < 2; way++) {
        for (size_t i = 0; i < f->call->order_count; i++) {
            const struct node *n = f->call->order[i];
            char id[HASH_TEXT];
            if (way == 0 && str_starts(str_from(hash_text(&n->id, id)), text))
                return n;
            if (way == 1 && n->has_receipt && str_starts(str_from(n->receipt.receiver.s), text))
                return n;
        }
    }
    return NULL;
}

/* "[1] get_position": what was gone to. */
static void
say_where(struct prompt_answer *answer, const struct node *n)
{
    struct buf text;
    buf_init(&text, sizeof(answer->text) - 1);
    receipt_title(&text, n);
    snprintf(answer->text, sizeof(answer->text), "%s", buf_c(&text));
    buf_release(&text);
}

static void
go_to(struct ui *ui, const struct frame *f, struct str text, struct prompt_answer *answer)
{
    uint64_t row;
    const struct node *n = NULL, *from = f->call ? call_node(f->call, &ui->origin) : NULL;
    bool is_number = str_to_u64(text, &row);
    if (text.n && is_number && row > 0 && row <= f->rows->count)
        n = f->rows->row[row - 1].node;
    else if (text.n && f->call && !is_number)
        n = by_index(f, text);
    if (text.n && f->call && !n && !is_number)
        n = by_name(f, text);
    select_or_return(ui, n, from);
    if (!text.n)
        return;
    answer->is_wrong = n == NULL;
    if (n)
        say_where(answer, n);
    else if (is_number)
        snprintf(answer->text, sizeof(answer->text), "there are rows 1 to %zu", f->rows->count);
    else if (text.p[0] == '[')
        snprintf(answer->text, sizeof(answer->text), "no branch has that index");
    else
        snprintf(answer->text, sizeof(answer->text), "no id or account begins so");
}

enum ui_effect
call_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
         struct prompt_answer *answer)
{
    switch (ui->prompt.kind) {
    case PROMPT_SEARCH: search_for(ui, f, text, is_done, answer); break;
    case PROMPT_FILTER: filter_by(ui, f, text, answer); break;
    case PROMPT_GOTO:
        if (is_done && str_equal(text, STR("q")))
            return UI_QUIT;
        go_to(ui, f, text, answer);
        break;
    case PROMPT_NONE:
    case PROMPT_WATCH:
    case PROMPT_COUNT: break;
    }
    return UI_REPAINT;
}
