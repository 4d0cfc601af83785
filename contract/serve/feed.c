/* The feed: who listens to what, and what each block tells them. */
#include <stdio.h>
#include "contract/serve/feed_events.h"
#include "contract/serve/filter.h"
#include "contract/serve/node.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"

enum { BAD_DATA = 1007, MESSAGE_MAX = 64 * 1024 * 1024 };

struct subscription {
    struct subscription *next;
    struct subscriber *subscriber;
    enum feed_kind kind;
    struct filter *filter;      /* owned; NULL: nothing is sent before one has come */
    uint64_t due;               /* messages so far, sent or not */
    struct buf held;            /* drills: sent after the next message; empty: none */
    bool is_over;
};

/* A transaction that is not through yet. */
struct open_transaction {
    struct hash id;
    bool has_run;               /* its own outcome was seen */
    int64_t pending;            /* receipts made and not run; below 0 while out of order */
    bool is_over;               /* told; goes with the next sweep */
};

struct feed {
    struct node *node;
    struct subscription *first;
    uint64_t final_height, head_height;     /* told so far */
    struct map open;                        /* transaction's hash -> struct open_transaction */
};

/* --- which transactions a block finishes -------------------------------------------------- */

static struct open_transaction *
open_of(struct feed *f, const struct hash *id)
{
    struct open_transaction *t = map_get(&f->open, str_of(id->b, sizeof(id->b)));
    if (t)
        return t;
    t = xcalloc(1, sizeof(*t));
    t->id = *id;
    map_put(&f->open, str_of(t->id.b, sizeof(t->id.b)), t);
    return t;
}

static void
count_outcome(struct feed *f, const struct chain_outcome *o)
{
    struct open_transaction *t = open_of(f, &o->tx);
    t->pending += (int64_t)o->child_count - !o->is_transaction;
    t->has_run |= o->is_transaction;
}

static size_t
outcomes_in(const struct chain_block *b)
{
    size_t count = 0;
    for (size_t i = 0; i < b->chunk_count; i++)
        count += b->chunks[i].outcome_count;
    return count;
}

/* All that are over at once: taking single ones out of a map is dear. */
static void
sweep(struct feed *f)
{
    struct map kept;
    void *value;
    map_init(&kept);
    for (size_t i = 0; map_next(&f->open, &i, NULL, &value);) {
        struct open_transaction *t = value;
        if (t->is_over)
            xfree(t);
        else
            map_put(&kept, str_of(t->id.b, sizeof(t->id.b)), t);
    }
    map_release(&f->open);
    f->open = kept;
}

/* Fills *finished (an array in the arena) with the transactions that nothing is left of. One
 * that took longer than the chain keeps its blocks is not told of. */
static size_t
count_block(struct feed *f, const struct chain_block *b, struct arena *arena,
            const struct signed_transaction ***finished)
{
    size_t count = 0;
    bool is_any_over = false;
    *finished = arena_array(arena, outcomes_in(b), sizeof(**finished));
    for (size_t i = 0; i < b->chunk_count; i++) {
        for (size_t j = 0; j < b->chunks[i].outcome_count; j++)
            count_outcome(f, b->chunks[i].outcomes[j]);
    }
    for (size_t i = 0; i < b->chunk_count; i++) {
        for (size_t j = 0; j < b->chunks[i].outcome_count; j++) {
            struct open_transaction *t = open_of(f, &b->chunks[i].outcomes[j]->tx);
            if (t->pending != 0 || t->is_over || !t->has_run)
                continue;
            t->is_over = is_any_over = true;
            bool is_included;
            const struct signed_transaction *transaction =
                chain_transaction(f->node->chain, &t->id, &is_included);
            if (transaction)
                (*finished)[count++] = transaction;
        }
    }
    if (is_any_over)
        sweep(f);
    return count;
}

/* --- telling ------------------------------------------------------------------------------ */

/* The events of one kind, and their trees as far as a filter had to look at them. */
struct telling {
    struct node *node;
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
    subscriber_send(s->subscriber, str_from(text));
    subscriber_close(s->subscriber, BAD_DATA, reason);
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
send_held(struct subscription *s)
{
    if (s->held.n)
        subscriber_send(s->subscriber, buf_str(&s->held));
    buf_clear(&s->held);
}

/* Where a drill may spoil what would have been said. */
static void
send_message(struct node *n, struct subscription *s, struct str text)
{
    struct faults *f = &n->faults;
    if (++s->due == fault_value(f, FAULT_wsafter) || fault_take(f, FAULT_wsdrop)) {
        subscriber_drop(s->subscriber);
        s->is_over = true;
    } else if (fault_take(f, FAULT_wsgarbage)) {
        subscriber_send(s->subscriber, STR("[{\"block_height\":\"\\u00"));
    } else if (!s->held.n && fault_take(f, FAULT_wsswap)) {
        buf_add_str(&s->held, text);
    } else if (!fault_take(f, FAULT_wslose)) {
        subscriber_send(s->subscriber, text);
        if (fault_take(f, FAULT_wsdouble))
            subscriber_send(s->subscriber, text);
        send_held(s);
    }
}

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
    }
    buf_add_byte(&message, ']');
    if (!s->is_over && message.n > 1 && !message.overflowed)
        send_message(t->node, s, buf_str(&message));
    buf_release(&message);
}

static void
tell_kind(struct feed *f, enum feed_kind kind, const struct feed_block *b)
{
    struct telling t = {.node = f->node};
    bool is_made = false;
    for (struct subscription *s = f->first; s; s = s->next) {
        if (s->kind != kind || !s->filter || s->is_over)
            continue;
        if (!is_made) {
            feed_events_init(&t.events);
            feed_events_add(&t.events, kind, b);
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

static void
tell_block(struct feed *f, bool is_final, const struct feed_block *b)
{
    for (int kind = 0; kind < FEED_COUNT; kind++) {
        if (feed_kind_is_final((enum feed_kind)kind) == is_final)
            tell_kind(f, (enum feed_kind)kind, b);
    }
}

void
feed_after_block(struct feed *f)
{
    const struct chain *c = f->node->chain;
    /* A head that was replaced: the one in its place is told anew. */
    if (f->head_height >= chain_head(c)->height)
        f->head_height = chain_head(c)->height - 1;
    while (f->head_height < chain_head(c)->height) {
        struct feed_block b = {.chain = c, .block = chain_block_at(c, ++f->head_height)};
        if (b.block)
            tell_block(f, false, &b);
    }
    while (f->final_height < chain_final(c)->height) {
        struct arena arena;
        const struct signed_transaction **finished;
        struct feed_block b = {.chain = c, .block = chain_block_at(c, ++f->final_height)};
        if (!b.block)
            continue;
        arena_init(&arena);
        b.finished_count = count_block(f, b.block, &arena, &finished);
        b.finished = finished;
        tell_block(f, true, &b);
        arena_release(&arena);
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
feed_accepts(struct str path)
{
    return kind_of_path(path) != FEED_COUNT;
}

void
feed_subscribed(struct feed *f, struct subscriber *s, struct str path)
{
    struct subscription *sub = xcalloc(1, sizeof(*sub));
    sub->subscriber = s;
    sub->kind = kind_of_path(path);
    buf_init(&sub->held, MESSAGE_MAX);
    sub->next = f->first;
    f->first = sub;
    subscriber_set_data(s, sub);
}

void
feed_message(struct feed *f, struct subscriber *s, struct str text)
{
    struct subscription *sub = subscriber_data(s);
    struct filter *filter = NULL;
    struct diag d = {0};
    (void)f;
    if (sub->is_over)
        return;
    if (filter_parse(text, &filter, &d)) {
        end_of_filter(sub, "Invalid filter", diag_text(&d), "Invalid filter");
        return;
    }
    filter_free(sub->filter);
    sub->filter = filter;
}

static void
subscription_free(struct subscription *take_sub)
{
    filter_free(take_sub->filter);
    buf_release(&take_sub->held);
    xfree(take_sub);
}

void
feed_unsubscribed(struct feed *f, struct subscriber *s)
{
    struct subscription *sub = subscriber_data(s);
    struct subscription **link = &f->first;
    while (*link != sub)
        link = &(*link)->next;
    *link = sub->next;
    subscription_free(sub);
}

/* --- life --------------------------------------------------------------------------------- */

struct feed *
feed_open(struct node *n)
{
    struct feed *f = xcalloc(1, sizeof(*f));
    f->node = n;
    map_init(&f->open);
    f->head_height = chain_head(n->chain)->height;
    /* Transactions that are under way now have to be told when they are through. */
    uint64_t earliest = chain_earliest(n->chain)->height;
    f->final_height = earliest ? earliest - 1 : 0;
    while (f->final_height < chain_final(n->chain)->height) {
        struct arena arena;
        const struct signed_transaction **finished;
        const struct chain_block *b = chain_block_at(n->chain, ++f->final_height);
        if (!b)
            continue;
        arena_init(&arena);
        count_block(f, b, &arena, &finished);
        arena_release(&arena);
    }
    return f;
}

void
feed_shut(struct feed *take_feed)
{
    struct feed *f = take_feed;
    void *value;
    if (!f)
        return;
    for (size_t i = 0; map_next(&f->open, &i, NULL, &value);)
        xfree(value);
    map_release(&f->open);
    while (f->first) {
        struct subscription *next = f->first->next;
        subscription_free(f->first);
        f->first = next;
    }
    xfree(f);
}
