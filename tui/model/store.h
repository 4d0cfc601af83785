/* store: the join of all facts heard: calls with their receipt trees, blocks, sources.
 *
 * Facts (net/event.h) may come in any order, twice, from several sources: the store is the same
 * in the end. Nothing here does I/O or knows a screen; text from the wire stays raw bytes and
 * is cleaned where it is painted. What follows from the facts (tree.h, verdict.h) is derived
 * when it is asked for and something has changed.
 *
 * Everything is owned by the store and lives until store_free, except that the oldest call that
 * is over leaves when more than STORE_MAX_CALLS are there. Ids, not pointers, are what a screen
 * keeps. Ceilings: what comes beyond one is dropped and counted in `dropped`. */
#ifndef TUI_MODEL_STORE_H
#define TUI_MODEL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/map.h"
#include "net/event.h"
#include "net/request.h"
#include "tui/model/tree.h"

enum {
    STORE_MAX_CALLS = 1000,
    STORE_MAX_RECEIPTS = 100000,                /* of one call */
    STORE_MAX_CALL_BYTES = 256 * 1024 * 1024,   /* of one call's facts: logs, values, … */
    STORE_MAX_VERSIONS = 8,                     /* outcomes of one receipt, by block */
    STORE_MAX_BLOCKS = 20000,                   /* then the older half is forgotten */
    STORE_MAX_ENDPOINTS = 16,
    STORE_MAX_REQUESTS = 256,                   /* then the oldest is forgotten */
    STORE_MAX_REPLACED = 64                     /* then the oldest is forgotten */
};

struct block_record {
    struct block_fact fact;
    uint64_t *shard_ids;                /* owned; the fact points at them */
};

struct source_record {
    enum source_state state;
    char text[DIAG_MAX];                /* as it came: clean it where it is shown */
    int64_t delay_ns;                   /* -1: unknown */
    uint64_t requests;
    bool has_push;
    char place[400];                    /* which address it is, as it came; or empty */
};

/* An endpoint of the RPC source, as it last said: its fact points at the texts beside it. */
struct endpoint_record {
    struct endpoint_fact fact;
    char name[64], host[270], reason[DIAG_MAX];     /* as they came: clean them when shown */
    int64_t seen_ns;
};

struct request_record {
    struct request_fact fact;           /* its words as they came: clean them when shown */
    int64_t seen_ns;
};

struct store {
    struct map calls;                   /* by transaction hash, owned */
    struct call **recent;               /* in order of arrival, newest last; owned array */
    size_t recent_count, recent_room;
    uint64_t left_count;                /* calls that had to leave, ever */
    struct map blocks;                  /* by hash -> struct block_record, owned */
    bool has_head, has_final;
    uint64_t head_height, final_height;
    struct hash final_block;            /* the highest final one that was told with its hash */
    uint64_t head_time_ns;
    int64_t head_seen_ns;
    uint64_t chain_facts;               /* counts what was new of blocks and finality */
    struct source_record sources[SOURCE_COUNT];
    struct endpoint_record endpoints[STORE_MAX_ENDPOINTS];
    size_t endpoint_count;
    struct request_record *requests;    /* a ring of the last, owned */
    uint64_t request_count;             /* ever */
    struct hash replaced[STORE_MAX_REPLACED];   /* blocks that are not on the chain, a ring */
    size_t replaced_count;                      /* ever */
    uint64_t generation;                /* goes up with every change */
};

struct store *store_new(void) MUST_USE;
void store_free(struct store *take_store);

/* True when it told something new. */
bool store_apply(struct store *s, const struct event *ev);

/* The call leaves, with all that is known of it. Nothing may point into it any more. */
void store_forget(struct store *s, const struct hash *tx);

struct call *store_call(const struct store *s, const struct hash *tx);     /* or NULL */
const struct block_record *store_block(const struct store *s, const struct hash *hash);

#endif
