#include "tests/pictures/svg.h"

#include <string.h>
#include "tui/theme/depth.h"

enum {
    CELL_WIDTH = 9, CELL_HEIGHT = 18, LEFT = 14, TOP = 34, BOTTOM = 14, BASE = 13,
    BACKGROUND = 0x0f1419, FOREGROUND = 0xd6deeb
};

/* A rectangle that waits for its neighbour: what touches it in the same row joins it. */
struct pending {
    FILE *out;
    double x, y, width, height, opacity;
    uint32_t colour;
};

static uint32_t
rgb_of(int colour, uint32_t own)
{
    /* The first sixteen are up to the terminal: these are this picture's. */
    static const uint32_t basic[16] = {
        0x1b2229, 0xff6b6b, 0x4fc98f, 0xc8a14a, 0x5eb4ff, 0xc79bf2, 0x56c7d6, 0xd6deeb,
        0x585858, 0xff8f8f, 0x7fdcae, 0xe0bf74, 0x8accff, 0xdbbcf7, 0x86dbe6, 0xffffff};
    if (colour < 0)
        return own;
    return colour < 16 ? basic[colour] : depth_rgb(colour);
}

static uint32_t
front_of(const struct screen_cell *c)
{
    return c->is_reversed ? rgb_of(c->background, BACKGROUND) : rgb_of(c->foreground, FOREGROUND);
}

static uint32_t
back_of(const struct screen_cell *c)
{
    return c->is_reversed ? rgb_of(c->foreground, FOREGROUND) : rgb_of(c->background, BACKGROUND);
}

static int
width_of(const struct screen *s)
{
    int width, height;
    screen_size(s, &width, &height);
    return width;
}

static int
height_of(const struct screen *s)
{
    int width, height;
    screen_size(s, &width, &height);
    return height;
}

/* --- rectangles --------------------------------------------------------------------------------- */

static void
flush(struct pending *p)
{
    if (p->width > 0) {
        fprintf(p->out, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#%06x\"", p->x,
                p->y, p->width, p->height, p->colour);
        if (p->opacity < 1)
            fprintf(p->out, " fill-opacity=\"%g\"", p->opacity);
        fputs("/>\n", p->out);
    }
    p->width = 0;
}

static void
rectangle(struct pending *p, double x, double y, double width, double height, uint32_t colour,
          double opacity)
{
    bool is_next = p->width > 0 && p->y == y && p->height == height && p->colour == colour &&
                   p->opacity == opacity && p->x + p->width == x;
    if (is_next) {
        p->width += width;
        return;
    }
    flush(p);
    *p = (struct pending){p->out, x, y, width, height, opacity, colour};
}

static double
x_of(int column)
{
    return LEFT + column * CELL_WIDTH;
}

static double
y_of(int row)
{
    return TOP + row * CELL_HEIGHT;
}

/* Which ways a line of box drawing goes from the middle of its cell. */
enum { TO_LEFT = 1, TO_RIGHT = 2, TO_TOP = 4, TO_BOTTOM = 8 };

static int
arms_of(uint32_t scalar)
{
    static const struct {
        uint32_t scalar;
        int arms;
    } lines[] = {
        {0x2500, TO_LEFT | TO_RIGHT},
        {0x2502, TO_TOP | TO_BOTTOM},
        {0x250C, TO_RIGHT | TO_BOTTOM},
        {0x2510, TO_LEFT | TO_BOTTOM},
        {0x2514, TO_RIGHT | TO_TOP},
        {0x2518, TO_LEFT | TO_TOP},
        {0x251C, TO_TOP | TO_BOTTOM | TO_RIGHT},
        {0x2524, TO_TOP | TO_BOTTOM | TO_LEFT},
        {0x252C, TO_LEFT | TO_RIGHT | TO_BOTTOM},
        {0x2534, TO_LEFT | TO_RIGHT | TO_TOP},
        {0x253C, TO_LEFT | TO_RIGHT | TO_TOP | TO_BOTTOM},
        {0x256D, TO_RIGHT | TO_BOTTOM},
        {0x256E, TO_LEFT | TO_BOTTOM},
        {0x256F, TO_LEFT | TO_TOP},
        {0x2570, TO_RIGHT | TO_TOP},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (lines[i].scalar == scalar)
            return lines[i].arms;
    }
    return 0;
}

/* How much of the cell a block fills from the left, in eighths; 0: it is none. */
static int
eighths_of(uint32_t scalar)
{
    if (scalar == 0x2593)
        return 8;
    return scalar >= 0x2588 && scalar <= 0x258F ? (int)(0x2590 - scalar) : 0;
}

static bool
is_drawn(uint32_t scalar)
{
    return arms_of(scalar) || eighths_of(scalar);
}

enum layer { LAYER_BACK, LAYER_ACROSS, LAYER_DOWN };

static void
draw(struct pending *p, const struct screen_cell *c, int column, int row, enum layer layer)
{
    double x = x_of(column), y = y_of(row), middle = CELL_WIDTH / 2.0 - 0.5;
    int arms = arms_of(c->scalar), eighths = eighths_of(c->scalar);
    uint32_t front = front_of(c);
    if (layer == LAYER_BACK) {
        if (back_of(c) != BACKGROUND)
            rectangle(p, x, y, CELL_WIDTH, CELL_HEIGHT, back_of(c), 1);
    } else if (layer == LAYER_ACROSS) {
        double from = arms & TO_LEFT ? 0 : middle, to = arms & TO_RIGHT ? CELL_WIDTH : middle + 1;
        if (arms & (TO_LEFT | TO_RIGHT))
            rectangle(p, x + from, y + CELL_HEIGHT / 2.0 - 0.5, to - from, 1, front, 1);
        if (eighths)
            rectangle(p, x, y + 2, CELL_WIDTH * eighths / 8.0, CELL_HEIGHT - 4, front,
                      c->scalar == 0x2593 ? 0.6 : 1);
    } else {
        double from = arms & TO_TOP ? 0 : CELL_HEIGHT / 2.0 - 0.5;
        double to = arms & TO_BOTTOM ? CELL_HEIGHT : CELL_HEIGHT / 2.0 + 0.5;
        if (arms & (TO_TOP | TO_BOTTOM))
            rectangle(p, x + middle, y + from, 1, to - from, front, 1);
    }
}

static void
write_shapes(const struct screen *s, FILE *out)
{
    struct pending p = {.out = out};
    fputs("<g shape-rendering=\"crispEdges\">\n", out);
    for (int layer = LAYER_BACK; layer <= LAYER_DOWN; layer++) {
        for (int y = 0; y < height_of(s); y++) {
            for (int x = 0; x < width_of(s); x++) {
                struct screen_cell c = screen_cell(s, x, y);
                draw(&p, &c, x, y, (enum layer)layer);
            }
        }
        flush(&p);
    }
    fputs("</g>\n", out);
}

/* --- text --------------------------------------------------------------------------------------- */

static void
write_scalar(uint32_t c, FILE *out)
{
    if (!c)
        return;         /* the second half of a wide one */
    if (c == '<')
        fputs("&lt;", out);
    else if (c == '>')
        fputs("&gt;", out);
    else if (c == '&')
        fputs("&amp;", out);
    else if (c < 0x80)
        putc((int)c, out);
    else
        fprintf(out, "&#x%X;", c);
}

static bool
is_text(const struct screen_cell *c)
{
    return c->scalar != ' ' && !is_drawn(c->scalar);
}

static bool
same_look(const struct screen_cell *a, const struct screen_cell *b)
{
    return front_of(a) == front_of(b) && a->is_bold == b->is_bold &&
           a->is_underlined == b->is_underlined;
}

/* One word from column `x` on, in one look. Returns the column behind it. */
static int
write_word(const struct screen *s, int x, int y, FILE *out)
{
    struct screen_cell first = screen_cell(s, x, y), c = first;
    int end = x;
    for (; end < width_of(s) && is_text(&c) && same_look(&c, &first); c = screen_cell(s, end, y))
        end++;
    fprintf(out, "<text y=\"%g\" x=\"", y_of(y) + BASE);
    for (int i = x; i < end; i++) {
        if (screen_cell(s, i, y).scalar)
            fprintf(out, "%s%g", i > x ? " " : "", x_of(i));
    }
    fprintf(out, "\" fill=\"#%06x\"%s%s>", front_of(&first), first.is_bold ? " font-weight=\"bold\"" : "",
            first.is_underlined ? " text-decoration=\"underline\"" : "");
    for (int i = x; i < end; i++)
        write_scalar(screen_cell(s, i, y).scalar, out);
    fputs("</text>\n", out);
    return end;
}

void
svg_write(const struct screen *s, const char *title, FILE *out)
{
    int width = 2 * LEFT + width_of(s) * CELL_WIDTH;
    int height = TOP + BOTTOM + height_of(s) * CELL_HEIGHT;
    static const char *const buttons[] = {"ff5f57", "febc2e", "28c840"};
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", width, height);
    fprintf(out, "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", width, height, title);
    fprintf(out, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%06x\"/>\n", width, height, BACKGROUND);
    for (int i = 0; i < 3; i++)
        fprintf(out, "<circle cx=\"%d\" cy=\"17\" r=\"5\" fill=\"#%s\"/>\n", 20 + 18 * i, buttons[i]);
    write_shapes(s, out);
    fputs("<g font-family=\"'DejaVu Sans Mono',monospace\" font-size=\"14.95\" "
          "xml:space=\"preserve\">\n", out);
    for (int y = 0; y < height_of(s); y++) {
        for (int x = 0; x < width_of(s);) {
            struct screen_cell c = screen_cell(s, x, y);
            x = is_text(&c) ? write_word(s, x, y, out) : x + 1;
        }
    }
    fputs("</g>\n</svg>\n", out);
}
