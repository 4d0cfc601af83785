/* look: how the screen looks and which keys it knows, from the command line and the settings:
 * the theme, which is followed while its file is written, colours, the mouse, the keymap. */
#ifndef TUI_APP_LOOK_H
#define TUI_APP_LOOK_H

#include "tui/app/config.h"
#include "tui/app/opts.h"
#include "tui/app/themes.h"
#include "tui/term/term.h"

struct look {
    struct theme theme;
    struct keymap keymap;
    struct term_options term;
    char path[THEMES_PATH_MAX];         /* of the theme; empty: the built-in one */
    struct theme_files files;
    struct themes_watch *watch;         /* owned */
};

/* `l` stays where it is: term.theme points into it. */
enum err look_init(struct look *l, const struct opts *o, const struct config *config,
                   struct diag *d) MUST_USE;
/* Calls `changed` when the theme's file was written: then look_reload. */
void look_follow(struct look *l, struct loop *loop, themes_fn changed, void *context);
/* On an error the theme stays as it was. */
enum err look_reload(struct look *l, struct diag *d) MUST_USE;
void look_release(struct look *l);

#endif
