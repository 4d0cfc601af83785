/* history: the blocks that can still be asked for, and the memory they live in.
 *
 * What a block makes, its outcomes, the receipts they send, its transactions, lives in a
 * segment of its own and goes as one. A segment leaves the history when there are more blocks,
 * or more bytes, than are to be kept; from then on nothing of it is found. Its memory stays
 * while somebody still points there:
 *
 *   - whatever has yet to run: receipts that travel, wait for data or for somebody to resume
 *     them, or are delayed. live.c knows all places where such things are; a new place needs
 *     its line there.
 *   - blocks in the history that tell, in a chunk or an outcome, of a receipt that an earlier
 *     block made (receipt_told).
 *
 * Memory is given back in history_trim alone, between blocks, and not while there is a mark to
 * go back to (drill.h). State is not here, it is always whole. Private to contract/chain. */
#ifndef CONTRACT_CHAIN_HISTORY_H
#define CONTRACT_CHAIN_HISTORY_H

#include "contract/chain/chain.h"
#include "contract/chain/list.h"
#include "net/base/map.h"

/* A transaction from its arrival on: owned by the pool, then by the block that ran it. */
struct known_tx {
    struct arena arena;                 /* of bytes and what was decoded from them */
    struct str bytes;                   /* as they were sent */
    uint64_t number;                    /* in order of arrival */
    struct signed_transaction *signed_tx;
    bool is_included;                   /* in a chunk, which the next block will run */
};
/* NULL: these are no transaction. */
struct known_tx *known_new(struct str bytes) MUST_USE;
void known_free(struct known_tx *take_known);

struct segment {
    struct chain_block *block;
    struct arena arena;
    struct list made;                   /* receipts of this block's application, in order */
    struct list included;               /* struct known_tx, owned */
    struct list borrowed;               /* segments of receipts that this block tells of */
    bool is_needed;                     /* while history_trim looks */
    bool is_kept;                       /* a record of it was given out (keep.h) */
    size_t bytes;                       /* memory it takes, about */
};

/* Hashes that a transaction may name, also when the block itself is gone: a ring. */
struct recent_blocks {
    struct {
        struct hash hash;
        uint64_t height;
    } blocks[CHAIN_VALIDITY_BLOCKS + 1];
    size_t count, next;
};

struct history {
    uint64_t keep_blocks;
    size_t keep_bytes;
    struct segment *genesis;            /* for ever */
    struct list segments;               /* by height from `first` on; NULL: a height left out */
    uint64_t first;
    struct list leaving;                /* segments that nobody finds, and that may be needed */
    struct list forgotten;              /* struct known_tx that were never valid, owned */
    size_t marks;                       /* that somebody may go back to */
    struct segment *open;               /* of the block that is being made, or NULL */
    struct map blocks_by_hash, chunks_by_hash, outcomes, receipts;
    size_t bytes;                       /* of all segments */
    struct recent_blocks recent;
};

void history_init(struct history *h, const struct chain_config *config);
void history_release(struct history *h);

/* A block begins: what is allocated in the chain's arena from now on is its own. */
struct segment *history_open(struct chain *c, struct chain_block *b);
/* It is done: it can be found from now on. */
void history_close(struct chain *c);
/* Likewise, of a block that was stored; one that is leaving is only needed, not found. */
void history_wake(struct chain *c, bool is_leaving);
/* Every block follows the one before, and a head and a genesis are there. */
bool history_is_whole(const struct history *h);
/* Of a block in the history or leaving it, or the one being made; NULL: none. */
struct segment *history_segment(const struct history *h, uint64_t height);
/* Drops what is too much, and gives memory back. Between blocks only. */
void history_trim(struct chain *c);
/* NULL: none, or none any more. */
const struct segment *history_at(const struct history *h, uint64_t height);
/* The blocks above this height never were. Their transactions are the pool's again; those that may be
 * named are what they were then. */
void history_go_back(struct chain *c, uint64_t height, const struct recent_blocks *recent);

/* A receipt begins its way, its id being known; the block that is being made shows it, in a
 * chunk or with its outcome; it shows an old chunk again. */
void receipt_made(struct chain *c, struct chain_receipt *r);
void receipt_told(struct chain *c, const struct chain_receipt *r);
void chunk_told(struct chain *c, const struct chain_chunk *chunk);

/* live.c: calls fn for the segment of everything that has yet to run. */
typedef void (*live_fn)(void *context, struct segment *s);
void live_each(const struct chain *c, live_fn fn, void *context);

/* How many blocks ago this one was head; false: not among the last ones, or never. */
bool history_age(const struct chain *c, const struct hash *block, uint64_t *age);

#endif
