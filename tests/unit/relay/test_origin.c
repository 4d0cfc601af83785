/* What a hash means that no node knows as a transaction, asked of a scripted node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "net/relay/origin.h"
#include "tests/support/net_teller.h"
#include "tests/support/net_wait.h"

#define HASH "DGR2qfEZzCT9QpuciEuoREWMLSzvd7zBjyaSvJwKh6EW"
#define TX "3uqiGnoZq4erR5eQPAao1QHGJy1LYNj8rAJb2QPDXC8p"
#define UNKNOWN "\"error\":{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"UNKNOWN_TRANSACTION\"}}"
#define BAD_METHOD "\"error\":{\"name\":\"REQUEST_VALIDATION_ERROR\",\"cause\":{\"name\":" \
                   "\"METHOD_NOT_FOUND\"},\"code\":-32601,\"message\":\"Method not found\"}"
#define RECEIPT "\"result\":{\"predecessor_id\":\"a.test\",\"receiver_id\":\"b.test\"," \
                "\"receipt_id\":\"" HASH "\",\"receipt\":{\"Action\":{\"signer_id\":\"alice.test\"}}}"
#define LAYOUT "\"result\":{\"shard_layout\":{\"V2\":{\"boundary_accounts\":[\"m0\",\"t0\"]}}}"

/* The answer to requests of this method with this part in what they ask; the first row that fits
 * counts. */
struct row {
    const char *method, *part, *answer;
};

struct scene {
    const struct row *rows;
    struct hash tx;
    char signer[ACCOUNT_MAX + 1], sentence[600];
    int over, requests;
    bool is_receipt;
};

static const char *
answer(void *context, struct str method, const struct json *params)
{
    const struct scene *s = context;
    const struct row *row = s->rows;
    struct buf text;
    buf_init(&text, JSON_BYTES_MAX);
    json_print(params, &text);
    while (row->method && (!str_equal_c(method, row->method) ||
                           str_find(buf_str(&text), str_from(row->part)) < 0))
        row++;
    buf_release(&text);
    return row->answer;
}

static void
on_found(void *context, const struct hash *tx, const struct account_id *signer)
{
    struct scene *s = context;
    s->tx = *tx;
    snprintf(s->signer, sizeof(s->signer), "%s", signer->s);
    s->over++;
}

static void
on_lost(void *context, bool is_receipt, const char *sentence)
{
    struct scene *s = context;
    s->is_receipt = is_receipt;
    snprintf(s->sentence, sizeof(s->sentence), "%s", sentence);
    s->over++;
}

static void
look(struct scene *s, const struct row *rows)
{
    struct net_teller node;
    struct hash hash;
    *s = (struct scene){.rows = rows};
    net_teller_open(&node, answer, s);
    assert_int_equal(hash_parse(STR(HASH), &hash, NULL), OK);
    struct origin *origin = origin_start(&(struct origin_config){
        .rpc = node.rpc, .hash = hash, .found = on_found, .lost = on_lost, .context = s});
    net_wait_count(node.loop, &s->over, 1);
    s->requests = node.served;
    origin_free(origin);
    net_teller_close(&node);
}

static void
assert_tx(const struct scene *s, const char *tx, const char *signer)
{
    char text[HASH_TEXT];
    assert_string_equal(hash_text(&s->tx, text), tx);
    assert_string_equal(s->signer, signer);
}

static void
origin__asks_the_node_itself__when_its_version_can(void **state)
{
    static const struct row rows[] = {
        {"EXPERIMENTAL_receipt", "", RECEIPT},
        {"EXPERIMENTAL_protocol_config", "", LAYOUT},
        {"EXPERIMENTAL_receipt_to_tx", HASH,
         "\"result\":{\"transaction_hash\":\"" TX "\",\"sender_account_id\":\"alice.test\"}"},
        {NULL, NULL, BAD_METHOD}};
    struct scene s;
    (void)state;
    look(&s, rows);
    assert_tx(&s, TX, "alice.test");
    assert_int_equal(s.requests, 3);
}

static void
origin__tries_an_account_of_each_shard__for_a_transaction(void **state)
{
    static const struct row rows[] = {
        {"EXPERIMENTAL_receipt", "",
         "\"error\":{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"UNKNOWN_RECEIPT\"}}"},
        {"EXPERIMENTAL_protocol_config", "", LAYOUT},
        {"tx", "\"sender_account_id\":\"t0\"",
         "\"result\":{\"transaction\":{\"signer_id\":\"zoe.test\"}}"},
        {"tx", "", UNKNOWN},
        {NULL, NULL, BAD_METHOD}};
    struct scene s;
    (void)state;
    look(&s, rows);
    assert_tx(&s, HASH, "zoe.test");
}

static void
origin__says_what_would_help__when_nothing_is_found(void **state)
{
    static const struct row rows[] = {
        {"EXPERIMENTAL_receipt", "",
         "\"error\":{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"UNKNOWN_RECEIPT\"}}"},
        {"EXPERIMENTAL_protocol_config", "", LAYOUT},
        {"tx", "", UNKNOWN},
        {NULL, NULL, BAD_METHOD}};
    struct scene s;
    (void)state;
    look(&s, rows);
    assert_false(s.is_receipt);
    assert_non_null(strstr(s.sentence, "no transaction of any of 3 shards"));
    assert_non_null(strstr(s.sentence, "ACCOUNT:HASH"));
}

static void
origin__tells_the_receipts_own_outcome__when_its_transaction_is_out_of_reach(void **state)
{
    static const struct row rows[] = {
        {"EXPERIMENTAL_receipt", "", RECEIPT},
        {"EXPERIMENTAL_protocol_config", "", LAYOUT},
        {"block", "\"final\"", "\"result\":{\"header\":{\"hash\":\"" TX "\"}}"},
        {"EXPERIMENTAL_light_client_proof", TX,
         "\"result\":{\"outcome_proof\":{\"outcome\":{\"gas_burnt\":2500000000000,"
         "\"status\":{\"Failure\":{}}}}}"},
        {NULL, NULL, BAD_METHOD}};
    struct scene s;
    (void)state;
    look(&s, rows);
    assert_true(s.is_receipt);
    assert_non_null(strstr(s.sentence, "a receipt for b.test"));
    assert_non_null(strstr(s.sentence, "alice.test signed"));
    assert_non_null(strstr(s.sentence, "by itself it failed and burnt 2.50 Tgas"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origin__asks_the_node_itself__when_its_version_can),
        cmocka_unit_test(origin__tries_an_account_of_each_shard__for_a_transaction),
        cmocka_unit_test(origin__says_what_would_help__when_nothing_is_found),
        cmocka_unit_test(origin__tells_the_receipts_own_outcome__when_its_transaction_is_out_of_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
