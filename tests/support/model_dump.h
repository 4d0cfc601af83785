/* model_dump: a call as canonical text: equal text, equal tree, to the last derived value. */
#ifndef TESTS_SUPPORT_MODEL_DUMP_H
#define TESTS_SUPPORT_MODEL_DUMP_H

#include "net/base/buf.h"
#include "tui/model/store.h"

/* Everything but when it was seen and by whom. */
void model_dump(struct buf *out, struct store *s, struct call *c);

/* A line a receipt, for people and for step-by-step tests: depth, role, method or "-",
 * receiver, status, certainty:
 *   "0 call get_portfolio_data portfolio.test.near done optimistic" */
void model_dump_short(struct buf *out, struct store *s, struct call *c);

#endif
