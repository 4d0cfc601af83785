#include "tui/input/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define CHARACTER(c) {.special = KEY_CHARACTER, .scalar = (c)}

static void
keys__lead_to_their_action__as_the_table_says(void **state)
{
    (void)state;
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        struct str rest = str_from(action_text_of((enum action_id)id)->keys), name;
        int count = 0;
        while (str_take_until(&rest, ' ', &name)) {
            struct key k;
            if (!key_named(name, &k))
                fail_msg("no key is called %.*s", STR_ARG(name));
            /* Were a key named twice, the second action would not be found by it. */
            if (action_of_key(&k) != (enum action_id)id)
                fail_msg("%.*s does not do: %s", STR_ARG(name),
                         action_text_of((enum action_id)id)->help);
            count++;
        }
        assert_true(count > 0);
        assert_true(strlen(action_text_of((enum action_id)id)->help) > 0);
    }
}

static void
keys__mean_nothing__when_no_action_has_them(void **state)
{
    static const struct key keys[] = {{.special = KEY_NONE}, {.special = KEY_OTHER},
                                      CHARACTER('x'), CHARACTER(0),
                                      CHARACTER(0x1F600)};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_int_equal(action_of_key(&keys[i]), DO_NOTHING);
}

static void
key_named__knows__people_s_names(void **state)
{
    static const struct {
        const char *name;
        struct key key;
    } cases[] = {{"k", CHARACTER('k')}, {"^L", CHARACTER(12)},
                 {"^", CHARACTER('^')}, {"Space", CHARACTER(' ')},
                 {"PgUp", {.special = KEY_PAGE_UP}},  {"\u2191", {.special = KEY_ARROW_UP}},
                 {"F1", {.special = KEY_FUNCTION_1}}, {"\u00e9", CHARACTER(0xE9)}};
    static const char *const wrong[] = {"", "kk", "^l", "Spacebar", "\x1b", "F11"};
    struct key k;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(key_named(str_from(cases[i].name), &k));
        assert_true(key_equal(&k, &cases[i].key));
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(key_named(str_from(wrong[i]), &k));
}

static void
key_name_ascii__has_no_arrows__and_leaves_the_rest(void **state)
{
    (void)state;
    assert_true(str_equal_c(key_name_ascii(STR("\u2191")), "Up"));
    assert_true(str_equal_c(key_name_ascii(STR("Enter")), "Enter"));
    assert_true(str_equal_c(key_name_ascii(STR("!")), "!"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__lead_to_their_action__as_the_table_says),
        cmocka_unit_test(keys__mean_nothing__when_no_action_has_them),
        cmocka_unit_test(key_named__knows__people_s_names),
        cmocka_unit_test(key_name_ascii__has_no_arrows__and_leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
