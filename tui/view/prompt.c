#include "tui/view/prompt.h"

#include "net/base/utf8.h"

enum { ABOVE_FROM = 2 };            /* rows above, from which an answer may take the last */

void
prompt_open(struct prompt *p, enum prompt_kind kind, struct str text)
{
    p->kind = kind;
    line_clear(&p->line);
    if (!line_set(&p->line, text))
        line_clear(&p->line);
    p->answer = (struct prompt_answer){0};
}

void
prompt_release(struct prompt *p)
{
    for (int i = 0; i < PROMPT_COUNT; i++)
        line_history_release(&p->history[i]);
}

/* The cursor is always seen: so many cells at the left give way. */
static int
cells_skipped(const struct line *l, int width)
{
    int before = utf8_str_width(str_slice(line_str(l), 0, l->cursor));
    return before >= width ? before - width + 1 : 0;
}

size_t
line_byte_at(const struct line *l, int width, int column)
{
    struct str all = line_str(l), rest = all;
    int x = -cells_skipped(l, width);
    while (rest.n) {
        size_t at = (size_t)(rest.p - all.p);
        int cells = utf8_width(utf8_take(&rest));
        x += cells ? cells : 1;
        if (x > column)
            return at;
    }
    return l->length;
}

void
line_paint(struct cells *c, struct box b, const struct line *l, bool has_cursor, size_t wrong)
{
    struct str all = line_str(l), rest = all;
    int before = utf8_str_width(str_slice(all, 0, l->cursor)), x = 0;
    int skip = cells_skipped(l, b.width);
    if (b.width < 1)
        return;
    while (rest.n) {
        size_t at = (size_t)(rest.p - all.p);
        uint32_t scalar = utf8_take(&rest);
        int width = utf8_width(scalar);
        width = width ? width : 1;
        if (x >= skip && x - skip + width <= b.width) {
            struct str one = str_slice(all, at, (size_t)(rest.p - all.p));
            cells_put(c, b.x + x - skip, b.y, one, width,
                      at >= wrong && wrong != SIZE_MAX ? ROLE_FAILED : ROLE_STRONG);
        }
        x += width;
    }
    if (has_cursor) {
        int at = b.x + before - skip;
        const struct cell *cell = cells_at(c, at, b.y);
        cells_select(c, at, b.y, cell && cell->width == 2 ? 2 : 1, SELECTION_NAME);
    }
}

void
prompt_paint(struct cells *c, const struct prompt *p)
{
    static const char *const signs[PROMPT_COUNT] = {"", "/", "filter ", ":", "watch "};
    const struct prompt_answer *a = &p->answer;
    int y = c->height - 1, used = c->width, needed = utf8_str_width(str_from(a->text)) + 2;
    enum role role = a->is_wrong ? ROLE_FAILED : ROLE_MUTED;
    if (p->kind == PROMPT_NONE || y < 0)
        return;
    cells_blank(c, (struct box){0, y, c->width, 1});
    int x = cells_put_c(c, 1, y, signs[p->kind], -1, ROLE_KEY);
    int typed = x + utf8_str_width(line_str(&p->line)) + 2;
    if (a->text[0] && typed + needed <= c->width) {
        used = c->width - needed;
        cells_put_c(c, used + 1, y, a->text, needed - 2, role);
    } else if (a->text[0] && y >= ABOVE_FROM) {
        cells_blank(c, (struct box){0, y - 1, c->width, 1});
        cells_put_c(c, 1, y - 1, a->text, c->width - 2, role);
    }
    line_paint(c, (struct box){x, y, used - x - 1, 1}, &p->line, true,
               a->is_wrong ? a->column : SIZE_MAX);
}
