#include "net/serve/feed_events.h"

#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { EVENTS_MAX_BYTES = 64 * 1024 * 1024 };

static const struct {
    const char *name;
    bool is_final;
} kinds[FEED_COUNT] = {
#define final true
#define seen false
#define X(name, when) {#name, when},
#include "net/serve/feed.def"
#undef X
#undef final
#undef seen
};

enum feed_kind
feed_kind_of(struct str name)
{
    for (int i = 0; i < FEED_COUNT; i++) {
        if (str_equal_c(name, kinds[i].name))
            return (enum feed_kind)i;
    }
    return FEED_COUNT;
}

const char *
feed_kind_name(enum feed_kind kind)
{
    return kinds[kind].name;
}

bool
feed_kind_is_final(enum feed_kind kind)
{
    return kinds[kind].is_final;
}

/* --- the list ----------------------------------------------------------------------------- */

void
feed_events_init(struct feed_events *e)
{
    *e = (struct feed_events){0};
    buf_init(&e->text, EVENTS_MAX_BYTES);
}

void
feed_events_release(struct feed_events *e)
{
    buf_release(&e->text);
    xfree(e->ends);
    *e = (struct feed_events){0};
}

struct str
feed_events_at(const struct feed_events *e, size_t index)
{
    size_t from = index ? e->ends[index - 1] : 0;
    return str_slice(buf_str(&e->text), from, e->ends[index]);
}

void
feed_events_begin(struct feed_events *e, struct json_writer *w)
{
    json_write_begin(w, &e->text);
    json_write_object(w);
}

void
feed_events_end(struct feed_events *e, struct json_writer *w)
{
    json_write_object_end(w);
    if (e->text.overflowed)
        return;
    if (e->count == e->room) {
        void *ends = e->ends;
        e->room = xgrow(&ends, e->room, e->count + 1, sizeof(*e->ends));
        e->ends = ends;
    }
    e->ends[e->count++] = e->text.n;
}

/* --- the events ----------------------------------------------------------------------- */

void
feed_put_place(struct json_writer *w, const struct feed_place *p)
{
    json_put_u64(w, "block_height", p->height);
    json_put_decimal(w, "block_timestamp_nanosec", p->time_ns);
}

void
feed_put_hash(struct json_writer *w, const char *key, const struct hash *h)
{
    char text[HASH_TEXT];
    json_put_c(w, key, hash_text(h, text));
}

void
feed_add_receipt(struct feed_events *e, const struct feed_place *p, bool success)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    feed_put_place(&w, p);
    json_put_string(&w, "executor_id", p->executor);
    json_put_string(&w, "predecessor_id", p->predecessor);
    feed_put_hash(&w, "receipt_id", &p->receipt);
    json_put_bool(&w, "success", success);
    feed_put_hash(&w, "transaction_id", &p->tx);
    feed_events_end(e, &w);
}

static void
add_log_text(struct feed_events *e, const struct feed_place *p, struct str line)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    json_put_string(&w, "account_id", p->executor);
    feed_put_place(&w, p);
    json_put_string(&w, "log_text", line);
    json_put_string(&w, "predecessor_id", p->predecessor);
    feed_put_hash(&w, "receipt_id", &p->receipt);
    feed_put_hash(&w, "transaction_id", &p->tx);
    feed_events_end(e, &w);
}

static void
add_nep297(struct feed_events *e, const struct feed_place *p, const struct json *root)
{
    struct json_writer w;
    struct str standard, version, event;
    const struct json *data = json_find(root, "data");
    if (json_get_string(root, "standard", &standard, NULL) ||
        json_get_string(root, "version", &version, NULL) ||
        json_get_string(root, "event", &event, NULL))
        return;
    feed_events_begin(e, &w);
    json_put_string(&w, "account_id", p->executor);
    feed_put_place(&w, p);
    json_put_value(&w, "event_data", data);
    json_put_string(&w, "event_event", event);
    json_put_string(&w, "event_standard", standard);
    json_put_string(&w, "event_version", version);
    json_put_string(&w, "predecessor_id", p->predecessor);
    feed_put_hash(&w, "receipt_id", &p->receipt);
    feed_put_hash(&w, "transaction_id", &p->tx);
    feed_events_end(e, &w);
}

/* A line that only looks like an event is no event, as on the public feed. */
static void
add_log_event(struct feed_events *e, enum feed_kind kind, const struct feed_place *p,
              struct str line)
{
    const struct str mark = STR("EVENT_JSON:");
    struct json *root = NULL;
    if (!str_starts(line, mark) ||
        json_parse(str_trim(str_slice(line, mark.n, line.n)), JSON_BYTES_MAX, &root, NULL))
        return;
    if (!feed_tokens_add(e, kind, p, root))
        add_nep297(e, p, root);
    json_free(root);
}

void
feed_add_log(struct feed_events *e, enum feed_kind kind, const struct feed_place *p,
             struct str line)
{
    if (kind == FEED_log_text)
        add_log_text(e, p, line);
    else
        add_log_event(e, kind, p, line);
}
