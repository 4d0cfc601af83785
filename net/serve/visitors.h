/* visitors: how many connections each address has, so that none takes the room of all others.
 *
 * IPv4, as the server. An address is known while it has a connection; there are at most as many as
 * connections. No I/O. */
#ifndef NET_SERVE_VISITORS_H
#define NET_SERVE_VISITORS_H

#include <stdbool.h>
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

/* One connection. */
struct visit {
    struct visitor *visitor;
    size_t before;              /* connections of that address when it came */
};

size_t visitors_count(const struct visitors *v, uint32_t address);
/* One more connection; what is returned stays until visitors_out for it. */
struct visit *visitors_in(struct visitors *v, uint32_t address);
void visitors_out(struct visitors *v, struct visit *take_visit);
/* Its address has more than `share`, and had that many before it: who came first is within. */
bool visit_is_beyond(const struct visit *visit, size_t share);

#endif
