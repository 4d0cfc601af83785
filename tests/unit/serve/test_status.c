/* How a transaction is seen to go: every distinct answer of the recorded polls, in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/arena.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/json_file.h"
#include "tests/support/serve_client.h"

enum { STEPS_MAX = 40, STEP_TEXT = 1024 };

static struct serve_child child;

static int
start(void **state)
{
    /* Long enough to be polled many times a block. */
    const struct serve_config config = {.block_time_ms = 60};
    *state = &child;
    serve_child_start(&child, &config);
    client_make_account(child.port, "alice.test.near", NULL);
    client_make_account(child.port, "zed.test.near", NULL);
    client_make_portfolio(child.port, NULL);
    client_do(child.port, "token.test.near", "token.test.near", "mint",
              "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
    return 0;
}

static struct json *
load(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "tests/data/node/%s.json", name);
    return json_file_read(path);
}

/* --- an answer as a line ------------------------------------------------------------------ */

/* Blocks between the transaction's and this one, by a table hash -> block. */
static uint64_t
height_of(const struct json *blocks, struct str hash)
{
    uint64_t height = 0;
    for (const struct json *b = json_first(blocks); b; b = json_next(b)) {
        if (str_equal(json_key(b), hash) &&
            json_get_u64(json_find(b, "header"), "height", &height, NULL) == OK)
            return height;
    }
    fail_msg("block %.*s was not recorded", STR_ARG(hash));
    return 0;
}

/* Asked for once: the polls in between must be quicker than the blocks. */
static uint64_t
height_here(struct str hash)
{
    static struct {
        char hash[HASH_TEXT];
        uint64_t height;
    } seen[256];
    static size_t count;
    char params[128];
    struct json *root;
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(hash, seen[i].hash))
            return seen[i].height;
    }
    assert_true(count < ARRAY_LEN(seen) && str_copy(hash, seen[count].hash, HASH_TEXT));
    snprintf(params, sizeof(params), "{\"block_id\":\"%.*s\"}", STR_ARG(hash));
    const struct json *block = client_result(child.port, "block", params, &root);
    assert_int_equal(
        json_get_u64(json_find(block, "header"), "height", &seen[count].height, NULL), OK);
    json_free(root);
    return seen[count++].height;
}

static uint64_t
height(const struct json *blocks, struct str hash)
{
    return blocks ? height_of(blocks, hash) : height_here(hash);
}

/* "EXECUTED SuccessValue: call+1 ok, token+2 ok, …" or the name of the error. */
static void
describe(const struct json *answer, const struct json *blocks, char out[STEP_TEXT])
{
    struct buf line;
    const struct json *result = json_find(answer, "result");
    buf_init(&line, STEP_TEXT - 1);
    if (!result) {
        buf_add_str(&line, client_text_at(json_find(json_find(answer, "error"), "cause"), "name"));
    } else {
        const struct json *tx = json_find(result, "transaction_outcome");
        buf_add_str(&line, client_text_at(result, "final_execution_status"));
        if (tx) {
            uint64_t first = height(blocks, client_text_at(tx, "block_hash"));
            const struct json *status = json_find(result, "status");
            const struct json *list = json_find(result, "receipts_outcome");
            buf_add_byte(&line, ' ');
            if (json_is_object(status))
                buf_add_str(&line, json_key(json_first(status)));
            else
                json_print(status, &line);
            buf_addf(&line, " %zu receipts:", json_count(json_find(result, "receipts")));
            for (const struct json *o = json_first(list); o; o = json_next(o)) {
                const struct json *inner = json_find(o, "outcome");
                struct str how = json_key(json_first(json_find(inner, "status")));
                buf_addf(&line, " %.*s+%llu:%.*s", STR_ARG(client_text_at(inner, "executor_id")),
                         (unsigned long long)(height(blocks, client_text_at(o, "block_hash")) - first),
                         STR_ARG(how));
            }
        }
    }
    assert_true(str_copy(buf_str(&line), out, STEP_TEXT));
    buf_release(&line);
}

/* --- the same transaction again ----------------------------------------------------------- */

static void
read_action(const struct json *v, struct action *out, struct arena *arena)
{
    const struct json *call = json_find(v, "FunctionCall"), *transfer = json_find(v, "Transfer");
    const struct json *body = call ? call : transfer;
    *out = (struct action){.kind = call ? ACTION_FUNCTION_CALL : ACTION_TRANSFER};
    assert_int_equal(amount_parse(client_text_at(body, "deposit"), &out->deposit, NULL), OK);
    if (!call)
        return;
    struct buf args;
    buf_init(&args, 100000);
    assert_int_equal(base64_decode(client_text_at(body, "args"), &args, NULL), OK);
    out->args = arena_str(arena, buf_str(&args));
    out->method = arena_str(arena, client_text_at(body, "method_name"));
    assert_int_equal(json_get_u64(body, "gas", &out->gas, NULL), OK);
    buf_release(&args);
}

static void
send_again(const struct json *transaction, struct hash *hash, char signer[ACCOUNT_MAX + 1])
{
    struct arena arena;
    struct action actions[4];
    char receiver[ACCOUNT_MAX + 1];
    const struct json *list = json_find(transaction, "actions");
    size_t count = json_count(list);
    arena_init(&arena);
    assert_true(count <= ARRAY_LEN(actions));
    for (size_t i = 0; i < count; i++)
        read_action(json_at(list, i), &actions[i], &arena);
    assert_true(str_copy(client_text_at(transaction, "signer_id"), signer, ACCOUNT_MAX + 1));
    assert_true(str_copy(client_text_at(transaction, "receiver_id"), receiver, sizeof(receiver)));
    json_free(client_transact(child.port, signer, receiver, actions, count, "NONE", hash));
    arena_release(&arena);
}

struct steps {
    char text[STEPS_MAX][STEP_TEXT];
    size_t count;
};

/* Neighbours that say the same are one step: proofs and the like may differ. */
static void
add_step(struct steps *s, const char *step)
{
    if (s->count && strcmp(s->text[s->count - 1], step) == 0)
        return;
    assert_true(s->count < STEPS_MAX);
    memcpy(s->text[s->count++], step, STEP_TEXT);
}

static void
poll_again(const struct json *transaction, struct steps *out)
{
    struct hash hash;
    char signer[ACCOUNT_MAX + 1], params[256], text[HASH_TEXT], step[STEP_TEXT] = "";
    out->count = 0;
    send_again(transaction, &hash, signer);
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"NONE\"}",
             hash_text(&hash, text), signer);
    while (!str_starts(str_from(step), STR("FINAL"))) {
        struct json *answer = client_call(child.port, "EXPERIMENTAL_tx_status", params, NULL);
        describe(answer, NULL, step);
        add_step(out, step);
        json_free(answer);
    }
}

/* On a busy machine a poll may come too late for a block: steps are missing then, but none is
 * wrong, and another try is fair. */
static bool
has_only_missed(const struct steps *ours, const struct steps *theirs)
{
    size_t found = 0;
    for (size_t i = 0; i < theirs->count && found < ours->count; i++)
        found += strcmp(ours->text[found], theirs->text[i]) == 0;
    return found == ours->count && ours->count < theirs->count;
}

static void
assert_same_timeline(const char *name)
{
    static struct steps theirs, ours;
    struct json *recorded = load(name);
    const struct json *timeline = json_find(recorded, "timeline"), *last = NULL;
    theirs.count = 0;
    for (const struct json *t = json_first(timeline); t; t = json_next(t)) {
        char step[STEP_TEXT];
        last = json_find(t, "result");
        describe(t, json_find(recorded, "blocks"), step);
        add_step(&theirs, step);
    }
    int tries = 5;
    do
        poll_again(json_find(last, "transaction"), &ours);
    while (has_only_missed(&ours, &theirs) && --tries > 0);
    for (size_t i = 0; i < theirs.count || i < ours.count; i++) {
        const char *a = i < theirs.count ? theirs.text[i] : "nothing";
        const char *b = i < ours.count ? ours.text[i] : "nothing";
        if (strcmp(a, b) != 0)
            fail_msg("%s, step %zu:\n  recorded %s\n  here     %s", name, i, a, b);
    }
    json_free(recorded);
}

static void
tx_status__goes_through_the_recorded_answers(void **state)
{
    static const char *const names[] = {"portfolio_ok", "portfolio_missing_account",
                                        "portfolio_local_receipt", "portfolio_deposit",
                                        "portfolio_detached", "transfer"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_same_timeline(names[i]);
}

/* --- waiting ------------------------------------------------------------------------------ */

/* The next transaction's nonce comes from the state that this one leaves behind. */
static void
wait_until_final(const struct hash *hash)
{
    char params[256], text[HASH_TEXT];
    struct json *root;
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"FINAL\"}",
             hash_text(hash, text));
    client_result(child.port, "tx", params, &root);
    json_free(root);
}

/* What each level's answer held when it came. */
static void
send_tx__answers_at_each_level__as_recorded(void **state)
{
    struct json *recorded = load("send_tx_wait_levels");
    struct json *call = load("portfolio_ok");
    const struct json *timeline = json_find(call, "timeline");
    const struct json *tx = json_find(
        json_find(json_at(timeline, json_count(timeline) - 1), "result"), "transaction");
    (void)state;
    for (const struct json *c = json_first(recorded); c; c = json_next(c)) {
        struct str name = client_text_at(c, "name");
        char level[32];
        struct arena arena;
        struct action action;
        struct hash hash;
        const struct str front = STR("send_tx wait_until ");
        assert_true(str_starts(name, front));
        assert_true(str_copy(str_slice(name, front.n, name.n), level, sizeof(level)));
        arena_init(&arena);
        read_action(json_at(json_find(tx, "actions"), 0), &action, &arena);
        struct json *root = client_transact(child.port, "alice.test.near", "portfolio.test.near",
                                            &action, 1, level, &hash);
        const struct json *theirs = json_find(json_find(c, "response"), "result");
        const struct json *ours = json_find(root, "result");
        if (!str_equal(client_text_at(ours, "final_execution_status"),
                       client_text_at(theirs, "final_execution_status")))
            fail_msg("%s: %.*s", level, STR_ARG(client_text_at(ours, "final_execution_status")));
        assert_int_equal(json_count(ours), json_count(theirs));
        assert_int_equal(json_count(json_find(ours, "receipts_outcome")),
                         json_count(json_find(theirs, "receipts_outcome")));
        json_free(root);
        arena_release(&arena);
        wait_until_final(&hash);
    }
    json_free(recorded);
    json_free(call);
}

static void
tx__waits_for_a_transaction_to_come__and_then_answers(void **state)
{
    struct action transfer = {.kind = ACTION_TRANSFER, .deposit = amount_of(1)};
    struct buf params, head;
    struct hash hash;
    struct client_reply r;
    (void)state;
    buf_init(&params, 10000);
    buf_init(&head, 10000);
    buf_add_c(&params, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tx\",\"params\":[\"");
    struct buf base64;
    buf_init(&base64, 10000);
    client_sign(child.port, "zed.test.near", "alice.test.near", &transfer, 1, 0, &base64, &hash);
    char text[HASH_TEXT];
    buf_addf(&params, "%s\",\"zed.test.near\"]}", hash_text(&hash, text));
    buf_addf(&head,
             "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             params.n, buf_c(&params));
    int fd = client_connect(child.port);
    client_send(fd, buf_str(&head));
    buf_clear(&params);
    buf_addf(&params, "[\"%s\"]", buf_c(&base64));
    json_free(client_call(child.port, "broadcast_tx_async", buf_c(&params), NULL));
    assert_true(client_receive(fd, &r));
    assert_int_equal(r.status, 200);
    assert_true(str_find(buf_str(&r.body), STR("EXECUTED_OPTIMISTIC")) >= 0);
    client_reply_release(&r);
    close(fd);
    buf_release(&params);
    buf_release(&head);
    buf_release(&base64);
}

/* Whichever comes first takes the nonce. The other one is not kept waiting. */
static void
send_tx__tells_who_lost__when_two_have_one_nonce(void **state)
{
    struct buf base64, requests[2];
    int fds[2];
    size_t refused = 0;
    (void)state;
    buf_init(&base64, 10000);
    for (int i = 0; i < 2; i++) {
        struct action pay = {.kind = ACTION_TRANSFER, .deposit = amount_of(10 + (uint64_t)i)};
        buf_clear(&base64);
        client_sign(child.port, "zed.test.near", "alice.test.near", &pay, 1, 0, &base64, NULL);
        static const char body[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"broadcast_tx_commit\","
                                   "\"params\":[\"%s\"]}";
        buf_init(&requests[i], 20000);
        buf_addf(&requests[i], "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n", sizeof(body) - sizeof("%s") + base64.n);
        buf_addf(&requests[i], body, buf_c(&base64));
        fds[i] = client_connect(child.port);
    }
    for (int i = 0; i < 2; i++)
        client_send(fds[i], buf_str(&requests[i]));
    for (int i = 0; i < 2; i++) {
        struct client_reply r;
        assert_true(client_receive(fds[i], &r));
        assert_int_equal(r.status, 200);
        refused += str_find(buf_str(&r.body), STR("{\"InvalidNonce\":{\"ak_nonce\":")) >= 0;
        client_reply_release(&r);
        buf_release(&requests[i]);
        close(fds[i]);
    }
    assert_int_equal(refused, 1);
    buf_release(&base64);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tx_status__goes_through_the_recorded_answers),
        cmocka_unit_test(send_tx__answers_at_each_level__as_recorded),
        cmocka_unit_test(tx__waits_for_a_transaction_to_come__and_then_answers),
        cmocka_unit_test(send_tx__tells_who_lost__when_two_have_one_nonce),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
