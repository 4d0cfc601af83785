/* server_private: what the two halves of the server share: server.c has the HTTP and the library's
 * one callback, server_feed.c the subscribers. Nobody else includes this. */
#ifndef NET_SERVE_SERVER_PRIVATE_H
#define NET_SERVE_SERVER_PRIVATE_H

#include <libwebsockets.h>
#include <stdint.h>
#include "net/serve/outbox.h"
#include "net/serve/server.h"
#include "net/serve/visitors.h"

enum { PIECE = 64 * 1024 };     /* that is read or written at a time */

struct server {
    struct loop *loop;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[2];
    struct server_handlers handlers;
    struct loop_timer *pings;       /* NULL when the loop is ending */
    struct subscriber *subscribers;     /* a list */
    unsigned ping_ms;
    size_t queued, queues_bytes;    /* bytes that wait for any of them, and may */
    size_t connections, connections_max;
    size_t share;                   /* connections of one address; connections_max: any number */
    struct visitors visitors;
};

struct subscriber {
    struct server *server;
    struct lws *wsi;
    struct subscriber *next;
    struct outbox outbox;
    size_t written;             /* of its first message */
    struct buf incoming;
    int64_t heard_ns;
    int64_t taken_ns;           /* when the socket took something, or something began to wait */
    int close_code;             /* 0: none to be sent, or sent already */
    char close_reason[124];
    bool wants_ping, is_closing;
    void *data;
};

/* --- server_feed.c: what the library tells of a subscriber. -1: hang up. */
void subscriber_began(struct server *server, struct lws *wsi, struct subscriber *s, const char *path);
void subscriber_ended(struct subscriber *s);
int subscriber_heard(struct subscriber *s, const void *bytes, size_t n);
void subscriber_lives(struct subscriber *s);
int subscriber_write(struct subscriber *s);
void subscribers_ping(void *server);

#endif
