/* Methods and forms of request that were not recorded: what the node's parser takes, and says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

static struct serve_child child;

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 10};
    *state = &child;
    serve_child_start(&child, &config);
    client_make_account(child.port, "alice.test.near", NULL);
    client_make_account(child.port, "zed.test.near", NULL);
    client_make_account(child.port, "token.test.near", "leaf");
    client_do(child.port, "token.test.near", "token.test.near", "mint",
              "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
    return 0;
}

/* --- one line a request ------------------------------------------------------------------- */

struct row {
    const char *method, *params;
    int http;
    const char *place;          /* "error.cause.name", "result.0.account_id" */
    const char *expected;       /* as JSON; NULL: it must only be there */
};

static const struct json *
walk(const struct json *v, const char *place)
{
    struct str rest = str_from(place), part;
    while (v && str_take_until(&rest, '.', &part)) {
        uint64_t index;
        char key[64];
        assert_true(str_copy(part, key, sizeof(key)));
        v = str_to_u64(part, &index) ? json_at(v, index) : json_find(v, key);
    }
    return v;
}

static void
check(const struct row *row)
{
    struct buf text;
    int http = 0;
    buf_init(&text, JSON_BYTES_MAX);
    struct json *root = client_call(child.port, row->method, row->params, &http);
    const struct json *v = walk(root, row->place);
    if (v)
        json_print(v, &text);
    if (http != row->http || !v || (row->expected && strcmp(buf_c(&text), row->expected) != 0)) {
        struct buf whole;
        buf_init(&whole, JSON_BYTES_MAX);
        json_print(root, &whole);
        fail_msg("%s %s: HTTP %d, %s is %s in %.600s", row->method, row->params, http, row->place,
                 v ? buf_c(&text) : "missing", buf_c(&whole));
    }
    json_free(root);
    buf_release(&text);
}

static void
check_all(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&rows[i]);
}

#define CAUSE "error.cause.name"
#define DATA "error.data"

static void
rpc_block__takes_every_form(void **state)
{
    static const struct row rows[] = {
        {"block", "{\"sync_checkpoint\":\"genesis\"}", 200, "result.header.height", "0"},
        {"block", "{\"sync_checkpoint\":\"earliest_available\"}", 200, "result.header.height", NULL},
        {"block", "{\"sync_checkpoint\":\"x\"}", 400, DATA,
         "\"Failed parsing args: unknown variant `x`, expected `genesis` or "
         "`earliest_available`\""},
        {"block", "{\"finality\":\"soon\"}", 400, DATA,
         "\"Failed parsing args: unknown variant `soon`, expected one of `optimistic`, "
         "`near-final`, `final`\""},
        {"block", "{}", 400, DATA,
         "\"Failed parsing args: no variant of enum BlockReference found in flattened data\""},
        {"block", "[]", 400, DATA,
         "\"Failed parsing args: invalid type: sequence, expected struct RpcBlockRequest\""},
        {"block", "null", 400, DATA,
         "\"Failed parsing args: invalid type: null, expected struct RpcBlockRequest\""},
        {"block", "[99999999]", 200, CAUSE, "\"UNKNOWN_BLOCK\""},
        {"gas_price", "{}", 200, "result.gas_price", "\"100000000\""},
        {"gas_price", "{\"block_id\":null}", 200, "result.gas_price", "\"100000000\""},
        {"gas_price", "{\"block_id\":0}", 200, "result.gas_price", "\"100000000\""},
        {"gas_price", "[0]", 200, "result.gas_price", "\"100000000\""},
        {"gas_price", "[]", 400, CAUSE, "\"PARSE_ERROR\""},
        {"chunk", "[[0,0]]", 200, "result.header.shard_id", "0"},
        {"chunk", "{\"block_id\":0,\"shard_id\":3}", 200, "result.header.shard_id", "3"},
        {"EXPERIMENTAL_congestion_level", "{\"block_id\":0,\"shard_id\":1}", 200,
         "result.congestion_level", NULL},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

static void
rpc_query__takes_the_old_path(void **state)
{
    static const struct row rows[] = {
        {"query", "[\"account/alice.test.near\",\"\"]", 200, "result.storage_usage", "182"},
        {"query", "[\"access_key/alice.test.near\",\"\"]", 200,
         "result.keys.0.access_key.permission", "\"FullAccess\""},
        {"query",
         "[\"access_key/alice.test.near/"
         "ed25519:7KP5SxgDEaWRwLKezpnZ23skY4jipV3CymNnEedutnKJ\",\"\"]",
         200, "result.permission", "\"FullAccess\""},
        {"query", "[\"access_key/alice.test.near/x\",\"\"]", 400, DATA, "\"Invalid public key\""},
        {"query", "[\"code/token.test.near\",\"\"]", 200, "result.code_base64", NULL},
        {"query", "[\"contract/token.test.near\",\"\"]", 200, "result.values.0.key", NULL},
        /* The prefix "b", and {"account_id":"alice.test.near"}, in base58. */
        {"query", "[\"contract/token.test.near\",\"2h\"]", 200, "result.values.0.key",
         "\"YjphbGljZS50ZXN0Lm5lYXI=\""},
        {"query",
         "[\"call/token.test.near/ft_balance_of\","
         "\"9HfZ5SgkRSHW3RhMgYYLhtJ22kbHuRAAArr2oDzzErwe\"]",
         200, "result.result",
         "[34,49,50,53,48,48,48,48,48,48,48,34]"},
        {"query", "[\"call/token.test.near\",\"\"]", 400, DATA, "\"Method name is missing\""},
        {"query", "[\"soul/token.test.near\",\"\"]", 400, DATA, "\"Unknown path soul\""},
        {"query", "[\"account\",\"\"]", 400, DATA, "\"Not enough query parameters provided\""},
        {"query", "[\"account/Alice\",\"\"]", 400, CAUSE, "\"PARSE_ERROR\""},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

#define AT "\"finality\":\"optimistic\",\"account_id\":"

static void
rpc_query__says_what_is_missing(void **state)
{
    static const struct row rows[] = {
        {"query", "{}", 400, DATA,
         "\"Failed parsing args: no variant of enum BlockReference found in flattened data\""},
        {"query", "{\"finality\":\"final\"}", 400, DATA,
         "\"Failed parsing args: missing field `request_type`\""},
        {"query", "{\"finality\":\"final\",\"request_type\":\"view_account\"}", 400, DATA,
         "\"Failed parsing args: missing field `account_id`\""},
        {"query", "{" AT "\"a\",\"request_type\":\"view_account\"}", 400, DATA,
         "\"Failed parsing args: invalid value: \\\"a\\\", the Account ID is too short\""},
        {"query", "{" AT "\"a..b\",\"request_type\":\"view_account\"}", 400, DATA,
         "\"Failed parsing args: invalid value: \\\"a..b\\\", the Account ID has a redundant "
         "separator '.' at index 2\""},
        {"query", "{" AT "\"alice.test.near\",\"request_type\":\"view_access_key\"}", 400, DATA,
         "\"Failed parsing args: missing field `public_key`\""},
        {"query",
         "{" AT "\"token.test.near\",\"request_type\":\"call_function\",\"method_name\":\"x\","
         "\"args_base64\":\"*\"}",
         400, DATA, "\"Failed parsing args: Invalid byte 42, offset 0.\""},
        {"query",
         "{" AT "\"token.test.near\",\"request_type\":\"view_state\",\"prefix_base64\":\"\","
         "\"include_proof\":true}",
         400, CAUSE, "\"PARSE_ERROR\""},
        {"query",
         "{" AT "\"token.test.near\",\"request_type\":\"view_state\",\"prefix_base64\":\"\","
         "\"include_proof\":false}",
         200, "result.values.0.value", "\"MTI1MDAwMDAwMA==\""},
        {"query", "{" AT "\"alice.test.near\",\"request_type\":\"view_code\"}", 200, CAUSE,
         "\"NO_CONTRACT_CODE\""},
        {"query", "{" AT "\"nobody.test.near\",\"request_type\":\"view_code\"}", 200, CAUSE,
         "\"UNKNOWN_ACCOUNT\""},
        {"query",
         "{" AT "\"nobody.test.near\",\"request_type\":\"call_function\",\"method_name\":\"x\","
         "\"args_base64\":\"\"}",
         200, CAUSE, "\"UNKNOWN_ACCOUNT\""},
        {"query", "{" AT "\"nobody.test.near\",\"request_type\":\"view_access_key_list\"}", 200,
         "result.keys", "[]"},
        {"query",
         "{" AT "\"alice.test.near\",\"request_type\":"
         "\"view_global_contract_code_by_account_id\"}",
         200, CAUSE, "\"NO_GLOBAL_CONTRACT_CODE\""},
        {"query",
         "{\"finality\":\"final\",\"request_type\":\"view_global_contract_code\","
         "\"code_hash\":\"11111111111111111111111111111111\"}",
         200, "error.cause.info.identifier.CodeHash", "\"11111111111111111111111111111111\""},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

static void
rpc_validators__tells_of_the_one_there_is(void **state)
{
    static const struct row rows[] = {
        {"validators", "{\"latest\":null}", 200, "result.current_validators.0.account_id",
         "\"test.near\""},
        {"validators", "[0]", 200, CAUSE, "\"VALIDATOR_INFO_UNAVAILABLE\""},
        {"validators", "[99999999]", 200, CAUSE, "\"UNKNOWN_EPOCH\""},
        {"validators", "{\"epoch_id\":\"7DoRHPLnKuavQUbRL9Uyoqx1dTZPg31LmAYzZwGaWPuS\"}", 200, DATA,
         "\"Unknown Epoch\""},
        {"validators", "{}", 400, CAUSE, "\"PARSE_ERROR\""},
        {"EXPERIMENTAL_validators_ordered", "{\"block_id\":null}", 200,
         "result.0.validator_stake_struct_version", "\"V1\""},
        {"EXPERIMENTAL_validators_ordered", "{\"block_id\":99999999}", 200, CAUSE,
         "\"UNKNOWN_BLOCK\""},
        {"maintenance_windows", "{\"account_id\":\"test.near\"}", 200, "result", "[]"},
        {"EXPERIMENTAL_maintenance_windows", "{\"account_id\":\"alice.test.near\"}", 200,
         "result.0.start", NULL},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

static void
rpc_configurations__are_told(void **state)
{
    static const struct row rows[] = {
        {"genesis_config", "[]", 200, "result.validators.0.account_id", "\"test.near\""},
        {"EXPERIMENTAL_genesis_config", "null", 200, "result.total_supply",
         "\"1000000000000000000000000000000000\""},
        {"client_config", "[]", 200, "result.min_block_production_delay", "[0,10000000]"},
        {"EXPERIMENTAL_split_storage_info", "[]", 200, "result.cold_head_height", "null"},
        {"EXPERIMENTAL_protocol_config", "[0]", 400, CAUSE, "\"PARSE_ERROR\""},
        {"EXPERIMENTAL_protocol_config", "{\"block_id\":99999999}", 200, CAUSE,
         "\"UNKNOWN_BLOCK\""},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

/* A chain without light clients, and methods of other versions. */
static void
rpc_methods__that_are_not_here__are_not_found(void **state)
{
    static const char *const names[] = {"light_client_proof", "next_light_client_block",
                                        "EXPERIMENTAL_light_client_proof",
                                        "EXPERIMENTAL_light_client_block_proof",
                                        "EXPERIMENTAL_broadcast_tx_sync", "EXPERIMENTAL_check_tx",
                                        "STATUS", ""};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        check(&(struct row){names[i], "{}", 400, CAUSE, "\"METHOD_NOT_FOUND\""});
}

/* --- what changed ------------------------------------------------------------------------- */

/* The block that ran the call's receipt on the contract, and the receipt. */
static void
mint(char block[HASH_TEXT], char receipt[HASH_TEXT])
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("mint"),
                          .args = STR("{\"account_id\":\"zed.test.near\",\"amount\":7}"),
                          .gas = 100 * TERA_GAS};
    struct json *root = client_transact(child.port, "alice.test.near", "token.test.near", &call, 1,
                                        "EXECUTED", NULL);
    const struct json *o = json_at(json_find(json_find(root, "result"), "receipts_outcome"), 0);
    assert_true(str_copy(client_text_at(o, "block_hash"), block, HASH_TEXT));
    assert_true(str_copy(client_text_at(o, "id"), receipt, HASH_TEXT));
    json_free(root);
}

static void
check_changes(const char *method, const char *block, const char *params, const char *place,
              const char *expected)
{
    char whole[1024];
    snprintf(whole, sizeof(whole), "{\"block_id\":\"%s\"%s}", block, params);
    check(&(struct row){method, whole, 200, place, expected});
}

static void
rpc_changes__pin_a_write_to_its_receipt(void **state)
{
    static const char data[] = ",\"changes_type\":\"data_changes\",\"account_ids\":"
                               "[\"token.test.near\"],\"key_prefix_base64\":\"\"";
    static const char accounts[] = ",\"changes_type\":\"account_changes\",\"account_ids\":"
                                   "[\"token.test.near\",\"alice.test.near\"]";
    char block[HASH_TEXT], receipt[HASH_TEXT], cause[256];
    (void)state;
    mint(block, receipt);
    snprintf(cause, sizeof(cause), "{\"receipt_hash\":\"%s\",\"type\":\"receipt_processing\"}",
             receipt);
    check_changes("EXPERIMENTAL_changes", block, data, "result.changes.0.cause", cause);
    check_changes("changes", block, data, "result.changes.0.change",
                  "{\"account_id\":\"token.test.near\",\"key_base64\":\"Yjp6ZWQudGVzdC5uZWFy\","
                  "\"value_base64\":\"Nw==\"}");
    check_changes("changes", block, data, "result.changes.0.type", "\"data_update\"");
    check_changes("changes", block, accounts, "result.changes.1.cause.type",
                  "\"action_receipt_gas_reward\"");
    check_changes("changes", block,
                  ",\"changes_type\":\"data_changes\",\"account_ids\":[\"token.test.near\"],"
                  "\"key_prefix_base64\":\"bQ==\"",
                  "result.changes", "[]");
    check_changes("changes", block,
                  ",\"changes_type\":\"all_access_key_changes\",\"account_ids\":"
                  "[\"token.test.near\"]",
                  "result.changes", "[]");
    check_changes("block_effects", block, "", "result.changes.1",
                  "{\"account_id\":\"token.test.near\",\"type\":\"data_touched\"}");
}

static void
rpc_changes__say_what_is_wrong(void **state)
{
    static const struct row rows[] = {
        {"changes", "{\"block_id\":0}", 400, DATA,
         "\"Failed parsing args: missing field `changes_type`\""},
        {"changes", "{\"block_id\":0,\"changes_type\":\"x\"}", 400, DATA,
         "\"Failed parsing args: unknown variant `x`, expected one of `account_changes`, "
         "`single_access_key_changes`, `all_access_key_changes`, `contract_code_changes`, "
         "`data_changes`\""},
        {"changes", "{\"block_id\":0,\"changes_type\":\"account_changes\"}", 400, DATA,
         "\"Failed parsing args: missing field `account_ids`\""},
        {"changes", "{\"block_id\":0,\"changes_type\":\"data_changes\",\"account_ids\":[]}", 400,
         DATA, "\"Failed parsing args: missing field `key_prefix_base64`\""},
        {"changes", "{\"block_id\":0,\"changes_type\":\"account_changes\",\"account_ids\":[\"!\"]}",
         400, CAUSE, "\"PARSE_ERROR\""},
        {"block_effects", "{\"block_id\":99999999}", 200, CAUSE, "\"UNKNOWN_BLOCK\""},
        {"block_effects", "{\"block_id\":0}", 200, "result.changes", "[]"},
    };
    (void)state;
    check_all(rows, ARRAY_LEN(rows));
}

/* --- earlier states ----------------------------------------------------------------------- */

/* The state of the very block: before the transfer of a yocto, and after. */
static void
rpc_query__answers_for_the_block_that_was_asked(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    char params[256];
    struct json *root, *then;
    uint64_t height;
    (void)state;
    const char *const now = "{\"request_type\":\"view_account\",\"finality\":\"optimistic\","
                            "\"account_id\":\"zed.test.near\"}";
    const struct json *before = client_result(child.port, "query", now, &root);
    assert_int_equal(json_get_u64(before, "block_height", &height, NULL), OK);
    json_free(client_transact(child.port, "alice.test.near", "zed.test.near", &transfer, 1, "FINAL",
                              NULL));
    snprintf(params, sizeof(params),
             "{\"request_type\":\"view_account\",\"block_id\":%llu,\"account_id\":"
             "\"zed.test.near\"}",
             (unsigned long long)height);
    const struct json *same = client_result(child.port, "query", params, &then);
    assert_true(json_equal(before, same));
    json_free(then);
    const struct json *after = client_result(child.port, "query", now, &then);
    assert_false(json_equal(json_find(before, "amount"), json_find(after, "amount")));
    json_free(then);
    json_free(root);
}

static void
rpc_query__says_garbage_collected__for_a_block_long_ago(void **state)
{
    static const char params[] =
        "{\"request_type\":\"view_account\",\"account_id\":\"test.near\",\"block_id\":1}";
    struct str cause = {0};
    struct json *root = NULL;
    int http = 0;
    (void)state;
    /* Until it is so long ago. */
    while (cause.n == 0) {
        json_free(root);
        root = client_call(child.port, "query", params, &http);
        cause = client_text_at(json_find(json_find(root, "error"), "cause"), "name");
    }
    assert_int_equal(http, 200);
    assert_true(str_equal(cause, STR("GARBAGE_COLLECTED_BLOCK")));
    json_free(root);
}

/* --- sending ------------------------------------------------------------------------------ */

static void
rpc_broadcast__takes_the_very_same_bytes_again(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct buf params;
    struct hash hash;
    char text[HASH_TEXT];
    struct json *root;
    struct str result;
    (void)state;
    buf_init(&params, 10000);
    buf_add_c(&params, "[\"");
    client_sign(child.port, "zed.test.near", "alice.test.near", &transfer, 1, 0, &params, &hash);
    buf_add_c(&params, "\"]");
    assert_int_equal(json_string(client_result(child.port, "broadcast_tx_async", buf_c(&params),
                                               &root),
                                 &result, NULL),
                     OK);
    assert_true(str_equal_c(result, hash_text(&hash, text)));
    json_free(root);
    const struct json *outcome =
        client_result(child.port, "broadcast_tx_commit", buf_c(&params), &root);
    assert_non_null(json_find(json_find(outcome, "status"), "SuccessValue"));
    json_free(root);
    buf_release(&params);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rpc_block__takes_every_form),
        cmocka_unit_test(rpc_query__takes_the_old_path),
        cmocka_unit_test(rpc_query__says_what_is_missing),
        cmocka_unit_test(rpc_validators__tells_of_the_one_there_is),
        cmocka_unit_test(rpc_configurations__are_told),
        cmocka_unit_test(rpc_methods__that_are_not_here__are_not_found),
        cmocka_unit_test(rpc_changes__pin_a_write_to_its_receipt),
        cmocka_unit_test(rpc_changes__say_what_is_wrong),
        cmocka_unit_test(rpc_query__answers_for_the_block_that_was_asked),
        cmocka_unit_test(rpc_broadcast__takes_the_very_same_bytes_again),
        cmocka_unit_test(rpc_query__says_garbage_collected__for_a_block_long_ago),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
