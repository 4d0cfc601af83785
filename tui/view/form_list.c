/* The list beside or over the form: calls to begin with, or keys; typing filters it. */
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "tui/view/form_part.h"

enum { NAME_LEAST = 12, NAME_MOST = 30, PREVIEW = 5, PREVIEW_FROM = 12, TEXT_MOST = 2048 };

/* --- what is in it ------------------------------------------------------------------------------ */

/* Behind the calls stands an empty form. */
static size_t
all_count(const struct form *form, const struct frame *f)
{
    if (form->list == FORM_LIST_SIGNERS)
        return f->s->signer_count;
    return (f->s->offers ? f->s->offers->count : 0) + 1;
}

static const struct offer *
offer_at(const struct frame *f, size_t index)
{
    return f->s->offers && index < f->s->offers->count ? &f->s->offers->item[index] : NULL;
}

static bool
has_word(const char *text, struct str word)
{
    struct str all = str_from(text);
    for (size_t i = 0; i + word.n <= all.n; i++) {
        if (str_equal_nocase(str_slice(all, i, i + word.n), word))
            return true;
    }
    return word.n == 0;
}

static bool
item_has(const struct form *form, const struct frame *f, size_t index, struct str word)
{
    const struct offer *o = offer_at(f, index);
    if (form->list == FORM_LIST_SIGNERS)
        return has_word(f->s->signers[index], word);
    if (!o)
        return has_word("empty", word);
    return has_word(o->name, word) || has_word(o->about, word) || has_word(o->contract, word) ||
           has_word(o->method, word) || has_word(o->args, word) || has_word(o->signer, word);
}

/* Every word of the filter is somewhere in it. */
static bool
passes(const struct form *form, const struct frame *f, size_t index)
{
    struct str rest = line_str(&form->filter), word;
    while (str_take_until(&rest, ' ', &word)) {
        if (!item_has(form, f, index, word))
            return false;
    }
    return true;
}

static size_t
passing(const struct form *form, const struct frame *f)
{
    size_t count = 0;
    for (size_t i = 0; i < all_count(form, f); i++)
        count += passes(form, f, i);
    return count;
}

/* The n-th that passes; SIZE_MAX: there are not so many. */
static size_t
item_of(const struct form *form, const struct frame *f, size_t n)
{
    for (size_t i = 0; i < all_count(form, f); i++) {
        if (passes(form, f, i) && n-- == 0)
            return i;
    }
    return SIZE_MAX;
}

/* --- painting ----------------------------------------------------------------------------------- */

/* As wide as the longest name, as far as there is room for what stands behind. */
static int
name_width(const struct frame *f, struct box b)
{
    int width = NAME_LEAST, most = b.width * 2 / 5;
    for (size_t i = 0; f->s->offers && i < f->s->offers->count; i++) {
        const struct offer *o = &f->s->offers->item[i];
        int name = utf8_str_width(str_from(o->kind == OFFER_PRESET ? o->name : o->method)) + 1;
        width = name > width ? name : width;
    }
    most = most < NAME_LEAST ? NAME_LEAST : most > NAME_MOST ? NAME_MOST : most;
    return width > most ? most : width;
}

/* Name and meaning of one of the settings; method, contract and arguments of an earlier one. */
static void
offer_paint(struct cells *c, int x, int y, int width, int name, const struct offer *o)
{
    bool is_preset = o->kind == OFFER_PRESET;
    int end = x + width;
    cells_put_c(c, x, y, is_preset ? o->name : o->method, name - 1, is_preset ? ROLE_KEY : ROLE_STRONG);
    x += name;
    if (is_preset) {
        cells_put_c(c, x, y, o->about[0] ? o->about : o->method, end - x, ROLE_MUTED);
        return;
    }
    x = cells_put_c(c, x, y, o->contract, end - x, ROLE_TEXT) + 1;
    if (end - x > 3)
        cells_put_c(c, x, y, o->args, end - x, ROLE_MUTED);
}

static void
item_paint(struct cells *c, struct box b, int y, const struct form *form, const struct frame *f,
           size_t index, bool is_chosen)
{
    const struct offer *o = offer_at(f, index);
    int x = b.x + 2, width = b.width - 3;
    if (is_chosen)
        cells_glyph(c, b.x, y, GLYPH_SELECTED, ROLE_KEY);
    if (form->list == FORM_LIST_SIGNERS)
        cells_put_c(c, x, y, f->s->signers[index], width, ROLE_STRONG);
    else if (o)
        offer_paint(c, x, y, width, name_width(f, b), o);
    else
        cells_put_c(c, x, y, "an empty form", width, ROLE_MUTED);
    if (is_chosen)
        cells_select(c, b.x, y, b.width, SELECTION_ROW);
}

/* All of the one that is chosen, below the list. */
static void
preview_paint(struct cells *c, struct box b, const struct offer *o)
{
    struct buf text;
    int x = b.x + 2, width = b.width - 3;
    rule_paint(c, (struct box){b.x, b.y, b.width, 1}, "");
    if (!o)
        return;
    buf_init(&text, TEXT_MOST);
    buf_addf(&text, "%s on %s", o->method, o->contract);
    cells_put(c, x, b.y + 1, buf_str(&text), width, ROLE_STRONG);
    buf_clear(&text);
    buf_addf(&text, "%s, %s%s%s", o->gas, o->deposit, o->signer[0] ? ", signed by " : "", o->signer);
    cells_put(c, x, b.y + 2, buf_str(&text), width, ROLE_TEXT);
    if (o->wrong[0])
        cells_wrap(c, x, b.y + 3, width, b.height - 3, str_from(o->wrong), ROLE_FAILED);
    else
        cells_wrap(c, x, b.y + 3, width, b.height - 3, str_from(o->args), ROLE_MUTED);
    buf_release(&text);
}

static void
filter_paint(struct cells *c, struct box b, const struct form *form, const struct frame *f)
{
    char count[48];
    size_t all = all_count(form, f), found = passing(form, f);
    if (form->list == FORM_LIST_NONE) {
        cells_put_c(c, b.x + 2, b.y, "to begin with: F3, or a click", b.width - 3, ROLE_MUTED);
        return;
    }
    snprintf(count, sizeof(count), "%zu of %zu", found, all);
    int room = b.width - 4 - (int)strlen(count), x = b.x + 2;
    x = cells_put_c(c, x, b.y, form->list == FORM_LIST_SIGNERS ? "key " : "find ", room, ROLE_KEY);
    line_paint(c, (struct box){x, b.y, room - (x - b.x), 1}, &form->filter, true,
               found ? SIZE_MAX : 0);
    cells_put_right(c, b.x, b.y, b.width - 1, str_from(count), ROLE_MUTED);
}

static bool
has_preview(const struct form *form, struct box b)
{
    return form->list == FORM_LIST_CALLS && b.height >= PREVIEW_FROM;
}

int
form_list_rule(const struct form *form, struct box b)
{
    return has_preview(form, b) ? b.y + b.height - PREVIEW : -1;
}

void
form_list_adapt(struct form *form, const struct frame *f, int height)
{
    struct box b = {.height = height};
    int count = (int)passing(form, f);
    int page = height - 1 - (has_preview(form, b) ? PREVIEW : 0);
    page = page < 1 ? 1 : page;
    form->list_page = page;
    if (form->chosen >= (size_t)count)
        form->chosen = count ? (size_t)count - 1 : 0;
    int at = (int)form->chosen;
    form->list_top = at < form->list_top ? at : form->list_top;
    form->list_top = at >= form->list_top + page ? at - page + 1 : form->list_top;
    form->list_top = form->list_top > count - page ? count - page : form->list_top;
    form->list_top = form->list_top < 0 ? 0 : form->list_top;
}

void
form_list_paint(struct cells *c, struct box b, const struct form *form, const struct frame *f)
{
    struct box before = cells_clip(c, b);
    bool is_open = form->list != FORM_LIST_NONE;
    hits_add(f->hits, b, HIT_ROW, FORM_HIT_LIST);
    filter_paint(c, b, form, f);
    int top = is_open ? form->list_top : 0, page = form->list_page;
    for (int i = 0; i < page; i++) {
        size_t index = item_of(form, f, (size_t)(top + i));
        if (index == SIZE_MAX)
            break;
        item_paint(c, b, b.y + 1 + i, form, f, index, is_open && form->chosen == (size_t)(top + i));
        hits_add(f->hits, (struct box){b.x, b.y + 1 + i, b.width, 1}, HIT_ROW, FORM_HIT_ITEM + index);
    }
    if (form->list == FORM_LIST_SIGNERS && !f->s->signer_count)
        cells_wrap(c, b.x + 2, b.y + 1, b.width - 3, 3, STR("No key was found for this network: "
                   "its files are looked for in ~/.near-credentials, or where --key-dir says."),
                   ROLE_MUTED);
    else if (is_open && !passing(form, f))
        cells_put_c(c, b.x + 2, b.y + 1, "none is like that", b.width - 3, ROLE_MUTED);
    if (has_preview(form, b))
        preview_paint(c, (struct box){b.x, b.y + b.height - PREVIEW, b.width, PREVIEW},
                      offer_at(f, item_of(form, f, form->chosen)));
    cells_unclip(c, before);
}

/* --- keys --------------------------------------------------------------------------------------- */

void
form_list_open(struct form *form, enum form_list list)
{
    form->list = list;
    line_clear(&form->filter);
    form->chosen = 0;
    form->list_top = 0;
}

void
form_list_move(struct form *form, const struct frame *f, int by)
{
    int last = (int)passing(form, f) - 1, at = (int)form->chosen + by;
    at = at > last ? last : at;
    form->chosen = at < 0 ? 0 : (size_t)at;
}

static void
take(struct ui *ui, struct form *form, const struct frame *f, size_t index)
{
    const struct offer *o = offer_at(f, index);
    bool was_typed = form->is_typed;
    if (form->list == FORM_LIST_SIGNERS) {
        struct line *line = &form->now.line[FORM_SIGNER];
        form->is_typed |= line_set(line, str_from(f->s->signers[index]));
    } else if (!o) {
        form_clear(form, f->s);
    } else if (!form_take(form, o)) {
        snprintf(ui->told, sizeof(ui->told), "that is longer than the form can hold");
    }
    if (o && o->wrong[0])
        snprintf(ui->told, sizeof(ui->told), "%s", o->wrong);
    else if (form->list == FORM_LIST_CALLS && was_typed)
        snprintf(ui->told, sizeof(ui->told), "PgDn brings back what was typed");
    if (form->list == FORM_LIST_CALLS) {
        form->focus = o ? FORM_SEND : FORM_CONTRACT;
        form->back = 0;
    }
    form_list_open(form, FORM_LIST_NONE);
}

void
form_list_click(struct ui *ui, struct form *form, const struct frame *f, size_t item)
{
    if (form->list == FORM_LIST_NONE)
        form->list = FORM_LIST_CALLS;
    if (item < all_count(form, f))
        take(ui, form, f, item);
}

static bool
move(struct form *form, const struct frame *f, enum key_special key)
{
    int page = form->list_page > 1 ? form->list_page - 1 : 1, all = (int)all_count(form, f);
    switch (key) {
    case KEY_ARROW_UP: form_list_move(form, f, -1); return true;
    case KEY_ARROW_DOWN: form_list_move(form, f, 1); return true;
    case KEY_PAGE_UP: form_list_move(form, f, -page); return true;
    case KEY_PAGE_DOWN: form_list_move(form, f, page); return true;
    case KEY_TOP: form_list_move(form, f, -all); return true;
    case KEY_BOTTOM: form_list_move(form, f, all); return true;
    default: return false;
    }
}

bool
form_list_key(struct ui *ui, struct form *form, const struct frame *f, const struct key *k)
{
    bool is_control_c = k->special == KEY_CHARACTER && k->scalar == 3;
    if (form->list == FORM_LIST_NONE || is_control_c)
        return false;
    size_t index = item_of(form, f, form->chosen);
    if (k->special == KEY_ESCAPE || k->special == KEY_TAB || k->special == KEY_FUNCTION_3) {
        form_list_open(form, FORM_LIST_NONE);
        return true;
    }
    if (k->special == KEY_RETURN) {
        if (index != SIZE_MAX)
            take(ui, form, f, index);
        return true;
    }
    if (move(form, f, k->special))
        return true;
    bool is_command = k->special == KEY_CHARACTER && k->scalar < ' ';
    if (line_key(&form->filter, NULL, k)) {
        form->chosen = 0;
        form->list_top = 0;
        return true;
    }
    return !is_command;
}
