#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/buf.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"
#include "tui/view/row_branch.h"

enum { TEXT_MAX = 2048, NARROW = 40, LABEL = 14, LABELS_FROM = 32, LABEL_SHORT = 10, FIGURES_MOST = 12,
       DIGITS = 6, DIGITS_LEAST = 3 };

struct figures {
    struct cells *c;            /* NULL: rows are only counted */
    struct box b;
    int rows;
};

/* Labels that are longer than the narrowest figures have room for. */
static const struct {
    const char *label, *in_short;
} shorter[] = {{"one by one", "in turn"}, {"critical path", "critical"},
               {"gas is short", "gas short"}, {"gas to spare", "gas spare"}};

static int
label_width(const struct figures *f)
{
    return f->b.width < LABELS_FROM ? LABEL_SHORT : LABEL;
}

static const char *
label_of(const struct figures *f, const char *label)
{
    for (size_t i = 0; i < ARRAY_LEN(shorter) && label_width(f) == LABEL_SHORT; i++) {
        if (strcmp(shorter[i].label, label) == 0)
            return shorter[i].in_short;
    }
    return label;
}

static void
figure(struct figures *f, const char *label, enum role role, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void
figure(struct figures *f, const char *label, enum role role, const char *format, ...)
{
    char text[TEXT_MAX];
    int y = f->b.y + f->rows++;
    va_list args;
    if (!f->c || f->rows > f->b.height)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    int width = *label ? label_width(f) : 0;
    if (*label)
        cells_put_c(f->c, f->b.x, y, label_of(f, label), width - 1, ROLE_MUTED);
    cells_put_c(f->c, f->b.x + width, y, text, f->b.width - width, role);
}

static void
time_figures(struct figures *p, const struct frame *f)
{
    const struct verdict *v = f->verdict;
    if (!v->has_blocks || !v->blocks)
        return;
    bool is_faster = v->sequential_blocks > v->blocks;
    char seconds[32] = "";
    if (v->has_ms)
        snprintf(seconds, sizeof(seconds), "  %.2f s", v->ms / 1000);
    figure(p, is_faster ? "parallel" : v->has_result ? "took" : "so far", ROLE_STRONG, "%llu block%s%s",
           (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s", seconds);
    if (!is_faster)
        return;
    figure(p, "one by one", ROLE_TEXT, "about %llu blocks",
           (unsigned long long)v->sequential_blocks);
    figure(p, "faster by", ROLE_STRONG, "%.1f %s",
           (double)v->sequential_blocks / (double)v->blocks,
           p->c ? glyph_text(GLYPH_TIMES, p->c->is_ascii) : "");
}

static void
critical_path(struct figures *p, const struct frame *f)
{
    const struct verdict *v = f->verdict;
    struct buf text;
    if (v->critical_count < 2)
        return;
    const char *arrow = glyph_text(GLYPH_ARROW, p->c && p->c->is_ascii);
    const char *blank = p->b.width < NARROW ? "" : " ";
    buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < v->critical_count && !text.overflowed; i++) {
        const struct node *n = v->critical[i];
        if (i)
            buf_addf(&text, "%s%s%s", blank, arrow, blank);
        if (n->has_index)
            buf_addf(&text, "[%zu]", n->index);
        else
            buf_add_c(&text, text_role(n->role));
    }
    figure(p, "critical path", ROLE_CRITICAL, "%s", buf_c(&text));
    buf_release(&text);
}

/* "[1]", or what it calls. */
static void
short_name(struct buf *out, const struct node *n)
{
    buf_init(out, TEXT_MAX);
    if (n->has_index)
        buf_addf(out, "[%zu]", n->index);
    else
        text_what(out, n);
}

/* A branch that used nearly all it had. */
static void
short_of_gas(struct figures *p, const struct frame *f)
{
    char attached[GAS_TEXT], more[GAS_TEXT], part[GAS_TEXT];
    struct buf name;
    const struct node *n = f->rows->gas_first[GAS_SHORT];
    if (!n)
        return;
    uint64_t better = (n->gas_attached / TERA_GAS * 3 / 2 + 1) * TERA_GAS;
    short_name(&name, n);
    percent_text(gas_part(n), part);
    /* How much of it was used stands in the tree, too: where it is narrow, what to do does. */
    if (p->b.width < NARROW)
        figure(p, "gas is short", ROLE_WARNING, "attach %s T: %s",
               gas_attached_text(better, more), buf_c(&name));
    else
        figure(p, "gas is short", ROLE_WARNING, "%s of %s T, attach %s T: %s",
               part, gas_attached_text(n->gas_attached, attached),
               gas_attached_text(better, more), buf_c(&name));
    buf_release(&name);
}

/* One that used next to nothing. */
static void
gas_to_spare(struct figures *p, const struct frame *f)
{
    char attached[GAS_TEXT], part[GAS_TEXT];
    struct buf name;
    const struct node *n = f->rows->gas_first[GAS_IDLE];
    if (!n)
        return;
    short_name(&name, n);
    percent_text(gas_part(n), part);
    figure(p, "gas to spare", ROLE_MUTED, "%s of %s T: %s", part,
           gas_attached_text(n->gas_attached, attached), buf_c(&name));
    buf_release(&name);
}

/* As many digits as there is room for. */
static void
burnt(struct figures *p, const struct verdict *v)
{
    char near[AMOUNT_NEAR_TEXT], gas[GAS_TEXT], text[AMOUNT_NEAR_TEXT + GAS_TEXT + 8];
    bool is_narrow = p->b.width < NARROW;
    int decimals = is_narrow ? DIGITS - 1 : DIGITS, width;
    do {
        width = snprintf(text, sizeof(text), "%s T%s%s", gas_text_tera(v->gas_burnt, gas),
                         is_narrow ? " " : "  ",
                         amount_near_text(v->tokens_burnt, decimals, near));
    } while (width > p->b.width - label_width(p) && decimals-- > DIGITS_LEAST);
    figure(p, "burnt", ROLE_TEXT, "%s", text);
}

static void
cost_figures(struct figures *p, const struct frame *f)
{
    const struct verdict *v = f->verdict;
    char near[AMOUNT_NEAR_TEXT];
    if (v->gas_burnt)
        burnt(p, v);
    if (v->refunds && !amount_is_zero(v->tokens_refunded))
        figure(p, "refunded", ROLE_TEXT, "%s",
               amount_near_text(v->tokens_refunded, p->b.width < NARROW ? DIGITS - 1 : DIGITS,
                                near));
}

static int
all_figures(struct cells *c, struct box b, const struct frame *f)
{
    struct figures p = {c, b, 0};
    if (!f->call)
        return 0;
    time_figures(&p, f);
    critical_path(&p, f);
    if (f->verdict->straggler)
        figure(&p, "straggler", ROLE_WARNING, "[%zu] %s", f->verdict->straggler->index,
               f->verdict->straggler->receipt.receiver.s);
    short_of_gas(&p, f);
    cost_figures(&p, f);
    gas_to_spare(&p, f);
    if (p.rows == 0 && ++p.rows && c && b.height > 0)
        cells_put_c(c, b.x, b.y, "No figures yet.", b.width, ROLE_MUTED);
    return p.rows;
}

void
figures_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct box before = cells_clip(c, b);
    all_figures(c, b, f);
    cells_unclip(c, before);
}

int
figures_rows(const struct frame *f)
{
    int rows = all_figures(NULL, (struct box){0}, f);
    return rows < FIGURES_MOST ? rows : FIGURES_MOST;
}
