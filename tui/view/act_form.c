/* Keys and the mouse in the form of a new call. */
#include <stdio.h>
#include <string.h>
#include "tui/view/form_part.h"

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
    snprintf(ui->told, sizeof(ui->told), "the %s cannot be sent so", form_label(wrong));
    return UI_REPAINT;
}

static void
choose_signer(struct ui *ui, struct form *form, const struct snapshot *s, int by)
{
    if (!s->signer_count) {
        snprintf(ui->told, sizeof(ui->told), "no key was found here");
        return;
    }
    form->signer = (form->signer + s->signer_count + (size_t)by) % s->signer_count;
    form->is_typed |= line_set(&form->now.line[FORM_SIGNER], str_from(s->signers[form->signer]));
}

static void
choose_call(struct ui *ui, struct form *form, const struct snapshot *s, int by)
{
    bool was_typed = form->is_typed;
    if (!form_go_back(form, s, by))
        snprintf(ui->told, sizeof(ui->told), by > 0 ? "there is no earlier call"
                                                     : "there is no later one");
    else if (by > 0 && was_typed)
        snprintf(ui->told, sizeof(ui->told), "PgDn brings back what was typed");
}

static int
args_width(const struct form *form, const struct frame *f)
{
    struct form_parts p = form_parts_of(form, f, form->width, form->height);
    return p.fields.width - p.label - 1;
}

static void
lay_out(struct ui *ui, struct form *form, const struct frame *f)
{
    if (!form_lay_out(form, args_width(form, f)))
        snprintf(ui->told, sizeof(ui->told), "what is no JSON cannot be laid out");
    form->focus = FORM_ARGS;
}

/* --- the question ------------------------------------------------------------------------------- */

static void
question_move(struct form *form, int by)
{
    int top = form->question_top + by;
    top = top > form->question_over ? form->question_over : top;
    form->question_top = top < 0 ? 0 : top;
}

static enum ui_effect
decide(struct ui *ui, struct form *form, bool is_yes)
{
    form->is_confirmed = is_yes;
    form->question[0] = '\0';
    if (!is_yes)
        snprintf(ui->told, sizeof(ui->told), "nothing was signed or sent");
    return is_yes ? UI_SEND : UI_REPAINT;
}

static bool
answer(struct ui *ui, struct form *form, const struct key *k, enum ui_effect *effect)
{
    bool is_yes = k->special == KEY_CHARACTER && (k->scalar == 'y' || k->scalar == 'Y');
    *effect = UI_REPAINT;
    switch (k->special) {
    case KEY_POINTER: return false;
    case KEY_ARROW_UP: question_move(form, -1); return true;
    case KEY_ARROW_DOWN: question_move(form, 1); return true;
    case KEY_PAGE_UP: question_move(form, -form->height / 2); return true;
    case KEY_PAGE_DOWN: question_move(form, form->height / 2); return true;
    default: break;
    }
    *effect = decide(ui, form, is_yes);
    return true;
}

/* --- keys --------------------------------------------------------------------------------------- */

/* A value that is typed or pasted whole takes the place of the empty one: inside it would be none. */
static bool
begins_anew(const struct form *form, const struct key *k)
{
    bool is_text = k->special == KEY_CHARACTER || k->special == KEY_PASTE;
    return is_text && (k->scalar == '{' || k->scalar == '[') &&
           str_equal_c(text_str(&form->now.args), "{}");
}

static bool
edit(struct form *form, const struct frame *f, const struct key *k)
{
    bool is_used, is_vertical = k->special == KEY_ARROW_UP || k->special == KEY_ARROW_DOWN;
    size_t before = form->focus == FORM_ARGS ? form->now.args.length
                                             : form->now.line[form->focus].length;
    if (form->focus == FORM_ARGS && is_vertical)
        return form_args_move(form, args_width(form, f), k->special == KEY_ARROW_UP ? -1 : 1);
    if (form->focus == FORM_ARGS && begins_anew(form, k) && !text_set(&form->now.args, STR("")))
        return false;
    if (form->focus == FORM_ARGS)
        is_used = text_key(&form->now.args, k);
    else if (form->focus == FORM_SEND || is_vertical)
        return false;
    else
        is_used = line_key(&form->now.line[form->focus], NULL, k);
    size_t after = form->focus == FORM_ARGS ? form->now.args.length
                                            : form->now.line[form->focus].length;
    form->is_typed |= before != after;
    return is_used;
}

static void
tell_kept(struct ui *ui)
{
    struct str key = keymap_first_key(&ui->keymap, DO_NEW, true);
    if (key.n)
        snprintf(ui->told, sizeof(ui->told), "what was typed is kept: %.*s goes on", STR_ARG(key));
}

static enum ui_effect
run_key(struct ui *ui, struct form *form, const struct frame *f, enum form_key key)
{
    switch (key) {
    case FORM_KEY_SEND: return send(ui, form);
    case FORM_KEY_CALLS:
        form_list_open(form, form->list != FORM_LIST_NONE     ? FORM_LIST_NONE
                             : form->focus == FORM_SIGNER     ? FORM_LIST_SIGNERS
                                                              : FORM_LIST_CALLS);
        break;
    case FORM_KEY_NEXT: go(form, 1); break;
    case FORM_KEY_BACK:
        ui_back(ui);
        if (form->is_typed)
            tell_kept(ui);
        break;
    case FORM_KEY_EARLIER: choose_call(ui, form, f->s, 1); break;
    case FORM_KEY_LAY_OUT: lay_out(ui, form, f); break;
    case FORM_KEY_COUNT: break;
    }
    return UI_REPAINT;
}

/* The key of the footer that this is, or FORM_KEY_COUNT. */
static enum form_key
key_of(const struct form *form, const struct key *k)
{
    bool is_signer = form->focus == FORM_SIGNER;
    switch (k->special) {
    case KEY_FUNCTION_2: return FORM_KEY_SEND;
    case KEY_FUNCTION_3: return FORM_KEY_CALLS;
    case KEY_FUNCTION_4: return FORM_KEY_LAY_OUT;
    case KEY_TAB: return FORM_KEY_NEXT;
    case KEY_ESCAPE: return FORM_KEY_BACK;
    case KEY_PAGE_UP: return is_signer ? FORM_KEY_COUNT : FORM_KEY_EARLIER;
    case KEY_CHARACTER: return k->scalar == 18 ? FORM_KEY_CALLS : FORM_KEY_COUNT;
    case KEY_RETURN:
        return form->focus == FORM_ARGS   ? FORM_KEY_COUNT
               : form->focus == FORM_SEND ? FORM_KEY_SEND
                                          : FORM_KEY_NEXT;
    default: return FORM_KEY_COUNT;
    }
}

bool
form_key(struct ui *ui, const struct frame *f, const struct key *k, enum ui_effect *effect)
{
    struct form *form = form_of(ui, f->s);
    *effect = UI_REPAINT;
    if (form->question[0])
        return answer(ui, form, k, effect);
    if (k->special == KEY_POINTER)
        return false;
    if (form_list_key(ui, form, f, k))
        return true;
    enum form_key key = form->list == FORM_LIST_NONE ? key_of(form, k) : FORM_KEY_COUNT;
    if (key != FORM_KEY_COUNT) {
        *effect = run_key(ui, form, f, key);
        return true;
    }
    switch (k->special) {
    case KEY_BACK_TAB: go(form, -1); return true;
    case KEY_PAGE_UP: choose_signer(ui, form, f->s, -1); return true;
    case KEY_PAGE_DOWN:
        if (form->focus == FORM_SIGNER)
            choose_signer(ui, form, f->s, 1);
        else
            choose_call(ui, form, f->s, -1);
        return true;
    default: break;
    }
    if (edit(form, f, k))
        return true;
    if (k->special == KEY_ARROW_UP || k->special == KEY_ARROW_DOWN) {
        go(form, k->special == KEY_ARROW_UP ? -1 : 1);
        return true;
    }
    /* A control key is a command; a letter on the button is, too. */
    return k->special != KEY_CHARACTER || (k->scalar >= 0x20 && form->focus != FORM_SEND);
}

/* --- the mouse ---------------------------------------------------------------------------------- */

/* The cursor goes where it was pointed at. */
static void
point(struct form *form, const struct frame *f, enum form_field field, int x, int y)
{
    struct form_parts p = form_parts_of(form, f, form->width, form->height);
    struct hit hit = hits_at(f->hits, x, y);
    int width = p.fields.width - p.label - 1, column = x - p.label;
    column = column < 0 ? 0 : column;
    if (field == FORM_ARGS) {
        form_args_point(form, width, form->args_top + (y - hit.box.y), column);
    } else if (field < FORM_SEND) {
        struct line *line = &form->now.line[field];
        line->cursor = line_byte_at(line, width, column);
    }
    form->focus = field;
}

enum ui_effect
form_click(struct ui *ui, const struct frame *f, size_t value, bool is_double)
{
    struct form *form = form_of(ui, f->s);
    (void)is_double;
    if (form->question[0])
        return value == FORM_HIT_YES || value == FORM_HIT_NO ? decide(ui, form, value == FORM_HIT_YES)
                                                             : UI_NOTHING;
    if (value >= FORM_HIT_ITEM) {
        form_list_click(ui, form, f, value - FORM_HIT_ITEM);
        return UI_REPAINT;
    }
    if (value == FORM_HIT_TAKE || value == FORM_HIT_LEAVE) {
        const struct key k = {.special = value == FORM_HIT_TAKE ? KEY_RETURN : KEY_ESCAPE};
        (void)form_list_key(ui, form, f, &k);
        return UI_REPAINT;
    }
    if (value == FORM_HIT_LIST) {
        if (form->list == FORM_LIST_NONE)
            form_list_open(form, FORM_LIST_CALLS);
        return UI_REPAINT;
    }
    if (value >= FORM_HIT_FOOT && value < FORM_HIT_FOOT + FORM_KEY_COUNT)
        return run_key(ui, form, f, (enum form_key)(value - FORM_HIT_FOOT));
    if (value >= FORM_FIELDS)
        return UI_NOTHING;
    form_list_open(form, FORM_LIST_NONE);
    point(form, f, (enum form_field)value, ui->clicked_x, ui->clicked_y);
    return value == FORM_SEND ? send(ui, form) : UI_REPAINT;
}

/* The wheel: the list, the question, or the arguments. */
static enum ui_effect
wheel(struct ui *ui, const struct frame *f, int by)
{
    struct form *form = form_of(ui, f->s);
    if (form->question[0])
        question_move(form, by);
    else if (form->list != FORM_LIST_NONE)
        form_list_move(form, f, by);
    else if (form->focus == FORM_ARGS)
        (void)form_args_move(form, args_width(form, f), by);
    else
        return UI_NOTHING;
    return UI_REPAINT;
}

static enum ui_effect
up(struct ui *ui, const struct frame *f)
{
    return wheel(ui, f, -1);
}

static enum ui_effect
down(struct ui *ui, const struct frame *f)
{
    return wheel(ui, f, 1);
}

const screen_act_fn form_acts[DO_COUNT] = {[DO_UP] = up, [DO_DOWN] = down};
