#include "tui/view/cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

enum { BYTES_A_CELL = 12, WRAPPED_MOST = 16 * 1024 };

static const struct {
    const char *utf8, *ascii;
} glyphs[GLYPH_COUNT] = {
#define X(name, utf8, ascii) {utf8, ascii},
#include "tui/view/glyph.def"
#undef X
};

const char *
glyph_text(enum glyph glyph, bool is_ascii)
{
    return is_ascii ? glyphs[glyph].ascii : glyphs[glyph].utf8;
}

void
cells_init(struct cells *c, int width, int height, bool is_ascii)
{
    *c = (struct cells){.width = width > 0 ? width : 0,
                        .height = height > 0 ? height : 0,
                        .is_ascii = is_ascii};
    c->clip = (struct box){0, 0, c->width, c->height};
    c->cell = xcalloc((size_t)c->width * (size_t)c->height, sizeof(*c->cell));
    cells_clear(c);
}

void
cells_release(struct cells *c)
{
    xfree(c->cell);
    c->cell = NULL;
}

void
cells_clear(struct cells *c)
{
    c->link.width = 0;
    for (int i = 0; i < c->width * c->height; i++)
        c->cell[i] = (struct cell){.scalar = ' ', .width = 1, .role = ROLE_TEXT};
}

const struct cell *
cells_at(const struct cells *c, int x, int y)
{
    if (x < 0 || y < 0 || x >= c->width || y >= c->height)
        return NULL;
    return &c->cell[y * c->width + x];
}

struct box
cells_clip(struct cells *c, struct box b)
{
    struct box before = c->clip;
    int right = before.x + before.width, bottom = before.y + before.height;
    int x = b.x > before.x ? b.x : before.x, y = b.y > before.y ? b.y : before.y;
    right = b.x + b.width < right ? b.x + b.width : right;
    bottom = b.y + b.height < bottom ? b.y + b.height : bottom;
    c->clip = (struct box){x, y, right > x ? right - x : 0, bottom > y ? bottom - y : 0};
    return before;
}

void
cells_unclip(struct cells *c, struct box before)
{
    c->clip = before;
}

static bool
is_clipped(const struct cells *c, int x, int y)
{
    return x < c->clip.x || y < c->clip.y || x >= c->clip.x + c->clip.width ||
           y >= c->clip.y + c->clip.height;
}

static void
set(struct cells *c, int x, int y, uint32_t scalar, int width, enum role role)
{
    if (is_clipped(c, x, y))
        return;
    struct cell *at = &c->cell[y * c->width + x];
    /* Half of a wide glyph cannot stay behind. */
    if (at->width == 0 && x > 0)
        at[-1] = (struct cell){' ', 1, at[-1].role, at[-1].selection, {0}};
    if (at->width == 2 && x + 1 < c->width)
        at[1] = (struct cell){' ', 1, at[1].role, at[1].selection, {0}};
    if (width == 2 && is_clipped(c, x + 1, y)) {
        scalar = ' ';
        width = 1;
    }
    if (width == 2 && at[1].width == 2 && x + 2 < c->width)
        at[2] = (struct cell){' ', 1, at[2].role, at[2].selection, {0}};
    *at = (struct cell){scalar, (uint8_t)width, (uint8_t)role, at->selection, {0}};
    if (width == 2)
        at[1] = (struct cell){0, 0, (uint8_t)role, at[1].selection, {0}};
}

/* A character with what stands over it. */
struct cluster {
    uint32_t scalar, mark[CELL_MARKS];
    int width;                  /* never 0 */
};

/* The marks at the front of the text: those that there is room for. */
static void
take_marks(struct str *text, struct cluster *k)
{
    for (size_t count = 0; text->n;) {
        struct str rest = *text;
        uint32_t mark = utf8_take(&rest);
        if (!utf8_is_mark(mark))
            return;
        if (count < CELL_MARKS)
            k->mark[count++] = mark;
        *text = rest;
    }
}

/* One character of clean text, as this screen has it. */
static struct cluster
take_clean(bool is_ascii, struct str *text)
{
    struct cluster k = {.scalar = utf8_take(text)};
    k.width = utf8_width(k.scalar);
    if (k.scalar > ' ' && k.width)
        take_marks(text, &k);
    if (is_ascii && (k.scalar > 0x7E || k.mark[0])) {
        uint32_t c = k.scalar;
        k = (struct cluster){.width = 1};
        k.scalar = c <= 0x7E ? c : c == 0x2026 ? '~' : c == 0x2192 ? '>' : c == 0x2013 ? '-' : '?';
    }
    if (k.width == 0)
        k = (struct cluster){.scalar = UTF8_REPLACEMENT, .width = 1};
    return k;
}

static void
set_cluster(struct cells *c, int x, int y, const struct cluster *k, enum role role)
{
    set(c, x, y, k->scalar, k->width, role);
    if (!k->mark[0] || is_clipped(c, x, y))
        return;
    struct cell *at = &c->cell[y * c->width + x];
    if (at->scalar == k->scalar)
        memcpy(at->mark, k->mark, sizeof(at->mark));
}

/* Puts what fits into `room` cells from x on; returns the column after it. */
static int
put_some(struct cells *c, int x, int y, struct str clean, int room, enum role role)
{
    int end = x;
    while (clean.n) {
        struct cluster k = take_clean(c->is_ascii, &clean);
        if (end + k.width > x + room)
            break;
        set_cluster(c, end, y, &k, role);
        end += k.width;
    }
    return end;
}

static int
clean_width(bool is_ascii, struct str clean)
{
    int all = 0;
    while (clean.n)
        all += take_clean(is_ascii, &clean).width;
    return all;
}

static int
put_clean(struct cells *c, int x, int y, struct str clean, int max_width, enum role role)
{
    if (max_width < 0)
        max_width = c->width - x;
    if (clean_width(c->is_ascii, clean) <= max_width)
        return put_some(c, x, y, clean, max_width, role);
    if (max_width <= 0)
        return x;
    x = put_some(c, x, y, clean, max_width - 1, role);
    return cells_glyph(c, x, y, GLYPH_ELLIPSIS, role);
}

/* No more of a text is looked at than can be seen, however long it is. */
static void
clean_head(struct buf *out, const struct cells *c, struct str text)
{
    size_t most = (size_t)c->width * BYTES_A_CELL + BYTES_A_CELL;
    buf_init(out, most * BYTES_A_CELL);
    utf8_clean(out, str_slice(text, 0, most));
}

int
cells_put(struct cells *c, int x, int y, struct str text, int max_width, enum role role)
{
    struct buf clean;
    clean_head(&clean, c, text);
    int end = put_clean(c, x, y, buf_str(&clean), max_width, role);
    buf_release(&clean);
    return end;
}

int
cells_put_c(struct cells *c, int x, int y, const char *text, int max_width, enum role role)
{
    return cells_put(c, x, y, str_from(text), max_width, role);
}

int
cells_putf(struct cells *c, int x, int y, int max_width, enum role role, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return cells_put_c(c, x, y, text, max_width, role);
}

int
cells_put_middle(struct cells *c, int x, int y, struct str text, int max_width, enum role role)
{
    struct buf clean;
    clean_head(&clean, c, text);
    struct str tail = buf_str(&clean);
    int all = clean_width(c->is_ascii, tail);
    if (all <= max_width || max_width < 3) {
        x = put_clean(c, x, y, tail, max_width, role);
    } else {
        int front = max_width / 2, back = max_width - front - 1;
        x = put_some(c, x, y, tail, front, role);
        x = cells_glyph(c, x, y, GLYPH_ELLIPSIS, role);
        while (all > back)
            all -= take_clean(c->is_ascii, &tail).width;
        x = put_some(c, x, y, tail, back, role);
    }
    buf_release(&clean);
    return x;
}

void
cells_put_right(struct cells *c, int x, int y, int width, struct str text, enum role role)
{
    int needed = utf8_str_width(text);
    if (needed <= width)
        cells_put(c, x + width - needed, y, text, needed, role);
    else
        cells_put(c, x, y, text, width, role);
}

int
cells_glyph(struct cells *c, int x, int y, enum glyph glyph, enum role role)
{
    struct str text = str_from(glyph_text(glyph, c->is_ascii));
    set(c, x, y, utf8_take(&text), 1, role);
    return x + 1;
}

void
cells_repeat(struct cells *c, int x, int y, int count, enum glyph glyph, enum role role)
{
    for (int i = 0; i < count; i++)
        cells_glyph(c, x + i, y, glyph, role);
}

void
cells_bar(struct cells *c, int x, int y, int width, double part, enum role full, enum role rest)
{
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    int eighths = (int)(part * width * 8 + 0.5);
    if (part > 0 && eighths == 0)
        eighths = 1;
    for (int i = 0; i < width; i++) {
        int filled = eighths - i * 8;
        if (filled >= 8)
            cells_glyph(c, x + i, y, GLYPH_BAR_FULL, full);
        else if (filled > 0)
            /* U+2588 is a whole block, U+258F an eighth of one. */
            set(c, x + i, y, c->is_ascii ? (filled >= 4 ? '#' : '=') : 0x2590u - (unsigned)filled,
                1, full);
        else
            cells_glyph(c, x + i, y, GLYPH_BAR_REST, rest);
    }
}

void
cells_link_to(struct cells *c, int x, int y, int width, struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        if (url.p[i] <= ' ' || url.p[i] >= 0x7F)
            return;
    }
    if (x < 0 || y < 0 || y >= c->height || x + width > c->width || !url.n ||
        !str_copy(url, c->link.url, sizeof(c->link.url)))
        return;
    c->link.x = x;
    c->link.y = y;
    c->link.width = width;
}

void
cells_mark(struct cells *c, int x, int y, int width, enum role role)
{
    for (int i = x; i < x + width; i++) {
        if (!is_clipped(c, i, y))
            c->cell[y * c->width + i].role = (uint8_t)role;
    }
}

void
cells_select(struct cells *c, int x, int y, int width, enum selection selection)
{
    for (int i = x; i < x + width; i++) {
        if (!is_clipped(c, i, y))
            c->cell[y * c->width + i].selection = (uint8_t)selection;
    }
}

void
cells_blank(struct cells *c, struct box b)
{
    for (int y = b.y; y < b.y + b.height; y++) {
        for (int x = b.x; x < b.x + b.width; x++)
            set(c, x, y, ' ', 1, ROLE_TEXT);
        cells_select(c, b.x, y, b.width, SELECTION_NONE);
    }
}

/* --- lines ---------------------------------------------------------------------------------- */

bool
cells_take_line(struct str *text, int width, struct str *line)
{
    struct str all = str_trim(*text), rest = all, cut = all;
    int used = 0;
    bool has_blank = false;
    if (all.n == 0 || width < 1)
        return false;
    while (rest.n) {
        struct str before = rest;
        struct cluster k = take_clean(false, &rest);
        used += k.width;
        if (used > width) {
            /* A word longer than a line, or a glyph wider than it, is cut where it is. */
            if (!has_blank)
                cut = before.n < all.n ? before : rest;
            break;
        }
        if (k.scalar == ' ') {
            cut = before;
            has_blank = true;
        }
    }
    *line = used <= width ? all : str_slice(all, 0, all.n - cut.n);
    *text = str_slice(all, line->n, all.n);
    return true;
}

int
cells_wrap(struct cells *c, int x, int y, int width, int most, struct str text, enum role role)
{
    struct buf clean;
    struct str rest, line, before;
    int lines = 0;
    buf_init(&clean, WRAPPED_MOST * BYTES_A_CELL);
    utf8_clean(&clean, str_slice(text, 0, WRAPPED_MOST));
    rest = before = buf_str(&clean);
    while (lines < most && cells_take_line(&rest, width, &line)) {
        bool is_cut = lines + 1 == most && str_trim(rest).n > 0;
        put_clean(c, x, y + lines++, is_cut ? str_trim(before) : line, width, role);
        before = rest;
    }
    buf_release(&clean);
    return lines;
}
