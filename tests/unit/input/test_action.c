#include "tui/input/keymap.h"

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
    struct keymap map;
    (void)state;
    keymap_default(&map);
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        struct str rest = str_from(action_text_of((enum action_id)id)->keys), name;
        int count = 0;
        while (str_take_until(&rest, ' ', &name)) {
            struct key k;
            if (!key_named(name, &k))
                fail_msg("no key is called %.*s", STR_ARG(name));
            if (key_ambiguous(&k))
                fail_msg("%.*s cannot be told from %s", STR_ARG(name), key_ambiguous(&k));
            /* Were a key named twice, the second action would not be found by it. */
            if (keymap_action(&map, &k) != (enum action_id)id)
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
                                      CHARACTER('x'), CHARACTER(0), CHARACTER(0x1F600)};
    struct keymap map;
    (void)state;
    keymap_default(&map);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_int_equal(keymap_action(&map, &keys[i]), DO_NOTHING);
}

static void
actions__are_named__one_way(void **state)
{
    char name[ACTION_NAME_MAX];
    (void)state;
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++)
        assert_int_equal(action_named(str_from(action_name((enum action_id)id, name))), id);
    assert_string_equal(action_name(DO_PAGE_UP, name), "page-up");
    assert_int_equal(action_named(STR("")), DO_NOTHING);
    assert_int_equal(action_named(STR("PAUSE")), DO_NOTHING);
}

static const char *
keys_of(const struct keymap *m, enum action_id id)
{
    static char text[128];
    struct buf b;
    buf_init(&b, sizeof(text) - 1);
    keymap_keys(m, id, false, &b);
    memcpy(text, buf_c(&b), b.n + 1);
    buf_release(&b);
    return text;
}

static void
keymap_parse__moves_keys__as_a_person_wants(void **state)
{
    struct keymap m;
    struct diag d = {0};
    (void)state;
    keymap_default(&m);
    assert_int_equal(keymap_parse(&m, STR("pause"), STR("F5  r"), &d), OK);
    assert_string_equal(keys_of(&m, DO_PAUSE), "F5 r");
    /* r was that of another action, by default: it has none now. */
    assert_string_equal(keys_of(&m, DO_AGAIN), "");
    assert_int_equal(keymap_parse(&m, STR("again"), STR("e"), &d), OK);
    assert_string_equal(keys_of(&m, DO_AGAIN), "e");
    assert_int_equal(keymap_parse(&m, STR("batch"), STR("none"), &d), OK);
    assert_string_equal(keys_of(&m, DO_BATCH), "");
    assert_int_equal(keymap_check(&m, &d), OK);
    assert_int_equal(keymap_parse(&m, STR("quit"), STR("none"), &d), OK);
    assert_int_equal(keymap_check(&m, &d), ERR_RANGE);
    assert_string_equal(diag_text(&d), "no key would be left to quit");
}

static void
keymap_parse__says__what_cannot_be(void **state)
{
    static const struct {
        const char *name, *keys;
        enum err e;
        const char *says;
    } cases[] = {{"pasue", "p", ERR_NOT_FOUND, "no action is called \"pasue\""},
                 {"pause", "^I", ERR_SYNTAX, "\"^I\" cannot be told from Tab"},
                 {"pause", "^M", ERR_SYNTAX, "cannot be told from Enter"},
                 {"pause", "^[", ERR_SYNTAX, "cannot be told from Esc"},
                 {"pause", "ctrl+p", ERR_SYNTAX, "\"ctrl+p\" is no key"},
                 {"pause", "e", ERR_RANGE, "\"e\" was already given to again"}};
    struct keymap m;
    struct diag d = {0};
    (void)state;
    keymap_default(&m);
    assert_int_equal(keymap_parse(&m, STR("again"), STR("e"), &d), OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(keymap_parse(&m, str_from(cases[i].name), str_from(cases[i].keys), &d),
                         cases[i].e);
        if (!strstr(diag_text(&d), cases[i].says))
            fail_msg("%s", diag_text(&d));
        assert_string_equal(keys_of(&m, DO_PAUSE), "p Z");
    }
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
        cmocka_unit_test(actions__are_named__one_way),
        cmocka_unit_test(keymap_parse__moves_keys__as_a_person_wants),
        cmocka_unit_test(keymap_parse__says__what_cannot_be),
        cmocka_unit_test(key_named__knows__people_s_names),
        cmocka_unit_test(key_name_ascii__has_no_arrows__and_leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
