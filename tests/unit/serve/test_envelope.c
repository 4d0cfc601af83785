/* The envelope of calls, odd params, and answers spoilt on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/serve_client.h"

static struct serve_child child;

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 50};
    *state = &child;
    serve_child_start(&child, &config);
    return 0;
}

/* --- envelopes ---------------------------------------------------------------------------- */

static void
rpc_envelope__is_strict(void **state)
{
    static const struct {
        const char *body;
        int http;
        const char *answer;     /* NULL: the node's one sentence about envelopes */
    } rows[] = {
        {"{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":{\"a\":[1]}}", 200,
         "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":{\"a\":[1]}}"},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":18446744073709551615}", 200,
         "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":18446744073709551615}"},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":null}", 200,
         "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":null}"},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"health\"}", 400, NULL},
        {"{\"jsonrpc\":\"1.0\",\"method\":\"health\",\"id\":1}", 400, NULL},
        {"{\"method\":\"health\",\"id\":1}", 400, NULL},
        {"{\"jsonrpc\":\"2.0\",\"method\":7,\"id\":1}", 400, NULL},
        {"{\"jsonrpc\":\"2.0\",\"id\":1}", 400, NULL},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":1,\"extra\":0}", 400, NULL},
        {"[{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":1}]", 400, NULL},
        {"\"health\"", 400, NULL},
    };
    static const char strict[] =
        "{\"jsonrpc\":\"2.0\",\"error\":{\"name\":\"REQUEST_VALIDATION_ERROR\",\"cause\":{\"info\":"
        "{\"error_message\":\"JSON RPC Request format was expected\"},\"name\":\"PARSE_ERROR\"},"
        "\"code\":-32700,\"message\":\"Parse error\",\"data\":\"JSON RPC Request format was "
        "expected\"},\"id\":null}";
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client_reply r;
        assert_true(client_http(child.port, "POST", "/", "application/json",
                                str_from(rows[i].body), &r));
        assert_int_equal(r.status, rows[i].http);
        assert_string_equal(buf_c(&r.body), rows[i].answer ? rows[i].answer : strict);
        client_reply_release(&r);
    }
}

static void
rpc_calls__are_refused__with_odd_params(void **state)
{
    static const struct {
        const char *method, *params;
    } rows[] = {
        {"block", "{}"}, {"block", "[]x"}, {"block", "{\"finality\":\"soon\"}"},
        {"block", "{\"finality\":1}"}, {"block", "{\"block_id\":-1}"}, {"block", "{\"block_id\":1.5}"},
        {"block", "{\"block_id\":null}"}, {"block", "\"final\""}, {"chunk", "{}"}, {"chunk", "[[1]]"},
        {"chunk", "{\"block_id\":1}"}, {"chunk", "{\"chunk_id\":\"0\"}"}, {"query", "[]"},
        {"query", "{\"request_type\":\"view_account\"}"},
        {"query", "{\"request_type\":\"view_account\",\"account_id\":\"a..b\",\"finality\":\"final\"}"},
        {"query", "{\"request_type\":\"view_account\",\"account_id\":\"test.near\"}"},
        {"query", "{\"request_type\":\"call_function\",\"account_id\":\"test.near\",\"finality\":"
                  "\"final\",\"method_name\":\"x\",\"args_base64\":\"?\"}"},
        {"query", "{\"request_type\":\"view_state\",\"account_id\":\"test.near\",\"finality\":"
                  "\"final\"}"},
        {"query", "{\"request_type\":\"view_access_key\",\"account_id\":\"test.near\",\"finality\":"
                  "\"final\",\"public_key\":\"ed25519:1\"}"},
        {"tx", "[]"}, {"tx", "[1,2]"}, {"tx", "{\"tx_hash\":\"x\",\"sender_account_id\":\"y\"}"},
        {"tx", "{\"signed_tx_base64\":\"AAAA\"}"}, {"send_tx", "[\"AAAA\",\"FINAL\"]"},
        {"send_tx", "{}"}, {"send_tx", "null"}, {"broadcast_tx_async", "[]"},
        {"broadcast_tx_commit", "[7]"}, {"EXPERIMENTAL_receipt", "{}"},
        {"EXPERIMENTAL_receipt", "[\"zzz0\"]"}, {"EXPERIMENTAL_protocol_config", "{}"},
        {"neartop_fault", "{\"kind\":\"flood\"}"}, {"neartop_fault", "{}"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf body;
        struct client_reply r;
        buf_init(&body, 4096);
        buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}",
                 rows[i].method, rows[i].params);
        assert_true(client_http(child.port, "POST", "/", "application/json", buf_str(&body), &r));
        if (r.status != 400)
            fail_msg("%s %s: HTTP %d %s", rows[i].method, rows[i].params, r.status,
                     buf_c(&r.body));
        client_reply_release(&r);
        buf_release(&body);
    }
}

static void
rpc_block__knows_by_http_status__whether_a_height_may_come(void **state)
{
    /* Heights are never skipped here, so only what lies ahead is unknown. */
    int http = 0;
    (void)state;
    json_free(client_call(child.port, "block", "{\"block_id\":123456789}", &http));
    assert_int_equal(http, 200);
    json_free(client_call(child.port, "block", "{\"sync_checkpoint\":\"genesis\"}", &http));
    assert_int_equal(http, 200);
}

/* --- drills ------------------------------------------------------------------------------- */

static void
set_fault(const char *kind, int count)
{
    char params[100];
    struct json *root;
    snprintf(params, sizeof(params), "{\"kind\":\"%s\",\"count\":%d}", kind, count);
    client_result(child.port, "neartop_fault", params, &root);
    json_free(root);
}

static void
rpc_fault__spoils_so_many_answers(void **state)
{
    static const struct {
        const char *kind;
        int status;         /* 0: no whole answer */
        const char *head;
    } rows[] = {{"http429", 429, "retry-after:"}, {"http500", 500, ""}, {"cut", 0, ""},
                {"badjson", 200, ""}};
    static const char body[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}";
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        set_fault(rows[i].kind, 2);
        for (int n = 0; n < 3; n++) {
            struct client_reply r;
            struct json *root = NULL;
            bool is_whole = client_http(child.port, "POST", "/", "application/json",
                                        str_from(body), &r);
            assert_int_equal(is_whole, n == 2 || rows[i].status != 0);
            if (is_whole)
                assert_int_equal(r.status, n == 2 ? 200 : rows[i].status);
            if (n < 2 && is_whole)
                assert_true(str_find(buf_str(&r.head), str_from(rows[i].head)) >= 0);
            enum err e = json_parse(buf_str(&r.body), JSON_BYTES_MAX, &root, NULL);
            assert_int_equal(e == OK, n == 2);
            json_free(root);
            client_reply_release(&r);
        }
    }
}

static void
rpc_fault__holds_answers_back__until_it_is_taken_away(void **state)
{
    struct json *root;
    (void)state;
    set_fault("late", 30);
    client_result(child.port, "status", "[]", &root);
    json_free(root);
    set_fault("late", 0);
    client_result(child.port, "status", "[]", &root);
    json_free(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rpc_envelope__is_strict),
        cmocka_unit_test(rpc_calls__are_refused__with_odd_params),
        cmocka_unit_test(rpc_block__knows_by_http_status__whether_a_height_may_come),
        cmocka_unit_test(rpc_fault__spoils_so_many_answers),
        cmocka_unit_test(rpc_fault__holds_answers_back__until_it_is_taken_away),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
