#include "contract/serve/feed_events.h"

#include "contract/serve/views.h"
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
#include "contract/serve/feed.def"
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

/* --- the events --------------------------------------------------------------------------- */

void
feed_put_block(struct json_writer *w, const struct chain_block *b)
{
    json_put_u64(w, "block_height", b->height);
    json_put_decimal(w, "block_timestamp_nanosec", b->time_ns);
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
add_receipt(struct feed_events *e, const struct feed_block *f, const struct chain_outcome *o)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    feed_put_block(&w, f->block);
    json_put_c(&w, "executor_id", o->executor.s);
    json_put_c(&w, "predecessor_id", o->receipt->predecessor.s);
    view_hash(&w, "receipt_id", &o->id);
    json_put_bool(&w, "success", o->status != CHAIN_FAILED);
    view_hash(&w, "transaction_id", &o->tx);
    feed_events_end(e, &w);
}

static void
add_transaction(struct feed_events *e, const struct feed_block *f,
                const struct signed_transaction *t)
{
    struct json_writer w;
    char key[KEY_TEXT], signature[SIGNATURE_TEXT];
    feed_events_begin(e, &w);
    feed_put_block(&w, f->block);
    json_put_u64(&w, "nonce", t->tx.nonce);
    json_put_null(&w, "priority_fee");
    json_put_c(&w, "public_key", public_key_text(&t->tx.key, key));
    json_put_c(&w, "receiver_id", t->tx.receiver.s);
    json_put_c(&w, "signature", signature_text(&t->signature, signature));
    json_put_c(&w, "signer_id", t->tx.signer.s);
    view_hash(&w, "transaction_id", &t->hash);
    feed_events_end(e, &w);
}

static void
add_log_text(struct feed_events *e, const struct feed_block *f, const struct chain_outcome *o,
             struct str line)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    json_put_c(&w, "account_id", o->executor.s);
    feed_put_block(&w, f->block);
    json_put_string(&w, "log_text", line);
    json_put_c(&w, "predecessor_id", o->receipt->predecessor.s);
    view_hash(&w, "receipt_id", &o->id);
    view_hash(&w, "transaction_id", &o->tx);
    feed_events_end(e, &w);
}

static void
add_nep297(struct feed_events *e, const struct feed_block *f, const struct chain_outcome *o,
           const struct json *root)
{
    struct json_writer w;
    struct str standard, version, event;
    const struct json *data = json_find(root, "data");
    if (json_get_string(root, "standard", &standard, NULL) ||
        json_get_string(root, "version", &version, NULL) ||
        json_get_string(root, "event", &event, NULL))
        return;
    feed_events_begin(e, &w);
    json_put_c(&w, "account_id", o->executor.s);
    feed_put_block(&w, f->block);
    json_write_key(&w, "event_data");
    if (data)
        json_write_value(&w, data);
    else
        json_write_null(&w);
    json_put_string(&w, "event_event", event);
    json_put_string(&w, "event_standard", standard);
    json_put_string(&w, "event_version", version);
    json_put_c(&w, "predecessor_id", o->receipt->predecessor.s);
    view_hash(&w, "receipt_id", &o->id);
    view_hash(&w, "transaction_id", &o->tx);
    feed_events_end(e, &w);
}

/* A line that only looks like an event is no event, as on the public feed. */
static void
add_log_event(struct feed_events *e, enum feed_kind kind, const struct feed_block *f,
              const struct chain_outcome *o, struct str line)
{
    const struct str mark = STR("EVENT_JSON:");
    struct json *root = NULL;
    if (!str_starts(line, mark) ||
        json_parse(str_trim(str_slice(line, mark.n, line.n)), JSON_BYTES_MAX, &root, NULL))
        return;
    if (!feed_tokens_add(e, kind, f, o, root))
        add_nep297(e, f, o, root);
    json_free(root);
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
    feed_put_block(&w, f->block);
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

static void
add_logs(struct feed_events *e, enum feed_kind kind, const struct feed_block *f,
         const struct chain_outcome *o)
{
    if (o->status == CHAIN_FAILED)
        return;
    for (size_t i = 0; i < o->log_count; i++) {
        if (kind == FEED_log_text)
            add_log_text(e, f, o, o->logs[i]);
        else
            add_log_event(e, kind, f, o, o->logs[i]);
    }
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
feed_events_add(struct feed_events *e, enum feed_kind kind, const struct feed_block *b)
{
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
