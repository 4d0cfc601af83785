/* visitors: how many connections each address has, so that none takes the room of all others.
 *
 * IPv4, as the server. An address is known while it has a connection; there are at most as many as
 * connections. No I/O. */
#ifndef NET_SERVE_VISITORS_H
#define NET_SERVE_VISITORS_H

#include <stddef.h>
#include <stdint.h>

struct visitor {
    struct visitor *next;
    uint32_t address;           /* in network order; 0: not known, which is one address */
    size_t connections;
};

struct visitors {
    struct visitor *first;      /* a list, owned */
};

size_t visitors_count(const struct visitors *v, uint32_t address);
/* One more connection; what is returned stays until visitors_out for it. */
struct visitor *visitors_in(struct visitors *v, uint32_t address);
void visitors_out(struct visitors *v, struct visitor *visitor);

#endif
