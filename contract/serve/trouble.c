/* A node in trouble: it does not follow a shard, has thrown old blocks away, is behind, or has
 * not heard of a transaction. What it answers then, in the node's own words. */
#include <string.h>
#include "contract/serve/node.h"
#include "net/near/base58.h"

/* --- what is asked for -------------------------------------------------------------------- */

static const struct json *
param(const struct rpc_call *c, size_t index, const char *key)
{
    return json_is_array(c->params) ? json_at(c->params, index) : json_find(c->params, key);
}

static bool
signed_of(struct rpc_call *c, const struct json *v, struct signed_transaction *out)
{
    struct str text;
    struct buf bytes;
    if (!v || json_string(v, &text, NULL))
        return false;
    buf_init(&bytes, SERVER_MAX_BODY);
    /* What is decoded borrows from the bytes: the arena keeps a copy of them. */
    bool is_good =
        base64_decode(text, &bytes, NULL) == OK &&
        tx_decode_signed(arena_str(c->arena, buf_str(&bytes)), c->arena, out, NULL) == OK;
    buf_release(&bytes);
    return is_good;
}

/* The transaction that tx, by hash or by signed bytes, is about; NULL: not known here. */
static bool
transaction_of(struct rpc_call *c, struct hash *hash, struct str *signer)
{
    const struct json *v = param(c, 0, "tx_hash");
    struct signed_transaction t;
    struct str text;
    *signer = (struct str){0};
    if (v && json_string(v, &text, NULL) == OK && hash_parse(text, hash, NULL) == OK) {
        bool is_included;
        const struct signed_transaction *known =
            chain_transaction(c->node->chain, hash, &is_included);
        if (known)
            *signer = account_str(&known->tx.signer);
        return true;
    }
    if (!signed_of(c, v ? v : json_find(c->params, "signed_tx_base64"), &t))
        return false;
    *hash = t.hash;
    *signer = str_from(arena_c(c->arena, account_str(&t.tx.signer)));
    return true;
}

static const struct chain_block *
block_of(const struct rpc_call *c, const struct json *id)
{
    struct str text;
    struct hash hash;
    uint64_t height;
    if (id && json_u64(id, &height, NULL) == OK)
        return chain_block_at(c->node->chain, height);
    if (id && json_string(id, &text, NULL) == OK && hash_parse(text, &hash, NULL) == OK)
        return chain_block_by_hash(c->node->chain, &hash);
    return NULL;
}

/* --- what is not there -------------------------------------------------------------------- */

static bool
is_untracked(const struct node *n, struct str account)
{
    return account.n &&
           fault_is_shard(&n->faults, FAULT_untracked, chain_shard_of(n->chain, account));
}

static bool
is_thrown_away(const struct node *n, uint64_t height)
{
    uint64_t kept = fault_value(&n->faults, FAULT_old), head = chain_head(n->chain)->height;
    return kept && height + kept <= head;
}

const struct chain_block *
trouble_earliest(const struct node *n)
{
    uint64_t kept = fault_value(&n->faults, FAULT_old), head = chain_head(n->chain)->height;
    const struct chain_block *b = NULL;
    for (uint64_t h = kept && head >= kept ? head - kept + 1 : head + 1; !b && h <= head; h++)
        b = chain_block_at(n->chain, h);
    return b ? b : chain_earliest(n->chain);
}

static bool
say(struct rpc_call *c, const char *cause, const char *info, const char *text)
{
    rpc_handler_error(c, cause, info, rpc_quote(c, str_from(text)));
    return true;
}

static bool
say_unknown_transaction(struct rpc_call *c, const struct hash *hash)
{
    char text[HASH_TEXT];
    hash_text(hash, text);
    return say(c, "UNKNOWN_TRANSACTION",
               arena_printf(c->arena, "{\"requested_transaction_hash\":\"%s\"}", text),
               arena_printf(c->arena, "Transaction %s doesn't exist", text));
}

/* --- method by method --------------------------------------------------------------------- */

static bool
in_query(struct rpc_call *c)
{
    struct node *n = c->node;
    struct str account = {0};
    char text[HASH_TEXT];
    const struct chain_block *b = block_of(c, json_find(c->params, "block_id"));
    if (json_get_string(c->params, "account_id", &account, NULL))
        return false;
    if (is_untracked(n, account)) {
        unsigned long long shard =
            chain_shard_id(n->chain, chain_shard_of(n->chain, account));
        return say(c, "UNAVAILABLE_SHARD",
                   arena_printf(c->arena, "{\"requested_shard_id\":%llu}", shard),
                   arena_printf(c->arena, "The node does not track the shard ID %llu", shard));
    }
    if (!b || !is_thrown_away(n, b->height))
        return false;
    unsigned long long height = b->height;
    return say(c, "GARBAGE_COLLECTED_BLOCK",
               arena_printf(c->arena, "{\"block_hash\":\"%s\",\"block_height\":%llu}",
                            hash_text(&b->hash, text), height),
               arena_printf(c->arena,
                            "The data for block #%llu is garbage collected on this node, use "
                            "an archival node to fetch historical data",
                            height));
}

static bool
in_block(struct rpc_call *c)
{
    const struct json *id = param(c, 0, "block_id");
    const struct chain_block *b = block_of(c, id);
    uint64_t height = 0;
    if (!b || !is_thrown_away(c->node, b->height))
        return false;
    bool is_number = json_u64(id, &height, NULL) == OK;
    char text[HASH_TEXT];
    char *data = is_number
                     ? arena_printf(c->arena,
                                    "DB Not Found Error: BLOCK HEIGHT: %llu \n Cause: Unknown",
                                    (unsigned long long)height)
                     : arena_printf(c->arena, "DB Not Found Error: BLOCK: %s \n Cause: Unknown",
                                    hash_text(&b->hash, text));
    rpc_error(c, is_number && json_is_object(c->params) ? 422 : 200, "HANDLER_ERROR",
              "UNKNOWN_BLOCK", "{}", -32000, "Server error", rpc_quote(c, str_from(data)));
    return true;
}

/* The chunk as its hash names it, or as its block and shard do. */
static const struct chain_chunk *
chunk_of(const struct rpc_call *c)
{
    const struct json *id = param(c, 0, "chunk_id"), *shard;
    struct str text;
    struct hash hash;
    uint64_t number = 0;
    if (id && json_string(id, &text, NULL) == OK)
        return hash_parse(text, &hash, NULL) ? NULL : chain_chunk_by_hash(c->node->chain, &hash);
    shard = json_is_array(id) ? json_at(id, 1) : json_find(c->params, "shard_id");
    const struct chain_block *b =
        block_of(c, json_is_array(id) ? json_at(id, 0) : json_find(c->params, "block_id"));
    if (!b || !shard || json_u64(shard, &number, NULL))
        return NULL;
    for (size_t i = 0; i < b->chunk_count; i++) {
        if (b->chunks[i].shard_id == number)
            return &b->chunks[i];
    }
    return NULL;
}

static bool
in_chunk(struct rpc_call *c)
{
    const struct node *n = c->node;
    const struct chain_chunk *chunk = chunk_of(c);
    char text[HASH_TEXT];
    bool is_hidden = false;
    for (size_t i = 0; chunk && i < chain_shard_count(n->chain); i++)
        is_hidden |= chain_shard_id(n->chain, i) == chunk->shard_id &&
                     fault_is_shard(&n->faults, FAULT_untracked, i);
    if (!chunk || !(is_hidden || is_thrown_away(n, chunk->height_included)))
        return false;
    hash_text(&chunk->hash, text);
    return say(c, "UNKNOWN_CHUNK", arena_printf(c->arena, "{\"chunk_hash\":\"%s\"}", text),
               arena_printf(c->arena,
                            "Chunk Missing (unavailable on the node): ChunkHash(`%s`) "
                            "\n Cause: Unknown",
                            text));
}

static bool
waits(const struct rpc_call *c)
{
    struct str level;
    return json_get_string(c->params, "wait_until", &level, NULL) != OK ||
           !str_equal(level, STR("NONE"));
}

static bool
in_status(struct rpc_call *c)
{
    static const struct hash nobody;
    struct node *n = c->node;
    struct hash hash;
    struct str signer;
    if (!transaction_of(c, &hash, &signer))
        return false;
    const struct chain_outcome *o = chain_outcome_of(n->chain, &hash);
    bool is_gone = o && is_thrown_away(n, o->height);
    if (is_untracked(n, signer) && !waits(c)) {
        json_write_raw(c->w, STR("{\"final_execution_status\":\"NONE\"}"));
        return true;
    }
    if (waits(c) && (is_gone || is_untracked(n, signer))) {
        rpc_wait(c, &nobody, WAIT_FINAL, false);
        return true;
    }
    if (is_gone || (signer.n && !waits(c) && fault_take(&n->faults, FAULT_unknowntx)))
        return say_unknown_transaction(c, &hash);
    return false;
}

static bool
in_receipt(struct rpc_call *c)
{
    const struct json *v = param(c, 0, "receipt_id");
    struct str text;
    struct hash id;
    if (!v || json_string(v, &text, NULL) || hash_parse(text, &id, NULL))
        return false;
    const struct chain_receipt *r = chain_receipt_of(c->node->chain, &id);
    if (!r || !(is_untracked(c->node, account_str(&r->receiver)) ||
                is_thrown_away(c->node, r->created_height) ||
                fault_take(&c->node->faults, FAULT_unknownreceipt)))
        return false;
    char *info = arena_printf(c->arena, "{\"receipt_id\":%s}", rpc_quote(c, text));
    rpc_handler_error(c, "UNKNOWN_RECEIPT", info,
                      arena_printf(c->arena, "{\"info\":%s,\"name\":\"UNKNOWN_RECEIPT\"}", info));
    return true;
}

/* --- sending ------------------------------------------------------------------------------ */

/* It is said to be on its way, and nobody hears of it again. */
static bool
lose(struct rpc_call *c, const struct hash *hash)
{
    char text[HASH_TEXT];
    if (str_equal_c(c->method, "broadcast_tx_async"))
        json_write_c(c->w, hash_text(hash, text));
    else if (!waits(c) && str_equal_c(c->method, "send_tx"))
        json_write_raw(c->w, STR("{\"final_execution_status\":\"NONE\"}"));
    else
        rpc_wait(c, hash, WAIT_FINAL, false);
    return true;
}

static bool
in_send(struct rpc_call *c)
{
    struct node *n = c->node;
    struct signed_transaction t;
    bool is_included;
    if (!signed_of(c, param(c, 0, "signed_tx_base64"), &t) ||
        chain_transaction(n->chain, &t.hash, &is_included))
        return false;
    if (is_untracked(n, account_str(&t.tx.signer))) {
        if (str_equal_c(c->method, "broadcast_tx_async") || !waits(c))
            return lose(c, &t.hash);
        return say(c, "DOES_NOT_TRACK_SHARD", NULL,
                   "Node doesn't track this shard. Cannot determine whether the transaction is "
                   "valid");
    }
    return fault_take(&n->faults, FAULT_lost) && lose(c, &t.hash);
}

static bool
in_health(struct rpc_call *c)
{
    return c->node->behind > 0 && say(c, "NODE_IS_SYNCING", NULL, "Node is syncing");
}

static const struct {
    const char *method;
    bool (*answers)(struct rpc_call *c);
} methods[] = {{"query", in_query},
               {"block", in_block},
               {"gas_price", in_block},
               {"EXPERIMENTAL_changes", in_block},
               {"EXPERIMENTAL_changes_in_block", in_block},
               {"changes", in_block},
               {"block_effects", in_block},
               {"chunk", in_chunk},
               {"EXPERIMENTAL_congestion_level", in_chunk},
               {"tx", in_status},
               {"EXPERIMENTAL_tx_status", in_status},
               {"EXPERIMENTAL_receipt", in_receipt},
               {"send_tx", in_send},
               {"broadcast_tx_async", in_send},
               {"broadcast_tx_commit", in_send},
               {"health", in_health}};

bool
trouble_answers(struct rpc_call *c)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (str_equal_c(c->method, methods[i].method))
            return methods[i].answers(c);
    }
    return false;
}
