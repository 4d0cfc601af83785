/* decode: a node's or a feed's JSON to events.
 *
 * All or nothing: a list is filled, and only when the whole answer made sense is it worth
 * emitting. What is missing or of the wrong type is an error with its path
 * ("receipts_outcome[2].outcome.gas_burnt: missing"); nothing is guessed. What only newer nodes
 * know is kept, not refused: an unknown action becomes ACTION_OTHER with the node's word in
 * `method` and its JSON in `args` (a Delegate action has its JSON in `args` too); failures
 * travel as JSON; a key of an unknown curve has curve 255.
 *
 * Events live in the list's arena. They have source and seen_ns from the list. */
#ifndef NET_DECODE_H
#define NET_DECODE_H

#include "net/base/arena.h"
#include "net/base/err.h"
#include "net/event.h"
#include "net/json.h"

struct event_list {
    struct arena *arena;        /* borrowed from its maker, for all that events point at */
    enum source_id source;
    int64_t seen_ns;
    struct event *events;       /* owned by the list */
    size_t count, capacity;
};

void event_list_init(struct event_list *list, struct arena *arena, enum source_id source,
                     int64_t seen_ns);
void event_list_release(struct event_list *list);
/* A zeroed event at the end of the list, with kind, source, time and transaction set. The
 * pointer is good until the next one is added. */
struct event *event_list_add(struct event_list *list, enum event_kind kind,
                             const struct hash *tx);
void event_list_emit(const struct event_list *list, event_fn emit, void *context);

/* --- answers of RPC (the `result`) -------------------------------------------------- */

/* tx, EXPERIMENTAL_tx_status, send_tx: TX_STATE by the level reached, then, when told, TX,
 * OUTCOME of the transaction and of each receipt that ran, RECEIPT. An answer that is nothing
 * but a level gives the state alone. */
enum err decode_tx_status(const struct json *result, const struct hash *tx,
                          struct event_list *out, struct diag *d) MUST_USE;
/* EXPERIMENTAL_receipt: RECEIPT. */
enum err decode_receipt(const struct json *view, const struct hash *tx, struct event_list *out,
                        struct diag *d) MUST_USE;
/* An array of such views, in this member of `object`. */
enum err decode_receipts(const struct json *object, const char *key, const struct hash *tx,
                         struct event_list *out, struct diag *d) MUST_USE;
/* block: BLOCK; when is_final, FINAL too. */
enum err decode_block(const struct json *result, bool is_final, struct event_list *out,
                      struct diag *d) MUST_USE;
/* The transaction's view: TX. */
enum err decode_transaction(const struct json *view, struct event_list *out, struct diag *d)
    MUST_USE;

struct access_key_answer {
    struct access_key key;      /* texts in the arena */
    uint64_t block_height;
    struct hash block_hash;
};
/* query view_access_key. */
enum err decode_access_key(const struct json *result, struct arena *arena,
                           struct access_key_answer *out, struct diag *d) MUST_USE;
/* query view_account: the tokens that are not staked. */
enum err decode_balance(const struct json *result, struct amount *out, struct diag *d) MUST_USE;
/* gas_price: yoctoNEAR for a unit of gas. */
enum err decode_gas_price(const struct json *result, struct amount *out, struct diag *d) MUST_USE;

/* --- messages of the feed (a whole message: an array of events) --------------------- */

enum feed_id {
    FEED_OUTCOME_OPTIMISTIC,    /* BLOCK, TX, RECEIPTs, OUTCOME */
    FEED_BLOCK_INFO,            /* BLOCK, FINAL */
    FEED_TX_RECEIPT,            /* EXECUTED */
    FEED_TX_TRANSACTION,        /* TX_STATE TX_FINAL */
    FEED_LOG_TEXT,              /* EXECUTED: only receipts that succeeded speak there */
    FEED_LOG_NEP297             /* the same */
};

const char *feed_name(enum feed_id id);     /* "tx_receipt": the last part of its path */
/* A text that is no array is the feed's complaint: ERR_REFUSED with its words. */
enum err decode_feed(enum feed_id id, struct str message, struct event_list *out,
                     struct diag *d) MUST_USE;

#endif
