/* Whether what was handed over can still run.
 *
 * A transaction whose nonce another one of the same key took never runs. That is certain when the
 * key's nonce in a final block has reached it and nodes that know that block do not know the
 * transaction: a refusal alone is one node's view of a block that may be replaced, and may even be
 * of the very transaction that has just run. Likewise when its block hash has expired. */
#include "net/near/base58.h"
#include "net/send_private.h"

enum {
    WATCH_BLOCKS = 4,           /* one of them includes it, and the node says so; later twice as many */
    WATCH_TWICE_MOST = 3,
    ROUNDS_MOST = 24,           /* a block each: that which a refusal speaks of becomes final */
    CHECKS_A_BLOCK = 2,
    /* "Never heard of it", before it is believed: of what a node refused at once; of what a node
     * may have. Not every node behind an address is as far as the one that told of the key. */
    CHECKS = 3,
    CHECKS_AMBIGUOUS = 8,
    TRIES_MOST = 10,            /* in a row, of a check that is not answered */
    TRY_LONGEST_MS = 5000,
    PARAMS_MAX = 512
};

static void ask(void *send);
static void check(struct send *s);

static void
ask_in(struct send *s, uint64_t ms)
{
    if (!s->doubt.timer)
        s->doubt.timer = loop_timer_new(s->sender->loop, ask, s);
    loop_timer_start(s->doubt.timer, ms, 0);
}

void
send_watch(struct send *s)
{
    if (s->doubt.is_open || s->is_told)
        return;
    unsigned twice = s->doubt.rounds < WATCH_TWICE_MOST ? s->doubt.rounds : WATCH_TWICE_MOST;
    ask_in(s, ((uint64_t)s->sender->block_ms * WATCH_BLOCKS) << twice);
}

void
send_end_doubt(struct send *s)
{
    struct send_doubt *d = &s->doubt;
    bool was_open = d->is_open;
    if (d->timer)
        loop_timer_stop(d->timer);
    rpc_cancel(d->check);
    d->check = NULL;
    d->is_open = false;
    d->why = NOT_REFUSED;
    if (was_open) {
        send_facts_cancel(s->asking);
        s->asking = NULL;
    }
}

void
send_forget_doubt(struct send *s)
{
    send_end_doubt(s);
    s->doubt.rounds = 0;
    s->doubt.refusal = (struct diag){0};
    s->doubt.refusal_json = STR("");
}

void
send_release_doubt(struct send *s)
{
    rpc_cancel(s->doubt.check);
    loop_timer_close(s->doubt.timer);
}

void
send_doubt(struct send *s, enum send_refusal why, const struct diag *refusal, struct str json)
{
    struct send_doubt *d = &s->doubt;
    d->refusal = *refusal;
    d->refusal_json = json;
    d->why = why;
    /* What was asked since nobody spoke of it goes on. */
    if (!d->is_open)
        ask(s);
}

/* --- is it known? ------------------------------------------------------------------------- */

static void
give_up(struct send *s)
{
    struct diag d = s->doubt.refusal;
    diag_prefix(&d, "given up, the transaction may still run");
    send_finish(s, ERR_TIMEOUT, &d);
}

/* The node cannot tell now. Does it go on like that: as if it had not answered the sending. */
static void
try_later(struct send *s, const struct rpc_reply *reply)
{
    uint64_t wait_ms;
    if (retry_next(&s->doubt.retry, reply->retry_after_ms, &wait_ms)) {
        ask_in(s, wait_ms);
        return;
    }
    bool is_refused = s->doubt.why != NOT_REFUSED;
    send_end_doubt(s);
    if (is_refused)
        send_hand_over_later(s, reply);
    else
        send_watch(s);
}

/* A node may be behind the one that ran it: all have to say so, and more than once; of one that
 * never answers nothing can be learnt. */
static bool
is_surely_unknown(struct send *s)
{
    struct send_doubt *d = &s->doubt;
    uint32_t all = rpc_all_endpoints(s->sender->rpc);
    unsigned checks = s->is_ambiguous || d->why == NOT_REFUSED ? CHECKS_AMBIGUOUS : CHECKS;
    d->checks++;
    bool is_denied = copies_are_unknown_by(&s->copies, all);
    return d->checks >= checks && (is_denied || d->checks >= 2 * checks);
}

/* What was refused for another reason might be taken later: it is not signed again. */
static void
be_lost(struct send *s)
{
    struct diag why = s->doubt.refusal;
    if (!why.code)
        diag_set(&why, ERR_REFUSED, "another transaction of the same key took the nonce %llu",
                 (unsigned long long)s->tx.nonce);
    if (s->doubt.why == REFUSED_OTHERWISE)
        send_finish_refused(s, &why, s->doubt.refusal_json);
    else
        send_anew(s, &why, s->doubt.refusal_json);
}

/* It was refused by all who got it from us, and is in a block. */
static void
finish_found(struct send *s)
{
    struct diag note = {0};
    if (s->doubt.why == REFUSED_NONCE && !s->is_ambiguous && s->copies.count == 1)
        (void)!diag_set(&note, OK, "these very bytes were in a block already: another program "
                        "with the same key made the same call at the same time, or they came "
                        "twice on the way. They run once");
    send_finish(s, OK, &note);
}

static void
on_check(void *context, const struct rpc_reply *reply)
{
    struct send *s = context;
    struct diag d = {0};
    struct hash asked = copies_to_ask(&s->copies)->hash;
    s->doubt.check = NULL;
    if (reply->fault == RPC_UNKNOWN_TRANSACTION)
        retry_succeeded(&s->doubt.retry);
    if (reply->fault == RPC_FINE && send_emit_status(s, &asked, reply->result, &d)) {
        finish_found(s);
    } else if (reply->fault != RPC_UNKNOWN_TRANSACTION) {
        try_later(s, reply);
    } else if (!copies_unknown(&s->copies, reply->endpoint)) {
        check(s);
    } else if (is_surely_unknown(s)) {
        be_lost(s);
    } else {
        ask_in(s, s->sender->block_ms / CHECKS_A_BLOCK + 1);
    }
}

static void
check(struct send *s)
{
    char text[HASH_TEXT];
    struct buf params;
    struct json_writer w;
    const struct copy *copy = copies_to_ask(&s->copies);
    buf_init(&params, PARAMS_MAX);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_c(&w, "tx_hash", hash_text(&copy->hash, text));
    json_put_c(&w, "sender_account_id", s->tx.signer.s);
    json_put_c(&w, "wait_until", "NONE");
    json_write_object_end(&w);
    s->doubt.check = rpc_ask(s->sender->rpc, &(struct rpc_ask){
        .method = "tx", .params = buf_str(&params), .tries = 1, .avoid = copy->unknown_by,
        .done = on_check, .context = s});
    buf_release(&params);
}

/* --- has its nonce been reached? ---------------------------------------------------------- */

/* Not in a final block: the one that refused it has seen more, or was wrong. */
static void
on_not_reached(struct send *s)
{
    bool is_refused = s->doubt.why != NOT_REFUSED;
    if (is_refused && s->doubt.rounds >= ROUNDS_MOST) {
        give_up(s);
        return;
    }
    send_end_doubt(s);
    if (is_refused)
        loop_timer_start(s->timer, s->sender->block_ms, 0);
    else
        send_watch(s);
}

static void
on_key(void *context, enum err error, const struct send_facts *facts, const struct diag *d)
{
    struct send *s = context;
    (void)d;
    s->asking = NULL;
    bool is_known = !error && facts->known.has_key;
    if (is_known && facts->known.key.nonce >= s->tx.nonce) {
        check(s);
    } else {
        on_not_reached(s);
    }
}

static void
ask(void *context)
{
    struct send *s = context;
    struct send_doubt *d = &s->doubt;
    /* One thing at a time: the time may have been set before a refusal came. */
    if ((s->is_told && d->why == NOT_REFUSED) || d->check || s->asking)
        return;
    if (d->is_open) {
        check(s);
        return;
    }
    d->is_open = true;
    d->rounds++;
    d->checks = 0;
    copies_begin_asking(&s->copies);
    retry_init(&d->retry, s->sender->block_ms / CHECKS_A_BLOCK + 1, TRY_LONGEST_MS, TRIES_MOST);
    /* Of these, the key says nothing. */
    if (d->why == REFUSED_EXPIRED || d->why == REFUSED_OTHERWISE) {
        check(s);
        return;
    }
    s->asking = send_facts_ask(&(struct send_facts_args){
        .rpc = s->sender->rpc, .signer = &s->tx.signer, .key = &s->tx.key, .arena = &s->arena,
        .done = on_key, .context = s});
}
