/* Whole sessions, recorded request by request: everything a follower was told must be judged
 * and decoded, and end in the truth of the last answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "net/rpc.h"
#include "tests/support/net_follower.h"

struct session {
    struct hash tx;
    struct net_follower follower;
    int lines, statuses;
};

static void
on_event(void *context, const struct event *ev)
{
    net_follower_event(context, ev);
}

static enum err
decode_line(const struct session *s, const struct json *line, struct str method,
            const struct json *result, struct event_list *list, struct diag *d)
{
    const struct json *params = json_find(line, "params");
    struct str word;
    if (str_equal_c(method, "EXPERIMENTAL_tx_status") || str_equal_c(method, "send_tx"))
        return decode_tx_status(result, &s->tx, list, d);
    if (str_equal_c(method, "EXPERIMENTAL_receipt"))
        return decode_receipt(result, &s->tx, list, d);
    if (str_equal_c(method, "block")) {
        bool is_final = json_get_string(params, "finality", &word, NULL) == OK &&
                        str_equal_c(word, "final");
        return decode_block(result, is_final, list, d);
    }
    if (str_equal_c(method, "query")) {
        struct access_key_answer answer;
        return decode_access_key(result, list->arena, &answer, d);
    }
    return OK;
}

static void
hear_line(struct session *s, const struct json *line, const char *file)
{
    struct buf body;
    struct json *root;
    struct rpc_reply reply;
    struct arena arena;
    struct event_list list;
    struct diag d = {0};
    struct str method;
    uint64_t status;
    assert_int_equal(json_get_string(line, "method", &method, NULL), OK);
    assert_int_equal(json_get_u64(line, "http", &status, NULL), OK);
    buf_init(&body, JSON_BYTES_MAX);
    json_print(json_find(line, "response"), &body);
    rpc_judge(&(struct http_answer){.status = (long)status, .body = buf_str(&body),
                                    .was_heard = true}, "node", "x", &reply, &root);
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 0);
    if (reply.fault == RPC_FINE && decode_line(s, line, method, reply.result, &list, &d))
        fail_msg("%s: %.*s: %s", file, STR_ARG(method), diag_text(&d));
    if (reply.fault != RPC_FINE && reply.fault != RPC_UNKNOWN_TRANSACTION)
        fail_msg("%s: %.*s: %s", file, STR_ARG(method), diag_text(&reply.diag));
    s->statuses += str_equal_c(method, "EXPERIMENTAL_tx_status");
    event_list_emit(&list, on_event, &s->follower);
    event_list_release(&list);
    arena_release(&arena);
    json_free(root);
    buf_release(&body);
}

static void
hear_session(const char *file, size_t receipts, uint64_t gas)
{
    struct buf text;
    struct session s = {.lines = 0};
    buf_init(&text, JSON_BYTES_MAX);
    assert_int_equal(file_read(file, &text, NULL), OK);
    struct str rest = buf_str(&text), line;
    while (str_take_until(&rest, '\n', &line)) {
        struct json *root = NULL;
        struct str hash;
        assert_int_equal(json_parse(line, JSON_BYTES_MAX, &root, NULL), OK);
        if (s.lines++ == 0) {
            assert_int_equal(json_get_string(root, "tx_hash", &hash, NULL), OK);
            assert_int_equal(hash_parse(hash, &s.tx, NULL), OK);
        } else {
            hear_line(&s, root, file);
        }
        json_free(root);
    }
    buf_release(&text);
    assert_true(s.statuses > 10);
    assert_true(net_follower_is_complete(&s.follower));
    assert_int_equal(s.follower.state, TX_FINAL);
    assert_int_equal(s.follower.count, receipts + 1);
    assert_true(net_follower_gas(&s.follower) == gas);
}

static void
live__portfolio_ok(void **state)
{
    (void)state;
    hear_session("tests/data/live/portfolio_ok.ndjson", 10, UINT64_C(7537284636922));
}

static void
live__portfolio_lending_panics(void **state)
{
    (void)state;
    hear_session("tests/data/live/portfolio_lending_panics.ndjson", 10,
                 UINT64_C(7553060891673));
}

static void
live__portfolio_sequential(void **state)
{
    (void)state;
    hear_session("tests/data/live/portfolio_sequential.ndjson", 14,
                 UINT64_C(10516813513355));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live__portfolio_ok),
        cmocka_unit_test(live__portfolio_lending_panics),
        cmocka_unit_test(live__portfolio_sequential),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
