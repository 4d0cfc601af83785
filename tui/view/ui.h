/* ui: what a person has done to the picture: where they are, what is selected, what is folded.
 *
 * Kept apart from the facts: ids, not pointers, so that a selection survives whatever the tree
 * does. Screens lie on a stack; what is seen is the topmost one (screen.h). ui_key and ui_act
 * change it by keys and mouse; ui_paint adapts scrolling to the size of the screen, notes what
 * lies where, and changes nothing else. What has to happen elsewhere (send again, quit) comes
 * back as an effect. Owns the list of rows it keeps between frames, what was looked for and
 * asked, and the screens' own state: ui_release. */
#ifndef TUI_VIEW_UI_H
#define TUI_VIEW_UI_H

#include <stdbool.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "tui/input/keymap.h"
#include "tui/view/cells.h"
#include "tui/view/hits.h"
#include "tui/view/layout.h"
#include "tui/view/prompt.h"
#include "tui/view/rows.h"
#include "tui/view/search.h"
#include "tui/view/snapshot.h"
#include "tui/view/text_search.h"

enum { UI_MAX_DEEP = 8, UI_TOLD_MAX = 96, UI_ASKED_MAX = LINE_MAX_BYTES + 1, UI_COPY_MAX = 256 * 1024 };

enum ui_screen {
#define X(name, operations, action, place) UI_##name,
#include "tui/view/screen.def"
#undef X
    UI_SCREEN_COUNT
};

#define TIME_NEWEST UINT64_MAX

enum ui_gas { UI_GAS_BURNT, UI_GAS_PASSED_ON, UI_GAS_GIVEN_BACK, UI_GAS_COUNT };

/* A screen on the stack, and how far it was scrolled when another came on top. */
struct ui_place {
    enum ui_screen screen;
    int text_top;
};

/* Text that is scrolled: the first visible line, and how far it can go (of the last frame). */
struct ui_scroll {
    int top, over;
};

/* How many lines there are of a receipt at some width: counted once. */
struct ui_lines {
    struct hash id;
    uint64_t generation;            /* of the store */
    int width, count;
    bool is_whole;
};

struct ui {
    struct ui_place stack[UI_MAX_DEEP];
    int depth;                      /* stack[depth] is what is seen */
    struct hash looked_at;          /* a call of the store; zero: the one that is followed */
    struct hash selected;           /* receipt; zero: the first one */
    bool has_moved;                 /* a person has chosen where to look */
    struct folds folds;             /* and whether refunds are shown */
    bool shows_ms, is_paused;
    bool is_teaching;               /* the call screen tells what happens (teach.h) */
    uint64_t time_last;             /* the timeline's last block as moved there; 0: as it fits,
                                     * TIME_NEWEST: the newest */
    int time_zoom;                  /* steps wider or, below 0, narrower than fits */
    enum ui_gas gas;                /* what the columns of gas tell */
    size_t branch, fault;           /* chosen in the menu: places in the snapshot's lists */
    enum pane focus;                /* of the call screen; PANE_NONE: the tree */
    bool is_zoomed;
    enum detail_place detail;
    bool is_wide;                   /* the last frame had the detail beside the tree, or could */
    int split, tree_height;         /* dividers as dragged; 0: as they fit (layout.h) */

    /* Of the last frame; by the screens' layout. */
    int top;                        /* first visible row of the tree */
    int page;                       /* how many rows the tree, or the text, has */
    int lines;                      /* of the text, seen or not */
    int tree_y;                     /* where the tree's pane begins */
    int time_width;                 /* cells of its timeline; 0: none */
    struct ui_scroll text;          /* of a screen that is one text */
    struct ui_scroll scroll[PANE_COUNT];
    struct ui_lines receipt_lines;
    struct rows rows;
    struct hits hits;
    struct search search;
    struct text_search looked_for;  /* in a screen that is one text */
    struct prompt prompt;
    struct hash origin;             /* what was selected when the prompt came */
    struct keymap keymap;
    struct buf copied;              /* owned */
    bool has_no_mouse;
    char asked[UI_ASKED_MAX];       /* what was answered to a prompt that leaves the picture */
    char told[UI_TOLD_MAX];         /* what the last key did, when nothing else shows it */

    enum hit_kind dragged;          /* a divider under a pressed button */
    int64_t clicked_ns;             /* of the last click, for the second one; 0: none */
    int clicked_x, clicked_y;

    void *state[UI_SCREEN_COUNT];   /* the screens' own, owned: screen_state */
};

enum ui_effect {
    UI_NOTHING,
    UI_REPAINT,
    UI_AGAIN,                       /* the call that is looked at */
    UI_SEQUENTIAL, UI_BATCH, UI_DEMO,
    UI_SEND,                        /* the form (form.h) */
    UI_WATCH,                       /* ui.asked is what is to be followed */
    UI_FAIL_BRANCH,                 /* ui.branch is to have ui.fault, then the call runs */
    UI_HOLD,                        /* ui.is_paused has changed */
    UI_COPY,                        /* ui.copied goes into the clipboard */
    UI_MOUSE,                       /* ui.has_no_mouse has changed */
    UI_REDRAW, UI_SUSPEND, UI_QUIT
};

/* Begins at the first screen; ui_begin on another one. */
void ui_init(struct ui *ui);
void ui_begin(struct ui *ui, enum ui_screen screen);
void ui_release(struct ui *ui);
/* Another call is to be seen: forgets what was about the one before. */
void ui_forget(struct ui *ui);

enum ui_effect ui_key(struct ui *ui, const struct snapshot *s, const struct key *k);
enum ui_effect ui_act(struct ui *ui, const struct snapshot *s, enum action_id action);

/* The store that was seen goes away, or another takes its place: nothing of it is kept. */
void ui_let_go(struct ui *ui);

/* The age of the youngest thing whose age is seen, or -1: the picture does not change by itself. */
int64_t ui_youngest_ns(struct ui *ui, const struct snapshot *s);

/* Paints one frame. */
void ui_paint(struct cells *c, struct ui *ui, const struct snapshot *s);

/* To a screen, as screen.def says what it lies on; to one that is in the stack by taking away
 * what lies on it. */
void ui_go(struct ui *ui, enum ui_screen screen);
void ui_back(struct ui *ui);            /* to the one below; on the lowest nothing happens */

#endif
