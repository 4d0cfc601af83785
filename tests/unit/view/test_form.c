/* The form of a new call: what is typed, what is wrong with it, what it was filled with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"
#include "tui/view/form.h"

static struct form *
open_form(struct scene *s)
{
    scene_open_calls(s);
    ui_act(&s->ui, &s->snapshot, DO_NEW);
    return form_of(&s->ui, &s->snapshot);
}

static const char *
wrong(const struct form *form, enum form_field field, struct diag *d)
{
    size_t at;
    *d = (struct diag){0};
    return form_check(form, field, &at, d) ? diag_text(d) : "";
}

static void
form__says_where_the_arguments_are_wrong__line_and_column(void **state)
{
    static const struct {
        const char *args, *words;
        size_t at;
    } cases[] = {{"{\"a\": }", "line 1, column 7", 6},
                 {"{\n  \"a\": 1,\n}", "line 3, column 1", 12},
                 {"", "line 1, column 1", 0},
                 {"@file", "line 1, column 1", 0},
                 {"{\"\xc3\xa4\": x}", "line 1, column 7", 7}};
    struct scene s;
    struct diag d = {0};
    (void)state;
    struct form *form = open_form(&s);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t at;
        assert_true(text_set(&form->now.args, str_from(cases[i].args)));
        assert_int_not_equal(form_check(form, FORM_ARGS, &at, &d), OK);
        if (!strstr(diag_text(&d), cases[i].words))
            fail_msg("%s: %s", cases[i].args, diag_text(&d));
        assert_int_equal(at, cases[i].at);
    }
    assert_true(text_set(&form->now.args, STR("{\"a\": [1, 2]}")));
    assert_string_equal(wrong(form, FORM_ARGS, &d), "");
    scene_close(&s);
}

static void
form__checks_each_field__as_it_is_typed(void **state)
{
    struct scene s;
    struct diag d;
    (void)state;
    struct form *form = open_form(&s);
    assert_int_equal(form_wrong(form), FORM_CONTRACT);
    scene_type(&s, "Not An Account\t");
    assert_true(wrong(form, FORM_CONTRACT, &d)[0]);
    assert_true(strstr(scene_text(&s, 80, 24, false), "not yet: contract") != NULL);
    for (int i = 0; i < 1; i++)
        scene_press(&s, KEY_BACK_TAB, 0);
    for (int i = 0; i < 20; i++)
        scene_press(&s, KEY_ERASE, 0);
    scene_type(&s, "token.test.near\tft_balance_of");
    assert_string_equal(wrong(form, FORM_CONTRACT, &d), "");
    assert_int_equal(form_wrong(form), FORM_FIELDS);
    line_set(&form->now.line[FORM_GAS], STR("much"));
    assert_int_equal(form_wrong(form), FORM_GAS);
    line_set(&form->now.line[FORM_GAS], STR("5 Tgas"));
    line_set(&form->now.line[FORM_DEPOSIT], STR("1"));
    assert_non_null(strstr(wrong(form, FORM_DEPOSIT, &d), "Say '1 NEAR' or '1 yoctoNEAR'"));
    scene_close(&s);
}

static void
form__sends_only__what_is_right(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    assert_int_equal(scene_press(&s, KEY_FUNCTION_2, 0), UI_REPAINT);
    assert_int_equal(form->focus, FORM_CONTRACT);
    scene_type(&s, "token.test.near\tgo");
    assert_int_equal(scene_press(&s, KEY_FUNCTION_2, 0), UI_SEND);
    scene_close(&s);
}

static void
form__is_filled_with_the_calls_before__by_page_up(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_press(&s, KEY_PAGE_UP, 0);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "portfolio.test.near");
    assert_string_equal(form->now.line[FORM_METHOD].text, "get_portfolio_data");
    assert_string_equal(form->now.line[FORM_GAS].text, "100 Tgas");
    assert_int_equal(form_wrong(form), FORM_FIELDS);
    /* A transfer is none that a form can hold: it is passed over. */
    scene_press(&s, KEY_PAGE_UP, 0);
    assert_string_equal(form->now.line[FORM_METHOD].text, "fan");
    scene_press(&s, KEY_PAGE_DOWN, 0);
    assert_string_equal(form->now.line[FORM_METHOD].text, "get_portfolio_data");
    scene_close(&s);
}

static void
question__sends__by_y_alone(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_type(&s, "token.test.near\tgo");
    snprintf(form->question, sizeof(form->question), "network mainnet");
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "network mainnet"));
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_REPAINT);
    assert_false(form->is_confirmed);
    assert_string_equal(form->question, "");
    snprintf(form->question, sizeof(form->question), "network mainnet");
    const struct key y = {.special = KEY_CHARACTER, .scalar = 'y'};
    assert_int_equal(ui_key(&s.ui, &s.snapshot, &y), UI_SEND);
    assert_true(form->is_confirmed);
    scene_close(&s);
}

/* --- what was typed comes back ------------------------------------------------------------------ */

static void
escape__keeps_what_was_typed(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_type(&s, "a.near\tgo");
    scene_press(&s, KEY_ESCAPE, 0);
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_CALLS);
    ui_act(&s.ui, &s.snapshot, DO_NEW);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "a.near");
    assert_string_equal(form->now.line[FORM_METHOD].text, "go");
    assert_int_equal(form->focus, FORM_METHOD);
    scene_close(&s);
}

static void
what_was_typed__comes_back__after_something_was_filled_in(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_type(&s, "a.near");
    scene_press(&s, KEY_PAGE_UP, 0);
    scene_press(&s, KEY_PAGE_UP, 0);
    assert_string_equal(form->now.line[FORM_METHOD].text, "fan");
    scene_press(&s, KEY_PAGE_DOWN, 0);
    scene_press(&s, KEY_PAGE_DOWN, 0);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "a.near");
    scene_press(&s, KEY_ESCAPE, 0);
    ui_act(&s.ui, &s.snapshot, DO_EDIT);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "portfolio.test.near");
    assert_int_equal(form->focus, FORM_ARGS);
    scene_press(&s, KEY_PAGE_DOWN, 0);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "a.near");
    scene_close(&s);
}

/* --- the list ----------------------------------------------------------------------------------- */

static void
list__offers_presets_and_earlier_calls__found_by_typing(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_press(&s, KEY_FUNCTION_3, 0);
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "@portfolio"));
    assert_non_null(strstr(text, "what bob has"));
    assert_non_null(strstr(text, "fan "));
    scene_type(&s, "BOB bal");
    text = scene_text(&s, 80, 24, false);
    assert_null(strstr(text, "@portfolio"));
    assert_non_null(strstr(text, "1 of "));
    scene_press(&s, KEY_RETURN, 0);
    assert_string_equal(form->now.line[FORM_METHOD].text, "ft_balance_of");
    assert_string_equal(form->now.line[FORM_GAS].text, "5 Tgas");
    assert_string_equal(form->now.line[FORM_SIGNER].text, "alice.test.near");
    assert_int_equal(form->focus, FORM_SEND);
    assert_int_equal(form->list, FORM_LIST_NONE);
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_SEND);
    scene_close(&s);
}

static void
list__changes_nothing__when_it_is_left(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    scene_type(&s, "a.near");
    scene_press(&s, KEY_FUNCTION_3, 0);
    scene_type(&s, "zzz");
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "none is like that"));
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_REPAINT);
    scene_press(&s, KEY_ESCAPE, 0);
    assert_int_equal(form->list, FORM_LIST_NONE);
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_FORM);
    assert_string_equal(form->now.line[FORM_CONTRACT].text, "a.near");
    scene_close(&s);
}

static void
list__has_the_keys__in_the_field_of_the_signer(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    form->focus = FORM_SIGNER;
    scene_press(&s, KEY_FUNCTION_3, 0);
    scene_type(&s, "bob");
    scene_press(&s, KEY_RETURN, 0);
    assert_string_equal(form->now.line[FORM_SIGNER].text, "bob.test.near");
    assert_int_equal(form->focus, FORM_SIGNER);
    scene_close(&s);
}

static void
signer_without_a_key__is_warned_of__where_keys_are_known(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    line_set(&form->now.line[FORM_SIGNER], STR("carol.near"));
    form->focus = FORM_SIGNER;
    assert_null(strstr(scene_text(&s, 80, 24, false), "no key of this account"));
    s.snapshot.knows_signers = true;
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "no key of this account was found for test"));
    /* What the node would refuse is said, and can be sent all the same. */
    line_set(&form->now.line[FORM_GAS], STR("301 Tgas"));
    form->focus = FORM_GAS;
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "nodes refuse more than 300 Tgas"));
    line_set(&form->now.line[FORM_CONTRACT], STR("a.near"));
    line_set(&form->now.line[FORM_METHOD], STR("go"));
    assert_int_equal(form_wrong(form), FORM_FIELDS);
    scene_close(&s);
}

/* --- cost and arguments ------------------------------------------------------------------------- */

static void
cost__is_told__at_the_price_of_the_node(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    line_set(&form->now.line[FORM_DEPOSIT], STR("2 NEAR"));
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "at most 2.01518 NEAR"));
    assert_non_null(strstr(text, "deposit, gas at the node's 0.00015 NEAR a Tgas"));
    s.snapshot.has_gas_price = false;
    text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "at most 2.01012 NEAR"));
    assert_non_null(strstr(text, "the node's is unknown"));
    line_set(&form->now.line[FORM_GAS], STR("x"));
    assert_null(strstr(scene_text(&s, 80, 24, false), "at most"));
    scene_close(&s);
}

static void
arguments__are_laid_out__in_lines_and_in_one(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    assert_true(text_set(&form->now.args, STR("{\"a\":1.50,\"b\":[true]}")));
    scene_text(&s, 80, 24, false);
    scene_press(&s, KEY_FUNCTION_4, 0);
    assert_string_equal(form->now.args.bytes, "{\n  \"a\": 1.50,\n  \"b\": [\n    true\n  ]\n}");
    scene_press(&s, KEY_FUNCTION_4, 0);
    assert_string_equal(form->now.args.bytes, "{\"a\":1.50,\"b\":[true]}");
    assert_true(text_set(&form->now.args, STR("{")));
    scene_press(&s, KEY_FUNCTION_4, 0);
    assert_string_equal(form->now.args.bytes, "{");
    assert_non_null(strstr(s.ui.told, "no JSON"));
    scene_close(&s);
}

static void
empty_arguments__give_way__to_a_value_that_is_typed_whole(void **state)
{
    static const struct {
        const char *typed, *args;
    } cases[] = {{"\"a\":1", "{\"a\":1}"}, {"{\"b\":2}", "{\"b\":2}"}, {"[1]", "[1]"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene s;
        struct form *form = open_form(&s);
        form->focus = FORM_ARGS;
        scene_type(&s, cases[i].typed);
        assert_string_equal(form->now.args.bytes, cases[i].args);
        scene_press(&s, KEY_ESCAPE, 0);
        assert_non_null(strstr(s.ui.told, "what was typed is kept: a goes on"));
        scene_close(&s);
    }
}

static void
long_arguments__take_rows__and_the_cursor_moves_in_them(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    static const char args[] = "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                               "\xc3\xa4\xe4\xb8\xadzz\",\n 1]";
    assert_true(text_set(&form->now.args, STR(args)));
    form->focus = FORM_ARGS;
    form->now.args.cursor = 0;
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "│ \xe4\xb8\xadzz\",\n"));
    scene_press(&s, KEY_ARROW_DOWN, 0);
    assert_memory_equal(form->now.args.bytes + form->now.args.cursor, "\xe4\xb8\xadzz", 5);
    scene_press(&s, KEY_ARROW_DOWN, 0);
    assert_memory_equal(form->now.args.bytes + form->now.args.cursor, " 1]", 3);
    scene_press(&s, KEY_ARROW_UP, 0);
    scene_press(&s, KEY_ARROW_UP, 0);
    assert_int_equal(form->now.args.cursor, 0);
    scene_press(&s, KEY_ARROW_UP, 0);
    assert_int_equal(form->focus, FORM_METHOD);
    scene_close(&s);
}

/* --- the mouse ---------------------------------------------------------------------------------- */

static enum ui_effect
click_on(struct scene *s, const char *text, int width, int height, int along)
{
    const char *all = scene_text(s, width, height, true), *at = strstr(all, text), *line = all;
    struct key k = {.special = KEY_POINTER, .mouse = {.what = MOUSE_PRESS}};
    assert_non_null(at);
    for (const char *p = all; p < at; p++) {
        if (*p == '\n') {
            k.mouse.y++;
            line = p + 1;
        }
    }
    k.mouse.x = (int)(at - line) + along;
    s->snapshot.now_ns += 1000000000000;
    return ui_key(&s->ui, &s->snapshot, &k);
}

static void
click__meets_what_is_drawn__at_every_size(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct scene s;
        int w = sizes[i][0], h = sizes[i][1];
        struct form *form = open_form(&s);
        scene_press(&s, KEY_PAGE_UP, 0);
        click_on(&s, "portfolio.test.near", w, h, 10);
        assert_int_equal(form->focus, FORM_CONTRACT);
        assert_int_equal(form->now.line[FORM_CONTRACT].cursor, 10);
        assert_true(text_set(&form->now.args, STR("{\n \"first\": 1,\n \"second\": 2}")));
        click_on(&s, "\"second\"", w, h, 3);
        assert_int_equal(form->focus, FORM_ARGS);
        assert_memory_equal(form->now.args.bytes + form->now.args.cursor, "cond", 4);
        click_on(&s, "F3 calls", w, h, 0);
        assert_int_equal(form->list, FORM_LIST_CALLS);
        click_on(&s, "@balance", w, h, 0);
        assert_string_equal(form->now.line[FORM_METHOD].text, "ft_balance_of");
        assert_int_equal(click_on(&s, "[ send ]", w, h, 0), UI_SEND);
        click_on(&s, "Esc back", w, h, 0);
        assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_CALLS);
        scene_close(&s);
    }
}

static void
question__can_be_read_to_its_end__on_a_small_screen(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    snprintf(form->question, sizeof(form->question), "one\ntwo\nthree\nfour\nfive\nsix\ncosts a lot\n");
    /* What it can cost is seen from the beginning. */
    assert_non_null(strstr(scene_text(&s, 40, 10, false), "costs a lot"));
    assert_null(strstr(scene_text(&s, 40, 10, false), "six"));
    assert_non_null(strstr(scene_text(&s, 40, 10, false), "more line"));
    for (int i = 0; i < 9; i++)
        scene_press(&s, KEY_ARROW_DOWN, 0);
    assert_non_null(strstr(scene_text(&s, 40, 10, false), "six"));
    assert_null(strstr(scene_text(&s, 40, 10, false), "more line"));
    assert_non_null(strstr(form->question, "one"));
    click_on(&s, "y signs", 40, 10, 2);
    assert_true(form->is_confirmed);
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form__says_where_the_arguments_are_wrong__line_and_column),
        cmocka_unit_test(form__checks_each_field__as_it_is_typed),
        cmocka_unit_test(form__sends_only__what_is_right),
        cmocka_unit_test(form__is_filled_with_the_calls_before__by_page_up),
        cmocka_unit_test(question__sends__by_y_alone),
        cmocka_unit_test(escape__keeps_what_was_typed),
        cmocka_unit_test(what_was_typed__comes_back__after_something_was_filled_in),
        cmocka_unit_test(list__offers_presets_and_earlier_calls__found_by_typing),
        cmocka_unit_test(list__changes_nothing__when_it_is_left),
        cmocka_unit_test(list__has_the_keys__in_the_field_of_the_signer),
        cmocka_unit_test(signer_without_a_key__is_warned_of__where_keys_are_known),
        cmocka_unit_test(cost__is_told__at_the_price_of_the_node),
        cmocka_unit_test(arguments__are_laid_out__in_lines_and_in_one),
        cmocka_unit_test(empty_arguments__give_way__to_a_value_that_is_typed_whole),
        cmocka_unit_test(long_arguments__take_rows__and_the_cursor_moves_in_them),
        cmocka_unit_test(click__meets_what_is_drawn__at_every_size),
        cmocka_unit_test(question__can_be_read_to_its_end__on_a_small_screen),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
