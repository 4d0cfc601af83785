/* server: HTTP requests and websocket subscribers on one loopback port. One of the two users
 * of libwebsockets (the other is the client, net/ws.c); knows nothing of NEAR.
 *
 * A request is handed over when its body is complete and answered now or later, once, with
 * server_answer. A subscriber's messages are whole texts; what is sent to it is queued up to
 * SERVER_QUEUE_BYTES, for all of them up to SERVER_QUEUES_BYTES, and one that does not keep up is
 * closed, it alone: of all together the one that has taken nothing for the longest time. One that
 * answers no ping for fifteen seconds is dropped. Beyond SERVER_MAX_CONNECTIONS, or half of the
 * files that the system allows, a new connection is closed at once; a request's head has 16 KiB and
 * five seconds. Where many machines come in (server_share_out), an address has a quarter of the
 * connections: one more is answered with 429 and a sentence, some more are closed at once. */
#ifndef NET_SERVE_SERVER_H
#define NET_SERVE_SERVER_H

#include <stdbool.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/loop.h"

enum {
    SERVER_MAX_BODY = 10 * 1024 * 1024,
    SERVER_MAX_MESSAGE = 64 * 1024,
    SERVER_QUEUE_BYTES = 16 * 1024 * 1024,
    SERVER_QUEUES_BYTES = 128 * 1024 * 1024,
    SERVER_MAX_CONNECTIONS = 1000
};

struct server;
struct server_request;
struct subscriber;

enum server_answer_kind { ANSWER_NORMAL, ANSWER_CUT };

/* HEAD is a GET whose body stays here. */
enum server_method { SERVER_GET, SERVER_POST };

struct server_call {
    enum server_method method;
    struct str path;            /* without what stands behind a '?' */
    struct str content_type;    /* without parameters; empty when there was none */
    struct str body;
};

struct server_handlers {
    /* What is in *call is borrowed until the function returns. */
    void (*request)(void *context, struct server_request *r, const struct server_call *call);
    /* The peer left before it was answered: forget r. */
    void (*gone)(void *context, struct server_request *r);
    /* May who sends this Authorization header (empty: none) subscribe? False answers 401. NULL:
     * everybody may. */
    bool (*may_enter)(void *context, struct str authorization);
    /* May this path be subscribed to? False answers 404. */
    bool (*accepts)(void *context, struct str path);
    void (*subscribed)(void *context, struct subscriber *s, struct str path);
    void (*message)(void *context, struct subscriber *s, struct str text);
    void (*unsubscribed)(void *context, struct subscriber *s);
    void *context;
};

/* On 127.0.0.1. The port that was taken is in *port. */
enum err server_start(struct loop *loop, int port, const struct server_handlers *handlers,
                      struct server **out, int *taken, struct diag *d) MUST_USE;
/* On that address, "0.0.0.0" for all of this machine's. */
enum err server_start_at(struct loop *loop, const char *address, int port,
                         const struct server_handlers *handlers, struct server **out, int *taken,
                         struct diag *d) MUST_USE;
/* Pings go out so often, 5000 at first; three times as long without an answer is too long. */
void server_set_ping(struct server *s, unsigned ms);
void server_set_queues(struct server *s, size_t bytes);     /* SERVER_QUEUES_BYTES at first */
/* One address may not have all connections: a quarter. */
void server_share_out(struct server *s);
void server_stop(struct server *take_s);        /* before loop_free, which does the rest */

/* extra_header may be NULL ("retry-after: 1"). */
void server_answer(struct server_request *r, int status, const char *content_type,
                   const char *extra_header, struct str body, enum server_answer_kind kind);

void subscriber_send(struct subscriber *s, struct str text);
/* Sends what is queued, then a close frame with this code and reason. */
void subscriber_close(struct subscriber *s, int code, const char *reason);
/* Cuts the connection without a word. */
void subscriber_drop(struct subscriber *s);
void subscriber_set_data(struct subscriber *s, void *data);
void *subscriber_data(const struct subscriber *s);

#endif
