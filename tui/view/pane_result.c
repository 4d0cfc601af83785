/* What the callback put together, each field tied to its branch. */
#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/out/fields.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"
#include "tui/view/row_branch.h"

enum { TEXT_MAX = 8192, TIE_LEAST = 6, REASON_FROM = 60, REASON_WIDTH = 16, REASON_LEAST = 8,
       UNREADABLE_WIDTH = 10, ACCOUNT_COLUMN = 16, PENDING_ROWS = 3,
       NAME_MAX_BYTES = 256, LINES_MOST = 500 };

/* The callback that the call waits for: the last one with inputs that is not a refund's. */
static const struct node *
pending_join(const struct frame *f)
{
    for (size_t i = f->rows->count; i-- > 0;) {
        if (f->rows->row[i].node->input_count)
            return f->rows->row[i].node;
    }
    return NULL;
}

const char *
result_title(const struct frame *f)
{
    if (!f->call || (f->verdict->has_result && f->verdict->result))
        return "result";
    return pending_join(f) ? "what the callback gets" : "result";
}

/* --- while it runs: promise_result(i) of the callback ---------------------------------------- */

static void
slot_paint(struct cells *c, struct box b, int y, const struct frame *f, const struct node *join,
           size_t index)
{
    const struct node *in = join->inputs[index];
    struct buf text;
    int end = b.x + b.width;
    /* In line with the last one, whose number is the longest. */
    char number[32], longest[32];
    int width = snprintf(longest, sizeof(longest), "[%zu]", join->input_count - 1) + 1;
    snprintf(number, sizeof(number), "[%zu]", index);
    cells_put_c(c, b.x, y, number, b.width, ROLE_JOIN);
    int x = b.x + width;
    if (!in) {
        cells_put_c(c, x, y, "not known yet", end - x, ROLE_MUTED);
        return;
    }
    buf_init(&text, TEXT_MAX);
    if (in->status == NODE_FAILED)
        text_reason_short(&text, in);
    else if (in->has_outcome && in->outcome.status == OUTCOME_VALUE)
        text_value(&text, in->outcome.value, 512);
    else
        buf_add_c(&text, text_status(in));
    x = cells_glyph(c, x, y, status_glyph(in), status_role(in)) + 1;
    if (in->has_receipt)
        cells_put(c, x, y, text_short_account(f->call, &in->receipt.receiver),
                  ACCOUNT_COLUMN - 1, ROLE_MUTED);
    x += ACCOUNT_COLUMN;
    cells_put(c, x, y, buf_str(&text), end - x, status_role(in));
    buf_release(&text);
}

static int
slots_paint(struct cells *c, struct box b, const struct frame *f, int skip)
{
    const struct node *join = pending_join(f);
    if (!join) {
        cells_put_c(c, b.x, b.y, "No result yet.", b.width, ROLE_MUTED);
        return 1;
    }
    int count = (int)join->input_count, y = b.y, end = b.y + b.height;
    for (int i = skip; i < count && y < end; i++, y++) {
        if (y + 1 == end && i + 1 < count && b.height > 1)
            cells_putf(c, b.x, y, b.width, ROLE_MUTED, "and %d more", count - i);
        else
            slot_paint(c, b, y, f, join, (size_t)i);
    }
    return count;
}

/* --- the result, field by field ----------------------------------------------------------------- */

static bool
has_name(const struct field *f)
{
    return f->path.n && f->path.p[0] != '[';
}

static void
field_text(struct buf *out, const struct field *f, bool is_last)
{
    if (has_name(f))
        buf_addf(out, "\"%.*s\": ", STR_ARG(str_slice(f->path, 0, NAME_MAX_BYTES)));
    buf_add_str(out, str_slice(f->value, 0, TEXT_MAX / 4));
    if (!is_last)
        buf_add_byte(out, ',');
}

/* "◂ [1] lending ✗ "pool is paused"". */
static void
tie_paint(struct cells *c, int x, int y, int width, const struct frame *f,
          const struct field *field)
{
    struct buf reason;
    int end = x + width;
    const struct node *n = field->branch;
    if (width < 5)
        return;
    x = cells_glyph(c, x, y, GLYPH_JOIN_INTO, ROLE_JOIN) + 1;
    x = cells_putf(c, x, y, end - x, ROLE_JOIN, "[%zu]", field->index) + 1;
    if (n->has_receipt && end > x)
        x = cells_put(c, x, y, text_short_account(f->call, &n->receipt.receiver), end - x,
                      ROLE_MUTED) + 1;
    if (field_is_unreadable(field)) {
        x = cells_glyph(c, x, y, GLYPH_ALERT, ROLE_WARNING) + 1;
        if (end - x >= UNREADABLE_WIDTH - 3)
            cells_put_c(c, x, y, "no JSON", end - x, ROLE_WARNING);
    }
    if (n->status != NODE_FAILED || end - x < 1)
        return;
    x = cells_glyph(c, x, y, GLYPH_FAILED, ROLE_FAILED) + 1;
    if (end - x < REASON_LEAST)
        return;
    buf_init(&reason, TEXT_MAX);
    text_reason_short(&reason, n);
    cells_put(c, x, y, buf_str(&reason), end - x, ROLE_FAILED);
    buf_release(&reason);
}

/* Cells that ties need: the longest account, and where it is wide, some of a reason. */
static int
tie_width(const struct frame *f, const struct field *fields, size_t count, int width)
{
    int longest = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *n = fields[i].branch;
        if (!n)
            continue;
        int needed = TIE_LEAST + (n->has_receipt
            ? utf8_str_width(text_short_account(f->call, &n->receipt.receiver)) : 0);
        if (n->status == NODE_FAILED && width > REASON_FROM)
            needed += REASON_WIDTH;
        if (field_is_unreadable(&fields[i]))
            needed += width > REASON_FROM ? UNREADABLE_WIDTH : 2;
        longest = needed > longest ? needed : longest;
    }
    return longest;
}

/* Where ties begin: behind the longest field that has one, as far as both have room. */
static int
tie_column(const struct frame *f, const struct field *fields, size_t count, int width)
{
    int longest = 0, most = width - tie_width(f, fields, count, width);
    most = most < width / 2 ? width / 2 : most;
    for (size_t i = 0; i < count; i++) {
        struct buf text;
        if (!fields[i].branch)
            continue;
        buf_init(&text, TEXT_MAX);
        field_text(&text, &fields[i], i + 1 == count);
        int needed = utf8_str_width(buf_str(&text)) + 3;
        longest = needed > longest ? needed : longest;
        buf_release(&text);
    }
    return longest < most ? longest : most;
}

static void
field_paint(struct cells *c, struct box b, int y, const struct frame *f,
            const struct field *field, bool is_last, int column)
{
    bool is_failed = field->branch && field->branch->status == NODE_FAILED;
    struct buf text;
    buf_init(&text, TEXT_MAX);
    field_text(&text, field, is_last);
    cells_put(c, b.x + 2, y, buf_str(&text), (field->branch ? column : b.width) - 3,
              is_failed              ? ROLE_FAILED
              : field_is_unreadable(field) ? ROLE_WARNING
                                     : ROLE_TEXT);
    if (field->branch)
        tie_paint(c, b.x + column, y, b.width - column, f, field);
    buf_release(&text);
}

/* Brace, fields, brace; before that how many there are that are not taken apart. Where rows are
 * short the braces go first. */
static int
fields_paint(struct cells *c, struct box b, const struct frame *f, int skip)
{
    const struct field *fields = f->rows->field;
    size_t count = f->rows->field_count, beyond = f->rows->field_all - count;
    bool is_object = has_name(&fields[0]);
    int column = tie_column(f, fields, count, b.width), lines = (int)count + 2 + (beyond > 0);
    bool has_braces = b.height + 1 >= lines;        /* the last one is no loss */
    int first = has_braces ? skip : skip + 1, end = has_braces ? lines : first + b.height;
    end = end > lines ? lines : end;
    for (int line = first; line < end; line++) {
        int y = b.y + line - first, left = lines - 1 - line;
        if (y >= b.y + b.height)
            break;
        if (line == 0)
            cells_put_c(c, b.x, y, is_object ? "{" : "[", 1, ROLE_TEXT);
        else if (line + 1 >= lines)
            cells_put_c(c, b.x, y, is_object ? "}" : "]", 1, ROLE_TEXT);
        else if (line + 1 == end && left > 1)
            cells_putf(c, b.x + 2, y, b.width - 2, ROLE_MUTED, "and %zu more",
                       count + beyond - (size_t)line + 1);
        else if ((size_t)line > count)
            cells_putf(c, b.x + 2, y, b.width - 2, ROLE_MUTED, "and %zu more", beyond);
        else
            field_paint(c, b, y, f, &fields[line - 1], left == 1, column);
    }
    return !has_braces ? lines - 2 : b.height + 1 == lines ? lines - 1 : lines;
}

/* Text of any length; the last line that is seen ends in an ellipsis when it is not the last. */
static int
text_lines_paint(struct cells *c, struct box b, struct str text, int skip)
{
    struct buf clean;
    struct str rest, line;
    int lines = 0;
    buf_init(&clean, TEXT_MAX * 64);
    utf8_clean(&clean, text);
    rest = buf_str(&clean);
    for (; lines < LINES_MOST && cells_take_line(&rest, b.width, &line); lines++) {
        int y = b.y + lines - skip;
        if (y < b.y || y >= b.y + b.height)
            continue;
        int x = cells_put(c, b.x, y, line, b.width, ROLE_TEXT);
        if (y + 1 == b.y + b.height && str_trim(rest).n)
            cells_glyph(c, x < b.x + b.width ? x : b.x + b.width - 1, y, GLYPH_ELLIPSIS, ROLE_TEXT);
    }
    buf_release(&clean);
    return lines;
}

static int
value_paint(struct cells *c, struct box b, const struct frame *f, int skip)
{
    struct str value = f->verdict->result->outcome.value;
    struct buf text;
    if (f->rows->field_count)
        return fields_paint(c, b, f, skip);
    buf_init(&text, TEXT_MAX * 8);
    text_value(&text, value, TEXT_MAX);
    if (value.n > TEXT_MAX)
        buf_addf(&text, " (%zu bytes in all)", value.n);
    int lines = text_lines_paint(c, b, buf_str(&text), skip);
    buf_release(&text);
    return lines;
}

/* --- the pane --------------------------------------------------------------------------------- */

static void
failure_paint(struct cells *c, struct box b, const struct node *n)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    text_reason(&text, n);
    int used = cells_wrap(c, b.x, b.y, b.width, b.height, buf_str(&text), ROLE_FAILED);
    buf_clear(&text);
    text_advice(&text, n);
    cells_wrap(c, b.x, b.y + used, b.width, b.height - used, buf_str(&text), ROLE_MUTED);
    buf_release(&text);
}

static int
result_fill(struct cells *c, struct box b, const struct frame *f, int skip)
{
    b = (struct box){b.x + 2, b.y, b.width - 4, b.height};
    if (b.height < 1 || b.width < 1)
        return 0;
    if (f->call && f->call->state != TX_REFUSED && !f->verdict->has_result)
        return slots_paint(c, b, f, skip);
    if (!f->call)
        cells_put_c(c, b.x, b.y, "Here is what the call returns.", b.width, ROLE_MUTED);
    else if (f->call->state == TX_REFUSED)
        cells_wrap(c, b.x, b.y, b.width, b.height, str_from(f->call->refused_reason), ROLE_FAILED);
    else if (f->verdict->result->status == NODE_FAILED)
        failure_paint(c, b, f->verdict->result);
    else
        return value_paint(c, b, f, skip);
    return b.height;
}

int
result_paint(struct cells *c, struct box b, const struct frame *f, int skip)
{
    struct box before = cells_clip(c, b);
    int lines = result_fill(c, b, f, skip);
    cells_unclip(c, before);
    return lines;
}

int
result_rows(const struct frame *f)
{
    if (!f->call)
        return PENDING_ROWS;
    if (!f->verdict->has_result) {
        const struct node *join = pending_join(f);
        /* Room for the result's braces too, so that nothing jumps when it comes. */
        return join ? (int)join->input_count + 3 : PENDING_ROWS;
    }
    int count = (int)f->rows->field_count;
    return count ? count + 2 : 4;
}
