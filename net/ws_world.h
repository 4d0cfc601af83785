/* ws_world: the websocket library on one loop, for ws.c alone; nobody else includes this.
 *
 * It cannot be torn down while the loop goes on (its handles close late), so it is made once and
 * stays until the loop ends. TLS has one of its own, since loading the certificates costs time and
 * memory that the loopback need not pay; one for all, since the library forgets the certificates of
 * the first when there is a second. What goes through a proxy has its own virtual host in that. */
#ifndef NET_WS_WORLD_H
#define NET_WS_WORLD_H

#include <libwebsockets.h>
#include "net/base/err.h"
#include "net/loop.h"
#include "net/proxy.h"

enum { WS_PIECE_MAX = 65536 };  /* bytes; the library hands over at most this at once */

struct ws;

struct ws_world {
    struct ws_world *next;
    struct loop *loop;
    struct lws_context *context;    /* set to NULL by the library when really freed */
    struct lws_vhost *vhost;
    struct lws_vhost *proxied;      /* NULL: nothing has gone through a proxy yet */
    struct ws *first;               /* all that are not freed yet */
    bool is_secure;
};

extern const struct lws_protocols ws_protocols[];
/* Its own pings are off: a websocket has ours. */
extern const lws_retry_bo_t ws_idle_policy;

/* ERR_UNSUPPORTED: the library cannot start. Ends with the loop. */
enum err ws_world_of(struct loop *loop, bool is_secure, struct ws_world **out,
                      struct diag *d) MUST_USE;
/* What is connected to by `proxied` from now on, until another one is said, goes through that proxy,
 * whose host has been found to be at `address`. */
enum err ws_world_go_through(struct ws_world *w, const struct proxy *proxy, const char *address,
                             struct diag *d) MUST_USE;

/* The last line of the library's log: often the only reason it gives. */
const char *ws_world_said(void);
void ws_world_hush(void);       /* what it said before is of no interest */

/* --- ws.c */
int ws_on_event(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n);
/* The loop is ending. */
void ws_drop_timer(struct ws *ws);
struct ws *ws_next(const struct ws *ws);

#endif
