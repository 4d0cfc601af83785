#include "net/send_private.h"

#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/nonces.h"
#include "net/send_part.h"

enum {
    BLOCK_TIME_MS = 600,
    SPREAD = 1000,              /* of nonces, among those who lost a race, */
    SPREAD_FIRST = 256          /* … and among those who have not met yet */
};

struct sender *
sender_new(struct loop *loop, struct rpc *rpc, event_fn emit, void *context)
{
    struct sender *sender = xcalloc(1, sizeof(*sender));
    *sender = (struct sender){.loop = loop, .rpc = rpc, .emit = emit, .context = context,
                              .block_ms = BLOCK_TIME_MS};
    return sender;
}

void
sender_set_block_time(struct sender *sender, uint32_t ms)
{
    sender->block_ms = ms;
}

void
sender_share_nonces(struct sender *sender, const char *folder, const char *chain)
{
    sender->nonce_folder = folder;
    sender->chain = chain;
}

void
sender_spread_nonces(struct sender *sender)
{
    sender->spreads_nonces = true;
}

bool
send_is_signed(const struct send *s)
{
    return s->copies.count > 0;
}

const struct hash *
send_hash(const struct send *s)
{
    return &copies_current(&s->copies)->hash;
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
    send_release_doubt(s);
    loop_timer_close(s->timer);
    secret_key_drop(s->key);
    arena_release(&s->arena);
    copies_release(&s->copies);
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
        if (send_is_signed(s) && !s->is_told && hash_equal(send_hash(s), tx))
            return true;
    }
    return false;
}

/* --- telling ------------------------------------------------------------------------ */

static struct event
event_of(const struct send *s, enum event_kind kind)
{
    return (struct event){.kind = kind, .source = SOURCE_RPC,
                          .seen_ns = clock_monotonic_ns(), .tx = *send_hash(s)};
}

static void
tell_signed(struct send *s)
{
    struct event ev = event_of(s, EVENT_TX);
    ev.transaction.view = s->tx;
    if (s->args.signed_)
        s->args.signed_(s->args.context, send_hash(s));
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

void
send_finish(struct send *s, enum err error, const struct diag *d)
{
    struct diag said = {.code = error};
    if (d)
        said = *d;
    rpc_cancel(s->request);
    s->request = NULL;
    loop_timer_stop(s->timer);
    send_end_doubt(s);
    if (!s->is_told)
        s->args.done(s->args.context, error, send_is_signed(s) ? send_hash(s) : NULL, &said);
    s->is_told = true;
    if (error) {
        free_send(s);
        return;
    }
    secret_key_drop(s->key);
    s->key = NULL;
}

void
send_finish_refused(struct send *s, const struct diag *d, struct str json)
{
    tell_refused(s, d, json);
    send_finish(s, ERR_REFUSED, d);
}

/* Of several copies with one nonce it is another one than the last that is in a block. */
static void
adopt(struct send *s, int index)
{
    struct diag d = {0};
    if (index < 0 || (unsigned)index == s->copies.current)
        return;
    (void)!diag_set(&d, ERR_REFUSED, "the same call, signed before with the same nonce, is in a "
                    "block: this copy will not run");
    tell_refused(s, &d, STR(""));
    s->copies.current = (unsigned)index;
    s->tx.nonce = copies_current(&s->copies)->nonce;
    s->tx.block_hash = copies_current(&s->copies)->block_hash;
    tell_signed(s);
}

static void
hear(struct send *s, int copy, const struct event *ev)
{
    enum tx_state state = ev->kind == EVENT_TX_STATE ? ev->tx_state.state : TX_UNSENT;
    bool has_run = ev->kind == EVENT_OUTCOME || ev->kind == EVENT_EXECUTED || state == TX_FINAL;
    if (has_run || state == TX_INCLUDED)
        adopt(s, copy);
    /* Its block may still be replaced, and then the bytes are needed once more. */
    if (s->is_told && state == TX_FINAL)
        free_send(s);
    else if (s->is_told && state == TX_UNOBSERVED && (unsigned)copy == s->copies.current)
        send_hand_over_again(s);
    /* One whose request is under way is told by its answer. */
    else if (!s->is_told && !s->request && (has_run || state == TX_INCLUDED))
        send_finish(s, OK, NULL);
}

/* Whose transaction that is, and which copy of it. */
static struct send *
find(struct sender *sender, const struct hash *tx, int *copy)
{
    struct send *s = sender->first;
    while (s && (*copy = copies_find(&s->copies, tx)) < 0)
        s = s->next;
    return s;
}

void
sender_heard(struct sender *sender, const struct event *ev)
{
    int copy;
    struct send *s = find(sender, &ev->tx, &copy);
    if (s)
        hear(s, copy, ev);
}

void
sender_forget(struct sender *sender, const struct hash *tx)
{
    int copy;
    struct send *s = find(sender, tx, &copy);
    if (s && s->is_told && (unsigned)copy == s->copies.current)
        free_send(s);
}

bool
send_emit_status(struct send *s, const struct hash *copy, const struct json *result,
                 struct diag *d)
{
    struct arena arena;
    struct event_list list;
    struct hash tx = *copy;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, clock_monotonic_ns());
    bool is_fine = decode_tx_status(result, &tx, &list, d) == OK;
    if (is_fine) {
        adopt(s, copies_find(&s->copies, &tx));
        event_list_emit(&list, s->sender->emit, s->sender->context);
    }
    event_list_release(&list);
    arena_release(&arena);
    return is_fine;
}

struct str
send_keep_json(struct send *s, const struct json *v)
{
    struct buf text;
    buf_init(&text, JSON_BYTES_MAX);
    if (v)
        json_print(v, &text);
    struct str kept = arena_str(&s->arena, buf_str(&text));
    buf_release(&text);
    return kept;
}

/* --- signing ------------------------------------------------------------------------ */

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

static uint64_t
random_below(uint32_t n)
{
    uint32_t number;
    random_bytes(&number, sizeof(number));
    return number % n;
}

static void
take_nonce(struct send *s, const struct send_facts *facts)
{
    struct key_counter *counter = counter_of(s->sender, &s->tx);
    /* Above what the chain has seen, and above what we have used and it has not seen yet. */
    if (counter->last_nonce < facts->known.key.nonce)
        counter->last_nonce = facts->known.key.nonce;
    /* Those who lost a race to the same nonce would all sign the next one, and lose again. */
    uint64_t jump = send_is_signed(s)           ? random_below(SPREAD)
                    : s->sender->spreads_nonces ? random_below(SPREAD_FIRST)
                                                : 0;
    counter->last_nonce = nonces_take(s->sender->nonce_folder, s->sender->chain, &s->tx,
                                      counter->last_nonce + 1 + jump);
    s->tx.nonce = counter->last_nonce;
}

static void
sign(struct send *s, const struct send_facts *facts)
{
    if (s->keeps_nonce) {
        struct diag why = s->doubt.refusal;
        diag_prefix(&why, "signed anew with the same nonce, so that one at most can run");
        tell_refused(s, &why, s->doubt.refusal_json);
    } else {
        take_nonce(s, facts);
    }
    s->keeps_nonce = false;
    s->tx.block_hash = facts->block_hash;
    copies_sign(&s->copies, &s->tx, s->key);
    tell_signed(s);
    send_hand_over_first(s);
}

/* It cannot be signed anew, for want of facts: then the word about the last copy stands. */
static void
finish_unsigned(struct send *s, const struct diag *why)
{
    struct diag refusal = s->doubt.refusal;
    if (s->is_ambiguous)
        send_finish(s, ERR_TIMEOUT, why);
    else
        send_finish_refused(s, &refusal, s->doubt.refusal_json);
}

static void
on_facts(void *context, enum err error, const struct send_facts *facts, const struct diag *d)
{
    struct send *s = context;
    struct diag why = {0};
    s->asking = NULL;
    if (!error && s->args.checks_place)
        error = preflight_check_place(&s->args.place, &facts->known, &why);
    if (!error && facts->known.chain_id[0])
        s->sender->knows_place = true;
    if (!error)
        error = preflight_check(&s->tx, &facts->known, &why);
    struct diag refusal = s->doubt.refusal;
    bool is_unanswered = (error == ERR_NET || error == ERR_TIMEOUT) && !why.code;
    if (is_unanswered && s->keeps_nonce)
        /* The same bytes are refused again, and then it is asked again. */
        send_hand_over_later(s, &(struct rpc_reply){.retry_after_ms = -1, .diag = *d});
    else if (error && s->keeps_nonce)
        finish_unsigned(s, why.code ? &why : d);
    else if (error)
        send_finish(s, error, why.code ? &why : d);
    else if (s->keeps_nonce && facts->known.key.nonce >= s->tx.nonce)
        /* By a copy, perhaps. */
        send_doubt(s, REFUSED_NONCE, &refusal, s->doubt.refusal_json);
    else if (s->keeps_nonce && hash_equal(&facts->block_hash, &s->tx.block_hash))
        /* There is no newer block yet: it would be the same bytes. */
        send_hand_over_later(s, &(struct rpc_reply){.retry_after_ms = -1, .diag = refusal});
    else
        sign(s, facts);
}

/* Money is asked for once: a second signature needs no more of it. */
static void
ask_for_facts(struct send *s)
{
    s->asking = send_facts_ask(&(struct send_facts_args){
        .rpc = s->sender->rpc,
        .signer = &s->tx.signer,
        .key = &s->tx.key,
        .with_money = s->args.checks_money && !send_is_signed(s),
        .with_chain = s->args.checks_place && !s->sender->knows_place,
        .arena = &s->arena,
        .done = on_facts,
        .context = s,
    });
}

static bool
may_sign(const struct send *s)
{
    return s->key && s->copies.count < COPIES_MAX;
}

bool
send_anew_for_block(struct send *s, const struct diag *d, struct str json)
{
    if (!may_sign(s))
        return false;
    loop_timer_stop(s->timer);
    send_end_doubt(s);
    s->doubt.refusal = *d;
    s->doubt.refusal_json = json;
    s->keeps_nonce = true;
    ask_for_facts(s);
    return true;
}

void
send_anew(struct send *s, const struct diag *d, struct str json)
{
    struct diag why = *d;
    s->keeps_nonce = false;
    /* Without a key, which goes when it is in a block, nothing can be signed. */
    if (!may_sign(s)) {
        if (s->is_told)
            diag_prefix(&why, "the block that had it is gone, and then");
        send_finish_refused(s, &why, json);
        return;
    }
    rpc_cancel(s->request);
    s->request = NULL;
    loop_timer_stop(s->timer);
    send_forget_doubt(s);
    s->is_ambiguous = false;
    diag_prefix(&why, "signed anew");
    tell_refused(s, &why, json);
    ask_for_facts(s);
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
    s->timer = loop_timer_new(sender->loop, send_hand_over, s);
    s->tx = (struct transaction){
        .signer = args->signer, .receiver = args->receiver,
        .key = secret_key_public(s->key),
        .actions = event_keep_actions(&s->arena, args->actions, args->action_count),
        .action_count = args->action_count};
    s->next = sender->first;
    if (s->next)
        s->next->previous = s;
    sender->first = s;
    ask_for_facts(s);
    return s;
}
