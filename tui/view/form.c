#include "tui/view/form.h"

#include <stdio.h>
#include <string.h>
#include "net/json.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/cost.h"
#include "tui/model/roster.h"
#include "tui/view/pretty.h"

enum { COST_DECIMALS = 5, PRICE_DECIMALS = 6 };
/* What a node of protocol version 79 takes in one transaction: max_total_prepaid_gas. */
static const uint64_t gas_most = 300 * TERA_GAS;

const char *
form_label(enum form_field field)
{
    static const char *const labels[FORM_FIELDS] = {"contract", "method", "arguments", "gas",
                                                    "deposit",  "signer", ""};
    return labels[field];
}

/* --- values ------------------------------------------------------------------------------------- */

static void
set(struct form *form, enum form_field field, const char *text)
{
    line_clear(&form->now.line[field]);
    if (!line_set(&form->now.line[field], str_from(text)))
        line_clear(&form->now.line[field]);
}

/* Before something else is filled in. */
static void
keep_typed(struct form *form)
{
    if (form->is_begun && form->is_typed) {
        form->draft = form->now;
        form->has_draft = true;
    }
    form->is_typed = false;
}

static void
rest(struct form *form)
{
    form->args_top = 0;
    form->now.args.cursor = 0;
    form->question[0] = '\0';
    form->is_confirmed = false;
    form->is_begun = true;
}

void
form_clear(struct form *form, const struct snapshot *s)
{
    keep_typed(form);
    set(form, FORM_CONTRACT, "");
    set(form, FORM_METHOD, "");
    set(form, FORM_GAS, "100 Tgas");
    set(form, FORM_DEPOSIT, "0 NEAR");
    set(form, FORM_SIGNER, s->signer_count ? s->signers[0] : "");
    if (!text_set(&form->now.args, STR("{}")))
        form->now.args.length = 0;
    form->back = 0;
    form->focus = FORM_CONTRACT;
    rest(form);
    /* Inside the braces: members are what is typed next. */
    form->now.args.cursor = form->now.args.length ? 1 : 0;
}

struct form *
form_of(struct ui *ui, const struct snapshot *s)
{
    struct form *form = screen_state(ui, UI_FORM);
    if (!form->is_begun)
        form_clear(form, s);
    return form;
}

void
form_end(struct form *form)
{
    form->is_begun = false;
    form->is_typed = false;
    form->back = 0;
}

bool
form_take(struct form *form, const struct offer *o)
{
    struct str args = str_from(o->args);
    if (args.n > TEXT_MAX_BYTES || strlen(o->method) > LINE_MAX_BYTES)
        return false;
    keep_typed(form);
    if (!text_set(&form->now.args, args))
        return false;
    set(form, FORM_CONTRACT, o->contract);
    set(form, FORM_METHOD, o->method);
    set(form, FORM_GAS, o->gas);
    set(form, FORM_DEPOSIT, o->deposit);
    if (o->signer[0])
        set(form, FORM_SIGNER, o->signer);
    rest(form);
    return true;
}

bool
form_fill(struct form *form, const struct call *c)
{
    const struct action *method = call_method(c);
    char name[LINE_MAX_BYTES + 1], gas[OFFER_AMOUNT_TEXT], deposit[OFFER_AMOUNT_TEXT];
    if (!method || !str_copy(method->method, name, sizeof(name)) ||
        method->args.n > TEXT_MAX_BYTES)
        return false;
    const struct offer o = {.kind = OFFER_EARLIER, .contract = c->transaction.receiver.s,
                            .method = name, .args = "",
                            .gas = offer_gas_text(method->gas, gas),
                            .deposit = offer_deposit_text(method->deposit, deposit),
                            .signer = c->transaction.signer.s};
    form->back = 0;
    form->focus = FORM_ARGS;
    /* Arguments may be any bytes, which a terminated text is not. */
    return form_take(form, &o) && text_set(&form->now.args, method->args) &&
           (form->now.args.cursor = 0, true);
}

/* --- calls before ------------------------------------------------------------------------------- */

static bool
is_now(const struct form *form, const struct offer *o)
{
    const struct form_values *v = &form->now;
    return str_equal_c(line_str(&v->line[FORM_CONTRACT]), o->contract) &&
           str_equal_c(line_str(&v->line[FORM_METHOD]), o->method) &&
           str_equal_c(text_str(&v->args), o->args) &&
           str_equal_c(line_str(&v->line[FORM_GAS]), o->gas) &&
           str_equal_c(line_str(&v->line[FORM_DEPOSIT]), o->deposit) &&
           str_equal_c(line_str(&v->line[FORM_SIGNER]), o->signer);
}

/* The n-th earlier one of the list, from 1. */
static const struct offer *
earlier(const struct offers *all, size_t n)
{
    for (size_t i = 0; all && i < all->count; i++) {
        if (all->item[i].kind == OFFER_EARLIER && --n == 0)
            return &all->item[i];
    }
    return NULL;
}

/* The draft and what is seen change places. */
static void
take_draft(struct form *form)
{
    struct form_values now = form->now;
    form->now = form->draft;
    form->draft = now;
    form->has_draft = form->is_typed;
    form->is_typed = true;
    form->back = 0;
    rest(form);
}

bool
form_go_back(struct form *form, const struct snapshot *s, int by)
{
    size_t n = form->back;
    while (by > 0 || n > 1) {
        n = by > 0 ? n + 1 : n - 1;
        const struct offer *o = earlier(s->offers, n);
        if (!o)
            return false;
        if (is_now(form, o))
            continue;
        if (!form_take(form, o))
            continue;
        form->back = n;
        return true;
    }
    if (!form->has_draft)
        return false;
    take_draft(form);
    return true;
}

/* --- checking ----------------------------------------------------------------------------------- */

enum err
form_check(const struct form *form, enum form_field field, size_t *at, struct diag *d)
{
    struct str text = line_str(&form->now.line[field]);
    struct account_id account;
    struct amount amount;
    uint64_t gas;
    *at = SIZE_MAX;
    switch (field) {
    case FORM_CONTRACT:
    case FORM_SIGNER:
        return text.n ? account_parse(text, &account, d)
                      : diag_set(d, ERR_MISSING, "an account's name is missing");
    case FORM_METHOD:
        if (text.n == 0 || text.n > 256)
            return diag_set(d, ERR_RANGE, "a name of 1 to 256 bytes is missing");
        return OK;
    case FORM_ARGS: return json_check_typed(text_str(&form->now.args), at, d);
    case FORM_GAS: return gas_parse_typed(text, &gas, d);
    case FORM_DEPOSIT: return amount_parse_typed(text, &amount, d);
    case FORM_SEND:
    case FORM_FIELDS: break;
    }
    return OK;
}

enum form_field
form_wrong(const struct form *form)
{
    struct diag ignored = {0};
    size_t at;
    for (int i = 0; i < FORM_SEND; i++) {
        if (form_check(form, (enum form_field)i, &at, &ignored))
            return (enum form_field)i;
    }
    return FORM_FIELDS;
}

bool
form_warns(const struct form *form, const struct snapshot *s, enum form_field field, struct buf *out)
{
    struct str text = line_str(&form->now.line[field]);
    uint64_t gas;
    if (field == FORM_GAS && gas_parse_typed(text, &gas, NULL) == OK && gas > gas_most) {
        buf_add_c(out, "nodes refuse more than 300 Tgas in one transaction");
        return true;
    }
    if (field != FORM_SIGNER || !s->knows_signers || !text.n)
        return false;
    for (size_t i = 0; i < s->signer_count; i++) {
        if (str_equal_c(text, s->signers[i]))
            return false;
    }
    buf_addf(out, "no key of this account was found for %s", s->network);
    return true;
}

bool
form_cost(const struct form *form, const struct snapshot *s, struct buf *sum, struct buf *how)
{
    char total[AMOUNT_NEAR_TEXT], tera[AMOUNT_NEAR_TEXT];
    struct action action = {.kind = ACTION_FUNCTION_CALL,
                            .method = line_str(&form->now.line[FORM_METHOD]),
                            .args = text_str(&form->now.args)};
    const struct transaction tx = {.action_count = 1, .actions = &action};
    struct amount price = s->has_gas_price ? s->gas_price : amount_of(COST_LOWEST_GAS_PRICE);
    struct amount for_tera;
    struct tx_most most;
    if (gas_parse_typed(line_str(&form->now.line[FORM_GAS]), &action.gas, NULL) ||
        amount_parse_typed(line_str(&form->now.line[FORM_DEPOSIT]), &action.deposit, NULL) ||
        !tx_cost_most(&tx, price, &most) || !amount_multiply(price, TERA_GAS, &for_tera))
        return false;
    buf_addf(sum, "at most %s", amount_near_text(most.total, COST_DECIMALS, total));
    buf_add_c(how, amount_is_zero(action.deposit) ? "gas at " : "deposit, gas at ");
    if (s->has_gas_price)
        buf_addf(how, "the node's %s a Tgas", amount_near_text(for_tera, PRICE_DECIMALS, tera));
    else
        buf_add_c(how, "the lowest price: the node's is unknown");
    return true;
}

/* --- the arguments ------------------------------------------------------------------------------ */

static bool
set_args(struct form *form, const struct buf *text)
{
    if (text->overflowed || !text_set(&form->now.args, buf_str(text)))
        return false;
    form->now.args.cursor = 0;
    form->args_top = 0;
    form->is_typed = true;
    return true;
}

bool
form_lay_out(struct form *form, int width)
{
    struct str args = text_str(&form->now.args);
    struct json *root;
    struct buf lines, compact;
    bool is_set = false;
    if (json_parse(args, TEXT_MAX_BYTES, &root, NULL))
        return false;
    buf_init(&lines, TEXT_MAX_BYTES);
    buf_init(&compact, TEXT_MAX_BYTES);
    json_print(root, &compact);
    json_free(root);
    /* What fits on a line is opened all the same: that is what was asked for. */
    if (!pretty_json(&lines, args, width) || str_find_byte(buf_str(&lines), '\n') < 0) {
        buf_clear(&lines);
        (void)pretty_json(&lines, args, 1);
    }
    if (lines.n && !str_equal(args, buf_str(&lines)))
        is_set = set_args(form, &lines);
    else
        is_set = set_args(form, &compact);
    buf_release(&lines);
    buf_release(&compact);
    return is_set;
}
