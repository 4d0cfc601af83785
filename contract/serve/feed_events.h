/* feed_events: what one block has to say on the feed, as JSON.
 *
 * Names and fields are those of the public feed (Intear v3), keys in alphabetical order, one
 * object an event; outcome_optimistic is our own. Pure: chain in, text out. Who gets what is
 * the affair of feed.c. */
#ifndef CONTRACT_SERVE_FEED_EVENTS_H
#define CONTRACT_SERVE_FEED_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include "contract/chain/chain.h"
#include "net/base/buf.h"
#include "net/json.h"

enum feed_kind {
#define X(name, when) FEED_##name,
#include "contract/serve/feed.def"
#undef X
    FEED_COUNT
};

/* The kind that is called so, or FEED_COUNT. */
enum feed_kind feed_kind_of(struct str name);
const char *feed_kind_name(enum feed_kind kind);
bool feed_kind_is_final(enum feed_kind kind);

/* Events back to back, and where each ends. What does not fit any more is left out. */
struct feed_events {
    struct buf text;
    size_t *ends;           /* owned, count of them */
    size_t count, room;
};
void feed_events_init(struct feed_events *e);
void feed_events_release(struct feed_events *e);
struct str feed_events_at(const struct feed_events *e, size_t index);

/* A block, and the transactions of which it ran the last receipt. */
struct feed_block {
    const struct chain *chain;
    const struct chain_block *block;
    const struct signed_transaction *const *finished;
    size_t finished_count;
};
/* Appends the block's events of this kind. */
void feed_events_add(struct feed_events *e, enum feed_kind kind, const struct feed_block *b);

/* One event more, an object: what stands between the two is its members. */
void feed_events_begin(struct feed_events *e, struct json_writer *w);
void feed_events_end(struct feed_events *e, struct json_writer *w);
void feed_put_block(struct json_writer *w, const struct chain_block *b);

/* --- feed_tokens.c */
/* What one log, read as JSON, says of tokens; false when this kind is not of tokens. */
bool feed_tokens_add(struct feed_events *e, enum feed_kind kind, const struct feed_block *f,
                     const struct chain_outcome *o, const struct json *root);

#endif
