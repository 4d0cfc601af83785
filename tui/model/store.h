/* store: the join of all facts heard: calls with their receipt trees, blocks, sources.
 *
 * Facts (net/event.h) may come in any order, twice, from several sources: the store is the same
 * in the end. Nothing here does I/O or knows a screen; text from the wire stays raw bytes and is
 * cleaned where it is painted. What follows from the facts (links, roles, joins, verdict) is
 * derived anew when it is asked for and something has changed.
 *
 * Everything is owned by the store and lives until store_free, except that the oldest finished
 * call leaves when more than STORE_MAX_CALLS are there. Ids, not pointers, are what a screen
 * keeps. Ceilings: what comes beyond one is dropped and counted in `dropped`. */
#ifndef TUI_MODEL_STORE_H
#define TUI_MODEL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/arena.h"
#include "net/base/map.h"
#include "net/event.h"
#include "net/request.h"

enum {
    STORE_MAX_CALLS = 1000,
    STORE_MAX_RECEIPTS = 100000,        /* of one call */
    STORE_MAX_BLOCKS = 100000
};

/* Why a receipt is there; derived. A callback waits for data. A branch is what a function call
 * made to be run beside it. */
enum receipt_role {
    RECEIPT_CALL,           /* the transaction's own */
    RECEIPT_BRANCH,
    RECEIPT_CALLBACK,
    RECEIPT_REFUND,         /* from "system" */
    RECEIPT_TRANSFER,       /* moves tokens, calls nothing */
    RECEIPT_OTHER           /* unknown yet, or other actions */
};

/* How sure an outcome is. */
enum certainty { CERTAINTY_NONE, CERTAINTY_OPTIMISTIC, CERTAINTY_FINAL };

/* How a receipt stands; derived from facts only. */
enum node_status {
    NODE_UNKNOWN,           /* named by its parent, nothing else is known */
    NODE_IN_FLIGHT,         /* on its way to its shard, or in its queue */
    NODE_WAITING,           /* for the results of others */
    NODE_DONE,
    NODE_FAILED,
    NODE_HOLE               /* cannot be had: see hole_reason */
};

struct join_edge {
    struct node *callback;
    size_t index;           /* promise_result(index) of the callback */
};

struct node {
    struct hash id;
    bool has_receipt, has_outcome;
    struct receipt_fact receipt;        /* in the call's arena */
    struct outcome_fact outcome;        /* in the call's arena */
    char *hole_reason;                  /* in the arena; NULL: no hole */
    unsigned told_by;                   /* bit per enum source_id */
    enum source_id first_source;
    int64_t first_seen_ns, outcome_seen_ns;     /* monotonic; 0: not yet */

    /* Derived by call_update. */
    struct node *parent;                /* NULL for the root, and for what has no place yet */
    struct node **children;             /* in order of creation */
    size_t child_count;
    int depth;                          /* the root has 0 */
    enum receipt_role role;
    enum node_status status;
    enum certainty certainty;
    struct join_edge *feeds;            /* callbacks that get its result */
    size_t feed_count;
    struct node **inputs;               /* by index; NULL where the producer is not known yet */
    size_t input_count;
    bool has_index;                     /* its place among what is joined into one callback */
    size_t index;
    bool has_height, has_time;
    uint64_t height, time_ns;           /* of the block that ran it */
    bool has_created;
    uint64_t created_height;            /* of the block that made it: its parent's */
    bool has_shard;
    uint64_t shard;
    uint64_t gas_attached;              /* by its function calls; 0 when it calls nothing */
    bool is_critical;                   /* on the critical path */
};

struct verdict;

struct call {
    struct hash tx;
    struct arena arena;                 /* facts, as long as the call is there */
    struct map nodes;                   /* id -> struct node */
    bool has_transaction;
    struct transaction transaction;
    struct node *transaction_node;      /* its own outcome; not part of the tree */
    struct hash root_id;                /* of the first receipt; zero until known */
    enum tx_state state;
    char *refused_reason;               /* TX_REFUSED */
    struct json_text refused_error;
    int64_t begun_ns;                   /* monotonic: when we first heard of it */
    uint64_t dropped;                   /* receipts beyond the ceiling */

    /* Derived by call_update, in `derived`, which is made anew each time. */
    struct arena derived;
    struct node *root;
    struct node **order;                /* depth first, refunds and all */
    size_t order_count;
    struct verdict *verdict;
    uint64_t facts, derived_facts;      /* counters: differ when call_update has work */
};

struct block_record {
    struct block_fact fact;
    uint64_t *shard_ids;                /* owned */
};

struct source_record {
    enum source_state state;
    char text[DIAG_MAX];
    int64_t delay_ns;                   /* -1: unknown */
    uint64_t requests;
    bool has_push;
};

struct store {
    struct map calls;                   /* by transaction hash, owned */
    struct call **recent;               /* in order of arrival, newest last; owned array */
    size_t recent_count, recent_room;
    struct map blocks;                  /* by hash -> struct block_record, owned */
    bool has_head, has_final;
    uint64_t head_height, final_height;
    uint64_t head_time_ns;
    int64_t head_seen_ns;
    struct source_record sources[SOURCE_COUNT];
    uint64_t generation;                /* goes up with every change */
};

struct store *store_new(void) MUST_USE;
void store_free(struct store *take_store);

/* True when it told something new. */
bool store_apply(struct store *s, const struct event *ev);

struct call *store_call(const struct store *s, const struct hash *tx);     /* or NULL */
/* Derives what follows from the facts, if any have come since. Cheap when not. */
void call_update(struct store *s, struct call *c);
struct node *call_node(const struct call *c, const struct hash *id);       /* or NULL */
const struct block_record *store_block(const struct store *s, const struct hash *hash);

/* Private to tui/model. */
struct node *call_node_made(struct call *c, const struct hash *id);
void call_derive_verdict(struct store *s, struct call *c);

#endif
