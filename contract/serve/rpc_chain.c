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

void
rpc_put_version(struct json_writer *w)
{
    json_put_object(w, "version");
    json_put_c(w, "build", "neartop");
    json_put_c(w, "commit", "");
    json_put_c(w, "rustc_version", "");
    json_put_c(w, "version", NEARTOP_VERSION);
    json_write_object_end(w);
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
put_sync_info(struct json_writer *w, const struct node *n)
{
    const struct chain *c = n->chain;
    const struct chain_block *head = chain_head(c), *earliest = trouble_earliest(n);
    json_put_object(w, "sync_info");
    view_hash(w, "earliest_block_hash", &earliest->hash);
    json_put_u64(w, "earliest_block_height", earliest->height);
    rpc_put_time(w, "earliest_block_time", earliest->time_ns);
    view_hash(w, "epoch_id", &head->epoch_id);
    json_put_u64(w, "epoch_start_height", head->epoch_start);
    view_hash(w, "latest_block_hash", &head->hash);
    json_put_u64(w, "latest_block_height", head->height);
    rpc_put_time(w, "latest_block_time", head->time_ns);
    view_hash(w, "latest_state_root", &head->chunks[0].prev_state_root);
    json_put_bool(w, "syncing", n->behind > 0);
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
    put_validator_key(w, "node_key");
    put_validator_key(w, "node_public_key");
    json_put_u64(w, "protocol_version", CHAIN_PROTOCOL_VERSION);
    json_put_c(w, "rpc_addr", address);
    put_sync_info(w, n);
    json_put_u64(w, "uptime_sec",
                 (uint64_t)(clock_monotonic_ns() - n->started_ns) / NS_PER_S);
    json_put_c(w, "validator_account_id", "test.near");
    put_validator_key(w, "validator_public_key");
    json_put_raw(w, "validators", STR("[{\"account_id\":\"test.near\"}]"));
    rpc_put_version(w);
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

/* --- blocks ------------------------------------------------------------------------------- */

void
rpc_block(struct rpc_call *call)
{
    const struct chain_block *b = rpc_block_of(call);
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
    struct block_ref ref;
    if (!rpc_read_block_id(c, block, &ref))
        return NULL;
    const struct chain_block *b = rpc_find_block(c, &ref);
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

/* [null], [id], {"block_id":…} or {}: the latest price unless a block is named. */
void
rpc_gas_price(struct rpc_call *call)
{
    const struct json *params = call->params, *id = json_find(params, "block_id");
    const struct chain_block *b = chain_head(call->node->chain);
    struct block_ref ref;
    if (json_is_array(params) && json_count(params) == 1)
        id = json_at(params, 0);
    else if (!json_is_object(params)) {
        rpc_wrong_params(call, "RpcGasPriceRequest");
        return;
    }
    if (id && !json_is_null(id))
        b = rpc_read_block_id(call, id, &ref) ? rpc_find_block(call, &ref) : NULL;
    if (!b)
        return;
    json_write_object(call->w);
    view_amount(call->w, "gas_price", b->gas_price);
    json_write_object_end(call->w);
}

/* --- drills ------------------------------------------------------------------------------- */

/* {"faults":"late=200,http429=3"} or {"kind":"http429","count":2}: not of the protocol, for tests
 * and demonstrations. Answers {"faults": what is on now}. */
void
rpc_fault(struct rpc_call *call)
{
    call->is_drill = true;
    struct str list;
    uint64_t count = 1;
    struct diag d = {0};
    struct buf now;
    enum err e = json_get_string(call->params, "faults", &list, NULL);
    if (e && !(e = json_get_string(call->params, "kind", &list, &d))) {
        if (json_find(call->params, "count"))
            e = json_get_u64(call->params, "count", &count, &d);
        list = str_from(arena_printf(call->arena, "%.*s=%llu", STR_ARG(list),
                                     (unsigned long long)count));
    }
    if (!e)
        e = tick_set_faults(call->node, list, &d);
    if (e) {
        rpc_parse_error(call, "Failed parsing args: %s", diag_text(&d));
        return;
    }
    buf_init(&now, 4096);
    faults_print(&call->node->faults, &now);
    json_write_object(call->w);
    json_put_string(call->w, "faults", buf_str(&now));
    json_write_object_end(call->w);
    buf_release(&now);
}
