/* Methods about the chain itself: status, blocks, chunks, prices. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "contract/chain/drill.h"
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/base/clock.h"
#include "net/near/base58.h"

void
rpc_put_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
    char text[64], stamp[32];
    time_t seconds = (time_t)(time_ns / NS_PER_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof(text), "%s.%09lluZ", stamp, (unsigned long long)(time_ns % NS_PER_S));
    json_put_c(w, key, text);
}

static void
put_validator_key(struct json_writer *w, const char *key)
{
    struct secret_key secret;
    char text[KEY_TEXT];
    secret_key_from_name(STR("test.near"), &secret);
    struct public_key public_key = secret_key_public(&secret);
    secret_key_wipe(&secret);
    json_put_c(w, key, public_key_text(&public_key, text));
}

static void
put_sync_info(struct json_writer *w, const struct chain *c)
{
    const struct chain_block *head = chain_head(c), *genesis = chain_genesis(c);
    json_put_object(w, "sync_info");
    view_hash(w, "earliest_block_hash", &genesis->hash);
    json_put_u64(w, "earliest_block_height", genesis->height);
    rpc_put_time(w, "earliest_block_time", genesis->time_ns);
    view_hash(w, "epoch_id", &head->epoch_id);
    json_put_u64(w, "epoch_start_height", head->epoch_start);
    view_hash(w, "latest_block_hash", &head->hash);
    json_put_u64(w, "latest_block_height", head->height);
    rpc_put_time(w, "latest_block_time", head->time_ns);
    view_hash(w, "latest_state_root", &head->chunks[0].prev_state_root);
    json_put_bool(w, "syncing", false);
    json_write_object_end(w);
}

void
rpc_status(struct rpc_call *call)
{
    struct node *n = call->node;
    struct json_writer *w = call->w;
    char address[32];
    snprintf(address, sizeof(address), "127.0.0.1:%d", n->port);
    json_write_object(w);
    json_put_c(w, "chain_id", chain_config_of(n->chain)->chain_id);
    view_hash(w, "genesis_hash", &chain_genesis(n->chain)->hash);
    json_put_u64(w, "latest_protocol_version", CHAIN_PROTOCOL_VERSION);
    json_put_null(w, "node_key");
    put_validator_key(w, "node_public_key");
    json_put_u64(w, "protocol_version", CHAIN_PROTOCOL_VERSION);
    json_put_c(w, "rpc_addr", address);
    put_sync_info(w, n->chain);
    json_put_u64(w, "uptime_sec",
                 (uint64_t)(clock_monotonic_ns() - n->started_ns) / NS_PER_S);
    json_put_c(w, "validator_account_id", "test.near");
    put_validator_key(w, "validator_public_key");
    json_put_raw(w, "validators", STR("[{\"account_id\":\"test.near\"}]"));
    json_put_object(w, "version");
    json_put_c(w, "build", "neartop");
    json_put_c(w, "commit", "");
    json_put_c(w, "rustc_version", "");
    json_put_c(w, "version", NEARTOP_VERSION);
    json_write_object_end(w);
    json_write_object_end(w);
}

void
rpc_health(struct rpc_call *call)
{
    json_write_null(call->w);
}

void
rpc_network_info(struct rpc_call *call)
{
    json_write_raw(call->w,
                   STR("{\"active_peers\":[],\"known_producers\":[],\"num_active_peers\":0,"
                       "\"peer_max_count\":0,\"received_bytes_per_sec\":0,"
                       "\"sent_bytes_per_sec\":0}"));
}

/* --- which block -------------------------------------------------------------------------- */

static const struct chain_block *
unknown_block(struct rpc_call *c, const char *what, struct str which, bool is_number_in_object)
{
    uint64_t height = 0;
    /* A height that will never come is another HTTP status than one that may. */
    bool is_past = is_number_in_object && str_to_u64(which, &height) &&
                   height < chain_head(c->node->chain)->height;
    char *text = arena_printf(c->arena, "DB Not Found Error: %s: %.*s \n Cause: Unknown", what,
                              STR_ARG(which));
    rpc_error(c, is_past ? 422 : 200, "HANDLER_ERROR", "UNKNOWN_BLOCK",
              c->unknown_block_info ? c->unknown_block_info : "{}", -32000, "Server error",
              rpc_quote(c, str_from(text)));
    return NULL;
}

static const struct chain_block *
block_by_id(struct rpc_call *c, const struct json *id, bool in_object)
{
    const struct chain *chain = c->node->chain;
    struct str text;
    struct hash hash;
    uint64_t height;
    const struct chain_block *b = NULL;
    if (json_u64(id, &height, NULL) == OK) {
        b = chain_block_at(chain, height);
        return b ? b : unknown_block(c, "BLOCK HEIGHT", json_number_text(id), in_object);
    }
    if (json_string(id, &text, NULL) == OK && hash_parse(text, &hash, NULL) == OK) {
        b = chain_block_by_hash(chain, &hash);
        return b ? b : unknown_block(c, "BLOCK HEADER", text, false);
    }
    rpc_parse_error(c, "Failed parsing args: data did not match any variant of untagged enum "
                       "BlockId");
    return NULL;
}

static const struct chain_block *
block_by_finality(struct rpc_call *c, const struct json *finality)
{
    const struct chain *chain = c->node->chain;
    const struct chain_block *head = chain_head(chain);
    struct str text = {0};
    if (json_string(finality, &text, NULL) == OK) {
        if (str_equal(text, STR("optimistic")))
            return head;
        if (str_equal(text, STR("near-final")))
            return chain_block_by_hash(chain, &head->last_ds_final);
        if (str_equal(text, STR("final")))
            return chain_final(chain);
    }
    rpc_parse_error(c, "Failed parsing args: unknown variant `%.*s`, expected one of "
                       "`optimistic`, `near-final`, `final`",
                    (int)(text.n < 60 ? text.n : 60), text.p ? text.p : "");
    return NULL;
}

const struct chain_block *
rpc_block_of(struct rpc_call *c, const struct json *reference, bool is_positional)
{
    if (is_positional && json_is_array(reference)) {
        const struct json *id = json_at(reference, 0);
        if (!id || json_is_null(id))
            return chain_head(c->node->chain);
        return block_by_id(c, id, false);
    }
    const struct json *id = json_find(reference, "block_id");
    if (id)
        return block_by_id(c, id, true);
    const struct json *finality = json_find(reference, "finality");
    if (finality)
        return block_by_finality(c, finality);
    if (json_find(reference, "sync_checkpoint"))
        return chain_genesis(c->node->chain);
    rpc_parse_error(c, "Failed parsing args: missing field `finality`, `block_id` or "
                       "`sync_checkpoint`");
    return NULL;
}

const struct chain_block *
rpc_block_of_query(struct rpc_call *c)
{
    const struct json *id = json_find(c->params, "block_id");
    if (id) {
        struct buf text;
        buf_init(&text, 256);
        json_print(id, &text);
        c->unknown_block_info =
            arena_printf(c->arena, "{\"block_reference\":{\"block_id\":%s}}", buf_c(&text));
        buf_release(&text);
    }
    return rpc_block_of(c, c->params, false);
}

void
rpc_block(struct rpc_call *call)
{
    const struct chain_block *b = rpc_block_of(call, call->params, true);
    if (b)
        view_block(call->w, b);
}

/* --- chunks ------------------------------------------------------------------------------- */

static const struct chain_chunk *
chunk_by_hash(struct rpc_call *c, struct str text)
{
    struct hash hash;
    struct diag d = {0};
    if (hash_parse(text, &hash, &d)) {
        rpc_parse_error(c, "Failed parsing args: %s", diag_text(&d));
        return NULL;
    }
    const struct chain_chunk *chunk = chain_chunk_by_hash(c->node->chain, &hash);
    if (chunk)
        return chunk;
    char *data = arena_printf(c->arena,
                              "Chunk Missing (unavailable on the node): ChunkHash(`%.*s`) "
                              "\n Cause: Unknown",
                              STR_ARG(text));
    rpc_handler_error(c, "UNKNOWN_CHUNK",
                      arena_printf(c->arena, "{\"chunk_hash\":%s}", rpc_quote(c, text)),
                      rpc_quote(c, str_from(data)));
    return NULL;
}

/* *height tells which block has taken it in: known only when it was asked for by block. */
static const struct chain_chunk *
chunk_of(struct rpc_call *c, uint64_t *height)
{
    const struct json *params = c->params, *id = json_find(params, "chunk_id"), *block, *shard;
    struct str text;
    uint64_t number;
    if (json_is_array(params))
        id = json_at(params, 0);
    if (id && json_string(id, &text, NULL) == OK)
        return chunk_by_hash(c, text);
    block = json_is_array(id) ? json_at(id, 0) : json_find(params, "block_id");
    shard = json_is_array(id) ? json_at(id, 1) : json_find(params, "shard_id");
    if (!block || !shard || json_u64(shard, &number, NULL)) {
        rpc_parse_error(c, "Failed parsing args: data did not match any variant of untagged "
                           "enum ChunkReference");
        return NULL;
    }
    const struct chain_block *b = block_by_id(c, block, json_is_object(params));
    if (!b)
        return NULL;
    for (size_t i = 0; i < b->chunk_count; i++) {
        if (b->chunks[i].shard_id == number) {
            *height = b->chunks[i].height_included;
            return &b->chunks[i];
        }
    }
    rpc_handler_error(c, "INVALID_SHARD_ID",
                      arena_printf(c->arena, "{\"shard_id\":%llu}", (unsigned long long)number),
                      arena_printf(c->arena, "\"Shard id %llu does not exist\"",
                                   (unsigned long long)number));
    return NULL;
}

void
rpc_chunk(struct rpc_call *call)
{
    uint64_t height = 0;
    const struct chain_chunk *chunk = chunk_of(call, &height);
    if (chunk)
        view_chunk(call->w, chunk, height);
}

void
rpc_congestion_level(struct rpc_call *call)
{
    uint64_t height;
    const struct chain_chunk *chunk = chunk_of(call, &height);
    if (!chunk)
        return;
    double level = (double)chunk->delayed_gas / (double)CHAIN_CONGESTION_FULL_GAS;
    json_write_object(call->w);
    view_level(call->w, "congestion_level", level > 1.0 ? 1.0 : level);
    json_write_object_end(call->w);
}

void
rpc_gas_price(struct rpc_call *call)
{
    const struct chain_block *b = NULL;
    const struct json *id = json_find(call->params, "block_id");
    if (json_is_object(call->params) && (!id || json_is_null(id)))
        b = chain_head(call->node->chain);
    else
        b = rpc_block_of(call, call->params, true);
    if (!b)
        return;
    json_write_object(call->w);
    view_amount(call->w, "gas_price", b->gas_price);
    json_write_object_end(call->w);
}

/* --- drills ------------------------------------------------------------------------------- */

/* {"kind":"http429","count":2}: not of the protocol, for tests and demonstrations. */
void
rpc_fault(struct rpc_call *call)
{
    call->is_drill = true;
    struct str kind;
    uint64_t count = 1;
    struct diag d = {0};
    if (json_get_string(call->params, "kind", &kind, &d) ||
        (json_find(call->params, "count") && json_get_u64(call->params, "count", &count, &d)) ||
        fault_set(call->node, kind, count, &d)) {
        rpc_parse_error(call, "Failed parsing args: %s", diag_text(&d));
        return;
    }
    json_write_bool(call->w, true);
}
