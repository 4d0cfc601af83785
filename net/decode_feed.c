#include "net/decode.h"

#include "net/decode_part.h"
#include "net/near/base58.h"

static enum err
decode_place(const struct json *v, uint64_t *height, uint64_t *time_ns, struct diag *d)
{
    enum err e = json_get_u64(v, "block_height", height, d);
    return e ? e : json_get_u64_text(v, "block_timestamp_nanosec", time_ns, d);
}

/* Views that are null when they do not apply. */
static enum err
decode_views(const struct json *v, const struct hash *tx, struct event_list *out,
             bool *is_transaction, struct diag *d)
{
    const struct json *receipt = NULL, *transaction = NULL;
    enum err e = json_get(v, "receipt", &receipt, d);
    if (!e)
        e = json_get(v, "transaction", &transaction, d);
    if (e)
        return e;
    if (!json_is_null(transaction) && (e = decode_transaction(transaction, out, d))) {
        diag_prefix(d, "transaction");
        return e;
    }
    if (!json_is_null(receipt) && (e = decode_receipt(receipt, tx, out, d))) {
        diag_prefix(d, "receipt");
        return e;
    }
    *is_transaction = !json_is_null(transaction);
    return OK;
}

static enum err
decode_optimistic(const struct json *v, struct event_list *out, struct diag *d)
{
    struct hash tx;
    struct block_fact block = {.is_final = false};
    uint64_t shard = 0;
    bool is_transaction = false;
    const struct json *view = NULL, *shard_id = NULL;
    struct event *event;
    enum err e = decode_hash(v, "transaction_id", &tx, d);
    if (!e)
        e = decode_place(v, &block.height, &block.time_ns, d);
    if (!e)
        e = decode_hash(v, "block_hash", &block.hash, d);
    if (!e)
        e = json_get(v, "shard_id", &shard_id, d);
    /* A relay in front of an RPC does not know it. */
    bool has_shard = !e && !json_is_null(shard_id);
    if (has_shard)
        e = json_get_u64(v, "shard_id", &shard, d);
    if (!e)
        e = json_get_object(v, "outcome", &view, d);
    if (e)
        return e;
    event_list_add(out, EVENT_BLOCK, NULL)->block = block;
    if ((e = decode_views(v, &tx, out, &is_transaction, d)))
        return e;
    if ((e = decode_outcome(view, &tx, is_transaction, out, &event, d))) {
        diag_prefix(d, "outcome");
        return e;
    }
    struct outcome_fact *outcome = &event->outcome;
    if (!hash_equal(&outcome->block_hash, &block.hash))
        return diag_set(d, ERR_TYPE, "outcome.block_hash: differs from block_hash");
    outcome->has_block_height = outcome->has_block_time = true;
    outcome->has_shard = has_shard;
    outcome->block_height = block.height;
    outcome->block_time_ns = block.time_ns;
    outcome->shard = shard;
    return decode_receipts(v, "new_receipts", &tx, out, d);
}

static enum err
decode_block_info(const struct json *v, struct event_list *out, struct diag *d)
{
    struct block_fact block = {.is_final = true};
    enum err e = decode_place(v, &block.height, &block.time_ns, d);
    if (!e)
        e = decode_hash(v, "block_hash", &block.hash, d);
    if (e)
        return e;
    event_list_add(out, EVENT_BLOCK, NULL)->block = block;
    event_list_add(out, EVENT_FINAL, NULL)->final.height = block.height;
    return OK;
}

/* Logs come from receipts that succeeded only, so that a log says so by being there. */
static enum err
decode_executed(const struct json *v, bool is_log, struct event_list *out, struct diag *d)
{
    struct hash tx, receipt;
    uint64_t height, time_ns;
    const struct json *success = NULL;
    bool has_success = true, succeeded = true;
    enum err e = decode_hash(v, "transaction_id", &tx, d);
    if (!e)
        e = decode_hash(v, "receipt_id", &receipt, d);
    if (!e)
        e = decode_place(v, &height, &time_ns, d);
    if (!e && !is_log) {
        e = json_get(v, "success", &success, d);
        has_success = !e && !json_is_null(success);
        if (has_success && (e = json_bool(success, &succeeded, d)))
            diag_prefix(d, "success");
    }
    if (e)
        return e;
    struct event *event = event_list_add(out, EVENT_EXECUTED, &tx);
    event->executed.receipt = receipt;
    event->executed.has_success = has_success;
    event->executed.success = has_success && succeeded;
    event->executed.block_height = height;
    return OK;
}

static enum err
decode_tx_receipt(const struct json *v, struct event_list *out, struct diag *d)
{
    return decode_executed(v, false, out, d);
}

static enum err
decode_log(const struct json *v, struct event_list *out, struct diag *d)
{
    return decode_executed(v, true, out, d);
}

/* Comes when the whole tree has run, in final blocks. It does not tell the actions. */
static enum err
decode_finished(const struct json *v, struct event_list *out, struct diag *d)
{
    struct hash tx;
    enum err e = decode_hash(v, "transaction_id", &tx, d);
    if (!e)
        event_list_add(out, EVENT_TX_STATE, &tx)->tx_state.state = TX_FINAL;
    return e;
}

static const struct {
    const char *name;
    enum err (*decode)(const struct json *v, struct event_list *out, struct diag *d);
} feeds[] = {
    [FEED_OUTCOME_OPTIMISTIC] = {"outcome_optimistic", decode_optimistic},
    [FEED_BLOCK_INFO] = {"block_info", decode_block_info},
    [FEED_TX_RECEIPT] = {"tx_receipt", decode_tx_receipt},
    [FEED_TX_TRANSACTION] = {"tx_transaction", decode_finished},
    [FEED_LOG_TEXT] = {"log_text", decode_log},
    [FEED_LOG_NEP297] = {"log_nep297", decode_log},
};

const char *
feed_name(enum feed_id id)
{
    return feeds[id].name;
}

enum err
decode_feed(enum feed_id id, struct str message, struct event_list *out, struct diag *d)
{
    struct json *root = NULL;
    size_t i = 0;
    struct str text = str_trim(message);
    if (text.n && text.p[0] != '[')
        return diag_set(d, ERR_REFUSED, "%s: %.*s", feeds[id].name,
                        STR_ARG(str_slice(text, 0, 150)));
    enum err e = json_parse(message, JSON_BYTES_MAX, &root, d);
    for (const struct json *v = e ? NULL : json_first(root); v; v = json_next(v), i++) {
        if ((e = feeds[id].decode(v, out, d))) {
            diag_prefix(d, "[%zu]", i);
            break;
        }
    }
    if (e)
        diag_prefix(d, "%s", feeds[id].name);
    json_free(root);
    return e;
}
