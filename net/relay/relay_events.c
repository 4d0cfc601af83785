/* What a part of a block has to say on the feed. */
#include "net/near/base58.h"
#include "net/relay/book.h"

static struct feed_place
place_of(const struct walk_block *b, const struct walk_outcome *o)
{
    return (struct feed_place){.height = b->height, .time_ns = b->time_ns,
                               .executor = account_str(&o->executor),
                               .predecessor = account_str(&o->predecessor),
                               .receipt = o->id, .tx = o->tx};
}

static void
add_block_info(struct feed_events *e, const struct walk_block *b)
{
    struct json_writer w;
    const struct feed_place place = {.height = b->height, .time_ns = b->time_ns};
    feed_events_begin(e, &w);
    feed_put_hash(&w, "block_hash", &b->hash);
    json_put_u64(&w, "block_height", b->height);
    json_put_string(&w, "block_producer", b->producer);
    json_put_decimal(&w, "block_timestamp_nanosec", place.time_ns);
    json_put_known_u64(&w, "receipt_count", b->has_totals, b->receipt_total);
    json_put_known_u64(&w, "transaction_count", b->has_totals, b->transaction_total);
    feed_events_end(e, &w);
}

static void
add_transaction(struct feed_events *e, const struct walk_block *b, struct str view)
{
    struct json_writer w;
    struct json *t = NULL;
    struct str id;
    const struct feed_place place = {.height = b->height, .time_ns = b->time_ns};
    if (json_parse(view, JSON_BYTES_MAX, &t, NULL))
        return;
    feed_events_begin(e, &w);
    feed_put_place(&w, &place);
    json_put_value(&w, "nonce", json_find(t, "nonce"));
    json_put_null(&w, "priority_fee");
    json_put_value(&w, "public_key", json_find(t, "public_key"));
    json_put_value(&w, "receiver_id", json_find(t, "receiver_id"));
    json_put_value(&w, "signature", json_find(t, "signature"));
    json_put_value(&w, "signer_id", json_find(t, "signer_id"));
    if (json_get_string(t, "hash", &id, NULL) == OK)
        json_put_string(&w, "transaction_id", id);
    feed_events_end(e, &w);
    json_free(t);
}

static void
put_view(struct json_writer *w, const char *key, struct str view)
{
    if (view.n)
        json_put_raw(w, key, view);
    else
        json_put_null(w, key);
}

static void
add_outcome(struct feed_events *e, const struct walk_block *b, const struct walk_outcome *o)
{
    struct json_writer w;
    struct feed_place place = place_of(b, o);
    feed_events_begin(e, &w);
    feed_put_hash(&w, "block_hash", &b->hash);
    feed_put_place(&w, &place);
    json_put_array(&w, "new_receipts");
    for (size_t i = 0; i < o->child_count; i++) {
        if (o->child_views[i].n)
            json_write_raw(&w, o->child_views[i]);
    }
    json_write_array_end(&w);
    json_put_raw(&w, "outcome", o->view);
    put_view(&w, "receipt", o->receipt);
    json_put_known_u64(&w, "shard_id", o->has_shard, o->shard);
    put_view(&w, "transaction", o->transaction);
    feed_put_hash(&w, "transaction_id", &o->tx);
    feed_events_end(e, &w);
}

static void
add_of_outcome(struct feed_events *e, enum feed_kind kind, const struct walk_block *b,
               const struct walk_outcome *o)
{
    struct feed_place place = place_of(b, o);
    if (kind == FEED_outcome_optimistic)
        add_outcome(e, b, o);
    else if (o->is_transaction)
        return;
    else if (kind == FEED_tx_receipt)
        feed_add_receipt(e, &place, o->is_success);
    else
        for (size_t i = 0; o->is_success && i < o->log_count; i++)
            feed_add_log(e, kind, &place, o->logs[i]);
}

void
relay_events(const void *context, enum feed_kind kind, struct feed_events *out)
{
    const struct book_news *news = context;
    if (kind == FEED_block_info) {
        if (news->is_whole)
            add_block_info(out, news->block);
        return;
    }
    if (kind == FEED_tx_transaction) {
        for (size_t i = 0; i < news->finished_count; i++)
            add_transaction(out, news->block, news->finished[i]);
        return;
    }
    for (size_t i = 0; i < news->outcome_count; i++)
        add_of_outcome(out, kind, news->block, news->outcomes[i]);
}
