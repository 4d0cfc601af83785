/* The keys, from their table, and what the marks mean. */
#include "tui/view/pane.h"

enum { KEYS = 15, TWO_COLUMNS_FROM = 90, TOP = 2, FOOT = 2, FOOT_FROM = 6 };

static const struct {
    enum glyph glyph;
    enum role role;
    const char *text;
} marks[] = {{GLYPH_NAMED, ROLE_MUTED, "named by its parent, not heard of yet"},
             {GLYPH_FLIGHT, ROLE_RUNNING, "in flight to its shard"},
             {GLYPH_WAITING, ROLE_WAITING, "waits for the results of others"},
             {GLYPH_OK, ROLE_OK, "ran, and succeeded"},
             {GLYPH_FAILED, ROLE_FAILED, "ran, and failed: only it was rolled back"},
             {GLYPH_REFUND, ROLE_OK, "a refund: shows gas, costs nothing"},
             {GLYPH_HOLE, ROLE_HOLE, "cannot be had from any source"},
             {GLYPH_JOIN_INTO, ROLE_JOIN, "gets the results of the rows on its line"},
             {GLYPH_STRAGGLER, ROLE_WARNING, "straggler: the others waited for it"},
             {GLYPH_TIME_FLIGHT, ROLE_FLIGHT, "time: on its way"},
             {GLYPH_TIME_WAIT, ROLE_PATIENCE, "time: waits for data"},
             {GLYPH_TIME_RUN, ROLE_EXECUTED, "time: the block that ran it"},
             {GLYPH_TIME_CRITICAL, ROLE_CRITICAL, "time: and the call waited for that"},
             {GLYPH_TIME_FAILED, ROLE_BROKEN, "time: the block in which it failed"},
             {GLYPH_TIME_TIP, ROLE_FLIGHT, "time: still under way"}};

/* Lines of one column; with `c` NULL they are only counted. */
struct column {
    struct cells *c;
    struct box b;
    int line, skip;
};

static int
row_of(struct column *k)
{
    int y = k->b.y + k->line++ - k->skip;
    return k->c && y >= k->b.y && y < k->b.y + k->b.height ? y : -1;
}

static void
keys(struct column *k, const struct keymap *map)
{
    struct buf names;
    buf_init(&names, 1024);
    for (int group = 0; group < GROUP_COUNT; group++) {
        if (group)
            k->line++;
        int y = row_of(k);
        if (y >= 0)
            cells_put_c(k->c, k->b.x, y, action_group_name((enum action_group)group),
                        k->b.width, ROLE_TITLE);
        for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
            const struct action_text *t = action_text_of((enum action_id)id);
            if (t->group != (enum action_group)group || (y = row_of(k)) < 0)
                continue;
            buf_clear(&names);
            keymap_keys(map, (enum action_id)id, k->c->is_ascii, &names);
            cells_put(k->c, k->b.x, y, buf_str(&names), KEYS - 1, ROLE_KEY);
            cells_put_c(k->c, k->b.x + KEYS, y, t->help, k->b.width - KEYS, ROLE_TEXT);
        }
    }
    buf_release(&names);
}

/* The fields of the filter language. */
static void
filters(struct column *k)
{
    int y = row_of(k);
    if (y >= 0)
        cells_put_c(k->c, k->b.x, y, "what can be looked for, and filtered by", k->b.width,
                    ROLE_TITLE);
    for (int field = PICK_ANY + 1; field < PICK_FIELD_COUNT; field++) {
        if ((y = row_of(k)) < 0)
            continue;
        cells_put_c(k->c, k->b.x, y, pick_field_name((enum pick_field)field), KEYS - 1,
                    ROLE_KEY);
        cells_put_c(k->c, k->b.x + KEYS, y, pick_field_help((enum pick_field)field),
                    k->b.width - KEYS, ROLE_TEXT);
    }
}

static void
legend(struct column *k)
{
    int y = row_of(k);
    if (y >= 0)
        cells_put_c(k->c, k->b.x, y, "marks", k->b.width, ROLE_TITLE);
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        y = row_of(k);
        if (y < 0)
            continue;
        cells_glyph(k->c, k->b.x, y, marks[i].glyph, marks[i].role);
        cells_put_c(k->c, k->b.x + 3, y, marks[i].text, k->b.width - 3, ROLE_TEXT);
    }
}

/* Returns how many lines there are. */
static int
columns(struct cells *c, const struct frame *f, int width, int height, int skip)
{
    bool has_two = width >= TWO_COLUMNS_FROM;
    int foot = height < FOOT_FROM ? 0 : FOOT, column = has_two ? width / 2 : width;
    struct column left = {c, {2, TOP, column - 4, height - TOP - foot}, 0, skip};
    keys(&left, &f->ui->keymap);
    struct column right = has_two ? (struct column){c, left.b, 0, skip} : left;
    right.b.x += has_two ? column : 0;
    right.line += !has_two;
    legend(&right);
    right.line++;
    filters(&right);
    return left.line > right.line ? left.line : right.line;
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    text_adapt(ui, columns(NULL, f, width, height, 0),
               height - TOP - (height < FOOT_FROM ? 0 : FOOT));
}

static void
paint(struct cells *c, const struct frame *f)
{
    int x = cells_put_c(c, 1, 0, "neartop", -1, ROLE_TITLE);
    cells_put_c(c, x + 2, 0, "keys and marks", -1, ROLE_MUTED);
    columns(c, f, c->width, c->height, f->ui->text.top);
    if (c->height < FOOT_FROM)
        return;
    foot_paint(c, (struct box){0, c->height - FOOT, c->width, FOOT}, f, screen_help.footer);
    more_paint(c, c->height - 1, &f->ui->text);
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_NOTHING};

const struct screen_ops screen_help = {
    .name = "help", .footer = footer, .layout = adapt, .paint = paint, .acts = text_acts};
