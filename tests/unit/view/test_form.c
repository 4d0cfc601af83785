/* The form of a new call: what is typed, what is wrong with it, what it was filled with. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/view_scene.h"
#include "tui/view/form.h"

static void
type(struct scene *s, const char *text)
{
    for (; *text; text++) {
        struct key k = {.special = KEY_CHARACTER, .scalar = (unsigned char)*text};
        if (*text == '\n')
            k = (struct key){.special = KEY_RETURN};
        if (*text == '\t')
            k = (struct key){.special = KEY_TAB};
        ui_key(&s->ui, &s->snapshot, &k);
    }
}

static enum ui_effect
press(struct scene *s, enum key_special special)
{
    const struct key k = {.special = special};
    return ui_key(&s->ui, &s->snapshot, &k);
}

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
        assert_true(text_set(&form->args, str_from(cases[i].args)));
        assert_int_not_equal(form_check(form, FORM_ARGS, &at, &d), OK);
        if (!strstr(diag_text(&d), cases[i].words))
            fail_msg("%s: %s", cases[i].args, diag_text(&d));
        assert_int_equal(at, cases[i].at);
    }
    assert_true(text_set(&form->args, STR("{\"a\": [1, 2]}")));
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
    type(&s, "Not An Account\t");
    assert_true(wrong(form, FORM_CONTRACT, &d)[0]);
    assert_true(strstr(scene_text(&s, 80, 24, false), "not yet: contract") != NULL);
    for (int i = 0; i < 1; i++)
        press(&s, KEY_BACK_TAB);
    for (int i = 0; i < 20; i++)
        press(&s, KEY_ERASE);
    type(&s, "token.test.near\tft_balance_of");
    assert_string_equal(wrong(form, FORM_CONTRACT, &d), "");
    assert_int_equal(form_wrong(form), FORM_FIELDS);
    line_set(&form->line[FORM_GAS], STR("much"));
    assert_int_equal(form_wrong(form), FORM_GAS);
    line_set(&form->line[FORM_GAS], STR("5 Tgas"));
    line_set(&form->line[FORM_DEPOSIT], STR("1"));
    assert_non_null(strstr(wrong(form, FORM_DEPOSIT, &d), "NEAR or yoctoNEAR"));
    scene_close(&s);
}

static void
form__sends_only__what_is_right(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    assert_int_equal(press(&s, KEY_FUNCTION_2), UI_REPAINT);
    assert_int_equal(form->focus, FORM_CONTRACT);
    type(&s, "token.test.near\tgo");
    assert_int_equal(press(&s, KEY_FUNCTION_2), UI_SEND);
    scene_close(&s);
}

static void
form__is_filled_with_the_calls_before__by_page_up(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    press(&s, KEY_PAGE_UP);
    assert_string_equal(form->line[FORM_CONTRACT].text, "portfolio.test.near");
    assert_string_equal(form->line[FORM_METHOD].text, "get_portfolio_data");
    assert_string_equal(form->line[FORM_GAS].text, "100 Tgas");
    assert_int_equal(form_wrong(form), FORM_FIELDS);
    /* A transfer is none that a form can hold: it is passed over. */
    press(&s, KEY_PAGE_UP);
    assert_string_equal(form->line[FORM_METHOD].text, "fan");
    press(&s, KEY_PAGE_DOWN);
    assert_string_equal(form->line[FORM_METHOD].text, "get_portfolio_data");
    scene_close(&s);
}

static void
question__sends__by_y_alone(void **state)
{
    struct scene s;
    (void)state;
    struct form *form = open_form(&s);
    type(&s, "token.test.near\tgo");
    snprintf(form->question, sizeof(form->question), "network mainnet");
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "network mainnet"));
    assert_int_equal(press(&s, KEY_RETURN), UI_REPAINT);
    assert_false(form->is_confirmed);
    assert_string_equal(form->question, "");
    snprintf(form->question, sizeof(form->question), "network mainnet");
    const struct key y = {.special = KEY_CHARACTER, .scalar = 'y'};
    assert_int_equal(ui_key(&s.ui, &s.snapshot, &y), UI_SEND);
    assert_true(form->is_confirmed);
    scene_close(&s);
}

static int
set_up(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
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
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
