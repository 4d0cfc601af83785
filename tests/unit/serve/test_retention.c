/* What is older than the history is answered as a node answers for what it has collected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "net/base/macros.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

enum { KEEP = 100 };

static struct serve_child child;

static int
start(void **state)
{
    const struct serve_config config = {
        .block_time_ms = 10, .keep_blocks = KEEP, .with_demo = true};
    *state = &child;
    serve_child_start(&child, &config);
    return 0;
}

static uint64_t
height_in_status(const char *key)
{
    struct json *root;
    uint64_t height = 0;
    const struct json *result = client_result(child.port, "status", "[]", &root);
    assert_int_equal(json_get_u64(json_find(result, "sync_info"), key, &height, NULL), OK);
    json_free(root);
    return height;
}

/* The name of the error's cause, and the HTTP status. */
static void
assert_cause(const char *method, const char *params, const char *cause, int expected_status)
{
    int status;
    struct str name = {0};
    struct json *root = client_call(child.port, method, params, &status);
    const struct json *error = json_find(root, "error");
    assert_non_null(error);
    assert_int_equal(json_get_string(json_find(error, "cause"), "name", &name, NULL), OK);
    if (!str_equal_c(name, cause))
        fail_msg("%s %s: %.*s instead of %s", method, params, STR_ARG(name), cause);
    assert_int_equal(status, expected_status);
    json_free(root);
}

static void
rpc__answers_unknown__for_what_the_history_has_dropped(void **state)
{
    (void)state;
    struct hash hash;
    char text[HASH_TEXT], block[HASH_TEXT], params[512];
    struct json *root;
    struct str block_hash;
    struct action action = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    json_free(client_transact(child.port, "alice.test.near", "token.test.near", &action, 1, "FINAL",
                              &hash));
    uint64_t height = height_in_status("latest_block_height");
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)height);
    const struct json *header = json_find(client_result(child.port, "block", params, &root), "header");
    assert_int_equal(json_get_string(header, "hash", &block_hash, NULL), OK);
    assert_true(str_copy(block_hash, block, sizeof(block)));
    json_free(root);
    while (height_in_status("latest_block_height") < height + KEEP + 2)
        continue;
    assert_cause("block", params, "UNKNOWN_BLOCK", 422);
    snprintf(params, sizeof(params), "{\"block_id\":\"%s\"}", block);
    assert_cause("block", params, "UNKNOWN_BLOCK", 200);
    snprintf(params, sizeof(params), "{\"block_id\":\"%s\",\"shard_id\":0}", block);
    assert_cause("chunk", params, "UNKNOWN_BLOCK", 200);
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"NONE\"}",
             hash_text(&hash, text));
    assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
    snprintf(params, sizeof(params),
             "{\"request_type\":\"view_account\",\"account_id\":\"test.near\",\"block_id\":%llu}",
             (unsigned long long)height);
    assert_cause("query", params, "UNKNOWN_BLOCK", 422);
}

static void
status__tells_the_oldest_block__that_is_kept(void **state)
{
    (void)state;
    while (height_in_status("latest_block_height") < 2 * KEEP)
        continue;
    uint64_t earliest = height_in_status("earliest_block_height");
    assert_true(earliest > 0);
    /* Blocks go on while we ask: the block after the next ones is there for sure. */
    char params[64];
    struct json *root;
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)earliest + KEEP / 2);
    assert_non_null(client_result(child.port, "block", params, &root));
    json_free(root);
    client_result(child.port, "block", "{\"block_id\":0}", &root);
    json_free(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rpc__answers_unknown__for_what_the_history_has_dropped),
        cmocka_unit_test(status__tells_the_oldest_block__that_is_kept),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
