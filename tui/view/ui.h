/* ui: what a person has done to the picture: where they are, what is selected, what is folded.
 *
 * Kept apart from the facts: ids, not pointers, so that a selection survives whatever the tree
 * does. ui_act changes it by keys; ui_paint adapts scrolling to the size of the screen and
 * changes nothing else. What has to happen elsewhere (send again, quit) comes back as an
 * effect. Owns the list of rows it keeps between frames: ui_release. */
#ifndef TUI_VIEW_UI_H
#define TUI_VIEW_UI_H

#include <stdbool.h>
#include "net/base/err.h"
#include "tui/input/action.h"
#include "tui/view/cells.h"
#include "tui/view/rows.h"
#include "tui/view/snapshot.h"

enum { UI_MAX_DEEP = 4 };

enum ui_screen { UI_CALL, UI_RECEIPT, UI_HELP, UI_FAULT, UI_SCREEN_COUNT };

struct ui {
    enum ui_screen stack[UI_MAX_DEEP];
    int depth;                      /* stack[depth] is what is seen */
    struct hash selected;           /* receipt; zero: the first one */
    bool has_moved;                 /* a person has chosen where to look */
    struct folds folds;             /* and whether refunds are shown */
    bool shows_ms, is_paused;
    uint64_t blocks_back;           /* how far the timeline is behind its newest block */
    size_t branch, fault;           /* chosen in the menu: places in the snapshot's lists */

    /* Of the last frame; by the screens' layout. */
    int top;                        /* first visible row of the tree */
    int page;                       /* how many rows the tree has */
    int text_top, text_over;        /* first visible line of a text; how far it can go */
    struct rows rows;
};

enum ui_effect {
    UI_NOTHING,
    UI_REPAINT,
    UI_AGAIN, UI_SEQUENTIAL, UI_BATCH,
    UI_FAIL_BRANCH,                 /* ui.branch is to have ui.fault, then the call runs */
    UI_REDRAW, UI_SUSPEND, UI_QUIT
};

void ui_init(struct ui *ui);
void ui_release(struct ui *ui);
/* Another call is to be seen: forgets what was about the one before. */
void ui_forget(struct ui *ui);

enum ui_effect ui_act(struct ui *ui, const struct snapshot *s, enum action_id action);

/* Paints one frame. */
void ui_paint(struct cells *c, struct ui *ui, const struct snapshot *s);

/* For the screens: another one on top, and back to the one below. */
void ui_open(struct ui *ui, enum ui_screen screen);
void ui_back(struct ui *ui);

#endif
