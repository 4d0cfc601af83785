#include "tui/app/front_form.h"

#include <stdio.h>
#include <string.h>
#include "net/credentials.h"
#include "tui/app/confirm.h"

/* --- keys --------------------------------------------------------------------------------------- */

static void
add_signer(void *context, const struct account_id *account)
{
    struct signers *out = context;
    if (out->count == SIGNERS_MOST)
        return;
    out->account[out->count] = *account;
    out->name[out->count] = out->account[out->count].s;
    out->count++;
}

void
signers_find(struct signers *out, const struct session *s)
{
    static const char *const known[] = {"alice.test.near",     "portfolio.test.near",
                                        "token.test.near",     "lending.test.near",
                                        "staking.test.near",   "xcc.test.near",
                                        "hello.test.near",     "counter.test.near",
                                        "guestbook.test.near"};
    char home[CREDENTIALS_PATH_MAX];
    struct diag ignored = {0};
    struct account_id account;
    *out = (struct signers){.count = 0};
    if (s->opts->as.is_given && account_parse(str_from(s->opts->as.text), &account, &ignored) == OK)
        add_signer(out, &account);
    for (size_t i = 0; s->network.is_embedded && i < ARRAY_LEN(known); i++) {
        account = account_of(known[i]);
        add_signer(out, &account);
    }
    if (s->network.is_embedded || s->opts->key_file.is_given)
        return;
    if (s->opts->key_dir.is_given)
        snprintf(home, sizeof(home), "%s", s->opts->key_dir.text);
    else if (credentials_home(home, &ignored))
        return;
    credentials_list(home, s->network.keys, SIGNERS_MOST, add_signer, out);
}

/* --- sending ------------------------------------------------------------------------------------ */

/* As if it stood on the command line: the same words are right, and the same are wrong. */
static enum err
plan_of_form(const struct session *s, const struct form *form, struct arena *arena,
             struct plan *out, struct diag *d)
{
    const struct option_value gas = {true, form->line[FORM_GAS].text, 0};
    const struct option_value deposit = {true, form->line[FORM_DEPOSIT].text, 0};
    const struct option_value as = {true, form->line[FORM_SIGNER].text, 0};
    const struct opts o = {.command = COMMAND_CALL,
                           .arguments = {form->line[FORM_CONTRACT].text,
                                         form->line[FORM_METHOD].text, form->args.bytes},
                           .argument_count = 3, .args_form = ARGS_JSON,
                           .gas = gas, .deposit = deposit, .as = as};
    return plan_call(&o, &s->network, arena, out, d);
}

void
front_form_ask(const struct session *s, struct form *form, const struct plan *p)
{
    struct buf text;
    buf_init(&text, FORM_QUESTION_MAX - 1);
    confirm_describe(p, &s->network, NULL, &text);
    snprintf(form->question, sizeof(form->question), "%s", buf_c(&text));
    buf_release(&text);
}

enum err
front_form_plan(struct session *s, struct form *form, struct arena *arena, struct plan *out,
                bool *may_go, struct diag *d)
{
    /* A word with @ or - would be a file's name there; the form lets nothing but JSON through. */
    if (form_wrong(form) != FORM_FIELDS)
        return diag_set(d, ERR_SYNTAX, "the form is not complete");
    enum err e = plan_of_form(s, form, arena, out, d);
    if (e)
        return e;
    *may_go = form->is_confirmed || session_can_send(s);
    form->is_confirmed = false;
    if (!*may_go)
        front_form_ask(s, form, out);
    return OK;
}
