/* What the callback put together, each field tied to its branch; the figures beside it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tui/out/fields.h"
#include "tui/out/text.h"
#include "tui/view/screens.h"

enum { TEXT_MAX = 4096, LABEL = 14 };

/* The callback that the call waits for: the last one on the result chain with inputs. */
static const struct node *
pending_join(const struct call *c)
{
    const struct node *join = NULL;
    for (size_t i = 0; i < c->order_count; i++) {
        if (c->order[i]->input_count)
            join = c->order[i];
    }
    return join;
}

static void
paint_slot(struct cells *c, struct box b, int y, const struct snapshot *s, const struct node *join,
           size_t index)
{
    const struct node *in = join->inputs[index];
    struct buf text;
    int x = cells_putf(c, b.x, y, b.width, ROLE_JOIN, "[%zu] ", index);
    if (!in) {
        cells_put_c(c, x, y, "not known yet", b.width - (x - b.x), ROLE_MUTED);
        return;
    }
    buf_init(&text, TEXT_MAX);
    if (in->status == NODE_FAILED) {
        text_reason_short(&text, in);
    } else if (in->has_outcome && in->outcome.status == OUTCOME_VALUE) {
        text_value(&text, in->outcome.value, 256);
    } else {
        buf_add_c(&text, text_status(in));
    }
    x = cells_glyph(c, x, y, status_glyph(in), status_role(in)) + 1;
    x = cells_put(c, x, y, text_short_account(s->call, &in->receipt.receiver), 14, ROLE_MUTED) + 1;
    cells_put(c, x, y, buf_str(&text), b.x + b.width - x, status_role(in));
    buf_release(&text);
}

/* While it runs: what promise_result(i) of the callback will be. */
static void
paint_slots(struct cells *c, struct box b, const struct snapshot *s)
{
    const struct node *join = pending_join(s->call);
    if (!join) {
        cells_put_c(c, b.x, b.y, "no result yet", b.width, ROLE_MUTED);
        return;
    }
    for (size_t i = 0; i < join->input_count && (int)i < b.height; i++)
        paint_slot(c, b, b.y + (int)i, s, join, i);
}

static void
paint_field(struct cells *c, struct box b, int y, const struct snapshot *s, const struct field *f,
            bool is_last)
{
    bool is_failed = f->branch && f->branch->status == NODE_FAILED;
    enum role role = is_failed ? ROLE_FAILED : ROLE_TEXT;
    int tie_width = f->branch ? (b.width > 60 ? 30 : 16) : 0;
    int x = b.x + 2;
    if (f->path.n && f->path.p[0] != '[')
        x = cells_putf(c, x, y, 24, role, "\"%.*s\": ", STR_ARG(f->path));
    x = cells_put(c, x, y, f->value, b.x + b.width - x - tie_width - 1, role);
    if (!is_last)
        x = cells_put_c(c, x, y, ",", 1, role);
    if (!f->branch)
        return;
    int column = b.x + (b.width >= 60 ? 34 : 26);
    int at = x + 1 > column ? x + 1 : column;
    if (at + 6 > b.x + b.width)
        return;
    at = cells_glyph(c, at, y, GLYPH_BACK, ROLE_JOIN) + 1;
    at = cells_putf(c, at, y, b.x + b.width - at, ROLE_JOIN, "[%zu] ", f->index);
    at = cells_put(c, at, y, text_short_account(s->call, &f->branch->receipt.receiver),
                   b.x + b.width - at, ROLE_MUTED);
    if (is_failed && at + 4 < b.x + b.width) {
        struct buf reason;
        buf_init(&reason, TEXT_MAX);
        text_reason_short(&reason, f->branch);
        at = cells_glyph(c, at + 1, y, GLYPH_FAILED, ROLE_FAILED) + 1;
        cells_put(c, at, y, buf_str(&reason), b.x + b.width - at, ROLE_FAILED);
        buf_release(&reason);
    }
}

static void
paint_value(struct cells *c, struct box b, const struct snapshot *s, const struct verdict *v)
{
    struct arena arena;
    struct field *fields;
    arena_init(&arena);
    size_t count = fields_of_result(s->call, v, &arena, &fields);
    if (count == 0) {
        struct buf text;
        buf_init(&text, TEXT_MAX * 4);
        text_value(&text, v->result->outcome.value, TEXT_MAX);
        cells_wrap(c, b.x, b.y, b.width, b.height, buf_str(&text), ROLE_TEXT);
        buf_release(&text);
    } else {
        bool is_object = fields[0].path.p[0] != '[';
        int room = b.height - 2;
        cells_put_c(c, b.x, b.y, is_object ? "{" : "[", 1, ROLE_TEXT);
        for (size_t i = 0; i < count && (int)i < room; i++)
            paint_field(c, b, b.y + 1 + (int)i, s, &fields[i], i + 1 == count);
        int end = b.y + 1 + ((int)count < room ? (int)count : room > 0 ? room : 0);
        if (end < b.y + b.height)
            cells_put_c(c, b.x, end, is_object ? "}" : "]", 1, ROLE_TEXT);
    }
    arena_release(&arena);
}

void
result_paint(struct cells *c, struct box b, const struct snapshot *s)
{
    if (!s->call || b.height < 1)
        return;
    const struct verdict *v = call_verdict(s->store, s->call);
    if (!v->has_result) {
        paint_slots(c, b, s);
        return;
    }
    if (v->result->status == NODE_FAILED) {
        struct buf text;
        buf_init(&text, TEXT_MAX);
        text_reason(&text, v->result);
        int used = cells_wrap(c, b.x, b.y, b.width, b.height, buf_str(&text), ROLE_FAILED);
        buf_clear(&text);
        text_advice(&text, v->result);
        cells_wrap(c, b.x, b.y + used, b.width, b.height - used, buf_str(&text), ROLE_MUTED);
        buf_release(&text);
        return;
    }
    paint_value(c, b, s, v);
}

int
result_height(const struct snapshot *s)
{
    struct arena arena;
    struct field *fields;
    if (!s->call)
        return 1;
    const struct verdict *v = call_verdict(s->store, s->call);
    if (!v->has_result) {
        const struct node *join = pending_join(s->call);
        return join && join->input_count > 5 ? (int)join->input_count : 5;
    }
    arena_init(&arena);
    int count = (int)fields_of_result(s->call, v, &arena, &fields);
    arena_release(&arena);
    return count ? count + 2 : 4;
}

/* --- figures ------------------------------------------------------------------------------ */

struct figures {
    struct cells *c;
    struct box b;
    int y;
};

static void
figure(struct figures *f, const char *label, enum role role, const char *format, ...)
    PRINTF_LIKE(4, 5);


static void
figure(struct figures *f, const char *label, enum role role, const char *format, ...)
{
    char text[512];
    va_list args;
    if (f->y >= f->b.y + f->b.height)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cells_put_c(f->c, f->b.x, f->y, label, LABEL - 1, ROLE_MUTED);
    cells_put_c(f->c, f->b.x + LABEL, f->y, text, f->b.width - LABEL, role);
    f->y++;
}

static void
critical_path(struct figures *f, const struct verdict *v)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < v->critical_count; i++) {
        const struct node *n = v->critical[i];
        if (i)
            buf_addf(&text, " %s ", glyph_text(GLYPH_ARROW, f->c->is_ascii));
        if (n->has_index)
            buf_addf(&text, "[%zu]", n->index);
        else
            buf_add_c(&text, text_role(n->role));
    }
    figure(f, "critical path", ROLE_CRITICAL, "%s", buf_c(&text));
    buf_release(&text);
}

/* A branch that used nearly all it had, or next to nothing. */
static void
gas_hint(struct figures *f, const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        char name[24] = "the call";
        if (!n->has_outcome || !n->gas_attached || n->role == RECEIPT_CALL)
            continue;
        double part = (double)n->outcome.gas_burnt / (double)n->gas_attached;
        if (n->has_index)
            snprintf(name, sizeof(name), "[%zu]", n->index);
        else
            snprintf(name, sizeof(name), "%s", text_role(n->role));
        if (part > 0.9) {
            figure(f, "gas is short", ROLE_WARNING, "%s used %.0f%% of %llu T: attach %llu T", name,
                   part * 100, (unsigned long long)(n->gas_attached / TERA_GAS),
                   (unsigned long long)(n->gas_attached / TERA_GAS * 3 / 2 + 1));
            return;
        }
    }
}

void
figures_paint(struct cells *c, struct box b, const struct snapshot *s)
{
    struct figures f = {c, b, b.y};
    char near[AMOUNT_NEAR_TEXT], gas[GAS_TEXT];
    if (!s->call)
        return;
    const struct verdict *v = call_verdict(s->store, s->call);
    if (v->has_blocks)
        figure(&f, v->sequential_blocks > v->blocks ? "parallel" : "took", ROLE_STRONG,
               "%llu block%s  %.2f s", (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s",
               v->ms / 1000);
    if (v->has_blocks && v->blocks && v->sequential_blocks > v->blocks) {
        double faster = (double)v->sequential_blocks / (double)v->blocks;
        figure(&f, "one by one", ROLE_TEXT, "%llu blocks (estimate)",
               (unsigned long long)v->sequential_blocks);
        figure(&f, "faster by", ROLE_STRONG, "%.1f %s", faster,
               glyph_text(GLYPH_TIMES, c->is_ascii));
    }
    if (v->critical_count > 1)
        critical_path(&f, v);
    if (v->straggler)
        figure(&f, "straggler", ROLE_WARNING, "[%zu] %s", v->straggler->index,
               v->straggler->receipt.receiver.s);
    gas_hint(&f, s->call);
    if (v->gas_burnt)
        figure(&f, "burnt", ROLE_TEXT, "%s Tgas %s", gas_text_tera(v->gas_burnt, gas),
               amount_near_text(v->tokens_burnt, 6, near));
    if (v->refunds)
        figure(&f, "refunded", ROLE_TEXT, "%s", amount_near_text(v->tokens_refunded, 6, near));
}
