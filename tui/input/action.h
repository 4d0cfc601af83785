/* action: what a key means. One table (action.def) makes the enum, the keys, the help and the
 * footer: a new action is one row there, and a case where the compiler asks for it. */
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
    GROUP_MOVE, GROUP_LOOK, GROUP_TIME, GROUP_RUN, GROUP_SCREENS, GROUP_PROGRAM,
    GROUP_COUNT
};

struct action_text {
    enum action_group group;
    const char *keys, *footer, *help;
};

enum action_id action_of_key(const struct key *k);
const struct action_text *action_text_of(enum action_id id);
const char *action_group_name(enum action_group group);

#endif
