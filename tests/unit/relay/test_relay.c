/* The relay in front of the embedded chain: what its subscribers are told is what the chain knows,
 * and what they cost the endpoint is one poller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/near/base58.h"
#include "tests/support/net_wait.h"
#include "tests/support/relay_scene.h"

/* --- tests -------------------------------------------------------------------------------- */

static void
follow_with(size_t consoles)
{
    struct relay_scene s = {.count = consoles, .wanted = CALL_OUTCOMES};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT];
    relay_scene_begin(&s);
    relay_scene_sign(&signed_bytes, &tx);
    for (size_t i = 0; i < s.count; i++) {
        console_filter_by(&s.consoles[i], "transaction_id", hash_text(&tx, text));
        console_open(s.loop, &s.consoles[i], relay_port(s.relay), "outcome_optimistic", NULL);
    }
    net_wait_until(s.loop, relay_scene_have_opened, &s);
    uint64_t from = relay_scene_head();
    relay_scene_send(&signed_bytes);
    net_wait_until(s.loop, relay_scene_have_heard, &s);
    uint64_t blocks = relay_scene_head() - from + 2;
    relay_scene_assert_truth(&s, &tx);
    /* A block's own request, a look that came too early, the status; each receipt a few times. */
    assert_in_range(relay_requests(s.relay), 1, blocks * 3 + CALL_OUTCOMES * 4);
    assert_string_equal(s.trouble, "");
    relay_scene_end(&s);
}

static void
relay__tells_every_outcome__of_a_call_that_a_filter_names(void **state)
{
    (void)state;
    follow_with(1);
}

static void
relay__costs_one_poller__for_many_consoles(void **state)
{
    (void)state;
    follow_with(CONSOLES);
}

static void
relay__finds_calls__for_filters_that_name_accounts(void **state)
{
    struct relay_scene s = {.count = 2, .wanted = 1};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT];
    (void)state;
    relay_scene_begin(&s);
    /* Deep in the tree: the transaction is found by who signed the receipt. */
    console_filter_by(&s.consoles[0], "executor_id", "staking.test.near");
    console_open(s.loop, &s.consoles[0], relay_port(s.relay), "tx_receipt", NULL);
    console_filter_by(&s.consoles[1], "signer_id", "alice.test.near");
    console_open(s.loop, &s.consoles[1], relay_port(s.relay), "tx_transaction", NULL);
    net_wait_until(s.loop, relay_scene_have_opened, &s);
    relay_scene_sign(&signed_bytes, &tx);
    relay_scene_send(&signed_bytes);
    net_wait_count(s.loop, &s.consoles[0].messages, 1);
    net_wait_count(s.loop, &s.consoles[1].messages, 1);
    assert_non_null(strstr(s.consoles[0].last, hash_text(&tx, text)));
    assert_non_null(strstr(s.consoles[0].last, "\"executor_id\":\"staking.test.near\""));
    assert_non_null(strstr(s.consoles[1].last, hash_text(&tx, text)));
    assert_non_null(strstr(s.consoles[1].last, "\"receiver_id\":\"portfolio.test.near\""));
    relay_scene_end(&s);
}

static void
relay__asks_nothing__while_nobody_listens(void **state)
{
    struct relay_scene s = {.count = 1};
    (void)state;
    relay_scene_begin(&s);
    assert_int_equal(relay_requests(s.relay), 0);
    /* A subscription without a filter wants nothing. */
    console_open(s.loop, &s.consoles[0], relay_port(s.relay), "block_info", NULL);
    net_wait_until(s.loop, relay_scene_have_opened, &s);
    assert_int_equal(relay_requests(s.relay), 0);
    ws_send(s.consoles[0].ws, STR("{\"And\":[]}"));
    net_wait_until(s.loop, relay_scene_has_heard, &s);
    assert_true(relay_requests(s.relay) > 0);
    relay_scene_end(&s);
}

static void
relay__is_harmed_by_nobody__whatever_others_send(void **state)
{
    static const char *const filters[] = {
        "{", "[]", "{\"And\":[{\"path\":\"nothing\",\"operator\":{\"Equals\":1}}]}",
        "{\"And\":[{\"path\":\"shard_id\",\"operator\":{\"StartsWith\":\"x\"}}]}"};
    enum { BAD = ARRAY_LEN(filters) };
    struct relay_scene s = {.count = BAD + 1, .wanted = CALL_OUTCOMES};
    struct buf signed_bytes;
    struct hash tx;
    char text[HASH_TEXT];
    int mute[4];
    (void)state;
    relay_scene_begin(&s);
    relay_scene_sign(&signed_bytes, &tx);
    /* Connections that say nothing, or half of a request. */
    for (size_t i = 0; i < ARRAY_LEN(mute); i++) {
        mute[i] = client_connect(relay_port(s.relay));
        if (i % 2)
            client_send(mute[i], STR("GET /events/block_info HTTP/1.1\r\nUpgrade: webs"));
    }
    for (size_t i = 0; i < BAD; i++) {
        snprintf(s.consoles[i + 1].filter, sizeof(s.consoles[i + 1].filter), "%s", filters[i]);
        console_open(s.loop, &s.consoles[i + 1], relay_port(s.relay), "outcome_optimistic", NULL);
    }
    console_filter_by(&s.consoles[0], "transaction_id", hash_text(&tx, text));
    console_open(s.loop, &s.consoles[0], relay_port(s.relay), "outcome_optimistic", NULL);
    net_wait_until(s.loop, relay_scene_have_opened, &s);
    relay_scene_send(&signed_bytes);
    s.count = 1;
    net_wait_until(s.loop, relay_scene_have_heard, &s);
    relay_scene_assert_truth(&s, &tx);
    s.count = BAD + 1;
    /* A bad filter ends its own connection; so does one that cannot be evaluated. */
    for (size_t i = 1; i < s.count; i++)
        net_wait_count(s.loop, &s.consoles[i].ended, 1);
    assert_int_equal(s.consoles[0].ended, 0);
    relay_scene_end(&s);
    for (size_t i = 0; i < ARRAY_LEN(mute); i++)
        close(mute[i]);
}

static void
relay__wants_its_token__when_it_has_one(void **state)
{
    static const char token[] = "a-token-of-many-letters";
    static const char *const tries[] = {NULL, "a-token-of-many-letter", "another one altogether",
                                        "a-token-of-many-letters"};
    struct loop *loop = loop_new();
    struct relay *relay = NULL;
    struct console consoles[ARRAY_LEN(tries)] = {0};
    struct relay_scene unused = {0};
    (void)state;
    assert_int_equal(relay_start(loop, &(struct relay_config){
        .address = "127.0.0.1", .token = token, .trouble = relay_scene_trouble, .context = &unused,
        .endpoints = &(struct endpoint_config){.url = "http://127.0.0.1:1"}, .endpoint_count = 1},
        &relay, NULL), OK);
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        console_open(loop, &consoles[i], relay_port(relay), "block_info", tries[i]);
        bool is_right = i == ARRAY_LEN(tries) - 1;
        net_wait_count(loop, is_right ? &consoles[i].opened : &consoles[i].ended, 1);
        if (!is_right)
            assert_int_equal(consoles[i].http_status, 401);
        ws_close(consoles[i].ws);
    }
    relay_stop(relay);
    loop_free(loop);
    relay_free(relay);
}

static void
relay__refuses_to_open__to_others_without_a_token(void **state)
{
    struct relay *relay = NULL;
    struct diag d = {0};
    struct relay_config config = {.address = "0.0.0.0"};
    (void)state;
    assert_int_equal(relay_start(NULL, &config, &relay, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "needs a token"));
    config.token = "short";
    assert_int_equal(relay_start(NULL, &config, &relay, &d), ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "too short"));
    assert_null(relay);
}

static void
relay_parse_listen__takes_what_people_write(void **state)
{
    static const struct {
        const char *text, *address;
        int port;
    } rows[] = {
        {"", "127.0.0.1", RELAY_PORT},      {"4000", "127.0.0.1", 4000},
        {":4000", "127.0.0.1", 4000},       {"localhost", "127.0.0.1", RELAY_PORT},
        {"0.0.0.0", "0.0.0.0", RELAY_PORT}, {"10.1.2.3:0", "10.1.2.3", 0},
        {"[::1]:4000", NULL, 0},            {"relay.example:4000", NULL, 0},
        {"1.2.3:4", NULL, 0},               {"1.2.3.256", NULL, 0},
        {"127.0.0.1:65536", NULL, 0},       {"127.0.0.1:x", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char address[RELAY_ADDRESS_MAX] = "";
        int port = -1;
        struct diag d = {0};
        enum err e = relay_parse_listen(str_from(rows[i].text), address, &port, &d);
        assert_int_equal(e, rows[i].address ? OK : ERR_SYNTAX);
        if (!rows[i].address)
            continue;
        assert_string_equal(address, rows[i].address);
        assert_int_equal(port, rows[i].port);
    }
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relay__tells_every_outcome__of_a_call_that_a_filter_names),
        cmocka_unit_test(relay__costs_one_poller__for_many_consoles),
        cmocka_unit_test(relay__finds_calls__for_filters_that_name_accounts),
        cmocka_unit_test(relay__asks_nothing__while_nobody_listens),
        cmocka_unit_test(relay__is_harmed_by_nobody__whatever_others_send),
        cmocka_unit_test(relay__wants_its_token__when_it_has_one),
        cmocka_unit_test(relay__refuses_to_open__to_others_without_a_token),
        cmocka_unit_test(relay_parse_listen__takes_what_people_write),
    };
    return cmocka_run_group_tests(tests, relay_chain_start, relay_chain_stop);
}
