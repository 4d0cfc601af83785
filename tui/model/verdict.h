/* verdict: how a call went, honestly: the callback's word, and what it does not say.
 *
 * "Branch failed" is the case that others hide: the call succeeded, a receipt beside it did
 * not. Figures: gas and tokens count what was charged; refund receipts show gas but cost
 * nothing and are left out. Blocks and milliseconds run from the first receipt's block to that
 * of the last receipt that is no refund, by the blocks' own heights and timestamps.
 *
 * The sequential estimate says how many blocks the same branches would take one after another:
 * each join of several branches is replaced by, for every branch, the blocks until its result
 * was there and one more for a callback. Measured on a real node, three branches: 2 blocks in
 * parallel, 6 one after another; the rule gives 6. */
#ifndef TUI_MODEL_VERDICT_H
#define TUI_MODEL_VERDICT_H

#include "tui/model/store.h"

enum verdict_kind {
    VERDICT_RUNNING,            /* not all is known yet */
    VERDICT_OK,
    VERDICT_BRANCH_FAILED,      /* the call succeeded, a receipt did not */
    VERDICT_FAILED,
    VERDICT_UNKNOWN             /* it will not be learnt: refused counts as failed, not here */
};

struct verdict {
    enum verdict_kind kind;
    bool has_result;                    /* the result chain has ended */
    const struct node *result;          /* the receipt whose outcome is the call's */
    bool is_complete;                   /* every receipt's outcome is known */
    bool is_final;                      /* … and final */
    size_t receipts, known;             /* named so far; with an outcome */
    size_t branches, branches_done, branches_failed;
    size_t failed;                      /* receipts that failed, refunds included */
    size_t refunds;
    const struct node *first_failed;    /* the deepest cause: first in depth-first order that has
                                         * no failed receipt below */
    uint64_t gas_burnt;                 /* charged */
    struct amount tokens_burnt, tokens_refunded;
    bool has_blocks, has_ms;
    uint64_t blocks;
    double ms;
    uint64_t sequential_blocks;         /* estimate; valid with has_blocks */
    const struct node **critical;       /* from the call to the last, in order of time */
    size_t critical_count;
    const struct node *straggler;       /* the branch that others waited for, or NULL */
};

const struct verdict *call_verdict(struct store *s, struct call *c);   /* never NULL */

#endif
