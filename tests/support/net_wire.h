/* net_wire: a wire between a client and a server on this machine, that counts what goes over
 * it: HTTP requests, connections, bytes each way. Websockets pass like everything else. */
#ifndef TESTS_SUPPORT_NET_WIRE_H
#define TESTS_SUPPORT_NET_WIRE_H

#include <stdint.h>
#include "net/loop.h"

struct net_wire;

struct net_wire_count {
    unsigned connections, upgrades, requests;       /* requests: POSTs */
    uint64_t bytes_up, bytes_down;                  /* to the server, from it */
};

/* To 127.0.0.1:port. */
struct net_wire *net_wire_new(struct loop *loop, int port);
void net_wire_free(struct net_wire *wire);
int net_wire_port(const struct net_wire *wire);
/* Since the last time that it was asked. */
struct net_wire_count net_wire_take(struct net_wire *wire);

#endif
