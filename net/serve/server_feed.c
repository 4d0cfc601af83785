/* Subscribers: what they are sent, what they send, and whether they are still there. */
#include <stdio.h>
#include <string.h>
#include "net/serve/server_private.h"
#include "net/base/clock.h"
#include "net/base/xalloc.h"

enum {
    SILENT_PINGS = 3,           /* so many without a pong, and it is gone */
    POLICY_VIOLATION = 1008,
    WRITE_CLOSE = 4             /* a Close frame: a number that the library keeps private */
};

void
subscriber_began(struct server *server, struct lws *wsi, struct subscriber *s, const char *path)
{
    *s = (struct subscriber){.server = server, .wsi = wsi, .next = server->subscribers};
    outbox_init(&s->outbox, SERVER_QUEUE_BYTES, LWS_PRE);
    s->heard_ns = clock_monotonic_ns();
    buf_init(&s->incoming, SERVER_MAX_MESSAGE);
    server->subscribers = s;
    if (!loop_timer_is_active(server->pings))
        loop_timer_start(server->pings, server->ping_ms, server->ping_ms);
    server->handlers.subscribed(server->handlers.context, s, str_from(path));
}

static void
clear_outbox(struct subscriber *s)
{
    size_t bytes = s->outbox.bytes;
    s->server->queued -= bytes;
    outbox_clear(&s->outbox);
    s->written = 0;
    xtrim(bytes);
}

void
subscriber_ended(struct subscriber *s)
{
    struct server *server = s->server;
    if (!server)
        return;
    struct subscriber **link = &server->subscribers;
    while (*link && *link != s)
        link = &(*link)->next;
    if (*link)
        *link = s->next;
    if (!server->subscribers && server->pings)
        loop_timer_stop(server->pings);
    server->handlers.unsubscribed(server->handlers.context, s);
    clear_outbox(s);
    buf_release(&s->incoming);
    s->server = NULL;
}

/* A pong is a sign of life, a text is none: so the public feed has it. */
void
subscriber_lives(struct subscriber *s)
{
    s->heard_ns = clock_monotonic_ns();
}

/* One frame, which may come in pieces; a message of several frames, or a binary one, ends the
 * connection, as on the public feed. */
int
subscriber_heard(struct subscriber *s, const void *bytes, size_t n)
{
    if (!s->server || s->is_closing)
        return 0;
    if (lws_is_first_fragment(s->wsi))
        buf_clear(&s->incoming);
    if (lws_frame_is_binary(s->wsi) || !buf_add(&s->incoming, bytes, n))
        return -1;
    if (lws_is_final_fragment(s->wsi))
        s->server->handlers.message(s->server->handlers.context, s, buf_str(&s->incoming));
    else if (lws_remaining_packet_payload(s->wsi) == 0)
        return -1;
    return 0;
}

static void
be_too_slow(struct subscriber *s)
{
    clear_outbox(s);
    subscriber_close(s, POLICY_VIOLATION, "too slow");
}

/* Who has not taken anything for the longest time; NULL: for nobody anything waits. */
static struct subscriber *
slowest(const struct server *server)
{
    struct subscriber *slow = NULL;
    for (struct subscriber *s = server->subscribers; s; s = s->next) {
        if (!s->is_closing && s->outbox.bytes && (!slow || s->taken_ns < slow->taken_ns))
            slow = s;
    }
    return slow;
}

void
subscriber_send(struct subscriber *s, struct str text)
{
    struct server *server = s->server;
    struct subscriber *slow;
    /* All together have so much room: it is the slowest who has to leave, not who comes last. */
    while (!s->is_closing && server->queued + text.n > server->queues_bytes &&
           (slow = slowest(server)))
        be_too_slow(slow);
    if (s->is_closing)
        return;
    if (outbox_is_empty(&s->outbox))
        s->taken_ns = clock_monotonic_ns();
    if (!outbox_add(&s->outbox, text)) {
        be_too_slow(s);
        return;
    }
    server->queued += text.n;
    lws_callback_on_writable(s->wsi);
}

void
subscriber_close(struct subscriber *s, int code, const char *reason)
{
    s->is_closing = true;
    s->close_code = code;
    snprintf(s->close_reason, sizeof(s->close_reason), "%s", reason);
    lws_callback_on_writable(s->wsi);
}

void
subscriber_drop(struct subscriber *s)
{
    s->is_closing = true;
    s->close_code = 0;
    clear_outbox(s);
    lws_callback_on_writable(s->wsi);
}

void
subscriber_set_data(struct subscriber *s, void *data)
{
    s->data = data;
}

void *
subscriber_data(const struct subscriber *s)
{
    return s->data;
}

/* By hand: the Close frame that version 4.1.6 ought to send when this callback says "hang up"
 * with a reason set does not arrive. */
static int
write_close(struct subscriber *s)
{
    unsigned char room[LWS_PRE + 2 + sizeof(s->close_reason)];
    size_t n = strlen(s->close_reason);
    room[LWS_PRE] = (unsigned char)(s->close_code >> 8);
    room[LWS_PRE + 1] = (unsigned char)s->close_code;
    memcpy(room + LWS_PRE + 2, s->close_reason, n);
    s->close_code = 0;
    if (lws_write(s->wsi, room + LWS_PRE, n + 2, (enum lws_write_protocol)WRITE_CLOSE) < 0)
        return -1;
    lws_callback_on_writable(s->wsi);
    return 0;
}

/* A message goes out in pieces, frames of it, since the library keeps a copy of what the socket does
 * not take: for who does not read that is one piece. */
static int
write_message(struct subscriber *s)
{
    size_t n;
    unsigned char *text = outbox_first(&s->outbox, &n);
    size_t piece = n - s->written < PIECE ? n - s->written : PIECE;
    bool is_last = s->written + piece == n;
    int flags = lws_write_ws_flags(LWS_WRITE_TEXT, s->written == 0, is_last);
    int written = lws_write(s->wsi, text + s->written, piece, (enum lws_write_protocol)flags);
    s->written += piece;
    s->taken_ns = clock_monotonic_ns();
    if (is_last) {
        s->written = 0;
        s->server->queued -= n;
        outbox_drop(&s->outbox);
    }
    return written < 0 ? -1 : 0;
}

/* One write a call, as the library wants it. -1: hang up. */
int
subscriber_write(struct subscriber *s)
{
    /* One byte: the library, version 4.1.6, keeps quiet about a pong without any. */
    static unsigned char ping[LWS_PRE + 1] = {[LWS_PRE] = '.'};
    if (!s->server)
        return -1;
    /* First of all: who reads all the time has always something waiting, and is alive. */
    if (s->wants_ping && !s->is_closing) {
        s->wants_ping = false;
        if (lws_write(s->wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0)
            return -1;
    } else if (!outbox_is_empty(&s->outbox)) {
        if (write_message(s) < 0)
            return -1;
    } else if (s->is_closing) {
        return s->close_code ? write_close(s) : -1;
    }
    if (!outbox_is_empty(&s->outbox) || s->is_closing || s->wants_ping)
        lws_callback_on_writable(s->wsi);
    return 0;
}

void
subscribers_ping(void *context)
{
    struct server *server = context;
    int64_t now = clock_monotonic_ns();
    for (struct subscriber *s = server->subscribers, *next; s; s = next) {
        next = s->next;
        if (now - s->heard_ns > (int64_t)server->ping_ms * SILENT_PINGS * NS_PER_MS) {
            /* As the public feed does: no Close frame. Runs the closing callback right here. */
            lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
            continue;
        }
        s->wants_ping = true;
        lws_callback_on_writable(s->wsi);
    }
}
