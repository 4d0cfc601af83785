#include "tui/view/form.h"

#include <stdio.h>
#include <string.h>
#include "net/json.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "tui/model/roster.h"

static void
set(struct form *form, enum form_field field, const char *text)
{
    line_clear(&form->line[field]);
    if (!line_set(&form->line[field], str_from(text)))
        line_clear(&form->line[field]);
}

struct form *
form_of(struct ui *ui, const struct snapshot *s)
{
    struct form *form = screen_state(ui, UI_FORM);
    if (form->is_begun)
        return form;
    form->is_begun = true;
    set(form, FORM_GAS, "100 Tgas");
    set(form, FORM_DEPOSIT, "0 NEAR");
    if (s->signer_count)
        set(form, FORM_SIGNER, s->signers[0]);
    if (!text_set(&form->args, STR("{}")))
        form->args.length = 0;
    return form;
}

/* The shortest unit that loses nothing. */
static void
set_gas(struct form *form, uint64_t gas)
{
    char text[32];
    if (gas % TERA_GAS == 0)
        snprintf(text, sizeof(text), "%llu Tgas", (unsigned long long)(gas / TERA_GAS));
    else
        snprintf(text, sizeof(text), "%llu gas", (unsigned long long)gas);
    set(form, FORM_GAS, text);
}

static void
set_deposit(struct form *form, struct amount deposit)
{
    char text[AMOUNT_TEXT], words[AMOUNT_TEXT + 16];
    snprintf(words, sizeof(words), "%s yoctoNEAR", amount_text(deposit, text));
    set(form, FORM_DEPOSIT, amount_is_zero(deposit) ? "0 NEAR" : words);
}

bool
form_fill(struct form *form, const struct call *c)
{
    const struct action *method = call_method(c);
    char name[LINE_MAX_BYTES + 1];
    if (!method || method->method.n >= sizeof(name) || !text_set(&form->args, method->args))
        return false;
    snprintf(name, sizeof(name), "%.*s", STR_ARG(method->method));
    set(form, FORM_CONTRACT, c->transaction.receiver.s);
    set(form, FORM_METHOD, name);
    set(form, FORM_SIGNER, c->transaction.signer.s);
    set_gas(form, method->gas);
    set_deposit(form, method->deposit);
    form->args_top = 0;
    form->args.cursor = 0;
    form->question[0] = '\0';
    form->is_confirmed = false;
    form->is_begun = true;
    return true;
}

/* --- checking ----------------------------------------------------------------------------------- */

/* The scan says where, in its sentence. */
static enum err
check_args(struct str args, size_t *at, struct diag *d)
{
    static const char where[] = "at byte ";
    struct diag own = {0};
    size_t line, column;
    enum err e = json_check(args, &own);
    if (!e)
        return OK;
    struct str words = str_from(diag_text(&own));
    ptrdiff_t found = str_find(words, STR(where));
    size_t byte = args.n, i = 0;
    if (found >= 0) {
        words = str_slice(words, (size_t)found + sizeof(where) - 1, words.n);
        for (byte = 0; i < words.n && words.p[i] >= '0' && words.p[i] <= '9'; i++)
            byte = byte * 10 + (size_t)(words.p[i] - '0');
        i += i < words.n && words.p[i] == ':' ? 2 : 0;
        words = str_slice(words, i, words.n);
    }
    *at = byte;
    text_place(args, byte, &line, &column);
    return diag_set(d, e, "line %zu, column %zu: %.*s", line + 1, column + 1, STR_ARG(words));
}

/* A bare number could be meant in either unit, and 10^24 lie between. */
static enum err
check_deposit(struct str text, struct diag *d)
{
    struct amount amount;
    enum err e = amount_parse_units(text, &amount, d);
    struct str digits = str_trim(text);
    bool is_bare = digits.n > 0;
    for (size_t i = 0; i < digits.n; i++)
        is_bare &= (digits.p[i] >= '0' && digits.p[i] <= '9') || digits.p[i] == '_';
    if (!e && is_bare && !amount_is_zero(amount))
        return diag_set(d, ERR_SYNTAX, "of what? NEAR or yoctoNEAR");
    return e;
}

enum err
form_check(const struct form *form, enum form_field field, size_t *at, struct diag *d)
{
    struct str text = line_str(&form->line[field]);
    struct account_id account;
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
    case FORM_ARGS: return check_args(text_str(&form->args), at, d);
    case FORM_GAS: return gas_parse_units(text, &gas, d);
    case FORM_DEPOSIT: return check_deposit(text, d);
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
