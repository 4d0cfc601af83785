/* wasm_random: modules of random expressions, over every numeric operator that the protocol
 * takes, with the values where they are delicate.
 *
 * Case n computes one value and stores it in eight bytes at 8 * n: "c<n>", () -> (). "r<n>",
 * () -> i64, tells what is stored there. A case may trap. `canonical`: after each operator whose
 * NaN the node makes canonical stands code that does so, for a runtime that does not. The same
 * seed gives the same cases with and without. */
#ifndef TESTS_SUPPORT_WASM_RANDOM_H
#define TESTS_SUPPORT_WASM_RANDOM_H

#include <stdbool.h>
#include "net/base/buf.h"

enum { WASM_RANDOM_MAX_CASES = 4000 };

void wasm_random(uint32_t seed, uint32_t cases, bool canonical, struct buf *out);

#endif
