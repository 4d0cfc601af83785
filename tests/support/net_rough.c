#include "tests/support/net_rough.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/json.h"
#include "net/near/tx.h"
#include "net/ws.h"
#include "tests/support/chance.h"
#include "tests/support/net_peer.h"

enum {
    CHANCE = 25,                /* in a hundred, of every fault that is on */
    RARELY = 12,                /* of those that end a connection of the feed, or all asking */
    SHUT_MS = 60,
    DELAY_MS = 200,
    PIECES = 24,                /* of an answer that drips */
    OLD_AFTER = 5,              /* messages that overtake an old one */
    UPSTREAM_MS = 14000,
    MESSAGE_MAX = 16 * 1024 * 1024
};

enum when { BEFORE, AFTER, FEED };

static const struct {
    const char *name;
    enum when when;
} faults[ROUGH_COUNT] = {
#define X(name, when, help) {#name, when},
#include "tests/support/net_rough.def"
#undef X
};

/* One connection: a request under way, or a socket of the feed. */
struct exchange {
    struct net_rough *rough;
    struct exchange *next;
    struct net_link *link;
    struct http_request *http;
    struct ws *ws;
    struct loop_timer *timer;           /* of what is sent later */
    struct buf out;
    size_t piece;                       /* bytes at a time; 0: all */
    char *head;                         /* of the request for an upgrade; owned */
    struct buf held;                    /* a message that others overtake; .n 0: none */
    int overtaken_by;                   /* so many more */
    bool is_frozen, is_upgraded;
};

struct net_rough {
    struct loop *loop;
    struct net_peer *peer;
    struct http *http;
    struct exchange *first;
    struct loop_timer *door;
    int port;
    uint32_t on;
    uint64_t random;
    struct rough_meter *meter;
    struct rough_count count;
};

const char *
rough_fault_name(enum rough_fault fault)
{
    return faults[fault].name;
}

static unsigned
draw(struct net_rough *r, unsigned below)
{
    return (unsigned)((chance_next(&r->random) >> 20) % below);
}

static unsigned
chance_of(enum rough_fault fault)
{
    bool is_rare = fault == ROUGH_ws_freeze || fault == ROUGH_forbidden || fault == ROUGH_shut ||
                   fault == ROUGH_ws_cut;
    return is_rare ? RARELY : CHANCE;
}

/* The fault that is due now, or ROUGH_COUNT. */
static enum rough_fault
due(struct net_rough *r, enum when when)
{
    enum rough_fault found = ROUGH_COUNT;
    for (int i = 0; i < ROUGH_COUNT; i++) {
        if (r->on >> i & 1 && faults[i].when == when &&
            draw(r, 100) < chance_of((enum rough_fault)i))
            found = (enum rough_fault)i;
    }
    r->count.faults += found != ROUGH_COUNT;
    return found;
}

/* --- connections --------------------------------------------------------------------- */

static void on_later(void *context);

/* NULL: it is gone, as a connection may be after anything is sent on it. */
static struct exchange *
find(const struct net_rough *r, const struct net_link *link)
{
    struct exchange *x = r->first;
    while (x && x->link != link)
        x = x->next;
    return x;
}

static struct exchange *
exchange_of(struct net_rough *r, struct net_link *link)
{
    struct exchange *x = find(r, link);
    if (x)
        return x;
    x = xcalloc(1, sizeof(*x));
    x->rough = r;
    x->link = link;
    x->timer = loop_timer_new(r->loop, on_later, x);
    buf_init(&x->out, MESSAGE_MAX * 2);
    buf_init(&x->held, MESSAGE_MAX);
    x->next = r->first;
    r->first = x;
    return x;
}

static void
on_gone(void *context, struct net_link *link)
{
    struct net_rough *r = context;
    struct exchange **at = &r->first, *x;
    while (*at && (*at)->link != link)
        at = &(*at)->next;
    if (!*at)
        return;
    x = *at;
    *at = x->next;
    http_cancel(x->http);
    ws_close(x->ws);
    loop_timer_close(x->timer);
    buf_release(&x->out);
    buf_release(&x->held);
    xfree(x->head);
    xfree(x);
}

/* Sends the next piece of what is kept. The exchange may be gone after it. */
static void
on_later(void *context)
{
    struct exchange *x = context;
    struct net_link *link = x->link;
    size_t n = x->piece && x->piece < x->out.n ? x->piece : x->out.n;
    struct buf now;
    buf_init(&now, MESSAGE_MAX * 2);
    buf_add(&now, x->out.p, n);
    buf_drop(&x->out, n);
    if (x->out.n)
        loop_timer_start(x->timer, 2, 0);
    net_link_raw(link, buf_str(&now));
    buf_release(&now);
}

/* --- answers --------------------------------------------------------------------------- */

static void
write_answer(struct exchange *x, const struct http_answer *answer)
{
    buf_clear(&x->out);
    buf_addf(&x->out, "HTTP/1.1 %ld x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n",
             answer->status, answer->body.n);
    if (answer->retry_after_ms >= 0)
        buf_addf(&x->out, "Retry-After: %lld\r\n", (long long)answer->retry_after_ms / 1000);
    buf_add_c(&x->out, "\r\n");
    buf_add_str(&x->out, answer->body);
}

static void
answer_with(struct exchange *x, int status, const char *headers, const char *body)
{
    net_link_answer(x->link, status, headers, str_from(body));
}

/* So much of what is kept, then the end of the connection. */
static void
break_off(struct exchange *x, size_t n, bool in_order)
{
    struct net_link *link = x->link;
    struct net_rough *r = x->rough;
    net_link_raw(link, str_of(x->out.p, n < x->out.n ? n : x->out.n));
    bool is_there = find(r, link) != NULL;
    if (is_there && in_order)
        net_link_close(link);
    else if (is_there)
        net_link_reset(link);
}

/* The id of another request: nothing else tells answers apart. */
static void
answer_stranger(struct exchange *x)
{
    ptrdiff_t at = str_find(buf_str(&x->out), STR("\"id\":\"n"));
    if (at >= 0)
        x->out.p[at + 6] = 'm';
    on_later(x);
}

static void
answer_roughly(struct exchange *x, enum rough_fault fault)
{
    size_t all = x->out.n;
    ptrdiff_t head = str_find(buf_str(&x->out), STR("\r\n\r\n"));
    size_t body = all - (size_t)head - 4;
    if (fault == ROUGH_delay)
        loop_timer_start(x->timer, draw(x->rough, DELAY_MS), 0);
    else if (fault == ROUGH_reset_head)
        break_off(x, (size_t)head / 2, false);
    else if (fault == ROUGH_reset_body)
        break_off(x, all - body / 2 - 1, false);
    else if (fault == ROUGH_truncated)
        break_off(x, all - body / 2 - 1, true);
    else if (fault == ROUGH_stranger)
        answer_stranger(x);
    else if (fault == ROUGH_garbage)
        net_link_raw(x->link, STR("\x16\x03\x01 what? \xff\xfe\r\n\r\n"));
    else if (fault == ROUGH_empty)
        answer_with(x, 200, NULL, "");
    else if (fault == ROUGH_bad_gateway)
        answer_with(x, 502, "Content-Type: text/html\r\n", "<html>Bad gateway</html>");
    else if (fault == ROUGH_too_late)
        answer_with(x, 408, NULL, "");
    else if (fault != ROUGH_eaten)
        on_later(x);
}

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct exchange *x = context;
    x->http = NULL;
    if (answer->error) {
        net_link_reset(x->link);
        return;
    }
    enum rough_fault fault = due(x->rough, AFTER);
    write_answer(x, answer);
    x->piece = fault == ROUGH_drip ? x->out.n / PIECES + 1 : 0;
    if (fault == ROUGH_twice) {
        size_t n = x->out.n;
        char *copy = xmemdup(x->out.p, n);
        buf_add(&x->out, copy, n);
        xfree(copy);
    }
    answer_roughly(x, fault);
}

/* --- what is asked ---------------------------------------------------------------------- */

static void
note_transaction(struct net_rough *r, struct str body)
{
    struct json *root = NULL;
    struct str text;
    struct buf bytes;
    struct arena arena;
    struct signed_transaction t;
    buf_init(&bytes, TX_MAX_BYTES * 2);
    arena_init(&arena);
    if (json_parse(body, JSON_BYTES_MAX, &root, NULL) == OK &&
        json_get_string(json_find(root, "params"), "signed_tx_base64", &text, NULL) == OK &&
        base64_decode(text, &bytes, NULL) == OK &&
        tx_decode_signed(buf_str(&bytes), &arena, &t, NULL) == OK) {
        unsigned i = 0;
        r->count.handed++;
        while (i < r->count.tx_count && !hash_equal(&r->count.tx[i], &t.hash))
            i++;
        if (i == r->count.tx_count && i < ROUGH_TX_MAX)
            r->count.tx[r->count.tx_count++] = t.hash;
    }
    json_free(root);
    buf_release(&bytes);
    arena_release(&arena);
}

void
rough_meter_note(struct rough_meter *m)
{
    int64_t now = clock_monotonic_ns();
    unsigned n = 0;
    m->asked_ns[m->requests++ % ROUGH_WINDOW] = now;
    while (n < m->requests && n < ROUGH_WINDOW &&
           m->asked_ns[(m->requests - 1 - n) % ROUGH_WINDOW] > now - NS_PER_S)
        n++;
    if (n > m->most_in_second)
        m->most_in_second = n;
}

static void
pass_on(struct exchange *x, const struct net_request *request)
{
    char url[256];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%.100s", x->rough->port, "/");
    x->http = http_start(x->rough->http, &(struct http_args){
        .url = url, .body = request->body, .answer_max = MESSAGE_MAX, .timeout_ms = UPSTREAM_MS,
        .once = true, .done = on_answer, .context = x});
}

static void
on_door(void *context)
{
    struct net_rough *r = context;
    net_peer_open(r->peer);
}

static void
take_request(struct exchange *x, const struct net_request *request)
{
    struct net_rough *r = x->rough;
    enum rough_fault fault = due(r, BEFORE);
    rough_meter_note(r->meter);
    /* Who got an answer twice may be out of step, and ask again before it is answered. */
    if (x->http) {
        net_link_reset(x->link);
        return;
    }
    if (str_find(request->body, STR("signed_tx_base64")) >= 0)
        note_transaction(r, request->body);
    if (fault == ROUGH_shut) {
        net_peer_shut(r->peer);
        loop_timer_start(r->door, SHUT_MS, 0);
        net_link_reset(x->link);
    } else if (fault == ROUGH_reset) {
        net_link_reset(x->link);
    } else if (fault == ROUGH_half_close) {
        net_link_half_close(x->link);
    } else if (fault == ROUGH_limited) {
        answer_with(x, 429, "Retry-After: 1\r\n", "slow down");
    } else if (fault == ROUGH_forbidden) {
        answer_with(x, 403, NULL, "no");
    } else if (fault != ROUGH_black_hole) {
        pass_on(x, request);
    }
}

/* --- the feed --------------------------------------------------------------------------- */

static void
on_ws_opened(void *context)
{
    struct exchange *x = context;
    const struct net_request request = {.head = str_from(x->head)};
    x->is_upgraded = true;
    net_link_upgrade(x->link, &request);
}

static void
release_held(struct exchange *x)
{
    struct buf text = x->held;
    buf_init(&x->held, MESSAGE_MAX);
    net_link_text(x->link, buf_str(&text));
    buf_release(&text);
}

static void
pass_message(struct exchange *x, struct str text, unsigned times)
{
    struct net_rough *r = x->rough;
    struct net_link *link = x->link;
    bool is_due = x->held.n && --x->overtaken_by <= 0;
    for (unsigned i = 0; i < times && find(r, link); i++)
        net_link_text(link, text);
    if (is_due && find(r, link))
        release_held(x);
}

static void
on_ws_message(void *context, struct str text)
{
    struct exchange *x = context;
    enum rough_fault fault = x->is_frozen ? ROUGH_ws_freeze : due(x->rough, FEED);
    bool holds = (fault == ROUGH_ws_swap || fault == ROUGH_ws_old) && !x->held.n;
    if (fault == ROUGH_ws_freeze) {
        x->is_frozen = true;
    } else if (fault == ROUGH_ws_cut) {
        net_link_reset(x->link);
    } else if (holds) {
        buf_add_str(&x->held, text);
        x->overtaken_by = fault == ROUGH_ws_old ? OLD_AFTER : 1;
    } else if (fault != ROUGH_ws_lose) {
        text.n = fault == ROUGH_ws_half ? text.n / 2 : text.n;
        pass_message(x, text, fault == ROUGH_ws_twice ? 2 : 1);
    }
}

static void
on_ws_ended(void *context, const struct ws_end *end)
{
    struct exchange *x = context;
    if (!x->is_upgraded && end->http_status)
        answer_with(x, end->http_status, NULL, "");
    else
        net_link_reset(x->link);
}

static void
open_feed(struct exchange *x, const struct net_request *request)
{
    char url[512];
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d%.*s", x->rough->port,
             (int)(request->path.n < 300 ? request->path.n : 300), request->path.p);
    x->rough->count.upgrades++;
    x->head = xstrndup(request->head.p, request->head.n);
    const struct ws_args args = {.url = url, .message_max = MESSAGE_MAX, .open_timeout_ms = 5000,
                                 .opened = on_ws_opened, .message = on_ws_message,
                                 .ended = on_ws_ended, .context = x};
    if (ws_open(x->rough->loop, &args, &x->ws, NULL))
        net_link_reset(x->link);
}

static void
on_frame(void *context, struct net_link *link, int opcode, struct str payload)
{
    struct exchange *x = exchange_of(context, link);
    if (opcode == 8)
        net_link_close(link);
    else if (opcode == 1 && x->ws)
        ws_send(x->ws, payload);
}

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct exchange *x = exchange_of(context, link);
    if (request->is_upgrade)
        open_feed(x, request);
    else
        take_request(x, request);
}

/* --- the wire --------------------------------------------------------------------------- */

struct net_rough *
net_rough_new(struct loop *loop, const struct rough_args *args)
{
    struct net_rough *r = xcalloc(1, sizeof(*r));
    const struct net_peer_script script = {
        .request = on_request, .frame = on_frame, .gone = on_gone, .context = r};
    r->loop = loop;
    r->port = args->port;
    r->on = args->faults;
    r->meter = args->meter;
    r->random = (args->seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    r->http = http_new(loop);
    r->door = loop_timer_new(loop, on_door, r);
    r->peer = net_peer_new(loop, &script);
    return r;
}

void
net_rough_free(struct net_rough *r)
{
    if (!r)
        return;
    net_peer_free(r->peer);
    loop_timer_close(r->door);
    http_free(r->http);
    xfree(r);
}

int
net_rough_port(const struct net_rough *r)
{
    return net_peer_port(r->peer);
}

const struct rough_count *
net_rough_count(const struct net_rough *r)
{
    return &r->count;
}
