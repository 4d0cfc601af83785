#include "tui/view/text_search.h"

#include <string.h>
#include <wctype.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "tui/view/screen.h"

enum { STRIP = 512 };               /* lines that are painted at a time, to be read */

/* What stands before a character. */
enum gap { GAP_NONE, GAP_BLANK, GAP_ROW, GAP_ROW_FULL };

struct glyph_seen {
    uint32_t scalar;                /* as a small letter */
    int line;
    short x;
    unsigned char width, gap;
};

/* The characters of a text that are no blanks, in order. */
struct glyphs {
    struct glyph_seen *at;          /* owned */
    size_t count, room;
};

void
text_search_release(struct text_search *s)
{
    xfree(s->hit);
    *s = (struct text_search){.hit = NULL};
}

bool
text_search_set(struct text_search *s, int screen, struct str wanted)
{
    s->screen = screen;
    s->seen = (struct text_seen){0};
    s->hit_count = s->matches = s->at = 0;
    s->wanted[0] = '\0';
    return str_copy(str_trim(wanted), s->wanted, sizeof(s->wanted));
}

bool
text_search_is_on(const struct ui *ui)
{
    return ui->looked_for.wanted[0] && ui->looked_for.screen == (int)ui->stack[ui->depth].screen;
}

/* --- reading what is painted ------------------------------------------------------------------ */

static uint32_t
small(uint32_t scalar)
{
    return (uint32_t)towlower((wint_t)scalar);
}

static void
add_glyph(struct glyphs *g, const struct cell *cell, int line, int x, enum gap gap)
{
    void *array = g->at;
    if (g->count >= TEXT_GLYPHS_MOST)
        return;
    g->room = xgrow(&array, g->room, g->count + 1, sizeof(*g->at));
    g->at = array;
    g->at[g->count++] = (struct glyph_seen){small(cell->scalar), line, (short)x, cell->width,
                                            (unsigned char)gap};
}

/* Whether the line before was full to its end: then a word may go on here. */
static bool
is_after_full(const struct glyphs *g, int line, int width)
{
    const struct glyph_seen *last = g->count ? &g->at[g->count - 1] : NULL;
    return last && last->line == line - 1 && last->x + last->width >= width;
}

static void
read_row(struct glyphs *g, const struct cells *c, int y, int line)
{
    enum gap gap = is_after_full(g, line, c->width) ? GAP_ROW_FULL : GAP_ROW;
    for (int x = 0; x < c->width; x++) {
        const struct cell *cell = cells_at(c, x, y);
        if (cell->width == 0)
            continue;
        if (cell->scalar == ' ') {
            if (gap == GAP_NONE)
                gap = GAP_BLANK;
            continue;
        }
        add_glyph(g, cell, line, x, gap);
        gap = GAP_NONE;
    }
}

static void
read_text(struct glyphs *g, const struct frame *f, const struct text_seen *seen)
{
    struct cells c;
    int lines = seen->lines < TEXT_LINES_MOST ? seen->lines : TEXT_LINES_MOST;
    int strip = lines < STRIP ? lines : STRIP;
    cells_init(&c, seen->width, strip, seen->is_ascii);
    for (int top = 0; top < lines; top += strip) {
        cells_clear(&c);
        screen_of((enum ui_screen)seen->screen)->text(&c, (struct box){0, 0, c.width, strip}, f, top);
        for (int y = 0; y < strip && top + y < lines; y++)
            read_row(g, &c, y, top + y);
    }
    cells_release(&c);
}

/* What is looked for goes the same way, so that it looks as it would there. */
static void
read_wanted(struct glyphs *g, const char *wanted, bool is_ascii)
{
    struct cells c;
    cells_init(&c, TEXT_WANTED_MAX * 4, 1, is_ascii);
    cells_clear(&c);
    cells_put_c(&c, 0, 0, wanted, -1, ROLE_TEXT);
    read_row(g, &c, 0, 0);
    cells_release(&c);
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool
is_match(const struct glyph_seen *at, const struct glyphs *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (at[i].scalar != wanted->at[i].scalar)
            return false;
        if (i == 0)
            continue;
        bool wants_blank = wanted->at[i].gap == GAP_BLANK;
        if (wants_blank ? at[i].gap == GAP_NONE
                        : at[i].gap == GAP_BLANK || at[i].gap == GAP_ROW)
            return false;
    }
    return true;
}

static void
add_hit(struct text_search *s, const struct glyph_seen *first, const struct glyph_seen *last)
{
    void *array = s->hit;
    s->hit_room = xgrow(&array, s->hit_room, s->hit_count + 1, sizeof(*s->hit));
    s->hit = array;
    s->hit[s->hit_count++] = (struct text_hit){.line = first->line, .x = first->x,
                                               .width = last->x + last->width - first->x,
                                               .match = s->matches};
}

static void
add_match(struct text_search *s, const struct glyph_seen *at, size_t count)
{
    size_t first = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i < count && at[i].line == at[first].line)
            continue;
        add_hit(s, &at[first], &at[i - 1]);
        first = i;
    }
    s->matches++;
}

static void
find(struct text_search *s, const struct glyphs *text, const struct glyphs *wanted)
{
    size_t i = 0;
    s->hit_count = s->matches = 0;
    while (wanted->count && i + wanted->count <= text->count && s->matches < TEXT_MATCHES_MOST) {
        if (!is_match(&text->at[i], wanted)) {
            i++;
            continue;
        }
        add_match(s, &text->at[i], wanted->count);
        i += wanted->count;
    }
    if (s->at >= s->matches)
        s->at = s->matches ? s->matches - 1 : 0;
}

static bool
is_same(const struct text_seen *a, const struct text_seen *b)
{
    return a->generation == b->generation && a->now_ns == b->now_ns && a->screen == b->screen &&
           a->width == b->width && a->lines == b->lines && a->is_ascii == b->is_ascii &&
           hash_equal(&a->receipt, &b->receipt);
}

void
text_search_update(struct ui *ui, const struct frame *f, int width, int height)
{
    struct text_search *s = &ui->looked_for;
    const struct screen_ops *ops = screen_of(ui->stack[ui->depth].screen);
    if (!text_search_is_on(ui) || !ops->text)
        return;
    struct text_seen now = {.generation = f->s->store->generation,
                            .now_ns = ops->youngest ? f->s->now_ns : 0,
                            .receipt = f->selected ? f->selected->id : (struct hash){{0}},
                            .screen = s->screen, .width = ops->text_box(f, width, height).width,
                            .lines = ui->lines, .is_ascii = s->is_ascii};
    if (is_same(&now, &s->seen) || now.width < 1)
        return;
    struct glyphs text = {0}, wanted = {0};
    read_text(&text, f, &now);
    read_wanted(&wanted, s->wanted, s->is_ascii);
    find(s, &text, &wanted);
    xfree(text.at);
    xfree(wanted.at);
    s->seen = now;
}

/* --- showing ---------------------------------------------------------------------------------- */

int
text_search_line(const struct text_search *s, size_t match)
{
    for (size_t i = 0; i < s->hit_count; i++) {
        if (s->hit[i].match == match)
            return s->hit[i].line;
    }
    return 0;
}

void
text_search_paint(struct cells *c, const struct ui *ui, const struct frame *f)
{
    const struct text_search *s = &ui->looked_for;
    const struct screen_ops *ops = screen_of(ui->stack[ui->depth].screen);
    if (!text_search_is_on(ui) || !ops->text)
        return;
    struct box b = ops->text_box(f, c->width, c->height), before = cells_clip(c, b);
    for (size_t i = 0; i < s->hit_count; i++) {
        const struct text_hit *h = &s->hit[i];
        int y = b.y + h->line - ui->text.top;
        cells_mark(c, b.x + h->x, y, h->width, ROLE_MATCH);
        if (h->match == s->at)
            cells_select(c, b.x + h->x, y, h->width, SELECTION_NAME);
    }
    cells_unclip(c, before);
}

void
text_search_title(struct buf *out, const struct ui *ui)
{
    const struct text_search *s = &ui->looked_for;
    if (!text_search_is_on(ui))
        return;
    buf_addf(out, "  /%s ", s->wanted);
    if (s->matches)
        buf_addf(out, "%zu of ", s->at + 1);
    buf_addf(out, "%zu", s->matches);
}
