/* All calls, one line each: who called what, how it stands, what it cost. */
#include <string.h>
#include "net/base/utf8.h"
#include "tui/out/text.h"
#include "tui/view/calls.h"
#include "tui/view/pane.h"

enum { FOOT_FROM = 6, HEAD_FROM = 4, TOTALS_FROM = 8, TEXT_MAX = 512, SHORTEST = 2,
       WORDY_FROM = 60, WORDY_BESIDE_FILTER = 110, WHY_MOST = 3, WHY_BYTES = 2048 };

struct parts {
    int title, trouble, totals, head;   /* rows; -1: not shown */
    struct box rows, foot;
};

static struct parts
parts_of(const struct frame *f, int width, int height)
{
    struct parts p = {-1, -1, -1, -1, {0, 0, width, 0}, {0, height, width, 0}};
    int y = 0;
    if (height >= HEAD_FROM)
        p.title = y++;
    if (height >= HEAD_FROM && head_has_trouble(f))
        p.trouble = y++;
    if (height >= TOTALS_FROM)
        p.totals = y++;
    if (height >= HEAD_FROM)
        p.head = y++;
    p.foot.height = height < FOOT_FROM ? 0 : 2;
    p.foot.y = height - p.foot.height;
    p.rows.y = y;
    p.rows.height = p.foot.y - y;
    return p;
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct calls *s = calls_of(ui, f);
    int page = parts_of(f, width, height).rows.height, count = (int)s->roster.count;
    int at = (int)calls_selected(s);
    s->page = page = page > 0 ? page : 1;
    s->top = at < s->top ? at : s->top;
    s->top = at >= s->top + page ? at - page + 1 : s->top;
    s->top = s->top > count - page ? count - page : s->top;
    s->top = s->top < 0 ? 0 : s->top;
}

/* --- totals ------------------------------------------------------------------------------------- */

static int
total(struct cells *c, int x, int y, size_t count, const char *word, enum role role)
{
    if (!count)
        return x;
    x = cells_putf(c, x, y, c->width - x, count ? role : ROLE_MUTED, "%zu %s", count, word);
    return x + 3;
}

/* What of the calls is seen: the filter, which hides some; marks; the order. */
static void
add_choice(struct buf *out, const struct calls *s, int shortened)
{
    const struct roster *r = &s->roster;
    if (r->filter.count)
        buf_addf(out, "filter %s  %zu of %zu  ", r->filter.text, r->count, r->all_count);
    if (s->mark_count && shortened < 2)
        buf_addf(out, "%zu marked  ", s->mark_count);
    if (shortened > 0)
        return;
    buf_addf(out, "by %s%s", roster_sort_name(r->sort), r->is_reversed ? ", reversed" : "");
    if (!s->has_chosen && r->sort == ROSTER_AGE && !r->is_reversed)
        buf_add_c(out, ", at the newest");
}

/* As much of it as there is room for beside what stands before column x. What a filter hides
 * must not be taken for gone: it stays, over what else there is. */
static void
choice_paint(struct cells *c, int x, int y, const struct calls *s)
{
    struct buf text;
    int shortened = 0, width;
    buf_init(&text, TEXT_MAX);
    do {
        buf_clear(&text);
        add_choice(&text, s, shortened);
        width = utf8_str_width(str_trim(buf_str(&text)));
    } while (x + width + 1 >= c->width && ++shortened <= SHORTEST);
    if (shortened > SHORTEST && s->roster.filter.count) {
        x = c->width / 2 < c->width - width - 3 ? c->width - width - 3 : c->width / 2;
        cells_blank(c, (struct box){x, y, c->width - x, 1});
        cells_put(c, x + 2, y, str_trim(buf_str(&text)), c->width - x - 3, ROLE_TITLE);
    } else if (shortened <= SHORTEST && width) {
        cells_put(c, c->width - width - 1, y, str_trim(buf_str(&text)), width,
                  s->roster.filter.count ? ROLE_TITLE : ROLE_MUTED);
    }
    buf_release(&text);
}

static void
totals_paint(struct cells *c, int y, const struct calls *s)
{
    const struct roster *r = &s->roster;
    const size_t *by = r->by_verdict;
    char gas[GAS_TEXT];
    int x = total(c, 1, y, r->all_count, r->all_count == 1 ? "call" : "calls", ROLE_STRONG);
    x = total(c, x, y, by[VERDICT_RUNNING], "running", ROLE_RUNNING);
    /* What failed is dearest where there is little room, and the words are those of a filter. */
    x = total(c, x, y, by[VERDICT_FAILED], "failed", ROLE_FAILED);
    x = total(c, x, y, by[VERDICT_BRANCH_FAILED],
              c->width < (r->filter.count ? WORDY_BESIDE_FILTER : WORDY_FROM)
                  ? "partly" : "with a failed branch", ROLE_FAILED);
    x = total(c, x, y, by[VERDICT_OK], "ok", ROLE_OK);
    x = total(c, x, y, by[VERDICT_UNKNOWN], "unknown", ROLE_HOLE);
    x = total(c, x, y, r->store->left_count, "have left", ROLE_MUTED);
    if (r->gas_burnt)
        x = cells_putf(c, x, y, c->width - x, ROLE_MUTED, "%s Tgas",
                       gas_text_tera(r->gas_burnt, gas)) + 3;
    choice_paint(c, x, y, s);
}

/* --- when there is nothing ---------------------------------------------------------------------- */

static void
nothing_fits(struct cells *c, struct box b, const struct frame *f, const struct roster *r)
{
    struct str back = keymap_first_key(&f->ui->keymap, DO_BACK, c->is_ascii);
    struct box before = cells_clip(c, b);
    cells_putf(c, b.x + 2, b.y, b.width - 3, ROLE_MUTED,
               r->all_count == 1 ? "The one call is not like that: %.*s takes the filter away."
                                 : "None of the calls is like that: %.*s takes the filter away.",
               STR_ARG(back));
    cells_unclip(c, before);
}

/* --- the picture -------------------------------------------------------------------------------- */

static void
rows_paint(struct cells *c, struct box b, const struct frame *f, const struct calls *s,
           const struct call_columns *columns)
{
    for (int i = 0; i < b.height && s->top + i < (int)s->roster.count; i++) {
        size_t index = (size_t)(s->top + i);
        call_row_paint(c, b.y + i, columns, f, s, index);
        hits_add(f->hits, (struct box){0, b.y + i, b.width, 1}, HIT_ROW, index);
    }
}

static int
lines_of(struct str text, int width)
{
    struct str line;
    int lines = 0;
    while (lines <= WHY_MOST && cells_take_line(&text, width, &line))
        lines++;
    return lines;
}

/* Below the calls, where there is room: how the selected one failed, and why. */
static void
why_paint(struct cells *c, struct box b, const struct calls *s)
{
    ptrdiff_t at = calls_selected(s);
    int left = b.height - ((int)s->roster.count - s->top), width = c->width - 3;
    const struct roster_row *row = at < 0 ? NULL : &s->roster.row[at];
    struct buf text;
    if (!row || !row->verdict->first_failed || row->verdict->kind == VERDICT_RUNNING)
        return;
    buf_init(&text, WHY_BYTES);
    text_headline(&text, row->call, row->verdict);
    int lines = lines_of(buf_str(&text), width);
    /* A blank row keeps it apart from the calls. */
    if (lines <= WHY_MOST && left > lines)
        cells_wrap(c, 2, b.y + b.height - lines, width, lines, buf_str(&text), ROLE_FAILED);
    buf_release(&text);
}

/* Why there is none, and whose are waited for. */
static void
none_paint(struct cells *c, struct box b, const struct frame *f)
{
    const struct snapshot *s = f->s;
    struct buf text;
    if (!s->followed_count) {
        hint_paint(c, b, f, "No calls yet: nothing was sent or watched from here.");
        return;
    }
    buf_init(&text, WHY_BYTES);
    buf_add_c(&text, "No calls of ");
    for (size_t i = 0; i < s->followed_count; i++)
        buf_addf(&text, "%s%s", i == 0 ? "" : i + 1 < s->followed_count ? ", " : " or ", s->followed[i]);
    buf_add_c(&text, s->place ? " yet: they are looked for in " : " yet.");
    buf_add_c(&text, s->place ? s->place : "");
    buf_add_c(&text, s->place ? "." : "");
    hint_paint(c, b, f, buf_c(&text));
    buf_release(&text);
}

static void
paint(struct cells *c, const struct frame *f)
{
    const struct calls *s = screen_state_seen(f, UI_CALLS);
    struct parts p = parts_of(f, c->width, c->height);
    struct call_columns columns = call_columns_of(c->width);
    if (p.title >= 0)
        title_paint(c, p.title, f);
    if (p.trouble >= 0)
        trouble_paint(c, p.trouble, 1, f);
    if (p.totals >= 0 && s->roster.all_count)
        totals_paint(c, p.totals, s);
    if (p.head >= 0 && s->roster.all_count)
        call_head_paint(c, p.head, &columns, f, &s->roster);
    if (!s->roster.all_count)
        none_paint(c, p.rows, f);
    else if (!s->roster.count)
        nothing_fits(c, p.rows, f, &s->roster);
    rows_paint(c, p.rows, f, s, &columns);
    why_paint(c, p.rows, s);
    if (p.foot.height)
        foot_paint(c, p.foot, f, screen_calls.footer);
}

static void
release(void *state)
{
    struct calls *s = state;
    if (s->is_ready)
        roster_release(&s->roster);
}

static void
let_go(void *state)
{
    struct calls *s = state;
    s->roster.store = NULL;
}

static int64_t
youngest(const struct frame *f)
{
    const struct store *s = f->s->store;
    return s->recent_count ? s->recent[s->recent_count - 1]->begun_ns : 0;
}

static const enum action_id footer[] = {DO_QUIT,   DO_INSPECT, DO_NEW,  DO_AGAIN,
                                        DO_EDIT,   DO_DEMO,    DO_WATCH, DO_FILTER,
                                        DO_SORT,   DO_MARK,    DO_HELP, DO_NOTHING};

const struct screen_ops screen_calls = {
    .name = "calls",
    .footer = footer,
    .lists_runs = true,
    .state_size = sizeof(struct calls),
    .release = release,
    .let_go = let_go,
    .youngest = youngest,
    .layout = adapt,
    .paint = paint,
    .acts = calls_acts,
    .ask = calls_ask,
    .click = calls_click,
    .column = calls_column};
