/* Every recorded request again, in the situation it was made in, and the whole of its answer
 * compared. Signed transactions are signed anew, for this chain's blocks and nonces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/arena.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/answer_rules.h"
#include "tests/support/demo_args.h"
#include "tests/support/json_file.h"
#include "tests/support/serve_client.h"

enum { RECORDED = 63 };

static struct serve_child child;
static struct json *recorded;       /* rpc_answers.json */
static struct answer_rules rules;

/* --- the situation ------------------------------------------------------------------------ */

/* The recorded call; its hash, its block and its first branch are asked for by name. */
static void
make_the_call(void)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("get_portfolio_data"),
                          .args = STR(DEMO_ARGS),
                          .gas = 100 * TERA_GAS};
    struct hash hash;
    char text[HASH_TEXT];
    struct json *root = client_transact(child.port, "alice.test.near", "portfolio.test.near",
                                        &call, 1, "FINAL", &hash);
    const struct json *result = json_find(root, "result");
    const struct json *branch = json_at(json_find(result, "receipts_outcome"), 1);
    answer_rules_know(&rules, STR("8pZfWkKHvE8VSMNRxkaVESsiTEvLBH1rVacurGueZgQo"),
                      str_from(hash_text(&hash, text)));
    answer_rules_know(&rules, STR("8tUei7h1aBmGtj4ZRqD9j7wg6r4aWcjdKo2xzCwapynA"),
                      client_text_at(json_find(result, "transaction_outcome"), "block_hash"));
    answer_rules_know(&rules, STR("4PfUuscys3kduhNzYYMMC3yvdN98gFx15G1TR2HR63MB"),
                      client_text_at(branch, "id"));
    json_free(root);
}

/* The node had nothing to do when it was asked. */
static void
let_pass(uint64_t blocks)
{
    uint64_t first = UINT64_MAX, height = 0;
    while (first == UINT64_MAX || height < first + blocks) {
        struct json *root;
        const struct json *block =
            client_result(child.port, "block", "{\"finality\":\"final\"}", &root);
        assert_int_equal(json_get_u64(json_find(block, "header"), "height", &height, NULL), OK);
        first = first == UINT64_MAX ? height : first;
        json_free(root);
    }
}

static uint64_t
head_height(void)
{
    uint64_t height;
    struct json *root;
    const struct json *block =
        client_result(child.port, "block", "{\"finality\":\"optimistic\"}", &root);
    assert_int_equal(json_get_u64(json_find(block, "header"), "height", &height, NULL), OK);
    json_free(root);
    return height;
}

/* It was the third epoch, which begins at 1001. Short of it, so that no height of it is left out. */
static void
go_to_the_third_epoch(void)
{
    char params[64];
    struct json *root;
    snprintf(params, sizeof(params), "{\"delta_height\":%llu}",
             (unsigned long long)(990 - head_height()));
    client_result(child.port, "sandbox_fast_forward", params, &root);
    json_free(root);
    while (head_height() < 1002)
        continue;
}

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 20};
    char alice[KEY_TEXT];
    struct secret_key key;
    (void)state;
    recorded = json_file_read("tests/data/node/rpc_answers.json");
    answer_rules_init(&rules);
    serve_child_start(&child, &config);
    /* In the second block nothing had happened yet. */
    let_pass(3);
    go_to_the_third_epoch();
    secret_key_from_name(STR("alice.test.near"), &key);
    struct public_key public_key = secret_key_public(&key);
    struct str shown = str_from(public_key_text(&public_key, alice));
    answer_rules_know(&rules, shown, shown);
    client_make_account(child.port, "alice.test.near", NULL);
    client_make_account(child.port, "zed.test.near", NULL);
    client_make_account(child.port, "nocode.test.near", NULL);
    client_make_portfolio(child.port, NULL);
    client_do(child.port, "token.test.near", "token.test.near", "mint",
              "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
    make_the_call();
    let_pass(6);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    json_free(recorded);
    answer_rules_release(&rules);
    return serve_child_stop(&child, SIGTERM);
}

/* --- signed transactions ------------------------------------------------------------------ */

static uint64_t
next_nonce(const char *account, const struct public_key *key)
{
    char params[512], text[KEY_TEXT];
    uint64_t nonce = 0;
    struct json *root;
    snprintf(params, sizeof(params),
             "{\"request_type\":\"view_access_key\",\"finality\":\"optimistic\","
             "\"account_id\":\"%s\",\"public_key\":\"%s\"}",
             account, public_key_text(key, text));
    const struct json *result = client_result(child.port, "query", params, &root);
    if (json_get_u64(result, "nonce", &nonce, NULL))
        nonce = 1000000000;     /* no such key: any will do */
    json_free(root);
    return nonce + 1;
}

static struct hash
final_block(void)
{
    struct json *root;
    struct hash hash;
    const struct json *block =
        client_result(child.port, "block", "{\"finality\":\"final\"}", &root);
    assert_int_equal(hash_parse(client_text_at(json_find(block, "header"), "hash"), &hash, NULL),
                     OK);
    json_free(root);
    return hash;
}

/* Whose key it was: the signer's own, or one that nobody here knows. */
static void
key_of(const struct transaction *tx, struct secret_key *out)
{
    secret_key_from_name(account_str(&tx->signer), out);
    struct public_key own = secret_key_public(out);
    char text[KEY_TEXT];
    if (!public_key_equal(&own, &tx->key))
        secret_key_from_name(str_from(public_key_text(&tx->key, text)), out);
}

static void
know_key(const struct public_key *theirs, const struct public_key *ours)
{
    char a[KEY_TEXT], b[KEY_TEXT];
    answer_rules_know(&rules, str_from(public_key_text(theirs, a)),
                      str_from(public_key_text(ours, b)));
}

static void
know_hash(const struct hash *theirs, const struct hash *ours)
{
    char a[HASH_TEXT], b[HASH_TEXT];
    answer_rules_know(&rules, str_from(hash_text(theirs, a)), str_from(hash_text(ours, b)));
}

/* The same transaction for this chain. False: it was no transaction, its bytes stay. */
static bool
sign_again(struct str base64, struct buf *out)
{
    struct arena arena;
    struct buf bytes;
    struct signed_transaction t;
    struct secret_key key;
    struct hash hash;
    arena_init(&arena);
    buf_init(&bytes, 1 << 20);
    bool is_one = base64_decode(base64, &bytes, NULL) == OK &&
                  tx_decode_signed(buf_str(&bytes), &arena, &t, NULL) == OK;
    if (is_one) {
        bool is_good = signature_verify(&t.signature, &t.tx.key,
                                        str_of(t.hash.b, sizeof(t.hash.b)));
        struct public_key theirs = t.tx.key;
        key_of(&t.tx, &key);
        t.tx.key = secret_key_public(&key);
        know_key(&theirs, &t.tx.key);
        if (!hash_is_zero(&t.tx.block_hash))
            t.tx.block_hash = final_block();
        /* Nonces that were wrong on purpose stay so. */
        if (t.tx.nonce > 1 && t.tx.nonce < UINT64_C(1000000000000))
            t.tx.nonce = next_nonce(t.tx.signer.s, &t.tx.key);
        buf_clear(&bytes);
        tx_sign(&t.tx, &key, &bytes, &hash);
        secret_key_wipe(&key);
        if (!is_good)
            bytes.p[bytes.n - 5] ^= 1;
        know_hash(&t.hash, &hash);
        base64_encode(buf_str(&bytes), out);
    }
    buf_release(&bytes);
    arena_release(&arena);
    return is_one;
}

/* --- asking again ------------------------------------------------------------------------- */

static void
replace_once(struct buf *text, struct str from, struct str to)
{
    struct buf out;
    ptrdiff_t at = str_find(buf_str(text), from);
    assert_true(at >= 0);
    buf_init(&out, text->max);
    buf_add_str(&out, str_slice(buf_str(text), 0, (size_t)at));
    buf_add_str(&out, to);
    buf_add_str(&out, str_slice(buf_str(text), (size_t)at + from.n, text->n));
    buf_release(text);
    *text = out;
}

/* "shard_id":3 is called 0 here. */
static void
translate_shard(struct buf *body)
{
    if (str_find(buf_str(body), STR("\"shard_id\":3")) >= 0)
        replace_once(body, STR("\"shard_id\":3"), STR("\"shard_id\":0"));
}

static void
write_request(const struct json *request, struct buf *body)
{
    struct json_writer w;
    struct buf again;
    const struct json *params = json_find(request, "params");
    struct str base64 = client_text_at(params, "signed_tx_base64");
    if (json_find(request, "raw")) {
        buf_add_str(body, client_text_at(request, "raw"));
        return;
    }
    if (base64.n == 0 && str_starts(client_text_at(request, "method"), STR("broadcast")))
        assert_int_equal(json_string(json_at(params, 0), &base64, NULL), OK);
    buf_init(&again, 1 << 20);
    bool is_signed = base64.n && sign_again(base64, &again);
    json_write_begin(&w, body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_c(&w, "id", "x");
    json_put_string(&w, "method", client_text_at(request, "method"));
    json_put_value(&w, "params", params);
    json_write_object_end(&w);
    if (is_signed)
        replace_once(body, base64, buf_str(&again));
    answer_rules_translate(&rules, body);
    translate_shard(body);
    buf_release(&again);
}

/* 63 of one and of the other; what differs goes into the rules' sentences. */
static void
compare_answer(const struct json *c, const char *name, const struct client_reply *r)
{
    uint64_t http;
    struct str text;
    struct json *ours = NULL;
    const struct json *theirs = json_find(c, "response");
    assert_int_equal(json_get_u64(c, "http", &http, NULL), OK);
    if (r->status != (int)http)
        buf_addf(&rules.differences, "\n  %s: recorded HTTP %llu, here %d", name,
                 (unsigned long long)http, r->status);
    if (json_string(theirs, &text, NULL) == OK) {
        if (!str_equal(text, buf_str(&r->body)))
            buf_addf(&rules.differences, "\n  %s: recorded %.*s, here %s", name, STR_ARG(text),
                     buf_c(&r->body));
        return;
    }
    assert_int_equal(json_parse(buf_str(&r->body), JSON_BYTES_MAX, &ours, NULL), OK);
    answer_rules_compare(&rules, name, theirs, ours);
    json_free(ours);
}

static int
send_request(const struct json *c)
{
    struct buf body;
    buf_init(&body, 1 << 20);
    write_request(json_find(c, "request"), &body);
    int fd = client_post(child.port, buf_str(&body));
    buf_release(&body);
    return fd;
}

static void
receive_answer(int fd, const struct json *c, const char *name)
{
    struct client_reply r;
    assert_true(client_receive(fd, &r));
    compare_answer(c, name, &r);
    client_reply_release(&r);
    close(fd);
}

/* The one that is answered after ten seconds is asked first and read last. */
static void
every_recorded_answer__is_given__here_as_well(void **state)
{
    static const char slow[] = "send_nonce_too_large";
    const struct json *slow_case = NULL;
    size_t asked = 0;
    int slow_fd = -1;
    (void)state;
    for (const struct json *c = json_first(recorded); c; c = json_next(c)) {
        if (str_equal_c(client_text_at(c, "name"), slow))
            slow_case = c;
    }
    assert_non_null(slow_case);
    slow_fd = send_request(slow_case);
    for (const struct json *c = json_first(recorded); c; c = json_next(c)) {
        char name[64];
        asked++;
        assert_true(str_copy(client_text_at(c, "name"), name, sizeof(name)));
        if (c != slow_case)
            receive_answer(send_request(c), c, name);
    }
    receive_answer(slow_fd, slow_case, slow);
    assert_int_equal(asked, RECORDED);
    if (rules.differences.n)
        fprintf(stderr, "These differ:%s\n", buf_c(&rules.differences));
    assert_int_equal(rules.differences.n, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_answer__is_given__here_as_well),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
