#include "contract/serve/views.h"

#include <stdio.h>
#include "net/near/base58.h"

void
view_hash(struct json_writer *w, const char *key, const struct hash *h)
{
    char text[HASH_TEXT];
    json_put_c(w, key, hash_text(h, text));
}

void
view_amount(struct json_writer *w, const char *key, struct amount a)
{
    char text[AMOUNT_TEXT];
    json_put_c(w, key, amount_text(a, text));
}

void
view_level(struct json_writer *w, const char *key, double level)
{
    char text[32];
    int n = snprintf(text, sizeof(text), "%.6f", level);
    while (n > 3 && text[n - 1] == '0' && text[n - 2] != '.')
        n--;
    json_put_raw(w, key, str_of(text, (size_t)n));
}

void
view_base64(struct json_writer *w, const char *key, struct str bytes)
{
    struct buf text;
    buf_init(&text, bytes.n / 3 * 4 + 8);
    base64_encode(bytes, &text);
    json_put_string(w, key, buf_str(&text));
    buf_release(&text);
}

static void
view_zero_hash(struct json_writer *w, const char *key)
{
    static const struct hash zero;
    view_hash(w, key, &zero);
}

static void
view_empty_array(struct json_writer *w, const char *key)
{
    json_put_array(w, key);
    json_write_array_end(w);
}

/* A signature that nobody checks: the header's own hash, twice. */
static void
view_one_mark(struct json_writer *w, const struct hash *h)
{
    struct signature s = {.curve = 0};
    char text[SIGNATURE_TEXT];
    for (int i = 0; i < 64; i++)
        s.b[i] = h->b[i % 32];
    json_write_c(w, signature_text(&s, text));
}

static void
view_mark(struct json_writer *w, const char *key, const struct hash *h)
{
    json_write_key(w, key);
    view_one_mark(w, h);
}

/* Of what goes over the wire: two lists, of transactions and of receipts. */
static uint64_t
encoded_length(const struct chain_chunk *c)
{
    enum { LISTS = 8, CURVE = 1, ED25519 = 64, SECP256K1 = 65 };
    uint64_t n = LISTS;
    for (size_t i = 0; i < c->transaction_count; i++)
        n += c->transactions[i]->unsigned_size + CURVE +
             (c->transactions[i]->signature.curve ? SECP256K1 : ED25519);
    for (size_t i = 0; i < c->receipt_count; i++)
        n += chain_receipt_bytes(c->receipts[i]);
    return n;
}

static void
chunk_header(struct json_writer *w, const struct chain_chunk *c, uint64_t height_included)
{
    json_write_object(w);
    view_amount(w, "balance_burnt", c->balance_burnt);
    json_put_raw(w, "bandwidth_requests", STR("{\"V1\":{\"requests\":[]}}"));
    view_hash(w, "chunk_hash", &c->hash);
    json_put_object(w, "congestion_info");
    json_put_u64(w, "allowed_shard", c->allowed_shard);
    json_put_c(w, "buffered_receipts_gas", "0");
    json_put_decimal(w, "delayed_receipts_gas", c->delayed_gas);
    json_put_u64(w, "receipt_bytes", 0);
    json_write_object_end(w);
    json_put_u64(w, "encoded_length", encoded_length(c));
    view_hash(w, "encoded_merkle_root", &c->receipts_root);
    json_put_u64(w, "gas_limit", CHAIN_GAS_LIMIT);
    json_put_u64(w, "gas_used", c->gas_used);
    json_put_u64(w, "height_created", c->height);
    json_put_u64(w, "height_included", height_included);
    view_hash(w, "outcome_root", &c->outcome_root);
    view_hash(w, "outgoing_receipts_root", &c->receipts_root);
    view_hash(w, "prev_block_hash", &c->prev_block_hash);
    view_hash(w, "prev_state_root", &c->prev_state_root);
    json_put_c(w, "rent_paid", "0");
    json_put_u64(w, "shard_id", c->shard_id);
    view_mark(w, "signature", &c->hash);
    view_hash(w, "tx_root", &c->tx_root);
    view_empty_array(w, "validator_proposals");
    json_put_c(w, "validator_reward", "0");
    json_write_object_end(w);
}

static void
block_header(struct json_writer *w, const struct chain_block *b)
{
    json_put_object(w, "header");
    json_put_array(w, "approvals");
    view_one_mark(w, &b->prev_hash);
    json_write_array_end(w);
    view_hash(w, "block_body_hash", &b->outcome_root);
    view_hash(w, "block_merkle_root", &b->hash);
    json_put_u64(w, "block_ordinal", b->ordinal);
    view_empty_array(w, "challenges_result");
    view_zero_hash(w, "challenges_root");
    size_t new_count = 0;
    json_put_array(w, "chunk_endorsements");
    for (size_t i = 0; i < b->chunk_count; i++)
        json_write_raw(w, chain_chunk_is_new(b, i) ? STR("[1]") : STR("[0]"));
    json_write_array_end(w);
    view_hash(w, "chunk_headers_root", &b->outcome_root);
    json_put_array(w, "chunk_mask");
    for (size_t i = 0; i < b->chunk_count; i++) {
        json_write_bool(w, chain_chunk_is_new(b, i));
        new_count += chain_chunk_is_new(b, i);
    }
    json_write_array_end(w);
    view_hash(w, "chunk_receipts_root", &b->outcome_root);
    view_hash(w, "chunk_tx_root", &b->outcome_root);
    json_put_u64(w, "chunks_included", new_count);
    view_hash(w, "epoch_id", &b->epoch_id);
    json_put_null(w, "epoch_sync_data_hash");
    view_amount(w, "gas_price", b->gas_price);
    view_hash(w, "hash", &b->hash);
    json_put_u64(w, "height", b->height);
    view_hash(w, "last_ds_final_block", &b->last_ds_final);
    view_hash(w, "last_final_block", &b->last_final);
    json_put_u64(w, "latest_protocol_version", CHAIN_PROTOCOL_VERSION);
    view_hash(w, "next_bp_hash", &b->next_epoch_id);
    view_hash(w, "next_epoch_id", &b->next_epoch_id);
    view_hash(w, "outcome_root", &b->outcome_root);
    view_hash(w, "prev_hash", &b->prev_hash);
    json_put_u64(w, "prev_height", b->prev_height);
    view_hash(w, "prev_state_root", &b->chunks[0].prev_state_root);
    view_hash(w, "random_value", &b->random_value);
    json_put_c(w, "rent_paid", "0");
    view_mark(w, "signature", &b->hash);
    json_put_u64(w, "timestamp", b->time_ns);
    json_put_decimal(w, "timestamp_nanosec", b->time_ns);
    view_amount(w, "total_supply", b->total_supply);
    view_empty_array(w, "validator_proposals");
    json_put_c(w, "validator_reward", "0");
    json_write_object_end(w);
}

void
view_block(struct json_writer *w, const struct chain_block *b)
{
    json_write_object(w);
    json_put_c(w, "author", "test.near");
    json_put_array(w, "chunks");
    for (size_t i = 0; i < b->chunk_count; i++)
        chunk_header(w, &b->chunks[i], b->chunks[i].height_included);
    json_write_array_end(w);
    block_header(w, b);
    json_write_object_end(w);
}

void
view_chunk(struct json_writer *w, const struct chain_chunk *chunk,
           uint64_t height_included)
{
    json_write_object(w);
    json_put_c(w, "author", "test.near");
    json_write_key(w, "header");
    chunk_header(w, chunk, height_included);
    json_put_array(w, "receipts");
    for (size_t i = 0; i < chunk->receipt_count; i++)
        view_receipt(w, chunk->receipts[i]);
    json_write_array_end(w);
    json_put_array(w, "transactions");
    for (size_t i = 0; i < chunk->transaction_count; i++)
        view_transaction(w, chunk->transactions[i]);
    json_write_array_end(w);
    json_write_object_end(w);
}
