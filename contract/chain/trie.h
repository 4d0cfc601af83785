/* trie: how many trie nodes the node would visit to write a contract's key.
 *
 * Gas depends on it: a node seen for the first time while a chunk is applied costs more than
 * one seen before. Counted on the set of keys as the chunk began; what a chunk has changed is
 * free to change again. Nothing is stored as a trie here: the radix-16 shape follows from the
 * sorted keys. Leaves and values are known by content, as on the node, where equal ones share
 * a hash; inner nodes by their place. */
#ifndef CONTRACT_CHAIN_TRIE_H
#define CONTRACT_CHAIN_TRIE_H

#include "net/base/map.h"
#include "net/base/str.h"
#include "net/near/crypto.h"

struct trie_key {
    struct str text;            /* account, ',', key; owned */
    struct hash value;          /* sha256 of the value */
};

struct trie {
    struct trie_key *keys;      /* sorted */
    size_t count, room;
    struct map seen;            /* node identities, owned hashes */
    struct map changed;         /* keys written or removed since the chunk began, owned */
};

void trie_init(struct trie *t);
void trie_release(struct trie *t);

/* Starts a chunk: forgets what was seen. Unless nothing was changed in the last one, the keys
 * are taken again: trie_add in any order, then trie_sort. */
void trie_begin(struct trie *t);
bool trie_is_stale(const struct trie *t);       /* before trie_begin: keys have to be taken */
void trie_add(struct trie *t, struct str account, struct str key, struct str value);
void trie_sort(struct trie *t);

void trie_count(struct trie *t, struct str account, struct str key, uint64_t *touched,
                uint64_t *cached);
void trie_note_read(struct trie *t, struct str account, struct str key, struct str value);
void trie_note_change(struct trie *t, struct str account, struct str key);

#endif
