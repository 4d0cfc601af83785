/* past: one account as it was after an earlier block.
 *
 * The state of now, seen through what the blocks since then have changed: the first change of a
 * record since that block tells what stood there. Only an account, because no request reads
 * more than one. Nothing is copied but what changed; valid until the next block. */
#ifndef CONTRACT_CHAIN_PAST_H
#define CONTRACT_CHAIN_PAST_H

#include "contract/chain/changes.h"
#include "contract/chain/state.h"

struct past {
    struct account_id id;
    struct account_view view;
    struct str code;                /* empty without a contract */
    const struct account *now;      /* its record; what was not changed since is read there */
    struct map keys, data;          /* public key, or key of data -> const struct change */
};

/* False: there was no such account then, and nothing to close. The changes must reach back. */
bool past_open(const struct state *s, const struct changes *c, uint64_t height,
               struct str account, struct past *out);
void past_close(struct past *p);

bool past_read(const struct past *p, struct str key, struct str *value);
/* All data under the prefix, in order of keys. */
size_t past_data(const struct past *p, struct str prefix, struct arena *arena,
                 struct state_item **out);
/* In the order of the node's database. */
size_t past_keys(const struct past *p, struct arena *arena, struct access_key_view **out);

#endif
