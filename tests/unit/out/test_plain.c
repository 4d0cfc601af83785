/* --plain and the tree that stays: lines for people, safe for their terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tests/support/golden.h"
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tests/support/utf8_locale.h"
#include "tui/model/want.h"
#include "tui/out/out.h"
#include "tui/out/say.h"
#include "tui/out/text.h"

/* A locale with UTF-8 is what tells how wide characters are. */
static struct buf
plain_of(const char *file, bool is_ascii)
{
    struct model_case m;
    struct out out;
    struct store *s = store_new();
    model_case_load(&m, file);
    out_init(&out, &out_plain, "localnet", 0);
    out.is_ascii = is_ascii;
    const struct event known = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = 1,
                                .tx = m.tx, .tx_state = {.state = TX_SENT}};
    store_apply(s, &known);
    struct call *c = model_case_call(&m, s);
    for (int block = 0; !want_nothing(s, c) && block < 60; block++) {
        model_case_look(&m, s, block);
        out.ops->update(&out, s, c, block * INT64_C(600000000));
    }
    out.ops->end(&out, s, c, INT64_C(6000000000), false);
    struct buf text = out.text;
    buf_init(&out.text, 1);
    out_release(&out);
    store_free(s);
    model_case_release(&m);
    return text;
}

static void
check_golden(const char *file, bool is_ascii, const char *golden)
{
    struct buf text = plain_of(file, is_ascii);
    golden_check(golden, buf_str(&text));
    buf_release(&text);
}

static void
plain__swallowed_failure(void **state)
{
    (void)state;
    check_golden("portfolio_lending_panics", false, "tests/data/plain/lending_panics.txt");
}

static void
plain__ascii(void **state)
{
    (void)state;
    check_golden("portfolio_lending_out_of_gas", true, "tests/data/plain/out_of_gas_ascii.txt");
}

static void
plain__sequence(void **state)
{
    (void)state;
    check_golden("portfolio_sequential", false, "tests/data/plain/sequential.txt");
}

/* --- for who listens ------------------------------------------------------------------------ */

static const char *const recorded[] = {
    "portfolio_ok", "portfolio_all_branches_fail", "portfolio_batch_fails",
    "portfolio_call_private_callback", "portfolio_deposit", "portfolio_detached",
    "portfolio_fan_8", "portfolio_lending_not_json", "portfolio_lending_traps",
    "portfolio_method_missing", "portfolio_missing_account", "portfolio_missing_argument",
    "portfolio_no_code", "portfolio_sequential", "portfolio_too_little_gas", "yield_resumed",
    "transfer", "portfolio_congested", "portfolio_lending_out_of_gas"};

/* A whole sentence: it begins with a number, a letter, and ends in a stop. */
static void
check_sentence(const char *file, struct str line)
{
    struct str rest = line;
    if (line.n < 2 || line.p[0] == ' ' || !strchr(".?!", line.p[line.n - 1]))
        fail_msg("%s: no sentence: \"%.*s\"", file, STR_ARG(line));
    while (rest.n) {
        uint32_t scalar = utf8_take(&rest);
        /* Not even what UTF-8 has of them: nothing that draws, points or ticks. */
        if (scalar >= 0x2000 && scalar < 0x2c00)
            fail_msg("%s: a sign in \"%.*s\"", file, STR_ARG(line));
    }
    if (str_find(line, STR("  ")) >= 0)
        fail_msg("%s: a column in \"%.*s\"", file, STR_ARG(line));
}

static void
plain__is_nothing_but_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(recorded); i++) {
        struct buf text = plain_of(recorded[i], false);
        struct str rest = buf_str(&text), line;
        size_t lines = 0;
        for (; str_take_until(&rest, '\n', &line); lines++)
            check_sentence(recorded[i], line);
        assert_int_equal(rest.n, 0);
        assert_true(lines > 4);
        buf_release(&text);
    }
}

/* The same receipt has the same number from its first line to the last. */
static void
plain__numbers_stay(void **state)
{
    static const char *const lines[] = {
        " s: 1.2.1, branch 1 of 1: get_position on lending.test.near is on its way",
        " s: 1.2.1, branch 1 of 1: get_position on lending.test.near is done.",
        "\n1.2.1, branch 1 of 1: get_position on lending.test.near is done.",
        " s: 1.2.2, the callback: sequential_step on portfolio.test.near is waiting for 1.2.1.\n"};
    (void)state;
    struct buf text = plain_of("portfolio_sequential", false);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (!strstr(buf_c(&text), lines[i]))
            fail_msg("missing: %s in\n%s", lines[i], buf_c(&text));
    }
    buf_release(&text);
}

static void
check_said(struct store *s, unsigned number, const char *expected)
{
    struct buf text;
    struct call *c = made_call(s);
    buf_init(&text, 65536);
    say_receipt(&text, c, made_node(c, number));
    assert_string_equal(buf_c(&text), expected);
    buf_release(&text);
}

static void
say__while_it_runs(void **state)
{
    struct store *s = store_new();
    static const unsigned inputs[] = {90, 91};
    struct buf text;
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 4);
    made_exists(s, 1, NULL, 0, 90);
    check_said(s, 1, "1.1, branch 1: go on b.near is on its way with <0.001 Tgas.");
    made_exists(s, 2, NULL, 0, 91);
    made_exists(s, 3, inputs, 2, 0);
    made_exists(s, 4, NULL, 0, 0);
    check_said(s, 1, "1.1, branch 1 of 3: go on b.near is on its way with <0.001 Tgas.");
    check_said(s, 3, "1.3, the callback: go on b.near is waiting for 1.1 and 1.2.");
    made_failed(s, 2, 11);
    check_said(s, 2, "1.2, branch 2 of 3: go on b.near failed: {\"ActionError\":{}}. It burnt 0.00 of "
                     "<0.001 Tgas in block 11. This is result 1 of 1.3.");
    check_said(s, 3, "1.3, the callback: go on b.near is waiting for 1.1.");
    buf_init(&text, 65536);
    struct call *c = made_call(s);
    say_verdict(&text, c, call_verdict(s, c));
    assert_string_equal(buf_c(&text),
                        "The call is running, and 1 of 3 branches are back, 1 of which failed.");
    buf_release(&text);
    store_free(s);
}

static void
say__refused(void **state)
{
    struct store *s = store_new();
    struct buf text;
    (void)state;
    made_state(s, TX_REFUSED);
    buf_init(&text, 65536);
    struct call *c = made_call(s);
    say_verdict(&text, c, call_verdict(s, c));
    assert_string_equal(buf_c(&text), "The call was refused: a reason. What to do: it does not run and costs "
                        "nothing: put right what is said, then send it again.");
    buf_release(&text);
    store_free(s);
}

/* A number as long as a screen helps nobody: deep ones are told by their id. */
static void
say__deep_ones_have_their_id(void **state)
{
    struct store *s = store_new();
    struct buf text;
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 1);
    for (unsigned i = 1; i < 60; i++)
        made_ran(s, i, 10 + i, i + 1, 1);
    struct call *c = made_call(s);
    buf_init(&text, 65536);
    say_number(&text, made_node(c, 24));
    assert_string_equal(buf_c(&text), "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1");
    buf_clear(&text);
    say_number(&text, made_node(c, 50));
    assert_true(str_starts(buf_str(&text), STR("receipt ")));
    buf_release(&text);
    store_free(s);
}

static void
say_value__says_what_is_cut(void **state)
{
    static const struct {
        const char *value, *said;
    } cases[] = {{"", "nothing"},
                 {"\"12\"", "\"12\""},
                 {"0123456789", "01234567 and so on, 10 bytes in all"},
                 {"0123456ä9", "0123456 and so on, 10 bytes in all"},
                 {"\xff\xfe", "2 bytes that are no text"}};
    struct buf text;
    (void)state;
    buf_init(&text, 65536);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        buf_clear(&text);
        say_value(&text, str_from(cases[i].value), 8);
        assert_string_equal(buf_c(&text), cases[i].said);
    }
    buf_release(&text);
}

/* --- for who looks -------------------------------------------------------------------------- */

/* Before the end the tree says what is not known yet, and lines are cut to the terminal. */
static void
tree_text__cut_to_the_width(void **state)
{
    struct model_case m;
    struct buf text;
    struct str rest, line;
    (void)state;
    model_case_load(&m, "portfolio_ok");
    struct store *s = model_case_store(&m);
    for (int width = 1; width < 100; width += 7) {
        buf_init(&text, 65536);
        text_tree(&text, s, model_case_call(&m, s), width % 2 == 0, width);
        rest = buf_str(&text);
        size_t lines = 0;
        for (; str_take_until(&rest, '\n', &line); lines++)
            assert_true(lines == 0 || lines == 7 ||
                        utf8_str_width(line) <= (width < 3 ? 3 : width));
        assert_int_equal(lines, 8);
        buf_release(&text);
    }
    store_free(s);
    model_case_release(&m);
}

static void
tree_text__while_it_runs(void **state)
{
    struct store *s = store_new();
    static const unsigned inputs[] = {90, 91};
    struct buf text;
    (void)state;
    made_ran(s, MADE_TX, 9, MADE_ROOT, 1);
    made_ran(s, MADE_ROOT, 10, 1, 4);
    made_exists(s, 1, NULL, 0, 90);
    made_exists(s, 2, NULL, 0, 91);
    made_exists(s, 3, inputs, 2, 0);
    made_failed(s, 2, 11);
    buf_init(&text, 65536);
    text_tree(&text, s, made_call(s), true, 0);
    const char *tree = strchr(buf_c(&text), '\n') + 1;
    assert_string_equal(tree,
        "running, 1 of 2 branches are back, 1 not known yet, 1 failed  1 block  0.00 s\n"
        "+ receipt 111111…111112  done  <0.001 Tgas  block 10\n"
        "|- > [0] go b  in flight  - of <0.001\n"
        "|- x [1] go b  failed  0.00 Tgas of <0.001  block 11  {\"ActionError\":{}}\n"
        "|- o go b  waiting  - of <0.001\n"
        "`- > receipt Gcdayu…EytDeQ  named\n");
    buf_release(&text);
    store_free(s);
}

/* Not sent from here, and nobody has told of it. */
static void
tree_text__asked_for(void **state)
{
    struct store *s = store_new();
    struct buf text;
    (void)state;
    made_state(s, TX_UNKNOWN);
    buf_init(&text, 65536);
    text_tree(&text, s, made_call(s), true, 0);
    assert_non_null(strstr(buf_c(&text), "\nasked for, nothing is known of it yet\n"));
    buf_release(&text);
    store_free(s);
}

static void
tree_text__refused(void **state)
{
    struct store *s = store_new();
    struct buf text;
    (void)state;
    made_state(s, TX_REFUSED);
    buf_init(&text, 65536);
    text_tree(&text, s, made_call(s), true, 0);
    assert_non_null(strstr(buf_c(&text), "\nfailed, refused: a reason\n"));
    buf_release(&text);
    store_free(s);
}

/* Nothing that a terminal obeys, whatever the contract logged. */
static void
check_harmless(struct str text)
{
    while (text.n) {
        uint32_t scalar = utf8_take(&text);
        assert_true(scalar == '\n' || utf8_width(scalar) > 0);
    }
}

static void
plain__strangers_text_is_harmless(void **state)
{
    (void)state;
    struct buf text = plain_of("portfolio_lending_logs", false);
    assert_non_null(strstr(buf_c(&text), " logged: "));
    assert_non_null(strstr(buf_c(&text), "^["));
    check_harmless(buf_str(&text));
    buf_release(&text);
}

/* Most of its gas came back, and yet it ran out: what it promised its calls counts. */
static void
plain__says_what_gas_was_short_for(void **state)
{
    (void)state;
    struct buf text = plain_of("portfolio_too_little_gas", true);
    assert_non_null(strstr(buf_c(&text), "attach more gas: 1.91 of 20 Tgas were burnt, its calls need"));
    buf_release(&text);
    text = plain_of("portfolio_lending_out_of_gas", true);
    assert_null(strstr(buf_c(&text), "its calls need"));
    buf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain__swallowed_failure),
        cmocka_unit_test(plain__ascii),
        cmocka_unit_test(plain__sequence),
        cmocka_unit_test(plain__says_what_gas_was_short_for),
        cmocka_unit_test(plain__is_nothing_but_sentences),
        cmocka_unit_test(plain__numbers_stay),
        cmocka_unit_test(say__while_it_runs),
        cmocka_unit_test(say__refused),
        cmocka_unit_test(say__deep_ones_have_their_id),
        cmocka_unit_test(say_value__says_what_is_cut),
        cmocka_unit_test(tree_text__cut_to_the_width),
        cmocka_unit_test(tree_text__while_it_runs),
        cmocka_unit_test(tree_text__asked_for),
        cmocka_unit_test(tree_text__refused),
        cmocka_unit_test(plain__strangers_text_is_harmless),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
