#include "tui/view/cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

enum { TEXT_MAX = 64 * 1024 };

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

static void
set(struct cells *c, int x, int y, uint32_t scalar, int width, enum role role)
{
    if (x < 0 || y < 0 || x >= c->width || y >= c->height)
        return;
    struct cell *at = &c->cell[y * c->width + x];
    /* Half of a wide glyph cannot stay behind. */
    if (at->width == 0 && x > 0)
        at[-1] = (struct cell){.scalar = ' ', .width = 1, .role = at[-1].role,
                               .is_selected = at[-1].is_selected};
    if (at->width == 2 && x + 1 < c->width)
        at[1] = (struct cell){.scalar = ' ', .width = 1, .role = at[1].role,
                              .is_selected = at[1].is_selected};
    if (width == 2 && x + 1 >= c->width) {
        scalar = ' ';
        width = 1;
    }
    *at = (struct cell){.scalar = scalar, .width = (uint8_t)width, .role = (uint8_t)role,
                        .is_selected = at->is_selected};
    if (width == 2)
        at[1] = (struct cell){.scalar = 0, .width = 0, .role = (uint8_t)role,
                              .is_selected = at[1].is_selected};
}

/* One clean scalar of the text for this screen, and its width. */
static uint32_t
take_clean(const struct cells *c, struct str *text, int *width)
{
    uint32_t scalar = utf8_take(text);
    *width = utf8_width(scalar);
    if (c->is_ascii && scalar > 0x7E) {
        *width = 1;
        return scalar == 0x2026 ? '~' : scalar == 0x2192 ? '>' : '?';
    }
    return *width ? scalar : UTF8_REPLACEMENT;
}

static int
put_clean(struct cells *c, int x, int y, struct str clean, int max_width, enum role role)
{
    int whole = 0, width;
    if (max_width < 0)
        max_width = c->width - x;
    struct str rest = clean;
    while (rest.n) {
        take_clean(c, &rest, &width);
        whole += width ? width : 1;
    }
    int room = whole > max_width ? max_width - 1 : max_width;
    int end = x;
    rest = clean;
    while (rest.n) {
        uint32_t scalar = take_clean(c, &rest, &width);
        width = width ? width : 1;
        if (end + width > x + room)
            break;
        set(c, end, y, scalar, width, role);
        end += width;
    }
    if (whole > max_width && max_width > 0)
        end = cells_glyph(c, end, y, GLYPH_ELLIPSIS, role);
    return end;
}

int
cells_put(struct cells *c, int x, int y, struct str text, int max_width, enum role role)
{
    struct buf clean;
    buf_init(&clean, TEXT_MAX * 3);
    utf8_clean(&clean, str_slice(text, 0, TEXT_MAX / 4));
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
cells_select_row(struct cells *c, int x, int y, int width)
{
    for (int i = x; i < x + width; i++) {
        if (cells_at(c, i, y))
            c->cell[y * c->width + i].is_selected = true;
    }
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

int
cells_wrap(struct cells *c, int x, int y, int width, int most, struct str text, enum role role)
{
    struct buf clean;
    int lines = 0;
    if (width < 1 || most < 1)
        return 0;
    buf_init(&clean, TEXT_MAX * 3);
    utf8_clean(&clean, str_slice(text, 0, TEXT_MAX / 4));
    struct str rest = str_trim(buf_str(&clean));
    while (rest.n && lines < most) {
        struct str probe = rest, cut = rest;
        int used = 0, cell;
        bool has_blank = false;
        while (probe.n) {
            struct str before = probe;
            uint32_t scalar = take_clean(c, &probe, &cell);
            if (scalar == ' ') {
                cut = before;
                has_blank = true;
            }
            used += cell ? cell : 1;
            if (used > width) {
                if (!has_blank)
                    cut = before;
                break;
            }
        }
        bool is_rest = used <= width || lines + 1 == most;
        struct str line = is_rest ? rest : str_slice(rest, 0, rest.n - cut.n);
        if (line.n == 0)
            line = str_slice(rest, 0, 1);
        put_clean(c, x, y + lines, line, width, role);
        rest = str_trim(str_slice(rest, line.n, rest.n));
        lines++;
    }
    buf_release(&clean);
    return lines;
}
