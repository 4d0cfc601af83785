/* The feed: what a call tells its subscribers, and how subscribers are treated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/drill_case.h"

enum { EVENTS_MAX = 64 };

/* Until nothing of what was done before is still to be told. */
static void
settle(void)
{
    uint64_t head = height_of("optimistic");
    while (height_of("final") < head + 3)
        ;
}

static int
start(void **state)
{
    static const char *const modes[] = {"none", "log", "panic"};
    (void)state;
    drill_build(40, modes);
    settle();
    return 0;
}

static void
assert_keys(const struct json *event, const char *const *keys)
{
    size_t i = 0;
    for (const struct json *v = json_first(event); v; v = json_next(v), i++) {
        if (!keys[i] || !str_equal_c(json_key(v), keys[i]))
            fail_msg("key %zu is %.*s", i, STR_ARG(json_key(v)));
    }
    assert_null(keys[i]);
}

/* --- a call ------------------------------------------------------------------------------- */

static const char *const outcome_keys[] = {
    "block_hash", "block_height", "block_timestamp_nanosec", "new_receipts", "outcome", "receipt",
    "shard_id", "transaction", "transaction_id", NULL};
static const char *const receipt_keys[] = {
    "block_height", "block_timestamp_nanosec", "executor_id", "predecessor_id", "receipt_id",
    "success", "transaction_id", NULL};
static const char *const transaction_keys[] = {
    "block_height", "block_timestamp_nanosec", "nonce", "priority_fee", "public_key",
    "receiver_id", "signature", "signer_id", "transaction_id", NULL};
static const char *const log_keys[] = {
    "account_id", "block_height", "block_timestamp_nanosec", "log_text", "predecessor_id",
    "receipt_id", "transaction_id", NULL};
static const char *const nep297_keys[] = {
    "account_id", "block_height", "block_timestamp_nanosec", "event_data", "event_event",
    "event_standard", "event_version", "predecessor_id", "receipt_id", "transaction_id", NULL};

/* Outcomes come as blocks run, each with what it made; a receipt is made before it runs. */
static uint64_t
follow_outcomes(int fd, const char *tx, const char *executors[], size_t count)
{
    static char made[EVENTS_MAX][HASH_TEXT];
    size_t made_count = 0, seen = 0, told_early = 0;
    uint64_t first = 0, last = 0;
    while (seen < count) {
        struct json *list = next_events(fd);
        uint64_t head = height_of("optimistic"), final = height_of("final");
        for (const struct json *e = json_first(list); e; e = json_next(e)) {
            const struct json *outcome = json_find(e, "outcome");
            const struct json *fresh = json_find(e, "new_receipts");
            struct str id = client_text_at(outcome, "id");
            assert_keys(e, outcome_keys);
            assert_true(str_equal_c(client_text_at(e, "transaction_id"), tx));
            assert_true(str_equal(client_text_at(e, "block_hash"),
                                  client_text_at(outcome, "block_hash")));
            last = number_at(e, "block_height");
            if (seen == 0)
                first = last;
            assert_true(last <= head);
            told_early += final < last;
            bool is_made = seen == 0;
            for (size_t i = 0; i < made_count; i++)
                is_made |= str_equal_c(id, made[i]);
            assert_true(is_made);
            assert_int_equal(json_is_null(json_find(e, "receipt")), seen == 0);
            assert_int_equal(json_is_null(json_find(e, "transaction")), seen != 0);
            assert_int_equal(json_count(fresh),
                             json_count(json_find(json_find(outcome, "outcome"), "receipt_ids")));
            for (const struct json *r = json_first(fresh); r; r = json_next(r))
                assert_true(str_copy(client_text_at(r, "receipt_id"), made[made_count++], HASH_TEXT));
            struct str executor = client_text_at(json_find(outcome, "outcome"), "executor_id");
            bool is_expected = false;
            for (size_t i = 0; i < count && !is_expected; i++) {
                is_expected = executors[i] && str_equal_c(executor, executors[i]);
                if (is_expected)
                    executors[i] = NULL;
            }
            if (!is_expected)
                fail_msg("nobody expected %.*s", STR_ARG(executor));
            seen++;
        }
        json_free(list);
    }
    assert_int_equal(seen, count);
    assert_int_equal(made_count, count - 1);
    /* Before they are final: not each of them, since a busy machine may be late to look. */
    assert_true(told_early > 0);
    /* The call a block later, the branches, the callback and the refunds each one more. */
    assert_int_equal(last - first, 4);
    return last;
}

static void
follow_receipts(int fd, size_t count, uint64_t last)
{
    size_t seen = 0, failed = 0, refunds = 0;
    uint64_t height = 0;
    while (seen < count) {
        struct json *list = next_events(fd);
        uint64_t of_message = number_at(json_first(list), "block_height");
        assert_true(of_message > height && of_message <= height_of("final"));
        height = of_message;
        for (const struct json *e = json_first(list); e; e = json_next(e), seen++) {
            bool success = true;
            assert_keys(e, receipt_keys);
            /* A block's events come in one message. */
            assert_int_equal(number_at(e, "block_height"), height);
            assert_int_equal(json_get_bool(e, "success", &success, NULL), OK);
            failed += !success;
            refunds += str_equal(client_text_at(e, "predecessor_id"), STR("system"));
        }
        json_free(list);
    }
    assert_int_equal(seen, count);
    assert_int_equal(failed, 1);
    assert_int_equal(refunds, 5);
    assert_int_equal(height, last);
}

static void
feed__tells_a_call__as_it_happens(void **state)
{
    const char *executors[] = {
        "alice.test.near", "portfolio.test.near", "token.test.near", "lending.test.near",
        "staking.test.near", "portfolio.test.near", "alice.test.near", "alice.test.near",
        "alice.test.near", "alice.test.near", "alice.test.near"};
    static const char all[] = "{\"And\":[]}";
    struct hash hash;
    char tx[HASH_TEXT];
    (void)state;
    int outcomes = subscribe_to("outcome_optimistic", all), receipts = subscribe_to("tx_receipt", all);
    int transactions = subscribe_to("tx_transaction", all), logs = subscribe_to("log_text", all);
    int events = subscribe_to("log_nep297", all);
    call_portfolio(&hash);
    hash_text(&hash, tx);
    uint64_t last = follow_outcomes(outcomes, tx, executors, ARRAY_LEN(executors));
    follow_receipts(receipts, ARRAY_LEN(executors) - 1, last);
    /* The transaction comes when all is over, with the last block's height. */
    struct json *list = next_events(transactions);
    assert_int_equal(json_count(list), 1);
    assert_keys(json_first(list), transaction_keys);
    assert_true(str_equal_c(client_text_at(json_first(list), "transaction_id"), tx));
    assert_int_equal(number_at(json_first(list), "block_height"), last);
    json_free(list);
    /* Logs of receipts that went well: not of the branch that panicked. */
    list = next_events(logs);
    for (const struct json *e = json_first(list); e; e = json_next(e)) {
        assert_keys(e, log_keys);
        assert_true(str_equal(client_text_at(e, "account_id"), STR("lending.test.near")));
    }
    assert_int_equal(json_count(list), 2);
    json_free(list);
    list = next_events(events);
    assert_int_equal(json_count(list), 1);
    assert_keys(json_first(list), nep297_keys);
    assert_true(client_text_at(json_first(list), "event_standard").n > 0);
    json_free(list);
    close(outcomes);
    close(receipts);
    close(transactions);
    close(logs);
    close(events);
}

static void
feed__tells_one_transaction_only__when_it_is_asked_for(void **state)
{
    struct hash first, second;
    char filter[200], tx[HASH_TEXT];
    (void)state;
    int all = subscribe_to("tx_transaction", "{\"And\":[]}");
    call_portfolio(&first);
    struct json *list = next_events(all);
    json_free(list);
    /* Signed before it is sent: a client knows the hash and subscribes first. */
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct buf params;
    buf_init(&params, 10000);
    buf_add_c(&params, "[\"");
    client_sign(drill_child.port, "alice.test.near", "test.near", &transfer, 1, 0, &params, &second);
    buf_add_c(&params, "\"]");
    snprintf(filter, sizeof(filter),
             "{\"And\":[{\"path\":\"transaction_id\",\"operator\":{\"Equals\":\"%s\"}}]}",
             hash_text(&second, tx));
    int one = subscribe_to("outcome_optimistic", filter);
    struct hash other;
    json_free(client_call(drill_child.port, "broadcast_tx_async", buf_c(&params), NULL));
    client_make_account(drill_child.port, "other.test.near", NULL);
    call_portfolio(&other);
    size_t seen = 0;
    while (seen < 2) {
        list = next_events(one);
        for (const struct json *e = json_first(list); e; e = json_next(e), seen++)
            assert_true(str_equal_c(client_text_at(e, "transaction_id"), tx));
        json_free(list);
    }
    buf_release(&params);
    close(one);
    close(all);
}

/* --- blocks ------------------------------------------------------------------------------- */

static void
feed__tells_every_block_once_and_only_when_final(void **state)
{
    static const char *const keys[] = {
        "block_hash", "block_height", "block_producer", "block_timestamp_nanosec",
        "receipt_count", "transaction_count", NULL};
    uint64_t height = 0;
    (void)state;
    int fd = subscribe_to("block_info", "{\"And\":[]}");
    for (int i = 0; i < 10; i++) {
        struct json *list = next_events(fd);
        const struct json *e = json_first(list);
        assert_int_equal(json_count(list), 1);
        assert_keys(e, keys);
        if (height)
            assert_int_equal(number_at(e, "block_height"), height + 1);
        height = number_at(e, "block_height");
        assert_true(height <= height_of("final"));
        json_free(list);
    }
    close(fd);
}

static void
feed__is_silent__before_the_filter(void **state)
{
    (void)state;
    int quiet = subscribe_to("block_info", NULL), loud = subscribe_to("block_info", "{\"And\":[]}");
    uint64_t height = 0;
    for (int i = 0; i < 5; i++) {
        struct json *list = next_events(loud);
        height = number_at(json_first(list), "block_height");
        json_free(list);
    }
    client_ws_send(quiet, 1, true, STR("{\"And\":[]}"));
    struct json *list = next_events(quiet);
    assert_true(number_at(json_first(list), "block_height") > height);
    json_free(list);
    close(quiet);
    close(loud);
}

static void
feed__goes_by_the_newest_filter(void **state)
{
    char filter[200];
    (void)state;
    int fd = subscribe_to("block_info", "{\"Or\":[]}");
    uint64_t least = height_of("optimistic") + 3;
    snprintf(filter, sizeof(filter),
             "{\"And\":[{\"path\":\"block_height\",\"operator\":{\"GreaterOrEqual\":%llu}}]}",
             (unsigned long long)least);
    client_ws_send(fd, 1, true, str_from(filter));
    struct json *list = next_events(fd);
    assert_int_equal(number_at(json_first(list), "block_height"), least);
    json_free(list);
    close(fd);
}

static void
feed__ends_the_connection__for_a_bad_filter(void **state)
{
    static const struct {
        const char *filter, *text, *reason;
    } rows[] = {
        {"{\"And\":", "Invalid filter: ", "Invalid filter"},
        {"{\"Nand\":[]}", "Invalid filter: unknown variant `Nand`", "Invalid filter"},
        {"{\"And\":[{\"path\":\"x\",\"operator\":{\"Equals\":1}}]}",
         "Error evaluating filter: Path not found: x",
         "Error evaluating filter: PathNotFound(\"x\")"},
        {"{\"And\":[{\"path\":\"block_timestamp_nanosec\",\"operator\":{\"LessThan\":1}}]}",
         "Error evaluating filter: Type mismatch: expected number, got String(\"",
         "Error evaluating filter: TypeMismatch { expected: \"number\", got: \"String("},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf payload;
        buf_init(&payload, DRILL_MESSAGE_MAX);
        int fd = subscribe_to("block_info", rows[i].filter);
        client_ws_text(fd, &payload);
        assert_true(str_starts(buf_str(&payload), str_from(rows[i].text)));
        assert_int_equal(client_ws_next(fd, &payload, true), 8);
        assert_true(payload.n >= 2);
        assert_int_equal((unsigned char)payload.p[0] << 8 | (unsigned char)payload.p[1], 1007);
        assert_true(str_starts(str_slice(buf_str(&payload), 2, payload.n),
                               str_from(rows[i].reason)));
        assert_int_equal(client_ws_next(fd, &payload, true), -1);
        buf_release(&payload);
        close(fd);
    }
}

static void
feed__drops_or_spoils__when_a_drill_says_so(void **state)
{
    struct json *root;
    struct buf payload;
    (void)state;
    buf_init(&payload, DRILL_MESSAGE_MAX);
    int fd = subscribe_to("block_info", NULL);
    client_result(drill_child.port, "neartop_fault", "{\"kind\":\"wsgarbage\",\"count\":1}", &root);
    json_free(root);
    client_ws_send(fd, 1, true, STR("{\"And\":[]}"));
    client_ws_text(fd, &payload);
    assert_false(json_is_valid(buf_str(&payload)));
    json_free(next_events(fd));
    client_result(drill_child.port, "neartop_fault", "{\"kind\":\"wsdrop\",\"count\":1}", &root);
    json_free(root);
    int opcode;
    do
        opcode = client_ws_next(fd, &payload, true);
    while (opcode == 1);
    assert_int_equal(opcode, -1);
    buf_release(&payload);
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feed__tells_a_call__as_it_happens),
        cmocka_unit_test(feed__tells_one_transaction_only__when_it_is_asked_for),
        cmocka_unit_test(feed__tells_every_block_once_and_only_when_final),
        cmocka_unit_test(feed__is_silent__before_the_filter),
        cmocka_unit_test(feed__goes_by_the_newest_filter),
        cmocka_unit_test(feed__ends_the_connection__for_a_bad_filter),
        cmocka_unit_test(feed__drops_or_spoils__when_a_drill_says_so),
    };
    return cmocka_run_group_tests(tests, start, drill_stop);
}
