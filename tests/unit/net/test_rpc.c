#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/crypto.h"
#include "net/retry.h"
#include "net/rpc.h"
#include "tests/support/json_file.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

/* --- every answer that a node recorded ---------------------------------------------- */

static const struct {
    const char *name;
    enum rpc_fault fault;
    const char *part;       /* of the sentence */
} recorded[] = {
    {"status", RPC_FINE, ""},
    {"health", RPC_FINE, ""},
    {"block_final", RPC_FINE, ""},
    {"block_unknown_height", RPC_UNKNOWN_BLOCK,
     "node: DB Not Found Error: BLOCK HEIGHT: 999999999"},
    {"block_bad", RPC_BAD_REQUEST, "did not match any variant of untagged enum BlockId"},
    {"tx_unknown", RPC_UNKNOWN_TRANSACTION, "doesn't exist"},
    {"receipt_unknown", RPC_UNKNOWN_RECEIPT, "node: it does not know that receipt"},
    {"tx_bad_hash", RPC_BAD_REQUEST, ""},
    {"view_account_bad_name", RPC_BAD_REQUEST, "invalid character"},
    {"view_access_key", RPC_FINE, ""},
    {"view_access_key_unknown", RPC_UNKNOWN_KEY, "does not exist"},
    {"call_function", RPC_FINE, ""},
    {"call_function_missing", RPC_OTHER, "the contract has no such method"},
    {"call_function_panic", RPC_OTHER, "the contract panicked: "},
    {"unknown_method", RPC_BAD_REQUEST, "frobnicate"},
    {"parse_error", RPC_BAD_REQUEST, "did not understand the request (HTTP status 400)"},
    {"not_an_object", RPC_BAD_REQUEST, "JSON RPC Request format was expected"},
    {"send_invalid_nonce", RPC_INVALID_TRANSACTION, "is not above the key's"},
    {"send_nonce_too_large", RPC_AMBIGUOUS, "Timeout"},
    {"send_expired", RPC_INVALID_TRANSACTION, "too old, or unknown to the node"},
    {"send_unknown_key", RPC_INVALID_TRANSACTION, "is not on the account"},
    {"send_unknown_signer", RPC_INVALID_TRANSACTION, "nobody.test.near does not exist"},
    {"send_not_enough_balance", RPC_INVALID_TRANSACTION, "is needed"},
    {"send_too_much_gas", RPC_INVALID_TRANSACTION, "300 Tgas is the limit"},
    {"send_zero_gas", RPC_INVALID_TRANSACTION, "no gas is attached"},
    {"send_bad_signature", RPC_INVALID_TRANSACTION, "the signature does not fit"},
    {"send_not_base64", RPC_BAD_REQUEST, ""},
    {"async_invalid_nonce", RPC_FINE, ""},
    {"commit_ok", RPC_FINE, ""},
};

static void
judge_recorded(const struct json *entry, struct rpc_reply *reply, struct json **root)
{
    struct buf body;
    struct str text;
    uint64_t status;
    const struct json *response = json_find(entry, "response");
    buf_init(&body, JSON_BYTES_MAX);
    if (json_string(response, &text, NULL) == OK)
        buf_add_str(&body, text);
    else
        json_print(response, &body);
    assert_int_equal(json_get_u64(entry, "http", &status, NULL), OK);
    const struct http_answer answer = {.status = (long)status,
                                       .body = buf_str(&body),
                                       .was_heard = true,
                                       .retry_after_ms = -1};
    rpc_judge(&answer, "node", "x", reply, root);
    buf_release(&body);
}

static const struct json *
find_recorded(const struct json *all, const char *name)
{
    for (const struct json *v = json_first(all); v; v = json_next(v)) {
        struct str text;
        if (json_get_string(v, "name", &text, NULL) == OK && str_equal_c(text, name))
            return v;
    }
    fail_msg("%s is not recorded", name);
    return NULL;
}

static void
rpc_judge__knows_what_nodes_say(void **state)
{
    (void)state;
    struct json *all = json_file_read("tests/data/node/rpc_answers.json"), *root;
    struct rpc_reply reply;
    for (size_t i = 0; i < ARRAY_LEN(recorded); i++) {
        judge_recorded(find_recorded(all, recorded[i].name), &reply, &root);
        if (reply.fault != recorded[i].fault)
            fail_msg("%s: fault %d, %s", recorded[i].name, reply.fault, diag_text(&reply.diag));
        if (reply.fault == RPC_FINE)
            assert_non_null(reply.result);
        else if (!strstr(diag_text(&reply.diag), recorded[i].part))
            fail_msg("%s: %s", recorded[i].name, diag_text(&reply.diag));
        json_free(root);
    }
    for (const struct json *v = json_first(all); v; v = json_next(v)) {
        judge_recorded(v, &reply, &root);
        assert_int_not_equal(reply.fault, RPC_GARBAGE);
        assert_int_not_equal(reply.fault, RPC_DENIED);
        json_free(root);
    }
    json_free(all);
}

/* --- what gateways and broken servers say ------------------------------------------- */

static const struct {
    long status;
    const char *body;
    enum rpc_fault fault;
    const char *part;
} spoken[] = {
    {429, "", RPC_LIMITED, "node was asked too often (HTTP status 429)"},
    {429, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-429},\"id\":null}", RPC_LIMITED,
     "too often"},
    {502, "<html>bad gateway</html>", RPC_AMBIGUOUS, "node is in trouble (HTTP status 502)"},
    {503, "", RPC_AMBIGUOUS, ""},
    {403, "no", RPC_DENIED, "does not let us in"},
    {404, "", RPC_DENIED, "is no JSON-RPC server"},
    {200, "<html>", RPC_GARBAGE, "at byte 0: expected a value, found '<'"},
    {200, "", RPC_GARBAGE, "the text ends"},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":1,", RPC_GARBAGE, ""},
    {200, "[]", RPC_GARBAGE, "neither result nor error"},
    {200, "{\"result\":1,\"id\":\"other\"}", RPC_GARBAGE, "the answer to another request"},
    {200, "{\"result\":1,\"id\":\"x\"}", RPC_FINE, ""},
    {200, "{\"result\":1,\"error\":null,\"id\":\"x\"}", RPC_FINE, ""},
    {200, "{\"result\":null,\"error\":null,\"id\":\"x\"}", RPC_FINE, ""},
    {200, "{\"error\":{},\"id\":\"x\"}", RPC_AMBIGUOUS, "an error without words"},
    {200, "{\"error\":7,\"id\":\"x\"}", RPC_AMBIGUOUS, "an error without words"},
    /* A gateway's own JSON is no word of a node: what the others know is not asked of it. */
    {401, "{\"error\":\"missing key\"}", RPC_DENIED,
     "node does not let us in (HTTP status 401): missing key"},
    {403, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"Unauthorized\"},\"id\":null}",
     RPC_DENIED, "node does not let us in (HTTP status 403): Unauthorized"},
    {404, "{\"error\":{\"message\":\"no such app\"}}", RPC_DENIED, "(HTTP status 404): no such app"},
    {503, "{\"error\":\"upstream\"}", RPC_AMBIGUOUS, "node is in trouble (HTTP status 503): upstream"},
    {200, "{\"error\":{\"code\":-32005,\"message\":\"daily quota\"},\"id\":\"x\"}", RPC_LIMITED,
     "node was asked too often: daily quota"},
    {200, "{\"error\":{\"code\":15,\"message\":\"Rate Limit exceeded\"},\"id\":\"x\"}", RPC_LIMITED,
     "node was asked too often: Rate Limit exceeded"},
    {200, "{\"error\":{\"code\":-32000,\"message\":\"Invalid API key\"},\"id\":null}", RPC_DENIED,
     "node does not let us in: Invalid API key"},
    {200, "{\"error\":{\"code\":-32601,\"message\":\"the method does not exist\"},\"id\":\"x\"}",
     RPC_BAD_REQUEST, "node did not understand the request: the method does not exist"},
    {200, "{\"error\":{\"code\":-32603,\"message\":\"no upstream\"},\"id\":\"x\"}", RPC_AMBIGUOUS,
     "node is in trouble: no upstream"},
    {500,
     "{\"error\":{\"cause\":{\"name\":\"INTERNAL_ERROR\",\"info\":{\"error_message\":"
     "\"useless\"}},"
     "\"data\":\"the node reached its limits\"},\"id\":\"x\"}",
     RPC_AMBIGUOUS, "node: the node reached its limits"},
    {200,
     "{\"error\":{\"cause\":{\"name\":\"BRAND_NEW\"},\"message\":\"Server "
     "error\"},\"id\":\"x\"}",
     RPC_OTHER, "node: BRAND_NEW"},
};

/* A key may stand in the path of an address. */
static void
rpc_judge__says_no_key__of_a_redirect(void **state)
{
    (void)state;
    struct json *root;
    struct rpc_reply reply;
    struct http_answer answer = {
        .status = 301, .redirect = "node",
        .redirect_path = "/near/v2/0a1b2c3d4e5f6a7b8c9d/rpc/?apiKey=9f8e7d6c5b4a39281706"};
    rpc_judge(&answer, "node", "x", &reply, &root);
    assert_non_null(strstr(diag_text(&reply.diag), "redirects to node/near/v2/\xe2\x80\xa6/rpc/ (HTTP"));
    json_free(root);
}

static void
rpc_judge__tells_gateways_from_nodes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(spoken); i++) {
        struct rpc_reply reply;
        struct json *root;
        const struct http_answer answer = {.status = spoken[i].status, .was_heard = true,
                                           .body = str_from(spoken[i].body)};
        rpc_judge(&answer, "node", "x", &reply, &root);
        if (reply.fault != spoken[i].fault || !strstr(diag_text(&reply.diag), spoken[i].part))
            fail_msg("%s: %d, %s", spoken[i].body, reply.fault, diag_text(&reply.diag));
        json_free(root);
    }
}

static void
rpc_judge__says_how_long_a_server_wants_peace(void **state)
{
    (void)state;
    struct rpc_reply reply;
    struct json *root;
    const struct http_answer answer = {.status = 429, .was_heard = true, .retry_after_ms = 86400000};
    rpc_judge(&answer, "node", "x", &reply, &root);
    assert_string_equal(diag_text(&reply.diag), "node was asked too often (HTTP status 429), and is to "
                                                "be left alone for 86400 s");
    assert_int_equal(reply.retry_after_ms, 86400000);
    json_free(root);
}

/* --- over the wire ------------------------------------------------------------------ */

enum { STEPS_MAX = 8 };

/* What the peer does, request by request; the last step goes on. */
enum step { FINE, LIMITED, BROKEN, HALF, GARBAGE, SILENT, REFUSES };

struct scene {
    struct loop *loop;
    struct http *http;
    struct rpc *rpc;
    struct net_peer *peer;
    enum step steps[STEPS_MAX];
    int served, answered;
    enum rpc_fault fault;
    unsigned tries;
    char sentence[DIAG_MAX], body[300], head[1000];
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    char answer[200];
    struct json *root = NULL;
    struct str id = STR("?");
    enum step step = s->steps[s->served < STEPS_MAX ? s->served : STEPS_MAX - 1];
    s->served++;
    snprintf(s->body, sizeof(s->body), "%.*s", STR_ARG(request->body));
    snprintf(s->head, sizeof(s->head), "%.*s", STR_ARG(request->head));
    if (json_parse(request->body, JSON_BYTES_MAX, &root, NULL) == OK)
        assert_int_equal(json_get_string(root, "id", &id, NULL), OK);
    snprintf(answer, sizeof(answer), "{\"jsonrpc\":\"2.0\",\"result\":7,\"id\":\"%.*s\"}",
             STR_ARG(id));
    json_free(root);
    switch (step) {
    case FINE: net_link_answer(link, 200, NULL, str_from(answer)); break;
    case LIMITED: net_link_answer(link, 429, NULL, STR("")); break;
    case BROKEN: net_link_answer(link, 502, NULL, STR("<html>")); break;
    case HALF:
        net_link_raw(link, STR("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"json"));
        net_link_close(link);
        break;
    case GARBAGE: net_link_answer(link, 200, NULL, STR("\xff\xfe")); break;
    case SILENT: break;
    case REFUSES:
        net_link_answer(link, 200, NULL,
                        STR("{\"error\":{\"cause\":{\"name\":\"UNKNOWN_RECEIPT\"}}}"));
        break;
    }
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    static const char *const headers[] = {"Authorization: Bearer abc", NULL};
    s->loop = loop_new();
    s->http = http_new(s->loop);
    s->peer =
        net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    const struct endpoint_config endpoint = {.url = net_peer_url(s->peer, "http", "/"),
                                             .headers = headers};
    s->rpc = rpc_new(s->loop, s->http, &(struct rpc_config){
        .endpoints = &endpoint, .endpoint_count = 1, .retry_first_ms = 1});
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    rpc_free(s->rpc);
    http_free(s->http);
    net_peer_free(s->peer);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct scene *s = context;
    s->answered++;
    s->fault = reply->fault;
    s->tries = reply->tries;
    snprintf(s->sentence, sizeof(s->sentence), "%s", diag_text(&reply->diag));
    if (reply->fault == RPC_FINE)
        assert_true(str_equal_c(json_number_text(reply->result), "7"));
}

static void
ask(struct scene *s, unsigned tries)
{
    assert_non_null(
        rpc_start(s->rpc, "block", STR("{\"finality\":\"final\"}"), tries, on_reply, s));
    net_wait_count(s->loop, &s->answered, s->answered + 1);
}

static void
rpc_start__writes_the_envelope(void **state)
{
    struct scene *s = *state;
    ask(s, 1);
    assert_int_equal(s->fault, RPC_FINE);
    assert_string_equal(s->body, "{\"jsonrpc\":\"2.0\",\"id\":\"n1\",\"method\":\"block\","
                                 "\"params\":{\"finality\":\"final\"}}");
    assert_non_null(strstr(s->head, "Authorization: Bearer abc\r\n"));
    assert_non_null(strstr(s->head, "Content-Type: application/json\r\n"));
    assert_int_equal(rpc_request_count(s->rpc), 1);
}

static void
rpc_start__tries_again__when_the_fault_may_pass(void **state)
{
    struct scene *s = *state;
    memcpy(s->steps, (enum step[]){LIMITED, BROKEN, HALF, GARBAGE, FINE},
           5 * sizeof(enum step));
    ask(s, 10);
    assert_int_equal(s->fault, RPC_FINE);
    assert_int_equal(s->tries, 5);
    assert_int_equal(rpc_request_count(s->rpc), 5);
}

static void
rpc_start__gives_up__when_it_was_tried_enough(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < STEPS_MAX; i++)
        s->steps[i] = BROKEN;
    ask(s, 3);
    assert_int_equal(s->fault, RPC_AMBIGUOUS);
    assert_int_equal(s->served, 3);
    ask(s, 1);
    assert_int_equal(s->served, 4);
    assert_non_null(strstr(s->sentence, "is in trouble (HTTP status 502)"));
}

static void
rpc_start__does_not_try_again__when_the_node_refused(void **state)
{
    struct scene *s = *state;
    s->steps[0] = REFUSES;
    ask(s, 10);
    assert_int_equal(s->fault, RPC_UNKNOWN_RECEIPT);
    assert_int_equal(s->served, 1);
}

static void
rpc_start__is_unreachable__when_nobody_listens(void **state)
{
    struct scene *s = *state;
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", net_peer_refused_port());
    struct rpc *rpc =
        rpc_new(s->loop, s->http, &(struct rpc_config){.url = url, .retry_first_ms = 1});
    assert_non_null(rpc_start(rpc, "status", STR("[]"), 2, on_reply, s));
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->fault, RPC_UNREACHABLE);
    assert_int_equal(s->tries, 2);
    assert_non_null(strstr(s->sentence, "cannot be connected to: Connection refused"));
    rpc_free(rpc);
}

static void
rpc_cancel__calls_nobody__at_any_stage(void **state)
{
    struct scene *s = *state;
    s->steps[0] = SILENT;
    struct rpc_request *r = rpc_start(s->rpc, "block", STR("[]"), 5, on_reply, s);
    net_wait_count(s->loop, &s->served, 1);
    rpc_cancel(r);
    s->steps[1] = BROKEN;
    r = rpc_start(s->rpc, "block", STR("[]"), 5, on_reply, s);
    net_wait_count(s->loop, &s->served, 2);
    rpc_cancel(r);
    ask(s, 1);
    assert_int_equal(s->answered, 1);
}

static void
retry_next__doubles_within_its_bounds(void **state)
{
    (void)state;
    struct retry r;
    uint64_t wait = 0;
    retry_init(&r, 100, 1000, 6);
    static const uint64_t most[] = {100, 200, 400, 800, 1000, 1000};
    for (size_t i = 0; i < ARRAY_LEN(most); i++) {
        assert_true(retry_next(&r, -1, &wait));
        assert_in_range(wait, most[i] / 2, most[i]);
    }
    assert_false(retry_next(&r, -1, &wait));
    retry_succeeded(&r);
    assert_true(retry_next(&r, 5000, &wait));
    assert_int_equal(wait, 5000);
    retry_init(&r, 1, UINT32_MAX, 0);
    for (int i = 0; i < 200; i++)
        assert_true(retry_next(&r, -1, &wait));
    assert_true(wait <= UINT32_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        cmocka_unit_test(rpc_judge__knows_what_nodes_say),
        cmocka_unit_test(rpc_judge__says_how_long_a_server_wants_peace),
        cmocka_unit_test(rpc_judge__says_no_key__of_a_redirect),
        cmocka_unit_test(rpc_judge__tells_gateways_from_nodes),
        TEST(rpc_start__writes_the_envelope),
        TEST(rpc_start__tries_again__when_the_fault_may_pass),
        TEST(rpc_start__gives_up__when_it_was_tried_enough),
        TEST(rpc_start__does_not_try_again__when_the_node_refused),
        TEST(rpc_start__is_unreachable__when_nobody_listens),
        TEST(rpc_cancel__calls_nobody__at_any_stage),
        cmocka_unit_test(retry_next__doubles_within_its_bounds),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
