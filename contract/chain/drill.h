/* drill: what can be made to go wrong with a chain, as it goes wrong on a real network.
 *
 * A shard that makes no chunks, a shard that others keep busy, a height without a block, and a
 * block that was head and is replaced. All of it changes what the next blocks do, never what
 * has become final; without a call from here a chain behaves as chain.h says. */
#ifndef CONTRACT_CHAIN_DRILL_H
#define CONTRACT_CHAIN_DRILL_H

#include "contract/chain/chain.h"

/* While it is on, blocks show this shard's last chunk again: its transactions and receipts
 * wait, and so do receipts that it has made, for they travel in its next chunk. */
void chain_stall(struct chain *c, size_t shard, bool is_on);

/* Others' work on a shard: gas that each chunk has used up before it begins (at the limit every
 * receipt is delayed, and the gas price rises), and gas of others' delayed receipts, which
 * makes the congestion. Zeros end it. */
void chain_load(struct chain *c, size_t shard, uint64_t gas, uint64_t delayed_gas);
/* 0 … 1. From CHAIN_CONGESTION_REFUSES on, transactions to the shard are refused. */
double chain_congestion(const struct chain *c, size_t shard);
#define CHAIN_CONGESTION_REFUSES 0.8
#define CHAIN_CONGESTION_FULL_GAS UINT64_C(400000000000000000)     /* delayed: level 1 */
enum { CHAIN_CONGESTION_FULL_MISSED = 125 };                       /* chunks: level 1 */

/* The next block leaves out one height. */
void chain_skip_height(struct chain *c);
/* So many more; memory is taken for each until the history drops it. */
void chain_skip_heights(struct chain *c, uint64_t count);

/* The next block takes no transactions: those that were to be in it wait for the one after. */
void chain_leave_out_transactions(struct chain *c);

/* A chain as it is between two blocks, to go back to: this is how a head is replaced. What was
 * produced since is forgotten, its blocks, outcomes and receipts are unknown again; transactions
 * wait again, and so do those that came later. Pointers to what is forgotten stay readable
 * until the next block. Remembering costs as much as the state is large, and while there is a
 * mark no memory of the history is given back.
 *
 * Not across finality: whoever goes back further than one block undoes what was final. */
struct chain_mark;
struct chain_mark *chain_mark_new(struct chain *c) MUST_USE;
void chain_mark_free(struct chain_mark *take_mark);         /* NULL is fine */
void chain_go_back(struct chain *c, struct chain_mark *take_mark);

#endif
