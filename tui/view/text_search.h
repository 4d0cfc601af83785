/* text_search: what is looked for in a screen that is one text, and where it stands there.
 *
 * Looked for is what is shown: the lines are painted, those out of sight too, and read again.
 * Small and capital letters are the same. A match may go on in the next row where the text was
 * broken: at a blank, or within a word that filled its row to the end. It holds on the screen
 * where it was asked, until Esc; nothing of the store is kept. */
#ifndef TUI_VIEW_TEXT_SEARCH_H
#define TUI_VIEW_TEXT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/near/crypto.h"
#include "tui/view/cells.h"

/* Of a longer text the first lines are searched, and of more matches the first are kept. */
enum { TEXT_WANTED_MAX = 201, TEXT_MATCHES_MOST = 10000, TEXT_LINES_MOST = 8192,
       TEXT_GLYPHS_MOST = 1 << 20 };

/* A part of a match in one line. */
struct text_hit {
    int line, x, width;             /* from the upper left corner of the text */
    size_t match;                   /* which one, from 0 */
};

/* What the hits were found in. */
struct text_seen {
    uint64_t generation;            /* of the store */
    int64_t now_ns;                 /* of texts that tell ages; else 0 */
    struct hash receipt;            /* zero: none */
    int screen, width, lines;
    bool is_ascii;
};

struct text_search {
    char wanted[TEXT_WANTED_MAX];   /* empty: nothing is looked for */
    int screen;                     /* where: enum ui_screen */
    struct text_hit *hit;           /* in order; owned */
    size_t hit_count, hit_room;
    size_t matches;                 /* TEXT_MATCHES_MOST at most */
    size_t at;                      /* the one that was gone to */
    int from_top;                   /* how far the text was scrolled when it was asked */
    bool is_ascii;                  /* the last picture was */
    struct text_seen seen;
};

void text_search_release(struct text_search *s);
/* Another text is looked for, on that screen. False: it is too long. */
bool text_search_set(struct text_search *s, int screen, struct str wanted);

struct ui;
struct frame;

/* Is there something that is looked for on the screen that is seen? */
bool text_search_is_on(const struct ui *ui);
/* Finds it, for a screen of this size. After the screen's layout. */
void text_search_update(struct ui *ui, const struct frame *f, int width, int height);
/* Marks what is in sight, over the picture. */
void text_search_paint(struct cells *c, const struct ui *ui, const struct frame *f);
/* "receipt  /paused 1 of 3": into the title of the text; nothing when nothing is looked for. */
void text_search_title(struct buf *out, const struct ui *ui);
/* The line in which a match begins. */
int text_search_line(const struct text_search *s, size_t match);

#endif
