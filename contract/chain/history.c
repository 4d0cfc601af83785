/* What has happened, and how much of it is still there: see history.h. */
#include "contract/chain/history.h"

#include <assert.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

/* What a map's entry and its slots take, about. */
enum { ENTRY_BYTES = 64 };

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static struct segment *
segment_at(const struct list *l, size_t index)
{
    return (struct segment *)(uintptr_t)l->items[index];
}

static struct known_tx *
known_at(const struct segment *s, size_t index)
{
    return (struct known_tx *)(uintptr_t)s->included.items[index];
}

struct known_tx *
known_new(struct str bytes)
{
    struct known_tx *known = xcalloc(1, sizeof(*known));
    known->signed_tx = arena_alloc(&known->arena, sizeof(*known->signed_tx));
    known->bytes = arena_str(&known->arena, bytes);
    if (tx_decode_signed(known->bytes, &known->arena, known->signed_tx, NULL) == OK)
        return known;
    known_free(known);
    return NULL;
}

void
known_free(struct known_tx *take_known)
{
    arena_release(&take_known->arena);
    xfree(take_known);
}

/* --- life of a segment -------------------------------------------------------------------- */

void
history_init(struct history *h, const struct chain_config *config)
{
    *h = (struct history){
        .keep_blocks = config->keep_blocks ? config->keep_blocks : CHAIN_KEEP_BLOCKS,
        .keep_bytes = config->keep_bytes ? config->keep_bytes : CHAIN_KEEP_BYTES,
        .first = 1};
    map_init(&h->blocks_by_hash);
    map_init(&h->chunks_by_hash);
    map_init(&h->outcomes);
    map_init(&h->receipts);
}

static void
segment_free(struct history *h, struct segment *s)
{
    h->bytes -= s->bytes;
    for (size_t i = 0; i < s->included.count; i++)
        known_free(known_at(s, i));
    list_release(&s->made);
    list_release(&s->included);
    list_release(&s->borrowed);
    arena_release(&s->arena);
    xfree(s);
}

static void
free_forgotten(struct history *h)
{
    for (size_t i = 0; i < h->forgotten.count; i++)
        known_free((struct known_tx *)(uintptr_t)h->forgotten.items[i]);
    list_clear(&h->forgotten);
}

void
history_release(struct history *h)
{
    for (size_t i = 0; i < h->segments.count; i++) {
        if (h->segments.items[i])
            segment_free(h, segment_at(&h->segments, i));
    }
    for (size_t i = 0; i < h->leaving.count; i++)
        segment_free(h, segment_at(&h->leaving, i));
    if (h->genesis)
        segment_free(h, h->genesis);
    free_forgotten(h);
    list_release(&h->segments);
    list_release(&h->leaving);
    list_release(&h->forgotten);
    map_release(&h->blocks_by_hash);
    map_release(&h->chunks_by_hash);
    map_release(&h->outcomes);
    map_release(&h->receipts);
}

struct segment *
history_open(struct chain *c, struct chain_block *b)
{
    struct segment *s = xcalloc(1, sizeof(*s));
    s->block = b;
    return c->history.open = s;
}

/* --- who points where --------------------------------------------------------------------- */

void
receipt_made(struct chain *c, struct chain_receipt *r)
{
    assert(!r->segment);
    r->segment = c->history.open;
    list_add(&r->segment->made, r);
    if (!r->is_local)
        map_put(&c->history.receipts, key_of(&r->id), r);
}

static void
borrow(struct segment *in, struct segment *of)
{
    assert(of);
    if (of == in)
        return;
    for (size_t i = 0; i < in->borrowed.count; i++) {
        if (in->borrowed.items[i] == of)
            return;
    }
    list_add(&in->borrowed, of);
}

void
receipt_told(struct chain *c, const struct chain_receipt *r)
{
    borrow(c->history.open, r->segment);
}

void
chunk_told(struct chain *c, const struct chain_chunk *chunk)
{
    borrow(c->history.open, chunk->segment);
    for (size_t i = 0; i < chunk->receipt_count; i++)
        receipt_told(c, chunk->receipts[i]);
}

/* --- into the history --------------------------------------------------------------------- */

static void
note_recent(struct history *h, const struct chain_block *b)
{
    struct recent_blocks *r = &h->recent;
    r->blocks[r->next].hash = b->hash;
    r->blocks[r->next].height = b->height;
    r->next = (r->next + 1) % ARRAY_LEN(r->blocks);
    if (r->count < ARRAY_LEN(r->blocks))
        r->count++;
}

static size_t
bytes_of(const struct segment *s)
{
    size_t entries = s->made.room + s->included.room + 2;
    size_t bytes = sizeof(*s) + s->arena.held;
    for (size_t i = 0; i < s->included.count; i++)
        bytes += sizeof(struct known_tx) + known_at(s, i)->arena.held;
    for (size_t i = 0; i < s->block->chunk_count; i++)
        entries += s->block->chunks[i].outcome_count;
    return bytes + entries * (ENTRY_BYTES + sizeof(void *));
}

/* The block that was made gets its memory. */
static struct segment *
close_segment(struct chain *c)
{
    struct history *h = &c->history;
    struct segment *s = h->open;
    h->open = NULL;
    s->arena = c->arena;
    arena_init(&c->arena);
    s->bytes = bytes_of(s);
    h->bytes += s->bytes;
    return s;
}

static void
index_segment(struct history *h, struct segment *s)
{
    struct chain_block *b = s->block;
    if (b->height == 0) {
        h->genesis = s;
    } else {
        while (h->first + h->segments.count < b->height)
            list_add(&h->segments, NULL);
        list_add(&h->segments, s);
    }
    map_put(&h->blocks_by_hash, key_of(&b->hash), b);
    for (size_t i = 0; i < b->chunk_count; i++) {
        if (chain_chunk_is_new(b, i))
            map_put(&h->chunks_by_hash, key_of(&b->chunks[i].hash), &b->chunks[i]);
    }
}

void
history_close(struct chain *c)
{
    struct segment *s = close_segment(c);
    index_segment(&c->history, s);
    note_recent(&c->history, s->block);
}

/* --- a history that was stored ------------------------------------------------------------ */

static void
index_outcomes(struct history *h, const struct chain_chunk *chunk)
{
    for (size_t i = 0; i < chunk->outcome_count; i++) {
        const struct chain_outcome *o = chunk->outcomes[i];
        map_put(&h->outcomes, key_of(&o->id), (void *)(uintptr_t)o);
    }
}

void
history_wake(struct chain *c, bool is_leaving)
{
    struct history *h = &c->history;
    struct segment *s = close_segment(c);
    s->is_kept = true;
    if (is_leaving) {
        list_release(&s->borrowed);
        list_add(&h->leaving, s);
        return;
    }
    index_segment(h, s);
    for (size_t i = 0; i < s->block->chunk_count; i++)
        index_outcomes(h, &s->block->chunks[i]);
    for (size_t i = 0; i < s->made.count; i++) {
        struct chain_receipt *r = list_receipt(&s->made, i);
        if (!r->is_local)
            map_put(&h->receipts, key_of(&r->id), r);
    }
    for (size_t i = 0; i < s->included.count; i++) {
        struct known_tx *known = known_at(s, i);
        map_put(&c->transactions, key_of(&known->signed_tx->hash), known);
    }
}

bool
history_is_whole(const struct history *h)
{
    const struct chain_block *before = NULL;
    if (!h->genesis || (h->first == 1 ? 0 : h->segments.count == 0))
        return false;
    if (h->first == 1)
        before = h->genesis->block;
    for (size_t i = 0; i < h->segments.count; i++) {
        const struct segment *s = h->segments.items[i];
        if (!s)
            continue;
        if (before && !hash_equal(&s->block->prev_hash, &before->hash))
            return false;
        before = s->block;
    }
    return before && map_get(&h->blocks_by_hash, key_of(before->height ? &before->last_final
                                                                       : &before->hash));
}

struct segment *
history_segment(const struct history *h, uint64_t height)
{
    if (h->open && h->open->block->height == height)
        return h->open;
    for (size_t i = 0; i < h->leaving.count; i++) {
        struct segment *s = segment_at(&h->leaving, i);
        if (s->block->height == height)
            return s;
    }
    return (struct segment *)(uintptr_t)history_at(h, height);
}

/* --- out of the history ------------------------------------------------------------------- */

static void
forget_chunk(struct history *h, struct chain_block *b, size_t index)
{
    struct chain_chunk *chunk = &b->chunks[index];
    for (size_t j = 0; j < chunk->outcome_count; j++)
        map_remove(&h->outcomes, key_of(&chunk->outcomes[j]->id));
    if (chain_chunk_is_new(b, index))
        map_remove(&h->chunks_by_hash, key_of(&chunk->hash));
}

static void
forget_block(struct chain *c, struct segment *s)
{
    struct history *h = &c->history;
    map_remove(&h->blocks_by_hash, key_of(&s->block->hash));
    for (size_t i = 0; i < s->block->chunk_count; i++)
        forget_chunk(h, s->block, i);
    for (size_t i = 0; i < s->made.count; i++)
        map_remove(&h->receipts, key_of(&list_receipt(&s->made, i)->id));
    for (size_t i = 0; i < s->included.count; i++)
        map_remove(&c->transactions, key_of(&known_at(s, i)->signed_tx->hash));
    list_release(&s->borrowed);
    list_add(&h->leaving, s);
}

/* The oldest blocks go, in one move of the list. */
static void
drop_oldest(struct chain *c, size_t count)
{
    struct history *h = &c->history;
    for (size_t i = 0; i < count; i++) {
        if (h->segments.items[i])
            forget_block(c, segment_at(&h->segments, i));
    }
    h->segments.count -= count;
    h->first += count;
    memmove(h->segments.items, h->segments.items + count,
            h->segments.count * sizeof(*h->segments.items));
}

/* How many blocks have to go: none that is not final, and not the last ones. Bytes of segments
 * that are needed from elsewhere count too, for they are there. */
static size_t
surplus(const struct chain *c)
{
    const struct history *h = &c->history;
    uint64_t final = chain_final(c)->height;
    size_t count = 0, bytes = h->bytes;
    while (h->segments.count - count > CHAIN_KEEP_LEAST && h->first + count < final &&
           (h->segments.count - count > h->keep_blocks || bytes > h->keep_bytes)) {
        const struct segment *s = h->segments.items[count++];
        bytes -= s ? s->bytes : 0;
    }
    return count;
}

static void
need(void *context, struct segment *s)
{
    (void)context;
    s->is_needed = true;
}

static void
free_unneeded(struct chain *c)
{
    struct history *h = &c->history;
    size_t kept = 0;
    for (size_t i = 0; i < h->leaving.count; i++)
        segment_at(&h->leaving, i)->is_needed = false;
    live_each(c, need, NULL);
    for (size_t i = 0; i < h->segments.count; i++) {
        const struct segment *s = h->segments.items[i];
        for (size_t j = 0; s && j < s->borrowed.count; j++)
            segment_at(&s->borrowed, j)->is_needed = true;
    }
    for (size_t i = 0; i < h->leaving.count; i++) {
        struct segment *s = segment_at(&h->leaving, i);
        if (s->is_needed) {
            h->leaving.items[kept++] = s;
            continue;
        }
        if (s->is_kept)
            keeper_forget_block(&c->keeper, s->block->height);
        segment_free(h, s);
    }
    h->leaving.count = kept;
}

void
history_trim(struct chain *c)
{
    if (c->history.marks)
        return;
    size_t count = surplus(c);
    if (count)
        drop_oldest(c, count);
    if (c->history.leaving.count)
        free_unneeded(c);
    free_forgotten(&c->history);
}

void
history_go_back(struct chain *c, uint64_t height, const struct recent_blocks *recent)
{
    struct history *h = &c->history;
    while (h->segments.count && h->first + h->segments.count - 1 > height) {
        struct segment *s = segment_at(&h->segments, --h->segments.count);
        if (!s)
            continue;
        s->included.count = 0;      /* they wait again: the pool has them */
        forget_block(c, s);
    }
    h->recent = *recent;
}

/* --- reading ------------------------------------------------------------------------------ */

bool
history_age(const struct chain *c, const struct hash *block, uint64_t *age)
{
    const struct recent_blocks *r = &c->history.recent;
    for (size_t i = 0; i < r->count; i++) {
        if (hash_equal(&r->blocks[i].hash, block)) {
            *age = chain_head(c)->height - r->blocks[i].height;
            return true;
        }
    }
    return false;
}

const struct chain_block *
chain_head(const struct chain *c)
{
    const struct history *h = &c->history;
    return h->segments.count ? segment_at(&h->segments, h->segments.count - 1)->block
                             : h->genesis->block;
}

const struct chain_block *
chain_genesis(const struct chain *c)
{
    return c->history.genesis->block;
}

const struct chain_block *
chain_earliest(const struct chain *c)
{
    const struct history *h = &c->history;
    if (h->segments.count == 0 || h->first == 1)
        return h->genesis->block;
    size_t i = 0;
    while (!h->segments.items[i])
        i++;
    return segment_at(&h->segments, i)->block;
}

const struct segment *
history_at(const struct history *h, uint64_t height)
{
    if (height == 0)
        return h->genesis;
    if (height < h->first || height - h->first >= h->segments.count)
        return NULL;
    return h->segments.items[height - h->first];
}

const struct chain_block *
chain_block_at(const struct chain *c, uint64_t height)
{
    const struct segment *s = history_at(&c->history, height);
    return s ? s->block : NULL;
}

const struct chain_block *
chain_final(const struct chain *c)
{
    const struct chain_block *head = chain_head(c);
    return head->height ? chain_block_by_hash(c, &head->last_final) : head;
}

const struct chain_block *
chain_block_by_hash(const struct chain *c, const struct hash *h)
{
    return map_get(&c->history.blocks_by_hash, key_of(h));
}

const struct chain_chunk *
chain_chunk_by_hash(const struct chain *c, const struct hash *h)
{
    return map_get(&c->history.chunks_by_hash, key_of(h));
}

const struct chain_outcome *
chain_outcome_of(const struct chain *c, const struct hash *id)
{
    return map_get(&c->history.outcomes, key_of(id));
}

const struct chain_receipt *
chain_receipt_of(const struct chain *c, const struct hash *id)
{
    return map_get(&c->history.receipts, key_of(id));
}

size_t
chain_history_bytes(const struct chain *c)
{
    return c->history.bytes;
}
