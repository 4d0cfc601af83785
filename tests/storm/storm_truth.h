/* storm_truth: is what was learnt of a call what the node says when nothing is wrong any more?
 *
 * The node's answer (EXPERIMENTAL_tx_status, final) is compared field by field with the tree,
 * and by other code than that which made the tree of such answers. */
#ifndef TESTS_STORM_STORM_TRUTH_H
#define TESTS_STORM_STORM_TRUTH_H

#include "net/base/buf.h"
#include "net/json.h"
#include "tui/model/store.h"

/* Every receipt of it, and nothing else; appends what differs. `holes`: receipts that ran, and of
 * which is said why it is not known what they were, or when they ran; NULL: there must be none. */
void storm_truth_equals(const struct json *status, struct store *s, struct call *c,
                        unsigned *holes, struct buf *why);
/* What is known of it is true, though there may be more. */
void storm_truth_allows(const struct json *status, struct store *s, struct call *c,
                        struct buf *why);

#endif
