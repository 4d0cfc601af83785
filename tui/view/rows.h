/* rows: the receipts that are to be seen, in order, and what a picture needs to know of all of
 * them: the blocks they span, and what happened in which block.
 *
 * One pass over the tree, kept until facts, folding or the call itself change: scrolling and
 * painting then cost what is on the screen, not what is in the tree. Nodes are borrowed from
 * the call; rows_update must come before any use in a frame. */
#ifndef TUI_VIEW_ROWS_H
#define TUI_VIEW_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tui/model/verdict.h"
#include "tui/out/fields.h"
#include "tui/view/folds.h"

enum { MOMENTS_MAX = 256, MOMENT_NODES = 6 };

struct row {
    const struct node *node;
    size_t hidden;              /* receipts below it that are folded away; refunds not counted */
    bool is_context;            /* the filter wants something below it, not it */
    /* When many siblings are one row: `node` is the first of them. */
    size_t group;               /* how many; 0: it is a receipt's own row */
    size_t group_failed, group_open;        /* of them and all below; not run yet */
    uint64_t group_first, group_last;       /* blocks that ran them, when any did */
};

/* What is known of the children of one receipt on the way down. */
struct row_level {
    size_t total, seen;         /* that are to be shown */
    bool is_grouped, is_wanted;
};

/* What ran in one block. */
struct moment {
    uint64_t height, time_ns;
    bool has_time;
    size_t count, failed, refunds;              /* of which refunds are not listed */
    const struct node *node[MOMENT_NODES];      /* the first of them */
    size_t listed;
};

struct rows {
    struct row *row;            /* owned */
    size_t count, room;
    struct row_level *level;    /* owned; by depth */
    size_t level_room;
    bool *keep;                 /* owned; of a filter, by order */
    size_t matched;             /* receipts that the filter wants */
    size_t refunds_hidden;
    bool has_axis;              /* the heights below are known */
    uint64_t first, last;       /* blocks in which something of the call happened */
    bool is_open;               /* something has not run yet */
    struct moment *moment;      /* owned; by height. The first MOMENTS_MAX blocks there are */
    size_t moment_count;
    const struct node *gas_first[GAS_IDLE + 1];     /* by use: the first that it is true of */

    struct arena result;        /* owned: the fields of the call's result, … */
    struct field *field;
    size_t field_count, field_all;      /* … of which the first are taken apart */

    const struct call *call;    /* what all this was made of */
    struct hash tx;
    uint64_t facts, chain;
    unsigned folds;
    size_t found;               /* where the last one looked for was */
};

void rows_release(struct rows *r);
/* Nodes are borrowed from the call until it changes. */
void rows_update(struct rows *r, const struct folds *folds, const struct call *c);
/* Its place, or -1: it is folded away, or not there. */
ptrdiff_t rows_find(struct rows *r, const struct hash *id);

/* The next sibling that is shown comes somewhere below; false for the root. */
bool row_has_later_sibling(const struct node *n, bool shows_refunds);

/* The summary that tells of this node, as one of many siblings; -1: there is none. */
ptrdiff_t rows_find_group(const struct rows *r, const struct node *n);

#endif
