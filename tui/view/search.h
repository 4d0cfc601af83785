/* search: the receipts of a call that are looked for, in the order of the tree, folded or not. */
#ifndef TUI_VIEW_SEARCH_H
#define TUI_VIEW_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tui/model/pick.h"

struct search {
    struct pick filter;           /* no terms: nothing is looked for */
    const struct node **match;      /* owned; borrowed from the call */
    size_t count, room;

    const struct call *call;        /* what all this was made of */
    struct hash tx;
    uint64_t facts;
    bool with_refunds;
};

void search_release(struct search *s);
void search_set(struct search *s, const struct pick *filter);
/* Has to come before any use in a frame. Cheap when nothing changed. */
void search_update(struct search *s, const struct call *c, bool with_refunds);
/* The next one behind `from` (step 1) or before it (-1), from the other end when there is none;
 * with step 0 `from` itself counts. NULL: there are none. */
const struct node *search_next(const struct search *s, const struct node *from, int step);
/* Its place among them, from 1; 0: it is none. */
size_t search_rank(const struct search *s, const struct node *n);

#endif
