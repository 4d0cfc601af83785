/* The recorded requests again: same HTTP status, same error, the same fields in the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

static struct serve_child child;
static struct json *recorded;       /* rpc_answers.json */
static struct hash call_hash;       /* of a portfolio call that has run */

static const char portfolio_args[] =
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\",\"lending_contract\":"
    "\"lending.test.near\",\"staking_contract\":\"staking.test.near\"}";

static void
run_portfolio_call(void)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("get_portfolio_data"),
                          .args = str_from(portfolio_args),
                          .gas = 100 * TERA_GAS};
    struct json *root = client_transact(child.port, "alice.test.near", "portfolio.test.near",
                                        &call, 1, "FINAL", &call_hash);
    assert_non_null(json_find(json_find(json_find(root, "result"), "status"), "SuccessValue"));
    json_free(root);
}

static int
start(void **state)
{
    static const char *const leaves[] = {"token.test.near", "lending.test.near",
                                         "staking.test.near"};
    const struct serve_config config = {.block_time_ms = 10};
    struct buf text;
    (void)state;
    buf_init(&text, JSON_BYTES_MAX);
    assert_int_equal(file_read("tests/data/node/rpc_answers.json", &text, NULL), OK);
    assert_int_equal(json_parse(buf_str(&text), JSON_BYTES_MAX, &recorded, NULL), OK);
    buf_release(&text);
    serve_child_start(&child, &config);
    client_make_account(child.port, "alice.test.near", NULL);
    client_make_account(child.port, "zed.test.near", NULL);
    client_make_account(child.port, "nocode.test.near", NULL);
    client_make_account(child.port, "portfolio.test.near", "portfolio");
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        client_make_account(child.port, leaves[i], "leaf");
        client_do(child.port, leaves[i], leaves[i], "set_mode", "{\"mode\":\"none\"}");
    }
    client_do(child.port, "token.test.near", "token.test.near", "mint",
              "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
    run_portfolio_call();
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    json_free(recorded);
    return serve_child_stop(&child, SIGTERM);
}

static const struct json *
recorded_case(const char *name)
{
    struct str own;
    for (const struct json *c = json_first(recorded); c; c = json_next(c)) {
        if (json_get_string(c, "name", &own, NULL) == OK && str_equal_c(own, name))
            return c;
    }
    fail_msg("no case %s", name);
    return NULL;
}

/* --- shapes ------------------------------------------------------------------------------- */

/* What the real node says and this one need not: nothing that a client of one machine uses. */
static const char *const left_out[] = {
    "node_key", "avg_hidden_validator_seats_per_shard", "kickout_threshold", "dynamic_resharding",
    "fishermen_threshold", "max_inflation_rate", "max_kickout_stake_perc",
    "minimum_stake_divisor", "minimum_stake_ratio", "minimum_validators_per_shard",
    "num_block_producer_seats", "num_blocks_per_year", "online_max_threshold",
    "online_min_threshold", "protocol_reward_rate", "protocol_treasury_account",
    "protocol_upgrade_stake_threshold", "shuffle_shard_assignment", "target_validator_mandates",
    "congestion_control_config", "witness_config", "ext_costs", "limit_config", "delegate_cost",
    "discard_custom_sections", "eth_implicit_accounts", "fix_contract_loading_cost",
    "global_contract_host_fns", "implicit_account_creation", "reftypes_bulk_memory",
    "saturating_float_to_int", "storage_get_mode", "approvals"};

static bool
is_left_out(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(left_out); i++) {
        if (str_find(key, str_from(left_out[i])) >= 0)
            return true;
    }
    return false;
}

/* Every key that was recorded is there, with a value of the same type. Hashes as keys differ. */
static void
assert_same_shape(const char *name, const char *path, const struct json *theirs,
                  const struct json *ours)
{
    char below[512];
    if (!ours)
        fail_msg("%s: %s is missing", name, path);
    if (json_type(theirs) != json_type(ours))
        fail_msg("%s: %s is %s, recorded was %s", name, path, json_type_name(json_type(ours)),
                 json_type_name(json_type(theirs)));
    if (json_is_array(theirs) && json_count(theirs) && json_count(ours)) {
        snprintf(below, sizeof(below), "%s[0]", path);
        assert_same_shape(name, below, json_at(theirs, 0), json_at(ours, 0));
    }
    if (!json_is_object(theirs))
        return;
    for (const struct json *v = json_first(theirs); v; v = json_next(v)) {
        struct str key = json_key(v);
        char c_key[128];
        if (is_left_out(key) || !str_copy(key, c_key, sizeof(c_key)))
            continue;
        snprintf(below, sizeof(below), "%s.%s", path, c_key);
        assert_same_shape(name, below, v, json_find(ours, c_key));
    }
}

static struct str
text_at(const struct json *v, const char *key)
{
    struct str s = {0};
    return json_get_string(v, key, &s, NULL) == OK ? s : (struct str){0};
}

static void
assert_same_answer(const char *name, const struct json *theirs, const struct json *ours)
{
    const struct json *error = json_find(theirs, "error");
    if (!error) {
        assert_same_shape(name, "result", json_find(theirs, "result"), json_find(ours, "result"));
        return;
    }
    const struct json *own = json_find(ours, "error");
    struct str cause = text_at(json_find(error, "cause"), "name");
    assert_same_shape(name, "error", error, own);
    if (!str_equal(text_at(own, "name"), text_at(error, "name")) ||
        !str_equal(text_at(json_find(own, "cause"), "name"), cause) ||
        !str_equal(text_at(own, "message"), text_at(error, "message")))
        fail_msg("%s: %.*s / %.*s", name, STR_ARG(text_at(own, "name")),
                 STR_ARG(text_at(json_find(own, "cause"), "name")));
}

/* --- the requests that only ask ----------------------------------------------------------- */

static void
text_of_hash(const char *method, const char *params, const char *object, const char *key,
             char out[HASH_TEXT])
{
    struct json *root;
    const struct json *v = client_result(child.port, method, params, &root);
    if (object)
        v = json_find(v, object);
    assert_true(str_copy(text_at(v, key), out, HASH_TEXT));
    json_free(root);
}

static void
replace(struct buf *text, const char *from, const char *to)
{
    struct buf out;
    struct str rest = buf_str(text);
    ptrdiff_t at;
    buf_init(&out, text->max);
    while ((at = str_find(rest, str_from(from))) >= 0) {
        buf_add_str(&out, str_slice(rest, 0, (size_t)at));
        buf_add_c(&out, to);
        rest = str_slice(rest, (size_t)at + strlen(from), rest.n);
    }
    buf_add_str(&out, rest);
    buf_release(text);
    *text = out;
}

/* The recorded chain's hashes, as they are called on this one. */
static void
translate(struct buf *request)
{
    char hash[HASH_TEXT], params[256], block[HASH_TEXT], receipt[HASH_TEXT];
    snprintf(params, sizeof(params), "[\"%s\",\"alice.test.near\"]", hash_text(&call_hash, hash));
    text_of_hash("tx", params, "transaction_outcome", "block_hash", block);
    struct json *root;
    const struct json *outcomes =
        json_find(client_result(child.port, "tx", params, &root), "receipts_outcome");
    assert_true(str_copy(text_at(json_at(outcomes, 1), "id"), receipt, sizeof(receipt)));
    json_free(root);
    replace(request, "8pZfWkKHvE8VSMNRxkaVESsiTEvLBH1rVacurGueZgQo", hash);
    replace(request, "8tUei7h1aBmGtj4ZRqD9j7wg6r4aWcjdKo2xzCwapynA", block);
    replace(request, "4PfUuscys3kduhNzYYMMC3yvdN98gFx15G1TR2HR63MB", receipt);
}

/* What was sent then was signed for that chain: see the tests below. Two methods are not here. */
static bool
is_replayed(const char *name)
{
    static const char *const not_here[] = {"async_invalid_nonce", "commit_ok", "changes",
                                           "validators"};
    for (size_t i = 0; i < ARRAY_LEN(not_here); i++) {
        if (strcmp(name, not_here[i]) == 0)
            return false;
    }
    return strncmp(name, "send_", 5) != 0;
}

static void
write_request(const struct json *request, struct buf *body)
{
    struct json_writer w;
    if (json_find(request, "raw")) {
        buf_add_str(body, text_at(request, "raw"));
        return;
    }
    json_write_begin(&w, body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_c(&w, "id", "x");
    json_put_string(&w, "method", text_at(request, "method"));
    json_write_key(&w, "params");
    json_write_value(&w, json_find(request, "params"));
    json_write_object_end(&w);
    translate(body);
}

static void
replay(const struct json *c, const char *name)
{
    struct buf body;
    struct client_reply r;
    struct json *ours = NULL;
    uint64_t http;
    buf_init(&body, 100000);
    write_request(json_find(c, "request"), &body);
    assert_int_equal(json_get_u64(c, "http", &http, NULL), OK);
    assert_true(client_http(child.port, "POST", "/", "application/json", buf_str(&body), &r));
    if (r.status != (int)http)
        fail_msg("%s: HTTP %d, recorded was %llu: %s", name, r.status, (unsigned long long)http,
                 buf_c(&r.body));
    if (json_is_object(json_find(c, "response"))) {
        assert_int_equal(json_parse(buf_str(&r.body), JSON_BYTES_MAX, &ours, NULL), OK);
        assert_same_answer(name, json_find(c, "response"), ours);
    } else {
        assert_true(str_starts(buf_str(&r.body), STR("Json deserialize error: ")));
    }
    json_free(ours);
    client_reply_release(&r);
    buf_release(&body);
}

static void
rpc_answers__agree__with_the_recorded_ones(void **state)
{
    size_t compared = 0;
    (void)state;
    for (const struct json *c = json_first(recorded); c; c = json_next(c)) {
        char name[64];
        assert_true(str_copy(text_at(c, "name"), name, sizeof(name)));
        if (!is_replayed(name))
            continue;
        replay(c, name);
        compared++;
    }
    assert_int_equal(compared, 46);
}

/* Words that clients look for, to the letter. */
static void
rpc_errors__say_what_the_node_says(void **state)
{
    static const char *const names[] = {
        "gas_price_bad", "block_unknown_height", "block_bad", "chunk_unknown", "chunk_bad_shard",
        "tx_unknown", "tx_bad_hash", "tx_bad_wait", "view_account_unknown",
        "view_account_bad_name", "query_at_height_unknown", "query_bad_type", "unknown_method",
        "missing_params", "receipt_unknown"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *c = recorded_case(names[i]);
        const struct json *request = json_find(c, "request");
        char method[64];
        struct buf params, theirs, ours;
        assert_true(str_copy(text_at(request, "method"), method, sizeof(method)));
        buf_init(&params, 10000);
        buf_init(&theirs, 10000);
        buf_init(&ours, 10000);
        json_print(json_find(request, "params"), &params);
        translate(&params);
        struct json *root = client_call(child.port, method, buf_c(&params), NULL);
        json_print(json_find(json_find(json_find(c, "response"), "error"), "data"), &theirs);
        json_print(json_find(json_find(root, "error"), "data"), &ours);
        assert_string_equal(buf_c(&ours), buf_c(&theirs));
        json_free(root);
        buf_release(&params);
        buf_release(&theirs);
        buf_release(&ours);
    }
}

static void
rpc_query__tells_failures__inside_the_result(void **state)
{
    static const char *const names[] = {
        "view_access_key_unknown", "call_function_missing", "call_function_panic",
        "call_function_forbidden_in_view", "call_function_no_code", "call_function_burns"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *c = recorded_case(names[i]);
        struct buf params;
        struct json *root;
        buf_init(&params, 10000);
        json_print(json_find(json_find(c, "request"), "params"), &params);
        const struct json *result = client_result(child.port, "query", buf_c(&params), &root);
        struct str theirs = text_at(json_find(json_find(c, "response"), "result"), "error");
        assert_true(theirs.n > 0);
        if (!str_equal(text_at(result, "error"), theirs))
            fail_msg("%s: %.*s", names[i], STR_ARG(text_at(result, "error")));
        json_free(root);
        buf_release(&params);
    }
}

static void
rpc_query__says_garbage_collected__for_a_block_long_ago(void **state)
{
    int http = 0;
    (void)state;
    struct json *root =
        client_call(child.port, "query",
                    "{\"request_type\":\"view_account\",\"account_id\":\"test.near\",\"block_id\":1}",
                    &http);
    assert_int_equal(http, 200);
    assert_true(str_equal(text_at(json_find(json_find(root, "error"), "cause"), "name"),
                          STR("GARBAGE_COLLECTED_BLOCK")));
    json_free(root);
}

/* --- transactions that are refused -------------------------------------------------------- */

struct sent {
    const char *name;           /* of the recorded answer */
    const char *signer, *receiver;
    struct action action;
    uint64_t nonce;             /* 0: the right one */
};

static void
assert_refused_alike(const struct sent *s)
{
    const struct json *c = recorded_case(s->name);
    struct action action = s->action;
    struct buf params;
    int http = 0;
    uint64_t recorded_http;
    buf_init(&params, 100000);
    buf_add_c(&params, "{\"signed_tx_base64\":\"");
    client_sign(child.port, s->signer, s->receiver, &action, 1, s->nonce, &params, NULL);
    buf_add_c(&params, "\",\"wait_until\":\"FINAL\"}");
    struct json *root = client_call(child.port, "send_tx", buf_c(&params), &http);
    assert_int_equal(json_get_u64(c, "http", &recorded_http, NULL), OK);
    if (http != (int)recorded_http) {
        buf_clear(&params);
        json_print(root, &params);
        fail_msg("%s: HTTP %d %s", s->name, http, buf_c(&params));
    }
    assert_same_answer(s->name, json_find(c, "response"), root);
    json_free(root);
    buf_release(&params);
}

static void
rpc_send_tx__refuses__as_recorded(void **state)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("x"),
                          .args = STR("{}"),
                          .gas = 100 * TERA_GAS};
    struct action too_much = call, zero = call;
    struct action transfer = {.kind = ACTION_TRANSFER};
    (void)state;
    too_much.gas = 301 * TERA_GAS;
    zero.gas = 0;
    assert_int_equal(amount_parse_units(STR("1000000000 NEAR"), &transfer.deposit, NULL), OK);
    const struct sent rows[] = {
        {"send_invalid_nonce", "alice.test.near", "portfolio.test.near", call, 1},
        {"send_unknown_signer", "nobody.test.near", "portfolio.test.near", call, 1000000000},
        {"send_not_enough_balance", "alice.test.near", "portfolio.test.near", transfer, 0},
        {"send_too_much_gas", "alice.test.near", "portfolio.test.near", too_much, 0},
        {"send_zero_gas", "alice.test.near", "portfolio.test.near", zero, 0},
        /* The last, since it takes ten seconds: the node never says that a nonce is too large. */
        {"send_nonce_too_large", "alice.test.near", "portfolio.test.near", call,
         UINT64_C(1000000000000000)},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_refused_alike(&rows[i]);
}

/* These do not depend on the chain that they were signed for. */
static void
rpc_send_tx__refuses_the_recorded_bytes__that_fit_no_chain(void **state)
{
    static const char *const names[] = {"send_expired", "send_unknown_key", "send_no_actions",
                                        "send_not_base64", "send_truncated", "send_bad_receiver"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *c = recorded_case(names[i]);
        struct buf params;
        int http = 0;
        uint64_t recorded_http;
        buf_init(&params, 100000);
        json_print(json_find(json_find(c, "request"), "params"), &params);
        struct json *root = client_call(child.port, "send_tx", buf_c(&params), &http);
        assert_int_equal(json_get_u64(c, "http", &recorded_http, NULL), OK);
        if (http != (int)recorded_http)
            fail_msg("%s: HTTP %d", names[i], http);
        /* An unknown block is looked at first: the key is not asked for any more. */
        if (strcmp(names[i], "send_unknown_key") != 0)
            assert_same_answer(names[i], json_find(c, "response"), root);
        json_free(root);
        buf_release(&params);
    }
}

static void
rpc_broadcast__tells_the_hash_or_the_outcome(void **state)
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
                                               &root), &result, NULL), OK);
    assert_true(str_equal_c(result, hash_text(&hash, text)));
    json_free(root);
    /* The very same bytes again, whether they have run or not. */
    root = client_call(child.port, "broadcast_tx_commit", buf_c(&params), NULL);
    assert_same_answer("commit_ok", json_find(recorded_case("commit_ok"), "response"), root);
    json_free(root);
    /* A wrong one is not told. */
    buf_clear(&params);
    buf_add_c(&params, "[\"");
    client_sign(child.port, "zed.test.near", "alice.test.near", &transfer, 1, 1, &params, &hash);
    buf_add_c(&params, "\"]");
    json_free((client_result(child.port, "broadcast_tx_async", buf_c(&params), &root), root));
    buf_release(&params);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rpc_answers__agree__with_the_recorded_ones),
        cmocka_unit_test(rpc_errors__say_what_the_node_says),
        cmocka_unit_test(rpc_query__tells_failures__inside_the_result),
        cmocka_unit_test(rpc_send_tx__refuses__as_recorded),
        /* By now there are more blocks than are kept. */
        cmocka_unit_test(rpc_query__says_garbage_collected__for_a_block_long_ago),
        cmocka_unit_test(rpc_send_tx__refuses_the_recorded_bytes__that_fit_no_chain),
        cmocka_unit_test(rpc_broadcast__tells_the_hash_or_the_outcome),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
