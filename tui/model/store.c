#include "tui/model/store.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tui/model/doubt.h"
#include "tui/model/facts.h"
#include "tui/model/replaced.h"
#include "tui/model/verdict.h"

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
    xfree(take_store->requests);
    xfree(take_store->recent);
    xfree(take_store);
}

struct call *
store_call(const struct store *s, const struct hash *tx)
{
    return map_get(&s->calls, key_of(tx));
}

const struct block_record *
store_block(const struct store *s, const struct hash *hash)
{
    return map_get(&s->blocks, key_of(hash));
}

/* --- calls -------------------------------------------------------------------------------- */

static bool
is_over(const struct call *c)
{
    return c->told_state == TX_REFUSED || c->told_state == TX_FINAL ||
           (c->verdict && c->verdict->is_complete && c->verdict->is_final);
}

static void
drop_at(struct store *s, size_t i)
{
    struct call *c = s->recent[i];
    map_remove(&s->calls, key_of(&c->tx));
    memmove(s->recent + i, s->recent + i + 1, (s->recent_count - i - 1) * sizeof(*s->recent));
    s->recent_count--;
    call_free(c);
}

/* The oldest that is over; when none is, the oldest. */
static void
drop_call(struct store *s)
{
    size_t i = 0;
    while (i < s->recent_count && !is_over(s->recent[i]))
        i++;
    drop_at(s, i < s->recent_count ? i : 0);
    s->left_count++;
}

void
store_forget(struct store *s, const struct hash *tx)
{
    for (size_t i = 0; i < s->recent_count; i++) {
        if (!hash_equal(&s->recent[i]->tx, tx))
            continue;
        drop_at(s, i);
        s->generation++;
        return;
    }
}

static struct call *
call_made(struct store *s, const struct event *ev)
{
    struct call *c = store_call(s, &ev->tx);
    if (c)
        return c;
    if (s->recent_count >= STORE_MAX_CALLS)
        drop_call(s);
    c = call_new(&ev->tx, ev->seen_ns);
    map_put(&s->calls, key_of(&c->tx), c);
    void *recent = s->recent;
    s->recent_room = xgrow(&recent, s->recent_room, s->recent_count + 1, sizeof(*s->recent));
    s->recent = recent;
    s->recent[s->recent_count++] = c;
    return c;
}

/* --- blocks ------------------------------------------------------------------------------- */

/* Trees keep the heights that they have used (tree.c), so old blocks may go. */
static void
forget_old_blocks(struct store *s)
{
    struct map kept = {0};
    void *value;
    size_t skip = s->blocks.live / 2;
    for (size_t i = 0; map_next(&s->blocks, &i, NULL, &value);) {
        struct block_record *b = value;
        if (skip > 0) {
            skip--;
            block_free(b);
        } else {
            map_put(&kept, key_of(&b->fact.hash), b);
        }
    }
    map_release(&s->blocks);
    s->blocks = kept;
}

static struct block_record *
block_made(struct store *s, const struct block_fact *f)
{
    struct block_record *b = map_get(&s->blocks, key_of(&f->hash));
    if (b)
        return b;
    if (s->blocks.live >= STORE_MAX_BLOCKS)
        forget_old_blocks(s);
    b = xcalloc(1, sizeof(*b));
    b->fact = *f;
    b->fact.shard_ids = NULL;
    b->fact.has_shards = b->fact.is_final = false;
    map_put(&s->blocks, key_of(&b->fact.hash), b);
    return b;
}

static bool
raise_final(struct store *s, uint64_t height)
{
    if (s->has_final && height <= s->final_height)
        return false;
    s->has_final = true;
    s->final_height = height;
    return true;
}

static void
note_final_block(struct store *s, const struct block_fact *f)
{
    const struct block_record *known = store_block(s, &s->final_block);
    if (!known || f->height > known->fact.height)
        s->final_block = f->hash;
}

/* What not all sources tell of a block. */
static void
merge_block(struct block_record *b, const struct block_fact *f)
{
    if (!b->fact.has_prev && f->has_prev) {
        b->fact.has_prev = true;
        b->fact.prev = f->prev;
    }
    if (!b->fact.has_prev_height && f->has_prev_height) {
        b->fact.has_prev_height = true;
        b->fact.prev_height = f->prev_height;
    }
}

static bool
apply_block(struct store *s, const struct event *ev)
{
    const struct block_fact *f = &ev->block;
    size_t known = s->blocks.live;
    struct block_record *b = block_made(s, f);
    bool is_news = s->blocks.live != known;
    merge_block(b, f);
    if (!s->has_head || f->height > s->head_height) {
        s->has_head = true;
        s->head_height = f->height;
        s->head_time_ns = f->time_ns;
        s->head_seen_ns = ev->seen_ns;
        is_news = true;
    }
    if (f->has_shards && !b->fact.has_shards) {
        b->shard_ids = xmemdup(f->shard_ids, f->shard_count * sizeof(*f->shard_ids));
        b->fact.shard_ids = b->shard_ids;
        b->fact.shard_count = f->shard_count;
        b->fact.has_shards = is_news = true;
    }
    if (f->is_final) {
        is_news |= !b->fact.is_final;
        b->fact.is_final = true;
        note_final_block(s, f);
        is_news |= raise_final(s, f->height);
    }
    s->chain_facts += is_news;
    return doubts_heard_block(s, ev) || is_news;
}

static bool
apply_state(struct store *s, const struct event *ev)
{
    struct call *c = call_made(s, ev);
    bool is_news = call_take_state(c, ev);
    return doubt_settle(s, c, ev) || is_news;
}

static bool
apply_final(struct store *s, const struct event *ev)
{
    bool is_news = raise_final(s, ev->final.height);
    s->chain_facts += is_news;
    return is_news;
}

/* --- sources ------------------------------------------------------------------------------ */

/* Not a fact that is joined: how a source is doing now. */
static bool
apply_source(struct store *s, const struct event *ev)
{
    struct source_record *r = &s->sources[ev->source];
    struct source_record old = *r;
    struct str text = str_slice(ev->health.text, 0, sizeof(r->text) - 1);
    r->state = ev->health.state;
    r->delay_ns = ev->health.delay_ns;
    r->requests = ev->health.requests;
    r->has_push = ev->health.has_push;
    if (text.n)
        memcpy(r->text, text.p, text.n);
    r->text[text.n] = '\0';
    struct str place = str_slice(ev->health.place, 0, sizeof(r->place) - 1);
    if (place.n)
        memcpy(r->place, place.p, place.n);
    r->place[place.n] = '\0';
    return old.state != r->state || old.delay_ns != r->delay_ns ||
           old.requests != r->requests || old.has_push != r->has_push ||
           strcmp(old.text, r->text) != 0 || strcmp(old.place, r->place) != 0;
}

static bool
apply_endpoint(struct store *s, const struct event *ev)
{
    const struct endpoint_fact *f = &ev->endpoint;
    if (f->index >= STORE_MAX_ENDPOINTS)
        return false;
    /* Those before it may be told of later. */
    while (s->endpoint_count <= f->index) {
        struct endpoint_record *r = &s->endpoints[s->endpoint_count++];
        r->fact = (struct endpoint_fact){.name = r->name, .host = r->host, .reason = r->reason,
                                         .median_ns = -1, .p95_ns = -1};
    }
    struct endpoint_record *r = &s->endpoints[f->index];
    r->fact = *f;
    r->seen_ns = ev->seen_ns;
    snprintf(r->name, sizeof(r->name), "%s", f->name);
    snprintf(r->host, sizeof(r->host), "%s", f->host);
    snprintf(r->reason, sizeof(r->reason), "%s", f->reason);
    r->fact.name = r->name;
    r->fact.host = r->host;
    r->fact.reason = r->reason;
    return true;
}

static bool
apply_request(struct store *s, const struct event *ev)
{
    if (!s->requests)
        s->requests = xcalloc(STORE_MAX_REQUESTS, sizeof(*s->requests));
    s->requests[s->request_count++ % STORE_MAX_REQUESTS] =
        (struct request_record){ev->request, ev->seen_ns};
    return true;
}

/* --- one door for all --------------------------------------------------------------------- */

static bool
apply(struct store *s, const struct event *ev)
{
    switch (ev->kind) {
    case EVENT_TX: return call_take_transaction(call_made(s, ev), ev);
    case EVENT_RECEIPT: return call_take_receipt(call_made(s, ev), ev);
    case EVENT_OUTCOME:
        return store_is_replaced(s, &ev->outcome.block_hash)
                   ? store_take_late(s, ev)
                   : call_take_outcome(call_made(s, ev), ev);
    case EVENT_TX_STATE: return apply_state(s, ev);
    case EVENT_HOLE: return call_take_hole(call_made(s, ev), ev);
    case EVENT_EXECUTED: return call_take_executed(call_made(s, ev), ev);
    case EVENT_BLOCK: return apply_block(s, ev);
    case EVENT_FINAL: return apply_final(s, ev);
    case EVENT_SOURCE: return apply_source(s, ev);
    case EVENT_ENDPOINT: return apply_endpoint(s, ev);
    case EVENT_REQUEST: return apply_request(s, ev);
    case EVENT_REPLACED: return store_take_replaced(s, ev);
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
