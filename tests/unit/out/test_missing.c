/* What of a call is not to be had: told receipt by receipt, with why and who was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/near/base58.h"
#include "tests/support/json_lines.h"
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/out/out.h"
#include "tui/out/say.h"

/* Receipt 1 is only named, of 2 no outcome comes, 3 ran and is not to be had, of 4 the block is
 * not. */
static struct store *
store_with_holes(void)
{
    struct store *s = store_new();
    struct event tx = made_event(EVENT_TX), ran = made_event(EVENT_OUTCOME);
    tx.transaction.view.signer = tx.transaction.view.receiver = account_of("a.near");
    store_apply(s, &tx);
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 4);
    made_hole(s, 1);
    made_hole(s, 2);
    made_exists(s, 2, NULL, 0, 0);
    made_ran(s, 3, 11, 0, 0);
    made_hole(s, 3);
    made_exists(s, 4, NULL, 0, 0);
    ran.outcome = (struct outcome_fact){.id = made_id(4), .status = OUTCOME_VALUE,
                                        .value = STR("7"),
                                        .block_hash = made_id(MADE_BLOCK + 13)};
    store_apply(s, &ran);
    made_state(s, TX_FINAL);
    made_hole(s, MADE_BLOCK + 13);
    return s;
}

static void
check_hole(const struct json_lines *l, unsigned number, const char *missing)
{
    char id[HASH_TEXT], parent[HASH_TEXT];
    struct hash hash = made_id(number), root = made_id(MADE_ROOT);
    size_t found = 0;
    hash_text(&hash, id);
    hash_text(&root, parent);
    for (size_t i = 0; i < l->count; i++) {
        const struct json *line = l->all[i];
        if (!json_lines_is(line, "hole") || !str_equal_c(json_lines_text(line, "id"), id) ||
            !str_equal_c(json_lines_text(line, "missing"), missing))
            continue;
        found++;
        assert_true(str_equal_c(json_lines_text(line, "parent"), parent));
        assert_true(str_equal_c(json_lines_text(line, "reason"), "b.test:  pruned"));
        assert_int_equal(json_count(json_find(line, "asked")), 2);
        struct str asked;
        assert_int_equal(json_string(json_at(json_find(line, "asked"), 1), &asked, NULL), OK);
        assert_true(str_equal_c(asked, "b.test"));
        assert_int_equal(json_is_null(json_find(line, "block_hash")),
                         strcmp(missing, "block") != 0);
    }
    assert_int_equal(found, 1);
}

static void
check_missing(const struct json *verdict, uint64_t receipts, uint64_t outcomes, uint64_t blocks)
{
    const struct json *missing = json_find(verdict, "missing");
    bool is_complete;
    assert_int_equal(json_get_bool(verdict, "complete", &is_complete, NULL), OK);
    assert_int_equal(is_complete, receipts + outcomes + blocks == 0);
    assert_true(json_lines_number(missing, "receipts") == receipts);
    assert_true(json_lines_number(missing, "outcomes") == outcomes);
    assert_true(json_lines_number(missing, "blocks") == blocks);
    assert_true(json_lines_number(missing, "facts") == 0);
}

static void
json__tells_each_hole_and_why(void **state)
{
    struct json_lines l;
    struct out out;
    struct hash fourth = made_id(4);
    (void)state;
    struct store *s = store_with_holes();
    out_init(&out, &out_json, "localnet", 0);
    out.ops->update(&out, s, made_call(s), 1);
    out.ops->end(&out, s, made_call(s), 2, false);
    json_lines_parse(&l, buf_str(&out.text));
    check_hole(&l, 1, "receipt");
    check_hole(&l, 1, "outcome");
    check_hole(&l, 2, "outcome");
    check_hole(&l, 3, "receipt");
    check_hole(&l, 4, "block");
    assert_int_equal(json_lines_count(&l, "hole"), 5);
    /* It ran, whenever that was: said, and so is the result. */
    assert_true(json_is_null(json_find(json_lines_last(&l, "outcome", &fourth), "block_height")));
    assert_int_equal(json_lines_count(&l, "result"), 1);
    const struct json *verdict = json_lines_last(&l, "verdict", NULL);
    assert_true(str_equal_c(json_lines_text(verdict, "verdict"), "unknown"));
    /* Of the last one it is not known when it ran: nor how long all of it took. */
    assert_true(json_is_null(json_find(verdict, "blocks")));
    assert_true(json_is_null(json_find(verdict, "ms")));
    check_missing(verdict, 2, 2, 1);
    json_lines_free(&l);
    out_release(&out);
    store_free(s);
}

/* Nothing is said to be missing of a whole call, nor of one that was refused: it never ran. */
static void
json__says_that_nothing_is_missing(void **state)
{
    struct model_case m;
    (void)state;
    model_case_load(&m, "portfolio_lending_panics");
    for (int is_refused = 0; is_refused < 2; is_refused++) {
        struct store *s = is_refused ? store_new() : model_case_store(&m);
        struct json_lines l;
        struct out out;
        if (is_refused)
            made_state(s, TX_REFUSED);
        out_init(&out, &out_json, "localnet", 0);
        out.ops->end(&out, s, s->recent[0], 1, false);
        json_lines_parse(&l, buf_str(&out.text));
        check_missing(json_lines_last(&l, "verdict", NULL), 0, 0, 0);
        assert_int_equal(json_lines_count(&l, "hole"), 0);
        json_lines_free(&l);
        out_release(&out);
        store_free(s);
    }
    model_case_release(&m);
}

/* What it is and when it ran: how it went is known without. */
static void
exit_status__is_3__only_where_an_outcome_is_missing(void **state)
{
    (void)state;
    for (int lacks_outcome = 0; lacks_outcome < 2; lacks_outcome++) {
        struct store *s = store_new();
        struct event tx = made_event(EVENT_TX), ran = made_event(EVENT_OUTCOME);
        tx.transaction.view.signer = tx.transaction.view.receiver = account_of("a.near");
        store_apply(s, &tx);
        made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
        made_ran(s, MADE_ROOT, 10, 1, lacks_outcome ? 3 : 2);
        made_ran(s, 1, 11, 0, 0);
        made_hole(s, 1);
        ran.outcome = (struct outcome_fact){.id = made_id(2), .status = OUTCOME_VALUE,
                                            .value = STR("7"),
                                            .block_hash = made_id(MADE_BLOCK + 13)};
        store_apply(s, &ran);
        if (lacks_outcome)
            made_hole(s, 3);
        made_state(s, TX_FINAL);
        made_hole(s, MADE_BLOCK + 13);
        const struct verdict *v = call_verdict(s, made_call(s));
        assert_int_equal(v->kind, lacks_outcome ? VERDICT_UNKNOWN : VERDICT_OK);
        assert_int_equal(out_exit_status(v, false), lacks_outcome ? 3 : 0);
        store_free(s);
    }
}

/* Of many calls without their receipts: the verdict says it all the same. */
static void
json__verdict_alone_says_what_is_missing(void **state)
{
    struct json_lines l;
    struct out out;
    (void)state;
    struct store *s = store_with_holes();
    out_init(&out, &out_json, "localnet", 0);
    out.is_many = true;
    out.ops->ended(&out, s, made_call(s), 1, false);
    json_lines_parse(&l, buf_str(&out.text));
    check_missing(json_lines_last(&l, "verdict", NULL), 2, 2, 1);
    assert_int_equal(l.count, 1);
    json_lines_free(&l);
    out_release(&out);
    store_free(s);
}

static void
plain__says_each_hole_and_why(void **state)
{
    static const char *const lines[] = {
        "\nThis is the call as far as it can be had.\n",
        "1.1, beside the branches: a receipt of which nothing is told yet cannot be had: none of 2 "
        "endpoints has it; b.test: pruned.\n",
        "1.2, branch 1: go on b.near: its outcome cannot be had: none of 2 endpoints has it; b.test: "
        "pruned.\n",
        "1.3, beside the branches: a receipt of which no more can be had is done. It burnt <0.001 "
        "Tgas in block 11 and returned nothing. What it is cannot be had: none of 2 endpoints has it; "
        "b.test: pruned.\n",
        "1.4, branch 2: go on b.near is done. It burnt 0.00 of <0.001 Tgas and returned 7. When it ran "
        "cannot be had: none of 2 endpoints has it; b.test: pruned.\n"};
    struct out out;
    (void)state;
    struct store *s = store_with_holes();
    out_init(&out, &out_plain, "localnet", 0);
    out.ops->end(&out, s, made_call(s), 1, false);
    assert_null(strstr(buf_c(&out.text), "It took"));
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (!strstr(buf_c(&out.text), lines[i]))
            fail_msg("missing: %s in\n%s", lines[i], buf_c(&out.text));
    }
    out_release(&out);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json__tells_each_hole_and_why),
        cmocka_unit_test(json__says_that_nothing_is_missing),
        cmocka_unit_test(exit_status__is_3__only_where_an_outcome_is_missing),
        cmocka_unit_test(json__verdict_alone_says_what_is_missing),
        cmocka_unit_test(plain__says_each_hole_and_why),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, json_lines_load_schema, json_lines_free_schema);
}
