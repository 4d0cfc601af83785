/* ws: a websocket client on our loop. One of two users of libwebsockets (the other serves).
 *
 * Whole text messages up to a ceiling come out; fragments, control frames and the library's
 * quirks stay inside. One connection is one `struct ws`: it opens once and ends once; who
 * wants another try makes another (retry.h). A peer that is silent is asked (ping) and then
 * given up. Names are resolved off the loop's thread. wss:// goes by the proxy of the environment as
 * https:// does (proxy.h), ws:// by none. */
#ifndef NET_WS_H
#define NET_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/loop.h"

enum {
    WS_CLOSE_NORMAL = 1000,     /* the peer is done */
    WS_CLOSE_BAD_DATA = 1007,   /* Intear: a bad filter */
    WS_CLOSE_TOO_BIG = 1009
};

struct ws;

struct ws_end {
    enum err error;         /* OK: closed in order by the peer */
    int http_status;        /* of a refused upgrade: 404; else 0 */
    int close_code;         /* the peer's, 0 when it sent none */
    struct diag diag;       /* a sentence in any case */
};

struct ws_args {
    const char *url;                /* "ws://127.0.0.1:3030/events/block_info", or wss:// */
    const char *bearer;             /* for the Authorization header, copied; NULL: none is sent */
    size_t message_max;             /* bytes; a longer one ends the connection with 1009 */
    uint32_t open_timeout_ms;       /* until the upgrade is done */
    uint32_t silence_ms;            /* two pings within it, then give up; 0: never */
    void (*opened)(void *context);
    void (*message)(void *context, struct str text);        /* borrowed for the call */
    void (*round_trip)(void *context, int64_t took_ns);     /* a ping came back; may be NULL */
    void (*ended)(void *context, const struct ws_end *end); /* once; never inside ws_open */
    void *context;
};

/* ERR_SYNTAX when the url is none, ERR_UNSUPPORTED when the library cannot start. */
enum err ws_open(struct loop *loop, const struct ws_args *args, struct ws **out,
                 struct diag *d) MUST_USE;
bool ws_is_open(const struct ws *ws);
/* Queued until the socket takes it, before or after the upgrade. False: ended, or the queue
 * (1 MiB) is full. */
bool ws_send(struct ws *ws, struct str text);
/* Must be called once for each ws_open, before or after (or inside) `ended`. The socket is
 * closed on the loop's next turn, without a Close frame. No callbacks any more. NULL is fine. */
void ws_close(struct ws *take_ws);

#endif
