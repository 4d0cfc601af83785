/* screen: the pictures, and what each of them is made of.
 *
 * A screen is a table of operations. All paint into cells, whatever their size, from a frame
 * alone, and change nothing but what they note of what lies where (f->hits). To add a screen: a
 * file screen_x.c with its operations, and a row in screen.def; a key that goes there is a row
 * in tui/input/action.def.
 *
 * Keys: a screen that takes text asks for them as they are (`key`); all others come as actions,
 * each with a function in the screen's table. What it has none for is looked up in the table
 * of what a key does anywhere (act_anywhere.c).
 *
 * One rule leads from screen to screen: Enter goes into what is selected and Esc comes back,
 * numbers choose one, Tab goes to the next pane or, where a screen has one pane only, to the next
 * screen. How they lie on each other is in screen.def. */
#ifndef TUI_VIEW_SCREEN_H
#define TUI_VIEW_SCREEN_H

#include "net/base/buf.h"
#include "tui/view/ui.h"

/* Everything that a picture is painted from. Lives as long as the painting. */
struct frame {
    const struct ui *ui;
    const struct snapshot *s;
    const struct call *call;            /* NULL: none yet */
    const struct verdict *verdict;      /* NULL only without a call */
    const struct rows *rows;
    const struct node *selected;        /* NULL: there is no receipt yet */
    size_t selected_row;                /* its place in rows, or that of the nearest above it */
    struct hits *hits;                  /* what lies where; never NULL */
};

typedef enum ui_effect (*screen_act_fn)(struct ui *ui, const struct frame *f);

struct screen_ops {
    const char *name;                   /* its crumb */
    const enum action_id *footer;       /* in order of importance; ends with DO_NOTHING */
    bool lists_runs;                    /* what is run from here is seen here: one stays */
    size_t state_size;                  /* of its own state, see screen_state; 0: none */
    /* All that follow may be NULL. */
    void (*open)(struct ui *ui);        /* it comes on top, new */
    void (*release)(void *state);       /* what its state owns; the state itself is ours */
    void (*title)(struct buf *out, const struct frame *f);  /* instead of its name */
    void (*let_go)(void *state);        /* of what it has borrowed from the store */
    /* When the youngest thing was seen whose age is told; 0: there is none. */
    int64_t (*youngest)(const struct frame *f);
    /* Of a screen that is one text, which can be searched: where it stands on a screen of that
     * size, and its lines from `skip` on, painted into a box as wide (and of any height). */
    struct box (*text_box)(const struct frame *f, int width, int height);
    void (*text)(struct cells *c, struct box b, const struct frame *f, int skip);
    /* Adapts what is scrolled to the size. */
    void (*layout)(struct ui *ui, const struct frame *f, int width, int height);
    void (*paint)(struct cells *c, const struct frame *f);  /* not NULL */
    const screen_act_fn *acts;          /* by action; DO_COUNT of them, or NULL */
    const screen_act_fn *else_acts;     /* the same, for what acts has none for */
    /* A key as it came. True when it was used; *effect is then what follows. */
    bool (*key)(struct ui *ui, const struct frame *f, const struct key *k,
                enum ui_effect *effect);
    /* The prompt has this text now; is_done: it was accepted. NULL: nothing can be asked here, but
     * what to look for in a text. */
    enum ui_effect (*ask)(struct ui *ui, const struct frame *f, struct str text, bool is_done,
                          struct prompt_answer *answer);
    /* Something was pointed at: the row `value` of a list was clicked, and perhaps twice. */
    enum ui_effect (*click)(struct ui *ui, const struct frame *f, size_t value, bool is_double);
    /* The head of a column was clicked (HIT_COLUMN). */
    enum ui_effect (*column)(struct ui *ui, const struct frame *f, size_t value);
};

#define X(name, operations, action, place) extern const struct screen_ops operations;
#include "tui/view/screen.def"
#undef X

const struct screen_ops *screen_of(enum ui_screen screen);

/* What an action does on the screen that is seen. */
enum ui_effect screen_act(struct ui *ui, const struct frame *f, enum action_id action);
extern const screen_act_fn anywhere_acts[DO_COUNT];     /* act_anywhere.c */

/* place.c: the screen that an action leads to, or UI_SCREEN_COUNT; and the action that leads to
 * the next one in the order of Tab (step 1), or to the one before (-1). */
enum ui_screen screen_by_action(enum action_id action);
enum action_id screen_beside(const struct ui *ui, int step);

/* A screen's own state: state_size bytes that were zero at first and live as long as the ui. */
void *screen_state(struct ui *ui, enum ui_screen screen);

/* The same by a frame, to be painted from; NULL when the screen was never opened. */
const void *screen_state_seen(const struct frame *f, enum ui_screen screen);

/* act_text.c: what a screen that is one text does with keys: moves by lines, finds. */
extern const screen_act_fn text_acts[DO_COUNT];
bool text_scroll(struct ui_scroll *scroll, enum action_id action, int page);
/* For its layout: it has so many lines, of which so many are seen. */
void text_adapt(struct ui *ui, int lines, int room);
/* What to look for in it, as `ask` above. */
enum ui_effect text_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
                        struct prompt_answer *answer);

/* Opens a prompt on the screen that is seen, if that can be asked. */
enum ui_effect screen_ask(struct ui *ui, const struct frame *f, enum prompt_kind kind,
                          struct str text);

/* A call into the clipboard: as text, or the address of its page. */
enum ui_effect screen_copy_tree(struct ui *ui, const struct frame *f, struct call *call);
enum ui_effect screen_copy_link(struct ui *ui, const struct frame *f, const struct call *call);

/* ask_watch.c: the prompt for a transaction, whatever the screen. */
enum ui_effect watch_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
                         struct prompt_answer *answer);

/* mouse.c: wheel, clicks, drags of dividers. */
enum ui_effect ui_mouse(struct ui *ui, const struct frame *f, const struct mouse *m);

#endif
