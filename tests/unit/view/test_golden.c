/* Whole pictures, compared with tests/data/screens/NAME.txt: first the text, then the roles, a
 * letter a cell. With UPDATE=1 in the environment the files are written anew: read the diff. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/golden.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"

enum { FILE_MAX = 1 << 20 };

struct golden {
    const char *name, *call;
    size_t answers;
    int width, height;
    bool is_ascii;
    enum action_id actions[8];          /* done before, in order */
};

/* In place of a recorded call: all of them, or none, on the screen of all calls; a made one. */
#define CALLS "calls"
#define NO_CALLS "none"
#define FAN "fan"
/* The batch that failed, and the reads one after another. */
#define COMPARE_TWO {DO_PAGE_DOWN, DO_UP, DO_UP, DO_MARK, DO_UP, DO_MARK, DO_SHOW_COMPARE}

static const struct golden goldens[] = {
    {"calls_40x10", CALLS, 0, 40, 10, false, {DO_DOWN}},
    {"calls_80x24", CALLS, 0, 80, 24, false, {DO_DOWN, DO_MARK}},
    {"calls_ascii_80x24", CALLS, 0, 80, 24, true, {DO_DOWN, DO_MARK}},
    {"calls_120x40", CALLS, 0, 120, 40, false, {DO_SORT, DO_SORT, DO_SORT}},
    {"calls_200x60", CALLS, 0, 200, 60, false, {DO_NOTHING}},
    {"sources_40x10", CALLS, 0, 40, 10, false, {DO_SHOW_SOURCES}},
    {"sources_80x24", CALLS, 0, 80, 24, false, {DO_SHOW_SOURCES}},
    {"sources_ascii_120x40", CALLS, 0, 120, 40, true, {DO_SHOW_SOURCES}},
    {"sources_200x60", CALLS, 0, 200, 60, false, {DO_SHOW_SOURCES}},
    {"requests_40x10", CALLS, 0, 40, 10, false, {DO_SHOW_REQUESTS}},
    {"requests_80x24", CALLS, 0, 80, 24, false, {DO_SHOW_REQUESTS}},
    {"requests_120x40", CALLS, 0, 120, 40, false, {DO_SHOW_REQUESTS}},
    {"requests_200x60", CALLS, 0, 200, 60, false, {DO_SHOW_REQUESTS}},
    {"form_40x10", CALLS, 0, 40, 10, false, {DO_NEW}},
    {"form_80x24", CALLS, 0, 80, 24, false, {DO_NEW}},
    {"form_edit_ascii_120x40", CALLS, 0, 120, 40, true, {DO_DOWN, DO_DOWN, DO_EDIT}},
    {"form_edit_200x60", CALLS, 0, 200, 60, false, {DO_DOWN, DO_DOWN, DO_EDIT}},
    {"compare_40x10", CALLS, 0, 40, 10, false, {DO_SHOW_COMPARE}},
    {"compare_80x24", CALLS, 0, 80, 24, false, {DO_SHOW_COMPARE}},
    {"compare_ascii_120x40", CALLS, 0, 120, 40, true, {DO_SHOW_COMPARE}},
    {"compare_200x60", CALLS, 0, 200, 60, false, {DO_SHOW_COMPARE}},
    {"compare_two_40x10", CALLS, 0, 40, 10, false, COMPARE_TWO},
    {"compare_two_80x24", CALLS, 0, 80, 24, false, COMPARE_TWO},
    {"compare_two_ascii_120x40", CALLS, 0, 120, 40, true, COMPARE_TWO},
    {"compare_two_200x60", CALLS, 0, 200, 60, false, COMPARE_TWO},
    {"compare_three_80x24", CALLS, 0, 80, 24, false,
     {DO_DOWN, DO_MARK, DO_DOWN, DO_MARK, DO_DOWN, DO_DOWN, DO_MARK, DO_SHOW_COMPARE}},
    {"teach_in_flight_80x24", "portfolio_ok", 4, 80, 24, false, {DO_TEACH}},
    {"teach_waits_120x40", "portfolio_ok", 5, 120, 40, false, {DO_TEACH}},
    {"teach_failed_80x24", "portfolio_lending_panics", SCENE_ALL, 80, 24, false, {DO_TEACH}},
    {"no_calls_40x10", NO_CALLS, 0, 40, 10, false, {DO_NOTHING}},
    {"no_calls_80x24", NO_CALLS, 0, 80, 24, false, {DO_NOTHING}},
    {"failed_branch_80x24", "portfolio_lending_panics", SCENE_ALL, 80, 24, false, {DO_CAUSE}},
    {"failed_branch_120x40", "portfolio_lending_panics", SCENE_ALL, 120, 40, false, {DO_CAUSE}},
    {"failed_branch_40x10", "portfolio_lending_panics", SCENE_ALL, 40, 10, false, {DO_CAUSE}},
    {"in_flight_100x30", "portfolio_ok", 4, 100, 30, false, {DO_NOTHING}},
    {"in_flight_ascii_80x24", "portfolio_ok", 4, 80, 24, true, {DO_NOTHING}},
    {"callback_pending_100x30", "portfolio_ok", 5, 100, 30, false, {DO_BOTTOM}},
    {"succeeded_200x60", "portfolio_ok", SCENE_ALL, 200, 60, false, {DO_NOTHING}},
    {"sequential_ms_120x34", "portfolio_sequential", SCENE_ALL, 120, 34, false, {DO_CLOCK}},
    {"refunds_100x30", "portfolio_ok", SCENE_ALL, 100, 30, false, {DO_REFUNDS}},
    {"fan_of_eight_100x30", "portfolio_fan_8", SCENE_ALL, 100, 30, false, {DO_DOWN}},
    {"fan_of_hundred_200x60", FAN, 0, 200, 60, false, {DO_DOWN}},
    {"fan_of_hundred_120x40", FAN, 0, 120, 40, false, {DO_BOTTOM, DO_UP, DO_UP}},
    {"batch_failed_80x24", "portfolio_batch_fails", SCENE_ALL, 80, 24, false, {DO_NOTHING}},
    {"transfer_80x24", "transfer", SCENE_ALL, 80, 24, false, {DO_NOTHING}},
    {"receipt_100x40", "portfolio_lending_panics", SCENE_ALL, 100, 40, false,
     {DO_CAUSE, DO_INSPECT}},
    {"failed_branch_ascii_40x10", "portfolio_lending_panics", SCENE_ALL, 40, 10, true, {DO_CAUSE}},
    {"failed_branch_ascii_120x40", "portfolio_lending_panics", SCENE_ALL, 120, 40, true, {DO_CAUSE}},
    {"failed_branch_ascii_200x60", "portfolio_lending_panics", SCENE_ALL, 200, 60, true, {DO_CAUSE}},
    {"zoomed_figures_80x24", "portfolio_sequential", SCENE_ALL, 80, 24, false,
     {DO_PREVIOUS_PANE, DO_ZOOM_PANE}},
    {"gas_passed_on_100x30", "portfolio_ok", SCENE_ALL, 100, 30, false, {DO_GAS}},
    {"straggler_120x34", "portfolio_congested", SCENE_ALL, 120, 34, false, {DO_CLOCK}},
    {"help_40x10", "portfolio_ok", SCENE_ALL, 40, 10, false, {DO_HELP}},
    {"help_200x60", "portfolio_ok", SCENE_ALL, 200, 60, false, {DO_HELP}},
    {"receipt_40x10", "portfolio_lending_panics", SCENE_ALL, 40, 10, false,
     {DO_CAUSE, DO_INSPECT}},
    {"receipt_200x60", "portfolio_lending_panics", SCENE_ALL, 200, 60, false,
     {DO_CAUSE, DO_INSPECT}},
    {"fault_menu_100x30", "portfolio_ok", SCENE_ALL, 100, 30, false, {DO_FAIL, DO_DOWN}},
    {"help_100x34", "portfolio_ok", SCENE_ALL, 100, 34, false, {DO_HELP}},
};

static void
open_scene(struct scene *s, const struct golden *g)
{
    if (strcmp(g->call, CALLS) == 0) {
        scene_open_calls(s);
    } else if (strcmp(g->call, NO_CALLS) == 0) {
        scene_open_empty(s);
        ui_begin(&s->ui, UI_CALLS);
    } else if (strcmp(g->call, FAN) == 0) {
        scene_open_fan(s, 100);
    } else {
        scene_open(s, g->call, g->answers);
    }
}

static void
picture__is_as_it_was__scene_by_scene(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
        const struct golden *g = &goldens[i];
        struct scene s;
        struct cells c;
        struct buf picture;
        char path[128];
        open_scene(&s, g);
        cells_init(&c, g->width, g->height, g->is_ascii);
        ui_paint(&c, &s.ui, &s.snapshot);
        for (size_t k = 0; k < ARRAY_LEN(g->actions) && g->actions[k] != DO_NOTHING; k++)
            ui_act(&s.ui, &s.snapshot, g->actions[k]);
        ui_paint(&c, &s.ui, &s.snapshot);
        cells_check(&c);
        buf_init(&picture, FILE_MAX);
        buf_add_c(&picture, cells_text(&c));
        buf_addf(&picture, "\n%s", cells_roles(&c));
        snprintf(path, sizeof(path), "tests/data/screens/%s.txt", g->name);
        golden_check(path, buf_str(&picture));
        buf_release(&picture);
        cells_release(&c);
        scene_close(&s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(picture__is_as_it_was__scene_by_scene)};
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
