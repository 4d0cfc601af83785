/* What keys do on a screen that is one text: they move by lines, and find. */
#include <stdio.h>
#include "tui/view/screen.h"

enum { PAGE = 10, MATCH_ABOVE = 3 };    /* a match that was out of sight has a third of them above */

void
text_adapt(struct ui *ui, int lines, int room)
{
    ui->page = room;
    ui->lines = lines;
    ui->text.over = lines > room ? lines - room : 0;
    if (ui->text.top > ui->text.over)
        ui->text.top = ui->text.over;
}

/* --- moving ----------------------------------------------------------------------------------- */

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

/* --- finding ---------------------------------------------------------------------------------- */

/* Lines that are seen; where the text goes down to the last row, a prompt may lie on it. */
static int
room_of(const struct ui *ui, const struct frame *f)
{
    const struct hits *h = f->hits;
    struct box b = screen_of(ui->stack[ui->depth].screen)->text_box(f, h->width, h->height);
    bool is_covered = ui->prompt.kind != PROMPT_NONE && b.y + b.height >= h->height;
    int room = ui->page - is_covered;
    return room > 1 ? room : 1;
}

static bool
is_seen(const struct ui *ui, const struct frame *f, size_t match)
{
    int line = text_search_line(&ui->looked_for, match);
    return line >= ui->text.top && line < ui->text.top + room_of(ui, f);
}

static void
show_match(struct ui *ui, const struct frame *f, size_t match)
{
    int room = room_of(ui, f), line = text_search_line(&ui->looked_for, match);
    ui->looked_for.at = match;
    if (is_seen(ui, f, match))
        return;
    int top = line - room / MATCH_ABOVE;
    ui->text.top = top < 0 ? 0 : top > ui->text.over ? ui->text.over : top;
    /* Under a prompt the last line can be nowhere else. */
    if (!is_seen(ui, f, match))
        ui->text.top = line - room + 1;
}

/* The first that begins in this line or below it; from the top again when there is none. */
static size_t
match_from(const struct text_search *s, int line)
{
    for (size_t i = 0; i < s->hit_count; i++) {
        if (s->hit[i].line >= line)
            return s->hit[i].match;
    }
    return 0;
}

/* Keys may come before the screen was seen. */
static void
find(struct ui *ui, const struct frame *f)
{
    const struct screen_ops *ops = screen_of(ui->stack[ui->depth].screen);
    if (!ops->text)
        return;
    ops->layout(ui, f, f->hits->width, f->hits->height);
    text_search_update(ui, f, f->hits->width, f->hits->height);
}

static enum ui_effect
go_on(struct ui *ui, const struct frame *f, int step)
{
    struct text_search *s = &ui->looked_for;
    find(ui, f);
    if (!text_search_is_on(ui) || !s->matches)
        return UI_NOTHING;
    size_t to = s->at;
    if (!is_seen(ui, f, s->at)) {       /* scrolled away: from what is seen */
        to = match_from(s, step > 0 ? ui->text.top : ui->text.top + room_of(ui, f));
        to = step > 0 ? to : (to + s->matches - 1) % s->matches;
    } else {
        to = (to + (step > 0 ? 1 : s->matches - 1)) % s->matches;
    }
    show_match(ui, f, to);
    return UI_REPAINT;
}

static enum ui_effect
text_next(struct ui *ui, const struct frame *f)
{
    return go_on(ui, f, 1);
}

static enum ui_effect
text_previous(struct ui *ui, const struct frame *f)
{
    return go_on(ui, f, -1);
}

/* Esc leaves what was entered last: the search, then the screen. */
static enum ui_effect
text_back(struct ui *ui, const struct frame *f)
{
    (void)f;
    if (text_search_is_on(ui))
        text_search_set(&ui->looked_for, 0, STR(""));
    else
        ui_back(ui);
    return UI_REPAINT;
}

enum ui_effect
text_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
         struct prompt_answer *answer)
{
    struct text_search *s = &ui->looked_for;
    if (ui->prompt.kind != PROMPT_SEARCH)
        return UI_REPAINT;
    bool is_short = text_search_set(s, (int)ui->stack[ui->depth].screen, text);
    find(ui, f);
    if (s->matches)
        show_match(ui, f, match_from(s, s->from_top));
    else
        ui->text.top = s->from_top;
    if (!str_trim(text).n)
        return UI_REPAINT;
    answer->is_wrong = is_done && !s->matches;
    if (s->matches)
        snprintf(answer->text, sizeof(answer->text), "%zu of %zu", s->at + 1, s->matches);
    else
        snprintf(answer->text, sizeof(answer->text), "%s",
                 is_short ? "nothing is like that" : "that is too long to be looked for");
    return UI_REPAINT;
}

const screen_act_fn text_acts[DO_COUNT] = {
    [DO_UP] = text_up,           [DO_DOWN] = text_down,
    [DO_PAGE_UP] = text_page_up, [DO_PAGE_DOWN] = text_page_down,
    [DO_TOP] = text_first,       [DO_BOTTOM] = text_last,
    [DO_NEXT] = text_next,       [DO_PREVIOUS] = text_previous,
    [DO_BACK] = text_back,
};
