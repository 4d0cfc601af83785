/* What is asked and answered on any screen: the prompt for a transaction; copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/near/base58.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"

#define TX "8pZfWkgLmH6XsJtMNmdLQ4HxSbrpB9QTqxJ3ueZgQo1x"

static const char *
last_row(struct scene *s, int width, int height)
{
    const char *text = scene_text(s, width, height, false), *row = text;
    for (int y = 0; y + 1 < height; y++)
        row = strchr(row, '\n') + 1;
    return row;
}

static void
watch__says_what_it_expects__and_what_it_takes_it_for(void **state)
{
    static const struct {
        const char *typed, *row;
    } cases[] = {{"", "hash, account:hash, receipt id, explorer address"},
                 {"8pZf", "a hash has 43 or 44 letters and digits, this has 4"},
                 {"8p0", "no hash has a \"0\": digits and letters but 0 I O l"},
                 {"alice.near", "an account alone is too little: account:hash"},
                 {TX, "a transaction, or a receipt of one"},
                 {"alice.near:" TX, "signed by alice.near"},
                 {"https://testnet.nearblocks.io/txns/" TX, "that is of testnet, and this is test"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene s;
        scene_open_calls(&s);
        scene_type(&s, "w");
        scene_type(&s, cases[i].typed);
        /* Beside what is typed, or in the row above it. */
        const char *screen = scene_text(&s, 80, 24, false);
        bool is_whole = strlen(cases[i].typed) > 70 || strstr(screen, cases[i].typed);
        if (!strstr(screen, cases[i].row) || !is_whole)
            fail_msg("\"%s\" gets:\n%s", cases[i].typed, screen);
        scene_close(&s);
    }
}

static void
watch__follows__what_can_be_one(void **state)
{
    struct scene s;
    (void)state;
    scene_open_calls(&s);
    scene_type(&s, "w8p0");
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_REPAINT);
    /* Still asked, and marked where it is wrong. */
    assert_int_equal(s.ui.prompt.kind, PROMPT_WATCH);
    assert_true(s.ui.prompt.answer.is_wrong);
    assert_int_equal(s.ui.prompt.answer.column, 2);
    scene_press(&s, KEY_CHARACTER, 21);
    scene_type(&s, "alice.near:" TX);
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_WATCH);
    assert_string_equal(s.ui.asked, "alice.near:" TX);
    assert_int_equal(s.ui.prompt.kind, PROMPT_NONE);
    /* Too short is wrong only when it is to be done. */
    scene_type(&s, "w8pZ");
    assert_false(s.ui.prompt.answer.is_wrong);
    scene_press(&s, KEY_RETURN, 0);
    assert_true(s.ui.prompt.answer.is_wrong);
    scene_close(&s);
}

static void
link__is_copied__by_the_pattern_of_the_network(void **state)
{
    struct scene s;
    char hash[HASH_TEXT];
    (void)state;
    scene_open_calls(&s);
    scene_text(&s, 80, 24, false);
    scene_press(&s, KEY_CHARACTER, 'j');
    assert_int_equal(scene_press(&s, KEY_CHARACTER, 'y'), UI_COPY);
    assert_string_equal(buf_c(&s.ui.copied), hash_text(&s.ui.looked_at, hash));
    assert_int_equal(scene_press(&s, KEY_CHARACTER, 'L'), UI_COPY);
    const char *copied = buf_c(&s.ui.copied);
    assert_int_equal(strncmp(copied, "https://explorer.test/", 22), 0);
    assert_string_equal(copied + 22, hash);
    scene_press(&s, KEY_RETURN, 0);
    assert_int_equal(scene_press(&s, KEY_CHARACTER, 'L'), UI_COPY);
    assert_string_equal(buf_c(&s.ui.copied) + 22, hash);
    s.snapshot.explorer = "";
    assert_int_equal(scene_press(&s, KEY_CHARACTER, 'L'), UI_REPAINT);
    assert_non_null(strstr(last_row(&s, 80, 24), "no explorer of test is known"));
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watch__says_what_it_expects__and_what_it_takes_it_for),
        cmocka_unit_test(watch__follows__what_can_be_one),
        cmocka_unit_test(link__is_copied__by_the_pattern_of_the_network),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
