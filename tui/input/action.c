#include "tui/input/action.h"

#include <stdio.h>

static const struct action_text texts[DO_COUNT] = {
    [DO_NOTHING] = {GROUP_PROGRAM, "", "", ""},
#define X(name, group, keys, footer, help) [DO_##name] = {GROUP_##group, keys, footer, help},
#include "tui/input/action.def"
#undef X
};

static const char *const names[DO_COUNT] = {
    [DO_NOTHING] = "",
#define X(name, group, keys, footer, help) [DO_##name] = #name,
#include "tui/input/action.def"
#undef X
};

const struct action_text *
action_text_of(enum action_id id)
{
    return &texts[id];
}

const char *
action_group_name(enum action_group group)
{
    static const char *const groups[GROUP_COUNT] = {"moving",  "finding", "looking", "time",
                                                    "running", "screens", "the program"};
    return groups[group];
}

const char *
action_name(enum action_id id, char out[ACTION_NAME_MAX])
{
    size_t i = 0;
    for (const char *p = names[id]; *p && i + 1 < ACTION_NAME_MAX; p++)
        out[i++] = *p == '_' ? '-' : (char)(*p - 'A' + 'a');
    out[i] = '\0';
    return out;
}

enum action_id
action_named(struct str name)
{
    char text[ACTION_NAME_MAX];
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        if (str_equal_c(name, action_name((enum action_id)id, text)))
            return (enum action_id)id;
    }
    return DO_NOTHING;
}
