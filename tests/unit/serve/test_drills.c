/* Drills, as a client sees them: each one alone, and that all is well when it is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

enum { MESSAGE_MAX = 16 * 1024 * 1024, BLOCK_MS = 25, STAKING_SHARD = 2, TIDS = 64 };

static struct serve_child child;

/* --- short words -------------------------------------------------------------------------- */

static void
set(const char *faults)
{
    char params[128];
    struct json *root;
    snprintf(params, sizeof(params), "{\"faults\":\"%s\"}", faults);
    client_result(child.port, "neartop_fault", params, &root);
    json_free(root);
}

static struct str
text_at(const struct json *v, const char *key)
{
    struct str s = {0};
    if (json_get_string(v, key, &s, NULL))
        fail_msg("no %s", key);
    return s;
}

static uint64_t
number_at(const struct json *v, const char *key)
{
    uint64_t n = 0;
    assert_int_equal(json_get_u64(v, key, &n, NULL), OK);
    return n;
}

static uint64_t
height_of(const char *finality)
{
    char params[64];
    struct json *root;
    snprintf(params, sizeof(params), "{\"finality\":\"%s\"}", finality);
    uint64_t height =
        number_at(json_find(client_result(child.port, "block", params, &root), "header"), "height");
    json_free(root);
    return height;
}

static void
wait_for_height(uint64_t height)
{
    while (height_of("optimistic") < height)
        usleep(5000);
}

/* The error's cause; fails when there is a result. */
static void
assert_cause(const char *method, const char *params, const char *cause, int status)
{
    int http = 0;
    struct json *root = client_call(child.port, method, params, &http);
    const struct json *error = json_find(root, "error");
    if (!error || !str_equal_c(text_at(json_find(error, "cause"), "name"), cause) ||
        http != status) {
        struct buf text;
        buf_init(&text, MESSAGE_MAX);
        json_print(root, &text);
        fail_msg("%s %s: %d %s", method, params, http, buf_c(&text));
    }
    json_free(root);
}

static void
status_params(const struct hash *tx, const char *level, char out[256])
{
    char text[HASH_TEXT];
    snprintf(out, 256,
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"%s\"}",
             hash_text(tx, text), level);
}

/* Until everything of it is final. */
static void
assert_comes_through(const struct hash *tx)
{
    char params[256];
    struct json *root = NULL;
    int http = 408;
    status_params(tx, "FINAL", params);
    while (http == 408) {
        root = client_call(child.port, "EXPERIMENTAL_tx_status", params, &http);
        if (http == 408)
            json_free(root);
    }
    assert_int_equal(http, 200);
    const struct json *result = json_find(root, "result");
    assert_true(str_equal_c(text_at(result, "final_execution_status"), "FINAL"));
    assert_non_null(json_find(json_find(result, "status"), "SuccessValue"));
    json_free(root);
}

static void
pay(const char *to, struct hash *hash)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    json_free(client_transact(child.port, "alice.test.near", to, &transfer, 1, "NONE", hash));
}

static void
call_portfolio(struct hash *hash)
{
    struct action call = {
        .kind = ACTION_FUNCTION_CALL,
        .method = STR("get_portfolio_data"),
        .args = STR("{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","
                    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":"
                    "\"staking.test.near\"}"),
        .gas = 100 * TERA_GAS};
    json_free(client_transact(child.port, "alice.test.near", "portfolio.test.near", &call, 1,
                              "NONE", hash));
}

static int
subscribe(const char *event)
{
    char path[64];
    snprintf(path, sizeof(path), "/events/%s", event);
    int fd = client_ws_open(child.port, path);
    assert_true(fd >= 0);
    client_ws_send(fd, 1, true, STR("{\"And\":[]}"));
    return fd;
}

static struct json *
next_events(int fd)
{
    struct buf text;
    struct json *root = NULL;
    buf_init(&text, MESSAGE_MAX);
    client_ws_text(fd, &text);
    assert_int_equal(json_parse(buf_str(&text), MESSAGE_MAX, &root, NULL), OK);
    buf_release(&text);
    return root;
}

/* Of a feed of blocks. */
static uint64_t
next_height(int fd)
{
    struct json *events = next_events(fd);
    uint64_t height = number_at(json_at(events, 0), "block_height");
    json_free(events);
    return height;
}

static int
start(void **state)
{
    static const char *const leaves[] = {"token.test.near", "lending.test.near",
                                         "staking.test.near"};
    const struct serve_config config = {.block_time_ms = BLOCK_MS, .seed = 5};
    (void)state;
    serve_child_start(&child, &config);
    client_make_account(child.port, "alice.test.near", NULL);
    client_make_account(child.port, "portfolio.test.near", "portfolio");
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        client_make_account(child.port, leaves[i], "leaf");
        client_do(child.port, leaves[i], leaves[i], "set_mode", "{\"mode\":\"none\"}");
    }
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    return serve_child_stop(&child, SIGTERM);
}

/* --- answers ------------------------------------------------------------------------------ */

static void
drill_of_answers__spoils_so_many(void **state)
{
    static const struct {
        const char *fault;
        int status;
    } cases[] = {{"http429=2", 429}, {"http500=2", 500}, {"badjson=2", 200}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        set(cases[i].fault);
        for (int j = 0; j < 3; j++) {
            struct client_reply r;
            struct json *root = NULL;
            assert_true(client_http(child.port, "POST", "/", "application/json",
                                    STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"), &r));
            assert_int_equal(r.status, j < 2 ? cases[i].status : 200);
            assert_int_equal(json_parse(buf_str(&r.body), MESSAGE_MAX, &root, NULL) == OK, j == 2);
            assert_int_equal(str_find(buf_str(&r.head), STR("etry-after:")) >= 0 ||
                                 str_find(buf_str(&r.head), STR("etry-After:")) >= 0,
                             r.status == 429);
            json_free(root);
            client_reply_release(&r);
        }
    }
}

static void
drill_cut__ends_in_the_middle(void **state)
{
    struct client_reply r;
    (void)state;
    set("cut=1");
    assert_false(client_http(child.port, "POST", "/", "application/json",
                             STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"), &r));
    client_reply_release(&r);
    height_of("final");
}

/* --- transactions and receipts ------------------------------------------------------------ */

static void
drill_unknown__says_so__then_tells(void **state)
{
    struct hash tx;
    char params[256], receipt[128];
    struct json *root;
    (void)state;
    call_portfolio(&tx);
    assert_comes_through(&tx);
    status_params(&tx, "NONE", params);
    const struct json *result = client_result(child.port, "tx", params, &root);
    const struct json *last = json_at(json_find(result, "receipts_outcome"), 1);
    snprintf(receipt, sizeof(receipt), "[\"%.*s\"]", STR_ARG(text_at(last, "id")));
    json_free(root);
    set("unknowntx=2,unknownreceipt=1");
    assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
    assert_cause("EXPERIMENTAL_tx_status", params, "UNKNOWN_TRANSACTION", 200);
    assert_cause("EXPERIMENTAL_receipt", receipt, "UNKNOWN_RECEIPT", 200);
    client_result(child.port, "tx", params, &root);
    json_free(root);
    client_result(child.port, "EXPERIMENTAL_receipt", receipt, &root);
    json_free(root);
}

static void
drill_lost__accepts_a_transaction__that_never_runs(void **state)
{
    struct hash lost, next;
    char params[256];
    (void)state;
    set("lost=1");
    pay("token.test.near", &lost);
    uint64_t height = height_of("optimistic");
    pay("token.test.near", &next);
    /* The second has the same nonce, since nothing came of the first. */
    assert_comes_through(&next);
    wait_for_height(height + 3);
    status_params(&lost, "NONE", params);
    if (!hash_equal(&lost, &next))
        assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
}

/* --- shards ------------------------------------------------------------------------------- */

static void
drill_stall__shows_the_last_chunk_again__and_things_wait(void **state)
{
    struct hash tx;
    struct json *root;
    char params[256];
    (void)state;
    set("stall=2");
    uint64_t from = height_of("optimistic");
    call_portfolio(&tx);
    wait_for_height(from + 6);
    const struct json *block =
        client_result(child.port, "block", "{\"finality\":\"optimistic\"}", &root);
    const struct json *header = json_find(block, "header"), *mask = json_find(header, "chunk_mask");
    const struct json *chunk = json_at(json_find(block, "chunks"), STAKING_SHARD);
    bool is_new = true;
    assert_int_equal(number_at(header, "chunks_included"), 3);
    assert_int_equal(json_bool(json_at(mask, STAKING_SHARD), &is_new, NULL), OK);
    assert_false(is_new);
    assert_true(number_at(chunk, "height_included") <= from + 1);
    assert_int_equal(number_at(chunk, "height_included"), number_at(chunk, "height_created"));
    json_free(root);
    status_params(&tx, "NONE", params);
    const struct json *result = client_result(child.port, "tx", params, &root);
    assert_true(str_equal_c(text_at(result, "status"), "Started"));
    json_free(root);
    set("stall=off");
    assert_comes_through(&tx);
}

static void
drill_congested__refuses_transactions__to_that_shard(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct hash tx;
    struct json *root;
    (void)state;
    set("congested=2");
    root = client_transact(child.port, "alice.test.near", "staking.test.near", &transfer, 1,
                           "INCLUDED", &tx);
    const struct json *why = json_find(
        json_find(json_find(json_find(json_find(root, "error"), "data"), "TxExecutionError"),
                  "InvalidTxError"),
        "ShardCongested");
    assert_non_null(why);
    assert_int_equal(number_at(why, "shard_id"), STAKING_SHARD);
    assert_true(json_number(json_find(why, "congestion_level")) >= 0.8);
    json_free(root);
    wait_for_height(height_of("optimistic") + 2);
    char params[64];
    snprintf(params, sizeof(params), "{\"block_id\":%llu,\"shard_id\":%d}",
             (unsigned long long)height_of("optimistic"), STAKING_SHARD);
    const struct json *level =
        client_result(child.port, "EXPERIMENTAL_congestion_level", params, &root);
    assert_true(json_number(json_find(level, "congestion_level")) >= 0.8);
    json_free(root);
    pay("token.test.near", &tx);
    assert_comes_through(&tx);
    set("congested=off");
    pay("staking.test.near", &tx);
    assert_comes_through(&tx);
}

static void
drill_busy__delays_receipts__until_it_is_over(void **state)
{
    struct hash tx;
    struct json *root;
    (void)state;
    set("busy=2");
    uint64_t from = height_of("optimistic");
    call_portfolio(&tx);
    wait_for_height(from + 6);
    const struct json *block =
        client_result(child.port, "block", "{\"finality\":\"optimistic\"}", &root);
    const struct json *chunk = json_at(json_find(block, "chunks"), STAKING_SHARD);
    assert_int_equal(number_at(chunk, "gas_used"), number_at(chunk, "gas_limit"));
    assert_false(str_equal_c(text_at(json_find(chunk, "congestion_info"), "delayed_receipts_gas"),
                             "0"));
    json_free(root);
    set("busy=off");
    assert_comes_through(&tx);
}

static void
drill_untracked__knows_nothing_of_that_shard(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct hash tx;
    char params[256];
    struct json *root;
    (void)state;
    pay("token.test.near", &tx);
    assert_comes_through(&tx);
    set("untracked=2");
    assert_cause("query",
                 "{\"request_type\":\"view_account\",\"finality\":\"final\","
                 "\"account_id\":\"staking.test.near\"}",
                 "UNAVAILABLE_SHARD", 200);
    snprintf(params, sizeof(params), "{\"block_id\":%llu,\"shard_id\":%d}",
             (unsigned long long)height_of("final"), STAKING_SHARD);
    assert_cause("chunk", params, "UNKNOWN_CHUNK", 200);
    set("untracked=0");
    status_params(&tx, "NONE", params);
    const struct json *result = client_result(child.port, "tx", params, &root);
    assert_int_equal(json_count(result), 1);
    assert_true(str_equal_c(text_at(result, "final_execution_status"), "NONE"));
    json_free(root);
    /* Signed before, since the key cannot be asked for now. */
    set("untracked=off");
    struct buf bytes, body;
    buf_init(&bytes, MESSAGE_MAX);
    buf_init(&body, MESSAGE_MAX);
    client_sign(child.port, "alice.test.near", "token.test.near", &transfer, 1, 0, &bytes, &tx);
    buf_addf(&body, "[\"%s\"]", buf_c(&bytes));
    set("untracked=0");
    assert_cause("broadcast_tx_commit", buf_c(&body), "DOES_NOT_TRACK_SHARD", 200);
    set("untracked=off");
    json_free(client_call(child.port, "broadcast_tx_async", buf_c(&body), NULL));
    assert_comes_through(&tx);
    buf_release(&bytes);
    buf_release(&body);
}

/* --- messages of the feed ----------------------------------------------------------------- */

/* A feed of blocks, which has one message a block, numbers in a row but for what is spoilt. */
static void
drill_of_messages__loses_doubles_and_swaps(void **state)
{
    (void)state;
    int blocks = subscribe("block_info");
    uint64_t height = next_height(blocks), next;
    set("wslose=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height + 2);
    height = next;
    set("wsdouble=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height);
    set("wsswap=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height + 2);
    assert_int_equal(next_height(blocks), height + 1);
    for (int i = 3; i < 8; i++)
        assert_int_equal(next_height(blocks), height + i);
    close(blocks);
}

/* Every connection ends where it is said, and a new one begins anew. */
static void
drill_wsafter__cuts_each_connection__at_the_nth_message(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, MESSAGE_MAX);
    set("wsafter=3");
    for (int i = 0; i < 2; i++) {
        int blocks = subscribe("block_info");
        uint64_t height = next_height(blocks);
        assert_int_equal(next_height(blocks), height + 1);
        assert_int_equal(client_ws_next(blocks, &text, true), -1);
        close(blocks);
    }
    set("wsafter=off");
    buf_release(&text);
}

/* --- blocks ------------------------------------------------------------------------------- */

static void
drill_stale__falls_behind__then_catches_up(void **state)
{
    struct json *root;
    bool is_syncing = false;
    (void)state;
    int blocks = subscribe("block_info");
    uint64_t before = next_height(blocks);
    set("stale=5");
    while (!is_syncing) {
        const struct json *result = client_result(child.port, "status", "[]", &root);
        assert_int_equal(json_get_bool(json_find(result, "sync_info"), "syncing", &is_syncing, NULL),
                         OK);
        json_free(root);
    }
    assert_cause("health", "[]", "NODE_IS_SYNCING", 200);
    while (is_syncing) {
        const struct json *result = client_result(child.port, "status", "[]", &root);
        assert_int_equal(json_get_bool(json_find(result, "sync_info"), "syncing", &is_syncing, NULL),
                         OK);
        json_free(root);
    }
    /* None is missing. */
    for (int i = 0; i < 10; i++)
        assert_int_equal(next_height(blocks), ++before);
    close(blocks);
}

static void
drill_old__has_thrown_away__what_is_older(void **state)
{
    struct hash tx;
    char params[256];
    struct json *root;
    (void)state;
    pay("token.test.near", &tx);
    assert_comes_through(&tx);
    uint64_t height = height_of("optimistic");
    wait_for_height(height + 8);
    set("old=6");
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)height);
    assert_cause("block", params, "UNKNOWN_BLOCK", 422);
    snprintf(params, sizeof(params), "[%llu]", (unsigned long long)height);
    assert_cause("block", params, "UNKNOWN_BLOCK", 200);
    snprintf(params, sizeof(params), "{\"block_id\":%llu,\"shard_id\":0}", (unsigned long long)height);
    assert_cause("chunk", params, "UNKNOWN_CHUNK", 200);
    snprintf(params, sizeof(params),
             "{\"block_id\":%llu,\"request_type\":\"view_account\",\"account_id\":\"token.test.near\"}",
             (unsigned long long)height);
    assert_cause("query", params, "GARBAGE_COLLECTED_BLOCK", 200);
    status_params(&tx, "NONE", params);
    assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
    const struct json *status = client_result(child.port, "status", "[]", &root);
    assert_true(number_at(json_find(status, "sync_info"), "earliest_block_height") > height);
    json_free(root);
    set("old=off");
    client_result(child.port, "tx", params, &root);
    json_free(root);
}

struct told {
    char id[TIDS][HASH_TEXT], block[TIDS][HASH_TEXT];
    uint64_t height[TIDS];
    size_t count;
};

static void
hear(struct told *t, const struct json *events)
{
    for (const struct json *e = json_first(events); e; e = json_next(e), t->count++) {
        assert_true(t->count < TIDS);
        assert_true(str_copy(text_at(json_find(e, "outcome"), "id"), t->id[t->count], HASH_TEXT));
        assert_true(str_copy(text_at(e, "block_hash"), t->block[t->count], HASH_TEXT));
        t->height[t->count] = number_at(e, "block_height");
    }
}

static bool
is_told(const struct told *t, struct str id, struct str block)
{
    for (size_t i = 0; i < t->count; i++) {
        if (str_equal_c(id, t->id[i]) && str_equal_c(block, t->block[i]))
            return true;
    }
    return false;
}

/* All that has become final was told as well, when it ran. */
static void
hear_the_rest(int feed, struct told *t, const struct hash *tx)
{
    char params[256];
    struct json *root;
    status_params(tx, "FINAL", params);
    const struct json *outcomes =
        json_find(client_result(child.port, "tx", params, &root), "receipts_outcome");
    assert_true(json_count(outcomes) >= 9);
    for (const struct json *o = json_first(outcomes); o; o = json_next(o)) {
        while (!is_told(t, text_at(o, "id"), text_at(o, "block_hash"))) {
            struct json *events = next_events(feed);
            hear(t, events);
            json_free(events);
        }
    }
    json_free(root);
}

/* Blocks that are unknown now were replaced; at their height there is another one, or none. */
static size_t
count_replaced(const struct told *t, bool skips)
{
    size_t replaced = 0;
    for (size_t i = 0; i < t->count; i++) {
        char params[256];
        int http = 0;
        snprintf(params, sizeof(params), "{\"block_id\":\"%s\"}", t->block[i]);
        struct json *root = client_call(child.port, "block", params, &http);
        bool is_gone = json_find(root, "error") != NULL;
        json_free(root);
        if (!is_gone)
            continue;
        replaced++;
        snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)t->height[i]);
        if (skips) {
            assert_cause("block", params, "UNKNOWN_BLOCK", 422);
        } else {
            client_result(child.port, "block", params, &root);
            json_free(root);
        }
    }
    return replaced;
}

static void
replace_blocks(const char *fault, bool skips)
{
    struct told told = {.count = 0};
    struct hash tx;
    int feed = subscribe("outcome_optimistic"), blocks = subscribe("block_info");
    uint64_t last = next_height(blocks);
    set(fault);
    call_portfolio(&tx);
    while (told.count < 8) {
        struct json *events = next_events(feed);
        hear(&told, events);
        json_free(events);
    }
    set("none");
    assert_comes_through(&tx);
    hear_the_rest(feed, &told, &tx);
    assert_true(count_replaced(&told, skips) > 0);
    /* What is final comes once and in order; only heights that were skipped are missing. */
    for (uint64_t end = height_of("final"), height; last < end; last = height) {
        height = next_height(blocks);
        assert_true(skips ? height > last && height <= last + 2 : height == last + 1);
    }
    close(feed);
    close(blocks);
}

static void
drill_fork__replaces_blocks__that_were_told(void **state)
{
    (void)state;
    replace_blocks("fork=100%", true);
}

static void
drill_forksame__replaces_blocks__at_their_height(void **state)
{
    (void)state;
    replace_blocks("forksame=100%", false);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drill_of_answers__spoils_so_many),
        cmocka_unit_test(drill_cut__ends_in_the_middle),
        cmocka_unit_test(drill_unknown__says_so__then_tells),
        cmocka_unit_test(drill_lost__accepts_a_transaction__that_never_runs),
        cmocka_unit_test(drill_stall__shows_the_last_chunk_again__and_things_wait),
        cmocka_unit_test(drill_congested__refuses_transactions__to_that_shard),
        cmocka_unit_test(drill_busy__delays_receipts__until_it_is_over),
        cmocka_unit_test(drill_untracked__knows_nothing_of_that_shard),
        cmocka_unit_test(drill_of_messages__loses_doubles_and_swaps),
        cmocka_unit_test(drill_wsafter__cuts_each_connection__at_the_nth_message),
        cmocka_unit_test(drill_stale__falls_behind__then_catches_up),
        cmocka_unit_test(drill_old__has_thrown_away__what_is_older),
        cmocka_unit_test(drill_fork__replaces_blocks__that_were_told),
        cmocka_unit_test(drill_forksame__replaces_blocks__at_their_height),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
