/* reason: a node's failure JSON as one plain sentence, and what to check.
 *
 * The table is reason.def, by the tags of the protocol's error enums. Unknown tags, which every
 * release adds, give their JSON, shortened. The sentence is text from strangers in part: it is
 * escaped when painted, like everything else. */
#ifndef NET_REASON_H
#define NET_REASON_H

#include "net/base/buf.h"
#include "net/base/str.h"

enum { REASON_MAX = 512 };

/* `failure`: {"ActionError":…}, {"InvalidTxError":…}, {"TxExecutionError":…}, or what is inside.
 * Appends to sentence ("the contract panicked: pool is paused") and to advice ("…"; may stay
 * empty). Either may be NULL. */
void reason_of_failure(struct str failure, struct buf *sentence, struct buf *advice);

/* The text of an ExecutionError, or of a view call's error. */
void reason_of_execution(struct str text, struct buf *sentence, struct buf *advice);

#endif
