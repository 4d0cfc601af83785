/* What runs and how it went: the call, its verdict, trouble. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/model/target.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"

enum { TEXT_MAX = 2048, TROUBLE_FROM = 9, TROUBLE_LONG_FROM = 16, TROUBLE_AROUND = 4 };

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
    return f->s->place_trouble ? f->s->place_trouble : "";
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
        enum role role = f->s->is_note_bad ? ROLE_FAILED : ROLE_RUNNING;
        int x = cells_glyph(c, 1, y, f->s->is_note_bad ? GLYPH_FAILED : GLYPH_FLIGHT, role) + 1;
        cells_put_c(c, x, y++, f->s->note, c->width - x - 1, role);
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
