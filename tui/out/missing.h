/* missing: what of a call is not there, and why.
 *
 * A tree that looks whole may not be: an endpoint forgets, or never had it. Missing can be what a receipt
 * is, its outcome, and the block (so: when) of an outcome. Of what all endpoints that were asked
 * have not got, when all is over, there is a hole with a reason; what has not come yet counts as
 * missing, but is no hole. */
#ifndef TUI_OUT_MISSING_H
#define TUI_OUT_MISSING_H

#include "net/base/buf.h"
#include "tui/model/tree.h"

enum missing_part { MISSING_RECEIPT, MISSING_OUTCOME, MISSING_BLOCK, MISSING_PARTS };

struct hole {
    enum missing_part part;
    const char *reason;         /* as it came; borrowed from the call */
    uint32_t asked;             /* endpoints that have not got it, a bit each by index */
};

struct missing {
    size_t count[MISSING_PARTS];        /* by part, the transaction's own included */
    uint64_t facts;             /* beyond the ceilings of the store */
};

const char *missing_word(enum missing_part part);       /* "receipt": also the JSON's word */

/* The call as it is derived now. Of one that was refused nothing is missing: it never ran. */
struct missing missing_of(const struct call *c);
bool missing_any(const struct missing *m);

/* The holes of one receipt, or of the transaction's own node. */
size_t missing_holes(const struct call *c, const struct node *n, struct hole out[MISSING_PARTS]);

/* "rpc.example.org: Block not found", "none of 3 endpoints has it; …": safe for a terminal. */
void missing_say_why(struct buf *out, const char *reason, uint32_t asked);

#endif
