/* What one block of the embedded chain has to say on the feed. */
#include "contract/serve/feed_chain.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

static void
put_block(struct json_writer *w, const struct chain_block *b)
{
    const struct feed_place place = {.height = b->height, .time_ns = b->time_ns};
    feed_put_place(w, &place);
}

static void
add_block_info(struct feed_events *e, const struct feed_block *f)
{
    struct json_writer w;
    size_t transactions = 0, receipts = 0;
    for (size_t i = 0; i < f->block->chunk_count; i++) {
        if (!chain_chunk_is_new(f->block, i))
            continue;
        transactions += f->block->chunks[i].transaction_count;
        receipts += f->block->chunks[i].receipt_count;
    }
    feed_events_begin(e, &w);
    view_hash(&w, "block_hash", &f->block->hash);
    json_put_u64(&w, "block_height", f->block->height);
    json_put_c(&w, "block_producer", "test.near");
    json_put_decimal(&w, "block_timestamp_nanosec", f->block->time_ns);
    json_put_u64(&w, "receipt_count", receipts);
    json_put_u64(&w, "transaction_count", transactions);
    feed_events_end(e, &w);
}

static void
add_transaction(struct feed_events *e, const struct feed_block *f,
                const struct signed_transaction *t)
{
    struct json_writer w;
    char key[KEY_TEXT], signature[SIGNATURE_TEXT];
    feed_events_begin(e, &w);
    put_block(&w, f->block);
    json_put_u64(&w, "nonce", t->tx.nonce);
    json_put_null(&w, "priority_fee");
    json_put_c(&w, "public_key", public_key_text(&t->tx.key, key));
    json_put_c(&w, "receiver_id", t->tx.receiver.s);
    json_put_c(&w, "signature", signature_text(&t->signature, signature));
    json_put_c(&w, "signer_id", t->tx.signer.s);
    view_hash(&w, "transaction_id", &t->hash);
    feed_events_end(e, &w);
}

/* A receipt that was just made: it travels now, or, with the signer as receiver, has run. */
static const struct chain_receipt *
new_receipt(const struct chain *c, const struct hash *id)
{
    const struct chain_receipt *r = chain_receipt_of(c, id);
    const struct chain_outcome *o = r ? NULL : chain_outcome_of(c, id);
    return o ? o->receipt : r;
}

static void
add_outcome(struct feed_events *e, const struct feed_block *f, const struct chain_outcome *o)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    view_hash(&w, "block_hash", &f->block->hash);
    put_block(&w, f->block);
    json_put_array(&w, "new_receipts");
    for (size_t i = 0; i < o->child_count; i++) {
        const struct chain_receipt *r = new_receipt(f->chain, &o->children[i]);
        if (r)
            view_receipt(&w, r);
    }
    json_write_array_end(&w);
    json_write_key(&w, "outcome");
    view_outcome(&w, f->chain, o);
    json_write_key(&w, "receipt");
    if (o->receipt)
        view_receipt(&w, o->receipt);
    else
        json_write_null(&w);
    json_put_u64(&w, "shard_id", chain_shard_id(f->chain, o->shard_index));
    json_write_key(&w, "transaction");
    if (o->transaction)
        view_transaction(&w, o->transaction);
    else
        json_write_null(&w);
    view_hash(&w, "transaction_id", &o->tx);
    feed_events_end(e, &w);
}

static struct feed_place
place_of(const struct feed_block *f, const struct chain_outcome *o)
{
    return (struct feed_place){.height = f->block->height, .time_ns = f->block->time_ns,
                               .executor = account_str(&o->executor),
                               .predecessor = account_str(&o->receipt->predecessor),
                               .receipt = o->id, .tx = o->tx};
}

static void
add_receipt(struct feed_events *e, const struct feed_block *f, const struct chain_outcome *o)
{
    struct feed_place place = place_of(f, o);
    feed_add_receipt(e, &place, o->status != CHAIN_FAILED);
}

static void
add_logs(struct feed_events *e, enum feed_kind kind, const struct feed_block *f,
         const struct chain_outcome *o)
{
    if (o->status == CHAIN_FAILED)
        return;
    struct feed_place place = place_of(f, o);
    for (size_t i = 0; i < o->log_count; i++)
        feed_add_log(e, kind, &place, o->logs[i]);
}

static void
add_of_outcome(struct feed_events *e, enum feed_kind kind, const struct feed_block *f,
               const struct chain_outcome *o)
{
    if (kind == FEED_outcome_optimistic)
        add_outcome(e, f, o);
    else if (o->is_transaction)
        return;
    else if (kind == FEED_tx_receipt)
        add_receipt(e, f, o);
    else
        add_logs(e, kind, f, o);
}

void
feed_chain_events(const void *block, enum feed_kind kind, struct feed_events *e)
{
    const struct feed_block *b = block;
    if (kind == FEED_block_info) {
        add_block_info(e, b);
        return;
    }
    if (kind == FEED_tx_transaction) {
        for (size_t i = 0; i < b->finished_count; i++)
            add_transaction(e, b, b->finished[i]);
        return;
    }
    for (size_t i = 0; i < b->block->chunk_count; i++) {
        const struct chain_chunk *chunk = &b->block->chunks[i];
        for (size_t j = 0; j < chunk->outcome_count; j++)
            add_of_outcome(e, kind, b, chunk->outcomes[j]);
    }
}
