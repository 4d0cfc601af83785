#include "tui/model/store.h"

#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

struct store *
store_new(void)
{
    struct store *s = xcalloc(1, sizeof(*s));
    for (int i = 0; i < SOURCE_COUNT; i++)
        s->sources[i].delay_ns = -1;
    return s;
}

static void
call_free(struct call *c)
{
    void *value;
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);)
        xfree(value);
    map_release(&c->nodes);
    xfree(c->transaction_node);
    arena_release(&c->arena);
    arena_release(&c->derived);
    xfree(c);
}

static void
block_free(struct block_record *b)
{
    xfree(b->shard_ids);
    xfree(b);
}

void
store_free(struct store *take_store)
{
    void *value;
    if (!take_store)
        return;
    for (size_t i = 0; i < take_store->recent_count; i++)
        call_free(take_store->recent[i]);
    for (size_t i = 0; map_next(&take_store->blocks, &i, NULL, &value);)
        block_free(value);
    map_release(&take_store->calls);
    map_release(&take_store->blocks);
    xfree(take_store->recent);
    xfree(take_store);
}

struct call *
store_call(const struct store *s, const struct hash *tx)
{
    return map_get(&s->calls, key_of(tx));
}

static void
drop_oldest(struct store *s)
{
    struct call *c = s->recent[0];
    map_remove(&s->calls, key_of(&c->tx));
    memmove(s->recent, s->recent + 1, (s->recent_count - 1) * sizeof(*s->recent));
    s->recent_count--;
    call_free(c);
}

static struct call *
call_made(struct store *s, const struct event *ev)
{
    struct call *c = store_call(s, &ev->tx);
    if (c)
        return c;
    if (s->recent_count >= STORE_MAX_CALLS)
        drop_oldest(s);
    c = xcalloc(1, sizeof(*c));
    c->tx = ev->tx;
    c->begun_ns = ev->seen_ns;
    arena_init(&c->arena);
    arena_init(&c->derived);
    map_put(&s->calls, key_of(&c->tx), c);
    void *recent = s->recent;
    s->recent_room = xgrow(&recent, s->recent_room, s->recent_count + 1, sizeof(*s->recent));
    s->recent = recent;
    s->recent[s->recent_count++] = c;
    return c;
}

struct node *
call_node(const struct call *c, const struct hash *id)
{
    return map_get(&c->nodes, key_of(id));
}

struct node *
call_node_made(struct call *c, const struct hash *id)
{
    struct node *n = call_node(c, id);
    if (n)
        return n;
    if (c->nodes.live >= STORE_MAX_RECEIPTS) {
        c->dropped++;
        return NULL;
    }
    n = xcalloc(1, sizeof(*n));
    n->id = *id;
    map_put(&c->nodes, key_of(&n->id), n);
    return n;
}

const struct block_record *
store_block(const struct store *s, const struct hash *hash)
{
    return map_get(&s->blocks, key_of(hash));
}

/* --- facts, one kind at a time; each tells whether it was news ---------------------------- */

/* A deep copy of one part, through the event that carries it. */
static const struct event *
keep(struct arena *arena, const struct event *ev)
{
    return event_copy(arena, ev);
}

static bool
note_source(struct node *n, const struct event *ev)
{
    unsigned bit = 1u << ev->source;
    if (!n->told_by) {
        n->first_source = ev->source;
        n->first_seen_ns = ev->seen_ns;
    }
    bool is_new = !(n->told_by & bit);
    n->told_by |= bit;
    return is_new;
}

static bool
apply_transaction(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    if (c->has_transaction)
        return false;
    c->transaction = keep(&c->arena, ev)->transaction.view;
    c->has_transaction = true;
    c->facts++;
    return true;
}

static bool
apply_receipt(struct store *s, const struct event *ev)
{
    if (ev->receipt.is_data)
        return false;
    struct call *c = call_made(s, ev);
    struct node *n = call_node_made(c, &ev->receipt.id);
    if (!n)
        return false;
    note_source(n, ev);
    if (n->has_receipt) {
        /* A receipt that was returned by its maker gets receivers of data added only before it
         * is sent: whoever tells more of them knows more. */
        if (ev->receipt.output_count <= n->receipt.output_count)
            return false;
    }
    n->receipt = keep(&c->arena, ev)->receipt;
    n->has_receipt = true;
    n->hole_reason = NULL;
    c->facts++;
    return true;
}

/* Of two outcomes of one receipt, from two blocks of which one was replaced, the one from the
 * later block stays; without heights the order of the hashes decides, so that all agree. */
static bool
is_later(const struct outcome_fact *a, const struct outcome_fact *b)
{
    if (a->has_block_height && b->has_block_height && a->block_height != b->block_height)
        return a->block_height > b->block_height;
    return memcmp(a->block_hash.b, b->block_hash.b, sizeof(a->block_hash.b)) > 0;
}

/* What one source tells and another does not. */
static bool
adds(const struct outcome_fact *more, const struct outcome_fact *less)
{
    return (more->has_block_height && !less->has_block_height) ||
           (more->has_block_time && !less->has_block_time) ||
           (more->has_shard && !less->has_shard) || (more->has_profile && !less->has_profile);
}

static void
merge(struct outcome_fact *into, const struct outcome_fact *from)
{
    if (from->has_block_height && !into->has_block_height) {
        into->has_block_height = true;
        into->block_height = from->block_height;
    }
    if (from->has_block_time && !into->has_block_time) {
        into->has_block_time = true;
        into->block_time_ns = from->block_time_ns;
    }
    if (from->has_shard && !into->has_shard) {
        into->has_shard = true;
        into->shard = from->shard;
    }
    if (from->has_profile && !into->has_profile) {
        into->has_profile = true;
        into->profile = from->profile;
        into->profile_count = from->profile_count;
    }
}

static bool
take_outcome(struct call *c, struct node *n, const struct event *ev)
{
    bool is_news = note_source(n, ev);
    if (n->has_outcome && hash_equal(&n->outcome.block_hash, &ev->outcome.block_hash)) {
        if (!adds(&ev->outcome, &n->outcome))
            return is_news;
        merge(&n->outcome, &keep(&c->arena, ev)->outcome);
        return true;
    }
    if (n->has_outcome && !is_later(&ev->outcome, &n->outcome))
        return false;
    n->outcome = keep(&c->arena, ev)->outcome;
    n->has_outcome = true;
    n->hole_reason = NULL;
    if (!n->outcome_seen_ns)
        n->outcome_seen_ns = ev->seen_ns;
    return true;
}

static bool
apply_outcome(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    struct node *n = c->transaction_node;
    if (!ev->outcome.is_transaction) {
        n = call_node_made(c, &ev->outcome.id);
    } else if (!n) {
        n = c->transaction_node = xcalloc(1, sizeof(*n));
        n->id = ev->outcome.id;
    }
    if (!n || !take_outcome(c, n, ev))
        return false;
    if (ev->outcome.is_transaction && n->outcome.child_count)
        c->root_id = n->outcome.children[0];
    for (size_t i = 0; i < n->outcome.child_count; i++)
        call_node_made(c, &n->outcome.children[i]);
    c->facts++;
    return true;
}

static bool
apply_block(struct store *s, const struct event *ev)
{
    const struct block_fact *f = &ev->block;
    bool is_news = false;
    if (!s->has_head || f->height > s->head_height) {
        s->has_head = true;
        s->head_height = f->height;
        s->head_time_ns = f->time_ns;
        s->head_seen_ns = ev->seen_ns;
        is_news = true;
    }
    if (f->is_final && (!s->has_final || f->height > s->final_height)) {
        s->has_final = true;
        s->final_height = f->height;
        is_news = true;
    }
    struct block_record *b = map_get(&s->blocks, key_of(&f->hash));
    if (b && (b->fact.has_shards || !f->has_shards))
        return is_news;
    if (!b) {
        if (s->blocks.live >= STORE_MAX_BLOCKS)
            return is_news;
        b = xcalloc(1, sizeof(*b));
        b->fact.hash = f->hash;
        map_put(&s->blocks, key_of(&b->fact.hash), b);
    }
    struct hash hash = b->fact.hash;
    b->fact = *f;
    b->fact.hash = hash;
    if (f->has_shards) {
        xfree(b->shard_ids);
        b->shard_ids = xmemdup(f->shard_ids, f->shard_count * sizeof(*f->shard_ids));
        b->fact.shard_ids = b->shard_ids;
    }
    return true;
}

static bool
apply_final(struct store *s, const struct event *ev)
{
    if (s->has_final && ev->final.height <= s->final_height)
        return false;
    s->has_final = true;
    s->final_height = ev->final.height;
    return true;
}

static bool
apply_state(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    enum tx_state state = ev->tx_state.state;
    /* "Never heard of it" takes nothing back that is known. */
    if (state <= c->state)
        return false;
    c->state = state;
    if (state == TX_REFUSED) {
        c->refused_reason = arena_c(&c->arena, ev->tx_state.reason);
        c->refused_error.text = arena_str(&c->arena, ev->tx_state.error.text);
    }
    c->facts++;
    return true;
}

static bool
apply_hole(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    struct node *n = call_node_made(c, &ev->hole.id);
    if (!n || n->has_outcome || n->has_receipt || n->hole_reason)
        return false;
    n->hole_reason = arena_c(&c->arena, ev->hole.reason);
    c->facts++;
    return true;
}

static bool
apply_source(struct store *s, const struct event *ev)
{
    struct source_record *r = &s->sources[ev->source];
    struct source_record old = *r;
    r->state = ev->health.state;
    r->delay_ns = ev->health.delay_ns;
    r->requests = ev->health.requests;
    r->has_push = ev->health.has_push;
    size_t n = ev->health.text.n < sizeof(r->text) - 1 ? ev->health.text.n
                                                             : sizeof(r->text) - 1;
    if (n)
        memcpy(r->text, ev->health.text.p, n);
    r->text[n] = '\0';
    return old.state != r->state || old.delay_ns != r->delay_ns || old.requests != r->requests ||
           old.has_push != r->has_push || strcmp(old.text, r->text) != 0;
}

static bool
apply_executed(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    struct node *n = call_node_made(c, &ev->executed.receipt);
    return n && note_source(n, ev);
}

static bool
apply(struct store *s, const struct event *ev)
{
    switch (ev->kind) {
    case EVENT_TX: return apply_transaction(s, ev);
    case EVENT_RECEIPT: return apply_receipt(s, ev);
    case EVENT_OUTCOME: return apply_outcome(s, ev);
    case EVENT_BLOCK: return apply_block(s, ev);
    case EVENT_FINAL: return apply_final(s, ev);
    case EVENT_TX_STATE: return apply_state(s, ev);
    case EVENT_HOLE: return apply_hole(s, ev);
    case EVENT_SOURCE: return apply_source(s, ev);
    case EVENT_EXECUTED: return apply_executed(s, ev);
    }
    return false;
}

bool
store_apply(struct store *s, const struct event *ev)
{
    bool is_news = apply(s, ev);
    s->generation += is_news;
    return is_news;
}
