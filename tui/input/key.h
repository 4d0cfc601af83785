/* key: what a person pressed, apart from any terminal, and how keys are called. */
#ifndef TUI_INPUT_KEY_H
#define TUI_INPUT_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/str.h"

enum key_special {
    KEY_NONE,               /* nothing is waiting */
    KEY_CHARACTER,          /* struct key.scalar; control keys are their C0 value */
    KEY_ARROW_UP, KEY_ARROW_DOWN, KEY_ARROW_LEFT, KEY_ARROW_RIGHT,
    KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_TOP, KEY_BOTTOM,
    KEY_RETURN, KEY_ESCAPE, KEY_TAB, KEY_ERASE, KEY_FUNCTION_1,
    KEY_OTHER               /* a key that means nothing here */
};

struct key {
    enum key_special special;
    uint32_t scalar;        /* 0 but for KEY_CHARACTER */
};

bool key_equal(const struct key *a, const struct key *b);

/* "k", "^B", "PgUp", "↑": false when no key is called so. */
bool key_named(struct str name, struct key *out);
/* The name for a terminal that has ASCII only: "Up" for "↑". */
struct str key_name_ascii(struct str name);

#endif
