/* picture: what a terminal shows, as text that can be compared: the characters, then the roles.
 *
 * A test theme gives each role a colour of its own (picture_theme), so that roles can be read
 * back from a terminal. They are written as runs, "c12 .3 F5": so many cells of a role, 'a' the
 * first of role.def, '.' a blank or plain text; capitals and '@' are the name of the selected
 * row. Cells that no two runs of a program have in common, as how long a request took, are
 * masked: U+00A4, no role. */
#ifndef TESTS_SUPPORT_PICTURE_H
#define TESTS_SUPPORT_PICTURE_H

#include "net/base/buf.h"
#include "tests/support/screen.h"
#include "tui/theme/theme.h"

enum { PICTURE_WIDTH = 250, PICTURE_HEIGHT = 80, PICTURE_MASK = 0xA4 };

struct picture {
    int width, height;
    struct screen_cell cell[PICTURE_HEIGHT][PICTURE_WIDTH];
};

/* Writes that theme. */
void picture_theme(const char *path);
/* Takes what is on the screen, masks done. */
void picture_take(const struct screen *s, struct picture *out);
/* A part of it. */
struct picture_part {
    int x, y, width, height;
};
/* From a corner `╭` to the corner `╯` that belongs to it. */
struct picture_part picture_frame(const struct picture *p);
void picture_crop(struct picture *p, const struct picture_part *part);
void picture_text(const struct picture *p, struct buf *out);
void picture_roles(const struct picture *p, struct buf *out);

/* Appends each row of `ascii` that is not `utf8` with every sign in its other form, as
 * "N: TEXT". */
void picture_ascii_differences(const struct picture *utf8, const struct picture *ascii,
                               struct buf *out);
/* `mono` has the same characters as `coloured` and each role in the style that the theme has for
 * terminals without colours. Fails the test. */
void picture_check_mono(const struct picture *coloured, const struct picture *mono,
                        const struct theme *t);

#endif
