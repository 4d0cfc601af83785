#include "net/relay/origin.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/relay/walk_block.h"

enum { TRIES = 2, CANDIDATES_MAX = 64, PARAMS_MAX = 256, OUTCOME_MAX = 160 };

struct origin {
    struct origin_config config;
    struct rpc_request *request;            /* the one that is under way */
    struct account_id signer, receiver;     /* of the receipt */
    struct account_id boundaries[ORIGIN_SHARDS];
    size_t boundary_count, shard;           /* shard: whose account is asked with next */
    bool is_receipt;
    struct walk_block *block;               /* that is looked through, owned */
    unsigned blocks;                        /* so far */
    struct hash candidates[CANDIDATES_MAX]; /* of that block */
    size_t candidate_count;
    char outcome[OUTCOME_MAX];              /* what is known of the receipt's own, or empty */
};

static void
ask(struct origin *o, const char *method, const char *params, rpc_fn done)
{
    o->request = rpc_start(o->config.rpc, method, str_from(params), TRIES, done, o);
}

static void
found(struct origin *o, const struct hash *tx, const struct account_id *signer)
{
    o->config.found(o->config.context, tx, signer);
}

static bool
read_account(const struct json *object, const char *key, struct account_id *out)
{
    struct str text;
    return json_get_string(object, key, &text, NULL) == OK && account_parse(text, out, NULL) == OK;
}

static bool
read_hash(const struct json *object, const char *key, struct hash *out)
{
    struct str text;
    return json_get_string(object, key, &text, NULL) == OK && hash_parse(text, out, NULL) == OK;
}

/* --- not found: what can be said nevertheless --------------------------------------------- */

static void
give_up(struct origin *o)
{
    char text[DIAG_MAX * 2];
    if (o->is_receipt)
        snprintf(text, sizeof(text),
                 "this is a receipt for %s, of a transaction that %s signed, but none of the last %u "
                 "blocks holds it%s%s; the transaction's own hash, or an explorer, would help",
                 o->receiver.s, o->signer.s, o->blocks, o->outcome[0] ? "; " : "", o->outcome);
    else
        snprintf(text, sizeof(text),
                 "it is no receipt that the endpoint knows, and no transaction of any of %zu shards; "
                 "an archival endpoint, or the sender (ACCOUNT:HASH), would help",
                 o->boundary_count + 1);
    o->config.lost(o->config.context, o->is_receipt, text);
}

/* A proof for light clients tells the outcome of a single receipt. */
static void
on_outcome(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    o->request = NULL;
    const struct json *proof = json_find(reply->fault == RPC_FINE ? reply->result : NULL,
                                         "outcome_proof");
    const struct json *outcome = json_find(proof, "outcome");
    uint64_t gas = 0;
    if (outcome && json_get_u64(outcome, "gas_burnt", &gas, NULL) == OK) {
        bool is_failure = json_find(json_find(outcome, "status"), "Failure") != NULL;
        snprintf(o->outcome, sizeof(o->outcome), "by itself it %s and burnt %.2f Tgas",
                 is_failure ? "failed" : "succeeded", (double)gas / 1e12);
    } else {
        snprintf(o->outcome, sizeof(o->outcome), "its outcome the endpoint does not tell alone");
    }
    give_up(o);
}

static void
on_final(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    struct hash head;
    char params[PARAMS_MAX * 2], id[HASH_TEXT], text[HASH_TEXT];
    o->request = NULL;
    if (reply->fault != RPC_FINE ||
        !read_hash(json_find(reply->result, "header"), "hash", &head)) {
        give_up(o);
        return;
    }
    snprintf(params, sizeof(params),
             "{\"type\":\"receipt\",\"receipt_id\":\"%s\",\"receiver_id\":\"%s\","
             "\"light_client_head\":\"%s\"}",
             hash_text(&o->config.hash, id), o->receiver.s, hash_text(&head, text));
    ask(o, "EXPERIMENTAL_light_client_proof", params, on_outcome);
}

static void
ask_outcome(struct origin *o)
{
    ask(o, "block", "{\"finality\":\"final\"}", on_final);
}

/* --- a receipt: the blocks of its signer's shard ------------------------------------------ */

static void ask_candidate(struct origin *o);

static bool
has_id(const struct json *outcome, const char *id)
{
    struct str text;
    const struct json *ids = json_find(json_find(outcome, "outcome"), "receipt_ids");
    for (const struct json *v = json_first(ids); v; v = json_next(v)) {
        if (json_string(v, &text, NULL) == OK && str_equal_c(text, id))
            return true;
    }
    return false;
}

static void
on_candidate(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    char id[HASH_TEXT];
    o->request = NULL;
    hash_text(&o->config.hash, id);
    const struct json *status = reply->fault == RPC_FINE ? reply->result : NULL;
    bool is_it = has_id(json_find(status, "transaction_outcome"), id);
    for (const struct json *v = json_first(json_find(status, "receipts_outcome")); v && !is_it;
         v = json_next(v))
        is_it = has_id(v, id);
    if (is_it)
        found(o, &o->candidates[o->candidate_count], &o->signer);
    else
        ask_candidate(o);
}

static void
ask_status(struct origin *o, const struct hash *tx, const struct account_id *signer, rpc_fn done)
{
    char params[PARAMS_MAX], text[HASH_TEXT];
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"NONE\"}",
             hash_text(tx, text), signer->s);
    ask(o, "tx", params, done);
}

static void
on_chunk(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    o->request = NULL;
    if (reply->fault == RPC_FINE && walk_read_chunk(o->block, reply->result, NULL))
        o->block->tx_count = 0;
    for (size_t i = 0; i < o->block->tx_count && o->candidate_count < CANDIDATES_MAX; i++) {
        if (account_equal(&o->block->txs[i].signer, &o->signer))
            o->candidates[o->candidate_count++] = o->block->txs[i].id;
    }
    ask_candidate(o);
}

static void
on_block(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    struct walk_block *b = walk_block_new();
    struct hash chunk;
    char params[PARAMS_MAX], text[HASH_TEXT];
    uint64_t included = 0;
    o->request = NULL;
    walk_block_free(o->block);
    o->block = b;
    o->blocks++;
    if (reply->fault != RPC_FINE || walk_read_block(b, reply->result, NULL)) {
        o->blocks--;
        ask_outcome(o);
        return;
    }
    size_t index = account_shard_index(account_str(&o->signer), o->boundaries, o->boundary_count);
    const struct json *view = json_at(json_find(reply->result, "chunks"), index);
    bool is_new = json_get_u64(view, "height_included", &included, NULL) == OK &&
                  included == b->height && read_hash(view, "chunk_hash", &chunk);
    if (!is_new) {
        ask_candidate(o);
        return;
    }
    snprintf(params, sizeof(params), "{\"chunk_id\":\"%s\"}", hash_text(&chunk, text));
    ask(o, "chunk", params, on_chunk);
}

/* The next candidate of this block, or the block below. */
static void
ask_candidate(struct origin *o)
{
    char params[PARAMS_MAX], text[HASH_TEXT];
    if (o->candidate_count) {
        ask_status(o, &o->candidates[--o->candidate_count], &o->signer, on_candidate);
        return;
    }
    if (o->blocks >= ORIGIN_BLOCKS || o->block->height == 0) {
        ask_outcome(o);
        return;
    }
    snprintf(params, sizeof(params), "{\"block_id\":\"%s\"}", hash_text(&o->block->prev_hash, text));
    ask(o, "block", params, on_block);
}

/* What newer nodes know by themselves. */
static void
on_receipt_to_tx(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    struct hash tx;
    struct account_id sender;
    o->request = NULL;
    if (reply->fault == RPC_FINE && read_hash(reply->result, "transaction_hash", &tx) &&
        read_account(reply->result, "sender_account_id", &sender))
        found(o, &tx, &sender);
    else
        ask(o, "block", "{\"finality\":\"optimistic\"}", on_block);
}

/* --- a transaction of another shard ------------------------------------------------------- */

static void ask_shard(struct origin *o);

static void
on_shard(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    struct account_id signer;
    o->request = NULL;
    if (reply->fault == RPC_FINE &&
        read_account(json_find(reply->result, "transaction"), "signer_id", &signer))
        found(o, &o->config.hash, &signer);
    else
        ask_shard(o);
}

/* A boundary account is the first of its shard; before all of them stands a name of zeros. */
static void
ask_shard(struct origin *o)
{
    if (o->shard > o->boundary_count) {
        give_up(o);
        return;
    }
    struct account_id one = o->shard ? o->boundaries[o->shard - 1] : account_of("00");
    o->shard++;
    ask_status(o, &o->config.hash, &one, on_shard);
}

/* --- what it is --------------------------------------------------------------------------- */

static void
read_layout(struct origin *o, const struct json *config)
{
    /* {"V2":{…}}, whatever the version. */
    const struct json *layout = json_first(json_find(config, "shard_layout"));
    const struct json *list = json_find(layout, "boundary_accounts");
    struct str text;
    for (const struct json *v = json_first(list); v && o->boundary_count < ORIGIN_SHARDS;
         v = json_next(v)) {
        if (json_string(v, &text, NULL) == OK &&
            account_parse(text, &o->boundaries[o->boundary_count], NULL) == OK)
            o->boundary_count++;
    }
}

static void
on_config(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    char params[PARAMS_MAX], text[HASH_TEXT];
    o->request = NULL;
    if (reply->fault == RPC_FINE)
        read_layout(o, reply->result);
    if (!o->is_receipt) {
        ask_shard(o);
        return;
    }
    snprintf(params, sizeof(params), "{\"receipt_id\":\"%s\"}", hash_text(&o->config.hash, text));
    ask(o, "EXPERIMENTAL_receipt_to_tx", params, on_receipt_to_tx);
}

static void
on_receipt(void *context, const struct rpc_reply *reply)
{
    struct origin *o = context;
    const struct json *action = json_find(json_find(reply->fault == RPC_FINE ? reply->result : NULL,
                                                    "receipt"), "Action");
    o->request = NULL;
    o->is_receipt = read_account(action, "signer_id", &o->signer) &&
                    read_account(reply->result, "receiver_id", &o->receiver);
    ask(o, "EXPERIMENTAL_protocol_config", "{\"finality\":\"final\"}", on_config);
}

struct origin *
origin_start(const struct origin_config *config)
{
    struct origin *o = xcalloc(1, sizeof(*o));
    char params[PARAMS_MAX], text[HASH_TEXT];
    o->config = *config;
    snprintf(params, sizeof(params), "{\"receipt_id\":\"%s\"}", hash_text(&config->hash, text));
    ask(o, "EXPERIMENTAL_receipt", params, on_receipt);
    return o;
}

void
origin_free(struct origin *o)
{
    if (!o)
        return;
    rpc_cancel(o->request);
    walk_block_free(o->block);
    xfree(o);
}
