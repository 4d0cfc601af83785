/* hits: what lies where on the last frame, for a mouse.
 *
 * Whoever paints something that can be pointed at says so with the same box, so that a click
 * meets what is seen. What is painted later lies on top. Beyond HITS_MAX nothing more is kept:
 * that much is not on any screen. */
#ifndef TUI_VIEW_HITS_H
#define TUI_VIEW_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include "tui/view/cells.h"

enum { HITS_MAX = 1024 };

enum hit_kind {
    HIT_NOTHING,
    HIT_PANE,                   /* value: enum pane */
    HIT_ROW,                    /* value: its place among what is listed */
    HIT_COLUMN,                 /* the head of one; value: the screen's own */
    HIT_ACTION,                 /* value: enum action_id */
    HIT_PLACE,                  /* value: how deep in the stack of screens */
    HIT_DIVIDER_DETAIL,         /* the line left of the detail */
    HIT_DIVIDER_TREE            /* the rule under the tree */
};

struct hit {
    struct box box;
    enum hit_kind kind;
    size_t value;
};

struct hits {
    struct hit hit[HITS_MAX];
    size_t count;
    int width, height;          /* of what is painted: nothing lies outside */
};

void hits_begin(struct hits *h, int width, int height);
void hits_clear(struct hits *h);        /* what lies below something new is gone */
void hits_add(struct hits *h, struct box box, enum hit_kind kind, size_t value);
/* The topmost there; HIT_NOTHING when there is none. */
struct hit hits_at(const struct hits *h, int x, int y);
/* The topmost of this kind there. */
struct hit hits_of_kind_at(const struct hits *h, enum hit_kind kind, int x, int y);

#endif
