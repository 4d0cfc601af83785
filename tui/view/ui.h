/* ui: what a person has done to the picture: where they are, what is selected, what is folded.
 *
 * Kept apart from the facts: ids, not pointers, so that a selection survives whatever the tree
 * does. Painting reads it; only ui_act changes it. What has to happen elsewhere (send again,
 * quit) comes back as an effect. */
#ifndef TUI_VIEW_UI_H
#define TUI_VIEW_UI_H

#include <stdbool.h>
#include "net/base/err.h"
#include "tui/input/action.h"
#include "tui/model/verdict.h"
#include "tui/view/cells.h"

enum { UI_MAX_FOLDED = 256 };

enum ui_screen { UI_CALL, UI_RECEIPT, UI_HELP };

struct ui {
    enum ui_screen screen;
    struct hash selected;           /* receipt; zero: the first one */
    struct hash folded[UI_MAX_FOLDED];
    size_t folded_count;
    int scroll;                     /* first visible row of the tree */
    int text_scroll;                /* of the receipt and help screens */
    bool shows_refunds, shows_ms, is_paused, has_moved;
    int fault;                      /* next branch that `f` makes fail */
};

/* What the front has to know beside the store, for one frame. */
struct snapshot {
    struct store *store;            /* borrowed; only derived data is touched */
    struct call *call;              /* NULL: nothing was sent yet */
    const char *network;            /* "demo" */
    bool is_embedded;               /* faults can be set */
    int64_t now_ns;                 /* monotonic */
    const char *trouble;            /* a sentence, or empty */
    const char *note;               /* what is going on before there is a call */
    uint64_t missed;                /* events since the pause */
};

enum ui_effect { UI_NOTHING, UI_REPAINT, UI_AGAIN, UI_SEQUENTIAL, UI_BATCH, UI_FAIL_BRANCH, UI_REDRAW,
                 UI_SUSPEND, UI_QUIT };

void ui_init(struct ui *ui);
enum ui_effect ui_act(struct ui *ui, const struct snapshot *s, enum action_id action);
bool ui_is_folded(const struct ui *ui, const struct hash *id);

/* Receipts that are to be seen, in order; in the call's derived arena's order. Returns how many
 * were put into out, `max` at most; *refunds_hidden counts what was left out for being one. */
size_t ui_visible(const struct ui *ui, const struct call *c, const struct node **out, size_t max,
                  size_t *refunds_hidden);

/* Paints one frame. */
void ui_paint(struct cells *c, const struct ui *ui, const struct snapshot *s);

#endif
