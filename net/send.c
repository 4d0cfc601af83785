#include "net/send.h"

#include <stdio.h>
#include <string.h>
#include "net/base/arena.h"
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "net/nonces.h"
#include "net/retry.h"
#include "net/send_facts.h"
#include "net/send_part.h"

enum {
    RESEND_MOST = 12,           /* of handing over the same bytes: some minutes in all */
    SIGN_MOST = 4,              /* signatures for one transaction */
    CHECKS = 6,                 /* "never heard of it", before a refusal is believed */
    DENIALS = 3,                /* by a gateway that let us ask for the key just before */
    RESEND_FIRST_MS = 500,
    RESEND_LONGEST_MS = 10000,
    PARAMS_MAX = TX_MAX_BYTES * 2 + 1024
};

/* The counter of nonces of one key, for runs that overlap. */
struct key_counter {
    struct key_counter *next;
    struct account_id account;
    struct public_key key;
    uint64_t last_nonce;
};

struct sender {
    struct loop *loop;          /* borrowed, as rpc, from the owner until sender_free */
    struct rpc *rpc;
    event_fn emit;
    void *context;
    struct send *first;
    struct key_counter *keys;
    const char *nonce_folder, *network;     /* borrowed; see nonces.h */
};

struct send {
    struct sender *sender;
    struct send *next, *previous;
    struct arena arena;         /* the actions */
    struct secret_key *key;     /* kept */
    struct transaction tx;
    struct buf bytes;           /* signed: what is sent, again and again */
    struct hash hash;
    unsigned signatures;
    bool is_signed, is_ambiguous;   /* ambiguous: a node may have it, and did not say so */
    bool is_told;               /* `done` was called; the bytes are kept until it has run */
    unsigned denials;
    unsigned checks;            /* answers that it is unknown, after a refusal, … */
    uint32_t unknown_by;        /* … and who gave them: a bit per endpoint */
    struct diag refusal;        /* of a copy, while it is asked by hash for the first one */
    struct str refusal_json;    /* in the arena */
    struct rpc_request *request;
    struct send_facts_request *asking;
    struct loop_timer *timer;   /* the next handing over */
    struct retry retry;
    struct send_args args;
};

struct sender *
sender_new(struct loop *loop, struct rpc *rpc, event_fn emit, void *context)
{
    struct sender *sender = xcalloc(1, sizeof(*sender));
    *sender = (struct sender){.loop = loop, .rpc = rpc, .emit = emit, .context = context};
    return sender;
}

void
sender_share_nonces(struct sender *sender, const char *folder, const char *network)
{
    sender->nonce_folder = folder;
    sender->network = network;
}

static void
free_send(struct send *s)
{
    if (s->previous)
        s->previous->next = s->next;
    else
        s->sender->first = s->next;
    if (s->next)
        s->next->previous = s->previous;
    rpc_cancel(s->request);
    send_facts_cancel(s->asking);
    loop_timer_close(s->timer);
    secret_key_drop(s->key);
    arena_release(&s->arena);
    buf_release(&s->bytes);
    xfree(s);
}

void
sender_free(struct sender *sender)
{
    if (!sender)
        return;
    while (sender->first)
        free_send(sender->first);
    while (sender->keys) {
        struct key_counter *k = sender->keys;
        sender->keys = k->next;
        xfree(k);
    }
    xfree(sender);
}

void
send_cancel(struct send *take_send)
{
    if (take_send)
        free_send(take_send);
}

bool
sender_is_sending(const struct sender *sender, const struct hash *tx)
{
    for (const struct send *s = sender->first; s; s = s->next) {
        if (s->is_signed && !s->is_told && hash_equal(&s->hash, tx))
            return true;
    }
    return false;
}

/* --- telling ------------------------------------------------------------------------ */

static struct event
event_of(const struct send *s, enum event_kind kind)
{
    return (struct event){.kind = kind, .source = SOURCE_RPC,
                          .seen_ns = clock_monotonic_ns(), .tx = s->hash};
}

static void
tell_signed(struct send *s)
{
    struct event ev = event_of(s, EVENT_TX);
    ev.transaction.view = s->tx;
    if (s->args.signed_)
        s->args.signed_(s->args.context, &s->hash);
    s->sender->emit(s->sender->context, &ev);
    ev = event_of(s, EVENT_TX_STATE);
    ev.tx_state.state = TX_SENT;
    s->sender->emit(s->sender->context, &ev);
}

static void
tell_refused(struct send *s, const struct diag *d, struct str json)
{
    struct event ev = event_of(s, EVENT_TX_STATE);
    ev.tx_state.state = TX_REFUSED;
    ev.tx_state.reason = str_from(diag_text(d));
    ev.tx_state.error.text = json;
    s->sender->emit(s->sender->context, &ev);
}

static void
finish(struct send *s, enum err error, const struct diag *d)
{
    struct diag said = {.code = error};
    if (d)
        said = *d;
    rpc_cancel(s->request);
    s->request = NULL;
    loop_timer_stop(s->timer);
    if (!s->is_told)
        s->args.done(s->args.context, error, s->is_signed ? &s->hash : NULL, &said);
    s->is_told = true;
    if (error) {
        free_send(s);
        return;
    }
    secret_key_drop(s->key);
    s->key = NULL;
}

static void
finish_refused(struct send *s, const struct diag *d, struct str json)
{
    tell_refused(s, d, json);
    finish(s, ERR_REFUSED, d);
}

/* The node that took it has lost it, or something else has its nonce: whatever it is, the same
 * bytes bring it out. */
static void
hand_over_again(struct send *s)
{
    if (s->request || loop_timer_is_active(s->timer))
        return;
    s->is_ambiguous = true;
    retry_init(&s->retry, RESEND_FIRST_MS, RESEND_LONGEST_MS, RESEND_MOST);
    loop_timer_start(s->timer, 0, 0);
}

static void
hear(struct send *s, const struct event *ev)
{
    enum tx_state state = ev->kind == EVENT_TX_STATE ? ev->tx_state.state : TX_UNSENT;
    bool has_run = ev->kind == EVENT_OUTCOME || ev->kind == EVENT_EXECUTED || state == TX_FINAL;
    if (s->is_told && has_run)
        free_send(s);
    else if (s->is_told && state == TX_UNOBSERVED)
        hand_over_again(s);
    /* One whose request is under way is told by its answer. */
    else if (!s->is_told && !s->request && (has_run || state == TX_INCLUDED))
        finish(s, OK, NULL);
}

static struct send *
find(struct sender *sender, const struct hash *tx)
{
    struct send *s = sender->first;
    while (s && !(s->is_signed && hash_equal(&s->hash, tx)))
        s = s->next;
    return s;
}

void
sender_heard(struct sender *sender, const struct event *ev)
{
    struct send *s = find(sender, &ev->tx);
    if (s)
        hear(s, ev);
}

void
sender_forget(struct sender *sender, const struct hash *tx)
{
    struct send *s = find(sender, tx);
    if (s && s->is_told)
        free_send(s);
}

/* --- handing over ------------------------------------------------------------------- */

static void ask_for_facts(struct send *s);
static void hand_over(void *context);

/* The events of an answer to send_tx or to the check by hash. False: it made no sense. */
static bool
emit_status(struct send *s, const struct json *result, struct diag *d)
{
    struct arena arena;
    struct event_list list;
    struct hash tx = s->hash;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, clock_monotonic_ns());
    bool is_fine = decode_tx_status(result, &tx, &list, d) == OK;
    if (is_fine)
        event_list_emit(&list, s->sender->emit, s->sender->context);
    event_list_release(&list);
    arena_release(&arena);
    return is_fine;
}

static void
hand_over_later(struct send *s, const struct rpc_reply *reply)
{
    uint64_t wait_ms;
    if (retry_next(&s->retry, reply->retry_after_ms, &wait_ms)) {
        loop_timer_start(s->timer, wait_ms, 0);
        return;
    }
    struct diag d = reply->diag;
    if (s->is_ambiguous)
        diag_prefix(&d, "given up, the transaction may still run");
    finish(s, s->is_ambiguous ? ERR_TIMEOUT : ERR_NET, &d);
}

/* A node may be behind the one that ran it: all have to say so, and more than once; of one that
 * never answers nothing can be learnt. */
static bool
is_surely_unknown(struct send *s, int endpoint)
{
    uint32_t all = rpc_all_endpoints(s->sender->rpc);
    s->checks++;
    if (endpoint >= 0)
        s->unknown_by |= UINT32_C(1) << endpoint;
    return s->checks >= CHECKS && ((s->unknown_by & all) == all || s->checks >= 2 * CHECKS);
}

/* Whether the node, which refused a second copy, knows the first. */
static void
on_check(void *context, const struct rpc_reply *reply)
{
    struct send *s = context;
    struct diag d = {0};
    s->request = NULL;
    if (reply->fault == RPC_FINE && emit_status(s, reply->result, &d))
        finish(s, OK, NULL);
    else if (reply->fault != RPC_UNKNOWN_TRANSACTION)
        hand_over_later(s, reply);
    else if (is_surely_unknown(s, reply->endpoint))
        finish_refused(s, &s->refusal, s->refusal_json);
    else
        loop_timer_start(s->timer, RESEND_FIRST_MS, 0);
}

static void
check_by_hash(struct send *s)
{
    char text[HASH_TEXT];
    struct buf params;
    struct json_writer w;
    buf_init(&params, 512);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_c(&w, "tx_hash", hash_text(&s->hash, text));
    json_put_c(&w, "sender_account_id", s->tx.signer.s);
    json_put_c(&w, "wait_until", "NONE");
    json_write_object_end(&w);
    s->request = rpc_ask(s->sender->rpc, &(struct rpc_ask){
        .method = "tx", .params = buf_str(&params), .tries = 1, .avoid = s->unknown_by,
        .done = on_check, .context = s});
    buf_release(&params);
}

static struct key_counter *
counter_of(struct sender *sender, const struct transaction *tx)
{
    for (struct key_counter *k = sender->keys; k; k = k->next) {
        if (account_equal(&k->account, &tx->signer) && public_key_equal(&k->key, &tx->key))
            return k;
    }
    struct key_counter *k = xcalloc(1, sizeof(*k));
    k->account = tx->signer;
    k->key = tx->key;
    k->next = sender->keys;
    sender->keys = k;
    return k;
}

static const struct json *
invalid_tx_error(const struct json *error)
{
    const struct json *v = json_find(json_find(error, "data"), "TxExecutionError");
    return json_find(v, "InvalidTxError");
}

static bool
has_tag(const struct json *v, const char *tag)
{
    struct str text;
    return json_find(v, tag) || (json_string(v, &text, NULL) == OK && str_equal_c(text, tag));
}

static struct str
keep_json(struct send *s, const struct json *v)
{
    struct buf text;
    buf_init(&text, JSON_BYTES_MAX);
    if (v)
        json_print(v, &text);
    struct str kept = arena_str(&s->arena, buf_str(&text));
    buf_release(&text);
    return kept;
}

static void
on_refusal(struct send *s, const struct rpc_reply *reply)
{
    const struct json *why = invalid_tx_error(reply->error);
    bool is_stale = has_tag(why, "InvalidNonce") || has_tag(why, "Expired");
    if (has_tag(why, "ShardCongested") || has_tag(why, "ShardStuck")) {
        hand_over_later(s, reply);
    } else if (s->is_ambiguous) {
        s->retry.tries /= 2;        /* it answers: no need to wait as for one that does not */
        s->refusal = reply->diag;
        s->refusal_json = keep_json(s, json_find(reply->error, "data"));
        check_by_hash(s);
    } else if (is_stale && s->signatures < SIGN_MOST) {
        /* Refused before any node may have had it: it cannot run. */
        struct diag d = reply->diag;
        struct key_counter *counter = counter_of(s->sender, &s->tx);
        uint64_t nonce;
        if (json_get_u64(json_find(why, "InvalidNonce"), "ak_nonce", &nonce, NULL) == OK &&
            nonce > counter->last_nonce)
            counter->last_nonce = nonce;
        diag_prefix(&d, "signed anew");
        tell_refused(s, &d, keep_json(s, json_find(reply->error, "data")));
        ask_for_facts(s);
    } else {
        finish_refused(s, &reply->diag, keep_json(s, json_find(reply->error, "data")));
    }
}

static void
on_handed(void *context, const struct rpc_reply *reply)
{
    struct send *s = context;
    struct diag d = {0};
    s->request = NULL;
    switch (reply->fault) {
    case RPC_FINE:
        if (emit_status(s, reply->result, &d)) {
            finish(s, OK, NULL);
            return;
        }
        s->is_ambiguous = true;
        hand_over_later(s, reply);
        return;
    case RPC_AMBIGUOUS:
    case RPC_GARBAGE:
        s->is_ambiguous = true;
        hand_over_later(s, reply);
        return;
    case RPC_UNREACHABLE:
    case RPC_SYNCING:
    case RPC_LIMITED: hand_over_later(s, reply); return;
    case RPC_INVALID_TRANSACTION: on_refusal(s, reply); return;
    case RPC_DENIED:
        if (++s->denials < DENIALS) {
            hand_over_later(s, reply);
            return;
        }
        break;
    case RPC_UNKNOWN_TRANSACTION:
    case RPC_UNKNOWN_RECEIPT:
    case RPC_UNKNOWN_BLOCK:
    case RPC_UNKNOWN_ACCOUNT:
    case RPC_UNKNOWN_KEY:
    case RPC_NOT_TRACKED:
    case RPC_GONE:
    case RPC_BAD_REQUEST:
    case RPC_OTHER: break;
    }
    if (s->is_ambiguous)
        finish(s, ERR_TIMEOUT, &reply->diag);
    else
        finish_refused(s, &reply->diag, keep_json(s, reply->error));
}

/* INCLUDED is the earliest answer that tells refusals, and it does not wait for the run. */
static void
hand_over(void *context)
{
    struct send *s = context;
    struct buf params, base64;
    struct json_writer w;
    buf_init(&params, PARAMS_MAX);
    buf_init(&base64, PARAMS_MAX);
    base64_encode(buf_str(&s->bytes), &base64);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_string(&w, "signed_tx_base64", buf_str(&base64));
    json_put_c(&w, "wait_until", "INCLUDED");
    json_write_object_end(&w);
    s->request = rpc_start(s->sender->rpc, "send_tx", buf_str(&params), RPC_ONCE, on_handed, s);
    buf_release(&params);
    buf_release(&base64);
}

/* --- signing ------------------------------------------------------------------------ */

static void
sign(struct send *s, const struct send_facts *facts)
{
    struct key_counter *counter = counter_of(s->sender, &s->tx);
    /* Above what the chain has seen, and above what we have used and it has not seen yet. */
    if (counter->last_nonce < facts->known.key.nonce)
        counter->last_nonce = facts->known.key.nonce;
    counter->last_nonce = nonces_take(s->sender->nonce_folder, s->sender->network, &s->tx,
                                      counter->last_nonce + 1);
    s->tx.nonce = counter->last_nonce;
    s->tx.block_hash = facts->block_hash;
    buf_clear(&s->bytes);
    tx_sign(&s->tx, s->key, &s->bytes, &s->hash);
    s->signatures++;
    s->is_signed = true;
}

static void
on_facts(void *context, enum err error, const struct send_facts *facts, const struct diag *d)
{
    struct send *s = context;
    struct diag why = {0};
    s->asking = NULL;
    if (!error)
        error = preflight_check(&s->tx, &facts->known, &why);
    if (error) {
        finish(s, error, why.code ? &why : d);
        return;
    }
    sign(s, facts);
    tell_signed(s);
    hand_over(s);
}

/* Money is asked for once: a second signature needs no more of it. */
static void
ask_for_facts(struct send *s)
{
    s->asking = send_facts_ask(&(struct send_facts_args){
        .rpc = s->sender->rpc,
        .signer = &s->tx.signer,
        .key = &s->tx.key,
        .with_money = s->args.checks_money && s->signatures == 0,
        .arena = &s->arena,
        .done = on_facts,
        .context = s,
    });
}

static struct action *
copy_actions(struct arena *arena, const struct action *actions, size_t count)
{
    /* What copies an event knows how deep an action is. */
    const struct event ev = {
        .kind = EVENT_TX,
        .transaction.view = {.actions = arena_copy(arena, actions, count * sizeof(*actions)),
                             .action_count = count}};
    return event_copy(arena, &ev)->transaction.view.actions;
}

struct send *
send_start(struct sender *sender, const struct send_args *args)
{
    struct send *s = xcalloc(1, sizeof(*s));
    s->sender = sender;
    s->args = *args;
    s->args.key = NULL;
    s->args.actions = NULL;
    s->key = secret_key_keep(args->key);
    arena_init(&s->arena);
    buf_init(&s->bytes, TX_MAX_BYTES + 256);
    s->timer = loop_timer_new(sender->loop, hand_over, s);
    retry_init(&s->retry, RESEND_FIRST_MS, RESEND_LONGEST_MS, RESEND_MOST);
    s->tx = (struct transaction){
        .signer = args->signer, .receiver = args->receiver,
        .key = secret_key_public(s->key),
        .actions = copy_actions(&s->arena, args->actions, args->action_count),
        .action_count = args->action_count};
    s->next = sender->first;
    if (s->next)
        s->next->previous = s;
    sender->first = s;
    ask_for_facts(s);
    return s;
}
