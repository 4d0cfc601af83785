/* demo_inside: the demo's chain in the bench's own process. */
#ifndef TESTS_BENCH_DEMO_INSIDE_H
#define TESTS_BENCH_DEMO_INSIDE_H

#include "contract/chain/demo.h"

#define DEMO_INSIDE_BLOCK_NS UINT64_C(600000000)
#define DEMO_INSIDE_END_NS UINT64_C(1700000000000000000)    /* when its contracts are there */

struct chain *demo_inside_new(void);        /* chain_free is the caller's */

#endif
