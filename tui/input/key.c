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
    {"F1", "F1", KEY_FUNCTION_1},
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
        if (str_equal_c(name, names[i].name)) {
            *out = (struct key){.special = names[i].special};
            return true;
        }
    }
    if (str_equal_c(name, "Space")) {
        *out = (struct key){KEY_CHARACTER, ' '};
        return true;
    }
    if (name.n == 2 && name.p[0] == '^' && name.p[1] >= '@' && name.p[1] <= '_') {
        *out = (struct key){KEY_CHARACTER, (uint32_t)(name.p[1] - '@')};
        return true;
    }
    uint32_t scalar = utf8_take(&name);
    if (scalar <= ' ' || name.n)
        return false;
    *out = (struct key){KEY_CHARACTER, scalar};
    return true;
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
