/* Drills of the feed and of blocks: messages lost, doubled, out of order; blocks that come late, are
 * thrown away, or are replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/near/base58.h"
#include "tests/support/drill_case.h"

enum { TIDS = 64 };

/* --- messages of the feed ----------------------------------------------------------------- */

/* A feed of blocks, which has one message a block, numbers in a row but for what is spoilt. */
static void
drill_of_messages__loses_doubles_and_swaps(void **state)
{
    (void)state;
    int blocks = subscribe("block_info");
    uint64_t height = next_height(blocks), next;
    drill_set("wslose=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height + 2);
    height = next;
    drill_set("wsdouble=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height);
    drill_set("wsswap=1");
    while ((next = next_height(blocks)) == height + 1)
        height = next;
    assert_int_equal(next, height + 2);
    assert_int_equal(next_height(blocks), height + 1);
    for (int i = 3; i < 8; i++)
        assert_int_equal(next_height(blocks), height + i);
    close(blocks);
}

/* Every connection ends where it is said, and a new one begins anew. */
static void
drill_wsafter__cuts_each_connection__at_the_nth_message(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, DRILL_MESSAGE_MAX);
    drill_set("wsafter=3");
    for (int i = 0; i < 2; i++) {
        int blocks = subscribe("block_info");
        uint64_t height = next_height(blocks);
        assert_int_equal(next_height(blocks), height + 1);
        assert_int_equal(client_ws_next(blocks, &text, true), -1);
        close(blocks);
    }
    drill_set("wsafter=off");
    buf_release(&text);
}

/* --- blocks ------------------------------------------------------------------------------- */

static void
drill_stale__falls_behind__then_catches_up(void **state)
{
    struct json *root;
    bool is_syncing = false;
    (void)state;
    int blocks = subscribe("block_info");
    uint64_t before = next_height(blocks);
    drill_set("stale=5");
    while (!is_syncing) {
        const struct json *result = client_result(drill_child.port, "status", "[]", &root);
        assert_int_equal(json_get_bool(json_find(result, "sync_info"), "syncing", &is_syncing, NULL),
                         OK);
        json_free(root);
    }
    assert_cause("health", "[]", "NODE_IS_SYNCING", 200);
    while (is_syncing) {
        const struct json *result = client_result(drill_child.port, "status", "[]", &root);
        assert_int_equal(json_get_bool(json_find(result, "sync_info"), "syncing", &is_syncing, NULL),
                         OK);
        json_free(root);
    }
    /* None is missing. */
    for (int i = 0; i < 10; i++)
        assert_int_equal(next_height(blocks), ++before);
    close(blocks);
}

static void
drill_old__has_thrown_away__what_is_older(void **state)
{
    struct hash tx;
    char params[256];
    struct json *root;
    (void)state;
    pay_one("token.test.near", &tx);
    assert_comes_through(&tx);
    uint64_t height = height_of("optimistic");
    wait_for_height(height + 8);
    drill_set("old=6");
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)height);
    assert_cause("block", params, "UNKNOWN_BLOCK", 422);
    snprintf(params, sizeof(params), "[%llu]", (unsigned long long)height);
    assert_cause("block", params, "UNKNOWN_BLOCK", 200);
    snprintf(params, sizeof(params), "{\"block_id\":%llu,\"shard_id\":0}", (unsigned long long)height);
    assert_cause("chunk", params, "UNKNOWN_CHUNK", 200);
    snprintf(params, sizeof(params),
             "{\"block_id\":%llu,\"request_type\":\"view_account\",\"account_id\":\"token.test.near\"}",
             (unsigned long long)height);
    assert_cause("query", params, "GARBAGE_COLLECTED_BLOCK", 200);
    status_params(&tx, "NONE", params);
    assert_cause("tx", params, "UNKNOWN_TRANSACTION", 200);
    const struct json *status = client_result(drill_child.port, "status", "[]", &root);
    assert_true(number_at(json_find(status, "sync_info"), "earliest_block_height") > height);
    json_free(root);
    drill_set("old=off");
    client_result(drill_child.port, "tx", params, &root);
    json_free(root);
}

struct told {
    char id[TIDS][HASH_TEXT], block[TIDS][HASH_TEXT];
    uint64_t height[TIDS];
    size_t count;
};

static void
hear(struct told *t, const struct json *events)
{
    for (const struct json *e = json_first(events); e; e = json_next(e), t->count++) {
        assert_true(t->count < TIDS);
        assert_true(str_copy(text_at(json_find(e, "outcome"), "id"), t->id[t->count], HASH_TEXT));
        assert_true(str_copy(text_at(e, "block_hash"), t->block[t->count], HASH_TEXT));
        t->height[t->count] = number_at(e, "block_height");
    }
}

static bool
is_told(const struct told *t, struct str id, struct str block)
{
    for (size_t i = 0; i < t->count; i++) {
        if (str_equal_c(id, t->id[i]) && str_equal_c(block, t->block[i]))
            return true;
    }
    return false;
}

/* All that has become final was told as well, when it ran. */
static void
hear_the_rest(int feed, struct told *t, const struct hash *tx)
{
    char params[256];
    struct json *root;
    status_params(tx, "FINAL", params);
    const struct json *outcomes =
        json_find(client_result(drill_child.port, "tx", params, &root), "receipts_outcome");
    assert_true(json_count(outcomes) >= 9);
    for (const struct json *o = json_first(outcomes); o; o = json_next(o)) {
        while (!is_told(t, text_at(o, "id"), text_at(o, "block_hash"))) {
            struct json *events = next_events(feed);
            hear(t, events);
            json_free(events);
        }
    }
    json_free(root);
}

/* Blocks that are unknown now were replaced; at their height there is another one, or none. */
static size_t
count_replaced(const struct told *t, bool skips)
{
    size_t replaced = 0;
    for (size_t i = 0; i < t->count; i++) {
        char params[256];
        int http = 0;
        snprintf(params, sizeof(params), "{\"block_id\":\"%s\"}", t->block[i]);
        struct json *root = client_call(drill_child.port, "block", params, &http);
        bool is_gone = json_find(root, "error") != NULL;
        json_free(root);
        if (!is_gone)
            continue;
        replaced++;
        snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)t->height[i]);
        if (skips) {
            assert_cause("block", params, "UNKNOWN_BLOCK", 422);
        } else {
            client_result(drill_child.port, "block", params, &root);
            json_free(root);
        }
    }
    return replaced;
}

static void
replace_blocks(const char *fault, bool skips)
{
    struct told told = {.count = 0};
    struct hash tx;
    int feed = subscribe("outcome_optimistic"), blocks = subscribe("block_info");
    uint64_t last = next_height(blocks);
    drill_set(fault);
    call_portfolio(&tx);
    while (told.count < 8) {
        struct json *events = next_events(feed);
        hear(&told, events);
        json_free(events);
    }
    drill_set("none");
    assert_comes_through(&tx);
    hear_the_rest(feed, &told, &tx);
    assert_true(count_replaced(&told, skips) > 0);
    /* What is final comes once and in order; only heights that were skipped are missing. */
    for (uint64_t end = height_of("final"), height; last < end; last = height) {
        height = next_height(blocks);
        assert_true(skips ? height > last && height <= last + 2 : height == last + 1);
    }
    close(feed);
    close(blocks);
}

static void
drill_fork__replaces_blocks__that_were_told(void **state)
{
    (void)state;
    replace_blocks("fork=100%", true);
}

static void
drill_forksame__replaces_blocks__at_their_height(void **state)
{
    (void)state;
    replace_blocks("forksame=100%", false);
}

/* Hurrying goes on where a block was replaced; no height is lost by it. */
static void
drill_fork__lets_the_sandbox_hurry(void **state)
{
    struct json *root;
    (void)state;
    for (int i = 0; i < 4; i++) {
        uint64_t before = height_of("optimistic");
        drill_set("fork=100%");
        client_result(drill_child.port, "sandbox_fast_forward", "{\"delta_height\":300}", &root);
        json_free(root);
        assert_true(height_of("optimistic") >= before + 300);
        drill_set("none");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drill_of_messages__loses_doubles_and_swaps),
        cmocka_unit_test(drill_wsafter__cuts_each_connection__at_the_nth_message),
        cmocka_unit_test(drill_stale__falls_behind__then_catches_up),
        cmocka_unit_test(drill_old__has_thrown_away__what_is_older),
        cmocka_unit_test(drill_fork__replaces_blocks__that_were_told),
        cmocka_unit_test(drill_forksame__replaces_blocks__at_their_height),
        cmocka_unit_test(drill_fork__lets_the_sandbox_hurry),
    };
    return cmocka_run_group_tests(tests, drill_start, drill_stop);
}
