/* facts: how one call takes in what it is told: every rule by which facts are joined.
 *
 * A join of facts is the same in whatever order they come: gaps are filled, the earlier time of
 * sight stays, a receipt's outcomes are kept one a block until it is clear which block counts.
 * All return true when the fact was news. Private to tui/model. */
#ifndef TUI_MODEL_FACTS_H
#define TUI_MODEL_FACTS_H

#include "tui/model/tree.h"

/* One of several outcomes of one receipt, each in another block. */
struct outcome_version {
    struct outcome_fact fact;
    struct outcome_version *next;       /* in the call's arena */
};

struct call *call_new(const struct hash *tx, int64_t seen_ns) MUST_USE;
void call_free(struct call *take_call);

/* `ev` is of the kind that the name says. */
bool call_take_transaction(struct call *c, const struct event *ev);
bool call_take_receipt(struct call *c, const struct event *ev);
bool call_take_outcome(struct call *c, const struct event *ev);
bool call_take_state(struct call *c, const struct event *ev);
bool call_take_hole(struct call *c, const struct event *ev);
/* What the transaction is told to have run in, nobody has, nor the transaction, and no height was ever
 * told of it: its block was replaced, or is older than what nodes keep. */
bool call_is_disowned(const struct call *c);
/* A block that is not to be had any more, wherever one asks; NULL: it may be. */
const struct lost_block *call_gone_block(const struct call *c, const struct hash *block);
bool call_take_executed(struct call *c, const struct event *ev);

#endif
