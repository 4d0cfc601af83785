/* The keys, from their table, and what the marks mean. What is looked for leaves only the lines
 * that have it, and the titles above them. */
#include <ctype.h>
#include <stdio.h>
#include "tui/view/pane.h"

enum { WANTED_MAX = 64, KEYS = 15, COLUMN = 48, COLUMNS_MOST = 4, HEAD = 2, FOOT = 2, AROUND_FROM = 6 };

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
             {GLYPH_ALERT, ROLE_FAILED, "the call succeeded, a branch of it did not"},
             {GLYPH_SELECTED, ROLE_KEY, "what is selected"},
             {GLYPH_FOLDED, ROLE_MUTED, "more is folded below it"},
             {GLYPH_ELLIPSIS, ROLE_MUTED, "there was more than fits"},
             {GLYPH_JOIN_INTO, ROLE_JOIN, "gets the results of the rows on its line"},
             {GLYPH_STRAGGLER, ROLE_WARNING, "straggler: the others waited for it"},
             {GLYPH_TIME_FLIGHT, ROLE_FLIGHT, "time: on its way"},
             {GLYPH_TIME_WAIT, ROLE_PATIENCE, "time: waits for data"},
             {GLYPH_TIME_RUN, ROLE_EXECUTED, "time: the block that ran it"},
             {GLYPH_TIME_CRITICAL, ROLE_CRITICAL, "time: and the call waited for that"},
             {GLYPH_TIME_FAILED, ROLE_BROKEN, "time: the block in which it failed"},
             {GLYPH_TIME_TIP, ROLE_FLIGHT, "time: still under way"},
             {GLYPH_SOURCE_ON, ROLE_OK, "a source of news, connected"},
             {GLYPH_SOURCE_OFF, ROLE_WARNING, "a source that is off, or does not answer"}};

struct help {
    char wanted[WANTED_MAX];            /* in small letters; empty: everything */
};

/* Lines of one column; with `c` NULL they are only counted. */
struct column {
    struct cells *c;
    struct box b;
    int line, skip;
    const char *wanted;
};

static bool
has(const char *text, const char *wanted)
{
    for (; *text; text++) {
        size_t n = 0;
        while (wanted[n] && tolower((unsigned char)text[n]) == wanted[n])
            n++;
        if (!wanted[n])
            return true;
    }
    return false;
}

static bool
is_wanted(const struct column *k, const char *key, const char *text)
{
    return !k->wanted[0] || has(key, k->wanted) || has(text, k->wanted);
}

static int
row_of(struct column *k)
{
    int y = k->b.y + k->line++ - k->skip;
    return k->c && y >= k->b.y && y < k->b.y + k->b.height ? y : -1;
}

/* One section: the actions of a group, the marks, or what can be filtered by. */
enum { SECTION_MARKS = GROUP_COUNT, SECTION_FIELDS, SECTION_COUNT };

static void
title(struct column *k, const char *text)
{
    int y = row_of(k);
    if (y >= 0)
        cells_put_c(k->c, k->b.x, y, text, k->b.width, ROLE_TITLE);
}

static void
pair(struct column *k, const char *key, const char *text)
{
    int y = is_wanted(k, key, text) ? row_of(k) : -1;
    if (y < 0)
        return;
    cells_put_c(k->c, k->b.x, y, key, KEYS - 1, ROLE_KEY);
    cells_put_c(k->c, k->b.x + KEYS, y, text, k->b.width - KEYS, ROLE_TEXT);
}

static void
keys(struct column *k, const struct frame *f, enum action_group group)
{
    struct buf names;
    buf_init(&names, 1024);
    title(k, action_group_name(group));
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        const struct action_text *t = action_text_of((enum action_id)id);
        if (t->group != group)
            continue;
        buf_clear(&names);
        keymap_keys(&f->ui->keymap, (enum action_id)id, k->c && k->c->is_ascii, &names);
        pair(k, buf_c(&names), t->help);
    }
    buf_release(&names);
}

static void
legend(struct column *k)
{
    title(k, "marks");
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        int y = is_wanted(k, glyph_text(marks[i].glyph, k->c && k->c->is_ascii), marks[i].text)
                    ? row_of(k) : -1;
        if (y < 0)
            continue;
        cells_glyph(k->c, k->b.x, y, marks[i].glyph, marks[i].role);
        cells_put_c(k->c, k->b.x + 3, y, marks[i].text, k->b.width - 3, ROLE_TEXT);
    }
}

static void
fields(struct column *k)
{
    title(k, "what can be looked for, and filtered by");
    for (int field = PICK_ANY + 1; field < PICK_FIELD_COUNT; field++)
        pair(k, pick_field_name((enum pick_field)field), pick_field_help((enum pick_field)field));
}

static void
section_lines_of(struct column *k, const struct frame *f, int i)
{
    if (i == SECTION_MARKS)
        legend(k);
    else if (i == SECTION_FIELDS)
        fields(k);
    else
        keys(k, f, (enum action_group)i);
}

static const char *
wanted_of(const struct frame *f)
{
    const struct help *h = screen_state_seen(f, UI_HELP);
    return h ? h->wanted : "";
}

/* With its title and the blank below it; 0: nothing in it is wanted. */
static int
section_lines(const struct frame *f, int i)
{
    struct column none = {.wanted = wanted_of(f)};
    section_lines_of(&none, f, i);
    return none.line > 1 ? none.line + 1 : 0;
}

static void
section(struct column *k, const struct frame *f, int i)
{
    if (!section_lines(f, i))
        return;
    section_lines_of(k, f, i);
    k->line++;
}

/* Between title and footer, where there is room for them. */
static struct box
body_of(int width, int height)
{
    bool has_room = height >= AROUND_FROM;
    int head = has_room ? HEAD : 0, foot = has_room ? FOOT : 0;
    return (struct box){0, head, width, height - head - foot};
}

/* Sections side by side, about as many lines in each column. Returns how many lines there are. */
static int
columns(struct cells *c, const struct frame *f, struct box b, int skip)
{
    int count = b.width / COLUMN, all = 0, longest = 0, at = 0;
    count = count < 1 ? 1 : count > COLUMNS_MOST ? COLUMNS_MOST : count;
    for (int i = 0; i < SECTION_COUNT; i++)
        all += section_lines(f, i);
    struct column k = {c, {2, b.y, b.width / count - 4, b.height}, 0, skip, wanted_of(f)};
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (at + 1 < count && k.line && k.line + section_lines(f, i) / 2 > all / count) {
            k.line = 0;
            k.b.x = 2 + ++at * (b.width / count);
        }
        section(&k, f, i);
        longest = k.line - 1 > longest ? k.line - 1 : longest;
    }
    return longest;
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct box b = body_of(width, height);
    text_adapt(ui, columns(NULL, f, b, 0), b.height);
}

static void
paint(struct cells *c, const struct frame *f)
{
    struct box b = body_of(c->width, c->height);
    if (!columns(c, f, b, f->ui->text.top))
        cells_putf(c, 2, b.y, c->width - 3, ROLE_MUTED, "Nothing here has \"%s\".", wanted_of(f));
    if (!b.y)
        return;
    title_paint(c, 0, f);
    rule_paint(c, (struct box){0, 1, c->width, 1}, "keys and marks");
    text_foot_paint(c, FOOT, f, screen_help.footer);
}

static void
open(struct ui *ui)
{
    struct help *h = screen_state(ui, UI_HELP);
    h->wanted[0] = '\0';
}

static enum ui_effect
ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
    struct prompt_answer *answer)
{
    struct help *h = screen_state(ui, UI_HELP);
    int found = 0;
    if (!str_copy(str_trim(text), h->wanted, sizeof(h->wanted)))
        h->wanted[0] = '\0';
    for (char *p = h->wanted; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    ui->text.top = 0;
    for (int i = 0; i < SECTION_COUNT; i++) {
        int lines = section_lines(f, i);
        found += lines ? lines - 2 : 0;
    }
    answer->is_wrong = is_done && !found;
    if (h->wanted[0])
        snprintf(answer->text, sizeof(answer->text), found == 1 ? "%d line" : "%d lines", found);
    return UI_REPAINT;
}

static const enum action_id footer[] = {DO_BACK, DO_SEARCH, DO_NOTHING};

const struct screen_ops screen_help = {
    .name = "help",
    .footer = footer,
    .state_size = sizeof(struct help),
    .open = open,
    .layout = adapt,
    .paint = paint,
    .acts = text_acts,
    .ask = ask};
