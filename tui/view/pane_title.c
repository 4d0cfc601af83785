/* The title: where we are, the newest block, how the sources do, how to get help. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"

enum { TEXT_MAX = 2048, STALE_S = 5, FINAL_FROM = 110, CRUMB_MOST = 24,
       IDLE_ROOM = 14 };          /* with what tells how to get help */

/* --- sources, at the right of the title ------------------------------------------------------- */

enum role
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
    if (r->state != SOURCE_LIVE) {
        buf_addf(out, " %s", text_source_state(r->state));
        return;
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
    const struct source_record *r = &f->s->store->sources[id];
    struct buf text;
    /* While no call is under way a feed is off because nobody needs it: no news for anybody. */
    if (r->state == SOURCE_OFF && (r->requests == 0 || f->s->is_idle))
        return end;
    buf_init(&text, TEXT_MAX);
    buf_addf(&text, " %s", text_source(id));
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

/* Where calls are looked for, while no source is asked about one. */
static int
place_paint(struct cells *c, int end, const struct frame *f, bool paint)
{
    bool is_feed = strcmp(f->s->place, "the feed") == 0;
    bool is_well = !f->s->place_trouble || !f->s->place_trouble[0];
    const char *word = is_feed ? "feed" : "blocks";
    int x = end - (int)strlen(word) - 2;
    if (paint) {
        cells_glyph(c, x, 0, is_well ? GLYPH_SOURCE_ON : GLYPH_SOURCE_OFF,
                    is_well ? ROLE_OK : ROLE_WARNING);
        cells_put_c(c, x + 2, 0, word, end - x - 2, is_well ? ROLE_MUTED : ROLE_WARNING);
    }
    return x - 2;
}

static int
sources_paint(struct cells *c, int end, const struct frame *f, bool is_short, bool paint)
{
    static const enum source_id order[] = {SOURCE_RPC, SOURCE_FEED, SOURCE_PUSH, SOURCE_REPLAY};
    int all = end;
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        end = source_paint(c, end, f, order[i], is_short, paint);
    return end == all && f->s->place ? place_paint(c, end, f, paint) : end;
}

/* --- screens, the block, help ------------------------------------------------------------------- */

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
