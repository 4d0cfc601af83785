/* The screen of all calls: what a filter hides is told at every width, columns are heads of the
 * order, and only what can be done is offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"

static bool
shows(struct scene *s, int width, const char *text)
{
    return strstr(scene_text(s, width, 24, false), text) != NULL;
}

static void
calls__say_what_a_filter_hides__however_narrow(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    scene_type(&s, "\\status:failed\n");
    for (int width = 40; width <= 200; width++) {
        if (!shows(&s, width, "filter status:f"))
            fail_msg("at %d columns the filter is not told:\n%s", width,
                     scene_text(&s, width, 24, false));
    }
    assert_true(shows(&s, 120, "filter status:failed  1 of 7"));
    scene_close(&s);
}

static void
click(struct scene *s, int width, const char *text)
{
    const char *screen = scene_text(s, width, 24, false), *at = strstr(screen, text);
    struct key k = {.special = KEY_POINTER, .mouse = {.what = MOUSE_PRESS}};
    assert_non_null(at);
    for (const char *p = screen; p < at; p++) {
        if (*p == '\n') {
            screen = p + 1;
            k.mouse.y++;
        }
    }
    k.mouse.x = utf8_str_width(str_of(screen, (size_t)(at - screen)));
    ui_key(&s->ui, &s->snapshot, &k);
}

static void
calls__are_put_in_order__by_a_click_on_a_column(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    assert_true(shows(&s, 120, "▾ age"));
    click(&s, 120, "contract ");
    assert_true(shows(&s, 120, "contract ▾"));
    click(&s, 120, "contract ▾");
    assert_true(shows(&s, 120, "contract ▴"));
    assert_true(shows(&s, 120, "by contract, reversed"));
    click(&s, 120, "time runs");
    assert_true(shows(&s, 120, "▾ time"));
    scene_close(&s);
}

static void
calls__offer_the_demo__where_there_is_one(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    s.snapshot.is_embedded = true;
    assert_true(shows(&s, 120, "D demo"));
    s.snapshot.is_embedded = false;
    assert_false(shows(&s, 120, "D demo"));
    scene_close(&s);
}

static void
calls__lead_to_those_that_failed__one_after_another(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    const char *first, *second;
    scene_text(&s, 120, 24, false);
    scene_type(&s, "!");
    first = strstr(scene_text(&s, 120, 24, false), "▌");
    assert_non_null(first);
    assert_true(strstr(first, "failed") && strstr(first, "failed") < strchr(first, '\n'));
    scene_type(&s, "!");
    second = strstr(scene_text(&s, 120, 24, false), "▌");
    assert_true(strstr(second, "failed") && strstr(second, "failed") < strchr(second, '\n'));
    scene_close(&s);
}

/* Whoever paints knows from it when to paint again. */
static void
calls__get_older__and_say_so(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    scene_text(&s, 120, 24, false);
    int64_t age = ui_youngest_ns(&s.ui, &s.snapshot);
    assert_true(age >= 0);
    s.snapshot.now_ns += 7 * (int64_t)NS_PER_S;
    assert_true(ui_youngest_ns(&s.ui, &s.snapshot) == age + 7 * (int64_t)NS_PER_S);
    s.ui.is_paused = true;
    assert_true(ui_youngest_ns(&s.ui, &s.snapshot) < 0);
    s.ui.is_paused = false;
    ui_go(&s.ui, UI_CALL);
    assert_true(ui_youngest_ns(&s.ui, &s.snapshot) < 0);
    scene_close(&s);
}

/* A block is late only while one is waited for. */
static void
title__calls_a_block_old__while_one_is_waited_for(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    s.snapshot.now_ns += 60 * (int64_t)NS_PER_S;
    assert_true(shows(&s, 120, " s old"));
    s.snapshot.is_idle = true;
    for (int i = 0; i < SOURCE_COUNT; i++)
        s.store->sources[i].state = SOURCE_OFF;
    assert_false(shows(&s, 120, " s old"));
    assert_true(shows(&s, 120, " idle"));
    /* Feeds that nobody needs are off: that is no trouble, and not told like one. */
    assert_false(shows(&s, 120, "○"));
    scene_close(&s);
}

/* Who follows accounts waits for others: whose calls, where they are looked for, and what is wrong. */
static void
calls__say_whose_are_waited_for__and_where(void **state)
{
    static const char *const accounts[] = {"a.near", "b.near", "c.near"};
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    s.snapshot.followed = accounts;
    s.snapshot.followed_count = 3;
    ui_begin(&s.ui, UI_CALLS);
    assert_true(shows(&s, 80, "No calls of a.near, b.near or c.near yet."));
    assert_false(shows(&s, 80, "● "));
    s.snapshot.place = "the feed";
    assert_true(shows(&s, 80, "No calls of a.near, b.near or c.near yet: they are looked for in"));
    assert_true(shows(&s, 80, "● feed"));
    ui_go(&s.ui, UI_SOURCES);
    assert_true(shows(&s, 80, "Nothing yet: no call of those who are followed was found in the feed."));
    ui_back(&s.ui);
    s.snapshot.place = "blocks and chunks";
    s.snapshot.place_trouble = "the feed is away";
    assert_true(shows(&s, 80, "○ blocks"));
    assert_true(shows(&s, 80, " ! the feed is away"));
    s.snapshot.place_trouble = "";
    assert_true(shows(&s, 80, "● blocks"));
    assert_false(shows(&s, 80, " ! "));
    scene_close(&s);
}

static void
calls__say_how_many_have_left(void **state)
{
    (void)state;
    struct scene s;
    scene_open_calls(&s);
    assert_true(shows(&s, 120, "7 calls   "));
    assert_false(shows(&s, 120, "left"));
    s.store->left_count = 1234;
    assert_true(shows(&s, 120, "   1234 have left   "));
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls__say_what_a_filter_hides__however_narrow),
        cmocka_unit_test(calls__are_put_in_order__by_a_click_on_a_column),
        cmocka_unit_test(calls__offer_the_demo__where_there_is_one),
        cmocka_unit_test(calls__lead_to_those_that_failed__one_after_another),
        cmocka_unit_test(calls__get_older__and_say_so),
        cmocka_unit_test(calls__say_whose_are_waited_for__and_where),
        cmocka_unit_test(calls__say_how_many_have_left),
        cmocka_unit_test(title__calls_a_block_old__while_one_is_waited_for),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
