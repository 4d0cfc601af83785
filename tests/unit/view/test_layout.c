#include "tui/view/layout.h"
#include "tui/view/row_branch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"

static const struct layout_wants scenes[] = {
    {.tree = 3, .result = 3, .figures = 1, .story = 0},
    {.tree = 7, .result = 6, .figures = 7, .story = 6},
    {.tree = 7, .result = 6, .figures = 7, .story = 6, .trouble = 2},
    {.tree = 10001, .result = 4, .figures = 6, .story = 256},
    {.tree = 4, .result = 258, .figures = 6, .story = 3},
    {.tree = 8, .result = 7, .figures = 6, .story = 9, .has_cause = true}};

static bool
is_inside(struct box b, int width, int height)
{
    return b.width >= 0 && b.height >= 0 &&
           (b.height == 0 ||
            (b.x >= 0 && b.y >= 0 && b.x + b.width <= width && b.y + b.height <= height));
}

static bool
overlap(struct box a, struct box b)
{
    return a.height && b.height && a.width && b.width && a.x < b.x + b.width &&
           b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void
check(const struct layout *l, int width, int height)
{
    struct box all[PANE_COUNT + 1];
    memcpy(all, l->pane, sizeof(l->pane));
    all[PANE_NONE] = l->head;
    all[PANE_COUNT] = l->foot;
    for (size_t a = 0; a < ARRAY_LEN(all); a++) {
        assert_true(is_inside(all[a], width, height));
        for (size_t b = 0; b < a; b++)
            assert_false(overlap(all[a], all[b]));
    }
    assert_true(l->head.height >= 1);
}

/* Whatever a person has dragged, zoomed or closed. */
static void
layout__is_inside_and_apart__however_it_was_dragged(void **state)
{
    static const int places[] = {1, 30, 79, 119, 250};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places) * PANE_COUNT * 2; i++) {
        struct layout_wants wants = scenes[i % ARRAY_LEN(scenes)];
        wants.split = places[i % ARRAY_LEN(places)];
        wants.tree_height = places[i / 2 % ARRAY_LEN(places)];
        wants.detail = (enum detail_place)(i % DETAIL_PLACES);
        wants.zoomed = (enum pane)(i / 2 % PANE_COUNT);
        for (int width = 1; width <= 250; width += 3) {
            for (int height = 1; height <= 80; height += 2) {
                struct layout l = layout_call(width, height, &wants);
                check(&l, width, height);
                if (wants.zoomed && height > 3)
                    assert_true(l.pane[wants.zoomed].height > 0);
            }
        }
    }
}

/* Why something failed is said wherever there are two rows for it. */
static void
layout__makes_room_for_a_failure(void **state)
{
    static const struct {
        int width, height, tree, result;
    } screens[] = {{80, 24, 8, 7}, {80, 20, 8, 7}, {80, 18, 8, 7}, {80, 24, 200, 60}, {40, 10, 3, 4},
                   {40, 24, 8, 7}, {119, 30, 40, 3}, {120, 40, 8, 7}, {60, 16, 3, 1}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        struct layout_wants wants = {.tree = screens[i].tree, .result = screens[i].result,
                                     .figures = 6, .has_cause = true};
        struct layout l = layout_call(screens[i].width, screens[i].height, &wants);
        assert_true(l.pane[PANE_DETAIL].height >= 2);
        assert_true(l.pane[PANE_TREE].height >= 3);
        wants.detail = DETAIL_HIDDEN;
        l = layout_call(screens[i].width, screens[i].height, &wants);
        assert_int_equal(l.pane[PANE_DETAIL].height, 0);
    }
}

static void
layout__puts_the_detail_beside_the_tree__when_wide(void **state)
{
    (void)state;
    struct layout l = layout_call(120, 30, &scenes[1]);
    assert_int_equal(l.pane[PANE_DETAIL].y, l.pane[PANE_TREE].y);
    assert_int_equal(l.pane[PANE_DETAIL].x, l.pane[PANE_TREE].width);
    assert_true(l.pane[PANE_DETAIL].height > 20);
    struct layout_wants below = scenes[1];
    below.detail = DETAIL_BELOW;
    l = layout_call(120, 40, &below);
    assert_int_equal(l.pane[PANE_TREE].width, 120);
    assert_true(l.pane[PANE_DETAIL].y > l.pane[PANE_TREE].y);
    below.detail = DETAIL_HIDDEN;
    assert_int_equal(layout_call(120, 40, &below).pane[PANE_DETAIL].height, 0);
    l = layout_call(119, 40, &scenes[1]);
    assert_int_equal(l.pane[PANE_TREE].width, 119);
    assert_true(l.pane[PANE_DETAIL].y > l.pane[PANE_TREE].y);
}

static void
layout__is_inside_and_apart__at_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
        for (int width = 1; width <= 220; width++) {
            for (int height = 1; height <= 70; height++) {
                struct layout l = layout_call(width, height, &scenes[i]);
                check(&l, width, height);
            }
        }
    }
}

/* With four columns for the joins, which most calls have. */
static void
layout__leaves_room_for_time__beside_the_detail(void **state)
{
    (void)state;
    for (int width = LAYOUT_WIDE; width <= 250; width++) {
        struct layout l = layout_call(width, 40, &scenes[1]);
        int tree = l.pane[PANE_TREE].width, least = width < 130 ? 17 : width < 140 ? 25 : 29;
        struct columns k = columns_of(tree, 1, true);
        if (k.time < least || l.pane[PANE_DETAIL].width < 41)
            fail_msg("%d columns: tree %d, time %d, detail %d", width, tree, k.time,
                     l.pane[PANE_DETAIL].width);
    }
}

/* A dragged line makes the tree narrow: then how much gas was used is still told. */
static void
columns__tell_gas__however_narrow_the_tree_beside_the_detail(void **state)
{
    (void)state;
    for (int width = 56; width < 200; width++) {
        struct columns k = columns_of(width, 1, true);
        if (!k.gas || !k.percent)
            fail_msg("%d columns: gas %d, percent %d", width, k.gas, k.percent);
    }
}

static void
layout__gives_everything_a_place__on_80_by_24(void **state)
{
    (void)state;
    struct layout l = layout_call(80, 24, &scenes[1]);
    assert_int_equal(l.pane[PANE_TREE].height, 7);
    assert_int_equal(l.pane[PANE_RESULT].height, 6);
    assert_true(l.pane[PANE_FIGURES].height >= 6);
    assert_true(l.pane[PANE_DETAIL].height >= 3);
    assert_int_equal(l.foot.height, 2);
}

static void
layout__leaves_room_for_the_selected__beside_a_long_tree(void **state)
{
    (void)state;
    struct layout l = layout_call(110, 40, &scenes[3]);
    assert_true(l.pane[PANE_DETAIL].height >= 8);
    assert_true(l.pane[PANE_TREE].height >= 12);
    /* A small screen is for the tree. */
    assert_int_equal(layout_call(80, 24, &scenes[3]).pane[PANE_DETAIL].height, 0);
}

static void
layout__has_the_verdict_and_a_row__when_nearly_nothing_fits(void **state)
{
    (void)state;
    struct layout l = layout_call(20, 5, &scenes[1]);
    assert_int_equal(l.head.height, 1);
    assert_int_equal(l.pane[PANE_TREE].height, 4);
    assert_false(l.has_rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout__is_inside_and_apart__at_every_size),
        cmocka_unit_test(layout__is_inside_and_apart__however_it_was_dragged),
        cmocka_unit_test(layout__makes_room_for_a_failure),
        cmocka_unit_test(layout__puts_the_detail_beside_the_tree__when_wide),
        cmocka_unit_test(layout__leaves_room_for_time__beside_the_detail),
        cmocka_unit_test(columns__tell_gas__however_narrow_the_tree_beside_the_detail),
        cmocka_unit_test(layout__gives_everything_a_place__on_80_by_24),
        cmocka_unit_test(layout__leaves_room_for_the_selected__beside_a_long_tree),
        cmocka_unit_test(layout__has_the_verdict_and_a_row__when_nearly_nothing_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
