#include "tests/support/net_peer.h"

#include <assert.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <libwebsockets.h>
#include "net/base/xalloc.h"

enum { IN_MAX = 8 * 1024 * 1024, OUT_MAX = 64 * 1024 * 1024 };

struct net_link {
    struct net_peer *peer;
    struct net_link *next;
    struct loop_watch *watch;
    int fd;
    struct buf in, out;
    bool is_websocket, closes_when_sent;
};

struct net_peer {
    int holder;             /* bound alone: nobody takes the port while it is shut */
    struct loop *loop;
    struct net_peer_script script;
    struct loop_watch *watch;
    int fd, port, links_accepted, requests;
    struct net_link *first;
    char url[256];
};

static void
drop_link(struct net_link *link)
{
    struct net_link **at = &link->peer->first;
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    if (link->peer->script.gone)
        link->peer->script.gone(link->peer->script.context, link);
    loop_watch_close(link->watch);
    close(link->fd);
    buf_release(&link->in);
    buf_release(&link->out);
    xfree(link);
}

static bool
is_alive(const struct net_peer *peer, const struct net_link *link)
{
    for (const struct net_link *l = peer->first; l; l = l->next) {
        if (l == link)
            return true;
    }
    return false;
}

/* False: the link is gone. */
static bool
flush_link(struct net_link *link)
{
    while (link->out.n) {
        ssize_t n = send(link->fd, link->out.p, link->out.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0) {
            drop_link(link);
            return false;
        }
        buf_drop(&link->out, (size_t)n);
    }
    if (link->out.n == 0 && link->closes_when_sent) {
        drop_link(link);
        return false;
    }
    loop_watch_set(link->watch, link->out.n ? LOOP_READ | LOOP_WRITE : LOOP_READ);
    return true;
}

static struct str
header(struct str head, const char *name)
{
    struct str line, rest = head;
    while (str_take_until(&rest, '\n', &line)) {
        struct str key;
        if (str_take_until(&line, ':', &key) && str_equal_nocase(key, str_from(name)))
            return str_trim(line);
    }
    return (struct str){0};
}

/* True: a whole request was taken off the buffer, and the link may be gone. */
static bool
take_request(struct net_link *link)
{
    ptrdiff_t end = str_find(buf_str(&link->in), STR("\r\n\r\n"));
    if (end < 0)
        return false;
    struct str head = str_slice(buf_str(&link->in), 0, (size_t)end + 2);
    uint64_t length = 0;
    struct str text = header(head, "content-length");
    if (text.n && !str_to_u64(text, &length))
        length = 0;
    size_t whole = (size_t)end + 4 + (size_t)length;
    if (link->in.n < whole)
        return false;
    char *copy = xmemdup(link->in.p, whole + 1);
    buf_drop(&link->in, whole);
    struct net_request request = {.head = str_of(copy, (size_t)end + 2),
                                  .body = str_of(copy + end + 4, (size_t)length),
                                  .number = ++link->peer->requests};
    struct str first = request.head;
    if (!str_take_until(&first, ' ', &request.method) ||
        !str_take_until(&first, ' ', &request.path))
        request.path = STR("?");
    request.is_upgrade = header(request.head, "upgrade").n > 0;
    link->peer->script.request(link->peer->script.context, link, &request);
    xfree(copy);
    return true;
}

static bool
take_frame(struct net_link *link)
{
    const unsigned char *p = (const unsigned char *)link->in.p;
    size_t have = link->in.n, head = 2;
    if (have < 2)
        return false;
    size_t length = p[1] & 0x7f;
    if (length == 126) {
        head = 4;
        if (have < head)
            return false;
        length = (size_t)p[2] << 8 | p[3];
    }
    assert(length != 127);      /* no client of ours sends 64 KiB */
    bool is_masked = p[1] & 0x80;
    size_t whole = head + (is_masked ? 4 : 0) + length;
    if (have < whole)
        return false;
    char *payload = xmalloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char mask = is_masked ? p[head + i % 4] : 0;
        payload[i] = (char)(p[whole - length + i] ^ mask);
    }
    int opcode = p[0] & 0x0f;
    buf_drop(&link->in, whole);
    if (opcode == 9)
        net_link_frame(link, 10, true, str_of(payload, length));
    else if (link->peer->script.frame)
        link->peer->script.frame(link->peer->script.context, link, opcode,
                                 str_of(payload, length));
    xfree(payload);
    return true;
}

static void
on_link(void *context, unsigned events)
{
    struct net_link *link = context;
    struct net_peer *peer = link->peer;
    if (events & LOOP_WRITE && !flush_link(link))
        return;
    if (!(events & (LOOP_READ | LOOP_ERROR)))
        return;
    char bytes[16384];
    ssize_t n = recv(link->fd, bytes, sizeof(bytes), 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        drop_link(link);
        return;
    }
    buf_add(&link->in, bytes, (size_t)n);
    while (is_alive(peer, link) && (link->is_websocket ? take_frame(link) : take_request(link)))
        ;
}

static void
on_accept(void *context, unsigned events)
{
    struct net_peer *peer = context;
    (void)events;
    int fd = accept(peer->fd, NULL, NULL);
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct net_link *link = xcalloc(1, sizeof(*link));
    link->peer = peer;
    link->fd = fd;
    buf_init(&link->in, IN_MAX);
    buf_init(&link->out, OUT_MAX);
    link->next = peer->first;
    peer->first = link;
    peer->links_accepted++;
    enum err e = loop_watch_fd(peer->loop, fd, LOOP_READ, on_link, link, &link->watch, NULL);
    assert(e == OK);
}

/* Port 0: a free one. */
static int
bind_at(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    int code = bind(fd, (struct sockaddr *)&address, size);
    assert(code == 0);
    code = getsockname(fd, (struct sockaddr *)&address, &size);
    assert(code == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int
listen_at(int *port)
{
    int fd = bind_at(port);
    int code = listen(fd, 64);
    assert(code == 0);
    return fd;
}

int
net_peer_refused_port(void)
{
    int port = 0;
    close(listen_at(&port));
    return port;
}

struct net_peer *
net_peer_new(struct loop *loop, const struct net_peer_script *script)
{
    struct net_peer *peer = xcalloc(1, sizeof(*peer));
    peer->loop = loop;
    peer->script = *script;
    peer->holder = bind_at(&peer->port);
    net_peer_open(peer);
    return peer;
}

void
net_peer_open(struct net_peer *peer)
{
    if (peer->watch)
        return;
    peer->fd = listen_at(&peer->port);
    enum err e = loop_watch_fd(peer->loop, peer->fd, LOOP_READ, on_accept, peer, &peer->watch,
                               NULL);
    assert(e == OK);
}

void
net_peer_shut(struct net_peer *peer)
{
    if (!peer->watch)
        return;
    loop_watch_close(peer->watch);
    peer->watch = NULL;
    close(peer->fd);
}

void
net_peer_free(struct net_peer *peer)
{
    while (peer->first)
        drop_link(peer->first);
    net_peer_shut(peer);
    close(peer->holder);
    xfree(peer);
}

int
net_peer_port(const struct net_peer *peer)
{
    return peer->port;
}

const char *
net_peer_url(struct net_peer *peer, const char *scheme, const char *path)
{
    snprintf(peer->url, sizeof(peer->url), "%s://127.0.0.1:%d%s", scheme, peer->port, path);
    return peer->url;
}

int
net_peer_links(const struct net_peer *peer)
{
    return peer->links_accepted;
}

void
net_link_raw(struct net_link *link, struct str bytes)
{
    buf_add_str(&link->out, bytes);
    flush_link(link);
}

void
net_link_answer(struct net_link *link, int status, const char *headers, struct str body)
{
    buf_addf(&link->out, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n%s\r\n", status, body.n,
             headers ? headers : "");
    net_link_raw(link, body);
}

void
net_link_close(struct net_link *link)
{
    link->closes_when_sent = true;
    flush_link(link);
}

void
net_link_reset(struct net_link *link)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    drop_link(link);
}

void
net_link_half_close(struct net_link *link)
{
    shutdown(link->fd, SHUT_WR);
}

void
net_link_upgrade(struct net_link *link, const struct net_request *request)
{
    struct str key = header(request->head, "sec-websocket-key");
    char text[128], accept_key[64];
    unsigned char digest[20];
    snprintf(text, sizeof(text), "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", STR_ARG(key));
    lws_SHA1((const unsigned char *)text, strlen(text), digest);
    lws_b64_encode_string((const char *)digest, sizeof(digest), accept_key, sizeof(accept_key));
    link->is_websocket = true;
    buf_addf(&link->out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept_key);
    flush_link(link);
}

void
net_link_frame(struct net_link *link, int opcode, bool final, struct str payload)
{
    unsigned char head[10] = {(unsigned char)((final ? 0x80 : 0) | opcode)};
    size_t n = 2;
    if (payload.n < 126) {
        head[1] = (unsigned char)payload.n;
    } else if (payload.n < 65536) {
        head[1] = 126;
        head[2] = (unsigned char)(payload.n >> 8);
        head[3] = (unsigned char)payload.n;
        n = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++)
            head[2 + i] = (unsigned char)((uint64_t)payload.n >> (56 - 8 * i));
        n = 10;
    }
    buf_add(&link->out, head, n);
    net_link_raw(link, payload);
}

void
net_link_text(struct net_link *link, struct str text)
{
    net_link_frame(link, 1, true, text);
}

void
net_link_close_frame(struct net_link *link, int code, const char *reason)
{
    char payload[128];
    payload[0] = (char)(code >> 8);
    payload[1] = (char)code;
    size_t n = strlen(reason);
    memcpy(payload + 2, reason, n);
    net_link_frame(link, 8, true, str_of(payload, n + 2));
}
