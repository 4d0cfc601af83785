/* key: what a person pressed, apart from any terminal. */
#ifndef TUI_INPUT_KEY_H
#define TUI_INPUT_KEY_H

#include <stdint.h>

enum key_special {
    KEY_NONE,               /* nothing is waiting */
    KEY_CHARACTER,          /* struct key.scalar; control keys are their C0 value */
    KEY_ARROW_UP, KEY_ARROW_DOWN, KEY_ARROW_LEFT, KEY_ARROW_RIGHT,
    KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_TOP, KEY_BOTTOM,
    KEY_RETURN, KEY_ESCAPE, KEY_TAB, KEY_ERASE, KEY_HELP
};

struct key {
    enum key_special special;
    uint32_t scalar;
};

#endif
