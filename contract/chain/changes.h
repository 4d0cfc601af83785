/* changes: what each of the last blocks changed in the state, why, and what stood there before.
 *
 * Two things are made of it: the answers of EXPERIMENTAL_changes, and the state as it was after
 * an earlier block (past.h). It is no log of the whole chain: at most CHANGES_BLOCKS blocks and
 * about CHANGES_MAX_BYTES are kept, though always the last CHANGES_MIN_BLOCKS; what is older is
 * forgotten block by block. Entries are in the order in which they happened, one for every key
 * that a cause touched, as the node commits them; several transactions of one signer in a chunk
 * are one entry, which names the last. Everything read is borrowed until the next block. */
#ifndef CONTRACT_CHAIN_CHANGES_H
#define CONTRACT_CHAIN_CHANGES_H

#include "contract/chain/chain.h"

enum {
    CHANGES_BLOCKS = 256,
    CHANGES_MIN_BLOCKS = 6,                 /* the final block is two behind the head */
    CHANGES_MAX_BYTES = 16 * 1024 * 1024
};

/* Of the state's records, in the order of the node's columns. */
enum change_kind { CHANGE_ACCOUNT, CHANGE_CODE, CHANGE_KEY, CHANGE_DATA };

enum change_cause {
    CAUSE_NONE,                             /* not recorded */
    CAUSE_TRANSACTION,                      /* by: its hash */
    CAUSE_RECEIPT,                          /* by: the receipt's id, as below */
    CAUSE_GAS_REWARD,
    CAUSE_PATCH                             /* from outside; by is zero */
};

struct change {
    enum change_kind kind;
    enum change_cause cause;
    struct hash by;
    const struct account_id *account;
    struct public_key public_key;           /* of a key */
    struct str key;                         /* of data */
    /* By kind; NULL: there was, or is, none. Code and data are values. */
    const struct account_view *account_before, *account_after;
    const struct access_key_view *key_before, *key_after;
    const struct str *before, *after;
};

struct block_changes {
    uint64_t height;
    struct arena arena;
    struct change *items;                   /* owned */
    size_t count, room;
    bool is_counted;                        /* in the sum of bytes */
};

struct changes {
    struct block_changes blocks[CHANGES_BLOCKS];    /* a ring, by height modulo its size */
    uint64_t oldest, newest;                /* heights that are kept */
    size_t bytes;
};

struct state;

void changes_init(struct changes *c, uint64_t height);
void changes_release(struct changes *c);

/* What follows happens in this block. Blocks of this height and above, if there are any, are
 * forgotten: the chain has gone back to before them. */
void changes_begin_block(struct changes *c, uint64_t height);
/* Blocks above this height, which one is that is kept, were never made. */
void changes_go_back(struct changes *c, uint64_t height);
/* What the open account of the state has become since state_begin. */
void changes_record(struct changes *c, const struct state *s, enum change_cause cause,
                    const struct hash *by);

/* Of a block that was stored: room for `count` changes, to be put there in order, and the arena
 * that they live in. As changes_begin_block; NULL: this one is not kept. */
struct arena *changes_restore(struct changes *c, uint64_t height, size_t count);
void changes_add(struct changes *c, const struct change *change);

/* NULL when that block is not kept, or no block of that height was made. */
const struct block_changes *changes_at(const struct changes *c, uint64_t height);
/* Can the state after this block still be told? */
bool changes_reach_back_to(const struct changes *c, uint64_t height);

/* The order of the node's database: by column, account and key. */
int change_compare(const struct change *a, const struct change *b);

#endif
