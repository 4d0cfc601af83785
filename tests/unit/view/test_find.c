/* Finding receipts: search, filter, goto, summaries of many siblings, folding by depth; and the
 * mouse, which means what is painted under it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tests/support/model_made.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"

static bool
shows(struct scene *s, const char *text)
{
    return strstr(scene_text(s, 110, 40, false), text) != NULL;
}

static void
expect(struct scene *s, const char *text)
{
    const char *screen = scene_text(s, 110, 40, false);
    if (!strstr(screen, text))
        fail_msg("\"%s\" is not on the screen:\n%s", text, screen);
}

static void
search__goes_from_match_to_match__and_counts(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_type(&s, "/get_r");
    expect(&s, "1 of 1");
    expect(&s, "▌ ├─✓ [2] get_rewards");
    scene_press(&s, KEY_ERASE, 0);
    expect(&s, "1 of 3");
    expect(&s, "▌ ✓ get_portfolio_data");
    scene_type(&s, "\nnn");
    expect(&s, "▌ ├─✓ [2] get_rewards");
    expect(&s, "receipts  /get_ 3 of 3");
    scene_type(&s, "N");
    expect(&s, "/get_ 2 of 3");
    /* Round and round. */
    scene_type(&s, "nnnnnn");
    expect(&s, "/get_ 2 of 3");
    scene_close(&s);
}

static void
search__goes_back__when_it_is_given_up(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_type(&s, "jj/rewards");
    expect(&s, "▌ ├─✓ [2] get_rewards");
    scene_press(&s, KEY_ESCAPE, 0);
    expect(&s, "▌ ├─✓ [1] get_position");
    assert_false(shows(&s, "rewards 1 of"));
    /* What is not there keeps the prompt open, and says so. */
    scene_type(&s, "/nosuch\n");
    expect(&s, "nothing is like that");
    assert_int_equal(s.ui.prompt.kind, PROMPT_SEARCH);
    scene_close(&s);
}

static void
search__is_over__with_escape(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    ui_go(&s.ui, UI_CALL);
    scene_type(&s, "/get_r\n");
    expect(&s, "/get_r 1 of 1");
    scene_press(&s, KEY_ESCAPE, 0);
    assert_false(shows(&s, "/get_r"));
    expect(&s, "▌ ├─✓ [2] get_rewards");
    scene_close(&s);
}

static void
filter__shows_what_it_asks_for__and_what_leads_there(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    scene_type(&s, "\\status:failed");
    expect(&s, "1 of 5");
    assert_int_equal(s.ui.rows.count, 2);
    assert_true(s.ui.rows.row[0].is_context);
    scene_type(&s, "\n");
    expect(&s, "filter status:failed  1 of 5");
    /* The only one that is left is the last one. */
    expect(&s, "└─✗ [1] get_position");
    scene_press(&s, KEY_ESCAPE, 0);
    expect(&s, "[0] ft_balance_of");
    assert_int_equal(s.ui.rows.count, 5);
    scene_close(&s);
}

static void
filter__says_so__when_nothing_is_like_that(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_type(&s, "\\status:failed\n");
    expect(&s, "No receipt is like that. Esc shows all again.");
    /* Nothing is selected, of which there could be more. */
    assert_null(strstr(scene_text(&s, 80, 24, false), "more lines"));
    scene_press(&s, KEY_ESCAPE, 0);
    expect(&s, "[0] ft_balance_of");
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "more lines"));
    scene_close(&s);
}

static void
filter__points_at_the_place__that_is_wrong(void **state)
{
    (void)state;
    struct scene s;
    struct cells c;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_type(&s, "\\status:fialed\n");
    expect(&s, "column 8: \"fialed\" is no status");
    assert_int_equal(s.ui.prompt.kind, PROMPT_FILTER);
    assert_int_equal(s.ui.rows.count, 5);
    cells_init(&c, 110, 40, false);
    ui_paint(&c, &s.ui, &s.snapshot);
    /* "filter " stands in front. */
    assert_int_equal(cells_at(&c, 1 + 7 + 6, 39)->role, ROLE_STRONG);
    assert_int_equal(cells_at(&c, 1 + 7 + 7, 39)->role, ROLE_FAILED);
    cells_release(&c);
    scene_close(&s);
}

static void
goto__finds__rows_indices_ids_and_accounts(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_type(&s, ":[2]\n");
    expect(&s, "▌ ├─✓ [2] get_rewards");
    scene_type(&s, ":2\n");
    expect(&s, "▌ ├─✓ [0] ft_balance_of");
    scene_type(&s, ":lending\n");
    expect(&s, "▌ ├─✓ [1] get_position");
    scene_type(&s, ":9uPoYqkE\n");
    expect(&s, "▌ ✓ get_portfolio_data");
    scene_type(&s, ":77\n");
    expect(&s, "there are rows 1 to 5");
    scene_press(&s, KEY_ESCAPE, 0);
    scene_type(&s, ":q");
    assert_int_equal(scene_press(&s, KEY_RETURN, 0), UI_QUIT);
    scene_close(&s);
}

static void
siblings__are_one_row__when_there_are_many(void **state)
{
    (void)state;
    struct scene s;
    scene_open_fan(&s, 300);
    expect(&s, "… 291 more");
    expect(&s, "97 failed, 97 open");
    assert_int_equal(s.ui.rows.count, 1 + GROUP_HEAD + 1 + GROUP_TAIL);
    /* Selected and opened, they are rows again; one that is found opens them, too. */
    for (int i = 0; i < 9; i++)
        ui_act(&s.ui, &s.snapshot, DO_DOWN);
    expect(&s, "▌ ├─… 291 more");
    ui_act(&s.ui, &s.snapshot, DO_FOLD);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, 302);
    scene_close(&s);
    scene_open_fan(&s, 300);
    scene_type(&s, "/index:150\n");
    expect(&s, "▌ ├─✓ [150]");
    assert_int_equal(s.ui.rows.count, 302);
    scene_close(&s);
}

/* The first failure is among the siblings that are shown: the others stay one row. */
static void
siblings__stay_one_row__when_what_is_gone_to_is_seen(void **state)
{
    (void)state;
    struct scene s;
    scene_open_fan(&s, 100);
    scene_text(&s, 120, 40, false);
    ui_act(&s.ui, &s.snapshot, DO_CAUSE);
    const char *text = scene_text(&s, 120, 40, false);
    assert_non_null(strstr(text, "▌ ├─✗ [1] go b"));
    assert_non_null(strstr(text, "91 more"));
    /* In line, however long their numbers are. */
    const char *nine = strstr(text, "  [9]  ✓ b"), *ten = strstr(text, "  [10] ✗ b");
    assert_non_null(nine);
    assert_non_null(ten);
    scene_close(&s);
}

static void
selection__shows_the_summary__that_tells_of_it(void **state)
{
    (void)state;
    struct scene s;
    scene_open_fan(&s, 300);
    s.ui.selected = made_id(1 + 150);
    expect(&s, "▌ ├─… 291 more");
    scene_close(&s);
}

static void
folds__go_level_by_level__and_all_open(void **state)
{
    (void)state;
    struct scene s;
    scene_open_chain(&s, 20);
    scene_text(&s, 110, 40, false);
    size_t all = s.ui.rows.count;
    assert_true(all > 15);
    ui_act(&s.ui, &s.snapshot, DO_FOLD_MORE);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, all - 1);
    ui_act(&s.ui, &s.snapshot, DO_FOLD_MORE);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, all - 2);
    ui_act(&s.ui, &s.snapshot, DO_FOLD_LESS);
    ui_act(&s.ui, &s.snapshot, DO_FOLD_LESS);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, all);
    for (int i = 0; i < 50; i++)
        ui_act(&s.ui, &s.snapshot, DO_FOLD_MORE);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, 2);
    ui_act(&s.ui, &s.snapshot, DO_UNFOLD);
    scene_text(&s, 110, 40, false);
    assert_int_equal(s.ui.rows.count, all);
    scene_close(&s);
}

/* --- panes and the mouse ------------------------------------------------------------------ */

static enum ui_effect
mouse(struct scene *s, enum mouse_what what, int x, int y)
{
    struct key k = {.special = KEY_POINTER, .mouse = {.what = what, .x = x, .y = y}};
    return ui_key(&s->ui, &s->snapshot, &k);
}

/* The cell where the text begins on a screen of this size. */
static void
find(struct scene *s, int width, int height, const char *text, int *x, int *y)
{
    const char *screen = scene_text(s, width, height, false), *at = strstr(screen, text);
    if (!at)
        fail_msg("\"%s\" is not on the screen:\n%s", text, screen);
    *y = 0;
    for (const char *p = screen; p < at; p++) {
        if (*p == '\n') {
            screen = p + 1;
            (*y)++;
        }
    }
    *x = utf8_str_width(str_of(screen, (size_t)(at - screen)));
}

static void
mouse__selects_and_opens__what_is_clicked(void **state)
{
    int x, y;
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    find(&s, 120, 40, "[2] get_rew", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    find(&s, 120, 40, "▌ ├─✓ [2] get_rew", &x, &y);
    /* A click elsewhere is no second one. */
    find(&s, 120, 40, "[0] ft", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    assert_int_equal(s.ui.depth, 0);
    mouse(&s, MOUSE_RELEASE, x, y);
    mouse(&s, MOUSE_PRESS, x, y);
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_RECEIPT);
    assert_non_null(strstr(scene_text(&s, 120, 40, false), "› [0] ft_balance_of"));
    /* A crumb leads back, the footer does what it says. */
    find(&s, 120, 40, "get_portfolio_data ›", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    assert_int_equal(s.ui.depth, 0);
    find(&s, 120, 40, "? help", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_HELP);
    find(&s, 120, 40, "Esc back", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    find(&s, 120, 40, "q quit", &x, &y);
    assert_int_equal(mouse(&s, MOUSE_PRESS, x, y), UI_QUIT);
    scene_close(&s);
}

static void
mouse__is_a_second_click__only_when_soon(void **state)
{
    int x, y;
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    find(&s, 120, 40, "[2] get_rew", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    s.snapshot.clock_ns += NS_PER_S;
    mouse(&s, MOUSE_PRESS, x, y);
    assert_int_equal(s.ui.depth, 0);
    scene_close(&s);
}

static void
mouse__drags_the_lines__between_panes(void **state)
{
    int x, y, moved_x, moved_y;
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    find(&s, 160, 40, "┬─ get_portfolio_data", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y + 3);
    mouse(&s, MOUSE_DRAG, x + 11, y + 4);
    mouse(&s, MOUSE_RELEASE, x + 11, y + 4);
    mouse(&s, MOUSE_DRAG, x + 20, y + 4);       /* no button is held any more */
    find(&s, 160, 40, "┬─ get_portfolio_data", &moved_x, &moved_y);
    assert_int_equal(moved_x, x + 11);
    find(&s, 160, 40, "── result", &x, &y);
    mouse(&s, MOUSE_PRESS, x, y);
    mouse(&s, MOUSE_DRAG, x, y + 3);
    mouse(&s, MOUSE_RELEASE, x, y + 3);
    find(&s, 160, 40, "── result", &moved_x, &moved_y);
    assert_int_equal(moved_y, y + 3);
    scene_close(&s);
}

static void
wheel__scrolls__the_pane_under_it(void **state)
{
    int x, y;
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    find(&s, 120, 30, "│ calls", &x, &y);
    mouse(&s, MOUSE_WHEEL_DOWN, x + 4, y);
    scene_text(&s, 120, 30, false);
    assert_int_equal(s.ui.scroll[PANE_DETAIL].top, 3);
    assert_int_equal(s.ui.rows.row[0].node->depth, 0);
    find(&s, 120, 30, "[0] ft", &x, &y);
    mouse(&s, MOUSE_WHEEL_DOWN, x, y);
    find(&s, 120, 30, "▌ ├─✓ [2] get_rew", &x, &y);
    mouse(&s, MOUSE_WHEEL_UP, x, y);
    find(&s, 120, 30, "▌ ✓ get_portfolio_data", &x, &y);
    scene_close(&s);
}

static void
panes__take_turns__and_are_zoomed(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    scene_text(&s, 120, 40, false);
    ui_act(&s.ui, &s.snapshot, DO_NEXT_PANE);
    assert_int_equal(s.ui.focus, PANE_DETAIL);
    ui_act(&s.ui, &s.snapshot, DO_ZOOM_PANE);
    assert_null(strstr(scene_text(&s, 120, 40, false), "── result"));
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    assert_non_null(strstr(scene_text(&s, 120, 40, false), "── result"));
    ui_act(&s.ui, &s.snapshot, DO_PREVIOUS_PANE);
    assert_int_equal(s.ui.focus, PANE_TREE);
    /* A pane that is not there on this screen is passed over. */
    scene_text(&s, 60, 12, false);
    ui_act(&s.ui, &s.snapshot, DO_NEXT_PANE);
    assert_int_equal(s.ui.focus, PANE_TREE);
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search__goes_from_match_to_match__and_counts),
        cmocka_unit_test(search__goes_back__when_it_is_given_up),
        cmocka_unit_test(search__is_over__with_escape),
        cmocka_unit_test(filter__shows_what_it_asks_for__and_what_leads_there),
        cmocka_unit_test(filter__says_so__when_nothing_is_like_that),
        cmocka_unit_test(filter__points_at_the_place__that_is_wrong),
        cmocka_unit_test(goto__finds__rows_indices_ids_and_accounts),
        cmocka_unit_test(siblings__are_one_row__when_there_are_many),
        cmocka_unit_test(siblings__stay_one_row__when_what_is_gone_to_is_seen),
        cmocka_unit_test(selection__shows_the_summary__that_tells_of_it),
        cmocka_unit_test(folds__go_level_by_level__and_all_open),
        cmocka_unit_test(mouse__selects_and_opens__what_is_clicked),
        cmocka_unit_test(mouse__is_a_second_click__only_when_soon),
        cmocka_unit_test(mouse__drags_the_lines__between_panes),
        cmocka_unit_test(wheel__scrolls__the_pane_under_it),
        cmocka_unit_test(panes__take_turns__and_are_zoomed),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
