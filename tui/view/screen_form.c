/* A new call: fields, each with what is wrong with it, checked as it is typed; what it can cost;
 * calls to begin with; and, where tokens are real, all of it once more before it is signed. */
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tui/view/form_part.h"

enum { HEAD_FROM = 8, BESIDE_FROM = 100, LIST_LEAST = 40, LIST_MOST = 80, NARROW = 36,
       LABEL = 14, LABEL_NARROW = 7, SEND_WIDTH = 8, ARGS_LEAST = 3, OTHER_ROWS = 5 };

const struct form_key_text form_keys[FORM_KEY_COUNT] = {
    {"F2", "send"},       {"F3", "calls"},          {"Tab", "next"},
    {"Esc", "back"},      {"PgUp", "earlier call"}, {"F4", "lay out"}};

/* --- the words about a field ---------------------------------------------------------------------- */

static void
hint_of(const struct frame *f, enum form_field field, struct buf *out)
{
    const struct snapshot *s = f->s;
    switch (field) {
    case FORM_CONTRACT:
        buf_add_c(out, "Whom it calls. F3 lists calls of the settings and earlier ones.");
        break;
    case FORM_METHOD: buf_add_c(out, "The method, as the contract spells it."); break;
    case FORM_ARGS:
        buf_add_c(out, "JSON. Enter breaks the line, F4 lays it out, Tab goes on.");
        break;
    case FORM_GAS:
        buf_add_c(out, "As 100 Tgas, 30T or 5 Ggas. What is not used comes back.");
        break;
    case FORM_DEPOSIT:
        buf_add_c(out, "Tokens for the contract, as 0.1 NEAR or 1 yoctoNEAR.");
        break;
    case FORM_SIGNER:
        if (s->signer_count)
            buf_addf(out, "Who signs. %zu key%s found: PgUp and PgDn take another, F3 lists them.",
                     s->signer_count, s->signer_count == 1 ? "" : "s");
        else if (s->knows_signers)
            buf_addf(out, "Who signs. No key was found for %s: F3 says where they are looked for.",
                     s->network);
        else
            buf_add_c(out, "Who signs. The key was given, or is made of the name.");
        break;
    case FORM_SEND:
        buf_addf(out, s->asks_first ? "Enter shows once more what is sent on %s, and asks."
                                    : "Enter signs it and sends it on %s.", s->network);
        break;
    case FORM_FIELDS: break;
    }
}

/* What is wrong with the field, what will hardly go well, or what can be done. */
static enum role
words_of(const struct form *form, const struct frame *f, enum form_field field, struct buf *out)
{
    struct diag d = {0};
    size_t at;
    bool is_empty = field != FORM_ARGS && form->now.line[field].length == 0;
    if (form_check(form, field, &at, &d) && !is_empty) {
        buf_add_c(out, diag_text(&d));
        return ROLE_FAILED;
    }
    if (form_warns(form, f->s, field, out))
        return ROLE_WARNING;
    hint_of(f, field, out);
    return ROLE_MUTED;
}

/* --- where its parts are ------------------------------------------------------------------------ */

static int
help_rows(const struct form *form, const struct frame *f, int width, int height)
{
    struct buf words;
    if (height >= 16)
        return 3;
    if (height >= 12 || height < 4)
        return height < 4 ? 0 : 2;
    buf_init(&words, FORM_WORDS_MAX);
    words_of(form, f, form->focus, &words);
    bool fits = utf8_str_width(buf_str(&words)) <= width - 3;
    buf_release(&words);
    return fits ? 1 : 2;
}

static int
args_rows(const struct form *form, int width, int most)
{
    int rows = form_args_rows(form, width, most > 1 ? most : 1);
    rows = rows < ARGS_LEAST ? ARGS_LEAST : rows;
    rows = rows > most ? most : rows;
    return rows < 1 ? 1 : rows;
}

struct form_parts
form_parts_of(const struct form *form, const struct frame *f, int width, int height)
{
    bool has_head = height >= HEAD_FROM;
    struct form_parts p = {.head = has_head ? 2 + head_has_trouble(f) : 0, .foot = has_head ? 2 : 0};
    struct box body = {0, p.head, width, height - p.head - p.foot};
    bool has_list = form->list != FORM_LIST_NONE && !form->question[0];
    p.is_beside = width >= BESIDE_FROM && has_head && !form->question[0];
    if (p.is_beside) {
        int list = width * 2 / 5;
        list = list < LIST_LEAST ? LIST_LEAST : list > LIST_MOST ? LIST_MOST : list;
        body.width -= list + 1;
        p.list = (struct box){body.width + 1, body.y, list, body.height};
    } else if (has_list) {
        p.list = body;
    }
    int help = help_rows(form, f, body.width, body.height);
    p.fields = (struct box){0, body.y, body.width, body.height - help};
    p.help = (struct box){0, body.y + body.height - help, body.width, help};
    p.label = body.width < NARROW ? LABEL_NARROW : LABEL;
    p.gap = body.height >= 14;
    p.cost_rows = body.height < 10 || body.width >= 100 ? 1 : 2;
    p.args_rows = args_rows(form, p.fields.width - p.label - 1,
                            p.fields.height - OTHER_ROWS - p.gap - 1 - p.cost_rows);
    int used = OTHER_ROWS + p.args_rows + p.gap + 1 + p.cost_rows;
    /* The words stand below the fields where there is room for all: near to where the eye is. */
    if (used + 1 < p.fields.height)
        p.help.y = p.fields.y + used + 1;
    return p;
}

static int
height_of(const struct form_parts *p, int field)
{
    return field == FORM_ARGS   ? p->args_rows
           : field == FORM_SEND ? p->gap + 1 + p->cost_rows
                                : 1;
}

/* How many rows are above what is seen: none where all fit; else as many as the focus needs. */
static int
rows_above(const struct form *form, const struct form_parts *p)
{
    int all = 0, begin = 0, end = 0;
    for (int i = 0; i < FORM_FIELDS; i++) {
        begin = i == (int)form->focus ? all : begin;
        all += height_of(p, i);
        end = i == (int)form->focus ? all : end;
    }
    int over = all - p->fields.height, top = begin - 1;
    top = end - top > p->fields.height ? end - p->fields.height : top;
    top = top > over ? over : top;
    return top < 0 ? 0 : top;
}

static void
question_adapt(struct form *form, int width, int room)
{
    struct str rest = str_from(form->question), line, part;
    int rows = 0;
    while (str_take_until(&rest, '\n', &line)) {
        do
            rows++;
        while (cells_take_line(&line, width, &part) && line.n);
    }
    /* What it can cost takes a row of its own then. */
    form->question_over = rows > room ? rows - room + 1 : 0;
    if (form->question_top > form->question_over)
        form->question_top = form->question_over;
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct form *form = form_of(ui, f->s);
    struct form_parts p = form_parts_of(form, f, width, height);
    int row, column, args_width = p.fields.width - p.label - 1;
    form->width = width;
    form->height = height;
    form_args_cursor(form, args_width, &row, &column);
    int over = form_args_rows(form, args_width, TEXT_MAX_BYTES) - p.args_rows;
    form->args_top = row < form->args_top ? row : form->args_top;
    form->args_top = row >= form->args_top + p.args_rows ? row - p.args_rows + 1 : form->args_top;
    form->args_top = form->args_top > over ? over : form->args_top;
    form->args_top = form->args_top < 0 ? 0 : form->args_top;
    if (p.list.height)
        form_list_adapt(form, f, p.list.height);
    if (form->question[0])
        question_adapt(form, width - 4, height - p.head - p.foot - 2);
}

/* --- painting ----------------------------------------------------------------------------------- */

static void
cost_paint(struct cells *c, int y, const struct form *form, const struct frame *f,
           const struct form_parts *p)
{
    struct buf sum, how;
    int x = p->label, width = p->fields.width - x - 1;
    buf_init(&sum, FORM_WORDS_MAX);
    buf_init(&how, FORM_WORDS_MAX);
    cells_put_c(c, 2, y, "cost", p->label - 3, ROLE_MUTED);
    if (!form_cost(form, f->s, &sum, &how)) {
        cells_glyph(c, x, y, GLYPH_UNKNOWN, ROLE_MUTED);
    } else if (p->cost_rows > 1) {
        cells_put(c, x, y, buf_str(&sum), width, ROLE_TEXT);
        cells_put(c, x, y + 1, buf_str(&how), width, ROLE_MUTED);
    } else {
        int end = cells_put(c, x, y, buf_str(&sum), width, ROLE_TEXT);
        if (width - (end - x) > 12)
            cells_putf(c, end, y, width - (end - x), ROLE_MUTED, ": %s", buf_c(&how));
    }
    buf_release(&sum);
    buf_release(&how);
}

static void
send_paint(struct cells *c, int y, const struct form *form, const struct frame *f,
           const struct form_parts *p)
{
    enum form_field wrong = form_wrong(form);
    bool is_ready = wrong == FORM_FIELDS;
    int x = cells_put_c(c, p->label, y, "[ send ]", p->fields.width - p->label - 1,
                        is_ready ? ROLE_KEY : ROLE_MUTED);
    if (form->focus == FORM_SEND && form->list == FORM_LIST_NONE)
        cells_select(c, p->label, y, SEND_WIDTH, SELECTION_NAME);
    cells_putf(c, x + 2, y, p->fields.width - x - 3, ROLE_MUTED, is_ready ? "on %s" : "not yet: %s",
               is_ready ? f->s->network : form_label(wrong));
}

static void
field_paint(struct cells *c, int y, const struct form *form, const struct frame *f,
            const struct form_parts *p, enum form_field field)
{
    struct diag ignored = {0};
    size_t wrong = SIZE_MAX;
    int rows = height_of(p, field), x = p->label, width = p->fields.width - x - 1;
    bool has_focus = form->focus == field, has_keys = has_focus && form->list == FORM_LIST_NONE;
    bool is_empty = field != FORM_ARGS && form->now.line[field].length == 0;
    bool is_wrong = form_check(form, field, &wrong, &ignored) != OK && !is_empty;
    if (field == FORM_SEND) {
        send_paint(c, y + p->gap, form, f, p);
        cost_paint(c, y + p->gap + 1, form, f, p);
        hits_add(f->hits, (struct box){x, y + p->gap, SEND_WIDTH, 1}, HIT_ROW, FORM_SEND);
    } else if (field == FORM_ARGS) {
        form_args_paint(c, (struct box){x, y, width, rows}, form, is_wrong ? wrong : SIZE_MAX, has_keys);
    } else {
        line_paint(c, (struct box){x, y, width, 1}, &form->now.line[field], has_keys,
                   is_wrong ? 0 : SIZE_MAX);
    }
    int at = field == FORM_SEND ? y + p->gap : y;
    cells_put_c(c, 2, at, form_label(field), p->label - 3, has_focus ? ROLE_TITLE : ROLE_MUTED);
    if (has_keys)
        cells_glyph(c, 0, at, GLYPH_SELECTED, ROLE_KEY);
    if (is_wrong)
        cells_glyph(c, 1, at, GLYPH_FAILED, ROLE_FAILED);
    if (field != FORM_SEND)
        hits_add(f->hits, (struct box){0, y, p->fields.width, rows}, HIT_ROW, (size_t)field);
}

static void
fields_paint(struct cells *c, const struct form *form, const struct frame *f,
             const struct form_parts *p)
{
    struct box before = cells_clip(c, p->fields);
    int y = p->fields.y - rows_above(form, p);
    for (int i = 0; i < FORM_FIELDS; i++) {
        field_paint(c, y, form, f, p, (enum form_field)i);
        y += height_of(p, i);
    }
    cells_unclip(c, before);
}

static void
help_paint(struct cells *c, const struct form *form, const struct frame *f,
           const struct form_parts *p)
{
    struct box b = p->help;
    struct buf words;
    buf_init(&words, FORM_WORDS_MAX);
    enum role role = words_of(form, f, form->focus, &words);
    struct box before = cells_clip(c, b);
    /* What lay under it may have been clicked: it is not seen. */
    hits_add(f->hits, b, HIT_ROW, FORM_FIELDS);
    if (b.height > 2)
        rule_paint(c, (struct box){b.x, b.y, b.width, 1}, form_label(form->focus));
    if (b.height > 0)
        cells_wrap(c, 2, b.y + (b.height > 2), b.width - 3, b.height > 2 ? 2 : b.height,
                   buf_str(&words), role);
    cells_unclip(c, before);
    buf_release(&words);
}

static void
foot_keys_paint(struct cells *c, const struct form *form, const struct frame *f)
{
    static const struct form_key_text list[] = {
        {"Enter", "take"}, {"Esc", "back"}, {"arrows", "choose"}, {"letters", "find"}};
    int x = 1, y = c->height - 1, apart = c->width < 60 ? 2 : 3;
    rule_paint(c, (struct box){0, c->height - 2, c->width, 1}, "");
    if (form->question[0])
        return;
    bool has_list = form->list != FORM_LIST_NONE;
    for (size_t i = 0; i < (has_list ? ARRAY_LEN(list) : FORM_KEY_COUNT); i++) {
        const struct form_key_text *t = has_list ? &list[i] : &form_keys[i];
        int needed = (int)strlen(t->key) + 1 + (int)strlen(t->word);
        size_t value = !has_list ? FORM_HIT_FOOT + i : i < 2 ? FORM_HIT_TAKE + i : FORM_HIT_LIST;
        if (x + needed >= c->width)
            continue;
        hits_add(f->hits, (struct box){x, y, needed, 1}, HIT_ROW, value);
        x = cells_put_c(c, x, y, t->key, -1, ROLE_KEY);
        x = cells_put_c(c, x + 1, y, t->word, -1, ROLE_MUTED) + apart;
    }
}

/* --- the question ------------------------------------------------------------------------------- */

/* Where not all is seen, what it can cost is. */
static void
cost_pinned_paint(struct cells *c, struct box b, const struct form *form)
{
    struct str rest = str_from(form->question), line;
    int left = form->question_over - form->question_top, y = b.y + b.height - 2;
    if (form->question_over <= 0)
        return;
    while (str_take_until(&rest, '\n', &line)) {
        if (str_starts(line, STR("costs ")))
            cells_put(c, 2, y - 1, line, b.width - 4, ROLE_STRONG);
    }
    if (left > 0)
        cells_putf(c, 2, y, b.width - 4, ROLE_WARNING, "%d more line%s: arrows", left,
                   left == 1 ? "" : "s");
}

static void
question_paint(struct cells *c, struct box b, const struct form *form, const struct frame *f)
{
    struct str rest = str_from(form->question), line, part;
    bool is_narrow = b.width < 54;
    int y = b.y - form->question_top, last = b.y + b.height - 1;
    int pinned = form->question_over > 0;
    struct box before = cells_clip(c, (struct box){b.x, b.y, b.width, b.height - 2 - pinned});
    while (str_take_until(&rest, '\n', &line)) {
        bool has_line;
        do {
            has_line = cells_take_line(&line, b.width - 4, &part);
            if (has_line)
                cells_put(c, 2, y, part, b.width - 4, ROLE_TEXT);
            y++;
        } while (has_line && line.n);
    }
    cells_unclip(c, before);
    cost_pinned_paint(c, b, form);
    int x = cells_put_c(c, 2, last, is_narrow ? "y signs and sends it" : "y signs it and sends it",
                        b.width - 4, ROLE_SHOUT);
    hits_add(f->hits, (struct box){2, last, x - 2, 1}, HIT_ROW, FORM_HIT_YES);
    int end = cells_put_c(c, x, last, is_narrow ? "; else: back" : "; any other key goes back",
                          b.width - 2 - x, ROLE_STRONG);
    hits_add(f->hits, (struct box){x, last, end - x, 1}, HIT_ROW, FORM_HIT_NO);
}

static void
paint(struct cells *c, const struct frame *f)
{
    const struct form *form = screen_state_seen(f, UI_FORM);
    struct form_parts p = form_parts_of(form, f, c->width, c->height);
    bool is_over = form->list != FORM_LIST_NONE && !p.is_beside && !form->question[0];
    if (p.head) {
        title_paint(c, 0, f);
        if (p.head > 2)
            trouble_paint(c, 1, 1, f);
        rule_paint(c, (struct box){0, p.head - 1, c->width, 1},
                   form->question[0]                ? "is this to be sent?"
                   : !is_over                       ? "a new call"
                   : form->list == FORM_LIST_SIGNERS ? "who signs"
                                                    : "a call to begin with");
    }
    if (p.foot)
        foot_keys_paint(c, form, f);
    if (form->question[0]) {
        question_paint(c, (struct box){0, p.head, c->width, c->height - p.head - p.foot}, form, f);
        return;
    }
    if (!is_over) {
        fields_paint(c, form, f, &p);
        help_paint(c, form, f, &p);
    }
    if (p.list.height > 0)
        form_list_paint(c, p.list, form, f);
    if (p.is_beside) {
        divider_paint(c, p.list.x - 1, p.list.y, p.list.height);
        if (p.help.height > 2)
            cells_glyph(c, p.list.x - 1, p.help.y, GLYPH_TEE_LEFT, ROLE_RULE);
        int rule = form_list_rule(form, p.list);
        if (rule >= 0)
            cells_glyph(c, p.list.x - 1, rule, rule == p.help.y ? GLYPH_CROSS : GLYPH_TEE, ROLE_RULE);
    }
}

static void
open(struct ui *ui)
{
    struct form *form = screen_state(ui, UI_FORM);
    form->question[0] = '\0';
    form->question_top = 0;
    form->is_confirmed = false;
    form_list_open(form, FORM_LIST_NONE);
}

/* Its keys are those of the fields. */
static const enum action_id footer[] = {DO_NOTHING};

const struct screen_ops screen_form = {.name = "new call",
                                       .footer = footer,
                                       .state_size = sizeof(struct form),
                                       .open = open,
                                       .layout = adapt,
                                       .paint = paint,
                                       .key = form_key,
                                       .acts = form_acts,
                                       .click = form_click};
