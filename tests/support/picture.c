#include "tests/support/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "net/base/utf8.h"

enum { FIRST_COLOUR = 16, NAME_COLOUR = 240, ROW_TEXT_MAX = 1024 };

static const struct {
    const char *utf8, *ascii;
} glyphs[] = {
#define X(name, utf8, ascii) {utf8, ascii},
#include "tui/view/glyph.def"
#undef X
};

void
picture_theme(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "[roles]\n");
    for (int role = 0; role < ROLE_COUNT; role++)
        fprintf(file, "%s = %d\n", role_name((enum role)role), FIRST_COLOUR + role);
    fprintf(file, "selection = default on %d\nselection.row = default\n", NAME_COLOUR);
    assert_int_equal(fclose(file), 0);
}

/* --- taking ----------------------------------------------------------------------------------- */

static void
row_text(const struct picture *p, int y, char out[ROW_TEXT_MAX])
{
    size_t n = 0;
    for (int x = 0; x < p->width; x++) {
        if (p->cell[y][x].scalar)
            n += (size_t)utf8_put(out + n, p->cell[y][x].scalar);
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

/* The column of what stands at this place of the row's text. */
static int
column_of(const char *text, const char *place)
{
    return utf8_str_width(str_of(text, (size_t)(place - text)));
}

static void
mask(struct picture *p, int y, int from, int to)
{
    for (int x = from; x < to && x < p->width; x++)
        p->cell[y][x] = (struct screen_cell){PICTURE_MASK, -1, -1, false, false, false};
}

/* Behind the block's height: what the sources say of themselves. */
static void
mask_sources(struct picture *p)
{
    char text[ROW_TEXT_MAX];
    row_text(p, 0, text);
    const char *block = strstr(text, " block "), *help = strstr(text, "? help");
    if (!block)
        return;
    block += 7 + strspn(block + 7, "0123456789");
    mask(p, 0, column_of(text, block), help ? column_of(text, help) : p->width);
}

static void
mask_heard(struct picture *p)
{
    char text[ROW_TEXT_MAX];
    for (int y = 0; y < p->height; y++) {
        row_text(p, y, text);
        const char *place = strstr(text, "first by ");
        for (; place && *place; place++) {
            int x = column_of(text, place);
            if (*place >= '0' && *place <= '9')
                mask(p, y, x, x + 1);
        }
    }
}

/* In a list of calls: "  12 s " at the left edge. */
static void
mask_age(struct picture *p)
{
    char text[ROW_TEXT_MAX];
    for (int y = 0; y < p->height; y++) {
        row_text(p, y, text);
        struct str left = str_from(text);
        if (left.n && (unsigned char)text[0] > 0x7F)
            utf8_take(&left);
        size_t blanks = strspn(left.p, " >"), digits = strspn(left.p + blanks, "0123456789");
        const char *unit = left.p + blanks + digits;
        if (digits && unit[0] == ' ' && unit[1] == 's' && unit[2] == ' ')
            mask(p, y, 2, column_of(text, unit));
    }
}

/* Of a source or an endpoint: all that stands behind its state, and the port that it has. */
static void
mask_source_rows(struct picture *p)
{
    static const char *const states[] = {" live", " works"};
    char text[ROW_TEXT_MAX];
    for (int y = 1; y < p->height; y++) {
        row_text(p, y, text);
        for (size_t i = 0; i < ARRAY_LEN(states); i++) {
            const char *state = strstr(text, states[i]), *host = strstr(text, "127.0.0.1:");
            const char *end = state ? state + strlen(states[i]) : NULL;
            if (!state || (*end && *end != ' '))
                continue;
            mask(p, y, column_of(text, end) + 1, p->width);
            if (host && host < state)
                mask(p, y, column_of(text, host + 10),
                     column_of(text, host + 10 + strspn(host + 10, "0123456789")));
        }
    }
}

/* Of a request: when it was, how long it took, how many bytes; and the port. */
static void
mask_requests(struct picture *p)
{
    static const struct {
        const char *head;
        int width;
    } columns[] = {{"ago", 9}, {"  ms", 7}, {"   sent", 7}, {"received", 8}};
    char text[ROW_TEXT_MAX], row[ROW_TEXT_MAX];
    int y = 0;
    do
        row_text(p, y, text);
    while (!strstr(text, "ago method") && ++y < p->height);
    while (++y < p->height) {
        row_text(p, y, row);
        const char *host = strstr(row, "127.0.0.1:");
        if (!strstr(row, " s "))
            return;
        for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
            const char *head = strstr(text, columns[i].head);
            int end = head ? column_of(text, head + strlen(columns[i].head)) : 0;
            if (head)
                mask(p, y, end > columns[i].width ? end - columns[i].width : 0, end);
        }
        if (host)
            mask(p, y, column_of(row, host + 10), p->width);
    }
}

void
picture_take(const struct screen *s, struct picture *out)
{
    memset(out, 0, sizeof(*out));
    screen_size(s, &out->width, &out->height);
    assert_true(out->width <= PICTURE_WIDTH && out->height <= PICTURE_HEIGHT);
    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++)
            out->cell[y][x] = screen_cell(s, x, y);
    }
    mask_sources(out);
    mask_heard(out);
    mask_age(out);
    mask_source_rows(out);
    mask_requests(out);
}

struct picture_part
picture_frame(const struct picture *p)
{
    int top = -1, left = 0;
    for (int y = 0; y < p->height; y++) {
        for (int x = 0; x < p->width; x++) {
            uint32_t c = p->cell[y][x].scalar;
            if (top < 0 && c == 0x256D) {
                top = y;
                left = x;
            } else if (top >= 0 && x > left && c == 0x256F && p->cell[y][left].scalar == 0x2570) {
                return (struct picture_part){left, top, x - left + 1, y - top + 1};
            }
        }
    }
    fail_msg("there is no frame");
    return (struct picture_part){0};
}

void
picture_crop(struct picture *p, const struct picture_part *part)
{
    p->width = part->width;
    p->height = part->height;
    for (int y = 0; y < p->height; y++)
        memmove(p->cell[y], &p->cell[part->y + y][part->x],
                (size_t)p->width * sizeof(p->cell[0][0]));
}

/* --- as text ---------------------------------------------------------------------------------- */

void
picture_text(const struct picture *p, struct buf *out)
{
    char text[ROW_TEXT_MAX];
    for (int y = 0; y < p->height; y++) {
        row_text(p, y, text);
        buf_addf(out, "%s\n", text);
    }
}

static char
letter_of(const struct screen_cell *c)
{
    int role = c->foreground - FIRST_COLOUR;
    bool is_name = c->background == NAME_COLOUR;
    bool is_plain = c->scalar == ' ' || c->scalar == PICTURE_MASK || role == ROLE_TEXT;
    if (is_plain)
        return is_name ? '@' : '.';
    if (role < 0 || role >= ROLE_COUNT)
        return '?';
    return (char)((is_name ? 'A' : 'a') + role);
}

void
picture_roles(const struct picture *p, struct buf *out)
{
    for (int y = 0; y < p->height; y++) {
        int end = p->width;
        while (end > 0 && letter_of(&p->cell[y][end - 1]) == '.')
            end--;
        for (int x = 0, run; x < end; x += run) {
            char letter = letter_of(&p->cell[y][x]);
            for (run = 1; x + run < end && letter_of(&p->cell[y][x + run]) == letter; run++)
                ;
            buf_addf(out, "%s%c%d", x ? " " : "", letter, run);
        }
        buf_add_c(out, "\n");
    }
}

/* --- the same in another form ------------------------------------------------------------------- */

static bool
is_same_sign(uint32_t wide, uint32_t narrow)
{
    if (wide == narrow)
        return true;
    /* Parts of a bar: U+2588 is a whole block, U+258F an eighth of one. */
    if (wide >= 0x2588 && wide <= 0x258F && narrow == (wide <= 0x258C ? '#' : '='))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(glyphs); i++) {
        struct str sign = str_from(glyphs[i].utf8);
        if (utf8_take(&sign) == wide && (uint32_t)glyphs[i].ascii[0] == narrow)
            return true;
    }
    return false;
}

void
picture_ascii_differences(const struct picture *utf8, const struct picture *ascii,
                          struct buf *out)
{
    char text[ROW_TEXT_MAX];
    assert_int_equal(utf8->width, ascii->width);
    assert_int_equal(utf8->height, ascii->height);
    for (int y = 0; y < ascii->height; y++) {
        bool is_same = true;
        for (int x = 0; x < ascii->width; x++) {
            const struct screen_cell *a = &ascii->cell[y][x], *u = &utf8->cell[y][x];
            assert_true(a->scalar < 0x7F || a->scalar == PICTURE_MASK);
            is_same = is_same && is_same_sign(u->scalar, a->scalar) && letter_of(u) == letter_of(a);
        }
        row_text(ascii, y, text);
        if (!is_same)
            buf_addf(out, "%d: %s\n", y + 1, text);
    }
}

static void
fail_differs(const struct picture *a, const struct picture *b, int y)
{
    char one[ROW_TEXT_MAX], other[ROW_TEXT_MAX];
    row_text(a, y, one);
    row_text(b, y, other);
    fail_msg("row %d of %dx%d:\n%s\n%s", y + 1, a->width, a->height, one, other);
}

void
picture_check_mono(const struct picture *coloured, const struct picture *mono,
                   const struct theme *t)
{
    assert_int_equal(coloured->width, mono->width);
    assert_int_equal(coloured->height, mono->height);
    for (int y = 0; y < mono->height; y++) {
        for (int x = 0; x < mono->width; x++) {
            const struct screen_cell *c = &coloured->cell[y][x], *m = &mono->cell[y][x];
            bool is_name = c->background == NAME_COLOUR;
            int role = c->foreground - FIRST_COLOUR;
            if (c->scalar != m->scalar)
                fail_differs(coloured, mono, y);
            assert_int_equal(m->foreground, -1);
            assert_int_equal(m->background, -1);
            if (c->scalar == ' ' || c->scalar == PICTURE_MASK || role < 0)
                continue;
            struct style s = theme_style(t, (enum role)role,
                                         is_name ? SELECTION_NAME : SELECTION_NONE);
            if (m->is_bold != s.is_bold || m->is_underlined != s.is_underlined ||
                m->is_reversed != (s.is_reversed || is_name))
                fail_msg("%s at %d,%d: bold %d, underlined %d, reversed %d",
                         role_name((enum role)role), x, y, m->is_bold, m->is_underlined,
                         m->is_reversed);
        }
    }
}
