#include "tui/input/key.h"

#include "net/base/utf8.h"

static const struct {
    const char *name, *ascii;
    enum key_special special;
} names[] = {
    {"↑", "Up", KEY_ARROW_UP},          {"↓", "Down", KEY_ARROW_DOWN},
    {"←", "Left", KEY_ARROW_LEFT},      {"→", "Right", KEY_ARROW_RIGHT},
    {"PgUp", "PgUp", KEY_PAGE_UP},      {"PgDn", "PgDn", KEY_PAGE_DOWN},
    {"Home", "Home", KEY_TOP},          {"End", "End", KEY_BOTTOM},
    {"Enter", "Enter", KEY_RETURN},     {"Esc", "Esc", KEY_ESCAPE},
    {"Tab", "Tab", KEY_TAB},            {"Backspace", "Backspace", KEY_ERASE},
    {"S-Tab", "S-Tab", KEY_BACK_TAB},   {"Del", "Del", KEY_REMOVE},
    {"F1", "F1", KEY_FUNCTION_1},       {"F2", "F2", KEY_FUNCTION_2},
    {"F3", "F3", KEY_FUNCTION_3},       {"F4", "F4", KEY_FUNCTION_4},
    {"F5", "F5", KEY_FUNCTION_5},       {"F6", "F6", KEY_FUNCTION_6},
    {"F7", "F7", KEY_FUNCTION_7},       {"F8", "F8", KEY_FUNCTION_8},
    {"F9", "F9", KEY_FUNCTION_9},       {"F10", "F10", KEY_FUNCTION_10},
};

bool
key_equal(const struct key *a, const struct key *b)
{
    return a->special == b->special && a->scalar == b->scalar;
}

bool
key_named(struct str name, struct key *out)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_equal_c(name, names[i].name) || str_equal_c(name, names[i].ascii)) {
            *out = (struct key){.special = names[i].special};
            return true;
        }
    }
    if (str_equal_c(name, "Space")) {
        *out = (struct key){.special = KEY_CHARACTER, .scalar = ' '};
        return true;
    }
    if (name.n == 2 && name.p[0] == '^' && name.p[1] >= '@' && name.p[1] <= '_') {
        *out = (struct key){.special = KEY_CHARACTER, .scalar = (uint32_t)(name.p[1] - '@')};
        return true;
    }
    uint32_t scalar = utf8_take(&name);
    if (scalar <= ' ' || name.n)
        return false;
    *out = (struct key){.special = KEY_CHARACTER, .scalar = scalar};
    return true;
}

const char *
key_ambiguous(const struct key *k)
{
    static const struct {
        uint32_t scalar;
        const char *same;
    } taken[] = {{8, "Backspace"},      {9, "Tab"},     {10, "Enter"},   {13, "Enter"},
                 {27, "Esc"},           {17, "resume"}, {19, "stop"},    {0, "^Space or ^@"}};
    for (size_t i = 0; k->special == KEY_CHARACTER && i < ARRAY_LEN(taken); i++) {
        if (taken[i].scalar == k->scalar)
            return taken[i].same;
    }
    return NULL;
}

struct str
key_name_ascii(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_equal_c(name, names[i].name))
            return str_from(names[i].ascii);
    }
    return name;
}
