/* Whole sessions of a follower, answer by answer: after each the tree is what could be known
 * then, no more and no less; at the end the figures are exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/file.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "tui/model/verdict.h"
#include "tui/model/want.h"

struct session {
    struct store *store;
    struct hash tx;
    int answers, growths;           /* status answers; those after which more had run */
    size_t ran;
};

static struct hash
hash_at(const struct json *object, const char *key)
{
    struct str text;
    struct hash h = {{0}};
    if (json_get_string(object, key, &text, NULL) || hash_parse(text, &h, NULL))
        fail_msg("no hash %s", key);
    return h;
}

/* --- the answer into the store ------------------------------------------------------------ */

static enum err
decode(const struct session *s, struct str method, const struct json *params,
       const struct json *result, struct event_list *list, struct diag *d)
{
    struct str finality;
    if (str_equal_c(method, "EXPERIMENTAL_tx_status"))
        return decode_tx_status(result, &s->tx, list, d);
    if (str_equal_c(method, "EXPERIMENTAL_receipt"))
        return decode_receipt(result, &s->tx, list, d);
    if (str_equal_c(method, "block"))
        return decode_block(result, json_get_string(params, "finality", &finality, NULL) == OK &&
                                        str_equal_c(finality, "final"), list, d);
    return OK;
}

static void
hear(struct session *s, const struct json *line, struct str method, const struct json *result)
{
    struct arena arena;
    struct event_list list;
    struct diag d = {0};
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 1 + s->answers);
    if (decode(s, method, json_find(line, "params"), result, &list, &d))
        fail_msg("%.*s: %s", STR_ARG(method), diag_text(&d));
    for (size_t i = 0; i < list.count; i++)
        store_apply(s->store, &list.events[i]);
    event_list_release(&list);
    arena_release(&arena);
}

/* --- the answer beside the tree ----------------------------------------------------------- */

static void
check_outcome(struct call *c, const struct json *view)
{
    struct hash id = hash_at(view, "id"), child;
    const struct json *outcome = json_find(view, "outcome"), *v;
    const struct node *n = call_node(c, &id);
    uint64_t gas;
    assert_true(n && n->is_placed && n->has_outcome);
    assert_int_equal(json_get_u64(outcome, "gas_burnt", &gas, NULL), OK);
    assert_true(n->outcome.gas_burnt == gas);
    assert_int_equal(n->status == NODE_FAILED,
                     json_find(json_find(outcome, "status"), "Failure") != NULL);
    size_t i = 0;
    for (v = json_first(json_find(outcome, "receipt_ids")); v; v = json_next(v), i++) {
        struct str text;
        assert_int_equal(json_string(v, &text, NULL), OK);
        assert_int_equal(hash_parse(text, &child, NULL), OK);
        assert_true(hash_equal(&n->children[i]->id, &child));
        assert_ptr_equal(n->children[i]->parent, n);
    }
    assert_int_equal(n->child_count, i);
}

static void
check_tree(struct session *s, const struct json *result)
{
    struct call *c = store_call(s->store, &s->tx);
    const struct json *outcomes = json_find(result, "receipts_outcome"), *v;
    const struct verdict *verdict = call_verdict(s->store, c);
    if (!outcomes)
        return;
    size_t ran = json_count(outcomes), named = 1;
    for (v = json_first(outcomes); v; v = json_next(v)) {
        check_outcome(c, v);
        named += json_count(json_find(json_find(v, "outcome"), "receipt_ids"));
    }
    assert_int_equal(verdict->known, ran);
    assert_int_equal(c->order_count, named);
    assert_int_equal(verdict->is_complete, ran == named);
    assert_true(ran >= s->ran);
    s->growths += ran > s->ran;
    s->ran = ran;
}

static void
hear_line(struct session *s, const struct json *line)
{
    struct str method;
    const struct json *result = json_find(json_find(line, "response"), "result");
    if (json_get_string(line, "method", &method, NULL) || !result)
        return;
    hear(s, line, method, result);
    if (!str_equal_c(method, "EXPERIMENTAL_tx_status"))
        return;
    s->answers++;
    check_tree(s, result);
}

static void
play(struct session *s, const char *file)
{
    struct buf text;
    struct str rest, line;
    buf_init(&text, JSON_BYTES_MAX);
    assert_int_equal(file_read(file, &text, NULL), OK);
    rest = buf_str(&text);
    for (bool is_first = true; str_take_until(&rest, '\n', &line); is_first = false) {
        struct json *root;
        assert_int_equal(json_parse(line, JSON_BYTES_MAX, &root, NULL), OK);
        if (is_first)
            s->tx = hash_at(root, "tx_hash");
        else
            hear_line(s, root);
        json_free(root);
    }
    buf_release(&text);
}

static void
check_session(const char *file, enum verdict_kind kind, uint64_t blocks, int growths)
{
    struct session s = {.store = store_new()};
    play(&s, file);
    struct call *c = store_call(s.store, &s.tx);
    const struct verdict *v = call_verdict(s.store, c);
    assert_true(s.answers > 10);
    assert_int_equal(s.growths, growths);
    assert_int_equal(v->kind, kind);
    assert_true(v->is_complete && v->is_final);
    assert_true(v->has_blocks && v->blocks == blocks && v->sequential_blocks == 6);
    store_free(s.store);
}

static void
live__portfolio_ok(void **state)
{
    (void)state;
    check_session("tests/data/live/portfolio_ok.ndjson", VERDICT_OK, 2, 4);
}

static void
live__portfolio_lending_panics(void **state)
{
    (void)state;
    check_session("tests/data/live/portfolio_lending_panics.ndjson", VERDICT_BRANCH_FAILED, 2, 4);
}

static void
live__portfolio_sequential(void **state)
{
    (void)state;
    check_session("tests/data/live/portfolio_sequential.ndjson", VERDICT_OK, 6, 8);
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
