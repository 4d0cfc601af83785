/* compare: one recorded call against what the embedded chain did with the same actions.
 *
 * Ids differ between the two chains, so trees are walked side by side, by position, and data
 * ids are matched in pairs. Everything else must be equal: actions, joins, statuses with their
 * exact errors, which receipt a result is passed on to, logs, values, gas, tokens, the gas
 * profile, refunds, what the call comes to in the end, how many blocks lie between a receipt and
 * what made it, and the data that went from branches to callbacks, as the chunks show it. */
#ifndef TESTS_CONFORMANCE_COMPARE_H
#define TESTS_CONFORMANCE_COMPARE_H

#include "contract/chain/chain.h"
#include "net/base/buf.h"
#include "net/json.h"

/* True when they agree; else `difference` says the first one, with its place in the tree. */
bool compare_call(const struct chain *c, const struct json *recorded, const struct hash *tx,
                  struct buf *difference);

#endif
