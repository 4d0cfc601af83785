/* Receipts on their way: out of the shard that made them, through a chunk, to the shard that
 * runs them. The node shuffles the source shards; here they come by their index.
 *
 * From one shard to another goes only so much in a block: an even share of what a shard may
 * send. What does not fit waits, in order, and asks for room, which it has in the next block.
 * Source: the node's bandwidth scheduler, as it divides what nobody asks for; that many shards
 * may ask at once is left out. */
#include <string.h>
#include "contract/chain/chain_private.h"

enum {
    SHARD_BYTES = 4500000,              /* that one shard may send in a block */
    MAX_GRANT = CHAIN_MAX_RECEIPT_BYTES /* to another that has asked for it */
};

struct link {
    uint64_t sent, room;
    bool is_full;                       /* nothing passes what waits */
};

static size_t
target_of(const struct chain *c, const struct chain_receipt *r)
{
    return r->is_distribution ? r->target : chain_shard_of(c, account_str(&r->receiver));
}

/* Never less than the bytes of its borsh form, and cheap. */
static uint64_t
most_bytes(const struct chain_receipt *r)
{
    enum { AROUND = 512, ACTION = 512, INPUT = 32, OUTPUT = 100 };
    uint64_t n = AROUND + r->data.n + INPUT * r->input_count + OUTPUT * r->output_count;
    for (size_t i = 0; i < r->action_count; i++) {
        const struct action *a = &r->actions[i];
        n += ACTION + a->method.n + a->args.n + a->code.n;
        for (size_t j = 0; j < a->access.method_count; j++)
            n += 4 + a->access.methods[j].n;
        /* Came in a transaction, which has a limit of its own. */
        if (a->kind == ACTION_DELEGATE)
            n += TX_MAX_BYTES;
    }
    return n;
}

static bool
has_room_for_all(const struct list *outgoing, uint64_t room)
{
    uint64_t n = 0;
    for (size_t i = 0; i < outgoing->count && n <= room; i++)
        n += most_bytes(outgoing->items[i]);
    return n <= room;
}

static bool
take_room(struct link *link, const struct chain_receipt *r, uint64_t made_height)
{
    uint64_t bytes = chain_receipt_bytes(r);
    if (link->is_full)
        return false;
    /* A value of the largest size makes a receipt that is larger than any grant: it goes alone. */
    bool has_asked = r->created_height < made_height &&
                     (link->sent == 0 || link->sent + bytes <= MAX_GRANT);
    if (has_asked && link->room < link->sent + bytes)
        link->room = link->sent + bytes;
    link->is_full = bytes > link->room - link->sent;
    link->sent += link->is_full ? 0 : bytes;
    return !link->is_full;
}

static void
send_from(struct chain *c, struct chain_block *b, size_t shard)
{
    struct list *outgoing = &c->shards[shard].outgoing;
    struct chain_chunk *chunk = &b->chunks[shard];
    struct link links[CHAIN_MAX_SHARDS];
    uint64_t room = SHARD_BYTES / c->shard_count;
    bool fits = has_room_for_all(outgoing, room);
    size_t left = 0;
    for (size_t i = 0; i < c->shard_count; i++)
        links[i] = (struct link){.room = room};
    chunk->receipts = arena_array(&c->arena, outgoing->count, sizeof(*chunk->receipts));
    for (size_t i = 0; i < outgoing->count; i++) {
        const struct chain_receipt *r = outgoing->items[i];
        size_t to = target_of(c, r);
        if (!fits && !take_room(&links[to], r, b->prev_height)) {
            outgoing->items[left++] = r;
            continue;
        }
        receipt_told(c, r);
        chunk->receipts[chunk->receipt_count++] = r;
        list_add(&c->shards[to].incoming, r);
    }
    outgoing->count = left;
}

/* Receipts of a shard without a chunk stay with it, and those for it pile up. */
void
route_receipts(struct chain *c, struct chain_block *b)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        if (!c->shards[i].is_stalled)
            send_from(c, b, i);
    }
}
