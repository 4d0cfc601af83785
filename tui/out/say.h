/* say: a call and its receipts in plain sentences, for who listens instead of looks.
 *
 * Words only: no sign, no drawing, no column has a meaning. A receipt is called by a number that
 * says where it hangs: 1 is the call's own, 1.2 the second that 1 made, 1.2.1 the first of that
 * one. A number never changes, since an outcome names its children in order. Accounts are
 * written whole: what their short form is depends on what else the call touches. All of it is
 * safe for a terminal. text.h has the words for who looks. */
#ifndef TUI_OUT_SAY_H
#define TUI_OUT_SAY_H

#include "net/base/buf.h"
#include "tui/model/verdict.h"

/* "1.2.1". One that hangs nowhere yet, or deeper than anybody counts, has its id instead. */
void say_number(struct buf *out, const struct node *n);
/* "get_position on lending.test.near", "batch of 2 actions (create account, transfer) on …". */
void say_what(struct buf *out, const struct node *n);
/* "1.2, branch 2 of 3: get_position on lending.test.near". */
void say_name(struct buf *out, const struct node *n);
/* The name and how it stands, with why, its gas, its block, what it returned and to whom. Ends
 * in a full stop. */
void say_receipt(struct buf *out, const struct call *c, const struct node *n);
/* " When it ran cannot be had: …", of what has run; nothing when all of it is known. */
void say_holes(struct buf *out, const struct call *c, const struct node *n);
/* "1.2: get_position on lending.test.near logged "…"." */
void say_log(struct buf *out, const struct node *n, struct str log);
/* What somebody returned or logged, in quotes; what is cut is said. */
void say_value(struct buf *out, struct str value, size_t most);

/* A full stop, unless what was said before ends in one, or asks. */
void say_stop(struct buf *out);

/* "The call succeeded, but 1 of 3 branches failed: 1.2, get_position on …". */
void say_verdict(struct buf *out, const struct call *c, const struct verdict *v);
/* All that is known of a call: each receipt but the refunds, a line each, then the result, what
 * can be checked, the cost and the time. */
void say_receipts(struct buf *out, const struct call *c, const struct verdict *v);
void say_summary(struct buf *out, const struct call *c, const struct verdict *v);

#endif
