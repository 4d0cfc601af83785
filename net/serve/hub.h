/* hub: the feed's subscribers: who listens to what, and what they are told.
 *
 * Whoever knows of blocks (the embedded chain, the relay) tells each of them once, by a function
 * that puts the block's events into a list, a kind at a time: it is asked only for kinds that
 * somebody listens to. Filters are the subscribers' own; a bad one ends its connection and no
 * other. The functions of a server's subscribers (server.h) are handed on to here. */
#ifndef NET_SERVE_HUB_H
#define NET_SERVE_HUB_H

#include "net/base/buf.h"
#include "net/serve/feed_events.h"
#include "net/serve/server.h"

struct hub;

/* One subscriber's connection, for who stands between the hub and the wire. */
struct hub_line {
    struct subscriber *subscriber;
    uint64_t due;               /* messages so far, this one included, sent or not */
    struct buf held;            /* a message that is kept back; empty: none */
};
/* False: the connection is over. */
typedef bool (*hub_send_fn)(void *context, struct hub_line *line, struct str text);

struct hub_config {
    hub_send_fn send;                   /* where drills spoil what is said; NULL: it is sent */
    void (*changed)(void *context);     /* subscriptions or filters have; may be NULL */
    void *context;
};

struct hub *hub_new(const struct hub_config *config) MUST_USE;
void hub_free(struct hub *take_hub);    /* NULL is fine; after the loop */

/* Appends the block's events of this kind. */
typedef void (*hub_events_fn)(const void *block, enum feed_kind kind, struct feed_events *out);

/* A block has come (is_final false: the kinds that are told when it is seen), or cannot go away
 * any more (the others). */
void hub_tell(struct hub *h, bool is_final, hub_events_fn events, const void *block);

/* Somebody listens to this kind, with a filter. */
bool hub_has_listeners(const struct hub *h, enum feed_kind kind);
size_t hub_count(const struct hub *h);          /* subscriptions, filter or not */
/* Each text that a filter of this kind wants `path` to equal; `others` counts the filters that
 * ask for something besides (events that no such text names may pass). */
typedef void (*hub_named_fn)(void *context, struct str text);
void hub_named(const struct hub *h, enum feed_kind kind, const char *path, hub_named_fn fn,
               void *context, size_t *others);

/* --- for the server's handlers */
bool hub_accepts(struct str path);      /* "/events/tx_receipt" */
void hub_subscribed(struct hub *h, struct subscriber *s, struct str path);
void hub_message(struct hub *h, struct subscriber *s, struct str text);
void hub_unsubscribed(struct hub *h, struct subscriber *s);

#endif
