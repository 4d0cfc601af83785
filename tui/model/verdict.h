/* verdict: how a call went, honestly: the callback's word, and what it does not say.
 *
 * "Branch failed" is the case that others hide: the call succeeded, a receipt beside it did
 * not. Figures: gas and tokens count what was charged; refund receipts show gas but cost
 * nothing and are left out. Blocks and milliseconds run from the first receipt's block to that
 * of the last receipt that is no refund, by the blocks' own heights and timestamps.
 *
 * The sequential estimate says how many blocks the same branches would take one after another:
 * for each join of two or more, the blocks until each branch's result was there, and one more
 * for a callback, are summed, in place of the blocks that the join took. Measured on a real
 * node, three branches: 2 blocks in parallel, 6 one after another; the rule gives 6. */
#ifndef TUI_MODEL_VERDICT_H
#define TUI_MODEL_VERDICT_H

#include "tui/model/store.h"

enum verdict_kind {
    VERDICT_RUNNING,            /* not all is known yet */
    VERDICT_OK,
    VERDICT_BRANCH_FAILED,      /* the call succeeded, a receipt did not */
    VERDICT_FAILED,             /* the call did not succeed, or was refused */
    VERDICT_UNKNOWN             /* all is over, but something cannot be had */
};

struct verdict {
    enum verdict_kind kind;
    bool has_result;                    /* the result chain has ended */
    const struct node *result;          /* the receipt whose outcome is the call's, or the
                                         * transaction's node when it failed before any */
    bool is_complete;                   /* every receipt's outcome is known */
    bool is_final;                      /* … and final */
    size_t receipts, known;             /* named so far; with an outcome */
    size_t holes;                       /* cannot be had */
    size_t untold;                      /* they have run, and what they are cannot be had */
    size_t untimed;                     /* they have run, and in which block's time cannot be had */
    size_t named;                       /* by a parent, and nothing more is known */
    size_t branches, branches_done, branches_failed;
    size_t failed;                      /* receipts that failed, refunds included */
    size_t refunds;
    const struct node *first_failed;    /* the likely cause: of a call that failed, what its
                                         * result waited for; else the first in order. It has no
                                         * failed receipt below */
    uint64_t gas_burnt;                 /* charged */
    struct amount tokens_burnt, tokens_refunded;
    bool has_blocks, has_ms;
    uint64_t blocks;
    double ms;
    uint64_t sequential_blocks;         /* estimate; valid with has_blocks */
    const struct node **critical;       /* from the call to the last to run, in order of time */
    size_t critical_count;
    const struct node *straggler;       /* the branch that the others waited for, or NULL: its
                                         * result came a block or more after all others */
};

const struct verdict *call_verdict(struct store *s, struct call *c);   /* never NULL */

/* What a receipt made of the gas that was attached to it; for those that passed none on. */
enum gas_use {
    GAS_FITS,               /* or cannot be said */
    GAS_SHORT,              /* burnt over 90 %: the next call may not get through */
    GAS_IDLE                /* went well on under 10 %: less would do */
};
enum gas_use node_gas_use(const struct node *n);

#endif
