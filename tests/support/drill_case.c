#include "tests/support/drill_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "net/near/base58.h"
#include "tests/support/demo_args.h"

struct serve_child drill_child;

void
drill_set(const char *faults)
{
    char params[1024];
    struct json *root;
    snprintf(params, sizeof(params), "{\"faults\":\"%s\"}", faults);
    client_result(drill_child.port, "neartop_fault", params, &root);
    json_free(root);
}

struct str
text_at(const struct json *v, const char *key)
{
    struct str s = {0};
    if (json_get_string(v, key, &s, NULL))
        fail_msg("no %s", key);
    return s;
}

uint64_t
number_at(const struct json *v, const char *key)
{
    uint64_t n = 0;
    assert_int_equal(json_get_u64(v, key, &n, NULL), OK);
    return n;
}

uint64_t
height_of(const char *finality)
{
    char params[64];
    struct json *root;
    snprintf(params, sizeof(params), "{\"finality\":\"%s\"}", finality);
    uint64_t height =
        number_at(json_find(client_result(drill_child.port, "block", params, &root), "header"), "height");
    json_free(root);
    return height;
}

void
wait_for_height(uint64_t height)
{
    while (height_of("optimistic") < height)
        usleep(5000);
}

void
assert_cause(const char *method, const char *params, const char *cause, int status)
{
    int http = 0;
    struct json *root = client_call(drill_child.port, method, params, &http);
    const struct json *error = json_find(root, "error");
    if (!error || !str_equal_c(text_at(json_find(error, "cause"), "name"), cause) ||
        http != status) {
        struct buf text;
        buf_init(&text, DRILL_MESSAGE_MAX);
        json_print(root, &text);
        fail_msg("%s %s: %d %s", method, params, http, buf_c(&text));
    }
    json_free(root);
}

void
status_params(const struct hash *tx, const char *level, char out[256])
{
    char text[HASH_TEXT];
    snprintf(out, 256,
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"%s\"}",
             hash_text(tx, text), level);
}

void
assert_comes_through(const struct hash *tx)
{
    char params[256];
    struct json *root = NULL;
    int http = 408;
    status_params(tx, "FINAL", params);
    while (http == 408) {
        root = client_call(drill_child.port, "EXPERIMENTAL_tx_status", params, &http);
        if (http == 408)
            json_free(root);
    }
    assert_int_equal(http, 200);
    const struct json *result = json_find(root, "result");
    assert_true(str_equal_c(text_at(result, "final_execution_status"), "FINAL"));
    assert_non_null(json_find(json_find(result, "status"), "SuccessValue"));
    json_free(root);
}

void
pay_one(const char *to, struct hash *hash)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    json_free(client_transact(drill_child.port, "alice.test.near", to, &transfer, 1, "NONE", hash));
}

void
call_portfolio(struct hash *hash)
{
    struct action call = {
        .kind = ACTION_FUNCTION_CALL,
        .method = STR("get_portfolio_data"),
        .args = STR(DEMO_ARGS),
        .gas = 100 * TERA_GAS};
    json_free(client_transact(drill_child.port, "alice.test.near", "portfolio.test.near", &call, 1,
                              "NONE", hash));
}

int
subscribe_to(const char *event, const char *filter)
{
    char path[64];
    snprintf(path, sizeof(path), "/events/%s", event);
    int fd = client_ws_open(drill_child.port, path);
    assert_true(fd >= 0);
    if (filter)
        client_ws_send(fd, 1, true, str_from(filter));
    return fd;
}

int
subscribe(const char *event)
{
    return subscribe_to(event, "{\"And\":[]}");
}

struct json *
next_events(int fd)
{
    struct buf text;
    struct json *root = NULL;
    struct diag d = {0};
    buf_init(&text, DRILL_MESSAGE_MAX);
    client_ws_text(fd, &text);
    /* Whatever a terminal might obey is escaped. */
    assert_int_equal(str_find_byte(buf_str(&text), '\x1b'), -1);
    if (json_parse(buf_str(&text), DRILL_MESSAGE_MAX, &root, &d))
        fail_msg("%s: %s", diag_text(&d), buf_c(&text));
    assert_true(json_is_array(root) && json_count(root) > 0);
    buf_release(&text);
    return root;
}

uint64_t
next_height(int fd)
{
    struct json *events = next_events(fd);
    uint64_t height = number_at(json_at(events, 0), "block_height");
    json_free(events);
    return height;
}

void
drill_build(unsigned block_ms, const char *const modes[3])
{
    const struct serve_config config = {.block_time_ms = block_ms, .seed = 5};
    serve_child_start(&drill_child, &config);
    client_make_account(drill_child.port, "alice.test.near", NULL);
    client_make_portfolio(drill_child.port, modes);
}

int
drill_start(void **state)
{
    (void)state;
    drill_build(DRILL_BLOCK_MS, NULL);
    return 0;
}

int
drill_start_quick(void **state)
{
    (void)state;
    drill_build(SERVE_MIN_BLOCK_MS, NULL);
    return 0;
}

int
drill_stop(void **state)
{
    (void)state;
    return serve_child_stop(&drill_child, SIGTERM);
}
