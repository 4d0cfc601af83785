/* Handing over: the same bytes, until somebody says what became of them. */
#include "net/send_private.h"

enum {
    RESEND_MOST = 12,           /* some minutes in all */
    DENIALS = 3,                /* in a row, by a gateway that let us ask for the key just before */
    RESEND_FIRST_MS = 500,
    RESEND_LONGEST_MS = 10000,
    PARAMS_MAX = TX_MAX_BYTES * 2 + 1024
};

void
send_hand_over_later(struct send *s, const struct rpc_reply *reply)
{
    uint64_t wait_ms;
    if (retry_next(&s->retry, reply->retry_after_ms, &wait_ms)) {
        loop_timer_start(s->timer, wait_ms, 0);
        return;
    }
    struct diag d = reply->diag;
    if (s->is_ambiguous)
        diag_prefix(&d, "given up, the transaction may still run");
    send_finish(s, s->is_ambiguous ? ERR_TIMEOUT : ERR_NET, &d);
}

static void
begin_again(struct send *s)
{
    retry_init(&s->retry, RESEND_FIRST_MS, RESEND_LONGEST_MS, RESEND_MOST);
}

void
send_hand_over_again(struct send *s)
{
    if (s->request || s->doubt.is_open || loop_timer_is_active(s->timer))
        return;
    s->is_ambiguous = true;
    begin_again(s);
    loop_timer_start(s->timer, 0, 0);
}

/* Where a node lets go of it without a word, or is no way to the signer's shard, the same bytes go
 * on by another one. False: all have had it. */
static bool
pass_on(struct send *s, const struct rpc_reply *reply)
{
    uint32_t all = rpc_all_endpoints(s->sender->rpc);
    if (reply->endpoint >= 0)
        s->asked |= UINT32_C(1) << reply->endpoint;
    bool is_another = (s->asked & all) != all;
    if (!is_another)
        s->asked = 0;
    return is_another;
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

static void
on_refusal(struct send *s, const struct rpc_reply *reply)
{
    const struct json *why = invalid_tx_error(reply->error);
    enum send_refusal kind = has_tag(why, "Expired")        ? REFUSED_EXPIRED
                             : has_tag(why, "InvalidNonce") ? REFUSED_NONCE
                                                            : REFUSED_OTHERWISE;
    if (has_tag(why, "ShardCongested") || has_tag(why, "ShardStuck")) {
        send_hand_over_later(s, reply);
        return;
    }
    struct str json = send_keep_json(s, json_find(reply->error, "data"));
    if (kind == REFUSED_EXPIRED && send_anew_for_block(s, &reply->diag, json))
        return;
    if (s->is_ambiguous || kind != REFUSED_OTHERWISE) {
        s->retry.tries /= 2;        /* it answers: no need to wait as for one that does not */
        send_doubt(s, kind, &reply->diag, json);
    } else {
        send_finish_refused(s, &reply->diag, json);
    }
}

static void
on_handed(void *context, const struct rpc_reply *reply)
{
    struct send *s = context;
    struct diag d = {0};
    s->request = NULL;
    if (reply->fault != RPC_DENIED)
        s->denials = 0;
    switch (reply->fault) {
    case RPC_FINE:
        if (send_emit_status(s, send_hash(s), reply->result, &d)) {
            send_finish(s, OK, NULL);
            return;
        }
        s->is_ambiguous = true;
        send_hand_over_later(s, reply);
        return;
    case RPC_AMBIGUOUS:
    case RPC_GARBAGE:
        s->is_ambiguous = true;
        (void)pass_on(s, reply);
        send_hand_over_later(s, reply);
        return;
    case RPC_NOT_TRACKED:
        if (pass_on(s, reply)) {
            loop_timer_start(s->timer, 0, 0);
            return;
        }
        break;
    case RPC_UNREACHABLE:
    case RPC_SYNCING:
    case RPC_LIMITED: send_hand_over_later(s, reply); return;
    case RPC_INVALID_TRANSACTION: on_refusal(s, reply); return;
    case RPC_DENIED:
        if (++s->denials < DENIALS) {
            send_hand_over_later(s, reply);
            return;
        }
        break;
    case RPC_UNKNOWN_TRANSACTION:
    case RPC_UNKNOWN_RECEIPT:
    case RPC_UNKNOWN_BLOCK:
    case RPC_UNKNOWN_ACCOUNT:
    case RPC_UNKNOWN_KEY:
    case RPC_GONE:
    case RPC_BAD_REQUEST:
    case RPC_OTHER: break;
    }
    if (s->is_ambiguous)
        send_finish(s, ERR_TIMEOUT, &reply->diag);
    else
        send_finish_refused(s, &reply->diag, send_keep_json(s, reply->error));
}

/* INCLUDED is the earliest answer that tells refusals, and it does not wait for the run. */
void
send_hand_over(void *context)
{
    struct send *s = context;
    struct buf params, base64;
    struct json_writer w;
    buf_init(&params, PARAMS_MAX);
    buf_init(&base64, PARAMS_MAX);
    base64_encode(buf_str(&copies_current(&s->copies)->bytes), &base64);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_string(&w, "signed_tx_base64", buf_str(&base64));
    json_put_c(&w, "wait_until", "INCLUDED");
    json_write_object_end(&w);
    s->request = rpc_ask(s->sender->rpc, &(struct rpc_ask){
        .method = "send_tx", .params = buf_str(&params), .tries = RPC_ONCE, .avoid = s->asked,
        .done = on_handed, .context = s});
    buf_release(&params);
    buf_release(&base64);
    send_watch(s);
}

void
send_hand_over_first(struct send *s)
{
    begin_again(s);
    send_hand_over(s);
}
