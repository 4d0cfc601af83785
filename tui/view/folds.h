/* folds: which parts of a tree a person wants to see. Ids and numbers, no nodes: it holds while
 * the tree changes. */
#ifndef TUI_VIEW_FOLDS_H
#define TUI_VIEW_FOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include "tui/model/pick.h"

/* Ceilings; what is beyond is not kept. */
enum { FOLDS_MAX = 256, OPENED_MAX = 64 };

enum {
    GROUP_FROM = 16,            /* siblings, from which they are summarised */
    GROUP_HEAD = 8, GROUP_TAIL = 2      /* … all but so many of the first and of the last; on a
                                         * high screen more of both numbers: folds_fit */
};

struct folds {
    struct hash id[FOLDS_MAX];  /* turned around: folded, or not folded below `depth` */
    size_t count;
    struct hash opened[OPENED_MAX];     /* receipts whose children are all shown, however many */
    size_t opened_count;
    int depth;                  /* receipts of this depth and below are folded; 0: none are */
    bool opens_all;
    bool shows_refunds;
    struct pick filter;       /* no terms: all are shown */
    size_t more;                /* of the first siblings, as the screen has room for them */
    unsigned changes;           /* to be counted up with every change */
};

/* For a screen so high. */
void folds_fit(struct folds *f, int height);

bool folds_has(const struct folds *f, const struct node *n);    /* it is folded */
void folds_toggle(struct folds *f, const struct hash *id);
/* All, or all above a depth, are shown. */
void folds_to_depth(struct folds *f, int depth);

bool folds_opened(const struct folds *f, const struct node *parent);
void folds_open(struct folds *f, const struct hash *parent);

/* The node is shown: nothing that hides it stays. */
void folds_reveal(struct folds *f, const struct node *n);

#endif
