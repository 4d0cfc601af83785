/* From screen to screen: by keys, in the stack and round it, and by its crumbs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"
#include "tui/view/screen.h"

enum { WIDTH = 100, HEIGHT = 30 };

static void
repaint(struct scene *s, int width, int height)
{
    struct cells c;
    cells_init(&c, width, height, false);
    ui_paint(&c, &s->ui, &s->snapshot);
    cells_release(&c);
}

/* The stack as letters, the lowest first: C calls, c call, r receipt, = compare, s sources,
 * q requests, f form, ? help, ! the menu. */
static const char *
stack_of(const struct ui *ui)
{
    static const char letters[UI_SCREEN_COUNT + 1] = "Ccr=sqf?!";
    static char text[UI_MAX_DEEP + 1];
    for (int i = 0; i <= ui->depth; i++)
        text[i] = letters[ui->stack[i].screen];
    text[ui->depth + 1] = '\0';
    return text;
}

/* Letters are keys; T is Tab, B its way back, E Enter, X Esc. */
static void
press(struct scene *s, const char *keys, int width, int height)
{
    for (; *keys; keys++) {
        struct key k = {.special = *keys == 'T' ? KEY_TAB : *keys == 'B' ? KEY_BACK_TAB
                                   : *keys == 'E' ? KEY_RETURN : *keys == 'X' ? KEY_ESCAPE
                                   : KEY_CHARACTER};
        if (k.special == KEY_CHARACTER)
            k.scalar = (unsigned char)*keys;
        ui_key(&s->ui, &s->snapshot, &k);
        repaint(s, width, height);
    }
}

static const struct {
    const char *keys, *stack;
} ways[] = {
    {"", "C"},          {"E", "Cc"},        {"EE", "Ccr"},       {"EEX", "Cc"},
    {"EEXX", "C"},      {"X", "C"},         {"2", "Cc"},         {"3", "Ccr"},
    {"31", "C"},        {"32", "Cc"},       {"5", "Cs"},         {"56", "Cq"},
    {"564", "C="},      {"564X", "C"},      {"3564X", "Ccr"},    {"2563", "Ccr"},
    {"25?", "Ccs?"},    {"25?X", "Ccs"},    {"25??", "Ccs"},     {"25?q", "Ccs"},
    {"25?6", "Ccq"},
    {"25?1", "C"},      {"5a", "Csf"},      {"5aX", "Cs"},       {"2f", "Cc!"},
    {"2fX", "Cc"},      {"2f1", "C"},       {"2fT", "Cc!"},      {"5f", "Cc!"},
    {"4s", "C="},       {"24b", "Cc="},     {"s", "C"},          {"b", "C"},
    {"r", "C"},         {"4r", "C="},       {"5s", "Cc"},        {"35r", "Cc"},
    {"D", "Cc"},        {"T", "Cc"},        {"B", "Cq"},         {"3T", "Ccr="},
    {"3TT", "Ccrs"},    {"3TTT", "Ccrq"},   {"3TTTT", "C"},      {"3B", "Cc"},
    {"25?T", "Ccq"},    {"25?B", "Cc="},    {"1e", "Cf"},        {"25e", "Ccsf"},
};

static void
keys__lead__where_the_rule_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct scene s;
        scene_open_calls(&s);
        repaint(&s, WIDTH, HEIGHT);
        press(&s, ways[i].keys, WIDTH, HEIGHT);
        if (strcmp(stack_of(&s.ui), ways[i].stack) != 0)
            fail_msg("\"%s\" leads to %s, not %s", ways[i].keys, stack_of(&s.ui), ways[i].stack);
        scene_close(&s);
    }
}

/* Tab goes round the panes that are seen; where there is one, to the next screen. */
static void
tab__goes_round_panes__where_there_are_some(void **state)
{
    static const enum pane round[] = {PANE_DETAIL, PANE_RESULT, PANE_FIGURES, PANE_STORY,
                                      PANE_TREE};
    struct scene s;
    (void)state;
    scene_open_calls(&s);
    repaint(&s, 120, 40);
    press(&s, "2", 120, 40);
    for (size_t i = 0; i < ARRAY_LEN(round); i++) {
        press(&s, "T", 120, 40);
        assert_string_equal(stack_of(&s.ui), "Cc");
        assert_int_equal(s.ui.focus, round[i]);
    }
    press(&s, "B", 120, 40);
    assert_int_equal(s.ui.focus, PANE_STORY);
    press(&s, "X", 40, 10);
    assert_string_equal(stack_of(&s.ui), "Cc");
    press(&s, "T", 40, 10);
    assert_string_equal(stack_of(&s.ui), "Ccr");
    press(&s, "BB", 40, 10);
    assert_string_equal(stack_of(&s.ui), "C");
    scene_close(&s);
}

static void
click(struct scene *s, const struct hit *h)
{
    struct key k = {.special = KEY_POINTER, .mouse = {.what = MOUSE_PRESS, .x = h->box.x,
                                                      .y = h->box.y}};
    ui_key(&s->ui, &s->snapshot, &k);
    repaint(s, WIDTH, HEIGHT);
}

/* On each screen a crumb for each place, and a click on one leads there. */
static void
crumbs__lead_back__on_every_screen(void **state)
{
    static const char *const places[] = {"", "2", "3", "34", "35", "36", "36a", "36?"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        for (int to = 0;; to++) {
            struct scene s;
            scene_open_calls(&s);
            repaint(&s, WIDTH, HEIGHT);
            press(&s, places[i], WIDTH, HEIGHT);
            char before[UI_MAX_DEEP + 1];
            snprintf(before, sizeof(before), "%s", stack_of(&s.ui));
            if (to > s.ui.depth) {
                scene_close(&s);
                break;
            }
            const struct hit *found = NULL;
            for (size_t h = 0; h < s.ui.hits.count; h++) {
                const struct hit *hit = &s.ui.hits.hit[h];
                if (hit->kind == HIT_PLACE && hit->value == (size_t)to)
                    found = hit;
            }
            if (!found)
                fail_msg("on %s there is no crumb %d", before, to);
            click(&s, found);
            assert_int_equal(s.ui.depth, to);
            assert_int_equal(strncmp(before, stack_of(&s.ui), (size_t)to + 1), 0);
            scene_close(&s);
        }
    }
}

/* Beside the menu a click closes it; inside, what is no entry does nothing. */
static void
menu__closes__with_a_click_beside_it(void **state)
{
    struct scene s;
    (void)state;
    scene_open_calls(&s);
    repaint(&s, WIDTH, HEIGHT);
    press(&s, "2f", WIDTH, HEIGHT);
    click(&s, &(struct hit){.box = {WIDTH / 2, HEIGHT / 2 - 6, 1, 1}});
    assert_string_equal(stack_of(&s.ui), "Cc");
    press(&s, "f", WIDTH, HEIGHT);
    click(&s, &(struct hit){.box = {WIDTH / 2, HEIGHT / 2 + 2, 1, 1}});
    assert_string_equal(stack_of(&s.ui), "Cc!");
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__lead__where_the_rule_says),
        cmocka_unit_test(tab__goes_round_panes__where_there_are_some),
        cmocka_unit_test(crumbs__lead_back__on_every_screen),
        cmocka_unit_test(menu__closes__with_a_click_beside_it),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
