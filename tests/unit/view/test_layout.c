#include "tui/view/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "net/base/macros.h"

static const struct layout_wants scenes[] = {
    {.tree = 3, .result = 3, .figures = 1, .story = 0},
    {.tree = 7, .result = 6, .figures = 7, .story = 6},
    {.tree = 7, .result = 6, .figures = 7, .story = 6, .has_trouble = true},
    {.tree = 10001, .result = 4, .figures = 6, .story = 256},
    {.tree = 4, .result = 258, .figures = 6, .story = 3}};

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
layout__is_inside_and_apart__at_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
        for (int width = 1; width <= 220; width++) {
            for (int height = 1; height <= 70; height++) {
                struct layout l = layout_call(width, height, &scenes[i]);
                struct box all[] = {l.head,   l.tree,  l.result, l.figures,
                                    l.detail, l.story, l.foot};
                for (size_t a = 0; a < ARRAY_LEN(all); a++) {
                    assert_true(is_inside(all[a], width, height));
                    for (size_t b = 0; b < a; b++)
                        assert_false(overlap(all[a], all[b]));
                }
                assert_true(l.head.height >= 1);
            }
        }
    }
}

static void
layout__gives_everything_a_place__on_80_by_24(void **state)
{
    (void)state;
    struct layout l = layout_call(80, 24, &scenes[1]);
    assert_int_equal(l.tree.height, 7);
    assert_int_equal(l.result.height, 6);
    assert_true(l.figures.height >= 6);
    assert_true(l.detail.height >= 3);
    assert_int_equal(l.foot.height, 2);
}

static void
layout__leaves_room_for_the_selected__beside_a_long_tree(void **state)
{
    (void)state;
    struct layout l = layout_call(120, 40, &scenes[3]);
    assert_true(l.detail.height >= 8);
    assert_true(l.tree.height >= 12);
    /* A small screen is for the tree. */
    assert_int_equal(layout_call(80, 24, &scenes[3]).detail.height, 0);
}

static void
layout__has_the_verdict_and_a_row__when_nearly_nothing_fits(void **state)
{
    (void)state;
    struct layout l = layout_call(20, 5, &scenes[1]);
    assert_int_equal(l.head.height, 1);
    assert_int_equal(l.tree.height, 4);
    assert_false(l.has_rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout__is_inside_and_apart__at_every_size),
        cmocka_unit_test(layout__gives_everything_a_place__on_80_by_24),
        cmocka_unit_test(layout__leaves_room_for_the_selected__beside_a_long_tree),
        cmocka_unit_test(layout__has_the_verdict_and_a_row__when_nearly_nothing_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
