/* theme: from roles to colours, read from files of "role = colour attributes".
 *
 *     [theme]
 *     inherit    = light             ; another file of the same folder, first of all
 *     background = light             ; what it is made for: dark, light, or any (not given)
 *     [roles]
 *     status.failed = red bold
 *     rule          = 244            ; 256 colours: taken down where there are fewer
 *     title         = #1e66f5        ; where the terminal has them, else the nearest of 256
 *     selection     = 231 on 24      ; the name of the selected row
 *     selection.row = default        ; the rest of that row
 *
 * A colour is default, black, red, green, yellow, blue, magenta, cyan, white, bright-…, 0-255 or
 * #rrggbb; "on COLOUR" is the background; bold, underline and reverse may follow. Nothing here
 * knows a terminal: term_curses.c turns styles into what it has. */
#ifndef TUI_THEME_THEME_H
#define TUI_THEME_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "tui/theme/depth.h"

enum role {
#define X(name, text, need) ROLE_##name,
#include "tui/theme/role.def"
#undef X
    ROLE_COUNT
};

/* How much of the selection lies on a cell. */
enum selection { SELECTION_NONE, SELECTION_ROW, SELECTION_NAME, SELECTION_COUNT };

/* What lies behind a theme that leaves the terminal its own background. */
enum theme_background { BACKGROUND_ANY, BACKGROUND_DARK, BACKGROUND_LIGHT };

struct style {
    int foreground, background;     /* colours as of depth.h */
    bool is_bold, is_underlined, is_reversed;
};

struct theme {
    struct style styles[ROLE_COUNT];
    struct style selection[SELECTION_COUNT];    /* the first is not used */
    enum theme_background background;
};

/* The theme that is built in: themes/default.theme. */
void theme_default(struct theme *t);
/* Roles that the text does not name keep what they had. A text cannot inherit: only a file has
 * a folder. On an error *t is as it was. */
enum err theme_parse(struct str text, const char *origin, struct theme *t, struct diag *d)
    MUST_USE;
enum err theme_read_file(const char *path, struct theme *t, struct diag *d) MUST_USE;

/* The same, and which files it was made of: for whoever has to know when one of them changes. */
enum { THEME_FILES_MAX = 4 };
struct theme_files {
    char path[THEME_FILES_MAX][512];
    size_t count;
};
enum err theme_read_files(const char *path, struct theme *t, struct theme_files *files,
                          struct diag *d) MUST_USE;

/* Told of each thing that is wrong with a file: the line, or 0 when no line is to blame. */
typedef void (*theme_report_fn)(void *context, const char *path, int line, const char *text);
/* Everything that is wrong, and what cannot be told from its background; returns how much. */
size_t theme_check(const char *path, theme_report_fn report, void *context);

/* A selected cell has the selection's colours where it names some, else those of its role. */
struct style theme_style(const struct theme *t, enum role role, enum selection selection);

const char *role_name(enum role role);

#endif
