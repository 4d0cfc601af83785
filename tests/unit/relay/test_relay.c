/* The relay in front of the embedded chain: what its subscribers are told is what the chain knows,
 * and what they cost the endpoint is one poller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/relay/relay.h"
#include "net/ws.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tests/support/serve_client.h"

enum { BLOCK_MS = 60, OUTCOMES_MAX = 64, CONSOLES = 8, TEXT_MAX = 4 * 1024 * 1024 };

static struct serve_child child;

/* --- consoles ----------------------------------------------------------------------------- */

struct told {
    struct hash id;
    size_t children, new_receipts;
};

/* One subscription, and what it has heard. */
struct console {
    struct ws *ws;
    char filter[300];
    int opened, messages, ended, http_status;
    struct told told[OUTCOMES_MAX];
    int outcomes;
    char last[4096];
};

static void
on_opened(void *context)
{
    struct console *c = context;
    if (c->filter[0])
        ws_send(c->ws, str_from(c->filter));
    c->opened++;
}

static void
note(struct console *c, const struct json *event)
{
    struct str text;
    struct hash id;
    const struct json *outcome = json_find(event, "outcome");
    if (!outcome)
        return;
    assert_int_equal(json_get_string(outcome, "id", &text, NULL), OK);
    assert_int_equal(hash_parse(text, &id, NULL), OK);
    int i = 0;
    while (i < c->outcomes && !hash_equal(&c->told[i].id, &id))
        i++;
    assert_true(i < OUTCOMES_MAX);
    c->outcomes += i == c->outcomes;
    c->told[i].id = id;
    c->told[i].children = json_count(json_find(json_find(outcome, "outcome"), "receipt_ids"));
    c->told[i].new_receipts = json_count(json_find(event, "new_receipts"));
}

static void
on_message(void *context, struct str text)
{
    struct console *c = context;
    struct json *root = NULL;
    c->messages++;
    snprintf(c->last, sizeof(c->last), "%.*s", (int)(text.n < sizeof(c->last) ? text.n : 4000), text.p);
    assert_int_equal(json_parse(text, TEXT_MAX, &root, NULL), OK);
    for (const struct json *v = json_first(root); v; v = json_next(v))
        note(c, v);
    json_free(root);
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct console *c = context;
    c->ended++;
    c->http_status = end->http_status;
}

static void
open_console(struct loop *loop, struct console *c, int port, const char *kind, const char *bearer)
{
    char url[100];
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/events/%s", port, kind);
    assert_int_equal(ws_open(loop, &(struct ws_args){
        .url = url, .bearer = bearer, .message_max = TEXT_MAX, .open_timeout_ms = 10000,
        .opened = on_opened, .message = on_message, .ended = on_ended, .context = c}, &c->ws, NULL),
        OK);
}

static void
filter_by(struct console *c, const char *path, const char *value)
{
    snprintf(c->filter, sizeof(c->filter),
             "{\"Or\":[{\"path\":\"%s\",\"operator\":{\"Equals\":\"%s\"}}]}", path, value);
}

/* --- the scene ---------------------------------------------------------------------------- */

struct scene {
    struct loop *loop;
    struct relay *relay;
    struct net_peer *peer;      /* NULL: the chain itself */
    struct console consoles[CONSOLES];
    size_t count;
    int wanted;                 /* outcomes of the call */
    char trouble[DIAG_MAX];
};

static void
on_trouble(void *context, const char *sentence)
{
    struct scene *s = context;
    snprintf(s->trouble, sizeof(s->trouble), "%s", sentence);
}

static void
begin(struct scene *s)
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", child.port);
    const struct endpoint_config endpoint = {.url = url};
    s->loop = loop_new();
    assert_int_equal(relay_start(s->loop, &(struct relay_config){
        .address = "127.0.0.1", .endpoints = &endpoint, .endpoint_count = 1,
        .block_time_ms = BLOCK_MS, .trouble = on_trouble, .context = s}, &s->relay, NULL), OK);
}

static void
end(struct scene *s)
{
    for (size_t i = 0; i < s->count; i++)
        ws_close(s->consoles[i].ws);
    relay_stop(s->relay);
    if (s->peer)
        net_peer_free(s->peer);
    loop_free(s->loop);
    relay_free(s->relay);
}

static bool
have_all_opened(const void *context)
{
    const struct scene *s = context;
    for (size_t i = 0; i < s->count; i++) {
        if (!s->consoles[i].opened)
            return false;
    }
    return true;
}

static bool
have_all_heard(const void *context)
{
    const struct scene *s = context;
    for (size_t i = 0; i < s->count; i++) {
        const struct console *c = &s->consoles[i];
        if (c->outcomes < s->wanted)
            return false;
        for (int j = 0; j < c->outcomes; j++) {
            if (c->told[j].new_receipts != c->told[j].children)
                return false;
        }
    }
    return true;
}

static bool
has_first_heard(const void *context)
{
    return ((const struct scene *)context)->consoles[0].messages > 0;
}

static const char args[] =
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","
    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":\"staking.test.near\"}";

/* Signs the portfolio's call; send_signed sends it. */
static void
sign(struct buf *base64, struct hash *hash)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL, .method = STR("get_portfolio_data"),
                          .args = STR(args), .gas = UINT64_C(100000000000000)};
    buf_init(base64, 100000);
    client_sign(child.port, "alice.test.near", "portfolio.test.near", &call, 1, 0, base64, hash);
}

static void
send_signed(struct buf *take_base64)
{
    struct buf params;
    struct json *root = NULL;
    buf_init(&params, 200000);
    buf_addf(&params, "{\"signed_tx_base64\":\"%s\",\"wait_until\":\"NONE\"}", buf_c(take_base64));
    client_result(child.port, "send_tx", buf_c(&params), &root);
    json_free(root);
    buf_release(&params);
    buf_release(take_base64);
}

/* How many outcomes the call has in the end, and that each was told. */
static void
assert_truth(const struct scene *s, const struct hash *tx)
{
    char params[300], text[HASH_TEXT];
    struct json *root = NULL;
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"FINAL\"}",
             hash_text(tx, text));
    const struct json *result = client_result(child.port, "EXPERIMENTAL_tx_status", params, &root);
    const struct json *outcomes = json_find(result, "receipts_outcome");
    assert_int_equal(json_count(outcomes) + 1, s->wanted);
    for (size_t i = 0; i < s->count; i++) {
        for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
            struct str id;
            bool is_told = false;
            assert_int_equal(json_get_string(v, "id", &id, NULL), OK);
            for (int j = 0; j < s->consoles[i].outcomes; j++)
                is_told |= str_equal_c(id, hash_text(&s->consoles[i].told[j].id, text));
            assert_true(is_told);
        }
    }
    json_free(root);
}

enum { CALL_OUTCOMES = 11 };    /* of the portfolio's call, its refunds and its own included */

static uint64_t
head(void)
{
    struct json *root;
    uint64_t height = 0;
    const struct json *block = client_result(child.port, "block", "{\"finality\":\"optimistic\"}", &root);
    assert_int_equal(json_get_u64(json_find(block, "header"), "height", &height, NULL), OK);
    json_free(root);
    return height;
}

/* --- tests -------------------------------------------------------------------------------- */

static void
follow_with(size_t consoles)
{
    struct scene s = {.count = consoles, .wanted = CALL_OUTCOMES};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT];
    begin(&s);
    sign(&signed_bytes, &tx);
    for (size_t i = 0; i < s.count; i++) {
        filter_by(&s.consoles[i], "transaction_id", hash_text(&tx, text));
        open_console(s.loop, &s.consoles[i], relay_port(s.relay), "outcome_optimistic", NULL);
    }
    net_wait_until(s.loop, have_all_opened, &s);
    uint64_t from = head();
    send_signed(&signed_bytes);
    net_wait_until(s.loop, have_all_heard, &s);
    uint64_t blocks = head() - from + 2;
    assert_truth(&s, &tx);
    /* A block's own request, a look that came too early, the status; each receipt a few times. */
    assert_in_range(relay_requests(s.relay), 1, blocks * 3 + CALL_OUTCOMES * 4);
    assert_string_equal(s.trouble, "");
    end(&s);
}

static void
relay__tells_every_outcome__of_a_call_that_a_filter_names(void **state)
{
    (void)state;
    follow_with(1);
}

static void
relay__costs_one_poller__for_many_consoles(void **state)
{
    (void)state;
    follow_with(CONSOLES);
}

static void
relay__finds_calls__for_filters_that_name_accounts(void **state)
{
    struct scene s = {.count = 2, .wanted = 1};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT];
    (void)state;
    begin(&s);
    /* Deep in the tree: the transaction is found by who signed the receipt. */
    filter_by(&s.consoles[0], "executor_id", "staking.test.near");
    open_console(s.loop, &s.consoles[0], relay_port(s.relay), "tx_receipt", NULL);
    filter_by(&s.consoles[1], "signer_id", "alice.test.near");
    open_console(s.loop, &s.consoles[1], relay_port(s.relay), "tx_transaction", NULL);
    net_wait_until(s.loop, have_all_opened, &s);
    sign(&signed_bytes, &tx);
    send_signed(&signed_bytes);
    net_wait_count(s.loop, &s.consoles[0].messages, 1);
    net_wait_count(s.loop, &s.consoles[1].messages, 1);
    assert_non_null(strstr(s.consoles[0].last, hash_text(&tx, text)));
    assert_non_null(strstr(s.consoles[0].last, "\"executor_id\":\"staking.test.near\""));
    assert_non_null(strstr(s.consoles[1].last, hash_text(&tx, text)));
    assert_non_null(strstr(s.consoles[1].last, "\"receiver_id\":\"portfolio.test.near\""));
    end(&s);
}

/* --- a neardata server, of blocks that were recorded --------------------------------------- */

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
    const struct json *chunk = client_result(child.port, "chunk", params, &root);
    const struct json *receipts = json_find(status, "receipts"), *own = json_find(status, "transaction_outcome");
    json_write_object(w);
    json_put_u64(w, "shard_id", shard);
    json_put_object(w, "chunk");
    json_put_array(w, "transactions");
    for (const struct json *t = json_first(json_find(chunk, "transactions")); t; t = json_next(t)) {
        json_write_object(w);
        json_write_key(w, "transaction");
        json_write_value(w, t);
        json_put_object(w, "outcome");
        json_write_key(w, "execution_outcome");
        json_write_value(w, own);
        json_write_object_end(w);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_write_key(w, "receipts");
    json_write_value(w, json_find(chunk, "receipts"));
    json_write_object_end(w);
    json_put_array(w, "receipt_execution_outcomes");
    /* It does not matter which shard tells them: the first does. */
    const struct json *outcomes = shard == 0 ? json_find(status, "receipts_outcome") : NULL;
    for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
        assert_int_equal(json_get_string(v, "block_hash", &text, NULL), OK);
        if (!str_equal(text, hash))
            continue;
        json_write_object(w);
        json_write_key(w, "execution_outcome");
        json_write_value(w, v);
        assert_int_equal(json_get_string(v, "id", &id, NULL), OK);
        for (const struct json *r = json_first(receipts); r; r = json_next(r)) {
            if (json_get_string(r, "receipt_id", &text, NULL) == OK && str_equal(text, id)) {
                json_write_key(w, "receipt");
                json_write_value(w, r);
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
    struct json *root = client_call(child.port, "block", params, &http_status);
    const struct json *block = json_find(root, "result");
    if (block) {
        assert_int_equal(json_get_string(json_find(block, "header"), "hash", &hash, NULL), OK);
        assert_true(str_copy(hash, n->hashes[index], HASH_TEXT));
        json_write_begin(&w, &n->blocks[index]);
        json_write_object(&w);
        json_write_key(&w, "block");
        json_write_value(&w, block);
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
    const struct json *status = client_result(child.port, "EXPERIMENTAL_tx_status", params, &root);
    n->first = from;
    uint64_t last = head() + 3;
    while (head() < last)
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
    struct scene s = {.count = 3, .wanted = CALL_OUTCOMES};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT], url[100];
    (void)state;
    sign(&signed_bytes, &tx);
    uint64_t from = head();
    send_signed(&signed_bytes);
    record(&n, &tx, from);
    s.loop = loop_new();
    s.peer = net_peer_new(s.loop, &(struct net_peer_script){.request = on_neardata, .context = &n});
    snprintf(url, sizeof(url), "%s", net_peer_url(s.peer, "http", ""));
    assert_int_equal(relay_start(s.loop, &(struct relay_config){
        .address = "127.0.0.1", .neardata = url, .block_time_ms = BLOCK_MS, .trouble = on_trouble,
        .context = &s}, &s.relay, NULL), OK);
    filter_by(&s.consoles[0], "transaction_id", hash_text(&tx, text));
    open_console(s.loop, &s.consoles[0], relay_port(s.relay), "outcome_optimistic", NULL);
    filter_by(&s.consoles[1], "signer_id", "alice.test.near");
    open_console(s.loop, &s.consoles[1], relay_port(s.relay), "tx_transaction", NULL);
    snprintf(s.consoles[2].filter, sizeof(s.consoles[2].filter), "{\"And\":[]}");
    open_console(s.loop, &s.consoles[2], relay_port(s.relay), "block_info", NULL);
    s.count = 1;
    net_wait_until(s.loop, have_all_heard, &s);
    net_wait_count(s.loop, &s.consoles[1].messages, 1);
    s.count = 3;
    assert_non_null(strstr(s.consoles[1].last, hash_text(&tx, text)));
    assert_true(n.asked[FORK_AT] == 2 && n.asked[GAP_AT] == 2);
    /* A request a block; two more for the block that was another, two for the one left out, two to
     * begin. */
    assert_in_range(n.requests, n.count - 4, n.count + 8);
    /* Final blocks come once each, in order, the true ones. */
    net_wait_until(s.loop, has_first_heard, &s);
    assert_null(strstr(s.consoles[2].last, "CAxiep568k4pChZRGzapJdAbfn7ARLvotv3cf6JQFb5B"));
    assert_int_equal(s.consoles[0].outcomes, CALL_OUTCOMES);
    end(&s);
    for (size_t i = 0; i < n.count; i++)
        buf_release(&n.blocks[i]);
}

static void
relay__asks_nothing__while_nobody_listens(void **state)
{
    struct scene s = {.count = 1};
    (void)state;
    begin(&s);
    assert_int_equal(relay_requests(s.relay), 0);
    /* A subscription without a filter wants nothing. */
    open_console(s.loop, &s.consoles[0], relay_port(s.relay), "block_info", NULL);
    net_wait_until(s.loop, have_all_opened, &s);
    assert_int_equal(relay_requests(s.relay), 0);
    ws_send(s.consoles[0].ws, STR("{\"And\":[]}"));
    net_wait_until(s.loop, has_first_heard, &s);
    assert_true(relay_requests(s.relay) > 0);
    end(&s);
}

static void
relay__wants_its_token__when_it_has_one(void **state)
{
    static const char token[] = "a-token-of-many-letters";
    static const char *const tries[] = {NULL, "a-token-of-many-letter", "another one altogether",
                                        "a-token-of-many-letters"};
    struct loop *loop = loop_new();
    struct relay *relay = NULL;
    struct console consoles[ARRAY_LEN(tries)] = {0};
    struct scene unused = {0};
    (void)state;
    assert_int_equal(relay_start(loop, &(struct relay_config){
        .address = "127.0.0.1", .token = token, .trouble = on_trouble, .context = &unused,
        .endpoints = &(struct endpoint_config){.url = "http://127.0.0.1:1"}, .endpoint_count = 1},
        &relay, NULL), OK);
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        open_console(loop, &consoles[i], relay_port(relay), "block_info", tries[i]);
        bool is_right = i == ARRAY_LEN(tries) - 1;
        net_wait_count(loop, is_right ? &consoles[i].opened : &consoles[i].ended, 1);
        if (!is_right)
            assert_int_equal(consoles[i].http_status, 401);
        ws_close(consoles[i].ws);
    }
    relay_stop(relay);
    loop_free(loop);
    relay_free(relay);
}

static void
relay__refuses_to_open__to_others_without_a_token(void **state)
{
    struct relay *relay = NULL;
    struct diag d = {0};
    struct relay_config config = {.address = "0.0.0.0"};
    (void)state;
    assert_int_equal(relay_start(NULL, &config, &relay, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "needs a token"));
    config.token = "short";
    assert_int_equal(relay_start(NULL, &config, &relay, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "too short"));
    assert_null(relay);
}

static void
relay_parse_listen__takes_what_people_write(void **state)
{
    static const struct {
        const char *text, *address;
        int port;
    } rows[] = {
        {"", "127.0.0.1", RELAY_PORT},      {"4000", "127.0.0.1", 4000},
        {":4000", "127.0.0.1", 4000},       {"localhost", "127.0.0.1", RELAY_PORT},
        {"0.0.0.0", "0.0.0.0", RELAY_PORT}, {"10.1.2.3:0", "10.1.2.3", 0},
        {"[::1]:4000", NULL, 0},            {"relay.example:4000", NULL, 0},
        {"1.2.3:4", NULL, 0},               {"1.2.3.256", NULL, 0},
        {"127.0.0.1:65536", NULL, 0},       {"127.0.0.1:x", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char address[RELAY_ADDRESS_MAX] = "";
        int port = -1;
        struct diag d = {0};
        enum err e = relay_parse_listen(str_from(rows[i].text), address, &port, &d);
        assert_int_equal(e, rows[i].address ? OK : ERR_SYNTAX);
        if (!rows[i].address)
            continue;
        assert_string_equal(address, rows[i].address);
        assert_int_equal(port, rows[i].port);
    }
}

static int
start_chain(void **state)
{
    (void)state;
    serve_child_start(&child, &(struct serve_config){.block_time_ms = BLOCK_MS, .with_demo = true});
    return 0;
}

static int
stop_chain(void **state)
{
    (void)state;
    return serve_child_stop(&child, SIGTERM);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relay__tells_every_outcome__of_a_call_that_a_filter_names),
        cmocka_unit_test(relay__costs_one_poller__for_many_consoles),
        cmocka_unit_test(relay__finds_calls__for_filters_that_name_accounts),
        cmocka_unit_test(relay__fills_gaps_and_tells_replaced_blocks__of_a_neardata_server),
        cmocka_unit_test(relay__asks_nothing__while_nobody_listens),
        cmocka_unit_test(relay__wants_its_token__when_it_has_one),
        cmocka_unit_test(relay__refuses_to_open__to_others_without_a_token),
        cmocka_unit_test(relay_parse_listen__takes_what_people_write),
    };
    return cmocka_run_group_tests(tests, start_chain, stop_chain);
}
