#include "tests/support/net_wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "net/base/xalloc.h"

struct wire_link {
    struct net_wire *wire;
    struct wire_link *next;
    int client, server;
    struct loop_watch *of_client, *of_server;
};

struct net_wire {
    struct loop *loop;
    struct loop_watch *watch;
    int fd, port, target;
    struct wire_link *first;
    struct net_wire_count count;
};

static void
drop_link(struct wire_link *link)
{
    struct wire_link **at = &link->wire->first;
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    loop_watch_close(link->of_client);
    loop_watch_close(link->of_server);
    close(link->client);
    close(link->server);
    xfree(link);
}

/* The loop's sockets do not block, but here it is waited until the other end has read: a wire keeps
 * nothing. False: over. */
static bool
carry(int from, int to, char *bytes, size_t room, size_t *n)
{
    ssize_t got = recv(from, bytes, room, 0);
    if (got <= 0)
        return false;
    *n = (size_t)got;
    for (size_t sent = 0; sent < *n;) {
        struct pollfd other = {.fd = to, .events = POLLOUT};
        ssize_t now = send(to, bytes + sent, *n - sent, MSG_NOSIGNAL);
        if (now < 0 && errno == EAGAIN && poll(&other, 1, -1) > 0)
            continue;
        if (now <= 0)
            return false;
        sent += (size_t)now;
    }
    return true;
}

static void
on_client(void *context, unsigned events)
{
    struct wire_link *link = context;
    char bytes[65536];
    size_t n = 0;
    (void)events;
    if (!carry(link->client, link->server, bytes, sizeof(bytes), &n)) {
        drop_link(link);
        return;
    }
    /* A client writes the head of a request in one piece. */
    link->wire->count.requests += str_starts(str_of(bytes, n), STR("POST "));
    link->wire->count.upgrades += str_starts(str_of(bytes, n), STR("GET /events/"));
    link->wire->count.bytes_up += n;
}

static void
on_server(void *context, unsigned events)
{
    struct wire_link *link = context;
    char bytes[65536];
    size_t n = 0;
    (void)events;
    if (carry(link->server, link->client, bytes, sizeof(bytes), &n))
        link->wire->count.bytes_down += n;
    else
        drop_link(link);
}

static struct sockaddr_in
address_of(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void
on_accept(void *context, unsigned events)
{
    struct net_wire *wire = context;
    struct sockaddr_in address = address_of(wire->target);
    (void)events;
    int client = accept(wire->fd, NULL, NULL);
    if (client < 0)
        return;
    struct wire_link *link = xcalloc(1, sizeof(*link));
    link->wire = wire;
    link->client = client;
    link->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int code = connect(link->server, (struct sockaddr *)&address, sizeof(address));
    assert(code == 0);
    link->next = wire->first;
    wire->first = link;
    wire->count.connections++;
    enum err e = loop_watch_fd(wire->loop, client, LOOP_READ, on_client, link, &link->of_client,
                               NULL);
    assert(e == OK);
    e = loop_watch_fd(wire->loop, link->server, LOOP_READ, on_server, link, &link->of_server, NULL);
    assert(e == OK);
}

struct net_wire *
net_wire_new(struct loop *loop, int port)
{
    struct net_wire *wire = xcalloc(1, sizeof(*wire));
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof(address);
    wire->loop = loop;
    wire->target = port;
    wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int code = bind(wire->fd, (struct sockaddr *)&address, size);
    assert(code == 0);
    code = listen(wire->fd, 16);
    assert(code == 0);
    code = getsockname(wire->fd, (struct sockaddr *)&address, &size);
    assert(code == 0);
    wire->port = ntohs(address.sin_port);
    enum err e = loop_watch_fd(loop, wire->fd, LOOP_READ, on_accept, wire, &wire->watch, NULL);
    assert(e == OK);
    return wire;
}

void
net_wire_free(struct net_wire *wire)
{
    while (wire->first)
        drop_link(wire->first);
    loop_watch_close(wire->watch);
    close(wire->fd);
    xfree(wire);
}

int
net_wire_port(const struct net_wire *wire)
{
    return wire->port;
}

struct net_wire_count
net_wire_take(struct net_wire *wire)
{
    struct net_wire_count count = wire->count;
    wire->count = (struct net_wire_count){.connections = 0};
    return count;
}
