/* A large contract is compiled while the server goes on. Compiling one of 600 kB takes long
 * against blocks of ten milliseconds, on any machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/wasm/module.h"
#include "net/base/clock.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"
#include "tests/support/wasm_made.h"

enum { LARGE = 600000, MAX_PARAMS = 8 << 20 };

static struct serve_child child;
static char folder[] = "/tmp/neartop-serve-XXXXXX";

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 10};
    *state = &child;
    serve_child_start(&child, &config);
    return 0;
}

static uint64_t
head_height(void)
{
    struct json *root;
    uint64_t height = 0;
    const struct json *sync =
        json_find(client_result(child.port, "status", "[]", &root), "sync_info");
    assert_int_equal(json_get_u64(sync, "latest_block_height", &height, NULL), OK);
    json_free(root);
    return height;
}

/* True while something is being compiled for this account. */
static bool
is_compiling(const char *account)
{
    struct json *root;
    struct str who = {0};
    const struct json *all = client_result(child.port, "neartop_compiling", "[]", &root);
    bool is_there = json_count(all) > 0;
    if (is_there) {
        assert_int_equal(json_get_string(json_at(all, 0), "account_id", &who, NULL), OK);
        assert_true(str_equal_c(who, account));
    }
    json_free(root);
    return is_there;
}

/* Sends it and does not wait. */
static void
send_large(const char *account, uint32_t salt, bool calls, struct hash *tx)
{
    struct buf wasm, params;
    buf_init(&wasm, MODULE_MAX_BYTES);
    wasm_made(LARGE, salt, &wasm);
    struct action actions[] = {
        {.kind = ACTION_DEPLOY_CONTRACT, .code = buf_str(&wasm)},
        {.kind = ACTION_FUNCTION_CALL, .method = STR("main"), .gas = 100 * TERA_GAS}};
    buf_init(&params, MAX_PARAMS);
    buf_add_c(&params, "[\"");
    client_sign(child.port, account, account, actions, calls ? 2 : 1, 0, &params, tx);
    buf_add_c(&params, "\"]");
    struct json *root;
    client_result(child.port, "broadcast_tx_async", buf_c(&params), &root);
    json_free(root);
    buf_release(&params);
    buf_release(&wasm);
}

static struct json *
tx_status(const char *account, const struct hash *tx, const char *level)
{
    char params[256], text[HASH_TEXT];
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"%s\"}",
             hash_text(tx, text), account, level);
    return client_call(child.port, "tx", params, NULL);
}

static void
block__waits_for_what_it_calls__while_requests_are_answered(void **state)
{
    struct hash tx;
    (void)state;
    client_make_account(child.port, "held.test.near", NULL);
    send_large("held.test.near", 1, true, &tx);
    uint64_t height = 0;
    int answers = 0, same = 0, longest = 0;
    while (is_compiling("held.test.near")) {
        uint64_t now = head_height();
        same = now == height ? same + 1 : 0;
        longest = same > longest ? same : longest;
        height = now;
        answers++;
    }
    /* Many answers, and a run of them from a chain that stood still. */
    assert_true(answers > 10);
    assert_true(longest > 10);
    struct json *root = tx_status("held.test.near", &tx, "EXECUTED");
    const struct json *status = json_find(json_find(root, "result"), "status");
    assert_non_null(json_find(status, "SuccessValue"));
    json_free(root);
}

static void
view__waits_for_its_contract__and_blocks_do_not(void **state)
{
    static const char view[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"query\",\"params\":"
        "{\"request_type\":\"call_function\",\"finality\":\"optimistic\",\"account_id\":"
        "\"seen.test.near\",\"method_name\":\"noop\",\"args_base64\":\"\"}}";
    struct hash tx;
    (void)state;
    client_make_account(child.port, "seen.test.near", NULL);
    send_large("seen.test.near", 2, false, &tx);
    struct json *root = tx_status("seen.test.near", &tx, "EXECUTED_OPTIMISTIC");
    assert_non_null(json_find(json_find(json_find(root, "result"), "status"), "SuccessValue"));
    json_free(root);
    /* The code is on the account and not ready yet. One who does not wait for the answer, */
    assert_true(is_compiling("seen.test.near"));
    struct buf request;
    buf_init(&request, 4096);
    buf_addf(&request,
             "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s", sizeof(view) - 1, view);
    int gone = client_connect(child.port), stays = client_connect(child.port);
    client_send(gone, buf_str(&request));
    client_send(stays, buf_str(&request));
    uint64_t height = head_height();
    close(gone);
    while (is_compiling("seen.test.near") && head_height() == height)
        continue;
    assert_true(head_height() > height);
    /* and one who does. */
    struct client_reply reply;
    assert_true(client_receive(stays, &reply));
    assert_int_equal(reply.status, 200);
    assert_true(str_find(buf_str(&reply.body), STR("\"result\":[]")) >= 0);
    client_reply_release(&reply);
    buf_release(&request);
    close(stays);
}

static void
server__ends_in_order__while_it_compiles(void **state)
{
    struct hash tx;
    (void)state;
    client_make_account(child.port, "late.test.near", NULL);
    send_large("late.test.near", 3, true, &tx);
    assert_true(is_compiling("late.test.near"));
    assert_int_equal(serve_child_stop(&child, SIGTERM), 0);
    start(state);
}

static size_t
entries(void)
{
    size_t n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

/* What compiles for it takes its files away, once it finds that nobody waits. */
static void
server__leaves_nothing__when_it_is_killed(void **state)
{
    struct hash tx;
    (void)state;
    client_make_account(child.port, "gone.test.near", NULL);
    send_large("gone.test.near", 4, true, &tx);
    assert_true(is_compiling("gone.test.near"));
    assert_int_equal(entries(), 1);
    assert_int_equal(serve_child_stop(&child, SIGKILL), -SIGKILL);
    int64_t end_ns = clock_monotonic_ns() + 60 * (int64_t)NS_PER_S;
    while (entries() && clock_monotonic_ns() < end_ns)
        usleep(1000);
    assert_int_equal(entries(), 0);
    start(state);
}

int
main(void)
{
    if (!mkdtemp(folder) || setenv("TMPDIR", folder, 1))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block__waits_for_what_it_calls__while_requests_are_answered),
        cmocka_unit_test(view__waits_for_its_contract__and_blocks_do_not),
        cmocka_unit_test(server__ends_in_order__while_it_compiles),
        cmocka_unit_test(server__leaves_nothing__when_it_is_killed),
    };
    int failed = cmocka_run_group_tests(tests, start, serve_child_tear_down);
    return rmdir(folder) ? 1 : failed;
}
