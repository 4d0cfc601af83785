/* net_peer: the other end of the wire, told by the test what to do. HTTP/1.1 and websockets on
 * 127.0.0.1, on the test's own loop; it can be as rude as a real one: half answers, silence,
 * resets, garbage, frames of any shape. */
#ifndef TESTS_SUPPORT_NET_PEER_H
#define TESTS_SUPPORT_NET_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/str.h"
#include "net/loop.h"

struct net_peer;
struct net_link;        /* one connection */

struct net_request {
    struct str method, path, body;
    struct str head;            /* the whole header block */
    bool is_upgrade;
    int number;                 /* from 1, over all connections */
};

struct net_peer_script {
    /* A whole request came. Answer it with the functions below, now or later. */
    void (*request)(void *context, struct net_link *link, const struct net_request *request);
    /* A text message came on a websocket; a close frame comes as opcode 8. May be NULL. */
    void (*frame)(void *context, struct net_link *link, int opcode, struct str payload);
    /* The link is gone: forget it. May be NULL. */
    void (*gone)(void *context, struct net_link *link);
    void *context;
};

struct net_peer *net_peer_new(struct loop *loop, const struct net_peer_script *script);
void net_peer_free(struct net_peer *peer);
int net_peer_port(const struct net_peer *peer);
/* "http://127.0.0.1:N" or "ws://127.0.0.1:N" + path; good until the next call. */
const char *net_peer_url(struct net_peer *peer, const char *scheme, const char *path);
int net_peer_links(const struct net_peer *peer);        /* accepted so far */
/* New connections are refused until it is opened again, on the same port. */
void net_peer_shut(struct net_peer *peer);
void net_peer_open(struct net_peer *peer);

void net_link_answer(struct net_link *link, int status, const char *headers, struct str body);
void net_link_raw(struct net_link *link, struct str bytes);
void net_link_close(struct net_link *link);             /* after what was sent */
void net_link_reset(struct net_link *link);             /* RST */
void net_link_half_close(struct net_link *link);        /* FIN, but it goes on reading */
void net_link_upgrade(struct net_link *link, const struct net_request *request);
void net_link_text(struct net_link *link, struct str text);
/* `final` false begins or goes on with a fragmented message. */
void net_link_frame(struct net_link *link, int opcode, bool final, struct str payload);
void net_link_close_frame(struct net_link *link, int code, const char *reason);

/* A port on which nobody listens. */
int net_peer_refused_port(void);

#endif
