/* keeper: what has changed since the chain was last stored. Private to contract/chain. */
#ifndef CONTRACT_CHAIN_KEEPER_H
#define CONTRACT_CHAIN_KEEPER_H

#include "contract/chain/keep.h"
#include "contract/chain/list.h"
#include "contract/chain/state.h"
#include "net/base/map.h"

struct chain;
struct codec;
struct known_tx;
struct shard;

struct keeper {
    bool is_on;
    struct arena arena;             /* of what is below */
    struct list waiting;            /* struct chain_record: what was put into words at once */
    struct map accounts;            /* name -> struct account, changed */
    struct map data;                /* name ',' key -> struct kept_datum, changed */
    struct map codes;               /* hashes of code that is stored, owned */
    struct chain_record *records;   /* owned; as given out */
    size_t count, room;
    struct arena given;             /* of what they hold */
    struct buf bytes;
};

void keeper_init(struct keeper *k);
void keeper_release(struct keeper *k);

/* The open account of the state has changed, and the data that the state would take back. */
void keeper_note(struct keeper *k, const struct state *s);
/* A transaction waits from now on, or does so no longer. */
void keeper_transaction(struct keeper *k, const struct known_tx *known, bool is_gone);
void keeper_forget_block(struct keeper *k, uint64_t height);

/* keep_head.c: the plain fields of the record of the head, in both directions. */
void keep_code_config(struct codec *k, struct chain *c);
void keep_code_chain(struct codec *k, struct chain *c);
void keep_code_shard(struct codec *k, struct shard *s);

#endif
