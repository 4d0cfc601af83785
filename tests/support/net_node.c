#include "tests/support/net_node.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "tests/support/net_node_feed.h"

enum { METHODS_MAX = 16, HANDED_MAX = 64, FINAL_BLOCKS = NET_NODE_FINAL_BLOCKS };

struct net_node {
    struct net_node_config config;
    struct net_peer *peer;
    struct loop_timer *timer;
    struct net_record own;
    const struct net_record *record;    /* its own, or one that was lent */
    struct node_feed feed;
    struct {
        char name[40];
        int count;
    } methods[METHODS_MAX];
    int requests, sent, keys;
    struct {
        struct hash hash;
        uint64_t nonce;
    } handed[HANDED_MAX];
    int handed_count;
    size_t faults_used;
    unsigned deaf_asked;            /* of deaf_method so far */
    bool is_begun, is_taken;
    bool has_forked;                /* is_fork_polled: the other block was told */
    int block;              /* blocks made since the transaction came */
    char rpc_url[64], ws_url[64];
    struct buf answer;
};

/* --- JSON-RPC ----------------------------------------------------------------------- */

static struct json_writer
begin_answer(struct net_node *n, struct str id)
{
    struct json_writer w;
    buf_clear(&n->answer);
    json_write_begin(&w, &n->answer);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_string(&w, "id", id);
    return w;
}

static void
answer(struct net_node *n, struct net_link *link, struct str id, const char *key,
       struct str json)
{
    struct json_writer w = begin_answer(n, id);
    json_put_raw(&w, key, json);
    json_write_object_end(&w);
    net_link_answer(link, 200, "Content-Type: application/json\r\n", buf_str(&n->answer));
}

static uint64_t
height_of(const struct net_node *n, int block)
{
    return n->record->first_height + (uint64_t)block - 1;
}

static const char *
hash_of_fork(const struct net_node *n, char out[HASH_TEXT])
{
    return net_record_hash_at(n->record, height_of(n, n->config.fork_at), out);
}

/* While `is_moved`, with the block at fork_at under the name of another one. True when it was
 * named. */
static bool
answer_value(struct net_node *n, struct net_link *link, struct str id, const struct json *v,
             bool is_moved)
{
    struct buf text;
    char hash[HASH_TEXT];
    buf_init(&text, JSON_BYTES_MAX);
    bool was_named = net_record_print(v, is_moved ? str_from(hash_of_fork(n, hash)) : STR(""),
                                      NET_NODE_OTHER_BLOCK, &text);
    answer(n, link, id, "result", buf_str(&text));
    buf_release(&text);
    return was_named;
}

static void
answer_unknown(struct net_node *n, struct net_link *link, struct str id, const char *cause)
{
    char text[128];
    snprintf(text, sizeof(text), "{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"%s\"},"
             "\"data\":\"it is unknown\"}", cause);
    answer(n, link, id, "error", str_from(text));
}

/* Of this transaction, when it was over before; else NULL. */
static const struct net_record *
other_of(const struct net_node *n, const struct json *params)
{
    struct str text;
    struct hash tx;
    if (json_get_string(params, "tx_hash", &text, NULL) || hash_parse(text, &tx, NULL))
        return NULL;
    for (size_t i = 0; i < n->config.other_count; i++) {
        if (hash_equal(&n->config.others[i].tx.hash, &tx))
            return &n->config.others[i];
    }
    return NULL;
}

static const struct json *
receipt_of(const struct net_node *n, const struct json *id)
{
    const struct json *v = n->config.has_no_receipts ? NULL : net_record_receipt(n->record, id);
    for (size_t i = 0; !v && !n->config.has_no_receipts && i < n->config.other_count; i++)
        v = net_record_receipt(&n->config.others[i], id);
    return v;
}

static const struct json *
block_of(const struct net_node *n, struct str hash)
{
    const struct json *v = net_record_find_block(n->record, hash);
    for (size_t i = 0; !v && i < n->config.other_count; i++)
        v = net_record_find_block(&n->config.others[i], hash);
    return v;
}

static void
answer_status(struct net_node *n, struct net_link *link, struct str id, const struct json *params)
{
    const struct net_record *other = other_of(n, params);
    struct str asked;
    char text[HASH_TEXT];
    assert(json_get_string(params, "tx_hash", &asked, NULL) == OK);
    bool is_known = n->is_begun && str_equal_c(asked, hash_text(&n->record->tx.hash, text));
    const struct json *entry = other      ? net_record_at(other, INT_MAX)
                               : is_known ? net_record_at(n->record, n->block)
                                          : NULL;
    if (!entry || !json_find(entry, "result"))
        answer_unknown(n, link, id, "UNKNOWN_TRANSACTION");
    else
        n->has_forked |= answer_value(n, link, id, json_find(entry, "result"),
                                      n->config.is_fork_polled && !n->has_forked);
}

static void
answer_block(struct net_node *n, struct net_link *link, struct str id, struct str hash)
{
    char text[HASH_TEXT];
    bool is_other = n->has_forked && str_equal_c(hash, NET_NODE_OTHER_BLOCK);
    const struct json *v = block_of(n, is_other ? str_from(hash_of_fork(n, text)) : hash);
    if (v)
        answer_value(n, link, id, v, is_other);
    else
        answer_unknown(n, link, id, "UNKNOWN_BLOCK");
}

static void
answer_receipt(struct net_node *n, struct net_link *link, struct str id, const struct json *params)
{
    const struct json *v = receipt_of(n, json_find(params, "receipt_id"));
    if (v)
        answer_value(n, link, id, v, false);
    else
        answer_unknown(n, link, id, "UNKNOWN_RECEIPT");
}

static void
answer_final_block(struct net_node *n, struct net_link *link, struct str id)
{
    char text[300], hash[HASH_TEXT];
    uint64_t height = height_of(n, n->block - FINAL_BLOCKS);
    snprintf(text, sizeof(text), "{\"header\":{\"hash\":\"%s\","
             "\"height\":%llu,\"timestamp_nanosec\":\"%llu\"},\"chunks\":[]}",
             net_record_hash_at(n->record, height, hash), (unsigned long long)height,
             (unsigned long long)net_record_time_ns(height, n->config.block_ms));
    answer(n, link, id, "result", str_from(text));
}

static void
answer_key(struct net_node *n, struct net_link *link, struct str id)
{
    char text[300], hash[HASH_TEXT];
    bool is_stale = n->config.stale_keys >> n->keys++ & 1;
    struct hash block = is_stale ? hash_of_bytes(STR("stale")) : n->record->tx.tx.block_hash;
    snprintf(text, sizeof(text), "{\"nonce\":%llu,\"permission\":\"FullAccess\","
             "\"block_height\":5,\"block_hash\":\"%s\"}",
             (unsigned long long)n->record->tx.tx.nonce - !n->is_taken,
             hash_text(&block, hash));
    answer(n, link, id, "result", str_from(text));
}

/* A copy arrives. `is_taken`: it goes in, whatever is answered. */
static void
hear_transaction(struct net_node *n, const struct json *params, bool is_taken)
{
    struct str base64;
    struct buf bytes;
    struct arena arena;
    struct signed_transaction tx;
    buf_init(&bytes, TX_MAX_BYTES);
    arena_init(&arena);
    assert(json_get_string(params, "signed_tx_base64", &base64, NULL) == OK);
    assert(base64_decode(base64, &bytes, NULL) == OK);
    assert(tx_decode_signed(buf_str(&bytes), &arena, &tx, NULL) == OK);
    if (n->handed_count < HANDED_MAX) {
        n->handed[n->handed_count].hash = tx.hash;
        n->handed[n->handed_count++].nonce = tx.tx.nonce;
    }
    n->sent += is_taken;
    if (is_taken && hash_equal(&tx.hash, &n->record->tx.hash))
        net_node_begin(n);
    arena_release(&arena);
    buf_release(&bytes);
}

static struct str
id_of(const struct json *root)
{
    struct str id;
    assert(json_get_string(root, "id", &id, NULL) == OK);
    return id;
}

static void
serve(struct net_node *n, struct net_link *link, const struct json *root, struct str method)
{
    struct str id = id_of(root), key = STR("");
    const struct json *params = json_find(root, "params");
    if (str_equal_c(method, "query")) {
        answer_key(n, link, id);
    } else if (str_equal_c(method, "status")) {
        answer(n, link, id, "result", STR("{\"chain_id\":\"recorded\"}"));
    } else if (str_equal_c(method, "gas_price")) {
        answer(n, link, id, "result", STR("{\"gas_price\":\"120000000\"}"));
    } else if (str_equal_c(method, "send_tx")) {
        hear_transaction(n, params, true);
        answer(n, link, id, "result", STR("{\"final_execution_status\":\"INCLUDED\"}"));
    } else if (str_equal_c(method, "EXPERIMENTAL_tx_status") || str_equal_c(method, "tx")) {
        answer_status(n, link, id, params);
    } else if (str_equal_c(method, "EXPERIMENTAL_receipt")) {
        answer_receipt(n, link, id, params);
    } else if (json_get_string(params, "block_id", &key, NULL) == OK) {
        answer_block(n, link, id, key);
    } else {
        answer_final_block(n, link, id);
    }
}

static enum net_node_fault
next_fault(struct net_node *n, struct str method)
{
    if (n->config.deaf_method && str_equal_c(method, n->config.deaf_method) &&
        n->deaf_asked < 32 && n->config.deaf_bits >> n->deaf_asked++ & 1)
        return NODE_502;
    if (!n->config.faulty_method || !str_equal_c(method, n->config.faulty_method) ||
        n->faults_used >= n->config.fault_count)
        return NODE_FINE;
    return n->config.faults[n->faults_used++];
}

static void
refuse(struct net_node *n, struct net_link *link, const struct json *root, const char *why)
{
    char text[400];
    snprintf(text, sizeof(text), "{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":"
             "\"INVALID_TRANSACTION\",\"info\":{}},\"data\":{\"TxExecutionError\":"
             "{\"InvalidTxError\":%s}}}", why);
    answer(n, link, id_of(root), "error", str_from(text));
}

/* A copy that is sent comes in, or its nonce is another's, whatever is answered. */
static void
take_as_told(struct net_node *n, const struct json *root, enum net_node_fault fault)
{
    struct str method;
    bool is_taken = (fault >= NODE_EATS_IT && fault <= NODE_HALF_AFTER) ||
                    fault == NODE_USED_AFTER || fault == NODE_EXPIRED_AFTER ||
                    fault == NODE_EXPIRED_USED || fault == NODE_SILENT_AFTER;
    if (json_get_string(root, "method", &method, NULL) == OK && str_equal_c(method, "send_tx"))
        hear_transaction(n, json_find(root, "params"), is_taken);
    n->is_taken |= fault == NODE_USED_AFTER || fault == NODE_NONCE_TAKEN ||
                   fault == NODE_SILENT_TAKEN || fault == NODE_EXPIRED_USED;
}

static void
misbehave(struct net_node *n, struct net_link *link, const struct json *root,
          enum net_node_fault fault)
{
    take_as_told(n, root, fault);
    switch (fault) {
    case NODE_FINE: break;
    case NODE_429: net_link_answer(link, 429, "Retry-After: 0\r\n", STR("")); break;
    case NODE_403: net_link_answer(link, 403, NULL, STR("no")); break;
    case NODE_502:
    case NODE_500_AFTER: net_link_answer(link, 500, NULL, STR("<html>")); break;
    case NODE_HALF:
    case NODE_HALF_AFTER:
        net_link_raw(link, STR("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"json"));
        net_link_close(link);
        break;
    case NODE_GARBAGE: net_link_answer(link, 200, NULL, STR("\x1b[2J garbage")); break;
    case NODE_HANGS_UP:
    case NODE_EATS_IT: net_link_close(link); break;
    case NODE_TIMEOUT_408:
    case NODE_408_AFTER:
        net_link_answer(link, 408, NULL, STR("{\"error\":{\"cause\":{\"name\":\"TIMEOUT_ERROR\"},"
                                             "\"data\":\"Timeout\"}}"));
        break;
    case NODE_LOSES_IT:
        answer(n, link, id_of(root), "result", STR("{\"final_execution_status\":\"INCLUDED\"}"));
        break;
    case NODE_SILENT_TAKEN:
    case NODE_SILENT_AFTER: break;
    case NODE_EXPIRED:
    case NODE_EXPIRED_USED:
    case NODE_EXPIRED_AFTER: refuse(n, link, root, "\"Expired\""); break;
    case NODE_USED_AFTER:
    case NODE_STALE_NONCE:
    case NODE_NONCE_TAKEN:
        refuse(n, link, root, "{\"InvalidNonce\":{\"tx_nonce\":7,\"ak_nonce\":9}}");
        break;
    case NODE_BROKE:
        refuse(n, link, root, "{\"NotEnoughBalance\":{\"signer_id\":\"alice.test.near\","
               "\"balance\":\"1\",\"cost\":\"1000000000000000000000000\"}}");
        break;
    case NODE_NOT_TRACKED:
        answer_unknown(n, link, id_of(root), "DOES_NOT_TRACK_SHARD");
        break;
    }
}

static void
count_method(struct net_node *n, struct str method)
{
    size_t i = 0;
    while (i < METHODS_MAX - 1 && n->methods[i].name[0] &&
           !str_equal_c(method, n->methods[i].name))
        i++;
    if (!n->methods[i].name[0])
        snprintf(n->methods[i].name, sizeof(n->methods[i].name), "%.*s", STR_ARG(method));
    n->methods[i].count++;
    n->requests++;
}

/* One more block. What ran in it is pushed now, and can be asked for when the next is there. */
static void
on_block(void *context)
{
    struct net_node *n = context;
    if (n->config.awaits_listeners && n->feed.listeners < 2)
        return;
    if (n->config.stuck_at && n->block >= n->config.stuck_at)
        return;
    n->block++;
    net_node_feed_block(&n->feed, n->block);
}

/* --- links -------------------------------------------------------------------------- */

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct net_node *n = context;
    struct json *root = NULL;
    struct str method;
    if (request->is_upgrade) {
        net_node_feed_accept(&n->feed, link, request);
        return;
    }
    assert(json_parse(request->body, JSON_BYTES_MAX, &root, NULL) == OK);
    assert(json_get_string(root, "method", &method, NULL) == OK);
    count_method(n, method);
    enum net_node_fault fault = next_fault(n, method);
    if (fault)
        misbehave(n, link, root, fault);
    else
        serve(n, link, root, method);
    json_free(root);
}

static void
on_frame(void *context, struct net_link *link, int opcode, struct str payload)
{
    struct net_node *n = context;
    (void)payload;
    if (opcode == 1)
        net_node_feed_filter(&n->feed, link);
}

static void
on_gone(void *context, struct net_link *link)
{
    struct net_node *n = context;
    net_node_feed_gone(&n->feed, link);
}

/* --- the node ----------------------------------------------------------------------- */

struct net_node *
net_node_new(struct loop *loop, const struct net_node_config *config)
{
    struct net_node *n = xcalloc(1, sizeof(*n));
    n->config = *config;
    buf_init(&n->answer, JSON_BYTES_MAX);
    n->record = config->record ? config->record : &n->own;
    if (!config->record)
        net_record_load_at_pace(&n->own, config->file,
                                config->has_recorded_times ? 0 : config->block_ms);
    n->feed = (struct node_feed){.config = &n->config, .record = n->record};
    n->timer = loop_timer_new(loop, on_block, n);
    n->peer = net_peer_new(loop, &(struct net_peer_script){
        .request = on_request, .frame = on_frame, .gone = on_gone, .context = n});
    snprintf(n->rpc_url, sizeof(n->rpc_url), "http://127.0.0.1:%d", net_peer_port(n->peer));
    snprintf(n->ws_url, sizeof(n->ws_url), "ws://127.0.0.1:%d", net_peer_port(n->peer));
    return n;
}

void
net_node_free(struct net_node *n)
{
    net_peer_free(n->peer);
    loop_timer_close(n->timer);
    if (!n->config.record)
        net_record_release(&n->own);
    buf_release(&n->answer);
    xfree(n);
}

void
net_node_begin(struct net_node *n)
{
    if (!n->is_begun)
        loop_timer_start(n->timer, n->config.block_ms, n->config.block_ms);
    n->is_begun = true;
}

void
net_node_cut_feed(struct net_node *n)
{
    net_node_feed_cut(&n->feed);
}

void
net_node_babble(struct net_node *n)
{
    net_node_feed_say(&n->feed, STR("[{\"block_height\":-1}]"));
}

const char *
net_node_rpc_url(struct net_node *n)
{
    return n->rpc_url;
}

const char *
net_node_ws_url(struct net_node *n)
{
    return n->ws_url;
}

struct hash
net_node_tx(const struct net_node *n)
{
    return n->record->tx.hash;
}

const struct transaction *
net_node_transaction(const struct net_node *n)
{
    return &n->record->tx.tx;
}

int
net_node_count(const struct net_node *n, const char *method)
{
    for (size_t i = 0; method && i < METHODS_MAX; i++) {
        if (strcmp(n->methods[i].name, method) == 0)
            return n->methods[i].count;
    }
    return method ? 0 : n->requests;
}

uint64_t
net_node_feed_bytes(const struct net_node *n)
{
    return n->feed.bytes;
}

int
net_node_messages(const struct net_node *n)
{
    return n->feed.messages;
}

int
net_node_handed_count(const struct net_node *n)
{
    return n->handed_count;
}

struct hash
net_node_handed(const struct net_node *n, int index)
{
    assert(index < n->handed_count);
    return n->handed[index].hash;
}

uint64_t
net_node_handed_nonce(const struct net_node *n, int index)
{
    assert(index < n->handed_count);
    return n->handed[index].nonce;
}

int
net_node_sent(const struct net_node *n)
{
    return n->sent;
}

void
net_node_tell_truth(const struct net_node *n, event_fn emit, void *context)
{
    net_record_tell(n->record, emit, context);
}

bool
net_node_is_over(const struct net_node *n)
{
    return n->block > net_record_block(net_record_at(n->record, INT_MAX));
}
