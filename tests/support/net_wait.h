/* net_wait: turns a loop until a condition holds. A deadline only ends what would never end,
 * as a failure of the test. */
#ifndef TESTS_SUPPORT_NET_WAIT_H
#define TESTS_SUPPORT_NET_WAIT_H

#include <stdbool.h>
#include "net/loop.h"

typedef bool (*net_condition_fn)(const void *context);

void net_wait_until(struct loop *loop, net_condition_fn holds, const void *context);
/* Until *value >= least. */
void net_wait_count(struct loop *loop, const int *value, int least);

#endif
