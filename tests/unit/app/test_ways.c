/* The same call another way: what the settings say, what the reference call's names say, and
 * whether a contract has the method and what gas costs, by what nodes answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "tests/support/net_teller.h"
#include "tests/support/net_wait.h"
#include "tui/app/gas_price.h"
#include "tui/app/ways.h"

static const char settings[] = "[call reads]\nnetwork = testnet\ncontract = p.near\nmethod = at_once\n"
                               "sequential = in_turn\n"
                               "[call alone]\ncontract = q.near\nmethod = get_portfolio_data\n";

static void
ways__are_told_by_the_settings__or_guessed_by_names(void **state)
{
    static struct config config;
    struct diag d = {0};
    static const struct {
        const char *network, *contract, *method;
        enum ways_known known;
        const char *sequential, *batch;
    } cases[] = {
        {"testnet", "p.near", "at_once", WAYS_TOLD, "in_turn", ""},
        {"testnet", "p.near", "in_turn", WAYS_TOLD, "in_turn", ""},
        {"mainnet", "p.near", "at_once", WAYS_NONE, "", ""},
        {"testnet", "other.near", "at_once", WAYS_NONE, "", ""},
        {"testnet", "x.near", "get_portfolio_data", WAYS_GUESSED, "get_portfolio_sequential", "batch"},
        {"testnet", "q.near", "get_portfolio_data", WAYS_GUESSED, "get_portfolio_sequential", "batch"},
        {"testnet", "x.near", "batch", WAYS_NONE, "", ""},
        {"demo", "portfolio.test.near", "batch", WAYS_TOLD, "get_portfolio_sequential", "batch"},
        {"demo", "xcc.test.near", "multiple_contracts", WAYS_NONE, "", ""},
    };
    (void)state;
    config_init(&config);
    assert_int_equal(config_read_text(&config, str_from(settings), "c", &d), OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ways w = ways_of(&config, cases[i].network, str_from(cases[i].contract),
                                str_from(cases[i].method));
        assert_int_equal(w.known, cases[i].known);
        assert_string_equal(w.method[PLAN_SEQUENTIAL], cases[i].sequential);
        assert_string_equal(w.method[PLAN_BATCH], cases[i].batch);
    }
    config_release(&config);
}

/* --- what nodes answer -------------------------------------------------------------------------- */

struct scene {
    struct net_teller node;
    const char *answer;
    char params[512];               /* of the last request */
    int answered;
    bool has_method;
    struct ways_question question;
    struct gas_price_watch price;
};

static const char *
answer(void *context, struct str method, const struct json *params)
{
    struct scene *s = context;
    struct buf text;
    (void)method;
    buf_init(&text, sizeof(s->params) - 1);
    json_print(params, &text);
    snprintf(s->params, sizeof(s->params), "%s", buf_c(&text));
    buf_release(&text);
    return s->answer;
}

static void
on_answered(void *context, bool has_method)
{
    struct scene *s = context;
    s->answered++;
    s->has_method = has_method;
}

static void
on_price(void *context)
{
    ((struct scene *)context)->answered++;
}

static void
open(struct scene *s)
{
    *s = (struct scene){.price = {.changed = on_price, .context = s}};
    net_teller_open(&s->node, answer, s);
}

static void
close_all(struct scene *s)
{
    ways_stop(&s->question);
    gas_price_stop(&s->price);
    net_teller_close(&s->node);
}

static bool
is_idle(const void *context)
{
    const struct scene *s = context;
    return !s->question.request && !s->price.request;
}

static void
method__is_looked_for__by_a_view(void **state)
{
    static const struct {
        const char *answer;
        bool has_method;
    } cases[] = {
        {"\"result\":{\"error\":\"wasm execution failed with error: MethodResolveError(MethodNotFound)\","
         "\"logs\":[],\"block_height\":1,\"block_hash\":\"1\"}", false},
        {"\"result\":{\"error\":\"wasm execution failed with error: HostError(ProhibitedInView { "
         "method_name: \\\"promise_create\\\" })\",\"logs\":[]}", true},
        {"\"result\":{\"result\":[],\"logs\":[]}", true},
        {"\"error\":{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"UNKNOWN_ACCOUNT\",\"info\":{}},"
         "\"code\":-32000,\"message\":\"Server error\",\"data\":\"x\"}", false},
        {"\"error\":{\"name\":\"HANDLER_ERROR\",\"cause\":{\"name\":\"CONTRACT_EXECUTION_ERROR\","
         "\"info\":{\"vm_error\":\"MethodResolveError(MethodNotFound)\"}},\"code\":-32000,"
         "\"message\":\"Server error\"}", false},
        {"\"error\":{\"name\":\"INTERNAL_ERROR\",\"cause\":{\"name\":\"INTERNAL_ERROR\",\"info\":{}},"
         "\"code\":-32000,\"message\":\"Server error\"}", true},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene s;
        open(&s);
        s.answer = cases[i].answer;
        s.question = (struct ways_question){
            .plan = {.receiver = account_of("p.near"),
                     .action = {.method = STR("in_turn"), .args = STR("{}")}},
            .answered = on_answered, .context = &s};
        ways_ask(&s.question, s.node.rpc);
        net_wait_until(s.node.loop, is_idle, &s);
        assert_int_equal(s.answered, 1);
        if (s.has_method != cases[i].has_method)
            fail_msg("%s", cases[i].answer);
        assert_non_null(strstr(s.params, "\"method_name\":\"in_turn\""));
        assert_non_null(strstr(s.params, "\"account_id\":\"p.near\""));
        close_all(&s);
    }
}

static void
gas_price__is_asked_again__when_it_is_old(void **state)
{
    struct scene s;
    int64_t now = 5 * (int64_t)NS_PER_S;
    (void)state;
    open(&s);
    s.answer = "\"error\":{\"name\":\"INTERNAL_ERROR\",\"cause\":{\"name\":\"INTERNAL_ERROR\",\"info\":{}},"
               "\"code\":-32000,\"message\":\"Server error\"}";
    gas_price_ask(&s.price, s.node.rpc, now);
    net_wait_until(s.node.loop, is_idle, &s);
    assert_false(s.price.is_known);
    assert_int_equal(s.answered, 0);
    int before = s.node.served;
    gas_price_ask(&s.price, s.node.rpc, now + 1);
    assert_true(is_idle(&s));
    s.answer = "\"result\":{\"gas_price\":\"123456789\"}";
    now += (GAS_PRICE_AGE_S + 1) * (int64_t)NS_PER_S;
    for (int i = 0; i < 2; i++) {
        gas_price_ask(&s.price, s.node.rpc, now);
        net_wait_until(s.node.loop, is_idle, &s);
        now += (GAS_PRICE_AGE_S + 1) * (int64_t)NS_PER_S;
    }
    assert_true(s.price.is_known);
    assert_true(s.price.price.lo == 123456789);
    assert_int_equal(s.node.served, before + 2);
    /* The same price again is no news. */
    assert_int_equal(s.answered, 1);
    close_all(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways__are_told_by_the_settings__or_guessed_by_names),
        cmocka_unit_test(method__is_looked_for__by_a_view),
        cmocka_unit_test(gas_price__is_asked_again__when_it_is_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
