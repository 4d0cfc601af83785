/* What the callback put together, each field tied to its branch. */
#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/out/fields.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"
#include "tui/view/row_branch.h"

enum { TEXT_MAX = 8192, TIE_LEAST = 6, REASON_FROM = 60, REASON_WIDTH = 16,
       ACCOUNT_COLUMN = 16, PENDING_ROWS = 3, NAME_MAX_BYTES = 256 };

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
    int x = cells_putf(c, b.x, y, b.width, ROLE_JOIN, "[%zu] ", index);
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

static void
slots_paint(struct cells *c, struct box b, const struct frame *f)
{
    const struct node *join = pending_join(f);
    if (!join) {
        cells_put_c(c, b.x, b.y, "No result yet.", b.width, ROLE_MUTED);
        return;
    }
    size_t count = join->input_count, room = (size_t)b.height;
    size_t shown = count > room && room > 1 ? room - 1 : count < room ? count : room;
    for (size_t i = 0; i < shown; i++)
        slot_paint(c, b, b.y + (int)i, f, join, i);
    if (shown < count && shown < room)
        cells_putf(c, b.x, b.y + (int)shown, b.width, ROLE_MUTED, "and %zu more", count - shown);
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
    if (n->status != NODE_FAILED || end - x < 4)
        return;
    buf_init(&reason, TEXT_MAX);
    text_reason_short(&reason, n);
    x = cells_glyph(c, x, y, GLYPH_FAILED, ROLE_FAILED) + 1;
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
        longest = needed > longest ? needed : longest;
    }
    return longest;
}

/* Where ties begin: behind the longest field, as far as both have room. */
static int
tie_column(const struct frame *f, const struct field *fields, size_t count, int width)
{
    int longest = 0, most = width - tie_width(f, fields, count, width);
    most = most < width / 2 ? width / 2 : most;
    for (size_t i = 0; i < count; i++) {
        struct buf text;
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
              is_failed ? ROLE_FAILED : ROLE_TEXT);
    if (field->branch)
        tie_paint(c, b.x + column, y, b.width - column, f, field);
    buf_release(&text);
}

static void
fields_paint(struct cells *c, struct box b, const struct frame *f, const struct field *fields,
             size_t count)
{
    bool is_object = has_name(&fields[0]);
    int column = tie_column(f, fields, count, b.width), y = b.y, room = b.height - 2;
    if (room < 1 || (size_t)room < count)
        room = b.height - 1;        /* the last brace can be done without */
    cells_put_c(c, b.x, y++, is_object ? "{" : "[", 1, ROLE_TEXT);
    for (size_t i = 0; i < count && (int)i < room; i++, y++) {
        if ((int)i + 1 == room && i + 1 < count) {
            cells_putf(c, b.x + 2, y, b.width - 2, ROLE_MUTED, "and %zu more", count - i);
            continue;
        }
        field_paint(c, b, y, f, &fields[i], i + 1 == count, column);
    }
    if (y < b.y + b.height)
        cells_put_c(c, b.x, y, is_object ? "}" : "]", 1, ROLE_TEXT);
}

static void
value_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct arena arena;
    struct field *fields;
    struct buf text;
    arena_init(&arena);
    size_t count = fields_of_result(f->call, f->verdict, &arena, &fields);
    if (count) {
        fields_paint(c, b, f, fields, count);
    } else {
        buf_init(&text, TEXT_MAX * 8);
        text_value(&text, f->verdict->result->outcome.value, TEXT_MAX);
        cells_wrap(c, b.x, b.y, b.width, b.height, buf_str(&text), ROLE_TEXT);
        buf_release(&text);
    }
    arena_release(&arena);
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

void
result_paint(struct cells *c, struct box b, const struct frame *f)
{
    b = (struct box){b.x + 2, b.y, b.width - 4, b.height};
    if (b.height < 1 || b.width < 1)
        return;
    if (!f->call)
        cells_put_c(c, b.x, b.y, "Here is what the call returns.", b.width, ROLE_MUTED);
    else if (f->call->state == TX_REFUSED)
        cells_wrap(c, b.x, b.y, b.width, b.height, str_from(f->call->refused_reason), ROLE_FAILED);
    else if (!f->verdict->has_result)
        slots_paint(c, b, f);
    else if (f->verdict->result->status == NODE_FAILED)
        failure_paint(c, b, f->verdict->result);
    else
        value_paint(c, b, f);
}

int
result_rows(const struct frame *f)
{
    struct arena arena;
    struct field *fields;
    if (!f->call)
        return PENDING_ROWS;
    if (!f->verdict->has_result) {
        const struct node *join = pending_join(f);
        /* Room for the result's braces too, so that nothing jumps when it comes. */
        return join ? (int)join->input_count + 3 : PENDING_ROWS;
    }
    arena_init(&arena);
    int count = (int)fields_of_result(f->call, f->verdict, &arena, &fields);
    arena_release(&arena);
    return count ? count + 2 : 4;
}
