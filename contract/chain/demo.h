/* demo: a chain with the demo's accounts and contracts on it.
 *
 * Made by real transactions from test.near, in blocks produced back to back: nothing is put
 * into the state by hand, so everything could be done on another network too. Every account's
 * key is the well-known one of its name. alice.test.near has tokens, a position and rewards. */
#ifndef CONTRACT_CHAIN_DEMO_H
#define CONTRACT_CHAIN_DEMO_H

#include "contract/chain/chain.h"

enum { DEMO_BLOCKS = 24 };      /* at most: how far genesis has to lie back */

/* Produces blocks up to (not beyond) end_ns, block_ns apart. */
enum err demo_build(struct chain *c, uint64_t end_ns, uint64_t block_ns,
                    struct diag *d) MUST_USE;

#endif
