#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "tests/support/json_file.h"

struct scene {
    struct arena arena;
    struct event_list list;
    struct json *root;
    struct diag d;
};

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    arena_init(&s->arena);
    event_list_init(&s->list, &s->arena, SOURCE_RPC, 5);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    event_list_release(&s->list);
    arena_release(&s->arena);
    json_free(s->root);
    xfree(s);
    return 0;
}

static void
use_text(struct scene *s, const char *text)
{
    json_free(s->root);
    s->root = NULL;
    event_list_release(&s->list);
    event_list_init(&s->list, &s->arena, SOURCE_RPC, 5);
    if (json_parse(str_from(text), JSON_BYTES_MAX, &s->root, &s->d))
        fail_msg("%s", diag_text(&s->d));
}

static struct hash
hash_of(const char *text)
{
    struct hash h;
    struct diag d = {0};
    if (hash_parse(str_from(text), &h, &d))
        fail_msg("%s", diag_text(&d));
    return h;
}

static int
count_kind(const struct event_list *list, enum event_kind kind)
{
    int n = 0;
    for (size_t i = 0; i < list->count; i++)
        n += list->events[i].kind == kind;
    return n;
}

/* --- everything a node said --------------------------------------------------------- */

static uint64_t
recorded_gas(const struct json *result)
{
    uint64_t sum = 0, gas;
    const struct json *outcomes = json_find(result, "receipts_outcome");
    for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
        assert_int_equal(json_get_u64(json_find(v, "outcome"), "gas_burnt", &gas, NULL), OK);
        sum += gas;
    }
    return sum;
}

static void
check_status(struct scene *s, const struct json *result, const struct hash *tx,
             const char *path)
{
    event_list_release(&s->list);
    event_list_init(&s->list, &s->arena, SOURCE_RPC, 5);
    if (decode_tx_status(result, tx, &s->list, &s->d))
        fail_msg("%s: %s", path, diag_text(&s->d));
    size_t outcomes = json_count(json_find(result, "receipts_outcome"));
    bool is_full = json_find(result, "transaction_outcome");
    assert_int_equal(count_kind(&s->list, EVENT_TX_STATE), 1);
    assert_int_equal(count_kind(&s->list, EVENT_TX), is_full);
    assert_int_equal(count_kind(&s->list, EVENT_OUTCOME), outcomes + is_full);
    assert_int_equal(count_kind(&s->list, EVENT_RECEIPT),
                     json_count(json_find(result, "receipts")));
    uint64_t gas = 0;
    for (size_t i = 0; i < s->list.count; i++) {
        const struct event *ev = &s->list.events[i];
        assert_true(hash_equal(&ev->tx, tx));
        assert_int_equal(ev->seen_ns, 5);
        if (ev->kind == EVENT_OUTCOME && !ev->outcome.is_transaction)
            gas += ev->outcome.gas_burnt;
    }
    assert_true(gas == recorded_gas(result));
}

static void
check_recorded_call(struct scene *s, const struct json *root, const char *path)
{
    struct str text;
    if (json_get_string(root, "tx_hash", &text, NULL) != OK)
        return;
    struct hash tx;
    assert_int_equal(hash_parse(text, &tx, NULL), OK);
    const struct json *v = json_find(root, "timeline");
    for (v = json_first(v); v; v = json_next(v)) {
        if (json_find(v, "result"))
            check_status(s, json_find(v, "result"), &tx, path);
    }
    for (v = json_first(json_find(root, "receipts")); v; v = json_next(v)) {
        if (json_find(v, "predecessor_id") && decode_receipt(v, &tx, &s->list, &s->d))
            fail_msg("%s: %s", path, diag_text(&s->d));
    }
    for (v = json_first(json_find(root, "blocks")); v; v = json_next(v)) {
        if (decode_block(v, false, &s->list, &s->d))
            fail_msg("%s: %s", path, diag_text(&s->d));
        const struct event *ev = &s->list.events[s->list.count - 1];
        assert_int_equal(ev->kind, EVENT_BLOCK);
        struct hash named;
        assert_int_equal(hash_parse(json_key(v), &named, NULL), OK);
        assert_true(hash_equal(&named, &ev->block.hash));
        assert_int_equal(ev->block.shard_count, 4);
        assert_true(ev->block.time_ns > UINT64_C(1700000000000000000));
    }
}

static void
decode__reads_all_that_a_node_recorded(void **state)
{
    struct scene *s = *state;
    glob_t files;
    assert_int_equal(glob("tests/data/node/*.json", 0, NULL, &files), 0);
    assert_true(files.gl_pathc > 60);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct json *root = json_file_read(files.gl_pathv[i]);
        if (json_is_object(root))
            check_recorded_call(s, root, files.gl_pathv[i]);
        json_free(root);
        arena_reset(&s->arena);
    }
    globfree(&files);
}

/* --- one call in detail ------------------------------------------------------------- */

static const struct event *
find_outcome(const struct scene *s, const char *executor)
{
    for (size_t i = 0; i < s->list.count; i++) {
        const struct event *ev = &s->list.events[i];
        if (ev->kind == EVENT_OUTCOME && !ev->outcome.is_transaction &&
            strcmp(ev->outcome.executor.s, executor) == 0)
            return ev;
    }
    fail_msg("no outcome of %s", executor);
    return NULL;
}

static void
decode_tx_status__tells_what_became_of_each_branch(void **state)
{
    struct scene *s = *state;
    s->root = json_file_read("tests/data/node/portfolio_lending_panics.json");
    const struct json *timeline = json_find(s->root, "timeline");
    const struct json *last = json_at(timeline, json_count(timeline) - 1);
    struct str text;
    struct hash tx;
    assert_int_equal(json_get_string(s->root, "tx_hash", &text, NULL), OK);
    assert_int_equal(hash_parse(text, &tx, NULL), OK);
    assert_int_equal(decode_tx_status(json_find(last, "result"), &tx, &s->list, &s->d), OK);
    const struct event *lending = find_outcome(s, "lending.test.near");
    assert_int_equal(lending->outcome.status, OUTCOME_FAILURE);
    assert_true(str_equal_c(lending->outcome.failure.text,
        "{\"ActionError\":{\"index\":0,\"kind\":{\"FunctionCallError\":{\"ExecutionError\":"
        "\"Smart contract panicked: insufficient liquidity: pool is paused\"}}}}"));
    const struct event *token = find_outcome(s, "token.test.near");
    assert_int_equal(token->outcome.status, OUTCOME_VALUE);
    assert_true(str_equal_c(token->outcome.value, "\"1250000000\""));
    assert_true(token->outcome.has_profile);
    assert_true(token->outcome.profile_count > 3);
    assert_true(token->outcome.tokens_burnt.lo > 0);
    const struct event *call = find_outcome(s, "portfolio.test.near");
    assert_int_equal(call->outcome.status, OUTCOME_RECEIPT);
    assert_int_equal(call->outcome.child_count, 5);     /* three branches, callback, refund */
    for (size_t i = 0; i < s->list.count; i++) {
        const struct event *ev = &s->list.events[i];
        if (ev->kind != EVENT_TX)
            continue;
        const struct transaction *view = &ev->transaction.view;
        assert_string_equal(view->signer.s, "alice.test.near");
        assert_int_equal(view->action_count, 1);
        assert_true(str_equal_c(view->actions[0].method, "get_portfolio_data"));
        assert_true(view->actions[0].gas == UINT64_C(100000000000000));
        assert_true(str_starts(view->actions[0].args, STR("{\"user\":\"alice.test.near\"")));
    }
}

#define H1 "DGR2qfEZzCT9QpuciEuoREWMLSzvd7zBjyaSvJwKh6EW"
#define H2 "3uqiGnoZq4erR5eQPAao1QHGJy1LYNj8rAJb2QPDXC8p"
#define H3 "21ZPVCMgg8S8aHFfi3WF3jQD5RDmjnfaYQFv5uavDz9C"
#define KEY "ed25519:FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF"

static const char receipt_of_all_kinds[] =
    "{\"receipt_id\":\"" H2 "\",\"predecessor_id\":\"a.test\",\"receiver_id\":\"b.test\","
    "\"receipt\":{\"Action\":{\"signer_id\":\"a.test\",\"gas_price\":\"100000000\","
    "\"input_data_ids\":[\"" H1 "\"],\"output_data_receivers\":[{\"data_id\":\"" H3 "\","
    "\"receiver_id\":\"c.test\"}],\"is_promise_yield\":true,\"actions\":[\"CreateAccount\","
    "{\"DeployContract\":{\"code\":\"AQID\"}},"
    "{\"FunctionCall\":{\"method_name\":\"m\",\"args\":\"e30=\",\"gas\":18446744073709551615,"
    "\"deposit\":\"340282366920938463463374607431768211455\"}},"
    "{\"Transfer\":{\"deposit\":\"1\"}},"
    "{\"Stake\":{\"stake\":\"7\",\"public_key\":\"" KEY "\"}},"
    "{\"AddKey\":{\"public_key\":\"" KEY "\",\"access_key\":{\"nonce\":3,\"permission\":"
    "{\"FunctionCall\":{\"allowance\":\"5\",\"receiver_id\":\"c.test\",\"method_names\":"
    "[\"x\",\"y\"]}}}}},"
    "{\"AddKey\":{\"public_key\":\"mldsa:999\",\"access_key\":{\"nonce\":0,"
    "\"permission\":\"FullAccess\"}}},"
    "{\"DeleteKey\":{\"public_key\":\"" KEY "\"}},"
    "{\"DeleteAccount\":{\"beneficiary_id\":\"a.test\"}},"
    "{\"Delegate\":{\"delegate_action\":{\"nonce\":18446744073709551615}}},"
    "{\"TransferToGasKey\":{\"amount\":\"1\"}}]}}}";

static void
decode_receipt__keeps_every_kind_of_action(void **state)
{
    struct scene *s = *state;
    use_text(s, receipt_of_all_kinds);
    struct hash tx = hash_of(H1);
    if (decode_receipt(s->root, &tx, &s->list, &s->d))
        fail_msg("%s", diag_text(&s->d));
    const struct receipt_fact *r = &s->list.events[0].receipt;
    static const enum action_kind kinds[] = {
        ACTION_CREATE_ACCOUNT, ACTION_DEPLOY_CONTRACT, ACTION_FUNCTION_CALL, ACTION_TRANSFER,
        ACTION_STAKE, ACTION_ADD_KEY, ACTION_ADD_KEY, ACTION_DELETE_KEY, ACTION_DELETE_ACCOUNT,
        ACTION_DELEGATE, ACTION_OTHER};
    assert_int_equal(r->action_count, ARRAY_LEN(kinds));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        assert_int_equal(r->actions[i].kind, kinds[i]);
    assert_true(str_equal_c(r->actions[1].code, "\x01\x02\x03"));
    assert_true(r->actions[2].gas == UINT64_MAX);
    assert_true(r->actions[2].deposit.hi == UINT64_MAX);
    assert_int_equal(r->actions[5].access.method_count, 2);
    assert_true(r->actions[5].access.has_allowance);
    assert_true(r->actions[6].access.is_full_access);
    assert_int_equal(r->actions[6].key.curve, 255);
    assert_string_equal(r->actions[8].beneficiary.s, "a.test");
    assert_true(str_equal_c(r->actions[9].args,
                            "{\"delegate_action\":{\"nonce\":18446744073709551615}}"));
    assert_true(str_equal_c(r->actions[10].method, "TransferToGasKey"));
    assert_true(str_equal_c(r->actions[10].args, "{\"amount\":\"1\"}"));
    assert_int_equal(r->input_count, 1);
    assert_int_equal(r->output_count, 1);
    assert_string_equal(r->outputs[0].receiver.s, "c.test");
    assert_true(r->is_promise_yield);
    assert_int_equal(r->gas_price.lo, 100000000);
}

static void
event_copy__keeps_all__when_the_original_is_gone(void **state)
{
    struct scene *s = *state;
    struct arena own;
    struct hash tx = hash_of(H1);
    arena_init(&own);
    use_text(s, receipt_of_all_kinds);
    assert_int_equal(decode_receipt(s->root, &tx, &s->list, &s->d), OK);
    struct event *copy = event_copy(&own, &s->list.events[0]);
    arena_reset(&s->arena);
    const struct receipt_fact *r = &copy->receipt;
    assert_true(str_equal_c(r->actions[2].method, "m"));
    assert_true(str_equal_c(r->actions[5].access.methods[1], "y"));
    assert_true(str_equal_c(r->actions[5].access.receiver, "c.test"));
    assert_true(str_equal_c(r->actions[10].method, "TransferToGasKey"));
    assert_string_equal(r->outputs[0].receiver.s, "c.test");
    arena_release(&own);
}

static void
decode_receipt__marks_data__and_keeps_unknown_kinds(void **state)
{
    struct scene *s = *state;
    struct hash tx = hash_of(H1);
#define HEAD                                                                                   \
    "{\"receipt_id\":\"" H2 "\",\"predecessor_id\":\"a.test\",\"receiver_id\":\"system\","
    use_text(s, HEAD "\"receipt\":{\"Data\":{\"data_id\":\"" H1 "\",\"data\":null}}}");
    assert_int_equal(decode_receipt(s->root, &tx, &s->list, &s->d), OK);
    assert_true(s->list.events[0].receipt.is_data);
    use_text(s, HEAD "\"receipt\":{\"GlobalContractDistribution\":{\"id\":1}}}");
    assert_int_equal(decode_receipt(s->root, &tx, &s->list, &s->d), OK);
    assert_false(s->list.events[0].receipt.is_data);
    assert_int_equal(s->list.events[0].receipt.actions[0].kind, ACTION_OTHER);
    assert_true(str_equal_c(s->list.events[0].receipt.actions[0].method,
                            "GlobalContractDistribution"));
}

/* --- what is wrong is refused, with its place --------------------------------------- */

#define OUTCOME(gas, status, logs)                                                           \
    "{\"id\":\"" H1 "\",\"block_hash\":\"" H3 "\",\"outcome\":{\"executor_id\":\"a.test\","  \
    "\"gas_burnt\":" gas ",\"tokens_burnt\":\"5\",\"receipt_ids\":[\"" H2 "\"],\"logs\":"    \
    logs ",\"status\":" status "}}"
#define STATUS(outcome, more)                                                                \
    "{\"final_execution_status\":\"INCLUDED\",\"transaction\":{\"hash\":\"" H1 "\","         \
    "\"signer_id\":\"a.test\",\"receiver_id\":\"b.test\",\"public_key\":\"" KEY "\","        \
    "\"nonce\":7,\"actions\":[]},\"transaction_outcome\":" outcome ",\"receipts_outcome\":[" \
    more "]}"
#define GOOD OUTCOME("5", "\"Unknown\"", "[]")

static const struct {
    const char *text;
    const char *sentence;       /* NULL: it is fine */
} answers[] = {
    {STATUS(GOOD, ""), NULL},
    {"{\"final_execution_status\":\"INCLUDED\"}", NULL},
    {"{\"final_execution_status\":\"NONE\"}", NULL},
    {"{\"final_execution_status\":\"SOME_NEWER_LEVEL\"}", NULL},
    {"{}", "final_execution_status: missing"},
    {"null", "expected an object, found null"},
    {"{\"final_execution_status\":1}",
     "final_execution_status: expected a string, found a number"},
    {STATUS(OUTCOME("-5", "\"Unknown\"", "[]"), ""),
     "transaction_outcome: outcome: gas_burnt: expected a whole number below 2^64, found -5"},
    {STATUS(OUTCOME("5.5", "\"Unknown\"", "[]"), ""),
     "transaction_outcome: outcome: gas_burnt: expected a whole number below 2^64, found 5.5"},
    {STATUS(OUTCOME("\"5\"", "\"Unknown\"", "[]"), ""),
     "transaction_outcome: outcome: gas_burnt: expected a number, found a string"},
    {STATUS(GOOD, OUTCOME("5", "\"Maybe\"", "[]")),
     "receipts_outcome[0]: outcome: status: expected SuccessValue, SuccessReceiptId, Failure "
     "or "
     "Unknown"},
    {STATUS(GOOD, OUTCOME("5", "{\"SuccessValue\":\"***\"}", "[]")), ""},
    {STATUS(GOOD, OUTCOME("5", "{\"SuccessReceiptId\":\"0\"}", "[]")), ""},
    {STATUS(GOOD, GOOD "," OUTCOME("5", "\"Unknown\"", "[\"a\",7]")),
     "receipts_outcome[1]: outcome: logs[1]: expected a string, found a number"},
    {STATUS("null", ""), "transaction_outcome: expected an object, found null"},
};

static void
decode_tx_status__says_where__when_the_answer_is_wrong(void **state)
{
    struct scene *s = *state;
    struct hash tx = hash_of(H1), other = hash_of(H2);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        use_text(s, answers[i].text);
        enum err e = decode_tx_status(s->root, &tx, &s->list, &s->d);
        if ((e == OK) != (answers[i].sentence == NULL))
            fail_msg("%s: %s", answers[i].text, diag_text(&s->d));
        if (e && answers[i].sentence[0])
            assert_string_equal(diag_text(&s->d), answers[i].sentence);
    }
    use_text(s, STATUS(GOOD, ""));
    assert_int_equal(decode_tx_status(s->root, &other, &s->list, &s->d), ERR_TYPE);
    assert_string_equal(diag_text(&s->d), "transaction.hash: it is another transaction");
}

static void
decode_tx_status__tells_the_state_by_the_level(void **state)
{
    struct scene *s = *state;
    struct hash tx = hash_of(H1);
    use_text(s, "{\"final_execution_status\":\"INCLUDED\"}");
    assert_int_equal(decode_tx_status(s->root, &tx, &s->list, &s->d), OK);
    assert_int_equal(s->list.count, 1);
    assert_int_equal(s->list.events[0].tx_state.state, TX_INCLUDED);
    use_text(s, "{\"final_execution_status\":\"NONE\"}");
    assert_int_equal(decode_tx_status(s->root, &tx, &s->list, &s->d), OK);
    assert_int_equal(s->list.count, 0);
}

/* Whatever single byte of an answer changes, it is read or refused, and nothing worse. */
static void
decode_tx_status__survives__when_bytes_change(void **state)
{
    struct scene *s = *state;
    struct hash tx = hash_of(H1);
    char text[] = STATUS(GOOD, OUTCOME("5", "{\"SuccessValue\":\"e30=\"}", "[\"x\"]"));
    static const char bytes[] = "\"{}[],:0-9x\\ \xff";
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        char kept = text[i];
        for (size_t b = 0; b < sizeof(bytes); b++) {
            struct json *root = NULL;
            text[i] = bytes[b];
            if (json_parse(str_of(text, sizeof(text) - 1), JSON_BYTES_MAX, &root, NULL) == OK &&
                decode_tx_status(root, &tx, &s->list, &s->d) != OK)
                assert_true(diag_text(&s->d)[0] != '\0');
            json_free(root);
        }
        text[i] = kept;
        event_list_release(&s->list);
        arena_reset(&s->arena);
    }
}

/* --- the rest of RPC ---------------------------------------------------------------- */

static const struct json *
recorded_result(struct scene *s, const char *name)
{
    for (const struct json *v = json_first(s->root); v; v = json_next(v)) {
        struct str text;
        if (json_get_string(v, "name", &text, NULL) == OK && str_equal_c(text, name))
            return json_find(json_find(v, "response"), "result");
    }
    fail_msg("%s is not recorded", name);
    return NULL;
}

static void
decode_block__tells_finality__when_it_was_asked_for(void **state)
{
    struct scene *s = *state;
    s->root = json_file_read("tests/data/node/rpc_answers.json");
    assert_int_equal(decode_block(recorded_result(s, "block_final"), true, &s->list, &s->d),
                     OK);
    assert_int_equal(s->list.count, 2);
    assert_true(s->list.events[0].block.is_final);
    assert_true(s->list.events[0].block.has_prev);
    assert_int_equal(s->list.events[1].kind, EVENT_FINAL);
    assert_true(s->list.events[1].final.height == s->list.events[0].block.height);
    assert_int_not_equal(decode_block(recorded_result(s, "status"), true, &s->list, &s->d), OK);
}

static void
decode_access_key__reads_nonce_and_block(void **state)
{
    struct scene *s = *state;
    struct access_key_answer answer = {0};
    s->root = json_file_read("tests/data/node/rpc_answers.json");
    assert_int_equal(decode_access_key(recorded_result(s, "view_access_key"), &s->arena, &answer,
                                       &s->d), OK);
    assert_true(answer.key.is_full_access);
    assert_int_equal(answer.key.nonce, 58000098);
    assert_int_equal(answer.block_height, 1061);
    assert_int_equal(decode_access_key(recorded_result(s, "view_access_key_unknown"), &s->arena,
                                       &answer, &s->d), ERR_MISSING);
}

/* --- the feed ----------------------------------------------------------------------- */

#define PLACE "\"block_height\":101,\"block_timestamp_nanosec\":\"1752000060634567890\","

static void
decode_feed__reads_each_kind_of_event(void **state)
{
    struct scene *s = *state;
    struct hash receipt = hash_of(H2);
    assert_int_equal(decode_feed(FEED_BLOCK_INFO, STR("[{" PLACE "\"block_hash\":\"" H3 "\","
        "\"block_producer\":\"node0\",\"receipt_count\":1,\"transaction_count\":0}]"),
        &s->list, &s->d), OK);
    assert_int_equal(s->list.count, 2);
    assert_true(s->list.events[0].block.is_final);
    assert_true(s->list.events[0].block.time_ns == UINT64_C(1752000060634567890));
    assert_int_equal(s->list.events[1].final.height, 101);
    assert_int_equal(decode_feed(FEED_TX_RECEIPT, STR("[{" PLACE "\"receipt_id\":\"" H2 "\","
        "\"transaction_id\":\"" H1 "\",\"success\":false},{" PLACE "\"receipt_id\":\"" H3 "\","
        "\"transaction_id\":\"" H1 "\",\"success\":null}]"), &s->list, &s->d), OK);
    assert_int_equal(s->list.count, 4);
    assert_true(hash_equal(&s->list.events[2].executed.receipt, &receipt));
    assert_true(s->list.events[2].executed.has_success);
    assert_false(s->list.events[2].executed.success);
    assert_false(s->list.events[3].executed.has_success);
    assert_int_equal(decode_feed(FEED_TX_TRANSACTION, STR("[{\"transaction_id\":\"" H1 "\"}]"),
                                 &s->list, &s->d), OK);
    assert_int_equal(s->list.events[4].tx_state.state, TX_FINAL);
    assert_int_equal(decode_feed(FEED_LOG_TEXT, STR("[{" PLACE "\"receipt_id\":\"" H2 "\","
        "\"transaction_id\":\"" H1 "\",\"log_text\":\"x\"}]"), &s->list, &s->d), OK);
    assert_true(s->list.events[5].executed.success);
    assert_int_equal(decode_feed(FEED_LOG_NEP297, STR("[]"), &s->list, &s->d), OK);
    assert_int_equal(s->list.count, 6);
}

#define PUSHED(receipt, transaction)                                                          \
    "[{" PLACE "\"transaction_id\":\"" H1 "\",\"block_hash\":\"" H3 "\",\"shard_id\":3,"      \
    "\"outcome\":" GOOD ",\"receipt\":" receipt ",\"transaction\":" transaction ","           \
    "\"new_receipts\":[" HEAD "\"receipt\":{\"Action\":{\"signer_id\":\"a.test\","            \
    "\"gas_price\":\"1\",\"input_data_ids\":[],\"output_data_receivers\":[],\"actions\":[],"  \
    "\"is_promise_yield\":false}}}]}]"

static void
decode_feed__gives_all_facts__when_an_outcome_is_pushed(void **state)
{
    struct scene *s = *state;
    if (decode_feed(FEED_OUTCOME_OPTIMISTIC, STR(PUSHED("null", "{\"hash\":\"" H1 "\","
        "\"signer_id\":\"a.test\",\"receiver_id\":\"b.test\",\"public_key\":\"" KEY "\","
        "\"nonce\":7,\"actions\":[]}")), &s->list, &s->d))
        fail_msg("%s", diag_text(&s->d));
    static const enum event_kind kinds[] = {EVENT_BLOCK, EVENT_TX, EVENT_OUTCOME,
                                            EVENT_RECEIPT};
    assert_int_equal(s->list.count, ARRAY_LEN(kinds));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        assert_int_equal(s->list.events[i].kind, kinds[i]);
    const struct outcome_fact *outcome = &s->list.events[2].outcome;
    assert_true(outcome->is_transaction);
    assert_true(outcome->has_block_height && outcome->has_block_time && outcome->has_shard);
    assert_int_equal(outcome->block_height, 101);
    assert_int_equal(outcome->shard, 3);
    assert_false(s->list.events[0].block.is_final);
}

static void
decode_feed__refuses__when_a_message_is_wrong(void **state)
{
    struct scene *s = *state;
    static const struct {
        enum feed_id id;
        const char *text;
        const char *sentence;
    } cases[] = {
        {FEED_TX_RECEIPT, "Invalid filter: expected value",
         "tx_receipt: Invalid filter: expected value"},
        {FEED_TX_RECEIPT, "{}", "tx_receipt: {}"},
        {FEED_TX_RECEIPT, "[{}]", "tx_receipt: [0]: transaction_id: missing"},
        {FEED_BLOCK_INFO, "[1]", "block_info: [0]: expected an object, found a number"},
        {FEED_BLOCK_INFO, "[{\"block_height\":1", NULL},
        {FEED_OUTCOME_OPTIMISTIC, PUSHED("{}", "null"), NULL},
        {FEED_OUTCOME_OPTIMISTIC, "[{\"transaction_id\":\"" H1 "\"}]",
         "outcome_optimistic: [0]: block_height: missing"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_not_equal(decode_feed(cases[i].id, str_from(cases[i].text), &s->list, &s->d),
                             OK);
        if (cases[i].sentence)
            assert_string_equal(diag_text(&s->d), cases[i].sentence);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(decode__reads_all_that_a_node_recorded),
        TEST(decode_tx_status__tells_what_became_of_each_branch),
        TEST(decode_receipt__keeps_every_kind_of_action),
        TEST(event_copy__keeps_all__when_the_original_is_gone),
        TEST(decode_receipt__marks_data__and_keeps_unknown_kinds),
        TEST(decode_tx_status__says_where__when_the_answer_is_wrong),
        TEST(decode_tx_status__tells_the_state_by_the_level),
        TEST(decode_tx_status__survives__when_bytes_change),
        TEST(decode_block__tells_finality__when_it_was_asked_for),
        TEST(decode_access_key__reads_nonce_and_block),
        TEST(decode_feed__reads_each_kind_of_event),
        TEST(decode_feed__gives_all_facts__when_an_outcome_is_pushed),
        TEST(decode_feed__refuses__when_a_message_is_wrong),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
