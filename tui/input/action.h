/* action: what a key means. One table (action.def) makes the enum, the help and the footer. */
#ifndef TUI_INPUT_ACTION_H
#define TUI_INPUT_ACTION_H

#include "tui/input/key.h"

enum action_id {
    DO_NOTHING,
#define X(name, keys, footer, help) DO_##name,
#include "tui/input/action.def"
#undef X
    DO_COUNT
};

struct action_text {
    const char *keys, *footer, *help;
};

enum action_id action_of_key(const struct key *k);
const struct action_text *action_text_of(enum action_id id);

#endif
