#include "tui/input/action.h"

static const struct action_text texts[DO_COUNT] = {
    [DO_NOTHING] = {"", "", ""},
#define X(name, keys, footer, help) [DO_##name] = {keys, footer, help},
#include "tui/input/action.def"
#undef X
};

const struct action_text *
action_text_of(enum action_id id)
{
    return &texts[id];
}

enum { CONTROL_B = 2, CONTROL_C = 3, CONTROL_F = 6, CONTROL_L = 12, CONTROL_Z = 26 };

static const struct {
    uint32_t scalar;
    enum action_id action;
} characters[] = {
    {'k', DO_UP},         {'j', DO_DOWN},   {CONTROL_B, DO_PAGE_UP}, {CONTROL_F, DO_PAGE_DOWN},
    {'g', DO_TOP},        {'G', DO_BOTTOM}, {'!', DO_CAUSE},         {' ', DO_FOLD},
    {'R', DO_REFUNDS},    {'r', DO_AGAIN},  {'s', DO_SEQUENTIAL},    {'b', DO_BATCH},
    {'f', DO_FAIL},       {'p', DO_PAUSE},  {'Z', DO_PAUSE},         {'t', DO_CLOCK},
    {'?', DO_HELP},       {'h', DO_HELP},   {CONTROL_L, DO_REDRAW},  {CONTROL_Z, DO_SUSPEND},
    {'q', DO_QUIT},       {'Q', DO_QUIT},   {CONTROL_C, DO_QUIT},
};

enum action_id
action_of_key(const struct key *k)
{
    switch (k->special) {
    case KEY_NONE:
    case KEY_TAB:
    case KEY_ARROW_LEFT:
    case KEY_ARROW_RIGHT: return DO_NOTHING;
    case KEY_ARROW_UP: return DO_UP;
    case KEY_ARROW_DOWN: return DO_DOWN;
    case KEY_PAGE_UP: return DO_PAGE_UP;
    case KEY_PAGE_DOWN: return DO_PAGE_DOWN;
    case KEY_TOP: return DO_TOP;
    case KEY_BOTTOM: return DO_BOTTOM;
    case KEY_RETURN: return DO_INSPECT;
    case KEY_ESCAPE:
    case KEY_ERASE: return DO_BACK;
    case KEY_HELP: return DO_HELP;
    case KEY_CHARACTER: break;
    }
    for (unsigned i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
        if (characters[i].scalar == k->scalar)
            return characters[i].action;
    }
    return DO_NOTHING;
}
