/* trie: how many trie nodes the node would visit to write a contract's key.
 *
 * Gas depends on it: a node seen for the first time while a chunk is applied costs more than
 * one seen before. Counted on the set of keys as the chunk began; what a chunk has changed is
 * free to change again. Nothing is stored as a trie here: the radix-16 shape follows from the
 * sorted keys. Leaves and values are known by content, as on the node, where equal ones share
 * a hash; inner nodes by their place. */
#ifndef CONTRACT_CHAIN_TRIE_H
#define CONTRACT_CHAIN_TRIE_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/map.h"
#include "net/base/str.h"
#include "net/near/crypto.h"

struct trie_key {
    struct str text;            /* account, ',', key; owned */
    struct hash value;          /* sha256 of the value */
};

struct trie {
    struct trie_key *keys;      /* sorted; as the chunk began */
    size_t count, room;
    struct map seen;            /* node identities, owned hashes */
    struct map changed;         /* keys written or removed since the chunk began, owned text */
    struct map pending;         /* likewise, by the receipt that is running */
};

/* Reads the state as it is now; false: no such key. */
typedef bool (*trie_read_fn)(void *context, struct str account, struct str key,
                             struct str *value);

void trie_init(struct trie *t);
void trie_release(struct trie *t);
/* A copy that shares nothing with it, as it is between two chunks. */
void trie_copy(const struct trie *from, struct trie *to);

/* Starts a chunk: takes over what the last one changed, and forgets what was seen. */
void trie_begin(struct trie *t, trie_read_fn read, void *context);

/* Visits the nodes on the way to a key that is about to be written or removed, and notes the
 * key as changed. Counts those seen for the first time in this chunk, and the others. */
void trie_visit(struct trie *t, struct str account, struct str key, uint64_t *touched,
                uint64_t *cached);
/* A value was read: later it is found cached. */
void trie_note_read(struct trie *t, struct str account, struct str key, struct str value);
/* Changed without being looked for (an account that is deleted). */
void trie_note_change(struct trie *t, struct str account, struct str key);

/* The end of a receipt. What a failed one changed has to be looked for again, but nodes that
 * were seen stay seen. */
void trie_commit(struct trie *t);
void trie_roll_back(struct trie *t);

#endif
