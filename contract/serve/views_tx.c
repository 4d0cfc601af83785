/* Transactions, receipts and outcomes. */
#include "contract/chain/merkle.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

void
view_transaction(struct json_writer *w, const struct signed_transaction *t)
{
    char text[SIGNATURE_TEXT];
    json_write_object(w);
    view_actions(w, t->tx.actions, t->tx.action_count);
    view_hash(w, "hash", &t->hash);
    json_put_u64(w, "nonce", t->tx.nonce);
    json_put_u64(w, "priority_fee", 0);
    view_public_key(w, "public_key", &t->tx.key);
    json_put_c(w, "receiver_id", t->tx.receiver.s);
    json_put_c(w, "signature", signature_text(&t->signature, text));
    json_put_c(w, "signer_id", t->tx.signer.s);
    json_write_object_end(w);
}

static void
view_action_receipt(struct json_writer *w, const struct chain_receipt *r)
{
    json_put_object(w, "Action");
    view_actions(w, r->actions, r->action_count);
    view_amount(w, "gas_price", r->gas_price);
    json_put_array(w, "input_data_ids");
    for (size_t i = 0; i < r->input_count; i++) {
        char text[HASH_TEXT];
        json_write_c(w, hash_text(&r->inputs[i], text));
    }
    json_write_array_end(w);
    json_put_bool(w, "is_promise_yield", r->is_yield);
    json_put_array(w, "output_data_receivers");
    for (size_t i = 0; i < r->output_count; i++) {
        json_write_object(w);
        view_hash(w, "data_id", &r->outputs[i].data_id);
        json_put_c(w, "receiver_id", r->outputs[i].receiver.s);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_put_c(w, "signer_id", r->signer.s);
    view_public_key(w, "signer_public_key", &r->signer_key);
    json_write_object_end(w);
}

static void
view_distribution(struct json_writer *w, const struct chain_receipt *r)
{
    struct hash hash = hash_of_bytes(r->data);
    json_put_object(w, "GlobalContractDistribution");
    json_put_array(w, "already_delivered_shards");
    for (uint64_t i = 0; i < CHAIN_MAX_SHARDS; i++) {
        if (r->delivered >> i & 1)
            json_write_u64(w, i);
    }
    json_write_array_end(w);
    view_base64(w, "code", str_of(hash.b, sizeof(hash.b)));
    view_global_name(w, "id", &r->global);
    json_put_u64(w, "target_shard", r->target);
    json_write_object_end(w);
}

void
view_receipt(struct json_writer *w, const struct chain_receipt *r)
{
    json_write_object(w);
    json_put_c(w, "predecessor_id", r->predecessor.s);
    json_put_u64(w, "priority", 0);
    json_put_object(w, "receipt");
    if (r->is_distribution) {
        view_distribution(w, r);
    } else if (r->is_data) {
        json_put_object(w, "Data");
        if (r->has_data)
            view_base64(w, "data", r->data);
        else
            json_put_null(w, "data");
        view_hash(w, "data_id", &r->data_id);
        json_put_bool(w, "is_promise_resume", r->is_resume);
        json_write_object_end(w);
    } else {
        view_action_receipt(w, r);
    }
    json_write_object_end(w);
    view_hash(w, "receipt_id", &r->id);
    json_put_c(w, "receiver_id", r->receiver.s);
    json_write_object_end(w);
}

static void
view_metadata(struct json_writer *w, const struct chain_outcome *o)
{
    json_put_object(w, "metadata");
    if (o->is_transaction) {
        json_put_null(w, "gas_profile");
        json_put_u64(w, "version", 1);
    } else {
        json_put_array(w, "gas_profile");
        for (size_t i = 0; i < o->profile_count; i++) {
            json_write_object(w);
            json_put_c(w, "cost", o->profile[i].name);
            json_put_c(w, "cost_category", o->profile[i].category);
            json_put_decimal(w, "gas_used", o->profile[i].gas);
            json_write_object_end(w);
        }
        json_write_array_end(w);
        json_put_u64(w, "version", 3);
    }
    json_write_object_end(w);
}

/* The way from the outcome to the root that the next chunk carries. */
static void
view_proof(struct json_writer *w, const struct chain *c, const struct chain_outcome *o)
{
    struct merkle_step steps[MERKLE_MAX_STEPS];
    const struct chain_chunk *chunk = &chain_block_at(c, o->height)->chunks[o->shard_index];
    size_t count = merkle_path(chunk->outcome_tree, chunk->outcome_count, o->place, steps);
    json_put_array(w, "proof");
    for (size_t i = 0; i < count; i++) {
        json_write_object(w);
        json_put_c(w, "direction", steps[i].is_right ? "Right" : "Left");
        view_hash(w, "hash", &steps[i].hash);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}

void
view_outcome(struct json_writer *w, const struct chain *c, const struct chain_outcome *o)
{
    json_write_object(w);
    view_hash(w, "block_hash", &chain_block_at(c, o->height)->hash);
    view_hash(w, "id", &o->id);
    json_put_object(w, "outcome");
    json_put_c(w, "executor_id", o->executor.s);
    json_put_u64(w, "gas_burnt", o->gas_burnt);
    json_put_array(w, "logs");
    for (size_t i = 0; i < o->log_count; i++)
        json_write_string(w, o->logs[i]);
    json_write_array_end(w);
    view_metadata(w, o);
    json_put_array(w, "receipt_ids");
    for (size_t i = 0; i < o->child_count; i++) {
        char text[HASH_TEXT];
        json_write_c(w, hash_text(&o->children[i], text));
    }
    json_write_array_end(w);
    json_write_key(w, "status");
    view_status(w, o);
    view_amount(w, "tokens_burnt", o->tokens_burnt);
    json_write_object_end(w);
    view_proof(w, c, o);
    json_write_object_end(w);
}
