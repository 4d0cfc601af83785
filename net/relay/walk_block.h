/* walk_block: one block of the chain with what is in it, however it was learnt.
 *
 * Of a node's RPC come transactions and receipts (outgoing ones, made a block ago), of a neardata
 * server the outcomes too. Views are kept as the JSON they came as, for the feed's events. All
 * that a block points at lives in its arena. */
#ifndef NET_RELAY_WALK_BLOCK_H
#define NET_RELAY_WALK_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/arena.h"
#include "net/base/err.h"
#include "net/json.h"
#include "net/near/account.h"
#include "net/near/crypto.h"

struct walk_tx {
    struct hash id;
    struct account_id signer, receiver;
    struct str view;            /* JSON */
};

struct walk_receipt {
    struct hash id;
    struct account_id predecessor, receiver;
    struct account_id signer;   /* empty: a data receipt */
    struct str view;            /* JSON */
};

struct walk_outcome {
    struct hash id, tx, block;
    bool is_transaction, is_success;
    struct account_id executor, predecessor;    /* predecessor: empty when not known */
    struct hash *children;
    struct str *child_views;    /* JSON, or empty while not known */
    size_t child_count, child_known;
    struct str *logs;
    size_t log_count;
    bool has_shard;
    uint64_t shard;
    struct str view;            /* JSON of the outcome with its id */
    struct str receipt;         /* JSON; empty: a transaction, or not known */
    struct str transaction;     /* JSON; empty: a receipt */
};

struct walk_block {
    struct arena arena;
    struct hash hash, prev_hash;
    struct hash final_hash;     /* the newest block that is final by what this one says */
    uint64_t height, prev_height, time_ns;
    struct str producer;
    uint64_t transaction_total, receipt_total;
    bool has_totals;            /* chunks were looked at */
    struct walk_tx *txs;
    struct walk_receipt *receipts;
    struct walk_outcome **outcomes;
    size_t tx_count, receipt_count, outcome_count;
    size_t tx_room, receipt_room, outcome_room;
};

struct walk_block *walk_block_new(void) MUST_USE;
void walk_block_free(struct walk_block *take_b);        /* NULL is fine */

/* From a node's view of a block: header and author. */
enum err walk_read_block(struct walk_block *b, const struct json *view, struct diag *d) MUST_USE;
/* A chunk's view: its transactions and receipts. */
enum err walk_read_chunk(struct walk_block *b, const struct json *view, struct diag *d) MUST_USE;
/* The whole of a neardata block: {"block":…,"shards":[…]}. */
enum err walk_read_neardata(struct walk_block *b, const struct json *root, struct diag *d)
    MUST_USE;

/* An outcome's view; receipt and transaction may be NULL or JSON null. In the block's arena, and in
 * its list only once it is added. */
enum err walk_read_outcome(struct arena *arena, const struct json *view, const struct json *receipt,
                           const struct json *transaction, struct walk_outcome **out,
                           struct diag *d) MUST_USE;
void walk_block_add(struct walk_block *b, struct walk_outcome *outcome);
/* The outcome of that receipt or transaction; NULL: it did not run in this block. */
struct walk_outcome *walk_block_find(const struct walk_block *b, const struct hash *id);
/* Tells an outcome what a receipt that it made is. True when that is news. */
bool walk_outcome_learn(struct walk_outcome *o, struct arena *arena, const struct hash *id,
                        struct str view);

#endif
