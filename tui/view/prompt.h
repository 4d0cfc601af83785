/* prompt: the line at the bottom that asks for text: what to look for, what to show alone, where
 * to go. Whoever is asked (screen_ops.ask) hears of the text at every key, and once more when it
 * is done; what is wrong with it is said beside it, and the place marked. */
#ifndef TUI_VIEW_PROMPT_H
#define TUI_VIEW_PROMPT_H

#include <stdbool.h>
#include "net/base/err.h"
#include "tui/input/line.h"
#include "tui/view/cells.h"

enum prompt_kind { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_GOTO,
                   PROMPT_WATCH,    /* asked on any screen */
                   PROMPT_COUNT };

/* What is answered. */
struct prompt_answer {
    bool is_wrong;
    size_t column;              /* the byte of the text that is */
    char text[DIAG_MAX];        /* why; or, when it is not wrong, what it finds: "3 of 12" */
};

struct prompt {
    enum prompt_kind kind;      /* PROMPT_NONE: there is none now */
    struct line line;
    struct line_history history[PROMPT_COUNT];  /* owned */
    struct prompt_answer answer;
};

void prompt_open(struct prompt *p, enum prompt_kind kind, struct str text);
void prompt_release(struct prompt *p);
/* Over the last row. */
void prompt_paint(struct cells *c, const struct prompt *p);
/* A line of text with its cursor, as much of it as fits; the byte `wrong` of it is marked unless
 * it is SIZE_MAX. Used by forms, too. */
void line_paint(struct cells *c, struct box b, const struct line *l, bool has_cursor, size_t wrong);
/* The byte that stands in a column of such a box, or the end of the line. */
size_t line_byte_at(const struct line *l, int width, int column);

#endif
