/* --json: every line is what the schema says, and the lines together say what the model knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <limits.h>
#include <string.h>
#include "net/base/file.h"
#include "net/near/base58.h"
#include "tests/support/json_lines.h"
#include "tests/support/json_schema.h"
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/model/want.h"
#include "tui/out/out.h"

/* --- one call, followed by polling to its end --------------------------------------------- */

struct run {
    struct model_case m;
    struct store *store;
    struct call *call;
    struct out out;
    struct json_lines lines;
};

static void
run_begin(struct run *r, const char *file)
{
    const struct out_ops *ops = &out_json;
    model_case_load(&r->m, file);
    r->store = store_new();
    out_init(&r->out, ops, "localnet", 0);
    const struct event known = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = 1,
                                .tx = r->m.tx, .tx_state = {.state = TX_SENT}};
    store_apply(r->store, &known);
    r->call = model_case_call(&r->m, r->store);
}

static void
run_to_end(struct run *r, const char *file)
{
    int64_t now = 1000;
    run_begin(r, file);
    for (int block = 0; !want_nothing(r->store, r->call); block++) {
        model_case_look(&r->m, r->store, block);
        r->out.ops->update(&r->out, r->store, r->call, now++);
        assert_true(block < 60);
    }
    r->out.ops->end(&r->out, r->store, r->call, now, false);
    json_lines_parse(&r->lines, buf_str(&r->out.text));
}

static void
run_free(struct run *r)
{
    json_lines_free(&r->lines);
    out_release(&r->out);
    store_free(r->store);
    model_case_release(&r->m);
}

static const char *const files[] = {
    "portfolio_ok", "portfolio_lending_panics", "portfolio_all_branches_fail",
    "portfolio_sequential", "portfolio_congested", "portfolio_batch_fails", "portfolio_fan_8",
    "portfolio_detached", "portfolio_local_receipt", "portfolio_lending_logs",
    "portfolio_lending_not_json", "portfolio_missing_account", "portfolio_deposit",
    "portfolio_call_private_callback", "yield_resumed", "transfer", "probe_bad_promise"};

#define FILES (sizeof(files) / sizeof(files[0]))

static void
check_outcome(const struct json_lines *l, const struct node *n)
{
    const struct json *line = json_lines_last(l, "outcome", &n->id);
    char text[AMOUNT_TEXT + HASH_TEXT];
    uint64_t gas;
    assert_true(str_equal_c(json_lines_text(line, "status"),
                            n->status == NODE_FAILED ? "failed" : "ok"));
    assert_int_equal(json_get_u64_text(line, "gas_burnt", &gas, NULL), OK);
    assert_true(gas == n->outcome.gas_burnt);
    assert_true(str_equal_c(json_lines_text(line, "tokens_burnt"),
                            amount_text(n->outcome.tokens_burnt, text)));
    assert_true(str_equal_c(json_lines_text(line, "block_hash"),
                            hash_text(&n->outcome.block_hash, text)));
    assert_true(json_lines_number(line, "block_height") == n->height);
    assert_true(str_equal_c(json_lines_text(line, "certainty"), "final"));
    assert_int_equal(json_count(json_find(line, "logs")), n->outcome.log_count);
    if (n->outcome.status == OUTCOME_RECEIPT)
        assert_true(str_equal_c(json_lines_text(line, "returns"), hash_text(&n->outcome.returns, text)));
    if (n->status == NODE_FAILED)
        assert_true(json_lines_text(line, "reason").n > 0);
}

static void
check_receipt(const struct json_lines *l, const struct call *c, const struct node *n)
{
    const struct json *line = json_lines_last(l, "receipt", &n->id);
    char text[HASH_TEXT];
    assert_true(str_equal_c(json_lines_text(line, "parent"),
                            hash_text(n->parent ? &n->parent->id : &c->tx, text)));
    assert_true(str_equal_c(json_lines_text(line, "receiver"), n->receipt.receiver.s));
    assert_int_equal(json_count(json_find(line, "actions")), n->receipt.action_count);
    assert_int_equal(json_count(json_find(line, "feeds")), n->feed_count);
    assert_int_equal(json_is_null(json_find(line, "index")), !n->has_index);
    if (n->has_index)
        assert_true(json_lines_number(line, "index") == n->index);
}

static void
json__tells_all_that_is_known(void **state)
{
    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        struct run r;
        run_to_end(&r, files[f]);
        assert_true(json_lines_is(r.lines.all[0], "call"));
        assert_true(json_lines_is(r.lines.all[r.lines.count - 1], "verdict"));
        assert_int_equal(json_lines_count(&r.lines, "call"), 1);
        assert_int_equal(json_lines_count(&r.lines, "verdict"), 1);
        assert_int_equal(json_lines_count(&r.lines, "result"), 1);
        assert_int_equal(json_lines_count(&r.lines, "receipt"), r.call->order_count);
        assert_int_equal(json_lines_count(&r.lines, "error"), 0);
        check_outcome(&r.lines, r.call->transaction_node);
        for (size_t i = 0; i < r.call->order_count; i++) {
            check_receipt(&r.lines, r.call, r.call->order[i]);
            check_outcome(&r.lines, r.call->order[i]);
        }
        run_free(&r);
    }
}

/* Optimistic at most once, final once, in that order; and its receipt before it. The last ones
 * may be final when they are first seen. */
static void
json__certainty_rises(void **state)
{
    struct run r;
    (void)state;
    run_to_end(&r, "portfolio_congested");
    for (size_t i = 0; i < r.call->order_count; i++) {
        char text[HASH_TEXT];
        int receipts = 0, optimistic = 0, final = 0;
        hash_text(&r.call->order[i]->id, text);
        for (size_t j = 0; j < r.lines.count; j++) {
            const struct json *line = r.lines.all[j];
            if (json_lines_is(line, "receipt"))
                receipts += str_equal_c(json_lines_text(line, "id"), text);
            if (!json_lines_is(line, "outcome") || !str_equal_c(json_lines_text(line, "id"), text))
                continue;
            assert_int_equal(receipts, 1);
            if (str_equal_c(json_lines_text(line, "certainty"), "optimistic")) {
                assert_int_equal(final, 0);
                optimistic++;
            } else {
                final++;
            }
        }
        assert_in_range(optimistic, r.call->order[i]->role == RECEIPT_REFUND ? 0 : 1, 1);
        assert_int_equal(final, 1);
    }
    run_free(&r);
}

/* A branch is told before it has run. */
static void
json__branch_comes_before_it_ran(void **state)
{
    struct run r;
    (void)state;
    run_begin(&r, "portfolio_ok");
    for (int block = 0; block <= 3; block++) {
        model_case_look(&r.m, r.store, block);
        r.out.ops->update(&r.out, r.store, r.call, 1);
    }
    json_lines_parse(&r.lines, buf_str(&r.out.text));
    size_t branches = 0;
    for (size_t i = 0; i < r.lines.count; i++)
        branches += json_lines_is(r.lines.all[i], "receipt") &&
                    str_equal_c(json_lines_text(r.lines.all[i], "role"), "branch");
    assert_int_equal(branches, 3);
    assert_int_equal(json_lines_count(&r.lines, "outcome"), 2);     /* transaction and call */
    run_free(&r);
}

static void
json__swallowed_failure(void **state)
{
    struct run r;
    (void)state;
    run_to_end(&r, "portfolio_lending_panics");
    const struct json *verdict = json_lines_last(&r.lines, "verdict", NULL);
    assert_true(str_equal_c(json_lines_text(verdict, "verdict"), "branch_failed"));
    assert_true(json_lines_number(verdict, "branches") == 3 && json_lines_number(verdict, "failed") == 1);
    assert_true(json_lines_number(verdict, "blocks") == 2 && json_lines_number(verdict, "ms") == 1204);
    assert_true(json_lines_number(verdict, "sequential_blocks_estimate") == 6);
    assert_true(str_equal_c(json_lines_text(verdict, "gas_burnt"), "6752693922428"));
    assert_true(str_equal_c(json_lines_text(verdict, "tokens_burnt"), "675269392242800000000"));
    const struct json *result = json_lines_last(&r.lines, "result", NULL);
    assert_true(json_is_null(json_find(json_find(result, "value"), "lending")));
    const struct json *fields = json_find(result, "fields");
    assert_int_equal(json_count(fields), 3);
    assert_true(str_equal_c(json_lines_text(json_at(fields, 1), "path"), "lending"));
    assert_true(json_lines_number(json_at(fields, 1), "index") == 1);
    int reasons = 0;
    for (size_t i = 0; i < r.lines.count; i++) {
        if (json_lines_is(r.lines.all[i], "outcome") &&
            !json_is_null(json_find(r.lines.all[i], "reason")))
            reasons += str_find(json_lines_text(r.lines.all[i], "reason"), STR("pool is paused")) >= 0;
    }
    assert_int_equal(reasons, 2);       /* optimistic and final */
    assert_int_equal(out_exit_status(call_verdict(r.store, r.call), false), 2);
    run_free(&r);
}

static void
json__second_update_is_silent(void **state)
{
    struct run r;
    (void)state;
    run_to_end(&r, "portfolio_ok");
    size_t written = r.out.text.n;
    r.out.ops->update(&r.out, r.store, r.call, 5000);
    r.out.ops->end(&r.out, r.store, r.call, 5000, false);
    assert_int_equal(r.out.text.n, written);
    run_free(&r);
}

/* --- values, and what strangers put in them ----------------------------------------------- */

static const struct json *
told_value(struct json_lines *l, struct str value)
{
    struct store *s = store_new();
    struct out out;
    struct event ev = made_event(EVENT_OUTCOME), tx = made_event(EVENT_TX);
    tx.transaction.view.signer = tx.transaction.view.receiver = account_of("a.near");
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    ev.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .status = OUTCOME_VALUE,
                                       .value = value, .block_hash = made_id(7),
                                       .has_block_height = true, .block_height = 10,
                                       .logs = &value, .log_count = 1};
    store_apply(s, &ev);
    out_init(&out, &out_json, "localnet", 0);
    out.ops->update(&out, s, made_call(s), 1);
    for (size_t i = 0; i < out.text.n; i++)
        assert_true(out.text.p[i] == '\n' || (unsigned char)out.text.p[i] >= 0x20);
    assert_true(str_find(buf_str(&out.text), STR("\xC2\x9B")) < 0);
    json_lines_parse(l, buf_str(&out.text));
    out_release(&out);
    store_free(s);
    return json_find(json_lines_last(l, "result", NULL), "value");
}

static void
check_value(struct str value, const char *expected)
{
    struct json_lines l;
    struct json *root = NULL;
    const struct json *got = told_value(&l, value);
    assert_int_equal(json_parse(str_from(expected), 1000, &root, NULL), OK);
    assert_true(json_equal(got, root));
    json_free(root);
    json_lines_free(&l);
}

static void
json__values(void **state)
{
    (void)state;
    check_value(STR("{\"a\":[1,2]}"), "{\"a\":[1,2]}");
    check_value(STR("123456789012345678901234567890"), "123456789012345678901234567890");
    check_value(STR("not json"), "\"not json\"");
    check_value(STR(""), "\"\"");
    check_value(STR("\x00\xFF\xFE"), "{\"base64\":\"AP/+\"}");
    check_value(STR("\x1B[31mred\x1B[0m \xC2\x9B" "1m"), "\"\\u001b[31mred\\u001b[0m \\u009b1m\"");
}

/* --- errors, unknown outcomes, exit status ------------------------------------------------ */

static void
json__error(void **state)
{
    struct out out;
    struct json_lines l;
    (void)state;
    out_init(&out, &out_json, "localnet", 100);
    out.ops->error(&out, 150, "net", "it \"hung\" up\n", "rpc");
    json_lines_parse(&l, buf_str(&out.text));
    assert_int_equal(l.count, 1);
    assert_true(str_equal_c(json_lines_text(l.all[0], "t"), "50"));
    assert_true(str_equal_c(json_lines_text(l.all[0], "message"), "it \"hung\" up\n"));
    json_lines_free(&l);
    out_release(&out);
}

static void
json__unknown_outcome(void **state)
{
    struct run r;
    (void)state;
    run_begin(&r, "portfolio_ok");
    for (int block = 0; block <= 3; block++)
        model_case_look(&r.m, r.store, block);
    r.out.ops->end(&r.out, r.store, r.call, 1, true);
    json_lines_parse(&r.lines, buf_str(&r.out.text));
    const struct json *verdict = json_lines_last(&r.lines, "verdict", NULL);
    assert_true(str_equal_c(json_lines_text(verdict, "verdict"), "unknown"));
    assert_int_equal(out_exit_status(call_verdict(r.store, r.call), true), 3);
    /* All that is known is told, and what has not come by then is missing. */
    assert_int_equal(json_lines_count(&r.lines, "outcome"), 1 + r.call->verdict->known);
    const struct json *missing = json_find(verdict, "missing");
    assert_true(json_lines_number(missing, "outcomes") ==
                r.call->order_count - r.call->verdict->known);
    assert_true(json_lines_number(missing, "receipts") ==
                r.call->order_count - json_lines_count(&r.lines, "receipt"));
    assert_int_equal(json_lines_count(&r.lines, "hole"), 0);
    run_free(&r);
}

/* Of many calls: each verdict names its call, with all that stands before it or without. */
static void
json__many_calls(void **state)
{
    struct run r;
    char tx[HASH_TEXT];
    (void)state;
    for (int with_tree = 0; with_tree < 2; with_tree++) {
        run_begin(&r, "portfolio_lending_panics");
        r.out.is_many = true;
        for (int block = 0; !want_nothing(r.store, r.call); block++)
            model_case_look(&r.m, r.store, block);
        r.out.ops->begun(&r.out, r.call, 1);
        r.out.ops->ended(&r.out, r.store, r.call, 2, with_tree);
        r.out.ops->left(&r.out, &r.call->tx, 3);
        json_lines_parse(&r.lines, buf_str(&r.out.text));
        hash_text(&r.call->tx, tx);
        assert_true(json_lines_is(r.lines.all[0], "call"));
        assert_true(str_equal_c(json_lines_text(r.lines.all[0], "tx"), tx));
        assert_true(str_equal_c(json_lines_text(json_lines_last(&r.lines, "verdict", NULL), "tx"), tx));
        assert_true(str_equal_c(json_lines_text(json_lines_last(&r.lines, "left", NULL), "tx"), tx));
        assert_int_equal(json_lines_count(&r.lines, "call"), 1);
        assert_int_equal(json_lines_count(&r.lines, "verdict"), 1);
        assert_int_equal(json_lines_count(&r.lines, "receipt"), with_tree ? r.call->order_count : 0);
        run_free(&r);
    }
}

static void
json__exit_status(void **state)
{
    static const struct {
        const char *file;
        int status;
    } cases[] = {{"portfolio_ok", 0}, {"portfolio_too_little_gas", 1},
                 {"portfolio_batch_fails", 1}, {"portfolio_all_branches_fail", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct model_case m;
        model_case_load(&m, cases[i].file);
        struct store *s = model_case_store(&m);
        assert_int_equal(out_exit_status(call_verdict(s, model_case_call(&m, s)), false),
                         cases[i].status);
        store_free(s);
        model_case_release(&m);
    }
}

#define ERROR(v, t, code, more)                                                                 \
    "{\"v\":" v ",\"event\":\"error\",\"t\":" t ",\"code\":" code                               \
    ",\"message\":\"b\",\"where\":\"c\"" more "}"

/* The checker itself can say no. */
static void
json__schema_refuses(void **state)
{
    static const char *const wrong[] = {
        ERROR("1", "1", "\"a\"", ""),
        ERROR("2", "\"1\"", "\"a\"", ""),
        ERROR("1", "\"01\"", "\"a\"", ""),
        ERROR("1", "\"1\"", "null", ""),
        ERROR("1", "\"1\"", "\"a\"", ",\"more\":1"),
        "{\"v\":1,\"event\":\"error\",\"t\":\"1\",\"code\":\"a\",\"message\":\"b\"}",
        "{\"v\":1,\"event\":\"other\",\"t\":\"1\"}",
        "[]"};
    struct json *value;
    struct buf why;
    (void)state;
    buf_init(&why, 65536);
    assert_int_equal(json_parse(STR(ERROR("1", "\"1\"", "\"a\"", "")), 1000, &value, NULL), OK);
    assert_true(json_schema_fits(json_lines_schema(), value, &why));
    json_free(value);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        buf_clear(&why);
        assert_int_equal(json_parse(str_from(wrong[i]), 1000, &value, NULL), OK);
        assert_false(json_schema_fits(json_lines_schema(), value, &why));
        assert_true(why.n > 0);
        json_free(value);
    }
    buf_release(&why);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json__schema_refuses),
        cmocka_unit_test(json__many_calls),
        cmocka_unit_test(json__tells_all_that_is_known),
        cmocka_unit_test(json__certainty_rises),
        cmocka_unit_test(json__branch_comes_before_it_ran),
        cmocka_unit_test(json__swallowed_failure),
        cmocka_unit_test(json__second_update_is_silent),
        cmocka_unit_test(json__values),
        cmocka_unit_test(json__error),
        cmocka_unit_test(json__unknown_outcome),
        cmocka_unit_test(json__exit_status),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, json_lines_load_schema, json_lines_free_schema);
}
