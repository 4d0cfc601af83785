/* Who makes the blocks: one validator, the owner of the genesis account, for ever. What it
 * should have made and what it made are counted; its stake is what is locked on its account. */
#include <string.h>
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

enum { EPOCH_BLOCKS = 500 };

static void
put_shards(struct json_writer *w, const char *key, const struct chain *c)
{
    json_put_array(w, key);
    for (size_t i = 0; i < chain_shard_count(c); i++)
        json_write_u64(w, i);
    json_write_array_end(w);
}

static struct amount
stake_of(const struct chain *c, const struct genesis_account *validator)
{
    struct account_view v;
    return chain_view_account(c, account_str(&validator->id), &v) ? v.locked : amount_of(0);
}

static void
put_validator(struct json_writer *w, const struct chain *c, bool with_shards)
{
    const struct genesis_account *validator = &chain_config_of(c)->accounts[0];
    char text[KEY_TEXT];
    json_put_c(w, "account_id", validator->id.s);
    json_put_c(w, "public_key", public_key_text(&validator->key, text));
    if (with_shards)
        put_shards(w, "shards", c);
    view_amount(w, "stake", stake_of(c, validator));
}

/* --- an epoch ----------------------------------------------------------------------------- */

/* Its blocks as far as they are there: what should be, and what is. */
struct epoch {
    const struct chain_block *first, *last;
    uint64_t expected, produced;
    uint64_t chunks[CHAIN_MAX_SHARDS];
};

static void
count_epoch(const struct chain *c, const struct chain_block *last, struct epoch *out)
{
    *out = (struct epoch){.first = last, .last = last};
    out->expected = last->height < last->epoch_start ? 0 : last->height - last->epoch_start + 1;
    for (uint64_t h = last->epoch_start; h <= last->height; h++) {
        const struct chain_block *b = chain_block_at(c, h);
        if (!b)
            continue;
        out->produced++;
        for (size_t i = 0; i < b->chunk_count; i++)
            out->chunks[i] += chain_chunk_is_new(b, i);
    }
}

static void
put_per_shard(struct json_writer *w, const char *key, const struct chain *c, const uint64_t *list,
              uint64_t all)
{
    json_put_array(w, key);
    for (size_t i = 0; i < chain_shard_count(c); i++)
        json_write_u64(w, list ? list[i] : all);
    json_write_array_end(w);
}

static void
put_current(struct json_writer *w, const struct chain *c, const struct epoch *e)
{
    const struct genesis_account *g = &chain_config_of(c)->accounts[0];
    uint64_t shards = chain_shard_count(c), chunks = 0;
    char text[KEY_TEXT];
    for (size_t i = 0; i < shards; i++)
        chunks += e->chunks[i];
    json_write_object(w);
    json_put_c(w, "account_id", g->id.s);
    json_put_bool(w, "is_slashed", false);
    json_put_u64(w, "num_expected_blocks", e->expected);
    json_put_u64(w, "num_expected_chunks", e->expected * shards);
    put_per_shard(w, "num_expected_chunks_per_shard", c, NULL, e->expected);
    json_put_u64(w, "num_expected_endorsements", e->expected * shards);
    put_per_shard(w, "num_expected_endorsements_per_shard", c, NULL, e->expected);
    json_put_u64(w, "num_produced_blocks", e->produced);
    json_put_u64(w, "num_produced_chunks", chunks);
    put_per_shard(w, "num_produced_chunks_per_shard", c, e->chunks, 0);
    json_put_u64(w, "num_produced_endorsements", chunks);
    put_per_shard(w, "num_produced_endorsements_per_shard", c, e->chunks, 0);
    json_put_c(w, "public_key", public_key_text(&g->key, text));
    put_shards(w, "shards", c);
    put_shards(w, "shards_endorsed", c);
    view_amount(w, "stake", stake_of(c, g));
    json_write_object_end(w);
}

static void
put_empty(struct json_writer *w, const char *key)
{
    json_put_array(w, key);
    json_write_array_end(w);
}

/* --- which epoch -------------------------------------------------------------------------- */

static const struct chain_block *
unknown_epoch(struct rpc_call *c)
{
    rpc_handler_error(c, "UNKNOWN_EPOCH", NULL, "\"Unknown Epoch\"");
    return NULL;
}

/* Only the last block of an epoch stands for it; of the others the node knows no sums. */
static const struct chain_block *
epoch_of_block(struct rpc_call *c, const struct json *id)
{
    struct block_ref ref;
    const struct chain *chain = c->node->chain;
    if (!rpc_read_block_id(c, id, &ref))
        return NULL;
    const struct chain_block *b = ref.kind == REF_HEIGHT ? chain_block_at(chain, ref.height)
                                                         : chain_block_by_hash(chain, &ref.hash);
    if (!b)
        return unknown_epoch(c);
    const struct chain_block *next = NULL;
    for (uint64_t h = b->height + 1; !next && h <= chain_head(chain)->height; h++)
        next = chain_block_at(chain, h);
    if (next && !hash_equal(&next->epoch_id, &b->epoch_id))
        return b;
    rpc_handler_error(c, "VALIDATOR_INFO_UNAVAILABLE", NULL, "\"Validator info unavailable\"");
    return NULL;
}

/* The last block of an epoch that is over. */
static const struct chain_block *
epoch_of_id(struct rpc_call *c, const struct json *id)
{
    const struct chain *chain = c->node->chain;
    struct str text;
    struct hash hash;
    struct diag d = {0};
    if (json_string(id, &text, &d) || hash_parse(text, &hash, &d)) {
        rpc_parse_error(c, "Failed parsing args: %s", diag_text(&d));
        return NULL;
    }
    uint64_t h = chain_head(chain)->epoch_start;
    while (h-- > 1) {
        const struct chain_block *b = chain_block_at(chain, h);
        if (b && hash_equal(&b->epoch_id, &hash))
            return b;
        if (b)
            h = b->epoch_start < h ? b->epoch_start : h;
    }
    return unknown_epoch(c);
}

static const struct chain_block *
read_epoch(struct rpc_call *c)
{
    const struct json *params = c->params, *v = NULL;
    struct str word;
    bool is_latest = json_find(params, "latest") != NULL ||
                     (params && json_string(params, &word, NULL) == OK &&
                      str_equal(word, STR("latest")));
    if (json_is_array(params) && json_count(params) == 1) {
        v = json_at(params, 0);
        is_latest = json_is_null(v);
    }
    if (is_latest)
        return chain_head(c->node->chain);
    if (v || (v = json_find(params, "block_id")))
        return epoch_of_block(c, v);
    if ((v = json_find(params, "epoch_id")))
        return epoch_of_id(c, v);
    if (json_is_object(params))
        rpc_parse_error(c, "Failed parsing args: no variant of enum EpochReference found in "
                           "flattened data");
    else
        rpc_wrong_params(c, "RpcValidatorRequest");
    return NULL;
}

void
rpc_validators(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct chain *c = call->node->chain;
    struct epoch e;
    const struct chain_block *last = read_epoch(call);
    if (!last)
        return;
    count_epoch(c, last, &e);
    json_write_object(w);
    put_empty(w, "current_fishermen");
    put_empty(w, "current_proposals");
    json_put_array(w, "current_validators");
    put_current(w, c, &e);
    json_write_array_end(w);
    json_put_u64(w, "epoch_height", last->epoch_height);
    json_put_u64(w, "epoch_start_height", last->epoch_start);
    put_empty(w, "next_fishermen");
    json_put_array(w, "next_validators");
    json_write_object(w);
    put_validator(w, c, true);
    json_write_object_end(w);
    json_write_array_end(w);
    put_empty(w, "prev_epoch_kickout");
    json_write_object_end(w);
}

void
rpc_validators_ordered(struct rpc_call *call)
{
    struct json_writer *w = call->w;
    const struct json *id = json_find(call->params, "block_id");
    struct block_ref ref;
    if (!json_is_object(call->params)) {
        rpc_wrong_params(call, "RpcValidatorsOrderedRequest");
        return;
    }
    if (id && !json_is_null(id) &&
        (!rpc_read_block_id(call, id, &ref) || !rpc_find_block(call, &ref)))
        return;
    json_write_array(w);
    json_write_object(w);
    put_validator(w, call->node->chain, false);
    json_put_c(w, "validator_stake_struct_version", "V1");
    json_write_object_end(w);
    json_write_array_end(w);
}

/* The validator is always needed; everybody else never is, until the epoch ends. */
void
rpc_maintenance_windows(struct rpc_call *call)
{
    struct str account;
    struct json_writer *w = call->w;
    const struct chain *c = call->node->chain;
    const struct chain_block *head = chain_head(c);
    uint64_t end = head->epoch_start + EPOCH_BLOCKS;
    if (json_get_string(call->params, "account_id", &account, NULL)) {
        rpc_parse_error(call, "Failed parsing args: missing field `account_id`");
        return;
    }
    if (!rpc_check_account(call, account))
        return;
    json_write_array(w);
    if (!str_equal(account, account_str(&chain_config_of(c)->accounts[0].id)) &&
        head->height < end) {
        json_write_object(w);
        json_put_u64(w, "end", end);
        json_put_u64(w, "start", head->height);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}
