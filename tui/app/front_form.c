#include "tui/app/front_form.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/utf8.h"
#include "net/credentials.h"
#include "net/json.h"
#include "tui/app/confirm.h"
#include "tui/app/preset.h"

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
    const struct option_value gas = {true, form->now.line[FORM_GAS].text, 0};
    const struct option_value deposit = {true, form->now.line[FORM_DEPOSIT].text, 0};
    const struct option_value as = {true, form->now.line[FORM_SIGNER].text, 0};
    const struct opts o = {.command = COMMAND_CALL,
                           .arguments = {form->now.line[FORM_CONTRACT].text,
                                         form->now.line[FORM_METHOD].text, form->now.args.bytes},
                           .argument_count = 3, .args_form = ARGS_JSON,
                           .gas = gas, .deposit = deposit, .as = as};
    return plan_call(&o, &s->network, arena, out, d);
}

void
front_form_ask(const struct session *s, struct front_form *ff, struct form *form,
               const struct plan *p)
{
    struct buf text;
    buf_init(&text, FORM_QUESTION_MAX - 1);
    confirm_describe(p, &s->network, ff->price.is_known ? &ff->price.price : NULL, &text);
    snprintf(form->question, sizeof(form->question), "%s", buf_c(&text));
    buf_release(&text);
    ff->asked = *p;
}

enum err
front_form_plan(struct session *s, struct front_form *ff, struct form *form, struct arena *arena,
                struct plan *out, bool *may_go, struct diag *d)
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
        front_form_ask(s, ff, form, out);
    return OK;
}

/* --- calls to begin with -------------------------------------------------------------------------- */

/* Another address is another network. */
static const char *
network_of(const struct session *s)
{
    return strcmp(s->network.name, "custom") == 0 ? s->network.rpc : s->network.name;
}

static void
add_preset(struct offers *out, const struct config_call *p, const struct config *c)
{
    char name[72];
    struct buf args;
    struct diag d = {0};
    buf_init(&args, TEXT_MAX_BYTES);
    bool is_read = preset_args(p, c, &args, &d) == OK;
    snprintf(name, sizeof(name), "@%s", p->name);
    offers_add(out, &(struct offer){.kind = OFFER_PRESET,
                                    .name = name,
                                    .about = p->description.text,
                                    .wrong = is_read ? "" : diag_text(&d),
                                    .contract = p->contract.text,
                                    .method = preset_method(p, preset_mode(p)),
                                    .args = is_read ? buf_c(&args) : "",
                                    .gas = p->gas.text,
                                    .deposit = p->deposit.text,
                                    .signer = p->signer.text});
    buf_release(&args);
}

static void
add_entry(struct offers *out, const struct recall_entry *e)
{
    offers_add(out, &(struct offer){.kind = OFFER_EARLIER, .name = "", .about = "", .wrong = "",
                                    .contract = e->contract, .method = e->method, .args = e->args,
                                    .gas = e->gas, .deposit = e->deposit, .signer = e->signer});
}

/* Those of the settings, of this run, and of runs before, the newest first. */
static void
make_offers(const struct session *s, struct front_form *ff)
{
    const struct config *c = s->config;
    const struct store *store = s->store;
    offers_clear(&ff->offers);
    for (size_t i = 0; i < c->call_count; i++) {
        if (preset_is_for(&c->calls[i], s->network.name))
            add_preset(&ff->offers, &c->calls[i], c);
    }
    for (size_t i = store->recent_count; i-- > 0;)
        offers_add_call(&ff->offers, store->recent[i]);
    for (size_t i = ff->history.count; i-- > 0;) {
        if (strcmp(ff->history.entry[i].network, network_of(s)) == 0)
            add_entry(&ff->offers, &ff->history.entry[i]);
    }
    ff->has_offers = true;
    ff->offered_calls = store->recent_count;
}

static void
read_history(struct front_form *ff)
{
    char path[RECALL_PATH_MAX];
    struct diag d = {0};
    ff->has_history = true;
    if (recall_path(path) && recall_load(&ff->history, path, &d))
        log_line(LOG_WARNING, "app", "history: %s", diag_text(&d));
}

void
front_form_seen(struct session *s, struct front_form *ff)
{
    if (!ff->has_history)
        read_history(ff);
    if (!ff->has_offers || ff->offered_calls != s->store->recent_count)
        make_offers(s, ff);
    if (s->sources && !s->has_lost_chain)
        gas_price_ask(&ff->price, sources_rpc(s->sources), clock_monotonic_ns());
}

/* Arguments that are no text cannot be typed again. */
static bool
can_be_kept(const struct action *a)
{
    return utf8_is_valid(a->args) && utf8_is_valid(a->method) && json_is_valid(a->args) &&
           a->args.n <= TEXT_MAX_BYTES;
}

void
front_form_offer(struct offers *out, const struct plan *p)
{
    char gas[OFFER_AMOUNT_TEXT], deposit[OFFER_AMOUNT_TEXT];
    struct arena arena;
    if (!can_be_kept(&p->action))
        return;
    arena_init(&arena);
    offers_add(out, &(struct offer){.kind = OFFER_EARLIER, .name = "", .about = "", .wrong = "",
                                    .contract = p->receiver.s,
                                    .method = arena_c(&arena, p->action.method),
                                    .args = arena_c(&arena, p->action.args),
                                    .gas = offer_gas_text(p->action.gas, gas),
                                    .deposit = offer_deposit_text(p->action.deposit, deposit),
                                    .signer = p->signer.s});
    arena_release(&arena);
}

const char *
front_form_sent(struct session *s, struct front_form *ff)
{
    const struct plan *p = &s->plan;
    char path[RECALL_PATH_MAX], gas[OFFER_AMOUNT_TEXT], deposit[OFFER_AMOUNT_TEXT];
    struct arena arena;
    struct diag d = {0};
    if (!ff->is_written || !can_be_kept(&p->action) || !recall_path(path))
        return NULL;
    ff->is_written = false;
    arena_init(&arena);
    const struct recall_entry e = {.network = network_of(s),
                                    .contract = p->receiver.s,
                                    .method = arena_c(&arena, p->action.method),
                                    .args = arena_c(&arena, p->action.args),
                                    .gas = offer_gas_text(p->action.gas, gas),
                                    .deposit = offer_deposit_text(p->action.deposit, deposit),
                                    .signer = p->signer.s};
    enum err error = recall_add(&ff->history, path, &e, &d);
    ff->has_history = error == OK;
    ff->has_offers = false;
    if (error)
        log_line(LOG_WARNING, "app", "history: %s", diag_text(&d));
    arena_release(&arena);
    return error == ERR_REFUSED ? "not kept for later: its arguments could hold a secret" : NULL;
}

void
front_form_init(struct front_form *ff, void (*changed)(void *context), void *context)
{
    *ff = (struct front_form){.price = {.changed = changed, .context = context}};
    offers_init(&ff->offers);
    recall_init(&ff->history);
}

void
front_form_release(struct front_form *ff)
{
    gas_price_stop(&ff->price);
    offers_release(&ff->offers);
    recall_release(&ff->history);
}
