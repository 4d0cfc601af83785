/* themes: where theme files are, and one that is followed while it is written.
 *
 * A theme is named by a path, or by a word: then NAME.theme is looked for in the person's own
 * folder ($XDG_CONFIG_HOME/neartop/themes, or ~/.config/…), beside the program and where it was
 * installed. Following costs nothing while no file changes. */
#ifndef TUI_APP_THEMES_H
#define TUI_APP_THEMES_H

#include "net/loop.h"
#include "tui/theme/theme.h"

enum { THEMES_PATH_MAX = 512 };

/* ERR_NOT_FOUND tells where it was looked for. A path is taken as it is. */
enum err themes_find(const char *name, char out[THEMES_PATH_MAX], struct diag *d) MUST_USE;

struct themes_watch;
typedef void (*themes_fn)(void *context);
/* Calls when one of the files, or one of their names in their folder, has changed. NULL where
 * files cannot be watched: then nothing is followed. */
struct themes_watch *themes_watch_new(struct loop *loop, const struct theme_files *files,
                                      themes_fn changed, void *context);
void themes_watch_close(struct themes_watch *take_w);       /* NULL is fine */

/* neartop --check-theme FILE: prints what is wrong. Returns the exit status: 0 when nothing is,
 * 78 otherwise. */
int themes_check(const char *name);

#endif
