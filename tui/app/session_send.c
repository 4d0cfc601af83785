/* What a session sends: signed with its key, followed from the moment it is signed. */
#include "tui/app/session.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "tui/app/confirm.h"

/* It is the current call from now on. Beyond the ceiling it is looked at only when another one
 * is over: its sender has been told before. */
void
session_follow(struct session *s, const struct hash *tx, const struct account_id *signer)
{
    s->current = *tx;
    s->is_over = false;
    s->is_dirty = true;
    s->oddity.contradiction = NULL;
    s->oddity.taken_back = 0;
    open_calls_add(&s->open, tx);
    sources_follow(s->sources, tx, signer);
    if (s->front->begun)
        s->front->begun(s);
}

/* The copy before, which is known never to run: whoever follows it is told why it is another now. */
static void
tell_signed_anew(struct session *s)
{
    struct call *before = store_call(s->store, &s->being_sent);
    bool is_told = before && before->refused_reason;
    const char *why = is_told ? before->refused_reason : "its nonce or block hash was too old: signed anew";
    const struct event replaced = {
        .kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = clock_monotonic_ns(),
        .tx = s->being_sent,
        .tx_state = {.state = TX_REFUSED, .reason = str_from(why)}};
    session_trouble(s, "signed_anew", why, "sending");
    if (!is_told)
        store_apply(s->store, &replaced);
}

static void
on_signed(void *context, const struct hash *tx)
{
    struct session *s = context;
    if (!hash_is_zero(&s->being_sent))
        tell_signed_anew(s);
    /* Told when nothing is being sent any more, another copy of it is in a block. */
    if (s->sending)
        s->being_sent = *tx;
    session_follow(s, tx, &s->plan.signer);
}

static bool send_with_next_key(struct session *s, const struct diag *d);

static void
on_sent(void *context, enum err error, const struct hash *tx, const struct diag *d)
{
    struct session *s = context;
    s->sending = NULL;
    bool is_of_current = hash_is_zero(&s->current) || !hash_is_zero(&s->being_sent);
    bool was_signed = !hash_is_zero(&s->being_sent);
    bool is_of_key = !tx && (error == ERR_NOT_FOUND || error == ERR_REFUSED);
    memset(&s->being_sent, 0, sizeof(s->being_sent));
    s->is_dirty = true;
    if (!error) {
        if (d->text[0])
            session_trouble(s, "sent_before", d->text, "sending");
        return;
    }
    if (is_of_key && send_with_next_key(s, d))
        return;
    if (is_of_key && s->key_refusal.code)
        d = &s->key_refusal;
    char text[2 * DIAG_MAX];
    /* "Given up" is no failure: what is to be done is another thing. */
    bool is_here = s->network.has_well_known_keys && !s->network.is_embedded;
    snprintf(text, sizeof(text), "%s%s%s", diag_text(d),
             error == ERR_TIMEOUT ? "; look for it before you send another"
             : error == ERR_NET   ? "; nothing was sent"
                                  : "",
             error == ERR_NET && is_here ? "; is \"neartop localnet\" running there?" : "");
    session_trouble(s, err_name(error), text, "sending");
    s->is_refused = !tx && error == ERR_REFUSED;
    /* Refused or never sent: nothing will ever come. Otherwise it may still run. */
    bool may_run = was_signed && (error == ERR_TIMEOUT || error == ERR_NET);
    if (is_of_current && !may_run)
        s->is_over = true;
    if (hash_is_zero(&s->current) || (error != ERR_REFUSED && !session_call(s)))
        s->is_unknown = true;
}

static struct send *
start_send(struct session *s, const struct plan *p, const struct secret_key *key,
           const struct send_args *like)
{
    struct send_args args = *like;
    args.signer = p->signer;
    args.receiver = p->receiver;
    args.key = key;
    args.actions = &p->action;
    args.action_count = 1;
    args.checks_money = !s->network.is_embedded;
    args.checks_place = !s->network.is_embedded && !s->network.is_sure;
    args.place.is_mainnet_agreed = s->opts->yes.is_given || confirm_is_needed(&s->network);
    (void)!str_copy(str_from(s->network.chain_id), args.place.chain_id, CHAIN_ID_MAX);
    args.context = s;
    return send_start(sources_sender(s->sources), &args);
}

static void
give_up_without_key(struct session *s, enum err error, const struct diag *d)
{
    session_trouble(s, err_name(error), diag_text(d), "keys");
    s->is_dirty = true;
    if (hash_is_zero(&s->current))
        s->is_over = s->is_unknown = true;
}

/* With the first key that the signer has. */
static struct send *
send_signed(struct session *s, const struct plan *p, const struct send_args *like)
{
    struct plan_key found = {.path = ""};
    struct diag d = {0};
    s->key_path[0] = '\0';
    s->key_refusal = (struct diag){0};
    if (s->key)
        return start_send(s, p, s->key, like);
    enum err e = plan_key(s->opts, &s->network, &p->signer, &found, &d);
    if (e) {
        give_up_without_key(s, e, &d);
        return NULL;
    }
    if (found.warning[0])
        session_trouble(s, "key_permissions", found.warning, "keys");
    snprintf(s->key_path, sizeof(s->key_path), "%s", found.path);
    struct send *started = start_send(s, p, &found.key, like);
    secret_key_wipe(&found.key);
    return started;
}

static const struct send_args as_usual = {.signed_ = on_signed, .done = on_sent};

/* near-cli-rs keeps a file for each key that an account ever had: which of them the chain knows, and
 * which may make this call, is seen when it is asked. False: there is no other. */
static bool
send_with_next_key(struct session *s, const struct diag *d)
{
    struct plan_key found;
    snprintf(found.path, sizeof(found.path), "%s", s->key_path);
    if (!found.path[0] || plan_key(s->opts, &s->network, &s->plan.signer, &found, NULL))
        return false;
    if (!s->key_refusal.code)
        s->key_refusal = *d;
    if (found.warning[0])
        session_trouble(s, "key_permissions", found.warning, "keys");
    snprintf(s->key_path, sizeof(s->key_path), "%s", found.path);
    s->sending = start_send(s, &s->plan, &found.key, &as_usual);
    secret_key_wipe(&found.key);
    return true;
}

void
session_send(struct session *s, const struct plan *p)
{
    s->plan = *p;
    s->has_plan = true;
    s->is_unknown = s->is_refused = false;
    s->is_waiting = !s->sources;
    if (s->is_waiting)
        return;
    s->sending = send_signed(s, p, &as_usual);
}

static void
on_fault_set(void *context, enum err error, const struct hash *tx, const struct diag *d)
{
    struct session *s = context;
    s->sending = NULL;
    if (error)
        session_trouble(s, err_name(error), diag_text(d), "setting the fault");
    /* The drill's own affair, and nobody follows it: no call of anybody's. */
    if (tx)
        store_forget(s->store, tx);
    session_send(s, &s->plan);
}

void
session_send_with_fault(struct session *s, const struct plan *fault, const struct plan *p)
{
    s->plan = *p;
    s->has_plan = true;
    s->sending = send_signed(s, fault, &(struct send_args){.done = on_fault_set});
}
