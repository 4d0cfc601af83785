/* net_teller: a node that tells what the test wants told, and an rpc that asks it.
 *
 * For tests of whoever asks a few methods over JSON-RPC: they need no chain, no recorded call and
 * no trouble on the wire. Those have net_node.h and net_peer.h. */
#ifndef TESTS_SUPPORT_NET_TELLER_H
#define TESTS_SUPPORT_NET_TELLER_H

#include "net/http.h"
#include "net/json.h"
#include "net/rpc.h"
#include "tests/support/net_peer.h"

/* "\"result\":…" or "\"error\":…": the member of the answer that is not the envelope's. */
typedef const char *(*net_teller_fn)(void *context, struct str method, const struct json *params);

struct net_teller {
    struct loop *loop;
    struct http *http;
    struct net_peer *peer;
    struct rpc *rpc;            /* tries again after a millisecond */
    net_teller_fn answer;
    void *context;
    int served;                 /* requests so far */
};

void net_teller_open(struct net_teller *t, net_teller_fn answer, void *context);
/* Whoever asks has to be stopped before. */
void net_teller_close(struct net_teller *t);

#endif
