/* The arguments as rows: each line of them takes as many as it is long, and the cursor moves in
 * what is seen. */
#include "net/base/utf8.h"
#include "tui/view/form_part.h"

/* A row: bytes from begin to end; the next one begins behind a line feed, or at once. */
struct args_row {
    size_t begin, end, next;
};

/* The row that begins there. The cursor needs a cell behind the last sign of a line, too. */
static struct args_row
row_at(struct str all, size_t begin, int width)
{
    struct str rest = str_slice(all, begin, all.n);
    int used = 0;
    while (rest.n && rest.p[0] != '\n') {
        struct str before = rest;
        int cells = utf8_width(utf8_take(&rest));
        used += cells > 0 ? cells : 1;
        if (used > width && before.n < all.n - begin)
            return (struct args_row){begin, all.n - before.n, all.n - before.n};
    }
    size_t end = all.n - rest.n;
    return (struct args_row){begin, end, rest.n ? end + 1 : SIZE_MAX};
}

static int
safe_width(int width)
{
    return width > 1 ? width - 1 : 1;
}

int
form_args_rows(const struct form *form, int width, int most)
{
    struct str all = text_str(&form->now.args);
    int rows = 0;
    for (size_t at = 0; at != SIZE_MAX && rows < most; rows++)
        at = row_at(all, at, safe_width(width)).next;
    return rows;
}

void
form_args_cursor(const struct form *form, int width, int *row, int *column)
{
    struct str all = text_str(&form->now.args);
    size_t cursor = form->now.args.cursor;
    *row = *column = 0;
    for (size_t at = 0;;) {
        struct args_row r = row_at(all, at, safe_width(width));
        /* Behind the last sign of a row that goes on it stands before the first of the next. */
        if (r.next == SIZE_MAX || cursor < r.next) {
            *column = utf8_str_width(str_slice(all, r.begin, cursor));
            return;
        }
        (*row)++;
        at = r.next;
    }
}

/* The byte that stands there, or the end of the row; SIZE_MAX: there is no such row. */
static size_t
byte_at(struct str all, int width, int row, int column)
{
    struct args_row r = {0, 0, 0};
    int used = 0;
    for (int i = 0; i <= row; i++) {
        if (r.next == SIZE_MAX)
            return SIZE_MAX;
        r = row_at(all, r.next, width);
    }
    struct str rest = str_slice(all, r.begin, r.end);
    while (rest.n) {
        size_t at = r.end - rest.n;
        int cells = utf8_width(utf8_take(&rest));
        used += cells > 0 ? cells : 1;
        if (used > column)
            return at;
    }
    /* The end of a row that goes on belongs to the next one. */
    return r.next == r.end && r.end > r.begin ? r.end - 1 : r.end;
}

void
form_args_point(struct form *form, int width, int row, int column)
{
    size_t byte = byte_at(text_str(&form->now.args), safe_width(width), row, column);
    form->now.args.cursor = byte == SIZE_MAX ? form->now.args.length : byte;
}

bool
form_args_move(struct form *form, int width, int by)
{
    int row, column;
    form_args_cursor(form, width, &row, &column);
    size_t byte = row + by < 0 ? SIZE_MAX
                               : byte_at(text_str(&form->now.args), safe_width(width), row + by, column);
    if (byte == SIZE_MAX)
        return false;
    form->now.args.cursor = byte;
    return true;
}

/* The sign that is wrong stands out; at the left is what holds the rows together, or that
 * something is wrong in this one, also where there is no sign. */
static void
row_paint(struct cells *c, int x, int y, int width, struct str all, struct args_row r, size_t wrong)
{
    bool is_wrong = wrong >= r.begin && (wrong < r.next || r.next == SIZE_MAX) && wrong != SIZE_MAX;
    size_t good = is_wrong && wrong < r.end ? wrong : r.end;
    struct str rest = str_slice(all, good, r.end);
    int end = cells_put(c, x, y, str_slice(all, r.begin, good), width, ROLE_TEXT);
    if (rest.n) {
        utf8_take(&rest);
        size_t behind = r.end - rest.n;
        end = cells_put(c, end, y, str_slice(all, good, behind), width - (end - x), ROLE_FAILED);
        cells_put(c, end, y, rest, width - (end - x), ROLE_TEXT);
    }
    cells_glyph(c, x - 2, y, is_wrong ? GLYPH_FAILED : GLYPH_BAR, is_wrong ? ROLE_FAILED : ROLE_RULE);
}

void
form_args_paint(struct cells *c, struct box b, const struct form *form, size_t wrong, bool has_keys)
{
    struct str all = text_str(&form->now.args);
    int row, column;
    size_t at = 0;
    for (int i = 0; i < form->args_top + b.height; i++) {
        int y = b.y + i - form->args_top;
        if (at == SIZE_MAX) {
            cells_glyph(c, b.x - 2, y, GLYPH_BAR, ROLE_RULE);
            continue;
        }
        struct args_row r = row_at(all, at, safe_width(b.width));
        if (i >= form->args_top)
            row_paint(c, b.x, y, b.width, all, r, wrong);
        at = r.next;
    }
    if (!has_keys)
        return;
    form_args_cursor(form, b.width, &row, &column);
    const struct cell *cell = cells_at(c, b.x + column, b.y + row - form->args_top);
    cells_select(c, b.x + column, b.y + row - form->args_top, cell && cell->width == 2 ? 2 : 1,
                 SELECTION_NAME);
}
