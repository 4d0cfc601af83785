/* keymap: which key means which action.
 *
 * Begins as the table (action.def) says; a configuration may give an action other keys:
 *
 *     [keys]
 *     pause    = p F5          ; all the keys it has from now on
 *     batch    = none
 *
 * Keys that terminals cannot tell apart (^I and Tab) are refused. A key that is given to an
 * action leaves the one that had it by default; two actions that are given the same one are an
 * error, and so is a program that no key can end. */
#ifndef TUI_INPUT_KEYMAP_H
#define TUI_INPUT_KEYMAP_H

#include "net/base/buf.h"
#include "net/base/err.h"
#include "tui/input/action.h"

enum { KEYMAP_MAX = 256, KEY_NAME_MAX = 16 };

struct binding {
    struct key key;
    char name[KEY_NAME_MAX];        /* as it was written */
    enum action_id action;
    bool is_chosen;                 /* by a configuration */
};

struct keymap {
    struct binding binding[KEYMAP_MAX];
    size_t count;
};

void keymap_default(struct keymap *m);

/* One line of [keys]: an action's name and its keys with blanks between, or "none". On an error
 * the map is as it was. ERR_NOT_FOUND: no action is called so; ERR_SYNTAX: a key cannot be
 * used; ERR_RANGE: another action was given it, too. */
enum err keymap_parse(struct keymap *m, struct str name, struct str keys, struct diag *d)
    MUST_USE;
/* When all lines are read: what is needed has a key. */
enum err keymap_check(const struct keymap *m, struct diag *d) MUST_USE;
/* A file of its own, with the section [keys] alone. On an error the map is as it was. */
enum err keymap_read_file(struct keymap *m, const char *path, struct diag *d) MUST_USE;

enum action_id keymap_action(const struct keymap *m, const struct key *k);
/* Its keys, a blank between two: "↑ k"; nothing when it has none. */
void keymap_keys(const struct keymap *m, enum action_id action, bool is_ascii, struct buf *out);
/* The first of them; empty when it has none. Borrowed from the map. */
struct str keymap_first_key(const struct keymap *m, enum action_id action, bool is_ascii);

#endif
