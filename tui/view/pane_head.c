/* Title, call, verdict; the rule with a title; the footer. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tui/out/text.h"
#include "tui/view/screens.h"

enum { TEXT_MAX = 2048 };

/* --- sources, at the right of the title --------------------------------------------------- */

static void
add_source(struct buf *out, const struct cells *c, const char *name, const struct source_record *r)
{
    bool is_on = r->state == SOURCE_LIVE;
    if (r->state == SOURCE_OFF && r->requests == 0)
        return;
    buf_addf(out, "  %s %s", name, glyph_text(is_on ? GLYPH_SOURCE_ON : GLYPH_SOURCE_OFF,
                                              c->is_ascii));
    if (is_on && r->delay_ns >= 0)
        buf_addf(out, " %lld ms", (long long)((r->delay_ns + NS_PER_MS / 2) / NS_PER_MS));
    else if (r->state == SOURCE_CONNECTING)
        buf_add_c(out, " connecting");
    else if (r->state == SOURCE_RETRYING)
        buf_add_c(out, " retrying");
    else if (r->state == SOURCE_FAILED)
        buf_add_c(out, " failed");
    if (r->requests)
        buf_addf(out, ", %llu asked", (unsigned long long)r->requests);
}

static void
title_line(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    struct buf right;
    const struct store *store = s->store;
    int x = cells_put_c(c, 1, 0, "neartop", -1, ROLE_TITLE);
    x = cells_put_c(c, x + 2, 0, s->network, -1, ROLE_MUTED);
    if (store->has_head) {
        x = cells_putf(c, x + 1, 0, -1, ROLE_MUTED, "block ");
        x = cells_putf(c, x, 0, -1, ROLE_STRONG, "%llu", (unsigned long long)store->head_height);
        double age = (double)(s->now_ns - store->head_seen_ns) / NS_PER_S;
        if (age >= 5)
            x = cells_putf(c, x + 1, 0, -1, ROLE_WARNING, "%.0f s old", age);
    }
    if (ui->is_paused)
        x = cells_putf(c, x + 2, 0, -1, ROLE_WARNING, "paused");
    buf_init(&right, TEXT_MAX);
    if (store->sources[SOURCE_PUSH].state != SOURCE_OFF)
        add_source(&right, c, store->sources[SOURCE_PUSH].has_push ? "push" : "ws",
                   &store->sources[SOURCE_PUSH]);
    add_source(&right, c, "feed", &store->sources[SOURCE_FEED]);
    add_source(&right, c, "rpc", &store->sources[SOURCE_RPC]);
    buf_add_c(&right, "  ? help");
    int width = utf8_str_width(buf_str(&right));
    if (x + width < c->width)
        cells_put(c, c->width - width - 1, 0, buf_str(&right), -1, ROLE_MUTED);
    buf_release(&right);
}

/* --- the call and its verdict ------------------------------------------------------------- */

static void
call_line(struct cells *c, const struct snapshot *s, int y)
{
    struct buf hash;
    const struct call *call = s->call;
    if (!call->has_transaction) {
        buf_init(&hash, 128);
        text_short_hash(&hash, &call->tx);
        int x = cells_put_c(c, 1, y, "transaction ", -1, ROLE_MUTED);
        cells_put(c, x, y, buf_str(&hash), -1, ROLE_STRONG);
        buf_release(&hash);
        return;
    }
    const struct transaction *t = &call->transaction;
    int x = cells_put_c(c, 1, y, t->receiver.s, c->width / 2, ROLE_STRONG);
    x = cells_glyph(c, x + 1, y, GLYPH_CRUMB, ROLE_MUTED);
    if (t->action_count == 1 && t->actions[0].kind == ACTION_FUNCTION_CALL)
        x = cells_put(c, x + 1, y, t->actions[0].method, c->width - x - 2, ROLE_STRONG);
    else
        x = cells_putf(c, x + 1, y, c->width - x - 2, ROLE_STRONG, "%zu actions", t->action_count);
    buf_init(&hash, 128);
    text_short_hash(&hash, &call->tx);
    if (x + 16 < c->width)
        x = cells_put(c, x + 3, y, buf_str(&hash), -1, ROLE_MUTED);
    buf_release(&hash);
    if (x + 8 + (int)strlen(t->signer.s) < c->width)
        cells_putf(c, x + 3, y, -1, ROLE_MUTED, "by %s", t->signer.s);
}

static enum role
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

static enum glyph
verdict_glyph(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_RUNNING: return GLYPH_FLIGHT;
    case VERDICT_OK: return GLYPH_OK;
    case VERDICT_BRANCH_FAILED:
    case VERDICT_FAILED: return GLYPH_FAILED;
    case VERDICT_UNKNOWN: return GLYPH_HOLE;
    }
    return GLYPH_HOLE;
}

static void
verdict_line(struct cells *c, const struct snapshot *s, int y)
{
    const struct verdict *v = call_verdict(s->store, s->call);
    struct buf text, right;
    char gas[GAS_TEXT];
    buf_init(&text, TEXT_MAX);
    buf_init(&right, TEXT_MAX);
    text_headline(&text, s->call, v);
    if (v->has_blocks && v->kind != VERDICT_RUNNING)
        buf_addf(&right, "%llu block%s", (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s");
    if (v->has_ms && v->kind != VERDICT_RUNNING)
        buf_addf(&right, "  %.2f s", v->ms / 1000);
    if (v->gas_burnt)
        buf_addf(&right, "  %s Tgas", gas_text_tera(v->gas_burnt, gas));
    if (v->is_complete)
        buf_add_c(&right, v->is_final ? "  final" : "  not final yet");
    int right_width = utf8_str_width(buf_str(&right));
    int left_width = utf8_str_width(buf_str(&text));
    bool has_room = left_width + right_width + 6 <= c->width;
    int x = cells_glyph(c, 1, y, verdict_glyph(v->kind), verdict_role(v->kind));
    cells_put(c, x + 1, y, buf_str(&text), has_room ? left_width : c->width - 4,
              verdict_role(v->kind));
    if (has_room)
        cells_put(c, c->width - right_width - 1, y, buf_str(&right), -1, ROLE_MUTED);
    buf_release(&text);
    buf_release(&right);
}

int
head_paint(struct cells *c, const struct ui *ui, const struct snapshot *s, int height)
{
    int y = 0;
    /* The verdict is what matters most: on the smallest screen it is alone. */
    if (s->call && height < 4) {
        verdict_line(c, s, 0);
        return 1;
    }
    title_line(c, ui, s);
    y = 1;
    if (!s->call) {
        cells_put_c(c, 1, y, s->note, c->width - 2, ROLE_RUNNING);
        y++;
    } else {
        call_line(c, s, y);
        verdict_line(c, s, y + 1);
        y += 2;
    }
    if (s->trouble[0] && y + 1 < height) {
        cells_put_c(c, 1, y, s->trouble, c->width - 2, ROLE_WARNING);
        y++;
    }
    return y;
}

void
rule_paint(struct cells *c, struct box b, const char *title)
{
    cells_repeat(c, b.x, b.y, b.width, GLYPH_LINE, ROLE_RULE);
    if (*title && b.width > 8)
        cells_putf(c, b.x + 2, b.y, b.width - 4, ROLE_MUTED, " %s ", title);
}

void
foot_paint(struct cells *c, const struct ui *ui, const struct snapshot *s)
{
    static const enum action_id always[] = {DO_INSPECT, DO_CAUSE, DO_AGAIN, DO_SEQUENTIAL,
                                            DO_FAIL,    DO_PAUSE, DO_CLOCK, DO_HELP, DO_QUIT};
    int y = c->height - 1, x = 1;
    (void)ui;
    for (size_t i = 0; i < ARRAY_LEN(always); i++) {
        const struct action_text *t = action_text_of(always[i]);
        struct str rest = str_from(t->keys), key;
        bool needs_chain = always[i] == DO_FAIL || always[i] == DO_SEQUENTIAL;
        if ((needs_chain && !s->is_embedded) || !str_take_until(&rest, ' ', &key))
            continue;
        bool is_enter = always[i] == DO_INSPECT;
        if (is_enter && c->is_ascii)
            key = STR("Enter");
        int needed = utf8_str_width(key) + 1 + utf8_str_width(str_from(t->footer));
        if (x + needed > c->width - 1)
            break;
        x = cells_put(c, x, y, key, -1, ROLE_KEY);
        x = cells_put_c(c, x + 1, y, t->footer, -1, ROLE_MUTED) + 3;
    }
}
