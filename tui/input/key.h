/* key: what a person pressed, or did with a mouse, apart from any terminal, and how keys are
 * called. */
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
    KEY_RETURN, KEY_ESCAPE, KEY_TAB, KEY_BACK_TAB, KEY_ERASE, KEY_REMOVE,
    KEY_FUNCTION_1, KEY_FUNCTION_2, KEY_FUNCTION_3, KEY_FUNCTION_4, KEY_FUNCTION_5,
    KEY_FUNCTION_6, KEY_FUNCTION_7, KEY_FUNCTION_8, KEY_FUNCTION_9, KEY_FUNCTION_10,
    KEY_POINTER,            /* struct key.mouse */
    KEY_PASTE,              /* a character of pasted text: never a command */
    KEY_OTHER               /* a key that means nothing here */
};

enum mouse_what { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct mouse {
    enum mouse_what what;
    int button;             /* 0 left, 1 middle, 2 right */
    int x, y;               /* cells, zero-based */
};

struct key {
    enum key_special special;
    uint32_t scalar;        /* 0 but for KEY_CHARACTER and KEY_PASTE */
    struct mouse mouse;
};

bool key_equal(const struct key *a, const struct key *b);   /* of two that are no mouse's */

/* "k", "^B", "PgUp", "↑": false when no key is called so. */
bool key_named(struct str name, struct key *out);
/* Terminals send the same byte for it as for another key: "Enter" for ^M. NULL when not so. */
const char *key_ambiguous(const struct key *k);
/* The name for a terminal that has ASCII only: "Up" for "↑". */
struct str key_name_ascii(struct str name);

#endif
