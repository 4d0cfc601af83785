/* unit: what a terminal sends, piece by piece, put together to keys: sequences of the other form
 * than terminfo says, reports of a mouse that come in parts, pasted text.
 *
 * Knows no terminal and no library: whoever has one gives the pieces, and takes one back. */
#ifndef TUI_TERM_UNIT_H
#define TUI_TERM_UNIT_H

#include "tui/input/key.h"
#include "tui/term/report.h"

enum unit_kind {
    UNIT_NONE,                      /* nothing is waiting */
    UNIT_TEXT,                      /* a character, controls too: scalar */
    UNIT_KEY,                       /* a key that the library knows: special */
    UNIT_MOUSE,                     /* "ESC [ <": the rest of a report follows as text */
    UNIT_PASTE, UNIT_PASTE_END
};

struct unit {
    enum unit_kind kind;
    uint32_t scalar;
    enum key_special special;
};

struct units {
    struct unit (*next)(void);
    bool (*put_back)(uint32_t scalar);      /* the next one is this again; false: cannot be */
    bool is_pasting, is_reporting;
    char report[REPORT_MAX];                /* of the mouse, as far as it has come */
    size_t report_size;
    unsigned long keys;                     /* made so far; pasted text is none */
};

/* KEY_NONE when nothing is waiting. */
struct key units_key(struct units *u);
/* What had begun will not go on. */
void units_forget(struct units *u);

#endif
