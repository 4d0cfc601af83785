/* The embedded chain's feed: which blocks the subscribers are told of, which transactions these
 * finish, and what the drills make of the messages. */
#include "contract/serve/feed_chain.h"
#include "contract/serve/node.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"
#include "net/serve/hub.h"

/* A transaction that is not through yet. */
struct open_transaction {
    struct hash id;
    bool has_run;               /* its own outcome was seen */
    int64_t pending;            /* receipts made and not run; below 0 while out of order */
    bool is_over;               /* told; goes with the next sweep */
};

struct feed {
    struct node *node;
    struct hub *hub;
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

static void
send_held(struct hub_line *s)
{
    if (s->held.n)
        subscriber_send(s->subscriber, buf_str(&s->held));
    buf_clear(&s->held);
}

/* Where a drill may spoil what would have been said. */
static bool
send_message(void *context, struct hub_line *s, struct str text)
{
    struct faults *f = &((struct node *)context)->faults;
    if (s->due == fault_value(f, FAULT_wsafter) || fault_take(f, FAULT_wsdrop)) {
        subscriber_drop(s->subscriber);
        return false;
    }
    if (fault_take(f, FAULT_wsgarbage)) {
        subscriber_send(s->subscriber, STR("[{\"block_height\":\"\\u00"));
    } else if (!s->held.n && fault_take(f, FAULT_wsswap)) {
        buf_add_str(&s->held, text);
    } else if (!fault_take(f, FAULT_wslose)) {
        subscriber_send(s->subscriber, text);
        if (fault_take(f, FAULT_wsdouble))
            subscriber_send(s->subscriber, text);
        send_held(s);
    }
    return true;
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
            hub_tell(f->hub, false, feed_chain_events, &b);
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
        hub_tell(f->hub, true, feed_chain_events, &b);
        arena_release(&arena);
    }
}

/* --- life --------------------------------------------------------------------------------- */

struct feed *
feed_open(struct node *n)
{
    struct feed *f = xcalloc(1, sizeof(*f));
    f->node = n;
    f->hub = hub_new(&(struct hub_config){.send = send_message, .context = n});
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

struct hub *
feed_hub(struct feed *f)
{
    return f->hub;
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
    hub_free(f->hub);
    xfree(f);
}
