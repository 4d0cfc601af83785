/* Title, call, verdict, trouble; rules; the footer. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/model/target.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"

enum { TROUBLE_FROM = 9, TROUBLE_LONG_FROM = 16, TROUBLE_AROUND = 4 };
enum { TEXT_MAX = 2048, STALE_S = 5, FINAL_FROM = 110, CRUMB_MOST = 24, MORE_MAX = 32,
       IDLE_ROOM = 14 };          /* with what tells how to get help */

/* --- sources, at the right of the title ------------------------------------------------------- */

static enum role
source_role(enum source_state state)
{
    switch (state) {
    case SOURCE_OFF: return ROLE_MUTED;
    case SOURCE_CONNECTING: return ROLE_WAITING;
    case SOURCE_LIVE: return ROLE_OK;
    case SOURCE_RETRYING: return ROLE_WARNING;
    case SOURCE_FAILED: return ROLE_FAILED;
    }
    return ROLE_MUTED;
}

static void
source_text(struct buf *out, const struct source_record *r, bool counts)
{
    switch (r->state) {
    case SOURCE_OFF: buf_add_c(out, " off"); return;
    case SOURCE_CONNECTING: buf_add_c(out, " connecting"); return;
    case SOURCE_RETRYING: buf_add_c(out, " retrying"); return;
    case SOURCE_FAILED: buf_add_c(out, " failed"); return;
    case SOURCE_LIVE: break;
    }
    if (r->delay_ns >= NS_PER_MS)
        buf_addf(out, " %lld ms", (long long)(r->delay_ns / NS_PER_MS));
    else if (r->delay_ns >= 0)
        buf_add_c(out, " <1 ms");
    if (counts)
        buf_addf(out, ", %llu asked", (unsigned long long)r->requests);
}

/* Paints it ending before column `end`; returns where it begins. With paint false only that. */
static int
source_paint(struct cells *c, int end, const struct frame *f, enum source_id id, bool is_short,
             bool paint)
{
    static const char *const names[SOURCE_COUNT] = {"rpc", "push", "feed", "replay"};
    const struct source_record *r = &f->s->store->sources[id];
    struct buf text;
    if (r->state == SOURCE_OFF && r->requests == 0)
        return end;
    buf_init(&text, TEXT_MAX);
    buf_addf(&text, " %s", names[id]);
    if (!is_short)
        source_text(&text, r, id == SOURCE_RPC);
    int x = end - utf8_str_width(buf_str(&text)) - 1;
    if (paint) {
        bool is_on = r->state == SOURCE_LIVE || r->state == SOURCE_CONNECTING;
        cells_glyph(c, x, 0, is_on ? GLYPH_SOURCE_ON : GLYPH_SOURCE_OFF, source_role(r->state));
        cells_put(c, x + 1, 0, buf_str(&text), end - x - 1,
                  r->state == SOURCE_LIVE ? ROLE_MUTED : source_role(r->state));
    }
    buf_release(&text);
    return x - 2;
}

static int
sources_paint(struct cells *c, int end, const struct frame *f, bool is_short, bool paint)
{
    static const enum source_id order[] = {SOURCE_RPC, SOURCE_FEED, SOURCE_PUSH, SOURCE_REPLAY};
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        end = source_paint(c, end, f, order[i], is_short, paint);
    return end;
}

static void
crumb_text(struct buf *out, const struct frame *f, int i)
{
    const struct screen_ops *ops = screen_of(f->ui->stack[i].screen);
    buf_clear(out);
    if (ops->title)
        ops->title(out, f);
    else
        buf_add_c(out, ops->name);
}

static int
crumbs_width(const struct frame *f, int first)
{
    struct buf text;
    int all = 0;
    buf_init(&text, TEXT_MAX);
    for (int i = first; i <= f->ui->depth; i++) {
        crumb_text(&text, f, i);
        int width = utf8_str_width(buf_str(&text));
        all += (width < CRUMB_MOST ? width : CRUMB_MOST) + (i > first ? 3 : 2);
    }
    buf_release(&text);
    return all;
}

/* The screens from the lowest that there is room for to the one that is seen. */
static int
crumbs_paint(struct cells *c, int x, int y, const struct frame *f)
{
    struct buf text;
    int first = 0;
    while (first < f->ui->depth && x + crumbs_width(f, first) > c->width)
        first++;
    buf_init(&text, TEXT_MAX);
    for (int i = first; i <= f->ui->depth; i++) {
        crumb_text(&text, f, i);
        x = i > first ? cells_glyph(c, x + 1, y, GLYPH_CRUMB, ROLE_MUTED) + 1 : x + 2;
        int begin = x;
        x = cells_put(c, x, y, buf_str(&text), CRUMB_MOST, i == f->ui->depth ? ROLE_STRONG
                                                                              : ROLE_MUTED);
        hits_add(f->hits, (struct box){begin, y, x - begin, 1}, HIT_PLACE, (size_t)i);
    }
    buf_release(&text);
    return x;
}

/* The newest block, and how old it is when that is too old; as far as it is whole. */
static int
block_paint(struct cells *c, int x, int y, const struct frame *f)
{
    const struct store *store = f->s->store;
    char height[24];
    int n = snprintf(height, sizeof(height), "%llu", (unsigned long long)store->head_height);
    if (!store->has_head || x + 8 + n >= c->width)
        return x;
    x = cells_put_c(c, x + 2, y, "block ", -1, ROLE_MUTED);
    x = cells_put_c(c, x, y, height, -1, ROLE_STRONG);
    double age = (double)(f->s->now_ns - store->head_seen_ns) / NS_PER_S;
    bool is_listened_to = store->sources[SOURCE_PUSH].state != SOURCE_OFF ||
                          store->sources[SOURCE_FEED].state != SOURCE_OFF;
    bool is_idle = f->s->is_idle && !is_listened_to;
    if (is_idle && x + IDLE_ROOM < c->width)
        x = cells_put_c(c, x + 1, y, "idle", -1, ROLE_MUTED);
    else if (!is_idle && age >= STALE_S)
        x = cells_putf(c, x + 1, y, -1, ROLE_WARNING, "%.0f s old", age);
    else if (store->has_final && c->width >= FINAL_FROM)
        x = cells_putf(c, x + 2, y, -1, ROLE_MUTED, "final %llu",
                       (unsigned long long)store->final_height);
    return x;
}

/* How to get help, at the right; returns where it begins. */
static int
help_paint(struct cells *c, int x, int y, const struct frame *f)
{
    struct str key = keymap_first_key(&f->ui->keymap, DO_HELP, c->is_ascii);
    const char *word = action_text_of(DO_HELP)->footer;
    int width = utf8_str_width(key) + 1 + utf8_str_width(str_from(word));
    int begin = c->width - width - 1;
    if (key.n && begin > x + 1) {
        int end = cells_put(c, begin, y, key, -1, ROLE_MUTED);
        cells_put_c(c, end + 1, y, word, -1, ROLE_MUTED);
        hits_add(f->hits, (struct box){begin, y, width, 1}, HIT_ACTION, DO_HELP);
    }
    return begin;
}

void
title_paint(struct cells *c, int y, const struct frame *f)
{
    int x = cells_put_c(c, 1, y, "neartop", -1, ROLE_TITLE);
    int network = utf8_str_width(str_from(f->s->network)) + 2;
    if (x + network + crumbs_width(f, 0) <= c->width)
        x = cells_put_c(c, x + 2, y, f->s->network, -1, ROLE_MUTED);
    x = crumbs_paint(c, x, y, f);
    x = block_paint(c, x, y, f);
    if (f->ui->is_paused && f->s->missed)
        x = cells_putf(c, x + 2, y, -1, ROLE_SHOUT, " paused, %llu new ",
                       (unsigned long long)f->s->missed);
    else if (f->ui->is_paused)
        x = cells_put_c(c, x + 2, y, " paused ", -1, ROLE_SHOUT);
    int end = help_paint(c, x, y, f);
    for (int is_short = 0; is_short <= 1; is_short++) {
        if (sources_paint(c, end - 2, f, is_short, false) > x) {
            sources_paint(c, end - 2, f, is_short, true);
            return;
        }
    }
}

/* --- the call and its verdict ----------------------------------------------------------------- */

/* The hash of the transaction leads to its page. */
static void
link_to_page(struct cells *c, int x, int y, int width, const struct frame *f)
{
    struct buf url;
    buf_init(&url, CELLS_URL_MAX);
    if (target_page(str_from(f->s->explorer), &f->call->tx, &url))
        cells_link_to(c, x, y, width, buf_str(&url));
    buf_release(&url);
}

static void
call_line(struct cells *c, int y, const struct frame *f)
{
    struct buf hash;
    const struct call *call = f->call;
    const struct transaction *t = &call->transaction;
    int x = 1;
    buf_init(&hash, 128);
    text_short_hash(&hash, &call->tx);
    if (!call->has_transaction) {
        x = cells_put_c(c, x, y, "transaction ", -1, ROLE_MUTED);
        int end = cells_put(c, x, y, buf_str(&hash), -1, ROLE_STRONG);
        link_to_page(c, x, y, end - x, f);
        buf_release(&hash);
        return;
    }
    x = cells_put_c(c, x, y, t->receiver.s, c->width / 2, ROLE_STRONG);
    x = cells_glyph(c, x + 1, y, GLYPH_CRUMB, ROLE_MUTED);
    if (t->action_count == 1 && t->actions[0].kind == ACTION_FUNCTION_CALL)
        x = cells_put(c, x + 1, y, t->actions[0].method, c->width - x - 2, ROLE_STRONG);
    else if (t->action_count == 1)
        x = cells_put_c(c, x + 1, y, action_kind_name(t->actions[0].kind), c->width - x - 2,
                        ROLE_STRONG);
    else
        x = cells_putf(c, x + 1, y, c->width - x - 2, ROLE_STRONG, "%zu actions",
                       t->action_count);
    int hash_width = utf8_str_width(buf_str(&hash));
    if (x + 4 + hash_width < c->width) {
        link_to_page(c, x + 3, y, hash_width, f);
        x = cells_put(c, x + 3, y, buf_str(&hash), -1, ROLE_MUTED);
    }
    if (x + 8 + (int)strlen(t->signer.s) < c->width)
        cells_putf(c, x + 3, y, -1, ROLE_MUTED, "by %s", t->signer.s);
    buf_release(&hash);
}

enum role
verdict_role(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_RUNNING: return ROLE_RUNNING;
    case VERDICT_OK: return ROLE_OK;
    case VERDICT_BRANCH_FAILED:
    case VERDICT_FAILED: return ROLE_FAILED;
    case VERDICT_UNKNOWN: return ROLE_HOLE;
    }
    return ROLE_TEXT;
}

enum glyph
verdict_glyph(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_RUNNING: return GLYPH_FLIGHT;
    case VERDICT_OK: return GLYPH_OK;
    case VERDICT_BRANCH_FAILED: return GLYPH_ALERT;
    case VERDICT_FAILED: return GLYPH_FAILED;
    case VERDICT_UNKNOWN: return GLYPH_HOLE;
    }
    return GLYPH_HOLE;
}

/* Puts the part of `rest` up to `end` of it; what is left stays in rest. */
static int
put_part(struct cells *c, int x, int y, int edge, struct str *rest, ptrdiff_t end, enum role role)
{
    struct str part = str_slice(*rest, 0, (size_t)end);
    *rest = str_slice(*rest, (size_t)end, rest->n);
    return edge > x ? cells_put(c, x, y, part, edge - x, role) : x;
}

/* A failure that was swallowed shouts: the good news in green, what it hides reversed. */
static void
headline_paint(struct cells *c, int x, int y, int edge, struct str text, enum verdict_kind kind)
{
    if (kind == VERDICT_BRANCH_FAILED) {
        static const char but[] = ", but ";
        ptrdiff_t at = str_find(text, STR(", but "));
        if (at > 0) {
            struct str good = str_slice(text, 0, (size_t)at);
            text = str_slice(text, (size_t)at + sizeof(but) - 1, text.n);
            ptrdiff_t colon = str_find_byte(text, ':'), end = colon > 0 ? colon : (ptrdiff_t)text.n;
            int bad_width = utf8_str_width(str_slice(text, 0, (size_t)end));
            /* Where there is no room for both, the bad news are the news. */
            if (edge - x >= utf8_str_width(good) + (int)sizeof(but) - 1 + bad_width) {
                x = cells_put(c, x, y, good, edge - x, ROLE_OK);
                x = cells_put_c(c, x, y, but, edge - x, ROLE_TEXT);
            }
            x = put_part(c, x, y, edge, &text, end, ROLE_SHOUT);
        }
    }
    if (kind == VERDICT_RUNNING && str_ends(text, STR(" failed"))) {
        size_t at = text.n;
        while (at > 0 && text.p[at - 1] != ',')
            at--;
        x = put_part(c, x, y, edge, &text, (ptrdiff_t)at, verdict_role(kind));
        kind = VERDICT_FAILED;
    }
    if (text.n && edge > x)
        cells_put(c, x, y, text, edge - x, verdict_role(kind));
}

static void
add_figures(struct buf *out, const struct frame *f)
{
    const struct verdict *v = f->verdict;
    char gas[GAS_TEXT];
    bool is_over = v->kind != VERDICT_RUNNING;
    if (!is_over && f->call->begun_ns)
        buf_addf(out, "%.0f s", (double)(f->s->now_ns - f->call->begun_ns) / NS_PER_S);
    if (is_over && v->has_blocks && v->blocks)
        buf_addf(out, "%llu block%s", (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s");
    if (is_over && v->has_ms && v->blocks)
        buf_addf(out, "  %.2f s", v->ms / 1000);
    if (v->gas_burnt)
        buf_addf(out, "  %s Tgas", gas_text_tera(v->gas_burnt, gas));
    if (v->is_complete)
        buf_add_c(out, v->is_final ? "  final" : "  not final yet");
}

static void
verdict_line(struct cells *c, int y, const struct frame *f)
{
    const struct verdict *v = f->verdict;
    struct buf text, right;
    buf_init(&text, TEXT_MAX);
    buf_init(&right, TEXT_MAX);
    text_headline(&text, f->call, v);
    add_figures(&right, f);
    int right_width = utf8_str_width(buf_str(&right));
    int needed = utf8_str_width(buf_str(&text)) + 3;
    bool has_room = needed + right_width + 2 < c->width;
    int x = cells_glyph(c, c->width < 24 ? 0 : 1, y, verdict_glyph(v->kind),
                        verdict_role(v->kind));
    headline_paint(c, x + 1, y, has_room ? needed : c->width, buf_str(&text), v->kind);
    if (has_room)
        cells_put(c, c->width - right_width - 1, y, buf_str(&right), -1, ROLE_MUTED);
    buf_release(&text);
    buf_release(&right);
}

/* --- the head ---------------------------------------------------------------------------------- */

/* A source's words, when nothing worse is to be told. */
static const char *
trouble_of(const struct frame *f)
{
    if (f->s->trouble[0])
        return f->s->trouble;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_record *r = &f->s->store->sources[i];
        if ((r->state == SOURCE_RETRYING || r->state == SOURCE_FAILED) && r->text[0])
            return r->text;
    }
    return "";
}

static bool
is_busy(const struct frame *f)
{
    return f->s->busy && f->s->busy[0];
}

bool
head_has_trouble(const struct frame *f)
{
    return trouble_of(f)[0] != '\0' || is_busy(f);
}

static struct str
trouble_words(const struct frame *f)
{
    const char *trouble = trouble_of(f);
    return str_from(trouble[0] ? trouble : is_busy(f) ? f->s->busy : "");
}

/* Where nothing was sent there is little else to be seen: then it may be long. */
int
head_trouble_rows(const struct frame *f, int width, int height)
{
    int most = height < TROUBLE_FROM ? 1 : !f->call ? 5 : height < TROUBLE_LONG_FROM ? 1 : 3;
    struct str rest = trouble_words(f), line;
    int rows = 0;
    while (rows < most && cells_take_line(&rest, width - TROUBLE_AROUND, &line))
        rows++;
    return rows;
}

void
trouble_paint(struct cells *c, int y, int rows, const struct frame *f)
{
    bool is_fine = !trouble_of(f)[0];
    enum role role = is_fine ? ROLE_WAITING : ROLE_WARNING;
    int x = cells_glyph(c, 1, y, is_fine ? GLYPH_WAITING : GLYPH_ALERT, role) + 1;
    cells_wrap(c, x, y, c->width - TROUBLE_AROUND, rows, trouble_words(f), role);
}

static void
head_fill(struct cells *c, struct box b, const struct frame *f)
{
    int own = f->call ? 3 : 2, y = b.y;
    own = own < b.height ? own : b.height - 1;
    int trouble = head_trouble_rows(f, c->width, c->height);
    trouble = trouble < b.height - own ? trouble : b.height - own;
    int rows = b.height - trouble;
    if (rows >= 3 || !f->call)
        title_paint(c, y++, f);
    if (f->call) {
        if (rows >= 2)
            call_line(c, y++, f);
        verdict_line(c, y++, f);
    } else if (rows >= 2 && f->s->note[0]) {
        int x = cells_glyph(c, 1, y, GLYPH_FLIGHT, ROLE_RUNNING) + 1;
        cells_put_c(c, x, y++, f->s->note, c->width - x - 1, ROLE_RUNNING);
    }
    if (trouble > 0)
        trouble_paint(c, b.y + b.height - trouble, trouble, f);
}

void
head_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct box before = cells_clip(c, b);
    head_fill(c, b, f);
    cells_unclip(c, before);
}

/* --- rules and the footer ----------------------------------------------------------------------- */

void
rule_paint(struct cells *c, struct box b, const char *title)
{
    cells_repeat(c, b.x, b.y, b.width, GLYPH_LINE, ROLE_RULE);
    if (*title && b.width > 8)
        cells_putf(c, b.x + 2, b.y, b.width - 4, ROLE_MUTED, " %s ", title);
}

void
pane_rule_paint(struct cells *c, struct box b, const char *title, bool has_focus)
{
    rule_paint(c, b, "");
    if (*title && b.width > 8)
        cells_putf(c, b.x + 2, b.y, b.width - 4, has_focus ? ROLE_TITLE : ROLE_MUTED, " %s ",
                   title);
}

void
pane_more_paint(struct cells *c, struct box b, const char *title, int more)
{
    char text[MORE_MAX];
    int end = b.x + 2 + utf8_str_width(str_from(title)) + (*title ? 3 : 0);
    for (int is_short = 0; more > 0 && is_short <= 1; is_short++) {
        int width = snprintf(text, sizeof(text), " %d more%s ", more,
                             is_short ? "" : more == 1 ? " line" : " lines");
        int x = b.x + b.width - width - 2;
        if (x < end)
            continue;
        cells_put_c(c, x, b.y, text, width, ROLE_MUTED);
        return;
    }
}

static bool
shows(const struct cells *c, int x, int y, enum glyph glyph)
{
    struct str text = str_from(glyph_text(glyph, c->is_ascii));
    const struct cell *at = cells_at(c, x, y);
    return at && at->role == ROLE_RULE && at->scalar == utf8_take(&text);
}

/* What a line downwards makes of a rule that it meets; in ASCII all corners are the same. */
static void
meet(struct cells *c, int x, int y, enum glyph own, enum glyph other)
{
    if (shows(c, x, y, other))
        cells_glyph(c, x, y, GLYPH_CROSS, ROLE_RULE);
    else if (shows(c, x, y, GLYPH_LINE))
        cells_glyph(c, x, y, own, ROLE_RULE);
}

void
divider_paint(struct cells *c, int x, int y, int height)
{
    for (int i = 0; i < height; i++)
        cells_glyph(c, x, y + i, GLYPH_BAR, ROLE_RULE);
    meet(c, x, y - 1, GLYPH_DOWN, GLYPH_UP);
    meet(c, x, y + height, GLYPH_UP, GLYPH_DOWN);
}

static bool
is_of_a_call(enum action_id id)
{
    switch ((int)id) {
    case DO_INSPECT:
    case DO_FOLD:
    case DO_CLOCK:
    case DO_NEXT_PANE:
    case DO_ZOOM_PANE:
    case DO_REFUNDS:
    case DO_GAS:
    case DO_PAUSE:
    case DO_EDIT:
    case DO_FILTER:
    case DO_SORT:
    case DO_MARK: return true;
    }
    return false;
}

bool
foot_offers(const struct frame *f, enum action_id id)
{
    if (is_of_a_call(id))
        return f->call || f->s->store->calls.live > 0;
    if (id == DO_FAIL || id == DO_DEMO)
        return f->s->is_embedded;
    if (id == DO_SEQUENTIAL || id == DO_BATCH)
        return f->s->is_embedded || (f->s->can_run && f->s->has_ways);
    if (id == DO_AGAIN)
        return f->s->can_run;
    if (id == DO_EARLIER || id == DO_LATER)
        return f->selected != NULL;
    if (id == DO_CAUSE)
        return f->verdict && f->verdict->first_failed && f->selected != f->verdict->first_failed;
    return true;
}

/* Enter on what has failed is what a newcomer looks for. */
static struct str
footer_text(const struct frame *f, enum action_id id)
{
    bool is_why = id == DO_INSPECT && f->ui->stack[f->ui->depth].screen == UI_CALL && f->selected &&
                  f->selected->status == NODE_FAILED;
    return is_why ? STR("why it failed") : str_from(action_text_of(id)->footer);
}

static void
foot_fill(struct cells *c, struct box b, const struct frame *f, const enum action_id *actions)
{
    int y = b.y + b.height - 1, x = b.x + 1;
    for (; *actions != DO_NOTHING; actions++) {
        struct str does = footer_text(f, *actions);
        struct str key = keymap_first_key(&f->ui->keymap, *actions, c->is_ascii);
        if (!foot_offers(f, *actions) || !key.n)
            continue;
        int needed = utf8_str_width(key) + 1 + utf8_str_width(does);
        if (x + needed >= b.x + b.width)
            continue;
        hits_add(f->hits, (struct box){x, y, needed, 1}, HIT_ACTION, *actions);
        x = cells_put(c, x, y, key, -1, ROLE_KEY);
        x = cells_put(c, x + 1, y, does, -1, ROLE_MUTED) + 3;
    }
}

void
foot_paint(struct cells *c, struct box b, const struct frame *f,
           const enum action_id *actions)
{
    struct box before = cells_clip(c, b);
    if (b.height > 1)
        rule_paint(c, (struct box){b.x, b.y, b.width, 1}, "");
    if (b.height > 0)
        foot_fill(c, b, f, actions);
    cells_unclip(c, before);
}

void
text_foot_paint(struct cells *c, int rows, const struct frame *f,
                const enum action_id *actions)
{
    int left = f->ui->text.over - f->ui->text.top, y = c->height - 1, width = 0;
    char more[MORE_MAX];
    if (left > 0)
        width = snprintf(more, sizeof(more), "%d more line%s", left, left == 1 ? "" : "s") + 2;
    if (rows > 1)
        rule_paint(c, (struct box){0, y - 1, c->width, 1}, "");
    foot_paint(c, (struct box){0, y, c->width - width, 1}, f, actions);
    if (width)
        cells_put_c(c, c->width - width + 1, y, more, width - 1, ROLE_MUTED);
}
