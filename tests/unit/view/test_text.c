/* Finding in screens that are one text: what is shown is found, marked, counted and in sight. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/utf8_locale.h"
#include "tests/support/model_made.h"
#include "tests/support/view_scene.h"
#include "tui/view/screen.h"

static const struct {
    int width, height;
} sizes[] = {{20, 5}, {40, 10}, {60, 16}, {80, 24}, {120, 40}, {200, 60}};

static void
expect(const char *screen, const char *text)
{
    if (!strstr(screen, text))
        fail_msg("\"%s\" is not on the screen:\n%s", text, screen);
}

/* The screen of the branch that failed. */
static void
open_receipt(struct scene *s)
{
    scene_open(s, "portfolio_lending_panics", SCENE_ALL);
    ui_act(&s->ui, &s->snapshot, DO_CAUSE);
    ui_go(&s->ui, UI_RECEIPT);
}

static void
paint(struct scene *s, struct cells *c, int width, int height, bool is_ascii)
{
    cells_init(c, width, height, is_ascii);
    ui_paint(c, &s->ui, &s->snapshot);
}

/* What is marked, row after row, and which of it is the one that was gone to. */
static void
marked(const struct cells *c, enum selection selection, char *out, size_t size)
{
    size_t n = 0;
    for (int i = 0; i < c->width * c->height && n + 5 < size; i++) {
        const struct cell *at = &c->cell[i];
        if (at->role == ROLE_MATCH && at->scalar &&
            (selection == SELECTION_NONE || at->selection == selection))
            out[n++] = at->scalar < 0x7F ? (char)at->scalar : '#';
    }
    out[n] = '\0';
}

static void
check_marked(struct scene *s, int width, int height, const char *all, const char *current)
{
    struct cells c;
    char text[4096];
    paint(s, &c, width, height, false);
    marked(&c, SELECTION_NONE, text, sizeof(text));
    assert_string_equal(text, all);
    marked(&c, SELECTION_NAME, text, sizeof(text));
    assert_string_equal(text, current);
    cells_release(&c);
}

static void
text_search__marks_and_counts__on_a_receipt(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "/LENDING");
    expect(scene_text(&s, 80, 24, false), "1 of ");
    scene_type(&s, ".test\n");
    expect(scene_text(&s, 80, 24, false), "[1] get_position  /LENDING.test 1 of 1 ");
    check_marked(&s, 80, 24, "lending.test", "lending.test");
    scene_close(&s);
}

static void
text_search__goes_from_match_to_match__and_round(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 60, 10, false);
    scene_type(&s, "/paused\n");
    /* In the reason at the top, in the callback's word, and in what the node says. */
    size_t all = s.ui.looked_for.matches;
    assert_true(all >= 2);
    assert_int_equal(s.ui.text.top, 0);
    for (size_t i = 1; i < all; i++) {
        char rank[64];
        scene_type(&s, "n");
        snprintf(rank, sizeof(rank), "paused %zu of %zu", i + 1, all);
        expect(scene_text(&s, 60, 10, false), rank);
        check_marked(&s, 60, 10, "paused", "paused");
    }
    assert_true(s.ui.text.top > 0);
    scene_type(&s, "n");
    expect(scene_text(&s, 60, 10, false), "/paused 1 of ");
    assert_int_equal(s.ui.text.top, 0);
    scene_type(&s, "N");
    assert_int_equal(s.ui.looked_for.at, all - 1);
    /* Scrolled away, it goes on from what is seen. */
    scene_type(&s, "gn");
    assert_int_equal(s.ui.looked_for.at, 0);
    scene_close(&s);
}

/* At 40 columns the sentence and the hash go on in the next row. */
static void
text_search__goes_on_in_the_next_row__where_the_text_does(void **state)
{
    (void)state;
    struct scene s;
    struct cells c;
    open_receipt(&s);
    scene_text(&s, 40, 10, false);
    scene_type(&s, "/Only this receipt was rolled back\n");
    assert_int_equal(s.ui.looked_for.matches, 1);
    assert_true(s.ui.looked_for.hit_count > 1);
    check_marked(&s, 40, 10, "Only this receipt wasrolled back", "Only this receipt wasrolled back");
    /* Where nothing was broken, nothing goes on. */
    scene_type(&s, "/Onlythis");
    assert_int_equal(s.ui.looked_for.matches, 0);
    scene_press(&s, KEY_ESCAPE, 0);
    paint(&s, &c, 40, 10, false);
    cells_release(&c);
    scene_close(&s);
}

/* Keys may come faster than pictures: the screen was never painted. */
static void
text_search__needs_no_picture__between_keys(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "portfolio_lending_panics", SCENE_ALL);
    ui_go(&s.ui, UI_CALL);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "!3/paused\nn");
    assert_int_equal(s.ui.prompt.kind, PROMPT_NONE);
    expect(scene_text(&s, 80, 24, false), "[1] get_position  /paused 2 of 2 ");
    scene_close(&s);
}

static void
text_search__keeps_the_prompt__when_there_is_nothing(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 60, 10, false);
    scene_type(&s, "jj/nosuch\n");
    expect(scene_text(&s, 60, 10, false), "nothing is like that");
    assert_int_equal(s.ui.prompt.kind, PROMPT_SEARCH);
    scene_press(&s, KEY_ESCAPE, 0);
    assert_int_equal(s.ui.prompt.kind, PROMPT_NONE);
    assert_int_equal(s.ui.text.top, 2);
    scene_close(&s);
}

static void
text_search__goes_back__when_it_is_given_up(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 60, 10, false);
    scene_type(&s, "jj/node says");
    assert_true(s.ui.text.top > 2);
    scene_press(&s, KEY_ESCAPE, 0);
    assert_int_equal(s.ui.text.top, 2);
    check_marked(&s, 60, 10, "", "");
    scene_close(&s);
}

/* Esc ends the search, then the screen; on another screen nothing is looked for. */
static void
text_search__is_over__with_escape(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "/lending\n");
    ui_go(&s.ui, UI_SOURCES);
    assert_null(strstr(scene_text(&s, 80, 24, false), "/lending"));
    check_marked(&s, 80, 24, "", "");
    ui_go(&s.ui, UI_RECEIPT);
    expect(scene_text(&s, 80, 24, false), "/lending 1 of");
    scene_press(&s, KEY_ESCAPE, 0);
    assert_null(strstr(scene_text(&s, 80, 24, false), "/lending"));
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_RECEIPT);
    scene_press(&s, KEY_ESCAPE, 0);
    assert_int_equal(s.ui.stack[s.ui.depth].screen, UI_CALL);
    scene_close(&s);
}

/* The next receipt is searched for the same. */
static void
text_search__follows__to_the_next_receipt(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "/get_rewards\n");
    assert_int_equal(s.ui.prompt.kind, PROMPT_SEARCH);
    scene_press(&s, KEY_ESCAPE, 0);
    scene_type(&s, "/get_position\n");
    ui_act(&s.ui, &s.snapshot, DO_LATER);
    expect(scene_text(&s, 80, 24, false), "[2] get_rewards  /get_position 0 ");
    ui_act(&s.ui, &s.snapshot, DO_EARLIER);
    expect(scene_text(&s, 80, 24, false), "/get_position 1 of");
    scene_close(&s);
}

static void
text_search__refuses__what_is_too_long(void **state)
{
    (void)state;
    struct scene s;
    open_receipt(&s);
    scene_text(&s, 80, 24, false);
    scene_type(&s, "/");
    for (int i = 0; i < TEXT_WANTED_MAX + 5; i++)
        scene_type(&s, "x");
    expect(scene_text(&s, 300, 24, false), "that is too long to be looked for");
    scene_close(&s);
}

/* In strips, to the end. */
static void
text_search__finds__in_a_long_text(void **state)
{
    (void)state;
    struct scene s;
    static char log[60000];
    struct str logs[2] = {{log, sizeof(log)}, STR("the end of it")};
    struct event ran = made_event(EVENT_OUTCOME);
    scene_open_empty(&s);
    made_ran(s.store, MADE_TX, 9, MADE_ROOT, 1);
    for (size_t i = 0; i < sizeof(log); i++)
        log[i] = i % 10 ? 'x' : ' ';
    ran.outcome = (struct outcome_fact){.id = made_id(MADE_ROOT), .status = OUTCOME_VALUE,
                                        .block_hash = made_id(7), .logs = logs, .log_count = 2};
    store_apply(s.store, &ran);
    s.snapshot.call = made_call(s.store);
    ui_go(&s.ui, UI_RECEIPT);
    scene_text(&s, 60, 20, false);
    assert_true(s.ui.lines > 1000);
    scene_type(&s, "/end of it\n");
    expect(scene_text(&s, 60, 20, false), "/end of it 1 of 1 ");
    expect(scene_text(&s, 60, 20, false), "the end of it");
    scene_close(&s);
}

/* --- whatever is shown ------------------------------------------------------------------------ */

/* The first word of the middle row of the text, as it is shown; empty: there is none. */
static void
some_word(struct scene *s, int width, int height, bool is_ascii, char *out, size_t size)
{
    struct cells c;
    size_t n = 0;
    paint(s, &c, width, height, is_ascii);
    int y = height / 2, x = 0;
    while (x < width && cells_at(&c, x, y)->scalar == ' ')
        x++;
    for (; x < width && n + 1 < size && cells_at(&c, x, y)->scalar > ' '; x++) {
        if (cells_at(&c, x, y)->scalar >= 0x7F)
            break;
        out[n++] = (char)cells_at(&c, x, y)->scalar;
    }
    out[n] = '\0';
    cells_release(&c);
}

static bool
check_word(struct scene *s, int width, int height, bool is_ascii)
{
    char word[64], found[4096];
    struct cells c;
    some_word(s, width, height, is_ascii, word, sizeof(word));
    if (!word[0])
        return false;
    scene_type(s, "/");
    scene_type(s, word);
    scene_type(s, "\n");
    paint(s, &c, width, height, is_ascii);
    marked(&c, SELECTION_NAME, found, sizeof(found));
    if (strcasecmp(found, word) != 0)
        fail_msg("%dx%d: looked for \"%s\", and found \"%s\" in:\n%s", width, height, word, found,
                 cells_text(&c));
    cells_release(&c);
    scene_press(s, KEY_ESCAPE, 0);
    return true;
}

static void
text_search__finds__what_is_shown_at_every_size(void **state)
{
    static const enum ui_screen screens[] = {UI_RECEIPT, UI_SOURCES, UI_REQUESTS, UI_COMPARE};
    int looked_for = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(screens) * ARRAY_LEN(sizes) * 2; i++) {
        int width = sizes[i / 2 % ARRAY_LEN(sizes)].width, height = sizes[i / 2 % ARRAY_LEN(sizes)].height;
        struct scene s;
        scene_open_calls(&s);
        ui_go(&s.ui, screens[i / 2 / ARRAY_LEN(sizes)]);
        scene_text(&s, width, height, i % 2);
        for (int step = 0; step < 4; step++) {
            looked_for += check_word(&s, width, height, i % 2);
            scene_type(&s, "jjj");
        }
        scene_close(&s);
    }
    assert_true(looked_for > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_search__marks_and_counts__on_a_receipt),
        cmocka_unit_test(text_search__goes_from_match_to_match__and_round),
        cmocka_unit_test(text_search__goes_on_in_the_next_row__where_the_text_does),
        cmocka_unit_test(text_search__needs_no_picture__between_keys),
        cmocka_unit_test(text_search__keeps_the_prompt__when_there_is_nothing),
        cmocka_unit_test(text_search__goes_back__when_it_is_given_up),
        cmocka_unit_test(text_search__is_over__with_escape),
        cmocka_unit_test(text_search__follows__to_the_next_receipt),
        cmocka_unit_test(text_search__refuses__what_is_too_long),
        cmocka_unit_test(text_search__finds__in_a_long_text),
        cmocka_unit_test(text_search__finds__what_is_shown_at_every_size),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
