#include "net/serve/hub.h"

#include <stdio.h>
#include "net/base/xalloc.h"
#include "net/serve/filter.h"

enum { BAD_DATA = 1007, MESSAGE_MAX = 64 * 1024 * 1024, PART_BYTES = 1024 * 1024 };

struct subscription {
    struct subscription *next;
    struct hub_line line;
    enum feed_kind kind;
    struct filter *filter;      /* owned; NULL: nothing is sent before one has come */
    bool is_over;
};

struct hub {
    struct hub_config config;
    struct subscription *first;
    size_t count;
};

/* --- telling ------------------------------------------------------------------------------ */

/* The events of one kind, and their trees as far as a filter had to look at them. */
struct telling {
    struct hub *hub;
    struct feed_events events;
    struct json **trees;            /* owned; NULL where nobody has asked */
};

static const struct json *
tree_of(struct telling *t, size_t index)
{
    if (!t->trees)
        t->trees = xcalloc(t->events.count, sizeof(struct json *));
    if (!t->trees[index] && json_parse(feed_events_at(&t->events, index), JSON_BYTES_MAX,
                                       &t->trees[index], NULL))
        return NULL;
    return t->trees[index];
}

/* The connection ends with the reason, first as a message, then in the Close frame. */
static void
end_of_filter(struct subscription *s, const char *what, const char *why, const char *reason)
{
    char text[DIAG_MAX + 64];
    snprintf(text, sizeof(text), "%s: %s", what, why);
    subscriber_send(s->line.subscriber, str_from(text));
    subscriber_close(s->line.subscriber, BAD_DATA, reason);
    s->is_over = true;
}

static void
end_of_evaluation(struct subscription *s, enum err e, const struct diag *d)
{
    static const char what[] = "Error evaluating filter";
    struct buf reason;
    buf_init(&reason, 2 * DIAG_MAX + 64);
    buf_addf(&reason, "%s: ", what);
    filter_debug_error(e, str_from(diag_text(d)), &reason);
    end_of_filter(s, what, diag_text(d), buf_c(&reason));
    buf_release(&reason);
}

static void
send_message(struct telling *t, struct subscription *s, struct buf *message)
{
    buf_add_byte(message, ']');
    if (!s->is_over && message->n > 1 && !message->overflowed) {
        s->line.due++;
        s->is_over = !t->hub->config.send(t->hub->config.context, &s->line, buf_str(message));
    }
    buf_clear(message);
}

/* One message a block, but for a block of which so much is told that it would be a burden to take
 * apart in one piece. */
static void
tell(struct telling *t, struct subscription *s)
{
    bool takes_all = filter_takes_all(s->filter);
    struct buf message;
    struct diag d = {0};
    buf_init(&message, MESSAGE_MAX);
    for (size_t i = 0; i < t->events.count && !s->is_over; i++) {
        const struct json *event = takes_all ? NULL : tree_of(t, i);
        bool takes = takes_all;
        enum err e = event ? filter_check(s->filter, event, &takes, &d) : OK;
        if (e) {
            end_of_evaluation(s, e, &d);
        } else if (takes) {
            buf_add_byte(&message, message.n ? ',' : '[');
            buf_add_str(&message, feed_events_at(&t->events, i));
        }
        if (message.n >= PART_BYTES)
            send_message(t, s, &message);
    }
    if (message.n)
        send_message(t, s, &message);
    buf_release(&message);
}

static bool
is_listening(const struct subscription *s, enum feed_kind kind)
{
    return s->kind == kind && s->filter && !s->is_over;
}

static void
tell_kind(struct hub *h, enum feed_kind kind, hub_events_fn events, const void *block)
{
    struct telling t = {.hub = h};
    bool is_made = false;
    for (struct subscription *s = h->first; s; s = s->next) {
        if (!is_listening(s, kind))
            continue;
        if (!is_made) {
            feed_events_init(&t.events);
            events(block, kind, &t.events);
            is_made = true;
        }
        if (t.events.count)
            tell(&t, s);
    }
    for (size_t i = 0; t.trees && i < t.events.count; i++)
        json_free(t.trees[i]);
    xfree(t.trees);
    if (is_made)
        feed_events_release(&t.events);
}

void
hub_tell(struct hub *h, bool is_final, hub_events_fn events, const void *block)
{
    for (int kind = 0; kind < FEED_COUNT; kind++) {
        if (feed_kind_is_final((enum feed_kind)kind) == is_final)
            tell_kind(h, (enum feed_kind)kind, events, block);
    }
}

/* --- what they want ----------------------------------------------------------------------- */

bool
hub_has_listeners(const struct hub *h, enum feed_kind kind)
{
    for (const struct subscription *s = h->first; s; s = s->next) {
        if (is_listening(s, kind))
            return true;
    }
    return false;
}

size_t
hub_count(const struct hub *h)
{
    return h->count;
}

void
hub_named(const struct hub *h, enum feed_kind kind, const char *path, hub_named_fn fn,
          void *context, size_t *others)
{
    *others = 0;
    for (const struct subscription *s = h->first; s; s = s->next) {
        if (is_listening(s, kind))
            *others += !filter_named(s->filter, path, fn, context);
    }
}

/* --- subscribers -------------------------------------------------------------------------- */

static enum feed_kind
kind_of_path(struct str path)
{
    const struct str front = STR("/events/");
    if (!str_starts(path, front))
        return FEED_COUNT;
    struct str rest = str_slice(path, front.n, path.n), name;
    return str_take_until(&rest, '?', &name) ? feed_kind_of(name) : FEED_COUNT;
}

bool
hub_accepts(struct str path)
{
    return kind_of_path(path) != FEED_COUNT;
}

static void
tell_change(struct hub *h)
{
    if (h->config.changed)
        h->config.changed(h->config.context);
}

void
hub_subscribed(struct hub *h, struct subscriber *s, struct str path)
{
    struct subscription *sub = xcalloc(1, sizeof(*sub));
    sub->line.subscriber = s;
    sub->kind = kind_of_path(path);
    buf_init(&sub->line.held, MESSAGE_MAX);
    sub->next = h->first;
    h->first = sub;
    h->count++;
    subscriber_set_data(s, sub);
}

void
hub_message(struct hub *h, struct subscriber *s, struct str text)
{
    struct subscription *sub = subscriber_data(s);
    struct filter *filter = NULL;
    struct diag d = {0};
    if (sub->is_over)
        return;
    if (filter_parse(text, &filter, &d)) {
        end_of_filter(sub, "Invalid filter", diag_text(&d), "Invalid filter");
        return;
    }
    filter_free(sub->filter);
    sub->filter = filter;
    tell_change(h);
}

static void
subscription_free(struct subscription *take_sub)
{
    filter_free(take_sub->filter);
    buf_release(&take_sub->line.held);
    xfree(take_sub);
}

void
hub_unsubscribed(struct hub *h, struct subscriber *s)
{
    struct subscription *sub = subscriber_data(s);
    struct subscription **link = &h->first;
    while (*link != sub)
        link = &(*link)->next;
    *link = sub->next;
    h->count--;
    subscription_free(sub);
    tell_change(h);
}

/* --- life --------------------------------------------------------------------------------- */

static bool
just_send(void *context, struct hub_line *line, struct str text)
{
    (void)context;
    subscriber_send(line->subscriber, text);
    return true;
}

struct hub *
hub_new(const struct hub_config *config)
{
    struct hub *h = xcalloc(1, sizeof(*h));
    h->config = *config;
    if (!h->config.send)
        h->config.send = just_send;
    return h;
}

void
hub_free(struct hub *take_hub)
{
    struct hub *h = take_hub;
    if (!h)
        return;
    while (h->first) {
        struct subscription *next = h->first->next;
        subscription_free(h->first);
        h->first = next;
    }
    xfree(h);
}
