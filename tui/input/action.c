#include "tui/input/action.h"

static const struct action_text texts[DO_COUNT] = {
    [DO_NOTHING] = {GROUP_PROGRAM, "", "", ""},
#define X(name, group, keys, footer, help) [DO_##name] = {GROUP_##group, keys, footer, help},
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
    static const char *const names[GROUP_COUNT] = {"moving",  "looking", "time",
                                                    "running", "screens", "the program"};
    return names[group];
}

enum action_id
action_of_key(const struct key *pressed)
{
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        struct str rest = str_from(texts[id].keys), name;
        struct key k;
        while (str_take_until(&rest, ' ', &name)) {
            if (key_named(name, &k) && key_equal(&k, pressed))
                return (enum action_id)id;
        }
    }
    return DO_NOTHING;
}
