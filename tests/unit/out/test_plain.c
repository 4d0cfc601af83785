/* --plain and the tree that stays: lines for people, safe for their terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/file.h"
#include "net/base/utf8.h"
#include "tests/support/model_case.h"
#include "tests/support/model_made.h"
#include "tui/model/want.h"
#include "tui/out/out.h"
#include "tui/out/text.h"

/* A locale with UTF-8 is what tells how wide characters are. */
static int
use_locale(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

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

/* To the letter, against a file; UPDATE=1 in the environment writes the file anew. */
static void
check_golden(const char *file, bool is_ascii, const char *golden)
{
    struct buf text = plain_of(file, is_ascii), expected;
    buf_init(&expected, 1 << 20);
    if (getenv("UPDATE"))
        assert_int_equal(file_write(golden, buf_str(&text), 0644, NULL), OK);
    assert_int_equal(file_read(golden, &expected, NULL), OK);
    assert_string_equal(buf_c(&text), buf_c(&expected));
    buf_release(&text);
    buf_release(&expected);
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
        "running, 1 of 2 branches are back, 1 failed  1 block  0.00 s\n"
        "+ receipt 111111…111112  done  <0.001 Tgas  block 10\n"
        "|- > [0] go b  in flight  - of <0.001\n"
        "|- x [1] go b  failed  0.00 Tgas of <0.001  block 11  {\"ActionError\":{}}\n"
        "|- o go b  waiting  - of <0.001\n"
        "`- > receipt Gcdayu…EytDeQ  named\n");
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
    assert_non_null(strstr(buf_c(&text), "log: "));
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
        cmocka_unit_test(tree_text__cut_to_the_width),
        cmocka_unit_test(tree_text__while_it_runs),
        cmocka_unit_test(tree_text__refused),
        cmocka_unit_test(plain__strangers_text_is_harmless),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, use_locale, NULL);
}
