/* Drills, as a client sees them: each one alone, and that all is well when it is over. Answers,
 * transactions and shards; for blocks and the feed see test_replaced.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "tests/support/drill_case.h"

enum { STAKING_SHARD = 2 };

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
        drill_set(cases[i].fault);
        for (int j = 0; j < 3; j++) {
            struct client_reply r;
            struct json *root = NULL;
            assert_true(client_http(drill_child.port, "POST", "/", "application/json",
                                    STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"), &r));
            assert_int_equal(r.status, j < 2 ? cases[i].status : 200);
            assert_int_equal(json_parse(buf_str(&r.body), DRILL_MESSAGE_MAX, &root, NULL) == OK, j == 2);
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
    drill_set("cut=1");
    assert_false(client_http(drill_child.port, "POST", "/", "application/json",
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
    const struct json *result = client_result(drill_child.port, "tx", params, &root);
    const struct json *last = json_at(json_find(result, "receipts_outcome"), 1);
    snprintf(receipt, sizeof(receipt), "[\"%.*s\"]", STR_ARG(text_at(last, "id")));
    json_free(root);
    drill_set("unknowntx=2,unknownreceipt=1");
    assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
    assert_cause("EXPERIMENTAL_tx_status", params, "UNKNOWN_TRANSACTION", 200);
    assert_cause("EXPERIMENTAL_receipt", receipt, "UNKNOWN_RECEIPT", 200);
    client_result(drill_child.port, "tx", params, &root);
    json_free(root);
    client_result(drill_child.port, "EXPERIMENTAL_receipt", receipt, &root);
    json_free(root);
}

static void
drill_lost__accepts_a_transaction__that_never_runs(void **state)
{
    struct hash lost, next;
    char params[256];
    (void)state;
    drill_set("lost=1");
    pay_one("token.test.near", &lost);
    uint64_t height = height_of("optimistic");
    pay_one("token.test.near", &next);
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
    drill_set("stall=2");
    uint64_t from = height_of("optimistic");
    call_portfolio(&tx);
    wait_for_height(from + 6);
    const struct json *block =
        client_result(drill_child.port, "block", "{\"finality\":\"optimistic\"}", &root);
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
    const struct json *result = client_result(drill_child.port, "tx", params, &root);
    assert_true(str_equal_c(text_at(result, "status"), "Started"));
    json_free(root);
    drill_set("stall=off");
    assert_comes_through(&tx);
}

static void
drill_congested__refuses_transactions__to_that_shard(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct hash tx;
    struct json *root;
    (void)state;
    drill_set("congested=2");
    root = client_transact(drill_child.port, "alice.test.near", "staking.test.near", &transfer, 1,
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
        client_result(drill_child.port, "EXPERIMENTAL_congestion_level", params, &root);
    assert_true(json_number(json_find(level, "congestion_level")) >= 0.8);
    json_free(root);
    pay_one("token.test.near", &tx);
    assert_comes_through(&tx);
    drill_set("congested=off");
    pay_one("staking.test.near", &tx);
    assert_comes_through(&tx);
}

static void
drill_busy__delays_receipts__until_it_is_over(void **state)
{
    struct hash tx;
    struct json *root;
    (void)state;
    drill_set("busy=2");
    uint64_t from = height_of("optimistic");
    call_portfolio(&tx);
    wait_for_height(from + 6);
    const struct json *block =
        client_result(drill_child.port, "block", "{\"finality\":\"optimistic\"}", &root);
    const struct json *chunk = json_at(json_find(block, "chunks"), STAKING_SHARD);
    assert_int_equal(number_at(chunk, "gas_used"), number_at(chunk, "gas_limit"));
    assert_false(str_equal_c(text_at(json_find(chunk, "congestion_info"), "delayed_receipts_gas"),
                             "0"));
    json_free(root);
    drill_set("busy=off");
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
    pay_one("token.test.near", &tx);
    assert_comes_through(&tx);
    drill_set("untracked=2");
    assert_cause("query",
                 "{\"request_type\":\"view_account\",\"finality\":\"final\","
                 "\"account_id\":\"staking.test.near\"}",
                 "UNAVAILABLE_SHARD", 200);
    snprintf(params, sizeof(params), "{\"block_id\":%llu,\"shard_id\":%d}",
             (unsigned long long)height_of("final"), STAKING_SHARD);
    assert_cause("chunk", params, "UNKNOWN_CHUNK", 200);
    drill_set("untracked=0");
    status_params(&tx, "NONE", params);
    const struct json *result = client_result(drill_child.port, "tx", params, &root);
    assert_int_equal(json_count(result), 1);
    assert_true(str_equal_c(text_at(result, "final_execution_status"), "NONE"));
    json_free(root);
    /* Signed before, since the key cannot be asked for now. */
    drill_set("untracked=off");
    struct buf bytes, body;
    buf_init(&bytes, DRILL_MESSAGE_MAX);
    buf_init(&body, DRILL_MESSAGE_MAX);
    client_sign(drill_child.port, "alice.test.near", "token.test.near", &transfer, 1, 0, &bytes, &tx);
    buf_addf(&body, "[\"%s\"]", buf_c(&bytes));
    drill_set("untracked=0");
    assert_cause("broadcast_tx_commit", buf_c(&body), "DOES_NOT_TRACK_SHARD", 200);
    drill_set("untracked=off");
    json_free(client_call(drill_child.port, "broadcast_tx_async", buf_c(&body), NULL));
    assert_comes_through(&tx);
    buf_release(&bytes);
    buf_release(&body);
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
    };
    return cmocka_run_group_tests(tests, drill_start, drill_stop);
}
