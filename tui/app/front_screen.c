/* The front with a screen: paints what the store says, turns keys into effects. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/base/utf8.h"
#include "net/near/crypto.h"
#include "tui/app/drill.h"
#include "tui/app/front_part.h"
#include "tui/model/held.h"
#include "tui/out/out.h"
#include "tui/out/text.h"

enum { FRAME_MS = 33, GATHER_MS = 4, EXIT_LEFT = 3, TITLE_MAX = 120, SECOND_MS = 1000,
       IDLE_MS = 10000, SECONDS_TO = 100 };

/* --- a picture that is held ----------------------------------------------------------------- */

static void
let_go(struct screen_front *f)
{
    f->ui.is_paused = false;
    if (!f->held)
        return;
    ui_let_go(&f->ui);
    store_free(f->held);
    f->held = NULL;
}

static void
hold(struct session *s)
{
    struct screen_front *f = s->front_data;
    if (!f->ui.is_paused) {
        let_go(f);
        return;
    }
    f->held = store_held(s->store);
    f->held_ns = clock_monotonic_ns();
}

static uint64_t
facts_of(const struct store *s)
{
    uint64_t facts = s->chain_facts;
    for (size_t i = 0; i < s->recent_count; i++)
        facts += s->recent[i]->facts;
    return facts;
}

/* What is seen is what was known then. */
static void
show_held(struct screen_front *f, struct session *s, struct snapshot *snapshot)
{
    uint64_t now = facts_of(s->store), then = facts_of(f->held);
    snapshot->store = f->held;
    snapshot->call = hash_is_zero(&s->current) ? NULL : store_call(f->held, &s->current);
    snapshot->now_ns = f->held_ns;
    snapshot->missed = now > then ? now - then : 0;
}

/* --- frames --------------------------------------------------------------------------------- */

static bool
was_not_sent(const struct session *s)
{
    return s->has_plan && s->is_over && !s->sending && hash_is_zero(&s->current);
}

/* What is going on before there is a call: in the list of calls nothing, until one is sent. */
static const char *
note_of(const struct session *s)
{
    bool is_list = s->opts->command == COMMAND_CALLS || s->opts->command == COMMAND_FOLLOW;
    if (was_not_sent(s))
        return "nothing was sent";
    if (s->network.is_embedded && !s->sources)
        return "starting the embedded chain";
    if (s->sending || s->is_waiting)
        return "asking the node";
    return is_list || s->is_over ? "" : "asking the node";
}

static struct snapshot
snapshot_of(struct session *s)
{
    struct screen_front *f = s->front_data;
    const struct opts *o = s->opts;
    if (f->ui.stack[f->ui.depth].screen == UI_FORM)
        front_form_seen(s, &f->form);
    bool knows_signers = !s->network.is_embedded && !s->network.has_well_known_keys && !s->key &&
                         !o->key_file.is_given && f->signers.count < SIGNERS_MOST;
    struct snapshot snapshot = {.store = s->store,
                             .call = session_call(s),
                             .network = s->network.name,
                             .is_embedded = s->network.is_embedded,
                             .can_run = !s->opts->read_only.is_given &&
                                        (s->has_plan || s->network.is_embedded),
                             .branches = drill_parts,
                             .branch_count = DRILL_PARTS,
                             .faults = drill_kinds,
                             .fault_count = DRILL_KINDS,
                             .signers = f->signers.name,
                             .signer_count = f->signers.count,
                             .knows_signers = knows_signers,
                             .has_ways = front_ways(s).known != WAYS_NONE,
                             .asks_first = !o->read_only.is_given && !session_can_send(s),
                             .offers = f->form.has_offers ? &f->form.offers : NULL,
                             .has_gas_price = f->form.price.is_known,
                             .gas_price = f->form.price.price,
                             .now_ns = clock_monotonic_ns(),
                             .explorer = s->network.explorer,
                             .chain_id = s->network.chain_id,
                             .trouble = f->trouble,
                             .busy = f->compiling.text,
                             .note = note_of(s),
                             .is_note_bad = was_not_sent(s)};
    snapshot.clock_ns = snapshot.now_ns;
    snapshot.is_idle = !s->open.count && !(s->follow && follow_live(s->follow));
    snapshot.runs = s->is_unknown ? 0 : s->comparison.runs;
    snapshot.runs_over = comparison_runs_over(s);
    if (s->follow) {
        snapshot.followed = o->arguments;
        snapshot.followed_count = o->argument_count;
        snapshot.place = follow_place(s->follow);
        snapshot.place_trouble = follow_trouble(s->follow);
    }
    if (f->held)
        show_held(f, s, &snapshot);
    return snapshot;
}

/* "get_portfolio_data 2/3": what a list of windows should tell. */
static void
set_title(struct session *s)
{
    struct call *c = session_call(s);
    struct buf text;
    buf_init(&text, TITLE_MAX);
    buf_add_c(&text, "neartop");
    if (c) {
        const struct verdict *v = call_verdict(s->store, c);
        const struct transaction *t = &c->transaction;
        buf_add_c(&text, ": ");
        if (t->action_count == 1 && t->actions[0].kind == ACTION_FUNCTION_CALL)
            utf8_clean(&text, str_slice(t->actions[0].method, 0, 48));
        if (v->kind == VERDICT_RUNNING && v->branches)
            buf_addf(&text, " %zu/%zu", v->branches_done, v->branches);
        else if (v->kind != VERDICT_RUNNING)
            buf_addf(&text, " %s", v->kind == VERDICT_OK ? "ok" : text_verdict(v->kind));
    }
    term_set_title(buf_c(&text));
    buf_release(&text);
}

/* The next frame that is due though nothing comes: seconds of what runs, ages of what does not.
 * What is older than that is told in minutes. */
static void
set_clock(struct session *s, const struct snapshot *snapshot)
{
    struct screen_front *f = s->front_data;
    int64_t age_ns = ui_youngest_ns(&f->ui, snapshot);
    bool shows_seconds = age_ns >= 0 && age_ns < SECONDS_TO * (int64_t)NS_PER_S;
    int every_ms = !snapshot->is_idle || shows_seconds ? SECOND_MS : age_ns >= 0 ? IDLE_MS : 0;
    if (every_ms == f->clock_ms)
        return;
    f->clock_ms = every_ms;
    if (every_ms)
        loop_timer_start(f->clock, (uint64_t)every_ms, (uint64_t)every_ms);
    else
        loop_timer_stop(f->clock);
}

static void
paint_now(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct snapshot snapshot = snapshot_of(s);
    int width, height;
    term_size(&width, &height);
    if (f->cells.width != width || f->cells.height != height) {
        cells_release(&f->cells);
        cells_init(&f->cells, width, height, f->is_ascii);
    }
    ui_paint(&f->cells, &f->ui, &snapshot);
    term_present(&f->cells);
    set_title(s);
    f->painted_ns = snapshot.clock_ns;
    f->needs_frame = false;
    set_clock(s, &snapshot);
}

/* At most a frame each 33 ms: what comes faster waits for the next one. */
static void
ask_for_frame(struct session *s)
{
    struct screen_front *f = s->front_data;
    int64_t since_ms = (clock_monotonic_ns() - f->painted_ns) / NS_PER_MS;
    if (since_ms >= FRAME_MS) {
        paint_now(s);
    } else if (!f->needs_frame) {
        f->needs_frame = true;
        loop_timer_start(f->frame, (uint64_t)(FRAME_MS - since_ms), 0);
    }
}

/* For what comes by itself: a block's messages follow each other closely, and one that is painted
 * at once would keep the rest waiting for the next frame. */
static void
ask_for_frame_of_all(struct session *s)
{
    struct screen_front *f = s->front_data;
    int64_t since_ms = (clock_monotonic_ns() - f->painted_ns) / NS_PER_MS;
    if (f->needs_frame)
        return;
    f->needs_frame = true;
    int64_t left_ms = FRAME_MS - since_ms;
    loop_timer_start(f->frame, (uint64_t)(left_ms > GATHER_MS ? left_ms : GATHER_MS), 0);
}

static void
on_frame(void *context)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    if (f->needs_frame)
        paint_now(s);
}

static void
on_compiling(void *context)
{
    ask_for_frame(context);
}

/* What was asked with another price is asked anew. */
static void
on_gas_price(void *context)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    struct form *form = f->ui.state[UI_FORM];
    if (form && form->question[0])
        front_form_ask(s, &f->form, form, &f->form.asked);
    ask_for_frame(s);
}

static void
on_clock(void *context)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    compiling_look(&f->compiling, s);
    ask_for_frame(s);
}

/* --- effects ------------------------------------------------------------------------------ */

static void
copy(struct screen_front *f)
{
    struct buf text;
    buf_init(&text, UI_COPY_MAX * 2);
    base64_encode(buf_str(&f->ui.copied), &text);
    bool is_taken = !f->ui.copied.overflowed && term_copy(buf_str(&text));
    if (is_taken)
        snprintf(f->ui.told, sizeof(f->ui.told), "%zu bytes are with the terminal's clipboard",
                 f->ui.copied.n);
    else
        snprintf(f->ui.told, sizeof(f->ui.told), "not copied: %s",
                 text.n > TERM_COPY_MAX ? "that is more than terminals take"
                                        : "this terminal has no clipboard");
    buf_release(&text);
}

static void
apply_effect(struct session *s, enum ui_effect effect)
{
    struct screen_front *f = s->front_data;
    switch (effect) {
    case UI_NOTHING: return;
    case UI_REPAINT: break;
    case UI_AGAIN:
        front_again(s);
        break;
    case UI_DEMO: front_run_demo(s, PLAN_PARALLEL); break;
    case UI_WATCH: front_watch(s); break;
    case UI_SEND: front_send_form(s); break;
    case UI_SEQUENTIAL: front_run_way(s, PLAN_SEQUENTIAL); break;
    case UI_BATCH: front_run_way(s, PLAN_BATCH); break;
    case UI_FAIL_BRANCH: front_fail_branch(s); break;
    case UI_HOLD: hold(s); break;
    case UI_COPY: copy(f); break;
    case UI_MOUSE:
        term_set_mouse(!f->ui.has_no_mouse);
        snprintf(f->ui.told, sizeof(f->ui.told), "the mouse %s",
                 f->ui.has_no_mouse ? "is the terminal's: it selects text" : "is on");
        break;
    case UI_REDRAW: term_forget(); break;
    case UI_SUSPEND: term_suspend(); break;
    case UI_QUIT: {
        struct call *c = session_call(s);
        bool is_list = s->opts->command == COMMAND_CALLS || s->opts->command == COMMAND_FOLLOW;
        session_quit(s, is_list ? 0
                        : c ? out_exit_status(call_verdict(s->store, c), false) : EXIT_LEFT);
        return;
    }
    }
    ask_for_frame(s);
}

static void
on_keys(void *context, unsigned events)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    if (events & LOOP_HANGUP) {
        session_quit(s, 128 + SIGHUP);
        return;
    }
    for (;;) {
        struct key k = term_key();
        if (k.special == KEY_NONE)
            return;
        struct snapshot snapshot = snapshot_of(s);
        if (f->trouble[0] && !s->is_unknown)
            f->trouble[0] = '\0';
        apply_effect(s, ui_key(&f->ui, &snapshot, &k));
    }
}

static void
on_resized(void *context, int number)
{
    (void)number;
    term_resized();
    paint_now(context);
}

static void
on_stopped(void *context, int number)
{
    (void)number;
    term_suspend();
    paint_now(context);
}

static void
on_continued(void *context, int number)
{
    (void)number;
    term_resume();
    paint_now(context);
}

/* --- life --------------------------------------------------------------------------------- */

static void
on_theme(void *context)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    struct diag d = {0};
    if (look_reload(&f->look, &d))
        snprintf(f->trouble, sizeof(f->trouble), "%s", diag_text(&d));
    else
        term_set_theme(&f->look.theme);
    ask_for_frame(s);
}

static void
free_front(struct session *s)
{
    struct screen_front *f = s->front_data;
    compiling_stop(&f->compiling);
    front_form_release(&f->form);
    ways_stop(&f->way);
    loop_watch_close(f->keys);
    loop_timer_close(f->frame);
    loop_timer_close(f->clock);
    loop_signal_close(f->resized);
    loop_signal_close(f->stopped);
    loop_signal_close(f->continued);
    let_go(f);
    look_release(&f->look);
    cells_release(&f->cells);
    ui_release(&f->ui);
    arena_release(&f->arena);
    xfree(f);
    s->front_data = NULL;
}

static enum err
screen_open(struct session *s, struct diag *d)
{
    struct screen_front *f = xcalloc(1, sizeof(*f));
    s->front_data = f;
    arena_init(&f->arena);
    ui_init(&f->ui);
    signers_find(&f->signers, s);
    front_form_init(&f->form, on_gas_price, s);
    f->form.is_written = s->opts->command == COMMAND_CALL;
    if (s->opts->command == COMMAND_COMPARE)
        ui_go(&f->ui, UI_COMPARE);
    else if (s->opts->command != COMMAND_CALLS && s->opts->command != COMMAND_FOLLOW)
        ui_go(&f->ui, UI_CALL);
    enum err e = look_init(&f->look, s->opts, s->config, d);
    if (!e)
        e = term_open(&f->look.term, d);
    if (e) {
        free_front(s);
        return e;
    }
    f->ui.keymap = f->look.keymap;
    f->ui.is_teaching = s->opts->teach.is_given;
    f->ui.has_no_mouse = !f->look.term.has_mouse;
    look_follow(&f->look, s->loop, on_theme, s);
    f->is_ascii = s->opts->ascii.is_given || !term_is_utf8();
    f->compiling = (struct compiling_watch){.changed = on_compiling, .context = s};
    f->frame = loop_timer_new(s->loop, on_frame, s);
    f->clock = loop_timer_new(s->loop, on_clock, s);
    f->resized = loop_signal_new(s->loop, SIGWINCH, on_resized, s);
    f->stopped = loop_signal_new(s->loop, SIGTSTP, on_stopped, s);
    f->continued = loop_signal_new(s->loop, SIGCONT, on_continued, s);
    e = loop_watch_fd(s->loop, term_fd(), LOOP_READ | LOOP_HANGUP, on_keys, s, &f->keys, d);
    if (e) {
        term_close();
        free_front(s);
        return e;
    }
    paint_now(s);
    return OK;
}

static void
screen_begun(struct session *s)
{
    struct screen_front *f = s->front_data;
    let_go(f);          /* what was begun wants to be seen */
    ui_forget(&f->ui);
    attention_begun(&f->attention);
    const char *word = front_form_sent(s, &f->form);
    if (word)
        snprintf(f->ui.told, sizeof(f->ui.told), "%s", word);
    ask_for_frame(s);
}

/* The first failure draws the eye, unless a person has chosen where to look. */
static void
select_failure(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct call *c = session_call(s);
    if (!c || f->ui.has_moved || !hash_is_zero(&f->ui.looked_at))
        return;
    const struct verdict *v = call_verdict(s->store, c);
    if (v->first_failed)
        f->ui.selected = v->first_failed->id;
}

static void
screen_update(struct session *s)
{
    struct screen_front *f = s->front_data;
    if (s->is_over)
        attention_over(&f->attention, s, session_call(s));
    if (!f->ui.is_paused)
        select_failure(s);
    ask_for_frame_of_all(s);
    if (!s->is_over)
        return;
    compiling_stop(&f->compiling);
    if (s->opts->once.is_given || s->opts->calls.is_given) {
        struct call *c = session_call(s);
        session_quit(s, c ? out_exit_status(call_verdict(s->store, c), s->is_unknown)
                          : s->is_refused ? 1 : EXIT_LEFT);
    }
}

static void
screen_trouble(struct session *s, const struct trouble *t)
{
    struct screen_front *f = s->front_data;
    /* The head reads the store: what a source has is told while it lasts. */
    if (t->kind == TROUBLE_SOURCE)
        return;
    snprintf(f->trouble, sizeof(f->trouble), "%s%s%s", t->where, *t->where ? ": " : "", t->text);
    ask_for_frame(s);
}

/* The tree stays behind on the normal screen, as text; of who looked at all calls, a line each. */
static void
screen_close(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct call *c = session_call(s);
    bool is_ascii = f->is_ascii;
    bool is_list = f->ui.stack[f->ui.depth].screen == UI_CALLS && s->store->recent_count > 1;
    char trouble[sizeof(f->trouble)];
    snprintf(trouble, sizeof(trouble), "%s", f->trouble);
    free_front(s);
    term_close();
    if (c) {
        struct buf text;
        buf_init(&text, 8 * 1024 * 1024);
        if (is_list)
            text_list(&text, s->store);
        else
            text_tree(&text, s->store, c, is_ascii, 0);
        fputs(buf_c(&text), stdout);
        buf_release(&text);
    }
    if (trouble[0])
        fprintf(stderr, "neartop: %s\n", trouble);
}

const struct front front_screen = {.open = screen_open,
                                   .begun = screen_begun,
                                   .update = screen_update,
                                   .trouble = screen_trouble,
                                   .close = screen_close};
