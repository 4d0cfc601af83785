/* Transactions, receipts and outcomes. */
#include "contract/chain/merkle.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

static void
view_key(struct json_writer *w, const char *key, const struct public_key *k)
{
    char text[KEY_TEXT];
    json_put_c(w, key, public_key_text(k, text));
}

void
view_permission(struct json_writer *w, const struct access_key *access)
{
    if (access->is_full_access) {
        json_write_c(w, "FullAccess");
        return;
    }
    json_write_object(w);
    json_put_object(w, "FunctionCall");
    if (access->has_allowance)
        view_amount(w, "allowance", access->allowance);
    else
        json_put_null(w, "allowance");
    json_put_array(w, "method_names");
    for (size_t i = 0; i < access->method_count; i++)
        json_write_string(w, access->methods[i]);
    json_write_array_end(w);
    json_put_string(w, "receiver_id", access->receiver);
    json_write_object_end(w);
    json_write_object_end(w);
}

static void
view_action(struct json_writer *w, const struct action *a)
{
    if (a->kind == ACTION_CREATE_ACCOUNT) {
        json_write_c(w, "CreateAccount");
        return;
    }
    json_write_object(w);
    json_put_object(w, action_kind_name(a->kind));
    if (a->kind == ACTION_DEPLOY_CONTRACT) {
        struct hash hash = hash_of_bytes(a->code);
        view_base64(w, "code", str_of(hash.b, sizeof(hash.b)));
    } else if (a->kind == ACTION_FUNCTION_CALL) {
        view_base64(w, "args", a->args);
        view_amount(w, "deposit", a->deposit);
        json_put_u64(w, "gas", a->gas);
        json_put_string(w, "method_name", a->method);
    } else if (a->kind == ACTION_TRANSFER) {
        view_amount(w, "deposit", a->deposit);
    } else if (a->kind == ACTION_STAKE) {
        view_key(w, "public_key", &a->key);
        view_amount(w, "stake", a->deposit);
    } else if (a->kind == ACTION_ADD_KEY) {
        json_put_object(w, "access_key");
        json_put_u64(w, "nonce", a->access.nonce);
        json_write_key(w, "permission");
        view_permission(w, &a->access);
        json_write_object_end(w);
        view_key(w, "public_key", &a->key);
    } else if (a->kind == ACTION_DELETE_KEY) {
        view_key(w, "public_key", &a->key);
    } else if (a->kind == ACTION_DELETE_ACCOUNT) {
        json_put_c(w, "beneficiary_id", a->beneficiary.s);
    }
    json_write_object_end(w);
    json_write_object_end(w);
}

static void
view_actions(struct json_writer *w, const struct action *actions, size_t count)
{
    json_put_array(w, "actions");
    for (size_t i = 0; i < count; i++)
        view_action(w, &actions[i]);
    json_write_array_end(w);
}

void
view_transaction(struct json_writer *w, const struct signed_transaction *t)
{
    char text[SIGNATURE_TEXT];
    json_write_object(w);
    view_actions(w, t->tx.actions, t->tx.action_count);
    view_hash(w, "hash", &t->hash);
    json_put_u64(w, "nonce", t->tx.nonce);
    json_put_u64(w, "priority_fee", 0);
    view_key(w, "public_key", &t->tx.key);
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
    view_key(w, "signer_public_key", &r->signer_key);
    json_write_object_end(w);
}

void
view_receipt(struct json_writer *w, const struct chain_receipt *r)
{
    json_write_object(w);
    json_put_c(w, "predecessor_id", r->predecessor.s);
    json_put_u64(w, "priority", 0);
    json_put_object(w, "receipt");
    if (r->is_data) {
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
