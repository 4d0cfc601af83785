/* A new call: fields, each with what is wrong with it, checked as it is typed; and, where tokens
 * are real, what it is and can cost before it is signed. */
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tui/view/form.h"
#include "tui/view/pane.h"

enum { LABEL = 11, FOOT_FROM = 8, ARGS_MOST = 12, FIXED_ROWS = 12, TEXT_MOST = 1024 };

static const char *const labels[FORM_FIELDS] = {"contract", "method", "arguments", "gas",
                                                "deposit",  "signer", ""};

/* --- where its parts are ------------------------------------------------------------------------ */

/* As many rows as the arguments have, as far as there is room; each other field has its row, and
 * the words about the one that has the focus one below it. */
static int
args_rows(const struct form *form, int height)
{
    size_t last, column;
    text_place(text_str(&form->args), form->args.length, &last, &column);
    int rows = (int)last + 1, room = height - FIXED_ROWS;
    rows = rows > ARGS_MOST ? ARGS_MOST : rows;
    rows = rows > room ? room : rows;
    return rows < 1 ? 1 : rows;
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    struct form *form = form_of(ui, f->s);
    size_t line, column;
    int rows = args_rows(form, height);
    (void)width;
    text_place(text_str(&form->args), form->args.cursor, &line, &column);
    if ((int)line < form->args_top)
        form->args_top = (int)line;
    if ((int)line >= form->args_top + rows)
        form->args_top = (int)line - rows + 1;
}

/* --- painting ----------------------------------------------------------------------------------- */

static struct str
take_line(struct str *rest)
{
    ptrdiff_t end = str_find_byte(*rest, '\n');
    struct str line = end < 0 ? *rest : str_slice(*rest, 0, (size_t)end);
    *rest = end < 0 ? str_slice(*rest, rest->n, rest->n) : str_slice(*rest, (size_t)end + 1, rest->n);
    return line;
}

/* A line of the arguments as a line of its own, so that it scrolls sideways with its cursor. */
static void
args_paint(struct cells *c, struct box b, const struct form *form, size_t wrong)
{
    struct str all = text_str(&form->args), rest = all;
    bool has_focus = form->focus == FORM_ARGS;
    for (int i = 0; i < form->args_top + b.height; i++) {
        size_t begin = (size_t)(rest.p - all.p);
        bool is_last = str_find_byte(rest, '\n') < 0;
        struct str text = take_line(&rest);
        struct line line = {.length = 0};
        size_t end = begin + text.n;
        if (i >= form->args_top) {
            bool has_cursor = has_focus && form->args.cursor >= begin && form->args.cursor <= end;
            if (line_set(&line, str_slice(text, 0, LINE_MAX_BYTES)))
                line.cursor = has_cursor && form->args.cursor - begin <= line.length
                                  ? form->args.cursor - begin
                                  : 0;
            line_paint(c, (struct box){b.x, b.y + i - form->args_top, b.width, 1}, &line, has_cursor,
                       wrong >= begin && wrong <= end ? wrong - begin : SIZE_MAX);
        }
        if (is_last)
            return;
    }
}

static void
hint_of(const struct form *form, const struct frame *f, enum form_field field, struct buf *out)
{
    switch (field) {
    case FORM_CONTRACT:
    case FORM_METHOD: buf_add_c(out, "PgUp: a call from before"); break;
    case FORM_ARGS: buf_add_c(out, "JSON; Enter breaks the line, Tab goes on"); break;
    case FORM_GAS: buf_add_c(out, "as \"100 Tgas\"; what is not used comes back"); break;
    case FORM_DEPOSIT: buf_add_c(out, "as \"0.1 NEAR\" or \"1 yoctoNEAR\""); break;
    case FORM_SIGNER:
        buf_addf(out, "%zu key%s found; PgUp, PgDn: another one", f->s->signer_count,
                 f->s->signer_count == 1 ? "" : "s");
        break;
    case FORM_SEND:
        buf_addf(out, "Enter signs it and sends it on %s", f->s->network);
        break;
    case FORM_FIELDS: break;
    }
    (void)form;
}

/* What is wrong with the field; or, where the focus is, what can be done. Returns rows used. */
static int
words_paint(struct cells *c, int x, int y, const struct form *form, const struct frame *f,
            enum form_field field)
{
    struct diag d = {0};
    struct buf hint;
    size_t at;
    bool has_focus = form->focus == field;
    /* An empty field is only told to be one once it was left, or something is to be sent. */
    bool is_empty = field != FORM_ARGS && form->line[field].length == 0 && !has_focus;
    if (form_check(form, field, &at, &d) && !is_empty && !(has_focus && !form->line[field].length &&
                                                          field != FORM_ARGS)) {
        return cells_wrap(c, x, y, c->width - x - 1, 2, str_from(diag_text(&d)), ROLE_FAILED);
    }
    if (!has_focus)
        return 0;
    buf_init(&hint, TEXT_MOST);
    hint_of(form, f, field, &hint);
    cells_put(c, x, y, buf_str(&hint), c->width - x - 1, ROLE_MUTED);
    buf_release(&hint);
    return 1;
}

static void
send_paint(struct cells *c, int x, int y, const struct form *form)
{
    enum form_field wrong = form_wrong(form);
    char text[64];
    if (wrong == FORM_FIELDS)
        snprintf(text, sizeof(text), "[ send ]");
    else
        snprintf(text, sizeof(text), "[ send ]  not yet: %s", labels[wrong]);
    cells_put_c(c, x, y, text, c->width - x - 1, wrong == FORM_FIELDS ? ROLE_KEY : ROLE_MUTED);
    if (form->focus == FORM_SEND)
        cells_select(c, x, y, 8, SELECTION_NAME);
}

static int
field_paint(struct cells *c, int y, int height, const struct form *form, const struct frame *f,
            enum form_field field)
{
    struct diag ignored = {0};
    size_t wrong = SIZE_MAX;
    int x = c->width < 40 ? 2 : LABEL + 2, rows = 1, width = c->width - x - 1;
    bool has_focus = form->focus == field;
    if (form_check(form, field, &wrong, &ignored) == OK)
        wrong = SIZE_MAX;
    if (x > 2)
        cells_put_c(c, 2, y, labels[field], LABEL - 1, has_focus ? ROLE_TITLE : ROLE_MUTED);
    if (has_focus)
        cells_glyph(c, 0, y, GLYPH_SELECTED, ROLE_KEY);
    if (field == FORM_ARGS) {
        rows = args_rows(form, height);
        args_paint(c, (struct box){x, y, width, rows}, form, wrong);
    } else if (field == FORM_SEND) {
        send_paint(c, x, y, form);
    } else {
        line_paint(c, (struct box){x, y, width, 1}, &form->line[field], has_focus, SIZE_MAX);
    }
    hits_add(f->hits, (struct box){0, y, c->width, rows}, HIT_ROW, (size_t)field);
    return rows + words_paint(c, x, y + rows, form, f, field);
}

static void
question_paint(struct cells *c, struct box b, const struct form *form)
{
    struct str rest = str_from(form->question);
    int y = b.y;
    while (rest.n && y < b.y + b.height - 2) {
        struct str line = take_line(&rest);
        y += cells_wrap(c, 2, y, b.width - 4, b.y + b.height - 2 - y, line, ROLE_TEXT);
    }
    cells_put_c(c, 2, b.y + b.height - 1, "y signs it and sends it; any other key goes back",
                b.width - 4, ROLE_SHOUT);
}

static void
paint(struct cells *c, const struct frame *f)
{
    const struct form *form = screen_state_seen(f, UI_FORM);
    bool has_head = c->height >= FOOT_FROM, has_trouble = has_head && head_has_trouble(f);
    int foot = has_head ? 2 : 0, y = has_head ? 2 + has_trouble : 0;
    struct box body = {0, y, c->width, c->height - foot - y};
    if (has_head) {
        title_paint(c, 0, f);
        if (has_trouble)
            trouble_paint(c, 1, f);
        rule_paint(c, (struct box){0, y - 1, c->width, 1},
                   form->question[0] ? "is this to be sent?" : "a new call");
        foot_paint(c, (struct box){0, c->height - 2, c->width, 2}, f, screen_form.footer);
        if (!form->question[0])
            cells_put_c(c, 1, c->height - 1, "Tab next   F2 send   PgUp earlier call   Esc back",
                        c->width - 2, ROLE_MUTED);
    }
    struct box before = cells_clip(c, body);
    if (form->question[0]) {
        question_paint(c, body, form);
    } else {
        /* Where not all fit, the one that has the focus is seen. */
        int first = body.height >= FIXED_ROWS - 3 ? 0 : (int)form->focus > 1 ? (int)form->focus - 1 : 0;
        for (int i = first; i < FORM_FIELDS && y < body.y + body.height; i++)
            y += field_paint(c, y, c->height, form, f, (enum form_field)i);
    }
    cells_unclip(c, before);
}

/* --- keys --------------------------------------------------------------------------------------- */

static void
go(struct form *form, int by)
{
    form->focus = (enum form_field)(((int)form->focus + by + FORM_FIELDS) % FORM_FIELDS);
}

static enum ui_effect
send(struct ui *ui, struct form *form)
{
    enum form_field wrong = form_wrong(form);
    if (wrong == FORM_FIELDS)
        return UI_SEND;
    form->focus = wrong;
    snprintf(ui->told, sizeof(ui->told), "the %s cannot be sent so", labels[wrong]);
    return UI_REPAINT;
}

static void
choose_signer(struct form *form, const struct snapshot *s, int by)
{
    if (!s->signer_count)
        return;
    form->signer = (form->signer + s->signer_count + (size_t)by) % s->signer_count;
    line_set(&form->line[FORM_SIGNER], str_from(s->signers[form->signer]));
}

/* Through the calls that were made before, the newest first. */
static void
choose_call(struct ui *ui, struct form *form, const struct store *s, int by)
{
    size_t back = form->back;
    while (by > 0 ? back < s->recent_count : back > 1) {
        back += (size_t)by;
        if (form_fill(form, s->recent[s->recent_count - back])) {
            form->back = back;
            return;
        }
    }
    snprintf(ui->told, sizeof(ui->told), by > 0 ? "there is no earlier call" : "there is no later one");
}

static bool
answer(struct ui *ui, struct form *form, const struct key *k, enum ui_effect *effect)
{
    bool is_yes = k->special == KEY_CHARACTER && (k->scalar == 'y' || k->scalar == 'Y');
    if (k->special == KEY_POINTER)
        return false;
    form->is_confirmed = is_yes;
    *effect = is_yes ? UI_SEND : UI_REPAINT;
    if (!is_yes)
        snprintf(ui->told, sizeof(ui->told), "nothing was signed or sent");
    form->question[0] = '\0';
    return true;
}

static bool
edit(struct form *form, const struct key *k)
{
    if (form->focus == FORM_ARGS)
        return text_key(&form->args, k);
    if (form->focus == FORM_SEND || k->special == KEY_ARROW_UP || k->special == KEY_ARROW_DOWN)
        return false;
    return line_key(&form->line[form->focus], NULL, k);
}

static bool
key(struct ui *ui, const struct frame *f, const struct key *k, enum ui_effect *effect)
{
    struct form *form = form_of(ui, f->s);
    bool is_signer = form->focus == FORM_SIGNER;
    *effect = UI_REPAINT;
    if (form->question[0])
        return answer(ui, form, k, effect);
    switch (k->special) {
    case KEY_POINTER: return false;
    case KEY_TAB: go(form, 1); return true;
    case KEY_BACK_TAB: go(form, -1); return true;
    case KEY_FUNCTION_2: *effect = send(ui, form); return true;
    case KEY_ESCAPE: ui_back(ui); return true;
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        if (is_signer)
            choose_signer(form, f->s, k->special == KEY_PAGE_UP ? -1 : 1);
        else
            choose_call(ui, form, f->s->store, k->special == KEY_PAGE_UP ? 1 : -1);
        return true;
    case KEY_RETURN:
        if (form->focus == FORM_ARGS)
            break;
        if (form->focus == FORM_SEND)
            *effect = send(ui, form);
        else
            go(form, 1);
        return true;
    default: break;
    }
    if (edit(form, k))
        return true;
    if (k->special == KEY_ARROW_UP || k->special == KEY_ARROW_DOWN) {
        go(form, k->special == KEY_ARROW_UP ? -1 : 1);
        return true;
    }
    /* A control key is a command; a letter on the button is, too. */
    return k->special != KEY_CHARACTER || (k->scalar >= 0x20 && form->focus != FORM_SEND);
}

static enum ui_effect
click(struct ui *ui, const struct frame *f, size_t value, bool is_double)
{
    struct form *form = form_of(ui, f->s);
    (void)is_double;
    if (form->question[0] || value >= FORM_FIELDS)
        return UI_NOTHING;
    form->focus = (enum form_field)value;
    return value == FORM_SEND ? send(ui, form) : UI_REPAINT;
}

static void
open(struct ui *ui)
{
    struct form *form = screen_state(ui, UI_FORM);
    form->focus = FORM_CONTRACT;
    form->back = 0;
    form->question[0] = '\0';
    form->is_confirmed = false;
}

/* Its keys are those of the fields. */
static const enum action_id footer[] = {DO_NOTHING};

const struct screen_ops screen_form = {.name = "new call",
                                       .footer = footer,
                                       .state_size = sizeof(struct form),
                                       .open = open,
                                       .layout = adapt,
                                       .paint = paint,
                                       .key = key,
                                       .click = click};
