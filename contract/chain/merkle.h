/* merkle: the node's Merkle trees, for the proofs that stand with every outcome.
 *
 * A tree is kept as its levels one after the other, leaves first, root last: of n leaves, the
 * next level has (n + 1) / 2 hashes, and a hash without a partner goes up as it is. */
#ifndef CONTRACT_CHAIN_MERKLE_H
#define CONTRACT_CHAIN_MERKLE_H

#include "contract/chain/chain.h"

enum { MERKLE_MAX_STEPS = 40 };

struct merkle_step {
    struct hash hash;           /* of the partner */
    bool is_right;              /* where it stands */
};

/* How many hashes the tree of so many leaves has. 0 for none. */
size_t merkle_size(size_t leaves);
/* `tree` has room for merkle_size(leaves) hashes and begins with the leaves; the rest is made. */
void merkle_build(struct hash *tree, size_t leaves);
/* Zero for no leaves. */
struct hash merkle_root(const struct hash *tree, size_t leaves);
/* From a leaf to the root; returns how many steps. */
size_t merkle_path(const struct hash *tree, size_t leaves, size_t index,
                   struct merkle_step steps[MERKLE_MAX_STEPS]);

/* What stands for an outcome in the tree of its chunk. */
struct hash merkle_leaf(const struct chain_outcome *o);

#endif
