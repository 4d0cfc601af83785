/* Rows, guides, joins and the timeline: which receipts are seen, and the lines between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_made.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"
#include "tui/view/guide.h"
#include "tui/view/row_branch.h"

static void
act(struct scene *s, enum action_id action)
{
    assert_int_equal(ui_act(&s->ui, &s->snapshot, action), UI_REPAINT);
}

static const struct rows *
rows_of(struct scene *s)
{
    scene_text(s, 80, 24, false);
    return &s->ui.rows;
}

static void
rows__hide_refunds__until_asked(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    size_t shown = rows_of(&s)->count, hidden = rows_of(&s)->refunds_hidden;
    uint64_t last = rows_of(&s)->last;
    assert_int_equal(shown, 5);
    assert_true(hidden > 0);
    act(&s, DO_REFUNDS);
    assert_int_equal(rows_of(&s)->count, shown + hidden);
    assert_int_equal(rows_of(&s)->refunds_hidden, 0);
    /* The last of them ran in a block of its own, which is to be seen then. */
    assert_true(rows_of(&s)->last > last);
    scene_close(&s);
}

static void
rows__count_what_is_folded__and_open_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_sequential", SCENE_ALL);
    assert_int_equal(rows_of(&s)->count, 7);
    act(&s, DO_TOP);
    act(&s, DO_DOWN);
    act(&s, DO_DOWN);
    act(&s, DO_FOLD);
    assert_int_equal(rows_of(&s)->count, 3);
    assert_int_equal(rows_of(&s)->row[2].hidden, 4);
    assert_non_null(strstr(scene_text(&s, 100, 24, false), "▸4"));
    act(&s, DO_FOLD);
    assert_int_equal(rows_of(&s)->count, 7);
    scene_close(&s);
}

static void
selection__stays__when_rows_come_between(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    rows_of(&s);
    act(&s, DO_BOTTOM);
    struct hash selected = s.ui.selected;
    act(&s, DO_REFUNDS);
    assert_true(hash_equal(&selected, &s.ui.selected));
    act(&s, DO_FOLD);
    assert_true(hash_equal(&selected, &s.ui.selected));
    scene_close(&s);
}

static void
selection__falls_to_the_parent__when_it_is_folded_away(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_sequential", SCENE_ALL);
    rows_of(&s);
    act(&s, DO_BOTTOM);
    struct hash deepest = s.ui.selected;
    folds_toggle(&s.ui.folds, &s.snapshot.call->root_id);
    const char *text = scene_text(&s, 100, 24, false);
    assert_non_null(strstr(text, "▌ ✓ get_portfolio_"));
    /* It is not forgotten. */
    folds_toggle(&s.ui.folds, &s.snapshot.call->root_id);
    assert_true(hash_equal(&deepest, &s.ui.selected));
    scene_close(&s);
}

static void
cause__is_found__and_unfolded(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    rows_of(&s);
    folds_toggle(&s.ui.folds, &s.snapshot.call->root_id);
    assert_int_equal(rows_of(&s)->count, 1);
    act(&s, DO_CAUSE);
    const struct node *n = call_node(s.snapshot.call, &s.ui.selected);
    assert_non_null(n);
    assert_int_equal(n->status, NODE_FAILED);
    assert_string_equal(n->receipt.receiver.s, "lending.test.near");
    assert_int_equal(rows_of(&s)->count, 5);
    scene_close(&s);
}

static void
scroll__keeps_the_selection_in_sight__at_every_size(void **state)
{
    (void)state;
    struct scene s;
    scene_open_fan(&s, 200);
    for (int height = 3; height < 50; height++) {
        scene_text(&s, 80, height, false);
        act(&s, height % 3 == 0 ? DO_PAGE_DOWN : height % 3 == 1 ? DO_DOWN : DO_UP);
        assert_non_null(strstr(scene_text(&s, 80, height, false), "▌"));
    }
    act(&s, DO_BOTTOM);
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "└─"));
    assert_null(strstr(text, " more below"));
    scene_close(&s);
}

/* --- guides ------------------------------------------------------------------------------------- */

static void
guide__has_a_line__where_a_sibling_follows(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_sequential", SCENE_ALL);
    const struct rows *r = rows_of(&s);
    struct guide root = guide_of(r->row[0].node, false), first = guide_of(r->row[1].node, false),
                 deep = guide_of(r->row[3].node, false);
    assert_int_equal(root.levels, 0);
    assert_int_equal(first.levels, 1);
    assert_true(first.goes_on[0]);
    assert_int_equal(deep.levels, 2);
    assert_false(deep.goes_on[0]);
    assert_true(deep.goes_on[1]);
    scene_close(&s);
}

/* Where nothing is hidden, both ways lead to the same lines. */
static void
guide__is_the_same__by_rows_and_by_nodes(void **state)
{
    static const char *const names[] = {"portfolio_ok", "portfolio_sequential", "portfolio_fan_8"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct scene s;
        scene_open(&s, names[i], SCENE_ALL);
        act(&s, DO_REFUNDS);
        const struct rows *r = rows_of(&s);
        for (size_t k = 0; k < r->count; k++) {
            struct guide a = guide_of(r->row[k].node, true), b = guide_of_row(r, k);
            assert_int_equal(a.depth, b.depth);
            assert_int_equal(a.levels, b.levels);
            for (int level = 0; level < a.levels; level++)
                assert_int_equal(a.goes_on[level], b.goes_on[level]);
        }
        scene_close(&s);
    }
    struct scene s;
    scene_open_chain(&s, 100);
    const struct rows *r = rows_of(&s);
    for (size_t k = 0; k < r->count; k++) {
        struct guide a = guide_of(r->row[k].node, false), b = guide_of_row(r, k);
        assert_int_equal(a.levels, b.levels);
        for (int level = 0; level < a.levels; level++)
            assert_int_equal(a.goes_on[level], b.goes_on[level]);
    }
    scene_close(&s);
}

static void
guide__says_that_there_is_more__when_it_is_too_deep(void **state)
{
    (void)state;
    struct scene s;
    struct cells c;
    scene_open_chain(&s, 100);
    const struct rows *r = rows_of(&s);
    struct guide g = guide_of(r->row[90].node, false);
    assert_int_equal(g.depth, 90);
    assert_int_equal(g.levels, GUIDE_LEVELS);
    cells_init(&c, 20, 1, false);
    assert_int_equal(guide_paint(&c, 0, 0, &g, 4), 8);
    assert_string_equal(cells_text(&c), "…     └─\n");
    cells_release(&c);
    scene_close(&s);
}

/* --- joins -------------------------------------------------------------------------------------- */

static const char *
joins_text(const struct rows *r, size_t first, size_t count)
{
    struct joins j;
    struct cells c;
    joins_of(r, first, count, &j);
    cells_init(&c, 1 + j.lanes, (int)count, false);
    for (size_t i = 0; i < count; i++)
        joins_paint(&c, 0, (int)i, &j, i, r->row[first + i].node);
    const char *text = cells_text(&c);
    cells_release(&c);
    return text;
}

static void
joins__lead_branches__into_their_callback(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    assert_string_equal(joins_text(rows_of(&s), 0, 5), "\n─╮\n─┤\n─┤\n◂╯\n");
    /* Parts of it, as when the tree is scrolled. */
    assert_string_equal(joins_text(rows_of(&s), 2, 2), "─┤\n─┤\n");
    assert_string_equal(joins_text(rows_of(&s), 0, 3), "\n─╮\n─┤\n");
    assert_string_equal(joins_text(rows_of(&s), 4, 1), "◂╯\n");
    scene_close(&s);
}

static void
joins__share_a_lane__one_after_another(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_sequential", SCENE_ALL);
    assert_string_equal(joins_text(rows_of(&s), 0, 7), "\n─╮\n◂╯\n─╮\n◂╯\n─╮\n◂╯\n");
    scene_close(&s);
}

/* --- columns and time --------------------------------------------------------------------------- */

static void
columns__never_need_more__than_there_is(void **state)
{
    (void)state;
    for (int width = 1; width <= 300; width++) {
        for (int lanes = 0; lanes <= JOIN_LANES; lanes++) {
            struct columns k = columns_of(width, lanes, lanes % 2);
            int used = k.name + k.join + k.status + k.gas + k.bar + (k.bar ? 1 : 0) + k.of +
                       k.percent + (k.time > 0 ? k.time + 2 : 0);
            assert_true(k.name >= 0 && k.time >= 0);
            if (width > 2)
                assert_true(used + 2 <= width);
            if (width >= 80)
                assert_true(k.time >= 8);
        }
    }
}

static void
timeline__shows_the_newest__and_goes_back(void **state)
{
    (void)state;
    struct scene s;
    scene_open_chain(&s, 100);
    rows_of(&s);
    struct frame f = {.ui = &s.ui, .s = &s.snapshot, .call = s.snapshot.call, .rows = &s.ui.rows};
    struct timeline t = timeline_of(&f, 20);
    assert_true(t.is_known);
    assert_int_equal(t.cell_width, 1);
    assert_int_equal(t.last - t.first + 1, 20);
    uint64_t newest = t.last;
    s.ui.time_width = 20;
    act(&s, DO_EARLIER);
    assert_int_equal(timeline_of(&f, 20).last, newest - 1);
    /* No further back than there is something. */
    for (int i = 0; i < 1000; i++)
        act(&s, DO_EARLIER);
    assert_int_equal(timeline_of(&f, 20).first, s.ui.rows.first);
    act(&s, DO_LATER);
    assert_int_equal(timeline_of(&f, 20).first, s.ui.rows.first + 1);
    for (int i = 0; i < 1000; i++)
        act(&s, DO_LATER);
    assert_int_equal(timeline_of(&f, 20).last, newest);
    act(&s, DO_EARLIER);
    act(&s, DO_FIT);
    assert_int_equal(timeline_of(&f, 20).last, newest);
    scene_close(&s);
}

static void
timeline__is_zoomed__around_what_is_selected(void **state)
{
    (void)state;
    struct scene s;
    scene_open_chain(&s, 100);
    rows_of(&s);
    struct frame f = {.ui = &s.ui, .s = &s.snapshot, .call = s.snapshot.call, .rows = &s.ui.rows};
    for (int i = 0; i < 3; i++)
        act(&s, DO_ZOOM_OUT);
    /* Ten blocks a cell: all of them fit. */
    struct timeline t = timeline_of(&f, 20);
    assert_int_equal(t.cell_blocks, 10);
    assert_int_equal(t.first, s.ui.rows.first);
    assert_int_equal(timeline_x(&t, &f, t.first + 25), 2);
    for (int i = 0; i < 5; i++)
        act(&s, DO_ZOOM_IN);
    f.selected = made_node(s.snapshot.call, 50);
    t = timeline_of(&f, 20);
    assert_int_equal(t.cell_blocks, 1);
    assert_true(t.cell_width > 1);
    assert_true(t.first < f.selected->height && f.selected->height < t.last);
    int x = timeline_x(&t, &f, f.selected->height);
    assert_true(x >= 6 && x <= 14);
    for (int i = 0; i < 100; i++)
        act(&s, i % 2 ? DO_ZOOM_OUT : DO_ZOOM_IN);
    for (int i = 0; i < 50; i++) {
        act(&s, i < 25 ? DO_ZOOM_OUT : DO_ZOOM_IN);
        t = timeline_of(&f, 20);
        assert_true(t.cell_width >= 1 && t.cell_blocks >= 1 && t.first <= t.last);
    }
    scene_close(&s);
}

/* Zoomed in, it is moved from where it is, to both ends. */
static void
timeline__is_moved__where_it_is_zoomed(void **state)
{
    (void)state;
    struct scene s;
    scene_open_chain(&s, 100);
    rows_of(&s);
    act(&s, DO_ZOOM_IN);
    s.ui.time_width = 20;
    s.ui.selected = made_id(50);
    struct frame f = {.ui = &s.ui, .s = &s.snapshot, .call = s.snapshot.call,
                      .rows = &s.ui.rows, .selected = made_node(s.snapshot.call, 50)};
    uint64_t last = timeline_of(&f, 20).last;
    act(&s, DO_LATER);
    assert_int_equal(timeline_of(&f, 20).last, last + 1);
    act(&s, DO_EARLIER);
    act(&s, DO_EARLIER);
    assert_int_equal(timeline_of(&f, 20).last, last - 1);
    for (int i = 0; i < 200; i++)
        act(&s, DO_LATER);
    assert_int_equal(timeline_of(&f, 20).last, timeline_of(&f, 20).newest);
    for (int i = 0; i < 200; i++)
        act(&s, DO_EARLIER);
    assert_int_equal(timeline_of(&f, 20).first, s.ui.rows.first);
    /* Whoever selects another receipt wants to see that one. */
    act(&s, DO_DOWN);
    assert_int_equal(s.ui.time_last, 0);
    scene_close(&s);
}

/* A block is as long as it took, and no longer than the room. */
static void
timeline__is_in_proportion__in_milliseconds(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_sequential", SCENE_ALL);
    rows_of(&s);
    act(&s, DO_CLOCK);
    struct frame f = {.ui = &s.ui, .s = &s.snapshot, .call = s.snapshot.call, .rows = &s.ui.rows};
    struct timeline t = timeline_of(&f, 60);
    assert_true(t.is_ms && t.cells_per_ms > 0);
    int before = -1;
    for (uint64_t h = t.first; h <= t.last + 1; h++) {
        int x = timeline_x(&t, &f, h);
        assert_true(x > before && x <= 60);
        before = x;
    }
    for (size_t i = 1; i < s.ui.rows.moment_count; i++) {
        const struct moment *m = &s.ui.rows.moment[i], *start = &s.ui.rows.moment[0];
        if (!m->has_time || m->height > t.last)
            continue;
        double ms = (double)(m->time_ns - start->time_ns) / 1e6;
        double off = timeline_x(&t, &f, m->height) - ms * t.cells_per_ms;
        assert_true(off > -1 && off < 1);
    }
    scene_close(&s);
}

static void
gas__is_told__as_asked(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    assert_non_null(strstr(scene_text(&s, 110, 40, false), "2.47 "));
    act(&s, DO_GAS);
    /* Three branches with 5, 10 and 5 Tgas and a callback with 15. */
    const char *text = scene_text(&s, 110, 40, false);
    assert_non_null(strstr(text, "passed on"));
    assert_non_null(strstr(text, "35.00 "));
    act(&s, DO_GAS);
    text = scene_text(&s, 110, 40, false);
    assert_non_null(strstr(text, "left over"));
    assert_non_null(strstr(text, "62.53 "));
    act(&s, DO_GAS);
    assert_null(strstr(scene_text(&s, 110, 40, false), "left over"));
    scene_close(&s);
}

static void
straggler__is_marked__in_its_row(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_congested", SCENE_ALL);
    assert_non_null(strstr(scene_text(&s, 110, 40, false), " »├─✓ [2] get_rewards"));
    scene_close(&s);
}

static void
moments__hold_every_block__in_order(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    const struct rows *r = rows_of(&s);
    assert_true(r->moment_count >= 4);
    for (size_t i = 1; i < r->moment_count; i++)
        assert_true(r->moment[i - 1].height < r->moment[i].height);
    assert_int_equal(r->moment[2].count, 3);
    assert_int_equal(r->moment[2].failed, 1);
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows__hide_refunds__until_asked),
        cmocka_unit_test(rows__count_what_is_folded__and_open_again),
        cmocka_unit_test(selection__stays__when_rows_come_between),
        cmocka_unit_test(selection__falls_to_the_parent__when_it_is_folded_away),
        cmocka_unit_test(cause__is_found__and_unfolded),
        cmocka_unit_test(scroll__keeps_the_selection_in_sight__at_every_size),
        cmocka_unit_test(guide__has_a_line__where_a_sibling_follows),
        cmocka_unit_test(guide__is_the_same__by_rows_and_by_nodes),
        cmocka_unit_test(guide__says_that_there_is_more__when_it_is_too_deep),
        cmocka_unit_test(joins__lead_branches__into_their_callback),
        cmocka_unit_test(joins__share_a_lane__one_after_another),
        cmocka_unit_test(columns__never_need_more__than_there_is),
        cmocka_unit_test(timeline__shows_the_newest__and_goes_back),
        cmocka_unit_test(timeline__is_zoomed__around_what_is_selected),
        cmocka_unit_test(timeline__is_moved__where_it_is_zoomed),
        cmocka_unit_test(timeline__is_in_proportion__in_milliseconds),
        cmocka_unit_test(gas__is_told__as_asked),
        cmocka_unit_test(straggler__is_marked__in_its_row),
        cmocka_unit_test(moments__hold_every_block__in_order),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
