/* theme: from roles to colours, read from files of "role = colour attributes".
 *
 *     [theme]
 *     inherit = light                ; another file of the same folder, first of all
 *     [roles]
 *     status.failed = red bold
 *     rule          = 244            ; 256 colours: taken down where there are fewer
 *     selection     = 231 on 24      ; the name of the selected row
 *     selection.row = default        ; the rest of that row
 *
 * A colour is default, black, red, green, yellow, blue, magenta, cyan, white, bright-… or 0-255;
 * "on COLOUR" is the background; bold, underline and reverse may follow. Nothing here knows a
 * terminal: term_curses.c turns styles into what it has. */
#ifndef TUI_THEME_THEME_H
#define TUI_THEME_THEME_H

#include <stdbool.h>
#include "net/base/err.h"
#include "net/base/str.h"

enum role {
#define X(name, text) ROLE_##name,
#include "tui/theme/role.def"
#undef X
    ROLE_COUNT
};

/* How much of the selection lies on a cell. */
enum selection { SELECTION_NONE, SELECTION_ROW, SELECTION_NAME, SELECTION_COUNT };

struct style {
    int foreground, background;     /* 0-255, or -1: the terminal's own */
    bool is_bold, is_underlined, is_reversed;
};

struct theme {
    struct style styles[ROLE_COUNT];
    struct style selection[SELECTION_COUNT];    /* the first is not used */
};

/* The theme that is built in: themes/default.theme. */
void theme_default(struct theme *t);
/* Roles that the text does not name keep what they had. A text cannot inherit: only a file has
 * a folder. On an error *t is as it was. */
enum err theme_parse(struct str text, const char *origin, struct theme *t, struct diag *d)
    MUST_USE;
enum err theme_read_file(const char *path, struct theme *t, struct diag *d) MUST_USE;

/* A selected cell has the selection's colours where it names some, else those of its role. */
struct style theme_style(const struct theme *t, enum role role, enum selection selection);

const char *role_name(enum role role);

#endif
