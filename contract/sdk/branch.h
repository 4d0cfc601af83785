/* branch: one read of another contract that a callback will join with others.
 *
 * What comes back is a stranger's: it is put into an answer only after it was checked as JSON
 * from the first byte to the last. A branch that failed, or whose bytes are too long or no
 * JSON, is replaced by what the caller says, and a log line tells that and why. */
#ifndef CONTRACT_SDK_BRANCH_H
#define CONTRACT_SDK_BRANCH_H

#include "contract/sdk/sdk.h"

#define BRANCH_RESULT_MAX 16384         /* bytes */

/* The JSON that the promise `index` returned, without spaces around it, or `instead`. */
struct text branch_value(const char *name, uint64_t index, const char *instead);
/* Has the private method `callback` of this contract called with the results of all these
 * promises, in their order; what it returns is what the running call returns. */
void branches_join(const uint64_t *promises, size_t count, const char *callback,
                   struct text args, uint64_t gas);

#endif
