/* The relay in front of a neardata server, which has blocks of the embedded chain: one of them is
 * another one first, one is not there first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "tests/support/net_wait.h"
#include "tests/support/relay_scene.h"

enum { BLOCKS_MAX = 40, FORK_AT = 3, GAP_AT = 5 };

/* FORK_AT is told as another block first, GAP_AT as no block at all. */
struct neardata {
    struct buf blocks[BLOCKS_MAX];      /* empty: the chain has none of that height */
    char hashes[BLOCKS_MAX][HASH_TEXT];
    uint64_t first;
    size_t count;
    int requests, asked[BLOCKS_MAX];
};

static void
put_shard(struct json_writer *w, uint64_t height, uint64_t shard, struct str hash,
          const struct json *status)
{
    char params[64];
    struct json *root = NULL;
    struct str text, id;
    snprintf(params, sizeof(params), "[[%llu,%llu]]", (unsigned long long)height,
             (unsigned long long)shard);
    const struct json *chunk = client_result(relay_chain.port, "chunk", params, &root);
    const struct json *receipts = json_find(status, "receipts");
    const struct json *own = json_find(status, "transaction_outcome");
    json_write_object(w);
    json_put_u64(w, "shard_id", shard);
    json_put_object(w, "chunk");
    json_put_array(w, "transactions");
    for (const struct json *t = json_first(json_find(chunk, "transactions")); t; t = json_next(t)) {
        json_write_object(w);
        json_put_value(w, "transaction", t);
        json_put_object(w, "outcome");
        json_put_value(w, "execution_outcome", own);
        json_write_object_end(w);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_put_value(w, "receipts", json_find(chunk, "receipts"));
    json_write_object_end(w);
    json_put_array(w, "receipt_execution_outcomes");
    /* It does not matter which shard tells them: the first does. */
    const struct json *outcomes = shard == 0 ? json_find(status, "receipts_outcome") : NULL;
    for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
        assert_int_equal(json_get_string(v, "block_hash", &text, NULL), OK);
        if (!str_equal(text, hash))
            continue;
        json_write_object(w);
        json_put_value(w, "execution_outcome", v);
        assert_int_equal(json_get_string(v, "id", &id, NULL), OK);
        for (const struct json *r = json_first(receipts); r; r = json_next(r)) {
            if (json_get_string(r, "receipt_id", &text, NULL) == OK && str_equal(text, id)) {
                json_put_value(w, "receipt", r);
            }
        }
        assert_int_equal(json_get_string(own, "id", &text, NULL), OK);
        json_put_string(w, "tx_hash", text);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_write_object_end(w);
    json_free(root);
}

static void
record_block(struct neardata *n, size_t index, const struct json *status)
{
    char params[64];
    int http_status;
    uint64_t height = n->first + index;
    struct json_writer w;
    struct str hash;
    buf_init(&n->blocks[index], TEXT_MAX);
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)height);
    struct json *root = client_call(relay_chain.port, "block", params, &http_status);
    const struct json *block = json_find(root, "result");
    if (block) {
        assert_int_equal(json_get_string(json_find(block, "header"), "hash", &hash, NULL), OK);
        assert_true(str_copy(hash, n->hashes[index], HASH_TEXT));
        json_write_begin(&w, &n->blocks[index]);
        json_write_object(&w);
        json_put_value(&w, "block", block);
        json_put_array(&w, "shards");
        for (uint64_t shard = 0; shard < json_count(json_find(block, "chunks")); shard++)
            put_shard(&w, height, shard, hash, status);
        json_write_array_end(&w);
        json_write_object_end(&w);
    }
    json_free(root);
}

static void
record(struct neardata *n, const struct hash *tx, uint64_t from)
{
    char params[300], text[HASH_TEXT];
    struct json *root = NULL;
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"FINAL\"}",
             hash_text(tx, text));
    const struct json *status = client_result(relay_chain.port, "EXPERIMENTAL_tx_status", params, &root);
    n->first = from;
    uint64_t last = relay_scene_head() + 3;
    while (relay_scene_head() < last)
        ;
    assert_true(last - from < BLOCKS_MAX);
    for (n->count = 0; from + n->count <= last; n->count++)
        record_block(n, n->count, status);
    json_free(root);
}

/* The same block with another hash. */
static void
answer_other(struct net_link *link, const struct neardata *n, size_t index)
{
    struct buf text;
    struct str rest = buf_str(&n->blocks[index]), hash = str_from(n->hashes[index]);
    ptrdiff_t at;
    buf_init(&text, TEXT_MAX);
    while ((at = str_find(rest, hash)) >= 0) {
        buf_add_str(&text, str_slice(rest, 0, (size_t)at));
        buf_add_c(&text, "CAxiep568k4pChZRGzapJdAbfn7ARLvotv3cf6JQFb5B");
        rest = str_slice(rest, (size_t)at + hash.n, rest.n);
    }
    buf_add_str(&text, rest);
    net_link_answer(link, 200, NULL, buf_str(&text));
    buf_release(&text);
}

static void
on_neardata(void *context, struct net_link *link, const struct net_request *request)
{
    struct neardata *n = context;
    char location[80];
    uint64_t height = 0;
    const struct str front = STR("/v0/block_opt/");
    n->requests++;
    if (str_equal(request->path, STR("/v0/last_block/optimistic"))) {
        uint64_t newest = n->asked[0] ? n->first + n->count - 1 : n->first;
        snprintf(location, sizeof(location), "Location: /v0/block_opt/%llu\r\n",
                 (unsigned long long)newest);
        net_link_answer(link, 302, location, STR(""));
        return;
    }
    assert_true(str_starts(request->path, front));
    assert_true(str_to_u64(str_slice(request->path, front.n, request->path.n), &height));
    size_t index = (size_t)(height - n->first);
    if (index >= n->count)
        return;                 /* it waits for that block, for ever */
    int times = ++n->asked[index];
    if (!n->blocks[index].n || (index == GAP_AT && times == 1))
        net_link_answer(link, 200, NULL, STR("null"));
    else if (index == FORK_AT && times == 1)
        answer_other(link, n, index);
    else
        net_link_answer(link, 200, NULL, buf_str(&n->blocks[index]));
}

static void
relay__fills_gaps_and_tells_replaced_blocks__of_a_neardata_server(void **state)
{
    static struct neardata n;
    struct relay_scene s = {.count = 3, .wanted = CALL_OUTCOMES};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT], url[100];
    (void)state;
    relay_scene_sign(&signed_bytes, &tx);
    uint64_t from = relay_scene_head();
    relay_scene_send(&signed_bytes);
    record(&n, &tx, from);
    s.loop = loop_new();
    s.peer = net_peer_new(s.loop, &(struct net_peer_script){.request = on_neardata, .context = &n});
    snprintf(url, sizeof(url), "%s", net_peer_url(s.peer, "http", ""));
    assert_int_equal(relay_start(s.loop, &(struct relay_config){
        .address = "127.0.0.1", .neardata = url, .block_time_ms = BLOCK_MS, .trouble = relay_scene_trouble,
        .context = &s}, &s.relay, NULL), OK);
    console_filter_by(&s.consoles[0], "transaction_id", hash_text(&tx, text));
    console_open(s.loop, &s.consoles[0], relay_port(s.relay), "outcome_optimistic", NULL);
    console_filter_by(&s.consoles[1], "signer_id", "alice.test.near");
    console_open(s.loop, &s.consoles[1], relay_port(s.relay), "tx_transaction", NULL);
    snprintf(s.consoles[2].filter, sizeof(s.consoles[2].filter), "{\"And\":[]}");
    console_open(s.loop, &s.consoles[2], relay_port(s.relay), "block_info", NULL);
    s.count = 1;
    net_wait_until(s.loop, relay_scene_have_heard, &s);
    net_wait_count(s.loop, &s.consoles[1].messages, 1);
    s.count = 3;
    assert_non_null(strstr(s.consoles[1].last, hash_text(&tx, text)));
    assert_true(n.asked[FORK_AT] == 2 && n.asked[GAP_AT] == 2);
    /* A request a block; two more for the block that was another, two for the one left out, two to
     * begin. */
    assert_in_range(n.requests, n.count - 4, n.count + 8);
    /* Final blocks come once each, in order, the true ones. */
    net_wait_until(s.loop, relay_scene_has_heard, &s);
    assert_null(strstr(s.consoles[2].last, "CAxiep568k4pChZRGzapJdAbfn7ARLvotv3cf6JQFb5B"));
    assert_int_equal(s.consoles[0].outcomes, CALL_OUTCOMES);
    relay_scene_end(&s);
    for (size_t i = 0; i < n.count; i++)
        buf_release(&n.blocks[i]);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relay__fills_gaps_and_tells_replaced_blocks__of_a_neardata_server),
    };
    return cmocka_run_group_tests(tests, relay_chain_start, relay_chain_stop);
}
