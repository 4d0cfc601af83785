/* The pictures, painted from recorded and made calls at every size: nothing outside, nothing
 * that a terminal would obey, and the words that have to be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/model_made.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"

static void
paint_every_size(struct scene *s)
{
    for (int width = 1; width <= 200; width += width < 40 ? 1 : 9) {
        for (int height = 1; height <= 60; height += height < 26 ? 1 : 5) {
            for (int screen = 0; screen < UI_SCREEN_COUNT; screen++) {
                struct cells c;
                s->ui.depth = 0;
                s->ui.stack[0].screen = (enum ui_screen)screen;
                s->ui.shows_ms = width % 2;
                s->ui.folds.shows_refunds = height % 2;
                s->ui.folds.changes++;
                cells_init(&c, width, height, (width + height) % 3 == 0);
                ui_paint(&c, &s->ui, &s->snapshot);
                cells_check(&c);
                cells_release(&c);
            }
        }
    }
}

static void
paint__holds_its_box__at_every_size(void **state)
{
    static const struct {
        const char *name;
        size_t answers;
    } cases[] = {{"portfolio_lending_panics", SCENE_ALL}, {"portfolio_sequential", 5},
                 {"portfolio_lending_logs", SCENE_ALL},   {"portfolio_fan_8", 4},
                 {"portfolio_batch_fails", SCENE_ALL},    {"transfer", SCENE_ALL},
                 {"yield_resumed", SCENE_ALL},            {"portfolio_congested", 6}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene s;
        scene_open(&s, cases[i].name, cases[i].answers);
        paint_every_size(&s);
        scene_close(&s);
    }
}

static void
paint__holds_its_box__with_trees_wide_and_deep_and_none(void **state)
{
    (void)state;
    struct scene s;
    scene_open_fan(&s, 300);
    s.snapshot.trouble = "the node cannot be reached: connection refused";
    paint_every_size(&s);
    scene_close(&s);
    scene_open_chain(&s, 200);
    paint_every_size(&s);
    scene_close(&s);
    scene_open_empty(&s);
    paint_every_size(&s);
    scene_close(&s);
}

/* What a contract writes into logs, names and results is shown, never obeyed. */
static void
paint__obeys_nothing__of_what_strangers_write(void **state)
{
    (void)state;
    struct scene s;
    struct str logs[] = {STR("\x1b]0;title\x07\x1b[31mred\x1b[2J"), STR("\xc2\x9b" "31m"),
                         STR("\xe2\x80\xae" "abc"), STR("EVENT_JSON:{\"standard\":\"\\u001b[2J\","
                                                        "\"event\":\"\\u009b\",\"data\":[1]}")};
    scene_open_fan(&s, 2);
    struct event ev = made_event(EVENT_OUTCOME);
    ev.outcome = (struct outcome_fact){.id = made_id(2), .status = OUTCOME_VALUE,
                                       .value = STR("\x1b[2J\x07\xff{\"a\":1}"),
                                       .gas_burnt = 1, .logs = logs,
                                       .log_count = ARRAY_LEN(logs),
                                       .block_hash = made_id(MADE_BLOCK + 13),
                                       .has_block_height = true, .block_height = 13};
    store_apply(s.store, &ev);
    ev = made_event(EVENT_SOURCE);
    ev.health.state = SOURCE_RETRYING;
    ev.health.text = STR("\x1b[2J\x1b]0;x\x07 no");
    store_apply(s.store, &ev);
    s.ui.selected = made_id(2);
    paint_every_size(&s);
    s.ui.stack[0].screen = UI_RECEIPT;
    assert_non_null(strstr(scene_text(&s, 100, 40, false), "^[[31mred^[[2J"));
    scene_close(&s);
}

static void
call__says_what_happened__when_a_branch_failed(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    const char *text = scene_text(&s, 100, 30, false);
    assert_non_null(strstr(text, "! succeeded, but 1 of 3 branches failed: [1] lending: \""));
    assert_non_null(strstr(text, "├─✗ [1] get_position lending"));
    assert_non_null(strstr(text, "\"lending\": null"));
    assert_non_null(strstr(text, "panicked"));
    assert_non_null(strstr(text, "+ 5 refunds folded"));
    scene_close(&s);
}

static void
call__says_what_it_knows__while_branches_have_not_run(void **state)
{
    (void)state;
    struct scene s;
    /* The call has run, its children are only named: not one figure of theirs is invented. */
    scene_open(&s, "portfolio_ok", 4);
    const char *text = scene_text(&s, 100, 30, false), *row = text;
    assert_non_null(strstr(text, "get_portfolio_data"));
    assert_null(strstr(text, "succeeded"));
    int rows = 0;
    for (row = strstr(row, " receipt "); row && (row = strstr(row, "─· receipt ")); rows++) {
        const char *gas = strstr(row, "named"), *end = strchr(row, '\n');
        assert_true(gas && gas < end);
        gas += strspn(gas + 5, " ") + 5;
        assert_memory_equal(gas, "–", strlen("–"));
        row = end;
    }
    assert_true(rows > 0);
    scene_close(&s);
}

/* A failure draws the eye before the call has ended. */
static void
call__tells_failures_in_their_colour__while_it_runs(void **state)
{
    (void)state;
    struct scene s;
    struct cells c;
    scene_open_fan(&s, 9);
    cells_init(&c, 100, 30, false);
    ui_paint(&c, &s.ui, &s.snapshot);
    const char *row = strstr(cells_text(&c), " ► running"), *failed = strstr(row, "3 failed");
    assert_non_null(failed);
    int x = (int)(failed - row) - 2;        /* the sign has three bytes */
    assert_int_equal(cells_at(&c, x, 2)->scalar, '3');
    assert_int_equal(cells_at(&c, x, 2)->role, ROLE_FAILED);
    assert_int_equal(cells_at(&c, 3, 2)->role, ROLE_RUNNING);
    cells_release(&c);
    scene_close(&s);
}

static void
call__shows_the_verdict_first__on_the_smallest_screen(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    assert_non_null(strstr(scene_text(&s, 45, 3, false), "succeeded, but 1 of 3"));
    assert_non_null(strstr(scene_text(&s, 45, 1, false), "succeeded, but 1 of 3"));
    assert_non_null(strstr(scene_text(&s, 20, 5, false), "! 1 of 3 branches"));
    assert_non_null(strstr(scene_text(&s, 20, 5, false), "[0] ft"));
    scene_close(&s);
}

static void
call__keeps_what_matters__on_80_by_24(void **state)
{
    static const char *const texts[] = {
        "1 of 3 branches failed", "[0] ft_balance_of", "[1] get_position", "[2] get_rewards",
        "portfolio_callback", "\"balance\": \"1250000000\"", "\"lending\": null", "[1] lending",
        "2 blocks", "about 6 blocks", "3.0 ×", "critical path", "burnt", "refunded", "Enter"};
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    const char *text = scene_text(&s, 80, 24, false);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!strstr(text, texts[i]))
            fail_msg("\"%s\" is not on the screen:\n%s", texts[i], text);
    }
    scene_close(&s);
}

/* What hangs says for how long, and what may hold it up. */
static void
receipt__says_how_late_it_is__when_it_should_have_run(void **state)
{
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    made_ran(s.store, MADE_TX, 9, MADE_ROOT, 1);
    made_exists(s.store, MADE_ROOT, NULL, 0, 0);
    s.snapshot.call = made_call(s.store);
    s.store->has_head = true;
    s.store->head_height = 12;
    assert_non_null(strstr(scene_text(&s, 200, 40, false), "or in the shard's queue."));
    s.store->head_height = 21;
    assert_non_null(strstr(scene_text(&s, 200, 40, false), "or in the shard's queue, for 12"));
    scene_close(&s);
}

static void
call__says_what_to_expect__when_nothing_was_sent(void **state)
{
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "starting the embedded chain"));
    assert_non_null(strstr(text, "Nothing has been sent yet."));
    s.snapshot.note = "nothing was sent";
    s.snapshot.is_note_bad = true;
    assert_non_null(strstr(scene_text(&s, 80, 24, false), " ✗ nothing was sent"));
    scene_close(&s);
}

static void
call__tells_of_a_source__that_is_in_trouble(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", 4);
    struct event ev = made_event(EVENT_SOURCE);
    ev.health.state = SOURCE_RETRYING;
    ev.health.text = STR("connection refused, again in 2 s");
    store_apply(s.store, &ev);
    const char *text = scene_text(&s, 120, 30, false);
    assert_non_null(strstr(text, "○ rpc retrying"));
    assert_non_null(strstr(text, "! connection refused, again in 2 s"));
    /* What the front says comes first. */
    s.snapshot.trouble = "the embedded chain was ended by signal 9";
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "! the embedded chain was ended"));
    scene_close(&s);
}

static void
call__says_what_the_chain_is_busy_with__but_for_trouble(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", 4);
    s.snapshot.busy = "the chain compiles the contract of bob.near";
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "◌ the chain compiles the contract"));
    s.snapshot.trouble = "this is worse";
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "! this is worse"));
    assert_null(strstr(text, "compiles"));
    scene_close(&s);
}

static void
call__says_why__when_it_was_refused(void **state)
{
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    made_state(s.store, TX_REFUSED);
    s.snapshot.call = made_call(s.store);
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "✗ failed, refused: a reason"));
    assert_non_null(strstr(text, "What to do: "));
    paint_every_size(&s);
    scene_close(&s);
}

static void
call__owns_up_to_holes__when_a_source_has_forgotten(void **state)
{
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    made_ran(s.store, MADE_TX, 10, MADE_ROOT, 1);
    made_exists(s.store, MADE_ROOT, NULL, 0, 0);
    made_ran(s.store, MADE_ROOT, 11, 1, 1);
    made_state(s.store, TX_FINAL);
    struct event ev = made_event(EVENT_HOLE);
    ev.hole.id = made_id(1);
    ev.hole.reason = STR("the node has collected it as garbage");
    store_apply(s.store, &ev);
    s.snapshot.call = made_call(s.store);
    s.ui.selected = made_id(1);
    const char *text = scene_text(&s, 110, 40, false);
    assert_non_null(strstr(text, "? receipt "));
    assert_non_null(strstr(text, "the node has collected it as garbage"));
    assert_non_null(strstr(text, "? the outcome could not be learnt"));
    paint_every_size(&s);
    scene_close(&s);
}

static void
call__says_that_it_is_held__when_paused(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    assert_null(strstr(scene_text(&s, 80, 24, false), "paused"));
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_PAUSE), UI_HOLD);
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "paused"));
    scene_close(&s);
}

static void
effects__are_asked_for__by_their_keys(void **state)
{
    static const struct {
        enum action_id action;
        enum ui_effect effect;
    } cases[] = {{DO_AGAIN, UI_AGAIN},   {DO_SEQUENTIAL, UI_SEQUENTIAL}, {DO_BATCH, UI_BATCH},
                 {DO_REDRAW, UI_REDRAW}, {DO_SUSPEND, UI_SUSPEND},       {DO_QUIT, UI_QUIT},
                 {DO_NOTHING, UI_NOTHING}};
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(ui_act(&s.ui, &s.snapshot, cases[i].action), cases[i].effect);
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_FAIL), UI_REPAINT);
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_DOWN), UI_REPAINT);
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_LATER), UI_REPAINT);
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_INSPECT), UI_FAIL_BRANCH);
    assert_int_equal(s.ui.branch, 1);
    assert_int_equal(s.ui.fault, 1);
    assert_int_equal(s.ui.depth, 0);
    /* Elsewhere there is no menu: the front says why. */
    s.snapshot.is_embedded = false;
    assert_int_equal(ui_act(&s.ui, &s.snapshot, DO_FAIL), UI_FAIL_BRANCH);
    assert_int_equal(s.ui.depth, 0);
    scene_close(&s);
}

static void
screens__go_back__the_way_they_came(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    ui_act(&s.ui, &s.snapshot, DO_INSPECT);
    ui_act(&s.ui, &s.snapshot, DO_HELP);
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "keys and marks"));
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "── get_portfolio_data ──"));
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "── receipts ──"));
    scene_close(&s);
}

static void
receipt__tells_everything__of_one_that_failed(void **state)
{
    static const char *const texts[] = {"the contract panicked: ", "it means", "arguments",
                                        "{\"account_id\":\"alice.test.near\"}", "result 1 of ",
                                        "ExecutionError", "profile", "portfolio.test.near to "};
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    scene_text(&s, 100, 60, false);
    ui_act(&s.ui, &s.snapshot, DO_CAUSE);
    ui_act(&s.ui, &s.snapshot, DO_INSPECT);
    const char *text = scene_text(&s, 100, 60, false);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!strstr(text, texts[i]))
            fail_msg("\"%s\" is not on the screen:\n%s", texts[i], text);
    }
    scene_close(&s);
}

static void
receipt__leads_to_the_ones_beside_it(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    scene_text(&s, 100, 24, false);
    ui_act(&s.ui, &s.snapshot, DO_CAUSE);
    ui_act(&s.ui, &s.snapshot, DO_INSPECT);
    scene_text(&s, 100, 24, false);
    ui_act(&s.ui, &s.snapshot, DO_BOTTOM);
    ui_act(&s.ui, &s.snapshot, DO_LATER);
    assert_non_null(strstr(scene_text(&s, 100, 24, false), "calls          get_rewards"));
    ui_act(&s.ui, &s.snapshot, DO_EARLIER);
    ui_act(&s.ui, &s.snapshot, DO_EARLIER);
    assert_non_null(strstr(scene_text(&s, 100, 24, false), "calls          ft_balance_of"));
    for (int i = 0; i < 9; i++)
        ui_act(&s.ui, &s.snapshot, DO_EARLIER);
    assert_non_null(strstr(scene_text(&s, 100, 24, false), "calls          get_portfolio_data"));
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    assert_non_null(strstr(scene_text(&s, 100, 24, false), "▌ ✓ get_portfolio_data"));
    scene_close(&s);
}

/* More than is taken apart: how many there are is told all the same, to the end of the pane. */
static void
result__counts__what_is_not_taken_apart(void **state)
{
    (void)state;
    struct scene s;
    struct buf value;
    buf_init(&value, 64 * 1024);
    buf_add_c(&value, "[0");
    for (int i = 1; i < 1000; i++)
        buf_addf(&value, ",%d", i);
    buf_add_byte(&value, ']');
    scene_open_empty(&s);
    struct event ev = made_event(EVENT_OUTCOME);
    ev.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .status = OUTCOME_VALUE,
                                       .value = buf_str(&value),
                                       .block_hash = made_id(MADE_BLOCK + 12),
                                       .has_block_height = true, .block_height = 12};
    made_exists(s.store, MADE_ROOT, NULL, 0, 0);
    made_ran(s.store, MADE_TX, 10, MADE_ROOT, 1);
    store_apply(s.store, &ev);
    s.snapshot.call = made_call(s.store);
    ui_begin(&s.ui, UI_CALL);
    const char *text = scene_text(&s, 80, 24, false), *more = strstr(text, "and 9");
    assert_non_null(more);
    assert_non_null(strstr(more, " more"));
    s.ui.focus = PANE_RESULT;
    ui_act(&s.ui, &s.snapshot, DO_BOTTOM);
    text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "    255"));
    assert_non_null(strstr(text, "and 744 more"));
    buf_release(&value);
    scene_close(&s);
}

static void
receipt__names_events__of_nep_297(void **state)
{
    (void)state;
    struct scene s;
    struct str logs[] = {STR("EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\","
                             "\"data\":[{\"amount\":\"5\"}]}"),
                         STR("hello")};
    scene_open_fan(&s, 2);
    struct event ev = made_event(EVENT_OUTCOME);
    ev.outcome = (struct outcome_fact){.id = made_id(3), .status = OUTCOME_VALUE,
                                       .value = STR("1"), .logs = logs, .log_count = 2,
                                       .block_hash = made_id(MADE_BLOCK + 13),
                                       .has_block_height = true, .block_height = 13};
    store_apply(s.store, &ev);
    s.ui.stack[0].screen = UI_RECEIPT;
    s.ui.selected = made_id(3);
    const char *text = scene_text(&s, 100, 40, false);
    assert_non_null(strstr(text, "nep141 ft_mint  [{\"amount\":\"5\"}]"));
    assert_non_null(strstr(text, "hello"));
    scene_close(&s);
}

static void
help__names_every_action__with_its_keys(void **state)
{
    (void)state;
    struct scene s;
    scene_open_empty(&s);
    s.ui.stack[0].screen = UI_HELP;
    const char *text = scene_text(&s, 80, 100, false);
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        const struct action_text *t = action_text_of((enum action_id)id);
        if (!strstr(text, t->help) || !strstr(text, t->keys))
            fail_msg("%s is not on the help screen", t->help);
    }
    scene_close(&s);
}

static void
help__leaves_what_is_looked_for__until_it_is_left(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_ok", SCENE_ALL);
    ui_act(&s.ui, &s.snapshot, DO_HELP);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "/REFUND");
    const char *text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "show or hide refunds"));
    assert_non_null(strstr(text, "a refund: shows gas, costs nothing"));
    assert_non_null(strstr(text, "3 lines"));
    assert_null(strstr(text, "one row up"));
    assert_null(strstr(text, "moving"));
    scene_type(&s, "x\r");
    text = scene_text(&s, 80, 24, false);
    assert_non_null(strstr(text, "Nothing here has \"refundx\"."));
    assert_non_null(strstr(text, "0 lines"));
    scene_type(&s, "\033");
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "one row up"));
    /* What was accepted stays, and is forgotten when the page is left. */
    scene_type(&s, "/refund\r");
    assert_null(strstr(scene_text(&s, 80, 24, false), "one row up"));
    ui_act(&s.ui, &s.snapshot, DO_BACK);
    ui_act(&s.ui, &s.snapshot, DO_HELP);
    assert_non_null(strstr(scene_text(&s, 80, 24, false), "one row up"));
    scene_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paint__holds_its_box__at_every_size),
        cmocka_unit_test(paint__holds_its_box__with_trees_wide_and_deep_and_none),
        cmocka_unit_test(paint__obeys_nothing__of_what_strangers_write),
        cmocka_unit_test(call__says_what_happened__when_a_branch_failed),
        cmocka_unit_test(call__says_what_it_knows__while_branches_have_not_run),
        cmocka_unit_test(call__tells_failures_in_their_colour__while_it_runs),
        cmocka_unit_test(call__shows_the_verdict_first__on_the_smallest_screen),
        cmocka_unit_test(call__keeps_what_matters__on_80_by_24),
        cmocka_unit_test(receipt__says_how_late_it_is__when_it_should_have_run),
        cmocka_unit_test(call__says_what_to_expect__when_nothing_was_sent),
        cmocka_unit_test(call__tells_of_a_source__that_is_in_trouble),
        cmocka_unit_test(call__says_what_the_chain_is_busy_with__but_for_trouble),
        cmocka_unit_test(call__says_why__when_it_was_refused),
        cmocka_unit_test(call__owns_up_to_holes__when_a_source_has_forgotten),
        cmocka_unit_test(call__says_that_it_is_held__when_paused),
        cmocka_unit_test(effects__are_asked_for__by_their_keys),
        cmocka_unit_test(screens__go_back__the_way_they_came),
        cmocka_unit_test(receipt__tells_everything__of_one_that_failed),
        cmocka_unit_test(receipt__leads_to_the_ones_beside_it),
        cmocka_unit_test(result__counts__what_is_not_taken_apart),
        cmocka_unit_test(receipt__names_events__of_nep_297),
        cmocka_unit_test(help__names_every_action__with_its_keys),
        cmocka_unit_test(help__leaves_what_is_looked_for__until_it_is_left),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
