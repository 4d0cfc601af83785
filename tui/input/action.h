/* action: what a key can mean. One table (action.def) makes the enum, the keys, the help, the
 * footer and the manual: a new action is one row there, and a function in the table of a screen
 * (or of ui.c, when it means the same everywhere). Which key means it is in keymap.h. */
#ifndef TUI_INPUT_ACTION_H
#define TUI_INPUT_ACTION_H

#include "tui/input/key.h"

enum action_id {
    DO_NOTHING,
#define X(name, group, keys, footer, help) DO_##name,
#include "tui/input/action.def"
#undef X
    DO_COUNT
};

/* What an action is about: the parts of the help page. */
enum action_group {
    GROUP_MOVE, GROUP_FIND, GROUP_LOOK, GROUP_TIME, GROUP_RUN, GROUP_SCREENS, GROUP_PROGRAM,
    GROUP_COUNT
};

enum { ACTION_NAME_MAX = 24 };

struct action_text {
    enum action_group group;
    const char *keys, *footer, *help;
};

const struct action_text *action_text_of(enum action_id id);
const char *action_group_name(enum action_group group);
/* "page-up": the name in a configuration; DO_NOTHING when there is none. */
const char *action_name(enum action_id id, char out[ACTION_NAME_MAX]);
enum action_id action_named(struct str name);

#endif
