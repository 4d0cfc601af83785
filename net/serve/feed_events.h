/* feed_events: events of the feed as JSON, one object each.
 *
 * Names and fields are those of the public feed (Intear v3), keys in alphabetical order;
 * outcome_optimistic is our own. What happened is for the caller to know (the embedded chain, the
 * relay); how it is said stands here. Who gets what is the affair of hub.h. */
#ifndef NET_SERVE_FEED_EVENTS_H
#define NET_SERVE_FEED_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/json.h"
#include "net/near/crypto.h"

enum feed_kind {
#define X(name, when) FEED_##name,
#include "net/serve/feed.def"
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

/* One event more, an object: what stands between the two is its members. */
void feed_events_begin(struct feed_events *e, struct json_writer *w);
void feed_events_end(struct feed_events *e, struct json_writer *w);

/* A receipt that has run, and where. */
struct feed_place {
    uint64_t height, time_ns;
    struct str executor, predecessor;
    struct hash receipt, tx;
};
void feed_put_place(struct json_writer *w, const struct feed_place *p);     /* height and time */
void feed_put_hash(struct json_writer *w, const char *key, const struct hash *h);

/* tx_receipt */
void feed_add_receipt(struct feed_events *e, const struct feed_place *p, bool success);
/* What one log of a receipt that succeeded is in log_text, log_nep297 or a kind of tokens;
 * perhaps nothing. */
void feed_add_log(struct feed_events *e, enum feed_kind kind, const struct feed_place *p,
                  struct str line);

/* --- feed_tokens.c: for feed_events.c */
/* What one log, read as JSON, says of tokens; false when this kind is not of tokens. */
bool feed_tokens_add(struct feed_events *e, enum feed_kind kind, const struct feed_place *p,
                     const struct json *root);

#endif
