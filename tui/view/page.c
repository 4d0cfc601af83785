#include "tui/view/page.h"

#include <stdarg.h>
#include <stdio.h>

enum { HEAD_FROM = 6, FOOT_FROM = 6, CELL_MOST = 256, TITLE_MOST = 1024 };

int
page_row(struct page *p)
{
    int y = p->b.y + p->line++ - p->skip;
    return p->c && y >= p->b.y && y < p->b.y + p->b.height ? y : -1;
}

void
page_words(struct page *p, const char *text, enum role role)
{
    int y = page_row(p);
    if (y >= 0)
        cells_put_c(p->c, p->b.x, y, text, p->b.width, role);
}

void
page_paragraph(struct page *p, const char *text, enum role role)
{
    struct str rest = str_from(text), line;
    while (p->b.width > 0 && cells_take_line(&rest, p->b.width, &line)) {
        int y = page_row(p);
        if (y >= 0)
            cells_put(p->c, p->b.x, y, line, p->b.width, role);
    }
}

void
page_title(struct page *p, const char *text)
{
    if (p->line)
        p->line++;
    page_words(p, text, ROLE_TITLE);
}

struct page_cells
page_cells(struct page *p)
{
    return (struct page_cells){p, p->b.x, page_row(p)};
}

void
page_cell(struct page_cells *r, int width, bool is_right, enum role role, const char *format, ...)
{
    char text[CELL_MOST];
    int end = r->p->b.x + r->p->b.width, x = r->x;
    va_list args;
    r->x += width + 1;
    if (r->y < 0 || x >= end)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* A number is shown whole or not at all. */
    if (is_right && x + width <= end)
        cells_put_right(r->p->c, x, r->y, width, str_from(text), role);
    else if (!is_right)
        cells_put_c(r->p->c, x, r->y, text, x + width < end ? width : end - x, role);
}

/* --- the screen around it --------------------------------------------------------------------- */

struct box
page_box(const struct frame *f, int width, int height)
{
    int head = height < HEAD_FROM ? 0 : head_has_trouble(f) ? 3 : 2;
    int foot = height < FOOT_FROM ? 0 : 2;
    return (struct box){2, head, width - 3, height - head - foot};
}

void
page_text(struct cells *c, struct box b, const struct frame *f, int skip, page_fn text)
{
    struct page p = {.c = c, .b = b, .skip = skip};
    text(&p, f);
}

void
page_adapt(struct ui *ui, const struct frame *f, int width, int height, page_fn text)
{
    struct page p = {.b = page_box(f, width, height)};
    text(&p, f);
    text_adapt(ui, p.line, p.b.height > 0 ? p.b.height : 0);
}

void
page_paint(struct cells *c, const struct frame *f, const char *title,
           const enum action_id *footer, page_fn text)
{
    struct page p = {.c = c, .b = page_box(f, c->width, c->height), .skip = f->ui->text.top};
    if (p.b.y > 0) {
        struct buf whole;
        buf_init(&whole, TITLE_MOST);
        buf_add_c(&whole, title);
        text_search_title(&whole, f->ui);
        title_paint(c, 0, f);
        rule_paint(c, (struct box){0, p.b.y - 1, c->width, 1}, buf_c(&whole));
        buf_release(&whole);
    }
    if (p.b.y > 2)
        trouble_paint(c, 1, 1, f);
    struct box before = cells_clip(c, p.b);
    text(&p, f);
    cells_unclip(c, before);
    if (c->height < FOOT_FROM)
        return;
    text_foot_paint(c, 2, f, footer);
}
