/* A menu over the call: which branch is to fail, and how. */
#include <string.h>
#include "net/base/utf8.h"
#include "tui/view/pane.h"

enum { FAULTS = 1000,       /* added to the place of a fault, for a click */
       WIDTH = 64, BRANCH_COLUMN = 18, NARROW_COLUMN = 13, KIND_COLUMN = 13, AROUND = 4 };

static void
item_paint(struct cells *c, int x, int y, int width, const char *text, bool is_chosen)
{
    if (is_chosen)
        cells_glyph(c, x, y, GLYPH_SELECTED, ROLE_KEY);
    cells_put_c(c, x + 2, y, text, width - 3, is_chosen ? ROLE_STRONG : ROLE_TEXT);
    if (is_chosen)
        cells_select(c, x + 2, y, utf8_str_width(str_from(text)), SELECTION_NAME);
}

static void
frame_paint(struct cells *c, struct box b, const char *title)
{
    int bottom = b.y + b.height - 1, right = b.x + b.width - 1;
    cells_blank(c, b);
    rule_paint(c, (struct box){b.x, b.y, b.width, 1}, title);
    cells_repeat(c, b.x, bottom, b.width, GLYPH_LINE, ROLE_RULE);
    for (int y = b.y + 1; y < bottom; y++) {
        cells_glyph(c, b.x, y, GLYPH_BAR, ROLE_RULE);
        cells_glyph(c, right, y, GLYPH_BAR, ROLE_RULE);
    }
    cells_glyph(c, b.x, b.y, GLYPH_TOP_LEFT, ROLE_RULE);
    cells_glyph(c, right, b.y, GLYPH_TOP_RIGHT, ROLE_RULE);
    cells_glyph(c, b.x, bottom, GLYPH_BOTTOM_LEFT, ROLE_RULE);
    cells_glyph(c, right, bottom, GLYPH_BOTTOM_RIGHT, ROLE_RULE);
}

static void
keys_paint(struct cells *c, int x, int y, int gap, const struct frame *f)
{
    static const struct {
        enum action_id key, other;      /* DO_NOTHING: there is one key */
        const char *does;
    } keys[] = {{DO_UP, DO_DOWN, "branch"},
                {DO_EARLIER, DO_LATER, "how"},
                {DO_INSPECT, DO_NOTHING, "run"},
                {DO_BACK, DO_NOTHING, "back"}};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        int begin = x;
        x = cells_put(c, x, y, keymap_first_key(&f->ui->keymap, keys[i].key, c->is_ascii), -1,
                      ROLE_KEY);
        if (keys[i].other)
            x = cells_put(c, x + (c->is_ascii ? 1 : 0), y,
                          keymap_first_key(&f->ui->keymap, keys[i].other, c->is_ascii), -1,
                          ROLE_KEY);
        x = cells_put_c(c, x + 1, y, keys[i].does, -1, ROLE_MUTED);
        if (!keys[i].other)
            hits_add(f->hits, (struct box){begin, y, x - begin, 1}, HIT_ACTION, keys[i].key);
        x += gap;
    }
}

static void
fault_paint(struct cells *c, struct box b, const struct frame *f, size_t i)
{
    const struct snapshot_fault *fault = &f->s->faults[i];
    item_paint(c, b.x, b.y, KIND_COLUMN + 2, fault->kind, i == f->ui->fault);
    hits_add(f->hits, (struct box){b.x, b.y, b.width - 1, 1}, HIT_ROW, FAULTS + i);
    cells_put_c(c, b.x + KIND_COLUMN + 2, b.y, fault->meaning, b.width - KIND_COLUMN - 3, ROLE_MUTED);
}

static void
paint(struct cells *c, const struct frame *f)
{
    const struct snapshot *s = f->s;
    size_t rows = s->branch_count > s->fault_count ? s->branch_count : s->fault_count;
    struct box b = {0, 0, c->width < WIDTH ? c->width : WIDTH, (int)rows + AROUND};
    bool is_narrow = b.width < WIDTH;
    int branch_column = is_narrow ? NARROW_COLUMN : BRANCH_COLUMN;
    screen_call.paint(c, f);
    hits_clear(f->hits);
    /* The call's keys do something else now. */
    if (layout_foot(c->height))
        cells_blank(c, (struct box){0, c->height - 1, c->width, 1});
    hits_add(f->hits, (struct box){0, 0, c->width, c->height}, HIT_ACTION, DO_BACK);
    b.height = b.height > c->height ? c->height : b.height;
    b.x = (c->width - b.width) / 2;
    b.y = (c->height - b.height) / 2;
    hits_add(f->hits, b, HIT_NOTHING, 0);
    frame_paint(c, b, "make it fail");
    /* On a low screen the chosen fault stays in sight. */
    size_t room = b.height > 3 ? (size_t)b.height - 3 : 0;
    size_t first = f->ui->fault >= room && room ? f->ui->fault - room + 1 : 0;
    for (size_t i = 0; i < rows && i < room; i++) {
        int y = b.y + 1 + (int)i, x = b.x + 2, end = b.x + b.width;
        if (i < s->branch_count) {
            item_paint(c, x, y, branch_column, s->branches[i], i == f->ui->branch);
            hits_add(f->hits, (struct box){x, y, branch_column, 1}, HIT_ROW, i);
        }
        if (first + i < s->fault_count && x + branch_column + KIND_COLUMN <= end)
            fault_paint(c, (struct box){x + branch_column, y, end - x - branch_column, 1}, f,
                        first + i);
    }
    if (b.height > 2)
        keys_paint(c, b.x + 2, b.y + b.height - 2, is_narrow ? 1 : 2, f);
}

static void
choose(size_t *at, size_t count, int by)
{
    if (by < 0 && *at > 0)
        (*at)--;
    if (by > 0 && *at + 1 < count)
        (*at)++;
}

static enum ui_effect
branch_up(struct ui *ui, const struct frame *f)
{
    choose(&ui->branch, f->s->branch_count, -1);
    return UI_REPAINT;
}

static enum ui_effect
branch_down(struct ui *ui, const struct frame *f)
{
    choose(&ui->branch, f->s->branch_count, 1);
    return UI_REPAINT;
}

static enum ui_effect
fault_before(struct ui *ui, const struct frame *f)
{
    choose(&ui->fault, f->s->fault_count, -1);
    return UI_REPAINT;
}

static enum ui_effect
fault_after(struct ui *ui, const struct frame *f)
{
    choose(&ui->fault, f->s->fault_count, 1);
    return UI_REPAINT;
}

static enum ui_effect
accept(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui_back(ui);
    return UI_FAIL_BRANCH;
}

static enum ui_effect
leave(struct ui *ui, const struct frame *f)
{
    (void)f;
    ui_back(ui);
    return UI_REPAINT;
}

/* A menu has no pane beside it. */
static enum ui_effect
stay(struct ui *ui, const struct frame *f)
{
    (void)ui;
    (void)f;
    return UI_NOTHING;
}

static enum ui_effect
click(struct ui *ui, const struct frame *f, size_t value, bool is_double)
{
    if (value < FAULTS && value < f->s->branch_count)
        ui->branch = value;
    else if (value >= FAULTS && value - FAULTS < f->s->fault_count)
        ui->fault = value - FAULTS;
    return is_double ? accept(ui, f) : UI_REPAINT;
}

static const screen_act_fn acts[DO_COUNT] = {
    [DO_UP] = branch_up,         [DO_DOWN] = branch_down,  [DO_EARLIER] = fault_before,
    [DO_LATER] = fault_after,    [DO_INSPECT] = accept,    [DO_FAIL] = leave,
    [DO_NEXT_PANE] = stay,       [DO_PREVIOUS_PANE] = stay,
};

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    screen_call.layout(ui, f, width, height);
}

const struct screen_ops screen_fault = {
    .name = "fail a branch",
    .layout = adapt,
    .paint = paint,
    .acts = acts,
    .click = click};
