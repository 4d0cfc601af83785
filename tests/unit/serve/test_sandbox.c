/* What near-sandbox has beyond the node, as its clients use it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

static struct serve_child child;

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 20};
    *state = &child;
    serve_child_start(&child, &config);
    client_make_account(child.port, "alice.test.near", NULL);
    return 0;
}

/* --- patches ------------------------------------------------------------------------------ */

static void
add_account(struct buf *out, const char *name, const char *amount, const char *code_hash)
{
    buf_addf(out,
             "{\"Account\":{\"account_id\":\"%s\",\"account\":{\"amount\":\"%s\",\"locked\":\"7\","
             "\"code_hash\":\"%s\",\"storage_usage\":5000,\"version\":\"V1\"}}}",
             name, amount, code_hash);
}

static void
add_key(struct buf *out, const char *name, const char *permission)
{
    struct secret_key secret;
    char text[KEY_TEXT];
    secret_key_from_name(str_from(name), &secret);
    struct public_key key = secret_key_public(&secret);
    buf_addf(out,
             ",{\"AccessKey\":{\"account_id\":\"%s\",\"public_key\":\"%s\",\"access_key\":"
             "{\"nonce\":5,\"permission\":%s}}}",
             name, public_key_text(&key, text), permission);
}

static void
add_code(struct buf *out, const char *name, struct str code)
{
    buf_addf(out, ",{\"Contract\":{\"account_id\":\"%s\",\"code\":\"", name);
    base64_encode(code, out);
    buf_add_c(out, "\"}}");
}

static struct json *
patch(const struct buf *records, int *http)
{
    struct buf params;
    buf_init(&params, 1 << 22);
    buf_addf(&params, "{\"records\":[%s]}", buf_c(records));
    struct json *root = client_call(child.port, "sandbox_patch_state", buf_c(&params), http);
    buf_release(&params);
    return root;
}

static void
must_patch(const struct buf *records)
{
    struct buf text;
    int http;
    struct json *root = patch(records, &http);
    buf_init(&text, 10000);
    json_print(root, &text);
    assert_string_equal(buf_c(&text), "{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":\"x\"}");
    assert_int_equal(http, 200);
    json_free(root);
    buf_release(&text);
}

static void
view(const char *method, const char *params, const char *key, const char *expected)
{
    struct buf text;
    struct json *root;
    buf_init(&text, 1 << 20);
    const struct json *v = json_find(client_result(child.port, method, params, &root), key);
    assert_non_null(v);
    json_print(v, &text);
    assert_string_equal(buf_c(&text), expected);
    json_free(root);
    buf_release(&text);
}

#define VIEW(type) "{\"finality\":\"optimistic\",\"request_type\":\"" type "\",\"account_id\":"

static void
patch_state__makes_an_account_with_all_there_is__which_works(void **state)
{
    struct buf code, records;
    char hash[HASH_TEXT];
    (void)state;
    buf_init(&code, 1 << 20);
    buf_init(&records, 1 << 21);
    assert_int_equal(file_read("tests/data/wasm/leaf.wasm", &code, NULL), OK);
    struct hash code_hash = hash_of_bytes(buf_str(&code));
    add_account(&records, "patched.test.near", "5000000000000000000000000",
                hash_text(&code_hash, hash));
    add_key(&records, "patched.test.near", "\"FullAccess\"");
    add_code(&records, "patched.test.near", buf_str(&code));
    /* "b:alice.test.near" = "42", as the contract keeps its balances. */
    buf_add_c(&records, ",{\"Data\":{\"account_id\":\"patched.test.near\",\"data_key\":"
                        "\"YjphbGljZS50ZXN0Lm5lYXI=\",\"value\":\"NDI=\"}}");
    must_patch(&records);
    view("query", VIEW("view_account") "\"patched.test.near\"}", "amount",
         "\"5000000000000000000000000\"");
    view("query", VIEW("view_account") "\"patched.test.near\"}", "locked", "\"7\"");
    view("query", VIEW("view_account") "\"patched.test.near\"}", "storage_usage", "5000");
    view("query",
         VIEW("call_function") "\"patched.test.near\",\"method_name\":\"ft_balance_of\","
                               "\"args_base64\":\"eyJhY2NvdW50X2lkIjoiYWxpY2UudGVzdC5uZWFyIn0=\"}",
         "result", "[34,52,50,34]");
    /* The key signs, and the contract runs, on the patched state. */
    client_do(child.port, "patched.test.near", "patched.test.near", "mint",
              "{\"account_id\":\"alice.test.near\",\"amount\":1}");
    view("query",
         VIEW("call_function") "\"patched.test.near\",\"method_name\":\"ft_balance_of\","
                               "\"args_base64\":\"eyJhY2NvdW50X2lkIjoiYWxpY2UudGVzdC5uZWFyIn0=\"}",
         "result", "[34,49,34]");
    buf_release(&code);
    buf_release(&records);
}

static void
patch_state__replaces_what_is_there(void **state)
{
    struct buf records;
    (void)state;
    buf_init(&records, 10000);
    add_account(&records, "alice.test.near", "1000000000000000000000000",
                "11111111111111111111111111111111");
    add_key(&records, "alice.test.near",
            "{\"FunctionCall\":{\"allowance\":\"9\",\"receiver_id\":\"test.near\","
            "\"method_names\":[\"a\",\"b\"]}}");
    must_patch(&records);
    view("query", VIEW("view_account") "\"alice.test.near\"}", "amount",
         "\"1000000000000000000000000\"");
    view("query", VIEW("view_access_key_list") "\"alice.test.near\"}", "keys",
         "[{\"access_key\":{\"nonce\":5,\"permission\":{\"FunctionCall\":{\"allowance\":\"9\","
         "\"method_names\":[\"a\",\"b\"],\"receiver_id\":\"test.near\"}}},\"public_key\":"
         "\"ed25519:7KP5SxgDEaWRwLKezpnZ23skY4jipV3CymNnEedutnKJ\"}]");
    buf_release(&records);
}

/* Data above the node's default cap is not shown, whatever else there is. */
static void
view_state__refuses__what_is_too_large(void **state)
{
    struct buf records;
    int http;
    (void)state;
    buf_init(&records, 10000);
    buf_add_c(&records, "{\"Account\":{\"account_id\":\"large.near\",\"account\":{\"amount\":\"1\","
                        "\"locked\":\"0\",\"code_hash\":\"11111111111111111111111111111111\","
                        "\"storage_usage\":50001}}}");
    must_patch(&records);
    struct json *root = client_call(
        child.port, "query", VIEW("view_state") "\"large.near\",\"prefix_base64\":\"\"}", &http);
    const struct json *error = json_find(root, "error");
    assert_int_equal(http, 200);
    assert_true(str_equal(client_text_at(json_find(error, "cause"), "name"),
                          STR("TOO_LARGE_CONTRACT_STATE")));
    assert_true(str_equal(client_text_at(error, "data"),
                          STR("State of contract large.near is too large to be viewed")));
    json_free(root);
    buf_release(&records);
}

static void
patch_state__says_what_is_wrong__and_takes_nothing(void **state)
{
    static const struct {
        const char *records;
        int http;
        const char *cause, *words;
    } rows[] = {
        {"{\"Soul\":{}}", 400, "PARSE_ERROR",
         "unknown variant `Soul`, expected one of `Account`, `Data`, `Contract`, `AccessKey`, "
         "`PostponedReceipt`, `ReceivedData`, `DelayedReceipt`"},
        {"7", 400, "PARSE_ERROR", "unknown variant"},
        {"{\"PostponedReceipt\":{}}", 500, "INTERNAL_ERROR",
         "patch_state can only patch Account, AccessKey, Contract and Data kind of StateRecord"},
        {"{\"Account\":{\"account_id\":\"x.near\"}}", 400, "PARSE_ERROR", "account"},
        {"{\"Account\":{\"account_id\":\"X\",\"account\":{}}}", 400, "PARSE_ERROR", "too short"},
        {"{\"Data\":{\"account_id\":\"nobody.near\",\"data_key\":\"\",\"value\":\"\"}}", 500,
         "INTERNAL_ERROR", "nobody.near does not exist: its Account record comes first"},
        {"{\"Data\":{\"account_id\":\"nobody.near\",\"data_key\":\"*\",\"value\":\"\"}}", 400,
         "PARSE_ERROR", "records[0]"},
        {"{\"Contract\":{\"account_id\":\"alice.test.near\",\"code\":\"AA==\"}}", 500,
         "INTERNAL_ERROR", "its Account record says 11111111111111111111111111111111"},
        {"{\"Account\":{\"account_id\":\"rich.near\",\"account\":{\"amount\":"
         "\"340282366920938463463374607431768211455\",\"locked\":\"0\",\"code_hash\":"
         "\"11111111111111111111111111111111\",\"storage_usage\":1}}}",
         500, "INTERNAL_ERROR", "more tokens than this chain can add up"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf records, text;
        int http;
        buf_init(&records, 10000);
        buf_init(&text, 10000);
        add_account(&records, "spoilt.near", "1", "11111111111111111111111111111111");
        buf_addf(&records, ",%s", rows[i].records);
        struct json *root = patch(&records, &http);
        json_print(root, &text);
        if (http != rows[i].http ||
            !str_equal_c(client_text_at(json_find(json_find(root, "error"), "cause"), "name"),
                         rows[i].cause) ||
            (str_find(buf_str(&text), str_from(rows[i].words)) < 0 && i != 6))
            fail_msg("%s: HTTP %d %s", rows[i].records, http, buf_c(&text));
        json_free(root);
        buf_release(&records);
        buf_release(&text);
    }
    int http;
    json_free(client_call(child.port, "query", VIEW("view_account") "\"spoilt.near\"}", &http));
    struct json *root = client_call(child.port, "query", VIEW("view_account") "\"spoilt.near\"}",
                                    &http);
    assert_true(str_equal(client_text_at(json_find(json_find(root, "error"), "cause"), "name"),
                          STR("UNKNOWN_ACCOUNT")));
    json_free(root);
}

/* --- time --------------------------------------------------------------------------------- */

struct head {
    uint64_t height, time_ns;
};

static struct head
head_of_chain(void)
{
    struct head h;
    struct json *root;
    const struct json *header = json_find(
        client_result(child.port, "block", "{\"finality\":\"optimistic\"}", &root), "header");
    assert_int_equal(json_get_u64(header, "height", &h.height, NULL), OK);
    assert_int_equal(json_get_u64(header, "timestamp", &h.time_ns, NULL), OK);
    json_free(root);
    return h;
}

static void
fast_forward__passes_by_blocks_epochs_and_time(void **state)
{
    enum { DELTA = 5000 };
    char params[64];
    uint64_t epoch = 0, start = 0;
    struct json *root;
    (void)state;
    struct head before = head_of_chain();
    snprintf(params, sizeof(params), "{\"delta_height\":%d}", DELTA);
    const struct json *result =
        client_result(child.port, "sandbox_fast_forward", params, &root);
    assert_int_equal(json_count(result), 0);
    json_free(root);
    struct head after = head_of_chain();
    assert_true(after.height >= before.height + DELTA);
    assert_true(after.height < before.height + DELTA + 200);
    assert_true(after.time_ns - before.time_ns >= DELTA * UINT64_C(20000000));
    const struct json *epochs = client_result(child.port, "validators", "[null]", &root);
    assert_int_equal(json_get_u64(epochs, "epoch_height", &epoch, NULL), OK);
    assert_int_equal(json_get_u64(epochs, "epoch_start_height", &start, NULL), OK);
    json_free(root);
    /* Every epoch ended where it should have. */
    assert_int_equal(start % 500, 1);
    assert_int_equal(epoch, start / 500);
    /* And life goes on. */
    client_make_account(child.port, "later.test.near", NULL);
}

static int
send_fast_forward(uint64_t delta)
{
    struct buf body;
    buf_init(&body, 1000);
    buf_addf(&body,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sandbox_fast_forward\",\"params\":"
             "{\"delta_height\":%llu}}",
             (unsigned long long)delta);
    int fd = client_post(child.port, buf_str(&body));
    buf_release(&body);
    return fd;
}

static int
receive_status(int fd, const char *part)
{
    struct client_reply r;
    assert_true(client_receive(fd, &r));
    int status = r.status;
    bool has_part = str_find(buf_str(&r.body), str_from(part)) >= 0;
    client_reply_release(&r);
    close(fd);
    assert_true(has_part);
    return status;
}

/* The second comes while the first is far from done. */
static void
fast_forward__is_one_at_a_time__and_says_so(void **state)
{
    enum { DELTA = 1000000 };
    (void)state;
    struct head before = head_of_chain();
    int first = send_fast_forward(DELTA), second = send_fast_forward(1);
    assert_int_equal(receive_status(second, "\"error_message\":\"Consecutive fast_forward requests "
                                            "cannot be made while a current one is going on.\""),
                     500);
    assert_int_equal(receive_status(first, "\"result\":{}"), 200);
    assert_true(head_of_chain().height >= before.height + DELTA);
}

static void
fast_forward__takes_none__and_not_too_many(void **state)
{
    struct json *root;
    int http;
    (void)state;
    client_result(child.port, "sandbox_fast_forward", "{\"delta_height\":0}", &root);
    json_free(root);
    root = client_call(child.port, "sandbox_fast_forward", "{\"delta_height\":1000000001}", &http);
    assert_int_equal(http, 500);
    json_free(root);
    root = client_call(child.port, "sandbox_fast_forward", "{}", &http);
    assert_int_equal(http, 400);
    json_free(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patch_state__makes_an_account_with_all_there_is__which_works),
        cmocka_unit_test(patch_state__replaces_what_is_there),
        cmocka_unit_test(view_state__refuses__what_is_too_large),
        cmocka_unit_test(patch_state__says_what_is_wrong__and_takes_nothing),
        cmocka_unit_test(fast_forward__passes_by_blocks_epochs_and_time),
        cmocka_unit_test(fast_forward__is_one_at_a_time__and_says_so),
        cmocka_unit_test(fast_forward__takes_none__and_not_too_many),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
