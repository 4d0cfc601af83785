/* tree: one call: its receipts as nodes, and what follows from what was told of them.
 *
 * Facts come in through facts.h, in any order, twice, from several sources; call_update derives
 * everything else anew: which outcome counts, links, order, joins, roles, statuses, verdict.
 * Derived values depend on the set of facts alone, never on the order in which they came.
 *
 * Rules, from the protocol: an outcome names its receipt's children in order of creation,
 * refunds last. A callback's input i comes from the receipt that sends its result to the data id
 * which stands at place i of what the callback waits for; a receipt that returns another passes
 * that duty on, and the last one on the chain delivers. Text from the wire stays raw bytes. */
#ifndef TUI_MODEL_TREE_H
#define TUI_MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/arena.h"
#include "net/base/map.h"
#include "net/event.h"

/* Why a receipt is there; derived. */
enum receipt_role {
    RECEIPT_CALL,           /* the transaction's own */
    RECEIPT_BRANCH,         /* a function call that waits for nothing */
    RECEIPT_CALLBACK,       /* waits for results of others, or to be resumed */
    RECEIPT_REFUND,         /* from "system"; or not known yet and most likely one */
    RECEIPT_TRANSFER,       /* moves tokens, calls nothing */
    RECEIPT_OTHER           /* not known yet, or other actions */
};

/* How sure an outcome is. */
enum certainty { CERTAINTY_NONE, CERTAINTY_OPTIMISTIC, CERTAINTY_FINAL };

/* What became of a part of the call whose block was replaced. */
enum taken_back {
    TAKEN_BACK_MOVED,       /* it ran again, in another block */
    TAKEN_BACK_RECEIPT,     /* a receipt has not run after all */
    TAKEN_BACK_TRANSACTION  /* the transaction is in no block any more */
};

/* How a receipt stands; derived from facts only. */

enum node_status {
    NODE_UNKNOWN,           /* named by its parent, nothing else is known */
    NODE_IN_FLIGHT,         /* on its way to its shard, or in its queue */
    NODE_WAITING,           /* for the results of others */
    NODE_DONE,
    NODE_FAILED,
    NODE_HOLE               /* all is over and it cannot be had: see hole_reason */
};

struct join_edge {
    struct node *callback;
    size_t index;           /* promise_result(index) of the callback */
};

struct outcome_version;

struct node {
    struct hash id;

    /* Facts. What they point at is in the call's arena. */
    bool has_receipt, has_outcome;
    bool is_implied;                    /* the receipt follows from the transaction: not told */
    struct receipt_fact receipt;
    struct outcome_fact outcome;        /* of the rivals, if there are, the one that counts */
    struct outcome_version *rivals;     /* all, when a block was replaced; else NULL */
    bool has_executed;                  /* the feed of final blocks says that it ran */
    uint64_t executed_height;
    char *hole_reason;                  /* a source did not have it; NULL: none said so */
    uint32_t hole_asked;                /* endpoints that have not got it, a bit each; 0: not told */
    unsigned told_by;                   /* bit per enum source_id */
    enum source_id first_source;
    int64_t first_seen_ns, outcome_seen_ns;     /* monotonic; 0: not yet */
    int64_t told_ns[SOURCE_COUNT];      /* when each source told the outcome; 0: not yet */

    /* Derived. Arrays are in the call's `derived`. */
    bool is_placed;                     /* it can be reached from the root */
    struct node *parent;                /* NULL for the root, and for what has no place yet */
    struct node **children;             /* in order of creation */
    size_t child_count;
    int depth;                          /* the root has 0 */
    enum receipt_role role;
    enum node_status status;
    enum certainty certainty;
    struct join_edge *feeds;            /* callbacks that get its result */
    size_t feed_count;
    bool is_join_known;                 /* whatever its result goes to is known */
    struct node **inputs;               /* by index; NULL where the producer is not known yet */
    size_t input_count;
    bool has_index;                     /* its place among what is joined into one callback */
    size_t index;
    bool has_height, has_time;
    uint64_t height, time_ns;           /* of the block that ran it */
    const char *block_gone;             /* why that block is to be had nowhere; NULL: it is, or may be */
    uint32_t block_asked;               /* with block_gone: endpoints that have not got it */
    bool has_created;
    uint64_t created_height;            /* of the block that made it: its parent's */
    bool has_shard;
    uint64_t shard;
    uint64_t gas_attached;              /* by its function calls; 0 when it calls nothing */
    bool is_critical;                   /* on the critical path */
};

struct verdict;

/* Two sources told different things of the same outcome in the same block. The first word
 * stands; that there was another is kept, to be shown. */
struct contradiction {
    struct contradiction *next;
    struct hash id;                     /* of the receipt, or of the transaction */
    enum source_id first, other;
    const char *what;                   /* "gas": a word for what differs; static */
    int64_t seen_ns;
};

enum { CALL_MAX_CONTRADICTIONS = 64 };

/* A block in which something ran, and which no endpoint has. Before the end that may be a node that is
 * behind: only what is told after it counts. */
struct lost_block {
    struct lost_block *next;
    struct hash hash;
    char *reason;
    uint32_t asked;                     /* endpoints that have not got it, a bit each */
    int64_t told_ns;                    /* the last time */
};

struct call {
    struct hash tx;
    struct arena arena;                 /* facts, as long as the call is there */
    struct map nodes;                   /* id -> struct node, owned */
    bool has_transaction;
    struct transaction transaction;
    struct node *transaction_node;      /* its own outcome; not part of the tree; owned */
    enum tx_state told_state;
    char *refused_reason;               /* TX_REFUSED */
    struct json_text refused_error;
    char *unobserved_reason;            /* TX_UNOBSERVED: who was asked, how long */
    unsigned taken_back;                /* times that a block with a part of it was replaced, */
    enum taken_back taken_back_what;    /* … and what became of it, the last time (replaced.h) */
    int64_t included_ns;                /* when it was last told to be in a block, */
    int64_t lost_ns;                    /* … that its block was replaced, */
    int64_t unobserved_ns;              /* … that nobody has it; 0: never */
    int64_t final_ns;                   /* when it was first told that all is final; 0: never */
    int64_t ran_ns, unknown_ns;         /* when the transaction's outcome was last told, and that a
                                         * node has not heard of it: see doubt.h */
    struct hash doubt_anchor;           /* the final block from which the way goes down, or zero */
    struct lost_block *lost_blocks;
    int64_t begun_ns;                   /* monotonic: when we first heard of it */
    struct contradiction *contradictions;   /* what sources told differently; newest first */
    bool has_rivals;                    /* a receipt with outcomes in two blocks */
    uint64_t dropped;                   /* facts beyond the ceilings */
    uint64_t facts;                     /* counts what was new */

    /* Derived by call_update; arrays are in `derived`, which is made anew each time. */
    struct arena derived;
    enum tx_state state;                /* as told; but what has run was not refused */
    struct hash root_id;                /* of the first receipt; zero until known */
    struct node *root;
    struct node **order;                /* depth first, refunds and all */
    size_t order_count;
    bool has_all_blocks;                /* of every outcome in the tree it is known, or gone */
    struct str account_end;             /* ".test.near" when all receivers end so */
    struct verdict *verdict;
    uint64_t derived_facts, derived_chain;      /* counters: differ when there is work */
};

struct store;

/* Derives what follows from the facts, if any have come since. Cheap when not. */
void call_update(struct store *s, struct call *c);

struct node *call_node(const struct call *c, const struct hash *id);       /* or NULL */

/* Who delivers n's result in the end: n, or the last one on the chain of receipts that it
 * returned, as far as it is known. */
struct node *call_deliverer(const struct call *c, struct node *n);

/* The result for input i of a callback is there. */
bool call_input_arrived(const struct call *c, const struct node *callback, size_t i);

/* Private to tui/model, in the order in which call_update goes through them. */
void call_link_joins(struct call *c);                       /* join.c */
void call_derive_roles(struct call *c);                     /* status.c */
void call_derive_statuses(struct call *c);
void call_derive_verdict(struct call *c);                   /* verdict.c */

#endif
