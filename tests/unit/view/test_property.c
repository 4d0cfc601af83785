/* Whatever the tree, whatever the size, whatever is pressed: nothing outside its box, nothing
 * that a terminal would obey, no crash, and q still quits.
 *
 * Trees, sizes and keys are random, the same on every run. PROPERTY=N in the environment makes
 * N times as many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "tests/support/chance.h"
#include "tests/support/model_made.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"
#include "tui/view/form.h"
#include "tui/view/pane.h"

enum { OUTSIDE = 0x40, TREES = 30, SIZES = 12, KEYS = 30000, RECEIPTS_MOST = 60,
       SMALL_WIDTH = 45, SMALL_HEIGHT = 12 };

static uint64_t seed = 2026;

static unsigned
chance(unsigned below)
{
    return (unsigned)(chance_next(&seed) >> 33) % below;
}

static int
times(void)
{
    const char *given = getenv("PROPERTY");
    int n = given ? (int)strtol(given, NULL, 10) : 1;
    return n > 0 ? n : 1;
}

/* --- trees ------------------------------------------------------------------------------------ */

static const char *const words[] = {
    "go", "", "\x1b[2J\x1b]0;x\x07", "\u4e16\u754c\u4e16\u754c\u4e16\u754c", "e\u0301\u0301\u0301",
    "\xe2\x80\xae" "abc", "\xc2\x9b" "31m", "\xff\xfe\x80", "\u200b\u200d\ufeff", "\tand\nnewlines\r",
    "a_very_long_name_that_is_longer_than_any_column_that_there_is_on_a_screen_of_some_width",
    "\U0001f600\U0001f600", "{\"a\": [1, 2, {\"b\": \"\\u001b[31m\"}]}",
    "EVENT_JSON:{\"standard\":\"\\u009b\"}"};

static struct str
word(void)
{
    return str_from(words[chance(ARRAY_LEN(words))]);
}

static void
exists(struct store *s, unsigned number, unsigned first_data, unsigned inputs, unsigned output)
{
    struct event ev = made_event(EVENT_RECEIPT);
    struct hash ids[8];
    struct action actions[2];
    struct data_receiver receiver = {made_id(output), account_of("b.near")};
    for (unsigned i = 0; i < inputs; i++)
        ids[i] = made_id(first_data + i);
    for (int i = 0; i < 2; i++)
        actions[i] = (struct action){.kind = chance(5) ? ACTION_FUNCTION_CALL : ACTION_TRANSFER,
                                     .method = word(), .args = word(),
                                     .gas = chance(3) ? chance(300) * TERA_GAS : UINT64_MAX};
    ev.receipt = (struct receipt_fact){
        .id = made_id(number),
        .predecessor = account_of(chance(6) ? "a.near" : "system"),
        .receiver = account_of(chance(2) ? "b.near" : "contract-of-sixty-four-letters.near"),
        .actions = actions, .action_count = 1 + chance(2), .inputs = ids, .input_count = inputs,
        .outputs = &receiver, .output_count = output ? 1 : 0};
    store_apply(s, &ev);
}

static void
ran(struct store *s, unsigned number, uint64_t height, unsigned first, unsigned count)
{
    struct event ev = made_event(EVENT_OUTCOME);
    struct hash children[64];
    struct str logs[3] = {word(), word(), word()};
    for (unsigned i = 0; i < count && i < ARRAY_LEN(children); i++)
        children[i] = made_id(first + i);
    ev.outcome = (struct outcome_fact){
        .id = made_id(number), .is_transaction = number == MADE_TX,
        .status = !count && !chance(3) ? OUTCOME_FAILURE : OUTCOME_VALUE, .value = word(),
        .failure = {STR("{\"ActionError\":{\"index\":0,\"kind\":\"\\u001b[2J\"}}")},
        .gas_burnt = chance(4) ? chance(1000) * (TERA_GAS / 100) : UINT64_MAX,
        .logs = logs, .log_count = chance(4), .children = children, .child_count = count,
        .block_hash = made_id(MADE_BLOCK + (unsigned)height), .has_block_height = true,
        .block_height = height, .has_block_time = chance(5) > 0, .block_time_ns = height * 600000000u};
    if (count && chance(4)) {
        ev.outcome.status = OUTCOME_RECEIPT;
        ev.outcome.returns = children[count - 1];
    }
    store_apply(s, &ev);
}

/* Each receipt that ran made some; some are only named, some wait, some failed. */
static void
grow(struct scene *s)
{
    unsigned next = 1, at = 0, most = 1 + chance(RECEIPTS_MOST), data = 3000000;
    scene_open_empty(s);
    ran(s->store, MADE_TX, 10, MADE_ROOT, 1);
    for (; at < next && next < most; at++) {
        unsigned count = chance(3) ? chance(5) : chance(40);
        if (chance(8))
            exists(s->store, at, 0, 0, chance(3) ? data + at : 0);
        if (chance(6) == 0)
            continue;
        ran(s->store, at, 11 + at * (1 + chance(3)) / 2, next, count);
        unsigned inputs = count > 1 ? chance(count < 8 ? count : 8) : 0;
        if (inputs)
            exists(s->store, next + count - 1, data + next, inputs, 0);
        next += count;
    }
    if (chance(2)) {
        made_state(s->store, TX_FINAL);
        struct event ev = made_event(EVENT_HOLE);
        ev.hole.id = made_id(next ? next - 1 : 0);
        ev.hole.reason = word();
        store_apply(s->store, &ev);
    }
    s->snapshot.call = made_call(s->store);
    s->snapshot.trouble = chance(3) ? "" : "\x1b[2J trouble\x07";
}

/* --- boxes -------------------------------------------------------------------------------------- */

static void
fill(struct cells *c)
{
    for (int i = 0; i < c->width * c->height; i++)
        c->cell[i] = (struct cell){.scalar = OUTSIDE, .width = 1, .role = ROLE_MATCH};
}

static void
check_outside(const struct cells *c, struct box b, const char *what)
{
    for (int y = 0; y < c->height; y++) {
        for (int x = 0; x < c->width; x++) {
            const struct cell *at = cells_at(c, x, y);
            bool is_inside = x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height;
            if (!is_inside && (at->scalar != OUTSIDE || at->selection))
                fail_msg("%s of %dx%d at %d,%d paints at %d,%d", what, b.width, b.height, b.x, b.y,
                         x, y);
        }
    }
}

static struct box
some_box(const struct cells *c)
{
    struct box b = {.x = (int)chance((unsigned)c->width), .y = (int)chance((unsigned)c->height)};
    b.width = 1 + (int)chance((unsigned)(c->width - b.x));
    b.height = 1 + (int)chance((unsigned)(c->height - b.y));
    return b;
}

static void
paint_pane(struct cells *c, enum pane pane, struct box b, const struct frame *f)
{
    switch (pane) {
    case PANE_TREE: tree_paint(c, b, f); break;
    case PANE_RESULT: result_paint(c, b, f, (int)chance(4)); break;
    case PANE_FIGURES: figures_paint(c, b, f); break;
    case PANE_STORY: story_paint(c, b, f, (int)chance(3)); break;
    case PANE_DETAIL:
        if (f->selected)
            receipt_paint(c, b, f, f->selected, (int)chance(20), chance(2));
        break;
    case PANE_NONE: foot_paint(c, b, f, screen_call.footer); break;
    case PANE_COUNT: break;
    }
}

static void
panes__stay_in_their_box__whatever_the_tree(void **state)
{
    static const char *const names[] = {"foot", "tree", "detail", "result", "figures", "story"};
    (void)state;
    for (int i = 0; i < TREES * times(); i++) {
        struct scene s;
        grow(&s);
        scene_text(&s, 100, 40, false);
        struct hits hits = {.count = 0};
        struct frame f = {.ui = &s.ui, .s = &s.snapshot, .call = s.snapshot.call,
                          .verdict = call_verdict(s.store, s.snapshot.call), .rows = &s.ui.rows,
                          .hits = &hits};
        if (s.ui.rows.count) {
            f.selected_row = chance((unsigned)s.ui.rows.count);
            f.selected = s.ui.rows.row[f.selected_row].node;
        }
        for (int k = 0; k < SIZES * PANE_COUNT; k++) {
            struct cells c;
            enum pane pane = (enum pane)(k % PANE_COUNT);
            cells_init(&c, 1 + (int)chance(250), 1 + (int)chance(80), chance(3) == 0);
            fill(&c);
            struct box b = some_box(&c);
            s.ui.shows_ms = chance(2);
            s.ui.time_zoom = (int)chance(10) - 6;
            s.ui.top = 0;
            hits_begin(&hits, c.width, c.height);
            paint_pane(&c, pane, b, &f);
            check_outside(&c, b, names[pane]);
            cells_check(&c);
            cells_release(&c);
        }
        scene_close(&s);
    }
}

/* A click that means something lands on what is painted. */
static void
check_hits(const struct cells *c, const struct ui *ui)
{
    for (size_t i = 0; i < ui->hits.count; i++) {
        const struct hit *h = &ui->hits.hit[i];
        if (h->box.x < 0 || h->box.y < 0 || h->box.x + h->box.width > c->width ||
            h->box.y + h->box.height > c->height)
            fail_msg("on screen %d of %dx%d a hit of kind %d is at %d,%d, %dx%d",
                     (int)ui->stack[ui->depth].screen, c->width, c->height, (int)h->kind, h->box.x,
                     h->box.y, h->box.width, h->box.height);
    }
}

/* --- whole screens ------------------------------------------------------------------------------ */

static const char *
c_word(void)
{
    return words[chance(ARRAY_LEN(words))];
}

/* What sources and endpoints say of themselves, and what was asked. */
static void
tell_of_sources(struct store *s)
{
    for (int i = 0; i < 4; i++) {
        struct event ev = {.kind = EVENT_SOURCE, .source = (enum source_id)chance(SOURCE_COUNT),
                           .seen_ns = 1};
        ev.health.state = (enum source_state)chance(SOURCE_FAILED + 1);
        ev.health.text = word();
        ev.health.delay_ns = (int64_t)chance(1000) * NS_PER_MS - 1;
        ev.health.requests = chance(100000);
        store_apply(s, &ev);
        ev = (struct event){.kind = EVENT_ENDPOINT, .source = SOURCE_RPC, .seen_ns = 1};
        ev.endpoint = (struct endpoint_fact){
            .index = chance(5), .name = c_word(), .host = c_word(), .reason = c_word(),
            .state = (enum endpoint_state)chance(ENDPOINT_OUT + 1), .requests = chance(1000),
            .median_ns = (int64_t)chance(1000000) - 1, .second_most = chance(9)};
        store_apply(s, &ev);
        ev = (struct event){.kind = EVENT_REQUEST, .source = SOURCE_RPC, .seen_ns = 1};
        ev.request = (struct request_fact){.endpoint = chance(9), .took_ns = chance(1000000000),
                                           .status = chance(600), .is_fine = chance(2)};
        snprintf(ev.request.method, sizeof(ev.request.method), "%.30s", c_word());
        snprintf(ev.request.words, sizeof(ev.request.words), "%.100s", c_word());
        store_apply(s, &ev);
    }
}

/* One call of ours, or several beside it, or none. */
static void
some_world(struct scene *s)
{
    unsigned what = chance(6);
    if (what == 0)
        scene_open_empty(s);
    else if (what == 1)
        scene_open_calls(s);
    else if (what == 2)
        scene_open_fan(s, 1 + chance(120));
    else
        grow(s);
    if (chance(3))
        tell_of_sources(s->store);
    s->snapshot.network = c_word();
    s->snapshot.explorer = chance(2) ? "https://e.test/{tx}" : c_word();
    s->snapshot.note = c_word();
    s->snapshot.busy = chance(2) ? c_word() : NULL;
    s->snapshot.is_embedded = chance(2);
    s->snapshot.asks_first = chance(2);
}

static void
some_prompt(struct prompt *p)
{
    p->kind = chance(2) ? PROMPT_NONE : (enum prompt_kind)chance(PROMPT_COUNT);
    if (!line_set(&p->line, word()))
        line_clear(&p->line);
    p->line.cursor = chance(2) ? p->line.length : 0;
    p->answer.is_wrong = chance(2);
    p->answer.column = chance(8);
    snprintf(p->answer.text, sizeof(p->answer.text), "%.80s", c_word());
}

static void
some_form(struct form *form)
{
    form->focus = (enum form_field)chance(FORM_FIELDS);
    for (int i = 0; i < FORM_FIELDS; i++) {
        if (!line_set(&form->now.line[i], word()))
            line_clear(&form->now.line[i]);
    }
    if (!text_set(&form->now.args, word()))
        form->now.args.length = form->now.args.cursor = 0;
    snprintf(form->question, sizeof(form->question), "%.80s", chance(3) ? "" : c_word());
}

/* Where a person is, and all that can be done to a picture by keys. */
static void
some_state(struct scene *s, enum ui_screen screen)
{
    struct ui *ui = &s->ui;
    struct diag ignored;
    size_t column;
    ui_begin(ui, chance(2) ? UI_CALLS : screen);
    ui_go(ui, screen);
    ui->is_zoomed = chance(4) == 0;
    ui->is_paused = chance(4) == 0;
    ui->is_teaching = chance(2);
    ui->shows_ms = chance(2);
    ui->gas = (enum ui_gas)chance(UI_GAS_COUNT);
    ui->time_zoom = (int)chance(10) - 6;
    ui->detail = (enum detail_place)chance(DETAIL_PLACES);
    ui->focus = (enum pane)chance(PANE_COUNT);
    ui->split = chance(2) ? (int)chance(300) : 0;
    ui->tree_height = chance(2) ? (int)chance(100) : 0;
    ui->folds.shows_refunds = chance(2);
    folds_to_depth(&ui->folds, (int)chance(5));
    if (chance(3) == 0 && pick_parse(STR("status:failed|done"), &ui->folds.filter, &column, &ignored))
        fail();
    if (ui->rows.count)
        ui->selected = ui->rows.row[chance((unsigned)ui->rows.count)].node->id;
    snprintf(ui->told, sizeof(ui->told), "%.60s", chance(3) ? "" : c_word());
    some_prompt(&ui->prompt);
    some_form(form_of(ui, &s->snapshot));
}

static void
check_frame(struct scene *s, int width, int height)
{
    struct cells c;
    cells_init(&c, width, height, chance(3) == 0);
    ui_paint(&c, &s->ui, &s->snapshot);
    cells_check(&c);
    check_hits(&c, &s->ui);
    cells_release(&c);
}

static void
screens__hold__at_every_size_and_in_every_state(void **state)
{
    (void)state;
    for (int i = 0; i < TREES * times(); i++) {
        struct scene s;
        some_world(&s);
        for (int k = 0; k < SIZES * UI_SCREEN_COUNT; k++) {
            some_state(&s, (enum ui_screen)(k % UI_SCREEN_COUNT));
            check_frame(&s, 1 + (int)chance(chance(2) ? 30 : 250), 1 + (int)chance(chance(2) ? 12 : 80));
        }
        scene_close(&s);
    }
}

/* Where rules and columns come and go: each size is one of its own. */
static void
screens__hold__at_each_small_size(void **state)
{
    struct scene s;
    (void)state;
    scene_open_calls(&s);
    for (int screen = 0; screen < UI_SCREEN_COUNT; screen++) {
        for (int width = 1; width <= SMALL_WIDTH; width++) {
            for (int height = 1; height <= SMALL_HEIGHT; height++) {
                some_state(&s, (enum ui_screen)screen);
                check_frame(&s, width, height);
            }
        }
    }
    scene_close(&s);
}

/* --- keys --------------------------------------------------------------------------------------- */

static struct key
some_key(int width, int height)
{
    static const char letters[] = "aewcDTomOL1456"
                                  "jkgGhl[]!/nN\\:<>*RudzmtpZrsbf23?0+-= yYM\x02\x06\x0c\x15\x17\x03\x1a";
    struct key k = {.special = (enum key_special)(1 + chance(KEY_OTHER))};
    unsigned what = chance(10);
    if (what < 6)
        k = (struct key){.special = KEY_CHARACTER,
                         .scalar = (unsigned char)letters[chance(sizeof(letters) - 1)]};
    else if (what < 7)
        k = (struct key){.special = chance(2) ? KEY_CHARACTER : KEY_PASTE,
                         .scalar = chance(4) ? 0x20 + chance(0x60) : chance(0x110000)};
    else if (what < 9)
        k = (struct key){.special = KEY_POINTER,
                         .mouse = {.what = (enum mouse_what)chance(5), .button = (int)chance(3),
                                   .x = (int)chance((unsigned)width + 3),
                                   .y = (int)chance((unsigned)height + 3)}};
    return k;
}

static void
leave(struct scene *s)
{
    struct key escape = {.special = KEY_ESCAPE}, q = {.special = KEY_CHARACTER, .scalar = 'q'};
    for (int i = 0; i < 2 && s->ui.prompt.kind != PROMPT_NONE; i++)
        ui_key(&s->ui, &s->snapshot, &escape);
    /* In a form q is a letter. */
    for (int i = 0; i < 2 && s->ui.stack[s->ui.depth].screen == UI_FORM; i++)
        ui_key(&s->ui, &s->snapshot, &escape);
    if (s->ui.stack[s->ui.depth].screen == UI_FORM)
        ui_begin(&s->ui, UI_CALL);
    if (s->ui.stack[s->ui.depth].screen == UI_HELP)
        ui_key(&s->ui, &s->snapshot, &q);
    assert_int_equal(ui_key(&s->ui, &s->snapshot, &q), UI_QUIT);
}

/* On calls that go on while keys come, and at sizes that change. */
static void
keys__do_no_harm__in_any_order(void **state)
{
    (void)state;
    for (int round = 0; round < 10 * times(); round++) {
        struct scene s;
        struct cells c = {0};
        int width = 80, height = 24;
        grow(&s);
        cells_init(&c, width, height, false);
        ui_paint(&c, &s.ui, &s.snapshot);
        for (int i = 0; i < KEYS / 10; i++) {
            struct key k = some_key(width, height);
            ui_key(&s.ui, &s.snapshot, &k);
            s.snapshot.clock_ns += (int64_t)chance(300) * NS_PER_MS;
            if (chance(50) == 0) {
                ran(s.store, chance(RECEIPTS_MOST), 12 + chance(40), 100 + chance(50), chance(3));
                s.snapshot.call = made_call(s.store);
            }
            if (chance(200) == 0)
                ui_forget(&s.ui);
            if (chance(40) == 0) {
                width = 1 + (int)chance(chance(2) ? 40 : 250);
                height = 1 + (int)chance(chance(2) ? 12 : 80);
                cells_release(&c);
                cells_init(&c, width, height, chance(3) == 0);
            }
            if (chance(4) == 0) {
                ui_paint(&c, &s.ui, &s.snapshot);
                cells_check(&c);
            }
        }
        leave(&s);
        cells_release(&c);
        scene_close(&s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panes__stay_in_their_box__whatever_the_tree),
        cmocka_unit_test(screens__hold__at_every_size_and_in_every_state),
        cmocka_unit_test(screens__hold__at_each_small_size),
        cmocka_unit_test(keys__do_no_harm__in_any_order),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
