#include "tui/view/row_branch.h"

#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tui/out/text.h"

enum { MARKER = 2, DIVIDER = 2, NAME_LEAST = 10, TEXT_MAX = 2048, WAITS_LISTED = 3, REFUND_DIGITS = 5,
       TIME_GOOD = 56, NAME_MORE = 24,
       BARS_BESIDE = 97 };          /* columns of a tree with the detail beside it that has them, too */

enum role
status_role(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return ROLE_MUTED;
    case NODE_IN_FLIGHT: return ROLE_RUNNING;
    case NODE_WAITING: return ROLE_WAITING;
    case NODE_DONE: return ROLE_OK;
    case NODE_FAILED: return ROLE_FAILED;
    case NODE_HOLE: return ROLE_HOLE;
    }
    return ROLE_TEXT;
}

enum glyph
status_glyph(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return GLYPH_NAMED;
    case NODE_IN_FLIGHT: return GLYPH_FLIGHT;
    case NODE_WAITING: return GLYPH_WAITING;
    case NODE_DONE: return n->role == RECEIPT_REFUND ? GLYPH_REFUND : GLYPH_OK;
    case NODE_FAILED: return GLYPH_FAILED;
    case NODE_HOLE: return GLYPH_HOLE;
    }
    return GLYPH_HOLE;
}

struct columns
columns_of(int width, int lanes, bool is_beside)
{
    static const struct {
        int width;
        struct columns k;
    } plans[] = {{160, {46, 1, 26, 7, 16, 9, 5, 1}}, {120, {35, 1, 18, 7, 8, 8, 5, 1}},
                 {100, {31, 1, 15, 7, 5, 6, 5, 1}},  {80, {28, 1, 14, 7, 4, 0, 5, 1}},
                 {78, {28, 1, 13, 7, 0, 0, 4, 1}},   {72, {25, 1, 11, 6, 0, 0, 4, 1}},
                 {56, {22, 0, 12, 7, 4, 0, 5, 0}},   {40, {17, 0, 12, 7, 0, 0, 0, 0}},
                 {30, {NAME_LEAST, 0, 12, 0, 0, 0, 0, 0}}};
    struct columns k = {.name = NAME_LEAST, .status = 8};
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        bool is_time_dearer = is_beside && plans[i].k.bar && plans[i].k.time && width < BARS_BESIDE;
        if (width >= plans[i].width && !is_time_dearer) {
            k = plans[i].k;
            break;
        }
    }
    if (k.join)
        k.join = lanes ? lanes + 3 : 1;
    int used = MARKER + k.name + k.join + k.status + k.gas + k.bar + k.of + k.percent;
    used += k.percent ? 1 : 0;
    if (k.time) {
        /* Where time has more than it needs, names are told to their end. */
        int spare = width - used - DIVIDER - TIME_GOOD;
        int more = spare < 0 ? 0 : spare < NAME_MORE ? spare : NAME_MORE;
        k.name += more;
        k.time = width - used - DIVIDER - more;
    } else if (width > used) {
        k.name += width - used;
    }
    if (width < used) {
        /* The narrowest screens: the glyph before the name says how it went. */
        k.name = width - MARKER - k.status;
        if (k.name < NAME_LEAST)
            k = (struct columns){.name = width > MARKER ? width - MARKER : 0};
    }
    return k;
}

/* --- the columns of a row --------------------------------------------------------------------- */

int
receipt_name_paint(struct cells *c, int x, int y, int width, const struct frame *f,
                   const struct node *n, enum role role)
{
    struct buf what;
    int end = x + width;
    if (n->has_index)
        x = cells_putf(c, x, y, end - x, ROLE_JOIN, "[%zu]", n->index) + 1;
    if (x >= end)
        return x;
    buf_init(&what, TEXT_MAX);
    text_what(&what, n);
    x = cells_put(c, x, y, buf_str(&what), end - x, role);
    buf_release(&what);
    if (n->has_receipt && end - x > 4)
        x = cells_put(c, x + 1, y, text_short_account(f->call, &n->receipt.receiver), end - x - 1,
                      ROLE_MUTED);
    return x;
}

/* What is looked for is told apart, and what the filter did not ask for. */
static enum role
name_role(const struct frame *f, const struct row *row)
{
    const struct node *n = row->node;
    if (row->is_context)
        return ROLE_MUTED;
    if (f->ui->search.filter.count && pick_node(&f->ui->search.filter, f->call, n))
        return ROLE_MATCH;
    return n->is_critical && n->role != RECEIPT_REFUND ? ROLE_STRONG : ROLE_TEXT;
}

/* "… 37 more": siblings in one row. */
static void
group_name(struct cells *c, int x, int y, int end, const struct frame *f, const struct row *row)
{
    int begin = x;
    x = cells_glyph(c, x, y, GLYPH_ELLIPSIS, ROLE_KEY) + 1;
    x = cells_putf(c, x, y, end - x, ROLE_KEY, "%zu more", row->group);
    if (row->node == f->selected)
        cells_select(c, begin, y, x - begin, SELECTION_NAME);
}

static void
name_column(struct cells *c, int x, int y, int width, const struct frame *f,
            const struct row *row)
{
    const struct node *n = row->node;
    struct guide g = f->ui->folds.filter.count
        ? guide_of_row(f->rows, (size_t)(row - f->rows->row))
        : guide_of(n, f->ui->folds.shows_refunds);
    int end = x + width, levels = (width - NAME_LEAST - 4) / 2;
    x = guide_paint(c, x, y, &g, levels > 0 ? levels : 0);
    if (row->group) {
        group_name(c, x, y, end, f, row);
        return;
    }
    x = cells_glyph(c, x, y, status_glyph(n), status_role(n)) + 1;
    int begin = x, folded = row->hidden ? 6 : 0;
    if (end - x < folded + NAME_LEAST / 2)
        folded = 0;
    x = receipt_name_paint(c, x, y, end - x - folded, f, n, name_role(f, row));
    if (folded) {
        x = cells_glyph(c, x + 1, y, GLYPH_FOLDED, ROLE_KEY);
        x = cells_putf(c, x, y, end - x, ROLE_KEY, "%zu", row->hidden);
    }
    if (n == f->selected)
        cells_select(c, begin, y, (x > end ? end : x) - begin, SELECTION_NAME);
}

void
waits_text(struct buf *out, const struct frame *f, const struct node *n)
{
    size_t open = 0, told = 0;
    if (n->receipt.is_promise_yield) {
        buf_add_c(out, "waits to resume");
        return;
    }
    for (size_t i = 0; i < n->input_count; i++)
        open += !call_input_arrived(f->call, n, i);
    if (open > WAITS_LISTED) {
        buf_addf(out, "waits for %zu", open);
        return;
    }
    buf_add_c(out, "waits");
    for (size_t i = 0; i < n->input_count; i++) {
        if (!call_input_arrived(f->call, n, i))
            buf_addf(out, "%s%zu", told++ ? " " : " [", i);
    }
    if (told)
        buf_add_byte(out, ']');
}

/* Of many: the failed first, since they are what one looks for. */
static void
group_status(struct cells *c, int x, int y, int width, const struct row *row)
{
    int end = x + width - 1;
    if (row->group_failed)
        x = cells_putf(c, x, y, end - x, ROLE_FAILED, "%zu failed", row->group_failed);
    if (row->group_failed && row->group_open && end - x > 4)
        x = cells_put_c(c, x, y, ", ", end - x, ROLE_MUTED);
    if (row->group_open && end > x)
        cells_putf(c, x, y, end - x, ROLE_RUNNING, "%zu open", row->group_open);
    if (!row->group_failed && !row->group_open)
        cells_put_c(c, x, y, "all done", end - x, ROLE_OK);
}

static void
status_column(struct cells *c, int x, int y, int width, const struct frame *f,
              const struct node *n)
{
    char amount[AMOUNT_NEAR_TEXT];
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (n->status == NODE_WAITING)
        waits_text(&text, f, n);
    else if (n->status == NODE_DONE && n->outcome.status == OUTCOME_VALUE &&
             n->outcome.value.n && n->role == RECEIPT_BRANCH)
        text_value(&text, n->outcome.value, 64);
    else if (n->status == NODE_DONE && n->role == RECEIPT_REFUND && n->has_receipt &&
             n->receipt.action_count)
        buf_add_c(&text, amount_near_text(n->receipt.actions[0].deposit, REFUND_DIGITS, amount));
    else
        buf_add_c(&text, text_status(n));
    cells_put(c, x, y, buf_str(&text), width - 1, status_role(n));
    buf_release(&text);
}

const char *
gas_attached_text(uint64_t gas, char out[GAS_TEXT])
{
    if (gas % TERA_GAS)
        return gas_text_tera(gas, out);
    snprintf(out, GAS_TEXT, "%llu", (unsigned long long)(gas / TERA_GAS));
    return out;
}

double
gas_part(const struct node *n)
{
    if (!n->has_outcome || !n->gas_attached)
        return 0;
    return (double)n->outcome.gas_burnt / (double)n->gas_attached;
}

/* A little is not nothing. */
void
percent_text(double part, char out[GAS_TEXT])
{
    if (part > 0 && part < 0.005)
        snprintf(out, GAS_TEXT, "<1%%");
    else
        snprintf(out, GAS_TEXT, "%.0f%%", part * 100);
}

/* What was attached to the calls that it made. */
static uint64_t
gas_passed_on(const struct node *n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n->child_count; i++) {
        const struct node *child = n->children[i];
        if (child->role != RECEIPT_REFUND && child->gas_attached <= UINT64_MAX - sum)
            sum += child->gas_attached;
    }
    return sum;
}

/* The figure that is asked for; false: it is not known. */
static bool
gas_figure(const struct node *n, enum ui_gas what, uint64_t *out)
{
    uint64_t used = n->outcome.gas_burnt, passed = gas_passed_on(n);
    *out = what == UI_GAS_BURNT ? used : passed;
    if (!n->has_outcome || (what != UI_GAS_BURNT && !n->gas_attached))
        return false;
    if (what != UI_GAS_GIVEN_BACK)
        return true;
    used = used > UINT64_MAX - passed ? UINT64_MAX : used + passed;
    *out = used < n->gas_attached ? n->gas_attached - used : 0;
    return true;
}

static void
gas_columns(struct cells *c, int x, int y, const struct columns *k, const struct node *n,
            enum ui_gas what)
{
    char text[GAS_TEXT];
    uint64_t gas = 0;
    if (!k->gas)
        return;
    bool is_known = gas_figure(n, what, &gas);
    const char *figure = is_known ? gas_text_tera(gas, text) : glyph_text(GLYPH_UNKNOWN, c->is_ascii);
    cells_put_right(c, x, y, k->gas - 1, str_from(figure), is_known ? ROLE_TEXT : ROLE_MUTED);
    x += k->gas;
    if (!n->gas_attached)
        return;
    bool is_short = what == UI_GAS_BURNT && node_gas_use(n) == GAS_SHORT;
    double part = is_known ? (double)gas / (double)n->gas_attached : 0;
    cells_bar(c, x, y, k->bar, part, is_short ? ROLE_GAS_HIGH : ROLE_GAS, ROLE_GAS_REST);
    x += k->bar;
    if (k->of) {
        char attached[GAS_TEXT + 2];
        snprintf(attached, sizeof(attached), "%s T", gas_attached_text(n->gas_attached, text));
        cells_put_right(c, x, y, k->of, str_from(attached), ROLE_MUTED);
        x += k->of;
    }
    if (k->percent && is_known) {
        percent_text(part, text);
        cells_put_right(c, x, y, k->percent, str_from(text), is_short ? ROLE_WARNING : ROLE_MUTED);
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static const char *const gas_words[UI_GAS_COUNT] = {"of attached", "passed on", "left over"};
/* Where there is no column for those. */
static const char *const gas_units[UI_GAS_COUNT] = {"Tgas", "T sent", "T left"};

void
row_head_paint(struct cells *c, struct box b, const struct row_style *style,
               const struct frame *f)
{
    const struct columns *k = &style->columns;
    int x = b.x + MARKER;
    cells_put_c(c, x, b.y, "receipt", k->name, ROLE_MUTED);
    x += k->name + k->join;
    if (k->status)
        cells_put_c(c, x, b.y, "status", k->status, ROLE_MUTED);
    x += k->status;
    int part = k->bar + k->of + k->percent;
    const char *word = f->ui->gas == UI_GAS_BURNT && !k->of ? "used" : gas_words[f->ui->gas];
    bool has_word = part >= (int)strlen(word);
    if (k->gas)
        cells_put_right(c, x, b.y, k->gas - 1, str_from(has_word ? "Tgas" : gas_units[f->ui->gas]),
                        ROLE_MUTED);
    x += k->gas;
    if (has_word)
        cells_put_right(c, x, b.y, part, str_from(word), ROLE_MUTED);
    if (k->time)
        timeline_ruler(c, (struct box){b.x + b.width - k->time, b.y, k->time, 1},
                       &style->timeline, f);
}

void
row_paint(struct cells *c, struct box b, const struct row_style *style, const struct frame *f,
          size_t index, size_t seen)
{
    const struct columns *k = &style->columns;
    const struct row *row = &f->rows->row[index];
    int x = b.x + MARKER;
    if (row->node == f->selected) {
        cells_select(c, b.x, b.y, b.width, SELECTION_ROW);
        cells_glyph(c, b.x, b.y, GLYPH_SELECTED, ROLE_KEY);
    }
    if (f->verdict && row->node == f->verdict->straggler && b.width > MARKER)
        cells_glyph(c, b.x + 1, b.y, GLYPH_STRAGGLER, ROLE_WARNING);
    name_column(c, x, b.y, k->name - (k->status && !k->join ? 1 : 0), f, row);
    x += k->name;
    if (k->join > 1)
        joins_paint(c, x + 1, b.y, &style->joins, seen, row->node);
    x += k->join;
    if (row->group)
        group_status(c, x, b.y, k->status + k->gas, row);
    else
        status_column(c, x, b.y, k->status, f, row->node);
    x += k->status;
    if (!row->group)
        gas_columns(c, x, b.y, k, row->node, f->ui->gas);
    if (k->time <= 0)
        return;
    struct box time = {b.x + b.width - k->time, b.y, k->time, 1};
    cells_glyph(c, time.x - DIVIDER, b.y, GLYPH_BAR, ROLE_RULE);
    if (row->group)
        timeline_group(c, time, &style->timeline, f, row);
    else
        timeline_row(c, time, &style->timeline, f, row->node);
}
