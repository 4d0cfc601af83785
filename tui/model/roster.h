/* roster: the calls of a store as a list: those that a filter lets through, in some order, with
 * totals, and for each the run of the same method before it.
 *
 * Made anew when the store has changed, which costs a look at every call; between that it is
 * read. Rows borrow from the store until its next change. */
#ifndef TUI_MODEL_ROSTER_H
#define TUI_MODEL_ROSTER_H

#include "net/base/arena.h"
#include "tui/model/pick.h"

enum roster_sort {
    ROSTER_AGE,                         /* the newest first */
    ROSTER_CONTRACT, ROSTER_METHOD,     /* by the alphabet */
    ROSTER_VERDICT,                     /* the worst first */
    ROSTER_GAS, ROSTER_TIME,            /* the most first */
    ROSTER_SORTS
};

struct roster_row {
    struct call *call;
    const struct verdict *verdict;
    size_t arrival;                     /* its place in roster.all */
    ptrdiff_t previous;                 /* in roster.all: the run before it of the same method of
                                         * the same contract; -1: this is the first */
    struct str word;                    /* what it is sorted by: the smaller word first, */
    uint64_t number;                    /* then the larger number */
};

struct roster {
    struct pick filter;                 /* roster_set */
    enum roster_sort sort;
    bool is_reversed;

    struct roster_row *all;             /* in order of arrival; owned */
    size_t all_count, all_room;
    struct roster_row *row;             /* what is shown; owned */
    size_t count, room;
    size_t by_verdict[VERDICT_UNKNOWN + 1];     /* of all */
    uint64_t gas_burnt;                 /* of all */

    struct arena words;
    const struct store *store;          /* what all this was made of */
    uint64_t generation;
    bool is_changed;
};

void roster_init(struct roster *r);
void roster_release(struct roster *r);
void roster_set(struct roster *r, const struct pick *filter, enum roster_sort sort,
                bool is_reversed);
/* Has to come before any use in a frame. Cheap when nothing changed. */
void roster_update(struct roster *r, struct store *s);
/* The row of that call, or -1. */
ptrdiff_t roster_find(const struct roster *r, const struct hash *tx);

const char *roster_sort_name(enum roster_sort sort);    /* "age" */

/* The single function call that a transaction is, or NULL. */
const struct action *call_method(const struct call *c);

#endif
