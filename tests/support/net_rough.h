/* net_rough: a wire to a server on this machine that misbehaves as told: HTTP and websockets
 * pass, one request or message in three or so does not pass well. What goes wrong, and when, is
 * drawn from a seed. It counts what it was asked and remembers every transaction that was
 * handed to it, since nothing reaches the server but through it. */
#ifndef TESTS_SUPPORT_NET_ROUGH_H
#define TESTS_SUPPORT_NET_ROUGH_H

#include <stdbool.h>
#include <stdint.h>
#include "net/loop.h"
#include "net/near/crypto.h"

enum rough_fault {
#define X(name, when, help) ROUGH_##name,
#include "tests/support/net_rough.def"
#undef X
    ROUGH_COUNT
};

enum { ROUGH_TX_MAX = 16, ROUGH_WINDOW = 512 };

/* Of one client, over all its wires: requests (POSTs), and the most within any second. */
struct rough_meter {
    int64_t asked_ns[ROUGH_WINDOW];         /* a ring */
    unsigned requests, most_in_second;
};

void rough_meter_note(struct rough_meter *m);   /* one more, now */

struct rough_count {
    unsigned upgrades, faults;              /* sockets of the feed, what went wrong */
    unsigned handed;                        /* times that a transaction was handed over */
    struct hash tx[ROUGH_TX_MAX];           /* different ones */
    unsigned tx_count;
};

struct net_rough;

const char *rough_fault_name(enum rough_fault fault);

struct rough_args {
    int port;                       /* of the server, on 127.0.0.1 */
    uint32_t faults;                /* a bit each */
    uint64_t seed;
    struct rough_meter *meter;      /* borrowed until net_rough_free */
};
struct net_rough *net_rough_new(struct loop *loop, const struct rough_args *args);
void net_rough_free(struct net_rough *rough);       /* NULL is fine */
int net_rough_port(const struct net_rough *rough);
const struct rough_count *net_rough_count(const struct net_rough *rough);

#endif
