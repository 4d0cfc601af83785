/* event: one fact about the chain or about our sources, whoever told it.
 *
 * Every source (websocket, RPC answer, replay file) becomes the same events. They are facts,
 * not changes of state: "receipt R exists, made by O", "receipt R ran in block B with this
 * outcome", "block B has height H". Applying them in any order, twice, or from two sources
 * gives the same tree (tui/model/store.h joins them).
 *
 * Everything an event points at is borrowed until the callback that received it returns; who
 * wants to keep it copies. Unknown is a value: fields behind a `has_` bit may be unknown. */
#ifndef NET_EVENT_H
#define NET_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/crypto.h"
#include "net/near/tx.h"

/* Who told a fact. Also the bit number in a node's record of who confirmed it. */
enum source_id { SOURCE_RPC, SOURCE_PUSH, SOURCE_FEED, SOURCE_REPLAY, SOURCE_COUNT };

enum event_kind {
    EVENT_TX,           /* the transaction: who, what, its hash */
    EVENT_RECEIPT,      /* a receipt exists and is this */
    EVENT_OUTCOME,      /* a receipt, or the transaction itself, ran */
    EVENT_BLOCK,        /* a block exists */
    EVENT_FINAL,        /* all blocks up to a height are final */
    EVENT_TX_STATE,     /* how far a sent transaction has come, or why it was refused */
    EVENT_HOLE,         /* something that is named cannot be had from a source */
    EVENT_SOURCE,       /* how a source is doing */
    EVENT_EXECUTED,     /* the public feed's word: a receipt ran, nothing more is told */
    EVENT_REPLACED,     /* a block is not on the chain: what ran in it did not */
    EVENT_ENDPOINT,     /* how one endpoint of the RPC source is doing */
    EVENT_REQUEST       /* one request of it was answered, or not */
};

/* How a piece of JSON travels: its text, already known to be well formed. */
struct json_text {
    struct str text;    /* compact JSON, UTF-8 */
};

struct data_receiver {
    struct hash data_id;
    struct account_id receiver;
};

struct receipt_fact {
    struct hash id;
    struct account_id predecessor, receiver;    /* predecessor "system": a refund */
    struct account_id signer;                   /* empty when not told */
    bool is_data;                               /* data receipts are not nodes of a tree */
    bool is_promise_yield;
    bool has_gas_price;
    struct amount gas_price;                    /* yoctoNEAR per unit of gas */
    struct action *actions;
    size_t action_count;
    struct hash *inputs;                        /* data ids it waits for, in order of index */
    size_t input_count;
    struct data_receiver *outputs;              /* where its result goes */
    size_t output_count;
};

enum outcome_status { OUTCOME_UNKNOWN, OUTCOME_VALUE, OUTCOME_RECEIPT, OUTCOME_FAILURE };

struct gas_profile_entry {
    struct str category, cost;      /* "WASM_HOST_COST", "BASE" */
    uint64_t gas;
};

struct outcome_fact {
    struct hash id;                 /* of the receipt, or of the transaction */
    bool is_transaction;
    struct account_id executor;
    enum outcome_status status;
    struct str value;               /* OUTCOME_VALUE: the raw bytes returned; may be empty */
    struct hash returns;            /* OUTCOME_RECEIPT: the receipt whose result is its result */
    struct json_text failure;       /* OUTCOME_FAILURE: the node's error */
    uint64_t gas_burnt;
    struct amount tokens_burnt;
    struct str *logs;
    size_t log_count;
    struct hash *children;          /* receipt_ids, in order of creation, refunds last */
    size_t child_count;
    struct hash block_hash;
    bool is_final;                  /* told with the word that all of the call is final */
    bool has_block_height;          /* pushed outcomes tell it; RPC answers do not */
    uint64_t block_height;
    bool has_block_time;
    uint64_t block_time_ns;
    bool has_shard;
    uint64_t shard;
    struct gas_profile_entry *profile;
    size_t profile_count;
    bool has_profile;
};

struct block_fact {
    struct hash hash;
    uint64_t height;
    uint64_t time_ns;               /* the block's own timestamp */
    bool is_final;                  /* known to be final by this very answer */
    bool has_prev_height;
    uint64_t prev_height;           /* of the block before it: what stands between is on no chain */
    bool has_prev;
    struct hash prev;               /* the block before it */
    bool has_shards;                /* ids below are told */
    const uint64_t *shard_ids;      /* in order of shard index */
    size_t shard_count;
};

enum tx_state {
    TX_UNSENT,
    TX_SENT,            /* handed to a node; nobody has seen it in a block */
    TX_UNKNOWN,         /* the node has not heard of it (yet): normal for the first blocks */
    TX_UNOBSERVED,      /* every endpoint was asked, for longer than a block takes: none has it */
    TX_INCLUDED,        /* in a block */
    TX_REFUSED,         /* the node said it is invalid: it will not run */
    TX_FINAL            /* the node says all of it is final */
};

enum source_state { SOURCE_OFF, SOURCE_CONNECTING, SOURCE_LIVE, SOURCE_RETRYING, SOURCE_FAILED };

enum endpoint_state {
    ENDPOINT_UNTRIED,
    ENDPOINT_WORKS,
    ENDPOINT_RESTS,         /* it failed, or is behind: asked last for a while */
    ENDPOINT_WAITS,         /* it asked for a wait (429): not asked before that is over */
    ENDPOINT_OUT            /* it does not let us in, or cannot be trusted */
};

/* The address itself is never told: it may hold an API key. */
struct endpoint_fact {
    uint32_t index, score;          /* score: 0 … 1000, the highest is asked first */
    const char *name, *host;
    enum endpoint_state state;
    const char *reason;             /* what counts against it; empty when nothing does */
    bool is_archival;
    uint64_t requests, failures, limited, bytes_sent, bytes_received;
    int64_t median_ns, p95_ns;      /* of the last answers; -1: none yet */
    int64_t ready_in_ns;            /* of one that rests or waits; else 0 */
    uint32_t second_used, second_most, minute_used, minute_most;    /* budget; most 0: none */
};

enum { REQUEST_METHOD_MAX = 40, REQUEST_WORDS_MAX = 120 };

/* No parameters, no headers, no address: nothing that could be secret. */
struct request_fact {
    char method[REQUEST_METHOD_MAX];    /* "EXPERIMENTAL_tx_status" */
    uint32_t endpoint;                  /* its index */
    int64_t took_ns;
    long status;                        /* of HTTP; 0: there was no answer */
    uint64_t bytes_sent, bytes_received;
    unsigned repeats;                   /* times that the HTTP library sent it again by itself */
    bool is_fine;
    char words[REQUEST_WORDS_MAX];      /* a sentence, unless it is fine */
};

struct event {
    enum event_kind kind;
    enum source_id source;
    int64_t seen_ns;                /* monotonic: when we saw it */
    struct hash tx;                 /* the transaction it belongs to; zero for blocks and sources */
    union {
        struct {
            struct transaction view;
            bool has_gas_price;
        } transaction;              /* EVENT_TX; event.tx is its hash */
        struct receipt_fact receipt;
        struct outcome_fact outcome;
        struct block_fact block;
        struct {
            uint64_t height;
        } final;
        struct {
            enum tx_state state;
            struct str reason;          /* TX_REFUSED, TX_UNOBSERVED: a sentence */
            struct json_text error;     /* TX_REFUSED: the node's JSON, or empty */
        } tx_state;
        struct {
            struct hash id;
            struct str reason;          /* the word of the last one that was asked */
            uint32_t asked;             /* endpoints that have not got it, a bit each by index */
        } hole;
        struct {
            enum source_state state;
            struct str text;            /* a sentence when something is wrong, else empty */
            int64_t delay_ns;           /* last round trip or ping, -1 when unknown */
            uint64_t requests;          /* sent so far by this source */
            bool has_push;              /* websocket: outcomes are pushed */
            struct str place;           /* websocket: which of its addresses, in words; or empty */
        } health;                       /* EVENT_SOURCE: of event.source */
        struct {
            struct hash receipt;
            bool has_success, success;
            uint64_t block_height;
        } executed;
        struct {
            struct hash block;
            uint64_t height;
            struct hash by;             /* the block that is there instead; zero: not told */
        } replaced;
        struct endpoint_fact endpoint;
        struct request_fact request;
    };
};

typedef void (*event_fn)(void *context, const struct event *ev);

/* A fact that is not a fact about time: copies `ev` deeply into an arena, for queues. */
struct arena;
struct event *event_copy(struct arena *arena, const struct event *ev) MUST_USE;
/* The same for one fact: what it points at is copied into the arena. */
void receipt_fact_keep(struct arena *arena, struct receipt_fact *fact);
void outcome_fact_keep(struct arena *arena, struct outcome_fact *fact);
struct action *event_keep_actions(struct arena *arena, const struct action *actions,
                                  size_t count);
void profile_keep(struct arena *arena, struct outcome_fact *fact);  /* of the outcome, it alone */

#endif
