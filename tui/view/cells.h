/* cells: a rectangle of styled cells, what every screen paints on.
 *
 * Cells carry a *role* (tui/theme/role.def), never a colour. Coordinates are zero-based and
 * everything outside the rectangle is clipped silently. A wide glyph takes two cells; the
 * second has width 0. All text goes through here and is made harmless (net/base/utf8.h): what
 * came from the wire cannot steer a terminal. No terminal code here. */
#ifndef TUI_VIEW_CELLS_H
#define TUI_VIEW_CELLS_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/str.h"
#include "tui/theme/theme.h"

enum glyph {
#define X(name, utf8, ascii) GLYPH_##name,
#include "tui/view/glyph.def"
#undef X
    GLYPH_COUNT
};

enum { CELLS_URL_MAX = 300, CELL_MARKS = 2 };

struct cell {
    uint32_t scalar;            /* one character; 0 in the second half of a wide one */
    uint8_t width;              /* 1 or 2; 0 in that second half */
    uint8_t role;               /* enum role */
    uint8_t selection;          /* enum selection */
    uint32_t mark[CELL_MARKS];  /* over the character, as utf8_is_mark; 0: none */
};

/* A part of it; panes paint nothing outside theirs. */
struct box {
    int x, y, width, height;
};

/* Cells that lead to an address, in terminals that can follow one. */
struct cells_link {
    int x, y, width;            /* 0: there is none */
    char url[CELLS_URL_MAX];
};

struct cells {
    int width, height;          /* in cells, both >= 0 */
    struct cell *cell;          /* width * height, owned */
    bool is_ascii;              /* glyphs and text without anything beyond ASCII */
    struct cells_link link;
    struct box clip;            /* what is painted outside it is not: see cells_clip */
};

void cells_init(struct cells *c, int width, int height, bool is_ascii);
void cells_release(struct cells *c);
void cells_clear(struct cells *c);
/* From now on nothing is painted outside the box, nor outside the one that held before, which
 * is returned: cells_unclip with it ends that. */
struct box cells_clip(struct cells *c, struct box b);
void cells_unclip(struct cells *c, struct box before);
const struct cell *cells_at(const struct cells *c, int x, int y);   /* NULL outside */

/* Puts text at (x, y) and returns the column after it. Text wider than max_width ends in an
 * ellipsis; a negative max_width means: to the right edge. */
int cells_put(struct cells *c, int x, int y, struct str text, int max_width, enum role role);
int cells_put_c(struct cells *c, int x, int y, const char *text, int max_width, enum role role);
int cells_putf(struct cells *c, int x, int y, int max_width, enum role role, const char *format,
               ...) PRINTF_LIKE(6, 7);
/* For ids, whose ends tell them apart: the ellipsis is in the middle. */
int cells_put_middle(struct cells *c, int x, int y, struct str text, int max_width,
                     enum role role);
/* Ends at column x + width; what does not fit is cut as by cells_put. */
void cells_put_right(struct cells *c, int x, int y, int width, struct str text, enum role role);
int cells_glyph(struct cells *c, int x, int y, enum glyph glyph, enum role role);
void cells_repeat(struct cells *c, int x, int y, int count, enum glyph glyph, enum role role);
/* A bar of `width` cells that is `part` full, 0 to 1, to an eighth of a cell. */
void cells_bar(struct cells *c, int x, int y, int width, double part, enum role full,
               enum role rest);

/* The cells lead there; a later one replaces it. An address that is too long, or has anything but
 * visible ASCII in it, is none. */
void cells_link_to(struct cells *c, int x, int y, int width, struct str url);
void cells_mark(struct cells *c, int x, int y, int width, enum role role);     /* what stands there */
void cells_select(struct cells *c, int x, int y, int width, enum selection selection);
void cells_blank(struct cells *c, struct box b);        /* for what lies over a picture */

/* Takes one line of at most `width` cells off the front of clean text, broken at a blank where
 * there is one. False at the end of the text. */
bool cells_take_line(struct str *text, int width, struct str *line);
/* Breaks text into lines; returns how many were put, `most` at most: the last one then ends in
 * an ellipsis. */
int cells_wrap(struct cells *c, int x, int y, int width, int most, struct str text,
               enum role role);

const char *glyph_text(enum glyph glyph, bool is_ascii);

#endif
